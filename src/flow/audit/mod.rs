//! The audit log: decisions are recorded, sealed by checkpoints, sent elsewhere,
//! shown, and looked over.

mod blank;
pub mod checkpoint;
mod compare;
pub mod inspect;
mod record;
pub mod see;
pub mod ship;
mod stamps;
