//! How long a GOST signature takes to verify, beside school arithmetic with
//! fractions on the same curve, key and signature.

use std::hint::black_box;

use criterion::Criterion;
use crypto_bigint::{U512, Uint};
use kelisim::eds::gost::{Algorithm, PublicKey, Refusal, signing::SigningKey};

use naive::TC26_512_A;

#[path = "../src/eds/gost/tests/naive.rs"]
mod naive;

const MESSAGE: &[u8] = &[0x5A; 2048];

fn main() -> Result<(), Refusal> {
    let mut criterion = Criterion::default().configure_from_args();
    let wide = SigningKey::new(Algorithm::Gost2015With512, &[0x35; 64])?;
    let narrow = SigningKey::new(Algorithm::Gost2015With256, &[0x35; 32])?;
    let old = SigningKey::new(Algorithm::Gost2004, &[0x35; 32])?;
    measure(&mut criterion, "gost 2015, 512 bits", &wide)?;
    measure(&mut criterion, "gost 2015, 256 bits", &narrow)?;
    measure(&mut criterion, "gost 2004", &old)?;
    measure_naive(&mut criterion, &wide)?;
    criterion.final_summary();
    Ok(())
}

fn measure(criterion: &mut Criterion, name: &str, key: &SigningKey) -> Result<(), Refusal> {
    let (public, octets) = (key.public_key(), key.public_octets());
    let algorithm = public.algorithm();
    let digest = algorithm.hash().digest(MESSAGE);
    let signature = key.sign(MESSAGE)?;
    let mut group = criterion.benchmark_group(name);
    group.bench_function("read the key", |bench| {
        bench.iter(|| PublicKey::parse(algorithm, black_box(octets)));
    });
    group.bench_function("verify a digest", |bench| {
        bench.iter(|| public.verify_digest(black_box(digest.as_ref()), &signature));
    });
    group.bench_function("read the key, verify 2 KiB", |bench| {
        bench.iter(|| PublicKey::parse(algorithm, octets)?.verify(black_box(MESSAGE), &signature));
    });
    group.bench_function("sign a digest", |bench| {
        bench.iter(|| key.sign_digest(black_box(digest.as_ref())));
    });
    group.finish();
    Ok(())
}

/// The same verification by the reference of the tests.
fn measure_naive(criterion: &mut Criterion, key: &SigningKey) -> Result<(), Refusal> {
    let digest = key.public_key().algorithm().hash().digest(MESSAGE);
    let signature = key.sign(MESSAGE)?;
    let (e, [r, s]) = (number(digest.as_ref()), halves(&signature));
    let [x, y] = halves(key.public_octets());
    let mut group = criterion.benchmark_group("gost 2015, 512 bits");
    group.sample_size(10);
    group.bench_function("naive, verify a digest", |bench| {
        bench.iter(|| TC26_512_A.verifies(black_box(e), [r, s], Some((x, y))));
    });
    group.finish();
    Ok(())
}

fn halves(octets: &[u8]) -> [U512; 2] {
    let (first, second) = octets.split_at(octets.len() / 2);
    [number(first), number(second)]
}

fn number(octets: &[u8]) -> U512 {
    Uint::from_le_slice(octets)
}
