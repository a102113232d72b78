//! Evidence packages: each is replaced only by itself with one more stamp.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Timestamptz};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable,
    QueryableByName, Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use strum::{EnumString, IntoStaticStr};
use uuid::Uuid;

use super::schema::packages;
use super::{Connection, Error, Mark, word};
use crate::domain::RegistrationId;

/// What a package tells of a registration. What was once sealed is never opened:
/// the end is told by a second package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Phase {
    /// How it was made.
    Made,
    /// The same, and how it ended.
    Ended,
}

/// A package as it is stored.
#[derive(Clone, Debug)]
pub struct Packed {
    /// The registration that it proves.
    pub registration: RegistrationId,
    /// How much of it.
    pub phase: Phase,
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
    phase: String,
    octets: Vec<u8>,
    stamps: i32,
    stamped_at: DateTime<Utc>,
    look_at: DateTime<Utc>,
}

/// Writes the first package of a registration in its phase, unless it has one.
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

/// The package of a registration in this phase.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no package.
pub async fn find(
    connection: &mut Connection,
    registration: RegistrationId,
    phase: Phase,
) -> Result<Option<Packed>, Error> {
    let phase: &'static str = phase.into();
    let row: Option<Row> = packages::table
        .find((registration.uuid(), phase))
        .select(Row::as_select())
        .first(connection)
        .await
        .optional()?;
    row.map(Row::read).transpose()
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
    let phase: &'static str = known.phase.into();
    let same = packages::registration_id
        .eq(known.registration.uuid())
        .and(packages::phase.eq(phase))
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

/// By what packages are in order that are to be looked at.
pub type Looked = (DateTime<Utc>, Phase);

/// Packages to look at by `now`, those first that waited longest, behind this one.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn to_look_at(
    connection: &mut Connection,
    now: DateTime<Utc>,
    behind: Option<Mark<Looked>>,
    limit: i64,
) -> Result<Vec<(Mark<Looked>, Packed)>, Error> {
    use packages::{look_at as at, phase, registration_id as id};
    let mut query = packages::table
        .filter(at.le(now))
        .order((at, id, phase))
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(Mark {
        at: (time, of),
        name,
    }) = behind
    {
        let later = id.eq(name).and(phase.gt(<&'static str>::from(of)));
        query = query.filter(at.gt(time).or(at.eq(time).and(id.gt(name).or(later))));
    }
    let rows: Vec<Row> = query.load(connection).await?;
    let row = |row: Row| {
        let packed = row.read()?;
        let mark = Mark {
            at: (packed.look_at, packed.phase),
            name: packed.registration.uuid(),
        };
        Ok((mark, packed))
    };
    rows.into_iter().map(row).collect()
}

/// Registrations that have no package of their present phase yet, the oldest first,
/// behind this one: those that were written or ended `since` then, if that is said.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn missing(
    connection: &mut Connection,
    since: Option<DateTime<Utc>>,
    behind: Option<Mark<()>>,
    limit: i64,
) -> Result<Vec<(Mark<()>, RegistrationId)>, Error> {
    let ids: Vec<Unpacked> = diesel::sql_query(MISSING)
        .bind::<BigInt, _>(limit)
        .bind::<diesel::sql_types::Uuid, _>(behind.map_or(Uuid::nil(), |mark| mark.name))
        .bind::<Timestamptz, _>(since.unwrap_or_default())
        .load(connection)
        .await?;
    let row = |Unpacked { id: name }| (Mark { at: (), name }, RegistrationId::new(name));
    Ok(ids.into_iter().map(row).collect())
}

#[derive(QueryableByName)]
struct Unpacked {
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    id: Uuid,
}

const MISSING: &str = "
    SELECT r.id FROM registrations r
    WHERE r.id > $2 AND (r.registered_at >= $3 OR r.ended_at >= $3) AND NOT EXISTS (
        SELECT FROM packages p WHERE p.registration_id = r.id
        AND p.phase = CASE WHEN r.ended_at IS NULL THEN 'made' ELSE 'ended' END)
    ORDER BY r.id LIMIT $1";

impl From<&Packed> for Row {
    fn from(packed: &Packed) -> Self {
        Self {
            registration_id: packed.registration.uuid(),
            phase: <&'static str>::from(packed.phase).to_owned(),
            octets: packed.octets.clone(),
            stamps: packed.stamps,
            stamped_at: packed.stamped_at,
            look_at: packed.look_at,
        }
    }
}

impl Row {
    fn read(self) -> Result<Packed, Error> {
        Ok(Packed {
            registration: RegistrationId::new(self.registration_id),
            phase: word(&self.phase, "phase")?,
            octets: self.octets,
            stamps: self.stamps,
            stamped_at: self.stamped_at,
            look_at: self.look_at,
        })
    }
}
