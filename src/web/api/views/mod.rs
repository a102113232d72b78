//! What the API shows, and to whom.

mod application;
mod attachment;
mod duty;
mod party;
mod registration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub use application::{AnswersView, ApplicationView, EventView};
pub use attachment::AttachmentView;
pub use duty::{ConsequenceView, ConsequencesView, DutyView, OwnerConsequencesView};
pub(super) use party::number;
pub use party::{ConsentView, NumberView, ResidentView};
pub use registration::{RegistrationView, RemovalView};

use crate::domain::{Address, Document};

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

impl From<&Address> for AddressView {
    fn from(address: &Address) -> Self {
        Self {
            kk: address.kk.clone(),
            ru: address.ru.clone(),
            en: address.en.clone(),
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
