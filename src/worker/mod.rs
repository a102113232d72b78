//! What nobody asks for: the portal is told, deadlines pass, the agreed is
//! registered, the old is forgotten, revocation lists are fetched.
//!
//! Several workers may run against one database: each takes what the others do
//! not hold. A job that fails is logged and tried again at its next turn; no
//! failure ends the worker.

pub mod deliver;
pub mod lists;
mod schedule;

use std::io;
use std::thread::{self, JoinHandle};

use tokio::runtime::Builder;
use tokio::sync::watch;

pub use schedule::Schedule;

use crate::flow::House;
use crate::remote::lists::{Fetcher, ListSource};
use crate::remote::webhook::Webhook;

/// Whom the worker speaks to.
#[derive(Clone, Default)]
pub struct Partners {
    /// The portal. Without it nothing is delivered: messages wait in the outbox
    /// until somebody is configured to be told.
    pub webhook: Option<Webhook>,
    /// The servers with revocation lists, and how to ask them. Lists that others
    /// have stored are used in any case.
    pub lists: Option<(Fetcher, Vec<ListSource>)>,
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
    pub fn start(house: House, partners: Partners, schedule: Schedule) -> io::Result<Self> {
        let (stop, stopping) = watch::channel(());
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let thread = thread::Builder::new()
            .name("worker".to_owned())
            .spawn(move || runtime.block_on(schedule.run(&house, &partners, &stopping)))?;
        Ok(Self { stop, thread })
    }

    /// Stops it and waits until what it began has ended: at most as long as one
    /// delivery may take.
    pub fn stop(self) {
        drop(self.stop);
        if self.thread.join().is_err() {
            tracing::error!("the worker ended by a panic");
        }
    }
}
