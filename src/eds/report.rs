//! The answer in full: verdict, reason, checks, certificates, times
//! (ETSI EN 319 102-1 section 5.1.3).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

use super::{Digest, Fault, Moment, timestamp::TimeStamp};

/// The main status of a validation (ETSI EN 319 102-1 table 2).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, strum::IntoStaticStr, strum::VariantArray,
)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
#[strum(serialize_all = "SCREAMING-KEBAB-CASE")]
pub enum Indication {
    /// Every check holds.
    TotalPassed,
    /// The signature cannot be valid, now or ever.
    TotalFailed,
    /// What is at hand proves neither.
    Indeterminate,
}

/// Why a validation did not pass (ETSI EN 319 102-1 tables 5 and 6).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, strum::IntoStaticStr, strum::VariantArray,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[expect(
    missing_docs,
    reason = "the names are the standard's own and defined there"
)]
pub enum SubIndication {
    FormatFailure,
    HashFailure,
    SigCryptoFailure,
    Revoked,
    Expired,
    NotYetValid,
    SigConstraintsFailure,
    ChainConstraintsFailure,
    CertificateChainGeneralFailure,
    CryptoConstraintsFailure,
    CryptoConstraintsFailureNoPoe,
    PolicyProcessingError,
    SignaturePolicyNotAvailable,
    TimestampOrderFailure,
    NoSigningCertificateFound,
    NoCertificateChainFound,
    RevokedNoPoe,
    RevokedCaNoPoe,
    OutOfBoundsNoPoe,
    RevocationOutOfBoundsNoPoe,
    NoPoe,
    TryLater,
    SignedDataNotFound,
    NoSignatureFound,
}

/// One step of the validation; the variants stand in the order of judging.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, strum::VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// The bytes are a well-formed signature.
    Format,
    /// The signing certificate is present.
    SigningCertificate,
    /// The algorithms and key sizes are allowed.
    Algorithms,
    /// The signed attributes are those the policy demands and allows.
    Attributes,
    /// The content has the digest that was signed.
    Content,
    /// The signature value fits the key and the signed attributes.
    Signature,
    /// Each reference to a signing certificate means the one that was used.
    Reference,
    /// The time-stamps prove since when the signature exists, and the time that
    /// the signer claims agrees.
    TimeStamp,
    /// A path leads from the certificate to a trust anchor.
    Path,
    /// Key usage, extended key usage, policies and kind of subject fit.
    Purpose,
    /// The subject names one person without ambiguity.
    Identity,
    /// The certificate was valid when the signature was made.
    Validity,
    /// No certificate of the path was revoked.
    Revocation,
}

impl Check {
    /// All steps in the order of judging.
    pub(super) const ALL: [Self; 13] = [
        Self::Format,
        Self::SigningCertificate,
        Self::Algorithms,
        Self::Attributes,
        Self::Content,
        Self::Signature,
        Self::Reference,
        Self::TimeStamp,
        Self::Path,
        Self::Purpose,
        Self::Identity,
        Self::Validity,
        Self::Revocation,
    ];
}

/// How one step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, strum::VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It holds.
    Passed,
    /// It does not hold; the report's reason says why.
    Failed,
    /// It was not reached or the policy does not ask for it.
    Skipped,
}

/// One line of the report: a step and how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// The step.
    pub check: Check,
    /// How it ended.
    pub outcome: Outcome,
}

/// A certificate as a report shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CertificateSummary {
    /// The subject's name in the form of RFC 4514, its IIN masked.
    pub subject: String,
    /// The issuer's name in the form of RFC 4514.
    pub issuer: String,
    /// The serial number in hexadecimal.
    pub serial: String,
    /// Valid from.
    pub not_before: DateTime<Utc>,
    /// Valid to.
    pub not_after: DateTime<Utc>,
    /// The SHA-256 of the certificate.
    pub sha256: Digest,
}

/// Where revocation data comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A revocation list.
    List,
    /// A responder's answer.
    Answer,
}

/// Revocation data that was used, and about which certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The SHA-256 of the certificate it speaks about.
    pub certificate: Digest,
    /// What it is.
    pub source: Source,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// Its SHA-256.
    pub sha256: Digest,
}

/// Something worth knowing that did not change the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remark {
    /// The certificate was revoked after the signature was in our hands.
    RevokedAfterwards,
    /// No fresh revocation data was at hand, and the policy does not insist.
    RevocationUnknown,
    /// A time-stamp proves nothing, and the policy does not insist.
    TimeStampUnusable,
}

/// What was found out about a signature. The same bytes, trust, policy and
/// moment always give the same report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The main status.
    pub indication: Indication,
    /// Why the status is not `TOTAL-PASSED`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_indication: Option<SubIndication>,
    /// The fault behind the sub-indication; never names a person.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    pub reason: Option<Fault>,
    /// Each step in the order of judging.
    pub checks: Vec<Checked>,
    /// What is worth knowing beside the verdict.
    pub remarks: Vec<Remark>,
    /// The certificates used, the signer's first, the trust anchor last.
    pub certificates: Vec<Arc<CertificateSummary>>,
    /// The revocation data used, that of the anchor's own issue first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub revocation: Vec<Evidence>,
    /// The instants the judgement stands on.
    pub moment: Moment,
    /// When the signature is proven to have existed: the earliest time-stamp that
    /// holds, otherwise the receipt.
    pub signed_at: DateTime<Utc>,
    /// The time-stamps that hold, the earliest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub time_stamps: Vec<TimeStamp>,
    /// The time the signer claims; no evidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed_signing_time: Option<DateTime<Utc>>,
    /// The digest of the content that the signature claims, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_digest: Option<String>,
    /// The policy that was applied.
    pub policy: String,
    /// The SHA-256 of its rules.
    pub policy_hash: Digest,
}

impl Report {
    /// Whether nothing is wrong but that evidence is missing or no good: the same
    /// signature may pass with other evidence.
    #[must_use]
    pub fn wants_evidence(&self) -> bool {
        self.reason.is_some_and(|fault| fault.is_want_of_evidence())
    }
}

pub(super) fn as_text<S: Serializer>(
    fault: &Option<Fault>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match fault {
        Some(fault) => serializer.collect_str(fault),
        None => serializer.serialize_none(),
    }
}
