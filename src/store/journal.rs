//! What happened to each application: one row a step, only ever added.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods, Insertable, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::people::{read_actor, write_actor};
use super::schema::events;
use super::{Connection, Error, word};
use crate::domain::{ApplicationId, Event, RegistrationId};
use crate::eds::Iin;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = events)]
struct Row {
    application_id: Uuid,
    version: i64,
    kind: String,
    state: String,
    actor: String,
    actor_iin: Option<String>,
    actor_bin: Option<String>,
    registration_id: Option<Uuid>,
    at: DateTime<Utc>,
}

/// Adds an event.
///
/// # Errors
/// [`Error::Statement`] when the application has an event of this version.
pub async fn append(
    connection: &mut Connection,
    application: ApplicationId,
    event: &Event,
) -> Result<(), Error> {
    diesel::insert_into(events::table)
        .values(Row::new(application, event))
        .execute(connection)
        .await?;
    Ok(())
}

/// The history of an application, from its draft on.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no event.
pub async fn of(
    connection: &mut Connection,
    application: ApplicationId,
) -> Result<Vec<Event>, Error> {
    let rows: Vec<Row> = events::table
        .filter(events::application_id.eq(application.uuid()))
        .order(events::version)
        .select(Row::as_select())
        .load(connection)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

/// What a person did, oldest first.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no event.
pub async fn by(
    connection: &mut Connection,
    person: &Iin,
) -> Result<Vec<(ApplicationId, Event)>, Error> {
    let rows: Vec<Row> = events::table
        .filter(events::actor_iin.eq(person.as_str()))
        .order((events::at, events::application_id, events::version))
        .select(Row::as_select())
        .load(connection)
        .await?;
    rows.into_iter()
        .map(|row| Ok((ApplicationId::new(row.application_id), row.read()?)))
        .collect()
}

impl Row {
    fn new(application: ApplicationId, event: &Event) -> Self {
        let kind: &'static str = event.kind.into();
        let state: &'static str = event.state.into();
        let actor = write_actor(&event.actor);
        Self {
            application_id: application.uuid(),
            version: event.version,
            kind: kind.to_owned(),
            state: state.to_owned(),
            actor: actor.word.to_owned(),
            actor_iin: actor.iin,
            actor_bin: actor.bin,
            registration_id: event.registration.map(RegistrationId::uuid),
            at: event.at,
        }
    }

    fn read(self) -> Result<Event, Error> {
        let (person, organisation) = (self.actor_iin.as_deref(), self.actor_bin.as_deref());
        Ok(Event {
            version: self.version,
            kind: word(&self.kind, "event kind")?,
            state: word(&self.state, "state")?,
            actor: read_actor(&self.actor, person, organisation)?,
            registration: self.registration_id.map(RegistrationId::new),
            at: self.at,
        })
    }
}
