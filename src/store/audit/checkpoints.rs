//! What the tree was at a moment, signed and, later, time-stamped.

use diesel::sql_types::{BigInt, Bool};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryableByName};
use diesel_async::RunQueryDsl;

use super::{natural, stored};
use crate::domain::audit::Sealed;
use crate::store::backlog::Backlog;
use crate::store::schema::audit_checkpoints;
use crate::store::{Connection, Error};

/// A row of the table.
pub(super) type Row = (i64, i64, String);

/// Counts what waits, up to `limit`.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn backlog(connection: &mut Connection, limit: i64) -> Result<Backlog, Error> {
    let backlog = diesel::sql_query(
        "SELECT count(*) AS waiting, min(since) AS oldest
         FROM (SELECT since FROM audit_waiting ORDER BY since LIMIT $1) AS oldest",
    )
    .bind::<BigInt, _>(limit)
    .get_result(connection)
    .await?;
    Ok(backlog)
}

/// Takes the right to make a checkpoint until the end of the transaction; false
/// when another worker has it. Nothing but checkpoints asks for it.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn try_lock(connection: &mut Connection) -> Result<bool, Error> {
    #[derive(QueryableByName)]
    struct Taken {
        #[diesel(sql_type = Bool)]
        taken: bool,
    }
    let lock: Taken = diesel::sql_query("SELECT pg_try_advisory_xact_lock($1) AS taken")
        .bind::<BigInt, _>(LOCK)
        .get_result(connection)
        .await?;
    Ok(lock.taken)
}

/// Writes a checkpoint.
///
/// # Errors
/// [`Error::Statement`] when there is one of this number or size.
pub async fn insert(connection: &mut Connection, checkpoint: &Sealed) -> Result<(), Error> {
    diesel::insert_into(audit_checkpoints::table)
        .values((
            audit_checkpoints::number.eq(stored(checkpoint.number)),
            audit_checkpoints::tree_size.eq(stored(checkpoint.size)),
            audit_checkpoints::note.eq(&checkpoint.note),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// The latest checkpoint.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn latest(connection: &mut Connection) -> Result<Option<Sealed>, Error> {
    let row: Option<Row> = audit_checkpoints::table
        .order(audit_checkpoints::number.desc())
        .select(ROW)
        .first(connection)
        .await
        .optional()?;
    row.map(read).transpose()
}

/// The checkpoint that follows this number.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn after(connection: &mut Connection, number: u64) -> Result<Option<Sealed>, Error> {
    let row: Option<Row> = audit_checkpoints::table
        .filter(audit_checkpoints::number.gt(stored(number)))
        .order(audit_checkpoints::number)
        .select(ROW)
        .first(connection)
        .await
        .optional()?;
    row.map(read).transpose()
}

/// The time-stamp over a checkpoint, if it has one.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn time_stamp(
    connection: &mut Connection,
    number: u64,
) -> Result<Option<Vec<u8>>, Error> {
    let token: Option<Option<Vec<u8>>> = audit_checkpoints::table
        .find(stored(number))
        .select(audit_checkpoints::time_stamp)
        .first(connection)
        .await
        .optional()?;
    Ok(token.flatten())
}

/// The last checkpoint before a number, and its time-stamp, if it has one.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn before(
    connection: &mut Connection,
    number: u64,
) -> Result<Option<(Sealed, Option<Vec<u8>>)>, Error> {
    let row: Option<(Row, Option<Vec<u8>>)> = audit_checkpoints::table
        .filter(audit_checkpoints::number.lt(stored(number)))
        .order(audit_checkpoints::number.desc())
        .select((ROW, audit_checkpoints::time_stamp))
        .first(connection)
        .await
        .optional()?;
    row.map(|(row, token)| Ok((read(row)?, token))).transpose()
}

/// Checkpoints without a time-stamp, the oldest first.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn unstamped(connection: &mut Connection, limit: i64) -> Result<Vec<Sealed>, Error> {
    let rows: Vec<Row> = audit_checkpoints::table
        .filter(audit_checkpoints::time_stamp.is_null())
        .order(audit_checkpoints::number)
        .limit(limit)
        .select(ROW)
        .load(connection)
        .await?;
    rows.into_iter().map(read).collect()
}

/// Puts a time-stamp beside a checkpoint that has none.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn stamp(connection: &mut Connection, number: u64, token: &[u8]) -> Result<(), Error> {
    let bare = audit_checkpoints::table
        .find(stored(number))
        .filter(audit_checkpoints::time_stamp.is_null());
    diesel::update(bare)
        .set(audit_checkpoints::time_stamp.eq(token))
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) fn read((number, size, note): Row) -> Result<Sealed, Error> {
    Ok(Sealed {
        number: natural(number, "checkpoint number")?,
        size: natural(size, "tree size")?,
        note,
    })
}

/// What a [`Row`] is made of.
pub(super) const ROW: (
    audit_checkpoints::number,
    audit_checkpoints::tree_size,
    audit_checkpoints::note,
) = (
    audit_checkpoints::number,
    audit_checkpoints::tree_size,
    audit_checkpoints::note,
);

/// One number for all workers.
const LOCK: i64 = 0x6b65_6c69_7369_6d02;
