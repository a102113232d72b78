//! The tree over all records: its leaves in order, and the inner nodes that are
//! kept so that no proof reads them all.

use std::collections::HashMap;

use diesel::sql_types::{Array, BigInt, Bytea, SmallInt, Uuid as SqlUuid};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryableByName};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{digest, natural, stored};
use crate::domain::ApplicationId;
use crate::domain::audit::{Edge, KEPT, Subtree, leaf, root_of};
use crate::eds::Digest;
use crate::store::schema::{audit_leaves, audit_nodes};
use crate::store::{Connection, Error};

/// A record that waits to be put into the tree.
#[derive(Clone, Debug, QueryableByName)]
pub struct Waiting {
    /// Its application.
    #[diesel(sql_type = SqlUuid)]
    pub application_id: Uuid,
    /// Its place in the chain of the application.
    #[diesel(sql_type = BigInt)]
    pub sequence: i64,
    /// Its hash.
    #[diesel(sql_type = Bytea)]
    hash: Vec<u8>,
}

impl Waiting {
    /// The hash of the leaf that it becomes.
    pub fn leaf(&self) -> Digest {
        leaf(&self.hash)
    }
}

/// The records that wait, the oldest first: whatever is visible now and no leaf
/// yet. A slower transaction's record is taken when it is there; nothing is ever
/// skipped by a high-water mark.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn waiting(connection: &mut Connection, limit: i64) -> Result<Vec<Waiting>, Error> {
    let waiting = diesel::sql_query(
        "SELECT application_id, sequence, r.hash
         FROM audit_waiting w JOIN audit_records r USING (application_id, sequence)
         ORDER BY w.since, application_id, sequence LIMIT $1",
    )
    .bind::<BigInt, _>(limit)
    .load(connection)
    .await?;
    Ok(waiting)
}

/// Makes leaves of records that waited, from this index on.
///
/// # Errors
/// [`Error::Statement`] when one of them is a leaf already.
pub async fn add(
    connection: &mut Connection,
    first: u64,
    records: &[Waiting],
) -> Result<(), Error> {
    let applications: Vec<Uuid> = records.iter().map(|one| one.application_id).collect();
    let sequences: Vec<i64> = records.iter().map(|one| one.sequence).collect();
    let hashes: Vec<&[u8]> = records.iter().map(|one| one.hash.as_slice()).collect();
    diesel::sql_query(
        "INSERT INTO audit_leaves (leaf_index, application_id, sequence, hash)
         SELECT $1 + place - 1, application_id, sequence, hash
         FROM unnest($2, $3, $4) WITH ORDINALITY AS t (application_id, sequence, hash, place)",
    )
    .bind::<BigInt, _>(stored(first))
    .bind::<Array<SqlUuid>, _>(&applications)
    .bind::<Array<BigInt>, _>(&sequences)
    .bind::<Array<Bytea>, _>(&hashes)
    .execute(connection)
    .await?;
    diesel::sql_query(
        "DELETE FROM audit_waiting USING unnest($1, $2) AS t (application_id, sequence)
         WHERE (audit_waiting.application_id, audit_waiting.sequence) = (t.application_id, t.sequence)",
    )
    .bind::<Array<SqlUuid>, _>(&applications)
    .bind::<Array<BigInt>, _>(&sequences)
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps inner nodes that were completed.
///
/// # Errors
/// [`Error::Statement`] when one of them is there already.
pub async fn keep(connection: &mut Connection, nodes: &[(Subtree, Digest)]) -> Result<(), Error> {
    let ends: Vec<i64> = nodes.iter().map(|(one, _)| stored(one.end())).collect();
    let levels: Vec<i16> = nodes
        .iter()
        .map(|(one, _)| i16::try_from(one.level).unwrap_or(i16::MAX))
        .collect();
    let hashes: Vec<&[u8]> = nodes
        .iter()
        .map(|(_, hash)| hash.as_bytes().as_slice())
        .collect();
    diesel::sql_query(
        "INSERT INTO audit_nodes (completed_at, level, hash) SELECT * FROM unnest($1, $2, $3)",
    )
    .bind::<Array<BigInt>, _>(&ends)
    .bind::<Array<SmallInt>, _>(&levels)
    .bind::<Array<Bytea>, _>(&hashes)
    .execute(connection)
    .await?;
    Ok(())
}

/// The leaf that a record is, if it is one yet.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn index_of(
    connection: &mut Connection,
    application: ApplicationId,
    sequence: i64,
) -> Result<Option<u64>, Error> {
    let index: Option<i64> = audit_leaves::table
        .filter(audit_leaves::application_id.eq(application.uuid()))
        .filter(audit_leaves::sequence.eq(sequence))
        .select(audit_leaves::leaf_index)
        .first(connection)
        .await
        .optional()?;
    index.map(|index| natural(index, "leaf index")).transpose()
}

/// The hash of each range, given as the perfect subtrees of which it consists.
///
/// # Errors
/// [`Error::Corrupt`] when a leaf or a node is missing.
pub async fn hashes(
    connection: &mut Connection,
    ranges: &[Vec<Subtree>],
) -> Result<Vec<Digest>, Error> {
    let known = subtrees(connection, ranges.iter().flatten()).await?;
    let hash_of = |range: &Vec<Subtree>| {
        let peaks: Option<Vec<Digest>> = range.iter().map(|one| known.get(one).copied()).collect();
        root_of(&peaks?)
    };
    let hashes: Option<Vec<Digest>> = ranges.iter().map(hash_of).collect();
    hashes.ok_or(Error::Corrupt("audit tree"))
}

async fn subtrees(
    connection: &mut Connection,
    wanted: impl Iterator<Item = &Subtree>,
) -> Result<HashMap<Subtree, Digest>, Error> {
    let (kept, low): (Vec<Subtree>, Vec<Subtree>) = wanted.partition(|one| one.level >= KEPT);
    let mut known = nodes_at(connection, &kept).await?;
    let leaves = leaves_below(connection, &low).await?;
    for subtree in low {
        let mut edge = Edge::default();
        for index in subtree.begin()..subtree.end() {
            let hash = leaves.get(&index).ok_or(Error::Corrupt("audit tree"))?;
            edge.push(*hash);
        }
        known.insert(subtree, edge.root());
    }
    Ok(known)
}

async fn nodes_at(
    connection: &mut Connection,
    kept: &[Subtree],
) -> Result<HashMap<Subtree, Digest>, Error> {
    if kept.is_empty() {
        return Ok(HashMap::new());
    }
    let ends: Vec<i64> = kept.iter().map(|one| stored(one.end())).collect();
    let rows: Vec<(i64, i16, Vec<u8>)> = audit_nodes::table
        .filter(audit_nodes::completed_at.eq_any(ends))
        .load(connection)
        .await?;
    rows.iter().map(read_node).collect()
}

async fn leaves_below(
    connection: &mut Connection,
    low: &[Subtree],
) -> Result<HashMap<u64, Digest>, Error> {
    let indices = low.iter().flat_map(|one| one.begin()..one.end());
    let indices: Vec<i64> = indices.map(stored).collect();
    let rows: Vec<(i64, Vec<u8>)> = audit_leaves::table
        .filter(audit_leaves::leaf_index.eq_any(indices))
        .select((audit_leaves::leaf_index, audit_leaves::hash))
        .load(connection)
        .await?;
    rows.iter()
        .map(|(index, hash)| Ok((natural(*index, "leaf index")?, leaf(hash))))
        .collect()
}

pub(super) fn read_node(row: &(i64, i16, Vec<u8>)) -> Result<(Subtree, Digest), Error> {
    let (end, level, hash) = row;
    let level = u32::try_from(*level).map_err(|_| Error::Corrupt("level"))?;
    let end = natural(*end, "node")?;
    let index = end.checked_shr(level).unwrap_or(0).saturating_sub(1);
    let subtree = Subtree { level, index };
    // No subtree ends there: what stands there is no hash of one.
    let hash = if subtree.end() == end {
        digest(hash)
    } else {
        Digest::of(hash)
    };
    Ok((subtree, hash))
}
