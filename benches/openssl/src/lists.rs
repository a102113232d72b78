//! A revocation list of a million entries: how long it takes to read it with its
//! signature, what is held afterwards, how long one look takes.

use std::{hint::black_box, path::Path};

use kelisim::eds::{Digest, Policy, RevocationList, Trust};

use crate::{
    material::{
        Failure,
        der::{INTEGER, element},
        long::{LongList, serial},
        now,
    },
    measure::median,
    memory::{counted, resident},
    peer::{List, cpu},
};

const ENTRIES: u32 = 1_000_000;
const ROUNDS: usize = 7;
/// Looks in each round; every other one is at a certificate that is not revoked.
const LOOKS: u32 = 200_000;
const MIB: f64 = 1024.0 * 1024.0;

/// Measures and prints.
///
/// # Errors
/// When the list cannot be made or is not read.
pub(crate) fn print(folder: &Path) -> Result<(), Failure> {
    let made = LongList::new(ENTRIES, folder)?;
    println!(
        "a list of {} entries, {:.1} MB, signed with RSA 4096\n",
        made.entries,
        made.list.len() as f64 / 1e6
    );
    let (list, held, most) = counted(|| read(&made));
    let list = list?;
    let before = resident();
    let mut peer = List::new(&made.list, &made.authority).ok_or("OpenSSL reads no list")?;
    // Its first look sorts.
    peer.names(&element(INTEGER, &serial(0)));
    let theirs = resident().saturating_sub(before);
    let (mut ours_load, mut theirs_load) = (Vec::new(), Vec::new());
    let (mut ours_look, mut theirs_look) = (Vec::new(), Vec::new());
    let serials: Vec<_> = (0..LOOKS).map(asked).collect();
    for _ in 0..ROUNDS {
        ours_load.push(timed(|| read(&made).is_ok()) / 1e9);
        theirs_load.push(timed(|| {
            let list = List::new(&made.list, &made.authority);
            list.is_some_and(|mut list| list.names(&serials[0].1))
        }) / 1e9);
        let looked = timed(|| count(&serials, |serial, _| list.revoked_at(serial).is_some()));
        ours_look.push(looked / f64::from(LOOKS));
        let looked = timed(|| count(&serials, |_, integer| peer.names(integer)));
        theirs_look.push(looked / f64::from(LOOKS));
    }
    println!("{:<40}{:>12}{:>12}{:>12}", "", "Kelisim", "mark", "OpenSSL");
    row("loading with signature, s", &ours_load, "0.19", &theirs_load);
    row("one look, ns", &ours_look, "1000", &theirs_look);
    let (held, theirs, most) = (held as f64 / MIB, theirs as f64 / MIB, most as f64 / MIB);
    println!("{:<40}{held:>12.1}{:>12}{theirs:>12.1}", "held, MiB", "25");
    println!("{:<40}{most:>12.1}", "most while loading, beside the file, MiB");
    Ok(())
}

fn read(made: &LongList) -> Result<RevocationList, Failure> {
    let trust = Trust::new(&[&made.authority], &[], &[])?;
    let authority = Digest::of(&made.authority);
    let list = RevocationList::read(&made.list, &authority, &trust, &Policy::national(), now())?;
    Ok(list)
}

/// A serial number, by turns of a revoked certificate and of another, all over
/// the list; alone and as an INTEGER.
fn asked(number: u32) -> (Vec<u8>, Vec<u8>) {
    let place = number.wrapping_mul(2_654_435_761) % ENTRIES;
    let serial = serial(place + ENTRIES * (number % 2));
    let integer = element(INTEGER, &serial);
    (serial, integer)
}

/// Whether half of them are named.
fn count(serials: &[(Vec<u8>, Vec<u8>)], mut names: impl FnMut(&[u8], &[u8]) -> bool) -> bool {
    let named = serials
        .iter()
        .filter(|(serial, integer)| names(black_box(serial), black_box(integer)));
    named.count() * 2 == serials.len()
}

/// The nanoseconds of CPU time that `work` takes; it must succeed.
fn timed(work: impl FnOnce() -> bool) -> f64 {
    let start = cpu();
    assert!(black_box(work()), "a list says something else");
    (cpu() - start) as f64
}

fn row(what: &str, ours: &[f64], mark: &str, theirs: &[f64]) {
    let (ours, theirs) = (median(ours).0, median(theirs).0);
    let digits = if ours < 10.0 { 3 } else { 0 };
    println!("{what:<40}{ours:>12.digits$}{mark:>12}{theirs:>12.digits$}");
}
