//! The ten-day duty and what follows when it is missed: shown to people as
//! information, never decided here.

use chrono::{Days, Months, NaiveDate};
use serde::Serialize;
use strum::{IntoStaticStr, VariantArray};

use super::{IndexPurpose, Tenge, index};

/// Days from the arrival within which one registers (Rules of registration of the
/// population; Code on Administrative Offences, article 492).
const DUTY_DAYS: u64 = 10;

/// Who answers for a registration that comes late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answerable {
    /// The person who lives there (article 492).
    Resident,
    /// Who let them live there (article 493).
    Owner(OwnerKind),
}

/// The kinds of owner for whom article 493 has figures of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OwnerKind {
    /// A natural person.
    Individual,
    /// A small business, or an organisation that earns no profit.
    SmallBusinessOrNonProfit,
    /// A medium business.
    MediumBusiness,
    /// A large business.
    LargeBusiness,
}

/// What went before within a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// No penalty for the same.
    Clean,
    /// A penalty for the same within a year.
    RepeatedWithinAYear,
}

/// What the code provides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Nothing: it is in time.
    None,
    /// A warning.
    Warning,
    /// A fine.
    Fine {
        /// In monthly calculation indices.
        indices: u32,
        /// In money by the index of the day; unknown where the index is.
        amount: Option<Tenge>,
    },
    /// Something, but no source that was read says how much.
    Unknown,
}

/// A rule by which something follows, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Rule {
    /// The duty itself (egov.kz, "Temporary registration", 19.12.2023: within 10
    /// days).
    Duty,
    /// From 10 days to one month (egov.kz, as above).
    ResidentMonth,
    /// More than one month (egov.kz, as above).
    ResidentLonger,
    /// Again within a year; the figure is from the press (fintel.kz, 27.05.2025).
    ResidentAgain,
    /// Letting people live unregistered: text of the article as of 05.03.2024
    /// (kodeksy-kz.com); 10 also egov.kz.
    Owner,
    /// The same again within a year (egov.kz, as above).
    OwnerAgain,
    /// The same, where the text that was read breaks off before the figure.
    OwnerUnknown,
}

/// Where a stay stands to the ten-day duty, and what the code provides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Consequence {
    /// The last day on which registering is in time.
    pub due_on: NaiveDate,
    /// Days by which it comes too late; 0 when it is in time.
    pub late_days: u32,
    /// What the code provides.
    pub measure: Measure,
    /// The rule.
    pub rule: Rule,
}

impl Rule {
    /// The law in which it stands.
    pub fn law(self) -> &'static str {
        match self {
            Self::Duty => "Rules of registration of the population: within 10 days of the arrival",
            Self::ResidentMonth => {
                "Code on Administrative Offences, article 492, part 1: \
                 from 10 days to one month without registration"
            }
            Self::ResidentLonger => {
                "Code on Administrative Offences, article 492, part 2: \
                 more than one month without registration"
            }
            Self::ResidentAgain => {
                "Code on Administrative Offences, article 492: \
                 without registration again within a year"
            }
            Self::Owner => {
                "Code on Administrative Offences, article 493, part 1: \
                 letting people live unregistered"
            }
            Self::OwnerAgain => {
                "Code on Administrative Offences, article 493: \
                 letting people live unregistered again within a year"
            }
            Self::OwnerUnknown => {
                "Code on Administrative Offences, article 493: letting people live unregistered; \
                 the amount for such an owner is not known to the service"
            }
        }
    }
}

impl Consequence {
    /// What follows for `who` when somebody who came on `arrived` is registered,
    /// or asks, on the day `on`.
    pub fn of(arrived: NaiveDate, on: NaiveDate, who: Answerable, record: Record) -> Self {
        let due_on = arrived
            .checked_add_days(Days::new(DUTY_DAYS))
            .unwrap_or(NaiveDate::MAX);
        let late_days = u32::try_from((on - due_on).num_days()).unwrap_or(0);
        let (measure, rule) = match (late_days, who) {
            (0, _) => (Measure::None, Rule::Duty),
            (_, Answerable::Resident) => resident(arrived, on, record),
            (_, Answerable::Owner(kind)) => owner(kind, on, record),
        };
        Self {
            due_on,
            late_days,
            measure,
            rule,
        }
    }
}

/// Up to one calendar month counts as the first part, and what is longer as the
/// second. No source that was read says which part a repetition must repeat.
fn resident(arrived: NaiveDate, on: NaiveDate, record: Record) -> (Measure, Rule) {
    let month = arrived.checked_add_months(Months::new(1));
    match (record, month.is_some_and(|month| on > month)) {
        (Record::RepeatedWithinAYear, _) => (fine(13, on), Rule::ResidentAgain),
        (Record::Clean, true) => (fine(7, on), Rule::ResidentLonger),
        (Record::Clean, false) => (Measure::Warning, Rule::ResidentMonth),
    }
}

fn owner(kind: OwnerKind, on: NaiveDate, record: Record) -> (Measure, Rule) {
    match (record, kind) {
        (Record::Clean, OwnerKind::Individual) => (fine(10, on), Rule::Owner),
        (Record::Clean, OwnerKind::SmallBusinessOrNonProfit) => (fine(15, on), Rule::Owner),
        (Record::Clean, OwnerKind::MediumBusiness) => (fine(25, on), Rule::Owner),
        (Record::Clean, OwnerKind::LargeBusiness) => (Measure::Unknown, Rule::OwnerUnknown),
        (Record::RepeatedWithinAYear, OwnerKind::Individual) => (fine(20, on), Rule::OwnerAgain),
        (
            Record::RepeatedWithinAYear,
            OwnerKind::SmallBusinessOrNonProfit
            | OwnerKind::MediumBusiness
            | OwnerKind::LargeBusiness,
        ) => (Measure::Unknown, Rule::OwnerUnknown),
    }
}

fn fine(indices: u32, on: NaiveDate) -> Measure {
    let amount = index(on, IndexPurpose::Fines).map(|index| index.times(indices));
    Measure::Fine { indices, amount }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESIDENT: Answerable = Answerable::Resident;

    fn on(arrived: &str, on: &str, who: Answerable, record: Record) -> Consequence {
        Consequence::of(arrived.parse().unwrap(), on.parse().unwrap(), who, record)
    }

    #[track_caller]
    fn costs(who: Answerable, record: Record, day: &str, indices: u32, tenge: Option<u64>) {
        let amount = tenge.map(Tenge);
        assert_eq!(
            on("2026-09-01", day, who, record).measure,
            Measure::Fine { indices, amount }
        );
    }

    #[test]
    fn in_time_nothing_follows_for_anybody() {
        for who in [RESIDENT, Answerable::Owner(OwnerKind::LargeBusiness)] {
            for record in [Record::Clean, Record::RepeatedWithinAYear] {
                let stays = on("2026-11-10", "2026-11-20", who, record);
                assert_eq!((stays.late_days, stays.measure), (0, Measure::None));
                assert_eq!(stays.due_on, "2026-11-20".parse().unwrap());
            }
        }
    }

    #[test]
    fn the_duty_is_met_on_the_tenth_day_and_missed_on_the_eleventh() {
        let late = |day| on("2026-11-10", day, RESIDENT, Record::Clean).late_days;
        assert_eq!(late("2026-11-20"), 0);
        assert_eq!(late("2026-11-21"), 1);
        assert_eq!(late("2026-11-01"), 0);
    }

    #[test]
    fn from_the_eleventh_day_to_one_month_the_resident_is_warned() {
        for (day, late_days) in [("2026-11-21", 1), ("2026-12-10", 20)] {
            let stays = on("2026-11-10", day, RESIDENT, Record::Clean);
            assert_eq!(stays.measure, Measure::Warning);
            assert_eq!(stays.late_days, late_days);
            assert_eq!(stays.rule, Rule::ResidentMonth);
            assert!(stays.rule.law().contains("article 492, part 1"));
        }
    }

    #[test]
    fn after_one_calendar_month_it_is_seven_indices() {
        costs(RESIDENT, Record::Clean, "2026-10-02", 7, Some(30_275));
        let february = on("2026-01-31", "2026-02-28", RESIDENT, Record::Clean);
        assert_eq!(february.measure, Measure::Warning);
        let march = on("2026-01-31", "2026-03-01", RESIDENT, Record::Clean);
        assert!(matches!(march.measure, Measure::Fine { indices: 7, .. }));
        assert!(march.rule.law().contains("article 492, part 2"));
    }

    #[test]
    fn repeated_within_a_year_it_is_thirteen_indices() {
        let again = Record::RepeatedWithinAYear;
        costs(RESIDENT, again, "2026-09-20", 13, Some(56_225));
        costs(RESIDENT, again, "2026-12-20", 13, Some(56_225));
    }

    #[test]
    fn owners_pay_by_what_they_are() {
        let day = "2026-09-12";
        for (kind, indices, tenge) in [
            (OwnerKind::Individual, 10, 43_250),
            (OwnerKind::SmallBusinessOrNonProfit, 15, 64_875),
            (OwnerKind::MediumBusiness, 25, 108_125),
        ] {
            costs(
                Answerable::Owner(kind),
                Record::Clean,
                day,
                indices,
                Some(tenge),
            );
        }
        let individual = Answerable::Owner(OwnerKind::Individual);
        let again = Record::RepeatedWithinAYear;
        costs(individual, again, day, 20, Some(86_500));
    }

    #[test]
    fn what_no_source_says_is_said_to_be_unknown() {
        let again = Record::RepeatedWithinAYear;
        for (kind, record) in [
            (OwnerKind::LargeBusiness, Record::Clean),
            (OwnerKind::LargeBusiness, again),
            (OwnerKind::MediumBusiness, again),
            (OwnerKind::SmallBusinessOrNonProfit, again),
        ] {
            let owner = on("2026-09-01", "2026-10-01", Answerable::Owner(kind), record);
            assert_eq!(owner.measure, Measure::Unknown, "{kind:?} {record:?}");
            assert!(owner.rule.law().contains("not known"));
        }
    }

    #[test]
    fn without_an_index_the_fine_has_no_amount() {
        costs(RESIDENT, Record::Clean, "2027-01-01", 7, None);
    }
}
