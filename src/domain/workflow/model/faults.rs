//! Guards that may be removed, one at a time: a model that does not notice their
//! absence proves nothing by their presence.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::world::{Held, Row, Stored};
use crate::domain::{
    Act, Actor, Answer, Application, ConsentId, EventKind, Purpose, Refused, Rules, State, Step,
};

/// A guard that is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Consents are counted by their rows, not by their parties.
    CountsRows,
    /// Consents are counted over what was read before, each saved for itself.
    CountsApart,
    /// The owners are not read again before it is registered.
    KeepsOwners,
    /// A step is saved over whatever version there is.
    SavesBlindly,
    /// The row is saved first, its history and its message after it.
    SavesInPieces,
    /// Who has answered may answer again.
    AnswersTwice,
    /// A request that is repeated is carried out again.
    ForgetsKeys,
    /// A request is acknowledged before anything is saved.
    AnswersFirst,
    /// A consent that was taken back counts.
    CountsTakenBack,
    /// An edit leaves the consents to what was asked for before.
    KeepsConsents,
    /// The applicant's signature counts whatever edition it is over.
    TakesAnyEdition,
    /// A signature counts before its evidence has come.
    CountsPending,
    /// The signatures are not checked again before it is registered.
    SkipsRecheck,
    /// Nothing forbids two registrations for the same days.
    RegistersTwice,
    /// The portal is told before anything is saved.
    TellsFirst,
    /// The portal is told of the newest step, whatever it knows of those before.
    SkipsMessages,
    /// A registration expires whenever somebody looks.
    ExpiresEarly,
    /// Nobody looks whether a deadline has passed.
    NeverLapses,
    /// A signature that waits for its evidence puts the deadline off.
    PutsOff,
    /// It is waited for evidence without end.
    WaitsForEver,
    /// Who confirms an end is not compared with the owners of today.
    KeepsRemovers,
    /// What continues a registration stays when that has gone.
    KeepsContinuing,
    /// It lapses though a signature that came in time waits for its evidence.
    LapsesRegardless,
}

/// The application after an act, by the machine itself or by one that lacks a
/// guard.
pub(super) fn after(
    fault: Option<Fault>,
    row: &Row,
    (actor, act): (&Actor, Act<'_>),
    rules: &Rules,
    now: DateTime<Utc>,
) -> Option<Step> {
    let application = &*row.application.0;
    let honest = |application: &Application, now| application.after(actor, act.clone(), rules, now);
    match (fault, &act) {
        (Some(Fault::CountsRows), Act::Consent(..)) => match honest(application, now) {
            Err(Refused::Answered) => Some(another_row(row)),
            outcome => outcome.ok(),
        },
        (Some(Fault::AnswersTwice), Act::Consent(id, _)) => {
            honest(&with(application, *id, Answer::Awaited), now).ok()
        }
        (Some(Fault::CountsTakenBack), Act::TakeBack(_)) => {
            let mut step = honest(application, now).ok()?;
            step.application.state = application.state;
            Some(step)
        }
        (Some(Fault::CountsTakenBack), Act::Register(_)) => {
            let ids = application.consents.iter().map(|one| one.id);
            let all = ids.fold(application.clone(), |all, id| {
                with(&all, id, Answer::Given(now))
            });
            let mut step = honest(&all, now).ok()?;
            step.application.consents = application.consents.clone();
            Some(step)
        }
        (Some(Fault::KeepsConsents), Act::Edit(_)) => {
            let mut step = honest(application, now).ok()?;
            step.application.consents = application.consents.clone();
            Some(step)
        }
        (Some(Fault::CountsPending), Act::Receive(receipt)) => {
            let Purpose::Consent(id) = receipt.document.purpose else {
                return honest(application, now).ok();
            };
            let mut step = honest(application, now).ok()?;
            step.application = counted(&with(&step.application, id, Answer::Given(now)));
            Some(step)
        }
        (Some(Fault::LapsesRegardless), Act::Lapse) => {
            let ids = application.consents.iter().map(|one| one.id);
            let unanswered = ids.fold(application.clone(), |all, id| {
                with(&all, id, Answer::Awaited)
            });
            let mut step = honest(&unanswered, now).ok()?;
            step.application.consents = application.consents.clone();
            Some(step)
        }
        (Some(Fault::PutsOff), Act::Receive(_)) => {
            let mut step = honest(application, now).ok()?;
            step.application.deadline = application.deadline.max(now + rules.evidence_window);
            Some(step)
        }
        (Some(Fault::WaitsForEver), Act::Lapse) if application.waits_until(rules).is_some() => None,
        (Some(Fault::ExpiresEarly), Act::Expire) => {
            honest(application, application.term.over_at()?).ok()
        }
        _ => honest(application, now).ok(),
    }
}

/// What stands in the database after a step was saved.
pub(super) fn saved(fault: Option<Fault>, row: &Row, held: &Held) -> Stored {
    let present = &row.application.0;
    if fault != Some(Fault::CountsApart) || present.version == held.base {
        return held.next.clone();
    }
    let given = held.next.0.consents.iter();
    let given = given.filter(|consent| consent.answer.is_given());
    let mut merged = given.fold((**present).clone(), |all, consent| {
        with(&all, consent.id, consent.answer)
    });
    merged.version += 1;
    merged.state = held.next.0.state;
    Stored(Arc::new(merged))
}

fn with(application: &Application, id: ConsentId, answer: Answer) -> Application {
    let mut next = application.clone();
    let consents = next.consents.iter_mut();
    let own = consents.filter(|consent| consent.id == id);
    own.for_each(|consent| consent.answer = answer);
    next
}

fn counted(application: &Application) -> Application {
    let mut next = application.clone();
    if next.is_agreed() {
        next.state = State::Consented;
    }
    next
}

/// The same party once more, as one row more.
fn another_row(row: &Row) -> Step {
    let mut application = (*row.application.0).clone();
    application.version += 1;
    let rows = usize::try_from(row.consents + 1).unwrap();
    if rows >= application.consents.len() {
        application.state = State::Consented;
    }
    let event = crate::domain::Event {
        version: application.version,
        kind: EventKind::ConsentGiven,
        state: application.state,
        actor: Actor::Clock,
        registration: None,
        at: application.changed_at,
    };
    Step {
        application,
        event,
        answer: None,
    }
}
