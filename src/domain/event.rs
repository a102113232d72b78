//! What happened to an application.

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
    /// Those who have not answered, or whose registration is about to end, were
    /// reminded.
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
}
