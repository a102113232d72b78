//! The three instants that bound when a signature can have been made.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// When a signature was possible, held, and judged.
///
/// A signature over a document that carries a fresh nonce cannot be older than
/// the nonce, and cannot be younger than the instant at which we already hold
/// it: two proofs of existence that need no time-stamp
/// (ETSI EN 319 102-1 section 5.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// When the signed document's nonce was issued; `None` when nothing in the
    /// document proves that the signature is not older.
    pub issued: Option<DateTime<Utc>>,
    /// When the signature was in our hands; the time of signing as long as no
    /// time-stamp says otherwise.
    pub received: DateTime<Utc>,
    /// When it is judged: revocation data must be fresh as of this instant.
    pub now: DateTime<Utc>,
}

impl Moment {
    /// A signature of unknown age, received and judged at the same instant.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self {
            issued: None,
            received: now,
            now,
        }
    }

    /// A signature over a document issued at `issued`, received and judged at `now`.
    #[must_use]
    pub fn between(issued: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        Self {
            issued: Some(issued),
            received: now,
            now,
        }
    }
}
