//! The monthly calculation index, in which fines and payments are counted.

use std::fmt;

use chrono::NaiveDate;

/// An amount of money in whole tenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tenge(pub u64);

/// What is counted in the index: in 2022 it had two values at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IndexPurpose {
    /// Fines, taxes and other payments to the state.
    Fines,
    /// Pensions, benefits and other social payments.
    SocialPayments,
}

impl Tenge {
    /// So many times as much.
    pub fn times(self, count: u32) -> Self {
        Self(self.0.saturating_mul(count.into()))
    }
}

impl fmt::Display for Tenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} KZT", self.0)
    }
}

/// The index on a day for a purpose; nothing for days that no source covers.
pub fn index(on: NaiveDate, purpose: IndexPurpose) -> Option<Tenge> {
    let mut rows = INDICES.iter();
    let row = rows.find(|row| row.holds(on) && row.purposes.contains(&purpose))?;
    Some(Tenge(row.tenge))
}

/// A value of the index.
struct Row {
    /// First day: year, month, day.
    from: (i32, u32, u32),
    /// Last day.
    until: (i32, u32, u32),
    /// What it is for.
    purposes: &'static [IndexPurpose],
    /// How much.
    tenge: u64,
}

impl Row {
    fn holds(&self, on: NaiveDate) -> bool {
        let day = |(year, month, day)| NaiveDate::from_ymd_opt(year, month, day);
        day(self.from).is_some_and(|from| from <= on)
            && day(self.until).is_some_and(|until| on <= until)
    }
}

const ALL: &[IndexPurpose] = &[IndexPurpose::Fines, IndexPurpose::SocialPayments];
const FINES: &[IndexPurpose] = &[IndexPurpose::Fines];
const SOCIAL: &[IndexPurpose] = &[IndexPurpose::SocialPayments];

const fn row(
    from: (i32, u32, u32),
    until: (i32, u32, u32),
    purposes: &'static [IndexPurpose],
    tenge: u64,
) -> Row {
    Row {
        from,
        until,
        purposes,
        tenge,
    }
}

/// 2020 to 2024: egov.kz, "Monthly calculation index" (article_mci_2012), and
/// gov.kz, article 17157. 2019: tukib.kz. 2025: budget law of 04.12.2024, by
/// tengrinews. 2026: liter.kz, mgorod.kz.
///
/// The first quarter of 2020 is absent: the sources do not agree on it.
/// From 1 April 2022 the higher value is for social payments alone (Ministry of
/// Finance, by atpress.kz); fines stayed with the old one.
const INDICES: &[Row] = &[
    row((2019, 1, 1), (2019, 12, 31), ALL, 2_525),
    row((2020, 4, 1), (2020, 12, 31), ALL, 2_778),
    row((2021, 1, 1), (2021, 12, 31), ALL, 2_917),
    row((2022, 1, 1), (2022, 12, 31), FINES, 3_063),
    row((2022, 1, 1), (2022, 3, 31), SOCIAL, 3_063),
    row((2022, 4, 1), (2022, 12, 31), SOCIAL, 3_180),
    row((2023, 1, 1), (2023, 12, 31), ALL, 3_450),
    row((2024, 1, 1), (2024, 12, 31), ALL, 3_692),
    row((2025, 1, 1), (2025, 12, 31), ALL, 3_932),
    row((2026, 1, 1), (2026, 12, 31), ALL, 4_325),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(on: &str, purpose: IndexPurpose, tenge: Option<u64>) {
        let found = index(on.parse().unwrap(), purpose);
        assert_eq!(found, tenge.map(Tenge), "{on} {purpose:?}");
    }

    #[test]
    fn each_year_has_its_index() {
        for (year, tenge) in [
            (2019, 2_525),
            (2021, 2_917),
            (2022, 3_063),
            (2023, 3_450),
            (2024, 3_692),
            (2025, 3_932),
            (2026, 4_325),
        ] {
            is(&format!("{year}-01-01"), IndexPurpose::Fines, Some(tenge));
            is(&format!("{year}-12-31"), IndexPurpose::Fines, Some(tenge));
        }
        is("2020-04-01", IndexPurpose::Fines, Some(2_778));
    }

    #[test]
    fn in_2022_fines_kept_the_value_that_social_payments_left() {
        is("2022-03-31", IndexPurpose::SocialPayments, Some(3_063));
        is("2022-04-01", IndexPurpose::SocialPayments, Some(3_180));
        is("2022-04-01", IndexPurpose::Fines, Some(3_063));
        is("2023-01-01", IndexPurpose::SocialPayments, Some(3_450));
    }

    #[test]
    fn what_no_source_covers_is_unknown() {
        is("2018-12-31", IndexPurpose::Fines, None);
        is("2020-03-31", IndexPurpose::Fines, None);
        is("2027-01-01", IndexPurpose::Fines, None);
    }

    #[test]
    fn no_day_has_two_values_for_one_purpose() {
        for purpose in [IndexPurpose::Fines, IndexPurpose::SocialPayments] {
            let mut days = NaiveDate::from_ymd_opt(2018, 1, 1).unwrap().iter_days();
            let twice = days.by_ref().take(10 * 366).find(|day| {
                let rows = INDICES.iter().filter(|row| row.holds(*day));
                rows.filter(|row| row.purposes.contains(&purpose)).count() > 1
            });
            assert_eq!(twice, None, "{purpose:?}");
        }
    }

    #[test]
    fn the_products_are_those_of_the_published_table() {
        let index = |year: i32| {
            let day = NaiveDate::from_ymd_opt(year, 6, 1).unwrap();
            super::index(day, IndexPurpose::Fines).unwrap()
        };
        let fines = |year| [7, 10, 13, 20].map(|count| index(year).times(count).0);
        assert_eq!(fines(2020), [19_446, 27_780, 36_114, 55_560]);
        assert_eq!(fines(2022), [21_441, 30_630, 39_819, 61_260]);
        assert_eq!(fines(2025), [27_524, 39_320, 51_116, 78_640]);
        assert_eq!(fines(2026), [30_275, 43_250, 56_225, 86_500]);
    }
}
