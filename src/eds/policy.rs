//! What a signature must satisfy, as data.

use chrono::TimeDelta;
use serde::Serialize;

/// Whom the certificate must name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A natural person on his own behalf, with an IIN.
    NaturalPerson,
    /// A person or an organisation, with an IIN or a BIN.
    Identified,
    /// Whatever the certificate says.
    Any,
}

/// What the key must be entitled to (RFC 5280 section 4.2.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Signing documents: `nonRepudiation`.
    Document,
    /// Logging in: `digitalSignature`.
    Login,
}

/// How much revocation data is demanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Revocation {
    /// Fresh data for each certificate of the path but the anchor.
    Required,
    /// Fresh data for the signer's certificate.
    Leaf,
    /// Whatever is at hand is heeded; absence is noted.
    IfPresent,
    /// None is looked at.
    Ignored,
}

/// What becomes of the check digit of IIN and BIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckDigit {
    /// It must be right.
    Demanded,
    /// It is not looked at: the SDK's test person has a wrong one.
    Waived,
}

/// What a signature must satisfy to pass. The same policy always gives the
/// same verdict on the same input; its [`id`](Policy::id) stands in each report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Policy {
    pub(super) id: String,
    pub(super) purpose: Purpose,
    pub(super) subject: Subject,
    pub(super) revocation: Revocation,
    pub(super) check_digit: CheckDigit,
    /// One of these must stand in extended key usage, if the extension is there.
    pub(super) extended_key_usage: Vec<String>,
    /// One of these must stand in the signer's certificate policies; empty: no demand.
    pub(super) certificate_policies: Vec<String>,
    /// How old revocation data without `nextUpdate` may be.
    #[serde(skip)]
    pub(super) freshness: TimeDelta,
}

impl Policy {
    /// Documents signed by natural persons with certificates of the national authority.
    #[must_use]
    pub fn national() -> Self {
        Self {
            id: "national".to_owned(),
            purpose: Purpose::Document,
            subject: Subject::NaturalPerson,
            revocation: Revocation::Required,
            check_digit: CheckDigit::Demanded,
            extended_key_usage: owned(&["1.3.6.1.5.5.7.3.4"]),
            certificate_policies: owned(&["1.2.398.3.3.2", "1.2.398.3.3.2.1", "1.2.398.3.3.2.3"]),
            freshness: TimeDelta::hours(24),
        }
    }

    /// Logins by natural persons with certificates of the national authority.
    #[must_use]
    pub fn login() -> Self {
        Self {
            id: "national-login".to_owned(),
            purpose: Purpose::Login,
            extended_key_usage: owned(&["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4"]),
            certificate_policies: owned(&[
                "1.2.398.3.3.2",
                "1.2.398.3.3.2.1",
                "1.2.398.3.3.2.2",
                "1.2.398.3.3.2.3",
                "1.2.398.3.3.2.4",
            ]),
            ..Self::national()
        }
    }

    /// The same policy for another kind of subject.
    #[must_use]
    pub fn for_subject(mut self, subject: Subject) -> Self {
        self.subject = subject;
        self
    }

    /// The same policy with another demand for revocation data.
    #[must_use]
    pub fn with_revocation(mut self, revocation: Revocation) -> Self {
        self.revocation = revocation;
        self
    }

    /// The same policy with another treatment of the check digit.
    #[must_use]
    pub fn with_check_digit(mut self, check_digit: CheckDigit) -> Self {
        self.check_digit = check_digit;
        self
    }

    /// The stable name that stands in reports.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

fn owned(oids: &[&str]) -> Vec<String> {
    oids.iter().map(|&oid| oid.to_owned()).collect()
}
