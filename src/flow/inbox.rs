//! What people were told, and what they have read of it.

use uuid::Uuid;

use super::see::cut;
use super::{Error, House, Kept, Session};
use crate::store::notices;
pub use crate::store::notices::Which;

/// A page of notices.
#[derive(Clone, Debug)]
pub struct Inbox {
    /// The notices, newest first.
    pub notices: Vec<Kept>,
    /// Where the next page begins, when there is one.
    pub next: Option<Uuid>,
    /// How many are unread, on whichever page.
    pub unread: i64,
}

impl House {
    /// The notices to a person, or to the organisation for which they act.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn inbox(
        &self,
        session: &Session,
        which: Which,
        (before, limit): (Option<Uuid>, i64),
    ) -> Result<Inbox, Error> {
        let actor = session.actor();
        let mut connection = self.pool.take().await?;
        let found = notices::list(&mut connection, (&actor, which), before, limit + 1).await?;
        let (notices, next) = cut(found, limit, |last| last.id);
        Ok(Inbox {
            notices,
            next,
            unread: notices::unread(&mut connection, &actor).await?,
        })
    }

    /// How many notices are unread.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn unread(&self, session: &Session) -> Result<i64, Error> {
        let mut connection = self.pool.take().await?;
        Ok(notices::unread(&mut connection, &session.actor()).await?)
    }

    /// The newest notice, by which it is known whether there is anything new.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn newest_notice(&self, session: &Session) -> Result<Option<Uuid>, Error> {
        let actor = session.actor();
        let mut connection = self.pool.take().await?;
        let found = notices::list(&mut connection, (&actor, Which::All), None, 1).await?;
        Ok(found.first().map(|notice| notice.id))
    }

    /// Marks a notice as read; once more changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless it is to this person.
    pub async fn mark_read(&self, session: &Session, notice: Uuid) -> Result<(), Error> {
        let mut connection = self.pool.take().await?;
        let there = notices::mark(&mut connection, &session.actor(), notice, self.now()).await?;
        there.then_some(()).ok_or(Error::NotFound)
    }

    /// Marks all notices as read and says how many were not.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn mark_all_read(&self, session: &Session) -> Result<usize, Error> {
        let mut connection = self.pool.take().await?;
        Ok(notices::mark_all(&mut connection, &session.actor(), self.now()).await?)
    }
}
