//! The arithmetic of days and months, on month ends, leap years and at midnight.

use chrono::{Datelike, Days, NaiveDate, TimeDelta};
use proptest::prelude::*;

use super::{Answerable, Consequence, Measure, Record};
use crate::domain::{MONTHS, Period, midnight, today};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    // From 1990 to 2099: leap years, and no end of the calendar.
    (0_u64..40_177).prop_map(|days| day("1990-01-01") + Days::new(days))
}

fn resident(arrived: NaiveDate, on: NaiveDate) -> Consequence {
    Consequence::of(arrived, on, Answerable::Resident, Record::Clean)
}

#[track_caller]
fn due(arrived: &str, due_on: &str) {
    assert_eq!(
        resident(day(arrived), day(arrived)).due_on,
        day(due_on),
        "{arrived}"
    );
}

#[test]
fn the_duty_runs_over_the_ends_of_months_and_years() {
    due("2026-01-31", "2026-02-10");
    due("2026-02-20", "2026-03-02");
    due("2028-02-20", "2028-03-01");
    due("2026-12-25", "2027-01-04");
}

#[track_caller]
fn a_month_ends(arrived: &str, last: &str) {
    let last = day(last);
    assert_eq!(
        resident(day(arrived), last).measure,
        Measure::Warning,
        "{last}"
    );
    let next = last.succ_opt().unwrap();
    assert!(matches!(
        resident(day(arrived), next).measure,
        Measure::Fine { .. }
    ));
}

#[test]
fn more_than_a_month_is_more_than_a_calendar_month() {
    a_month_ends("2026-01-31", "2026-02-28");
    a_month_ends("2028-01-31", "2028-02-29");
    a_month_ends("2028-02-29", "2028-03-29");
    a_month_ends("2026-02-28", "2026-03-28");
    a_month_ends("2026-12-31", "2027-01-31");
}

#[test]
fn a_period_ends_at_midnight_in_almaty() {
    let period = Period::new(day("2026-01-31"), 1).unwrap();
    let end = midnight(period.until().succ_opt().unwrap());
    assert_eq!(end.to_rfc3339(), "2026-02-28T19:00:00+00:00");
    assert_eq!(today(end - TimeDelta::seconds(1)), period.until());
    assert_eq!(today(end), day("2026-03-01"));
}

#[test]
fn the_leap_day_begins_and_ends_like_any_other() {
    let start = midnight(day("2028-02-29"));
    assert_eq!(start.to_rfc3339(), "2028-02-28T19:00:00+00:00");
    assert_eq!(
        midnight(day("2028-03-01")).to_rfc3339(),
        "2028-02-29T19:00:00+00:00"
    );
}

proptest! {
    #[test]
    fn months_are_never_longer_than_thirty_one_days_each(from in any_day(), months in MONTHS) {
        let until = Period::new(from, months).unwrap().until();
        prop_assert!(until <= from + Days::new(u64::from(months) * 31));
        prop_assert!(until >= from + Days::new(u64::from(months) * 28));
    }

    #[test]
    fn a_term_of_months_ends_on_the_same_day_or_the_last_of_its_month(
        from in any_day(), months in MONTHS,
    ) {
        let until = Period::new(from, months).unwrap().until();
        let last = until.succ_opt().unwrap().day() == 1;
        prop_assert!(until.day() == from.day() || (last && until.day() < from.day()));
        prop_assert_eq!((from.month0() + months) % 12, until.month0());
    }

    #[test]
    fn who_starts_earlier_does_not_end_later(a in any_day(), b in any_day(), months in MONTHS) {
        let (first, second) = (a.min(b), a.max(b));
        let until = |from| Period::new(from, months).unwrap().until();
        prop_assert!(until(first) <= until(second));
    }

    #[test]
    fn more_months_end_later(from in any_day(), fewer in MONTHS, more in MONTHS) {
        prop_assume!(fewer < more);
        let until = |months| Period::new(from, months).unwrap().until();
        prop_assert!(until(fewer) < until(more));
    }

    #[test]
    fn the_day_of_midnight_is_that_day_and_lasts_until_the_next(at in any_day()) {
        let next = at.succ_opt().unwrap();
        prop_assert_eq!(today(midnight(at)), at);
        prop_assert_eq!(midnight(next) - midnight(at), TimeDelta::days(1));
        prop_assert_eq!(today(midnight(next) - TimeDelta::nanoseconds(1)), at);
    }

    #[test]
    fn lateness_counts_from_the_tenth_day_after_the_arrival(
        arrived in any_day(), after in 0_u64..800,
    ) {
        let consequence = resident(arrived, arrived + Days::new(after));
        prop_assert_eq!(consequence.due_on, arrived + Days::new(10));
        prop_assert_eq!(u64::from(consequence.late_days), after.saturating_sub(10));
    }

    #[test]
    fn waiting_never_makes_it_milder(arrived in any_day(), sooner in 0_u64..800, longer in 0_u64..800) {
        let weight = |days| match resident(arrived, arrived + Days::new(days)).measure {
            Measure::None => 0,
            Measure::Warning => 1,
            Measure::Fine { indices, .. } => indices,
            Measure::Unknown => u32::MAX,
        };
        prop_assert!(weight(sooner.min(longer)) <= weight(sooner.max(longer)));
    }
}
