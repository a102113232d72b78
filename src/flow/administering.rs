//! What whoever runs the service sees of it: whether all goes on, and which message
//! the portal did not take. Nothing of it is about a person.

use std::time::Instant;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::see::cut;
use super::{Error, House, Once, Reply, Session};
use crate::domain::audit::Checkpoint;
use crate::eds::Iin;
pub use crate::flow::watch::LastTurn;
use crate::store::audit::checkpoints;
pub use crate::store::backlog::Backlog;
pub use crate::store::deliveries::{Delivery, Standing, Wanted};
pub use crate::store::lists::Stored as List;
use crate::store::{self, Connection, deliveries, lists, outbox, received, sessions};

/// Whether all goes on.
#[derive(Clone, Debug)]
pub struct Health {
    /// The moment at which it was so.
    pub at: DateTime<Utc>,
    /// Signatures that wait for their evidence.
    pub signatures: Backlog,
    /// Messages that wait to be delivered.
    pub messages: Backlog,
    /// Messages that were given up.
    pub parked: i64,
    /// The revocation lists that were fetched.
    pub lists: Vec<List>,
    /// The latest checkpoint of the audit log.
    pub checkpoint: Option<Checkpoint>,
    /// Records that are in no checkpoint yet.
    pub unsealed: Backlog,
    /// The version of the database server.
    pub database: String,
    /// The jobs that run in this process.
    pub jobs: Vec<LastTurn>,
}

impl House {
    /// The version of the service.
    pub const VERSION: &str = env!("CARGO_PKG_VERSION");

    /// Whether the person runs the service: by whom they are, with whichever of their
    /// certificates they signed in.
    #[must_use]
    pub fn is_administrator(&self, session: &Session) -> bool {
        self.settings.administrators.contains(&session.iin)
    }

    /// Whether all goes on.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to whoever does not run the service.
    pub async fn health(&self, session: &Session) -> Result<Health, Error> {
        self.administrator(session)?;
        let mut connection = self.pool.take().await?;
        let connection = &mut connection;
        let undelivered = outbox::backlog(connection).await?;
        Ok(Health {
            at: self.now(),
            signatures: received::backlog(connection).await?,
            messages: undelivered.backlog,
            parked: undelivered.parked,
            lists: lists::all(connection).await?,
            checkpoint: latest(connection).await?,
            unsealed: checkpoints::backlog(connection, i64::MAX).await?,
            database: store::version(connection).await?,
            jobs: self.watch.last_turns(Instant::now()),
        })
    }

    /// Messages to the portal, newest first, and where the next page begins.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to whoever does not run the service.
    pub async fn deliveries(
        &self,
        session: &Session,
        wanted: &Wanted,
    ) -> Result<(Vec<Delivery>, Option<Uuid>), Error> {
        self.administrator(session)?;
        let mut connection = self.pool.take().await?;
        let one_more = Wanted {
            limit: wanted.limit + 1,
            ..*wanted
        };
        let found = deliveries::list(&mut connection, &one_more).await?;
        Ok(cut(found, wanted.limit, |last| last.id))
    }

    /// Lets a message go that was given up: it is sent at once, and after it those of
    /// its application that it held back.
    ///
    /// The audit log tells what was decided about applications; this is no such
    /// decision, so it is told by a line in the log of the service, under the
    /// identifier of the session.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to whoever does not run the service;
    /// [`Error::NotFound`] when there is no such message; [`Error::NotParked`] when it
    /// is not given up.
    pub async fn retry_delivery(
        &self,
        session: &Session,
        once: &Once<'_, Delivery>,
        id: Uuid,
    ) -> Result<Reply, Error> {
        self.administrator(session)?;
        let mut connection = self.pool.take().await?;
        if let Some(reply) = self.given(&mut connection, session, once).await? {
            return Ok(reply);
        }
        let reply = self
            .take_effect(&mut connection, session, once, async |connection| {
                let delivery = deliveries::lock(connection, id).await?;
                let delivery = delivery.ok_or(Error::NotFound)?;
                if delivery.standing != Standing::Parked {
                    return Err(Error::NotParked);
                }
                deliveries::release(connection, id, self.now()).await?;
                let released = deliveries::lock(connection, id).await?;
                released.ok_or(Error::NotFound)
            })
            .await?;
        tracing::info!(message = %id, session = %session.id, "a parked callback was let go");
        Ok(reply)
    }

    /// Ends every session of a person whose key or device is in wrong hands, and says
    /// how many. It is told by a line in the log, under the administrator's session.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to whoever does not run the service.
    pub async fn end_sessions_of(&self, session: &Session, person: &Iin) -> Result<usize, Error> {
        self.administrator(session)?;
        let mut connection = self.pool.take().await?;
        let ended = sessions::end_all(&mut connection, person, self.now()).await?;
        tracing::info!(ended, session = %session.id, "the sessions of a person were ended");
        Ok(ended)
    }

    fn administrator(&self, session: &Session) -> Result<(), Error> {
        self.is_administrator(session)
            .then_some(())
            .ok_or(Error::NotAllowed)
    }
}

async fn latest(connection: &mut Connection) -> Result<Option<Checkpoint>, Error> {
    let sealed = checkpoints::latest(connection).await?;
    let read = sealed.map(|sealed| Checkpoint::read(&sealed.note));
    let read = read.transpose();
    Ok(read.map_err(|_| store::Error::Corrupt("checkpoint"))?)
}
