//! What the portal is to be told, until it has taken it.
//!
//! Messages of one application go out in order: only its first undelivered one
//! can be claimed. A claim is a row lock, so several workers share the outbox
//! without ever taking the same message, and a worker that dies gives its
//! messages back. Rows are claimed one by one and never by a high-water mark,
//! which would skip what a slower transaction commits later.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Timestamptz};
use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, QueryableByName};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::backlog::Backlog;
use super::schema::outbox;
use super::{Connection, Error};
use crate::domain::ApplicationId;

/// A message to the portal.
#[derive(Clone, Debug, Insertable, QueryableByName)]
#[diesel(table_name = outbox)]
pub struct Message {
    /// The application it tells of.
    pub application_id: Uuid,
    /// Its place among the messages of the application, from 1 without a gap.
    pub sequence: i64,
    /// The same in each attempt, so that the portal can tell repetitions.
    pub id: Uuid,
    /// The JSON to be sent, byte for byte.
    pub body: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// How often delivery was tried.
    pub attempts: i32,
    /// When to try next.
    pub next_attempt_at: DateTime<Utc>,
}

/// How an attempt to deliver a message ended.
#[derive(Clone, Debug)]
pub enum Attempt {
    /// The portal has it.
    Delivered,
    /// Try again at this time.
    Retry(DateTime<Utc>, String),
    /// Given up until somebody looks.
    Parked(String),
}

/// What the portal does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
pub struct Undelivered {
    /// Messages that are still to be delivered.
    #[diesel(embed)]
    pub backlog: Backlog,
    /// Messages that were given up.
    #[diesel(sql_type = BigInt)]
    pub parked: i64,
}

/// Writes a message.
///
/// # Errors
/// [`Error::Statement`] when the application has a message with this sequence.
pub async fn put(connection: &mut Connection, message: &Message) -> Result<(), Error> {
    diesel::insert_into(outbox::table)
        .values(message)
        .execute(connection)
        .await?;
    Ok(())
}

/// Claims one message that is due, if there is one, and postpones it to
/// `retry_at`: until then no other worker takes it, and no lock is held while
/// the portal is spoken to.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn claim(
    connection: &mut Connection,
    now: DateTime<Utc>,
    retry_at: DateTime<Utc>,
) -> Result<Option<Message>, Error> {
    let claimed = diesel::sql_query(
        "UPDATE outbox SET next_attempt_at = $2, attempts = attempts + 1
         WHERE (application_id, sequence) = (
             SELECT waiting.application_id, waiting.sequence FROM outbox waiting
             WHERE waiting.delivered_at IS NULL AND waiting.parked_at IS NULL
               AND waiting.next_attempt_at <= $1
               AND NOT EXISTS (
                   SELECT FROM outbox earlier
                   WHERE earlier.application_id = waiting.application_id
                     AND earlier.sequence < waiting.sequence
                     AND earlier.delivered_at IS NULL)
             ORDER BY waiting.next_attempt_at
             FOR UPDATE SKIP LOCKED LIMIT 1)
         RETURNING application_id, sequence, id, body, created_at, attempts, next_attempt_at",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(retry_at)
    .get_result(connection)
    .await
    .optional()?;
    Ok(claimed)
}

/// Writes down how the attempt with a claimed message ended.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn settle(
    connection: &mut Connection,
    message: &Message,
    attempt: Attempt,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let row = outbox::table.find((message.application_id, message.sequence));
    match attempt {
        Attempt::Delivered => {
            let set = (
                outbox::delivered_at.eq(Some(now)),
                outbox::last_error.eq(None::<String>),
            );
            diesel::update(row).set(set).execute(connection).await?
        }
        Attempt::Retry(at, error) => {
            let set = (
                outbox::next_attempt_at.eq(at),
                outbox::last_error.eq(Some(error)),
            );
            diesel::update(row).set(set).execute(connection).await?
        }
        Attempt::Parked(error) => {
            let set = (
                outbox::parked_at.eq(Some(now)),
                outbox::last_error.eq(Some(error)),
            );
            diesel::update(row).set(set).execute(connection).await?
        }
    };
    Ok(())
}

/// How many messages of an application have not been delivered.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn undelivered(
    connection: &mut Connection,
    application: ApplicationId,
) -> Result<i64, Error> {
    let count = outbox::table
        .filter(outbox::application_id.eq(application.uuid()))
        .filter(outbox::delivered_at.is_null())
        .count()
        .get_result(connection)
        .await?;
    Ok(count)
}

/// How much is waiting in all.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn backlog(connection: &mut Connection) -> Result<Undelivered, Error> {
    let undelivered = diesel::sql_query(
        "SELECT count(*) FILTER (WHERE parked_at IS NULL) AS waiting,
                min(created_at) FILTER (WHERE parked_at IS NULL) AS oldest,
                count(*) FILTER (WHERE parked_at IS NOT NULL) AS parked
         FROM outbox WHERE delivered_at IS NULL",
    )
    .get_result(connection)
    .await?;
    Ok(undelivered)
}
