//! Applications with which the service has to do something by itself, in an order in
//! which it gets past those that fail.

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::{BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;

use crate::domain::{ApplicationId, LAST_LOOK};
use crate::store::schema::{applications, registrations};
use crate::store::{Connection, Error, Mark, received};

/// The first of these applications in the order of `$at` and then of their names, each
/// with its place in it.
macro_rules! due {
    ($connection:expr, $query:expr, ($at:expr, $id:expr), $limit:expr) => {{
        let query = $query.order(($at, $id)).limit($limit).select(($at, $id));
        let rows = query.load($connection).await?;
        Ok(Mark::each(rows, ApplicationId::new))
    }};
}

/// Open applications whose deadline has passed, the longest overdue first, behind
/// this one. It waits for signatures that came in time.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn overdue(
    connection: &mut Connection,
    now: DateTime<Utc>,
    behind: Option<Mark<DateTime<Utc>>>,
    limit: i64,
) -> Result<Due, Error> {
    let (id, at) = (applications::id, applications::deadline);
    let open = ["draft", "pending_evidence", "awaiting_consent", "consented"];
    let open = applications::state.eq_any(open);
    let query = applications::table
        .filter(open.and(at.lt(now)))
        .filter(id.ne_all(received::undecided(now - LAST_LOOK)))
        .into_boxed();
    due!(
        connection,
        behind!(query, (at, id), behind),
        (at, id),
        limit
    )
}

/// Applications that everybody has agreed to and that are not registered yet, the
/// longest waiting first, behind this one.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn agreed(
    connection: &mut Connection,
    behind: Option<Mark<DateTime<Utc>>>,
    limit: i64,
) -> Result<Due, Error> {
    let (id, at) = (applications::id, applications::changed_at);
    let query = applications::table
        .filter(applications::state.eq("consented"))
        .into_boxed();
    due!(
        connection,
        behind!(query, (at, id), behind),
        (at, id),
        limit
    )
}

/// Applications whose parties are asked, or have agreed, to continue a registration that
/// ended before its last day, the longest waiting first, behind this one: where it ended
/// `since` then, if that is said.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn extending_nothing(
    connection: &mut Connection,
    since: Option<DateTime<Utc>>,
    behind: Option<Mark<DateTime<Utc>>>,
    limit: i64,
) -> Result<Due, Error> {
    let (id, at) = (applications::id, applications::changed_at);
    let asked = ["awaiting_consent", "consented"];
    let over = registrations::table
        .filter(registrations::id.nullable().eq(applications::extends))
        .filter(registrations::ending.ne("expired"))
        .filter(registrations::ended_at.ge(since.unwrap_or_default()));
    let query = applications::table
        .filter(applications::state.eq_any(asked))
        .filter(applications::extends.is_not_null())
        .filter(exists(over))
        .into_boxed();
    due!(
        connection,
        behind!(query, (at, id), behind),
        (at, id),
        limit
    )
}

/// Applications whose people are to be reminded, the longest due first, behind this
/// one.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn to_remind(
    connection: &mut Connection,
    now: DateTime<Utc>,
    behind: Option<Mark<DateTime<Utc>>>,
    limit: i64,
) -> Result<Due, Error> {
    let (id, at) = (applications::id, applications::remind_at.assume_not_null());
    let query = applications::table
        .filter(applications::remind_at.le(now))
        .into_boxed();
    due!(
        connection,
        behind!(query, (at, id), behind),
        (at, id),
        limit
    )
}

/// Sets when the people of an application are next reminded. It is no step: the
/// version stays.
///
/// # Errors
/// [`Error::Statement`] when the database refuses.
pub async fn remind_at(
    connection: &mut Connection,
    id: ApplicationId,
    next: Option<DateTime<Utc>>,
) -> Result<(), Error> {
    diesel::update(applications::table.find(id.uuid()))
        .set(applications::remind_at.eq(next))
        .execute(connection)
        .await?;
    Ok(())
}

/// Applications, and where each stands in the order.
type Due = Vec<(Mark<DateTime<Utc>>, ApplicationId)>;
