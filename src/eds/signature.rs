//! Public keys and the check of one signature value.

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use ring::signature::{self as checks, UnparsedPublicKey, VerificationAlgorithm};

use super::{
    Fault, Oid,
    algorithm::{AlgorithmIdentifier, Family, Hash, Scheme},
    der::{Reader, tag},
    gost,
};
use modulus::Weakness;

mod modulus;

/// Key algorithms and curves (RFC 3279, RFC 5480, RFC 8410).
mod kind {
    use super::Oid;

    pub(super) const RSA: Oid = Oid::new("1.2.840.113549.1.1.1");
    pub(super) const RSA_PSS: Oid = Oid::new("1.2.840.113549.1.1.10");
    pub(super) const EC: Oid = Oid::new("1.2.840.10045.2.1");
    pub(super) const P256: Oid = Oid::new("1.2.840.10045.3.1.7");
    pub(super) const P384: Oid = Oid::new("1.3.132.0.34");
    pub(super) const ED25519: Oid = Oid::new("1.3.101.112");
    pub(super) const GOST: [Oid; 3] = [
        Oid::new("1.2.398.3.10.1.1.2.2"),
        Oid::new("1.2.398.3.10.1.1.2.1"),
        Oid::new("1.2.398.3.10.1.1.1.1"),
    ];
}

/// Which signatures an RSA key may make (RFC 4055 section 1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RsaPadding {
    /// Any.
    Any,
    /// RSASSA-PSS with any digest.
    Pss,
    /// RSASSA-PSS with this digest.
    PssWith(Hash),
}

/// A public key that was looked at: its form and its size are sane. `Octets` is
/// how its octets are kept: a slice of them or their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key<Octets> {
    /// An RSAPublicKey; `bits` is the length of its modulus.
    Rsa {
        key: Octets,
        bits: usize,
        exponent: u32,
        padding: RsaPadding,
    },
    /// A point on P-256.
    P256(Octets),
    /// A point on P-384.
    P384(Octets),
    /// An Ed25519 key.
    Ed25519(Octets),
    /// What should be a point on one of the national curves; whether it is, shows
    /// when it verifies.
    Gost(gost::Algorithm, Octets),
}

/// A public key at hand.
pub(super) type PublicKey<'a> = Key<&'a [u8]>;

impl<Octets> Key<Octets> {
    /// The same key with its octets kept in another way.
    pub(super) fn map<Kept>(&self, keep: impl FnOnce(&Octets) -> Kept) -> Key<Kept> {
        match self {
            Self::Rsa {
                key,
                bits,
                exponent,
                padding,
            } => Key::Rsa {
                key: keep(key),
                bits: *bits,
                exponent: *exponent,
                padding: *padding,
            },
            Self::P256(point) => Key::P256(keep(point)),
            Self::P384(point) => Key::P384(keep(point)),
            Self::Ed25519(key) => Key::Ed25519(keep(key)),
            Self::Gost(algorithm, point) => Key::Gost(*algorithm, keep(point)),
        }
    }
}

impl<'a> Key<&'a [u8]> {
    /// Reads a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
    pub(super) fn read(der: &'a [u8]) -> Result<Self, Fault> {
        let mut fields = Reader::only(der, tag::SEQUENCE, "public key")?;
        let algorithm = AlgorithmIdentifier::next(&mut fields)?;
        let key = fields.whole_bits("public key")?;
        fields.finish("public key")?;
        match algorithm.kind {
            kind::RSA if algorithm.has_no_parameters() => rsa(key, RsaPadding::Any),
            kind::RSA => Err(Fault::Malformed("public key parameters")),
            kind::RSA_PSS if algorithm.parameters.is_none() => rsa(key, RsaPadding::Pss),
            kind::RSA_PSS => rsa(key, RsaPadding::PssWith(algorithm.scheme(None)?.hash)),
            kind::EC => elliptic(&algorithm, key),
            kind::ED25519 if algorithm.parameters.is_none() => Ok(Self::Ed25519(key)),
            kind::ED25519 => Err(Fault::Malformed("public key parameters")),
            kind if kind::GOST.contains(&kind) => gost_key(&algorithm, key),
            _ => Err(Fault::AlgorithmNotAllowed("unknown public key algorithm")),
        }
    }

    /// Checks `signature` over `message`. A key of another family than the
    /// signature's is a mismatch, not an algorithm that is not allowed.
    pub(super) fn verify(
        &self,
        scheme: Scheme,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Fault> {
        match (self, scheme.family) {
            (Self::Gost(own, point), Family::Gost(algorithm)) if *own == algorithm => {
                check_gost(algorithm, point, message, signature)
            }
            (
                Self::Rsa {
                    key,
                    bits,
                    padding: RsaPadding::Any,
                    ..
                },
                Family::RsaPkcs1,
            ) => check(rsa_pkcs1(scheme.hash, *bits), key, message, signature),
            (Self::Rsa { key, padding, .. }, Family::RsaPss) if padding.allows(scheme.hash) => {
                check(rsa_pss(scheme.hash), key, message, signature)
            }
            (Self::P256(key), Family::Ecdsa) => check_p256(scheme.hash, key, message, signature),
            (Self::P384(key), Family::Ecdsa) => check_p384(scheme.hash, key, message, signature),
            (Self::Ed25519(key), Family::Ed25519) => {
                check(Some(&checks::ED25519), key, message, signature)
            }
            (
                Self::Rsa { .. }
                | Self::P256(_)
                | Self::P384(_)
                | Self::Ed25519(_)
                | Self::Gost(_, _),
                _,
            ) => Err(Fault::SignatureMismatch),
        }
    }
}

fn check_gost(
    algorithm: gost::Algorithm,
    point: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), Fault> {
    let key = gost::PublicKey::parse(algorithm, point).map_err(|_| BAD_GOST_KEY)?;
    key.verify(message, signature)
        .map_err(|_| Fault::SignatureMismatch)
}

fn check_p256(hash: Hash, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Fault> {
    if hash != Hash::Sha512 {
        return check(ecdsa_p256(hash), key, message, signature);
    }
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(uncompressed(key));
    let value = p256::ecdsa::Signature::from_der(signature);
    over_sha512(key.ok(), value.ok(), message)
}

fn check_p384(hash: Hash, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Fault> {
    if hash != Hash::Sha512 {
        return check(ecdsa_p384(hash), key, message, signature);
    }
    let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(uncompressed(key));
    let value = p384::ecdsa::Signature::from_der(signature);
    over_sha512(key.ok(), value.ok(), message)
}

impl RsaPadding {
    /// Whether a PSS signature over this digest is among them.
    fn allows(self, hash: Hash) -> bool {
        match self {
            Self::Any | Self::Pss => true,
            Self::PssWith(only) => only == hash,
        }
    }
}

/// Not a point of the curve, or of another curve.
const BAD_GOST_KEY: Fault = Fault::AlgorithmNotAllowed("gost key");

type Verifier = Option<&'static dyn VerificationAlgorithm>;

fn check(verifier: Verifier, key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Fault> {
    let verifier = verifier.ok_or(Fault::AlgorithmNotAllowed("digest with this key"))?;
    UnparsedPublicKey::new(verifier, key)
        .verify(message, signature)
        .map_err(|_| Fault::SignatureMismatch)
}

fn rsa_pkcs1(hash: Hash, bits: usize) -> Verifier {
    match (hash, bits) {
        (Hash::Sha1, _) => Some(&checks::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY),
        (Hash::Sha256, ..2048) => Some(&checks::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
        (Hash::Sha256, _) => Some(&checks::RSA_PKCS1_2048_8192_SHA256),
        (Hash::Sha384, _) => Some(&checks::RSA_PKCS1_2048_8192_SHA384),
        (Hash::Sha512, ..2048) => Some(&checks::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
        (Hash::Sha512, _) => Some(&checks::RSA_PKCS1_2048_8192_SHA512),
        (Hash::Gost(_), _) => None,
    }
}

fn rsa_pss(hash: Hash) -> Verifier {
    match hash {
        Hash::Sha256 => Some(&checks::RSA_PSS_2048_8192_SHA256),
        Hash::Sha384 => Some(&checks::RSA_PSS_2048_8192_SHA384),
        Hash::Sha512 => Some(&checks::RSA_PSS_2048_8192_SHA512),
        Hash::Sha1 | Hash::Gost(_) => None,
    }
}

fn ecdsa_p256(hash: Hash) -> Verifier {
    match hash {
        Hash::Sha256 => Some(&checks::ECDSA_P256_SHA256_ASN1),
        Hash::Sha384 => Some(&checks::ECDSA_P256_SHA384_ASN1),
        Hash::Sha1 | Hash::Sha512 | Hash::Gost(_) => None,
    }
}

fn ecdsa_p384(hash: Hash) -> Verifier {
    match hash {
        Hash::Sha256 => Some(&checks::ECDSA_P384_SHA256_ASN1),
        Hash::Sha384 => Some(&checks::ECDSA_P384_SHA384_ASN1),
        Hash::Sha1 | Hash::Sha512 | Hash::Gost(_) => None,
    }
}

/// The first octet of an uncompressed point, the one form that is read (RFC 5480 section 2.2).
const UNCOMPRESSED: u8 = 0x04;

/// The point, if it is written in that form.
fn uncompressed(point: &[u8]) -> &[u8] {
    match point.first() {
        Some(&UNCOMPRESSED) => point,
        Some(_) | None => &[],
    }
}

/// ECDSA over SHA-512, which ring has for neither curve.
fn over_sha512<Key: PrehashVerifier<Value>, Value>(
    key: Option<Key>,
    value: Option<Value>,
    message: &[u8],
) -> Result<(), Fault> {
    let (key, value) = key.zip(value).ok_or(Fault::SignatureMismatch)?;
    key.verify_prehash(Hash::Sha512.of(message).octets(), &value)
        .map_err(|_| Fault::SignatureMismatch)
}

/// The national form: curve and digest in the parameters, x and y in an OCTET
/// STRING within the BIT STRING.
fn gost_key<'a>(
    algorithm: &AlgorithmIdentifier<'_>,
    key: &'a [u8],
) -> Result<PublicKey<'a>, Fault> {
    let parameters = algorithm
        .parameters
        .filter(|element| element.tag == tag::SEQUENCE);
    let mut names = parameters
        .ok_or(Fault::Malformed("public key parameters"))?
        .inside();
    let (curve, digest) = (names.oid("curve")?, names.oid("digest of the key")?);
    names.finish("public key parameters")?;
    let mut outer = Reader::new(key);
    let point = outer.content(tag::OCTET_STRING, "public key")?;
    outer.finish("public key")?;
    let algorithm =
        gost::Algorithm::of_key(&algorithm.kind, &curve, &digest).map_err(|_| BAD_GOST_KEY)?;
    Ok(PublicKey::Gost(algorithm, point))
}

/// RFC 8017 section 3.1, and what no honest key has: a small or even exponent,
/// a weak modulus.
fn rsa(key: &[u8], padding: RsaPadding) -> Result<PublicKey<'_>, Fault> {
    let mut fields = Reader::only(key, tag::SEQUENCE, "rsa key")?;
    let modulus =
        magnitude(fields.integer("rsa modulus")?).ok_or(Fault::Malformed("rsa modulus"))?;
    let exponent =
        magnitude(fields.integer("rsa exponent")?).ok_or(Fault::Malformed("rsa exponent"))?;
    fields.finish("rsa key")?;
    let exponent = match *exponent {
        [a] => u32::from(a),
        [a, b] => u32::from_be_bytes([0, 0, a, b]),
        [a, b, c] => u32::from_be_bytes([0, a, b, c]),
        [a, b, c, d] => u32::from_be_bytes([a, b, c, d]),
        _ => 0,
    };
    if exponent < 3 || exponent % 2 == 0 {
        return Err(Fault::AlgorithmNotAllowed("rsa exponent"));
    }
    match modulus::weakness(modulus) {
        Some(Weakness::SmallFactor) => return Err(Fault::AlgorithmNotAllowed("rsa modulus")),
        Some(Weakness::Roca) => {
            return Err(Fault::AlgorithmNotAllowed(
                "rsa modulus of a weak generator",
            ));
        }
        None => {}
    }
    let leading = modulus.first().map_or(0, |octet| octet.leading_zeros());
    let bits = modulus.len() * 8 - usize::try_from(leading).unwrap_or_default();
    Ok(PublicKey::Rsa {
        key,
        bits,
        exponent,
        padding,
    })
}

/// The octets of a positive INTEGER without its sign octet.
fn magnitude(integer: &[u8]) -> Option<&[u8]> {
    match integer {
        [0, rest @ ..] if !rest.is_empty() => Some(rest),
        [1..0x80, ..] => Some(integer),
        _ => None,
    }
}

/// RFC 5480 section 2.1.1: only a named curve; explicit parameters are how
/// CVE-2020-0601 smuggled in a generator of the forger's choice.
fn elliptic<'a>(
    algorithm: &AlgorithmIdentifier<'_>,
    point: &'a [u8],
) -> Result<PublicKey<'a>, Fault> {
    let curve = algorithm
        .parameters
        .filter(|element| element.tag == tag::OID);
    let curve = curve.ok_or(Fault::Malformed("explicit curve parameters"))?;
    match Oid::from_octets(curve.content).map_err(|_| Fault::Malformed("curve"))? {
        kind::P256 => Ok(PublicKey::P256(point)),
        kind::P384 => Ok(PublicKey::P384(point)),
        _ => Err(Fault::AlgorithmNotAllowed("curve")),
    }
}

#[cfg(test)]
pub(super) use modulus::tests::traced;
#[cfg(test)]
mod vectors;
