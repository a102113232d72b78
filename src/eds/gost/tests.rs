//! What the GOST signatures promise.

mod edges;
mod naive;
mod national;
mod properties;
mod vectors;

use crypto_bigint::{Odd, U256, Uint};

use naive::{Naive, TC26_512_A};

/// Octets from hexadecimal digits.
#[track_caller]
fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<char> = digits.chars().filter(char::is_ascii_hexdigit).collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap())
        .collect()
}

/// The same number with the least significant octet first, as the formats want it.
fn reversed(digits: &str) -> Vec<u8> {
    hex(digits).into_iter().rev().collect()
}

/// Two numbers, each with the least significant octet first.
fn reversed_pair(first: &str, second: &str) -> Vec<u8> {
    [reversed(first), reversed(second)].concat()
}

fn octets<const N: usize>(number: &Uint<N>) -> Vec<u8> {
    number
        .to_words()
        .into_iter()
        .flat_map(u64::to_le_bytes)
        .collect()
}

const PRIME_256: Odd<U256> =
    Odd::<U256>::from_be_hex("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFD97");

const CRYPTO_PRO_A: Naive<4> = Naive {
    p: PRIME_256,
    a: U256::from_be_hex("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFD94"),
    q: Odd::<U256>::from_be_hex("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF6C611070995AD10045841B09B761B893"),
    base: (
        U256::ONE,
        U256::from_be_hex("8D91E471E0989CDA27DF505A453F2B7635294F2DDF23E3B122ACC99C9E9F1E14"),
    ),
};

const TC26_256_A: Naive<4> = Naive {
    p: PRIME_256,
    a: U256::from_be_hex("C2173F1513981673AF4892C23035A27CE25E2013BF95AA33B22C656F277E7335"),
    q: Odd::<U256>::from_be_hex("400000000000000000000000000000000FD8CDDFC87B6635C115AF556C360C67"),
    base: (
        U256::from_be_hex("91E38443A5E82C0D880923425712B2BB658B9196932E02C78B2582FE742DAA28"),
        U256::from_be_hex("32879423AB1A0375895786C4BB46E9565FDE0B5344766740AF268ADB32322E5C"),
    ),
};
