//! A lease of state housing, where the tenant consents in the owner's place.

use std::collections::BTreeSet;

use crate::domain::Rka;
use crate::eds::{Bin, Iin};

/// A lease of a dwelling of the state housing fund. Its tenant consents in the
/// owner's place, but only to people whom the lease names (statement of NIT JSC
/// of 18.11.2025, by the press).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The dwelling.
    pub rka: Rka,
    /// The body that lets it.
    pub landlord: Bin,
    /// The person who rents it.
    pub tenant: Iin,
    /// Everybody who may live there by the contract.
    pub named: BTreeSet<Iin>,
}

impl Lease {
    /// Whether the contract names a person.
    pub fn names(&self, person: &Iin) -> bool {
        self.named.contains(person)
    }

    /// The rule by which somebody whom it does not name is refused.
    pub fn law() -> &'static str {
        "Rules of registration of the population (order of 14.09.2024, as amended 30.11.2025): \
         the tenant of state housing consents for the people named in the lease"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_names_those_in_it_and_nobody_else() {
        let [tenant, stranger] =
            ["900101300007", "851230400006"].map(|text| Iin::parse(text).unwrap());
        let lease = Lease {
            rka: Rka::parse("0201999000000097").unwrap(),
            landlord: Bin::parse("200140000004").unwrap(),
            tenant: tenant.clone(),
            named: [tenant.clone()].into(),
        };
        assert!(lease.names(&tenant));
        assert!(!lease.names(&stranger));
    }
}
