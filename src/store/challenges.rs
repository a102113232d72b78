//! What people sign to show who they are.

use chrono::{DateTime, Utc};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable,
    Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::documents::read_nonce;
use super::schema::challenges;
use super::{Connection, Error};
use crate::domain::{Document, DocumentId, Language, Purpose};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = challenges)]
struct Row {
    id: Uuid,
    bytes: Vec<u8>,
    nonce: Vec<u8>,
    language: String,
    issued_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

/// Writes a challenge.
///
/// # Errors
/// [`Error::Statement`] when the database refuses.
pub async fn insert(connection: &mut Connection, challenge: &Document) -> Result<(), Error> {
    diesel::insert_into(challenges::table)
        .values(Row {
            id: challenge.id.uuid(),
            bytes: challenge.bytes.clone(),
            nonce: challenge.nonce.0.to_vec(),
            language: challenge.language.code().to_owned(),
            issued_at: challenge.issued_at,
            expires_at: challenge.expires_at,
        })
        .execute(connection)
        .await?;
    Ok(())
}

/// The challenge, if it was not used yet.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no challenge.
pub async fn unused(
    connection: &mut Connection,
    id: DocumentId,
) -> Result<Option<Document>, Error> {
    let row: Option<Row> = challenges::table
        .find(id.uuid())
        .filter(challenges::used_at.is_null())
        .select(Row::as_select())
        .first(connection)
        .await
        .optional()?;
    row.map(Row::read).transpose()
}

/// The challenges issued last, newest first: what a misplaced signature may be over.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no challenge.
pub async fn latest(connection: &mut Connection, limit: i64) -> Result<Vec<Document>, Error> {
    let rows: Vec<Row> = challenges::table
        .order(challenges::id.desc())
        .limit(limit)
        .select(Row::as_select())
        .load(connection)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

/// Uses a challenge up; `false` when somebody else already did.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn use_up(
    connection: &mut Connection,
    id: DocumentId,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let unused = challenges::table.filter(
        challenges::id
            .eq(id.uuid())
            .and(challenges::used_at.is_null()),
    );
    let changed = diesel::update(unused)
        .set(challenges::used_at.eq(now))
        .execute(connection)
        .await?;
    Ok(changed == 1)
}

/// Forgets challenges that expired before `before`.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn forget(connection: &mut Connection, before: DateTime<Utc>) -> Result<usize, Error> {
    let expired = challenges::table.filter(challenges::expires_at.lt(before));
    Ok(diesel::delete(expired).execute(connection).await?)
}

impl Row {
    fn read(self) -> Result<Document, Error> {
        Ok(Document {
            id: DocumentId::new(self.id),
            purpose: Purpose::Login,
            signatory: None,
            language: Language::parse(&self.language).map_err(|_| Error::Corrupt("language"))?,
            nonce: read_nonce(&self.nonce)?,
            bytes: self.bytes,
            issued_at: self.issued_at,
            expires_at: self.expires_at,
        })
    }
}
