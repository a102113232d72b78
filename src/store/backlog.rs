//! How much of something waits to be done.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Timestamptz};

/// What waits, whatever it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
pub struct Backlog {
    /// How much.
    #[diesel(sql_type = BigInt)]
    pub waiting: i64,
    /// Since when the oldest of it does.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub oldest: Option<DateTime<Utc>>,
}
