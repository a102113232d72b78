//! The database's clock.

use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use diesel_async::RunQueryDsl;

use super::{Connection, Error};

diesel::define_sql_function! {
    /// The time as the server's machine says it, and not that of the transaction.
    fn clock_timestamp() -> Timestamptz;
}

/// Tells the time as the database does, whatever the machine's own clock says: all
/// processes that work on one database decide by one clock.
///
/// Between two readings time passes by the machine's monotonic clock. It is behind
/// the database by as long as an answer takes, never ahead of it: nothing is over
/// before its time.
///
/// A reading that is minutes away from that is not believed: the database may have
/// moved to a machine with a wrong clock, and what lapses or ends by a wrong time
/// stays so. The clock then goes on as before, and is in doubt until a later reading
/// agrees with it again or the process is started anew.
#[derive(Debug)]
pub struct DatabaseClock(RwLock<Known>);

/// What is known of the time.
#[derive(Clone, Copy, Debug)]
struct Known {
    /// The last reading that was believed.
    reading: Reading,
    /// By how much the latest one differs, when it was not.
    doubt: Option<TimeDelta>,
}

#[derive(Clone, Copy, Debug)]
struct Reading {
    said: DateTime<Utc>,
    heard: Instant,
    took: Duration,
}

/// What came of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The clock was set; it was behind by so much, or ahead when that is negative.
    Believed(TimeDelta),
    /// It differs by so much that the clock goes on as before.
    Doubted(TimeDelta),
    /// The answer took too long to say what time it is.
    TooSlow,
}

/// How the clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The database has lately said the same time.
    Agrees,
    /// The database says a time that differs by so much.
    Differs(TimeDelta),
    /// The database has not said the time for long.
    Unread,
}

impl DatabaseClock {
    /// Reads the database's clock for the first time; of several readings the one
    /// that took the shortest time when none was quick.
    ///
    /// # Errors
    /// [`Error::Statement`] when the database fails.
    pub async fn read(connection: &mut Connection) -> Result<Self, Error> {
        let mut best = Reading::of(connection).await?;
        for _ in 1..READINGS {
            if best.is_quick() {
                break;
            }
            let next = Reading::of(connection).await?;
            if next.took < best.took {
                best = next;
            }
        }
        Ok(Self(RwLock::new(Known {
            reading: best,
            doubt: None,
        })))
    }

    /// Now, by the database's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.known().reading.now()
    }

    /// Reads it once more and sets this clock by it, unless what was read cannot be
    /// believed.
    ///
    /// # Errors
    /// [`Error::Statement`] when the database fails; time then goes on as before.
    pub async fn set(&self, connection: &mut Connection) -> Result<Heard, Error> {
        let newer = Reading::of(connection).await?;
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        Ok(known.hear(newer))
    }

    /// How the clock stands at `moment`.
    pub fn standing(&self, moment: Instant) -> Standing {
        self.known().standing(moment)
    }

    fn known(&self) -> Known {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn hear(&mut self, newer: Reading) -> Heard {
        if !newer.is_quick() {
            return Heard::TooSlow;
        }
        let correction = newer.now() - self.reading.now();
        if correction.abs() > LARGEST {
            self.doubt = Some(correction);
            return Heard::Doubted(correction);
        }
        *self = Self {
            reading: newer,
            doubt: None,
        };
        Heard::Believed(correction)
    }

    fn standing(&self, moment: Instant) -> Standing {
        let age = moment.saturating_duration_since(self.reading.heard);
        match self.doubt {
            Some(difference) => Standing::Differs(difference),
            None if age > OLDEST => Standing::Unread,
            None => Standing::Agrees,
        }
    }
}

impl Reading {
    async fn of(connection: &mut Connection) -> Result<Self, Error> {
        let asked = Instant::now();
        let said = diesel::select(clock_timestamp()).get_result(connection);
        Ok(Self {
            said: said.await?,
            took: asked.elapsed(),
            heard: Instant::now(),
        })
    }

    /// Whether what it says is not older than what differs between machines anyway.
    fn is_quick(&self) -> bool {
        self.took <= SLOWEST
    }

    fn now(&self) -> DateTime<Utc> {
        let passed = TimeDelta::from_std(self.heard.elapsed());
        passed.map_or(self.said, |passed| self.said + passed)
    }
}

/// The largest correction that is believed: as much as clocks of machines differ by
/// that are looked after, and what the workflow takes for a step back.
const LARGEST: TimeDelta = TimeDelta::minutes(5);

/// The longest that an answer may take.
const SLOWEST: Duration = Duration::from_secs(1);

/// How often it is read at first until an answer is quick.
const READINGS: usize = 3;

/// For how long a reading is good enough to let things end by it.
const OLDEST: Duration = Duration::from_secs(300);

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(said: &str) -> Reading {
        Reading {
            said: said.parse().unwrap(),
            heard: Instant::now(),
            took: Duration::from_millis(2),
        }
    }

    fn known() -> Known {
        Known {
            reading: reading("2026-11-01T12:00:00Z"),
            doubt: None,
        }
    }

    #[test]
    fn a_small_step_is_taken_and_a_large_one_is_not() {
        let mut known = known();
        let believed = known.hear(reading("2026-11-01T12:04:50Z"));
        assert!(matches!(believed, Heard::Believed(by) if by.num_minutes() == 4));
        for (far, minutes) in [("2026-11-01T12:10:00Z", 5), ("2026-11-01T11:50:00Z", -14)] {
            let heard = known.hear(reading(far));
            assert!(matches!(heard, Heard::Doubted(by) if by.num_minutes() == minutes));
            let standing = known.standing(Instant::now());
            assert!(matches!(standing, Standing::Differs(by) if by.num_minutes() == minutes));
            assert_eq!(known.reading.said.to_rfc3339(), "2026-11-01T12:04:50+00:00");
        }
        known.hear(reading("2026-11-01T12:04:55Z"));
        assert_eq!(known.standing(Instant::now()), Standing::Agrees);
    }

    #[test]
    fn an_answer_that_took_long_sets_no_clock_and_settles_no_doubt() {
        let mut known = known();
        let mut slow = reading("2026-11-01T12:00:30Z");
        slow.took = Duration::from_millis(1001);
        assert_eq!(known.hear(slow), Heard::TooSlow);
        assert_eq!(known.reading.said.to_rfc3339(), "2026-11-01T12:00:00+00:00");
        known.hear(reading("2027-11-01T12:00:00Z"));
        known.hear(slow);
        let standing = known.standing(Instant::now());
        assert!(matches!(standing, Standing::Differs(_)));
    }

    #[test]
    fn a_reading_serves_for_five_minutes() {
        let known = known();
        let after = |seconds| known.reading.heard + Duration::from_secs(seconds);
        assert_eq!(known.standing(after(300)), Standing::Agrees);
        assert_eq!(known.standing(after(301)), Standing::Unread);
    }
}
