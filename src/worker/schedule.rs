//! Which job runs how often.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::deliver::{self, Deliveries};
use super::lists::Care;
use super::{Notary, Peers};
use crate::flow::lists::Errand;
use crate::flow::{Error, House};
use crate::remote::lists::Fetcher;
use crate::remote::webhook::Webhook;

/// How often each job runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Looking for messages to deliver.
    pub deliver: Duration,
    /// Looking for the evidence of signatures that were acknowledged without it.
    pub settle: Duration,
    /// Registering what everybody agreed to and could not be registered at once.
    pub register: Duration,
    /// Letting applications lapse, registrations end and demands drop whose time
    /// has come.
    pub pass: Duration,
    /// Reminding people.
    pub remind: Duration,
    /// Packing what proves registrations, and renewing the stamps over it.
    pub evidence: Duration,
    /// Forgetting what nobody needs any more.
    pub forget: Duration,
    /// Counting what waits to be delivered.
    pub count: Duration,
    /// Reading the database's clock.
    pub clock: Duration,
    /// Looking whether the audit log is to be sealed.
    pub seal: Duration,
    /// Sending checkpoints of the audit log elsewhere.
    pub ship: Duration,
    /// Looking which revocation lists other processes have stored.
    pub load_lists: Duration,
    /// Asking for a newer revocation list.
    pub fetch_lists: Duration,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            deliver: Duration::from_secs(1),
            settle: Duration::from_secs(1),
            register: Duration::from_secs(1),
            pass: Duration::from_secs(10),
            remind: Duration::from_secs(60),
            evidence: Duration::from_secs(60),
            forget: Duration::from_secs(3600),
            count: Duration::from_secs(10),
            clock: Duration::from_secs(10),
            seal: Duration::from_secs(1),
            ship: Duration::from_secs(5),
            load_lists: Duration::from_secs(60),
            fetch_lists: Duration::from_secs(600),
        }
    }
}

/// Ends when whoever started the worker lets go of it.
type Stopping = watch::Receiver<()>;

impl Schedule {
    /// Runs the jobs until it is told to stop.
    pub(super) async fn run(self, house: &House, peers: &Peers, stopping: &Stopping) {
        let told = async {
            if let Some(webhook) = &peers.webhook {
                deliver_all(house, webhook, self.deliver, stopping).await;
            }
        };
        let sealed = async {
            if let Some(notary) = &peers.notary {
                self.keep_log(house, notary, stopping).await;
            }
        };
        let timed = async {
            if let Some(clock) = &peers.clock {
                every(self.clock, "clock", stopping, async || {
                    house.set_clock(clock).await
                })
                .await;
            }
        };
        tokio::join!(
            told,
            timed,
            every(self.settle, "settle", stopping, async || {
                house.settle_received(AT_ONCE).await
            }),
            sealed,
            every(self.register, "register", stopping, async || {
                house.register_agreed(BATCH).await
            }),
            self.let_time_pass(house, stopping),
            every(self.evidence, "evidence", stopping, async || {
                house.keep_evidence(BATCH).await
            }),
            every(self.forget, "forget", stopping, async || {
                house.forget_expired().await
            }),
            every(self.count, "count", stopping, async || {
                house.count_received().await?;
                deliver::count(house).await
            }),
            every(self.load_lists, "load_lists", stopping, async || {
                house.load_lists().await
            }),
            fetch_lists(house, peers, self.fetch_lists, stopping),
        );
    }
}

impl Schedule {
    /// What happens because a time has come; one job that fails keeps no other.
    async fn let_time_pass(self, house: &House, stopping: &Stopping) {
        tokio::join!(
            every(self.pass, "lapse", stopping, async || {
                house.lapse_overdue(BATCH).await
            }),
            every(self.pass, "expire", stopping, async || {
                house.expire_over(BATCH).await
            }),
            every(self.pass, "drop_removals", stopping, async || {
                house.drop_unconfirmed(BATCH).await
            }),
            every(self.pass, "expire_invitations", stopping, async || {
                house.expire_invitations(BATCH).await
            }),
            every(self.remind, "remind", stopping, async || {
                house.remind_due(BATCH).await
            }),
        );
    }

    /// Seals the audit log and sends the checkpoints elsewhere; a destination that
    /// does not answer holds back no checkpoint.
    async fn keep_log(self, house: &House, notary: &Notary, stopping: &Stopping) {
        tokio::join!(
            every(self.seal, "seal", stopping, async || {
                house.checkpoint_due(&notary.signer, notary.pace).await
            }),
            every(self.seal, "stamp", stopping, async || {
                house.stamp_log(BATCH).await
            }),
            every(self.ship, "ship", stopping, async || {
                let mut sent = 0;
                for destination in &notary.destinations {
                    sent += house.ship(destination).await?;
                }
                Ok(sent)
            }),
        );
    }
}

/// Runs a job at once and then in each period; what it fails with is logged.
async fn every(
    period: Duration,
    name: &'static str,
    stopping: &Stopping,
    job: impl AsyncFn() -> Result<usize, Error>,
) {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while goes_on(stopping, ticks.tick()).await {
        match job().await {
            Ok(0) => {}
            Ok(done) => tracing::debug!(job = name, done, "a job had something to do"),
            Err(error) => failed(name, &error),
        }
    }
}

/// Delivers what is due, looks again when a delivery ends or a period has
/// passed, and in the end waits for what is under way.
async fn deliver_all(house: &House, webhook: &Webhook, period: Duration, stopping: &Stopping) {
    let mut deliveries = Deliveries::default();
    let turn = async |deliveries: &mut Deliveries| {
        if let Err(error) = deliveries.start_due(house, webhook).await {
            failed("deliver", &error);
        }
        tokio::select! {
            Some(ended) = deliveries.next() => {
                if let Err(error) = ended {
                    failed("deliver", &error);
                }
            }
            () = sleep(period) => {}
        }
    };
    while goes_on(stopping, std::future::ready(())).await {
        turn(&mut deliveries).await;
    }
    while let Some(ended) = deliveries.next().await {
        if let Err(error) = ended {
            failed("deliver", &error);
        }
    }
}

/// Looks after each list on its own: a server that is slow holds back no other.
async fn fetch_lists(house: &House, peers: &Peers, every: Duration, stopping: &Stopping) {
    let Some((fetcher, sources)) = &peers.lists else {
        return;
    };
    let mut cared = JoinSet::new();
    for errand in sources.iter().flat_map(Errand::of) {
        let (house, fetcher, stopping) = (house.clone(), fetcher.clone(), stopping.clone());
        cared.spawn(async move { look_after(&house, &fetcher, errand, every, &stopping).await });
    }
    while let Some(ended) = cared.join_next().await {
        if ended.is_err() {
            failed("fetch_lists", &Error::CutOff);
        }
    }
}

async fn look_after(
    house: &House,
    fetcher: &Fetcher,
    errand: Errand,
    every: Duration,
    stopping: &Stopping,
) {
    let mut care = Care::of(errand);
    let turn = async |care: &mut Care| {
        let pause = care.run_once(house, fetcher, every).await;
        pause.unwrap_or_else(|error| {
            failed("fetch_lists", &error);
            every
        })
    };
    while goes_on(stopping, async { sleep(turn(&mut care).await).await }).await {}
}

/// Waits for `next`; false when it is time to stop instead.
async fn goes_on<T>(stopping: &Stopping, next: impl Future<Output = T>) -> bool {
    let mut stopping = stopping.clone();
    tokio::select! {
        biased;
        // Nothing is ever sent: the channel only closes.
        _ = stopping.changed() => false,
        _ = next => true,
    }
}

fn failed(job: &'static str, error: &Error) {
    metrics::counter!("kelisim_job_failures_total", "job" => job).increment(1);
    tracing::warn!(job, %error, "a job failed and will be tried again");
}

/// How many applications a job takes at a time.
const BATCH: i64 = 100;

/// For how many signatures other people's servers are asked at once.
const AT_ONCE: usize = 8;

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn run<T>(work: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.enable_all().build().unwrap();
        runtime.block_on(work)
    }

    #[test]
    fn a_job_that_fails_is_run_again_until_the_worker_stops() {
        let (stop, stopping) = watch::channel(());
        let (stop, runs) = (Cell::new(Some(stop)), Cell::new(0));
        run(every(
            Duration::from_millis(1),
            "test",
            &stopping,
            async || {
                runs.set(runs.get() + 1);
                if runs.get() == 3 {
                    drop(stop.take());
                }
                Err(Error::CutOff)
            },
        ));
        assert_eq!(runs.get(), 3);
    }
}
