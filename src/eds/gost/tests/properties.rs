//! Laws that hold for every number, checked on random ones.

use crypto_bigint::{U256, U512, Uint};
use proptest::prelude::*;

use super::naive::{Naive, Point};
use super::{CRYPTO_PRO_A, TC26_256_A, TC26_512_A, octets};
use crate::eds::gost::curve::{self, Curve};
use crate::eds::gost::field::Element;
use crate::eds::gost::point::{Affine, Jacobian};
use crate::eds::gost::signing::SigningKey;
use crate::eds::gost::{Algorithm, Refusal};

/// Any number, with runs of zeros and ones more often than chance has them.
fn number<const N: usize>() -> impl Strategy<Value = Uint<N>> {
    let word = prop_oneof![
        4 => any::<u64>(),
        1 => Just(0),
        1 => Just(u64::MAX),
        1 => (0_u32..64).prop_map(|shift| u64::MAX << shift),
        1 => 0_u64..700,
        1 => (0_u64..700).prop_map(|below| u64::MAX - below),
    ];
    prop::collection::vec(word, N).prop_map(|words| {
        let mut all = [0; N];
        all.copy_from_slice(&words);
        Uint::from_words(all)
    })
}

fn algorithm() -> impl Strategy<Value = Algorithm> {
    prop_oneof![
        Just(Algorithm::Gost2015With512),
        Just(Algorithm::Gost2015With256),
        Just(Algorithm::Gost2004),
    ]
}

/// The field agrees with division by the prime.
fn field_agrees<const N: usize, const C: u64>(
    curve: &Naive<N>,
    [x, y]: [Uint<N>; 2],
) -> Result<(), TestCaseError> {
    let p = curve.p.as_nz_ref();
    let (a, b) = (Element::<N, C>::new(x), Element::<N, C>::new(y));
    let (x, y) = (x.rem(p), y.rem(p));
    prop_assert_eq!(a.canonical(), x);
    prop_assert_eq!(a.plus(&b).canonical(), x.add_mod(&y, p));
    prop_assert_eq!(a.minus(&b).canonical(), x.sub_mod(&y, p));
    prop_assert_eq!(a.negated().canonical(), x.neg_mod(p));
    prop_assert_eq!(a.times(&b).canonical(), x.mul_mod(&y, p));
    prop_assert_eq!(a.squared().canonical(), x.mul_mod(&x, p));
    prop_assert_eq!(a.equals(&b), x == y);
    prop_assert!(a.plus(&b).minus(&b).equals(&a));
    prop_assert_eq!(Element::<N, C>::below_modulus(x).is_some(), true);
    if x != Uint::ZERO {
        prop_assert_eq!(a.inverted(&curve.p).times(&a).canonical(), Uint::ONE);
    }
    Ok(())
}

fn coordinates<const N: usize, const C: u64>(curve: &Naive<N>, point: &Jacobian<N, C>) -> Point<N> {
    (!point.is_infinity()).then(|| {
        let affine = point.scaled(&point.z.inverted(&curve.p));
        (affine.x.canonical(), affine.y.canonical())
    })
}

/// Sums and multiples agree with the reference.
fn combination_agrees<const N: usize, const C: u64>(
    fast: &'static Curve<N, C>,
    curve: &Naive<N>,
    [base_factor, key_factor, scalar]: [Uint<N>; 3],
) -> Result<(), TestCaseError> {
    let order = curve.q.as_nz_ref();
    let scalar = scalar.rem(order).max(Uint::ONE);
    let key = curve.multiple(&scalar, Some(curve.base));
    let (x, y) = key.unwrap();
    let affine = Affine {
        x: Element::new(x),
        y: Element::new(y),
    };
    let multiples = fast.multiples_of(&affine);
    let sum = fast.combination(&base_factor, &key_factor, &multiples);
    let expected = curve.sum(
        curve.multiple(&base_factor, Some(curve.base)),
        curve.multiple(&key_factor, key),
    );
    prop_assert_eq!(coordinates(curve, &sum), expected);
    let base = fast.base_times(&base_factor);
    let base = base.map(|point| (point.x.canonical(), point.y.canonical()));
    prop_assert_eq!(base, curve.multiple(&base_factor, Some(curve.base)));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_field_of_512_bits_agrees_with_division(x in number::<8>(), y in number::<8>()) {
        field_agrees::<8, 569>(&TC26_512_A, [x, y])?;
        // The sums and products nearest to the prime.
        let top = U512::MAX.wrapping_sub(&U512::from_u64(x.to_words()[0] % 700));
        field_agrees::<8, 569>(&TC26_512_A, [top, y])?;
        field_agrees::<8, 569>(&TC26_512_A, [top, top])?;
    }

    #[test]
    fn the_field_of_256_bits_agrees_with_division(x in number::<4>(), y in number::<4>()) {
        field_agrees::<4, 617>(&CRYPTO_PRO_A, [x, y])?;
        let top = U256::MAX.wrapping_sub(&U256::from_u64(x.to_words()[0] % 700));
        field_agrees::<4, 617>(&CRYPTO_PRO_A, [top, y])?;
        field_agrees::<4, 617>(&CRYPTO_PRO_A, [top, top])?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(4)
    })]

    #[test]
    fn multiples_agree_with_the_reference(
        wide in prop::array::uniform3(number::<8>()),
        narrow in prop::array::uniform3(number::<4>()),
    ) {
        combination_agrees(&curve::TC26_512_A, &TC26_512_A, wide)?;
        combination_agrees(&curve::TC26_256_A, &TC26_256_A, narrow)?;
        combination_agrees(&curve::CRYPTO_PRO_A, &CRYPTO_PRO_A, narrow)?;
    }

    #[test]
    fn what_a_key_signs_only_this_key_verifies(
        algorithm in algorithm(),
        scalar in prop::collection::vec(1_u8..0x40, 64),
        message in prop::collection::vec(any::<u8>(), 0..300),
        place in any::<prop::sample::Index>(),
        bit in 0_u32..8,
    ) {
        let length = algorithm.hash().digest(b"").as_ref().len();
        let key = SigningKey::new(algorithm, &scalar[..length]).unwrap();
        let signature = key.sign(&message).unwrap();
        prop_assert_eq!(key.public_key().verify(&message, &signature), Ok(()));
        prop_assert_eq!(&key.sign(&message).unwrap(), &signature);

        let mut tampered = signature.clone();
        tampered[place.index(signature.len())] ^= 1 << bit;
        prop_assert!(key.public_key().verify(&message, &tampered).is_err());
        let mut swapped = signature[length..].to_vec();
        swapped.extend_from_slice(&signature[..length]);
        prop_assert!(key.public_key().verify(&message, &swapped).is_err());
        let longer = [&message[..], &[0]].concat();
        prop_assert_eq!(key.public_key().verify(&longer, &signature), Err(Refusal::Mismatch));
        let other = SigningKey::new(algorithm, &octets(&U512::from_u8(2))[..length]).unwrap();
        prop_assert_eq!(other.public_key().verify(&message, &signature), Err(Refusal::Mismatch));
    }
}
