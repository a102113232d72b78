//! Keys that sign, made anew for each run.

use ring::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair,
        Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair,
    },
};
use rsa::pkcs8::EncodePrivateKey;

use super::der::{algorithm, bare_algorithm, bits, element, integer, octets, oid, sequence};
use crate::eds::{Oid, der::tag, gost};

/// A key pair with the algorithm it signs with.
pub(crate) enum Key {
    P256(Box<EcdsaKeyPair>),
    P384(Box<EcdsaKeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
    Rsa(Box<RsaKeyPair>),
    RsaPss(Box<RsaKeyPair>),
    Gost(Box<gost::signing::SigningKey>),
}

impl Key {
    pub(crate) fn p256() -> Self {
        let pkcs8 =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new())
                .expect("key");
        let pair = EcdsaKeyPair::from_pkcs8(
            &ECDSA_P256_SHA256_ASN1_SIGNING,
            pkcs8.as_ref(),
            &SystemRandom::new(),
        );
        Self::P256(Box::new(pair.expect("key")))
    }

    pub(crate) fn p384() -> Self {
        let pkcs8 =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P384_SHA384_ASN1_SIGNING, &SystemRandom::new())
                .expect("key");
        let pair = EcdsaKeyPair::from_pkcs8(
            &ECDSA_P384_SHA384_ASN1_SIGNING,
            pkcs8.as_ref(),
            &SystemRandom::new(),
        );
        Self::P384(Box::new(pair.expect("key")))
    }

    pub(crate) fn ed25519() -> Self {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("key");
        Self::Ed25519(Box::new(
            Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).expect("key"),
        ))
    }

    /// The GOST key with the scalar of which each octet is this one.
    pub(crate) fn gost(algorithm: gost::Algorithm, scalar: u8) -> Self {
        let length = match algorithm {
            gost::Algorithm::Gost2015With512 => 64,
            gost::Algorithm::Gost2015With256 | gost::Algorithm::Gost2004 => 32,
        };
        let key = gost::signing::SigningKey::new(algorithm, &vec![scalar; length]);
        Self::Gost(Box::new(key.expect("a scalar of the curve")))
    }

    pub(crate) fn rsa() -> Self {
        Self::Rsa(Box::new(rsa_pair()))
    }

    pub(crate) fn rsa_pss() -> Self {
        Self::RsaPss(Box::new(rsa_pair()))
    }

    /// The SubjectPublicKeyInfo.
    pub(crate) fn public(&self) -> Vec<u8> {
        let curve = |curve: &str| sequence([named("1.2.840.10045.2.1"), named(curve)]);
        match self {
            Self::P256(pair) => sequence([
                curve("1.2.840.10045.3.1.7"),
                bits(pair.public_key().as_ref()),
            ]),
            Self::P384(pair) => sequence([curve("1.3.132.0.34"), bits(pair.public_key().as_ref())]),
            Self::Ed25519(pair) => sequence([
                bare_algorithm("1.3.101.112"),
                bits(pair.public_key().as_ref()),
            ]),
            Self::Rsa(pair) | Self::RsaPss(pair) => sequence([
                algorithm("1.2.840.113549.1.1.1"),
                bits(pair.public().as_ref()),
            ]),
            Self::Gost(key) => {
                let [kind, curve, digest, _] = gost_names(key);
                let parameters = sequence([oid(curve), oid(digest)]);
                sequence([
                    sequence([oid(kind), parameters]),
                    bits(&octets(key.public_octets())),
                ])
            }
        }
    }

    /// The AlgorithmIdentifier of its signatures.
    pub(crate) fn algorithm(&self) -> Vec<u8> {
        match self {
            Self::P256(_) => bare_algorithm("1.2.840.10045.4.3.2"),
            Self::P384(_) => bare_algorithm("1.2.840.10045.4.3.3"),
            Self::Ed25519(_) => bare_algorithm("1.3.101.112"),
            Self::Rsa(_) => algorithm("1.2.840.113549.1.1.11"),
            Self::Gost(key) => sequence([oid(gost_names(key)[3])]),
            Self::RsaPss(_) => pss("2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.1", 32),
        }
    }

    /// The digest that a SignerInfo names beside its signatures.
    pub(crate) fn digest(&self) -> &'static str {
        match self {
            Self::P256(_) | Self::Rsa(_) | Self::RsaPss(_) => "2.16.840.1.101.3.4.2.1",
            Self::P384(_) => "2.16.840.1.101.3.4.2.2",
            Self::Ed25519(_) => "2.16.840.1.101.3.4.2.3",
            Self::Gost(key) => match key.public_key().algorithm() {
                gost::Algorithm::Gost2015With512 => "1.2.398.3.10.1.3.3",
                gost::Algorithm::Gost2015With256 => "1.2.398.3.10.1.3.2",
                gost::Algorithm::Gost2004 => "1.2.398.3.10.1.3.1",
            },
        }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::P256(pair) | Self::P384(pair) => pair
                .sign(&random, message)
                .expect("signature")
                .as_ref()
                .to_vec(),
            Self::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
            Self::Gost(key) => key.sign(message).expect("signature"),
            Self::Rsa(pair) => rsa_sign(pair, &RSA_PKCS1_SHA256, message),
            Self::RsaPss(pair) => rsa_sign(pair, &RSA_PSS_SHA256, message),
        }
    }
}

/// Key, curve, digest of the key, signature.
fn gost_names(key: &gost::signing::SigningKey) -> [Oid; 4] {
    use gost::oid::{
        GOST_94_OF_KEY, GOST_2004_CURVE, GOST_2004_KEY, GOST_2004_SIGNATURE, GOST_2015_256_CURVE,
        GOST_2015_256_KEY, GOST_2015_256_SIGNATURE, GOST_2015_512_CURVE, GOST_2015_512_KEY,
        GOST_2015_512_SIGNATURE, STREEBOG_256, STREEBOG_512,
    };
    match key.public_key().algorithm() {
        gost::Algorithm::Gost2015With512 => [
            GOST_2015_512_KEY,
            GOST_2015_512_CURVE,
            STREEBOG_512,
            GOST_2015_512_SIGNATURE,
        ],
        gost::Algorithm::Gost2015With256 => [
            GOST_2015_256_KEY,
            GOST_2015_256_CURVE,
            STREEBOG_256,
            GOST_2015_256_SIGNATURE,
        ],
        gost::Algorithm::Gost2004 => [
            GOST_2004_KEY,
            GOST_2004_CURVE,
            GOST_94_OF_KEY,
            GOST_2004_SIGNATURE,
        ],
    }
}

/// RSASSA-PSS parameters.
pub(crate) fn pss(hash: &str, mask: &str, salt: u8) -> Vec<u8> {
    let mgf = sequence([named("1.2.840.113549.1.1.8"), algorithm(mask)]);
    let parameters = sequence([
        element(tag::explicit(0), &algorithm(hash)),
        element(tag::explicit(1), &mgf),
        element(tag::explicit(2), &integer(salt)),
    ]);
    sequence([named("1.2.840.113549.1.1.10"), parameters])
}

fn named(dotted: &str) -> Vec<u8> {
    oid(dotted.parse().expect("an OID"))
}

fn rsa_pair() -> RsaKeyPair {
    let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).expect("key");
    RsaKeyPair::from_pkcs8(key.to_pkcs8_der().expect("key").as_bytes()).expect("key")
}

fn rsa_sign(
    pair: &RsaKeyPair,
    padding: &'static dyn ring::signature::RsaEncoding,
    message: &[u8],
) -> Vec<u8> {
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(padding, &SystemRandom::new(), message, &mut signature)
        .expect("signature");
    signature
}
