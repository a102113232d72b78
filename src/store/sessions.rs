//! Who has signed in. Only the digest of a token is kept.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable,
    Selectable, SelectableHelper, sql_types,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::sessions;
use super::{Connection, Error, bin, iin, word};
use crate::domain::{Actor, Member, Office};
use crate::eds::{Bin, Digest, Iin};

/// A person who has signed in.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its identifier.
    pub id: Uuid,
    /// Who.
    pub iin: Iin,
    /// The name in the certificate.
    pub name: String,
    /// The organisation whose certificate it was, and what the person may do for it.
    pub organisation: Option<(Bin, Office)>,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub seen_at: DateTime<Utc>,
    /// Until when at most.
    pub expires_at: DateTime<Utc>,
}

impl Session {
    /// As whom the person acts.
    pub fn actor(&self) -> Actor {
        let iin = self.iin.clone();
        match &self.organisation {
            None => Actor::Person(iin),
            Some((bin, office)) => Actor::Member(Member {
                iin,
                bin: bin.clone(),
                office: *office,
            }),
        }
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
struct Row {
    id: Uuid,
    iin: String,
    name: String,
    bin: Option<String>,
    office: Option<String>,
    created_at: DateTime<Utc>,
    seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

/// Writes a session under the digest of its token.
///
/// # Errors
/// [`Error::Statement`] when the database refuses.
pub async fn insert(
    connection: &mut Connection,
    session: &Session,
    token: &Digest,
) -> Result<(), Error> {
    let organisation = session.organisation.as_ref();
    let office = organisation.map(|(_, office)| <&'static str>::from(*office));
    let row = Row {
        id: session.id,
        iin: session.iin.as_str().to_owned(),
        name: session.name.clone(),
        bin: organisation.map(|(bin, _)| bin.as_str().to_owned()),
        office: office.map(str::to_owned),
        created_at: session.created_at,
        seen_at: session.seen_at,
        expires_at: session.expires_at,
    };
    diesel::insert_into(sessions::table)
        .values((row, sessions::token_sha256.eq(token.as_bytes().as_slice())))
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether a session holds now and was used since then.
#[diesel::dsl::auto_type]
fn holds(now: DateTime<Utc>, since: DateTime<Utc>) -> _ {
    sessions::ended_at
        .is_null()
        .and(sessions::expires_at.gt(now))
        .and(sessions::seen_at.gt(since))
}

/// The session with this token, if it holds now and was used within `idle`.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no session.
pub async fn find(
    connection: &mut Connection,
    token: &Digest,
    idle: TimeDelta,
    now: DateTime<Utc>,
) -> Result<Option<Session>, Error> {
    let row: Option<Row> = sessions::table
        .filter(
            sessions::token_sha256
                .eq(token.as_bytes().as_slice())
                .and(holds(now, now - idle)),
        )
        .select(Row::as_select())
        .first(connection)
        .await
        .optional()?;
    row.map(Row::read).transpose()
}

/// The sessions of a person that hold now and were used within `idle`, the one that
/// was used last first.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no session.
pub async fn open(
    connection: &mut Connection,
    person: &Iin,
    idle: TimeDelta,
    now: DateTime<Utc>,
) -> Result<Vec<Session>, Error> {
    let rows: Vec<Row> = sessions::table
        .filter(
            sessions::iin
                .eq(person.as_str())
                .and(holds(now, now - idle)),
        )
        .order((sessions::seen_at.desc(), sessions::id.desc()))
        .select(Row::as_select())
        .load(connection)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

/// A session of a person, over or not.
#[derive(Clone, Debug)]
pub struct Past {
    /// The session.
    pub session: Session,
    /// When the person signed out, if they did.
    pub ended_at: Option<DateTime<Utc>>,
}

/// All sessions of a person that are still kept, oldest first.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no session.
pub async fn of(connection: &mut Connection, person: &Iin) -> Result<Vec<Past>, Error> {
    let rows: Vec<(Row, Option<DateTime<Utc>>)> = sessions::table
        .filter(sessions::iin.eq(person.as_str()))
        .order(sessions::id)
        .select((Row::as_select(), sessions::ended_at))
        .load(connection)
        .await?;
    let rows = rows.into_iter();
    rows.map(|(row, ended_at)| {
        let session = row.read()?;
        Ok(Past { session, ended_at })
    })
    .collect()
}

/// Notes that the session was used.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn touch(
    connection: &mut Connection,
    session: Uuid,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::update(sessions::table.find(session))
        .set(sessions::seen_at.eq(now))
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn end(
    connection: &mut Connection,
    session: Uuid,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::update(sessions::table.find(session))
        .set(sessions::ended_at.eq(now))
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends a session of this person, unless it has ended; `false` when they have none
/// with this identifier.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn end_own(
    connection: &mut Connection,
    person: &Iin,
    session: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let own = "UPDATE sessions SET ended_at = coalesce(ended_at, $3) WHERE id = $1 AND iin = $2";
    let changed = diesel::sql_query(own)
        .bind::<sql_types::Uuid, _>(session)
        .bind::<sql_types::Text, _>(person.as_str())
        .bind::<sql_types::Timestamptz, _>(now)
        .execute(connection)
        .await?;
    Ok(changed == 1)
}

/// Ends the other sessions of a person that hold now and were used within `idle`,
/// and says how many.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn end_others(
    connection: &mut Connection,
    session: &Session,
    idle: TimeDelta,
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    let others = sessions::table.filter(
        sessions::iin
            .eq(session.iin.as_str())
            .and(sessions::id.ne(session.id))
            .and(holds(now, now - idle)),
    );
    Ok(diesel::update(others)
        .set(sessions::ended_at.eq(now))
        .execute(connection)
        .await?)
}

/// Ends every session of a person that has not ended, and says how many.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn end_all(
    connection: &mut Connection,
    person: &Iin,
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    let all = sessions::table.filter(
        sessions::iin
            .eq(person.as_str())
            .and(sessions::ended_at.is_null())
            .and(sessions::expires_at.gt(now)),
    );
    Ok(diesel::update(all)
        .set(sessions::ended_at.eq(now))
        .execute(connection)
        .await?)
}

/// Forgets sessions that expired before `before`.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn forget(connection: &mut Connection, before: DateTime<Utc>) -> Result<usize, Error> {
    let expired = sessions::table.filter(sessions::expires_at.lt(before));
    Ok(diesel::delete(expired).execute(connection).await?)
}

impl Row {
    fn read(self) -> Result<Session, Error> {
        let organisation = match (self.bin, self.office) {
            (None, None) => None,
            (Some(of), Some(office)) => Some((bin(&of)?, word(&office, "office")?)),
            (Some(_), None) | (None, Some(_)) => return Err(Error::Corrupt("office")),
        };
        Ok(Session {
            id: self.id,
            iin: iin(&self.iin)?,
            name: self.name,
            organisation,
            created_at: self.created_at,
            seen_at: self.seen_at,
            expires_at: self.expires_at,
        })
    }
}
