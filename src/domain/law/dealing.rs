//! Nobody consents for somebody else to what they ask for themselves.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::Holder;
use crate::eds::Iin;

/// Those who ask for a registration, and those who act for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Askers {
    /// The applicant, and those who are to be registered.
    pub own: BTreeSet<Iin>,
    /// By each who is to be registered, the legal representatives by the register.
    pub representatives: BTreeMap<Iin, BTreeSet<Iin>>,
}

impl Askers {
    /// Whether `representative` would consent in the place of `principal` to what they
    /// ask for themselves, or somebody else whom they represent: a representative
    /// makes no deal in the name of the represented with themselves, nor with another
    /// whom they represent at the same time (Civil Code, article 163, part 3).
    pub fn bar(&self, representative: &Iin, principal: &Holder) -> bool {
        let another = self
            .representatives
            .iter()
            .any(|(resident, representatives)| {
                representatives.contains(representative) && principal.person() != Some(resident)
            });
        self.own.contains(representative) || another
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: &str = "851230400006";
    const RESIDENT: &str = "900101300007";
    const PARENT: &str = "760908499801";
    const STRANGER: &str = "890127399806";

    fn iin(text: &str) -> Iin {
        Iin::parse(text).unwrap()
    }

    /// `RESIDENT`, for whom `PARENT` acts, asks for a registration.
    #[track_caller]
    fn check(representative: &str, principal: &str, barred: bool) {
        let askers = Askers {
            own: [iin(RESIDENT)].into(),
            representatives: [(iin(RESIDENT), [iin(PARENT)].into())].into(),
        };
        let principal = Holder::Person(iin(principal));
        let found = askers.bar(&iin(representative), &principal);
        assert_eq!(found, barred, "{representative} for {principal:?}");
    }

    #[test]
    fn neither_who_asks_nor_who_acts_for_one_of_them_consents_for_the_owner() {
        check(RESIDENT, OWNER, true);
        check(PARENT, OWNER, true);
        check(STRANGER, OWNER, false);
    }

    #[test]
    fn whoever_speaks_for_the_same_person_on_both_sides_deals_with_nobody_else() {
        check(PARENT, RESIDENT, false);
    }
}
