//! Our database: rows in, domain types out.
//!
//! Every function takes a connection, so that the caller decides what belongs
//! to one transaction. Nothing here decides anything: a step is saved only over
//! the version it was decided on, and a row that breaks a rule of the domain is
//! [`Error::Corrupt`], never a guess.

/// The rows of a boxed query behind a [`Mark`], if there is one, in the order of
/// `$at` and then of `$name`.
macro_rules! behind {
    ($query:expr, ($at:expr, $name:expr), $mark:expr) => {
        match $mark {
            Some(Mark { at, name }) => $query.filter($at.gt(at).or($at.eq(at).and($name.gt(name)))),
            None => $query,
        }
    };
}

pub mod answered;
pub mod answers;
pub mod applications;
pub mod attachments;
mod attested;
pub mod audit;
pub mod backlog;
pub mod challenges;
pub mod clock;
pub mod connect;
pub mod consents;
pub mod deliveries;
pub mod documents;
pub mod dwellings;
pub mod invitations;
pub mod journal;
pub mod lists;
pub mod migrate;
pub mod mobile_signings;
pub mod notices;
pub mod outbox;
pub mod packages;
mod people;
pub mod received;
pub mod refusals;
pub mod registers;
pub mod registrations;
pub mod reports;
mod schema;
pub mod sessions;
pub mod signatures;
pub mod verification_codes;
mod words;

use diesel::result::DatabaseErrorKind;
pub use diesel_async::AsyncPgConnection as Connection;
use uuid::Uuid;

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No connection could be had.
    #[error("the database cannot be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A statement failed.
    #[error("the database refused a statement")]
    Statement(#[source] diesel::result::Error),
    /// A stored value breaks a rule of the domain.
    #[error("a stored {0} breaks a rule of the domain")]
    Corrupt(&'static str),
    /// Somebody else changed the application in between.
    #[error("the application was changed in between")]
    Conflict,
    /// The migrations could not be applied.
    #[error("the schema cannot be brought up to date")]
    Migration(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::Statement(error)
    }
}

impl Error {
    /// Whether a rule with this name (a `UNIQUE` or `EXCLUDE` constraint) was broken.
    pub fn breaks(&self, constraint: &str) -> bool {
        match self {
            Self::Statement(diesel::result::Error::DatabaseError(_, about)) => {
                about.constraint_name() == Some(constraint)
            }
            Self::Unreachable(_)
            | Self::Statement(_)
            | Self::Corrupt(_)
            | Self::Conflict
            | Self::Migration(_) => false,
        }
    }

    /// Whether the database could not be reached, or the connection broke.
    pub fn is_unreachable(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Statement(error) => is_broken_connection(error),
            Self::Corrupt(_) | Self::Conflict | Self::Migration(_) => false,
        }
    }

    /// What kind of fault it is, without any stored value in it.
    pub fn kind(&self) -> String {
        match self {
            Self::Statement(diesel::result::Error::DatabaseError(kind, about)) => format!(
                "{kind:?}, constraint {}",
                about.constraint_name().unwrap_or("none")
            ),
            Self::Unreachable(_)
            | Self::Statement(_)
            | Self::Corrupt(_)
            | Self::Conflict
            | Self::Migration(_) => self.to_string(),
        }
    }

    /// Whether the same transaction may succeed when it is tried again.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Conflict => true,
            Self::Statement(diesel::result::Error::DatabaseError(kind, about)) => {
                matches!(kind, DatabaseErrorKind::SerializationFailure)
                    || about.message().contains("deadlock detected")
            }
            Self::Unreachable(_) | Self::Statement(_) | Self::Corrupt(_) | Self::Migration(_) => {
                false
            }
        }
    }
}

/// A row in an order by time, the names telling apart those of one time: a run
/// through many rows goes on behind it, page by page, and meets no row twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark<M> {
    /// By what the rows are in order.
    pub at: M,
    /// The name of the row.
    pub name: Uuid,
}

impl<M> Mark<M> {
    /// Rows under their names, each with its place in the order.
    fn each<T>(rows: Vec<(M, Uuid)>, named: impl Fn(Uuid) -> T) -> Vec<(Self, T)> {
        let row = |(at, name)| (Self { at, name }, named(name));
        rows.into_iter().map(row).collect()
    }
}

/// Whether the database answers.
pub async fn answers_at_all(connection: &mut Connection) -> bool {
    use diesel_async::RunQueryDsl;
    diesel::sql_query("SELECT 1")
        .execute(connection)
        .await
        .is_ok()
}

/// The version of the database server.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn version(connection: &mut Connection) -> Result<String, Error> {
    use diesel_async::RunQueryDsl;
    #[derive(diesel::QueryableByName)]
    struct Server {
        #[diesel(sql_type = diesel::sql_types::Text)]
        version: String,
    }
    let query = diesel::sql_query("SELECT current_setting('server_version') AS version");
    let server: Server = query.get_result(connection).await?;
    Ok(server.version)
}

fn is_broken_connection(error: &diesel::result::Error) -> bool {
    use diesel::result::Error as Cause;
    matches!(
        error,
        Cause::BrokenTransactionManager
            | Cause::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                _
            )
    )
}

/// Reads a stored word as the value it names.
fn word<T: std::str::FromStr>(text: &str, column: &'static str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::Corrupt(column))
}

/// Reads a stored individual identification number.
fn iin(text: &str) -> Result<crate::eds::Iin, Error> {
    crate::eds::Iin::parse(text).map_err(|_| Error::Corrupt("iin"))
}

/// Reads a stored business identification number.
fn bin(text: &str) -> Result<crate::eds::Bin, Error> {
    crate::eds::Bin::parse(text).map_err(|_| Error::Corrupt("bin"))
}
