//! What a file of registers says, read into the types of the domain.

use std::collections::BTreeSet;
use std::io::Read;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::domain::register::{Capacity, Individual, Lease, PowerNumber, PowerOfAttorney, Scope};
use crate::domain::{Holder, Rka};
use crate::eds::{Bin, Iin};

/// A file of registers cannot be used. Nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum BadFile {
    /// It is no JSON of that form.
    #[error("the file holds no registers of people, powers and leases")]
    Form(#[source] serde_json::Error),
    /// An entry in it, counted from 1, cannot be used.
    #[error("{list} {place}: {fault}")]
    Entry {
        /// In which list it stands.
        list: List,
        /// Its place there.
        place: usize,
        /// What is wrong with it.
        fault: Fault,
    },
}

/// A list in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub enum List {
    /// `people`.
    Person,
    /// `powers`.
    Power,
    /// `leases`.
    Lease,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// An IIN or BIN fails its check.
    #[error("an identification number in it is none")]
    Number,
    /// No address code.
    #[error("its address registration code is none")]
    Rka,
    /// No number of a power of attorney.
    #[error("its number is none")]
    PowerNumber,
    /// A name is empty.
    #[error("a name in it is empty")]
    Name,
    /// It ends before it begins.
    #[error("its dates run backwards")]
    Dates,
    /// It allows nothing.
    #[error("it allows nothing")]
    Scope,
    /// A person is their own representative.
    #[error("nobody is their own representative")]
    Oneself,
    /// Another entry is about the same.
    #[error("it stands there twice")]
    Twice,
}

/// What the file says.
pub(super) struct Registers {
    pub(super) people: Vec<Individual>,
    pub(super) powers: Vec<PowerOfAttorney>,
    pub(super) leases: Vec<Lease>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    people: Vec<Person>,
    #[serde(default)]
    powers: Vec<Power>,
    #[serde(default)]
    leases: Vec<StateLease>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    iin: String,
    name: String,
    born: NaiveDate,
    died: Option<NaiveDate>,
    #[serde(default = "full")]
    capacity: Capacity,
    #[serde(default)]
    representatives: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Power {
    number: String,
    principal: Principal,
    delegate: String,
    notary: String,
    scope: BTreeSet<Scope>,
    from: NaiveDate,
    until: NaiveDate,
    revoked_on: Option<NaiveDate>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Principal {
    Iin(String),
    Bin(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StateLease {
    rka: String,
    landlord: String,
    tenant: String,
    named: Vec<String>,
}

/// Reads a file whole.
pub(super) fn read(file: impl Read) -> Result<Registers, BadFile> {
    let written: Written = serde_json::from_reader(file).map_err(BadFile::Form)?;
    let people = all(List::Person, written.people, Person::read)?;
    let powers = all(List::Power, written.powers, Power::read)?;
    let leases = all(List::Lease, written.leases, StateLease::read)?;
    once(List::Person, people.iter().map(|person| &person.iin))?;
    once(List::Power, powers.iter().map(|power| &power.number))?;
    once(List::Lease, leases.iter().map(|lease| &lease.rka))?;
    Ok(Registers {
        people,
        powers,
        leases,
    })
}

fn all<W, R>(
    list: List,
    written: Vec<W>,
    read: impl Fn(W) -> Result<R, Fault>,
) -> Result<Vec<R>, BadFile> {
    let entries = (1..).zip(written);
    let entries = entries
        .map(|(place, entry)| read(entry).map_err(|fault| BadFile::Entry { list, place, fault }));
    entries.collect()
}

fn once<'a, K: Ord + 'a>(list: List, keys: impl Iterator<Item = &'a K>) -> Result<(), BadFile> {
    let mut seen = BTreeSet::new();
    match (1..).zip(keys).find(|(_, key)| !seen.insert(*key)) {
        Some((place, _)) => Err(BadFile::Entry {
            list,
            place,
            fault: Fault::Twice,
        }),
        None => Ok(()),
    }
}

impl Person {
    fn read(self) -> Result<Individual, Fault> {
        let iin = person(&self.iin)?;
        let representatives = people(&self.representatives)?;
        if representatives.contains(&iin) {
            return Err(Fault::Oneself);
        }
        if self.died.is_some_and(|died| died < self.born) {
            return Err(Fault::Dates);
        }
        Ok(Individual {
            iin,
            name: name(self.name)?,
            born: self.born,
            died: self.died,
            capacity: self.capacity,
            representatives,
        })
    }
}

impl Power {
    fn read(self) -> Result<PowerOfAttorney, Fault> {
        if self.scope.is_empty() {
            return Err(Fault::Scope);
        }
        if self.until < self.from {
            return Err(Fault::Dates);
        }
        Ok(PowerOfAttorney {
            number: PowerNumber::parse(&self.number).map_err(|_| Fault::PowerNumber)?,
            principal: self.principal.read()?,
            delegate: person(&self.delegate)?,
            notary: name(self.notary)?,
            scope: self.scope,
            valid: self.from..=self.until,
            revoked_on: self.revoked_on,
        })
    }
}

impl Principal {
    fn read(&self) -> Result<Holder, Fault> {
        match self {
            Self::Iin(number) => Ok(Holder::Person(person(number)?)),
            Self::Bin(number) => Ok(Holder::Organisation(organisation(number)?)),
        }
    }
}

impl StateLease {
    fn read(self) -> Result<Lease, Fault> {
        Ok(Lease {
            rka: Rka::parse(&self.rka).map_err(|_| Fault::Rka)?,
            landlord: organisation(&self.landlord)?,
            tenant: person(&self.tenant)?,
            named: people(&self.named)?,
        })
    }
}

fn person(number: &str) -> Result<Iin, Fault> {
    Iin::parse(number).map_err(|_| Fault::Number)
}

fn people(numbers: &[String]) -> Result<BTreeSet<Iin>, Fault> {
    numbers.iter().map(|number| person(number)).collect()
}

fn organisation(number: &str) -> Result<Bin, Fault> {
    Bin::parse(number).map_err(|_| Fault::Number)
}

fn name(text: String) -> Result<String, Fault> {
    match text.trim().is_empty() {
        true => Err(Fault::Name),
        false => Ok(text),
    }
}

fn full() -> Capacity {
    Capacity::Full
}
