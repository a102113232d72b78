//! The documents that people sign, field by field: the form in which they are
//! written once, and read again by whoever judges the signatures over them.
//!
//! A field that stands there twice is refused on reading: two readers might see
//! two documents.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::{Deserialize, Serialize, Serializer};

use super::{Application, Kind, Language, Registration, Term};

mod attestation;
mod people;

pub use attestation::{Agreed, Attestation, Checked, Exempt, How, Scanned, Shown, Speaker};
pub use people::{Answer, Asker, Initiator, Number, Person, Proxy, Right, Role, Side, Standing};

/// What an applicant signs.
pub const APPLICATION: &str = "kelisim/application/v1";
/// What a party signs who consents.
pub const CONSENT: &str = "kelisim/consent/v1";
/// What is signed to end a registration by whoever speaks for the resident.
pub const LEAVING: &str = "kelisim/leaving/v1";
/// What an owner signs who demands the end of a registration, or the owner's delegate.
pub const REMOVAL: &str = "kelisim/removal/v1";
/// What another owner signs who confirms such a demand.
pub const CONFIRMATION: &str = "kelisim/confirmation/v1";
/// What a person signs to show who they are.
pub const LOGIN: &str = "kelisim/login/v1";

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper<T> {
    /// What a signature over it means.
    pub purpose: String,
    /// What is declared, in words.
    pub statement: String,
    /// The same for machines.
    #[serde(flatten)]
    pub matter: T,
    /// What ties a signature to this document.
    #[serde(flatten)]
    pub issued: Issued,
}

/// What is new in each document that is issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// The language of the words.
    pub language: Language,
    /// A number never used before, in hexadecimal digits.
    pub nonce: String,
    /// When it was made.
    #[serde(serialize_with = "instant")]
    pub issued_at: DateTime<Utc>,
    /// The last moment at which a signature over it is taken.
    #[serde(serialize_with = "instant")]
    pub expires_at: DateTime<Utc>,
}

/// A registration that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The application.
    pub application: String,
    /// How often what is asked for was written.
    pub edition: i32,
    /// Who asks.
    pub applicant: Asker,
    /// Who is to be registered.
    pub residents: Vec<Person>,
    /// The code of the address.
    pub rka: String,
    /// The address in the language of the document.
    pub address: String,
    /// For which days.
    #[serde(flatten)]
    pub days: Days,
    /// Since when the residents stay there.
    pub arrived_on: NaiveDate,
    /// The registration that goes on by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    /// What the operator of a service centre saw and checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attestations: Option<Attestation>,
}

/// A consent to such a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// What is consented to.
    #[serde(flatten)]
    pub request: Request,
    /// By whom.
    #[serde(flatten)]
    pub answer: Answer,
    /// The SHA-256 of the octets that the applicant signed.
    pub application_sha256: String,
}

/// The end of a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// The application that led to it.
    pub application: String,
    /// The registration.
    pub registration: String,
    /// Who is registered.
    pub resident: Person,
    /// The code of the address.
    pub rka: String,
    /// The address in the language of the document.
    pub address: String,
    /// For which days it stands.
    #[serde(flatten)]
    pub days: Days,
    /// Who wants the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Initiator>,
}

/// A consent to an owner's demand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// What is demanded.
    #[serde(flatten)]
    pub closing: Closing,
    /// Who confirms it.
    #[serde(flatten)]
    pub answer: Answer,
    /// The SHA-256 of the octets that the first owner signed.
    pub demand_sha256: String,
}

/// The days of a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    /// The kind of registration.
    pub kind: Kind,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<NaiveDate>,
    /// The length in whole months, where there is an end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
}

impl Request {
    /// What an application asks for.
    pub fn of(application: &Application, language: Language) -> Self {
        Self {
            application: application.id.to_string(),
            edition: application.edition,
            applicant: Asker::from(&application.applicant),
            residents: application.residents.iter().map(Person::from).collect(),
            rka: application.rka.as_str().to_owned(),
            address: application.address.in_language(language).to_owned(),
            days: Days::from(&application.term),
            arrived_on: application.arrived,
            extends: application.extends.map(|id| id.to_string()),
            attestations: application.attestation.as_ref().map(Attestation::from),
        }
    }

    /// Whether both ask for the same, in whatever language.
    pub fn is_the_same_as(&self, other: &Self) -> bool {
        let other = Self {
            address: self.address.clone(),
            ..other.clone()
        };
        *self == other
    }
}

impl Closing {
    /// The end of this registration.
    pub fn of(
        application: &Application,
        registration: &Registration,
        by: Option<Initiator>,
        language: Language,
    ) -> Self {
        let resident = application.resident(&registration.resident);
        Self {
            application: application.id.to_string(),
            registration: registration.id.to_string(),
            resident: Person {
                iin: registration.resident.as_str().to_owned(),
                name: resident.map_or_else(String::new, |resident| resident.name.clone()),
            },
            rka: registration.rka.as_str().to_owned(),
            address: registration.address.in_language(language).to_owned(),
            days: Days::from(&registration.term),
            by,
        }
    }

    /// Whether both are about the same, in whatever language.
    pub fn is_the_same_as(&self, other: &Self) -> bool {
        let other = Self {
            address: self.address.clone(),
            ..other.clone()
        };
        *self == other
    }
}

impl Paper<Closing> {
    /// What was signed to end a registration.
    ///
    /// # Errors
    /// What keeps these octets from being such a document.
    pub fn read(octets: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(octets)
    }
}

impl From<&Term> for Days {
    fn from(term: &Term) -> Self {
        Self {
            kind: term.kind(),
            starts_on: term.from(),
            ends_on: term.until(),
            months: term.months(),
        }
    }
}

fn instant<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Millis, true))
}
