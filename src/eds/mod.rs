//! Bytes, time and trust anchors in; a verdict out.
//!
//! [`verify`] is the one entrance. What it returns when everything holds is
//! [`Verified`], a value that nothing else can make: whoever takes one as an
//! argument need not ask again. What it returns otherwise is a [`Report`] that
//! says why, in the terms of ETSI EN 319 102-1.
//!
//! Absent here on purpose: a clock, the network, files, randomness, global
//! state, panics. Time, trust and policy are arguments.

mod algorithm;
mod budget;
mod certificate;
mod cms;
mod crl;
mod der;
mod digest;
mod encode;
mod extension;
mod fault;
pub mod gost;
mod identity;
mod ledger;
mod moment;
mod name;
pub mod ocsp;
mod oid;
mod path;
mod policy;
mod report;
mod revocation;
mod role;
mod signature;
mod subject;
#[cfg(test)]
pub(crate) mod testing;
pub mod timestamp;
mod trust;
mod verify;
pub mod xml;

use chrono::{DateTime, Utc};

pub use digest::Digest;
pub use fault::Fault;
pub use identity::{Bin, Iin, Names, NotABin, NotAnIin, Signer, SignerKind};
pub use moment::Moment;
pub use oid::{NotAnOid, Oid};
pub use policy::{
    Attributes, CheckDigit, DigestName, Freshness, Limit, Nocheck, NotAPolicy, Padding, PathRules,
    Policy, Purpose, References, Revocation, Rules, SignatureName, SigningTime, Subject,
    TimeStampRules, TimeStamps,
};
pub use report::{
    CertificateSummary, Check, Checked, Indication, Outcome, Remark, Report, SubIndication,
};
pub use role::{KeyUse, Role};
pub use trust::{Trust, TrustError};
pub use verify::{validate, validate_certificate, verify, verify_value, verify_xml};

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
    signer: Signer,
    content_digest: Digest,
    certificate: Vec<u8>,
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
        &self.certificate
    }

    /// The instant at which the signature is proven to have existed.
    #[must_use]
    pub fn signed_at(&self) -> DateTime<Utc> {
        self.signed_at
    }

    /// The validation report.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }
}
