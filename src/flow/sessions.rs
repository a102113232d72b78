//! Where a person is signed in, and the end of it.

use uuid::Uuid;

use super::{Error, House, Session};
use crate::store::sessions;

impl House {
    /// The sessions in which the person is signed in now, be it for themselves or
    /// for an organisation; the one that was used last comes first.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn open_sessions(&self, session: &Session) -> Result<Vec<Session>, Error> {
        let mut connection = self.pool.take().await?;
        let idle = self.settings.session_idle;
        Ok(sessions::open(&mut connection, &session.iin, idle, self.now()).await?)
    }

    /// Ends a session of the person, this one or another. One that is over stays so.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the person has no such session.
    pub async fn end_session(&self, session: &Session, id: Uuid) -> Result<(), Error> {
        let mut connection = self.pool.take().await?;
        let ended = sessions::end_own(&mut connection, &session.iin, id, self.now()).await?;
        ended.then_some(()).ok_or(Error::NotFound)
    }

    /// Ends every session of the person but this one, and says how many.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn end_other_sessions(&self, session: &Session) -> Result<usize, Error> {
        let mut connection = self.pool.take().await?;
        let idle = self.settings.session_idle;
        Ok(sessions::end_others(&mut connection, session, idle, self.now()).await?)
    }
}
