//! Everything that can be wrong with a signature, and what each fault means.

use super::report::{Indication, SubIndication};

/// A fact that keeps a signature from passing. No variant holds personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The bytes are not DER where DER is due (X.690), or not the structure that is due.
    #[error("malformed: {0}")]
    Malformed(&'static str),
    /// The container is well-formed CMS but no SignedData (RFC 5652 section 5.1).
    #[error("the container holds no signed data")]
    NotSignedData,
    /// The container holds no signature: no SignerInfo at all.
    #[error("the container holds no signature")]
    NoSignature,
    /// The container holds several signatures where one person must sign.
    #[error("the container holds more than one signature")]
    SeveralSignatures,
    /// A limit on size, depth or count was passed.
    #[error("too large: {0}")]
    TooLarge(&'static str),
    /// The content is neither in the container nor given.
    #[error("the signed content is missing")]
    ContentMissing,
    /// The container holds a content that is not the one given.
    #[error("the container encloses another content")]
    ContentDiffers,
    /// The content's digest is not the one that was signed.
    #[error("the content is not what was signed")]
    DigestMismatch,
    /// The signature value does not fit the key and the signed bytes.
    #[error("the signature value does not verify")]
    SignatureMismatch,
    /// Signed attributes are absent, or one of them is absent, wrong or not allowed.
    #[error("signed attributes: {0}")]
    Attributes(&'static str),
    /// The signing certificate is neither in the container nor known, or is not the one referred to.
    #[error("signing certificate: {0}")]
    NoSigningCertificate(&'static str),
    /// The algorithm, its parameters or the key size are not allowed.
    #[error("algorithm not allowed: {0}")]
    AlgorithmNotAllowed(&'static str),
    /// What stands in the place of a signature is an authentication code, which
    /// whoever can check it can make.
    #[error("an authentication code is no signature")]
    AuthenticationCode,
    /// The signer names a signature policy that is not at hand (ETSI EN 319 102-1
    /// section 5.2.4).
    #[error("the signature policy named in it is not known")]
    SignaturePolicyUnknown,
    /// The signature policy that the signer names is another document than the one
    /// known by this identifier (ETSI EN 319 102-1 section 5.2.4).
    #[error("the signature policy named in it is another than the known one")]
    SignaturePolicyDiffers,
    /// The reference to the signing certificate uses an algorithm that is not allowed.
    #[error("certificate reference: algorithm not allowed")]
    ReferenceAlgorithmNotAllowed,
    /// No path leads to a trust anchor.
    #[error("no path to a trust anchor")]
    NoPath,
    /// A path leads to a trust anchor but breaks a rule of RFC 5280 section 6.
    #[error("certificate path: {0}")]
    PathInvalid(&'static str),
    /// The certificate may not be used for this purpose.
    #[error("certificate not fit for the purpose: {0}")]
    Purpose(&'static str),
    /// The certificate was not valid yet when the signature was received.
    #[error("the certificate was not valid yet")]
    NotYetValid,
    /// The certificate had expired before the signature can have been made.
    #[error("the certificate had expired before the document was issued")]
    Expired,
    /// The certificate has expired, and nothing proves that the signature is older.
    #[error("the certificate has expired and the time of signing is not proven")]
    OutOfBounds,
    /// The certificate was revoked before the signature can have been made.
    #[error("the certificate was revoked before the document was issued")]
    Revoked,
    /// The certificate is revoked, and nothing proves that the signature is older.
    #[error("the certificate is revoked and the time of signing is not proven")]
    RevokedWithoutProof,
    /// An issuing certificate is revoked.
    #[error("an issuing certificate is revoked")]
    IssuerRevoked,
    /// The certificate is suspended.
    #[error("the certificate is suspended")]
    Suspended,
    /// No fresh revocation data is at hand.
    #[error("no fresh revocation data")]
    NoRevocationData,
    /// Revocation data is at hand but cannot be used.
    #[error("revocation data: {0}")]
    RevocationUnusable(&'static str),
    /// The responder answered with an error status (RFC 6960 section 2.3).
    #[error("the responder gives no answer: {0}")]
    NoAnswer(&'static str),
    /// The responder does not know the certificate (RFC 6960 section 2.2).
    #[error("the responder does not know the certificate")]
    StatusUnknown,
    /// The authority denies having issued the certificate (RFC 6960 section 2.2).
    #[error("the authority denies having issued the certificate")]
    NeverIssued,
    /// Revocation data is at hand but not of the right time (RFC 6960 section 3.2).
    #[error("revocation data not fresh: {0}")]
    NotFresh(&'static str),
    /// The responder's certificate is not valid at this time.
    #[error("the responder's certificate is not valid at this time")]
    ResponderOutOfBounds,
    /// A time-stamp is absent where one is due, or does not prove what it should
    /// (RFC 3161 section 2.2).
    #[error("time-stamp: {0}")]
    TimeStamp(&'static str),
    /// A time-stamp is older than what was stamped can be.
    #[error("the time-stamp is older than the document")]
    TimeStampOrder,
    /// The subject does not name exactly one person or organisation.
    #[error("identity: {0}")]
    IdentityAmbiguous(&'static str),
    /// The verification cost more than its budget.
    #[error("the verification exceeds its budget")]
    BudgetSpent,
}

impl Fault {
    /// Whether what is wrong is only that evidence is missing or no good: the
    /// signature itself holds as far as it can be told, and other evidence may
    /// settle it either way.
    #[must_use]
    pub fn is_want_of_evidence(&self) -> bool {
        match self {
            Self::NoRevocationData
            | Self::RevocationUnusable(_)
            | Self::NoAnswer(_)
            | Self::StatusUnknown
            | Self::NeverIssued
            | Self::NotFresh(_)
            | Self::ResponderOutOfBounds
            | Self::TimeStamp(_) => true,
            Self::Malformed(_)
            | Self::NotSignedData
            | Self::NoSignature
            | Self::SeveralSignatures
            | Self::TooLarge(_)
            | Self::ContentMissing
            | Self::ContentDiffers
            | Self::DigestMismatch
            | Self::SignatureMismatch
            | Self::Attributes(_)
            | Self::NoSigningCertificate(_)
            | Self::AlgorithmNotAllowed(_)
            | Self::AuthenticationCode
            | Self::SignaturePolicyDiffers
            | Self::SignaturePolicyUnknown
            | Self::ReferenceAlgorithmNotAllowed
            | Self::NoPath
            | Self::PathInvalid(_)
            | Self::Purpose(_)
            | Self::NotYetValid
            | Self::Expired
            | Self::OutOfBounds
            | Self::Revoked
            | Self::RevokedWithoutProof
            | Self::IssuerRevoked
            | Self::Suspended
            | Self::TimeStampOrder
            | Self::IdentityAmbiguous(_)
            | Self::BudgetSpent => false,
        }
    }

    /// The status and sub-status of ETSI EN 319 102-1 for this fault.
    #[must_use]
    pub fn verdict(&self) -> (Indication, SubIndication) {
        use Indication::{Indeterminate, TotalFailed};
        use SubIndication as Sub;
        match self {
            Self::Malformed(_)
            | Self::NotSignedData
            | Self::SeveralSignatures
            | Self::TooLarge(_) => (TotalFailed, Sub::FormatFailure),
            Self::NoSignature => (TotalFailed, Sub::NoSignatureFound),
            Self::ContentMissing => (Indeterminate, Sub::SignedDataNotFound),
            Self::ContentDiffers | Self::DigestMismatch => (TotalFailed, Sub::HashFailure),
            Self::SignatureMismatch => (TotalFailed, Sub::SigCryptoFailure),
            Self::Attributes(_) | Self::TimeStamp(_) => (Indeterminate, Sub::SigConstraintsFailure),
            Self::NoSigningCertificate(_) => (Indeterminate, Sub::NoSigningCertificateFound),
            Self::AlgorithmNotAllowed(_) => (Indeterminate, Sub::CryptoConstraintsFailureNoPoe),
            Self::SignaturePolicyUnknown => (Indeterminate, Sub::SignaturePolicyNotAvailable),
            Self::SignaturePolicyDiffers => (Indeterminate, Sub::PolicyProcessingError),
            Self::ReferenceAlgorithmNotAllowed | Self::AuthenticationCode => {
                (Indeterminate, Sub::CryptoConstraintsFailure)
            }
            Self::NoPath => (Indeterminate, Sub::NoCertificateChainFound),
            Self::PathInvalid(_) | Self::RevocationUnusable(_) | Self::BudgetSpent => {
                (Indeterminate, Sub::CertificateChainGeneralFailure)
            }
            Self::Purpose(_) | Self::IdentityAmbiguous(_) => {
                (Indeterminate, Sub::ChainConstraintsFailure)
            }
            Self::NotYetValid => (TotalFailed, Sub::NotYetValid),
            Self::Expired => (TotalFailed, Sub::Expired),
            Self::OutOfBounds => (Indeterminate, Sub::OutOfBoundsNoPoe),
            Self::Revoked => (TotalFailed, Sub::Revoked),
            Self::RevokedWithoutProof => (Indeterminate, Sub::RevokedNoPoe),
            Self::IssuerRevoked => (Indeterminate, Sub::RevokedCaNoPoe),
            Self::TimeStampOrder => (Indeterminate, Sub::TimestampOrderFailure),
            Self::ResponderOutOfBounds => (Indeterminate, Sub::RevocationOutOfBoundsNoPoe),
            Self::Suspended
            | Self::NoRevocationData
            | Self::NoAnswer(_)
            | Self::StatusUnknown
            | Self::NeverIssued
            | Self::NotFresh(_) => (Indeterminate, Sub::TryLater),
        }
    }
}
