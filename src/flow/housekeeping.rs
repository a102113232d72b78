//! Forgets what nobody needs any more.

use chrono::TimeDelta;

use super::{Error, House, mobile};
use crate::store::{answers, challenges, mobile_signings, sessions};

/// How long an answer is repeated for the same key.
const ANSWERS: TimeDelta = TimeDelta::days(30);

/// How long a signature from a phone is kept after its time: as long as its page may
/// still ask and be told that it is over. It names a person, and is of no more use.
const PHONES: TimeDelta = TimeDelta::hours(1);

/// How long what else has expired is kept for questions.
const EXPIRED: TimeDelta = TimeDelta::days(1);

impl House {
    /// Forgets old answers, signatures from phones, challenges and sessions, and
    /// says how many.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn forget_expired(&self) -> Result<usize, Error> {
        let now = self.now();
        let mut connection = self.pool.take().await?;
        let answers = answers::forget(&mut connection, now - ANSWERS).await?;
        // Before the challenges, to which they point; none outlives its challenge.
        let phones = mobile_signings::forget(&mut connection, now - PHONES).await?;
        mobile::count_forgotten(phones);
        let challenges = challenges::forget(&mut connection, now - EXPIRED).await?;
        let sessions = sessions::forget(&mut connection, now - EXPIRED).await?;
        Ok(answers + phones.signed + phones.unsigned + challenges + sessions)
    }
}
