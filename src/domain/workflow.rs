//! The workflow: every way an application can go, in one `match`.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::{
    Act, Actor, Answer, Application, Consent, ConsentId, Ending, Event, EventKind, Purpose,
    RegistrationId, Rules, Signatory, Step, Unattested, Unproven,
};

mod answering;
mod asking;
mod ending;
mod reminding;

/// Where an application stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, EnumString, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// Written, not yet signed by the applicant.
    Draft,
    /// Signed by the applicant, but the signature's evidence is still to come.
    PendingEvidence,
    /// Signed by the applicant; the parties are asked.
    AwaitingConsent,
    /// Every party has consented; the registration is about to be written.
    Consented,
    /// The registration stands.
    Registered,
    /// The registration has come to an end; each tells how. Final.
    Ended,
    /// A party said no. Final.
    Declined,
    /// The applicant took it back. Final.
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
    #[error("the time for it has not come")]
    TooEarly,
    /// The act is somebody else's.
    #[error("only the person who is asked may answer")]
    NotYours,
    /// The party has answered already; an answer is given once.
    #[error("this party has answered already")]
    Answered,
    /// The signature does not prove what is needed.
    #[error(transparent)]
    Unproven(#[from] Unproven),
    /// Not exactly one proven consent for each party.
    #[error("a consent is missing")]
    Incomplete,
    /// The clock says a time long before the last step: whatever is decided by it
    /// could be wrong.
    #[error("the clock of the service is behind its own history")]
    ClockUntrusted,
    /// What an operator attests leaves something open.
    #[error(transparent)]
    Unattested(#[from] Unattested),
    /// A member of a service centre acts in a matter of their own.
    #[error("nobody acts for a service centre in a matter of their own")]
    ConflictOfInterest,
    /// Other owners than those who were asked.
    #[error("the owners of the dwelling have changed")]
    OwnersChanged,
}

impl State {
    /// Whether nothing can happen any more.
    pub fn is_final(self) -> bool {
        match self {
            Self::Draft
            | Self::PendingEvidence
            | Self::AwaitingConsent
            | Self::Consented
            | Self::Registered => false,
            Self::Ended | Self::Declined | Self::Withdrawn | Self::Lapsed | Self::Refused => true,
        }
    }

    /// Whether it is still to be decided whether there will be a registration.
    pub fn is_open(self) -> bool {
        !self.is_final() && self != Self::Registered
    }
}

/// What an act leads to.
struct Next {
    state: State,
    kind: EventKind,
    application: Application,
    registration: Option<RegistrationId>,
    answer: Option<Consent>,
}

impl Application {
    /// The step with which an application begins.
    pub fn drafted(self, actor: &Actor) -> Step {
        Step {
            event: Event {
                version: self.version,
                kind: EventKind::Drafted,
                state: self.state,
                actor: actor.clone(),
                registration: None,
                at: self.created_at,
            },
            application: self,
            answer: None,
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
        let next = match (self.state, act) {
            (State::Draft | State::AwaitingConsent | State::Registered, Act::Receive(receipt)) => {
                self.received(actor, receipt, now)
            }
            (State::Draft, Act::Attest(attestation, holders)) => {
                self.attested(actor, *attestation, holders, now)
            }
            (State::Draft | State::PendingEvidence, Act::Sign(signed)) => {
                self.signed(actor, signed, rules, now)
            }
            (State::AwaitingConsent, Act::Consent(id, signed)) => {
                self.consented(actor, (id, signed), rules, now)
            }
            (
                State::PendingEvidence | State::AwaitingConsent | State::Registered,
                Act::Discard(purpose),
            ) => self.discarded(actor, purpose),
            (State::AwaitingConsent, Act::Decline(id, reason)) => {
                self.declined(actor, (id, reason), now)
            }
            (State::AwaitingConsent | State::Consented, Act::TakeBack(id)) => {
                self.taken_back(actor, id, now)
            }
            (State::Draft | State::AwaitingConsent | State::Consented, Act::Edit(proposal)) => {
                self.edited(actor, *proposal, rules, now)
            }
            (State::AwaitingConsent | State::Consented, Act::AskAnew(question)) => {
                self.asked_anew(actor, question, rules, now)
            }
            (State::Draft | State::AwaitingConsent | State::Registered, Act::Remind) => {
                self.reminded(actor, rules, now)
            }
            (state, Act::Withdraw) if state.is_open() => self.withdrawn(actor),
            (state, Act::Lapse) if state.is_open() => self.lapsed(actor, rules, now),
            (State::Consented, Act::Register(recheck)) => self.registered(actor, &recheck, now),
            (State::AwaitingConsent | State::Consented, Act::Refuse(grounds)) => {
                self.refused(actor, grounds)
            }
            (State::Registered, Act::Confirm(id, signed, owners)) => {
                self.removal_confirmed(actor, (id, signed), owners, now)
            }
            (State::Registered, Act::Decline(id, reason)) => {
                self.removal_declined(actor, (id, reason), now)
            }
            (State::Registered, Act::Leave(id, by, signed)) => {
                self.left(actor, (id, by), signed, now)
            }
            (State::Registered, Act::Remove(id, demand)) => {
                self.removal_demanded(actor, (id, demand), rules, now)
            }
            (State::Registered, Act::WithdrawRemoval(id, delegate)) => {
                self.removal_withdrawn(actor, (id, delegate), now)
            }
            (State::Registered, Act::DropRemoval(id)) => self.removal_lapsed(actor, id, rules, now),
            (State::Registered, Act::VoidRemoval(id, owners)) => {
                self.removal_voided(actor, id, owners, now)
            }
            (State::Registered, Act::Expire) => self.expired(actor, now),
            (State::Registered, Act::Replace(id)) => self.replaced(actor, id, now),
            (State::Registered, Act::Annul(id)) => self.annulled(actor, id, now),
            (State::Registered, Act::Discontinue(id, continued)) => {
                self.discontinued(actor, (id, continued), now)
            }
            (state, _) => Err(Refused::OutOfTurn(state)),
        }?;
        Ok(next.arrive(self, actor, rules, now))
    }

    /// Whether the clock is not long behind the last step.
    pub(super) fn trusts(&self, now: DateTime<Utc>) -> Result<(), Refused> {
        let behind = self.changed_at - now;
        (behind <= CLOCK_STEP)
            .then_some(())
            .ok_or(Refused::ClockUntrusted)
    }

    pub(super) fn in_time(&self, now: DateTime<Utc>) -> Result<(), Refused> {
        (now <= self.deadline).then_some(()).ok_or(Refused::TooLate)
    }

    /// What follows when nothing but the state changes.
    fn goes(&self, state: State, kind: EventKind) -> Next {
        Next {
            state,
            kind,
            application: self.clone(),
            registration: None,
            answer: None,
        }
    }

    /// What follows when nothing but one answer changes.
    fn answers(&self, id: ConsentId, answer: Answer, kind: EventKind) -> Next {
        let application = self.answered(id, answer);
        Next {
            answer: application.consent(id).cloned(),
            registration: self.removal_with(id).map(|(about, _)| about.id),
            application,
            ..self.goes(self.state, kind)
        }
    }

    /// What follows when a registration ends.
    fn ends(&self, id: RegistrationId, how: Ending, kind: EventKind, now: DateTime<Utc>) -> Next {
        // It does not end before it was written, though the clock may say so.
        let application = self.ended(id, how, now.max(self.changed_at));
        Next {
            state: application.registered_or_ended(),
            kind,
            application,
            registration: Some(id),
            answer: None,
        }
    }

    /// Whether the actor is one who may sign for this purpose.
    fn by_one_of(&self, purpose: Purpose, actor: &Actor) -> Result<(), Refused> {
        let signatory = self.signatory_for(purpose, actor);
        match signatory.ok_or(Refused::NotYours)? {
            Signatory::Person(_) | Signatory::Organisation(_) => Ok(()),
            Signatory::Operator(_, first) if self.interests(&first) => {
                Err(Refused::ConflictOfInterest)
            }
            Signatory::Colleague(..) if actor.iin().is_some_and(|iin| self.interests(iin)) => {
                Err(Refused::ConflictOfInterest)
            }
            Signatory::Operator(..) | Signatory::Colleague(..) => Ok(()),
        }
    }

    /// A signature is its signatory's act while it is awaited, and the service's
    /// once it was acknowledged and its evidence has come.
    fn by_signatory(
        &self,
        purpose: Purpose,
        actor: &Actor,
        (received, now): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<(), Refused> {
        if self.is_pending(purpose) {
            return by_clock(actor);
        }
        self.by_one_of(purpose, actor)?;
        self.takes(purpose, received, now)
    }
}

impl Next {
    fn arrive(
        self,
        before: &Application,
        actor: &Actor,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Step {
        let mut application = self.application;
        application.state = self.state;
        application.version += 1;
        // A clock that was stepped back must not put a history out of order.
        application.changed_at = now.max(application.changed_at);
        if before.state != self.state || before.round != application.round {
            application.reminders = 0;
            application.remind_at = None;
        }
        application.remind_at = application.next_reminder(rules, now);
        let event = Event {
            version: application.version,
            kind: self.kind,
            state: self.state,
            actor: actor.clone(),
            registration: self.registration,
            at: application.changed_at,
        };
        Step {
            application,
            event,
            answer: self.answer,
        }
    }

    fn about(mut self, id: RegistrationId) -> Self {
        self.registration = Some(id);
        self
    }

    fn to(mut self, state: State) -> Self {
        self.state = state;
        self
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
mod model;
#[cfg(test)]
mod tests;
