//! On which law a refusal rests, where it rests on one.
//!
//! What only keeps the service in order, and every number that is our own assumption
//! and the operator's to decide, has no law behind it and names none.

use super::Error;
use crate::domain::law::Standing;
use crate::domain::register::Lease;

impl Error {
    /// The rule that stands behind the refusal.
    pub fn law(&self) -> Option<&'static str> {
        match self {
            Self::Period(not_a_period) => not_a_period.law(),
            Self::UnknownDwelling => Some(REGISTERED_RIGHT),
            Self::ResidentDead => Some(Standing::Dead.law()),
            Self::NotRegistered => Some(Standing::TooYoung.law()),
            Self::NeedsRepresentative => Some(Standing::Represented.law()),
            Self::OwnerNotCapable(not_online) => Some(not_online.law()),
            Self::Powerless(unauthorised) => Some(unauthorised.law()),
            Self::NotInLease => Some(Lease::law()),
            Self::NotALodging => Some(LODGING),
            Self::Crowded(crowded) => Some(crowded.law()),
            Self::NotFound
            | Self::NotSignedIn
            | Self::ChallengeSpent
            | Self::Signature(_)
            | Self::Misplaced(_)
            | Self::NotOurs
            | Self::OtherPerson
            | Self::Refused(_)
            | Self::AlreadyRegistered
            | Self::UnknownPerson
            | Self::SelfConsent
            | Self::BothSides
            | Self::NotAllowed
            | Self::NothingToExtend
            | Self::Invitation(_)
            | Self::TextNotPlain
            | Self::Unfit(_)
            | Self::NotAuthentic(_)
            | Self::Mobile(_)
            | Self::NoSignature
            | Self::NoCode(_)
            | Self::KeyReused
            | Self::NotParked
            | Self::NotSealed
            | Self::NoRandomness
            | Self::Unwritable(_)
            | Self::Unprintable(_)
            | Self::Unprovable(_)
            | Self::NoStamp(_)
            | Self::BadStamp(_)
            | Self::CutOff
            | Self::Store(_) => None,
        }
    }
}

/// Who may consent is taken from the register, by the address code.
const REGISTERED_RIGHT: &str = "Rules of registration of the population (order of 14.09.2024, as \
    amended 30.11.2025): the owner is known from the register by the address code";

/// Where the administration of a building applies for those who live there.
const LODGING: &str = "Rules of registration of the population (order of 14.09.2024, as amended \
    30.11.2025): an administration registers people in a dormitory, a hotel, a care home or \
    other premises for the stay of people";
