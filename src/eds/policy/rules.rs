//! The rules that a policy may set.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Allowed, Limit, SignatureName};
use crate::eds::{Digest, Oid, Role};

/// Whom the certificate must name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A natural person on his own behalf, with an IIN.
    NaturalPerson,
    /// Somebody who acts for an organisation, with an IIN and a BIN.
    Organisation,
    /// Either of the two: a person with an IIN, whomever he acts for.
    AnyPerson,
    /// A person or an organisation, with an IIN or a BIN.
    Identified,
    /// Whatever the certificate says.
    Any,
}

/// What the key must be entitled to (RFC 5280 section 4.2.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

/// Whose word about the signer's certificate counts. About those above it a
/// list always will do: authorities are seldom revoked, and few responders
/// speak about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatusEvidence {
    /// A list's, or an answer's; a responder is asked where no list settles it.
    Lists,
    /// A responder is asked first, because a list may be months old; where it
    /// does not answer, the list's.
    ResponderFirst,
    /// An answer's: a list alone can revoke, but not clear.
    Responder,
}

/// Which revocation data is new enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Freshness {
    /// What is not older than the policy says.
    ByAge,
    /// About the signer's certificate: only what was said when the signature was
    /// in our hands (ETSI EN 319 102-1 section 5.2.5, freshness of zero).
    AfterSigning,
}

/// What becomes of revocation data that came with a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Enclosed {
    /// It counts like data at hand: once its own signature leads to an anchor.
    Heeded,
    /// It is passed over: the sender chooses what he sends, and a list that was
    /// true once may hide what was revoked since. For signatures that are judged
    /// as they arrive, where fresh data must come from elsewhere.
    Ignored,
}

/// How ocsp-nocheck must be written in a responder's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nocheck {
    /// As NULL, which RFC 6960 section 4.2.2.2.1 wants.
    Null,
    /// As NULL or as nothing at all, as older national responders have it.
    NullOrEmpty,
}

/// What may follow a signature in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Padding {
    /// Nothing.
    Refused,
    /// Zero octets, which some signing devices leave behind.
    Zeros,
}

/// What is demanded of the signed attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attributes {
    /// Those of CAdES-BES (ETSI EN 319 122-1 section 6.3) and none that is unknown.
    Cades,
    /// Those of CMS (RFC 5652 section 5.3): content type and message digest.
    Cms,
}

/// What becomes of the claimed signing time, which is never evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SigningTime {
    /// It must lie near the time of receipt; of a signature of unknown age, not
    /// after it.
    NearReceipt,
    /// It is reported and otherwise not looked at.
    Ignored,
}

/// What becomes of the check digit of IIN and BIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckDigit {
    /// It must be right.
    Demanded,
    /// It is not looked at: the SDK's test person has a wrong one.
    Waived,
}

/// A digest algorithm by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DigestName {
    /// FIPS 180-4; its collisions are cheap since 2017.
    #[serde(rename = "sha-1")]
    Sha1,
    /// FIPS 180-4.
    #[serde(rename = "sha-256")]
    Sha256,
    /// FIPS 180-4.
    #[serde(rename = "sha-384")]
    Sha384,
    /// FIPS 180-4.
    #[serde(rename = "sha-512")]
    Sha512,
    /// GOST 34.11-2015.
    #[serde(rename = "streebog-256")]
    Streebog256,
    /// GOST 34.11-2015.
    #[serde(rename = "streebog-512")]
    Streebog512,
    /// GOST 34.311-95.
    #[serde(rename = "gost-94")]
    Gost94,
}

/// What the verifier brings along to path validation (RFC 5280 section 6.1.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
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

/// Whether a signature must carry a time-stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeStamps {
    /// One that holds.
    Required,
    /// One that holds counts; one that does not is noted.
    IfPresent,
    /// None is looked at.
    Ignored,
}

/// Which references bind the authority's certificate in a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum References {
    /// Those made with a digest that is accepted.
    AcceptedDigests,
    /// ESSCertID too, which is made with SHA-1: no collision helps here, since
    /// the authority makes both the certificate and the reference.
    EitherVersion,
}

/// What becomes of a time-stamp when the certificate of its authority has ended
/// since, and no later stamp covers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AfterExpiry {
    /// It proves what it proved, as long as its algorithms are accepted: an
    /// authority destroys a key whose time is over (RFC 3628 section 7.2.6).
    Counts,
    /// It proves nothing any more: nobody says what became of the key
    /// (ETSI EN 319 102-1 section 5.6).
    WantsRenewal,
}

/// What a time-stamp must satisfy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct TimeStampRules {
    /// Whether there must be one.
    pub demand: TimeStamps,
    /// The policies of authorities that are accepted; empty: any.
    pub policies: Vec<Oid>,
    /// Which references to the authority's certificate are accepted.
    pub references: References,
    /// What becomes of it when the authority's certificate has ended.
    pub after_expiry: AfterExpiry,
}

impl Default for TimeStampRules {
    fn default() -> Self {
        Self {
            demand: TimeStamps::IfPresent,
            // GOST 34.310-2004, RSA, GOST 34.10-2015.
            policies: [1, 2, 4]
                .iter()
                .flat_map(|family| format!("1.2.398.3.3.2.6.{family}").parse())
                .collect(),
            references: References::EitherVersion,
            after_expiry: AfterExpiry::Counts,
        }
    }
}

/// All rules; the default ones are those for documents signed by natural
/// persons with certificates of the national authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Rules {
    /// The name of the policy.
    pub id: String,
    /// What the key must be entitled to.
    pub purpose: Purpose,
    /// Whom the certificate must name.
    pub subject: Subject,
    /// Whether check digits count.
    pub check_digit: CheckDigit,
    /// One of these must stand in extended key usage, if the extension is there;
    /// empty: no demand.
    pub extended_key_usage: Vec<Oid>,
    /// One of these must be among the signer's roles; empty: no demand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
    /// One of these must stand in the signer's certificate policies; empty: no demand.
    pub certificate_policies: Vec<Oid>,
    /// What is demanded of the signed attributes.
    pub attributes: Attributes,
    /// The policies that a signer may name as his own, each with the SHA-256 of the
    /// document in which it is written; a signature that names another is doubted.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub signature_policies: BTreeMap<Oid, Digest>,
    /// What becomes of the signing time that the signer claims.
    pub signing_time: SigningTime,
    /// How far it may lie from the time of receipt where it counts.
    pub clock_tolerance_seconds: u32,
    /// What may follow a signature in its file.
    pub padding: Padding,
    /// How much revocation data is demanded.
    pub revocation: Revocation,
    /// Whose word about the signer's certificate counts.
    pub evidence: StatusEvidence,
    /// Which of it is new enough.
    pub freshness: Freshness,
    /// What becomes of revocation data that came with the signature.
    pub enclosed: Enclosed,
    /// How old a revocation list may be, whatever it promises.
    pub oldest_list_seconds: u32,
    /// How old a responder's answer may be, whatever it promises.
    pub oldest_response_seconds: u32,
    /// How far the clock of a responder may be ahead.
    pub clock_skew_seconds: u32,
    /// How ocsp-nocheck must be written.
    pub nocheck: Nocheck,
    /// The least length of an RSA modulus.
    pub rsa_bits: usize,
    /// The least RSA exponent; small ones have made forgeries cheap.
    pub rsa_exponent: u32,
    /// The signature algorithms that are accepted.
    pub signatures: Allowed<SignatureName>,
    /// The digests that are accepted.
    pub digests: Allowed<DigestName>,
    /// The rules for paths.
    pub path: PathRules,
    /// The rules for time-stamps.
    pub time_stamps: TimeStampRules,
}

impl Default for Rules {
    fn default() -> Self {
        let policies = ["1.2.398.3.3.2", "1.2.398.3.3.2.1", "1.2.398.3.3.2.3"];
        Self {
            id: "national".to_owned(),
            purpose: Purpose::Document,
            subject: Subject::NaturalPerson,
            check_digit: CheckDigit::Demanded,
            extended_key_usage: vec![Oid::new("1.3.6.1.5.5.7.3.4")],
            roles: Vec::new(),
            certificate_policies: policies.iter().flat_map(|dotted| dotted.parse()).collect(),
            attributes: Attributes::Cades,
            signature_policies: BTreeMap::new(),
            signing_time: SigningTime::NearReceipt,
            clock_tolerance_seconds: 600,
            padding: Padding::Refused,
            revocation: Revocation::Required,
            evidence: StatusEvidence::ResponderFirst,
            freshness: Freshness::ByAge,
            enclosed: Enclosed::Heeded,
            // The national lists live for 180 days.
            oldest_list_seconds: 190 * 24 * 60 * 60,
            // The national responder promises nothing; it is asked at once.
            oldest_response_seconds: 5 * 60,
            clock_skew_seconds: 5 * 60,
            nocheck: Nocheck::NullOrEmpty,
            rsa_bits: 2048,
            rsa_exponent: 65537,
            signatures: SignatureName::ALL.map(|name| (name, Limit::None)).into(),
            digests: [
                DigestName::Sha256,
                DigestName::Sha384,
                DigestName::Sha512,
                DigestName::Streebog256,
                DigestName::Streebog512,
                DigestName::Gost94,
            ]
            .map(|name| (name, Limit::None))
            .into(),
            path: PathRules::default(),
            time_stamps: TimeStampRules::default(),
        }
    }
}
