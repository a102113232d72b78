//! The digests of what a decision stands on.

use diesel::QueryableByName;
use diesel::sql_types::{Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::domain::ApplicationId;
use crate::store::{Connection, Error};

/// A stored signature, by its digests (SHA-256 in hexadecimal).
#[derive(Clone, Debug, QueryableByName)]
pub struct Evidence {
    /// The consent that it gives; none when it is the resident's.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub consent: Option<Uuid>,
    /// Of the document that was signed.
    #[diesel(sql_type = Text)]
    pub document: String,
    /// Of the signature as it was received.
    #[diesel(sql_type = Text)]
    pub signature: String,
    /// Of the signing certificate.
    #[diesel(sql_type = Text)]
    pub certificate: String,
    /// The validation report itself.
    #[diesel(sql_type = Jsonb)]
    pub report: serde_json::Value,
}

/// The signatures that an application has, the resident's first.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn signatures(
    connection: &mut Connection,
    application: ApplicationId,
) -> Result<Vec<Evidence>, Error> {
    let evidence = diesel::sql_query(
        "SELECT s.consent_id AS consent, encode(sha256(d.bytes), 'hex') AS document,
                encode(sha256(s.cms), 'hex') AS signature,
                encode(sha256(s.certificate), 'hex') AS certificate, s.report
         FROM signatures s JOIN documents d ON d.id = s.document_id
         WHERE s.application_id = $1 ORDER BY s.consent_id NULLS FIRST",
    )
    .bind::<SqlUuid, _>(application.uuid())
    .load(connection)
    .await?;
    Ok(evidence)
}
