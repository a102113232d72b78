//! Applications and their consents, as they stand now.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable,
    Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::dwellings::{read_address, write_address};
use super::schema::{applications, consents};
use super::{Connection, Error, iin, word};
use crate::domain::{
    Answer, Application, ApplicationId, Consent, ConsentId, Language, Period, Resident, Rka, State,
};
use crate::eds::Iin;

/// What a list of applications holds.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// Whose list it is.
    pub person: &'a Iin,
    /// As whom the person looks.
    pub role: Role,
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those older than this one.
    pub before: Option<ApplicationId>,
    /// At most so many.
    pub limit: i64,
}

/// As whom a person looks at applications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// As the one who asks to be registered.
    Resident,
    /// As an owner who is asked.
    Owner,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = applications)]
struct Row {
    id: Uuid,
    version: i64,
    state: String,
    resident_iin: String,
    resident_name: String,
    rka: String,
    address: serde_json::Value,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    months: i16,
    arrived_on: NaiveDate,
    language: String,
    deadline: DateTime<Utc>,
    asked_at: Option<DateTime<Utc>>,
    grounds: Option<String>,
    created_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = consents)]
struct ConsentRow {
    id: Uuid,
    application_id: Uuid,
    owner_iin: String,
    answer: String,
    decline_reason: Option<String>,
    answered_at: Option<DateTime<Utc>>,
}

/// Writes a new application with its consents.
///
/// # Errors
/// [`Error::Statement`] when the database refuses.
pub async fn insert(connection: &mut Connection, application: &Application) -> Result<(), Error> {
    diesel::insert_into(applications::table)
        .values(Row::from(application))
        .execute(connection)
        .await?;
    let rows: Vec<ConsentRow> = application
        .consents
        .iter()
        .map(|consent| ConsentRow::new(application.id, consent))
        .collect();
    diesel::insert_into(consents::table)
        .values(rows)
        .execute(connection)
        .await?;
    Ok(())
}

/// The application as it is now.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no application.
pub async fn find(
    connection: &mut Connection,
    id: ApplicationId,
) -> Result<Option<Application>, Error> {
    let row: Option<Row> = applications::table
        .find(id.uuid())
        .select(Row::as_select())
        .first(connection)
        .await
        .optional()?;
    whole(connection, row).await
}

/// The application, locked until the end of the transaction: everybody who
/// wants to change it waits for their turn, so that of two owners who answer at
/// the same moment the second one sees the first one's answer.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no application.
pub async fn lock(
    connection: &mut Connection,
    id: ApplicationId,
) -> Result<Option<Application>, Error> {
    let row: Option<Row> = applications::table
        .find(id.uuid())
        .select(Row::as_select())
        .for_update()
        .first(connection)
        .await
        .optional()?;
    whole(connection, row).await
}

/// Saves an application over the version before it.
///
/// # Errors
/// [`Error::Conflict`] when somebody else saved another version in between.
pub async fn save(connection: &mut Connection, application: &Application) -> Result<(), Error> {
    let grounds: Option<&'static str> = application.grounds.map(Into::into);
    let before = applications::table.filter(
        applications::id
            .eq(application.id.uuid())
            .and(applications::version.eq(application.version - 1)),
    );
    let changed = diesel::update(before)
        .set((
            applications::version.eq(application.version),
            applications::state.eq::<&'static str>(application.state.into()),
            applications::deadline.eq(application.deadline),
            applications::asked_at.eq(application.asked_at),
            applications::grounds.eq(grounds),
            applications::changed_at.eq(application.changed_at),
        ))
        .execute(connection)
        .await?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::Conflict)
    }
}

/// Writes one owner's answer.
///
/// # Errors
/// [`Error::Conflict`] when the owner's answer stands already.
pub async fn save_answer(connection: &mut Connection, consent: &Consent) -> Result<(), Error> {
    let (answer, reason, at) = stored(&consent.answer);
    let open = consents::table.filter(
        consents::id
            .eq(consent.id.uuid())
            .and(consents::answer.eq_any(["awaited", "pending_evidence"])),
    );
    let changed = diesel::update(open)
        .set((
            consents::answer.eq(answer),
            consents::decline_reason.eq(reason),
            consents::answered_at.eq(at),
        ))
        .execute(connection)
        .await?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::Conflict)
    }
}

/// A person's applications, newest first. As an owner one sees those that the
/// resident has signed.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no application.
pub async fn list(
    connection: &mut Connection,
    wanted: &Wanted<'_>,
) -> Result<Vec<Application>, Error> {
    let mut query = applications::table
        .select(Row::as_select())
        .order(applications::id.desc())
        .limit(wanted.limit)
        .into_boxed();
    if let Some(state) = wanted.state {
        query = query.filter(applications::state.eq::<&'static str>(state.into()));
    }
    if let Some(before) = wanted.before {
        query = query.filter(applications::id.lt(before.uuid()));
    }
    let person = wanted.person.as_str();
    query = match wanted.role {
        Role::Resident => query.filter(applications::resident_iin.eq(person)),
        // What the owners were ever asked: see [`Application::is_put_to`].
        Role::Owner => query
            .filter(
                applications::id.eq_any(
                    consents::table
                        .filter(consents::owner_iin.eq(person))
                        .select(consents::application_id),
                ),
            )
            .filter(applications::asked_at.is_not_null()),
    };
    let rows: Vec<Row> = query.load(connection).await?;
    all(connection, rows).await
}

/// Open applications whose deadline has passed, the longest overdue first.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn overdue(
    connection: &mut Connection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<ApplicationId>, Error> {
    let open = ["draft", "pending_evidence", "awaiting_consent", "consented"];
    let open = applications::state.eq_any(open);
    let ids: Vec<Uuid> = applications::table
        .filter(open.and(applications::deadline.lt(now)))
        .order(applications::deadline)
        .limit(limit)
        .select(applications::id)
        .load(connection)
        .await?;
    Ok(ids.into_iter().map(ApplicationId::new).collect())
}

/// Applications that everybody has agreed to and that are not registered yet.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn agreed(connection: &mut Connection, limit: i64) -> Result<Vec<ApplicationId>, Error> {
    let ids: Vec<Uuid> = applications::table
        .filter(applications::state.eq("consented"))
        .order(applications::changed_at)
        .limit(limit)
        .select(applications::id)
        .load(connection)
        .await?;
    Ok(ids.into_iter().map(ApplicationId::new).collect())
}

async fn whole(
    connection: &mut Connection,
    row: Option<Row>,
) -> Result<Option<Application>, Error> {
    let rows = row.into_iter().collect();
    Ok(all(connection, rows).await?.pop())
}

async fn all(connection: &mut Connection, rows: Vec<Row>) -> Result<Vec<Application>, Error> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let consents: Vec<ConsentRow> = consents::table
        .filter(consents::application_id.eq_any(ids))
        .order(consents::id)
        .select(ConsentRow::as_select())
        .load(connection)
        .await?;
    let mut applications = Vec::with_capacity(rows.len());
    for row in rows {
        let own = consents
            .iter()
            .filter(|consent| consent.application_id == row.id);
        let own = own.map(ConsentRow::read).collect::<Result<_, _>>()?;
        applications.push(row.read(own)?);
    }
    Ok(applications)
}

impl From<&Application> for Row {
    fn from(application: &Application) -> Self {
        let state: &'static str = application.state.into();
        let grounds: Option<&'static str> = application.grounds.map(Into::into);
        Self {
            id: application.id.uuid(),
            version: application.version,
            state: state.to_owned(),
            resident_iin: application.resident.iin.as_str().to_owned(),
            resident_name: application.resident.name.clone(),
            rka: application.rka.as_str().to_owned(),
            address: write_address(&application.address),
            starts_on: application.period.from(),
            ends_on: application.period.until(),
            months: i16::try_from(application.period.months()).unwrap_or(i16::MAX),
            arrived_on: application.arrived,
            language: application.language.code().to_owned(),
            deadline: application.deadline,
            asked_at: application.asked_at,
            grounds: grounds.map(str::to_owned),
            created_at: application.created_at,
            changed_at: application.changed_at,
        }
    }
}

impl Row {
    fn read(self, consents: Vec<Consent>) -> Result<Application, Error> {
        Ok(Application {
            id: ApplicationId::new(self.id),
            version: self.version,
            state: word(&self.state, "state")?,
            resident: Resident {
                iin: iin(&self.resident_iin)?,
                name: self.resident_name,
            },
            rka: Rka::parse(&self.rka).map_err(|_| Error::Corrupt("rka"))?,
            address: read_address(self.address)?,
            period: read_period(self.starts_on, self.ends_on, self.months)?,
            arrived: self.arrived_on,
            language: Language::parse(&self.language).map_err(|_| Error::Corrupt("language"))?,
            consents,
            deadline: self.deadline,
            asked_at: self.asked_at,
            grounds: self
                .grounds
                .map(|grounds| word(&grounds, "grounds"))
                .transpose()?,
            created_at: self.created_at,
            changed_at: self.changed_at,
        })
    }
}

impl ConsentRow {
    fn new(application: ApplicationId, consent: &Consent) -> Self {
        let (answer, reason, at) = stored(&consent.answer);
        Self {
            id: consent.id.uuid(),
            application_id: application.uuid(),
            owner_iin: consent.owner.as_str().to_owned(),
            answer: answer.to_owned(),
            decline_reason: reason.map(str::to_owned),
            answered_at: at,
        }
    }

    fn read(&self) -> Result<Consent, Error> {
        let answer = match (self.answer.as_str(), self.answered_at, &self.decline_reason) {
            ("awaited", None, None) => Answer::Awaited,
            ("pending_evidence", Some(at), None) => Answer::Pending(at),
            ("given", Some(at), None) => Answer::Given(at),
            ("declined", Some(at), Some(reason)) => {
                Answer::Declined(at, word(reason, "decline reason")?)
            }
            _ => return Err(Error::Corrupt("answer")),
        };
        Ok(Consent {
            id: ConsentId::new(self.id),
            owner: iin(&self.owner_iin)?,
            answer,
        })
    }
}

/// The last day follows from the first and the months; that it is stored as
/// well lets the database watch over overlaps, and here over itself.
pub(super) fn read_period(from: NaiveDate, until: NaiveDate, months: i16) -> Result<Period, Error> {
    let corrupt = Error::Corrupt("period");
    let Ok(months) = u32::try_from(months) else {
        return Err(corrupt);
    };
    match Period::new(from, months) {
        Ok(period) if period.until() == until => Ok(period),
        Ok(_) | Err(_) => Err(corrupt),
    }
}

fn stored(answer: &Answer) -> (&'static str, Option<&'static str>, Option<DateTime<Utc>>) {
    match answer {
        Answer::Awaited => ("awaited", None, None),
        Answer::Pending(at) => ("pending_evidence", None, Some(*at)),
        Answer::Given(at) => ("given", None, Some(*at)),
        Answer::Declined(at, reason) => ("declined", Some((*reason).into()), Some(*at)),
    }
}
