//! Arithmetic modulo the primes of the curves, 2^512 − 569 and 2^256 − 617.
//!
//! Both primes lie just under a power of the word size, so the upper half of a
//! product comes back multiplied by a ten-bit number: no division and no
//! Montgomery form.

use crypto_bigint::{Odd, Uint};

use super::limbs::{self, Limbs};

/// A residue modulo p = 2^(64 · `N`) − `C`, held as any of the at most two numbers
/// below 2^(64 · `N`) that are congruent to it; `C` has at most 31 bits.
///
/// There is no comparison of representatives: [`Element::equals`] compares
/// residues.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<const N: usize, const C: u64>(Limbs<N>);

impl<const N: usize, const C: u64> Element<N, C> {
    pub(super) const ZERO: Self = Self([0; N]);
    pub(super) const ONE: Self = Self::small(1);

    pub(super) const fn small(value: u64) -> Self {
        Self(limbs::add_word([0; N], value).0)
    }

    pub(super) const fn new(value: Uint<N>) -> Self {
        Self(value.to_words())
    }

    /// The residue if the number is below p.
    pub(super) const fn below_modulus(value: Uint<N>) -> Option<Self> {
        let (_, carry) = limbs::add_word(value.to_words(), C);
        if carry { None } else { Some(Self::new(value)) }
    }

    /// The representative below p.
    pub(super) const fn canonical(&self) -> Uint<N> {
        // value + C reaches 2^(64 · N) exactly if value reaches p, and then what
        // is left is value − p.
        let (reduced, carry) = limbs::add_word(self.0, C);
        Uint::from_words(if carry { reduced } else { self.0 })
    }

    pub(super) const fn is_zero(&self) -> bool {
        self.canonical().is_zero_vartime()
    }

    pub(super) const fn equals(&self, other: &Self) -> bool {
        self.minus(other).is_zero()
    }

    /// 2^(64 · `N`) ≡ C, so a carry out of the top is C more.
    #[inline(always)]
    pub(super) const fn plus(&self, other: &Self) -> Self {
        let (sum, carry) = limbs::add(self.0, &other.0);
        Self::with_excess(sum, if carry { C } else { 0 })
    }

    /// `value + excess`, for an excess of at most 2^63.
    ///
    /// If this carries, what is left is less than the excess, so that the C which
    /// stands for the carry fits without another.
    #[inline(always)]
    const fn with_excess(value: Limbs<N>, excess: u64) -> Self {
        let (sum, carry) = limbs::add_word(value, excess);
        Self(limbs::add_word(sum, if carry { C } else { 0 }).0)
    }

    /// The mirror of [`Element::plus`]: a borrow is C less. Borrowing for that once
    /// more leaves almost 2^(64 · `N`), from which C can be taken.
    #[inline(always)]
    pub(super) const fn minus(&self, other: &Self) -> Self {
        let (difference, borrow) = limbs::subtract(self.0, &other.0);
        let (difference, borrow) = limbs::subtract_word(difference, if borrow { C } else { 0 });
        Self(limbs::subtract_word(difference, if borrow { C } else { 0 }).0)
    }

    pub(super) const fn negated(&self) -> Self {
        Self::ZERO.minus(self)
    }

    pub(super) const fn doubled(&self) -> Self {
        self.plus(self)
    }

    pub(super) const fn tripled(&self) -> Self {
        self.doubled().plus(self)
    }

    #[inline]
    pub(super) const fn times(&self, other: &Self) -> Self {
        Self::folded(limbs::product(&self.0, &other.0))
    }

    #[inline]
    pub(super) const fn squared(&self) -> Self {
        Self::folded(limbs::square(&self.0))
    }

    /// `low + 2^(64 · N) · high ≡ low + C · high`.
    ///
    /// That is below (C + 1) · 2^(64 · `N`), so at most C overflows the width, and
    /// comes back as at most C².
    #[inline(always)]
    const fn folded([low, high]: [Limbs<N>; 2]) -> Self {
        let (sum, overflow) = limbs::add_scaled(low, C, &high);
        Self::with_excess(sum, overflow.wrapping_mul(C))
    }

    /// 1/self, and 0 for 0; `modulus` is p, handed in because only its owner can
    /// vouch in a constant that it is odd.
    pub(super) const fn inverted(&self, modulus: &Odd<Uint<N>>) -> Self {
        match self
            .canonical()
            .invert_odd_mod_vartime(modulus)
            .into_option_copied()
        {
            Some(inverse) => Self::new(inverse),
            None => Self::ZERO,
        }
    }
}
