//! What one step cost, and the middle of many.

use std::time::Instant;

use kelisim::pki;

use crate::processor::Threads;
use crate::service::Service;

/// What a step cost.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    /// In milliseconds, from the request to its answer.
    wall: f64,
    /// In milliseconds of the service's threads.
    processor: f64,
    /// Questions to responders.
    ocsp: u64,
    /// Questions to time-stamp authorities.
    time_stamps: u64,
}

/// Measures step after step.
#[derive(Default)]
pub(crate) struct Meter(Vec<Cost>);

impl Meter {
    /// Measures one more step.
    pub(crate) async fn step<T>(&mut self, service: &Service, step: impl Future<Output = T>) -> T {
        let asked = |of| service.authority.requests(of);
        let before = [pki::Service::Ocsp, pki::Service::TimeStamps].map(asked);
        let (threads, begun) = (Threads::now(), Instant::now());
        let done = step.await;
        let wall = begun.elapsed().as_secs_f64() * 1e3;
        let processor = Threads::now().since(&threads) as f64 / 1e6;
        let after = [pki::Service::Ocsp, pki::Service::TimeStamps].map(asked);
        self.0.push(Cost {
            wall,
            processor,
            ocsp: after[0] - before[0],
            time_stamps: after[1] - before[1],
        });
        done
    }

    pub(crate) fn last(&self) -> Cost {
        *self.0.last().unwrap()
    }

    pub(crate) fn costs(&self) -> impl Iterator<Item = Cost> {
        self.0.iter().copied()
    }

    /// The milliseconds of all steps together.
    pub(crate) fn processor(&self) -> f64 {
        self.0.iter().map(|cost| cost.processor).sum()
    }
}

/// The same step, many times.
#[derive(Default)]
pub(crate) struct Costs(Vec<Cost>);

impl Costs {
    pub(crate) fn add(&mut self, cost: Cost) {
        self.0.push(cost);
    }

    pub(crate) fn show(&self, name: &str) {
        let of = |part: fn(&Cost) -> f64| median(&self.0.iter().map(part).collect::<Vec<_>>());
        println!(
            "  {name:<46}{:>10.2}{:>12.2}{:>8}{:>8}",
            of(|cost| cost.wall),
            of(|cost| cost.processor),
            of(|cost| cost.ocsp as f64),
            of(|cost| cost.time_stamps as f64),
        );
    }
}

/// The middle value.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
