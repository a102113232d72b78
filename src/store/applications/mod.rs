//! Applications, as they stand now.

mod due;
mod list;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    AsChangeset, BoolExpressionMethods, ExpressionMethods, Insertable, OptionalExtension, QueryDsl,
    Queryable, Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::consents::Place;
use super::dwellings::{read_address, write_address};
use super::people::{read_capacity, read_holder, write_capacity, write_holder};
use super::schema::{applications, residents};
use super::{Connection, Error, consents, iin, registrations, word};
use crate::domain::{
    Applicant, Application, ApplicationId, Attestation, Consent, Kind, Language, Period,
    Registration, RegistrationId, Resident, Rka, Step, Term, paper,
};

pub use due::{agreed, extending_nothing, overdue, remind_at, to_remind};
pub use list::{Filter, Role, Wanted, about, counts, list};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = applications)]
#[diesel(treat_none_as_null = true)]
pub(super) struct Row {
    pub(super) id: Uuid,
    version: i64,
    state: String,
    edition: i32,
    round: i32,
    applicant_iin: String,
    applicant_name: String,
    capacity: String,
    applicant_bin: Option<String>,
    rka: String,
    address: serde_json::Value,
    words: String,
    kind: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    months: Option<i16>,
    arrived_on: NaiveDate,
    language: String,
    extends: Option<Uuid>,
    attestation: Option<serde_json::Value>,
    owners: Vec<String>,
    deadline: DateTime<Utc>,
    asked_at: Option<DateTime<Utc>>,
    reminders: i32,
    remind_at: Option<DateTime<Utc>>,
    grounds: Option<String>,
    created_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = residents)]
struct ResidentRow {
    application_id: Uuid,
    iin: String,
    place: i16,
    name: String,
}

/// Writes a new application with its residents and consents.
///
/// # Errors
/// [`Error::Statement`] when the database refuses.
pub async fn insert(connection: &mut Connection, application: &Application) -> Result<(), Error> {
    diesel::insert_into(applications::table)
        .values(Row::from(application))
        .execute(connection)
        .await?;
    insert_residents(connection, application).await?;
    consents::insert(connection, round_of(application), &application.consents).await
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

/// How many steps the application has made, and nothing else of it.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn version(connection: &mut Connection, id: ApplicationId) -> Result<Option<i64>, Error> {
    let version = applications::table
        .find(id.uuid())
        .select(applications::version)
        .first(connection)
        .await;
    Ok(version.optional()?)
}

/// The application, locked until the end of the transaction: everybody who
/// wants to change it waits for their turn, so that of two parties who answer at
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

/// Saves an application over the version before it, with everything in it that
/// the step changed.
///
/// # Errors
/// [`Error::Conflict`] when somebody else saved another version in between;
/// [`Error::Statement`], which [`breaks`](Error::breaks)
/// [`ONE_AT_A_TIME`](registrations::ONE_AT_A_TIME) when a resident has a
/// registration for some of these days.
pub async fn save(
    connection: &mut Connection,
    before: &Application,
    step: &Step,
) -> Result<(), Error> {
    let application = &step.application;
    let place = applications::table.filter(
        applications::id
            .eq(application.id.uuid())
            .and(applications::version.eq(application.version - 1)),
    );
    let changed = diesel::update(place)
        .set(Row::from(application))
        .execute(connection)
        .await?;
    if changed != 1 {
        return Err(Error::Conflict);
    }
    if application.edition != before.edition {
        let own = residents::table.filter(residents::application_id.eq(application.id.uuid()));
        diesel::delete(own).execute(connection).await?;
        insert_residents(connection, application).await?;
    }
    if application.round != before.round {
        consents::insert(connection, round_of(application), &application.consents).await?;
    } else {
        save_answers(connection, &before.consents, &application.consents).await?;
    }
    save_registrations(connection, before, step).await
}

async fn save_answers(
    connection: &mut Connection,
    before: &[Consent],
    after: &[Consent],
) -> Result<(), Error> {
    for (old, new) in before.iter().zip(after) {
        if old.answer != new.answer {
            consents::save(connection, new).await?;
        }
    }
    Ok(())
}

async fn save_registrations(
    connection: &mut Connection,
    before: &Application,
    step: &Step,
) -> Result<(), Error> {
    for registration in &step.application.registrations {
        match before.registration(registration.id) {
            None => registrations::insert(connection, registration).await?,
            Some(old) if old != registration => {
                save_removal(connection, (old, registration), step).await?;
                registrations::save(connection, registration).await?;
            }
            Some(_) => {}
        }
    }
    Ok(())
}

async fn save_removal(
    connection: &mut Connection,
    (old, new): (&Registration, &Registration),
    step: &Step,
) -> Result<(), Error> {
    match (&old.removal, &new.removal) {
        (None, Some(removal)) => {
            let place = Place {
                application: new.application,
                round: step.application.round,
                removal: Some(removal.document),
            };
            consents::insert(connection, place, &removal.consents).await
        }
        (Some(old), Some(new)) => save_answers(connection, &old.consents, &new.consents).await,
        // Decided, perhaps by an answer to it.
        (Some(old), None) => match &step.answer {
            Some(last) if old.consents.iter().any(|asked| asked.id == last.id) => {
                consents::save(connection, last).await
            }
            Some(_) | None => Ok(()),
        },
        (None, None) => Ok(()),
    }
}

/// These applications, oldest first.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no application.
pub async fn of_ids(
    connection: &mut Connection,
    ids: &[ApplicationId],
) -> Result<Vec<Application>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows: Vec<Row> = applications::table
        .filter(applications::id.eq_any(ids))
        .order(applications::id)
        .select(Row::as_select())
        .load(connection)
        .await?;
    all(connection, rows).await
}

async fn whole(
    connection: &mut Connection,
    row: Option<Row>,
) -> Result<Option<Application>, Error> {
    let rows = row.into_iter().collect();
    Ok(all(connection, rows).await?.pop())
}

/// The applications of these rows, in the same order.
pub(super) async fn all(
    connection: &mut Connection,
    rows: Vec<Row>,
) -> Result<Vec<Application>, Error> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let people: Vec<ResidentRow> = residents::table
        .filter(residents::application_id.eq_any(&ids))
        .order(residents::place)
        .select(ResidentRow::as_select())
        .load(connection)
        .await?;
    let consents = consents::of(connection, &ids).await?;
    let led: Vec<Uuid> = rows
        .iter()
        .filter(|row| row.led_somewhere())
        .map(|row| row.id)
        .collect();
    let registrations = registrations::of_applications(connection, &led, &consents).await?;
    rows.into_iter()
        .map(|row| {
            let own = people.iter().filter(|one| one.application_id == row.id);
            let own = own.map(ResidentRow::read).collect::<Result<_, _>>()?;
            let asked = consents.iter().filter(|one| {
                one.application_id == row.id && one.round == row.round && one.removal.is_none()
            });
            let asked = asked.map(consents::Row::read).collect::<Result<_, _>>()?;
            let led = registrations.iter();
            let led = led
                .filter(|one| one.application.uuid() == row.id)
                .cloned()
                .collect();
            row.read(own, asked, led)
        })
        .collect()
}

async fn insert_residents(
    connection: &mut Connection,
    application: &Application,
) -> Result<(), Error> {
    let places = 1_i16..;
    let rows: Vec<ResidentRow> = places
        .zip(&application.residents)
        .map(|(place, resident)| ResidentRow {
            application_id: application.id.uuid(),
            iin: resident.iin.as_str().to_owned(),
            place,
            name: resident.name.clone(),
        })
        .collect();
    diesel::insert_into(residents::table)
        .values(rows)
        .execute(connection)
        .await?;
    Ok(())
}

fn round_of(application: &Application) -> Place {
    Place {
        application: application.id,
        round: application.round,
        removal: None,
    }
}

impl From<&Application> for Row {
    fn from(application: &Application) -> Self {
        let state: &'static str = application.state.into();
        let grounds: Option<&'static str> = application.grounds.map(Into::into);
        let kind: &'static str = application.kind().into();
        let applicant = &application.applicant;
        let (capacity, applicant_bin) = write_capacity(&applicant.capacity);
        Self {
            id: application.id.uuid(),
            version: application.version,
            state: state.to_owned(),
            edition: application.edition,
            round: application.round,
            applicant_iin: applicant.iin.as_str().to_owned(),
            applicant_name: applicant.name.clone(),
            capacity: capacity.to_owned(),
            applicant_bin,
            rka: application.rka.as_str().to_owned(),
            address: write_address(&application.address),
            words: words_of(application),
            kind: kind.to_owned(),
            starts_on: application.term.from(),
            ends_on: application.term.until(),
            months: write_months(&application.term),
            arrived_on: application.arrived,
            language: application.language.code().to_owned(),
            extends: application.extends.map(RegistrationId::uuid),
            attestation: write_attestation(application.attestation.as_ref()),
            owners: application.owners.iter().map(write_holder).collect(),
            deadline: application.deadline,
            asked_at: application.asked_at,
            reminders: application.reminders,
            remind_at: application.remind_at,
            grounds: grounds.map(str::to_owned),
            created_at: application.created_at,
            changed_at: application.changed_at,
        }
    }
}

impl Row {
    /// Whether it has or had registrations.
    fn led_somewhere(&self) -> bool {
        matches!(self.state.as_str(), "registered" | "ended")
    }

    fn read(
        self,
        residents: Vec<Resident>,
        consents: Vec<Consent>,
        registrations: Vec<Registration>,
    ) -> Result<Application, Error> {
        let owners = self.owners.iter().map(|owner| read_holder(owner));
        let applicant = Applicant {
            iin: iin(&self.applicant_iin)?,
            name: self.applicant_name,
            capacity: read_capacity(&self.capacity, self.applicant_bin.as_deref())?,
        };
        Ok(Application {
            id: ApplicationId::new(self.id),
            version: self.version,
            state: word(&self.state, "state")?,
            edition: self.edition,
            round: self.round,
            residents,
            rka: Rka::parse(&self.rka).map_err(|_| Error::Corrupt("rka"))?,
            address: read_address(self.address)?,
            term: read_term(&self.kind, self.starts_on, self.ends_on, self.months)?,
            arrived: self.arrived_on,
            language: Language::parse(&self.language).map_err(|_| Error::Corrupt("language"))?,
            extends: self.extends.map(RegistrationId::new),
            attestation: read_attestation(self.attestation, &applicant)?,
            applicant,
            owners: owners.collect::<Result<_, _>>()?,
            consents,
            registrations,
            deadline: self.deadline,
            asked_at: self.asked_at,
            reminders: self.reminders,
            remind_at: self.remind_at,
            grounds: self
                .grounds
                .map(|grounds| word(&grounds, "grounds"))
                .transpose()?,
            created_at: self.created_at,
            changed_at: self.changed_at,
        })
    }
}

impl ResidentRow {
    fn read(&self) -> Result<Resident, Error> {
        Ok(Resident {
            iin: iin(&self.iin)?,
            name: self.name.clone(),
        })
    }
}

/// What a search looks through. Letters are made small here, not in the database,
/// whose locale may know none of ours.
fn words_of(application: &Application) -> String {
    let address = &application.address;
    let names = application.residents.iter().map(|one| &one.name);
    let words = [&address.kk, &address.ru, &address.en].into_iter();
    let words: Vec<_> = words.chain(names).map(|text| text.to_lowercase()).collect();
    words.join("\n")
}

/// An attestation in the form in which it is signed.
fn write_attestation(attestation: Option<&Attestation>) -> Option<serde_json::Value> {
    serde_json::to_value(paper::Attestation::from(attestation?)).ok()
}

fn read_attestation(
    stored: Option<serde_json::Value>,
    applicant: &Applicant,
) -> Result<Option<Attestation>, Error> {
    let Some(stored) = stored else {
        return Ok(None);
    };
    let paper: paper::Attestation =
        serde_json::from_value(stored).map_err(|_| Error::Corrupt("attestation"))?;
    let attestation = paper.attestation(&applicant.iin);
    attestation.map(Some).ok_or(Error::Corrupt("attestation"))
}

/// How the length of a term is stored.
pub(super) fn write_months(term: &Term) -> Option<i16> {
    let months = term.months()?;
    Some(i16::try_from(months).unwrap_or(i16::MAX))
}

/// The last day follows from the first and the months; that it is stored as
/// well lets the database watch over overlaps, and here over itself.
pub(super) fn read_term(
    kind: &str,
    from: NaiveDate,
    until: Option<NaiveDate>,
    months: Option<i16>,
) -> Result<Term, Error> {
    let months = months.map(u32::try_from).transpose();
    let months = months.map_err(|_| Error::Corrupt("period"))?;
    match (word(kind, "kind")?, until, months) {
        (Kind::Permanent, None, None) => Ok(Term::Permanent(from)),
        (Kind::Temporary, Some(until), Some(months)) => match Period::new(from, months) {
            Ok(period) if period.until() == until => Ok(Term::Temporary(period)),
            Ok(_) | Err(_) => Err(Error::Corrupt("period")),
        },
        (Kind::Permanent | Kind::Temporary, _, _) => Err(Error::Corrupt("period")),
    }
}
