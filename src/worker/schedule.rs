//! Which job runs how often.

use std::cell::Cell;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::deliver::{self, Deliveries};
use super::lists::Care;
use super::supervised::{Stopping, Turns, goes_on, note, supervised};
use super::{Notary, Peers};
use crate::flow::lists::Errand;
use crate::flow::{Error, House, Job};
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

impl Schedule {
    /// Runs the jobs until it is told to stop.
    pub(super) async fn run(self, house: &House, peers: &Peers, stopping: &Stopping) {
        let turns = Turns { house, stopping };
        let told = async {
            if let Some(webhook) = &peers.webhook {
                deliver_all(&turns, webhook, self.deliver).await;
            }
        };
        let sealed = async {
            if let Some(notary) = &peers.notary {
                self.keep_log(&turns, notary).await;
            }
        };
        tokio::join!(
            told,
            sealed,
            self.keep_time(&turns),
            self.let_time_pass(&turns),
            self.bring_on(&turns),
            self.tidy(&turns),
            fetch_lists(&turns, peers, self.fetch_lists),
        );
    }

    /// Goes with the database's clock, where the house goes by it.
    async fn keep_time(&self, turns: &Turns<'_>) {
        if turns.house.watch.clock().is_some() {
            let job = async || turns.house.set_clock().await;
            turns.every(self.clock, Job::Clock, job).await;
        }
    }

    /// Brings on what waits for others: evidence, a registration, its package.
    async fn bring_on(&self, turns: &Turns<'_>) {
        let (house, packages) = (turns.house, Reach::default());
        tokio::join!(
            turns.every(self.settle, Job::Settle, async || settle(house).await),
            turns.every(self.register, Job::Register, async || {
                house.register_agreed(BATCH).await
            }),
            turns.every(self.evidence, Job::Evidence, async || {
                let since = packages.since(house.now());
                house.keep_evidence_since(since, BATCH).await
            }),
        );
    }

    /// Forgets, counts, and looks what other processes have stored.
    async fn tidy(&self, turns: &Turns<'_>) {
        let house = turns.house;
        tokio::join!(
            turns.every(self.forget, Job::Forget, async || {
                house.forget_expired().await
            }),
            turns.every(self.count, Job::Count, async || {
                house.count_received().await?;
                deliver::count(house).await
            }),
            turns.every(self.load_lists, Job::LoadLists, async || {
                house.load_lists().await
            }),
        );
    }

    /// What happens because a time has come; one job that fails keeps no other.
    async fn let_time_pass(&self, turns: &Turns<'_>) {
        let (house, ended) = (turns.house, Reach::default());
        tokio::join!(
            turns.every(self.pass, Job::Lapse, async || {
                house.lapse_overdue(BATCH).await
            }),
            turns.every(self.pass, Job::Expire, async || {
                house.expire_over(BATCH).await
            }),
            turns.every(self.pass, Job::DropRemovals, async || {
                house.drop_unconfirmed(BATCH).await
            }),
            turns.every(self.pass, Job::Discontinue, async || {
                let since = ended.since(house.now());
                house.discontinue_since(since, BATCH).await
            }),
            turns.every(self.pass, Job::ExpireInvitations, async || {
                house.expire_invitations(BATCH).await
            }),
            turns.every(self.remind, Job::Remind, async || {
                house.remind_due(BATCH).await
            }),
        );
    }

    /// Seals the audit log and sends the checkpoints elsewhere; a destination that
    /// does not answer holds back no checkpoint.
    async fn keep_log(&self, turns: &Turns<'_>, notary: &Notary) {
        let house = turns.house;
        tokio::join!(
            turns.every(self.seal, Job::Seal, async || {
                house.checkpoint_due(&notary.signer, notary.pace).await
            }),
            turns.every(self.seal, Job::Stamp, async || {
                house.stamp_log(BATCH).await
            }),
            turns.every(self.ship, Job::Ship, async || {
                let mut sent = 0;
                for destination in &notary.destinations {
                    sent += house.ship(destination).await?;
                }
                Ok(sent)
            }),
        );
    }
}

/// How far back a job looks for what it is to do: at all there is when it starts and
/// once in an hour, otherwise at what is recent, for what is old grows without end.
#[derive(Default)]
struct Reach(Cell<Option<DateTime<Utc>>>);

impl Reach {
    fn since(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let last = self.0.get().filter(|last| now - *last < WHOLE);
        if last.is_none() {
            self.0.set(Some(now));
        }
        last.map(|_| now - RECENT)
    }
}

/// How often a job looks at all there is.
const WHOLE: TimeDelta = TimeDelta::hours(1);

/// What happened in this time is recent: longer than a job is kept from its work.
const RECENT: TimeDelta = TimeDelta::hours(3);

/// Decides what was acknowledged: as long as all that were taken could be decided
/// there may be more.
async fn settle(house: &House) -> Result<usize, Error> {
    let mut settled = 0;
    loop {
        let now = house.settle_received(AT_ONCE).await?;
        house.beat(Job::Settle);
        settled += now;
        if now < AT_ONCE {
            return Ok(settled);
        }
    }
}

/// Delivers what is due, looks again when a delivery ends or a period has
/// passed, and in the end waits for what is under way.
async fn deliver_all(turns: &Turns<'_>, webhook: &Webhook, period: Duration) {
    let (house, job) = (turns.house, Job::Deliver);
    let mut deliveries = Deliveries::default();
    let turn = async |deliveries: &mut Deliveries| {
        let started = async {
            let started = deliveries.start_due(house, webhook).await;
            house.beat(job);
            started
        };
        if supervised(job, started).await.is_none() {
            return sleep(period).await;
        }
        tokio::select! {
            Some(ended) = deliveries.next() => note(job, ended),
            () = sleep(period) => {}
        }
    };
    house.watch.begins(job, period, Instant::now());
    while goes_on(turns.stopping, std::future::ready(())).await {
        turn(&mut deliveries).await;
    }
    house.watch.ends(job);
    while let Some(ended) = deliveries.next().await {
        note(job, ended);
    }
}

/// Looks after each list on its own: a server that is slow holds back no other.
async fn fetch_lists(turns: &Turns<'_>, peers: &Peers, every: Duration) {
    let Some((fetcher, sources)) = &peers.lists else {
        return;
    };
    let mut cared = JoinSet::new();
    for errand in sources.iter().flat_map(Errand::of) {
        let (house, fetcher) = (turns.house.clone(), fetcher.clone());
        let stopping = turns.stopping.clone();
        cared.spawn(async move { look_after(&house, &fetcher, errand, every, &stopping).await });
    }
    while cared.join_next().await.is_some() {}
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
        let asked = care.run_once(house, fetcher, every);
        supervised(Job::FetchLists, asked).await.unwrap_or(every)
    };
    while goes_on(stopping, async { sleep(turn(&mut care).await).await }).await {}
}

/// How many rows a job takes at a time.
const BATCH: i64 = 100;

/// For how many signatures other people's servers are asked at once.
const AT_ONCE: usize = 8;
