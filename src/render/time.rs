//! Days and moments as people in Kazakhstan write them, alike in all three languages.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::{midnight, today};

/// A day: 31.01.2027.
pub fn day(day: NaiveDate) -> String {
    day.format("%d.%m.%Y").to_string()
}

/// A moment by the clocks of Kazakhstan, to the minute: 31.01.2027 14:05.
pub fn moment(at: DateTime<Utc>) -> String {
    let today = today(at);
    let minutes = (at - midnight(today)).num_minutes();
    format!("{} {:02}:{:02}", day(today), minutes / 60, minutes % 60)
}
