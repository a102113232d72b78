//! What people do with an application, and what comes of it.

mod answering;
mod asking;
mod ending;
mod parties;
pub(super) mod people;
mod properties;
mod relation;
mod reminding;
mod stage;
mod telling;
