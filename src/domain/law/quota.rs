//! How many people may be registered in a dwelling, where a city limits it.
//!
//! Off unless somebody configures it: only the capital is known to have such a
//! limit (15 square metres a person, decision of 26.12.2025, by the press), and
//! the sources do not agree since when.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::domain::Rka;

/// How the newcomer belongs to the owner; whom a limit does not count (Law on
/// Population Migration, article 51).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Deserialize,
    Serialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Relationship {
    /// Husband or wife.
    Spouse,
    /// A child.
    Child,
    /// A relative.
    Relative,
    /// A relative's husband or wife.
    SpouseOfRelative,
    /// A relative's child.
    ChildOfRelative,
    /// A ward.
    Ward,
    /// A full-time student.
    FullTimeStudent,
}

/// The limit of one city.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Quota {
    /// The digits with which the address codes of the city begin.
    pub locality: String,
    /// Useful area for each person, in square metres.
    pub square_metres_per_person: NonZeroU32,
    /// The first day on which it holds.
    #[serde(deserialize_with = "calendar_day")]
    pub from: NaiveDate,
    /// The last day; open when absent.
    #[serde(default, deserialize_with = "open_day")]
    pub to: Option<NaiveDate>,
    /// Whom it does not count.
    #[serde(default)]
    pub exempt: BTreeSet<Relationship>,
}

/// The limits that are configured; none is the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quotas(Vec<Quota>);

/// The text sets no limits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadQuotas {
    /// It is no list of `[[quota]]`.
    #[error("no list of quotas: {0}")]
    Form(#[from] toml::de::Error),
    /// A locality is no beginning of an address code.
    #[error("quota {0}: a locality is 1 to 16 digits")]
    Locality(usize),
    /// A last day is before the first.
    #[error("quota {0} ends before it begins")]
    Dates(usize),
}

/// Why a limit forbids a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Crowded {
    /// The register does not say how large the dwelling is.
    #[error("the area of the dwelling is not known")]
    AreaUnknown,
    /// More people than the area allows.
    #[error("the dwelling has room for {allowed} people, not for {wanted}")]
    TooMany {
        /// How many the area allows.
        allowed: u32,
        /// How many there would be.
        wanted: u32,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    quota: Vec<Quota>,
}

impl Quotas {
    /// Reads limits from TOML: one `[[quota]]` for each city and time.
    ///
    /// ```
    /// use kelisim::domain::law::Quotas;
    /// let quotas = Quotas::parse(r#"
    ///     [[quota]]
    ///     locality = "0101"
    ///     square-metres-per-person = 15
    ///     from = 2026-01-01
    ///     exempt = ["spouse", "child"]
    /// "#)?;
    /// # Ok::<(), kelisim::domain::law::BadQuotas>(())
    /// ```
    ///
    /// # Errors
    /// [`BadQuotas`] with the entry that cannot be used, counted from 1.
    pub fn parse(text: &str) -> Result<Self, BadQuotas> {
        let file: File = toml::from_str(text)?;
        for (place, quota) in (1..).zip(&file.quota) {
            let digits = quota.locality.bytes().all(|byte| byte.is_ascii_digit());
            if !digits || !(1..=16).contains(&quota.locality.len()) {
                return Err(BadQuotas::Locality(place));
            }
            if quota.to.is_some_and(|to| to < quota.from) {
                return Err(BadQuotas::Dates(place));
            }
        }
        Ok(Self(file.quota))
    }

    /// The limit for an address on a day: of several the one for the smallest place.
    pub fn at(&self, rka: &Rka, on: NaiveDate) -> Option<&Quota> {
        let here = |quota: &&Quota| rka.as_str().starts_with(&quota.locality) && quota.holds(on);
        let all = self.0.iter().filter(here);
        all.max_by_key(|quota| quota.locality.len())
    }
}

impl Quota {
    /// Whether `added` people, not counting the exempt, may be registered on a
    /// day beside the `present` in a dwelling of so many square metres. Only
    /// those who come are held to it, never those who live there.
    ///
    /// # Errors
    /// [`Crowded`] with the reason.
    pub fn allows(
        &self,
        area: Option<u32>,
        present: u32,
        added: u32,
        on: NaiveDate,
    ) -> Result<(), Crowded> {
        if added == 0 || !self.holds(on) {
            return Ok(());
        }
        let allowed = area.ok_or(Crowded::AreaUnknown)? / self.square_metres_per_person;
        let wanted = present.saturating_add(added);
        if wanted > allowed {
            return Err(Crowded::TooMany { allowed, wanted });
        }
        Ok(())
    }

    /// Whether somebody of this relationship is not counted.
    pub fn exempts(&self, relationship: Relationship) -> bool {
        self.exempt.contains(&relationship)
    }

    fn holds(&self, on: NaiveDate) -> bool {
        self.from <= on && self.to.is_none_or(|to| on <= to)
    }
}

impl Crowded {
    /// The rule that stands behind it.
    pub fn law(self) -> &'static str {
        "Law on Population Migration, article 51, and the decision of the city's maslikhat"
    }
}

/// A date as TOML writes it, without quotes.
fn calendar_day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let written = toml::value::Datetime::deserialize(deserializer)?;
    written
        .to_string()
        .parse()
        .map_err(|_| serde::de::Error::custom("not a calendar day"))
}

fn open_day<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<NaiveDate>, D::Error> {
    calendar_day(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
        [[quota]]
        locality = "0201"
        square-metres-per-person = 15
        from = 2026-01-01
        exempt = ["spouse", "ward"]

        [[quota]]
        locality = "0201999"
        square-metres-per-person = 10
        from = 2026-01-01
        to = 2026-06-30
    "#;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn allows(area: Option<u32>, present: u32, added: u32) -> Result<(), Crowded> {
        let quotas = Quotas::parse(FILE).unwrap();
        let rka = Rka::parse("0201000000000011").unwrap();
        let on = day("2026-11-24");
        let quota = quotas.at(&rka, on).unwrap();
        quota.allows(area, present, added, on)
    }

    #[test]
    fn one_person_has_fifteen_square_metres() {
        assert_eq!(allows(Some(45), 2, 1), Ok(()));
        let crowded = Crowded::TooMany {
            allowed: 2,
            wanted: 3,
        };
        assert_eq!(allows(Some(44), 2, 1), Err(crowded));
    }

    #[test]
    fn where_nobody_counted_comes_nobody_is_held_to_it() {
        assert_eq!(allows(Some(15), 9, 0), Ok(()));
        assert_eq!(allows(None, 9, 0), Ok(()));
    }

    #[test]
    fn without_an_area_nothing_can_be_said() {
        assert_eq!(allows(None, 0, 1), Err(Crowded::AreaUnknown));
    }

    #[test]
    fn a_limit_holds_in_its_place_and_on_its_days() {
        let quotas = Quotas::parse(FILE).unwrap();
        let metres = |rka, on| {
            let rka = Rka::parse(rka).unwrap();
            let quota = quotas.at(&rka, day(on));
            quota.map(|quota| quota.square_metres_per_person.get())
        };
        assert_eq!(metres("0201999000000011", "2025-12-31"), None);
        assert_eq!(metres("0201999000000011", "2026-01-01"), Some(10));
        assert_eq!(metres("0201999000000011", "2026-06-30"), Some(10));
        assert_eq!(metres("0201999000000011", "2026-07-01"), Some(15));
        assert_eq!(metres("0301999000000011", "2026-07-01"), None);
    }

    #[test]
    fn some_are_not_counted() {
        let quotas = Quotas::parse(FILE).unwrap();
        let rka = Rka::parse("0201000000000011").unwrap();
        let quota = quotas.at(&rka, day("2026-11-24")).unwrap();
        assert!(quota.exempts(Relationship::Ward));
        assert!(!quota.exempts(Relationship::Child));
    }

    #[test]
    fn without_a_file_there_is_no_limit() {
        let rka = Rka::parse("0201999000000011").unwrap();
        assert_eq!(Quotas::default().at(&rka, day("2026-11-24")), None);
        assert_eq!(Quotas::parse(""), Ok(Quotas::default()));
    }

    #[track_caller]
    fn refused(change: (&str, &str), expected: &str) {
        let text = FILE.replacen(change.0, change.1, 1);
        let fault = Quotas::parse(&text).unwrap_err().to_string();
        assert!(fault.contains(expected), "{fault}");
    }

    #[test]
    fn a_wrong_limit_is_refused_by_its_place() {
        refused(("\"0201\"", "\"02x1\""), "quota 1: a locality");
        refused(("\"0201999\"", "\"\""), "quota 2: a locality");
        refused(("2026-06-30", "2025-06-30"), "quota 2 ends before");
        refused(("= 15", "= 0"), "no list of quotas");
        refused(("ward", "neighbour"), "no list of quotas");
        refused(("2026-01-01", "2026-01-01T00:00:00Z"), "not a calendar day");
    }
}
