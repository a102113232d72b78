//! Public keys as certificates hold them.

use crate::eds::Oid;

use super::curve::{CRYPTO_PRO_A, TC26_256_A, TC26_512_A};
use super::equation::Key;
use super::{Algorithm, Refusal};

/// A public key that lies on its curve and in the subgroup of prime order.
///
/// It holds a table of its multiples: whoever verifies many signatures of one key
/// saves a tenth of the time by keeping it.
#[derive(Clone, Debug)]
pub struct PublicKey {
    algorithm: Algorithm,
    key: Width,
}

#[derive(Clone, Debug)]
enum Width {
    Wide(Box<Key<8, 569>>),
    Narrow(Box<Key<4, 617>>),
}

impl PublicKey {
    /// Reads the contents of a SubjectPublicKeyInfo: the object identifier of the
    /// algorithm, the two of its parameters, and the contents of the OCTET STRING
    /// that lies inside the BIT STRING.
    ///
    /// # Errors
    /// Those of [`Algorithm::of_key`] and of [`PublicKey::parse`].
    pub fn from_spki_parts(
        key: &Oid,
        curve: &Oid,
        digest: &Oid,
        octets: &[u8],
    ) -> Result<Self, Refusal> {
        Self::parse(Algorithm::of_key(key, curve, digest)?, octets)
    }

    /// Reads x‖y, both little-endian, and checks what RFC 7091 section 5.2 demands of
    /// a public key.
    ///
    /// # Errors
    /// [`Refusal::KeyLength`], [`Refusal::CoordinateTooLarge`],
    /// [`Refusal::NotOnTheCurve`] or [`Refusal::NotInTheSubgroup`].
    pub fn parse(algorithm: Algorithm, octets: &[u8]) -> Result<Self, Refusal> {
        let key = match algorithm {
            Algorithm::Gost2015With512 => Width::Wide(Box::new(Key::parse(&TC26_512_A, octets)?)),
            Algorithm::Gost2015With256 => Width::Narrow(Box::new(Key::parse(&TC26_256_A, octets)?)),
            Algorithm::Gost2004 => Width::Narrow(Box::new(Key::parse(&CRYPTO_PRO_A, octets)?)),
        };
        Ok(Self { algorithm, key })
    }

    /// The algorithm, which also tells the digest.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Checks a signature r‖s over a message.
    ///
    /// # Errors
    /// Those of [`PublicKey::verify_digest`].
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Refusal> {
        self.verify_digest(self.algorithm.hash().digest(message).as_ref(), signature)
    }

    /// Checks a signature r‖s over a digest made by [`Algorithm::hash`].
    ///
    /// # Errors
    /// [`Refusal::DigestLength`], [`Refusal::SignatureLength`],
    /// [`Refusal::ScalarOutOfRange`] or [`Refusal::Mismatch`].
    pub fn verify_digest(&self, digest: &[u8], signature: &[u8]) -> Result<(), Refusal> {
        match &self.key {
            Width::Wide(key) => key.verify(digest, signature),
            Width::Narrow(key) => key.verify(digest, signature),
        }
    }
}
