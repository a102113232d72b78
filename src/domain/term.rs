//! What kind of registration is asked for, and for which days.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use super::period::{ahead, back, earliest, early};
use super::{NotAPeriod, Period, midnight};

/// The two kinds of registration.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// At the place of a stay of more than a month and at most twelve.
    Temporary,
    /// At the place of residence, from the age of 14; a new one replaces the
    /// former.
    Permanent,
}

/// The days of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// From the first day to the last.
    Temporary(Period),
    /// From a day on, without an end.
    Permanent(NaiveDate),
}

impl Term {
    /// What kind of registration has these days.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Temporary(_) => Kind::Temporary,
            Self::Permanent(_) => Kind::Permanent,
        }
    }

    /// The first day.
    pub fn from(&self) -> NaiveDate {
        match self {
            Self::Temporary(period) => period.from(),
            Self::Permanent(from) => *from,
        }
    }

    /// The last day, when there is one.
    pub fn until(&self) -> Option<NaiveDate> {
        match self {
            Self::Temporary(period) => Some(period.until()),
            Self::Permanent(_) => None,
        }
    }

    /// The length in whole months, when there is an end.
    pub fn months(&self) -> Option<u32> {
        match self {
            Self::Temporary(period) => Some(period.months()),
            Self::Permanent(_) => None,
        }
    }

    /// The moment at which it is over: the end of the last day in Kazakhstan.
    pub fn over_at(&self) -> Option<DateTime<Utc>> {
        self.until()?.succ_opt().map(midnight)
    }

    /// Whether it is over at `now`.
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.over_at().is_some_and(|over| over <= now)
    }

    /// Whether a person who arrived on `arrived` may today apply for these days.
    ///
    /// # Errors
    /// [`NotAPeriod`] with the bound that is crossed.
    pub fn may_follow(&self, arrived: NaiveDate, today: NaiveDate) -> Result<(), NotAPeriod> {
        if self.from() < arrived {
            return Err(NotAPeriod::BeforeArrival);
        }
        match self {
            Self::Permanent(from) if *from > today => return Err(NotAPeriod::NotYet),
            Self::Permanent(_) if arrived < earliest(today)? => {
                return Err(NotAPeriod::BeforeBirth);
            }
            // However long somebody has lived there, it is where they live.
            Self::Permanent(_) => return Ok(()),
            Self::Temporary(_) => {}
        }
        if arrived < back(today)? {
            return Err(NotAPeriod::TooLongAgo);
        }
        self.is_of_use(today)
    }

    /// Whether these days follow `before` without a gap and may be asked for
    /// today.
    ///
    /// # Errors
    /// [`NotAPeriod::Gap`] when they do not, [`NotAPeriod::TooFarAhead`] when it
    /// is too early to ask.
    pub fn may_extend(&self, before: &Self, today: NaiveDate) -> Result<(), NotAPeriod> {
        let next = before.until().and_then(|last| last.succ_opt());
        if self.kind() != before.kind() || next != Some(self.from()) {
            return Err(NotAPeriod::Gap);
        }
        self.is_of_use(today)
    }

    /// Whether its first day is not too far ahead, and its last one not past.
    fn is_of_use(&self, today: NaiveDate) -> Result<(), NotAPeriod> {
        if self.from() > ahead(today)? {
            return Err(NotAPeriod::TooFarAhead);
        }
        let over = self.until().is_some_and(|last| last < today);
        (!over).then_some(()).ok_or(NotAPeriod::Over)
    }

    /// The first day on which one may ask that a registration for these days goes on;
    /// none when they have no end.
    pub fn extendable_from(&self) -> Option<NaiveDate> {
        early(self.until()?.succ_opt()?)
    }
}
