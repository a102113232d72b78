//! The database's clock.

use std::sync::{PoisonError, RwLock};
use std::time::Instant;

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
#[derive(Debug)]
pub struct DatabaseClock(RwLock<Reading>);

#[derive(Clone, Copy, Debug)]
struct Reading {
    said: DateTime<Utc>,
    heard: Instant,
}

impl DatabaseClock {
    /// Reads the database's clock for the first time.
    ///
    /// # Errors
    /// [`Error::Statement`] when the database fails.
    pub async fn read(connection: &mut Connection) -> Result<Self, Error> {
        Ok(Self(RwLock::new(Reading::of(connection).await?)))
    }

    /// Now, by the database's clock.
    pub fn now(&self) -> DateTime<Utc> {
        let reading = self.0.read().unwrap_or_else(PoisonError::into_inner);
        reading.now()
    }

    /// Reads it once more, and says by how much it differed: above zero when this
    /// clock was behind.
    ///
    /// # Errors
    /// [`Error::Statement`] when the database fails; time then goes on as before.
    pub async fn set(&self, connection: &mut Connection) -> Result<TimeDelta, Error> {
        let newer = Reading::of(connection).await?;
        let mut reading = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let correction = newer.now() - reading.now();
        *reading = newer;
        Ok(correction)
    }
}

impl Reading {
    async fn of(connection: &mut Connection) -> Result<Self, Error> {
        let said = diesel::select(clock_timestamp()).get_result(connection);
        Ok(Self {
            said: said.await?,
            heard: Instant::now(),
        })
    }

    fn now(&self) -> DateTime<Utc> {
        let passed = TimeDelta::from_std(self.heard.elapsed());
        passed.map_or(self.said, |passed| self.said + passed)
    }
}
