//! Who may act for themselves, by age and capacity.

use chrono::NaiveDate;

use crate::domain::register::{Capacity, Individual};

/// The age from which a person is registered, at a place of residence or of
/// stay: before it their place is that of parents or representatives (Civil
/// Code, article 16; Government resolution No 30 of 04.02.2020).
pub const REGISTERED_FROM: u32 = 14;

/// The age from which a person applies alone (egov.kz, service for children
/// from 14 to 16: their legal representatives apply).
const ALONE_FROM: u32 = 16;

/// The age of full capacity (Civil Code, article 17).
pub const ADULT_FROM: u32 = 18;

/// How a person comes to be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Not at all: no longer alive.
    Dead,
    /// Not at all: under 14.
    TooYoung,
    /// Through a legal representative: 14 or 15, or without full capacity.
    Represented,
    /// By their own application.
    Alone,
}

/// Why an owner, or the tenant of state housing, cannot answer with a signature of
/// their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NotOnline {
    /// Under 18.
    #[error(
        "an owner or the tenant is a minor: a legal representative consents at a public service centre"
    )]
    Minor,
    /// A court limited the capacity, or took it away.
    #[error(
        "an owner or the tenant has no full capacity to act: a legal representative consents at a \
         public service centre"
    )]
    WithoutFullCapacity,
    /// Dead: nobody consents in their place, and a power of attorney that they gave
    /// is at its end (Civil Code, article 170).
    #[error("an owner or the tenant is not alive: the register has to name who took their place")]
    Dead,
}

/// How a person comes to be registered on a day.
pub fn standing(person: &Individual, on: NaiveDate) -> Standing {
    let age = person.age(on);
    if !person.is_alive(on) {
        return Standing::Dead;
    }
    if age < REGISTERED_FROM {
        return Standing::TooYoung;
    }
    match person.capacity {
        Capacity::Full if age >= ALONE_FROM => Standing::Alone,
        Capacity::Full | Capacity::Limited | Capacity::None => Standing::Represented,
    }
}

/// Whether an owner or a tenant can answer with their own signature on a day; the
/// same is asked of whoever acts for others.
///
/// # Errors
/// [`NotOnline`] with the reason for which they cannot.
pub fn owner_answers(owner: &Individual, on: NaiveDate) -> Result<(), NotOnline> {
    if !owner.is_alive(on) {
        return Err(NotOnline::Dead);
    }
    if owner.age(on) < ADULT_FROM {
        return Err(NotOnline::Minor);
    }
    match owner.capacity {
        Capacity::Full => Ok(()),
        Capacity::Limited | Capacity::None => Err(NotOnline::WithoutFullCapacity),
    }
}

impl Standing {
    /// The rule that stands behind it.
    pub fn law(self) -> &'static str {
        match self {
            Self::Dead => "Civil Code, article 13: capacity ends with death",
            Self::TooYoung => {
                "Civil Code, article 16; Government resolution No 30 of 04.02.2020: people are \
                 registered from 14; before that their place of residence is that of parents or \
                 representatives"
            }
            Self::Represented => {
                "Civil Code, articles 22, 26 and 27: a legal representative acts for those \
                 under 16 and for those without full capacity"
            }
            Self::Alone => "Civil Code, article 17",
        }
    }
}

impl NotOnline {
    /// The rule that stands behind it.
    pub fn law(self) -> &'static str {
        match self {
            Self::Minor => {
                "Joint order No 500/NQ of 07.10.2025 and No 801 of 31.10.2025; Civil Code, \
                 article 17: the service centre takes the consent of an owner who is a minor"
            }
            Self::WithoutFullCapacity => {
                "Joint order No 500/NQ of 07.10.2025 and No 801 of 31.10.2025; Civil Code, \
                 articles 26 and 27: the service centre takes the consent of an owner \
                 without full capacity"
            }
            Self::Dead => "Civil Code, article 13: capacity ends with death",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::eds::Iin;

    fn person(born: &str, capacity: Capacity) -> Individual {
        Individual {
            iin: Iin::parse("900101300007").unwrap(),
            name: "ҮЛГІБАЕВ ҮЛГІ".to_owned(),
            born: born.parse().unwrap(),
            died: None,
            capacity,
            representatives: BTreeSet::new(),
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[track_caller]
    fn stands(born: &str, capacity: Capacity, expected: Standing) {
        let found = standing(&person(born, capacity), day("2026-11-24"));
        assert_eq!(found, expected, "{born} {capacity:?}");
    }

    #[track_caller]
    fn answers(born: &str, capacity: Capacity, expected: Result<(), NotOnline>) {
        let found = owner_answers(&person(born, capacity), day("2026-11-24"));
        assert_eq!(found, expected, "{born} {capacity:?}");
    }

    #[test]
    fn under_fourteen_nobody_is_registered() {
        stands("2012-11-25", Capacity::Full, Standing::TooYoung);
        stands("2026-11-24", Capacity::Full, Standing::TooYoung);
        stands("2012-11-25", Capacity::None, Standing::TooYoung);
    }

    #[test]
    fn at_fourteen_and_fifteen_a_representative_acts() {
        stands("2012-11-24", Capacity::Full, Standing::Represented);
        stands("2010-11-25", Capacity::Full, Standing::Represented);
    }

    #[test]
    fn from_sixteen_people_act_themselves() {
        stands("2010-11-24", Capacity::Full, Standing::Alone);
        stands("1950-01-01", Capacity::Full, Standing::Alone);
    }

    #[test]
    fn without_full_capacity_a_representative_acts_at_any_age() {
        stands("1950-01-01", Capacity::None, Standing::Represented);
        stands("1950-01-01", Capacity::Limited, Standing::Represented);
    }

    #[test]
    fn the_dead_are_neither_registered_nor_asked() {
        let mut dead = person("1950-01-01", Capacity::Full);
        dead.died = Some(day("2026-11-24"));
        assert_eq!(standing(&dead, day("2026-11-23")), Standing::Alone);
        assert_eq!(standing(&dead, day("2026-11-24")), Standing::Dead);
        dead.born = day("2016-06-20");
        assert_eq!(standing(&dead, day("2026-11-24")), Standing::Dead);
        dead.born = day("1950-01-01");
        assert_eq!(owner_answers(&dead, day("2026-11-23")), Ok(()));
        assert_eq!(
            owner_answers(&dead, day("2026-11-24")),
            Err(NotOnline::Dead)
        );
    }

    #[test]
    fn an_owner_answers_from_eighteen_and_with_full_capacity() {
        answers("2008-11-24", Capacity::Full, Ok(()));
        answers("2008-11-25", Capacity::Full, Err(NotOnline::Minor));
        answers(
            "1950-01-01",
            Capacity::None,
            Err(NotOnline::WithoutFullCapacity),
        );
        answers(
            "1950-01-01",
            Capacity::Limited,
            Err(NotOnline::WithoutFullCapacity),
        );
    }

    #[test]
    fn each_refusal_names_its_law() {
        for law in [
            Standing::Dead.law(),
            Standing::TooYoung.law(),
            Standing::Represented.law(),
            Standing::Alone.law(),
            NotOnline::Minor.law(),
            NotOnline::WithoutFullCapacity.law(),
            NotOnline::Dead.law(),
        ] {
            assert!(law.contains("article"), "{law}");
        }
    }
}
