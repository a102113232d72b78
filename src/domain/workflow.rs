//! The workflow: every way an application can go, in one `match`.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use strum::{EnumString, IntoStaticStr};

use super::{
    Act, Actor, Answer, Application, ConsentId, DeclineReason, Event, EventKind, Grounds, Purpose,
    Receipt, Recheck, Rules, Signed, Step, Unproven,
};
use crate::eds::Iin;

/// Where an application stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// Written, not yet signed by the resident.
    Draft,
    /// Signed by the resident, but the signature's evidence is still to come.
    PendingEvidence,
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
    /// The clock says a time long before the last step: whatever is decided by it
    /// could be wrong.
    #[error("the clock of the service is behind its own history")]
    ClockUntrusted,
    /// Other owners than those who were asked.
    #[error("the owners of the dwelling have changed")]
    OwnersChanged,
}

impl State {
    /// Whether nothing can happen any more.
    pub fn is_final(self) -> bool {
        match self {
            Self::Draft | Self::PendingEvidence | Self::AwaitingConsent | Self::Consented => false,
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
        self.trusts(now)?;
        let (state, kind, next) = match (self.state, act) {
            (State::Draft | State::AwaitingConsent, Act::Receive(receipt)) => {
                let (state, next) = self.received(actor, receipt, rules, now)?;
                (state, EventKind::SignatureReceived, next)
            }
            (State::Draft | State::PendingEvidence, Act::Sign(signed)) => {
                self.by_signatory(Purpose::Application, actor, now)?;
                let next = self.signed(signed, rules, now)?;
                (next.agreed_or_awaiting(), EventKind::Signed, next)
            }
            (State::AwaitingConsent, Act::Consent(id, signed)) => {
                self.by_signatory(Purpose::Consent(id), actor, now)?;
                let next = self.consented(id, signed, rules, now)?;
                (next.agreed_or_awaiting(), EventKind::ConsentGiven, next)
            }
            (State::PendingEvidence | State::AwaitingConsent, Act::Discard(purpose)) => {
                by_clock(actor)?;
                let (state, next) = self.discarded(purpose)?;
                (state, EventKind::SignatureRefused, next)
            }
            (State::AwaitingConsent, Act::Decline(id, reason)) => {
                self.by_owner(id, actor)?;
                let next = self.declined(id, reason, now)?;
                (State::Declined, EventKind::ConsentDeclined, next)
            }
            (state, Act::Withdraw) if !state.is_final() => {
                self.by_resident(actor)?;
                (State::Withdrawn, EventKind::Withdrawn, self.clone())
            }
            (state, Act::Lapse) if !state.is_final() => {
                by_clock(actor)?;
                self.out_of_time(now)?;
                (State::Lapsed, EventKind::Lapsed, self.clone())
            }
            (State::Consented, Act::Register(recheck)) => {
                by_clock(actor)?;
                self.still_proven(&recheck)?;
                (State::Registered, EventKind::Registered, self.clone())
            }
            (State::Consented, Act::Refuse(grounds)) => {
                by_clock(actor)?;
                (State::Refused, EventKind::Refused, self.refused(grounds))
            }
            (state, _) => return Err(Refused::OutOfTurn(state)),
        };
        Ok(next.arrive(state, kind, actor, now))
    }

    /// A signature is acknowledged: it neither counts nor is it asked for again
    /// while its evidence is looked for, and that takes no time from anybody.
    fn received(
        &self,
        actor: &Actor,
        receipt: Receipt<'_>,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<(State, Self), Refused> {
        let purpose = receipt.document.purpose;
        self.by_signatory(purpose, actor, now)?;
        let signatory = self.signatory(purpose).ok_or(Refused::NotYours)?;
        receipt.promises(signatory, purpose)?;
        let (state, mut next) = match purpose.consent() {
            Some(id) => (self.state, self.answered(id, Answer::Pending(now))),
            None => (State::PendingEvidence, self.clone()),
        };
        next.deadline = self.deadline.max(now + rules.evidence_window);
        Ok((state, next))
    }

    /// What was received does not count: its signatory is asked again.
    fn discarded(&self, purpose: Purpose) -> Result<(State, Self), Refused> {
        if !self.is_pending(purpose) {
            return Err(Refused::OutOfTurn(self.state));
        }
        Ok(match purpose.consent() {
            Some(id) => (self.state, self.answered(id, Answer::Awaited)),
            None => (State::Draft, self.clone()),
        })
    }

    fn signed(
        &self,
        signed: Signed<'_>,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Self, Refused> {
        signed.proves(&self.resident.iin, Purpose::Application)?;
        let mut next = self.clone();
        next.deadline = now + rules.answer_window;
        next.asked_at = Some(now);
        Ok(next)
    }

    fn consented(
        &self,
        id: ConsentId,
        signed: Signed<'_>,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Self, Refused> {
        signed.proves(self.owner_asked(id)?, Purpose::Consent(id))?;
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

    /// Whether the clock is not long behind the last step.
    pub(super) fn trusts(&self, now: DateTime<Utc>) -> Result<(), Refused> {
        let behind = self.changed_at - now;
        (behind <= CLOCK_STEP)
            .then_some(())
            .ok_or(Refused::ClockUntrusted)
    }

    fn by_resident(&self, actor: &Actor) -> Result<(), Refused> {
        let resident = Actor::Person(self.resident.iin.clone());
        (*actor == resident).then_some(()).ok_or(Refused::NotYours)
    }

    fn owner_asked(&self, id: ConsentId) -> Result<&Iin, Refused> {
        let consent = self.consent(id).ok_or(Refused::NotYours)?;
        Ok(&consent.owner)
    }

    /// A signature is its signatory's act while it is awaited, and the service's
    /// once it was acknowledged and its evidence has come.
    fn by_signatory(
        &self,
        purpose: Purpose,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<(), Refused> {
        if self.is_pending(purpose) {
            return by_clock(actor);
        }
        match purpose.consent() {
            Some(id) => self.by_owner(id, actor)?,
            None => self.by_resident(actor)?,
        }
        self.awaits(purpose, now)
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
        signed.proves(&self.resident.iin, Purpose::Application)?;
        let mut proven = BTreeSet::new();
        for (id, signed) in &recheck.consents {
            let owner = self.owner_asked(*id)?;
            signed.proves(owner, Purpose::Consent(*id))?;
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

/// By how much a clock may be set back before nothing is decided by it any more:
/// more than the servers of one service ever differ by.
const CLOCK_STEP: TimeDelta = TimeDelta::minutes(5);

#[cfg(test)]
mod tests;
