//! How long the verification of a consent's signature takes: everything anew,
//! with issuers and lists remembered, and for a certificate that returns.

use std::{hint::black_box, path::Path};

use criterion::Criterion;
use kelisim::eds::{self, Content, Moment, Policy, Trust};

use material::{Chain, Checks, Failure, Material, now};

mod material;

/// So many signers that none is still remembered when his turn comes again.
const SIGNERS: u32 = 64;
/// Room for issuers and lists, but not for all signers.
const ISSUERS: usize = 16;
/// Room for all.
const ALL: usize = 1024;

fn main() -> Result<(), Failure> {
    let mut criterion = Criterion::default().configure_from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("var/bench");
    for (name, chain) in [
        ("rsa 4096 and 2048", Chain::Rsa),
        ("p-256", Chain::P256),
        ("gost 2015, 512 bits", Chain::Gost),
    ] {
        measure(
            &mut criterion,
            name,
            &Material::new(chain, SIGNERS, &folder)?,
        )?;
    }
    criterion.final_summary();
    Ok(())
}

fn measure(criterion: &mut Criterion, name: &str, material: &Material) -> Result<(), Failure> {
    let policy = Policy::national();
    let read = || {
        let lists = material.lists.each_ref();
        Trust::new(&[&material.anchor], &[&material.authority], &lists)
    };
    let mut messages = material.messages.iter().cycle();
    let mut verify = |trust: &Trust| {
        let (message, moment) = (messages.next()?, Moment::at(now()));
        let content = Content::Detached(&material.document);
        eds::verify(black_box(message), content, trust, &policy, moment).ok()
    };
    let trust = read()?;
    let (issuers, all) = (
        trust.clone().remembering(ISSUERS),
        trust.clone().remembering(ALL),
    );
    verify(&trust).ok_or("the material does not verify")?;
    let mut group = criterion.benchmark_group(name);
    group.bench_function("everything anew", |bench| {
        bench.iter(|| read().map(|trust| verify(&trust)))
    });
    group.bench_function("trust read once", |bench| bench.iter(|| verify(&trust)));
    group.bench_function("issuers remembered", |bench| {
        bench.iter(|| verify(&issuers))
    });
    group.bench_function("returning certificate", |bench| bench.iter(|| verify(&all)));
    for (name, checks) in [
        ("limit: five signatures", Checks::All),
        ("limit: two signatures", Checks::Cached),
        ("limit: one signature", Checks::Returning),
    ] {
        group.bench_function(name, |bench| {
            bench.iter(|| material.holds(black_box(checks)))
        });
    }
    group.finish();
    Ok(())
}
