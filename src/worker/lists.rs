//! Looks after the revocation lists: each is asked for in its interval, after a
//! failure sooner, and by several processes not more often than by one.

use std::time::Duration;

use chrono::TimeDelta;

use crate::flow::lists::{Errand, Refreshed};
use crate::flow::{Error, House};
use crate::remote::lists::Fetcher;

/// The state of looking after one list.
#[derive(Debug)]
pub struct Care {
    errand: Errand,
    failures: u32,
}

impl Care {
    /// Begins to look after a list.
    #[must_use]
    pub fn of(errand: Errand) -> Self {
        Self {
            errand,
            failures: 0,
        }
    }

    /// Asks for the list once, if it is due, and says how long to wait until the
    /// next time.
    ///
    /// # Errors
    /// [`Error::NoRandomness`] when the system gives none for the pause.
    pub async fn run_once(
        &mut self,
        house: &House,
        fetcher: &Fetcher,
        every: Duration,
    ) -> Result<Duration, Error> {
        let interval = TimeDelta::from_std(every).unwrap_or(TimeDelta::MAX);
        let refreshed = house.refresh_list(fetcher, &self.errand, interval).await;
        match refreshed {
            Ok(Refreshed::Replaced | Refreshed::Unchanged) => {
                self.failures = 0;
                Ok(every)
            }
            Ok(Refreshed::Asked(left)) => {
                self.failures = 0;
                Ok(left.to_std().unwrap_or(every).min(every))
            }
            Ok(Refreshed::Failed(_)) => self.after_failure(house, every),
            Err(error) => {
                tracing::warn!(%error, "a revocation list could not be looked after");
                self.after_failure(house, every)
            }
        }
    }

    fn after_failure(&mut self, house: &House, every: Duration) -> Result<Duration, Error> {
        let [chance] = house.random_bytes::<1>()?;
        let pause = pause(self.failures, chance).min(every);
        self.failures = self.failures.saturating_add(1);
        Ok(pause)
    }
}

/// How long to wait after so many failures before this one: twice as long each
/// time, up to five minutes. Up to a quarter is added by chance, so that not all
/// ask together when a server is back.
fn pause(failures: u32, chance: u8) -> Duration {
    let doubled = FIRST.saturating_mul(1 << failures.min(10));
    let pause = doubled.min(LONGEST);
    pause + pause * u32::from(chance) / (4 * 256)
}

const FIRST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_secs(300);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_five_minutes_and_differ_by_chance() {
        let seconds = |failures| pause(failures, 0).as_secs();
        assert_eq!([0, 1, 2, 5, 6, 99].map(seconds), [5, 10, 20, 160, 300, 300]);
        assert!(pause(0, 255) > pause(0, 0));
        assert!(pause(99, 255) < LONGEST * 5 / 4);
    }
}
