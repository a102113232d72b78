//! Ten thousand mutated inputs for each reader of foreign bytes: none makes it panic,
//! none costs more than its share, and no stranger's change passes for what was signed.
//!
//! Everything follows from the number of the input, so a finding repeats itself; its
//! octets are left in the folder `mutated` of the target directory as a file that
//! `cargo fuzz` reads too. `cargo xtask fuzz` runs the same for as long as one likes,
//! in release, where the limit of time is that of production.

mod chance;
mod entries;
mod forging;
mod mutation;
mod seeds;
mod tree;

use std::{
    env, fs,
    panic::{self, AssertUnwindSafe},
    path::PathBuf,
    time::{Duration, Instant},
};

use crate::eds;
use entries::{ENTRIES, Seen, split};
use forging::{Bred, bred};

/// How many inputs each target gets unless [`MORE`] says otherwise.
const INPUTS: u64 = 10_000;
const MORE: &str = "KELISIM_MUTATED_INPUTS";

/// No input costs more (debug builds are some twenty times slower).
const LIMIT: Duration = if cfg!(debug_assertions) {
    Duration::from_millis(1_000)
} else {
    Duration::from_millis(50)
};

/// What the process may grow by while a target runs, in KiB.
const GROWTH: u64 = 256 * 1024;

/// One input of so many is judged twice.
const TWICE: u64 = 8;

type Entry = fn(&[Vec<u8>]) -> Seen;

/// What a run saw.
#[derive(Debug, Default)]
struct Tally {
    inputs: u64,
    signature_checked: u64,
    passed: u64,
    slowest: Duration,
}

#[test]
fn certificates_bear_any_change() {
    run("certificate");
}

#[test]
fn revocation_lists_bear_any_change() {
    run("crl");
}

#[test]
fn answers_of_responders_bear_any_change() {
    run("ocsp");
}

#[test]
fn messages_bear_any_change() {
    run("cms");
}

#[test]
fn time_stamps_bear_any_change() {
    run("token");
}

#[test]
fn xml_documents_bear_any_change() {
    run("xml");
}

#[test]
fn whole_verifications_bear_any_change_and_most_reach_the_signature() {
    let tally = run("verify");
    assert!(
        tally.signature_checked * 10 >= tally.inputs * 3,
        "{tally:?}"
    );
}

#[test]
fn parts_survive_the_file() {
    let parts = vec![vec![1, 2, 3], vec![], vec![4; 70_000]];
    assert_eq!(split(&joined(&parts)), parts);
    assert_eq!(split(&[0, 0, 9, 1]), [[1]]);
}

/// Where `cargo fuzz` begins; `cargo xtask fuzz` tells it so.
#[test]
fn seeds_are_left_for_the_fuzzer() {
    for (target, _) in ENTRIES {
        let place = folder().join("seeds").join(target);
        fs::create_dir_all(&place).expect("a folder");
        for (number, seed) in seeds::of(target).iter().enumerate() {
            fs::write(place.join(number.to_string()), joined(&seed.parts)).expect("a file");
        }
    }
}

/// Gives the target its seeds, then what is bred from them.
#[track_caller]
fn run(target: &str) -> Tally {
    let (_, entry) = *ENTRIES
        .iter()
        .find(|(name, _)| *name == target)
        .expect("a target");
    let seeds = seeds::of(target);
    let claims: Vec<_> = seeds
        .iter()
        .flat_map(|seed| entry(&seed.parts).claims)
        .collect();
    let others: Vec<_> = seeds.iter().flat_map(|seed| seed.parts.clone()).collect();
    let before = peak();
    let mut tally = Tally::default();
    for number in 0..inputs() {
        let bred = bred(&seeds, &others, number);
        let name = format!("{target}-{number}");
        let seen = judged(entry, &bred, &name, &mut tally);
        demand_true(&claims, &bred, &seen, &name);
        if number % TWICE == 0 {
            let again = entry(&bred.parts);
            kept(
                again == seen,
                &bred,
                &name,
                "another answer the second time",
            );
        }
    }
    assert!(peak().saturating_sub(before) < GROWTH, "memory: {tally:?}");
    println!("{target}: {tally:?}");
    tally
}

fn judged(entry: Entry, bred: &Bred, name: &str, tally: &mut Tally) -> Seen {
    let begun = Instant::now();
    let seen = panic::catch_unwind(AssertUnwindSafe(|| entry(&bred.parts)));
    let cost = fastest(entry, bred, begun.elapsed());
    kept(seen.is_ok(), bred, name, "a panic");
    kept(cost < LIMIT, bred, name, "too much time");
    let seen = seen.unwrap_or_default();
    tally.inputs += 1;
    tally.signature_checked += u64::from(seen.signature_checked);
    tally.passed += u64::from(!seen.claims.is_empty());
    tally.slowest = tally.slowest.max(cost);
    seen
}

/// What the input costs when nothing else keeps the machine busy: of a cost that
/// looks too high, the least of several, in time of the processor where the system
/// tells it.
fn fastest(entry: Entry, bred: &Bred, first: Duration) -> Duration {
    (0..20).fold(first, |least, _| {
        if least < LIMIT {
            return least;
        }
        let (begun, used) = (Instant::now(), used());
        let _ = panic::catch_unwind(AssertUnwindSafe(|| entry(&bred.parts)));
        let passed = begun.elapsed();
        let worked = self::used().zip(used).map(|(after, before)| after - before);
        least.min(worked.unwrap_or(passed)).min(passed)
    })
}

/// For how long this thread has been at work.
fn used() -> Option<Duration> {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = told.split(' ').next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// What a stranger changed passes only for what was signed once: a genuine answer
/// of another seed may be lent.
#[track_caller]
fn demand_true(claims: &[String], bred: &Bred, seen: &Seen, name: &str) {
    let new = |claim: &String| !claims.contains(claim);
    let forged = !bred.signed_again && seen.claims.iter().any(new);
    kept(!forged, bred, name, "what nobody signed passed");
}

/// Keeps the input of a finding and fails.
#[track_caller]
fn kept(holds: bool, bred: &Bred, name: &str, finding: &str) {
    if holds {
        return;
    }
    let path = folder().join(name);
    fs::create_dir_all(folder()).expect("a folder");
    fs::write(&path, joined(&bred.parts)).expect("a file");
    panic!("{finding}: {}", path.display());
}

/// The parts of an input as one file: each after its length in three octets.
fn joined(parts: &[Vec<u8>]) -> Vec<u8> {
    let part = |part: &Vec<u8>| {
        let [.., high, mid, low] = part.len().to_be_bytes();
        [&[high, mid, low], part.as_slice()].concat()
    };
    parts.iter().flat_map(part).collect()
}

/// The folder `mutated` of the target directory.
fn folder() -> PathBuf {
    let own = env::current_exe().expect("the path of the test");
    let target = own.ancestors().nth(3).expect("a target directory");
    target.join("mutated")
}

#[expect(
    clippy::disallowed_methods,
    reason = "a run may be made longer without another build"
)]
fn inputs() -> u64 {
    env::var(MORE).map_or(INPUTS, |number| number.parse().expect("a number"))
}

/// The most memory the process ever had, in KiB; 0 where nobody says.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or_default()
}
