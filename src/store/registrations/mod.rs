//! Registrations: what stands, and what stood.

mod list;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::exists;
use diesel::{
    AsChangeset, BoolExpressionMethods, ExpressionMethods, Insertable, JoinOnDsl,
    NullableExpressionMethods, OptionalExtension, QueryDsl, Queryable, Selectable,
    SelectableHelper, alias,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::applications::{read_term, write_months};
use super::dwellings::{read_address, write_address};
use super::people::{read_holder, write_holder};
use super::schema::{applications, registrations};
use super::{Connection, Error, Mark, consents, iin, received, word};
use crate::domain::{
    ApplicationId, DocumentId, LAST_LOOK, Registration, RegistrationId, Removal, Rka, Standing,
    Term,
};
use crate::eds::Iin;

pub use list::{Filter, Scope, Still, Wanted, counts, list, people_at};

/// The rule that a person has at most one registration of a kind on any day.
pub const ONE_AT_A_TIME: &str = "registrations_one_at_a_time";

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = registrations)]
#[diesel(treat_none_as_null = true)]
struct Row {
    id: Uuid,
    application_id: Uuid,
    resident_iin: String,
    rka: String,
    address: serde_json::Value,
    kind: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    months: Option<i16>,
    registered_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    ending: Option<String>,
    removal: Option<Uuid>,
    removal_by: Option<String>,
    removal_deadline: Option<DateTime<Utc>>,
}

/// Writes a registration.
///
/// # Errors
/// [`Error::Statement`]; it [`breaks`](Error::breaks) [`ONE_AT_A_TIME`] when the
/// person has a registration for some of these days.
pub(super) async fn insert(
    connection: &mut Connection,
    registration: &Registration,
) -> Result<(), Error> {
    diesel::insert_into(registrations::table)
        .values(Row::from(registration))
        .execute(connection)
        .await?;
    Ok(())
}

/// Saves what became of a registration that has not ended.
pub(super) async fn save(
    connection: &mut Connection,
    registration: &Registration,
) -> Result<(), Error> {
    let standing = registrations::table.filter(
        registrations::id
            .eq(registration.id.uuid())
            .and(registrations::ended_at.is_null()),
    );
    let changed = diesel::update(standing)
        .set(Row::from(registration))
        .execute(connection)
        .await?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::Conflict)
    }
}

/// How many people are registered at this address on a day or later, without
/// these.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn present(
    connection: &mut Connection,
    rka: &Rka,
    without: &[&Iin],
    day: NaiveDate,
) -> Result<u32, Error> {
    let without: Vec<&str> = without.iter().map(|iin| iin.as_str()).collect();
    let lasts = registrations::ends_on
        .is_null()
        .or(registrations::ends_on.ge(day));
    let people: Vec<String> = registrations::table
        .filter(registrations::rka.eq(rka.as_str()))
        .filter(registrations::ended_at.is_null().and(lasts))
        .filter(registrations::resident_iin.ne_all(without))
        .select(registrations::resident_iin)
        .distinct()
        .load(connection)
        .await?;
    Ok(u32::try_from(people.len()).unwrap_or(u32::MAX))
}

/// The application that led to this registration.
///
/// # Errors
/// [`Error`] when the database fails.
pub async fn application_of(
    connection: &mut Connection,
    id: RegistrationId,
) -> Result<Option<ApplicationId>, Error> {
    let application: Option<Uuid> = registrations::table
        .find(id.uuid())
        .select(registrations::application_id)
        .first(connection)
        .await
        .optional()?;
    Ok(application.map(ApplicationId::new))
}

/// The registrations to which these applications led, each with those who are
/// asked whether it is to end.
pub(super) async fn of_applications(
    connection: &mut Connection,
    applications: &[Uuid],
    asked: &[consents::Row],
) -> Result<Vec<Registration>, Error> {
    if applications.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = registrations::table
        .filter(registrations::application_id.eq_any(applications))
        .order(registrations::id)
        .select(Row::as_select())
        .load(connection)
        .await?;
    rows.into_iter().map(|row| row.read(asked)).collect()
}

/// The application whose registration of this kind the person has for some day
/// from `term` on.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn overlapping(
    connection: &mut Connection,
    resident: &Iin,
    term: &Term,
) -> Result<Option<(ApplicationId, RegistrationId)>, Error> {
    let kind: &'static str = term.kind().into();
    let last = term.until().unwrap_or(NaiveDate::MAX);
    let found: Option<(Uuid, Uuid)> = registrations::table
        .filter(
            registrations::resident_iin
                .eq(resident.as_str())
                .and(registrations::kind.eq(kind))
                .and(registrations::ended_at.is_null())
                .and(registrations::starts_on.le(last))
                .and(
                    registrations::ends_on
                        .is_null()
                        .or(registrations::ends_on.ge(term.from())),
                ),
        )
        .select((registrations::application_id, registrations::id))
        .first(connection)
        .await
        .optional()?;
    Ok(found.map(names))
}

/// Applications whose registrations have had their last day, each once for a day,
/// the longest ago first, behind this one.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn over(
    connection: &mut Connection,
    today: NaiveDate,
    behind: Option<Mark<NaiveDate>>,
    limit: i64,
) -> Result<Vec<(Mark<NaiveDate>, ApplicationId)>, Error> {
    let id = registrations::application_id;
    let at = registrations::ends_on.assume_not_null();
    let query = registrations::table
        .filter(registrations::ended_at.is_null())
        .filter(registrations::ends_on.lt(today))
        .order((at, id))
        .limit(limit)
        .select((at, id))
        .distinct()
        .into_boxed();
    let query = behind!(query, (at, id), behind);
    let rows = query.load(connection).await?;
    Ok(Mark::each(rows, ApplicationId::new))
}

/// Registrations that stand although the one that they continue ended early, with
/// their applications and that one, the longest ago first, behind this one: where it
/// ended `since` then, if that is said.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn continuing(
    connection: &mut Connection,
    since: Option<DateTime<Utc>>,
    behind: Option<Mark<DateTime<Utc>>>,
    limit: i64,
) -> Result<Vec<(Mark<DateTime<Utc>>, Continuing)>, Error> {
    let former = alias!(registrations as former);
    let (id, at) = (
        registrations::id,
        former.field(registrations::ended_at).assume_not_null(),
    );
    let names = (
        registrations::application_id,
        former.field(registrations::id),
    );
    let own = applications::id.eq(registrations::application_id);
    let continued = former
        .field(registrations::id)
        .nullable()
        .eq(applications::extends);
    let query = registrations::table
        .inner_join(applications::table.on(own))
        .inner_join(former.on(continued))
        .filter(registrations::ended_at.is_null())
        .filter(former.field(registrations::ending).ne("expired"))
        .filter(
            former
                .field(registrations::ended_at)
                .ge(since.unwrap_or_default()),
        )
        .order((at, id))
        .limit(limit)
        .select((at, id, names))
        .into_boxed();
    let query = behind!(query, (at, id), behind);
    let rows: Vec<(DateTime<Utc>, Uuid, (Uuid, Uuid))> = query.load(connection).await?;
    let row = |(at, name, (application, former))| {
        let mark = Mark { at, name };
        let (application, id) = self::names((application, name));
        (mark, (application, id, RegistrationId::new(former)))
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Whether an application led to registrations of which all that stand are continued by
/// others that stand, and no end is demanded.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn are_continued(
    connection: &mut Connection,
    application: ApplicationId,
) -> Result<bool, Error> {
    let (next, by) = (alias!(registrations as next), alias!(applications as by));
    let own = registrations::table
        .filter(registrations::application_id.eq(application.uuid()))
        .filter(registrations::ended_at.is_null());
    let continued = next
        .inner_join(
            by.on(by
                .field(applications::id)
                .eq(next.field(registrations::application_id))),
        )
        .filter(next.field(registrations::ended_at).is_null())
        .filter(
            by.field(applications::extends)
                .eq(registrations::id.nullable()),
        );
    let rows: Vec<bool> = own
        .select(exists(continued).and(registrations::removal.is_null()))
        .load(connection)
        .await?;
    Ok(!rows.is_empty() && rows.into_iter().all(|one| one))
}

/// A registration that continues another: its application, itself, and the other.
pub type Continuing = (ApplicationId, RegistrationId, RegistrationId);

/// Registrations whose end an owner demands and the others did not confirm in
/// time, the longest overdue first, behind this one. Their time waits for signatures
/// that came in it.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn unconfirmed(
    connection: &mut Connection,
    now: DateTime<Utc>,
    behind: Option<Mark<DateTime<Utc>>>,
    limit: i64,
) -> Result<Vec<(Mark<DateTime<Utc>>, (ApplicationId, RegistrationId))>, Error> {
    let id = registrations::id;
    let at = registrations::removal_deadline.assume_not_null();
    let query = registrations::table
        .filter(registrations::removal_deadline.lt(now))
        .filter(registrations::application_id.ne_all(received::undecided(now - LAST_LOOK)))
        .order((at, id))
        .limit(limit)
        .select((at, id, registrations::application_id))
        .into_boxed();
    let query = behind!(query, (at, id), behind);
    let rows: Vec<(DateTime<Utc>, Uuid, Uuid)> = query.load(connection).await?;
    let row = |(at, name, application)| (Mark { at, name }, names((application, name)));
    Ok(rows.into_iter().map(row).collect())
}

fn names((application, id): (Uuid, Uuid)) -> (ApplicationId, RegistrationId) {
    (ApplicationId::new(application), RegistrationId::new(id))
}

impl From<&Registration> for Row {
    fn from(registration: &Registration) -> Self {
        let kind: &'static str = registration.term.kind().into();
        let (ending, ended_at) = match registration.standing {
            Standing::Active => (None, None),
            Standing::Ended(how, at) => (Some(<&'static str>::from(how)), Some(at)),
        };
        let removal = registration.removal.as_ref();
        Self {
            id: registration.id.uuid(),
            application_id: registration.application.uuid(),
            resident_iin: registration.resident.as_str().to_owned(),
            rka: registration.rka.as_str().to_owned(),
            address: write_address(&registration.address),
            kind: kind.to_owned(),
            starts_on: registration.term.from(),
            ends_on: registration.term.until(),
            months: write_months(&registration.term),
            registered_at: registration.registered_at,
            ended_at,
            ending: ending.map(str::to_owned),
            removal: removal.map(|one| one.document.uuid()),
            removal_by: removal.map(|one| write_holder(&one.by)),
            removal_deadline: removal.map(|one| one.deadline),
        }
    }
}

impl Row {
    fn read(self, asked: &[consents::Row]) -> Result<Registration, Error> {
        let standing = match (&self.ending, self.ended_at) {
            (None, None) => Standing::Active,
            (Some(how), Some(at)) => Standing::Ended(word(how, "ending")?, at),
            (Some(_), None) | (None, Some(_)) => return Err(Error::Corrupt("ending")),
        };
        Ok(Registration {
            id: RegistrationId::new(self.id),
            application: ApplicationId::new(self.application_id),
            resident: iin(&self.resident_iin)?,
            rka: Rka::parse(&self.rka).map_err(|_| Error::Corrupt("rka"))?,
            term: read_term(&self.kind, self.starts_on, self.ends_on, self.months)?,
            registered_at: self.registered_at,
            standing,
            removal: self.removal(asked)?,
            address: read_address(self.address)?,
        })
    }

    fn removal(&self, asked: &[consents::Row]) -> Result<Option<Removal>, Error> {
        let (Some(document), Some(by), Some(deadline)) =
            (self.removal, &self.removal_by, self.removal_deadline)
        else {
            return Ok(None);
        };
        let asked = asked.iter().filter(|one| one.removal == Some(document));
        Ok(Some(Removal {
            document: DocumentId::new(document),
            by: read_holder(by)?,
            consents: asked.map(consents::Row::read).collect::<Result<_, _>>()?,
            deadline,
        }))
    }
}
