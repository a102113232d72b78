//! Answers that tell of a wrong: the person is unknown, or the dwelling is
//! another's.

use chrono::{DateTime, Utc};
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::people::read_party;
use super::schema::consents;
use super::{Connection, Error, word};
use crate::domain::{ApplicationId, ConsentId, DeclineReason, Party};

/// An answer after which somebody has to look.
#[derive(Clone, Debug)]
pub struct Report {
    /// The consent that was asked for.
    pub consent: ConsentId,
    /// In which application.
    pub application: ApplicationId,
    /// Who answered.
    pub party: Party,
    /// What was answered.
    pub reason: DeclineReason,
    /// When.
    pub at: DateTime<Utc>,
}

type Row = (
    Uuid,
    Uuid,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<DateTime<Utc>>,
);

/// Reported answers, those first that were asked for last.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no answer.
pub async fn list(
    connection: &mut Connection,
    reason: Option<DeclineReason>,
    before: Option<ConsentId>,
    limit: i64,
) -> Result<Vec<Report>, Error> {
    // The words stand in the statement as in the index, which would not be used
    // for parameters.
    let unknown = consents::decline_reason.eq(diesel::dsl::sql("'unknown_person'"));
    let other = consents::decline_reason.eq(diesel::dsl::sql("'not_my_dwelling'"));
    let mut query = consents::table
        .filter(unknown.or(other))
        .order(consents::id.desc())
        .limit(limit)
        .select((
            consents::id,
            consents::application_id,
            consents::party,
            consents::party_iin,
            consents::party_bin,
            consents::decline_reason,
            consents::answered_at,
        ))
        .into_boxed();
    if let Some(reason) = reason {
        query = query.filter(consents::decline_reason.eq::<&'static str>(reason.into()));
    }
    if let Some(before) = before {
        query = query.filter(consents::id.lt(before.uuid()));
    }
    let rows: Vec<Row> = query.load(connection).await?;
    rows.into_iter().map(read).collect()
}

fn read((id, application, party, person, organisation, reason, at): Row) -> Result<Report, Error> {
    let reason = reason.ok_or(Error::Corrupt("decline reason"))?;
    Ok(Report {
        consent: ConsentId::new(id),
        application: ApplicationId::new(application),
        party: read_party(&party, person.as_deref(), organisation.as_deref())?,
        reason: word(&reason, "decline reason")?,
        at: at.ok_or(Error::Corrupt("answer"))?,
    })
}
