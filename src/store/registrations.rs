//! Registrations: what stands.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable,
    Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::applications::read_period;
use super::dwellings::{read_address, write_address};
use super::schema::registrations;
use super::{Connection, Error, iin};
use crate::domain::{ApplicationId, Period, Registration, RegistrationId, Rka};
use crate::eds::Iin;

/// The rule that a person has at most one registration on any day.
pub const ONE_AT_A_TIME: &str = "registrations_one_at_a_time";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = registrations)]
struct Row {
    id: Uuid,
    application_id: Uuid,
    resident_iin: String,
    rka: String,
    address: serde_json::Value,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    months: i16,
    registered_at: DateTime<Utc>,
}

/// Writes a registration.
///
/// # Errors
/// [`Error::Statement`]; it [`breaks`](Error::breaks) [`ONE_AT_A_TIME`] when the
/// person has a registration for some of these days.
pub async fn insert(connection: &mut Connection, registration: &Registration) -> Result<(), Error> {
    diesel::insert_into(registrations::table)
        .values(Row::from(registration))
        .execute(connection)
        .await?;
    Ok(())
}

/// The registration with this identifier.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no registration.
pub async fn find(
    connection: &mut Connection,
    id: RegistrationId,
) -> Result<Option<Registration>, Error> {
    let row: Option<Row> = registrations::table
        .find(id.uuid())
        .select(Row::as_select())
        .first(connection)
        .await
        .optional()?;
    row.map(Row::read).transpose()
}

/// The registration to which an application led.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn of(
    connection: &mut Connection,
    application: ApplicationId,
) -> Result<Option<RegistrationId>, Error> {
    let id: Option<Uuid> = registrations::table
        .filter(registrations::application_id.eq(application.uuid()))
        .select(registrations::id)
        .first(connection)
        .await
        .optional()?;
    Ok(id.map(RegistrationId::new))
}

/// Whether the person has a registration for some day of the period.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn overlaps(
    connection: &mut Connection,
    resident: &Iin,
    period: Period,
) -> Result<bool, Error> {
    let overlapping = registrations::table.filter(
        registrations::resident_iin
            .eq(resident.as_str())
            .and(registrations::ended_at.is_null())
            .and(registrations::starts_on.le(period.until()))
            .and(registrations::ends_on.ge(period.from())),
    );
    Ok(diesel::select(diesel::dsl::exists(overlapping))
        .get_result(connection)
        .await?)
}

impl From<&Registration> for Row {
    fn from(registration: &Registration) -> Self {
        Self {
            id: registration.id.uuid(),
            application_id: registration.application.uuid(),
            resident_iin: registration.resident.as_str().to_owned(),
            rka: registration.rka.as_str().to_owned(),
            address: write_address(&registration.address),
            starts_on: registration.period.from(),
            ends_on: registration.period.until(),
            months: i16::try_from(registration.period.months()).unwrap_or(i16::MAX),
            registered_at: registration.registered_at,
        }
    }
}

impl Row {
    fn read(self) -> Result<Registration, Error> {
        Ok(Registration {
            id: RegistrationId::new(self.id),
            application: ApplicationId::new(self.application_id),
            resident: iin(&self.resident_iin)?,
            rka: Rka::parse(&self.rka).map_err(|_| Error::Corrupt("rka"))?,
            address: read_address(self.address)?,
            period: read_period(self.starts_on, self.ends_on, self.months)?,
            registered_at: self.registered_at,
        })
    }
}
