//! What somebody does to an application, and by which rules.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use super::{ConsentId, Purpose, Receipt, Signed};
use crate::eds::Iin;

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person who signed in with their own certificate.
    Person(Iin),
    /// The service itself, when a time has come.
    Clock,
}

/// Why an owner says no.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DeclineReason {
    /// The owner does not agree, and need not say why.
    NotAgreed,
    /// The owner does not know the person.
    UnknownPerson,
    /// The dwelling is not the owner's.
    NotMyDwelling,
}

/// Why the service cannot register although everybody agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Grounds {
    /// The dwelling has other owners than those who were asked.
    OwnersChanged,
    /// A signature that held when it was given holds no more: its certificate
    /// turned out to be revoked before.
    SignatureVoid,
    /// The resident already has a registration for some of these days.
    AlreadyRegistered,
}

/// The times that the law leaves to the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How long an answer is awaited: the resident's signature under a draft,
    /// each owner's consent, and the service's own last step.
    pub answer_window: TimeDelta,
    /// How long evidence about a received signature is looked for before the
    /// signature is refused.
    pub evidence_window: TimeDelta,
}

impl Default for Rules {
    /// 72 and 24 hours; no public text names a deadline.
    fn default() -> Self {
        Self {
            answer_window: TimeDelta::hours(72),
            evidence_window: TimeDelta::hours(24),
        }
    }
}

/// What was found when all signatures were checked again.
#[derive(Clone, Debug)]
pub struct Recheck<'a> {
    /// The owners by the register, now.
    pub owners: &'a BTreeSet<Iin>,
    /// The resident's signature.
    pub resident: Signed<'a>,
    /// Each owner's signature.
    pub consents: Vec<(ConsentId, Signed<'a>)>,
}

/// What somebody does to an application.
#[derive(Clone, Debug)]
pub enum Act<'a> {
    /// A signature is acknowledged whose evidence is still to come.
    Receive(Receipt<'a>),
    /// The resident signs the application.
    Sign(Signed<'a>),
    /// An owner consents.
    Consent(ConsentId, Signed<'a>),
    /// The evidence shows that the signature that was received for this purpose
    /// does not count, or there was none in time.
    Discard(Purpose),
    /// An owner says no.
    Decline(ConsentId, DeclineReason),
    /// The resident takes it back.
    Withdraw,
    /// The time for an answer is over.
    Lapse,
    /// Everything still holds: register.
    Register(Recheck<'a>),
    /// Something holds no more: refuse.
    Refuse(Grounds),
}
