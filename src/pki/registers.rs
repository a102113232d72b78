//! What the registers of the demonstration say: how old its people are, who acts
//! for whom, and who rents from the state.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::pki::Owner;
use crate::pki::people::{
    self, CHILD, DELEGATE, GUARDIAN, INFANT, Invented, MUNICIPALITY, OWNER_1, RESIDENT_1,
    STATE_FLAT, TENANT, WARD,
};

/// What `registers.json` says, in the form that `kelisim registers import` reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registers {
    /// Everybody, with a certificate or without.
    pub people: Vec<Individual>,
    /// Powers of attorney.
    pub powers: Vec<Power>,
    /// Leases of state housing.
    pub leases: Vec<Lease>,
}

/// A person as the person register knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Individual {
    /// Individual identification number.
    pub iin: String,
    /// Surname, given name, patronymic.
    pub name: String,
    /// Day of birth.
    pub born: NaiveDate,
    /// Capacity to act: `full` or `none`.
    pub capacity: String,
    /// The numbers of those who act for them.
    pub representatives: Vec<String>,
}

/// A notarised power of attorney.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Power {
    /// Its number.
    pub number: String,
    /// Who gave it.
    pub principal: Owner,
    /// The number of the person who acts by it.
    pub delegate: String,
    /// Who certified it.
    pub notary: String,
    /// What it allows: `register`, `deregister`.
    pub scope: Vec<String>,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub until: NaiveDate,
}

/// A lease of state housing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Registration code of the address.
    pub rka: String,
    /// The number of the body that lets it.
    pub landlord: String,
    /// The number of the tenant.
    pub tenant: String,
    /// The numbers of all whom the lease names.
    pub named: Vec<String>,
}

/// The registers of the demonstration: everybody who gets a certificate; a child
/// of 15, an infant of 10 and a ward without capacity, for whom `guardian` acts;
/// the power of attorney of `owner-1` for `delegate`; the lease of `tenant`,
/// which names `resident-1` too.
pub fn registers() -> Registers {
    let mut people: Vec<Individual> = Vec::new();
    for character in people::characters() {
        let identity = character.identity;
        // Some have two certificates.
        if people.iter().any(|known| known.iin == identity.iin) {
            continue;
        }
        let patronymic = identity.patronymic.as_deref();
        let names = (&*identity.surname, &*identity.given_name, patronymic);
        people.push(individual(&identity.iin, names));
    }
    people.extend([CHILD, WARD, INFANT].map(represented));
    Registers {
        people,
        powers: vec![power()],
        leases: vec![Lease {
            rka: STATE_FLAT.to_owned(),
            landlord: MUNICIPALITY.to_owned(),
            tenant: number(TENANT),
            named: vec![number(TENANT), number(RESIDENT_1)],
        }],
    }
}

fn individual(
    iin: &str,
    (surname, given_name, patronymic): (&str, &str, Option<&str>),
) -> Individual {
    let names = [Some(surname), Some(given_name), patronymic];
    let names: Vec<_> = names.into_iter().flatten().collect();
    Individual {
        iin: iin.to_owned(),
        name: names.join(" "),
        born: born(iin),
        capacity: "full".to_owned(),
        representatives: Vec::new(),
    }
}

fn represented((iin, names): Invented) -> Individual {
    let mut individual = individual(iin, names);
    individual.representatives.push(number(GUARDIAN));
    if iin == number(WARD) {
        "none".clone_into(&mut individual.capacity);
    }
    individual
}

fn power() -> Power {
    Power {
        number: "ҮЛГІ-2026-0001".to_owned(),
        principal: Owner::Iin(number(OWNER_1)),
        delegate: number(DELEGATE),
        notary: "НОТАРИУСОВА ҮЛГІ СЫНАҚҚЫЗЫ".to_owned(),
        scope: ["register", "deregister"].map(str::to_owned).to_vec(),
        from: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default(),
        until: NaiveDate::from_ymd_opt(2028, 12, 31).unwrap_or_default(),
    }
}

fn number((iin, _): Invented) -> String {
    iin.to_owned()
}

/// The date in an invented number: all of them are of this century or the last.
fn born(iin: &str) -> NaiveDate {
    let (date, rest) = iin.split_at(6);
    let century = match rest.starts_with(['5', '6']) {
        true => "20",
        false => "19",
    };
    NaiveDate::parse_from_str(&format!("{century}{date}"), "%Y%m%d").unwrap_or_default()
}
