//! What an adversary can choose: keys, numbers and sums of points at the edges.

use crypto_bigint::{U256, Uint};

use super::naive::Naive;
use super::{CRYPTO_PRO_A, TC26_256_A, TC26_512_A, octets};
use crate::eds::gost::signing::SigningKey;
use crate::eds::gost::{Algorithm, Hash, PublicKey, Refusal, oid};

const ALL: [Algorithm; 3] = [
    Algorithm::Gost2015With512,
    Algorithm::Gost2015With256,
    Algorithm::Gost2004,
];

fn private(algorithm: Algorithm, low: u8) -> SigningKey {
    let mut scalar = vec![0; algorithm.hash().digest(b"").as_ref().len()];
    scalar[0] = low;
    SigningKey::new(algorithm, &scalar).unwrap()
}

fn pair<const N: usize>((x, y): (Uint<N>, Uint<N>)) -> Vec<u8> {
    [octets(&x), octets(&y)].concat()
}

#[track_caller]
fn refuses_numbers_at_the_edge<const N: usize>(algorithm: Algorithm, curve: &Naive<N>) {
    let key = private(algorithm, 9);
    let (public, digest) = (key.public_key(), algorithm.hash().digest(b"edge"));
    let good = key.sign(b"edge").unwrap();
    let (r, s) = good.split_at(8 * N);
    let order = *curve.q.as_ref();
    for bad in [Uint::ZERO, order, order.wrapping_add(&Uint::ONE), Uint::MAX] {
        for signature in [[&octets(&bad), s].concat(), [r, &octets(&bad)].concat()] {
            assert_eq!(
                public.verify_digest(digest.as_ref(), &signature),
                Err(Refusal::ScalarOutOfRange)
            );
        }
    }
    for allowed in [Uint::ONE, order.wrapping_sub(&Uint::ONE)] {
        for signature in [
            [&octets(&allowed), s].concat(),
            [r, &octets(&allowed)].concat(),
        ] {
            assert_eq!(
                public.verify_digest(digest.as_ref(), &signature),
                Err(Refusal::Mismatch)
            );
        }
    }
}

#[test]
fn r_and_s_outside_the_order_are_refused() {
    refuses_numbers_at_the_edge(Algorithm::Gost2015With512, &TC26_512_A);
    refuses_numbers_at_the_edge(Algorithm::Gost2015With256, &TC26_256_A);
    refuses_numbers_at_the_edge(Algorithm::Gost2004, &CRYPTO_PRO_A);
}

#[test]
fn lengths_that_do_not_fit_are_refused() {
    for algorithm in ALL {
        let key = private(algorithm, 3);
        let good = key.sign(b"length").unwrap();
        let digest = algorithm.hash().digest(b"length");
        for length in 0..=2 * good.len() {
            let other: Vec<u8> = good.iter().copied().cycle().take(length).collect();
            if length != good.len() {
                let verdict = key.public_key().verify(b"length", &other);
                assert_eq!(verdict, Err(Refusal::SignatureLength { found: length }));
                let parsed = PublicKey::parse(algorithm, &other);
                assert_eq!(parsed.err(), Some(Refusal::KeyLength { found: length }));
            }
            if length != digest.as_ref().len() {
                let verdict = key.public_key().verify_digest(&other, &good);
                assert_eq!(verdict, Err(Refusal::DigestLength { found: length }));
            }
        }
    }
}

#[track_caller]
fn refuses_coordinates_at_the_edge<const N: usize>(algorithm: Algorithm, curve: &Naive<N>) {
    let (x, y) = curve.base;
    let p = *curve.p.as_ref();
    let off = PublicKey::parse(algorithm, &pair((x, y.wrapping_add(&Uint::ONE))));
    assert_eq!(off.err(), Some(Refusal::NotOnTheCurve));
    let zero = PublicKey::parse(algorithm, &pair((Uint::<N>::ZERO, Uint::ZERO)));
    assert_eq!(zero.err(), Some(Refusal::NotOnTheCurve));
    for (x, y) in [(p, y), (x, p), (Uint::MAX, y), (x, Uint::MAX)] {
        let large = PublicKey::parse(algorithm, &pair((x, y)));
        assert_eq!(large.err(), Some(Refusal::CoordinateTooLarge));
    }
    let mirrored = pair((x, p.wrapping_sub(&y)));
    assert!(PublicKey::parse(algorithm, &mirrored).is_ok());
}

#[test]
fn coordinates_off_the_curve_or_not_reduced_are_refused() {
    refuses_coordinates_at_the_edge(Algorithm::Gost2015With512, &TC26_512_A);
    refuses_coordinates_at_the_edge(Algorithm::Gost2015With256, &TC26_256_A);
    refuses_coordinates_at_the_edge(Algorithm::Gost2004, &CRYPTO_PRO_A);
    // The abscissa 1 of the base point, written as p + 1.
    let (x, y) = CRYPTO_PRO_A.base;
    let unreduced = pair((x.wrapping_add(CRYPTO_PRO_A.p.as_ref()), y));
    let parsed = PublicKey::parse(Algorithm::Gost2004, &unreduced);
    assert_eq!(parsed.err(), Some(Refusal::CoordinateTooLarge));
}

/// b of the curve with cofactor four.
const B: U256 =
    U256::from_be_hex("295F9BAE7428ED9CCC20E7C359A9D41A22FCCD9108E17BF7BA9337A6F8AE9513");

/// A point with this abscissa, if there is one; p ≡ 3 (mod 4).
fn lifted(x: u32) -> Option<(U256, U256)> {
    let modulus = TC26_256_A.p.as_nz_ref();
    let x = U256::from_u32(x);
    let square = x.mul_mod(&x, modulus).add_mod(&TC26_256_A.a, modulus);
    let square = square.mul_mod(&x, modulus).add_mod(&B, modulus);
    let exponent = modulus.as_ref().shr(2).wrapping_add(&U256::ONE);
    let y = (0..256).rev().fold(U256::ONE, |power, bit| {
        let power = power.mul_mod(&power, modulus);
        if exponent.bit_vartime(bit) {
            power.mul_mod(&square, modulus)
        } else {
            power
        }
    });
    (y.mul_mod(&y, modulus) == square).then_some((x, y))
}

#[test]
fn points_outside_the_subgroup_are_refused_and_those_inside_are_not() {
    let (mut inside, mut outside, mut small) = (0, 0, 0);
    for point in (0..60).filter_map(lifted) {
        let residue = TC26_256_A.multiple(TC26_256_A.q.as_ref(), Some(point));
        let parsed = PublicKey::parse(Algorithm::Gost2015With256, &pair(point));
        match residue {
            None => {
                assert!(parsed.is_ok());
                inside += 1;
            }
            Some(of_small_order) => {
                assert_eq!(parsed.err(), Some(Refusal::NotInTheSubgroup));
                let of_small_order =
                    PublicKey::parse(Algorithm::Gost2015With256, &pair(of_small_order));
                assert_eq!(of_small_order.err(), Some(Refusal::NotInTheSubgroup));
                outside += 1;
                small += 1;
            }
        }
    }
    assert!(
        inside >= 3 && outside >= 9 && small >= 9,
        "{inside} {outside}"
    );
}

/// A digest of zero counts as one (RFC 7091 section 6.1, step 2).
#[test]
fn a_digest_of_zero_or_the_order_counts_as_one() {
    let key = private(Algorithm::Gost2004, 7);
    let (zero, one, order) = (
        octets(&U256::ZERO),
        octets(&U256::ONE),
        octets(CRYPTO_PRO_A.q.as_ref()),
    );
    let signature = key.sign_digest(&one).unwrap();
    for digest in [&zero, &one, &order] {
        assert_eq!(key.public_key().verify_digest(digest, &signature), Ok(()));
    }
    let two = octets(&U256::from_u8(2));
    assert_eq!(
        key.public_key().verify_digest(&two, &signature),
        Err(Refusal::Mismatch)
    );
}

/// Checks a pair of factors for G and Q = `scalar` · G: r and s that lead to them,
/// with e = r · `divisor`⁻¹ chosen for it, meet the verdict of the reference.
#[track_caller]
fn agrees_on_factors<const N: usize>(
    algorithm: Algorithm,
    curve: &Naive<N>,
    scalar: u8,
    [base_factor, key_factor]: [Uint<N>; 2],
) {
    let order = curve.q.as_nz_ref();
    let key = private(algorithm, scalar);
    let point = curve.multiple(&Uint::from_u8(scalar), Some(curve.base));
    let sum = curve.sum(
        curve.multiple(&base_factor, Some(curve.base)),
        curve.multiple(&key_factor, point),
    );
    // z2 = −r/e and z1 = s/e, so that r decides e, and e decides s.
    let r = sum.map_or(Uint::from_u8(5), |(x, _)| x.rem(order));
    let inverse = key_factor
        .neg_mod(order)
        .invert_odd_mod(&curve.q)
        .into_option()
        .unwrap();
    let e = r.mul_mod(&inverse, order);
    let s = base_factor.mul_mod(&e, order);
    let signature = [octets(&r), octets(&s)].concat();
    let verdict = key.public_key().verify_digest(&octets(&e), &signature);
    assert_eq!(
        verdict.is_ok(),
        curve.verifies(e, [r, s], point),
        "{scalar} {base_factor:?} {key_factor:?}"
    );
    assert_eq!(verdict.is_ok(), sum.is_some());
}

#[track_caller]
fn agrees_where_sums_degenerate<const N: usize>(algorithm: Algorithm, curve: &Naive<N>) {
    let order = *curve.q.as_ref();
    for scalar in [1, 5_u8] {
        let d = Uint::from_u8(scalar);
        for key_factor in [1, 2, 17_u8].map(Uint::from_u8) {
            // Meets the same point, its opposite, twice it, and their neighbours.
            let product = d.wrapping_mul(&key_factor);
            for base_factor in [
                product,
                order.wrapping_sub(&product),
                product.wrapping_add(&product),
                product.wrapping_add(&Uint::ONE),
                order.wrapping_sub(&product).wrapping_sub(&Uint::ONE),
            ] {
                agrees_on_factors(algorithm, curve, scalar, [base_factor, key_factor]);
            }
        }
    }
}

#[test]
fn sums_of_equal_and_opposite_points_are_right_on_256_bits() {
    agrees_where_sums_degenerate(Algorithm::Gost2004, &CRYPTO_PRO_A);
}

/// Keys G and −G make nearly every partial sum a special case.
#[track_caller]
fn agrees_for_the_base_point_as_key<const N: usize>(algorithm: Algorithm, curve: &Naive<N>) {
    let order = *curve.q.as_ref();
    let mut minus_one = octets(&order.wrapping_sub(&Uint::ONE));
    for _ in 0..2 {
        let key = SigningKey::new(algorithm, &minus_one).unwrap();
        let signature = key.sign(b"base point").unwrap();
        assert_eq!(key.public_key().verify(b"base point", &signature), Ok(()));
        assert_eq!(
            key.public_key().verify(b"base  point", &signature),
            Err(Refusal::Mismatch)
        );
        minus_one = octets(&Uint::<N>::ONE);
    }
    let (x, y) = curve.base;
    assert_eq!(private(algorithm, 1).public_octets(), pair((x, y)));
    for factor in [1, 3, 17_u8].map(Uint::from_u8) {
        for other in [factor, order.wrapping_sub(&factor)] {
            agrees_on_factors(algorithm, curve, 1, [factor, other]);
            agrees_on_factors(algorithm, curve, 1, [other, factor]);
        }
    }
}

#[test]
fn the_base_point_and_its_opposite_are_keys_like_others() {
    agrees_for_the_base_point_as_key(Algorithm::Gost2015With512, &TC26_512_A);
    agrees_for_the_base_point_as_key(Algorithm::Gost2015With256, &TC26_256_A);
    agrees_for_the_base_point_as_key(Algorithm::Gost2004, &CRYPTO_PRO_A);
}

#[test]
fn a_private_scalar_outside_the_order_is_refused() {
    for octets in [
        octets(&U256::ZERO),
        octets(CRYPTO_PRO_A.q.as_ref()),
        vec![1; 31],
        vec![1; 64],
    ] {
        let key = SigningKey::new(Algorithm::Gost2004, &octets);
        assert_eq!(key.err(), Some(Refusal::ScalarOutOfRange));
    }
}

#[test]
fn identifiers_that_do_not_belong_together_are_refused() {
    let of_key = Algorithm::of_key;
    assert_eq!(
        of_key(
            &oid::GOST_2015_512_KEY,
            &oid::GOST_2015_512_CURVE,
            &oid::STREEBOG_512
        ),
        Ok(Algorithm::Gost2015With512)
    );
    assert_eq!(
        of_key(
            &oid::GOST_2004_KEY,
            &oid::GOST_2004_CURVE,
            &oid::GOST_94_OF_KEY
        ),
        Ok(Algorithm::Gost2004)
    );
    assert_eq!(
        of_key(
            &oid::GOST_2004_SIGNATURE,
            &oid::GOST_2004_CURVE,
            &oid::GOST_94_OF_KEY
        ),
        Err(Refusal::UnknownAlgorithm)
    );
    assert_eq!(
        of_key(
            &oid::GOST_2015_256_KEY,
            &oid::GOST_2004_CURVE,
            &oid::STREEBOG_256
        ),
        Err(Refusal::WrongCurve)
    );
    assert_eq!(
        of_key(&oid::GOST_2004_KEY, &oid::GOST_2004_CURVE, &oid::GOST_94),
        Err(Refusal::WrongDigest)
    );
    assert_eq!(Hash::of(&oid::GOST_94), Some(Hash::Gost94));
    assert_eq!(Hash::of(&oid::GOST_94_OF_KEY), None);
    assert_eq!(Algorithm::of_signature(&oid::GOST_2015_512_KEY), None);
}
