//! The documents that people sign: canonical JSON (RFC 8785) with the fields a
//! machine reads, the statement a person reads, and what ties a signature to
//! one purpose and one moment.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::statement;
use crate::domain::paper::{
    Agreement, Answer, Closing, Confirmation, Initiator, Issued, Paper, Request,
    {APPLICATION, CONFIRMATION, CONSENT, LEAVING, LOGIN, REMOVAL},
};
use crate::domain::{
    Application, Consent, Delegate, Holder, Language, Leaver, Nonce, Registration,
};
use crate::eds::Digest;

mod canonical;

pub use canonical::canonical;

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

/// The document that the applicant signs.
///
/// # Errors
/// [`Unwritable`], which no valid application leads to.
pub fn application(application: &Application, issue: &Issue) -> Result<Vec<u8>, Unwritable> {
    let statement = statement::application(application, issue.language);
    let request = Request::of(application, issue.language);
    issue.write(APPLICATION, statement, request)
}

/// The document that a party signs, or the delegate in the party's place;
/// `signed` is the digest of the bytes that the applicant signed.
///
/// # Errors
/// [`Unwritable`], which no valid application leads to.
pub fn consent(
    application: &Application,
    consent: &Consent,
    delegate: Option<&Delegate>,
    signed: &Digest,
    issue: &Issue,
) -> Result<Vec<u8>, Unwritable> {
    let statement = statement::consent(application, consent, delegate, issue.language);
    let agreement = Agreement {
        request: Request::of(application, issue.language),
        answer: Answer::of(consent, delegate),
        application_sha256: signed.to_string(),
    };
    issue.write(CONSENT, statement, agreement)
}

/// The document by which the resident, or whoever speaks for the resident, ends
/// a registration.
///
/// # Errors
/// [`Unwritable`], which no valid application leads to.
pub fn leaving(
    application: &Application,
    registration: &Registration,
    by: &Leaver,
    issue: &Issue,
) -> Result<Vec<u8>, Unwritable> {
    let statement = statement::leaving(application, registration, by, issue.language);
    let by = Some(Initiator::leaver(by));
    let closing = Closing::of(application, registration, by, issue.language);
    issue.write(LEAVING, statement, closing)
}

/// The document by which this owner, or the delegate in the owner's place, demands the
/// end of a registration.
///
/// # Errors
/// [`Unwritable`], which no valid application leads to.
pub fn removal(
    application: &Application,
    registration: &Registration,
    (by, delegate): (&Holder, Option<&Delegate>),
    issue: &Issue,
) -> Result<Vec<u8>, Unwritable> {
    let demands = (by, delegate);
    let statement = statement::removal(application, registration, demands, issue.language);
    let by = Some(Initiator::owner(by, delegate));
    let closing = Closing::of(application, registration, by, issue.language);
    issue.write(REMOVAL, statement, closing)
}

/// The document by which another owner, or the delegate in the owner's place,
/// confirms the demand; `demanded` are the bytes that the first owner signed.
///
/// # Errors
/// [`Unwritable`] when these are no demand.
pub fn confirmation(
    application: &Application,
    registration: &Registration,
    (consent, delegate): (&Consent, Option<&Delegate>),
    demanded: &[u8],
    issue: &Issue,
) -> Result<Vec<u8>, Unwritable> {
    let answer = (consent, delegate);
    let statement = statement::confirmation(application, registration, answer, issue.language);
    let by = Paper::read(demanded)?.matter.by;
    let confirmation = Confirmation {
        closing: Closing::of(application, registration, by, issue.language),
        answer: Answer::of(consent, delegate),
        demand_sha256: Digest::of(demanded).to_string(),
    };
    issue.write(CONFIRMATION, statement, confirmation)
}

/// The document that a person signs to sign in at `origin`.
///
/// # Errors
/// [`Unwritable`], which no origin leads to.
pub fn login(origin: &str, issue: &Issue) -> Result<Vec<u8>, Unwritable> {
    let statement = statement::login(origin, issue.language);
    issue.write(LOGIN, statement, Challenge { origin })
}

#[derive(Serialize)]
struct Challenge<'a> {
    origin: &'a str,
}

impl Issue {
    fn write<T: Serialize>(
        &self,
        purpose: &str,
        statement: String,
        matter: T,
    ) -> Result<Vec<u8>, Unwritable> {
        let paper = Paper {
            purpose: purpose.to_owned(),
            statement,
            matter,
            issued: Issued {
                language: self.language,
                nonce: hex(&self.nonce.0),
                issued_at: self.issued_at,
                expires_at: self.expires_at,
            },
        };
        Ok(serde_json_canonicalizer::to_vec(&paper)?)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
