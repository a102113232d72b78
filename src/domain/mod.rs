//! People, dwellings, documents and consents, and the one workflow that moves them.
//!
//! Nothing here reads a clock, a database, a network or a language: an
//! [`Application`] together with an [`Act`] and a moment gives the next
//! [`Application`] or the reason why not. What needs a proof takes one: a
//! signature enters the workflow only as [`crate::eds::Verified`].

mod act;
mod actor;
mod agreement;
mod application;
pub mod attachment;
mod attestation;
pub mod audit;
mod consent;
mod document;
mod dwelling;
mod event;
pub mod evidence;
mod holder;
mod id;
mod invitation;
mod language;
pub mod law;
pub mod mobile;
pub mod notice;
pub mod paper;
mod period;
mod plain;
mod proof;
pub mod register;
mod registration;
mod term;
mod verification;
mod workflow;

pub use act::{
    Act, CoOwners, DeclineReason, Demand, Grounds, LAST_LOOK, Recheck, Rules, SoleOwner,
};
pub use actor::{Actor, Member, Office, Signatory};
pub use agreement::Agreement;
pub use application::{Applicant, Application, Capacity, Proposal, Question, Resident};
pub use attestation::{
    Appearance, Attestation, Exemption, Guardians, Identified, IdentityKind, IdentityPaper,
    Representative, Unattested, Vouched, Wards,
};
pub use consent::{Answer, Asked, Beside, Consent, Delegate, FourEyes, Party, holders};
pub use document::{Document, NONCE_LENGTH, Nonce, Purpose};
pub use dwelling::{Address, Dwelling, NotAnRka, Rka, Use};
pub use event::{Event, EventKind, Step, rounds_asked};
pub use holder::Holder;
pub use id::{
    ApplicationId, ConsentId, DocumentId, Id, InvitationId, MobileSigningId, RegistrationId,
};
pub use invitation::{Call, Invitation, Stage, Uninvited};
pub use language::{Language, NotALanguage};
pub use period::{MONTHS, NotAPeriod, Period, midnight, today};
pub use plain::is_plain;
pub use proof::{Receipt, Signed, Unproven};
pub use registration::{Ending, Leaver, Registration, Removal, Standing, Validity};
pub use term::{Kind, Term};
pub use verification::{CHANCE, Disclosed, NotACode, VerificationCode};
pub use workflow::{Refused, State};
