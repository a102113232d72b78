//! A job comes round in its period, whatever becomes of its turns: one that fails or
//! panics is logged and counted, and the next one begins as if nothing had been.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::flow::{Error, House, Job};

/// Ends when whoever started the worker lets go of it.
pub(super) type Stopping = watch::Receiver<()>;

/// What each turn of a job needs.
pub(super) struct Turns<'a> {
    /// For whom it is made.
    pub(super) house: &'a House,
    /// Until when there are any.
    pub(super) stopping: &'a Stopping,
}

impl Turns<'_> {
    /// Runs a job at once and then in each period, until the worker is told to stop.
    pub(super) async fn every(
        &self,
        period: Duration,
        job: Job,
        turn: impl AsyncFn() -> Result<usize, Error>,
    ) {
        let mut ticks = interval(period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        self.house.watch.begins(job, period, Instant::now());
        while goes_on(self.stopping, ticks.tick()).await {
            let whole = async {
                let done = turn().await;
                self.house.beat(job);
                done
            };
            match to_its_end(self.stopping, supervised(job, whole)).await {
                None => break,
                Some(Some(done)) if done > 0 => {
                    tracing::debug!(job = name(job), done, "a job had something to do");
                }
                Some(_) => {}
            }
        }
        self.house.watch.ends(job);
    }
}

/// Runs one turn of a job; nothing when it failed or panicked, which is told.
///
/// A panic unwinds through nothing but the turn itself. What it held is dropped: a
/// transaction that was open is undone, a connection in the middle of one is closed.
pub(super) async fn supervised<T>(
    job: Job,
    turn: impl Future<Output = Result<T, Error>>,
) -> Option<T> {
    let mut turn = pin!(turn);
    let ended =
        poll_fn(
            |context| match catch_unwind(AssertUnwindSafe(|| turn.as_mut().poll(context))) {
                Ok(polled) => polled.map(Some),
                Err(_) => Poll::Ready(None),
            },
        );
    match ended.await {
        Some(Ok(done)) => Some(done),
        Some(Err(error)) => {
            failed(job, &error);
            None
        }
        None => {
            panicked(job);
            None
        }
    }
}

/// Tells of what ended on a task of its own.
pub(super) fn note<T>(job: Job, ended: Result<T, Error>) {
    if let Err(error) = ended {
        failed(job, &error);
    }
}

/// Waits for `next`; false when it is time to stop instead.
pub(super) async fn goes_on<T>(stopping: &Stopping, next: impl Future<Output = T>) -> bool {
    tokio::select! {
        biased;
        () = told_to_stop(stopping) => false,
        _ = next => true,
    }
}

/// What a turn comes to. Once it is time to stop it is waited for a while and then
/// broken off, however much there is left to do.
async fn to_its_end<T>(stopping: &Stopping, turn: impl Future<Output = T>) -> Option<T> {
    let mut turn = pin!(turn);
    tokio::select! {
        biased;
        done = &mut turn => Some(done),
        () = told_to_stop(stopping) => timeout(LAST, turn).await.ok(),
    }
}

async fn told_to_stop(stopping: &Stopping) {
    // Nothing is ever sent: the channel only closes.
    let _ = stopping.clone().changed().await;
}

fn failed(job: Job, error: &Error) {
    metrics::counter!("kelisim_job_failures_total", "job" => name(job)).increment(1);
    tracing::warn!(job = name(job), %error, "a job failed and will be tried again");
}

fn panicked(job: Job) {
    metrics::counter!("kelisim_job_panics_total", "job" => name(job)).increment(1);
    tracing::error!(
        job = name(job),
        "a job ended by a panic and will be tried again"
    );
}

fn name(job: Job) -> &'static str {
    job.into()
}

/// How long a turn is waited for when the worker is to stop.
const LAST: Duration = Duration::from_secs(10);

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
    fn a_turn_that_fails_or_panics_ends_by_itself_alone() {
        let ends = |turn: fn() -> Result<u8, Error>| {
            run(supervised(Job::Lapse, async move {
                tokio::task::yield_now().await;
                turn()
            }))
        };
        assert_eq!(ends(|| Ok(7)), Some(7));
        assert_eq!(ends(|| Err(Error::CutOff)), None);
        assert_eq!(ends(|| panic!("as a fault of ours would")), None);
    }

    #[test]
    fn a_job_that_panics_touches_no_other_that_runs_beside_it() {
        let beside = Cell::new(0);
        run(async {
            tokio::join!(
                supervised::<()>(Job::Lapse, async { panic!("at once") }),
                supervised(Job::Expire, async {
                    for _ in 0..3 {
                        tokio::task::yield_now().await;
                        beside.set(beside.get() + 1);
                    }
                    Ok(())
                }),
            )
        });
        assert_eq!(beside.get(), 3);
    }

    #[test]
    fn no_turn_begins_once_it_is_time_to_stop() {
        let (stop, stopping) = watch::channel(());
        assert!(run(goes_on(&stopping, async {})));
        drop(stop);
        assert!(!run(goes_on(&stopping, async {})));
    }

    #[test]
    fn a_turn_that_has_begun_is_waited_for_though_not_for_ever() {
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.enable_all().start_paused(true).build().unwrap();
        let (stop, stopping) = watch::channel(());
        drop(stop);
        let lasting = |seconds| tokio::time::sleep(Duration::from_secs(seconds));
        let short = runtime.block_on(async { to_its_end(&stopping, lasting(9)).await });
        assert_eq!(short, Some(()));
        let long = runtime.block_on(async { to_its_end(&stopping, lasting(11)).await });
        assert_eq!(long, None);
    }
}
