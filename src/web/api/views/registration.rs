//! A registration as its people see it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{AddressView, ConsentView, NumberView};
use crate::domain::{Actor, Application, Consent, Registration, Removal, Standing};
use crate::store::answered::Answered;

/// A registration.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RegistrationView {
    /// Its identifier.
    pub id: Uuid,
    /// The application that led to it.
    pub application: Uuid,
    /// `temporary` or `permanent`.
    #[schema(example = "temporary")]
    pub kind: &'static str,
    /// Name of the registered person.
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
    /// Last day; absent when it has no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<NaiveDate>,
    /// When it was written.
    pub registered_at: DateTime<Utc>,
    /// `portal` or `service_centre`.
    #[schema(example = "portal")]
    pub channel: &'static str,
    /// `active`, or how it came to an end: `expired`, `left`, `removed`, `replaced`,
    /// `annulled` or `discontinued`.
    #[schema(example = "active")]
    pub standing: &'static str,
    /// When it came to an end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<DateTime<Utc>>,
    /// An owner's demand to end it, while the other owners are asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removal: Option<RemovalView>,
    /// What the state register answered last; where one registration is shown, and it
    /// has answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_register: Option<HeardView>,
}

/// What the state register answered about a registration that was handed over to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HeardView {
    /// `accepted` or `rejected`.
    #[schema(example = "accepted")]
    pub outcome: &'static str,
    /// Why, where the register says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When its message came.
    pub received_at: DateTime<Utc>,
}

/// An owner's demand to end a registration.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RemovalView {
    /// The owner.
    pub by: NumberView,
    /// Until when the other owners may confirm it.
    pub deadline: DateTime<Utc>,
    /// How many of them are asked.
    pub asked: usize,
    /// How many have confirmed it.
    pub given: usize,
    /// What is asked of you.
    pub consents: Vec<ConsentView>,
}

impl RegistrationView {
    /// Registrations as this person sees them, each with the application that led to it.
    pub fn all(
        found: &[(Application, Registration)],
        (viewer, now): (&Actor, DateTime<Utc>),
    ) -> Vec<Self> {
        let found = found.iter();
        found
            .map(|(application, one)| Self::new(application, one, (viewer, now)))
            .collect()
    }

    /// The registration as `viewer` may see it `now`: once its last day is over it
    /// has expired, whether or not the service has noticed.
    pub fn new(
        application: &Application,
        registration: &Registration,
        (viewer, now): (&Actor, DateTime<Utc>),
    ) -> Self {
        let (standing, ended_at) = match registration.standing_at(now) {
            Standing::Active => ("active", None),
            Standing::Ended(how, at) => (how.into(), Some(at)),
        };
        let resident = application.resident(&registration.resident);
        let removal = registration.removal.as_ref();
        let removal = removal.filter(|_| ended_at.is_none());
        Self {
            id: registration.id.uuid(),
            application: registration.application.uuid(),
            kind: registration.term.kind().into(),
            resident_name: resident.map(|one| one.name.clone()).unwrap_or_default(),
            resident_iin: registration.resident.masked(),
            rka: registration.rka.as_str().to_owned(),
            address: AddressView::from(&registration.address),
            starts_on: registration.term.from(),
            ends_on: registration.term.until(),
            registered_at: registration.registered_at,
            channel: super::application::channel(application),
            standing,
            ended_at,
            removal: removal.map(|removal| RemovalView::new(removal, viewer)),
            state_register: None,
        }
    }

    /// With what the state register answered last.
    pub fn heard(self, answered: Option<&Answered>) -> Self {
        Self {
            state_register: answered.map(HeardView::from),
            ..self
        }
    }
}

impl From<&Answered> for HeardView {
    fn from(answered: &Answered) -> Self {
        Self {
            outcome: answered.outcome.into(),
            reason: answered.reason.clone(),
            received_at: answered.received_at,
        }
    }
}

impl RemovalView {
    fn new(removal: &Removal, viewer: &Actor) -> Self {
        let consents = removal.consents.iter();
        let given = consents.filter(|one| one.answer.is_given()).count();
        let own = |consent: &&Consent| {
            let signatories = consent.signatories();
            signatories.iter().any(|one| one.admits(viewer))
        };
        Self {
            by: NumberView::from(&removal.by),
            deadline: removal.deadline,
            asked: removal.consents.len(),
            given,
            consents: { removal.consents.iter() }
                .filter(own)
                .map(ConsentView::from)
                .collect(),
        }
    }
}
