//! How those who hold rights, are asked, sign and act are stored.

use super::{Error, bin, iin, word};
use crate::domain::register::PowerNumber;
use crate::domain::{Actor, Capacity, Delegate, Holder, Member, Party, Signatory};
use crate::eds::{Bin, Iin};

/// As what somebody is stored, and by which numbers.
pub(super) struct Numbered {
    pub(super) word: &'static str,
    pub(super) iin: Option<String>,
    pub(super) bin: Option<String>,
}

impl Numbered {
    fn new(word: &'static str, iin: Option<&Iin>, bin: Option<&Bin>) -> Self {
        Self {
            word,
            iin: iin.map(|iin| iin.as_str().to_owned()),
            bin: bin.map(|bin| bin.as_str().to_owned()),
        }
    }
}

/// A holder as one text.
pub(super) fn write_holder(holder: &Holder) -> String {
    match holder {
        Holder::Person(iin) => format!("iin:{}", iin.as_str()),
        Holder::Organisation(bin) => format!("bin:{}", bin.as_str()),
    }
}

pub(super) fn read_holder(text: &str) -> Result<Holder, Error> {
    match text.split_once(':') {
        Some(("iin", number)) => Ok(Holder::Person(iin(number)?)),
        Some(("bin", number)) => Ok(Holder::Organisation(bin(number)?)),
        Some(_) | None => Err(Error::Corrupt("holder")),
    }
}

/// A holder by one of two numbers.
pub(super) fn holder(person: Option<&str>, organisation: Option<&str>) -> Result<Holder, Error> {
    match (person, organisation) {
        (Some(number), None) => Ok(Holder::Person(iin(number)?)),
        (None, Some(number)) => Ok(Holder::Organisation(bin(number)?)),
        (Some(_), Some(_)) | (None, None) => Err(Error::Corrupt("holder")),
    }
}

/// A signatory as one text.
pub(super) fn write_signatory(signatory: &Signatory) -> String {
    match signatory {
        Signatory::Person(iin) => format!("person:{}", iin.as_str()),
        Signatory::Organisation(bin) => format!("organisation:{}", bin.as_str()),
        Signatory::Operator(bin, iin) => format!("operator:{}:{}", bin.as_str(), iin.as_str()),
        Signatory::Colleague(bin, iin) => format!("colleague:{}:{}", bin.as_str(), iin.as_str()),
    }
}

/// A signatory as one who is told.
pub(super) fn write_addressee(signatory: &Signatory) -> Numbered {
    match signatory {
        Signatory::Person(iin) => Numbered::new("person", Some(iin), None),
        Signatory::Organisation(bin) => Numbered::new("organisation", None, Some(bin)),
        Signatory::Operator(bin, iin) => Numbered::new("operator", Some(iin), Some(bin)),
        Signatory::Colleague(bin, iin) => Numbered::new("colleague", Some(iin), Some(bin)),
    }
}

pub(super) fn read_signatory(text: &str) -> Result<Signatory, Error> {
    let mut parts = text.split(':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("person"), Some(person), None) => Ok(Signatory::Person(iin(person)?)),
        (Some("organisation"), Some(of), None) => Ok(Signatory::Organisation(bin(of)?)),
        (Some("operator"), Some(of), Some(person)) => {
            Ok(Signatory::Operator(bin(of)?, iin(person)?))
        }
        (Some("colleague"), Some(of), Some(person)) => {
            Ok(Signatory::Colleague(bin(of)?, iin(person)?))
        }
        (_, _, _) => Err(Error::Corrupt("signatory")),
    }
}

pub(super) fn write_party(party: &Party) -> Numbered {
    match party {
        Party::Owner(Holder::Person(iin)) => Numbered::new("owner", Some(iin), None),
        Party::Owner(Holder::Organisation(bin)) => Numbered::new("owner", None, Some(bin)),
        Party::Tenant(iin) => Numbered::new("tenant", Some(iin), None),
        Party::Resident(iin) => Numbered::new("resident", Some(iin), None),
        Party::Colleague(bin, iin) => Numbered::new("colleague", Some(iin), Some(bin)),
    }
}

pub(super) fn read_party(
    word: &str,
    person: Option<&str>,
    organisation: Option<&str>,
) -> Result<Party, Error> {
    match (word, person, organisation) {
        ("owner", _, _) => Ok(Party::Owner(holder(person, organisation)?)),
        ("tenant", Some(person), None) => Ok(Party::Tenant(iin(person)?)),
        ("resident", Some(person), None) => Ok(Party::Resident(iin(person)?)),
        ("colleague", Some(person), Some(of)) => Ok(Party::Colleague(bin(of)?, iin(person)?)),
        (_, _, _) => Err(Error::Corrupt("party")),
    }
}

pub(super) fn read_delegate(
    person: Option<&str>,
    power: Option<&str>,
) -> Result<Option<Delegate>, Error> {
    match (person, power) {
        (None, None) => Ok(None),
        (Some(person), Some(power)) => Ok(Some(Delegate {
            iin: iin(person)?,
            power: PowerNumber::parse(power).map_err(|_| Error::Corrupt("power of attorney"))?,
        })),
        (Some(_), None) | (None, Some(_)) => Err(Error::Corrupt("delegate")),
    }
}

pub(super) fn write_capacity(capacity: &Capacity) -> (&'static str, Option<String>) {
    match capacity {
        Capacity::Oneself => ("oneself", None),
        Capacity::Administration(bin) => ("administration", Some(bin.as_str().to_owned())),
        Capacity::Operator(bin) => ("operator", Some(bin.as_str().to_owned())),
    }
}

pub(super) fn read_capacity(word: &str, organisation: Option<&str>) -> Result<Capacity, Error> {
    match (word, organisation) {
        ("oneself", None) => Ok(Capacity::Oneself),
        ("administration", Some(of)) => Ok(Capacity::Administration(bin(of)?)),
        ("operator", Some(of)) => Ok(Capacity::Operator(bin(of)?)),
        (_, _) => Err(Error::Corrupt("capacity")),
    }
}

pub(super) fn write_actor(actor: &Actor) -> Numbered {
    match actor {
        Actor::Person(iin) => Numbered::new("person", Some(iin), None),
        Actor::Member(member) => {
            Numbered::new(member.office.into(), Some(&member.iin), Some(&member.bin))
        }
        Actor::Clock => Numbered::new("service", None, None),
        Actor::Register => Numbered::new("register", None, None),
    }
}

pub(super) fn read_actor(
    text: &str,
    person: Option<&str>,
    organisation: Option<&str>,
) -> Result<Actor, Error> {
    match (text, person, organisation) {
        ("person", Some(person), None) => Ok(Actor::Person(iin(person)?)),
        ("service", None, None) => Ok(Actor::Clock),
        ("register", None, None) => Ok(Actor::Register),
        (office, Some(person), Some(of)) => Ok(Actor::Member(Member {
            iin: iin(person)?,
            bin: bin(of)?,
            office: word(office, "office")?,
        })),
        (_, _, _) => Err(Error::Corrupt("actor")),
    }
}
