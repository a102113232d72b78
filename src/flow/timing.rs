//! What the time is: the database says it.

use super::{Error, House};
use crate::store::clock::{DatabaseClock, Heard, Standing};

impl House {
    /// Sets the clock of the house by the database's once more, where it goes by
    /// that, and says how often it did.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails; time then goes on as before.
    pub async fn set_clock(&self) -> Result<usize, Error> {
        let Some(clock) = self.watch.clock() else {
            return Ok(0);
        };
        let set = self.set_by_database(clock).await;
        let doubted = clock.standing(std::time::Instant::now()) != Standing::Agrees;
        metrics::gauge!("kelisim_clock_in_doubt").set(u8::from(doubted));
        set
    }

    async fn set_by_database(&self, clock: &DatabaseClock) -> Result<usize, Error> {
        let mut connection = self.pool.take().await?;
        let heard = clock.set(&mut connection).await?;
        let outcome = match heard {
            Heard::Believed(by) => {
                metrics::gauge!("kelisim_clock_correction_seconds").set(by.as_seconds_f64());
                "believed"
            }
            Heard::Doubted(by) => {
                let seconds = by.num_seconds();
                tracing::error!(
                    seconds,
                    "the database's clock has jumped: time goes on as before, and nothing \
                     lapses or ends by it until both agree again or the service is started anew"
                );
                "doubted"
            }
            Heard::TooSlow => {
                tracing::warn!("the database took too long to say the time");
                "too_slow"
            }
        };
        metrics::counter!("kelisim_clock_readings_total", "outcome" => outcome).increment(1);
        Ok(usize::from(outcome == "believed"))
    }
}
