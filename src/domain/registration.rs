//! A registration: what stands when everybody has agreed, until it ends.

use chrono::{DateTime, Utc};
use serde::Serialize;
use strum::{EnumString, IntoStaticStr};

use super::{
    Address, Application, ApplicationId, Consent, ConsentId, DocumentId, Holder, Refused,
    RegistrationId, Rka, State, Term,
};
use crate::eds::Iin;

/// A registration at a place of stay or residence. It is no basis for ownership
/// and gives no claim to the dwelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Its identifier.
    pub id: RegistrationId,
    /// The application that led to it.
    pub application: ApplicationId,
    /// The person who is registered.
    pub resident: Iin,
    /// The code of the address.
    pub rka: Rka,
    /// The address at the time of registration.
    pub address: Address,
    /// The days on which it holds.
    pub term: Term,
    /// When it was written.
    pub registered_at: DateTime<Utc>,
    /// Whether it still stands.
    pub standing: Standing,
    /// An owner's demand to end it, while the other owners are asked.
    pub removal: Option<Removal>,
}

/// Whether a registration still stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Active,
    /// It came to an end.
    Ended(Ending, DateTime<Utc>),
}

/// How a registration comes to an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Ending {
    /// Its last day is over.
    Expired,
    /// The resident ended it.
    Left,
    /// An owner ended it, with the other owners' consent where that is the rule.
    Removed,
    /// A newer registration took its place.
    Replaced,
    /// The state register did not take it.
    Annulled,
}

/// An owner's demand to end a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The document by whose signature the owner demands it.
    pub document: DocumentId,
    /// The owner.
    pub by: Holder,
    /// The other owners, who are to confirm it.
    pub consents: Vec<Consent>,
    /// Until when they may.
    pub deadline: DateTime<Utc>,
}

impl Registration {
    /// Whether it stands.
    pub fn is_active(&self) -> bool {
        self.standing == Standing::Active
    }

    /// Whether no owner's demand to end it waits for the other owners.
    ///
    /// # Errors
    /// [`Refused::Answered`] when one does.
    pub(super) fn not_questioned(&self) -> Result<(), Refused> {
        match self.removal {
            None => Ok(()),
            Some(_) => Err(Refused::Answered),
        }
    }
}

impl Application {
    /// The registration, as long as it stands: to its last day, whether or not
    /// the service has noticed that this is over.
    ///
    /// # Errors
    /// [`Refused::NotYours`] when there is none, [`Refused::OutOfTurn`] when it
    /// has ended, [`Refused::TooLate`] when its last day is over.
    pub(super) fn stands(
        &self,
        id: RegistrationId,
        now: DateTime<Utc>,
    ) -> Result<&Registration, Refused> {
        let registration = self.registration(id).ok_or(Refused::NotYours)?;
        if !registration.is_active() {
            return Err(Refused::OutOfTurn(self.state));
        }
        let over = registration.term.is_over(now);
        (!over).then_some(registration).ok_or(Refused::TooLate)
    }

    /// The demand to end a registration to which this consent belongs.
    pub fn removal_with(&self, id: ConsentId) -> Option<(&Registration, &Removal)> {
        self.registrations.iter().find_map(|registration| {
            let removal = registration.removal.as_ref()?;
            let mut consents = removal.consents.iter();
            let found = consents.any(|consent| consent.id == id);
            found.then_some((registration, removal))
        })
    }

    /// The application after one of its registrations has ended.
    pub(super) fn ended(&self, id: RegistrationId, how: Ending, at: DateTime<Utc>) -> Self {
        self.with_registration(id, |registration| {
            registration.standing = Standing::Ended(how, at);
            registration.removal = None;
        })
    }

    pub(super) fn with_registration(
        &self,
        id: RegistrationId,
        change: impl Fn(&mut Registration),
    ) -> Self {
        let mut next = self.clone();
        let own = next.registrations.iter_mut();
        own.filter(|one| one.id == id).for_each(change);
        next
    }

    /// Where an application stands that led to registrations: at its end when the
    /// last one has ended.
    pub(super) fn registered_or_ended(&self) -> State {
        match self.registrations.iter().any(Registration::is_active) {
            true => State::Registered,
            false => State::Ended,
        }
    }
}
