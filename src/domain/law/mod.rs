//! What the law says, as data: each number with its source.
//!
//! Sources are named as they were read. The acts are the Code on Administrative
//! Offences (articles 492 and 493), the Civil Code, the Rules of registration of
//! the population (order of 14.09.2024, amended 30.11.2025) and the budget laws
//! behind the calculation index. What no source gives is said to be unknown
//! rather than guessed.

mod age;
mod dealing;
mod index;
mod lateness;
mod quota;

#[cfg(test)]
mod calendar;

pub use age::{ADULT_FROM, NotOnline, REGISTERED_FROM, Standing, owner_answers, standing};
pub use dealing::Askers;
pub use index::{IndexPurpose, Tenge, index};
pub use lateness::{Answerable, Consequence, Measure, OwnerKind, Record, Rule};
pub use quota::{BadQuotas, Crowded, Quota, Quotas, Relationship};
