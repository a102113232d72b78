//! What the time is: the database says it.

use super::{Error, House};
use crate::store::clock::DatabaseClock;

impl House {
    /// Sets a clock by the database's once more, and says how often it did: once.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails; time then goes on as before.
    pub async fn set_clock(&self, clock: &DatabaseClock) -> Result<usize, Error> {
        let mut connection = self.pool.take().await?;
        let correction = clock.set(&mut connection).await?;
        metrics::gauge!("kelisim_clock_correction_seconds").set(correction.as_seconds_f64());
        Ok(1)
    }
}
