//! The audit log: records, the tree over them, its checkpoints, and how far those
//! were sent elsewhere.

pub mod checkpoints;
pub mod evidence;
pub mod inspection;
pub mod leaves;
pub mod records;
pub mod shipments;

use super::Error;
use crate::eds::Digest;

/// A stored hash. One of another length matches nothing: its own digest stands
/// for it, so that whoever compares finds it wrong.
fn digest(octets: &[u8]) -> Digest {
    let whole = <[u8; 32]>::try_from(octets);
    whole.map_or_else(|_| Digest::of(octets), Digest::from)
}

/// A stored count or place, none of which is negative.
fn natural(number: i64, column: &'static str) -> Result<u64, Error> {
    u64::try_from(number).map_err(|_| Error::Corrupt(column))
}

/// As the database counts.
fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
