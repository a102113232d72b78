//! How a service of the development server behaves: as it should, or in one of
//! the ways in which real ones fail and false ones cheat.

use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use strum::{EnumIter, EnumString, IntoStaticStr};

/// What the development server offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Service {
    /// The status of certificates (RFC 6960).
    Ocsp,
    /// Time-stamps (RFC 3161).
    TimeStamps,
    /// Revocation lists and certificates of the authorities.
    Lists,
}

/// How a service behaves. What a service has not cannot be wrong with it: see
/// [`Behaviour::suits`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// As it should.
    Honest,
    /// The port is closed.
    Refused,
    /// The connection is reset as soon as it has been asked.
    Reset,
    /// Takes the connection and never answers.
    Silent,
    /// Answers after this time.
    Slow(Duration),
    /// Answers one octet a second.
    Drip,
    /// Answers with this status of HTTP.
    Status(u16),
    /// Answers with a page for people.
    Html,
    /// Answers with ten megabytes of nothing.
    Huge,

    /// Answers as of this long ago.
    Old(TimeDelta),
    /// Answers as of this long ahead.
    Future(TimeDelta),
    /// Spoils the signature.
    BadSignature,
    /// Signs under a certificate that does not entitle to it.
    Signer(Signer),
    /// Answers with another nonce than asked.
    WrongNonce,
    /// Answers without the nonce.
    NoNonce,

    /// OCSP: answers about another serial number.
    WrongSerial,
    /// OCSP: answers about the same serial number of another authority.
    OtherIssuer,
    /// OCSP: says of everything that it does not know it.
    Unknown,
    /// OCSP: says of everything that it was never issued, in the national
    /// way: on hold since 1970.
    NeverIssued,
    /// OCSP: says of everything that it is revoked since then.
    RevokedSince(DateTime<Utc>),
    /// OCSP: gives no answer but this status.
    Refusal(Refusal),

    /// Time-stamps: stamps something else.
    WrongImprint,
    /// Time-stamps: stamps under another policy.
    WrongPolicy,
    /// Time-stamps: rejects for this reason.
    Rejection(Failure),
    /// Time-stamps: names its certificate by SHA-1 (ESSCertID), as the national
    /// authority does: not a fault, but not today's way.
    OlderReference,
}

/// What is wrong with the certificate under which is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Signer {
    /// It does not name the purpose.
    WithoutPurpose,
    /// Another authority issued it, which may not: the issuing one in place of
    /// the root or the other way round, for time-stamps nobody but itself.
    OfAnotherAuthority,
    /// It expired an hour ago.
    Expired,
    /// Time-stamps: it names a further purpose.
    WithAnotherPurpose,
    /// Time-stamps: the purpose is not critical.
    NotCritical,
}

/// An OCSP response without an answer (RFC 6960 section 4.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Refusal {
    /// malformedRequest.
    MalformedRequest,
    /// internalError.
    InternalError,
    /// tryLater.
    TryLater,
    /// sigRequired.
    SignatureRequired,
    /// unauthorized: the responder does not answer for this authority.
    Unauthorized,
}

/// Why a time-stamp is not made (RFC 3161 section 2.4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Failure {
    /// badAlg.
    BadAlgorithm,
    /// badRequest.
    BadRequest,
    /// badDataFormat.
    BadDataFormat,
    /// timeNotAvailable.
    TimeNotAvailable,
    /// unacceptedPolicy.
    UnacceptedPolicy,
    /// unacceptedExtension.
    UnacceptedExtension,
    /// systemFailure.
    SystemFailure,
}

impl Refusal {
    /// OCSPResponseStatus.
    pub(super) fn code(self) -> u8 {
        match self {
            Refusal::MalformedRequest => 1,
            Refusal::InternalError => 2,
            Refusal::TryLater => 3,
            Refusal::SignatureRequired => 5,
            Refusal::Unauthorized => 6,
        }
    }
}

impl Failure {
    /// The bit of PKIFailureInfo.
    pub(super) fn bit(self) -> u8 {
        match self {
            Failure::BadAlgorithm => 0,
            Failure::BadRequest => 2,
            Failure::BadDataFormat => 5,
            Failure::TimeNotAvailable => 14,
            Failure::UnacceptedPolicy => 15,
            Failure::UnacceptedExtension => 16,
            Failure::SystemFailure => 25,
        }
    }
}

impl Behaviour {
    /// Whether a service can behave so at all.
    pub fn suits(self, service: Service) -> bool {
        match self {
            Behaviour::Honest
            | Behaviour::Refused
            | Behaviour::Reset
            | Behaviour::Silent
            | Behaviour::Slow(_)
            | Behaviour::Drip
            | Behaviour::Status(_)
            | Behaviour::Html
            | Behaviour::Huge
            | Behaviour::Old(_)
            | Behaviour::Future(_)
            | Behaviour::BadSignature => true,
            Behaviour::WrongNonce | Behaviour::NoNonce => service != Service::Lists,
            Behaviour::Signer(signer) => signer.suits(service),
            Behaviour::WrongSerial
            | Behaviour::OtherIssuer
            | Behaviour::Unknown
            | Behaviour::NeverIssued
            | Behaviour::RevokedSince(_)
            | Behaviour::Refusal(_) => service == Service::Ocsp,
            Behaviour::WrongImprint
            | Behaviour::WrongPolicy
            | Behaviour::Rejection(_)
            | Behaviour::OlderReference => service == Service::TimeStamps,
        }
    }

    /// The instant it answers as of.
    pub(super) fn as_of(self, now: DateTime<Utc>) -> DateTime<Utc> {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "all others tell the right time"
        )]
        match self {
            Behaviour::Old(age) => now - age,
            Behaviour::Future(ahead) => now + ahead,
            _ => now,
        }
    }
}

impl Signer {
    fn suits(self, service: Service) -> bool {
        match (self, service) {
            (_, Service::Lists) => self == Signer::OfAnotherAuthority,
            (_, Service::TimeStamps) => true,
            (Signer::WithAnotherPurpose | Signer::NotCritical, Service::Ocsp) => false,
            (
                Signer::WithoutPurpose | Signer::OfAnotherAuthority | Signer::Expired,
                Service::Ocsp,
            ) => true,
        }
    }
}

/// A behaviour that nobody here knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no behaviour; there are: {BEHAVIOURS}")]
pub struct NoBehaviour(pub String);

/// How behaviours are written.
pub const BEHAVIOURS: &str = "honest; refused, reset, silent, slow:SECONDS, drip, status:CODE, \
     html, huge; old:SECONDS, future:SECONDS, bad-signature, wrong-nonce, no-nonce, \
     signer:without-purpose|of-another-authority|expired|with-another-purpose|not-critical; \
     for ocsp wrong-serial, other-issuer, unknown, never-issued, revoked:TIME, \
     refusal:try-later|internal-error|unauthorized|malformed-request|signature-required; \
     for time-stamps wrong-imprint, wrong-policy, older-reference, \
     rejection:bad-algorithm|bad-request|bad-data-format|time-not-available|unaccepted-policy|\
     unaccepted-extension|system-failure";

impl FromStr for Behaviour {
    type Err = NoBehaviour;

    /// Reads what [`BEHAVIOURS`] lists. Fails for anything else.
    fn from_str(text: &str) -> Result<Behaviour, NoBehaviour> {
        let read = match text.split_once(':') {
            None => simple(text),
            Some((name, value)) => detailed(name, value),
        };
        read.ok_or_else(|| NoBehaviour(text.to_owned()))
    }
}

fn simple(name: &str) -> Option<Behaviour> {
    Some(match name {
        "honest" => Behaviour::Honest,
        "refused" => Behaviour::Refused,
        "reset" => Behaviour::Reset,
        "silent" => Behaviour::Silent,
        "drip" => Behaviour::Drip,
        "html" => Behaviour::Html,
        "huge" => Behaviour::Huge,
        "bad-signature" => Behaviour::BadSignature,
        "wrong-nonce" => Behaviour::WrongNonce,
        "no-nonce" => Behaviour::NoNonce,
        "wrong-serial" => Behaviour::WrongSerial,
        "other-issuer" => Behaviour::OtherIssuer,
        "unknown" => Behaviour::Unknown,
        "never-issued" => Behaviour::NeverIssued,
        "wrong-imprint" => Behaviour::WrongImprint,
        "wrong-policy" => Behaviour::WrongPolicy,
        "older-reference" => Behaviour::OlderReference,
        _ => return None,
    })
}

fn detailed(name: &str, value: &str) -> Option<Behaviour> {
    let seconds = || TimeDelta::try_seconds(value.parse::<u32>().ok()?.into());
    Some(match name {
        "slow" => Behaviour::Slow(Duration::from_secs(value.parse().ok()?)),
        "status" => Behaviour::Status(
            value
                .parse()
                .ok()
                .filter(|code| (200..600).contains(code))?,
        ),
        "old" => Behaviour::Old(seconds()?),
        "future" => Behaviour::Future(seconds()?),
        "signer" => Behaviour::Signer(value.parse().ok()?),
        "revoked" => Behaviour::RevokedSince(value.parse().ok()?),
        "refusal" => Behaviour::Refusal(value.parse().ok()?),
        "rejection" => Behaviour::Rejection(value.parse().ok()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_behaviour_that_is_listed_is_read() {
        let listed = BEHAVIOURS
            .replace("for ocsp ", "")
            .replace("for time-stamps ", "");
        for group in listed.split([';', ',']).map(str::trim) {
            let (name, values) = group.split_once(':').unwrap_or((group, ""));
            for value in values.split('|') {
                let value = match value {
                    "SECONDS" => "60",
                    "CODE" => "500",
                    "TIME" => "2026-11-01T12:00:00Z",
                    value => value,
                };
                let text = [name, value].join(":");
                let text = text.trim_end_matches(':');
                assert!(text.parse::<Behaviour>().is_ok(), "{text}");
            }
        }
    }

    #[test]
    fn what_is_not_listed_is_refused() {
        for text in [
            "",
            "honest:1",
            "slow",
            "slow:-1",
            "status:99",
            "signer:nobody",
            "Honest",
        ] {
            assert!(text.parse::<Behaviour>().is_err(), "{text}");
        }
    }
}
