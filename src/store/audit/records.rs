//! The records: one a decision, only ever added, chained for each application.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Bytea, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::digest;
use crate::domain::ApplicationId;
use crate::domain::audit::{Record, beginning};
use crate::eds::Digest;
use crate::store::schema::audit_records;
use crate::store::{Connection, Error};

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_records)]
struct Row {
    application_id: Uuid,
    sequence: i64,
    version: Option<i64>,
    refusal_id: Option<Uuid>,
    kind: String,
    actor: String,
    person: Option<Vec<u8>>,
    body: String,
    at: DateTime<Utc>,
    previous_hash: Vec<u8>,
    hash: Vec<u8>,
}

/// The last record of an application: its sequence and its hash; 0 and the
/// [`beginning`] when there is none. The application must be locked.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn last(
    connection: &mut Connection,
    application: ApplicationId,
) -> Result<(i64, Digest), Error> {
    let last: Option<(i64, Vec<u8>)> = audit_records::table
        .filter(audit_records::application_id.eq(application.uuid()))
        .order(audit_records::sequence.desc())
        .select((audit_records::sequence, audit_records::hash))
        .first(connection)
        .await
        .optional()?;
    Ok(last.map_or((0, beginning()), |(sequence, hash)| {
        (sequence, digest(&hash))
    }))
}

/// Adds a record and notes that it waits to be put into the tree; `salt` opens
/// its commitment to the person.
///
/// # Errors
/// [`Error::Statement`] when the application has a record with this sequence.
pub async fn append(
    connection: &mut Connection,
    record: &Record,
    salt: Option<&[u8]>,
) -> Result<(), Error> {
    let person = record.person.map(|person| person.as_bytes().to_vec());
    diesel::sql_query(
        "WITH record AS (
             INSERT INTO audit_records (application_id, sequence, version, refusal_id, kind, actor,
                 person, salt, body, at, previous_hash, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             RETURNING application_id, sequence, at)
         INSERT INTO audit_waiting (application_id, sequence, since) SELECT * FROM record",
    )
    .bind::<SqlUuid, _>(record.application.uuid())
    .bind::<BigInt, _>(record.sequence)
    .bind::<Nullable<BigInt>, _>(record.version)
    .bind::<Nullable<SqlUuid>, _>(record.refusal)
    .bind::<Text, _>(&record.kind)
    .bind::<Text, _>(&record.actor)
    .bind::<Nullable<Bytea>, _>(person)
    .bind::<Nullable<Bytea>, _>(salt)
    .bind::<Text, _>(&record.body)
    .bind::<Timestamptz, _>(record.at)
    .bind::<Bytea, _>(record.previous.as_bytes().as_slice())
    .bind::<Bytea, _>(record.hash().as_bytes().as_slice())
    .execute(connection)
    .await?;
    Ok(())
}

/// The records of an application with their stored hashes, oldest first.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn of(
    connection: &mut Connection,
    application: ApplicationId,
) -> Result<Vec<(Record, Digest)>, Error> {
    let rows: Vec<Row> = audit_records::table
        .filter(audit_records::application_id.eq(application.uuid()))
        .order(audit_records::sequence)
        .select(Row::as_select())
        .load(connection)
        .await?;
    Ok(rows.into_iter().map(Row::read).collect())
}

impl Row {
    fn read(self) -> (Record, Digest) {
        let record = Record {
            application: ApplicationId::new(self.application_id),
            sequence: self.sequence,
            version: self.version,
            refusal: self.refusal_id,
            kind: self.kind,
            actor: self.actor,
            person: self.person.as_deref().map(digest),
            body: self.body,
            at: self.at,
            previous: digest(&self.previous_hash),
        };
        (record, digest(&self.hash))
    }
}
