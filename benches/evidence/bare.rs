//! What the verification of a raised consent costs alone, beside the rest.

use std::hint::black_box;
use std::time::Instant;

use kelisim::eds::{self, Content, Moment, Policy, Trust};

use crate::cost::median;
use crate::scene::{Scene, Stored};

const ROUNDS: usize = 101;

/// Verifies the last consent by what its signature carries.
pub(crate) async fn show(scene: &Scene) {
    let (stored, now) = (scene.stored().await, scene.service.now());
    let moment = Moment {
        issued: Some(stored.issued_at),
        received: stored.received_at,
        now,
    };
    let (policy, trust) = (Policy::lasting(), scene.trust());
    let anew = timed(|| holds(&stored, &scene.trust().anchors_only(), &policy, moment));
    let trusted = trust.anchors_only();
    let again = timed(|| holds(&stored, &trusted, &policy, moment));
    let content = Content::Detached(&stored.document);
    let received =
        timed(|| eds::receive(black_box(&stored.cms), content, &trust, &policy, moment).is_ok());
    println!(
        "  {:<46}{anew:>22.2}",
        "verified alone, trust read anew, ms"
    );
    println!(
        "  {:<46}{again:>22.2}",
        "verified alone, everything remembered, ms"
    );
    println!(
        "  {:<46}{received:>22.2}",
        "checked on receipt alone, remembered, ms"
    );
}

fn holds(stored: &Stored, trust: &Trust, policy: &Policy, moment: Moment) -> bool {
    let content = Content::Detached(&stored.document);
    eds::verify(black_box(&stored.augmented), content, trust, policy, moment).is_ok()
}

/// The middle of many rounds, in milliseconds.
fn timed(mut work: impl FnMut() -> bool) -> f64 {
    let rounds = (0..ROUNDS).map(|_| {
        let begun = Instant::now();
        assert!(black_box(work()), "the stored consent does not hold");
        begun.elapsed().as_secs_f64() * 1e3
    });
    median(&rounds.collect::<Vec<_>>())
}
