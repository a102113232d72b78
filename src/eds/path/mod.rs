//! From a certificate to a trust anchor (RFC 5280 section 6).
//!
//! [`build`] looks for issuers and checks signatures; [`validate`] judges each
//! path that reaches an anchor. The first path that holds is the answer.

mod build;
mod constraints;
mod policies;
mod validate;

use chrono::{DateTime, Utc};

use super::{PathRules, certificate::Certificate};

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

/// What one validation starts from (RFC 5280 section 6.1.1).
#[derive(Debug, Clone, Copy)]
pub(super) struct Inputs<'a> {
    /// The instant at which the issuing certificates must be valid.
    pub(super) at: DateTime<Utc>,
    pub(super) rules: &'a PathRules,
}
