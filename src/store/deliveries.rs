//! The outbox as whoever runs the service sees it: which message stands where, and
//! nothing of what it says but its kind.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryableByName};
use diesel_async::RunQueryDsl;
use serde::Deserialize;
use strum::{EnumString, IntoStaticStr};
use uuid::Uuid;

use super::schema::outbox;
use super::{Connection, Error};
use crate::domain::ApplicationId;

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Standing {
    /// It is still to be delivered.
    Waiting,
    /// It was given up until somebody looks.
    Parked,
    /// The portal has it.
    Delivered,
}

/// A message to the portal, without what it says.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The same in each attempt.
    pub id: Uuid,
    /// The application it tells of.
    pub application: ApplicationId,
    /// Its place among the messages of the application.
    pub sequence: i64,
    /// What it tells: the `type` of the message.
    pub kind: String,
    /// Where it stands.
    pub standing: Standing,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// How often delivery was tried.
    pub attempts: i32,
    /// When it is tried next, unless others go first.
    pub next_attempt_at: DateTime<Utc>,
    /// When the portal took it.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When it was given up.
    pub parked_at: Option<DateTime<Utc>>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// The first undelivered message of the application, when it is an earlier one:
    /// this one is not sent before it.
    pub behind: Option<i64>,
}

/// One page of messages.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Only those that stand here.
    pub standing: Option<Standing>,
    /// Only those older than this one.
    pub before: Option<Uuid>,
    /// At most so many.
    pub limit: i64,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    application_id: Uuid,
    #[diesel(sql_type = BigInt)]
    sequence: i64,
    #[diesel(sql_type = Text)]
    body: String,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Int4)]
    attempts: i32,
    #[diesel(sql_type = Timestamptz)]
    next_attempt_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    delivered_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    parked_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    last_error: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    behind: Option<i64>,
}

/// Messages, newest first.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no message.
pub async fn list(connection: &mut Connection, wanted: &Wanted) -> Result<Vec<Delivery>, Error> {
    let standing = match wanted.standing {
        None => "true",
        Some(Standing::Waiting) => "one.delivered_at IS NULL AND one.parked_at IS NULL",
        Some(Standing::Parked) => "one.delivered_at IS NULL AND one.parked_at IS NOT NULL",
        Some(Standing::Delivered) => "one.delivered_at IS NOT NULL",
    };
    let query = format!("{SELECT} WHERE {standing} AND one.id < $1 ORDER BY one.id DESC LIMIT $2");
    let rows: Vec<Row> = diesel::sql_query(query)
        .bind::<SqlUuid, _>(wanted.before.unwrap_or(Uuid::max()))
        .bind::<BigInt, _>(wanted.limit)
        .load(connection)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

/// The message with this identifier, locked until the end of the transaction.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no message.
pub async fn lock(connection: &mut Connection, id: Uuid) -> Result<Option<Delivery>, Error> {
    let row: Option<Row> =
        diesel::sql_query(format!("{SELECT} WHERE one.id = $1 FOR UPDATE OF one"))
            .bind::<SqlUuid, _>(id)
            .get_result(connection)
            .await
            .optional()?;
    row.map(Row::read).transpose()
}

/// Lets a message go that was given up: it is due at `now`, and as patiently tried as
/// a new one.
///
/// # Errors
/// [`Error::Conflict`] when it is not given up.
pub async fn release(
    connection: &mut Connection,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let parked = outbox::table
        .filter(outbox::id.eq(id))
        .filter(outbox::parked_at.is_not_null());
    let changed = diesel::update(parked)
        .set((
            outbox::parked_at.eq(None::<DateTime<Utc>>),
            outbox::attempts.eq(0),
            outbox::next_attempt_at.eq(now),
        ))
        .execute(connection)
        .await?;
    (changed == 1).then_some(()).ok_or(Error::Conflict)
}

impl Row {
    fn read(self) -> Result<Delivery, Error> {
        /// What of a message is no news to whoever runs the service.
        #[derive(Deserialize)]
        struct Head {
            r#type: String,
        }
        let head = serde_json::from_str::<Head>(&self.body);
        let standing = match (self.delivered_at, self.parked_at) {
            (Some(_), None) => Standing::Delivered,
            (None, Some(_)) => Standing::Parked,
            (None, None) => Standing::Waiting,
            (Some(_), Some(_)) => return Err(Error::Corrupt("delivery")),
        };
        Ok(Delivery {
            id: self.id,
            application: ApplicationId::new(self.application_id),
            sequence: self.sequence,
            kind: head.map_err(|_| Error::Corrupt("message"))?.r#type,
            standing,
            created_at: self.created_at,
            attempts: self.attempts,
            next_attempt_at: self.next_attempt_at,
            delivered_at: self.delivered_at,
            parked_at: self.parked_at,
            last_error: self.last_error,
            behind: self.behind.filter(|_| standing != Standing::Delivered),
        })
    }
}

const SELECT: &str = "
    SELECT one.id, one.application_id, one.sequence, one.body, one.created_at, one.attempts,
           one.next_attempt_at, one.delivered_at, one.parked_at, one.last_error,
           (SELECT min(earlier.sequence) FROM outbox earlier
            WHERE earlier.application_id = one.application_id
              AND earlier.sequence < one.sequence AND earlier.delivered_at IS NULL) AS behind
    FROM outbox one";
