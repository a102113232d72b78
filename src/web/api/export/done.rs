//! What a person did and tried, what they were told, and when they signed in.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::{Actor, ApplicationId, ConsentId, Event, Language, RegistrationId};
use crate::eds::Bin;
use crate::flow::export::Refused;
use crate::flow::{Kept, Past};
use crate::render::notice;
use crate::web::api::notices::about;

/// Something that you did.
#[derive(Serialize, ToSchema)]
pub(super) struct EventLine {
    pub(super) application: Uuid,
    pub(super) version: i64,
    pub(super) kind: &'static str,
    pub(super) state: &'static str,
    /// The organisation for which you did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) registration: Option<Uuid>,
    pub(super) at: DateTime<Utc>,
}

/// Something that you were told.
#[derive(Serialize, ToSchema)]
pub(super) struct NoticeLine {
    pub(super) id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) application: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) invitation: Option<Uuid>,
    pub(super) topic: &'static str,
    pub(super) text: String,
    pub(super) created_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) read_at: Option<DateTime<Utc>>,
}

/// A time when you were signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionLine {
    pub(super) id: Uuid,
    /// The organisation with whose certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bin: Option<String>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) seen_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ended_at: Option<DateTime<Utc>>,
}

/// A signature that you offered and that was refused.
#[derive(Serialize, ToSchema)]
pub(super) struct RefusalLine {
    pub(super) id: Uuid,
    pub(super) application: Uuid,
    /// The consent it was offered for; absent when it was offered for the application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) consent: Option<Uuid>,
    /// The reason as the answer gave it.
    #[schema(example = "CONSENT/WRONG_SIGNER")]
    pub(super) code: String,
    /// The SHA-256 of what was offered.
    pub(super) sha256: String,
    pub(super) refused_at: DateTime<Utc>,
}

impl From<&(ApplicationId, Event)> for EventLine {
    fn from((application, event): &(ApplicationId, Event)) -> Self {
        let organisation = match &event.actor {
            Actor::Member(member) => Some(&member.bin),
            Actor::Person(_) | Actor::Clock | Actor::Register => None,
        };
        Self {
            application: application.uuid(),
            version: event.version,
            kind: event.kind.into(),
            state: event.state.into(),
            bin: organisation.map(|bin: &Bin| bin.as_str().to_owned()),
            registration: event.registration.map(RegistrationId::uuid),
            at: event.at,
        }
    }
}

impl NoticeLine {
    pub(super) fn new(kept: &Kept, language: Language) -> Self {
        let (application, invitation) = about(kept);
        Self {
            id: kept.id,
            application,
            invitation,
            topic: kept.topic.into(),
            text: notice::text(kept.topic, (&kept.facts, kept.created_at), language),
            created_at: kept.created_at,
            read_at: kept.read_at,
        }
    }
}

impl From<&Past> for SessionLine {
    fn from(past: &Past) -> Self {
        let session = &past.session;
        let organisation = session.organisation.as_ref();
        Self {
            id: session.id,
            bin: organisation.map(|(bin, _)| bin.as_str().to_owned()),
            created_at: session.created_at,
            seen_at: session.seen_at,
            expires_at: session.expires_at,
            ended_at: past.ended_at,
        }
    }
}

impl From<&Refused> for RefusalLine {
    fn from(refused: &Refused) -> Self {
        Self {
            id: refused.id,
            application: refused.application.uuid(),
            consent: refused.consent.map(ConsentId::uuid),
            code: refused.code.clone(),
            sha256: refused.signature.to_string(),
            refused_at: refused.at,
        }
    }
}
