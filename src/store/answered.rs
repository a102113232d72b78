//! What the state register said about registrations: each message once.

use chrono::{DateTime, Utc};
use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, Selectable,
    SelectableHelper,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::schema::state_register_answers as answers;
use super::{Connection, Error, word};
use crate::domain::RegistrationId;
use crate::domain::register::Outcome;
use crate::eds::Digest;

/// The rule that an identifier stands for one message.
pub const ONE_MESSAGE: &str = "state_register_answers_pkey";

/// What the register said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The identifier of the message.
    pub message: String,
    /// The digest of its body.
    pub sha256: Digest,
    /// The registration that it is about.
    pub registration: RegistrationId,
    /// Whether the register took it.
    pub outcome: Outcome,
    /// Why, where the register says so.
    pub reason: Option<String>,
    /// Whether the registration was annulled by it.
    pub annulled: bool,
    /// When the message came.
    pub received_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = answers)]
struct Row {
    webhook_id: String,
    message_sha256: Vec<u8>,
    registration_id: Uuid,
    outcome: String,
    reason: Option<String>,
    annulled: bool,
    received_at: DateTime<Utc>,
}

/// Writes what was said.
///
/// # Errors
/// [`Error::Statement`]; it [`breaks`](Error::breaks) [`ONE_MESSAGE`] when a message
/// with this identifier was taken before.
pub async fn insert(connection: &mut Connection, answered: &Answered) -> Result<(), Error> {
    diesel::insert_into(answers::table)
        .values(Row::from(answered))
        .execute(connection)
        .await?;
    Ok(())
}

/// What was said in the message with this identifier.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no answer.
pub async fn find(connection: &mut Connection, message: &str) -> Result<Option<Answered>, Error> {
    let row: Option<Row> = answers::table
        .find(message)
        .select(Row::as_select())
        .first(connection)
        .await
        .optional()?;
    row.map(Row::read).transpose()
}

/// What was said last about a registration.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no answer.
pub async fn last(
    connection: &mut Connection,
    registration: RegistrationId,
) -> Result<Option<Answered>, Error> {
    let row: Option<Row> = answers::table
        .filter(answers::registration_id.eq(registration.uuid()))
        .order((answers::received_at.desc(), answers::webhook_id.desc()))
        .select(Row::as_select())
        .first(connection)
        .await
        .optional()?;
    row.map(Row::read).transpose()
}

impl From<&Answered> for Row {
    fn from(answered: &Answered) -> Self {
        let outcome: &'static str = answered.outcome.into();
        Self {
            webhook_id: answered.message.clone(),
            message_sha256: answered.sha256.as_bytes().to_vec(),
            registration_id: answered.registration.uuid(),
            outcome: outcome.to_owned(),
            reason: answered.reason.clone(),
            annulled: answered.annulled,
            received_at: answered.received_at,
        }
    }
}

impl Row {
    fn read(self) -> Result<Answered, Error> {
        let sha256 = <[u8; 32]>::try_from(self.message_sha256);
        Ok(Answered {
            message: self.webhook_id,
            sha256: Digest::from(sha256.map_err(|_| Error::Corrupt("message digest"))?),
            registration: RegistrationId::new(self.registration_id),
            outcome: word(&self.outcome, "outcome")?,
            reason: self.reason,
            annulled: self.annulled,
            received_at: self.received_at,
        })
    }
}
