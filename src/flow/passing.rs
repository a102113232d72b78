//! What happens because a time has come: applications lapse, registrations end,
//! demands that nobody confirmed are dropped, people are reminded.

use chrono::{DateTime, Utc};

use super::transaction::transaction;
use super::{Error, House, Job};
use crate::domain::{Act, Actor, Application, ApplicationId, Grounds, Refused, Rules, today};
use crate::store::{self, Connection, Mark, applications, registrations};

/// What is due in an order, and where the next page begins.
pub(super) type Due<M, T> = Vec<(Mark<M>, T)>;

impl House {
    /// Lets every application lapse whose deadline has passed, `limit` of them at a
    /// time, and says how many did. One that fails keeps no other.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails; the last one when several fail.
    pub async fn lapse_overdue(&self, limit: i64) -> Result<usize, Error> {
        let due = async |connection: &mut Connection, behind| {
            applications::overdue(connection, self.now(), behind, limit).await
        };
        self.let_pass((Job::Lapse, limit), due, async |connection, id| {
            self.let_happen(connection, id, Act::Lapse).await
        })
        .await
    }

    /// Ends every registration whose last day is over.
    ///
    /// # Errors
    /// As [`House::lapse_overdue`].
    pub async fn expire_over(&self, limit: i64) -> Result<usize, Error> {
        let due = async |connection: &mut Connection, behind| {
            registrations::over(connection, today(self.now()), behind, limit).await
        };
        self.let_pass((Job::Expire, limit), due, async |connection, id| {
            self.let_happen(connection, id, Act::Expire).await
        })
        .await
    }

    /// Drops the demands to end a registration that the other owners did not
    /// confirm in time: it stands.
    ///
    /// # Errors
    /// As [`House::lapse_overdue`].
    pub async fn drop_unconfirmed(&self, limit: i64) -> Result<usize, Error> {
        let due = async |connection: &mut Connection, behind| {
            registrations::unconfirmed(connection, self.now(), behind, limit).await
        };
        self.let_pass(
            (Job::DropRemovals, limit),
            due,
            async |connection, named| {
                let (id, registration) = named;
                let act = Act::DropRemoval(registration);
                self.let_happen(connection, id, act).await
            },
        )
        .await
    }

    /// Ends what continued a registration that ended early: whoever left, was removed
    /// or was not taken does not come back when the period begins that was to follow.
    /// What continues one of these in turn ends as well, and nobody is asked any more
    /// whether one of them is to be continued.
    ///
    /// # Errors
    /// As [`House::lapse_overdue`].
    pub async fn discontinue(&self, limit: i64) -> Result<usize, Error> {
        self.discontinue_since(None, limit).await
    }

    /// The same for those that ended early since then, which are few.
    ///
    /// # Errors
    /// As [`House::lapse_overdue`].
    pub async fn discontinue_since(
        &self,
        since: Option<DateTime<Utc>>,
        limit: i64,
    ) -> Result<usize, Error> {
        let (mut done, mut ended) = (0, usize::MAX);
        while ended > 0 {
            ended = self.discontinue_next(since, limit).await?;
            done += ended;
        }
        Ok(done + self.refuse_to_extend(since, limit).await?)
    }

    async fn refuse_to_extend(
        &self,
        since: Option<DateTime<Utc>>,
        limit: i64,
    ) -> Result<usize, Error> {
        let due = async |connection: &mut Connection, behind| {
            applications::extending_nothing(connection, since, behind, limit).await
        };
        self.go_through((Job::Discontinue, limit), due, async |id| {
            let mut connection = self.pool.take().await?;
            let act = Act::Refuse(Grounds::NothingToExtend);
            self.let_happen(&mut connection, id, act).await
        })
        .await
    }

    async fn discontinue_next(
        &self,
        since: Option<DateTime<Utc>>,
        limit: i64,
    ) -> Result<usize, Error> {
        let due = async |connection: &mut Connection, behind| {
            registrations::continuing(connection, since, behind, limit).await
        };
        let end = async |(id, registration, former)| {
            let mut connection = self.pool.take().await?;
            let (_, former) = super::see::registration(&mut connection, former).await?;
            let act = Act::Discontinue(registration, &former);
            self.let_happen(&mut connection, id, act).await
        };
        self.go_through((Job::Discontinue, limit), due, end).await
    }

    /// Reminds those who have not answered, and those whose registration is about
    /// to end. Where by the rules of today nothing is due, the time of the next
    /// reminder is set anew.
    ///
    /// # Errors
    /// As [`House::lapse_overdue`].
    pub async fn remind_due(&self, limit: i64) -> Result<usize, Error> {
        let due = async |connection: &mut Connection, behind| {
            applications::to_remind(connection, self.now(), behind, limit).await
        };
        self.let_pass((Job::Remind, limit), due, async |connection, id| {
            self.remind(connection, id).await
        })
        .await
    }

    async fn remind(&self, connection: &mut Connection, id: ApplicationId) -> Result<usize, Error> {
        if registrations::are_continued(connection, id).await? {
            // Nothing comes to an end: what follows is registered already.
            self.set_reminder(connection, id, Application::reminder_after)
                .await?;
            return Ok(0);
        }
        let sent = self.let_happen(connection, id, Act::Remind).await?;
        if sent == 0 {
            self.set_reminder(connection, id, Application::next_reminder)
                .await?;
        }
        metrics::counter!("kelisim_reminders_total").increment(sent.try_into().unwrap_or(0));
        Ok(sent)
    }

    /// What was stored goes by the rules of its day. It is no step: nobody is told,
    /// and nothing is decided by it but when this is looked at again.
    async fn set_reminder(
        &self,
        connection: &mut Connection,
        id: ApplicationId,
        next: impl Fn(&Application, &Rules, DateTime<Utc>) -> Option<DateTime<Utc>>,
    ) -> Result<(), Error> {
        transaction(connection, async |connection| {
            let application = applications::lock(connection, id).await?;
            let application = application.ok_or(Error::NotFound)?;
            let next = next(&application, &self.settings.rules, self.now());
            Ok(applications::remind_at(connection, id, next).await?)
        })
        .await
    }

    /// Goes through everything that is due because of the time, as long as the time
    /// is not in doubt.
    pub(super) async fn let_pass<M: Copy, T>(
        &self,
        (job, limit): (Job, i64),
        due: impl AsyncFn(&mut Connection, Option<Mark<M>>) -> Result<Due<M, T>, store::Error>,
        happen: impl AsyncFn(&mut Connection, T) -> Result<usize, Error>,
    ) -> Result<usize, Error> {
        let due = async |connection: &mut Connection, behind| match self.watch.lets_time_pass() {
            true => due(connection, behind).await,
            false => Ok(Vec::new()),
        };
        self.go_through((job, limit), due, async |row| {
            let mut connection = self.pool.take().await?;
            happen(&mut connection, row).await
        })
        .await
    }

    /// Goes through everything that is due, page by page, each behind the last row of
    /// the page before: what fails is passed over and keeps nothing else back. Says
    /// how much was done, or how the last one failed.
    pub(super) async fn go_through<M: Copy, T>(
        &self,
        (job, limit): (Job, i64),
        due: impl AsyncFn(&mut Connection, Option<Mark<M>>) -> Result<Due<M, T>, store::Error>,
        happen: impl AsyncFn(T) -> Result<usize, Error>,
    ) -> Result<usize, Error> {
        let (mut done, mut failure, mut behind) = (0, None, None);
        loop {
            let page = {
                let mut connection = self.pool.take().await?;
                due(&mut connection, behind).await?
            };
            let is_full = i64::try_from(page.len()).is_ok_and(|found| found >= limit);
            for (mark, row) in page {
                behind = Some(mark);
                match happen(row).await {
                    Ok(more) => done += more,
                    // Nobody stamps now: for the others they would not either.
                    Err(silent @ Error::NoStamp(_)) => return Err(silent),
                    Err(error) => failure = Some(error),
                }
                self.beat(job);
            }
            if !is_full {
                return failure.map_or(Ok(done), Err);
            }
        }
    }

    /// In a transaction of its own.
    async fn let_happen(
        &self,
        connection: &mut Connection,
        id: ApplicationId,
        act: Act<'_>,
    ) -> Result<usize, Error> {
        let outcome = transaction(connection, async |connection| {
            let application = applications::lock(connection, id).await?;
            let application = application.ok_or(Error::NotFound)?;
            self.act(connection, &application, &Actor::Clock, act.clone())
                .await
        });
        match outcome.await {
            Ok(_) => Ok(1),
            // Somebody was faster, or another worker did it.
            Err(Error::Refused(
                Refused::OutOfTurn(_) | Refused::TooEarly | Refused::TooLate | Refused::NotYours,
            )) => Ok(0),
            Err(error) => Err(error),
        }
    }
}
