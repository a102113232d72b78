//! The bytes that people are asked to sign: written once, never changed.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, PgExpressionMethods, QueryDsl, Queryable,
    Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::people::{read_signatory, write_signatory};
use super::schema::documents;
use super::{Connection, Error};
use crate::domain::{
    Application, ApplicationId, ConsentId, Document, DocumentId, Language, NONCE_LENGTH, Nonce,
    Purpose, RegistrationId,
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = documents)]
struct Row {
    id: Uuid,
    application_id: Uuid,
    edition: i32,
    purpose: String,
    consent_id: Option<Uuid>,
    registration_id: Option<Uuid>,
    signatory: String,
    language: String,
    bytes: Vec<u8>,
    nonce: Vec<u8>,
    issued_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

/// Of which application, in which edition, documents are.
#[derive(Clone, Copy, Debug)]
pub struct Edition {
    /// The application.
    pub application: ApplicationId,
    /// How often it was written.
    pub number: i32,
}

impl From<&Application> for Edition {
    fn from(application: &Application) -> Self {
        Self {
            application: application.id,
            number: application.edition,
        }
    }
}

/// Writes a document, unless there is one for this purpose and signatory in this
/// language, and returns the one that is stored. What ends a registration is
/// asked for anew each time that it is.
///
/// # Errors
/// [`Error`] when the database fails, or the document is for nobody.
pub async fn issue(
    connection: &mut Connection,
    edition: Edition,
    document: &Document,
) -> Result<Document, Error> {
    let written = diesel::insert_into(documents::table)
        .values(Row::new(edition, document)?)
        .on_conflict_do_nothing()
        .execute(connection)
        .await?;
    if written == 1 {
        return Ok(document.clone());
    }
    of(connection, edition, document.purpose)
        .await?
        .into_iter()
        .find(|stored| {
            stored.language == document.language && stored.signatory == document.signatory
        })
        .ok_or(Error::Corrupt("document"))
}

/// The documents of this edition for one purpose, oldest first: one for each
/// signatory in each language that was asked for.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no document.
pub async fn of(
    connection: &mut Connection,
    edition: Edition,
    purpose: Purpose,
) -> Result<Vec<Document>, Error> {
    let consent = purpose.consent().map(ConsentId::uuid);
    let registration = purpose.registration().map(RegistrationId::uuid);
    let mut query = documents::table
        .filter(documents::application_id.eq(edition.application.uuid()))
        .filter(documents::purpose.eq(<&str>::from(purpose)))
        .filter(documents::consent_id.is_not_distinct_from(consent))
        .filter(documents::registration_id.is_not_distinct_from(registration))
        .order(documents::id)
        .select(Row::as_select())
        .into_boxed();
    if purpose == Purpose::Application {
        query = query.filter(documents::edition.eq(edition.number));
    }
    let rows: Vec<Row> = query.load(connection).await?;
    rows.into_iter().map(Row::read).collect()
}

/// The document with this identifier.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no document.
pub async fn find(connection: &mut Connection, id: DocumentId) -> Result<Option<Document>, Error> {
    let row: Option<Row> = documents::table
        .find(id.uuid())
        .select(Row::as_select())
        .first(connection)
        .await
        .optional()?;
    row.map(Row::read).transpose()
}

/// Everything that was ever issued for one application, oldest first.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no document.
pub async fn all_of(
    connection: &mut Connection,
    application: ApplicationId,
) -> Result<Vec<Document>, Error> {
    let rows: Vec<Row> = documents::table
        .filter(documents::application_id.eq(application.uuid()))
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
    fn new(edition: Edition, document: &Document) -> Result<Self, Error> {
        let signatory = document.signatory.as_ref();
        let signatory = signatory.ok_or(Error::Corrupt("signatory"))?;
        let purpose = document.purpose;
        Ok(Self {
            id: document.id.uuid(),
            application_id: edition.application.uuid(),
            edition: edition.number,
            purpose: <&str>::from(purpose).to_owned(),
            consent_id: purpose.consent().map(ConsentId::uuid),
            registration_id: purpose.registration().map(RegistrationId::uuid),
            signatory: write_signatory(signatory),
            language: document.language.code().to_owned(),
            bytes: document.bytes.clone(),
            nonce: document.nonce.0.to_vec(),
            issued_at: document.issued_at,
            expires_at: document.expires_at,
        })
    }

    fn read(self) -> Result<Document, Error> {
        let registration = self.registration_id.map(RegistrationId::new);
        let purpose = match (self.purpose.as_str(), self.consent_id, registration) {
            ("application", None, None) => Purpose::Application,
            ("consent", Some(id), None) => Purpose::Consent(ConsentId::new(id)),
            ("leaving", None, Some(id)) => Purpose::Leaving(id),
            ("removal", None, Some(id)) => Purpose::Removal(id),
            (_, _, _) => return Err(Error::Corrupt("purpose")),
        };
        Ok(Document {
            id: DocumentId::new(self.id),
            purpose,
            signatory: Some(read_signatory(&self.signatory)?),
            language: Language::parse(&self.language).map_err(|_| Error::Corrupt("language"))?,
            nonce: read_nonce(&self.nonce)?,
            bytes: self.bytes,
            issued_at: self.issued_at,
            expires_at: self.expires_at,
        })
    }
}
