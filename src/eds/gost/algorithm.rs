//! The algorithms and the object identifiers by which the national authority
//! names them.

use crate::eds::Oid;

use super::{Hash, Refusal};

/// A key algorithm together with its only curve and its only digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// GOST 34.10-2015 with 512 bits: id-tc26-gost-3410-12-512-paramSetA and
    /// Streebog-512. Issued to people since 2024.
    Gost2015With512,
    /// GOST 34.10-2015 with 256 bits: id-tc26-gost-3410-2012-256-paramSetA and
    /// Streebog-256. Registered; no certificate with it is known.
    Gost2015With256,
    /// GOST 34.310-2004: the CryptoPro-A curve and GOST 34.311-95.
    Gost2004,
}

impl Algorithm {
    /// The algorithm of a SubjectPublicKeyInfo by the object identifiers of its key,
    /// its curve and its digest, which must belong together.
    ///
    /// # Errors
    /// [`Refusal::UnknownAlgorithm`], [`Refusal::WrongCurve`] or
    /// [`Refusal::WrongDigest`].
    pub fn of_key(key: &Oid, curve: &Oid, digest: &Oid) -> Result<Self, Refusal> {
        let (algorithm, its_curve, its_digest) = KEYS
            .iter()
            .find_map(|(oid, algorithm, curve, digest)| {
                (oid == key).then_some((*algorithm, curve, digest))
            })
            .ok_or(Refusal::UnknownAlgorithm)?;
        if curve != its_curve {
            return Err(Refusal::WrongCurve);
        }
        if digest != its_digest {
            return Err(Refusal::WrongDigest);
        }
        Ok(algorithm)
    }

    /// The algorithm that a signatureAlgorithm names, if it is one of these.
    ///
    /// [`oid::GOST_2004_KEY`] counts: CMS producers write it in SignerInfo. The key
    /// decides the algorithm; this only tells whether a signature claims to fit it.
    #[must_use]
    pub fn of_signature(oid: &Oid) -> Option<Self> {
        SIGNATURES
            .iter()
            .find_map(|(known, algorithm)| (known == oid).then_some(*algorithm))
    }

    /// The digest that the algorithm signs.
    #[must_use]
    pub fn hash(self) -> Hash {
        match self {
            Self::Gost2015With512 => Hash::Streebog512,
            Self::Gost2015With256 => Hash::Streebog256,
            Self::Gost2004 => Hash::Gost94,
        }
    }

    /// The object identifier of a signature of this algorithm in a certificate.
    #[must_use]
    pub fn signature_oid(self) -> Oid {
        match self {
            Self::Gost2015With512 => oid::GOST_2015_512_SIGNATURE,
            Self::Gost2015With256 => oid::GOST_2015_256_SIGNATURE,
            Self::Gost2004 => oid::GOST_2004_SIGNATURE,
        }
    }
}

/// Key, algorithm, curve and digest of each SubjectPublicKeyInfo.
const KEYS: [(Oid, Algorithm, Oid, Oid); 3] = [
    (
        oid::GOST_2015_512_KEY,
        Algorithm::Gost2015With512,
        oid::GOST_2015_512_CURVE,
        oid::STREEBOG_512,
    ),
    (
        oid::GOST_2015_256_KEY,
        Algorithm::Gost2015With256,
        oid::GOST_2015_256_CURVE,
        oid::STREEBOG_256,
    ),
    (
        oid::GOST_2004_KEY,
        Algorithm::Gost2004,
        oid::GOST_2004_CURVE,
        oid::GOST_94_OF_KEY,
    ),
];

const SIGNATURES: [(Oid, Algorithm); 4] = [
    (oid::GOST_2015_512_SIGNATURE, Algorithm::Gost2015With512),
    (oid::GOST_2015_256_SIGNATURE, Algorithm::Gost2015With256),
    (oid::GOST_2004_SIGNATURE, Algorithm::Gost2004),
    (oid::GOST_2004_KEY, Algorithm::Gost2004),
];

/// The national object identifiers, all under 1.2.398.3.10.1 (id-kz-algorithms).
pub mod oid {
    use crate::eds::Oid;

    /// A GOST 34.10-2015 key of 512 bits, in SubjectPublicKeyInfo.
    pub const GOST_2015_512_KEY: Oid = Oid::new("1.2.398.3.10.1.1.2.2");
    /// Its curve, the same as 1.2.643.7.1.2.1.2.1.
    pub const GOST_2015_512_CURVE: Oid = Oid::new("1.2.398.3.10.1.1.2.2.1");
    /// A signature with such a key over Streebog-512.
    pub const GOST_2015_512_SIGNATURE: Oid = Oid::new("1.2.398.3.10.1.1.2.3.2");
    /// Streebog-512, as a digest algorithm and as a parameter of the key.
    pub const STREEBOG_512: Oid = Oid::new("1.2.398.3.10.1.3.3");

    /// A GOST 34.10-2015 key of 256 bits, in SubjectPublicKeyInfo.
    pub const GOST_2015_256_KEY: Oid = Oid::new("1.2.398.3.10.1.1.2.1");
    /// Its curve, the same as 1.2.643.7.1.2.1.1.1.
    pub const GOST_2015_256_CURVE: Oid = Oid::new("1.2.398.3.10.1.1.2.1.1");
    /// A signature with such a key over Streebog-256.
    pub const GOST_2015_256_SIGNATURE: Oid = Oid::new("1.2.398.3.10.1.1.2.3.1");
    /// Streebog-256, as a digest algorithm and as a parameter of the key.
    pub const STREEBOG_256: Oid = Oid::new("1.2.398.3.10.1.3.2");

    /// A GOST 34.310-2004 key, in SubjectPublicKeyInfo; CMS producers name their
    /// signatures by it too.
    pub const GOST_2004_KEY: Oid = Oid::new("1.2.398.3.10.1.1.1.1");
    /// Its curve, the same as 1.2.643.2.2.35.1.
    pub const GOST_2004_CURVE: Oid = Oid::new("1.2.398.3.10.1.1.1.1.1");
    /// A signature with such a key over GOST 34.311-95.
    pub const GOST_2004_SIGNATURE: Oid = Oid::new("1.2.398.3.10.1.1.1.2");
    /// GOST 34.311-95 as a digest algorithm.
    pub const GOST_94: Oid = Oid::new("1.2.398.3.10.1.3.1");
    /// GOST 34.311-95 as a parameter of the key.
    pub const GOST_94_OF_KEY: Oid = Oid::new("1.2.398.3.10.1.3.1.1.0");
}
