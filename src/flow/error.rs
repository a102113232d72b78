//! Why a step was not made.

use crate::domain::attachment::Unfit;
use crate::domain::law::{Crowded, NotOnline};
use crate::domain::mobile::Closed;
use crate::domain::register::Unauthorised;
use crate::domain::{Grounds, NotAPeriod, Refused, Unattested, Uninvited, Unproven};
use crate::eds::{Fault, Report};
use crate::remote::webhook::NotAuthentic;
use crate::{render, store};

mod law;

/// Why a step was not made. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or it does not concern the person who asks.
    #[error("there is no such thing, or it is not yours to see")]
    NotFound,
    /// Nobody has signed in with this token, or the session is over.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// The challenge is unknown, used or expired.
    #[error("the login challenge is unknown, used or expired")]
    ChallengeSpent,
    /// The signature does not hold; the report says why.
    #[error("the signature does not hold")]
    Signature(Box<Report>),
    /// The signature holds, but was given for something else.
    #[error("the signature was given for something else")]
    Misplaced(Misplaced),
    /// No document was issued that the signature could be over.
    #[error("no such document was issued")]
    NotOurs,
    /// The certificate names another person than the session.
    #[error("the certificate belongs to another person than the one who is signed in")]
    OtherPerson,
    /// The workflow does not allow it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// No register knows a dwelling with this address code, or anybody who owns it.
    #[error("no dwelling with an owner is registered under this address code")]
    UnknownDwelling,
    /// The dates make no period.
    #[error(transparent)]
    Period(#[from] NotAPeriod),
    /// The resident has a registration for some of these days.
    #[error("the person is already registered for some of these days")]
    AlreadyRegistered,
    /// The register knows no such person, or one who cannot be registered at the wish of
    /// somebody else: which of the two is nobody else's business.
    #[error(
        "the register of people does not know somebody who is named, or they cannot be registered \
         at another's request"
    )]
    UnknownPerson,
    /// Somebody who is to be registered is not alive (Civil Code, article 13).
    #[error("somebody who is to be registered is not alive")]
    ResidentDead,
    /// Under 14 (Civil Code, article 16).
    #[error(
        "a person is registered from the age of 14; before that their place of residence is \
         that of parents or representatives"
    )]
    NotRegistered,
    /// Under 16 or without full capacity (Civil Code, articles 22, 26 and 27).
    #[error("a legal representative applies for a person under 16 or without full capacity")]
    NeedsRepresentative,
    /// An owner, or the tenant of state housing, cannot answer with a signature of
    /// their own.
    #[error("{0}")]
    OwnerNotCapable(NotOnline),
    /// The power of attorney by which somebody would answer does not let them.
    #[error("{0}")]
    Powerless(Unauthorised),
    /// The only owner registers at the service centre, where that is the rule.
    #[error("the only owner of a dwelling does not register there by their own application")]
    SelfConsent,
    /// Who would consent in somebody's place asks for it too, or represents one who
    /// does (Civil Code, article 163).
    #[error(
        "nobody consents in an owner's place to what they ask for themselves, or for somebody \
         whom they represent"
    )]
    BothSides,
    /// The lease of state housing does not name somebody.
    #[error("the lease of the dwelling does not name everybody who is to be registered")]
    NotInLease,
    /// The organisation lets nobody live there.
    #[error("the organisation owns no dormitory, hotel, care home or the like at this address")]
    NotALodging,
    /// The certificate with which the person signed in does not let them do this.
    #[error("the certificate with which you signed in does not allow this")]
    NotAllowed,
    /// The registration that was to go on has ended, or is another's.
    #[error("there is no registration of this person at this dwelling that could go on")]
    NothingToExtend,
    /// The invitation does not allow it.
    #[error(transparent)]
    Invitation(Uninvited),
    /// A name or an address has characters that a reader does not see.
    #[error("a name or the address holds characters that cannot be read plainly")]
    TextNotPlain,
    /// A city limits how many people may be registered in a dwelling.
    #[error("{0}")]
    Crowded(#[from] Crowded),
    /// A file cannot be an attachment.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// A message is not the state register's, or not of now.
    #[error(transparent)]
    NotAuthentic(#[from] NotAuthentic),
    /// A phone can sign it no more.
    #[error(transparent)]
    Mobile(#[from] Closed),
    /// What a phone sent holds no signature (RFC 5652 section 5.1).
    #[error("what was sent is no CMS with exactly one signature")]
    NoSignature,
    /// The address by which a phone is called makes no QR code.
    #[error(transparent)]
    NoCode(#[from] render::mobile::TooLong),
    /// The key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The message was not given up: it is delivered, or will be tried again.
    #[error("the message was not given up")]
    NotParked,
    /// The record is in no checkpoint yet.
    #[error("the record waits for the next checkpoint")]
    NotSealed,
    /// The system gave no randomness.
    #[error("the system gives no randomness")]
    NoRandomness,
    /// A document could not be written.
    #[error(transparent)]
    Unwritable(#[from] render::document::Unwritable),
    /// A certificate could not be made.
    #[error(transparent)]
    Unprintable(#[from] render::paper::Unprintable),
    /// Nobody stamps what proves a registration.
    #[error("no time-stamp over the evidence: {0}")]
    NoStamp(crate::remote::timestamp::Unanswered),
    /// The stamp over the evidence cannot be used.
    #[error("the time-stamp over the evidence: {0}")]
    BadStamp(#[from] Fault),
    /// What proves a registration makes no package.
    #[error(transparent)]
    Unprovable(#[from] crate::eds::asic::Broken),
    /// The verification did not come to its end.
    #[error("the verification was cut off")]
    CutOff,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What a signature that is over other bytes was really given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misplaced {
    /// For another purpose: a login shown as a consent, or the reverse.
    Purpose,
    /// For the same purpose, but another application or owner.
    Document,
    /// For the same purpose and application, as it was before it was written anew
    /// or others were asked.
    Edition,
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Error {
    /// The code of a signature that does not count (`docs/refusals.md`): the
    /// sub-indication of its report, or our own where the signature itself is good.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Signature(report) if is_ambiguous(report) => Some("CONSENT/IDENTITY_AMBIGUOUS"),
            Self::Signature(report) if is_another_document(report) => Some("CONSENT/DOC_NOT_OURS"),
            Self::Signature(report) => report.sub_indication.map(Into::into),
            Self::Misplaced(Misplaced::Purpose) => Some("CONSENT/WRONG_PURPOSE"),
            Self::Misplaced(Misplaced::Document) => Some("CONSENT/NONCE_MISMATCH"),
            Self::Misplaced(Misplaced::Edition) => Some("CONSENT/NONCE_SPENT"),
            Self::NotOurs => Some("CONSENT/DOC_NOT_OURS"),
            Self::OtherPerson => Some("CONSENT/SESSION_MISMATCH"),
            Self::ChallengeSpent => Some("CONSENT/NONCE_SPENT"),
            Self::Refused(refused) => Some(code_of(refused)),
            Self::Period(_) => Some("CONSENT/TERM_OUT_OF_RANGE"),
            Self::OwnerNotCapable(_) => Some("CONSENT/OWNER_NOT_CAPABLE"),
            Self::Powerless(_) => Some("CONSENT/SIGNER_NOT_OWNER"),
            Self::SelfConsent | Self::BothSides => Some("CONSENT/SELF_CONSENT"),
            Self::TextNotPlain => Some("CONSENT/TEXT_NOT_PLAIN"),
            Self::NotFound
            | Self::NotSignedIn
            | Self::UnknownDwelling
            | Self::UnknownPerson
            | Self::ResidentDead
            | Self::NotRegistered
            | Self::NeedsRepresentative
            | Self::NotInLease
            | Self::NotALodging
            | Self::NotAllowed
            | Self::NothingToExtend
            | Self::Invitation(_)
            | Self::AlreadyRegistered
            | Self::Crowded(_)
            | Self::NotAuthentic(_)
            | Self::Unfit(_)
            | Self::Mobile(_)
            | Self::NoSignature
            | Self::NoCode(_)
            | Self::KeyReused
            | Self::NotParked
            | Self::NotSealed
            | Self::NoRandomness
            | Self::Unwritable(_)
            | Self::Unprintable(_)
            | Self::Unprovable(_)
            | Self::NoStamp(_)
            | Self::BadStamp(_)
            | Self::CutOff
            | Self::Store(_) => None,
        }
    }

    /// Why an application comes to its end, when the registers say this of it today;
    /// nothing where it says nothing about the application.
    pub fn grounds(&self) -> Option<Grounds> {
        match self {
            Self::Refused(refused) => grounds_of(refused),
            Self::UnknownDwelling => Some(Grounds::OwnersChanged),
            Self::UnknownPerson => Some(Grounds::PersonUnknown),
            Self::ResidentDead => Some(Grounds::ResidentDead),
            Self::NotRegistered => Some(Grounds::ResidentTooYoung),
            Self::NeedsRepresentative => Some(Grounds::ResidentNotCapable),
            Self::OwnerNotCapable(NotOnline::Dead) => Some(Grounds::OwnerDead),
            Self::OwnerNotCapable(NotOnline::Minor | NotOnline::WithoutFullCapacity) => {
                Some(Grounds::OwnerNotCapable)
            }
            Self::Powerless(_) => Some(Grounds::PowerVoid),
            Self::BothSides => Some(Grounds::SelfConsent),
            Self::NotInLease => Some(Grounds::NotInLease),
            Self::NotALodging => Some(Grounds::NotALodging),
            Self::NotAllowed => Some(Grounds::NotACentre),
            Self::NotFound
            | Self::NotSignedIn
            | Self::ChallengeSpent
            | Self::Signature(_)
            | Self::Misplaced(_)
            | Self::NotOurs
            | Self::OtherPerson
            | Self::Period(_)
            | Self::AlreadyRegistered
            | Self::SelfConsent
            | Self::NothingToExtend
            | Self::Invitation(_)
            | Self::TextNotPlain
            | Self::Crowded(_)
            | Self::Unfit(_)
            | Self::NotAuthentic(_)
            | Self::Mobile(_)
            | Self::NoSignature
            | Self::NoCode(_)
            | Self::KeyReused
            | Self::NotParked
            | Self::NotSealed
            | Self::NoRandomness
            | Self::Unwritable(_)
            | Self::Unprintable(_)
            | Self::NoStamp(_)
            | Self::BadStamp(_)
            | Self::Unprovable(_)
            | Self::CutOff
            | Self::Store(_) => None,
        }
    }

    /// The validation report, when the signature itself is at fault.
    pub fn report(&self) -> Option<&Report> {
        if let Self::Signature(report) = self {
            Some(report)
        } else {
            None
        }
    }
}

/// A signature can be good and still not say who gave it.
fn is_ambiguous(report: &Report) -> bool {
    matches!(report.reason, Some(Fault::IdentityAmbiguous(_)))
}

/// The container brings a document of its own along.
fn is_another_document(report: &Report) -> bool {
    report.reason == Some(Fault::ContentDiffers)
}

/// Why something is not possible, if it is not: a refusal is an answer, and a failure of
/// the database is none.
///
/// # Errors
/// [`Error::Store`].
pub(super) fn refusal<T>(outcome: Result<T, Error>) -> Result<Option<Error>, Error> {
    match outcome {
        Ok(_) => Ok(None),
        Err(error @ Error::Store(_)) => Err(error),
        Err(error) => Ok(Some(error)),
    }
}

fn grounds_of(refused: &Refused) -> Option<Grounds> {
    match refused {
        Refused::OwnersChanged => Some(Grounds::OwnersChanged),
        Refused::ConflictOfInterest => Some(Grounds::ConflictOfInterest),
        Refused::Unattested(Unattested::Power) => Some(Grounds::PowerVoid),
        Refused::Unattested(Unattested::Representative) => Some(Grounds::RepresentativeVoid),
        Refused::Unattested(
            Unattested::Nothing
            | Unattested::Resident
            | Unattested::Holder
            | Unattested::Organisation
            | Unattested::Paper
            | Unattested::Attachment,
        )
        | Refused::OutOfTurn(_)
        | Refused::TooLate
        | Refused::TooEarly
        | Refused::NotYours
        | Refused::Answered
        | Refused::Unproven(_)
        | Refused::Incomplete
        | Refused::ClockUntrusted => None,
    }
}

fn code_of(refused: &Refused) -> &'static str {
    match refused {
        Refused::TooLate | Refused::Unproven(Unproven::Expired | Unproven::Spent) => {
            "CONSENT/NONCE_SPENT"
        }
        Refused::Unproven(Unproven::OtherDocument) => "CONSENT/NONCE_MISMATCH",
        Refused::Unproven(Unproven::WrongPurpose) => "CONSENT/WRONG_PURPOSE",
        Refused::NotYours | Refused::Unproven(Unproven::OtherPerson) => "CONSENT/SIGNER_NOT_OWNER",
        Refused::OwnersChanged => "CONSENT/OWNERS_CHANGED",
        Refused::ClockUntrusted => "CONSENT/CLOCK_UNTRUSTED",
        Refused::Unattested(_) => "CONSENT/NOT_ATTESTED",
        Refused::ConflictOfInterest => "CONSENT/CONFLICT_OF_INTEREST",
        Refused::OutOfTurn(_) | Refused::TooEarly | Refused::Answered | Refused::Incomplete => {
            "CONSENT/STATE_CONFLICT"
        }
    }
}
