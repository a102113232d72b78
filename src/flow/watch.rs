//! What those who watch the service see of its jobs and of its clock: that each job
//! comes round, and that the time is not in doubt.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};
use std::time::{Duration, Instant};

use strum::IntoStaticStr;

use super::House;
use crate::store::clock::DatabaseClock;
pub use crate::store::clock::Standing;

/// What the worker does by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Job {
    /// Telling the portal what happened.
    Deliver,
    /// Looking for the evidence of signatures that were acknowledged without it.
    Settle,
    /// Registering what everybody agreed to.
    Register,
    /// Letting applications lapse.
    Lapse,
    /// Letting registrations end.
    Expire,
    /// Dropping demands that nobody confirmed.
    DropRemovals,
    /// Ending what continued a registration that ended early.
    Discontinue,
    /// Letting invitations expire.
    ExpireInvitations,
    /// Reminding people.
    Remind,
    /// Packing what proves registrations.
    Evidence,
    /// Forgetting what nobody needs any more.
    Forget,
    /// Counting what waits.
    Count,
    /// Reading the database's clock.
    Clock,
    /// Sealing the audit log.
    Seal,
    /// Having checkpoints stamped.
    Stamp,
    /// Sending checkpoints elsewhere.
    Ship,
    /// Looking which revocation lists other processes have stored.
    LoadLists,
    /// Asking for newer revocation lists.
    FetchLists,
}

/// The jobs that run in this process, and the clock by which it goes.
#[derive(Debug, Default)]
pub struct Watch {
    beats: RwLock<BTreeMap<Job, Beat>>,
    clock: Option<Arc<DatabaseClock>>,
}

/// When a job last came round, and how long it may take until it does again.
#[derive(Clone, Copy, Debug)]
struct Beat {
    at: Instant,
    patience: Duration,
}

/// A job as it was last seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastTurn {
    /// Which one.
    pub job: Job,
    /// How long ago it came round.
    pub ago: Duration,
    /// Whether that is longer ago than it may be: it stands still, or each of its
    /// turns ends by a panic.
    pub is_late: bool,
}

impl Watch {
    /// Watches a process that goes by the database's clock.
    #[must_use]
    pub fn over(clock: Arc<DatabaseClock>) -> Self {
        Self {
            beats: RwLock::default(),
            clock: Some(clock),
        }
    }

    /// The clock by which the process goes, when it is the database's.
    pub fn clock(&self) -> Option<&DatabaseClock> {
        self.clock.as_deref()
    }

    /// How the clock stands; one that nobody corrects agrees with itself.
    pub fn standing(&self) -> Standing {
        let clock = self.clock.as_ref();
        clock.map_or(Standing::Agrees, |clock| clock.standing(Instant::now()))
    }

    /// Whether anything may come to its end because of the time: not while the clock
    /// is in doubt, for what has lapsed or ended stays so.
    pub fn lets_time_pass(&self) -> bool {
        self.standing() == Standing::Agrees
    }

    /// From `moment` on this job comes round in such a period.
    pub fn begins(&self, job: Job, period: Duration, moment: Instant) {
        let beat = Beat {
            at: moment,
            patience: period.saturating_add(SLACK),
        };
        self.changing().insert(job, beat);
    }

    /// The job has come round, or is a step further on its way.
    pub fn beats(&self, job: Job) {
        if let Some(beat) = self.changing().get_mut(&job) {
            beat.at = Instant::now();
        }
    }

    /// The job was told to stop: nobody waits for it any more.
    pub fn ends(&self, job: Job) {
        self.changing().remove(&job);
    }

    /// Each job that runs here, as it stands at `moment`.
    pub fn last_turns(&self, moment: Instant) -> Vec<LastTurn> {
        let beats = self.beats.read().unwrap_or_else(PoisonError::into_inner);
        let turn = |(job, beat): (&Job, &Beat)| {
            let ago = moment.saturating_duration_since(beat.at);
            LastTurn {
                job: *job,
                ago,
                is_late: ago > beat.patience,
            }
        };
        beats.iter().map(turn).collect()
    }

    /// Whether a job that should have come round by `moment` did not.
    pub fn stands_still(&self, moment: Instant) -> bool {
        self.last_turns(moment).iter().any(|turn| turn.is_late)
    }

    fn changing(&self) -> RwLockWriteGuard<'_, BTreeMap<Job, Beat>> {
        self.beats.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl House {
    /// Notes that a job has come round, for those who watch the service.
    #[expect(
        clippy::cast_precision_loss,
        clippy::as_conversions,
        reason = "a metric is a float, and seconds since 1970 are far below 2^53"
    )]
    pub fn beat(&self, job: Job) {
        self.watch.beats(job);
        let name: &'static str = job.into();
        let at = self.now().timestamp() as f64;
        metrics::gauge!("kelisim_job_last_turn_timestamp_seconds", "job" => name).set(at);
    }
}

/// How much longer than its period a job may take for one step of a turn: other
/// people's servers are waited for in some, and the database in all.
const SLACK: Duration = Duration::from_secs(300);

#[cfg(test)]
mod tests {
    use super::*;

    const PERIOD: Duration = Duration::from_secs(10);

    fn late(watch: &Watch, seconds: u64) -> Vec<Job> {
        let moment = Instant::now() + Duration::from_secs(seconds);
        let turns = watch.last_turns(moment).into_iter();
        turns.filter(|it| it.is_late).map(|it| it.job).collect()
    }

    #[test]
    fn a_job_that_does_not_come_round_is_noticed_and_the_others_are_not() {
        let watch = Watch::default();
        watch.begins(Job::Lapse, PERIOD, Instant::now());
        watch.begins(Job::Forget, Duration::from_secs(3600), Instant::now());
        assert_eq!(late(&watch, 309), []);
        assert_eq!(late(&watch, 311), [Job::Lapse]);
        assert!(watch.stands_still(Instant::now() + Duration::from_secs(311)));
        watch.ends(Job::Lapse);
        assert_eq!(late(&watch, 3899), []);
        assert_eq!(late(&watch, 3901), [Job::Forget]);
    }

    #[test]
    fn nobody_waits_for_a_job_that_runs_elsewhere() {
        let watch = Watch::default();
        watch.beats(Job::Lapse);
        assert_eq!(watch.last_turns(Instant::now()), []);
    }
}
