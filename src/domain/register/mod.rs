//! What the state's registers say about people and papers.
//!
//! The person register (GBD FL) knows who is alive, how old and of what
//! capacity, and who acts for whom; the notaries' register knows powers of
//! attorney; the housing fund knows who rents from the state. What follows from
//! it for a registration stands in [`super::law`].

mod individual;
mod lease;
mod outcome;
mod power;

pub use individual::{Capacity, Individual};
pub use lease::Lease;
pub use outcome::Outcome;
pub use power::{NotAPowerNumber, PowerNumber, PowerOfAttorney, Scope, Unauthorised};
