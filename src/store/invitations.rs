//! Invitations by owners. Of the code in a link only the digest is kept.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    AsChangeset, BoolExpressionMethods, ExpressionMethods, Insertable, OptionalExtension, QueryDsl,
    Queryable, Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::applications::{read_term, write_months};
use super::dwellings::{read_address, write_address};
use super::people::holder;
use super::schema::invitations;
use super::{Connection, Error, Mark, iin, word};
use crate::domain::{Actor, ApplicationId, Invitation, InvitationId, Office, Rka};
use crate::eds::{Bin, Digest, Iin};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = invitations)]
#[diesel(treat_none_as_null = true)]
struct Row {
    id: Uuid,
    owner_iin: Option<String>,
    owner_bin: Option<String>,
    author_iin: String,
    rka: String,
    address: serde_json::Value,
    resident_iin: String,
    kind: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    months: Option<i16>,
    stage: String,
    application_id: Option<Uuid>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
}

/// From which side somebody looks at invitations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// As one who is invited.
    Resident,
    /// As an owner who invites.
    Owner,
}

/// Writes an invitation under the digest of its code.
///
/// # Errors
/// [`Error::Statement`] when the database refuses.
pub async fn insert(
    connection: &mut Connection,
    invitation: &Invitation,
    code: &Digest,
) -> Result<(), Error> {
    let row = Row::from(invitation);
    diesel::insert_into(invitations::table)
        .values((row, invitations::code_sha256.eq(code.as_bytes().as_slice())))
        .execute(connection)
        .await?;
    Ok(())
}

/// The invitation, locked until the end of the transaction.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no invitation.
pub async fn lock(
    connection: &mut Connection,
    id: InvitationId,
) -> Result<Option<Invitation>, Error> {
    let row: Option<Row> = invitations::table
        .find(id.uuid())
        .select(Row::as_select())
        .for_update()
        .first(connection)
        .await
        .optional()?;
    row.map(Row::read).transpose()
}

/// The invitation with this code.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no invitation.
pub async fn with_code(
    connection: &mut Connection,
    code: &Digest,
) -> Result<Option<Invitation>, Error> {
    let row: Option<Row> = invitations::table
        .filter(invitations::code_sha256.eq(code.as_bytes().as_slice()))
        .select(Row::as_select())
        .first(connection)
        .await
        .optional()?;
    row.map(Row::read).transpose()
}

/// Saves what became of an invitation that was open.
///
/// # Errors
/// [`Error::Conflict`] when it was not open any more.
pub async fn save(connection: &mut Connection, invitation: &Invitation) -> Result<(), Error> {
    let open = invitations::table.filter(
        invitations::id
            .eq(invitation.id.uuid())
            .and(invitations::stage.eq("open")),
    );
    let changed = diesel::update(open)
        .set(Row::from(invitation))
        .execute(connection)
        .await?;
    (changed == 1).then_some(()).ok_or(Error::Conflict)
}

/// Invitations to an actor or by them, newest first: those older than `before`, at most
/// `limit` of them.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no invitation.
pub async fn list(
    connection: &mut Connection,
    (side, actor): (Side, &Actor),
    (before, limit): (Option<InvitationId>, i64),
) -> Result<Vec<Invitation>, Error> {
    let mut query = invitations::table
        .select(Row::as_select())
        .order(invitations::id.desc())
        .limit(limit)
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(invitations::id.lt(before.uuid()));
    }
    let query = match (side, actor) {
        (Side::Resident, Actor::Person(iin)) => {
            query.filter(invitations::resident_iin.eq(iin.as_str()))
        }
        (Side::Owner, Actor::Person(iin)) => query.filter(invitations::owner_iin.eq(iin.as_str())),
        (Side::Owner, Actor::Member(member)) if member.office == Office::Signs => {
            query.filter(invitations::owner_bin.eq(member.bin.as_str()))
        }
        (Side::Resident | Side::Owner, Actor::Member(_) | Actor::Clock | Actor::Register) => {
            return Ok(Vec::new());
        }
    };
    let rows: Vec<Row> = query.load(connection).await?;
    rows.into_iter().map(Row::read).collect()
}

/// Invitations that a person wrote, for themselves or an organisation, or that are to
/// them, oldest first.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no invitation.
pub async fn about(connection: &mut Connection, iin: &Iin) -> Result<Vec<Invitation>, Error> {
    let iin = iin.as_str();
    let (wrote, invited) = (
        invitations::author_iin.eq(iin),
        invitations::resident_iin.eq(iin),
    );
    let rows: Vec<Row> = invitations::table
        .filter(wrote.or(invited))
        .order(invitations::id)
        .select(Row::as_select())
        .load(connection)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

/// Open invitations whose time is over, the longest ago first, behind this one.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn overdue(
    connection: &mut Connection,
    now: DateTime<Utc>,
    behind: Option<Mark<DateTime<Utc>>>,
    limit: i64,
) -> Result<Vec<(Mark<DateTime<Utc>>, InvitationId)>, Error> {
    let (id, at) = (invitations::id, invitations::expires_at);
    let query = invitations::table
        .filter(invitations::stage.eq("open").and(at.lt(now)))
        .order((at, id))
        .limit(limit)
        .select((at, id))
        .into_boxed();
    let query = behind!(query, (at, id), behind);
    let rows = query.load(connection).await?;
    Ok(Mark::each(rows, InvitationId::new))
}

impl From<&Invitation> for Row {
    fn from(invitation: &Invitation) -> Self {
        let kind: &'static str = invitation.term.kind().into();
        let stage: &'static str = invitation.stage.into();
        let (person, organisation) = (invitation.by.person(), invitation.by.organisation());
        Self {
            id: invitation.id.uuid(),
            owner_iin: person.map(Iin::as_str).map(str::to_owned),
            owner_bin: organisation.map(Bin::as_str).map(str::to_owned),
            author_iin: invitation.author.as_str().to_owned(),
            rka: invitation.rka.as_str().to_owned(),
            address: write_address(&invitation.address),
            resident_iin: invitation.resident.as_str().to_owned(),
            kind: kind.to_owned(),
            starts_on: invitation.term.from(),
            ends_on: invitation.term.until(),
            months: write_months(&invitation.term),
            stage: stage.to_owned(),
            application_id: invitation.application.map(ApplicationId::uuid),
            created_at: invitation.created_at,
            expires_at: invitation.expires_at,
            ended_at: invitation.ended_at,
        }
    }
}

impl Row {
    fn read(self) -> Result<Invitation, Error> {
        Ok(Invitation {
            id: InvitationId::new(self.id),
            by: holder(self.owner_iin.as_deref(), self.owner_bin.as_deref())?,
            author: iin(&self.author_iin)?,
            rka: Rka::parse(&self.rka).map_err(|_| Error::Corrupt("rka"))?,
            address: read_address(self.address)?,
            resident: iin(&self.resident_iin)?,
            term: read_term(&self.kind, self.starts_on, self.ends_on, self.months)?,
            stage: word(&self.stage, "stage")?,
            application: self.application_id.map(ApplicationId::new),
            created_at: self.created_at,
            expires_at: self.expires_at,
            ended_at: self.ended_at,
        })
    }
}
