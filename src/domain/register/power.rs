//! A notarised power of attorney: who may act for an owner, in what, until when.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::RangeInclusive;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::domain::Holder;
use crate::eds::Iin;

/// The number under which the notaries' register keeps a power of attorney:
/// 1 to 64 printable characters, without a blank at either end.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PowerNumber(String);

/// The text is no number of a power of attorney.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the number of a power of attorney has 1 to 64 printable characters")]
pub struct NotAPowerNumber;

/// What a delegate may do for an owner: only the actions that the paper states.
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
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Scope {
    /// Consent to the registration of somebody.
    Register,
    /// Take somebody off the register.
    Deregister,
}

/// A notarised power of attorney (Civil Code, article 167).
#[derive(Clone, PartialEq, Eq)]
pub struct PowerOfAttorney {
    /// Its number.
    pub number: PowerNumber,
    /// Who gave it.
    pub principal: Holder,
    /// Who acts by it, with their own signature.
    pub delegate: Iin,
    /// The notary who certified it.
    pub notary: String,
    /// What it allows.
    pub scope: BTreeSet<Scope>,
    /// From the first day on which it holds to the last.
    pub valid: RangeInclusive<NaiveDate>,
    /// The day from which it no longer holds because it was taken back.
    pub revoked_on: Option<NaiveDate>,
}

/// Why a power of attorney does not carry an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unauthorised {
    /// The paper does not state this action (Civil Code, article 167).
    #[error("the power of attorney does not cover this action")]
    OutOfScope(Scope),
    /// It was taken back (Civil Code, article 170).
    #[error("the power of attorney is revoked")]
    Revoked,
    /// Its first day has not come.
    #[error("the power of attorney does not hold yet")]
    TooEarly,
    /// Its last day is over (Civil Code, article 170).
    #[error("the power of attorney has expired")]
    Expired,
}

impl PowerNumber {
    /// Reads a number.
    ///
    /// # Errors
    /// [`NotAPowerNumber`] unless it has 1 to 64 characters, none of them a
    /// control, and no blank at either end.
    pub fn parse(text: &str) -> Result<Self, NotAPowerNumber> {
        let fits = (1..=64).contains(&text.chars().count());
        let printable = !text.chars().any(char::is_control) && text.trim() == text;
        let number = (fits && printable).then(|| Self(text.to_owned()));
        number.ok_or(NotAPowerNumber)
    }

    /// The number as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PowerOfAttorney {
    /// Whether the delegate may do this for the principal on a day.
    ///
    /// # Errors
    /// [`Unauthorised`] with the reason: what the paper says first, then what
    /// became of it.
    pub fn permits(&self, scope: Scope, on: NaiveDate) -> Result<(), Unauthorised> {
        if !self.scope.contains(&scope) {
            return Err(Unauthorised::OutOfScope(scope));
        }
        if self.revoked_on.is_some_and(|revoked| revoked <= on) {
            return Err(Unauthorised::Revoked);
        }
        if on < *self.valid.start() {
            return Err(Unauthorised::TooEarly);
        }
        if on > *self.valid.end() {
            return Err(Unauthorised::Expired);
        }
        Ok(())
    }
}

impl Unauthorised {
    /// The rule that stands behind it.
    pub fn law(self) -> &'static str {
        match self {
            Self::OutOfScope(_) | Self::TooEarly => "Civil Code, article 167",
            Self::Revoked | Self::Expired => "Civil Code, article 170",
        }
    }
}

/// The number leads to people: absent from debug output.
impl fmt::Debug for PowerNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PowerNumber(..)")
    }
}

/// The notary's name is personal data: absent from debug output.
impl fmt::Debug for PowerOfAttorney {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PowerOfAttorney")
            .field("principal", &self.principal)
            .field("delegate", &self.delegate)
            .field("scope", &self.scope)
            .field("valid", &self.valid)
            .field("revoked_on", &self.revoked_on)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn power() -> PowerOfAttorney {
        PowerOfAttorney {
            number: PowerNumber::parse("ҮЛГІ-1").unwrap(),
            principal: Iin::parse("900101300007").unwrap().into(),
            delegate: Iin::parse("851230400006").unwrap(),
            notary: "НОТАРИУСОВА".to_owned(),
            scope: [Scope::Register].into(),
            valid: day("2026-01-01")..=day("2026-12-31"),
            revoked_on: None,
        }
    }

    #[track_caller]
    fn permits(on: &str, expected: Result<(), Unauthorised>) {
        assert_eq!(power().permits(Scope::Register, day(on)), expected);
    }

    #[test]
    fn a_power_holds_from_its_first_day_to_its_last() {
        permits("2025-12-31", Err(Unauthorised::TooEarly));
        permits("2026-01-01", Ok(()));
        permits("2026-12-31", Ok(()));
        permits("2027-01-01", Err(Unauthorised::Expired));
    }

    #[test]
    fn a_power_carries_only_what_it_states() {
        assert_eq!(
            power().permits(Scope::Deregister, day("2026-06-01")),
            Err(Unauthorised::OutOfScope(Scope::Deregister))
        );
    }

    #[test]
    fn a_revoked_power_carries_nothing_from_that_day_on() {
        let mut power = power();
        power.revoked_on = Some(day("2026-06-01"));
        assert_eq!(power.permits(Scope::Register, day("2026-05-31")), Ok(()));
        assert_eq!(
            power.permits(Scope::Register, day("2026-06-01")),
            Err(Unauthorised::Revoked)
        );
    }

    #[test]
    fn a_number_is_short_and_printable() {
        assert!(PowerNumber::parse(&"9".repeat(64)).is_ok());
        for text in ["", " 1", "1 ", "1\n2", "1\u{85}2", &"9".repeat(65)] {
            assert_eq!(PowerNumber::parse(text), Err(NotAPowerNumber), "{text:?}");
        }
    }

    #[test]
    fn debug_output_hides_number_and_notary() {
        let shown = format!("{:?} {:?}", power(), power().number);
        assert!(
            !shown.contains("ҮЛГІ")
                && !shown.contains("НОТАРИУС")
                && !shown.contains("900101300007")
        );
    }
}
