//! The newest revocation lists of each authority. A list gives way only to one
//! with a higher number, whoever is first.

use std::fmt;

use chrono::{DateTime, Utc};
use diesel::sql_types::{Binary, Nullable, Text, Timestamptz};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, Queryable, Selectable,
    SelectableHelper,
};
use diesel_async::RunQueryDsl;

use super::schema::revocation_lists as lists;
use super::{Connection, Error};
use crate::eds::{Digest, ListNumber};

/// Whose list, and which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The SHA-256 of the authority's certificate.
    pub authority: Digest,
    /// Complete or not.
    pub kind: Kind,
}

/// Which of an authority's two lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The complete one.
    Full,
    /// What is new since a complete one.
    Delta,
}

/// A list that is stored, without its octets.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Whose, and which.
    pub place: Place,
    /// Its number.
    pub number: ListNumber,
    /// When it was issued.
    pub this_update: DateTime<Utc>,
    /// The SHA-256 of its octets.
    pub sha256: Digest,
    /// Where it came from, and by what the server recognises it.
    pub origin: Origin,
    /// When the server last said that there is none newer.
    pub checked_at: DateTime<Utc>,
}

/// Where a list came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The address.
    pub url: String,
    /// The answer's ETag.
    pub etag: Option<String>,
    /// The answer's Last-Modified.
    pub last_modified: Option<String>,
}

/// A list that was fetched and verified.
#[derive(Clone, Debug)]
pub struct Fetched<'a> {
    /// Whose, and which.
    pub place: Place,
    /// Its number.
    pub number: ListNumber,
    /// When it was issued.
    pub this_update: DateTime<Utc>,
    /// When the next one is due.
    pub next_update: Option<DateTime<Utc>>,
    /// Its octets.
    pub der: &'a [u8],
    /// Their SHA-256.
    pub sha256: Digest,
    /// Where it came from.
    pub origin: Origin,
}

/// What became of a list that was to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is the newest.
    Stored,
    /// It was there already.
    Known,
    /// One with a higher number is there.
    Lower,
    /// Another one with the same number is there.
    SameNumber,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = lists)]
struct Row {
    authority_sha256: Vec<u8>,
    kind: String,
    number: Vec<u8>,
    this_update: DateTime<Utc>,
    sha256: Vec<u8>,
    url: String,
    etag: Option<String>,
    last_modified: Option<String>,
    checked_at: DateTime<Utc>,
}

/// All lists, without their octets.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no list.
pub async fn all(connection: &mut Connection) -> Result<Vec<Stored>, Error> {
    let rows: Vec<Row> = lists::table
        .order((lists::authority_sha256, lists::kind))
        .select(Row::as_select())
        .load(connection)
        .await?;
    rows.into_iter().map(Row::read).collect()
}

/// One list, without its octets.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no list.
pub async fn find(connection: &mut Connection, place: Place) -> Result<Option<Stored>, Error> {
    let row: Option<Row> = lists::table
        .filter(lists::authority_sha256.eq(place.authority.as_bytes().as_slice()))
        .filter(lists::kind.eq(place.kind.to_string()))
        .select(Row::as_select())
        .first(connection)
        .await
        .optional()?;
    row.map(Row::read).transpose()
}

/// The octets of a list, if it is still the one with this SHA-256.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn octets(
    connection: &mut Connection,
    place: Place,
    sha256: &Digest,
) -> Result<Option<Vec<u8>>, Error> {
    let same = lists::authority_sha256
        .eq(place.authority.as_bytes().as_slice())
        .and(lists::kind.eq(place.kind.to_string()))
        .and(lists::sha256.eq(sha256.as_bytes().as_slice()));
    let octets = lists::table.filter(same).select(lists::der);
    Ok(octets.first(connection).await.optional()?)
}

/// Stores a list that was fetched at `now`, unless its number is not higher than
/// that of the one that is there. One statement, so that of two processes the one
/// with the higher number wins.
///
/// # Errors
/// [`Error`] when the database fails.
pub async fn replace(
    connection: &mut Connection,
    list: &Fetched<'_>,
    now: DateTime<Utc>,
) -> Result<Outcome, Error> {
    let stored = diesel::sql_query(REPLACE)
        .bind::<Binary, _>(list.place.authority.as_bytes().as_slice())
        .bind::<Text, _>(list.place.kind.to_string())
        .bind::<Binary, _>(list.number.octets().as_slice())
        .bind::<Timestamptz, _>(list.this_update)
        .bind::<Nullable<Timestamptz>, _>(list.next_update)
        .bind::<Binary, _>(list.der)
        .bind::<Binary, _>(list.sha256.as_bytes().as_slice())
        .bind::<Text, _>(&list.origin.url)
        .bind::<Nullable<Text>, _>(&list.origin.etag)
        .bind::<Nullable<Text>, _>(&list.origin.last_modified)
        .bind::<Timestamptz, _>(now)
        .execute(connection)
        .await?;
    if stored == 1 {
        return Ok(Outcome::Stored);
    }
    Ok(match find(connection, list.place).await? {
        Some(there) if there.sha256 == list.sha256 => Outcome::Known,
        Some(there) if there.number == list.number => Outcome::SameNumber,
        Some(_) | None => Outcome::Lower,
    })
}

const REPLACE: &str = "
    INSERT INTO revocation_lists (authority_sha256, kind, number, this_update, next_update,
        der, sha256, url, etag, last_modified, fetched_at, checked_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
    ON CONFLICT (authority_sha256, kind) DO UPDATE
    SET number = excluded.number, this_update = excluded.this_update,
        next_update = excluded.next_update, der = excluded.der, sha256 = excluded.sha256,
        url = excluded.url, etag = excluded.etag, last_modified = excluded.last_modified,
        fetched_at = excluded.fetched_at, checked_at = excluded.checked_at
    WHERE revocation_lists.number < excluded.number";

/// Notes that at `now` the server had no newer list than the one with this SHA-256.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn checked(
    connection: &mut Connection,
    place: Place,
    sha256: &Digest,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let same = lists::table
        .filter(lists::authority_sha256.eq(place.authority.as_bytes().as_slice()))
        .filter(lists::kind.eq(place.kind.to_string()))
        .filter(lists::sha256.eq(sha256.as_bytes().as_slice()))
        .filter(lists::checked_at.lt(now));
    diesel::update(same)
        .set(lists::checked_at.eq(now))
        .execute(connection)
        .await?;
    Ok(())
}

impl Row {
    fn read(self) -> Result<Stored, Error> {
        let number: [u8; 20] = self
            .number
            .try_into()
            .map_err(|_| Error::Corrupt("list number"))?;
        Ok(Stored {
            place: Place {
                authority: digest(self.authority_sha256)?,
                kind: Kind::read(&self.kind)?,
            },
            number: number.into(),
            this_update: self.this_update,
            sha256: digest(self.sha256)?,
            origin: Origin {
                url: self.url,
                etag: self.etag,
                last_modified: self.last_modified,
            },
            checked_at: self.checked_at,
        })
    }
}

impl Kind {
    fn read(text: &str) -> Result<Self, Error> {
        match text {
            "full" => Ok(Self::Full),
            "delta" => Ok(Self::Delta),
            _ => Err(Error::Corrupt("kind of list")),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "full",
            Self::Delta => "delta",
        })
    }
}

fn digest(octets: Vec<u8>) -> Result<Digest, Error> {
    let octets: [u8; 32] = octets.try_into().map_err(|_| Error::Corrupt("digest"))?;
    Ok(octets.into())
}
