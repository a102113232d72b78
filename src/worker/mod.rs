//! What nobody asks for: the portal is told, deadlines pass, the agreed is
//! registered, the audit log is sealed, the old is forgotten, revocation lists are
//! fetched.
//!
//! Several workers may run against one database: each takes what the others do
//! not hold. A job that fails, even by a panic, is logged, counted and tried again
//! at its next turn; no failure ends the worker or touches the other jobs.

pub mod deliver;
pub mod lists;
mod schedule;
mod supervised;

use std::io;
use std::thread::{self, JoinHandle};

use tokio::runtime::Builder;
use tokio::sync::watch;

pub use schedule::Schedule;

use crate::domain::audit::Signer;
use crate::flow::House;
use crate::flow::audit::checkpoint::Pace;
use crate::remote::lists::{Fetcher, ListSource};
use crate::remote::shipment::Destination;
use crate::remote::webhook::Webhook;

/// With whom a worker has to do.
#[derive(Default)]
pub struct Peers {
    /// Whom it tells what happened. Without one messages wait in the outbox until
    /// somebody is configured to be told.
    pub webhook: Option<Webhook>,
    /// The servers with revocation lists, and how to ask them. Lists that others
    /// have stored are used in any case.
    pub lists: Option<(Fetcher, Vec<ListSource>)>,
    /// Who seals the audit log. Without one records wait for a checkpoint.
    pub notary: Option<Notary>,
}

/// Seals the audit log, and sends checkpoints elsewhere.
#[derive(Debug)]
pub struct Notary {
    /// Signs checkpoints.
    pub signer: Signer,
    /// When a checkpoint is due.
    pub pace: Pace,
    /// Where copies go.
    pub destinations: Vec<Destination>,
}

/// A worker on a thread of its own. It stops when this is dropped.
#[derive(Debug)]
pub struct Worker {
    stop: watch::Sender<()>,
    thread: JoinHandle<()>,
}

impl Worker {
    /// Starts it.
    ///
    /// The `house` should have a pool of its own, for connections live no longer
    /// than the runtime that opened them.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(house: House, peers: Peers, schedule: Schedule) -> io::Result<Self> {
        let (stop, stopping) = watch::channel(());
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let thread = thread::Builder::new()
            .name("worker".to_owned())
            .spawn(move || runtime.block_on(schedule.run(&house, &peers, &stopping)))?;
        Ok(Self { stop, thread })
    }

    /// Stops it and waits until what it began has ended: at most as long as one
    /// delivery may take. What has not ended then is broken off, as when the process
    /// dies: each row has a transaction of its own.
    pub fn stop(self) {
        drop(self.stop);
        if self.thread.join().is_err() {
            tracing::error!("the worker ended by a panic");
        }
    }
}
