//! The contenders of one chain, and what is printed about them.

use std::path::Path;

use kelisim::eds::{self, Content, Moment, Policy, Trust};

use crate::{
    material::{Chain, Checks, Failure, Material, now},
    measure::{Contender, ROUNDS, by_turns, median},
    peer::{self, Store},
};

/// So many signers that none is still remembered when his turn comes again.
const SIGNERS: u32 = 64;
/// Room for issuers and lists, but not for all signers.
const MEMORY: usize = 16;

/// What is measured, in this order.
#[derive(Clone, Copy)]
enum Way {
    Fresh,
    Read,
    Cached,
    Returning,
    LimitAll,
    LimitCached,
    LimitReturning,
    OpensslFresh,
    OpensslRead,
}

/// Measures one chain and prints its table.
pub(crate) fn print(chain: Chain, folder: &Path) -> Result<(), Failure> {
    let material = Material::new(chain, SIGNERS, folder)?;
    let policy = Policy::national();
    let trust = trust(&material)?;
    let (issuers, everything) = (
        trust.clone().remembering(MEMORY),
        trust.clone().remembering(1024),
    );
    let store = Store::new(&material).filter(|_| chain != Chain::Gost);
    let document = Content::Detached(&material.document);
    let moment = Moment::at(now());
    let message = |call: usize| &material.messages[call % material.messages.len()];
    let holds = |trust: &Trust, call| {
        let verdict = eds::verify(message(call), document, trust, &policy, moment);
        verdict
            .inspect_err(|report| eprintln!("{:?}", report.reason))
            .is_ok()
    };
    let mut contenders = vec![
        Contender::new("Kelisim, everything read and checked anew", |call| {
            self::trust(&material).is_ok_and(|trust| holds(&trust, call))
        }),
        Contender::new("Kelisim, trust read once", |call| holds(&trust, call)),
        Contender::new("Kelisim, issuers and lists remembered", |call| {
            holds(&issuers, call)
        }),
        Contender::new("Kelisim, returning certificate", |call| {
            holds(&everything, call)
        }),
        Contender::new("limit: five signatures", |_| material.holds(Checks::All)),
        Contender::new("limit: two signatures", |_| material.holds(Checks::Cached)),
        Contender::new("limit: one signature", |_| {
            material.holds(Checks::Returning)
        }),
    ];
    if let Some(store) = &store {
        let fresh = |call| peer::verify_fresh(&material, message(call));
        let read = |call| store.verify(message(call), &material.document);
        contenders.push(Contender::new("OpenSSL, everything read anew", fresh));
        contenders.push(Contender::new("OpenSSL, store filled once", read));
    }
    by_turns(&mut contenders);
    println!(
        "\n{chain:?}: {} rounds by turns, CPU time of one thread",
        ROUNDS
    );
    contenders.iter().for_each(show);
    ratios(&contenders);
    Ok(())
}

fn trust(material: &Material) -> Result<Trust, eds::TrustError> {
    Trust::new(
        &[&material.anchor],
        &[&material.authority],
        &material.lists.each_ref(),
    )
}

fn show(contender: &Contender<'_>) {
    let (cost, spread) = median(&contender.costs);
    println!(
        "  {:<44}{:>9.1} us {:>9.0}/s  ±{spread:.1} %",
        contender.name,
        cost / 1000.0,
        1e9 / cost,
    );
}

fn ratios(contenders: &[Contender<'_>]) {
    let speed =
        |of: Way, to: Way| paired(contenders.get(of as usize)?, contenders.get(to as usize)?);
    let lines = [
        (
            "fresh / OpenSSL fresh",
            speed(Way::Fresh, Way::OpensslFresh),
        ),
        (
            "trust read once / OpenSSL store filled once",
            speed(Way::Read, Way::OpensslRead),
        ),
        (
            "issuers remembered / OpenSSL fresh",
            speed(Way::Cached, Way::OpensslFresh),
        ),
        (
            "issuers remembered / OpenSSL store filled once",
            speed(Way::Cached, Way::OpensslRead),
        ),
        ("fresh / limit", speed(Way::Fresh, Way::LimitAll)),
        ("trust read once / limit", speed(Way::Read, Way::LimitAll)),
        (
            "issuers remembered / limit",
            speed(Way::Cached, Way::LimitCached),
        ),
        (
            "returning certificate / limit",
            speed(Way::Returning, Way::LimitReturning),
        ),
    ];
    for (name, ratio) in lines {
        if let Some((ratio, spread)) = ratio {
            println!("  {name:<48}{ratio:>7.3} ±{spread:.1} %");
        }
    }
    let beside = |of: Way, limit: Way| {
        let (one, other) = (
            contenders.get(of as usize)?,
            contenders.get(limit as usize)?,
        );
        Some((median(&one.costs).0 - median(&other.costs).0) / 1000.0)
    };
    for (name, extra) in [
        ("fresh", beside(Way::Fresh, Way::LimitAll)),
        ("trust read once", beside(Way::Read, Way::LimitAll)),
        ("issuers remembered", beside(Way::Cached, Way::LimitCached)),
        (
            "returning certificate",
            beside(Way::Returning, Way::LimitReturning),
        ),
    ] {
        let extra = extra.unwrap_or_default();
        println!("  everything but signatures, {name:<24}{extra:>6.1} us");
    }
}

/// How many times faster the one is than the other, round by round.
fn paired(one: &Contender<'_>, other: &Contender<'_>) -> Option<(f64, f64)> {
    let pairs = one.costs.iter().zip(&other.costs);
    let ratios: Vec<f64> = pairs.map(|(own, theirs)| theirs / own).collect();
    (!ratios.is_empty()).then(|| median(&ratios))
}
