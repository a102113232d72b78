//! Since when a signature exists: the best signature time of
//! ETSI EN 319 102-1 section 5.5.

use chrono::TimeDelta;

use crate::eds::{
    Fault, Indication, Remark, StampWanted, TimeStamps, budget::Budget, cms::SignerInfo,
    ledger::Ledger, timestamp::Judge,
};

/// Lets the earliest time-stamp that holds stand in for the receipt.
pub(super) fn prove(
    info: &SignerInfo<'_>,
    judge: Judge<'_>,
    ledger: &mut Ledger,
    budget: &mut Budget,
) -> Result<(), Fault> {
    let Judge { policy, moment, .. } = judge;
    let demand = policy.rules().time_stamps.demand;
    if demand == TimeStamps::Ignored {
        return Ok(());
    }
    let proven = judge.tokens(info, &mut ledger.wants, budget)?;
    if proven.fault.is_some() {
        ledger.remark(Remark::TimeStampUnusable);
    }
    let Some(earliest) = proven.stamps.first() else {
        return match demand {
            TimeStamps::Required => {
                // A token of which only a status is missing may hold yet.
                if ledger.wants.is_empty() {
                    ledger.wants.time_stamp = Some(StampWanted::over(info)?);
                }
                Err(unproven(proven.fault))
            }
            TimeStamps::IfPresent | TimeStamps::Ignored => Ok(()),
        };
    };
    let skew = TimeDelta::seconds(policy.rules().clock_skew_seconds.into());
    let stamped = earliest.time();
    if moment.issued.is_some_and(|issued| issued - stamped > skew) {
        return Err(Fault::TimeStampOrder);
    }
    // Within the skew of two clocks the document's own nonce is the better proof.
    let stamped = moment.issued.map_or(stamped, |issued| stamped.max(issued));
    ledger.existed(stamped.min(moment.received), proven.stamps);
    Ok(())
}

/// A token that can never hold says nothing about the signature itself, which
/// may be good.
fn unproven(fault: Option<Fault>) -> Fault {
    let Some(fault) = fault else {
        return Fault::TimeStamp("absent");
    };
    match fault.verdict() {
        (Indication::TotalFailed, _) => Fault::TimeStamp("does not hold"),
        (Indication::TotalPassed | Indication::Indeterminate, _) => fault,
    }
}
