//! What happens because a time has come: applications lapse, registrations end,
//! demands that nobody confirmed are dropped, people are reminded.

use super::transaction::transaction;
use super::{Error, House};
use crate::domain::{Act, Actor, ApplicationId, Refused, today};
use crate::store::{Connection, applications, registrations};

impl House {
    /// Lets every application lapse whose deadline has passed, up to `limit` of
    /// them, and says how many did.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails; the last one when several fail.
    pub async fn lapse_overdue(&self, limit: i64) -> Result<usize, Error> {
        let mut connection = self.pool.take().await?;
        let overdue = applications::overdue(&mut connection, self.now(), limit).await?;
        let acts = overdue.into_iter().map(|id| (id, Act::Lapse));
        self.let_happen(&mut connection, acts).await
    }

    /// Ends every registration whose last day is over.
    ///
    /// # Errors
    /// As [`House::lapse_overdue`].
    pub async fn expire_over(&self, limit: i64) -> Result<usize, Error> {
        let mut connection = self.pool.take().await?;
        let day = today(self.now());
        let over = registrations::over(&mut connection, day, limit).await?;
        let acts = over.into_iter().map(|id| (id, Act::Expire));
        self.let_happen(&mut connection, acts).await
    }

    /// Drops the demands to end a registration that the other owners did not
    /// confirm in time: it stands.
    ///
    /// # Errors
    /// As [`House::lapse_overdue`].
    pub async fn drop_unconfirmed(&self, limit: i64) -> Result<usize, Error> {
        let mut connection = self.pool.take().await?;
        let now = self.now();
        let unconfirmed = registrations::unconfirmed(&mut connection, now, limit).await?;
        let acts = unconfirmed.into_iter();
        let acts = acts.map(|(id, registration)| (id, Act::DropRemoval(registration)));
        self.let_happen(&mut connection, acts).await
    }

    /// Reminds those who have not answered, and those whose registration is about
    /// to end.
    ///
    /// # Errors
    /// As [`House::lapse_overdue`].
    pub async fn remind_due(&self, limit: i64) -> Result<usize, Error> {
        let mut connection = self.pool.take().await?;
        let due = applications::to_remind(&mut connection, self.now(), limit).await?;
        let acts = due.into_iter().map(|id| (id, Act::Remind));
        let sent = self.let_happen(&mut connection, acts).await?;
        metrics::counter!("kelisim_reminders_total").increment(sent.try_into().unwrap_or(0));
        Ok(sent)
    }

    /// Each in a transaction of its own: one that fails does not keep the others.
    async fn let_happen(
        &self,
        connection: &mut Connection,
        acts: impl Iterator<Item = (ApplicationId, Act<'static>)>,
    ) -> Result<usize, Error> {
        let (mut happened, mut failure) = (0, None);
        for (id, act) in acts {
            let outcome = transaction(connection, async |connection| {
                let application = applications::lock(connection, id).await?;
                let application = application.ok_or(Error::NotFound)?;
                self.act(connection, &application, &Actor::Clock, act.clone())
                    .await
            });
            match outcome.await {
                Ok(_) => happened += 1,
                // Somebody was faster, or another worker did it.
                Err(Error::Refused(
                    Refused::OutOfTurn(_)
                    | Refused::TooEarly
                    | Refused::TooLate
                    | Refused::NotYours,
                )) => {}
                Err(error) => failure = Some(error),
            }
        }
        failure.map_or(Ok(happened), Err)
    }
}
