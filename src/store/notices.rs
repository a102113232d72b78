//! What people are told, and what they have read of it.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::sql_types::{Bool, Nullable};
use diesel::{
    BoolExpressionMethods, BoxableExpression, ExpressionMethods, Insertable,
    NullableExpressionMethods, QueryDsl, Queryable, Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::people::{Numbered, write_addressee};
use super::schema::notices;
use super::{Connection, Error, word};
use crate::domain::notice::{Facts, Notice, Topic};
use crate::domain::{Actor, ApplicationId, Event, InvitationId, Member, Office, RegistrationId};
use crate::eds::Iin;

/// A notice as it was kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its identifier.
    pub id: Uuid,
    /// Of what it tells.
    pub about: About,
    /// The registration that it is about, when it is about one.
    pub registration: Option<RegistrationId>,
    /// What is told.
    pub topic: Topic,
    /// What the text says beside it.
    pub facts: Facts,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// When it was first marked as read.
    pub read_at: Option<DateTime<Utc>>,
}

/// Of what a notice tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A step of an application.
    Application(ApplicationId),
    /// An invitation.
    Invitation(InvitationId),
}

/// Which notices of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All.
    All,
    /// Those that nobody has marked as read.
    Unread,
}

#[derive(Insertable)]
#[diesel(table_name = notices)]
struct New {
    id: Uuid,
    addressee: &'static str,
    person_iin: Option<String>,
    organisation_bin: Option<String>,
    application_id: Option<Uuid>,
    version: Option<i64>,
    invitation_id: Option<Uuid>,
    registration_id: Option<Uuid>,
    topic: &'static str,
    facts: serde_json::Value,
    created_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = notices)]
struct Row {
    id: Uuid,
    application_id: Option<Uuid>,
    invitation_id: Option<Uuid>,
    registration_id: Option<Uuid>,
    topic: String,
    facts: serde_json::Value,
    created_at: DateTime<Utc>,
    read_at: Option<DateTime<Utc>>,
}

type Condition<'a> = Box<dyn BoxableExpression<notices::table, Pg, SqlType = Nullable<Bool>> + 'a>;

/// Writes what a step tells, each notice under one of the names.
///
/// # Errors
/// [`Error::Statement`] when the database refuses.
pub async fn put(
    connection: &mut Connection,
    (application, event): (ApplicationId, &Event),
    told: &[Notice],
    names: &[Uuid],
) -> Result<(), Error> {
    let mut rows = Vec::with_capacity(told.len());
    for (id, notice) in names.iter().zip(told) {
        rows.push(New {
            application_id: Some(application.uuid()),
            version: Some(event.version),
            ..New::of(*id, notice, event.at)?
        });
    }
    diesel::insert_into(notices::table)
        .values(rows)
        .execute(connection)
        .await?;
    Ok(())
}

/// Writes what is told of an invitation, under this name.
///
/// # Errors
/// [`Error::Statement`] when the database refuses.
pub async fn put_of_invitation(
    connection: &mut Connection,
    invitation: InvitationId,
    notice: &Notice,
    (id, at): (Uuid, DateTime<Utc>),
) -> Result<(), Error> {
    let row = New {
        invitation_id: Some(invitation.uuid()),
        ..New::of(id, notice, at)?
    };
    diesel::insert_into(notices::table)
        .values(row)
        .execute(connection)
        .await?;
    Ok(())
}

/// An actor's notices, newest first: those older than `before`, at most `limit`.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no notice.
pub async fn list(
    connection: &mut Connection,
    (actor, which): (&Actor, Which),
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Kept>, Error> {
    let Some(to) = to(actor) else {
        return Ok(Vec::new());
    };
    let mut query = notices::table
        .filter(to)
        .select(Row::as_select())
        .order(notices::id.desc())
        .limit(limit)
        .into_boxed();
    if which == Which::Unread {
        query = query.filter(notices::read_at.is_null());
    }
    if let Some(before) = before {
        query = query.filter(notices::id.lt(before));
    }
    let rows: Vec<Row> = query.load(connection).await?;
    rows.into_iter().map(Row::read).collect()
}

/// All notices to a person, oldest first.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no notice.
pub async fn of_person(connection: &mut Connection, person: &Iin) -> Result<Vec<Kept>, Error> {
    let actor = Actor::Person(person.clone());
    let mut all = list(connection, (&actor, Which::All), None, i64::MAX).await?;
    all.reverse();
    Ok(all)
}

/// How many notices the actor has not read.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn unread(connection: &mut Connection, actor: &Actor) -> Result<i64, Error> {
    let Some(to) = to(actor) else {
        return Ok(0);
    };
    Ok(notices::table
        .filter(to)
        .filter(notices::read_at.is_null())
        .count()
        .get_result(connection)
        .await?)
}

/// Marks a notice of the actor's as read, if it was not; whether there is one.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn mark(
    connection: &mut Connection,
    actor: &Actor,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let Some(own) = to(actor) else {
        return Ok(false);
    };
    let first = diesel::update(notices::table)
        .filter(own)
        .filter(notices::id.eq(id).and(notices::read_at.is_null()))
        .set(notices::read_at.eq(now))
        .execute(connection)
        .await?;
    if first == 1 {
        return Ok(true);
    }
    let Some(own) = to(actor) else {
        return Ok(false);
    };
    let there: i64 = notices::table
        .filter(own)
        .filter(notices::id.eq(id))
        .count()
        .get_result(connection)
        .await?;
    Ok(there == 1)
}

/// Marks all notices of the actor's as read; how many were not.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn mark_all(
    connection: &mut Connection,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    let Some(to) = to(actor) else {
        return Ok(0);
    };
    Ok(diesel::update(notices::table)
        .filter(to)
        .filter(notices::read_at.is_null())
        .set(notices::read_at.eq(now))
        .execute(connection)
        .await?)
}

/// Which notices are to this actor; nobody writes to the service itself.
fn to(actor: &Actor) -> Option<Condition<'_>> {
    match actor {
        Actor::Person(iin) => Some(Box::new(
            notices::addressee
                .eq("person")
                .and(notices::person_iin.eq(iin.as_str()))
                .nullable(),
        )),
        Actor::Member(member) => Some(to_member(member)),
        Actor::Clock | Actor::Register => None,
    }
}

fn to_member(member: &Member) -> Condition<'_> {
    let iin = member.iin.as_str();
    let signs = match member.office {
        Office::Signs => "organisation",
        Office::Employed => "",
    };
    let operator = notices::addressee
        .eq("operator")
        .and(notices::person_iin.eq(iin));
    let colleague = notices::addressee
        .eq("colleague")
        .and(notices::person_iin.ne(iin));
    let own = notices::addressee.eq(signs).or(operator).or(colleague);
    Box::new(notices::organisation_bin.eq(member.bin.as_str()).and(own))
}

impl New {
    /// What does not say yet of what it tells.
    fn of(id: Uuid, notice: &Notice, at: DateTime<Utc>) -> Result<Self, Error> {
        let Numbered { word, iin, bin } = write_addressee(&notice.to);
        Ok(Self {
            id,
            addressee: word,
            person_iin: iin,
            organisation_bin: bin,
            application_id: None,
            version: None,
            invitation_id: None,
            registration_id: notice.registration.map(RegistrationId::uuid),
            topic: notice.topic.into(),
            facts: serde_json::to_value(&notice.facts).map_err(|_| Error::Corrupt("facts"))?,
            created_at: at,
        })
    }
}

impl Row {
    fn read(self) -> Result<Kept, Error> {
        let about = match (self.application_id, self.invitation_id) {
            (Some(id), None) => About::Application(ApplicationId::new(id)),
            (None, Some(id)) => About::Invitation(InvitationId::new(id)),
            (Some(_), Some(_)) | (None, None) => return Err(Error::Corrupt("notice")),
        };
        Ok(Kept {
            id: self.id,
            about,
            registration: self.registration_id.map(RegistrationId::new),
            topic: word(&self.topic, "topic")?,
            facts: serde_json::from_value(self.facts).map_err(|_| Error::Corrupt("facts"))?,
            created_at: self.created_at,
            read_at: self.read_at,
        })
    }
}
