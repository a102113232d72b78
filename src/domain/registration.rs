//! A registration: what stands when everybody has agreed.

use chrono::{DateTime, Utc};

use super::{Address, ApplicationId, Period, RegistrationId, Rka};
use crate::eds::Iin;

/// A temporary registration at a place of stay. It is no basis for ownership
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
    pub period: Period,
    /// When it was written.
    pub registered_at: DateTime<Utc>,
}
