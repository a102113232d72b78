//! Contenders by turns, so that whatever else the machine does hits all alike.

use std::hint::black_box;

use crate::peer::cpu;

/// How often all contenders take their turn.
pub(crate) const ROUNDS: usize = 9;
/// How long one turn is, in nanoseconds of CPU time.
const TURN: u64 = 150_000_000;

/// One way of verifying; it is given the number of the call.
pub(crate) struct Contender<'a> {
    pub(crate) name: &'static str,
    verify: Box<dyn FnMut(usize) -> bool + 'a>,
    calls: usize,
    /// Nanoseconds of CPU time for each call, one value for each round.
    pub(crate) costs: Vec<f64>,
}

impl<'a> Contender<'a> {
    pub(crate) fn new(name: &'static str, verify: impl FnMut(usize) -> bool + 'a) -> Self {
        Self {
            name,
            verify: Box::new(verify),
            calls: 0,
            costs: Vec::new(),
        }
    }

    fn turn(&mut self, length: u64) -> f64 {
        let (start, first) = (cpu(), self.calls);
        loop {
            for _ in 0..8 {
                assert!(black_box((self.verify)(self.calls)), "{} fails", self.name);
                self.calls += 1;
            }
            let spent = cpu() - start;
            if spent >= length {
                return spent as f64 / (self.calls - first) as f64;
            }
        }
    }
}

/// Lets each have its turns; the first, short one warms up and does not count.
pub(crate) fn by_turns(contenders: &mut [Contender<'_>]) {
    for contender in contenders.iter_mut() {
        contender.turn(TURN / 5);
    }
    for _ in 0..ROUNDS {
        for contender in contenders.iter_mut() {
            let cost = contender.turn(TURN);
            contender.costs.push(cost);
        }
    }
}

/// The middle value, and how far the outer ones are from it in per cent.
pub(crate) fn median(values: &[f64]) -> (f64, f64) {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted[sorted.len() / 2];
    let spread = (sorted[sorted.len() - 1] - sorted[0]) / 2.0 / middle;
    (middle, spread * 100.0)
}
