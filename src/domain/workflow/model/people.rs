//! What people may ask of the service, and the papers that they sign.
//!
//! Every request may reach the service any number of times, at any moment, in any
//! order: a message that waits, one that is repeated and one that overtakes
//! another are all the same to the model.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::super::tests::people::{
    OWNERS, RESIDENT, STRANGER, Wish, certificate, iin, owner, person, start,
};
use super::world::Owners;
use crate::domain::{
    Actor, Asked, Consent, ConsentId, Document, DocumentId, Holder, Language, NONCE_LENGTH, Nonce,
    Party, Period, Proposal, Purpose, Question, Receipt, RegistrationId, Signatory, Signed, Term,
};
use crate::eds::testing::{received_from, verified_from};
use crate::eds::{Digest, Received, Verified};

/// Who owns the dwelling at one time or another.
const PEOPLE: [&str; 4] = [OWNERS[0], OWNERS[1], OWNERS[2], STRANGER];

/// A request; its own idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Command {
    /// The applicant signs this edition.
    Sign(usize, i32),
    /// The applicant signs it, and there is no evidence yet.
    SignLate(usize, i32),
    /// What was asked in this round of this person is answered.
    Consent(usize, Asking),
    /// By a signature for which there is no evidence yet.
    ConsentLate(usize, Asking),
    Decline(usize, Asking),
    TakeBack(usize, Asking),
    /// The applicant writes it anew after this edition.
    Edit(usize, i32),
    Withdraw(usize),
    Leave(usize),
    /// This owner demands the end.
    Remove(usize, usize),
    /// And takes the demand back.
    Retract(usize, usize),
    /// What this owner demanded is confirmed by that one.
    Confirm(usize, usize, usize),
    /// By a signature for which there is no evidence yet.
    ConfirmLate(usize, usize, usize),
    Object(usize, usize, usize),
}

/// A question: in which round, to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Asking {
    pub(super) round: i32,
    pub(super) who: usize,
}

/// Something to be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Paper {
    Application(usize, i32),
    Consent(ConsentId),
    Leaving(usize),
    Removal(usize, usize),
}

/// A document and the signature of the one whom it asks, as it comes in each moment.
struct Deed {
    document: Document,
    signatures: Vec<(Verified, Received)>,
}

/// All that can be signed.
pub(super) struct Papers {
    moments: Vec<DateTime<Utc>>,
    deeds: HashMap<Paper, Deed>,
}

impl Papers {
    pub(super) fn new(moments: Vec<DateTime<Utc>>) -> Self {
        let deeds = HashMap::new();
        let mut all = Self { moments, deeds };
        for place in 0..2 {
            all.of_application(place);
        }
        all
    }

    fn of_application(&mut self, place: usize) {
        for edition in 1..=3 {
            let paper = Paper::Application(place, edition);
            self.write(paper, Purpose::Application, RESIDENT);
        }
        for (who, name) in PEOPLE.iter().enumerate() {
            for round in 1..=4 {
                let id = consent(place, Asking { round, who });
                self.write(Paper::Consent(id), Purpose::Consent(id), name);
            }
            for by in 0..PEOPLE.len() {
                let id = confirmation(place, by, who);
                self.write(Paper::Consent(id), Purpose::Consent(id), name);
            }
            let removal = Purpose::Removal(registration(place));
            self.write(Paper::Removal(place, who), removal, name);
        }
        let leaving = Purpose::Leaving(registration(place));
        self.write(Paper::Leaving(place), leaving, RESIDENT);
    }

    fn write(&mut self, paper: Paper, purpose: Purpose, signer: &str) {
        let document = Document {
            id: DocumentId::new(Uuid::nil()),
            purpose,
            signatory: Some(Signatory::Person(iin(signer))),
            language: Language::Ru,
            bytes: format!("{paper:?}").into_bytes(),
            nonce: Nonce([0; NONCE_LENGTH]),
            issued_at: start(),
            expires_at: start() + TimeDelta::days(10_000),
        };
        let digest = Digest::of(&document.bytes);
        let who = || certificate(&person(signer));
        let moments = self.moments.iter();
        let signatures = moments.map(|at| {
            (
                verified_from(who(), digest, *at),
                received_from(who(), digest, *at),
            )
        });
        let deed = Deed {
            signatures: signatures.collect(),
            document,
        };
        self.deeds.insert(paper, deed);
    }

    /// The signature that came at this time, with all its evidence.
    pub(super) fn signed(&self, paper: Paper, time: usize) -> Signed<'_> {
        let deed = &self.deeds[&paper];
        Signed {
            document: &deed.document,
            proof: &deed.signatures[time].0,
        }
    }

    /// The signature that comes at this time, without it.
    pub(super) fn receipt(&self, paper: Paper, time: usize) -> Receipt<'_> {
        let deed = &self.deeds[&paper];
        Receipt {
            document: &deed.document,
            received: &deed.signatures[time].1,
        }
    }

    /// Which time it was then.
    pub(super) fn time_of(&self, moment: DateTime<Utc>) -> usize {
        let place = self.moments.iter().position(|at| *at == moment);
        place.unwrap()
    }
}

impl Command {
    /// Which application it is about.
    pub(super) fn place(self) -> usize {
        match self {
            Self::Sign(place, _)
            | Self::SignLate(place, _)
            | Self::Consent(place, _)
            | Self::ConsentLate(place, _)
            | Self::Decline(place, _)
            | Self::TakeBack(place, _)
            | Self::Edit(place, _)
            | Self::Withdraw(place)
            | Self::Leave(place)
            | Self::Remove(place, _)
            | Self::Retract(place, _)
            | Self::Confirm(place, ..)
            | Self::ConfirmLate(place, ..)
            | Self::Object(place, ..) => place,
        }
    }

    /// Which edition it signs, if it does.
    pub(super) fn edition(self) -> Option<i32> {
        if let Self::Sign(_, edition) | Self::SignLate(_, edition) = self {
            return Some(edition);
        }
        None
    }

    /// The owner who sends it; none where it is the applicant.
    pub(super) fn owner(self) -> Option<usize> {
        match self {
            Self::Consent(_, asking)
            | Self::ConsentLate(_, asking)
            | Self::Decline(_, asking)
            | Self::TakeBack(_, asking) => Some(asking.who),
            Self::Remove(_, who)
            | Self::Retract(_, who)
            | Self::Confirm(_, _, who)
            | Self::ConfirmLate(_, _, who)
            | Self::Object(_, _, who) => Some(who),
            Self::Sign(..)
            | Self::SignLate(..)
            | Self::Edit(..)
            | Self::Withdraw(_)
            | Self::Leave(_) => None,
        }
    }

    /// Who sends it.
    pub(super) fn actor(self) -> Actor {
        person(self.owner().map_or(RESIDENT, |who| PEOPLE[who]))
    }
}

/// The name of what is asked in a round.
pub(super) fn consent(place: usize, asking: Asking) -> ConsentId {
    let round = usize::try_from(asking.round).unwrap();
    named(place * 10_000 + round * 10 + asking.who)
}

/// The name of what the one who confirms a removal is asked.
pub(super) fn confirmation(place: usize, by: usize, who: usize) -> ConsentId {
    named(place * 10_000 + 1_000 + by * 10 + who)
}

/// In which round a consent was asked for, and whose it is.
pub(super) fn asking(id: ConsentId) -> Asking {
    let number = id.uuid().as_u128() % 10_000;
    Asking {
        round: i32::try_from(number / 10).unwrap(),
        who: usize::try_from(number % 10).unwrap(),
    }
}

fn named(number: usize) -> ConsentId {
    ConsentId::new(Uuid::from_u128(u128::try_from(number).unwrap()))
}

pub(super) fn registration(place: usize) -> RegistrationId {
    RegistrationId::new(Uuid::from_u128(u128::try_from(place).unwrap()))
}

/// Those who own the dwelling, of as many as there are.
pub(super) fn holders(owners: Owners, count: usize) -> Vec<usize> {
    match owners {
        Owners::First => (0..count).collect(),
        Owners::Sold => (0..count - 1).chain([PEOPLE.len() - 1]).collect(),
    }
}

pub(super) fn holder(who: usize) -> Holder {
    owner(PEOPLE[who])
}

/// What the applicant asks for.
pub(super) fn wish(owners: &[usize]) -> Wish {
    Wish::of(owners.iter().map(|who| holder(*who)))
}

/// The wish as a proposal, its consents those of this round.
pub(super) fn proposal(wish: &Wish, place: usize, round: i32) -> Proposal {
    Proposal {
        asked: question(wish.asked(), place, round),
        ..wish.proposal(0)
    }
}

/// As many months from the day after the last one.
pub(super) fn following(term: &Term) -> Term {
    let next = term.until().and_then(|last| last.succ_opt()).unwrap();
    Term::Temporary(Period::new(next, term.months().unwrap()).unwrap())
}

/// Asks these in this round.
pub(super) fn question(asked: Asked, place: usize, round: i32) -> Question {
    let names = asked.parties.iter().map(|party| {
        let who = number(party);
        consent(place, Asking { round, who })
    });
    let names: Vec<_> = names.collect();
    Question::new(asked, names)
}

/// The other owners, who are to confirm what one of them demands.
pub(super) fn confirming(place: usize, by: usize, owners: &[usize]) -> Vec<Consent> {
    let others = owners.iter().filter(|who| **who != by);
    let asked = others.map(|who| {
        let party = Party::Owner(holder(*who));
        Consent::asked(confirmation(place, by, *who), party)
    });
    asked.collect()
}

fn number(party: &Party) -> usize {
    let all: BTreeSet<_> = party.person().into_iter().collect();
    let found = PEOPLE.iter().position(|one| all.contains(&iin(one)));
    found.unwrap()
}
