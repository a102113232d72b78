//! The digests of what a decision stands on, when it is made and later.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use diesel::QueryableByName;
use diesel::sql_types::{Bytea, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::digest;
use crate::domain::ApplicationId;
use crate::domain::audit::{Kept, KeptDocument, KeptReceipt};
use crate::eds::Digest;
use crate::store::{Connection, Error};

/// A stored signature, by its digests (SHA-256 in hexadecimal).
#[derive(Clone, Debug, QueryableByName)]
pub struct Evidence {
    /// The document that was signed.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The consent that it gives, when it gives one.
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

/// The signatures that an application has, those that are no consents first.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn signatures(
    connection: &mut Connection,
    application: ApplicationId,
) -> Result<Vec<Evidence>, Error> {
    let evidence = diesel::sql_query(
        "SELECT s.document_id AS id, s.consent_id AS consent,
                encode(sha256(d.bytes), 'hex') AS document,
                encode(sha256(s.cms), 'hex') AS signature,
                encode(sha256(s.certificate), 'hex') AS certificate, s.report
         FROM signatures s JOIN documents d ON d.id = s.document_id
         WHERE s.application_id = $1 ORDER BY s.consent_id NULLS FIRST, s.document_id",
    )
    .bind::<SqlUuid, _>(application.uuid())
    .load(connection)
    .await?;
    Ok(evidence)
}

/// A signature as it stands, by the digests of what belongs to it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The application.
    pub application: Uuid,
    /// The consent that it gives; none when it is the resident's.
    pub consent: Option<Uuid>,
    /// The document that was signed.
    pub document: Uuid,
    /// Of that document's octets, if it is there.
    pub content: Option<Digest>,
    /// Of the signature as it was received.
    pub signature: Digest,
    /// Of the signing certificate.
    pub certificate: Digest,
    /// The validation report itself.
    pub report: serde_json::Value,
}

#[derive(QueryableByName)]
struct StandingRow {
    #[diesel(sql_type = SqlUuid)]
    application_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    consent_id: Option<Uuid>,
    #[diesel(sql_type = SqlUuid)]
    document_id: Uuid,
    #[diesel(sql_type = Nullable<Bytea>)]
    content: Option<Vec<u8>>,
    #[diesel(sql_type = Bytea)]
    signature: Vec<u8>,
    #[diesel(sql_type = Bytea)]
    certificate: Vec<u8>,
    #[diesel(sql_type = Jsonb)]
    report: serde_json::Value,
}

/// The signatures that count, of all applications in a range.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn standing(
    connection: &mut Connection,
    within: &RangeInclusive<Uuid>,
) -> Result<Vec<Standing>, Error> {
    let rows: Vec<StandingRow> = diesel::sql_query(
        "SELECT s.application_id, s.consent_id, s.document_id, sha256(d.bytes) AS content,
                sha256(s.cms) AS signature, sha256(s.certificate) AS certificate, s.report
         FROM signatures s LEFT JOIN documents d ON d.id = s.document_id
         WHERE s.application_id BETWEEN $1 AND $2
         ORDER BY s.application_id, s.document_id",
    )
    .bind::<SqlUuid, _>(within.start())
    .bind::<SqlUuid, _>(within.end())
    .load(connection)
    .await?;
    let read = |row: StandingRow| Standing {
        application: row.application_id,
        consent: row.consent_id,
        document: row.document_id,
        content: row.content.as_deref().map(digest),
        signature: digest(&row.signature),
        certificate: digest(&row.certificate),
        report: row.report,
    };
    Ok(rows.into_iter().map(read).collect())
}

#[derive(QueryableByName)]
struct OtherRow {
    #[diesel(sql_type = Text)]
    what: String,
    #[diesel(sql_type = SqlUuid)]
    application_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    consent_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Bytea>)]
    hash: Option<Vec<u8>>,
}

/// What else is kept of all applications in a range: the residents' documents,
/// what was acknowledged, registrations.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn kept(
    connection: &mut Connection,
    within: &RangeInclusive<Uuid>,
) -> Result<BTreeMap<Uuid, Kept>, Error> {
    let rows: Vec<OtherRow> = diesel::sql_query(
        "SELECT 'document' AS what, application_id, id, consent_id, sha256(bytes) AS hash
         FROM documents WHERE application_id BETWEEN $1 AND $2 AND purpose = 'application'
         UNION ALL
         SELECT 'receipt', application_id, id, consent_id, sha256(cms)
         FROM received_signatures WHERE application_id BETWEEN $1 AND $2
         UNION ALL
         SELECT 'registration', application_id, id, NULL, NULL
         FROM registrations WHERE application_id BETWEEN $1 AND $2
         ORDER BY 2, 3",
    )
    .bind::<SqlUuid, _>(within.start())
    .bind::<SqlUuid, _>(within.end())
    .load(connection)
    .await?;
    let mut all: BTreeMap<Uuid, Kept> = BTreeMap::new();
    for row in rows {
        let kept = all.entry(row.application_id).or_default();
        let (id, hash) = (row.id, digest(&row.hash.unwrap_or_default()));
        match row.what.as_str() {
            "document" => kept.documents.push(KeptDocument { id, digest: hash }),
            "receipt" => kept.received.push(KeptReceipt {
                id,
                consent: row.consent_id,
                signature: hash,
            }),
            _ => kept.registrations.push(id),
        }
    }
    Ok(all)
}
