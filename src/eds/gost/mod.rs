//! Verification of the national GOST signatures: GOST 34.10-2015 with 512 and 256
//! bits over Streebog digests, and GOST 34.310-2004 over GOST 34.311-95 digests.
//!
//! The equation is that of RFC 7091 section 6.2, the curves are those of RFC 7836
//! and RFC 4357. What is national is the way of writing it down: numbers are
//! little-endian, a signature is r‖s, a digest is read as the hash functions print
//! it, and the object identifiers lie under 1.2.398.3.10.1. The layout of RFC 4491
//! and RFC 9215 (s‖r, big-endian) is not accepted.
//!
//! A key that was parsed lies on its curve and in the subgroup of prime order.
//! Keys and signatures come from whoever likes to send them, so no sum of points is
//! left undefined; and since a verifier has no secrets, nothing hides its timing.
//! Private keys appear only in [`signing`], which is not for production.
//!
//! ```
//! use kelisim::eds::gost::{Algorithm, signing::SigningKey};
//!
//! let private = SigningKey::new(Algorithm::Gost2015With512, &[7; 64])?;
//! let signature = private.sign(b"document")?;
//! let public = private.public_key();
//! assert!(public.verify(b"document", &signature).is_ok());
//! assert!(public.verify(b"another", &signature).is_err());
//! # Ok::<(), kelisim::eds::gost::Refusal>(())
//! ```

mod algorithm;
mod curve;
mod equation;
mod field;
mod hash;
mod key;
mod limbs;
mod multiple;
mod point;
pub mod signing;
#[cfg(test)]
mod tests;

pub use algorithm::{Algorithm, oid};
pub use hash::{Digest, Hash};
pub use key::PublicKey;

/// Why a key or a signature is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The object identifier of the key names no national GOST algorithm.
    #[error("the key is of no national gost algorithm")]
    UnknownAlgorithm,
    /// The parameters of the key name another curve than its algorithm has.
    #[error("the curve of the key is not the curve of its algorithm")]
    WrongCurve,
    /// The parameters of the key name another digest than its algorithm has.
    #[error("the digest of the key is not the digest of its algorithm")]
    WrongDigest,
    /// A key is two coordinates, each as long as the prime of the curve.
    #[error("a key of {found} octets does not fit the curve")]
    KeyLength {
        /// The octets there were.
        found: usize,
    },
    /// A coordinate is not below the prime of the curve.
    #[error("a coordinate of the key exceeds the prime of the curve")]
    CoordinateTooLarge,
    /// The coordinates do not satisfy the equation of the curve.
    #[error("the key is not a point of the curve")]
    NotOnTheCurve,
    /// The point has another order than q, which a cofactor of four allows.
    #[error("the key is not in the subgroup of prime order")]
    NotInTheSubgroup,
    /// A digest is as long as the numbers of the curve.
    #[error("a digest of {found} octets does not fit the curve")]
    DigestLength {
        /// The octets there were.
        found: usize,
    },
    /// A signature is two numbers, each as long as the order of the subgroup.
    #[error("a signature of {found} octets does not fit the curve")]
    SignatureLength {
        /// The octets there were.
        found: usize,
    },
    /// r, s or a private scalar is zero or not below q (RFC 7091 section 6.2, step 1).
    #[error("a number of the signature is zero or exceeds the order of the curve")]
    ScalarOutOfRange,
    /// The signature was not made over this digest with this key.
    #[error("the signature does not belong to this key and document")]
    Mismatch,
}
