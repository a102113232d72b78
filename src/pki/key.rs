//! Private keys: made here, kept as PKCS#8, and signing what they are given.

use std::sync::Arc;

use ::der::asn1::ObjectIdentifier;
use ring::digest;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use rsa::{Pkcs1v15Sign, RsaPrivateKey, rand_core};
use serde::{Deserialize, Serialize};

use crate::eds::gost;
use crate::pki::{Error, der, oid};

/// What keys are made here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyKind {
    /// RSA of 2048 bits.
    #[serde(rename = "rsa-2048")]
    Rsa2048,
    /// ECDSA on the curve P-256.
    #[serde(rename = "ecdsa-p256")]
    EcdsaP256,
    /// GOST 34.10-2015 of 512 bits.
    #[serde(rename = "gost-2015-512")]
    Gost2015With512,
    /// RSA of 1024 bits: only to show that it is refused.
    #[serde(rename = "rsa-1024")]
    Rsa1024,
}

/// The digest a key signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    /// SHA-256.
    Sha256,
    /// Streebog-512.
    Streebog512,
    /// SHA-1: only to show that it is refused.
    Sha1,
}

impl Digest {
    /// The digest of `octets`.
    pub fn of(self, octets: &[u8]) -> Vec<u8> {
        let with = |algorithm| digest::digest(algorithm, octets).as_ref().to_vec();
        match self {
            Digest::Sha256 => with(&digest::SHA256),
            Digest::Streebog512 => gost::Hash::Streebog512.digest(octets).as_ref().to_vec(),
            Digest::Sha1 => with(&digest::SHA1_FOR_LEGACY_USE_ONLY),
        }
    }

    /// Its object identifier.
    pub fn id(self) -> ObjectIdentifier {
        match self {
            Digest::Sha256 => oid::SHA256,
            Digest::Streebog512 => oid::STREEBOG_512,
            Digest::Sha1 => oid::SHA1,
        }
    }

    /// Its AlgorithmIdentifier, with the NULL that national software writes.
    pub fn identifier(self) -> Vec<u8> {
        der::sequence([der::oid(&self.id()), der::null()])
    }
}

/// A private key with the randomness it needs for signing; clones share it.
#[derive(Debug, Clone)]
pub struct SigningKey {
    pkcs8: Vec<u8>,
    pair: Arc<Pair>,
    random: SystemRandom,
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ecdsa(Box<EcdsaKeyPair>),
    Gost(Box<gost::signing::SigningKey>),
    /// What ring refuses to sign with: short keys and SHA-1.
    Obsolete(Box<RsaPrivateKey>, Digest),
}

impl std::fmt::Debug for Pair {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Pair::Rsa(_) => "rsa",
            Pair::Ecdsa(_) => "ecdsa",
            Pair::Gost(_) => "gost",
            Pair::Obsolete(..) => "obsolete",
        })
    }
}

impl SigningKey {
    /// Makes a key. Fails without randomness.
    pub fn generate(kind: KeyKind, random: &SystemRandom) -> Result<SigningKey, Error> {
        match kind {
            KeyKind::Rsa2048 => SigningKey::from_pkcs8(&rsa_pkcs8(2048, random)?, random),
            KeyKind::Rsa1024 => SigningKey::from_pkcs8(&rsa_pkcs8(1024, random)?, random),
            KeyKind::EcdsaP256 => {
                let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
                let document = EcdsaKeyPair::generate_pkcs8(algorithm, random);
                let document = document.map_err(|_| Error::NoRandomness)?;
                SigningKey::from_pkcs8(document.as_ref(), random)
            }
            KeyKind::Gost2015With512 => SigningKey::from_pkcs8(&gost_pkcs8(random)?, random),
        }
    }

    /// Reads a key from PKCS#8. Fails when it is of no kind known here.
    pub fn from_pkcs8(pkcs8: &[u8], random: &SystemRandom) -> Result<SigningKey, Error> {
        Ok(SigningKey {
            pkcs8: pkcs8.to_vec(),
            pair: Arc::new(pair(pkcs8, random)?),
            random: random.clone(),
        })
    }

    /// The same RSA key, signing with SHA-1, which a verifier must refuse.
    /// Fails for a key that is not RSA.
    pub fn with_sha1(&self) -> Result<SigningKey, Error> {
        let key = RsaPrivateKey::from_pkcs8_der(&self.pkcs8).map_err(|_| Error::Key)?;
        let pair = Pair::Obsolete(Box::new(key), Digest::Sha1);
        Ok(SigningKey {
            pkcs8: self.pkcs8.clone(),
            pair: Arc::new(pair),
            random: self.random.clone(),
        })
    }

    /// The key in PKCS#8, not encrypted.
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The public key as a SubjectPublicKeyInfo. Fails when the key cannot be encoded.
    pub fn public_key(&self) -> Result<Vec<u8>, Error> {
        match &*self.pair {
            Pair::Rsa(pair) => Ok(rsa_public_key(pair.public().as_ref())),
            Pair::Ecdsa(pair) => Ok(ec_public_key(pair.public_key().as_ref())),
            Pair::Gost(key) => Ok(gost_public_key(key.public_octets())),
            Pair::Obsolete(key, _) => {
                let public = rsa::pkcs1::EncodeRsaPublicKey::to_pkcs1_der(&key.to_public_key());
                Ok(rsa_public_key(public.map_err(|_| Error::Key)?.as_bytes()))
            }
        }
    }

    /// The digest it signs with.
    pub fn digest(&self) -> Digest {
        match &*self.pair {
            Pair::Rsa(_) | Pair::Ecdsa(_) => Digest::Sha256,
            Pair::Gost(_) => Digest::Streebog512,
            Pair::Obsolete(_, digest) => *digest,
        }
    }

    /// The AlgorithmIdentifier of its signatures: RSA with NULL (RFC 4055
    /// section 5), GOST likewise, ECDSA without parameters (RFC 5758 section 3.2).
    pub fn algorithm(&self) -> Vec<u8> {
        match (&*self.pair, self.digest()) {
            (Pair::Ecdsa(_), _) => der::sequence([der::oid(&oid::ECDSA_SHA256)]),
            (_, Digest::Sha256) => der::sequence([der::oid(&oid::RSA_SHA256), der::null()]),
            (_, Digest::Streebog512) => {
                der::sequence([der::oid(&oid::GOST_512_SIGNATURE), der::null()])
            }
            (_, Digest::Sha1) => der::sequence([der::oid(&oid::RSA_SHA1), der::null()]),
        }
    }

    /// Signs `message`. Fails when the key refuses or randomness fails.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        match &*self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &self.random, message, &mut signature)
                    .map_err(|_| Error::Signing)?;
                Ok(signature)
            }
            Pair::Ecdsa(pair) => {
                let signature = pair
                    .sign(&self.random, message)
                    .map_err(|_| Error::Signing)?;
                Ok(signature.as_ref().to_vec())
            }
            Pair::Gost(key) => key.sign(message).map_err(|_| Error::Signing),
            Pair::Obsolete(key, digest) => {
                let digest_info =
                    der::sequence([digest.identifier(), der::octet_string(&digest.of(message))]);
                let padding = Pkcs1v15Sign::new_unprefixed();
                key.sign(padding, &digest_info).map_err(|_| Error::Signing)
            }
        }
    }
}

/// Names a public key: the leftmost 160 bits of the SHA-256 of its
/// SubjectPublicKeyInfo, as RFC 7093 section 2 lets a CA choose.
pub fn key_identifier(public_key: &[u8]) -> Vec<u8> {
    Digest::Sha256.of(public_key).into_iter().take(20).collect()
}

fn pair(pkcs8: &[u8], random: &SystemRandom) -> Result<Pair, Error> {
    if let Some(scalar) = gost_scalar(pkcs8) {
        let key = gost::signing::SigningKey::new(gost::Algorithm::Gost2015With512, scalar);
        return Ok(Pair::Gost(Box::new(key.map_err(|_| Error::Key)?)));
    }
    if let Ok(pair) = RsaKeyPair::from_pkcs8(pkcs8) {
        return Ok(Pair::Rsa(Box::new(pair)));
    }
    let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
    if let Ok(pair) = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8, random) {
        return Ok(Pair::Ecdsa(Box::new(pair)));
    }
    let key = RsaPrivateKey::from_pkcs8_der(pkcs8).map_err(|_| Error::Key)?;
    Ok(Pair::Obsolete(Box::new(key), Digest::Sha256))
}

fn rsa_pkcs8(bits: usize, random: &SystemRandom) -> Result<Vec<u8>, Error> {
    let key = RsaPrivateKey::new(&mut Stream::seeded(random)?, bits).map_err(Error::Generation)?;
    Ok(key
        .to_pkcs8_der()
        .map_err(|_| Error::Key)?
        .as_bytes()
        .to_vec())
}

fn rsa_public_key(pkcs1: &[u8]) -> Vec<u8> {
    let algorithm = der::sequence([der::oid(&oid::RSA), der::null()]);
    der::sequence([algorithm, der::bit_string(pkcs1)])
}

fn ec_public_key(point: &[u8]) -> Vec<u8> {
    let algorithm = der::sequence([der::oid(&oid::EC), der::oid(&oid::P256)]);
    der::sequence([algorithm, der::bit_string(point)])
}

/// A scalar below the order, as the national tools write it: PKCS#8 around an
/// OCTET STRING in an OCTET STRING, little-endian.
fn gost_pkcs8(random: &SystemRandom) -> Result<Vec<u8>, Error> {
    let mut scalar = [0; GOST_SCALAR];
    random.fill(&mut scalar).map_err(|_| Error::NoRandomness)?;
    // The order has all of its 512 bits, so that what has 511 is below it.
    if let Some(most_significant) = scalar.last_mut() {
        *most_significant &= 0x7F;
    }
    let private = der::octet_string(&der::octet_string(&scalar));
    Ok(der::sequence([der::integer(0), gost_algorithm(), private]))
}

/// The scalar in a PKCS#8 of that form.
fn gost_scalar(pkcs8: &[u8]) -> Option<&[u8]> {
    let (_, scalar) = pkcs8.split_at_checked(pkcs8.len().checked_sub(GOST_SCALAR)?)?;
    let private = der::octet_string(&der::octet_string(scalar));
    let whole = der::sequence([der::integer(0), gost_algorithm(), private]);
    (whole == pkcs8).then_some(scalar)
}

fn gost_public_key(coordinates: &[u8]) -> Vec<u8> {
    let key = der::bit_string(&der::octet_string(coordinates));
    der::sequence([gost_algorithm(), key])
}

fn gost_algorithm() -> Vec<u8> {
    let parameters = der::sequence([der::oid(&oid::GOST_512_CURVE), der::oid(&oid::STREEBOG_512)]);
    der::sequence([der::oid(&oid::GOST_512), parameters])
}

/// Octets of a private scalar.
const GOST_SCALAR: usize = 64;

/// Random octets that cannot fail half-way, as key generation wants them: a
/// seed from the system, stretched by SHA-256 over a counter.
struct Stream {
    seed: [u8; 32],
    counter: u64,
}

impl Stream {
    fn seeded(random: &SystemRandom) -> Result<Stream, Error> {
        let mut seed = [0; 32];
        random.fill(&mut seed).map_err(|_| Error::NoRandomness)?;
        Ok(Stream { seed, counter: 0 })
    }

    fn block(&mut self) -> digest::Digest {
        self.counter += 1;
        let input = [self.seed.as_slice(), &self.counter.to_be_bytes()].concat();
        digest::digest(&digest::SHA256, &input)
    }
}

impl rand_core::RngCore for Stream {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, target: &mut [u8]) {
        for chunk in target.chunks_mut(32) {
            let block = self.block();
            chunk
                .iter_mut()
                .zip(block.as_ref())
                .for_each(|(to, from)| *to = *from);
        }
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(target);
        Ok(())
    }
}

impl rand_core::CryptoRng for Stream {}
