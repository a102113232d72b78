//! The resident takes an application back.

use super::see::{own_locked, signatory};
use super::{Error, House, Once, Reply, Session};
use crate::domain::{Act, Actor, ApplicationId, Purpose};

impl House {
    /// Withdraws an application that has not led to a registration yet.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person is the resident; [`Error::Refused`]
    /// when it has come to an end already.
    pub async fn withdraw(
        &self,
        session: &Session,
        once: &Once<'_>,
        id: ApplicationId,
    ) -> Result<Reply, Error> {
        let mut connection = self.pool.take().await?;
        self.take_effect(&mut connection, session, once, async |connection| {
            let application = own_locked(connection, session, id).await?;
            signatory(&application, session, Purpose::Application)?;
            let actor = Actor::Person(session.iin.clone());
            let application = self
                .act(connection, &application, &actor, Act::Withdraw)
                .await?;
            self.seen(connection, application).await
        })
        .await
    }
}
