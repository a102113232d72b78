//! Signing with GOST keys (RFC 7091 section 6.1), for the development PKI and for
//! tests only.
//!
//! The arithmetic takes a time that depends on the private key. Never sign here with
//! a key that protects anything.

use crypto_bigint::Uint;
use hmac::{Hmac, KeyInit, Mac};
use streebog::Streebog512;

use super::curve::{CRYPTO_PRO_A, Curve, TC26_256_A, TC26_512_A};
use super::equation::{is_scalar, number, reduced_digest};
use super::{Algorithm, PublicKey, Refusal};

/// A private key of the development PKI, with its public half.
#[derive(Clone)]
pub struct SigningKey {
    scalar: Scalar,
    public: PublicKey,
    public_octets: Vec<u8>,
}

#[derive(Clone)]
enum Scalar {
    Wide(Private<8, 569>),
    Narrow(Private<4, 617>),
}

impl SigningKey {
    /// The key with the private scalar d, little-endian and as long as the numbers of
    /// the curve.
    ///
    /// # Errors
    /// [`Refusal::ScalarOutOfRange`] unless 0 < d < q; whoever draws d at random
    /// draws again then.
    pub fn new(algorithm: Algorithm, scalar: &[u8]) -> Result<Self, Refusal> {
        let scalar = match algorithm {
            Algorithm::Gost2015With512 => Scalar::Wide(Private::parse(&TC26_512_A, scalar)?),
            Algorithm::Gost2015With256 => Scalar::Narrow(Private::parse(&TC26_256_A, scalar)?),
            Algorithm::Gost2004 => Scalar::Narrow(Private::parse(&CRYPTO_PRO_A, scalar)?),
        };
        let public_octets = match &scalar {
            Scalar::Wide(private) => private.public_octets(),
            Scalar::Narrow(private) => private.public_octets(),
        };
        let public = PublicKey::parse(algorithm, &public_octets)?;
        Ok(Self {
            scalar,
            public,
            public_octets,
        })
    }

    /// The public half.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The public half as x‖y, for the OCTET STRING in a SubjectPublicKeyInfo.
    #[must_use]
    pub fn public_octets(&self) -> &[u8] {
        &self.public_octets
    }

    /// The signature r‖s over a message; the same message has the same signature.
    ///
    /// # Errors
    /// [`Refusal::ScalarOutOfRange`] if no number of the curve came out of 256 trials,
    /// which no one will live to see.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Refusal> {
        let digest = self.public.algorithm().hash().digest(message);
        self.sign_digest(digest.as_ref())
    }

    /// The signature r‖s over a digest.
    ///
    /// # Errors
    /// [`Refusal::DigestLength`], and that of [`SigningKey::sign`].
    pub fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, Refusal> {
        (0..=u8::MAX)
            .map(|trial| self.sign_digest_with(digest, &self.nonce(digest, trial)))
            .find(|signed| *signed != Err(Refusal::ScalarOutOfRange))
            .unwrap_or(Err(Refusal::ScalarOutOfRange))
    }

    /// The signature r‖s over a digest with a given k, little-endian. Two signatures
    /// with one k give the private key away.
    ///
    /// # Errors
    /// [`Refusal::DigestLength`], and [`Refusal::ScalarOutOfRange`] unless 0 < k < q
    /// and it leads to r and s other than zero.
    pub fn sign_digest_with(&self, digest: &[u8], nonce: &[u8]) -> Result<Vec<u8>, Refusal> {
        match &self.scalar {
            Scalar::Wide(private) => private.sign(digest, nonce),
            Scalar::Narrow(private) => private.sign(digest, nonce),
        }
    }

    /// A k that depends on key and digest alone, in the spirit of RFC 6979: the
    /// HMAC-Streebog-512 of the digest and the number of the trial under the scalar.
    fn nonce(&self, digest: &[u8], trial: u8) -> Vec<u8> {
        let (scalar, length) = match &self.scalar {
            Scalar::Wide(private) => (octets(&private.scalar), 64),
            Scalar::Narrow(private) => (octets(&private.scalar), 32),
        };
        let mut key = hmac::digest::Key::<Hmac<Streebog512>>::default();
        key.iter_mut()
            .zip(scalar)
            .for_each(|(slot, octet)| *slot = octet);
        let mac = Hmac::<Streebog512>::new(&key)
            .chain_update(digest)
            .chain_update([trial]);
        mac.finalize()
            .into_bytes()
            .into_iter()
            .take(length)
            .collect()
    }
}

/// The scalar d and the curve it belongs to.
#[derive(Clone)]
struct Private<const N: usize, const C: u64> {
    curve: &'static Curve<N, C>,
    scalar: Uint<N>,
}

impl<const N: usize, const C: u64> Private<N, C> {
    fn parse(curve: &'static Curve<N, C>, octets: &[u8]) -> Result<Self, Refusal> {
        number(octets)
            .filter(|scalar| is_scalar(scalar, curve.order().as_ref()))
            .map(|scalar| Self { curve, scalar })
            .ok_or(Refusal::ScalarOutOfRange)
    }

    fn public_octets(&self) -> Vec<u8> {
        // 0 < d < q, so d · G is not infinity.
        self.curve
            .base_times(&self.scalar)
            .map_or_else(Vec::new, |point| {
                [point.x, point.y]
                    .iter()
                    .flat_map(|number| octets(&number.canonical()))
                    .collect()
            })
    }

    /// r = x(k · G) mod q and s = rd + ke mod q.
    fn sign(&self, digest: &[u8], nonce: &[u8]) -> Result<Vec<u8>, Refusal> {
        let order = self.curve.order().as_nz_ref();
        let e = reduced_digest(digest, order)?;
        let k = Self::parse(self.curve, nonce)?.scalar;
        let point = self.curve.base_times(&k).ok_or(Refusal::ScalarOutOfRange)?;
        let r = point.x.canonical().rem_vartime(order);
        let from_key = r.mul_mod_vartime(&self.scalar, order);
        let s = from_key.add_mod(&k.mul_mod_vartime(&e, order), order);
        if r.is_zero_vartime() || s.is_zero_vartime() {
            return Err(Refusal::ScalarOutOfRange);
        }
        Ok([r, s].iter().flat_map(octets).collect())
    }
}

/// The octets of a number, the least significant first.
fn octets<const N: usize>(number: &Uint<N>) -> Vec<u8> {
    number
        .to_words()
        .into_iter()
        .flat_map(u64::to_le_bytes)
        .collect()
}
