//! The workflow: every way an application can go, in one `match`.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use super::{Answer, Application, ConsentId, Purpose, Signed, Unproven};
use crate::eds::Iin;

/// Where an application stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// Written, not yet signed by the resident.
    Draft,
    /// Signed by the resident; the owners are asked.
    AwaitingConsent,
    /// Every owner has consented; the registration is about to be written.
    Consented,
    /// The registration is written. Final.
    Registered,
    /// An owner said no. Final.
    Declined,
    /// The resident took it back. Final.
    Withdrawn,
    /// The time for an answer ran out. Final.
    Lapsed,
    /// The service cannot register; the grounds say why. Final.
    Refused,
}

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
}

impl Default for Rules {
    /// 72 hours; no public text names a deadline.
    fn default() -> Self {
        Self {
            answer_window: TimeDelta::hours(72),
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
    /// The resident signs the application.
    Sign(Signed<'a>),
    /// An owner consents.
    Consent(ConsentId, Signed<'a>),
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

/// Why an act is not possible.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Refused {
    /// No such act in this state.
    #[error("the application does not allow this in its present state")]
    OutOfTurn(State),
    /// The time for it is over.
    #[error("the time for an answer is over")]
    TooLate,
    /// The time for it has not come.
    #[error("the time for an answer is not over")]
    TooEarly,
    /// The act is somebody else's.
    #[error("only the person who is asked may answer")]
    NotYours,
    /// The owner has answered already; an answer is given once.
    #[error("this owner has answered already")]
    Answered,
    /// The signature does not prove what is needed.
    #[error(transparent)]
    Unproven(#[from] Unproven),
    /// Not exactly one proven consent for each owner.
    #[error("a consent is missing")]
    Incomplete,
    /// Other owners than those who were asked.
    #[error("the owners of the dwelling have changed")]
    OwnersChanged,
}

impl State {
    /// Whether nothing can happen any more.
    pub fn is_final(self) -> bool {
        match self {
            Self::Draft | Self::AwaitingConsent | Self::Consented => false,
            Self::Registered | Self::Declined | Self::Withdrawn | Self::Lapsed | Self::Refused => {
                true
            }
        }
    }
}

impl Application {
    /// The event with which an application begins.
    pub fn drafted(&self) -> Event {
        Event {
            version: self.version,
            kind: EventKind::Drafted,
            state: self.state,
            actor: Actor::Person(self.resident.iin.clone()),
            at: self.created_at,
        }
    }

    /// The application after `act` by `actor` at `now`.
    ///
    /// # Errors
    /// [`Refused`] for everything that the table below does not list, and for
    /// an act whose proof is missing or whose time is over or has not come.
    pub fn after(
        &self,
        actor: &Actor,
        act: Act<'_>,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Step, Refused> {
        let (next, state, kind) = match (self.state, act) {
            (State::Draft, Act::Sign(signed)) => {
                self.by_resident(actor)?;
                let next = self.signed(signed, rules, now)?;
                let state = next.agreed_or_awaiting();
                (next, state, EventKind::Signed)
            }
            (State::AwaitingConsent, Act::Consent(id, signed)) => {
                self.by_owner(id, actor)?;
                let next = self.consented(id, signed, rules, now)?;
                let state = next.agreed_or_awaiting();
                (next, state, EventKind::ConsentGiven)
            }
            (State::AwaitingConsent, Act::Decline(id, reason)) => {
                self.by_owner(id, actor)?;
                let next = self.declined(id, reason, now)?;
                (next, State::Declined, EventKind::ConsentDeclined)
            }
            (State::Draft | State::AwaitingConsent | State::Consented, Act::Withdraw) => {
                self.by_resident(actor)?;
                (self.clone(), State::Withdrawn, EventKind::Withdrawn)
            }
            (State::Draft | State::AwaitingConsent | State::Consented, Act::Lapse) => {
                by_clock(actor)?;
                self.out_of_time(now)?;
                (self.clone(), State::Lapsed, EventKind::Lapsed)
            }
            (State::Consented, Act::Register(recheck)) => {
                by_clock(actor)?;
                self.still_proven(&recheck)?;
                (self.clone(), State::Registered, EventKind::Registered)
            }
            (State::Consented, Act::Refuse(grounds)) => {
                by_clock(actor)?;
                (self.refused(grounds), State::Refused, EventKind::Refused)
            }
            (state, _) => return Err(Refused::OutOfTurn(state)),
        };
        Ok(next.arrive(state, kind, actor, now))
    }

    fn signed(
        &self,
        signed: Signed<'_>,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Self, Refused> {
        self.awaits(Purpose::Application, now)?;
        signed.proves(&self.resident.iin, Purpose::Application, now)?;
        let mut next = self.clone();
        next.deadline = now + rules.answer_window;
        Ok(next)
    }

    fn consented(
        &self,
        id: ConsentId,
        signed: Signed<'_>,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Self, Refused> {
        self.awaits(Purpose::Consent(id), now)?;
        signed.proves(self.owner_asked(id)?, Purpose::Consent(id), now)?;
        let mut next = self.answered(id, Answer::Given(now));
        if next.is_agreed() {
            // From here the service owes the next step, not a person.
            next.deadline = now + rules.answer_window;
        }
        Ok(next)
    }

    fn declined(
        &self,
        id: ConsentId,
        reason: DeclineReason,
        now: DateTime<Utc>,
    ) -> Result<Self, Refused> {
        self.awaits(Purpose::Consent(id), now)?;
        Ok(self.answered(id, Answer::Declined(now, reason)))
    }

    fn answered(&self, id: ConsentId, answer: Answer) -> Self {
        let mut next = self.clone();
        for consent in &mut next.consents {
            if consent.id == id {
                consent.answer = answer;
            }
        }
        next
    }

    fn refused(&self, grounds: Grounds) -> Self {
        Self {
            grounds: Some(grounds),
            ..self.clone()
        }
    }

    fn agreed_or_awaiting(&self) -> State {
        if self.is_agreed() {
            State::Consented
        } else {
            State::AwaitingConsent
        }
    }

    fn arrive(mut self, state: State, kind: EventKind, actor: &Actor, now: DateTime<Utc>) -> Step {
        self.state = state;
        self.version += 1;
        // A clock that was stepped back must not put a history out of order.
        self.changed_at = now.max(self.changed_at);
        let event = Event {
            version: self.version,
            kind,
            state,
            actor: actor.clone(),
            at: self.changed_at,
        };
        Step {
            application: self,
            event,
        }
    }

    fn by_resident(&self, actor: &Actor) -> Result<(), Refused> {
        let resident = Actor::Person(self.resident.iin.clone());
        (*actor == resident).then_some(()).ok_or(Refused::NotYours)
    }

    fn owner_asked(&self, id: ConsentId) -> Result<&Iin, Refused> {
        let consent = self.consent(id).ok_or(Refused::NotYours)?;
        Ok(&consent.owner)
    }

    fn by_owner(&self, id: ConsentId, actor: &Actor) -> Result<(), Refused> {
        let owner = Actor::Person(self.owner_asked(id)?.clone());
        (*actor == owner).then_some(()).ok_or(Refused::NotYours)
    }

    pub(super) fn in_time(&self, now: DateTime<Utc>) -> Result<(), Refused> {
        (now <= self.deadline).then_some(()).ok_or(Refused::TooLate)
    }

    fn out_of_time(&self, now: DateTime<Utc>) -> Result<(), Refused> {
        (now > self.deadline).then_some(()).ok_or(Refused::TooEarly)
    }

    /// Every signature proves what it proved when it was given: each owner of
    /// today's register but the resident by exactly one consent.
    fn still_proven(&self, recheck: &Recheck<'_>) -> Result<(), Refused> {
        if !self.is_owned_by(recheck.owners) {
            return Err(Refused::OwnersChanged);
        }
        let signed = recheck.resident;
        signed.proves(
            &self.resident.iin,
            Purpose::Application,
            signed.proof.signed_at(),
        )?;
        let mut proven = BTreeSet::new();
        for (id, signed) in &recheck.consents {
            let owner = self.owner_asked(*id)?;
            signed.proves(owner, Purpose::Consent(*id), signed.proof.signed_at())?;
            proven.insert(owner);
        }
        let complete = proven.len() == self.consents.len() && self.is_agreed();
        complete.then_some(()).ok_or(Refused::Incomplete)
    }
}

fn by_clock(actor: &Actor) -> Result<(), Refused> {
    (*actor == Actor::Clock)
        .then_some(())
        .ok_or(Refused::NotYours)
}

#[cfg(test)]
mod tests;
