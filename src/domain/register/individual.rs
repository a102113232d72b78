//! A person as the state database "Individuals" knows them.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::eds::Iin;

/// What a court said about a person's capacity to act.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Capacity {
    /// Nothing: as full as the age allows (Civil Code, article 17).
    Full,
    /// Limited (Civil Code, article 27).
    Limited,
    /// Taken away (Civil Code, article 26).
    None,
}

/// A person as the register knows them. Age, name and capacity come from here:
/// the digits of an IIN prove none of them.
#[derive(Clone, PartialEq, Eq)]
pub struct Individual {
    /// The number.
    pub iin: Iin,
    /// Surname, given name, patronymic.
    pub name: String,
    /// Day of birth.
    pub born: NaiveDate,
    /// Day of death.
    pub died: Option<NaiveDate>,
    /// Capacity to act, by decision of a court.
    pub capacity: Capacity,
    /// Parents, adopters, guardians or trustees: whoever may act for them.
    pub representatives: BTreeSet<Iin>,
}

impl Individual {
    /// Whole years on a day, the birthday included; 0 before the birth.
    ///
    /// Whoever was born on 29 February is a year older on the last day of
    /// February: a term of years ends on the last day of the month when the
    /// month has no such day (Civil Code, article 173).
    pub fn age(&self, on: NaiveDate) -> u32 {
        let years = u32::try_from(on.year() - self.born.year()).unwrap_or(0);
        let birthday = self.born.checked_add_months(Months::new(years * 12));
        match birthday {
            Some(birthday) if birthday <= on => years,
            Some(_) | None => years.saturating_sub(1),
        }
    }

    /// Whether they live on a day; on the day of death they no longer count as living.
    pub fn is_alive(&self, on: NaiveDate) -> bool {
        self.died.is_none_or(|died| on < died)
    }
}

/// Names and dates are personal data: absent from debug output.
impl fmt::Debug for Individual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Individual")
            .field("iin", &self.iin)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn ages(born: &str, on: &str, years: u32) {
        assert_eq!(born_on(born).age(on.parse().unwrap()), years, "{born} {on}");
    }

    fn born_on(born: &str) -> Individual {
        Individual {
            iin: Iin::parse("900101300007").unwrap(),
            name: "ҮЛГІБАЕВ ҮЛГІ".to_owned(),
            born: born.parse().unwrap(),
            died: None,
            capacity: Capacity::Full,
            representatives: BTreeSet::new(),
        }
    }

    #[test]
    fn a_year_is_full_on_the_birthday_and_not_the_day_before() {
        ages("2010-11-24", "2026-11-23", 15);
        ages("2010-11-24", "2026-11-24", 16);
        ages("2010-12-31", "2026-12-30", 15);
        ages("2010-01-01", "2026-01-01", 16);
    }

    #[test]
    fn whoever_was_born_on_a_leap_day_is_older_on_the_last_day_of_february() {
        ages("2012-02-29", "2026-02-27", 13);
        ages("2012-02-29", "2026-02-28", 14);
        ages("2012-02-29", "2026-03-01", 14);
        ages("2012-02-29", "2028-02-28", 15);
        ages("2012-02-29", "2028-02-29", 16);
    }

    #[test]
    fn nobody_has_an_age_before_the_birth() {
        ages("2026-11-24", "2026-11-24", 0);
        ages("2026-11-24", "2020-01-01", 0);
        ages("2026-11-24", "2026-11-23", 0);
    }

    #[test]
    fn nobody_lives_from_the_day_of_death_on() {
        let mut individual = born_on("1950-05-05");
        assert!(individual.is_alive("2026-11-24".parse().unwrap()));
        individual.died = Some("2026-11-24".parse().unwrap());
        assert!(individual.is_alive("2026-11-23".parse().unwrap()));
        assert!(!individual.is_alive("2026-11-24".parse().unwrap()));
    }

    #[test]
    fn debug_output_hides_the_person() {
        let shown = format!("{:?}", born_on("1990-01-01"));
        assert_eq!(shown, "Individual { iin: Iin(9001********), .. }");
    }
}
