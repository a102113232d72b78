//! Keys that sign, and the bare check of their signatures.

use std::{fs, path::Path, process::Command};

use kelisim::eds::{
    Oid,
    gost::{self, signing::SigningKey},
};
use ring::{
    digest,
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair,
        RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
    },
};

use super::{
    Failure,
    der::{bare, bits, element, octets, oid, sequence},
};

const NULL: u8 = 0x05;
const GOST: gost::Algorithm = gost::Algorithm::Gost2015With512;

/// A key pair.
pub(crate) enum Key {
    Rsa(Box<RsaKeyPair>),
    P256(Box<EcdsaKeyPair>),
    Gost(Box<SigningKey>),
}

impl Key {
    /// An RSA key of this length, made by `openssl` once and kept in `folder`.
    pub(crate) fn rsa(folder: &Path, name: &str, bits: u16) -> Result<Self, Failure> {
        let file = folder.join(format!("{name}-rsa-{bits}.der"));
        if !file.exists() {
            fs::create_dir_all(folder)?;
            let length = format!("rsa_keygen_bits:{bits}");
            let mut openssl = Command::new("openssl");
            openssl.args([
                "genpkey",
                "-quiet",
                "-algorithm",
                "RSA",
                "-pkeyopt",
                &length,
            ]);
            openssl.args(["-outform", "DER", "-out"]).arg(&file);
            if !openssl.status()?.success() {
                return Err("openssl makes no RSA key".into());
            }
        }
        // Which of the two forms DER means hangs on the version of `openssl`.
        let key = fs::read(file)?;
        let pair = RsaKeyPair::from_pkcs8(&key).or_else(|_| RsaKeyPair::from_der(&key));
        let pair = pair.map_err(|_| "no RSA key")?;
        Ok(Self::Rsa(Box::new(pair)))
    }

    pub(crate) fn p256() -> Result<Self, Failure> {
        let (random, kind) = (SystemRandom::new(), &ECDSA_P256_SHA256_ASN1_SIGNING);
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(kind, &random).map_err(|_| "no randomness")?;
        let pair = EcdsaKeyPair::from_pkcs8(kind, pkcs8.as_ref(), &random);
        Ok(Self::P256(Box::new(pair.map_err(|_| "no P-256 key")?)))
    }

    /// The GOST key whose octets are all `octet`.
    pub(crate) fn gost(octet: u8) -> Result<Self, Failure> {
        Ok(Self::Gost(Box::new(SigningKey::new(GOST, &[octet; 64])?)))
    }

    /// The SubjectPublicKeyInfo.
    pub(crate) fn public(&self) -> Vec<u8> {
        match self {
            Self::Rsa(pair) => sequence([
                with_null(Oid::new("1.2.840.113549.1.1.1")),
                bits(pair.public().as_ref()),
            ]),
            Self::P256(pair) => {
                let kind = oid(Oid::new("1.2.840.10045.2.1"));
                let curve = oid(Oid::new("1.2.840.10045.3.1.7"));
                sequence([sequence([kind, curve]), bits(pair.public_key().as_ref())])
            }
            Self::Gost(key) => {
                let kind = oid(Oid::new("1.2.398.3.10.1.1.2.2"));
                let curve = oid(Oid::new("1.2.398.3.10.1.1.2.2.1"));
                let hash = oid(Oid::new("1.2.398.3.10.1.3.3"));
                let algorithm = sequence([kind, sequence([curve, hash])]);
                sequence([algorithm, bits(&octets(key.public_octets()))])
            }
        }
    }

    /// The AlgorithmIdentifier of its signatures.
    pub(crate) fn algorithm(&self) -> Vec<u8> {
        match self {
            Self::Rsa(_) => with_null(Oid::new("1.2.840.113549.1.1.11")),
            Self::P256(_) => bare(Oid::new("1.2.840.10045.4.3.2")),
            Self::Gost(_) => bare(GOST.signature_oid()),
        }
    }

    /// The AlgorithmIdentifier of the digest, and the digest of `message`.
    pub(crate) fn digest(&self, message: &[u8]) -> (Vec<u8>, Vec<u8>) {
        match self {
            Self::Rsa(_) | Self::P256(_) => (
                with_null(Oid::new("2.16.840.1.101.3.4.2.1")),
                sha256(message),
            ),
            Self::Gost(_) => (
                bare(Oid::new("1.2.398.3.10.1.3.3")),
                GOST.hash().digest(message).as_ref().to_vec(),
            ),
        }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failure> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .map_err(|_| "no RSA signature")?;
                Ok(signature)
            }
            Self::P256(pair) => {
                let signature = pair.sign(&random, message).map_err(|_| "no signature")?;
                Ok(signature.as_ref().to_vec())
            }
            Self::Gost(key) => Ok(key.sign(message)?),
        }
    }

    /// Whether the signature holds, by the cryptographic library alone: the limit.
    pub(crate) fn holds(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Rsa(pair) => UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public())
                .verify(message, signature)
                .is_ok(),
            Self::P256(pair) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, pair.public_key())
                .verify(message, signature)
                .is_ok(),
            Self::Gost(key) => gost::PublicKey::parse(GOST, key.public_octets())
                .is_ok_and(|key| key.verify(message, signature).is_ok()),
        }
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

fn with_null(kind: Oid) -> Vec<u8> {
    sequence([oid(kind), element(NULL, &[])])
}
