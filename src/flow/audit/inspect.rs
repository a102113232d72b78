//! Looks over the whole audit log and names the first thing that is not what it was.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use uuid::Uuid;

use super::compare::Compared;
use super::stamps::look_at_stamps;
use crate::domain::ApplicationId;
use crate::domain::audit::{Fault, Finding, Growth, Place, PublicKey, Trails};
use crate::flow::Error;
use crate::flow::evidence::Means;
use crate::flow::transaction::transaction;
use crate::store::Connection;
use crate::store::audit::inspection;

/// What the log is held against.
#[derive(Clone, Debug, Default)]
pub struct Against {
    /// The keys that may have signed checkpoints; without any no signature is
    /// verified.
    pub keys: Vec<PublicKey>,
    /// Checkpoints that were sent elsewhere, by their numbers.
    pub shipped: BTreeMap<u64, String>,
    /// By what the time-stamps over checkpoints are judged; without it none is
    /// looked at.
    pub means: Option<Means>,
}

/// What was looked at, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspected {
    /// Records that hold.
    pub records: u64,
    /// Those of them that wait to be put into the tree.
    pub waiting: u64,
    /// Leaves of the tree that hold.
    pub leaves: u64,
    /// Checkpoints that hold.
    pub checkpoints: u64,
    /// Time-stamps over them that hold, of those that were looked at.
    pub time_stamps: u64,
    /// The first thing that does not.
    pub finding: Option<Finding>,
}

/// Either what the log is found to be, or that it cannot be read.
pub(super) enum Stop {
    Found(Finding),
    Failed(Error),
}

/// Looks over the whole log as it is at one moment, whatever happens meanwhile.
/// `progress` hears now and then how many rows were looked at.
///
/// # Errors
/// [`Error::Store`] when the log cannot be read.
pub async fn inspect_now(
    connection: &mut Connection,
    against: Against,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Inspected, Error> {
    transaction(connection, async |connection| {
        inspection::freeze(connection).await?;
        inspect(connection, against, progress).await
    })
    .await
}

/// The same within a transaction that somebody else has opened.
///
/// # Errors
/// [`Error::Store`] when the log cannot be read.
pub async fn inspect(
    connection: &mut Connection,
    against: Against,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Inspected, Error> {
    let mut inspected = Inspected::default();
    let outcome = async {
        look_at_records(connection, None, &mut inspected, progress).await?;
        let means = against.means.clone();
        look_at_tree(connection, against, &mut inspected, progress).await?;
        match means {
            Some(means) => look_at_stamps(connection, &means, &mut inspected).await,
            None => Ok(()),
        }
    };
    let outcome = outcome.await;
    inspected.concluded(outcome)
}

/// Looks over the chain of one application alone, and whether its records are
/// those in the tree.
///
/// # Errors
/// [`Error::Store`] when it cannot be read.
pub async fn inspect_chain(
    connection: &mut Connection,
    application: ApplicationId,
) -> Result<Inspected, Error> {
    let (mut inspected, mut silent) = (Inspected::default(), |_| {});
    let within = Some(application);
    let outcome = look_at_records(connection, within, &mut inspected, &mut silent).await;
    inspected.concluded(outcome)
}

impl Inspected {
    fn concluded(self, outcome: Result<(), Stop>) -> Result<Self, Error> {
        match outcome {
            Ok(()) => Ok(self),
            Err(Stop::Found(finding)) => Ok(Self {
                finding: Some(finding),
                ..self
            }),
            Err(Stop::Failed(error)) => Err(error),
        }
    }
}

async fn look_at_records(
    connection: &mut Connection,
    within: Option<ApplicationId>,
    inspected: &mut Inspected,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<(), Stop> {
    let (mut trails, mut compared) = (Trails::default(), Compared::default());
    let mut after = (Uuid::nil(), i64::MIN);
    loop {
        let page = inspection::entries(connection, within, after, PAGE).await?;
        let from = after.0;
        for entry in &page {
            trails.next(entry)?;
            after = (entry.record.application.uuid(), entry.record.sequence);
        }
        let more = page.len() == FULL;
        let range = range(within, from, more.then_some(after.0));
        compared.page(connection, &range, &page).await?;
        inspected.records = trails.records();
        inspected.waiting = trails.records() - trails.sealed();
        progress(inspected.records);
        if !more {
            break;
        }
    }
    trails.end()?;
    if let Some(finding) = inspection::unrecorded(connection, within).await? {
        return Err(Stop::Found(finding));
    }
    compared.end()?;
    // A second row under one key may hide behind the end of a page.
    if inspection::count(connection, within).await? != trails.records() {
        let (place, fault) = (
            Place::Record(ApplicationId::new(after.0), after.1),
            Fault::Twice,
        );
        return Err(Stop::Found(Finding { place, fault }));
    }
    Ok(())
}

/// The applications from one to another, to the very last, or the one alone.
fn range(within: Option<ApplicationId>, from: Uuid, to: Option<Uuid>) -> RangeInclusive<Uuid> {
    match within.map(ApplicationId::uuid) {
        Some(one) => one..=one,
        None => from..=to.unwrap_or(Uuid::max()),
    }
}

async fn look_at_tree(
    connection: &mut Connection,
    against: Against,
    inspected: &mut Inspected,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<(), Stop> {
    let mut growth = Growth::new(against.keys, against.shipped);
    loop {
        let page = inspection::checkpoints(connection, inspected.checkpoints, PAGE).await?;
        for sealed in &page {
            grow(
                connection,
                &mut growth,
                sealed.size,
                inspected.records,
                progress,
            )
            .await?;
            growth.checkpoint(sealed)?;
            inspected.checkpoints += 1;
            inspected.leaves = growth.size();
        }
        if page.len() < FULL {
            break;
        }
    }
    let more = inspection::leaf_count(connection).await? != growth.size();
    growth.end(more)?;
    let beyond = inspection::nodes(connection, growth.size(), u64::MAX).await?;
    growth.nodes(&beyond)?;
    Ok(())
}

/// Feeds the leaves up to a size, and the nodes that those complete.
async fn grow(
    connection: &mut Connection,
    growth: &mut Growth,
    size: u64,
    done: u64,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<(), Stop> {
    while growth.size() < size {
        let from = growth.size();
        let page = inspection::leaves(connection, from, size, PAGE).await?;
        for leaf in &page {
            growth.leaf(leaf)?;
        }
        let nodes = inspection::nodes(connection, from, growth.size()).await?;
        growth.nodes(&nodes)?;
        progress(done + growth.size());
        if page.is_empty() {
            break;
        }
    }
    Ok(())
}

impl From<crate::store::Error> for Stop {
    fn from(error: crate::store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Finding> for Stop {
    fn from(finding: Finding) -> Self {
        Self::Found(finding)
    }
}

/// How many rows are read at a time.
const PAGE: i64 = 5000;

/// The same, as pages are counted.
const FULL: usize = 5000;
