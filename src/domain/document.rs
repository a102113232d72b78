//! The bytes that a person signs.

use chrono::{DateTime, Utc};

use super::{ConsentId, DocumentId, Language};

/// Length of a nonce in bytes: 256 bits, so that none is ever drawn twice.
pub const NONCE_LENGTH: usize = 32;

/// A number that was never used before; it ties a signature to one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nonce(pub [u8; NONCE_LENGTH]);

/// What a signature over a document means. It stands in the signed bytes, so a
/// signature given for one purpose is worth nothing for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The resident applies.
    Application,
    /// An owner consents.
    Consent(ConsentId),
    /// A person shows who they are; nothing else follows from it.
    Login,
}

impl Purpose {
    /// The consent that is asked for, if it is one.
    pub fn consent(self) -> Option<ConsentId> {
        match self {
            Self::Consent(id) => Some(id),
            Self::Application | Self::Login => None,
        }
    }
}

/// A document that the service issued: stored once, signed as it is, and the
/// only bytes that count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its identifier.
    pub id: DocumentId,
    /// What a signature over it means.
    pub purpose: Purpose,
    /// The language of the statement in it.
    pub language: Language,
    /// The bytes to be signed (RFC 8785 canonical JSON).
    pub bytes: Vec<u8>,
    /// The nonce in the bytes; it proves that no signature is older than `issued_at`.
    pub nonce: Nonce,
    /// When the service made it.
    pub issued_at: DateTime<Utc>,
    /// The last moment at which a signature over it is taken.
    pub expires_at: DateTime<Utc>,
}
