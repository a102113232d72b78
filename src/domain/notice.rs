//! Whom a step or an invitation concerns, and what they are told of it.
//!
//! Who acted is not told of what they did. Nobody but the applicant is told
//! anything before the applicant has signed, and the applicant hears of the
//! parties' answers by counts, never by names.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::{
    Address, Application, Event, EventKind, Grounds, Holder, RegistrationId, Signatory, State,
};
use crate::eds::Iin;

mod stating;
mod telling;

/// What one of those whom a step concerns is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Who is told: one person, or those who may sign in this place.
    pub to: Signatory,
    /// What happened.
    pub topic: Topic,
    /// The registration that it is about, when it is about one.
    pub registration: Option<RegistrationId>,
    /// What the text says beside it, as it is now.
    pub facts: Facts,
}

/// What people are told.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Topic {
    /// Your consent is asked for.
    Asked,
    /// It is asked for anew: what you answered before is void.
    AskedAnew,
    /// You are named among those who are to be registered.
    Named,
    /// The application is being written anew: what was agreed to is void.
    Edited,
    /// By the registers your consent is not needed any more.
    NoLongerAsked,
    /// By the registers others are asked than before.
    OwnersChanged,
    /// Your signature was acknowledged and waits for its evidence.
    EvidenceAwaited,
    /// The evidence has come: your signature counts.
    SignatureCounts,
    /// Your signature does not count: sign again.
    SignatureRefused,
    /// So many of those who are asked have consented.
    SomeConsented,
    /// All have.
    AllConsented,
    /// One of them said no; the application is over.
    Declined,
    /// A consent was taken back; the application is over.
    TakenBack,
    /// Your answer is still awaited.
    AnswerDue,
    /// Answers of others are.
    AnswersMissing,
    /// You have drafted an application and not signed it.
    SignatureDue,
    /// You are asked to confirm the end of a registration, and have not answered.
    ConfirmationDue,
    /// The applicant took the application back.
    Withdrawn,
    /// The time for an answer ran out.
    Lapsed,
    /// The registration was written.
    Registered,
    /// The service refused it.
    Refused,
    /// An owner demands the end of a registration.
    RemovalDemanded,
    /// You are asked to confirm that.
    ConfirmationAsked,
    /// So many have confirmed your demand.
    RemovalConfirmed,
    /// It was not confirmed: the registration stands.
    RemovalDropped,
    /// The owner took the demand back: the registration stands.
    RemovalWithdrawn,
    /// The owners ended a registration.
    Removed,
    /// The resident did.
    Left,
    /// A registration ends in so many days.
    EndsSoon,
    /// Its last day is over.
    Expired,
    /// A newer one took its place.
    Replaced,
    /// The state register did not take it.
    Annulled,
    /// The one that it continued ended before its last day.
    Discontinued,
    /// An owner invites you to apply.
    Invited,
    /// The person whom you invited has drafted an application by it.
    InvitationUsed,
    /// Nobody used your invitation in time.
    InvitationExpired,
    /// The owner took the invitation to you back.
    InvitationCancelled,
    /// The person whom you invited said no.
    InvitationDeclined,
}

/// What the text of a notice says beside its topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Name of the applicant; empty where nobody has applied yet.
    pub applicant: String,
    /// Names of the residents whom it is about. An invitation names nobody: who
    /// invites knows a number, and learns from it no name that the register has.
    pub residents: Vec<String>,
    /// Where.
    pub address: Address,
    /// First day of the registration.
    pub starts_on: NaiveDate,
    /// Last day, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<NaiveDate>,
    /// How many days are left to it, today among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
    /// How many are asked.
    pub asked: usize,
    /// How many of them have agreed.
    pub given: usize,
    /// Until when an answer is awaited.
    pub until: DateTime<Utc>,
    /// Why the service refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grounds: Option<Grounds>,
}

/// Who has a part in what becomes of a registration, by the registers of today.
#[derive(Clone, Debug, Default)]
pub struct Concerned {
    /// Those who own the dwelling, where [`is_for_owners`] asks for them: whoever sold
    /// it has no part in who lives there, and whoever bought it has.
    pub owners: BTreeSet<Holder>,
    /// The legal representatives of each resident who cannot act alone, where
    /// [`is_for_representatives`] asks for them.
    pub representatives: BTreeMap<Iin, BTreeSet<Iin>>,
}

/// What is told of a step, to each at most one thing: the application before it,
/// unless it is the first, and after it, and who else has a part in it today.
pub fn notices(
    (before, after): (Option<&Application>, &Application),
    event: &Event,
    concerned: &Concerned,
) -> Vec<Notice> {
    telling::Telling::new((before, after), event, concerned).notices()
}

/// Whether it is told to those who speak for the residents today: they may have been
/// others, or nobody, when it was applied for.
pub fn is_for_representatives(event: &Event) -> bool {
    is_for_owners(event) || event.kind == EventKind::RemovalDemanded
}

/// Whether it is told to those who own the dwelling today.
pub fn is_for_owners(event: &Event) -> bool {
    match event.kind {
        EventKind::Reminded => event.state == State::Registered,
        EventKind::RemovalDropped
        | EventKind::RemovalWithdrawn
        | EventKind::Removed
        | EventKind::Left
        | EventKind::Expired
        | EventKind::Replaced
        | EventKind::Annulled
        | EventKind::Discontinued => true,
        EventKind::Drafted
        | EventKind::Edited
        | EventKind::Attested
        | EventKind::SignatureReceived
        | EventKind::SignatureRefused
        | EventKind::Signed
        | EventKind::ConsentGiven
        | EventKind::ConsentDeclined
        | EventKind::ConsentTakenBack
        | EventKind::OwnersChanged
        | EventKind::Withdrawn
        | EventKind::Lapsed
        | EventKind::Registered
        | EventKind::Refused
        | EventKind::RemovalDemanded
        | EventKind::RemovalConfirmed => false,
    }
}
