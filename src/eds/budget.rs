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
        self.signatures = self.signatures.checked_sub(1).ok_or(Fault::BudgetSpent)?;
        Ok(())
    }

    /// Whether a signature holds; spends one check unless it was made before.
    pub(super) fn once(
        &mut self,
        signed: Digest,
        signer: Digest,
        check: impl FnOnce() -> Result<bool, Fault>,
    ) -> Result<bool, Fault> {
        if let Some(&holds) = self.checked.get(&(signed, signer)) {
            return Ok(holds);
        }
        self.signature()?;
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
