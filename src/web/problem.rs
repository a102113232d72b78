//! The one place where errors become problem+json (RFC 9457).
//!
//! What is our own fault is logged under an identifier, and the client sees only
//! that identifier. No problem names a person or says how the service works inside.

use actix_web::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::Refused;
use crate::domain::attachment::Unfit;
use crate::domain::mobile::Closed;
use crate::eds::{Indication, Report, SubIndication};
use crate::flow::{Error, Misplaced};

mod answer;

/// What went wrong, in a form that programs and people read (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Stable name of the kind of problem: `urn:kelisim:problem:…`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What this kind of problem is, in a few words.
    pub title: &'static str,
    /// The HTTP status.
    #[schema(value_type = u16)]
    #[serde(serialize_with = "answer::number")]
    pub status: StatusCode,
    /// What is wrong in this case.
    pub detail: String,
    /// The law on which the refusal rests, where it rests on one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub law: Option<&'static str>,
    /// The reason why a signature does not count: a sub-indication, or `CONSENT/…`
    /// where the signature itself is good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// The status of the signature by ETSI EN 319 102-1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "TOTAL-FAILED")]
    pub indication: Option<Indication>,
    /// Its sub-indication.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "HASH_FAILURE")]
    pub sub_indication: Option<SubIndication>,
    /// The fault behind the sub-indication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// In which form the signature came, for people who made it elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "pem-detached")]
    pub seen: Option<&'static str>,
    /// Under which identifier the service logged it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<Uuid>,
    /// After how many seconds trying again makes sense.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

impl Problem {
    /// A problem of this kind; `name` is the last part of its type.
    pub fn new(
        status: StatusCode,
        name: &str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            kind: format!("urn:kelisim:problem:{name}"),
            title,
            status,
            detail: detail.into(),
            law: None,
            code: None,
            indication: None,
            sub_indication: None,
            reason: None,
            seen: None,
            incident: None,
            retry_after: None,
        }
    }

    /// The request cannot be read.
    pub fn malformed(detail: impl Into<String>) -> Self {
        let title = "The request cannot be read";
        Self::new(StatusCode::BAD_REQUEST, "malformed-request", title, detail)
    }

    /// The request is larger than the service reads.
    pub fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "The request is too large",
            "the body is larger than this call takes",
        )
    }

    /// There is no such thing.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "There is no such thing",
            Error::NotFound.to_string(),
        )
    }

    /// The caller asks too often.
    pub fn too_many(seconds: u64) -> Self {
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-requests",
            "Too many requests",
            "wait before you ask again",
        );
        problem.retry_after = Some(seconds);
        problem
    }

    fn unavailable() -> Self {
        let mut problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "The service cannot answer now",
            "nothing was changed; try again",
        );
        problem.retry_after = Some(5);
        problem
    }

    /// Our own fault: the cause goes to the log, its identifier to the client.
    fn internal(error: &Error) -> Self {
        let incident = Uuid::now_v7();
        tracing::error!(%incident, error = %Cause(error), "internal error");
        let mut problem = Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "The service failed",
            "the fault is ours, and nothing was changed",
        );
        problem.incident = Some(incident);
        problem
    }

    fn signature(report: &Report, code: Option<&'static str>) -> Self {
        let later = report.sub_indication == Some(SubIndication::TryLater);
        let status = if later {
            StatusCode::SERVICE_UNAVAILABLE
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        let mut problem = Self::new(
            status,
            "signature-refused",
            "The signature does not count",
            "the signature was checked and does not hold",
        );
        problem.code = code;
        problem.indication = Some(report.indication);
        problem.sub_indication = report.sub_indication;
        problem.reason = report.reason.map(|fault| fault.to_string());
        problem.retry_after = later.then_some(60);
        problem
    }

    fn refusal(error: &Error) -> Self {
        let mut problem = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "signature-refused",
            "The signature does not count",
            error.to_string(),
        );
        problem.code = error.code();
        if matches!(error, Error::Misplaced(Misplaced::Edition)) {
            // The signature itself is sound, but over what was asked for before.
            problem.indication = Some(Indication::TotalFailed);
            problem.sub_indication = Some(SubIndication::HashFailure);
            problem.reason = Some(error.to_string());
        }
        problem
    }

    fn not_signed_in() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "not-signed-in",
            "Nobody is signed in",
            Error::NotSignedIn.to_string(),
        )
    }

    fn not_sealed() -> Self {
        let title = "The record is in no checkpoint yet";
        let mut problem = Self::conflict("not-sealed", title, &Error::NotSealed);
        problem.retry_after = Some(60);
        problem
    }

    fn conflict(name: &str, title: &'static str, error: &Error) -> Self {
        let mut problem = Self::new(StatusCode::CONFLICT, name, title, error.to_string());
        problem.code = error.code();
        problem
    }

    fn unprocessable(name: &str, title: &'static str, error: &Error) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let mut problem = Self::new(status, name, title, error.to_string());
        problem.code = error.code();
        problem
    }

    fn by_workflow(refused: &Refused, error: &Error) -> Self {
        match refused {
            Refused::OutOfTurn(_)
            | Refused::TooLate
            | Refused::TooEarly
            | Refused::NotYours
            | Refused::Answered
            | Refused::Incomplete
            | Refused::OwnersChanged => {
                Self::conflict("state-conflict", "Not possible in the present state", error)
            }
            Refused::Unproven(_) => Self::refusal(error),
            Refused::Unattested(_) => {
                let title = "What was seen and checked is not attested in full";
                Self::unprocessable("not-attested", title, error)
            }
            Refused::ConflictOfInterest => {
                let title = "The matter is the operator's own";
                Self::unprocessable("conflict-of-interest", title, error)
            }
            Refused::ClockUntrusted => {
                tracing::error!("the clock is behind the history of an application");
                let mut problem = Self::unavailable();
                problem.code = error.code();
                problem
            }
        }
    }

    fn unfit(unfit: Unfit, error: &Error) -> Self {
        if unfit != Unfit::TooLarge {
            return Self::unprocessable(unfit.name(), "The file cannot be attached", error);
        }
        let mut problem = Self::too_large();
        problem.detail = error.to_string();
        problem
    }

    fn on_phone(closed: Closed, error: &Error) -> Self {
        match closed {
            Closed::SignedOtherwise => {
                Self::conflict("signed-otherwise", "Another signature is there", error)
            }
            Closed::Over | Closed::Signed => Self::new(
                StatusCode::GONE,
                "over",
                "It can be signed on a phone no more",
                error.to_string(),
            ),
        }
    }

    fn forbidden(error: &Error) -> Self {
        let title = "The certificate does not allow this";
        Self::new(
            StatusCode::FORBIDDEN,
            "not-allowed",
            title,
            error.to_string(),
        )
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let law = error.law();
        Self {
            law,
            ..Self::of(error)
        }
    }
}

impl Problem {
    fn of(error: Error) -> Self {
        match &error {
            Error::NotFound => Self::not_found(),
            Error::NotSignedIn => Self::not_signed_in(),
            Error::Signature(report) => Self::signature(report, error.code()),
            Error::ChallengeSpent | Error::Misplaced(_) | Error::NotOurs | Error::OtherPerson => {
                Self::refusal(&error)
            }
            Error::Refused(refused) => Self::by_workflow(refused, &error),
            Error::Crowded(_) => Self::unprocessable(
                "crowded",
                "The dwelling has no room by the city's limit",
                &error,
            ),
            Error::NotAuthentic(_) => Self::new(
                StatusCode::FORBIDDEN,
                "not-authentic",
                "The message is not the state register's",
                error.to_string(),
            ),
            Error::Unfit(unfit) => Self::unfit(*unfit, &error),
            Error::AlreadyRegistered => {
                Self::conflict("already-registered", "Already registered", &error)
            }
            Error::UnknownDwelling => {
                Self::unprocessable("unknown-dwelling", "The dwelling is not registered", &error)
            }
            Error::Period(_) => Self::unprocessable("period", "The dates make no period", &error),
            Error::UnknownPerson
            | Error::ResidentDead
            | Error::NotRegistered
            | Error::NeedsRepresentative
            | Error::OwnerNotCapable(_)
            | Error::Powerless(_)
            | Error::SelfConsent
            | Error::BothSides
            | Error::NotInLease
            | Error::NotALodging
            | Error::TextNotPlain => Self::unprocessable(
                "not-eligible",
                "Somebody cannot take part in this way",
                &error,
            ),
            Error::NothingToExtend => {
                Self::conflict("nothing-to-extend", "Nothing that could go on", &error)
            }
            Error::Invitation(_) => {
                Self::conflict("invitation", "The invitation does not allow this", &error)
            }
            Error::Mobile(closed) => Self::on_phone(*closed, &error),
            Error::NoSignature => {
                Self::unprocessable("no-signature", "What was sent is no signature", &error)
            }
            Error::NotAllowed => Self::forbidden(&error),
            Error::KeyReused => {
                let title = "The key was used for another request";
                Self::unprocessable("idempotency-key-reused", title, &error)
            }
            Error::NotParked => {
                Self::conflict("not-parked", "The message was not given up", &error)
            }
            Error::NotSealed => Self::not_sealed(),
            Error::Store(store) if store.is_unreachable() || store.is_transient() => {
                tracing::warn!(error = %Cause(&error), "the database did not answer");
                Self::unavailable()
            }
            Error::NoRandomness
            | Error::Unwritable(_)
            | Error::Unprintable(_)
            | Error::Unprovable(_)
            | Error::NoCode(_)
            | Error::NoStamp(_)
            | Error::BadStamp(_)
            | Error::CutOff
            | Error::Store(_) => Self::internal(&error),
        }
    }
}

/// An error with what led to it. Database messages quote values, so of those
/// only the kind is told.
struct Cause<'a>(&'a Error);

impl std::fmt::Display for Cause<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        if let Error::Store(error) = self.0 {
            write!(f, " ({})", error.kind())?;
        }
        Ok(())
    }
}
