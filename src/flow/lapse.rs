//! The time for an answer runs out.

use super::transaction::transaction;
use super::{Error, House};
use crate::domain::{Act, Actor, ApplicationId, Refused};
use crate::store::applications;

impl House {
    /// Lets every application lapse whose deadline has passed, up to `limit` of
    /// them, and says how many did. One that fails does not keep the others.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails; the last one when several fail.
    pub async fn lapse_overdue(&self, limit: i64) -> Result<usize, Error> {
        let mut connection = self.pool.take().await?;
        let overdue = applications::overdue(&mut connection, self.now(), limit).await?;
        let (mut lapsed, mut failure) = (0, None);
        for id in overdue {
            let outcome = transaction(&mut connection, async |connection| {
                self.lapse(connection, id).await
            });
            match outcome.await {
                Ok(()) => lapsed += 1,
                // Somebody answered or withdrew in between.
                Err(Error::Refused(Refused::OutOfTurn(_) | Refused::TooEarly)) => {}
                Err(error) => failure = Some(error),
            }
        }
        failure.map_or(Ok(lapsed), Err)
    }

    async fn lapse(
        &self,
        connection: &mut crate::store::Connection,
        id: ApplicationId,
    ) -> Result<(), Error> {
        let application = applications::lock(connection, id)
            .await?
            .ok_or(Error::NotFound)?;
        self.act(connection, &application, &Actor::Clock, Act::Lapse)
            .await?;
        Ok(())
    }
}
