//! Seals the records that wait: makes them leaves of the tree and signs its root.

use chrono::TimeDelta;

use crate::domain::audit::{Checkpoint, Edge, KEPT, Sealed, Signer, Subtree, perfect};
use crate::eds::Digest;
use crate::flow::transaction::transaction;
use crate::flow::{Error, House};
use crate::store::Connection;
use crate::store::audit::{checkpoints, leaves};

/// When a checkpoint is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// When so many records wait; also the most that one checkpoint takes.
    pub records: i64,
    /// When one has waited so long.
    pub age: TimeDelta,
}

impl Default for Pace {
    /// 1,000 records, or 45 seconds, so that nothing waits for a minute even when
    /// the job is late.
    fn default() -> Self {
        Self {
            records: 1000,
            age: TimeDelta::seconds(45),
        }
    }
}

impl House {
    /// Makes checkpoints as long as they are due, and says how many. Several
    /// workers may try at once: one of them makes it.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn checkpoint_due(&self, signer: &Signer, pace: Pace) -> Result<usize, Error> {
        let mut made = 0;
        while self.is_checkpoint_due(pace).await? {
            match self.checkpoint(signer, pace.records).await? {
                Some(_) => made += 1,
                None => break,
            }
        }
        Ok(made)
    }

    /// Makes a checkpoint over at most `limit` of the records that wait; none
    /// when nothing waits, or another worker is at it.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn checkpoint(
        &self,
        signer: &Signer,
        limit: i64,
    ) -> Result<Option<Checkpoint>, Error> {
        let mut connection = self.pool.take().await?;
        transaction(&mut connection, async |connection| {
            if !checkpoints::try_lock(connection).await? {
                return Ok(None);
            }
            self.next_checkpoint(connection, signer, limit).await
        })
        .await
    }

    /// Has the texts of up to `limit` checkpoints time-stamped that are not yet,
    /// the oldest first, and says how many.
    ///
    /// # Errors
    /// What `stamp` fails with, or [`Error::Store`].
    pub async fn stamp_checkpoints<E: From<Error>>(
        &self,
        limit: i64,
        stamp: impl AsyncFn(&[u8]) -> Result<Vec<u8>, E>,
    ) -> Result<usize, E> {
        let mut stamped = 0;
        for sealed in self.unstamped(limit).await? {
            let checkpoint = Checkpoint::read(&sealed.note).map_err(|_| Error::CutOff)?;
            let token = stamp(checkpoint.text().as_bytes()).await?;
            self.keep_stamp(sealed.number, &token).await?;
            stamped += 1;
        }
        Ok(stamped)
    }

    /// The same by whom we ask for evidence.
    ///
    /// # Errors
    /// [`Error::NoStamp`] when nobody stamps now: the next turn asks again.
    pub async fn stamp_log(&self, limit: i64) -> Result<usize, Error> {
        let means = self.means();
        let stamp = async |text: &[u8]| self.seal(text.to_vec(), &means).await;
        self.stamp_checkpoints(limit, stamp).await
    }

    async fn unstamped(&self, limit: i64) -> Result<Vec<Sealed>, Error> {
        let mut connection = self.pool.take().await?;
        Ok(checkpoints::unstamped(&mut connection, limit).await?)
    }

    async fn keep_stamp(&self, number: u64, token: &[u8]) -> Result<(), Error> {
        let mut connection = self.pool.take().await?;
        Ok(checkpoints::stamp(&mut connection, number, token).await?)
    }

    async fn is_checkpoint_due(&self, pace: Pace) -> Result<bool, Error> {
        let mut connection = self.pool.take().await?;
        let backlog = checkpoints::backlog(&mut connection, pace.records).await?;
        let old = |since| self.now() - since >= pace.age;
        Ok(backlog.waiting >= pace.records || backlog.oldest.is_some_and(old))
    }

    async fn next_checkpoint(
        &self,
        connection: &mut Connection,
        signer: &Signer,
        limit: i64,
    ) -> Result<Option<Checkpoint>, Error> {
        let waiting = leaves::waiting(connection, limit).await?;
        if waiting.is_empty() {
            return Ok(None);
        }
        let last = last_checkpoint(connection).await?;
        let size = last.as_ref().map_or(0, |last| last.size);
        let mut edge = edge_at(connection, size).await?;
        let completed: Vec<(Subtree, Digest)> = waiting
            .iter()
            .flat_map(|record| edge.push(record.leaf()))
            .filter(|(subtree, _)| subtree.level >= KEPT)
            .collect();
        let (origin, now) = (signer.public().name(), self.now());
        // A clock that was stepped back must not put checkpoints out of order.
        let at = last.as_ref().map_or(now, |last| now.max(last.at));
        let (size_now, root) = (edge.size(), edge.root());
        let checkpoint = Checkpoint::following(last.as_ref(), origin, size_now, root, at);
        leaves::add(connection, size, &waiting).await?;
        leaves::keep(connection, &completed).await?;
        let sealed = Sealed {
            number: checkpoint.number,
            size: checkpoint.size,
            note: checkpoint.signed(signer),
        };
        checkpoints::insert(connection, &sealed).await?;
        Ok(Some(checkpoint))
    }
}

async fn last_checkpoint(connection: &mut Connection) -> Result<Option<Checkpoint>, Error> {
    let Some(sealed) = checkpoints::latest(connection).await? else {
        return Ok(None);
    };
    let corrupt = crate::store::Error::Corrupt("checkpoint");
    let checkpoint = Checkpoint::read(&sealed.note).map_err(|_| corrupt)?;
    Ok(Some(checkpoint))
}

/// The right edge of the tree at this size: a few nodes and at most 255 leaves
/// are read, however large the tree is.
async fn edge_at(connection: &mut Connection, size: u64) -> Result<Edge, Error> {
    let peaks: Vec<Vec<Subtree>> = perfect(0, size).into_iter().map(|one| vec![one]).collect();
    let hashes = leaves::hashes(connection, &peaks).await?;
    let edge = Edge::of(size, &hashes);
    Ok(edge.ok_or(crate::store::Error::Corrupt("audit tree"))?)
}
