//! What the API shows, and to whom.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::waiting::WaitingView;
use crate::domain::{
    Actor, Address, Answer, Application, Consent, DeclineReason, Document, Event, Purpose,
    Registration, Stay, today,
};
use crate::eds::Iin;
use crate::flow::{Reply, Seen};

/// An application as one of its people sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ApplicationView {
    /// Its identifier.
    pub id: Uuid,
    /// Number of steps made.
    #[schema(example = 2)]
    pub version: i64,
    /// `draft`, `pending_evidence`, `awaiting_consent`, `consented`, `registered`, `declined`,
    /// `withdrawn`, `lapsed` or `refused`.
    #[schema(example = "awaiting_consent")]
    pub state: &'static str,
    /// As whom you see it: `resident` or `owner`.
    pub role: &'static str,
    /// Name of the person who asks to be registered.
    pub resident_name: String,
    /// Their individual identification number, masked.
    #[schema(example = "9001********")]
    pub resident_iin: String,
    /// Registration code of the address.
    #[schema(example = "0201900167046043")]
    pub rka: String,
    /// The address.
    pub address: AddressView,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// Length in months.
    #[schema(example = 3)]
    pub months: u32,
    /// Day of arrival.
    pub arrived_on: NaiveDate,
    /// The duty to register within ten days of arrival.
    pub duty: DutyView,
    /// Until when the next answer is awaited; absent when nothing is awaited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<DateTime<Utc>>,
    /// Why the service refused: `owners_changed`, `signature_void` or
    /// `already_registered`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grounds: Option<&'static str>,
    /// How many owners are asked and what they said.
    pub answers: AnswersView,
    /// To the resident all consents, to an owner only their own.
    pub consents: Vec<ConsentView>,
    /// Signatures of yours that were received and wait for their evidence; to the
    /// resident, the owners' as well. Absent in lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<WaitingView>,
    /// The registration to which it led.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<Uuid>,
    /// What happened, oldest first. Absent in lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<EventView>,
    /// What the resident is to sign, while that is awaited. Absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_sign: Option<DocumentView>,
}

/// An address in three languages.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AddressView {
    /// In Kazakh.
    pub kk: String,
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
}

/// The ten-day duty; information, never a decision.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct DutyView {
    /// Last day on which registering is in time.
    pub due_on: NaiveDate,
    /// Days by which the application came too late; 0 when it is in time.
    pub late_days: u64,
}

/// Counts of the owners' answers.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct AnswersView {
    /// Owners who are asked.
    pub asked: usize,
    /// Owners whose consent waits for its evidence.
    pub pending: usize,
    /// Owners who consented.
    pub given: usize,
    /// Owners who said no.
    pub declined: usize,
}

/// One owner's part.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsentView {
    /// Its identifier.
    pub id: Uuid,
    /// The owner's individual identification number, masked.
    #[schema(example = "8512********")]
    pub owner_iin: String,
    /// `awaited`, `pending_evidence`, `given` or `declined`.
    #[schema(example = "awaited")]
    pub answer: &'static str,
    /// When the owner answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<DateTime<Utc>>,
    /// Why the owner said no: `not_agreed`, `unknown_person` or `not_my_dwelling`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

/// One line of the history.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EventView {
    /// The version that it led to.
    pub version: i64,
    /// What happened, such as `signed` or `consent_given`.
    pub kind: &'static str,
    /// The state that it led to.
    pub state: &'static str,
    /// `resident`, `owner` or `service`.
    pub actor: &'static str,
    /// When.
    pub at: DateTime<Utc>,
}

/// Bytes to be signed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DocumentView {
    /// Its identifier.
    pub id: Uuid,
    /// The bytes in base64: sign exactly these, detached.
    pub content: String,
    /// SHA-256 of the bytes in hexadecimal.
    pub sha256: String,
    /// When the service made it.
    pub issued_at: DateTime<Utc>,
    /// The last moment at which a signature over it is taken.
    pub expires_at: DateTime<Utc>,
}

/// A registration.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RegistrationView {
    /// Its identifier.
    pub id: Uuid,
    /// The application that led to it.
    pub application: Uuid,
    /// Name of the registered person.
    pub resident_name: String,
    /// Their individual identification number, masked.
    pub resident_iin: String,
    /// Registration code of the address.
    pub rka: String,
    /// The address.
    pub address: AddressView,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// When it was written.
    pub registered_at: DateTime<Utc>,
}

impl ApplicationView {
    /// The application as `viewer` may see it in a list.
    pub fn brief(application: &Application, viewer: &Iin) -> Self {
        let is_resident = application.resident.iin == *viewer;
        let shown = |consent: &&Consent| is_resident || consent.owner == *viewer;
        let stay = Stay::since(application.arrived, today(application.created_at));
        let deadline = (!application.state.is_final()).then_some(application.deadline);
        Self {
            id: application.id.uuid(),
            version: application.version,
            state: application.state.into(),
            role: if is_resident { "resident" } else { "owner" },
            resident_name: application.resident.name.clone(),
            resident_iin: application.resident.iin.masked(),
            rka: application.rka.as_str().to_owned(),
            address: AddressView::from(&application.address),
            starts_on: application.period.from(),
            ends_on: application.period.until(),
            months: application.period.months(),
            arrived_on: application.arrived,
            duty: DutyView {
                due_on: stay.due,
                late_days: stay.late_days,
            },
            deadline,
            grounds: application.grounds.map(Into::into),
            answers: AnswersView::from(application),
            consents: application
                .consents
                .iter()
                .filter(shown)
                .map(ConsentView::from)
                .collect(),
            waiting: Vec::new(),
            registration: None,
            history: Vec::new(),
            to_sign: None,
        }
    }

    /// The application as `viewer` may see it alone, with its history.
    pub fn full(seen: &Seen, viewer: &Iin) -> Self {
        let is_resident = seen.application.resident.iin == *viewer;
        let to_sign = seen.to_sign.as_ref().filter(|_| is_resident);
        Self {
            registration: seen.registration.map(|id| id.uuid()),
            history: seen
                .history
                .iter()
                .map(|event| EventView::new(event, &seen.application))
                .collect(),
            to_sign: to_sign.map(DocumentView::from),
            waiting: seen
                .waiting
                .iter()
                .filter(|waiting| {
                    is_resident || seen.application.signatory(waiting.purpose) == Some(viewer)
                })
                .map(WaitingView::from)
                .collect(),
            ..Self::brief(&seen.application, viewer)
        }
    }

    /// The answer that shows it.
    pub fn reply(seen: &Seen, viewer: &Iin, status: u16) -> Reply {
        let view = Self::full(seen, viewer);
        Reply {
            status,
            body: serde_json::to_string(&view).unwrap_or_default(),
        }
    }

    /// The answer to a signature: done, or accepted and still to be decided
    /// (RFC 9110 section 15.3.3).
    pub fn reply_to_signature(seen: &Seen, viewer: &Iin, purpose: Purpose) -> Reply {
        let status = match seen.application.is_pending(purpose) {
            true => 202,
            false => 200,
        };
        Self::reply(seen, viewer, status)
    }
}

impl From<&Address> for AddressView {
    fn from(address: &Address) -> Self {
        Self {
            kk: address.kk.clone(),
            ru: address.ru.clone(),
            en: address.en.clone(),
        }
    }
}

impl From<&Application> for AnswersView {
    fn from(application: &Application) -> Self {
        let count = |wanted: fn(&Answer) -> bool| {
            let answers = application.consents.iter().map(|consent| &consent.answer);
            answers.filter(|answer| wanted(answer)).count()
        };
        Self {
            asked: application.consents.len(),
            pending: count(|answer| matches!(answer, Answer::Pending(_))),
            given: count(|answer| matches!(answer, Answer::Given(_))),
            declined: count(|answer| matches!(answer, Answer::Declined(..))),
        }
    }
}

impl From<&Consent> for ConsentView {
    fn from(consent: &Consent) -> Self {
        let (answer, answered_at, reason) = match consent.answer {
            Answer::Awaited => ("awaited", None, None),
            Answer::Pending(at) => ("pending_evidence", Some(at), None),
            Answer::Given(at) => ("given", Some(at), None),
            Answer::Declined(at, reason) => ("declined", Some(at), Some(reason)),
        };
        Self {
            id: consent.id.uuid(),
            owner_iin: consent.owner.masked(),
            answer,
            answered_at,
            reason: reason.map(|reason: DeclineReason| reason.into()),
        }
    }
}

impl EventView {
    fn new(event: &Event, application: &Application) -> Self {
        let actor = match &event.actor {
            Actor::Clock => "service",
            Actor::Person(iin) if *iin == application.resident.iin => "resident",
            Actor::Person(_) => "owner",
        };
        Self {
            version: event.version,
            kind: event.kind.into(),
            state: event.state.into(),
            actor,
            at: event.at,
        }
    }
}

impl From<&Document> for DocumentView {
    fn from(document: &Document) -> Self {
        Self {
            id: document.id.uuid(),
            content: STANDARD.encode(&document.bytes),
            sha256: crate::eds::Digest::of(&document.bytes).to_string(),
            issued_at: document.issued_at,
            expires_at: document.expires_at,
        }
    }
}

impl RegistrationView {
    /// The registration with the resident's name from its application.
    pub fn new(registration: &Registration, application: &Application) -> Self {
        Self {
            id: registration.id.uuid(),
            application: registration.application.uuid(),
            resident_name: application.resident.name.clone(),
            resident_iin: registration.resident.masked(),
            rka: registration.rka.as_str().to_owned(),
            address: AddressView::from(&registration.address),
            starts_on: registration.period.from(),
            ends_on: registration.period.until(),
            registered_at: registration.registered_at,
        }
    }
}
