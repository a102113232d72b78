//! The people and organisations that documents name, and in what part.

use serde::{Deserialize, Serialize};

use crate::domain::register::PowerNumber;
use crate::domain::{
    Applicant, Capacity, Consent, Delegate, Holder, Leaver, Party, Resident, Signatory,
};
use crate::eds::{Bin, Iin};

/// Who consents, and for whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The consent.
    pub consent: String,
    /// Whose it is.
    pub party: Side,
    /// Who signs in the party's place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegate: Option<Proxy>,
}

/// Who wants the end of a registration, and for whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Initiator {
    /// Whoever speaks for the resident, or an owner.
    #[serde(flatten)]
    pub number: Number,
    /// Who signs in the owner's place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegate: Option<Proxy>,
    /// By what somebody else speaks for the resident.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub right: Option<Right>,
}

/// By what somebody speaks for a resident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// The register of people names them as the legal representative on the day on which
    /// the document was issued, and the resident as one who cannot act alone.
    LegalRepresentative,
}

/// A person by number and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Individual identification number.
    pub iin: String,
    /// Surname, given name and patronymic.
    pub name: String,
}

/// Who asks, and for whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asker {
    /// Individual identification number.
    pub iin: String,
    /// Surname, given name and patronymic.
    pub name: String,
    /// For whom the person speaks.
    pub capacity: Standing,
    /// The organisation, where it is for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bin: Option<String>,
}

/// For whom an applicant speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// For themselves and those whose legal representative they are.
    Oneself,
    /// For an organisation.
    Administration,
    /// For people who are present at a public service centre.
    Operator,
}

/// A party of an application.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Side {
    /// As what.
    #[serde(rename = "as")]
    pub role: Role,
    /// Who.
    #[serde(flatten)]
    pub number: Number,
}

/// As what somebody is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// An owner.
    Owner,
    /// The tenant of state housing, in the owner's place.
    Tenant,
    /// An adult who moves in.
    Resident,
    /// A second member of the service centre.
    Colleague,
}

/// The number of a person or of an organisation: one of the two.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Number {
    /// Individual identification number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iin: Option<String>,
    /// Business identification number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bin: Option<String>,
}

/// Who signs for a party, and by which paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proxy {
    /// Individual identification number.
    pub iin: String,
    /// The number of the notarised power of attorney.
    pub power_of_attorney: String,
}

impl Answer {
    /// The answer to this question, by the delegate where there is one.
    pub fn of(consent: &Consent, delegate: Option<&Delegate>) -> Self {
        Self {
            consent: consent.id.to_string(),
            party: Side::from(&consent.party),
            delegate: delegate.map(Proxy::from),
        }
    }

    /// Whose signature it needs: the delegate's, or the party's; `first` as in
    /// [`Side::party`].
    pub fn signatory(&self, first: &Iin) -> Option<Signatory> {
        match &self.delegate {
            Some(delegate) => Iin::parse(&delegate.iin).ok().map(Signatory::Person),
            None => Some(self.party.party(first)?.signatory()),
        }
    }
}

impl Initiator {
    /// An owner, or the delegate in the owner's place.
    pub fn owner(owner: &Holder, delegate: Option<&Delegate>) -> Self {
        Self {
            number: Number::from(owner),
            delegate: delegate.map(Proxy::from),
            right: None,
        }
    }

    /// Whoever speaks for the resident.
    pub fn leaver(leaver: &Leaver) -> Self {
        Self {
            number: Number::person(leaver.iin()),
            delegate: None,
            right: match leaver {
                Leaver::Resident(_) => None,
                Leaver::Representative(..) => Some(Right::LegalRepresentative),
            },
        }
    }

    /// Whose signature it needs: the delegate's, or that of the one who is named. None
    /// where a number is no number.
    pub fn signatory(&self) -> Option<Signatory> {
        match &self.delegate {
            Some(delegate) => Iin::parse(&delegate.iin).ok().map(Signatory::Person),
            None => Some(Signatory::from(&self.number.holder()?)),
        }
    }
}

impl Proxy {
    /// The delegate; none where a number is no number.
    pub fn delegate(&self) -> Option<Delegate> {
        Some(Delegate {
            iin: Iin::parse(&self.iin).ok()?,
            power: PowerNumber::parse(&self.power_of_attorney).ok()?,
        })
    }
}

impl Asker {
    /// The applicant; none where the numbers are no numbers, or there is one too
    /// many or too few.
    pub fn applicant(&self) -> Option<Applicant> {
        let bin = self.bin.as_ref();
        let bin = bin.map(|bin| Bin::parse(bin)).transpose().ok()?;
        let capacity = match (self.capacity, bin) {
            (Standing::Oneself, None) => Capacity::Oneself,
            (Standing::Administration, Some(bin)) => Capacity::Administration(bin),
            (Standing::Operator, Some(bin)) => Capacity::Operator(bin),
            (Standing::Oneself, Some(_))
            | (Standing::Administration | Standing::Operator, None) => {
                return None;
            }
        };
        Some(Applicant {
            iin: Iin::parse(&self.iin).ok()?,
            name: self.name.clone(),
            capacity,
        })
    }
}

impl Side {
    /// The party; `first` is the member of the service centre whose work a
    /// colleague looks over. None where the number does not fit the role.
    pub fn party(&self, first: &Iin) -> Option<Party> {
        match (self.role, self.number.holder()?) {
            (Role::Owner, holder) => Some(Party::Owner(holder)),
            (Role::Tenant, Holder::Person(iin)) => Some(Party::Tenant(iin)),
            (Role::Resident, Holder::Person(iin)) => Some(Party::Resident(iin)),
            (Role::Colleague, Holder::Organisation(bin)) => {
                Some(Party::Colleague(bin, first.clone()))
            }
            (Role::Tenant | Role::Resident, Holder::Organisation(_))
            | (Role::Colleague, Holder::Person(_)) => None,
        }
    }
}

impl Number {
    /// Whose number it is; none unless exactly one of the two is there.
    pub fn holder(&self) -> Option<Holder> {
        match (&self.iin, &self.bin) {
            (Some(iin), None) => Iin::parse(iin).ok().map(Holder::Person),
            (None, Some(bin)) => Bin::parse(bin).ok().map(Holder::Organisation),
            (None, None) | (Some(_), Some(_)) => None,
        }
    }

    fn person(iin: &Iin) -> Self {
        Self {
            iin: Some(iin.as_str().to_owned()),
            bin: None,
        }
    }

    fn organisation(bin: &Bin) -> Self {
        Self {
            iin: None,
            bin: Some(bin.as_str().to_owned()),
        }
    }
}

impl From<&Delegate> for Proxy {
    fn from(delegate: &Delegate) -> Self {
        Self {
            iin: delegate.iin.as_str().to_owned(),
            power_of_attorney: delegate.power.as_str().to_owned(),
        }
    }
}

impl From<&Resident> for Person {
    fn from(resident: &Resident) -> Self {
        Self {
            iin: resident.iin.as_str().to_owned(),
            name: resident.name.clone(),
        }
    }
}

impl From<&Applicant> for Asker {
    fn from(applicant: &Applicant) -> Self {
        let (capacity, bin) = match &applicant.capacity {
            Capacity::Oneself => (Standing::Oneself, None),
            Capacity::Administration(bin) => (Standing::Administration, Some(bin)),
            Capacity::Operator(bin) => (Standing::Operator, Some(bin)),
        };
        Self {
            iin: applicant.iin.as_str().to_owned(),
            name: applicant.name.clone(),
            capacity,
            bin: bin.map(|bin| bin.as_str().to_owned()),
        }
    }
}

impl From<&Party> for Side {
    fn from(party: &Party) -> Self {
        let (role, number) = match party {
            Party::Owner(holder) => (Role::Owner, Number::from(holder)),
            Party::Tenant(iin) => (Role::Tenant, Number::person(iin)),
            Party::Resident(iin) => (Role::Resident, Number::person(iin)),
            Party::Colleague(bin, _) => (Role::Colleague, Number::organisation(bin)),
        };
        Self { role, number }
    }
}

impl From<&Holder> for Number {
    fn from(holder: &Holder) -> Self {
        match holder {
            Holder::Person(iin) => Self::person(iin),
            Holder::Organisation(bin) => Self::organisation(bin),
        }
    }
}
