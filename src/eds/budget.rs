//! What one verification may cost.

use std::collections::BTreeMap;

use super::{Digest, Fault};

/// Counts down the work of one verification, so that no input, however it was
/// made, costs more than its share: 50 ms on one core.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    signatures: u32,
    comparisons: u32,
    /// Signatures checked so far, by what was signed and by whom.
    checked: BTreeMap<(Digest, Digest), Once>,
}

/// A signature that is checked once however often it is asked about.
#[derive(Debug, Clone, Copy)]
struct Once {
    cost: u32,
    holds: bool,
}

/// What a piece of work has cost.
#[derive(Debug)]
pub(super) struct Bill {
    /// Signature checks, those beside left out.
    signatures: u32,
    comparisons: u32,
    /// Signatures that cost nothing where they were checked before.
    once: Vec<((Digest, Digest), Once)>,
}

impl Budget {
    /// Forty-eight signature checks (of up to a millisecond) and fifty thousand
    /// comparisons of names: far beyond any honest path, whose longest take about
    /// twenty and a few hundred.
    pub(super) fn new() -> Self {
        Self {
            signatures: 48,
            comparisons: 50_000,
            checked: BTreeMap::new(),
        }
    }

    /// With so much left.
    #[cfg(test)]
    pub(super) fn of(signatures: u32, comparisons: u32) -> Self {
        Self {
            signatures,
            comparisons,
            ..Self::new()
        }
    }

    /// What is left.
    #[cfg(test)]
    pub(super) fn rest(&self) -> (u32, u32) {
        (self.signatures, self.comparisons)
    }

    /// Spends one signature check.
    pub(super) fn signature(&mut self) -> Result<(), Fault> {
        self.signature_over(&[])
    }

    /// Spends one signature check, and one more for each sixteen KiB that are
    /// digested for it: with the slowest digest they take half a millisecond, and
    /// whoever sends many keys has them digested for each.
    pub(super) fn signature_over(&mut self, signed: &[u8]) -> Result<(), Fault> {
        self.spend(cost_over(signed))
    }

    fn spend(&mut self, signatures: u32) -> Result<(), Fault> {
        let rest = self.signatures.checked_sub(signatures);
        self.signatures = rest.ok_or(Fault::BudgetSpent)?;
        Ok(())
    }

    /// Whether the signature over `octets`, whose digest and signer are given,
    /// holds; spends one check over them unless it was made before.
    pub(super) fn once(
        &mut self,
        (signed, signer): (Digest, Digest),
        octets: &[u8],
        check: impl FnOnce() -> Result<bool, Fault>,
    ) -> Result<bool, Fault> {
        if let Some(known) = self.checked.get(&(signed, signer)) {
            return Ok(known.holds);
        }
        let cost = cost_over(octets);
        self.spend(cost)?;
        let holds = check()?;
        self.checked.insert((signed, signer), Once { cost, holds });
        Ok(holds)
    }

    /// Spends one comparison.
    pub(super) fn comparison(&mut self) -> Result<(), Fault> {
        self.comparisons = self.comparisons.checked_sub(1).ok_or(Fault::BudgetSpent)?;
        Ok(())
    }

    /// What was spent since it was as `before`; nothing when some of it may have
    /// been had for what was checked even earlier.
    pub(super) fn bill_since(&self, before: &Self) -> Option<Bill> {
        if !before.checked.is_empty() {
            return None;
        }
        let once: Vec<_> = self.checked.iter().map(|(&of, &once)| (of, once)).collect();
        let apart: u32 = once.iter().map(|(_, once)| once.cost).sum();
        Some(Bill {
            signatures: before.signatures - self.signatures - apart,
            comparisons: before.comparisons - self.comparisons,
            once,
        })
    }

    /// Spends what the same work would cost now, or nothing if there is not enough.
    #[must_use]
    pub(super) fn pay(&mut self, bill: &Bill) -> bool {
        let new = |(of, _): &&((Digest, Digest), Once)| !self.checked.contains_key(of);
        let apart: u32 = bill
            .once
            .iter()
            .filter(new)
            .map(|(_, once)| once.cost)
            .sum();
        let rest = (
            self.signatures.checked_sub(bill.signatures + apart),
            self.comparisons.checked_sub(bill.comparisons),
        );
        let (Some(signatures), Some(comparisons)) = rest else {
            return false;
        };
        (self.signatures, self.comparisons) = (signatures, comparisons);
        self.checked.extend(bill.once.iter().copied());
        true
    }
}

/// One check, and one more for each sixteen KiB.
fn cost_over(signed: &[u8]) -> u32 {
    let more = u32::try_from(signed.len() / (16 * 1024));
    more.unwrap_or(u32::MAX).saturating_add(1)
}
