//! What is attached, without its octets.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::attachment::Attachment;
use crate::flow::Reply;

/// An attachment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AttachmentView {
    /// Its identifier.
    pub id: Uuid,
    /// `paper_consent`, `power_of_attorney`, `identity_document`, `lease` or `other`.
    #[schema(example = "paper_consent")]
    pub kind: &'static str,
    /// `application/pdf`, `image/jpeg` or `image/png`.
    #[schema(example = "application/pdf")]
    pub media_type: &'static str,
    /// The SHA-256 of its octets, as it stands in what the operator signs.
    pub sha256: String,
    /// How many octets it has.
    #[schema(example = 48211)]
    pub size: usize,
    /// The name under which it is shown.
    #[schema(example = "Келісім.pdf")]
    pub name: String,
    /// When it was added.
    pub added_at: DateTime<Utc>,
}

impl AttachmentView {
    /// The answer that shows the one that was added.
    pub fn reply(attachment: &Attachment) -> Reply {
        Reply {
            status: 201,
            body: serde_json::to_string(&Self::from(attachment)).unwrap_or_default(),
        }
    }
}

impl From<&Attachment> for AttachmentView {
    fn from(attachment: &Attachment) -> Self {
        Self {
            id: attachment.id.uuid(),
            kind: attachment.what.kind.into(),
            media_type: attachment.what.media_type.into(),
            sha256: attachment.what.sha256.to_string(),
            size: attachment.size,
            name: attachment.name.clone(),
            added_at: attachment.added_at,
        }
    }
}
