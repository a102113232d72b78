//! The codes on certificates: one for each registration, for ever.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::verification_codes;
use super::{Connection, Error};
use crate::domain::{RegistrationId, VerificationCode};
use crate::eds::Digest;

/// The code of a registration: this one, unless it has one already.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no code.
pub async fn issue(
    connection: &mut Connection,
    registration: RegistrationId,
    fresh: &VerificationCode,
    now: DateTime<Utc>,
) -> Result<VerificationCode, Error> {
    let digest = digest(fresh);
    diesel::insert_into(verification_codes::table)
        .values((
            verification_codes::registration_id.eq(registration.uuid()),
            verification_codes::code.eq(fresh.as_str()),
            verification_codes::code_sha256.eq(digest.as_bytes().as_slice()),
            verification_codes::issued_at.eq(now),
        ))
        // Only of this registration: that a code is another's already is a fault.
        .on_conflict(verification_codes::registration_id)
        .do_nothing()
        .execute(connection)
        .await?;
    let code: String = verification_codes::table
        .find(registration.uuid())
        .select(verification_codes::code)
        .first(connection)
        .await?;
    read(&code)
}

/// The codes that these registrations have.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no code.
pub async fn of(
    connection: &mut Connection,
    registrations: &[RegistrationId],
) -> Result<HashMap<RegistrationId, VerificationCode>, Error> {
    let ids: Vec<Uuid> = registrations.iter().map(|id| id.uuid()).collect();
    let rows: Vec<(Uuid, String)> = verification_codes::table
        .filter(verification_codes::registration_id.eq_any(ids))
        .select((
            verification_codes::registration_id,
            verification_codes::code,
        ))
        .load(connection)
        .await?;
    let rows = rows.into_iter();
    rows.map(|(id, code)| Ok((RegistrationId::new(id), read(&code)?)))
        .collect()
}

/// The registration with this code.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn registration_with(
    connection: &mut Connection,
    code: &VerificationCode,
) -> Result<Option<RegistrationId>, Error> {
    let digest = digest(code);
    let id: Option<Uuid> = verification_codes::table
        .filter(verification_codes::code_sha256.eq(digest.as_bytes().as_slice()))
        .select(verification_codes::registration_id)
        .first(connection)
        .await
        .optional()?;
    Ok(id.map(RegistrationId::new))
}

fn digest(code: &VerificationCode) -> Digest {
    Digest::of(code.as_str().as_bytes())
}

fn read(code: &str) -> Result<VerificationCode, Error> {
    VerificationCode::parse(code).map_err(|_| Error::Corrupt("verification code"))
}
