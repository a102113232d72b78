//! The three curves in use, with the parameters of RFC 4357 and RFC 7836.

use crypto_bigint::{Odd, U256, U512, Uint};

use super::field::Element;
use super::multiple::{self, OddMultiples, Product, SignedDigits};
use super::point::{Affine, Coefficient, Jacobian};

/// A curve over the prime 2^512 − 569.
pub(super) type Curve512 = Curve<8, 569>;
/// A curve over the prime 2^256 − 617.
pub(super) type Curve256 = Curve<4, 617>;

/// id-tc26-gost-3410-12-512-paramSetA (RFC 7836 appendix A.1).
pub(super) static TC26_512_A: Curve512 = Curve::new(&Parameters {
    p: Odd::<U512>::from_be_hex(concat!(
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFDC7",
    )),
    a: Coefficient::MinusThree,
    b: U512::from_be_hex(concat!(
        "E8C2505DEDFC86DDC1BD0B2B6667F1DA34B82574761CB0E879BD081CFD0B6265",
        "EE3CB090F30D27614CB4574010DA90DD862EF9D4EBEE4761503190785A71C760",
    )),
    q: Odd::<U512>::from_be_hex(concat!(
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        "27E69532F48D89116FF22B8D4E0560609B4B38ABFAD2B85DCACDB1411F10B275",
    )),
    cofactor: Cofactor::One,
    x: U512::from_u8(3),
    y: U512::from_be_hex(concat!(
        "7503CFE87A836AE3A61B8816E25450E6CE5E1C93ACF1ABC1778064FDCBEFA921",
        "DF1626BE4FD036E93D75E6A50E3A41E98028FE5FC235F5B889A589CB5215F2A4",
    )),
});

/// id-tc26-gost-3410-2012-256-paramSetA (RFC 7836 appendix A.2).
pub(super) static TC26_256_A: Curve256 = Curve::new(&Parameters {
    p: PRIME_256,
    a: Coefficient::General(Element::new(U256::from_be_hex(
        "C2173F1513981673AF4892C23035A27CE25E2013BF95AA33B22C656F277E7335",
    ))),
    b: U256::from_be_hex("295F9BAE7428ED9CCC20E7C359A9D41A22FCCD9108E17BF7BA9337A6F8AE9513"),
    q: Odd::<U256>::from_be_hex("400000000000000000000000000000000FD8CDDFC87B6635C115AF556C360C67"),
    cofactor: Cofactor::Four,
    x: U256::from_be_hex("91E38443A5E82C0D880923425712B2BB658B9196932E02C78B2582FE742DAA28"),
    y: U256::from_be_hex("32879423AB1A0375895786C4BB46E9565FDE0B5344766740AF268ADB32322E5C"),
});

/// id-GostR3410-2001-CryptoPro-A-ParamSet (RFC 4357 section 11.4).
pub(super) static CRYPTO_PRO_A: Curve256 = Curve::new(&Parameters {
    p: PRIME_256,
    a: Coefficient::MinusThree,
    b: U256::from_u8(0xA6),
    q: Odd::<U256>::from_be_hex("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF6C611070995AD10045841B09B761B893"),
    cofactor: Cofactor::One,
    x: U256::ONE,
    y: U256::from_be_hex("8D91E471E0989CDA27DF505A453F2B7635294F2DDF23E3B122ACC99C9E9F1E14"),
});

const PRIME_256: Odd<U256> =
    Odd::<U256>::from_be_hex("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFD97");

/// What the standards print of a curve.
struct Parameters<const N: usize, const C: u64> {
    p: Odd<Uint<N>>,
    a: Coefficient<N, C>,
    b: Uint<N>,
    q: Odd<Uint<N>>,
    cofactor: Cofactor,
    x: Uint<N>,
    y: Uint<N>,
}

/// How many times the points of the curve outnumber those of the subgroup.
#[derive(Clone, Copy, Debug)]
enum Cofactor {
    One,
    Four,
}

/// The digit widths fit the sizes of the tables, 2^(width − 2).
const BASE_WIDTH: u32 = 7;
const BASE_MULTIPLES: usize = 32;
const KEY_WIDTH: u32 = 5;
const KEY_MULTIPLES: usize = 8;

/// The odd multiples of a public key that a verification reads.
pub(super) type KeyMultiples<const N: usize, const C: u64> = OddMultiples<N, C, KEY_MULTIPLES>;

/// A curve with its subgroup of prime order and a table for the base point.
#[derive(Debug)]
pub(super) struct Curve<const N: usize, const C: u64> {
    p: Odd<Uint<N>>,
    a: Coefficient<N, C>,
    b: Element<N, C>,
    q: Odd<Uint<N>>,
    cofactor: Cofactor,
    base: OddMultiples<N, C, BASE_MULTIPLES>,
}

impl<const N: usize, const C: u64> Curve<N, C> {
    /// Evaluated by the compiler, table and all.
    const fn new(parameters: &Parameters<N, C>) -> Self {
        let base = Affine {
            x: Element::new(parameters.x),
            y: Element::new(parameters.y),
        };
        Self {
            p: parameters.p,
            a: parameters.a,
            b: Element::new(parameters.b),
            q: parameters.q,
            cofactor: parameters.cofactor,
            base: multiple::odd_multiples(&base, &parameters.a, &parameters.p),
        }
    }

    /// q, the order of the subgroup.
    pub(super) fn order(&self) -> &Odd<Uint<N>> {
        &self.q
    }

    /// Whether the point satisfies the equation.
    pub(super) fn contains(&self, point: &Affine<N, C>) -> bool {
        point.satisfies(&self.a, &self.b)
    }

    /// Whether a point of the curve lies in the subgroup. With cofactor one all do.
    pub(super) fn subgroup_contains(&self, point: &Affine<N, C>) -> bool {
        match self.cofactor {
            Cofactor::One => true,
            Cofactor::Four => self.times_order(point).is_infinity(),
        }
    }

    /// q · `point` by doubling and adding, which takes points of any order.
    fn times_order(&self, point: &Affine<N, C>) -> Jacobian<N, C> {
        let mut sum = Jacobian::INFINITY;
        for place in (0..Uint::<N>::BITS).rev() {
            sum = sum.doubled(&self.a);
            if self.q.as_ref().bit_vartime(place) {
                sum = sum.plus_affine(point, &self.a);
            }
        }
        sum
    }

    /// The table for a point of the subgroup.
    pub(super) fn multiples_of(&self, point: &Affine<N, C>) -> KeyMultiples<N, C> {
        multiple::odd_multiples(point, &self.a, &self.p)
    }

    /// `base_factor` · G + `key_factor` · Q.
    pub(super) fn combination(
        &self,
        base_factor: &Uint<N>,
        key_factor: &Uint<N>,
        key: &KeyMultiples<N, C>,
    ) -> Jacobian<N, C> {
        let base = Product {
            factor: SignedDigits::recode::<N, BASE_WIDTH>(base_factor),
            multiples: &self.base,
        };
        let key = Product {
            factor: SignedDigits::recode::<N, KEY_WIDTH>(key_factor),
            multiples: key,
        };
        multiple::sum_of_products(&[base, key], &self.a)
    }

    /// `factor` · G by its coordinates; infinity has none.
    pub(super) fn base_times(&self, factor: &Uint<N>) -> Option<Affine<N, C>> {
        let base = Product {
            factor: SignedDigits::recode::<N, BASE_WIDTH>(factor),
            multiples: &self.base,
        };
        let product = multiple::sum_of_products(&[base], &self.a);
        let inverse = product.z.inverted(&self.p);
        if inverse.is_zero() {
            None
        } else {
            Some(product.scaled(&inverse))
        }
    }
}
