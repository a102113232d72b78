//! Bytes, time and trust anchors in; a verdict out.
//!
//! [`verify`] is the one entrance. What it returns when everything holds is
//! [`Verified`], a value that nothing else can make: whoever takes one as an
//! argument need not ask again. What it returns otherwise is a [`Report`] that
//! says why, in the terms of ETSI EN 319 102-1.
//!
//! Absent here on purpose: a clock, the network, files, randomness, global
//! state, panics, and any knowledge of what is signed. Time, trust and policy
//! are arguments; the same arguments give the same report.
//!
//! # The way of a signature
//!
//! | step | where | after |
//! |---|---|---|
//! | text to octets, and what it was | [`unarmoured`], [`Seen`] | RFC 7468 |
//! | container to signatures | `cms` | RFC 5652, ETSI EN 319 122-1 |
//! | strict reading of what is signed | `der` | X.690 section 10 |
//! | algorithms, keys, signature values | `algorithm`, `signature`, [`gost`] | RFC 8017, FIPS 186-5, RFC 8032, RFC 7091 |
//! | certificates and their extensions | `certificate`, `extension`, `name` | RFC 5280 section 4 |
//! | a path to a trust anchor | `path` | RFC 4158, RFC 5280 section 6.1 |
//! | revocation lists | `crl` | RFC 5280 sections 5 and 6.3 |
//! | who it was | `subject`, [`Signer`] | order No 383/NK of 13.10.2020 |
//! | which evidence is still wanted | [`wants()`] | |
//! | the verdict | [`Fault::verdict`], [`Report`] | ETSI EN 319 102-1 |
//!
//! # What always holds
//!
//! - Signed octets are slices of the input; nothing is encoded anew to be hashed.
//! - A rule that cannot be checked counts as broken: an unknown critical
//!   extension, a list of another scope, a name that reads two ways.
//! - Each verification has a budget of signature checks and comparisons, each
//!   structure a limit of size, depth and count.
//!
//! ```
//! use kelisim::eds::{self, Content, Fault, Moment, Policy, Trust};
//!
//! let trust = Trust::new::<&[u8]>(&[], &[], &[])?;
//! let now = "2026-06-01T10:00:00Z".parse()?;
//! let verdict = eds::verify(b"not a signature", Content::Attached, &trust, &Policy::national(), Moment::at(now));
//! assert!(matches!(verdict, Err(report) if matches!(report.reason, Some(Fault::Malformed(_)))));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod algorithm;
mod armour;
pub mod asic;
mod augment;
mod budget;
mod certificate;
mod cms;
mod container;
mod crl;
mod der;
mod digest;
mod enclosed;
mod encode;
mod extension;
mod fault;
pub mod gost;
mod identity;
mod judgement;
mod ledger;
mod memory;
mod moment;
#[cfg(test)]
mod mutated;
mod name;
pub mod ocsp;
mod oid;
mod past;
mod path;
mod policy;
mod report;
mod revocation;
mod role;
mod seen;
mod signature;
mod subject;
mod summary;
#[cfg(test)]
pub(crate) mod testing;
pub mod timestamp;
mod trust;
mod verify;
mod wants;
pub mod xml;

use std::sync::Arc;

use certificate::Certificate;
use chrono::{DateTime, Utc};

pub use armour::{unarmoured, unarmoured_certificate};
pub use augment::{Additions, augment, raise, signature_value};
pub use container::{Container, Form, Judged, Validation};
pub use crl::{ListNumber, ListSummary, RevocationList};
pub use digest::Digest;
pub use fault::Fault;
pub use identity::{Bin, Iin, Names, NotABin, NotAnIin, Signer, SignerKind};
pub use moment::Moment;
pub use oid::{NotAnOid, Oid};
pub use past::verify_past;
pub use policy::{
    AfterExpiry, Attributes, CheckDigit, DigestName, Enclosed, Freshness, Limit, Nocheck,
    NotAPolicy, Padding, PathRules, Policy, Purpose, References, Revocation, Rules, SignatureName,
    SigningTime, StatusEvidence, Subject, TimeStampRules, TimeStamps,
};
pub use report::{
    CertificateSummary, Check, Checked, Evidence, Indication, Outcome, Remark, Report, Source,
    SubIndication,
};
pub use role::{KeyUse, Role};
pub use seen::Seen;
pub use summary::{Digits, Holder, KeyStorage, KeySummary, Numbers, Summary};
pub use trust::{Trust, TrustError};
pub use verify::{
    receive, validate, validate_certificate, validate_xml, verify, verify_value, verify_xml,
};
pub use wants::{StampWanted, StatusWanted, Wants, wants};

/// Where the signed content is.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    /// Outside the container: these bytes.
    Detached(&'a [u8]),
    /// Outside the container, and only its SHA-256 is at hand: enough for a
    /// signature that has attributes and uses that digest.
    Digest(Digest),
    /// Inside the container.
    Attached,
}

/// A signature that holds. Only [`verify`] makes one.
#[derive(Debug, Clone)]
pub struct Verified {
    signer: Arc<Signer>,
    content_digest: Digest,
    certificate: Certificate,
    signed_at: DateTime<Utc>,
    report: Report,
}

impl Verified {
    /// Whom the signing certificate names.
    #[must_use]
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// The SHA-256 of the content that was signed.
    #[must_use]
    pub fn content_digest(&self) -> &Digest {
        &self.content_digest
    }

    /// The signing certificate in DER.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        self.certificate.der()
    }

    /// The instant at which the signature is proven to have existed.
    #[must_use]
    pub fn signed_at(&self) -> DateTime<Utc> {
        self.signed_at
    }

    /// When the signature was in our hands: it is not younger, whatever was
    /// found out about it later.
    #[must_use]
    pub fn received_at(&self) -> DateTime<Utc> {
        self.report.moment.received
    }

    /// The validation report.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }
}

/// A signature of which everything holds that can be told when it is received.
/// Only [`receive`] makes one. It is no [`Verified`]: whether it counts hangs on
/// evidence that must still come.
#[derive(Debug, Clone)]
pub struct Received(Verified);

impl Received {
    /// Whom the signing certificate names.
    #[must_use]
    pub fn signer(&self) -> &Signer {
        self.0.signer()
    }

    /// The SHA-256 of the content that was signed.
    #[must_use]
    pub fn content_digest(&self) -> &Digest {
        self.0.content_digest()
    }

    /// When the signature was in our hands.
    #[must_use]
    pub fn received_at(&self) -> DateTime<Utc> {
        self.0.received_at()
    }
}
