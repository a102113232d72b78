//! Lists of applications: one's own, those put to one, those one lodged.

use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, SelectableHelper};
use diesel_async::RunQueryDsl;

use super::{Row, all};
use crate::domain::{Actor, Application, ApplicationId, Office, State};
use crate::store::schema::{applications, consents, residents};
use crate::store::{Connection, Error};

/// What a list of applications holds.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// Whose list it is.
    pub actor: &'a Actor,
    /// As whom the person looks.
    pub role: Role,
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those older than this one.
    pub before: Option<ApplicationId>,
    /// At most so many.
    pub limit: i64,
}

/// As whom a person looks at applications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// As one who asks to be registered, or for whom it is asked.
    Resident,
    /// As one who is asked.
    Owner,
}

/// An actor's applications, newest first. Who is asked sees those that the
/// applicant has signed.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no application.
pub async fn list(
    connection: &mut Connection,
    wanted: &Wanted<'_>,
) -> Result<Vec<Application>, Error> {
    let mut query = applications::table
        .select(Row::as_select())
        .order(applications::id.desc())
        .limit(wanted.limit)
        .into_boxed();
    if let Some(state) = wanted.state {
        query = query.filter(applications::state.eq::<&'static str>(state.into()));
    }
    if let Some(before) = wanted.before {
        query = query.filter(applications::id.lt(before.uuid()));
    }
    query = match (wanted.role, wanted.actor) {
        (Role::Resident, Actor::Person(iin)) => {
            let moves_in = residents::table
                .filter(residents::iin.eq(iin.as_str()))
                .select(residents::application_id);
            let own = applications::applicant_iin
                .eq(iin.as_str())
                .and(applications::capacity.eq("oneself"));
            let joined = applications::asked_at
                .is_not_null()
                .and(applications::id.eq_any(moves_in));
            query.filter(own.or(joined))
        }
        (Role::Resident, Actor::Member(member)) => {
            let bin = applications::applicant_bin.eq(member.bin.as_str());
            let own = applications::applicant_iin.eq(member.iin.as_str());
            let signs = applications::capacity.eq("administration");
            match member.office {
                Office::Signs => query.filter(bin.and(own.or(signs))),
                Office::Employed => query.filter(bin.and(own)),
            }
        }
        (Role::Owner, Actor::Person(iin)) => {
            let iin = iin.as_str();
            let asked = consents::table.filter(
                consents::removal
                    .is_null()
                    .and(consents::round.eq(applications::round))
                    .and(consents::application_id.eq(applications::id))
                    .and(
                        consents::party_iin
                            .eq(iin)
                            .and(consents::party.ne("colleague"))
                            .or(consents::delegate_iin.eq(iin)),
                    ),
            );
            query
                .filter(diesel::dsl::exists(asked))
                .filter(applications::asked_at.is_not_null())
        }
        (Role::Owner, Actor::Member(member)) => {
            let colleague = consents::party
                .eq("colleague")
                .and(consents::party_iin.ne(member.iin.as_str()));
            let signs = match member.office {
                Office::Signs => "owner",
                Office::Employed => "",
            };
            let asked = consents::table.filter(
                consents::removal
                    .is_null()
                    .and(consents::round.eq(applications::round))
                    .and(consents::application_id.eq(applications::id))
                    .and(consents::party_bin.eq(member.bin.as_str()))
                    .and(colleague.or(consents::party.eq(signs))),
            );
            query
                .filter(diesel::dsl::exists(asked))
                .filter(applications::asked_at.is_not_null())
        }
        (Role::Resident | Role::Owner, Actor::Clock | Actor::Register) => return Ok(Vec::new()),
    };
    let rows: Vec<Row> = query.load(connection).await?;
    all(connection, rows).await
}
