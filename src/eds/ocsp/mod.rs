//! The Online Certificate Status Protocol (RFC 6960, nonces by RFC 9654):
//! writing a request, reading a response, judging what it says.
//!
//! A [`Response`] is only well-formed bytes. What it says counts once
//! [`verify`], or [`verify`](crate::eds::verify()) of a signature on its way, has found that the
//! certificate's own issuer or a responder that this issuer appointed signed
//! it, that it speaks about this certificate, and that it is fresh.
//!
//! ```
//! use kelisim::eds::{Fault, ocsp::Response};
//! // A responder that is busy answers with a status and nothing else.
//! let busy = Response::read(&[0x30, 0x03, 0x0a, 0x01, 0x03]);
//! assert_eq!(busy.unwrap_err(), Fault::NoAnswer("try later"));
//! ```

mod request;
mod response;
mod status;
#[cfg(test)]
mod tests;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Fault, Policy, Trust,
    budget::Budget,
    certificate::Certificate,
    crl,
    enclosed::Pile,
    path::{Search, find},
};

pub use request::Request;
pub use response::Response;
pub(super) use status::Judge;

/// What a responder says about one certificate, and when it said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// What it says.
    pub verdict: Verdict,
    /// When the response was signed.
    pub produced_at: DateTime<Utc>,
    /// When this is known to have been so.
    pub this_update: DateTime<Utc>,
    /// When newer information will be at hand; the national responder never says.
    pub next_update: Option<DateTime<Utc>>,
}

/// The status of one certificate (RFC 6960 section 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is not revoked.
    Good,
    /// It is revoked for good.
    Revoked {
        /// From when on.
        since: DateTime<Utc>,
        /// Why, if the responder says.
        reason: Option<Reason>,
    },
    /// It is on hold and may come back.
    Suspended {
        /// From when on.
        since: DateTime<Utc>,
    },
    /// The authority never issued such a certificate: told as "on hold since
    /// 1970" (RFC 6960 section 2.2), which it was not.
    NeverIssued,
    /// The responder does not know.
    Unknown,
}

/// Why a certificate was revoked (RFC 5280 section 5.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the names are the standard's own and defined there"
)]
pub enum Reason {
    Unspecified,
    KeyCompromise,
    CaCompromise,
    AffiliationChanged,
    Superseded,
    CessationOfOperation,
    PrivilegeWithdrawn,
    AaCompromise,
}

/// Verifies the answer to `request` in full: its nonce, whom and which
/// certificate it speaks about, who signed it and who let him, and its age as of
/// `now`.
///
/// An answer that denies the certificate ([`Verdict::NeverIssued`]) is an answer;
/// one that does not know it is none.
///
/// # Errors
/// The [`Fault`] that makes the response useless, [`Fault::StatusUnknown`] among them.
pub fn verify(
    request: &Request,
    response: &[u8],
    trust: &Trust,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Result<(Response, Answer), Fault> {
    let response = Response::to(request, response)?;
    let answer = verify_again(request, &response, trust, policy, now)?;
    Ok((response, answer))
}

/// Verifies a response that answered an earlier request about the same
/// certificate: all of [`verify`] but the nonce.
///
/// # Errors
/// Those of [`verify`].
pub fn verify_again(
    request: &Request,
    response: &Response,
    trust: &Trust,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Result<Answer, Fault> {
    let asked = (&request.certificate, &request.issuer);
    let answer = judged(response, asked, trust, policy, (now, request.since))?;
    match answer.verdict {
        Verdict::Unknown => Err(Fault::StatusUnknown),
        Verdict::Good
        | Verdict::Revoked { .. }
        | Verdict::Suspended { .. }
        | Verdict::NeverIssued => Ok(answer),
    }
}

/// Judges what `response` says about `certificate`, which `issuer` must have
/// issued; both in DER. The issuer must be a trust anchor or lead to one.
///
/// # Errors
/// The [`Fault`] that makes the response useless for this certificate.
pub fn judge(
    response: &Response,
    certificate: &[u8],
    issuer: &[u8],
    trust: &Trust,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Result<Answer, Fault> {
    let (certificate, issuer) = (Certificate::read(certificate)?, Certificate::read(issuer)?);
    judged(
        response,
        (&certificate, &issuer),
        trust,
        policy,
        (now, None),
    )
}

/// What `response` says about a certificate by its issuer, as of one instant and
/// since another.
fn judged(
    response: &Response,
    (certificate, issuer): (&Certificate, &Certificate),
    trust: &Trust,
    policy: &Policy,
    (now, since): (DateTime<Utc>, Option<DateTime<Utc>>),
) -> Result<Answer, Fault> {
    let mut budget = Budget::new();
    let search = Search::new(trust, &[], policy, now);
    let anchor = anchor_of(issuer, &search, &mut budget)?;
    find(
        certificate,
        &Search {
            anchors: std::slice::from_ref(issuer),
            known: &[],
            ..search
        },
        &mut budget,
    )?;
    let judge = Judge {
        responses: Pile::of(std::slice::from_ref(response)),
        lists: crl::Judge {
            crls: Pile::of(&trust.crls),
            search,
            anchor: anchor.unwrap_or(issuer),
            now,
            oldest: TimeDelta::seconds(policy.rules().oldest_list_seconds.into()),
            since,
        },
    };
    match judge.answer(certificate, issuer, &mut budget)? {
        Some(answered) => answered.map(|(answer, _)| answer),
        None => Err(Fault::RevocationUnusable("answers for another certificate")),
    }
}

/// The anchor that `issuer` leads to; `None` when it is one itself.
fn anchor_of<'a>(
    issuer: &'a Certificate,
    search: &Search<'a>,
    budget: &mut Budget,
) -> Result<Option<&'a Certificate>, Fault> {
    if search.anchors.contains(issuer) {
        return Ok(None);
    }
    find(issuer, search, budget).map(|path| path.certificates.last().copied())
}
