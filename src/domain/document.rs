//! The bytes that a person signs.

use chrono::{DateTime, Utc};

use super::{ConsentId, DocumentId, Language, RegistrationId, Signatory};

/// Length of a nonce in bytes: 256 bits, so that none is ever drawn twice.
pub const NONCE_LENGTH: usize = 32;

/// A number that was never used before; it ties a signature to one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nonce(pub [u8; NONCE_LENGTH]);

/// What a signature over a document means. It stands in the signed bytes, so a
/// signature given for one purpose is worth nothing for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Purpose {
    /// The applicant applies.
    Application,
    /// A party consents.
    Consent(ConsentId),
    /// A resident ends a registration.
    Leaving(RegistrationId),
    /// An owner demands the end of a registration.
    Removal(RegistrationId),
    /// A person shows who they are; nothing else follows from it.
    Login,
}

impl Purpose {
    /// The consent that is asked for, if it is one.
    pub fn consent(self) -> Option<ConsentId> {
        match self {
            Self::Consent(id) => Some(id),
            Self::Application | Self::Leaving(_) | Self::Removal(_) | Self::Login => None,
        }
    }

    /// The registration that it is about to end, if it is.
    pub fn registration(self) -> Option<RegistrationId> {
        match self {
            Self::Leaving(id) | Self::Removal(id) => Some(id),
            Self::Application | Self::Consent(_) | Self::Login => None,
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
    /// Who is to sign it; absent where anybody may, to show who they are.
    pub signatory: Option<Signatory>,
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
