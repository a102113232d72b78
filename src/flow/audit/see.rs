//! What is shown of the audit log, and what anybody can check of it.

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::blank::Sight;
use crate::domain::audit::{Record, Sealed, consistency, inclusion};
use crate::domain::{Actor, Application, ApplicationId};
use crate::eds::Digest;
use crate::flow::{Error, House, Session};
use crate::store::Connection;
use crate::store::audit::{checkpoints, leaves, records};

/// A record with its hash as it is stored.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The record.
    pub record: Record,
    /// Its hash.
    pub hash: Digest,
    /// Its particulars, without what others answered while not all have.
    pub body: Value,
    /// The octets that are hashed, unless something was left out.
    pub canonical: Option<String>,
}

/// The proof that a record is in the tree of a checkpoint.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The record.
    pub shown: Shown,
    /// Which leaf it is.
    pub index: u64,
    /// The audit path, from the leaf up (RFC 9162 section 2.1.3).
    pub path: Vec<Digest>,
    /// The checkpoint whose root the path leads to.
    pub checkpoint: Stamped,
}

/// A checkpoint with its time-stamp.
#[derive(Clone, Debug)]
pub struct Stamped {
    /// The checkpoint.
    pub sealed: Sealed,
    /// The token (RFC 3161) over the text of the note, if there is one yet.
    pub time_stamp: Option<Vec<u8>>,
}

impl House {
    /// The records of an application that the person may see: all steps, and the
    /// refused signatures of the owners to the resident, of an owner to that owner.
    /// What the others answered is left out of them until all are in.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless it concerns the person.
    pub async fn audit(&self, session: &Session, id: ApplicationId) -> Result<Vec<Shown>, Error> {
        let mut connection = self.pool.take().await?;
        let application = self.own(&mut connection, session, id).await?;
        shown(&mut connection, &application, &session.actor()).await
    }

    /// The proof that a record is in the tree.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless there is such a record and the person may see
    /// it; [`Error::NotSealed`] while it waits for the next checkpoint.
    pub async fn audit_proof(
        &self,
        session: &Session,
        id: ApplicationId,
        sequence: i64,
    ) -> Result<Proof, Error> {
        let mut connection = self.pool.take().await?;
        let application = self.own(&mut connection, session, id).await?;
        let all = shown(&mut connection, &application, &session.actor()).await?;
        let mut all = all.into_iter();
        let shown = all.find(|one| one.record.sequence == sequence);
        let shown = shown.ok_or(Error::NotFound)?;
        // Leaf and checkpoint are written together: the latest has the leaf.
        let index = leaves::index_of(&mut connection, id, sequence).await?;
        let index = index.ok_or(Error::NotSealed)?;
        let checkpoint = latest(&mut connection).await?;
        let ranges = inclusion(index, checkpoint.sealed.size).ok_or(Error::NotSealed)?;
        Ok(Proof {
            shown,
            index,
            path: leaves::hashes(&mut connection, &ranges).await?,
            checkpoint,
        })
    }

    /// The latest checkpoint.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none yet.
    pub async fn latest_checkpoint(&self) -> Result<Stamped, Error> {
        let mut connection = self.pool.take().await?;
        latest(&mut connection).await
    }

    /// The proof that the tree of one size is the beginning of the tree of
    /// another (RFC 9162 section 2.1.4).
    ///
    /// # Errors
    /// [`Error::NotFound`] when the tree has not been of those sizes.
    pub async fn audit_consistency(&self, from: u64, to: u64) -> Result<Vec<Digest>, Error> {
        let mut connection = self.pool.take().await?;
        let size = latest(&mut connection).await?.sealed.size;
        let ranges = consistency(from, to).filter(|_| to <= size);
        let ranges = ranges.ok_or(Error::NotFound)?;
        Ok(leaves::hashes(&mut connection, &ranges).await?)
    }
}

impl Shown {
    fn through(sight: &Sight, record: Record, hash: Digest) -> Self {
        let (body, whole) = sight.over(&record.body);
        Self {
            canonical: whole.then(|| record.canonical()),
            record,
            hash,
            body,
        }
    }
}

async fn latest(connection: &mut Connection) -> Result<Stamped, Error> {
    let sealed = checkpoints::latest(connection).await?;
    let sealed = sealed.ok_or(Error::NotFound)?;
    let time_stamp = checkpoints::time_stamp(connection, sealed.number).await?;
    Ok(Stamped { sealed, time_stamp })
}

async fn shown(
    connection: &mut Connection,
    application: &Application,
    viewer: &Actor,
) -> Result<Vec<Shown>, Error> {
    let records = records::of(connection, application.id).await?;
    let records = records.into_iter();
    let visible = records.filter(|(record, _)| may_see(record, application, viewer));
    let sight = Sight::of(application, viewer);
    Ok(visible
        .map(|(record, hash)| Shown::through(&sight, record, hash))
        .collect())
}

/// What went wrong when somebody signed is for them, and for the resident.
fn may_see(record: &Record, application: &Application, viewer: &Actor) -> bool {
    #[derive(Deserialize)]
    struct About {
        consent: Option<Uuid>,
    }
    if record.refusal.is_none() || application.applicant.signatory().admits(viewer) {
        return true;
    }
    let about = serde_json::from_str::<About>(&record.body).ok();
    let consent = about.and_then(|about| about.consent);
    let mut own = application.consents_of(viewer);
    consent.is_some_and(|consent| own.any(|own| own.id.uuid() == consent))
}
