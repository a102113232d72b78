//! Signatures that wait for their evidence, as they are shown.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::{ConsentId, Language};
use crate::flow::Waiting;
use crate::render::pending;

/// A signature that was received and does not count until its evidence has come.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WaitingView {
    /// The consent it would give; absent for the resident's own signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<Uuid>,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// How often evidence was looked for since.
    pub attempts: i32,
    /// When it will be looked for again.
    pub next_attempt_at: DateTime<Utc>,
    /// When it is refused if there is still no evidence.
    pub give_up_at: DateTime<Utc>,
    /// What was missing the last time (ETSI EN 319 102-1).
    #[schema(example = "TRY_LATER")]
    pub sub_indication: String,
    /// The same in plain words.
    pub explanation: WordsView,
}

/// Words in three languages.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct WordsView {
    /// In Kazakh.
    pub kk: &'static str,
    /// In Russian.
    pub ru: &'static str,
    /// In English.
    pub en: &'static str,
}

impl From<&Waiting> for WaitingView {
    fn from(waiting: &Waiting) -> Self {
        Self {
            consent: waiting.purpose.consent().map(ConsentId::uuid),
            received_at: waiting.received_at,
            attempts: waiting.attempts,
            next_attempt_at: waiting.next_attempt_at,
            give_up_at: waiting.give_up_at,
            sub_indication: waiting.trouble.clone(),
            explanation: WordsView {
                kk: pending::words(Language::Kk),
                ru: pending::words(Language::Ru),
                en: pending::words(Language::En),
            },
        }
    }
}
