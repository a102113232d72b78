//! What a signature must satisfy, as data.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::{
    Fault, Oid,
    algorithm::{Hash, Scheme},
    path::Inputs,
    signature::PublicKey,
};

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
    /// Any kind of signature: either of the two.
    Signature,
    /// Nothing in particular: the certificate is judged, not what it did.
    Unspecified,
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

/// What becomes of SHA-1, whose collisions are cheap since 2017.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sha1 {
    /// It is refused.
    Refused,
    /// It is accepted: for evidence older than its fall, and for old test suites.
    Accepted,
}

/// What may follow a signature in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Padding {
    /// Nothing.
    Refused,
    /// Zero octets, which some signing devices leave behind.
    Zeros,
}

/// What is demanded of the signed attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attributes {
    /// Those of CAdES-BES (ETSI EN 319 122-1 section 6.3) and none that is unknown.
    Cades,
    /// Those of CMS (RFC 5652 section 5.3): content type and message digest.
    Cms,
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
    pub(super) extended_key_usage: Vec<Oid>,
    /// One of these must stand in the signer's certificate policies; empty: no demand.
    pub(super) certificate_policies: Vec<Oid>,
    pub(super) attributes: Attributes,
    /// How far the claimed signing time may lie from the time of receipt.
    #[serde(skip)]
    pub(super) clock_tolerance: Option<TimeDelta>,
    /// How old a revocation list may be, whatever it promises.
    #[serde(skip)]
    pub(super) oldest_list: TimeDelta,
    pub(super) padding: Padding,
    pub(super) rsa_bits: usize,
    /// The least public exponent; small ones have made forgeries cheap.
    pub(super) rsa_exponent: u32,
    pub(super) sha1: Sha1,
    pub(super) path: PathRules,
}

/// What the verifier brings along to path validation (RFC 5280 section 6.1.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PathRules {
    /// How many certificates may stand between the leaf and the anchor.
    pub longest: usize,
    /// Acceptable policies in the anchor's domain; empty: any.
    pub policies: Vec<Oid>,
    /// Whether the path must be valid for one of them.
    pub require_explicit_policy: bool,
    /// Whether policy mappings are ignored.
    pub inhibit_policy_mapping: bool,
    /// Whether anyPolicy is ignored.
    pub inhibit_any_policy: bool,
}

impl Default for PathRules {
    fn default() -> Self {
        Self {
            longest: 6,
            policies: Vec::new(),
            require_explicit_policy: false,
            inhibit_policy_mapping: false,
            inhibit_any_policy: false,
        }
    }
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
            extended_key_usage: vec![Oid::new("1.3.6.1.5.5.7.3.4")],
            certificate_policies: vec![
                Oid::new("1.2.398.3.3.2"),
                Oid::new("1.2.398.3.3.2.1"),
                Oid::new("1.2.398.3.3.2.3"),
            ],
            attributes: Attributes::Cades,
            clock_tolerance: Some(TimeDelta::minutes(10)),
            oldest_list: TimeDelta::days(190),
            padding: Padding::Refused,
            rsa_bits: 2048,
            rsa_exponent: 65537,
            sha1: Sha1::Refused,
            path: PathRules::default(),
        }
    }

    /// Logins by natural persons with certificates of the national authority.
    #[must_use]
    pub fn login() -> Self {
        Self {
            id: "national-login".to_owned(),
            purpose: Purpose::Login,
            extended_key_usage: vec![Oid::new("1.3.6.1.5.5.7.3.2"), Oid::new("1.3.6.1.5.5.7.3.4")],
            certificate_policies: vec![
                Oid::new("1.2.398.3.3.2"),
                Oid::new("1.2.398.3.3.2.1"),
                Oid::new("1.2.398.3.3.2.2"),
                Oid::new("1.2.398.3.3.2.3"),
                Oid::new("1.2.398.3.3.2.4"),
            ],
            ..Self::national()
        }
    }

    /// The same for the test certificates of the national authority's SDK, whose
    /// person has a wrong check digit and whose revocation lists are old.
    #[must_use]
    pub fn national_test() -> Self {
        Self {
            id: "national-test".to_owned(),
            revocation: Revocation::IfPresent,
            check_digit: CheckDigit::Waived,
            ..Self::national()
        }
    }

    /// Any signature whose path leads to a trust anchor, whoever signed.
    #[must_use]
    pub fn generic() -> Self {
        Self {
            id: "generic".to_owned(),
            purpose: Purpose::Signature,
            subject: Subject::Any,
            revocation: Revocation::IfPresent,
            extended_key_usage: Vec::new(),
            certificate_policies: Vec::new(),
            attributes: Attributes::Cms,
            clock_tolerance: None,
            padding: Padding::Zeros,
            rsa_exponent: 3,
            ..Self::national()
        }
    }

    /// The same policy for another kind of subject.
    #[must_use]
    pub fn for_subject(mut self, subject: Subject) -> Self {
        self.subject = subject;
        self
    }

    /// The same policy for another purpose.
    #[must_use]
    pub fn for_purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = purpose;
        self
    }

    /// The same policy without demands on extended key usage and certificate policies.
    #[must_use]
    pub fn for_any_use(mut self) -> Self {
        self.extended_key_usage.clear();
        self.certificate_policies.clear();
        self
    }

    /// The same policy with other rules for paths.
    #[must_use]
    pub fn with_path(mut self, path: PathRules) -> Self {
        self.path = path;
        self
    }

    /// The same policy for revocation lists up to this age.
    #[must_use]
    pub fn with_oldest_list(mut self, oldest: TimeDelta) -> Self {
        self.oldest_list = oldest;
        self
    }

    /// The same policy with another demand on the signed attributes.
    #[must_use]
    pub fn with_attributes(mut self, attributes: Attributes) -> Self {
        self.attributes = attributes;
        self
    }

    /// The same policy for RSA keys of at least this many bits.
    #[must_use]
    pub fn with_rsa_bits(mut self, bits: usize) -> Self {
        self.rsa_bits = bits;
        self
    }

    /// The same policy with another treatment of SHA-1.
    #[must_use]
    pub fn with_sha1(mut self, sha1: Sha1) -> Self {
        self.sha1 = sha1;
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

    pub(super) fn inputs(&self, at: DateTime<Utc>) -> Inputs<'_> {
        Inputs {
            at,
            rules: &self.path,
        }
    }

    /// Whether this signature algorithm with this key is good enough.
    pub(super) fn allows(&self, scheme: Scheme, key: &PublicKey<'_>) -> Result<(), Fault> {
        self.allows_hash(scheme.hash)?;
        match key {
            PublicKey::Rsa { bits, .. } if *bits < self.rsa_bits => {
                Err(Fault::AlgorithmNotAllowed("rsa key too short"))
            }
            PublicKey::Rsa { exponent, .. } if *exponent < self.rsa_exponent => {
                Err(Fault::AlgorithmNotAllowed("rsa exponent"))
            }
            PublicKey::Rsa { .. }
            | PublicKey::P256(_)
            | PublicKey::P384(_)
            | PublicKey::Ed25519(_)
            | PublicKey::Gost(_) => Ok(()),
        }
    }

    /// Whether this digest is good enough.
    pub(super) fn allows_hash(&self, hash: Hash) -> Result<(), Fault> {
        match (hash, self.sha1) {
            (Hash::Sha1, Sha1::Refused) => Err(Fault::AlgorithmNotAllowed("sha-1")),
            (Hash::Sha1, Sha1::Accepted)
            | (Hash::Sha256 | Hash::Sha384 | Hash::Sha512 | Hash::Gost(_), _) => Ok(()),
        }
    }

    /// The stable name that stands in reports.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}
