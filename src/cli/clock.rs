//! The clock of the machine.

use std::time::SystemTime;

use chrono::{DateTime, Utc};

/// Now, by the clock of this machine.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the clock"
)]
pub(super) fn now() -> DateTime<Utc> {
    DateTime::from(SystemTime::now())
}
