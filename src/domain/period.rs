//! Dates of a stay: how long, and from when.

use std::ops::RangeInclusive;

use chrono::{DateTime, FixedOffset, Months, NaiveDate, NaiveTime, TimeZone, Utc};

/// Whole months for which one may register temporarily ("period from 1 to 12
/// months" on the portal; a stay of up to one month needs no registration).
pub const MONTHS: RangeInclusive<u32> = 1..=12;

/// How far ahead a stay may be announced or extended, so that an application is about a
/// dwelling that will still be owned by the people who are asked.
const AHEAD: Months = Months::new(1);

/// How far back an arrival may lie: longer ago than the longest registration
/// there is nothing left to register.
const BACK: Months = Months::new(12);

/// How long nobody has lived.
const LIFE: Months = Months::new(12 * 130);

/// The time of Kazakhstan: UTC+5 everywhere since 1 March 2024.
const OFFSET_SECONDS: i32 = 5 * 3600;

/// A registration's days, from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    from: NaiveDate,
    until: NaiveDate,
    months: u32,
}

/// These dates make no period of temporary registration.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotAPeriod {
    /// Temporary registration is for 1 to 12 whole months.
    #[error("a temporary registration lasts from 1 to 12 months")]
    Months,
    /// Nobody registers for days before the arrival.
    #[error("the period starts before the arrival")]
    BeforeArrival,
    /// More than a month ahead.
    #[error("the period starts more than one month from today")]
    TooFarAhead,
    /// A permanent registration takes the place of the former at once.
    #[error("a permanent registration starts today or earlier")]
    NotYet,
    /// There would be nothing left to register.
    #[error("the last day of the period is over")]
    Over,
    /// More than twelve months ago.
    #[error("the arrival is more than twelve months ago")]
    TooLongAgo,
    /// Before anybody who lives today was born.
    #[error("the arrival is before the birth of anybody who lives")]
    BeforeBirth,
    /// An extension begins on the day after the last one.
    #[error("an extension begins on the day after the registration's last")]
    Gap,
    /// A date beyond the calendar.
    #[error("the dates are beyond the calendar")]
    Calendar,
}

impl NotAPeriod {
    /// The rule that stands behind it. How far back and ahead one may register, and
    /// that an extension leaves no gap, are our own assumptions.
    pub fn law(&self) -> Option<&'static str> {
        match self {
            Self::Months => Some(
                "Service of temporary registration (order No 267 of 30.03.2020, annex 5), as the \
                 portal provides it: for 1 to 12 months",
            ),
            Self::BeforeArrival
            | Self::TooFarAhead
            | Self::TooLongAgo
            | Self::BeforeBirth
            | Self::NotYet
            | Self::Over
            | Self::Gap
            | Self::Calendar => None,
        }
    }
}

impl Period {
    /// The period of `months` whole months that starts on `from`.
    ///
    /// A term of months ends on the same day of its last month, or on the last
    /// day of that month when it has no such day (Civil Code, article 173).
    ///
    /// # Errors
    /// [`NotAPeriod::Months`] outside [`MONTHS`], [`NotAPeriod::Calendar`] for
    /// dates that no calendar holds.
    pub fn new(from: NaiveDate, months: u32) -> Result<Self, NotAPeriod> {
        if !MONTHS.contains(&months) {
            return Err(NotAPeriod::Months);
        }
        let until = from
            .checked_add_months(Months::new(months))
            .ok_or(NotAPeriod::Calendar)?;
        Ok(Self {
            from,
            until,
            months,
        })
    }

    /// The first day.
    pub fn from(&self) -> NaiveDate {
        self.from
    }

    /// The last day; the registration ends with it.
    pub fn until(&self) -> NaiveDate {
        self.until
    }

    /// The length in whole months.
    pub fn months(&self) -> u32 {
        self.months
    }
}

/// The last day on which a stay may begin that is announced today.
pub(super) fn ahead(today: NaiveDate) -> Result<NaiveDate, NotAPeriod> {
    today.checked_add_months(AHEAD).ok_or(NotAPeriod::Calendar)
}

/// The first day on which a stay may be announced that begins on `day`.
pub(super) fn early(day: NaiveDate) -> Option<NaiveDate> {
    let early = day.checked_sub_months(AHEAD)?;
    // A month before the 31st of March is the 28th of February, and a month after
    // that the 28th of March.
    match ahead(early) {
        Ok(latest) if latest >= day => Some(early),
        Ok(_) | Err(_) => early.succ_opt(),
    }
}

/// The first day of arrival for which one may register today.
pub(super) fn back(today: NaiveDate) -> Result<NaiveDate, NotAPeriod> {
    today.checked_sub_months(BACK).ok_or(NotAPeriod::Calendar)
}

/// The first day of arrival of anybody who lives today.
pub(super) fn earliest(today: NaiveDate) -> Result<NaiveDate, NotAPeriod> {
    today.checked_sub_months(LIFE).ok_or(NotAPeriod::Calendar)
}

/// The calendar day in Kazakhstan at a moment.
pub fn today(now: DateTime<Utc>) -> NaiveDate {
    match FixedOffset::east_opt(OFFSET_SECONDS) {
        Some(offset) => now.with_timezone(&offset).date_naive(),
        None => now.date_naive(),
    }
}

/// The moment at which a calendar day begins in Kazakhstan.
pub fn midnight(day: NaiveDate) -> DateTime<Utc> {
    let local = Utc.from_utc_datetime(&day.and_time(NaiveTime::MIN));
    local - chrono::TimeDelta::seconds(i64::from(OFFSET_SECONDS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Term;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[track_caller]
    fn ends(from: &str, months: u32, until: &str) {
        assert_eq!(Period::new(day(from), months).unwrap().until(), day(until));
    }

    #[test]
    fn a_term_of_months_ends_on_the_same_day_or_the_last_of_the_month() {
        ends("2026-01-15", 1, "2026-02-15");
        ends("2026-01-31", 1, "2026-02-28");
        ends("2028-01-31", 1, "2028-02-29");
        ends("2028-02-29", 12, "2029-02-28");
        ends("2026-08-31", 6, "2027-02-28");
    }

    #[test]
    fn only_one_to_twelve_months_make_a_period() {
        assert_eq!(Period::new(day("2026-01-01"), 0), Err(NotAPeriod::Months));
        assert_eq!(Period::new(day("2026-01-01"), 13), Err(NotAPeriod::Months));
        assert_eq!(Period::new(NaiveDate::MAX, 1), Err(NotAPeriod::Calendar));
    }

    #[track_caller]
    fn follows(from: &str, arrived: &str, today: &str, expected: Result<(), NotAPeriod>) {
        let period = Period::new(day(from), 3).unwrap();
        assert_eq!(
            Term::Temporary(period).may_follow(day(arrived), day(today)),
            expected
        );
    }

    #[test]
    fn a_period_starts_between_the_arrival_and_a_month_from_today() {
        follows("2026-11-20", "2026-11-20", "2026-11-23", Ok(()));
        follows("2026-12-23", "2026-11-20", "2026-11-23", Ok(()));
        follows(
            "2026-11-19",
            "2026-11-20",
            "2026-11-23",
            Err(NotAPeriod::BeforeArrival),
        );
        follows(
            "2026-12-24",
            "2026-11-20",
            "2026-11-23",
            Err(NotAPeriod::TooFarAhead),
        );
        follows(
            "2026-11-20",
            "2025-11-22",
            "2026-11-23",
            Err(NotAPeriod::TooLongAgo),
        );
    }

    #[test]
    fn nobody_asks_for_days_that_are_all_past() {
        follows("2026-08-23", "2026-08-23", "2026-11-23", Ok(()));
        let over = Err(NotAPeriod::Over);
        follows("2026-08-22", "2026-08-22", "2026-11-23", over);
        let before = Term::Temporary(Period::new(day("2026-06-20"), 1).unwrap());
        let after = Term::Temporary(Period::new(day("2026-07-21"), 2).unwrap());
        assert_eq!(after.may_extend(&before, day("2026-09-21")), Ok(()));
        let late = after.may_extend(&before, day("2026-09-22"));
        assert_eq!(late, Err(NotAPeriod::Over));
    }

    #[test]
    fn a_permanent_registration_starts_no_later_than_today_and_looks_back_without_end() {
        let from = Term::Permanent(day("2026-11-23"));
        let arrived = day("2011-03-01");
        assert_eq!(from.may_follow(arrived, day("2026-11-23")), Ok(()));
        let ahead = from.may_follow(arrived, day("2026-11-22"));
        assert_eq!(ahead, Err(NotAPeriod::NotYet));
    }

    #[test]
    fn a_stay_may_be_announced_from_the_first_day_that_is_not_too_early() {
        let mut begins = day("2027-01-01");
        while begins < day("2028-06-01") {
            let first = early(begins).unwrap();
            assert!(ahead(first).unwrap() >= begins, "{begins}");
            let before = first.pred_opt().unwrap();
            assert!(ahead(before).unwrap() < begins, "{begins}");
            begins = begins.succ_opt().unwrap();
        }
    }

    #[test]
    fn a_registration_may_be_extended_a_month_before_the_day_after_its_last() {
        let term = Term::Temporary(Period::new(day("2026-11-29"), 2).unwrap());
        assert_eq!(term.until(), Some(day("2027-01-29")));
        let first = term.extendable_from().unwrap();
        assert_eq!(first, day("2026-12-30"));
        let next = Term::Temporary(Period::new(day("2027-01-30"), 1).unwrap());
        assert_eq!(next.may_extend(&term, first), Ok(()));
        let early = next.may_extend(&term, day("2026-12-29"));
        assert_eq!(early, Err(NotAPeriod::TooFarAhead));
        assert_eq!(Term::Permanent(day("2026-11-29")).extendable_from(), None);
    }

    #[test]
    fn a_day_begins_at_nineteen_hours_utc_of_the_day_before() {
        let start = midnight(day("2026-11-23"));
        assert_eq!(start.to_rfc3339(), "2026-11-22T19:00:00+00:00");
        assert_eq!(today(start), day("2026-11-23"));
        assert_eq!(
            today(start - chrono::TimeDelta::seconds(1)),
            day("2026-11-22")
        );
    }
}
