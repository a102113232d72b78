//! What people do with an application, and what comes of it.

mod answering;
mod asking;
mod ending;
mod parties;
mod people;
mod reminding;
mod stage;
