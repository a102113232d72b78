//! What a consent costs with its evidence: over HTTP, with responders and a
//! time-stamp authority, on a database. Runs by `cargo xtask bench evidence`,
//! which starts the database.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a benchmark fails by panicking, as the tests do whose service it uses"
)]

#[path = "../../tests/it/material.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod material;
#[path = "../../tests/it/office.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod office;
#[path = "../../tests/it/registers.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod registers;
#[path = "../../tests/it/service.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod service;

mod bare;
mod cost;
mod processor;
mod scene;

use cost::{Costs, Meter};
use scene::Scene;

/// Consents with cold caches, and as many with warm ones.
const ROUNDS: usize = 25;

/// Who consents, by the family of his authority's keys.
const FAMILIES: [(&str, &str, &str); 3] = [
    ("RSA 2048", "resident-1", "owner-2"),
    ("ECDSA P-256", "resident-ecdsa", "owner-ecdsa"),
    ("GOST 34.10-2015, 512 bits", "resident-gost", "owner-gost"),
];

/// What a whole registration may take of the processor, in milliseconds; RSA.
const MARK: f64 = 4.0;

// One thread for everything that people do, so that it can be told from ours.
#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("{ROUNDS} rounds, medians; processor time of the service's threads alone\n");
    let mut taken = Vec::new();
    for (family, resident, owner) in FAMILIES {
        let scene = Scene::open(resident, owner).await;
        taken.push(print(family, &scene).await);
    }
    let reached = if taken[0] <= MARK {
        "reached"
    } else {
        "missed"
    };
    println!(
        "mark: a whole registration takes at most {MARK} ms of the processor with RSA: {reached}"
    );
}

/// Tells what the steps cost, and gives what a whole registration takes of the
/// processor.
async fn print(family: &str, scene: &Scene) -> f64 {
    let mut cold = Costs::default();
    let mut warm = Costs::default();
    let mut steps: [Costs; 4] = Default::default();
    let mut whole = Vec::new();
    // The first round opens connections and does not count.
    scene.consent_cold(&mut Meter::default()).await;
    for _ in 0..ROUNDS {
        let mut meter = Meter::default();
        scene.consent_cold(&mut meter).await;
        cold.add(meter.last());
        let mut meter = Meter::default();
        scene.consent_warm(&mut meter).await;
        warm.add(meter.last());
        whole.push(meter.processor());
        for (step, cost) in steps.iter_mut().zip(meter.costs()) {
            step.add(cost);
        }
    }
    println!("{family}");
    println!(
        "  {:<46}{:>10}{:>12}{:>8}{:>8}",
        "", "wall, ms", "CPU, ms", "OCSP", "TSA"
    );
    cold.show("last consent and registration, cold caches");
    warm.show("last consent and registration, warm caches");
    let names = [
        "application drafted",
        "application signed",
        "consent looked up, its document read",
    ];
    for (name, step) in names.iter().zip(&steps) {
        step.show(name);
    }
    let whole = cost::median(&whole);
    println!("  {:<46}{whole:>22.2}", "a whole registration, warm caches");
    scene.show_octets().await;
    bare::show(scene).await;
    println!();
    whole
}
