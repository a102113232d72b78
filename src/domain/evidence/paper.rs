//! What a signed document says, as far as evidence hangs on it.

use chrono::{DateTime, Utc};
use serde::Deserialize;

/// The fields of a signed document that a verdict looks at; the others are for
/// people.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Paper {
    pub(super) purpose: String,
    pub(super) application: String,
    pub(super) resident_iin: String,
    pub(super) rka: String,
    pub(super) starts_on: String,
    pub(super) ends_on: String,
    pub(super) consent: Option<String>,
    pub(super) owner_iin: Option<String>,
    pub(super) application_sha256: Option<String>,
    pub(super) issued_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
}

/// What the resident signs.
pub(super) const APPLICATION: &str = "kelisim/application/v1";
/// What an owner signs.
pub(super) const CONSENT: &str = "kelisim/consent/v1";

impl Paper {
    /// Reads a document. A field that stands there twice is refused: two readers
    /// might see two documents.
    pub(super) fn read(octets: &[u8]) -> Option<Self> {
        serde_json::from_slice(octets).ok()
    }

    /// Whether both ask for the same registration.
    pub(super) fn is_about_the_same_as(&self, other: &Self) -> bool {
        let what = |paper: &Self| {
            (
                paper.application.clone(),
                paper.resident_iin.clone(),
                paper.rka.clone(),
                paper.starts_on.clone(),
                paper.ends_on.clone(),
            )
        };
        what(self) == what(other)
    }
}
