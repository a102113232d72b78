//! Judges the time-stamps over checkpoints by what came with them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::inspect::{Inspected, Stop};
use crate::domain::audit::{Checkpoint, Fault, Finding, Place};
use crate::eds::timestamp;
use crate::flow::evidence::Means;
use crate::flow::proof::on_a_thread;
use crate::store::Connection;
use crate::store::audit::checkpoints;

/// Judges each as of the first stamp after it on a later checkpoint, and as of now
/// where there is none: a checkpoint names the one before, so that a stamp proves that
/// all before it existed, and what was good enough then stays so. A stamp that was made
/// anew is younger than those on later checkpoints.
pub(super) async fn look_at_stamps(
    connection: &mut Connection,
    means: &Means,
    inspected: &mut Inspected,
) -> Result<(), Stop> {
    let (mut number, mut times) = (u64::MAX, BTreeSet::new());
    while let Some((sealed, token)) = checkpoints::before(connection, number).await? {
        number = sealed.number;
        let Some(token) = token else {
            continue;
        };
        let told = timestamp::told_time(&token).ok();
        let after = told.and_then(|told| times.range(told..).next().copied());
        let known = after.unwrap_or(means.now);
        let place = Place::Checkpoint(number);
        let found = |fault| Finding { place, fault };
        let checkpoint = Checkpoint::read(&sealed.note);
        let text = checkpoint
            .map_err(|fault| found(Fault::Note(fault)))?
            .text();
        let (trust, policy) = (Arc::clone(&means.trust), means.policy.clone());
        let judged = on_a_thread(move || {
            timestamp::verify_past(&token, text.as_bytes(), &trust, &policy, known)
        });
        let judged = judged.await.map_err(Stop::Failed)?;
        let stamp = judged.map_err(|fault| found(Fault::TimeStamp(fault)))?;
        times.insert(stamp.time());
        inspected.time_stamps += 1;
    }
    Ok(())
}
