//! Whole numbers of a fixed count of 64-bit words, least significant word first.
//!
//! Only what [`super::field`] needs, and all of it `const`, so that the tables of
//! [`super::curve`] are computed by the compiler. The loops walk slices by
//! pattern: there is no index to be out of bounds.

use crypto_bigint::Limb;

/// A number below 2^(64 · `N`).
pub(super) type Limbs<const N: usize> = [u64; N];

/// `x · y + addend + carry` as its low and high word; it always fits.
#[inline(always)]
const fn multiply_add(x: u64, y: u64, addend: u64, carry: u64) -> (u64, u64) {
    let (low, high) = Limb(x).carrying_mul_add(Limb(y), Limb(addend), Limb(carry));
    (low.0, high.0)
}

/// `x + y + carry` as a word and the next carry.
#[inline(always)]
const fn add_words(x: u64, y: u64, carry: bool) -> (u64, bool) {
    let (sum, first) = x.overflowing_add(y);
    let (sum, second) = sum.overflowing_add(if carry { 1 } else { 0 });
    (sum, first | second)
}

/// `x − y − borrow` as a word and the next borrow.
#[inline(always)]
const fn subtract_words(x: u64, y: u64, borrow: bool) -> (u64, bool) {
    let (difference, first) = x.overflowing_sub(y);
    let (difference, second) = difference.overflowing_sub(if borrow { 1 } else { 0 });
    (difference, first | second)
}

/// `x + y` and whether it carried out of the top.
#[inline(always)]
pub(super) const fn add<const N: usize>(mut x: Limbs<N>, y: &Limbs<N>) -> (Limbs<N>, bool) {
    let mut carry = false;
    let (mut left, mut right): (&mut [u64], &[u64]) = (&mut x, y);
    while let ([word, higher @ ..], [other, others @ ..]) = (left, right) {
        (*word, carry) = add_words(*word, *other, carry);
        (left, right) = (higher, others);
    }
    (x, carry)
}

/// `x + word` and whether it carried out of the top.
#[inline(always)]
pub(super) const fn add_word<const N: usize>(mut x: Limbs<N>, word: u64) -> (Limbs<N>, bool) {
    let mut carry = false;
    let mut addend = word;
    let mut left: &mut [u64] = &mut x;
    while let [word, higher @ ..] = left {
        (*word, carry) = add_words(*word, addend, carry);
        addend = 0;
        left = higher;
    }
    (x, carry)
}

/// `x − y` and whether it borrowed from above the top.
#[inline(always)]
pub(super) const fn subtract<const N: usize>(mut x: Limbs<N>, y: &Limbs<N>) -> (Limbs<N>, bool) {
    let mut borrow = false;
    let (mut left, mut right): (&mut [u64], &[u64]) = (&mut x, y);
    while let ([word, higher @ ..], [other, others @ ..]) = (left, right) {
        (*word, borrow) = subtract_words(*word, *other, borrow);
        (left, right) = (higher, others);
    }
    (x, borrow)
}

/// `x − word` and whether it borrowed from above the top.
#[inline(always)]
pub(super) const fn subtract_word<const N: usize>(mut x: Limbs<N>, word: u64) -> (Limbs<N>, bool) {
    let mut borrow = false;
    let mut subtrahend = word;
    let mut left: &mut [u64] = &mut x;
    while let [word, higher @ ..] = left {
        (*word, borrow) = subtract_words(*word, subtrahend, borrow);
        subtrahend = 0;
        left = higher;
    }
    (x, borrow)
}

/// `x + factor · y` as the low words and what overflows them.
#[inline(always)]
pub(super) const fn add_scaled<const N: usize>(
    mut x: Limbs<N>,
    factor: u64,
    y: &Limbs<N>,
) -> (Limbs<N>, u64) {
    let mut carry = 0;
    let (mut left, mut right): (&mut [u64], &[u64]) = (&mut x, y);
    while let ([word, higher @ ..], [other, others @ ..]) = (left, right) {
        (*word, carry) = multiply_add(factor, *other, *word, carry);
        (left, right) = (higher, others);
    }
    (x, carry)
}

/// Adds `factor · y` to the start of `sum`; the carry is put into the word that
/// follows, which no earlier row has reached.
#[inline(always)]
const fn add_row(mut sum: &mut [u64], factor: u64, mut y: &[u64]) {
    let mut carry = 0;
    loop {
        match (sum, y) {
            ([word, higher @ ..], [other, others @ ..]) => {
                (*word, carry) = multiply_add(factor, *other, *word, carry);
                (sum, y) = (higher, others);
            }
            ([word, ..], []) => {
                *word = carry;
                return;
            }
            ([], _) => return,
        }
    }
}

/// `x · y` as its low and high half: schoolbook, a row for each word of `x`.
#[inline(always)]
pub(super) const fn product<const N: usize>(x: &Limbs<N>, y: &Limbs<N>) -> [Limbs<N>; 2] {
    let mut wide = [[0; N]; 2];
    let mut window: &mut [u64] = wide.as_flattened_mut();
    let mut factors: &[u64] = x;
    while let [factor, others @ ..] = factors {
        add_row(window, *factor, y);
        factors = others;
        window = match window {
            [_, higher @ ..] => higher,
            [] => break,
        };
    }
    wide
}

/// `x²`: each product of two different words once, all doubled, then the squares.
#[inline(always)]
pub(super) const fn square<const N: usize>(x: &Limbs<N>) -> [Limbs<N>; 2] {
    let mut wide = [[0; N]; 2];
    add_cross_products(wide.as_flattened_mut(), x);
    double_and_add_squares(wide.as_flattened_mut(), x);
    wide
}

/// Word `i` times all words above it belongs at word `2i + 1`.
#[inline(always)]
const fn add_cross_products(mut window: &mut [u64], mut factors: &[u64]) {
    while let ([_, sum @ ..], [factor, above @ ..]) = (window, factors) {
        add_row(sum, *factor, above);
        factors = above;
        window = match sum {
            [_, higher @ ..] => higher,
            [] => break,
        };
    }
}

#[inline(always)]
const fn double_and_add_squares(mut window: &mut [u64], mut factors: &[u64]) {
    let (mut shifted_out, mut carry) = (0, false);
    while let ([low, high, higher @ ..], [factor, above @ ..]) = (window, factors) {
        let (square_low, square_high) = multiply_add(*factor, *factor, 0, 0);
        let doubled_low = *low << 1 | shifted_out;
        let doubled_high = *high << 1 | *low >> 63;
        shifted_out = *high >> 63;
        (*low, carry) = add_words(doubled_low, square_low, carry);
        (*high, carry) = add_words(doubled_high, square_high, carry);
        (window, factors) = (higher, above);
    }
}
