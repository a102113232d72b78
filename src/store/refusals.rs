//! Signatures that were offered and refused: what was wrong with them stays known.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::refusals;
use super::{Connection, Error};
use crate::domain::{ApplicationId, ConsentId};
use crate::eds::{Digest, Iin, Report};

/// A signature that was refused.
#[derive(Clone, Copy, Debug)]
pub struct Refusal<'a> {
    /// The application it was offered for.
    pub application: ApplicationId,
    /// The consent it was offered for, if it was one.
    pub consent: Option<ConsentId>,
    /// Who offered it.
    pub person: &'a Iin,
    /// The reason as the answer gives it.
    pub code: &'a str,
    /// The validation report, when the signature itself is at fault.
    pub report: Option<&'a Report>,
    /// The digest of what was offered.
    pub signature: Digest,
    /// When.
    pub at: DateTime<Utc>,
}

/// Writes a refusal.
///
/// # Errors
/// [`Error::Statement`] when the database refuses.
pub async fn insert(
    connection: &mut Connection,
    id: Uuid,
    refusal: &Refusal<'_>,
) -> Result<(), Error> {
    let report = refusal
        .report
        .map(serde_json::to_value)
        .transpose()
        .map_err(|_| Error::Corrupt("report"))?;
    diesel::insert_into(refusals::table)
        .values((
            refusals::id.eq(id),
            refusals::application_id.eq(refusal.application.uuid()),
            refusals::consent_id.eq(refusal.consent.map(ConsentId::uuid)),
            refusals::person_iin.eq(refusal.person.as_str()),
            refusals::code.eq(refusal.code),
            refusals::report.eq(report),
            refusals::signature_sha256.eq(refusal.signature.as_bytes().as_slice()),
            refusals::refused_at.eq(refusal.at),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// The reasons of all refusals for an application, oldest first.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn codes(
    connection: &mut Connection,
    application: ApplicationId,
) -> Result<Vec<String>, Error> {
    let codes = refusals::table
        .filter(refusals::application_id.eq(application.uuid()))
        .order(refusals::id)
        .select(refusals::code)
        .load(connection)
        .await?;
    Ok(codes)
}

/// A signature that was refused, as whoever offered it is told of it.
#[derive(Clone, Debug)]
pub struct Refused {
    /// Its identifier.
    pub id: Uuid,
    /// The application it was offered for.
    pub application: ApplicationId,
    /// The consent it was offered for, if it was one.
    pub consent: Option<ConsentId>,
    /// The reason as the answer gave it.
    pub code: String,
    /// The digest of what was offered.
    pub signature: Digest,
    /// When.
    pub at: DateTime<Utc>,
}

type Row = (Uuid, Uuid, Option<Uuid>, String, Vec<u8>, DateTime<Utc>);

/// What a person offered that was refused, oldest first.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no digest.
pub async fn of(connection: &mut Connection, person: &Iin) -> Result<Vec<Refused>, Error> {
    let rows: Vec<Row> = refusals::table
        .filter(refusals::person_iin.eq(person.as_str()))
        .order(refusals::id)
        .select((
            refusals::id,
            refusals::application_id,
            refusals::consent_id,
            refusals::code,
            refusals::signature_sha256,
            refusals::refused_at,
        ))
        .load(connection)
        .await?;
    let read = |(id, application, consent, code, digest, at): Row| {
        let digest: [u8; 32] = digest.try_into().map_err(|_| Error::Corrupt("digest"))?;
        Ok(Refused {
            id,
            application: ApplicationId::new(application),
            consent: consent.map(ConsentId::new),
            code,
            signature: Digest::from(digest),
            at,
        })
    };
    rows.into_iter().map(read).collect()
}
