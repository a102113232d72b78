//! The equation of GOST 34.10 over any of the curves (RFC 7091 section 6), on
//! octets as the national formats write them.
//!
//! Every number is little-endian: the coordinates of a key, the halves r and s of a
//! signature in this order, and the digest as the hash functions print it.

use crypto_bigint::{NonZero, Uint};

use super::Refusal;
use super::curve::{Curve, KeyMultiples};
use super::field::Element;
use super::point::Affine;

/// A public key on one curve, ready for any number of verifications.
#[derive(Clone, Debug)]
pub(super) struct Key<const N: usize, const C: u64> {
    curve: &'static Curve<N, C>,
    multiples: KeyMultiples<N, C>,
}

impl<const N: usize, const C: u64> Key<N, C> {
    /// Reads x and y and proves that they are a point of the subgroup.
    pub(super) fn parse(curve: &'static Curve<N, C>, octets: &[u8]) -> Result<Self, Refusal> {
        let [x, y] = halves(octets).ok_or(Refusal::KeyLength {
            found: octets.len(),
        })?;
        let x = Element::below_modulus(x).ok_or(Refusal::CoordinateTooLarge)?;
        let y = Element::below_modulus(y).ok_or(Refusal::CoordinateTooLarge)?;
        Self::new(curve, &Affine { x, y })
    }

    /// Proves that the point lies in the subgroup.
    fn new(curve: &'static Curve<N, C>, point: &Affine<N, C>) -> Result<Self, Refusal> {
        if !curve.contains(point) {
            return Err(Refusal::NotOnTheCurve);
        }
        if !curve.subgroup_contains(point) {
            return Err(Refusal::NotInTheSubgroup);
        }
        Ok(Self {
            curve,
            multiples: curve.multiples_of(point),
        })
    }

    /// RFC 7091 section 6.2, steps 1 to 7, from a digest.
    pub(super) fn verify(&self, digest: &[u8], signature: &[u8]) -> Result<(), Refusal> {
        let [r, s] = halves(signature).ok_or(Refusal::SignatureLength {
            found: signature.len(),
        })?;
        let order = self.curve.order();
        if !is_scalar(&r, order.as_ref()) || !is_scalar(&s, order.as_ref()) {
            return Err(Refusal::ScalarOutOfRange);
        }
        let e = reduced_digest(digest, order.as_nz_ref())?;
        // e is neither zero nor a multiple of the prime q, so it has an inverse.
        let v = e
            .invert_odd_mod_vartime(order)
            .into_option()
            .ok_or(Refusal::Mismatch)?;
        let base_factor = s.mul_mod_vartime(&v, order.as_nz_ref());
        let key_factor = r
            .mul_mod_vartime(&v, order.as_nz_ref())
            .neg_mod(order.as_nz_ref());
        self.has_abscissa(&base_factor, &key_factor, &r)
            .ok_or(Refusal::Mismatch)
    }

    /// Whether the abscissa of the combination is congruent to r modulo q: whether
    /// it is one of r, r + q, … below p. That spares the division by Z².
    fn has_abscissa(&self, base: &Uint<N>, key: &Uint<N>, r: &Uint<N>) -> Option<()> {
        let point = self.curve.combination(base, key, &self.multiples);
        let mut candidate = *r;
        while let Some(x) = Element::below_modulus(candidate) {
            if point.has_abscissa(&x) {
                return Some(());
            }
            let next = candidate.wrapping_add(self.curve.order().as_ref());
            if next < candidate {
                return None;
            }
            candidate = next;
        }
        None
    }
}

/// Whether the number lies strictly between 0 and the order.
pub(super) fn is_scalar<const N: usize>(number: &Uint<N>, order: &Uint<N>) -> bool {
    !number.is_zero_vartime() && number < order
}

/// e of RFC 7091 section 6: the digest modulo q, and one in place of zero.
pub(super) fn reduced_digest<const N: usize>(
    digest: &[u8],
    order: &NonZero<Uint<N>>,
) -> Result<Uint<N>, Refusal> {
    let number: Uint<N> = number(digest).ok_or(Refusal::DigestLength {
        found: digest.len(),
    })?;
    let e = number.rem_vartime(order);
    Ok(if e.is_zero_vartime() { Uint::ONE } else { e })
}

/// Two numbers of the same length, one after the other.
fn halves<const N: usize>(octets: &[u8]) -> Option<[Uint<N>; 2]> {
    let (first, second) = octets.split_at_checked(octets.len() / 2)?;
    Some([number(first)?, number(second)?])
}

/// A number of exactly 8 · `N` octets, the least significant first.
pub(super) fn number<const N: usize>(octets: &[u8]) -> Option<Uint<N>> {
    let (words, []) = octets.as_chunks() else {
        return None;
    };
    let words: [[u8; 8]; N] = words.try_into().ok()?;
    Some(Uint::from_words(words.map(u64::from_le_bytes)))
}
