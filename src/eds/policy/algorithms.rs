//! Which algorithms are accepted, and until when.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Allowed, DigestName, Policy};
use crate::eds::{
    Fault,
    algorithm::{Family, Hash, Scheme},
    gost,
    signature::PublicKey,
};

/// A family of signature algorithms by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureName {
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1,
    /// RSASSA-PSS.
    RsaPss,
    /// ECDSA on P-256 and P-384.
    Ecdsa,
    /// Ed25519.
    Ed25519,
    /// GOST 34.10-2015 with 512 bits.
    #[serde(rename = "gost-2015-512")]
    Gost2015With512,
    /// GOST 34.10-2015 with 256 bits.
    #[serde(rename = "gost-2015-256")]
    Gost2015With256,
    /// GOST 34.310-2004.
    #[serde(rename = "gost-2004")]
    Gost2004,
}

impl SignatureName {
    pub(super) const ALL: [Self; 7] = [
        Self::RsaPkcs1,
        Self::RsaPss,
        Self::Ecdsa,
        Self::Ed25519,
        Self::Gost2015With512,
        Self::Gost2015With256,
        Self::Gost2004,
    ];

    fn of(family: Family) -> Self {
        match family {
            Family::RsaPkcs1 => Self::RsaPkcs1,
            Family::RsaPss => Self::RsaPss,
            Family::Ecdsa => Self::Ecdsa,
            Family::Ed25519 => Self::Ed25519,
            Family::Gost(gost::Algorithm::Gost2015With512) => Self::Gost2015With512,
            Family::Gost(gost::Algorithm::Gost2015With256) => Self::Gost2015With256,
            Family::Gost(gost::Algorithm::Gost2004) => Self::Gost2004,
        }
    }
}

impl DigestName {
    fn of(hash: Hash) -> Self {
        match hash {
            Hash::Sha1 => Self::Sha1,
            Hash::Sha256 => Self::Sha256,
            Hash::Sha384 => Self::Sha384,
            Hash::Sha512 => Self::Sha512,
            Hash::Gost(gost::Hash::Streebog256) => Self::Streebog256,
            Hash::Gost(gost::Hash::Streebog512) => Self::Streebog512,
            Hash::Gost(gost::Hash::Gost94) => Self::Gost94,
        }
    }
}

/// Until when an algorithm is accepted: in TOML an instant, or `"unlimited"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Without end.
    None,
    /// For signatures that were in our hands at this instant.
    Until(DateTime<Utc>),
}

const UNLIMITED: &str = "unlimited";

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_str(UNLIMITED),
            Self::Until(end) => end.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            UNLIMITED => Ok(Self::None),
            instant => instant
                .parse()
                .map(Self::Until)
                .map_err(serde::de::Error::custom),
        }
    }
}

impl Policy {
    /// Whether this signature algorithm with this key is good enough for what
    /// was in our hands `at` this instant.
    pub(in super::super) fn allows(
        &self,
        scheme: Scheme,
        key: &PublicKey<'_>,
        at: DateTime<Utc>,
    ) -> Result<(), Fault> {
        self.allows_hash(scheme.hash, at)?;
        accepted(&self.rules.signatures, SignatureName::of(scheme.family), at)
            .ok_or(Fault::AlgorithmNotAllowed("signature algorithm"))?;
        match key {
            PublicKey::Rsa { bits, .. } if *bits < self.rules.rsa_bits => {
                Err(Fault::AlgorithmNotAllowed("rsa key too short"))
            }
            PublicKey::Rsa { exponent, .. } if *exponent < self.rules.rsa_exponent => {
                Err(Fault::AlgorithmNotAllowed("rsa exponent"))
            }
            PublicKey::Rsa { .. }
            | PublicKey::P256(_)
            | PublicKey::P384(_)
            | PublicKey::Ed25519(_)
            | PublicKey::Gost(_, _) => Ok(()),
        }
    }

    /// Whether this digest is good enough.
    pub(in super::super) fn allows_hash(&self, hash: Hash, at: DateTime<Utc>) -> Result<(), Fault> {
        accepted(&self.rules.digests, DigestName::of(hash), at)
            .ok_or(Fault::AlgorithmNotAllowed("digest"))
    }
}

fn accepted<Name: Ord>(allowed: &Allowed<Name>, name: Name, at: DateTime<Utc>) -> Option<()> {
    match allowed.get(&name)? {
        Limit::None => Some(()),
        Limit::Until(end) => (at <= *end).then_some(()),
    }
}
