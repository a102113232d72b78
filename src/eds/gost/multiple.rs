//! Multiples of points: signed digits, tables of odd multiples and the sum of two
//! products in one pass (Straus, with width-w non-adjacent forms).
//!
//! Nothing here hides its timing: a verifier has no secrets.

use crypto_bigint::{Odd, Uint};

use super::field::Element;
use super::point::{Affine, Coefficient, Jacobian};

/// The odd multiples P, 3P, 5P, … of a point.
pub(super) type OddMultiples<const N: usize, const C: u64, const SIZE: usize> =
    [Affine<N, C>; SIZE];

/// The odd multiples of `point`, which must have an odd order above 2 · `SIZE`.
///
/// One division for all of them (Montgomery's trick): the inverse of the product
/// of all Z, from which the single inverses are split off from the end.
pub(super) const fn odd_multiples<const N: usize, const C: u64, const SIZE: usize>(
    point: &Affine<N, C>,
    a: &Coefficient<N, C>,
    modulus: &Odd<Uint<N>>,
) -> OddMultiples<N, C, SIZE> {
    let (sums, products, product) = odd_sums::<N, C, SIZE>(point, a);
    let mut inverse = product.inverted(modulus);
    let mut multiples = [*point; SIZE];
    let mut rest = (
        multiples.as_mut_slice(),
        sums.as_slice(),
        products.as_slice(),
    );
    while let ([slots @ .., slot], [sums @ .., sum], [products @ .., before]) = rest {
        *slot = sum.scaled(&inverse.times(before));
        inverse = inverse.times(&sum.z);
        rest = (slots, sums, products);
    }
    multiples
}

/// The odd multiples, for each the product of the Z before it, and of all Z.
const fn odd_sums<const N: usize, const C: u64, const SIZE: usize>(
    point: &Affine<N, C>,
    a: &Coefficient<N, C>,
) -> ([Jacobian<N, C>; SIZE], [Element<N, C>; SIZE], Element<N, C>) {
    let mut sums = [Jacobian::INFINITY; SIZE];
    let mut products = [Element::ONE; SIZE];
    let mut sum = Jacobian::from_affine(point);
    let mut product = Element::ONE;
    let twice = sum.doubled(a);
    let mut rest = (sums.as_mut_slice(), products.as_mut_slice());
    while let ([slot, slots @ ..], [before, products @ ..]) = rest {
        (*slot, *before) = (sum, product);
        product = product.times(&sum.z);
        sum = sum.plus(&twice, a);
        rest = (slots, products);
    }
    (sums, products, product)
}

/// A number as a sum of odd digits times powers of two, most of them absent.
#[derive(Debug)]
pub(super) struct SignedDigits([Option<Digit>; DIGITS]);

/// Room for the digits of a 512-bit number; the last one takes the carry.
const DIGITS: usize = 513;

/// ±(2 · `half` + 1).
#[derive(Clone, Copy, Debug)]
struct Digit {
    half: u8,
    negative: bool,
}

impl SignedDigits {
    /// The width-w non-adjacent form: digits below 2^(`WIDTH` − 1) in magnitude, any
    /// two of them at least `WIDTH` places apart; it fits a table of
    /// 2^(`WIDTH` − 2) odd multiples. `WIDTH` is 2 to 7.
    pub(super) fn recode<const N: usize, const WIDTH: u32>(number: &Uint<N>) -> Self {
        let mut digits = [None; DIGITS];
        let mut places = digits.iter_mut();
        let mut rest = *number;
        while !rest.is_zero_vartime() {
            let zeros = rest.trailing_zeros_vartime();
            let odd = rest.wrapping_shr_vartime(zeros);
            let digit = Digit::lowest::<N, WIDTH>(&odd);
            let gap = usize::try_from(zeros).unwrap_or(DIGITS);
            if let Some(place) = places.nth(gap) {
                *place = Some(digit);
            }
            rest = digit.taken_from(&odd);
        }
        Self(digits)
    }
}

impl Digit {
    /// The digit congruent to an odd number modulo 2^`WIDTH`.
    fn lowest<const N: usize, const WIDTH: u32>(odd: &Uint<N>) -> Self {
        let low = odd.as_words().first().map_or(0, |word| word & 0x7F);
        let low = u8::try_from(low).unwrap_or(0) & !(u8::MAX << WIDTH);
        let negative = low >> (WIDTH - 1) == 1;
        let magnitude = if negative { (1 << WIDTH) - low } else { low };
        Self {
            half: magnitude >> 1,
            negative,
        }
    }

    /// What is left of the number above the digit's own place, which is zero now.
    fn taken_from<const N: usize>(&self, odd: &Uint<N>) -> Uint<N> {
        let above = odd.wrapping_shr_vartime(1);
        let half = Uint::from_u8(self.half);
        if self.negative {
            above.wrapping_add(&half).wrapping_add(&Uint::ONE)
        } else {
            above.wrapping_sub(&half)
        }
    }
}

/// A factor and the odd multiples of the point it multiplies.
#[derive(Debug)]
pub(super) struct Product<'a, const N: usize, const C: u64> {
    pub(super) factor: SignedDigits,
    pub(super) multiples: &'a [Affine<N, C>],
}

impl<const N: usize, const C: u64> Product<'_, N, C> {
    fn term(&self, digit: Digit) -> Option<Affine<N, C>> {
        let multiple = self.multiples.get(usize::from(digit.half))?;
        Some(if digit.negative {
            multiple.opposite()
        } else {
            *multiple
        })
    }
}

/// The sum of the products; one row of doublings serves them all.
pub(super) fn sum_of_products<const N: usize, const C: u64>(
    products: &[Product<'_, N, C>],
    a: &Coefficient<N, C>,
) -> Jacobian<N, C> {
    let mut sum = Jacobian::INFINITY;
    for place in (0..DIGITS).rev() {
        if !sum.is_infinity() {
            sum = sum.doubled(a);
        }
        for product in products {
            let digit = product.factor.0.get(place).copied().flatten();
            if let Some(term) = digit.and_then(|digit| product.term(digit)) {
                sum = sum.plus_affine(&term, a);
            }
        }
    }
    sum
}
