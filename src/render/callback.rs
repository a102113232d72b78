//! What the portal is told: identifiers and states, never a person's data.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::domain::notice::Topic;
use crate::domain::{
    Answer, Application, Consent, DeclineReason, Ending, Event, EventKind, Kind, RegistrationId,
    State, Step,
};

/// Somebody is told something in their office.
#[derive(Clone, Debug, Serialize)]
pub struct Notification {
    /// The notice.
    pub id: Uuid,
    /// What they are told.
    pub topic: Topic,
    /// To whom, as the portal alone can tell: a pseudonym under the secret that it
    /// shares with the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// The JSON of one message, in the form of the Standard Webhooks: `type`,
/// `timestamp` and `data`.
pub fn body(step: &Step, told: &[Notification]) -> String {
    let event = &step.event;
    let kind: &'static str = event.kind.into();
    let message = Message {
        kind: format!("application.{kind}"),
        timestamp: instant(event.at),
        data: Told::of(step, told),
    };
    // A structure of texts and numbers always has a JSON form.
    serde_json::to_string(&message).unwrap_or_default()
}

#[derive(Serialize)]
struct Message<'a> {
    #[serde(rename = "type")]
    kind: String,
    timestamp: String,
    data: Told<'a>,
}

#[derive(Serialize)]
struct Told<'a> {
    application: String,
    version: i64,
    state: State,
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    registration: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registrations: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ending: Option<Ending>,
    #[serde(flatten)]
    report: Option<Report>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reminder: Option<Reminder>,
    /// What people were told in their offices.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    notices: &'a [Notification],
}

/// An answer after which somebody has to look.
#[derive(Serialize)]
struct Report {
    reason: DeclineReason,
    reported: bool,
}

#[derive(Serialize)]
struct Reminder {
    due_at: String,
}

impl<'a> Told<'a> {
    fn of(step: &Step, told: &'a [Notification]) -> Self {
        let (application, event) = (&step.application, &step.event);
        let written = (event.kind == EventKind::Registered).then(|| {
            let all = application.registrations.iter();
            all.map(|registration| registration.id).collect::<Vec<_>>()
        });
        let only = match written.as_deref() {
            Some([only]) => Some(*only),
            Some(_) | None => event.registration,
        };
        let text = |id: RegistrationId| id.to_string();
        Self {
            application: application.id.to_string(),
            version: event.version,
            state: event.state,
            kind: application.kind(),
            registration: only.map(text),
            registrations: written.map(|all| all.into_iter().map(text).collect()),
            ending: ending(event.kind),
            report: step.answer.as_ref().and_then(report),
            reminder: reminder(application, event),
            notices: told,
        }
    }
}

/// How a registration ended, when one did.
fn ending(kind: EventKind) -> Option<Ending> {
    match kind {
        EventKind::Expired => Some(Ending::Expired),
        EventKind::Left => Some(Ending::Left),
        EventKind::Removed => Some(Ending::Removed),
        EventKind::Replaced => Some(Ending::Replaced),
        EventKind::Annulled => Some(Ending::Annulled),
        EventKind::Discontinued => Some(Ending::Discontinued),
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
        | EventKind::Reminded
        | EventKind::Withdrawn
        | EventKind::Lapsed
        | EventKind::Registered
        | EventKind::Refused
        | EventKind::RemovalDemanded
        | EventKind::RemovalConfirmed
        | EventKind::RemovalDropped
        | EventKind::RemovalWithdrawn => None,
    }
}

/// Whoever does not know the person, or owns no such dwelling, tells of a wrong.
fn report(answered: &Consent) -> Option<Report> {
    let reason = match answered.answer {
        Answer::Declined(_, reason) => reason,
        Answer::Awaited | Answer::Pending(_) | Answer::Given(_) | Answer::TakenBack(_) => {
            return None;
        }
    };
    match reason {
        DeclineReason::NotAgreed => None,
        DeclineReason::UnknownPerson | DeclineReason::NotMyDwelling => Some(Report {
            reason,
            reported: true,
        }),
    }
}

/// For what people are reminded: the end of the time for their answers, or of
/// the registration.
fn reminder(application: &Application, event: &Event) -> Option<Reminder> {
    let demanded = event
        .registration
        .and_then(|id| application.registration(id));
    let demanded = demanded.and_then(|registration| registration.removal.as_ref());
    let due = match application.state {
        State::Registered => match demanded {
            Some(removal) => removal.deadline,
            None => application.term.over_at()?,
        },
        State::Draft
        | State::PendingEvidence
        | State::AwaitingConsent
        | State::Consented
        | State::Ended
        | State::Declined
        | State::Withdrawn
        | State::Lapsed
        | State::Refused => application.deadline,
    };
    (event.kind == EventKind::Reminded).then(|| Reminder {
        due_at: instant(due),
    })
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests;
