//! Those who are asked, and what they answer.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::register::PowerNumber;
use super::{Applicant, Capacity, ConsentId, DeclineReason, Dwelling, Holder, Resident, Signatory};
use crate::eds::{Bin, Iin};

/// Who is asked, and as what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// An owner of the dwelling, or of a share in it.
    Owner(Holder),
    /// The tenant of state housing, in the owner's place.
    Tenant(Iin),
    /// An adult of the family, for whom nobody else speaks.
    Resident(Iin),
    /// A second member of the service centre, who looks over what the first did:
    /// the organisation, and the first.
    Colleague(Bin, Iin),
}

/// Somebody who may answer in a party's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegate {
    /// The person.
    pub iin: Iin,
    /// The notarised power of attorney.
    pub power: PowerNumber,
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// None yet.
    Awaited,
    /// Yes, by a signature whose evidence is still to come: it does not count yet.
    Pending(DateTime<Utc>),
    /// Yes, by a signature that held when it was given.
    Given(DateTime<Utc>),
    /// No.
    Declined(DateTime<Utc>, DeclineReason),
    /// Yes, and then no, before anything followed from it.
    TakenBack(DateTime<Utc>),
}

/// One party's part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Its identifier.
    pub id: ConsentId,
    /// Who is asked.
    pub party: Party,
    /// Who may answer in the party's place.
    pub delegate: Option<Delegate>,
    /// What was said.
    pub answer: Answer,
}

/// Whose agreement an application needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The owners of the dwelling, by the register.
    pub owners: BTreeSet<Holder>,
    /// Those who are asked, each once.
    pub parties: BTreeSet<Party>,
}

/// Who else has a say beside the owners.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The tenant, where the dwelling is state housing.
    pub tenant: Option<Iin>,
    /// Adults among the residents for whom the applicant does not speak.
    pub joining: BTreeSet<Iin>,
}

impl Party {
    /// Whose signature is this party's.
    pub fn signatory(&self) -> Signatory {
        match self {
            Self::Owner(holder) => holder.into(),
            Self::Tenant(iin) | Self::Resident(iin) => Signatory::Person(iin.clone()),
            Self::Colleague(bin, first) => Signatory::Colleague(bin.clone(), first.clone()),
        }
    }

    /// The person, where the party is one.
    pub fn person(&self) -> Option<&Iin> {
        match self {
            Self::Owner(Holder::Person(iin)) | Self::Tenant(iin) | Self::Resident(iin) => Some(iin),
            Self::Owner(Holder::Organisation(_)) | Self::Colleague(..) => None,
        }
    }
}

impl Answer {
    /// Whether nothing was decided by it yet.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Awaited | Self::Pending(_))
    }

    /// Whether it is a signature whose evidence is still to come.
    pub fn is_pending(&self) -> bool {
        self.pending_since().is_some()
    }

    /// When the signature came, if its evidence is still to come.
    fn pending_since(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Pending(since) => Some(*since),
            Self::Awaited | Self::Given(_) | Self::Declined(..) | Self::TakenBack(_) => None,
        }
    }

    /// Whether it is a consent that counts.
    pub fn is_given(&self) -> bool {
        matches!(self, Self::Given(_))
    }
}

/// When the last of the signatures came whose evidence is still to come.
pub(super) fn pending_since(consents: &[Consent]) -> Option<DateTime<Utc>> {
    let answers = consents.iter().map(|consent| &consent.answer);
    answers.filter_map(Answer::pending_since).max()
}

impl Consent {
    /// A question to which no answer has been given.
    pub fn asked(id: ConsentId, party: Party) -> Self {
        Self {
            id,
            party,
            delegate: None,
            answer: Answer::Awaited,
        }
    }

    /// The owner who is asked, where the party is one.
    pub fn owner(&self) -> Option<&Holder> {
        match &self.party {
            Party::Owner(holder) => Some(holder),
            Party::Tenant(_) | Party::Resident(_) | Party::Colleague(..) => None,
        }
    }

    /// Whose signature answers it: the party's, or the delegate's. Only an owner
    /// can send somebody.
    pub fn signatories(&self) -> Vec<Signatory> {
        let delegate = self.delegate.iter().filter(|_| self.owner().is_some());
        let delegate = delegate.map(|delegate| Signatory::Person(delegate.iin.clone()));
        std::iter::once(self.party.signatory())
            .chain(delegate)
            .collect()
    }

    /// The delegate, when it is the delegate and not the party who signs as this.
    pub fn delegate_who_is(&self, signatory: &Signatory) -> Option<&Delegate> {
        let own = self.party.signatory();
        self.delegate.as_ref().filter(|_| own != *signatory)
    }
}

impl Asked {
    /// Whose agreement is needed when `applicant` asks for `residents`: every
    /// owner's but the applicant's own, the tenant's in the place of a sole owner
    /// where the dwelling is state housing, and that of each adult who moves in.
    /// Nobody is asked twice, and at the service centre nobody but a colleague,
    /// where that is the rule: there people are present in person.
    pub fn of(
        dwelling: &Dwelling,
        applicant: &Applicant,
        residents: &[Resident],
        beside: &Beside,
        colleague: FourEyes,
    ) -> Self {
        let owners = dwelling.owners.clone();
        let parties = match &applicant.capacity {
            Capacity::Operator(bin) => match colleague {
                FourEyes::Demanded => [Party::Colleague(bin.clone(), applicant.iin.clone())].into(),
                FourEyes::Waived => BTreeSet::new(),
            },
            Capacity::Oneself | Capacity::Administration(_) => {
                let own = applicant.holder();
                let mut parties = rights(&owners, beside, &own);
                let joining = residents.iter().map(|resident| &resident.iin);
                let joining = joining.filter(|iin| beside.joining.contains(iin));
                let asked: BTreeSet<Iin> =
                    parties.iter().filter_map(Party::person).cloned().collect();
                parties.extend(
                    joining
                        .filter(|iin| !asked.contains(iin))
                        .map(|iin| Party::Resident(iin.clone())),
                );
                parties
            }
        };
        Self { owners, parties }
    }
}

/// Those who hold the rights to the dwelling: the tenant where the state lets it,
/// and otherwise the owners.
pub fn holders(owners: &BTreeSet<Holder>, tenant: Option<&Iin>) -> BTreeSet<Party> {
    match tenant {
        Some(tenant) => [Party::Tenant(tenant.clone())].into(),
        None => owners.iter().cloned().map(Party::Owner).collect(),
    }
}

/// Those who hold the rights to the dwelling, without the applicant.
fn rights(owners: &BTreeSet<Holder>, beside: &Beside, own: &Holder) -> BTreeSet<Party> {
    let mut parties = holders(owners, beside.tenant.as_ref());
    parties.retain(|party| Signatory::from(own) != party.signatory());
    parties
}

/// Whether a second member of the service centre looks over what the first did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FourEyes {
    /// Nothing is registered before.
    Demanded,
    /// One is enough.
    Waived,
}

impl FourEyes {
    /// The rule by which these were asked: it may be another one by now, and what was
    /// lodged is decided by that under which it was.
    pub fn of(consents: &[Consent]) -> Self {
        let mut parties = consents.iter().map(|consent| &consent.party);
        match parties.any(|party| matches!(party, Party::Colleague(..))) {
            true => Self::Demanded,
            false => Self::Waived,
        }
    }
}
