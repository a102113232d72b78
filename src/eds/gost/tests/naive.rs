//! The reference: school arithmetic with fractions on any curve, as RFC 7091 prints
//! it. The tests compare with it, and the benchmark measures against it.

use crypto_bigint::{Odd, U512, Uint};

/// A curve by its parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Naive<const N: usize> {
    pub(crate) p: Odd<Uint<N>>,
    pub(crate) a: Uint<N>,
    pub(crate) q: Odd<Uint<N>>,
    pub(crate) base: (Uint<N>, Uint<N>),
}

/// A point by its coordinates; none is infinity.
pub(crate) type Point<const N: usize> = Option<(Uint<N>, Uint<N>)>;

/// id-tc26-gost-3410-12-512-paramSetA (RFC 7836 appendix A.1).
pub(crate) const TC26_512_A: Naive<8> = Naive {
    p: Odd::<U512>::from_be_hex(concat!(
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFDC7",
    )),
    a: U512::from_be_hex(concat!(
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFDC4",
    )),
    q: Odd::<U512>::from_be_hex(concat!(
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        "27E69532F48D89116FF22B8D4E0560609B4B38ABFAD2B85DCACDB1411F10B275",
    )),
    base: (
        U512::from_u8(3),
        U512::from_be_hex(concat!(
            "7503CFE87A836AE3A61B8816E25450E6CE5E1C93ACF1ABC1778064FDCBEFA921",
            "DF1626BE4FD036E93D75E6A50E3A41E98028FE5FC235F5B889A589CB5215F2A4",
        )),
    ),
};

impl<const N: usize> Naive<N> {
    /// RFC 7091 section 5.1.
    pub(crate) fn sum(&self, left: Point<N>, right: Point<N>) -> Point<N> {
        let (Some((x1, y1)), Some((x2, y2))) = (left, right) else {
            return left.or(right);
        };
        let slope = if x1 != x2 {
            self.divide(self.minus(y2, y1), self.minus(x2, x1))
        } else if y1 == y2 && y1 != Uint::ZERO {
            let square = self.times(x1, x1);
            let triple = self.minus(
                self.minus(square, self.negative(square)),
                self.negative(square),
            );
            self.divide(
                self.minus(triple, self.negative(self.a)),
                self.minus(y1, self.negative(y1)),
            )
        } else {
            return None;
        };
        let x = self.minus(self.minus(self.times(slope, slope), x1), x2);
        let y = self.minus(self.times(slope, self.minus(x1, x)), y1);
        Some((x, y))
    }

    /// `factor` · `point` by doubling and adding.
    pub(crate) fn multiple(&self, factor: &Uint<N>, point: Point<N>) -> Point<N> {
        (0..Uint::<N>::BITS).rev().fold(None, |sum, bit| {
            let twice = self.sum(sum, sum);
            if factor.bit_vartime(bit) {
                self.sum(twice, point)
            } else {
                twice
            }
        })
    }

    /// RFC 7091 section 6.2, from e on.
    pub(crate) fn verifies(&self, e: Uint<N>, [r, s]: [Uint<N>; 2], key: Point<N>) -> bool {
        let order = self.q.as_nz_ref();
        let Some(v) = e.invert_odd_mod(&self.q).into_option() else {
            return false;
        };
        let z1 = s.mul_mod(&v, order);
        let z2 = r.mul_mod(&v, order).neg_mod(order);
        let point = self.sum(self.multiple(&z1, Some(self.base)), self.multiple(&z2, key));
        point.is_some_and(|(x, _)| x.rem(order) == r)
    }

    fn minus(&self, left: Uint<N>, right: Uint<N>) -> Uint<N> {
        left.sub_mod(&right, self.p.as_nz_ref())
    }

    fn negative(&self, number: Uint<N>) -> Uint<N> {
        number.neg_mod(self.p.as_nz_ref())
    }

    fn times(&self, left: Uint<N>, right: Uint<N>) -> Uint<N> {
        left.mul_mod(&right, self.p.as_nz_ref())
    }

    fn divide(&self, left: Uint<N>, right: Uint<N>) -> Uint<N> {
        let inverse = right.invert_odd_mod(&self.p).into_option();
        self.times(left, inverse.unwrap_or(Uint::ZERO))
    }
}
