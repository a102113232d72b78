//! What happened to an application.

use chrono::{DateTime, Utc};
use serde::Serialize;
use strum::{EnumString, IntoStaticStr};

use super::{Actor, Application, State};

/// An application after a step, and what happened in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The application as it now stands.
    pub application: Application,
    /// What happened.
    pub event: Event,
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
    /// When.
    pub at: DateTime<Utc>,
}

/// What can happen to an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum EventKind {
    /// The resident wrote it.
    Drafted,
    /// A signature was acknowledged whose evidence is still to come.
    SignatureReceived,
    /// The signature that was acknowledged does not count.
    SignatureRefused,
    /// The resident signed it.
    Signed,
    /// An owner consented.
    ConsentGiven,
    /// An owner said no.
    ConsentDeclined,
    /// The resident took it back.
    Withdrawn,
    /// Its time ran out.
    Lapsed,
    /// The registration was written.
    Registered,
    /// The service refused it.
    Refused,
}
