//! Signatures that held when they were received: written once, never changed.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, Insertable, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::documents::Edition;
use super::schema::signatures;
use super::{Connection, Error, iin};
use crate::domain::{ApplicationId, ConsentId, DocumentId, Signed};
use crate::eds::Iin;

/// A signature as it was received.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The document that was signed.
    pub document: DocumentId,
    /// Who signed it.
    pub signer: Iin,
    /// The detached CMS (RFC 5652) with its evidence (CAdES-LT).
    pub augmented: Vec<u8>,
    /// The validation report of the time.
    pub report: serde_json::Value,
    /// When it was received.
    pub received_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = signatures)]
struct Row {
    document_id: Uuid,
    application_id: Uuid,
    consent_id: Option<Uuid>,
    edition: i32,
    purpose: String,
    signer_iin: String,
    signer_bin: Option<String>,
    cms: Vec<u8>,
    augmented: Vec<u8>,
    certificate: Vec<u8>,
    report: serde_json::Value,
    received_at: DateTime<Utc>,
    signed_at: DateTime<Utc>,
}

/// The octets of a signature.
#[derive(Clone, Copy, Debug)]
pub struct Octets<'a> {
    /// The detached CMS (RFC 5652) as it was received.
    pub cms: &'a [u8],
    /// The same with its evidence (CAdES-LT, ETSI EN 319 122-1).
    pub augmented: &'a [u8],
}

/// Writes a signature that holds.
///
/// # Errors
/// [`Error::Statement`] when the document or the consent is signed already, or
/// the proof lacks evidence; [`Error::Corrupt`] when the proof names no person.
pub async fn insert(
    connection: &mut Connection,
    edition: Edition,
    octets: Octets<'_>,
    signed: Signed<'_>,
) -> Result<(), Error> {
    let proof = signed.proof;
    let signer = proof.signer().iin().ok_or(Error::Corrupt("signer"))?;
    let consent = signed.document.purpose.consent();
    let report = serde_json::to_value(proof.report()).map_err(|_| Error::Corrupt("report"))?;
    diesel::insert_into(signatures::table)
        .values(Row {
            document_id: signed.document.id.uuid(),
            application_id: edition.application.uuid(),
            consent_id: consent.map(ConsentId::uuid),
            edition: edition.number,
            purpose: <&str>::from(signed.document.purpose).to_owned(),
            signer_iin: signer.as_str().to_owned(),
            signer_bin: proof.signer().bin().map(|bin| bin.as_str().to_owned()),
            cms: octets.cms.to_vec(),
            augmented: octets.augmented.to_vec(),
            certificate: proof.certificate().to_vec(),
            report,
            received_at: proof.received_at(),
            signed_at: proof.signed_at(),
        })
        .execute(connection)
        .await?;
    Ok(())
}

/// Every signature of an application.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn of(
    connection: &mut Connection,
    application: ApplicationId,
) -> Result<Vec<Stored>, Error> {
    let rows: Vec<Row> = signatures::table
        .filter(signatures::application_id.eq(application.uuid()))
        .order(signatures::document_id)
        .select(Row::as_select())
        .load(connection)
        .await?;
    let read = |row: Row| {
        Ok(Stored {
            document: DocumentId::new(row.document_id),
            signer: iin(&row.signer_iin)?,
            augmented: row.augmented,
            report: row.report,
            received_at: row.received_at,
        })
    };
    rows.into_iter().map(read).collect()
}
