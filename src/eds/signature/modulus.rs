//! What no honest RSA modulus has: a small factor, or the traces of a generator
//! whose keys can be factored.

/// Odd primes in groups whose products fit into 32 bits, those first that tell
/// most moduli from the weak ones.
const PRIMES: [&[u64]; 8] = [
    &[11, 13, 17, 19, 3, 5, 7, 23, 29],
    &[31, 37, 41, 43, 47],
    &[53, 59, 61, 67, 71],
    &[73, 79, 83, 89, 97],
    &[101, 103, 107, 109],
    &[113, 127, 131, 137],
    &[139, 149, 151, 157],
    &[163, 167],
];

/// The product of the first group, known to the compiler: dividing by it is
/// nearly all the work.
const FIRST: u64 = 3_234_846_615;

/// Why the modulus, in octets without a sign, is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weakness {
    /// Two or a prime up to 29 divides it.
    SmallFactor,
    /// Modulo each prime up to 167 it is a power of 65537: so are the moduli of
    /// CVE-2017-15361 ("ROCA"), and one of two hundred million others.
    Roca,
}

pub(super) fn weakness(modulus: &[u8]) -> Option<Weakness> {
    let [first, others @ ..] = PRIMES;
    let rest = remainder(modulus, FIRST);
    let even = modulus.last().is_none_or(|octet| octet % 2 == 0);
    if even || first.iter().any(|prime| rest.is_multiple_of(*prime)) {
        return Some(Weakness::SmallFactor);
    }
    let traces =
        |rest: u64, group: &[u64]| group.iter().all(|&prime| is_trace(rest % prime, prime));
    let roca = traces(rest, first)
        && others
            .iter()
            .all(|group| traces(remainder(modulus, group.iter().product()), group));
    roca.then_some(Weakness::Roca)
}

/// Whether 65537 has a power that leaves this rest.
fn is_trace(rest: u64, prime: u64) -> bool {
    let powers = std::iter::successors(Some(1), |power| Some(power * 65537 % prime));
    // From then on they repeat.
    let all = powers
        .enumerate()
        .take_while(|&(place, power)| place == 0 || power != 1);
    all.into_iter().any(|(_, power)| power == rest)
}

/// Four octets at a time; the divisor has at most 32 bits.
#[inline]
fn remainder(number: &[u8], divisor: u64) -> u64 {
    let (head, words) = number.as_rchunks::<4>();
    let head = head
        .iter()
        .fold(0, |rest: u64, &octet| rest << 8 | u64::from(octet));
    words.iter().fold(head % divisor, |rest, &word| {
        (rest << 32 | u64::from(u32::from_be_bytes(word))) % divisor
    })
}

#[cfg(test)]
pub(in super::super) mod tests {
    use super::*;

    /// A modulus with the traces: 65537 to the 128th.
    pub(in super::super::super) fn traced() -> Vec<u8> {
        let times = |number: Vec<u8>, _| {
            let shifted = [number.as_slice(), &[0, 0]].concat();
            let own = [&[0, 0], number.as_slice()].concat();
            let mut carry = 0;
            let mut sum: Vec<u8> = Vec::new();
            for (one, other) in shifted.iter().zip(&own).rev() {
                let digit = u16::from(*one) + u16::from(*other) + carry;
                sum.insert(0, digit.to_be_bytes()[1]);
                carry = digit >> 8;
            }
            sum
        };
        (0..128).fold(vec![1], times)
    }

    #[test]
    fn the_first_product_is_that_of_the_first_group() {
        assert_eq!(PRIMES[0].iter().product::<u64>(), FIRST);
        let products = PRIMES.iter().map(|group| group.iter().product::<u64>());
        assert!(products.into_iter().all(|product| product < 1 << 32));
        let divides = |prime: u64, divisor: u64| prime.is_multiple_of(divisor);
        let mut primes: Vec<u64> = PRIMES.concat();
        primes.sort_unstable();
        let odd = (3..=167).filter(|&n| !(2..n).any(|divisor| divides(n, divisor)));
        assert_eq!(primes, odd.collect::<Vec<_>>());
    }

    #[test]
    fn row_54_small_factors_are_found() {
        for factor in [2, 3, 5, 7, 11, 13, 17, 19, 23, 29u64] {
            let multiple = (factor * 0x1_0000_000f).to_be_bytes();
            assert_eq!(weakness(&multiple), Some(Weakness::SmallFactor), "{factor}");
        }
        assert_eq!(weakness(&(31 * 0x1_0000_000fu64).to_be_bytes()), None);
        assert_eq!(weakness(&[]), Some(Weakness::SmallFactor));
    }

    #[test]
    fn row_54_a_modulus_of_cve_2017_15361_is_found() {
        let traced = traced();
        assert_eq!(weakness(&traced), Some(Weakness::Roca));
        // Two more, and some prime has a rest that no power leaves.
        let mut other = traced;
        let last = other.last_mut().expect("octets");
        *last = last.wrapping_add(2);
        assert_ne!(weakness(&other), Some(Weakness::Roca));
    }
}
