//! What happened to an application.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Serialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::{Actor, Application, Consent, RegistrationId, State};

/// An application after a step, and what happened in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The application as it now stands.
    pub application: Application,
    /// What happened.
    pub event: Event,
    /// The answer that was given in it, if one was: also to a question that is
    /// decided by it and stands nowhere any more.
    pub answer: Option<Consent>,
}

/// One line of an application's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The version of the application that it led to.
    pub version: i64,
    /// What happened.
    pub kind: EventKind,
    /// The state it led to.
    pub state: State,
    /// Who acted.
    pub actor: Actor,
    /// The registration that it was about, when it was about one.
    pub registration: Option<RegistrationId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// In which rounds of an application the parties were asked, by all that happened
/// to it, oldest first: those of an edition that was signed. Of any other round no
/// party has heard.
pub fn rounds_asked(kinds: impl IntoIterator<Item = EventKind>) -> BTreeSet<i32> {
    let (mut round, mut signed, mut asked) = (1, false, BTreeSet::new());
    for kind in kinds {
        match kind {
            EventKind::Signed => signed = true,
            EventKind::Edited => (round, signed) = (round + 1, false),
            EventKind::OwnersChanged => round += 1,
            EventKind::Drafted
            | EventKind::Attested
            | EventKind::SignatureReceived
            | EventKind::SignatureRefused
            | EventKind::ConsentGiven
            | EventKind::ConsentDeclined
            | EventKind::ConsentTakenBack
            | EventKind::Reminded
            | EventKind::Withdrawn
            | EventKind::Lapsed
            | EventKind::Registered
            | EventKind::Refused
            | EventKind::RemovalDemanded
            | EventKind::RemovalConfirmed
            | EventKind::RemovalDropped
            | EventKind::RemovalWithdrawn
            | EventKind::Removed
            | EventKind::Left
            | EventKind::Expired
            | EventKind::Replaced
            | EventKind::Annulled
            | EventKind::Discontinued => {}
        }
        if signed {
            asked.insert(round);
        }
    }
    asked
}

/// What can happen to an application.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, EnumString, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum EventKind {
    /// The applicant wrote it.
    Drafted,
    /// The applicant wrote it anew.
    Edited,
    /// The operator said what was seen and checked.
    Attested,
    /// A signature was acknowledged whose evidence is still to come.
    SignatureReceived,
    /// The signature that was acknowledged does not count.
    SignatureRefused,
    /// The applicant signed it.
    Signed,
    /// A party consented.
    ConsentGiven,
    /// A party said no.
    ConsentDeclined,
    /// A party took a consent back.
    ConsentTakenBack,
    /// Others are to be asked than those who were: a new round begins.
    OwnersChanged,
    /// Those who have not signed or answered, or whose registration is about to end, were
    /// reminded: of what is demanded of a registration, where it is about one.
    Reminded,
    /// The applicant took it back.
    Withdrawn,
    /// Its time ran out.
    Lapsed,
    /// The registration was written.
    Registered,
    /// The service refused it.
    Refused,
    /// An owner demanded the end of a registration; the other owners are asked.
    RemovalDemanded,
    /// Another owner confirmed it.
    RemovalConfirmed,
    /// Another owner did not, or not in time: the registration stands.
    RemovalDropped,
    /// The owner who demanded it took the demand back: the registration stands.
    RemovalWithdrawn,
    /// An owner ended a registration.
    Removed,
    /// The resident ended a registration.
    Left,
    /// The last day is over.
    Expired,
    /// A newer registration took the place of this one.
    Replaced,
    /// The state register did not take a registration.
    Annulled,
    /// The registration that this one continued ended before its last day.
    Discontinued,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn asked(kinds: &[EventKind], expected: &[i32]) {
        let rounds = rounds_asked(kinds.iter().copied());
        assert_eq!(rounds, BTreeSet::from_iter(expected.iter().copied()));
    }

    #[test]
    fn a_round_counts_as_asked_once_its_edition_was_signed() {
        use EventKind::{ConsentGiven, Drafted, Edited, OwnersChanged, Signed};
        asked(&[Drafted], &[]);
        asked(&[Drafted, Edited], &[]);
        asked(&[Drafted, Signed], &[1]);
        asked(&[Drafted, Edited, Signed], &[2]);
        asked(&[Drafted, Signed, Edited], &[1]);
        asked(
            &[Drafted, Signed, ConsentGiven, Edited, Edited, Signed],
            &[1, 3],
        );
        // Other owners are asked without a new signature.
        asked(&[Drafted, Signed, OwnersChanged], &[1, 2]);
        asked(&[Drafted, Signed, OwnersChanged, Edited], &[1, 2]);
    }
}
