//! One request, one effect, one answer, however often it is sent.

use super::transaction::transaction;
use super::{Error, House, Seen, Session};
use crate::eds::Digest;
use crate::store::{Connection, answers};

/// A request that has an effect on a `T`.
pub struct Once<'a, T = Seen> {
    /// The key under which the caller repeats it.
    pub key: &'a str,
    /// The digest of method, path and body.
    pub request: Digest,
    /// How the caller words the answer; it is stored as it was given.
    pub wording: &'a dyn Fn(&T) -> Reply,
}

/// An answer as it goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// JSON.
    pub body: String,
}

impl House {
    /// The answer that was already given to this request, if it was.
    ///
    /// # Errors
    /// [`Error::KeyReused`] when the key stands for another request.
    pub(super) async fn given<T>(
        &self,
        connection: &mut Connection,
        session: &Session,
        once: &Once<'_, T>,
    ) -> Result<Option<Reply>, Error> {
        match answers::find(connection, &session.iin, once.key).await? {
            None => Ok(None),
            Some(answer) if answer.request != once.request => Err(Error::KeyReused),
            Some(answer) => Ok(Some(Reply {
                status: answer.status,
                body: answer.body,
            })),
        }
    }

    /// Runs `effect` and stores its answer in one transaction.
    ///
    /// When the effect fails, or its answer cannot be stored because the key is
    /// taken, the same request may have got there first: then the answer is that
    /// one's. Asking before ([`House::given`]) only saves work.
    ///
    /// # Errors
    /// What `effect` fails with.
    pub(super) async fn take_effect<T>(
        &self,
        connection: &mut Connection,
        session: &Session,
        once: &Once<'_, T>,
        effect: impl AsyncFnOnce(&mut Connection) -> Result<T, Error>,
    ) -> Result<Reply, Error> {
        let result = transaction(connection, async |connection| {
            let seen = effect(connection).await?;
            let reply = (once.wording)(&seen);
            let answer = answers::Answer {
                request: once.request,
                status: reply.status,
                body: reply.body.clone(),
            };
            answers::insert(connection, &session.iin, once.key, &answer, self.now()).await?;
            Ok(reply)
        })
        .await;
        match result {
            Ok(reply) => Ok(reply),
            Err(error) => self.given_or(connection, session, once, error).await,
        }
    }

    /// The answer of a copy of this request that got there first, or else the
    /// refusal: what the copy changed may be the very reason for refusing.
    ///
    /// # Errors
    /// `refusal`, when no copy was answered.
    pub(super) async fn given_or<T>(
        &self,
        connection: &mut Connection,
        session: &Session,
        once: &Once<'_, T>,
        refusal: Error,
    ) -> Result<Reply, Error> {
        let given = self.given(connection, session, once).await?;
        given.ok_or(refusal)
    }
}
