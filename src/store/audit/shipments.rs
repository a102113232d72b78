//! How far checkpoints were sent elsewhere.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Text, Timestamptz};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryableByName};
use diesel_async::RunQueryDsl;

use super::{natural, stored};
use crate::store::schema::audit_shipments;
use crate::store::{Connection, Error};

#[derive(QueryableByName)]
struct Claimed {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// Claims a destination until then, and says which checkpoint is the last one
/// there; none when another worker sends there now.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn claim(
    connection: &mut Connection,
    destination: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Option<u64>, Error> {
    let claimed: Option<Claimed> = diesel::sql_query(
        "INSERT INTO audit_shipments (destination, number, claimed_until) VALUES ($1, 0, $3)
         ON CONFLICT (destination) DO UPDATE SET claimed_until = $3
         WHERE audit_shipments.claimed_until <= $2
         RETURNING number",
    )
    .bind::<Text, _>(destination)
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(until)
    .get_result(connection)
    .await
    .optional()?;
    claimed
        .map(|claimed| natural(claimed.number, "shipment"))
        .transpose()
}

/// Notes that a checkpoint is there, and holds the claim until then.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn arrived(
    connection: &mut Connection,
    destination: &str,
    number: u64,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::update(audit_shipments::table.find(destination))
        .set((
            audit_shipments::number.eq(stored(number)),
            audit_shipments::shipped_at.eq(Some(now)),
            audit_shipments::claimed_until.eq(until),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// Gives a claim back.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn release(
    connection: &mut Connection,
    destination: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::update(audit_shipments::table.find(destination))
        .set(audit_shipments::claimed_until.eq(now))
        .execute(connection)
        .await?;
    Ok(())
}
