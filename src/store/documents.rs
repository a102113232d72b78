//! The bytes that people are asked to sign: written once, never changed.

use chrono::{DateTime, Utc};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, PgExpressionMethods, QueryDsl, Queryable,
    Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::documents;
use super::{Connection, Error};
use crate::domain::{
    ApplicationId, ConsentId, Document, DocumentId, Language, NONCE_LENGTH, Nonce, Purpose,
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = documents)]
struct Row {
    id: Uuid,
    application_id: Uuid,
    consent_id: Option<Uuid>,
    language: String,
    bytes: Vec<u8>,
    nonce: Vec<u8>,
    issued_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

/// Writes a document of an application, unless it has one for this purpose in
/// this language, and returns the one that is stored.
///
/// # Errors
/// [`Error`] when the database fails.
pub async fn issue(
    connection: &mut Connection,
    application: ApplicationId,
    document: &Document,
) -> Result<Document, Error> {
    diesel::insert_into(documents::table)
        .values(Row::new(application, document))
        .on_conflict((
            documents::application_id,
            documents::consent_id,
            documents::language,
        ))
        .do_nothing()
        .execute(connection)
        .await?;
    of(connection, application, document.purpose)
        .await?
        .into_iter()
        .find(|stored| stored.language == document.language)
        .ok_or(Error::Corrupt("document"))
}

/// The documents that an application has for one purpose, oldest first: one in
/// each language that was asked for.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no document.
pub async fn of(
    connection: &mut Connection,
    application: ApplicationId,
    purpose: Purpose,
) -> Result<Vec<Document>, Error> {
    let consent = purpose.consent().map(ConsentId::uuid);
    let rows: Vec<Row> = documents::table
        .filter(
            documents::application_id
                .eq(application.uuid())
                .and(documents::consent_id.is_not_distinct_from(consent)),
        )
        .order(documents::id)
        .select(Row::as_select())
        .load(connection)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

/// The documents issued last, newest first: what a misplaced signature may be over.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no document.
pub async fn latest(connection: &mut Connection, limit: i64) -> Result<Vec<Document>, Error> {
    let rows: Vec<Row> = documents::table
        .order(documents::id.desc())
        .limit(limit)
        .select(Row::as_select())
        .load(connection)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

/// Reads a stored nonce.
pub(super) fn read_nonce(bytes: &[u8]) -> Result<Nonce, Error> {
    <[u8; NONCE_LENGTH]>::try_from(bytes)
        .map(Nonce)
        .map_err(|_| Error::Corrupt("nonce"))
}

impl Row {
    fn new(application: ApplicationId, document: &Document) -> Self {
        Self {
            id: document.id.uuid(),
            application_id: application.uuid(),
            consent_id: document.purpose.consent().map(ConsentId::uuid),
            language: document.language.code().to_owned(),
            bytes: document.bytes.clone(),
            nonce: document.nonce.0.to_vec(),
            issued_at: document.issued_at,
            expires_at: document.expires_at,
        }
    }

    fn read(self) -> Result<Document, Error> {
        let purpose = match self.consent_id {
            Some(id) => Purpose::Consent(ConsentId::new(id)),
            None => Purpose::Application,
        };
        Ok(Document {
            id: DocumentId::new(self.id),
            purpose,
            language: Language::parse(&self.language).map_err(|_| Error::Corrupt("language"))?,
            nonce: read_nonce(&self.nonce)?,
            bytes: self.bytes,
            issued_at: self.issued_at,
            expires_at: self.expires_at,
        })
    }
}
