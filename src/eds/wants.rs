//! Which evidence a signature still wants before it can pass.
//!
//! Nothing is judged here a second time: the verifier goes its way and notes
//! where it misses something. A signature that can never pass wants nothing, so
//! nobody is asked anything about a forgery.

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

use super::{
    Content, DigestName, Fault, Moment, Policy, Trust, algorithm::Family, certificate::Certificate,
    cms::SignerInfo, gost, verify,
};

/// What is still wanted; empty when more evidence would change nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wants {
    /// Certificates whose status cannot be told, or not well enough: the signer's,
    /// those above it, and those of the authorities that stamped the signature.
    pub statuses: Vec<StatusWanted>,
    /// The time-stamp that the policy demands, when none is there that holds or
    /// would hold with the statuses.
    pub time_stamp: Option<StampWanted>,
}

/// A certificate about whose revocation something must be learnt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusWanted {
    /// The certificate in DER.
    pub certificate: Vec<u8>,
    /// The certificate of its issuer in DER, on a path that holds.
    pub issuer: Vec<u8>,
    /// What was said before this instant will not count
    /// ([`Freshness::AfterSigning`](super::Freshness)).
    pub since: Option<DateTime<Utc>>,
}

/// Something to be stamped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StampWanted {
    /// The octets to stamp: the signature's value (RFC 3161 appendix A).
    pub value: Vec<u8>,
    /// The digest of the signature's family: the national authority stamps each
    /// under a policy of its own.
    pub digest: DigestName,
}

/// What the policy still needs before [`verify`](super::verify()) can pass
/// `signature` over `content`, trust being what is at hand.
///
/// A list to fetch, not a verdict: what of it cannot be had may turn out not to
/// be needed, and only [`verify`](super::verify()) says so.
///
/// ```
/// use kelisim::eds::{self, Content, Moment, Policy, Trust};
/// let trust = Trust::new::<&[u8]>(&[], &[], &[])?;
/// let now = Moment::at("2026-06-01T10:00:00Z".parse()?);
/// let wants = eds::wants(b"not a signature", Content::Attached, &trust, &Policy::national(), now);
/// assert!(wants.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn wants(
    signature: &[u8],
    content: Content<'_>,
    trust: &Trust,
    policy: &Policy,
    moment: Moment,
) -> Wants {
    verify::missing(signature, content, trust, policy, moment).unwrap_or_default()
}

impl Wants {
    /// Whether more evidence would change nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.statuses.is_empty() && self.time_stamp.is_none()
    }

    /// Notes that the status of `certificate` cannot be told well enough.
    pub(super) fn status(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
        since: Option<DateTime<Utc>>,
    ) {
        let wanted = StatusWanted {
            certificate: certificate.der().to_vec(),
            issuer: issuer.der().to_vec(),
            since,
        };
        if !self.statuses.contains(&wanted) {
            self.statuses.push(wanted);
        }
    }
}

impl StampWanted {
    /// A stamp over the value of this signature.
    pub(super) fn over(info: &SignerInfo<'_>) -> Result<Self, Fault> {
        use gost::Algorithm::{Gost2004, Gost2015With256, Gost2015With512};
        let hash = info.digest_algorithm.digest()?;
        let digest = match info.signature_algorithm.scheme(Some(hash))?.family {
            Family::RsaPkcs1 | Family::RsaPss | Family::Ecdsa | Family::Ed25519 => {
                DigestName::Sha256
            }
            Family::Gost(Gost2015With512 | Gost2015With256) => DigestName::Streebog512,
            Family::Gost(Gost2004) => DigestName::Gost94,
        };
        Ok(Self {
            value: info.signature.to_vec(),
            digest,
        })
    }
}
