//! Identifiers that cannot be taken for one another.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use uuid::Uuid;

use super::mobile::MobileSigning;
use super::{Application, Consent, Document, Invitation, Registration};

/// The identifier of a `T`: a UUID of version 7 (RFC 9562 section 5.7), so that
/// identifiers sort by the time at which they were given.
pub struct Id<T>(Uuid, PhantomData<fn() -> T>);

/// Identifies an [`Application`].
pub type ApplicationId = Id<Application>;
/// Identifies a [`Consent`].
pub type ConsentId = Id<Consent>;
/// Identifies a [`Document`].
pub type DocumentId = Id<Document>;
/// Identifies an [`Invitation`].
pub type InvitationId = Id<Invitation>;
/// Identifies a [`MobileSigning`].
pub type MobileSigningId = Id<MobileSigning>;
/// Identifies a [`Registration`].
pub type RegistrationId = Id<Registration>;

impl<T> Id<T> {
    /// Takes a UUID for the identifier of a `T`.
    pub fn new(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The UUID itself.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
