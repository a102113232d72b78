//! The people of the tests, their certificates, and what they ask for.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeZone, Utc};
use uuid::Uuid;

use crate::domain::{
    Actor, Address, Applicant, Asked, Beside, Capacity, Consent, ConsentId, Dwelling, FourEyes,
    Holder, Language, Member, Office, Party, Period, Proposal, Question, Resident, Rka, Rules,
    Term, Use,
};
use crate::eds::testing as made;
use crate::eds::{Bin, Iin, Role, Signer};

pub(in super::super) const RESIDENT: &str = "900101300007";
pub(in super::super) const OWNERS: [&str; 3] = ["000101500001", "851230400006", "770101300018"];
pub(in super::super) const STRANGER: &str = "900101300811";
pub(in super::super) const SPOUSE: &str = "700202400020";
pub(in super::super) const CHILD: &str = "950303500037";
pub(in super::super) const CLERK: &str = "600404400048";
pub(in super::super) const HOSTEL: &str = "001140000015";
pub(in super::super) const CENTRE: &str = "051140000024";

pub(in super::super) fn iin(text: &str) -> Iin {
    Iin::parse(text).unwrap()
}

pub(in super::super) fn bin(text: &str) -> Bin {
    Bin::parse(text).unwrap()
}

/// Noon of a day in November.
pub(in super::super) fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 1, 12, 0, 0).unwrap()
}

pub(in super::super) fn person(text: &str) -> Actor {
    Actor::Person(iin(text))
}

/// The head of an organisation, or one who signs for it.
pub(in super::super) fn head(person: &str, of: &str) -> Actor {
    member(person, of, Office::Signs)
}

/// One who works for an organisation.
pub(in super::super) fn employee(person: &str, of: &str) -> Actor {
    member(person, of, Office::Employed)
}

fn member(person: &str, of: &str, office: Office) -> Actor {
    Actor::Member(Member {
        iin: iin(person),
        bin: bin(of),
        office,
    })
}

/// Whom this actor's certificate names.
pub(in super::super) fn certificate(actor: &Actor) -> Signer {
    match actor {
        Actor::Person(iin) => made::person(iin.as_str()),
        Actor::Member(member) => {
            let role = match member.office {
                Office::Signs => Role::Signatory,
                Office::Employed => Role::Employee,
            };
            made::member(member.iin.as_str(), member.bin.as_str(), &[role])
        }
        Actor::Clock | Actor::Register => panic!("{actor:?} has no certificate"),
    }
}

pub(in super::super) fn resident(text: &str) -> Resident {
    Resident {
        iin: iin(text),
        name: "ТЕСТОВ ТЕСТ".to_owned(),
    }
}

pub(in super::super) fn owner(text: &str) -> Holder {
    Holder::Person(iin(text))
}

pub(in super::super) fn organisation(text: &str) -> Holder {
    Holder::Organisation(bin(text))
}

pub(in super::super) fn owners(all: &[&str]) -> BTreeSet<Holder> {
    all.iter().map(|one| owner(one)).collect()
}

pub(in super::super) fn dwelling(owners: impl IntoIterator<Item = Holder>) -> Dwelling {
    Dwelling {
        rka: Rka::parse("0201999000000011").unwrap(),
        address: Address {
            kk: String::new(),
            ru: String::new(),
            en: String::new(),
        },
        used_as: Use::Home,
        area: None,
        owners: owners.into_iter().collect(),
    }
}

/// What somebody asks for, of whom.
#[derive(Clone)]
pub(in super::super) struct Wish {
    pub(in super::super) applicant: Applicant,
    pub(in super::super) residents: Vec<Resident>,
    pub(in super::super) dwelling: Dwelling,
    pub(in super::super) term: Term,
    pub(in super::super) beside: Beside,
    pub(in super::super) four_eyes: FourEyes,
}

impl Wish {
    /// The resident asks for three months in a dwelling of these owners.
    pub(in super::super) fn of(owners: impl IntoIterator<Item = Holder>) -> Self {
        let from = start().date_naive();
        Self {
            applicant: applicant(RESIDENT, Capacity::Oneself),
            residents: vec![resident(RESIDENT)],
            dwelling: dwelling(owners),
            term: Term::Temporary(Period::new(from, 3).unwrap()),
            beside: Beside::default(),
            four_eyes: FourEyes::Waived,
        }
    }

    pub(in super::super) fn by(mut self, who: &str, capacity: Capacity) -> Self {
        self.applicant = applicant(who, capacity);
        self
    }

    /// These adults move in too.
    pub(in super::super) fn with(mut self, adults: &[&str]) -> Self {
        self.beside.joining = adults.iter().map(|one| iin(one)).collect();
        self.for_others(adults)
    }

    /// The applicant speaks for these.
    pub(in super::super) fn for_others(mut self, others: &[&str]) -> Self {
        self.residents
            .extend(others.iter().map(|one| resident(one)));
        self
    }

    pub(in super::super) fn let_by_the_state_to(mut self, tenant: &str) -> Self {
        self.beside.tenant = Some(iin(tenant));
        self
    }

    pub(in super::super) fn for_good(mut self) -> Self {
        self.term = Term::Permanent(start().date_naive());
        self
    }

    pub(in super::super) fn looked_over(mut self) -> Self {
        self.four_eyes = FourEyes::Demanded;
        self
    }

    /// Whose agreement is needed for it.
    pub(in super::super) fn asked(&self) -> Asked {
        let Self {
            applicant,
            residents,
            dwelling,
            beside,
            ..
        } = self;
        Asked::of(dwelling, applicant, residents, beside, self.four_eyes)
    }

    /// The proposal, its consents named from this number on.
    pub(in super::super) fn proposal(&self, first: u128) -> Proposal {
        Proposal {
            applicant: self.applicant.clone(),
            residents: self.residents.clone(),
            dwelling: self.dwelling.clone(),
            term: self.term,
            arrived: self.term.from(),
            language: Language::Ru,
            extends: None,
            asked: Question::new(self.asked(), names(first)),
        }
    }
}

/// Names for consents, from this number on.
pub(in super::super) fn names(first: u128) -> impl Iterator<Item = ConsentId> {
    (first..).map(|n| ConsentId::new(Uuid::from_u128(n)))
}

/// Owners who are to confirm a removal, named from this number on.
pub(in super::super) fn confirming(owners: &[&str], first: u128) -> Vec<Consent> {
    let parties = owners.iter().map(|one| Party::Owner(owner(one)));
    let named = names(first).zip(parties);
    named.map(|(id, party)| Consent::asked(id, party)).collect()
}

fn applicant(who: &str, capacity: Capacity) -> Applicant {
    Applicant {
        iin: iin(who),
        name: "ТЕСТОВ ТЕСТ".to_owned(),
        capacity,
    }
}

/// The rules with this changed.
pub(in super::super) fn rules(change: impl Fn(&mut Rules)) -> Rules {
    let mut rules = Rules::default();
    change(&mut rules);
    rules
}
