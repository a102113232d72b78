//! People, dwellings, documents and consents, and the one workflow that moves them.
//!
//! Nothing here reads a clock, a database, a network or a language: an
//! [`Application`] together with an [`Act`] and a moment gives the next
//! [`Application`] or the reason why not. What needs a proof takes one: a
//! signature enters the workflow only as [`crate::eds::Verified`].

mod act;
mod application;
pub mod audit;
mod document;
mod dwelling;
mod event;
pub mod evidence;
mod id;
mod language;
mod period;
mod proof;
mod registration;
mod workflow;

pub use act::{Act, Actor, DeclineReason, Grounds, Recheck, Rules};
pub use application::{Answer, Application, Consent, Proposal, Resident};
pub use document::{Document, NONCE_LENGTH, Nonce, Purpose};
pub use dwelling::{Address, Dwelling, NotAnRka, Rka};
pub use event::{Event, EventKind, Step};
pub use id::{ApplicationId, ConsentId, DocumentId, Id, RegistrationId};
pub use language::{Language, NotALanguage};
pub use period::{MONTHS, NotAPeriod, Period, Stay, midnight, today};
pub use proof::{Receipt, Signed, Unproven};
pub use registration::Registration;
pub use workflow::{Refused, State};
