//! Answers already given, so that a repeated request has one effect and one answer.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, Selectable,
    SelectableHelper,
};
use diesel_async::RunQueryDsl;

use super::schema::idempotency_keys;
use super::{Connection, Error};
use crate::eds::{Digest, Iin};

/// The rule that a person's key stands for one request.
pub const ONE_ANSWER: &str = "idempotency_keys_pkey";

/// An answer under the key of its request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The digest of the request that was answered.
    pub request: Digest,
    /// Its HTTP status.
    pub status: u16,
    /// Its JSON, byte for byte.
    pub body: String,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_keys)]
struct Row {
    request_sha256: Vec<u8>,
    status: i16,
    body: String,
}

/// Writes an answer.
///
/// # Errors
/// [`Error::Statement`]; it [`breaks`](Error::breaks) [`ONE_ANSWER`] when another
/// request with this key was faster.
pub async fn insert(
    connection: &mut Connection,
    person: &Iin,
    key: &str,
    answer: &Answer,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let row = Row {
        request_sha256: answer.request.as_bytes().to_vec(),
        status: i16::try_from(answer.status).map_err(|_| Error::Corrupt("status"))?,
        body: answer.body.clone(),
    };
    diesel::insert_into(idempotency_keys::table)
        .values((
            row,
            idempotency_keys::iin.eq(person.as_str()),
            idempotency_keys::key.eq(key),
            idempotency_keys::created_at.eq(now),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// The answer that was given under this key.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no answer.
pub async fn find(
    connection: &mut Connection,
    person: &Iin,
    key: &str,
) -> Result<Option<Answer>, Error> {
    let row: Option<Row> = idempotency_keys::table
        .find((person.as_str(), key))
        .select(Row::as_select())
        .first(connection)
        .await
        .optional()?;
    row.map(Row::read).transpose()
}

/// Forgets answers given before `before`.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn forget(connection: &mut Connection, before: DateTime<Utc>) -> Result<usize, Error> {
    let old = idempotency_keys::table.filter(idempotency_keys::created_at.lt(before));
    Ok(diesel::delete(old).execute(connection).await?)
}

impl Row {
    fn read(self) -> Result<Answer, Error> {
        let request = <[u8; 32]>::try_from(self.request_sha256)
            .map_err(|_| Error::Corrupt("request digest"))?;
        Ok(Answer {
            request: Digest::from(request),
            status: u16::try_from(self.status).map_err(|_| Error::Corrupt("status"))?,
            body: self.body,
        })
    }
}
