//! From a certificate to a trust anchor (RFC 5280 section 6).
//!
//! [`build`] looks for issuers and checks signatures; [`validate`] judges each
//! path that reaches an anchor. The first path that holds is the answer.

mod build;
mod constraints;
mod policies;
mod validate;

use chrono::{DateTime, Utc};

use super::{Oid, certificate::Certificate};

pub(super) use build::{Search, find};

/// A path that holds: the certificate asked about first, the trust anchor last.
#[derive(Debug, Clone)]
pub(super) struct Path<'a> {
    pub(super) certificates: Vec<&'a Certificate>,
}

impl<'a> Path<'a> {
    /// Each certificate below the anchor with its issuer, the anchor's own first.
    pub(super) fn links(&self) -> impl Iterator<Item = (&'a Certificate, &'a Certificate)> {
        self.certificates
            .iter()
            .copied()
            .zip(self.certificates.iter().copied().skip(1))
            .rev()
    }
}

/// What the verifier brings along (RFC 5280 section 6.1.1).
#[derive(Debug, Clone)]
pub(super) struct Inputs {
    /// The instant at which the issuing certificates must be valid.
    pub(super) at: DateTime<Utc>,
    /// Acceptable policies in the anchor's domain; empty: any.
    pub(super) policies: Vec<Oid>,
    pub(super) require_explicit_policy: bool,
    pub(super) inhibit_policy_mapping: bool,
    pub(super) inhibit_any_policy: bool,
    /// How many certificates may stand between the leaf and the anchor.
    pub(super) longest: usize,
}

impl Inputs {
    /// Any policy, and paths no longer than the widest known deployments need.
    pub(super) fn at(at: DateTime<Utc>) -> Self {
        Self {
            at,
            policies: Vec::new(),
            require_explicit_policy: false,
            inhibit_policy_mapping: false,
            inhibit_any_policy: false,
            longest: 6,
        }
    }
}
