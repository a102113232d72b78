//! Time-stamp tokens (RFC 3161, RFC 5816): writing a request, verifying what
//! came back, and telling since when a signature exists.
//!
//! A token is CMS with exactly one signature, by a certificate that serves
//! nothing but time-stamping, whose path is judged at the stamped time. What
//! was stamped is compared octet for octet; a token over anything else says
//! nothing.
//!
//! ```
//! use kelisim::eds::{DigestName, Fault, Moment, Policy, Trust};
//! use kelisim::eds::timestamp::{Request, verify_response};
//! let now = "2026-06-01T10:00:00Z".parse()?;
//! let signature_value = [0; 128];
//! let nonce = [1, 2, 3, 4, 5, 6, 7, 8];
//! let request = Request::new(&signature_value, DigestName::Streebog512, None, &nonce)?;
//! assert_eq!(request.der().first(), Some(&0x30));
//! // What the authority answers is then held against the request.
//! let rejection = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02];
//! let trust = Trust::new::<&[u8]>(&[], &[], &[])?;
//! let policy = Policy::national();
//! let stamp = verify_response(&request, &rejection, &trust, &policy, Moment::at(now));
//! assert_eq!(stamp, Err(Fault::TimeStamp("not granted")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod authority;
mod request;
#[cfg(test)]
mod tests;
mod tst_info;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::{
    CertificateSummary, Content, Fault, Moment, Oid, Padding, Policy, References, Trust, Wants,
    algorithm::Hash,
    budget::Budget,
    certificate::Certificate,
    cms::{Attributes, SignedData, SignerInfo, Version},
    digest::hexadecimal,
    verify::message::{self, Received, Signed},
};

pub use request::Request;
use tst_info::TstInfo;

/// id-ct-TSTInfo (RFC 3161 section 2.4.2).
pub(super) const TST_INFO: Oid = Oid::new("1.2.840.113549.1.9.16.1.4");
/// More tokens than this on one signature are refused: signers add one.
pub(super) const MOST: usize = 8;

/// What a token is over.
#[derive(Debug, Clone, Copy)]
pub enum Stamped<'a> {
    /// These octets.
    Octets(&'a [u8]),
    /// Octets of which only the digest is at hand, made with the token's algorithm.
    Digest(&'a [u8]),
}

/// A token that holds. Only [`verify`] and [`verify_response`] make one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimeStamp {
    time: DateTime<Utc>,
    #[serde(skip)]
    accuracy: Option<TimeDelta>,
    policy: Oid,
    serial: String,
    certificates: Vec<Arc<CertificateSummary>>,
}

impl TimeStamp {
    /// The stamped time: what was stamped existed then.
    #[must_use]
    pub fn time(&self) -> DateTime<Utc> {
        self.time
    }

    /// By how much the authority's clock may be wrong, if it says so.
    #[must_use]
    pub fn accuracy(&self) -> Option<TimeDelta> {
        self.accuracy
    }

    /// The policy under which the authority stamps.
    #[must_use]
    pub fn policy(&self) -> Oid {
        self.policy
    }

    /// The token's serial number in hexadecimal.
    #[must_use]
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// The authority's certificate and its path, the trust anchor last.
    #[must_use]
    pub fn certificates(&self) -> &[Arc<CertificateSummary>] {
        &self.certificates
    }
}

/// Verifies `token`: a bare token or a whole TimeStampResp, whoever asked for it.
/// Its algorithms must have been good enough when it was received, its path
/// when it was made.
///
/// # Errors
/// The [`Fault`] that makes the token prove nothing.
pub fn verify(
    token: &[u8],
    stamped: Stamped<'_>,
    trust: &Trust,
    policy: &Policy,
    moment: Moment,
) -> Result<TimeStamp, Fault> {
    let judge = Judge {
        trust,
        policy,
        moment,
        around: None,
    };
    let (mut wants, mut budget) = (Wants::default(), Budget::new());
    judge.token(tst_info::token(token)?, stamped, &mut wants, &mut budget)
}

/// Verifies a token over `octets` that carries its evidence, as somebody would who
/// is told nothing else; it is known to have existed at `known`, by when the
/// certificates of its authority must not have ended.
///
/// # Errors
/// Those of [`verify`]; [`Fault::OutOfBounds`] when they had.
pub fn verify_past(
    token: &[u8],
    octets: &[u8],
    trust: &Trust,
    policy: &Policy,
    known: DateTime<Utc>,
) -> Result<TimeStamp, Fault> {
    super::past::stamp(token, octets, trust, policy, known)
}

/// Verifies the response to `request`, which must carry its nonce and stamp
/// what was asked under the policy that was asked for.
///
/// # Errors
/// Those of [`verify`]; [`Fault::TimeStamp`] when the answer is to another question.
pub fn verify_response(
    request: &Request,
    response: &[u8],
    trust: &Trust,
    policy: &Policy,
    moment: Moment,
) -> Result<TimeStamp, Fault> {
    let token = tst_info::token(response)?;
    let stamp = verify(
        token,
        Stamped::Digest(request.imprint()),
        trust,
        policy,
        moment,
    )?;
    let container = SignedData::read(token, Padding::Refused)?;
    request.demand(&TstInfo::read(
        container.content.as_deref().unwrap_or_default(),
    )?)?;
    Ok(stamp)
}

/// What is still needed before `token` can hold for whoever has this trust: the
/// certificates whose status cannot be told.
#[must_use]
pub fn wants(
    token: &[u8],
    stamped: Stamped<'_>,
    trust: &Trust,
    policy: &Policy,
    moment: Moment,
) -> Wants {
    let judge = Judge {
        trust,
        policy,
        moment,
        around: None,
    };
    let (mut wants, mut budget) = (Wants::default(), Budget::new());
    if let Ok(token) = tst_info::token(token) {
        // The verdict is not asked for, only what it would take.
        let _ = judge.token(token, stamped, &mut wants, &mut budget);
    }
    wants
}

/// The token of a response, as it goes among the unsigned attributes of what it
/// stamps; of a bare token, itself. Nothing is verified.
///
/// # Errors
/// [`Fault::TimeStamp`] when the response grants none, [`Fault::Malformed`] when
/// it is no response.
pub fn token(response: &[u8]) -> Result<&[u8], Fault> {
    tst_info::token(response)
}

/// The time that a token tells. Nothing is verified: whoever made it may have told
/// any.
///
/// # Errors
/// [`Fault::TimeStamp`] or [`Fault::Malformed`] when it is no token.
pub fn told_time(token: &[u8]) -> Result<DateTime<Utc>, Fault> {
    let container = SignedData::read(token, Padding::Refused)?;
    Ok(told(&container)?.time)
}

/// Demands a token over these octets, whoever made it.
pub(super) fn demand_over(token: &[u8], stamped: &[u8]) -> Result<(), Fault> {
    let container = SignedData::read(token, Padding::Refused)?;
    let stamp = told(&container)?;
    let hash = stamp.imprint_algorithm.digest()?;
    match hash.of(stamped).octets() == stamp.imprint {
        true => Ok(()),
        false => Err(Fault::TimeStamp("over something else")),
    }
}

/// The time that a container tells, if it is a token.
pub(super) fn times(container: &SignedData<'_>) -> Option<DateTime<Utc>> {
    told(container).ok().map(|stamp| stamp.time)
}

/// What the content of a token says.
fn told<'a>(container: &'a SignedData<'_>) -> Result<TstInfo<'a>, Fault> {
    if container.content_type != TST_INFO {
        return Err(Fault::TimeStamp("the content is none"));
    }
    let content = container.content.as_deref();
    TstInfo::read(content.ok_or(Fault::ContentMissing)?)
}

/// Judges tokens under one trust and policy.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judge<'a> {
    pub(super) trust: &'a Trust,
    pub(super) policy: &'a Policy,
    pub(super) moment: Moment,
    /// What came with the signature that the token is on.
    pub(super) around: Option<&'a Received<'a>>,
}

/// What the tokens of a signature prove.
#[derive(Debug, Default)]
pub(super) struct Proven {
    /// Those that hold, the earliest first.
    pub(super) stamps: Vec<TimeStamp>,
    /// Why the last of the others does not.
    pub(super) fault: Option<Fault>,
}

impl Judge<'_> {
    /// Judges the signature-time-stamp attributes of one signature, which are
    /// over its value (RFC 3161 appendix A, ETSI EN 319 122-1 section 5.3).
    pub(super) fn tokens(
        &self,
        info: &SignerInfo<'_>,
        wants: &mut Wants,
        budget: &mut Budget,
    ) -> Result<Proven, Fault> {
        if info.time_stamps.len() > MOST {
            return Err(Fault::TooLarge("time-stamps"));
        }
        let mut proven = Proven::default();
        for token in &info.time_stamps {
            match self.token(token, Stamped::Octets(&info.signature), wants, budget) {
                Ok(stamp) => proven.stamps.push(stamp),
                Err(Fault::BudgetSpent) => return Err(Fault::BudgetSpent),
                Err(fault) => proven.fault = Some(fault),
            }
        }
        proven.stamps.sort_by_key(TimeStamp::time);
        Ok(proven)
    }

    fn token(
        &self,
        token: &[u8],
        stamped: Stamped<'_>,
        wants: &mut Wants,
        budget: &mut Budget,
    ) -> Result<TimeStamp, Fault> {
        let container = SignedData::read(token, Padding::Refused)?;
        let stamp = told(&container)?;
        self.demand_imprint(&stamp, stamped)?;
        self.demand_terms(&stamp)?;
        let [info] = container.signers.as_slice() else {
            return Err(Fault::TimeStamp("not exactly one signature"));
        };
        let received = Received::read(&container, self.trust, self.policy);
        let received = match self.around {
            Some(outer) => received.within(outer),
            None => received,
        };
        let certificate = received.named(&info.identifier, self.trust)?;
        self.demand_signature(&container, info, certificate, budget)?;
        let certificates = self.authority(certificate, &received, stamp.time, wants, budget)?;
        Ok(TimeStamp {
            time: stamp.time,
            accuracy: stamp.accuracy,
            policy: stamp.policy,
            serial: hexadecimal(stamp.serial),
            certificates,
        })
    }

    fn demand_imprint(&self, stamp: &TstInfo<'_>, stamped: Stamped<'_>) -> Result<(), Fault> {
        let hash = stamp.imprint_algorithm.digest()?;
        self.policy.allows_hash(hash, self.moment.received)?;
        let fits = match stamped {
            Stamped::Octets(octets) => hash.of(octets).octets() == stamp.imprint,
            Stamped::Digest(digest) => digest.len() == hash.length() && digest == stamp.imprint,
        };
        if fits {
            Ok(())
        } else {
            Err(Fault::TimeStamp("over something else"))
        }
    }

    fn demand_terms(&self, stamp: &TstInfo<'_>) -> Result<(), Fault> {
        let rules = self.policy.rules();
        let accepted = &rules.time_stamps.policies;
        if !accepted.is_empty() && !accepted.contains(&stamp.policy) {
            return Err(Fault::TimeStamp("policy not accepted"));
        }
        let skew = TimeDelta::seconds(rules.clock_skew_seconds.into());
        if stamp.time - self.moment.now > skew {
            return Err(Fault::TimeStamp("of the future"));
        }
        Ok(())
    }

    fn demand_signature(
        &self,
        container: &SignedData<'_>,
        info: &SignerInfo<'_>,
        certificate: &Certificate,
        budget: &mut Budget,
    ) -> Result<(), Fault> {
        let raw = info.signed_attributes;
        let attributes = Attributes::read(raw.ok_or(Fault::TimeStamp("attributes absent"))?)?;
        if attributes.content_type != Some(TST_INFO) {
            return Err(Fault::TimeStamp("content type absent or different"));
        }
        self.demand_reference(&attributes)?;
        let hash = info.digest_algorithm.digest()?;
        let scheme = info.signature_algorithm.scheme(Some(hash))?;
        let key = certificate.public_key()?;
        self.policy.allows_hash(hash, self.moment.received)?;
        self.policy.allows(scheme, &key, self.moment.received)?;
        message::demand_digests(hash, scheme, container, info)?;
        let signed = Signed::find(container, Content::Attached)?;
        signed.demand(&attributes, hash)?;
        budget.signature()?;
        signed.verify(info, scheme, &key)?;
        message::demand_references(Some(&attributes), certificate)
    }

    /// RFC 5816 section 2.2.1: a reference of either version binds the
    /// certificate; the policy says whether the older, made with SHA-1, still does.
    fn demand_reference(&self, attributes: &Attributes<'_>) -> Result<(), Fault> {
        let older = self.policy.rules().time_stamps.references;
        if attributes.references.is_empty() {
            return Err(Fault::TimeStamp("signing certificate absent"));
        }
        for reference in &attributes.references {
            match (reference.version, reference.hash(), older) {
                (Version::One, Hash::Sha1, References::EitherVersion) => {}
                (_, hash, _) => self
                    .policy
                    .allows_hash(hash, self.moment.received)
                    .map_err(|_| Fault::ReferenceAlgorithmNotAllowed)?,
            }
        }
        Ok(())
    }
}
