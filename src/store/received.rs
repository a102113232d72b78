//! Signatures that were acknowledged before their evidence was there, until it is
//! decided whether they count.
//!
//! A claim only postpones the next attempt, so no lock is held while other
//! people's servers are asked, and a worker that dies gives its claims back.

use chrono::{DateTime, Utc};
use diesel::sql_types::Timestamptz;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable,
    QueryableByName, Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use strum::IntoStaticStr;
use uuid::Uuid;

use super::backlog::Backlog;
use super::schema::received_signatures;
use super::{Connection, Error, iin};
use crate::domain::{ApplicationId, ConsentId, DocumentId, Purpose};
use crate::eds::Iin;

/// A signature that waits for its evidence.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Its identifier.
    pub id: Uuid,
    /// The document that was signed.
    pub document: DocumentId,
    /// The application it belongs to.
    pub application: ApplicationId,
    /// What it would mean.
    pub purpose: Purpose,
    /// Who signed.
    pub signer: Iin,
    /// The detached CMS (RFC 5652) as it was received.
    pub cms: Vec<u8>,
    /// The same with its time-stamp, once there is one.
    pub stamped: Vec<u8>,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// How often evidence was looked for.
    pub attempts: i32,
    /// When to look again.
    pub next_attempt_at: DateTime<Utc>,
    /// When it is refused if there is still no evidence.
    pub give_up_at: DateTime<Utc>,
    /// What was missing the last time: a sub-indication of ETSI EN 319 102-1.
    pub trouble: String,
}

/// How it was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    /// The evidence came, and it counts.
    Counted,
    /// The evidence came and speaks against it, or did not come in time.
    Refused,
    /// The application had come to an end.
    Moot,
}

#[derive(Queryable, QueryableByName, Selectable, Insertable)]
#[diesel(table_name = received_signatures)]
struct Row {
    id: Uuid,
    document_id: Uuid,
    application_id: Uuid,
    consent_id: Option<Uuid>,
    signer_iin: String,
    cms: Vec<u8>,
    stamped: Vec<u8>,
    received_at: DateTime<Utc>,
    attempts: i32,
    next_attempt_at: DateTime<Utc>,
    give_up_at: DateTime<Utc>,
    trouble: String,
}

/// The applications for which it is not decided whether a signature counts, though
/// it was not given up before `since`.
#[diesel::dsl::auto_type]
pub(super) fn undecided(since: DateTime<Utc>) -> _ {
    received_signatures::table
        .filter(
            received_signatures::settled_at
                .is_null()
                .and(received_signatures::give_up_at.ge(since)),
        )
        .select(received_signatures::application_id)
}

/// Writes an acknowledged signature.
///
/// # Errors
/// [`Error::Statement`] when one for the same purpose is waiting.
pub async fn insert(connection: &mut Connection, waiting: &Waiting) -> Result<(), Error> {
    diesel::insert_into(received_signatures::table)
        .values(Row::from(waiting))
        .execute(connection)
        .await?;
    Ok(())
}

/// Claims one signature whose evidence is to be looked for, if there is one, and
/// postpones it to `retry_at`: until then no other worker takes it.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn claim(
    connection: &mut Connection,
    now: DateTime<Utc>,
    retry_at: DateTime<Utc>,
) -> Result<Option<Waiting>, Error> {
    let row: Option<Row> = diesel::sql_query(
        "UPDATE received_signatures SET next_attempt_at = $2, attempts = attempts + 1
         WHERE id = (
             SELECT id FROM received_signatures
             WHERE settled_at IS NULL AND next_attempt_at <= $1
             ORDER BY next_attempt_at
             FOR UPDATE SKIP LOCKED LIMIT 1)
         RETURNING *",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(retry_at)
    .get_result(connection)
    .await
    .optional()?;
    row.map(Row::read).transpose()
}

/// The signatures of an application that wait for their evidence.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn waiting_in(
    connection: &mut Connection,
    application: ApplicationId,
) -> Result<Vec<Waiting>, Error> {
    let rows: Vec<Row> = received_signatures::table
        .filter(received_signatures::application_id.eq(application.uuid()))
        .filter(received_signatures::settled_at.is_null())
        .order(received_signatures::id)
        .select(Row::as_select())
        .load(connection)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

/// Writes down what has come and when to look again.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn postpone(connection: &mut Connection, waiting: &Waiting) -> Result<(), Error> {
    let row = received_signatures::table
        .find(waiting.id)
        .filter(received_signatures::settled_at.is_null());
    diesel::update(row)
        .set((
            received_signatures::stamped.eq(&waiting.stamped),
            received_signatures::next_attempt_at.eq(waiting.next_attempt_at),
            received_signatures::trouble.eq(&waiting.trouble),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// Writes down how it was decided.
///
/// # Errors
/// [`Error::Conflict`] when it was decided before.
pub async fn settle(
    connection: &mut Connection,
    id: Uuid,
    outcome: Outcome,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let outcome: &'static str = outcome.into();
    let open = received_signatures::table
        .find(id)
        .filter(received_signatures::settled_at.is_null());
    let changed = diesel::update(open)
        .set((
            received_signatures::settled_at.eq(Some(now)),
            received_signatures::outcome.eq(Some(outcome)),
        ))
        .execute(connection)
        .await?;
    (changed == 1).then_some(()).ok_or(Error::Conflict)
}

/// How many signatures wait for their evidence, and since when.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn backlog(connection: &mut Connection) -> Result<Backlog, Error> {
    let query = "SELECT count(*) AS waiting, min(received_at) AS oldest
                 FROM received_signatures WHERE settled_at IS NULL";
    Ok(diesel::sql_query(query).get_result(connection).await?)
}

impl From<&Waiting> for Row {
    fn from(waiting: &Waiting) -> Self {
        Self {
            id: waiting.id,
            document_id: waiting.document.uuid(),
            application_id: waiting.application.uuid(),
            consent_id: waiting.purpose.consent().map(ConsentId::uuid),
            signer_iin: waiting.signer.as_str().to_owned(),
            cms: waiting.cms.clone(),
            stamped: waiting.stamped.clone(),
            received_at: waiting.received_at,
            attempts: waiting.attempts,
            next_attempt_at: waiting.next_attempt_at,
            give_up_at: waiting.give_up_at,
            trouble: waiting.trouble.clone(),
        }
    }
}

impl Row {
    fn read(self) -> Result<Waiting, Error> {
        let consent = self.consent_id.map(ConsentId::new);
        Ok(Waiting {
            id: self.id,
            document: DocumentId::new(self.document_id),
            application: ApplicationId::new(self.application_id),
            purpose: consent.map_or(Purpose::Application, Purpose::Consent),
            signer: iin(&self.signer_iin)?,
            cms: self.cms,
            stamped: self.stamped,
            received_at: self.received_at,
            attempts: self.attempts,
            next_attempt_at: self.next_attempt_at,
            give_up_at: self.give_up_at,
            trouble: self.trouble,
        })
    }
}
