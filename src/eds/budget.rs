//! What one verification may cost.

use std::collections::BTreeMap;

use super::{Digest, Fault};

/// Counts down the work of one verification, so that no input, however it was
/// made, costs more than its share: 50 ms on one core.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    signatures: u32,
    comparisons: u32,
    /// Signatures checked so far, by what was signed and by whom, and whether they held.
    checked: BTreeMap<(Digest, Digest), bool>,
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

    /// Spends one signature check.
    pub(super) fn signature(&mut self) -> Result<(), Fault> {
        self.signature_over(&[])
    }

    /// Spends one signature check, and one more for each sixteen KiB that are
    /// digested for it: with the slowest digest they take half a millisecond, and
    /// whoever sends many keys has them digested for each.
    pub(super) fn signature_over(&mut self, signed: &[u8]) -> Result<(), Fault> {
        let cost = u32::try_from(signed.len() / (16 * 1024))
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        self.signatures = self
            .signatures
            .checked_sub(cost)
            .ok_or(Fault::BudgetSpent)?;
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
        if let Some(&holds) = self.checked.get(&(signed, signer)) {
            return Ok(holds);
        }
        self.signature_over(octets)?;
        let holds = check()?;
        self.checked.insert((signed, signer), holds);
        Ok(holds)
    }

    /// Spends one comparison.
    pub(super) fn comparison(&mut self) -> Result<(), Fault> {
        self.comparisons = self.comparisons.checked_sub(1).ok_or(Fault::BudgetSpent)?;
        Ok(())
    }
}
