//! Evidence packages: each is replaced only by itself with one more stamp.

use chrono::{DateTime, Utc};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, JoinOnDsl, OptionalExtension, QueryDsl,
    Queryable, Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::{packages, registrations};
use super::{Connection, Error};
use crate::domain::RegistrationId;

/// A package as it is stored.
#[derive(Clone, Debug)]
pub struct Packed {
    /// The registration that it proves.
    pub registration: RegistrationId,
    /// The package.
    pub octets: Vec<u8>,
    /// How many time-stamps stand over it.
    pub stamps: i32,
    /// When the newest was put there.
    pub stamped_at: DateTime<Utc>,
    /// When to look again whether a new one is due.
    pub look_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = packages)]
struct Row {
    registration_id: Uuid,
    octets: Vec<u8>,
    stamps: i32,
    stamped_at: DateTime<Utc>,
    look_at: DateTime<Utc>,
}

/// Writes the first package of a registration, unless it has one.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn insert(connection: &mut Connection, packed: &Packed) -> Result<(), Error> {
    diesel::insert_into(packages::table)
        .values(Row::from(packed))
        .on_conflict_do_nothing()
        .execute(connection)
        .await?;
    Ok(())
}

/// The package of a registration.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn find(
    connection: &mut Connection,
    registration: RegistrationId,
) -> Result<Option<Packed>, Error> {
    let row: Option<Row> = packages::table
        .find(registration.uuid())
        .select(Row::as_select())
        .first(connection)
        .await
        .optional()?;
    Ok(row.map(Packed::from))
}

/// Replaces a package by one with one more stamp, or only notes when to look at
/// it again; false when somebody else did so meanwhile.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn replace(
    connection: &mut Connection,
    known: &Packed,
    newer: &Packed,
) -> Result<bool, Error> {
    let same = packages::registration_id
        .eq(known.registration.uuid())
        .and(packages::stamps.eq(known.stamps));
    let replaced = diesel::update(packages::table.filter(same))
        .set((
            packages::octets.eq(&newer.octets),
            packages::stamps.eq(newer.stamps),
            packages::stamped_at.eq(newer.stamped_at),
            packages::look_at.eq(newer.look_at),
        ))
        .execute(connection)
        .await?;
    Ok(replaced == 1)
}

/// Packages to look at by `now`, those first that waited longest.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn to_look_at(
    connection: &mut Connection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Packed>, Error> {
    let rows: Vec<Row> = packages::table
        .filter(packages::look_at.le(now))
        .order(packages::look_at)
        .limit(limit)
        .select(Row::as_select())
        .load(connection)
        .await?;
    Ok(rows.into_iter().map(Packed::from).collect())
}

/// Registrations that have no package yet, the oldest first.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn missing(
    connection: &mut Connection,
    limit: i64,
) -> Result<Vec<RegistrationId>, Error> {
    let of = packages::registration_id.eq(registrations::id);
    let ids: Vec<Uuid> = registrations::table
        .left_join(packages::table.on(of))
        .filter(packages::registration_id.is_null())
        .order(registrations::id)
        .limit(limit)
        .select(registrations::id)
        .load(connection)
        .await?;
    Ok(ids.into_iter().map(RegistrationId::new).collect())
}

impl From<&Packed> for Row {
    fn from(packed: &Packed) -> Self {
        Self {
            registration_id: packed.registration.uuid(),
            octets: packed.octets.clone(),
            stamps: packed.stamps,
            stamped_at: packed.stamped_at,
            look_at: packed.look_at,
        }
    }
}

impl From<Row> for Packed {
    fn from(row: Row) -> Self {
        Self {
            registration: RegistrationId::new(row.registration_id),
            octets: row.octets,
            stamps: row.stamps,
            stamped_at: row.stamped_at,
            look_at: row.look_at,
        }
    }
}
