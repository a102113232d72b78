//! The embedded registers of people, of powers of attorney and of leases of
//! state housing: what a connection to the state's own would answer.

pub mod leases;
pub mod people;
pub mod powers;

use std::collections::BTreeSet;

use super::{Error, iin};
use crate::eds::Iin;

/// Reads stored individual identification numbers.
fn numbers(stored: &[String]) -> Result<BTreeSet<Iin>, Error> {
    stored.iter().map(|number| iin(number)).collect()
}
