//! The documents that people sign: canonical JSON (RFC 8785) with the fields a
//! machine reads, the statement a person reads, and what ties a signature to
//! one purpose and one moment.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::statement;
use crate::domain::{Application, Consent, Language, Nonce, Purpose};
use crate::eds::Digest;

/// What is decided anew for each document that is issued.
#[derive(Clone, Copy, Debug)]
pub struct Issue {
    /// The language of the statement.
    pub language: Language,
    /// A number never used before.
    pub nonce: Nonce,
    /// Now.
    pub issued_at: DateTime<Utc>,
    /// The last moment at which a signature over it is taken.
    pub expires_at: DateTime<Utc>,
}

/// The bytes could not be written; a string in them is no Unicode text.
#[derive(Debug, thiserror::Error)]
#[error("the document cannot be written as canonical JSON")]
pub struct Unwritable(#[from] serde_json::Error);

/// The document that the resident signs.
///
/// # Errors
/// [`Unwritable`], which no valid application leads to.
pub fn application(application: &Application, issue: &Issue) -> Result<Vec<u8>, Unwritable> {
    write(&Paper {
        purpose: purpose(Purpose::Application),
        statement: statement::application(application, issue.language),
        what: Registration::of(application, issue.language),
        consent: None,
        issue: Issued::from(issue),
    })
}

/// The document that an owner signs; `signed` is the digest of the bytes that
/// the resident signed.
///
/// # Errors
/// [`Unwritable`], which no valid application leads to.
pub fn consent(
    application: &Application,
    consent: &Consent,
    signed: &Digest,
    issue: &Issue,
) -> Result<Vec<u8>, Unwritable> {
    write(&Paper {
        purpose: purpose(Purpose::Consent(consent.id)),
        statement: statement::consent(application, &consent.owner, issue.language),
        what: Registration::of(application, issue.language),
        consent: Some(OwnersPart {
            consent: consent.id.to_string(),
            owner_iin: consent.owner.as_str(),
            application_sha256: signed.to_string(),
        }),
        issue: Issued::from(issue),
    })
}

/// The document that a person signs to sign in at `origin`.
///
/// # Errors
/// [`Unwritable`], which no origin leads to.
pub fn login(origin: &str, issue: &Issue) -> Result<Vec<u8>, Unwritable> {
    write(&Challenge {
        purpose: purpose(Purpose::Login),
        statement: statement::login(origin, issue.language),
        origin,
        issue: Issued::from(issue),
    })
}

/// The name by which signed bytes say what they are for.
fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Application => "kelisim/application/v1",
        Purpose::Consent(_) => "kelisim/consent/v1",
        Purpose::Login => "kelisim/login/v1",
    }
}

#[derive(Serialize)]
struct Paper<'a> {
    purpose: &'static str,
    statement: String,
    #[serde(flatten)]
    what: Registration<'a>,
    #[serde(flatten)]
    consent: Option<OwnersPart<'a>>,
    #[serde(flatten)]
    issue: Issued,
}

#[derive(Serialize)]
struct Registration<'a> {
    application: String,
    kind: &'static str,
    resident_iin: &'a str,
    resident_name: &'a str,
    rka: &'a str,
    address: &'a str,
    starts_on: String,
    ends_on: String,
    months: u32,
    arrived_on: String,
}

#[derive(Serialize)]
struct OwnersPart<'a> {
    consent: String,
    owner_iin: &'a str,
    application_sha256: String,
}

#[derive(Serialize)]
struct Challenge<'a> {
    purpose: &'static str,
    statement: String,
    origin: &'a str,
    #[serde(flatten)]
    issue: Issued,
}

#[derive(Serialize)]
struct Issued {
    language: &'static str,
    nonce: String,
    issued_at: String,
    expires_at: String,
}

impl<'a> Registration<'a> {
    fn of(application: &'a Application, language: Language) -> Self {
        Self {
            application: application.id.to_string(),
            kind: "temporary",
            resident_iin: application.resident.iin.as_str(),
            resident_name: &application.resident.name,
            rka: application.rka.as_str(),
            address: application.address.in_language(language),
            starts_on: application.period.from().to_string(),
            ends_on: application.period.until().to_string(),
            months: application.period.months(),
            arrived_on: application.arrived.to_string(),
        }
    }
}

impl From<&Issue> for Issued {
    fn from(issue: &Issue) -> Self {
        Self {
            language: issue.language.code(),
            nonce: hex(&issue.nonce.0),
            issued_at: instant(issue.issued_at),
            expires_at: instant(issue.expires_at),
        }
    }
}

/// Any value as canonical JSON (RFC 8785).
///
/// # Errors
/// [`Unwritable`] when it has no such form.
pub fn canonical<T: Serialize>(value: &T) -> Result<String, Unwritable> {
    Ok(serde_json_canonicalizer::to_string(value)?)
}

fn write<T: Serialize>(paper: &T) -> Result<Vec<u8>, Unwritable> {
    Ok(serde_json_canonicalizer::to_vec(paper)?)
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
