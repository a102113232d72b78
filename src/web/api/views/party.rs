//! People and organisations, never by their whole numbers.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::{Answer, Consent, DeclineReason, Holder, Party, Resident};

/// A person who is to be registered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ResidentView {
    /// Surname, given name and patronymic.
    pub name: String,
    /// Individual identification number, masked.
    #[schema(example = "9001********")]
    pub iin: String,
}

/// The number of a person, masked, or of an organisation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NumberView {
    /// Individual identification number, masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "8512********")]
    pub iin: Option<String>,
    /// Business identification number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "200140000004")]
    pub bin: Option<String>,
}

/// One party's part.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsentView {
    /// Its identifier.
    pub id: Uuid,
    /// As what the party is asked: `owner`, `tenant`, `resident` or `colleague`.
    #[schema(example = "owner")]
    pub party: &'static str,
    /// Who is asked.
    #[serde(flatten)]
    pub number: NumberView,
    /// Whether somebody may answer in the party's place by a power of attorney.
    pub delegated: bool,
    /// `awaited`, `pending_evidence`, `given`, `declined` or `taken_back`.
    #[schema(example = "awaited")]
    pub answer: &'static str,
    /// When the party answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<DateTime<Utc>>,
    /// Why the party said no: `not_agreed`, `unknown_person` or `not_my_dwelling`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

impl From<&Resident> for ResidentView {
    fn from(resident: &Resident) -> Self {
        Self {
            name: resident.name.clone(),
            iin: resident.iin.masked(),
        }
    }
}

impl From<&Holder> for NumberView {
    fn from(holder: &Holder) -> Self {
        Self {
            iin: holder.person().map(crate::eds::Iin::masked),
            bin: holder.organisation().map(|bin| bin.as_str().to_owned()),
        }
    }
}

/// As what a party is asked, and its number.
pub(crate) fn number(party: &Party) -> (&'static str, NumberView) {
    match party {
        Party::Owner(holder) => ("owner", holder.into()),
        Party::Tenant(iin) => ("tenant", NumberView::from(&Holder::from(iin.clone()))),
        Party::Resident(iin) => ("resident", NumberView::from(&Holder::from(iin.clone()))),
        Party::Colleague(bin, _) => ("colleague", NumberView::from(&Holder::from(bin.clone()))),
    }
}

impl From<&Consent> for ConsentView {
    fn from(consent: &Consent) -> Self {
        let (answer, answered_at, reason) = match consent.answer {
            Answer::Awaited => ("awaited", None, None),
            Answer::Pending(at) => ("pending_evidence", Some(at), None),
            Answer::Given(at) => ("given", Some(at), None),
            Answer::Declined(at, reason) => ("declined", Some(at), Some(reason)),
            Answer::TakenBack(at) => ("taken_back", Some(at), None),
        };
        let (party, number) = number(&consent.party);
        Self {
            id: consent.id.uuid(),
            party,
            number,
            delegated: consent.delegate.is_some(),
            answer,
            answered_at,
            reason: reason.map(|reason: DeclineReason| reason.into()),
        }
    }
}
