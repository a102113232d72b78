//! Who acts, and who may sign what.

use std::collections::BTreeSet;

use super::Holder;
use crate::eds::{Bin, Iin, Role, Signer};

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person who signed in with their own certificate.
    Person(Iin),
    /// A person who signed in with an organisation's certificate.
    Member(Member),
    /// The service itself, when a time has come.
    Clock,
    /// The state register to which registrations are handed over.
    Register,
}

/// A person who belongs to an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub iin: Iin,
    /// The organisation.
    pub bin: Bin,
    /// What the person may do for it.
    pub office: Office,
}

/// What a member of an organisation may do for it (roles of the national
/// authority's certificates, order No 383/NK of 13.10.2020).
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Office {
    /// Sign for it: the first head, or a person entitled to sign.
    Signs,
    /// Work for it.
    Employed,
}

/// Whose signature a document needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signatory {
    /// This person, by a certificate of their own.
    Person(Iin),
    /// Whoever signs for this organisation.
    Organisation(Bin),
    /// This member of an organisation.
    Operator(Bin, Iin),
    /// A member of an organisation other than this one.
    Colleague(Bin, Iin),
}

impl Actor {
    /// Whom a certificate lets act; nobody for an information system.
    pub fn of(signer: &Signer) -> Option<Self> {
        let iin = signer.iin()?.clone();
        let roles = signer.roles();
        if roles.contains(&Role::System) || roles.contains(&Role::IndividualSystem) {
            return None;
        }
        let Some(bin) = signer.bin() else {
            let alone = signer.kind() == crate::eds::SignerKind::Person;
            return alone.then_some(Self::Person(iin));
        };
        let signs = roles.contains(&Role::Head) || roles.contains(&Role::Signatory);
        let office = if signs {
            Office::Signs
        } else {
            Office::Employed
        };
        let bin = bin.clone();
        Some(Self::Member(Member { iin, bin, office }))
    }

    /// For whose right the actor may speak: their own, or that of the organisation
    /// for which they sign.
    pub fn holder(&self) -> Option<Holder> {
        match self {
            Self::Person(iin) => Some(Holder::Person(iin.clone())),
            Self::Member(member) => match member.office {
                Office::Signs => Some(Holder::Organisation(member.bin.clone())),
                Office::Employed => None,
            },
            Self::Clock | Self::Register => None,
        }
    }

    /// The one of these owners for whom the actor may speak.
    pub fn owner_among(&self, owners: &BTreeSet<Holder>) -> Option<Holder> {
        self.holder().filter(|own| owners.contains(own))
    }

    /// Whether the actor may speak for one of these owners.
    pub fn is_one_of(&self, owners: &BTreeSet<Holder>) -> bool {
        self.owner_among(owners).is_some()
    }

    /// The person who acts; none for the service and the register.
    pub fn iin(&self) -> Option<&Iin> {
        match self {
            Self::Person(iin) => Some(iin),
            Self::Member(member) => Some(&member.iin),
            Self::Clock | Self::Register => None,
        }
    }
}

impl Signatory {
    /// Whether this is the one, or one of those, who may sign.
    pub fn admits(&self, actor: &Actor) -> bool {
        match (self, actor) {
            (Self::Person(iin), Actor::Person(person)) => person == iin,
            (Self::Organisation(bin), Actor::Member(member)) => {
                member.bin == *bin && member.office == Office::Signs
            }
            (Self::Operator(bin, iin), Actor::Member(member)) => {
                member.bin == *bin && member.iin == *iin
            }
            (Self::Colleague(bin, other), Actor::Member(member)) => {
                member.bin == *bin && member.iin != *other
            }
            (
                Self::Person(_) | Self::Organisation(_) | Self::Operator(..) | Self::Colleague(..),
                Actor::Person(_) | Actor::Member(_) | Actor::Clock | Actor::Register,
            ) => false,
        }
    }

    /// Whose right is meant, where it is a right of their own.
    pub fn holder(&self) -> Option<Holder> {
        match self {
            Self::Person(iin) => Some(Holder::Person(iin.clone())),
            Self::Organisation(bin) => Some(Holder::Organisation(bin.clone())),
            Self::Operator(..) | Self::Colleague(..) => None,
        }
    }

    /// Whether the certificate is that of one who may sign.
    pub fn is(&self, signer: &Signer) -> bool {
        Actor::of(signer).is_some_and(|actor| self.admits(&actor))
    }
}

impl From<&Holder> for Signatory {
    fn from(holder: &Holder) -> Self {
        match holder {
            Holder::Person(iin) => Self::Person(iin.clone()),
            Holder::Organisation(bin) => Self::Organisation(bin.clone()),
        }
    }
}
