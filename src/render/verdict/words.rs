//! A phrase for each term of ETSI EN 319 102-1.

use crate::eds::{Check, Indication, Outcome, Remark, SubIndication};

/// What a main status means for the signature.
#[must_use]
pub fn of_indication(indication: Indication) -> &'static str {
    match indication {
        Indication::TotalPassed => "it holds (TOTAL-PASSED)",
        Indication::TotalFailed => "it does not hold (TOTAL-FAILED)",
        Indication::Indeterminate => "it cannot be told whether it holds (INDETERMINATE)",
    }
}

/// What a sub-indication means (tables 5 and 6).
#[must_use]
pub fn of_sub_indication(sub_indication: SubIndication) -> &'static str {
    use SubIndication as Sub;
    match sub_indication {
        Sub::FormatFailure => "the file is no well-formed signature",
        Sub::HashFailure => "the content is not the one that was signed",
        Sub::SigCryptoFailure => "the signature was not made with the certificate's key",
        Sub::Revoked => "the certificate had been revoked before the signing",
        Sub::Expired => "the certificate had expired before the signing",
        Sub::NotYetValid => "the certificate was not valid yet",
        Sub::SigConstraintsFailure => "the signature lacks or has what the policy does not allow",
        Sub::ChainConstraintsFailure => "the certificate is not of the kind the policy demands",
        Sub::CertificateChainGeneralFailure => "the chain of certificates breaks a rule",
        Sub::CryptoConstraintsFailure => "an algorithm is too weak",
        Sub::CryptoConstraintsFailureNoPoe => {
            "an algorithm is too weak, and nothing proves that the signature is old"
        }
        Sub::PolicyProcessingError => "the validation policy cannot be applied",
        Sub::SignaturePolicyNotAvailable => "the signature refers to a policy that is not at hand",
        Sub::TimestampOrderFailure => "the time-stamps contradict each other or the document",
        Sub::NoSigningCertificateFound => "the signer's certificate is not in the file",
        Sub::NoCertificateChainFound => "no chain leads to anybody who is trusted here",
        Sub::RevokedNoPoe => {
            "the certificate is revoked, and nothing proves that the signature is older"
        }
        Sub::RevokedCaNoPoe => "the certificate of an authority is revoked",
        Sub::OutOfBoundsNoPoe => {
            "the certificate has expired, and nothing proves that the signature is older"
        }
        Sub::RevocationOutOfBoundsNoPoe => {
            "who vouches for the certificate's status is not valid at this time"
        }
        Sub::NoPoe => "nothing proves that the signature existed in time",
        Sub::TryLater => "whether the certificate is revoked is not known now: try again later",
        Sub::SignedDataNotFound => "the content that was signed is not in the file: give it too",
        Sub::NoSignatureFound => "the file holds no signature",
    }
}

/// What a step found out.
#[must_use]
pub fn of_check(check: Check, outcome: Outcome) -> String {
    let subject = match check {
        Check::Format => "form of the file",
        Check::SigningCertificate => "signer's certificate",
        Check::Algorithms => "algorithms and key sizes",
        Check::Attributes => "signed attributes",
        Check::Content => "content",
        Check::Signature => "signature value",
        Check::Reference => "reference to the certificate",
        Check::TimeStamp => "time-stamps",
        Check::Path => "chain to a trust anchor",
        Check::Purpose => "purpose of the certificate",
        Check::Identity => "identity of the signer",
        Check::Validity => "validity of the certificate",
        Check::Revocation => "revocation",
    };
    match outcome {
        Outcome::Passed => subject.to_owned(),
        Outcome::Failed => format!("{subject}: failed"),
        Outcome::Skipped => format!("{subject}: not looked at"),
    }
}

/// What a remark means.
#[must_use]
pub fn of_remark(remark: Remark) -> &'static str {
    match remark {
        Remark::RevokedAfterwards => "the certificate was revoked after the signing",
        Remark::RevocationUnknown => "no fresh word on revocation was at hand",
        Remark::TimeStampUnusable => "a time-stamp proves nothing",
    }
}
