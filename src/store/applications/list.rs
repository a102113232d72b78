//! Lists of applications: one's own, those put to one, those one lodged.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::dsl::{auto_type, count_star, exists};
use diesel::pg::Pg;
use diesel::sql_types::{Bool, Nullable};
use diesel::{
    BoolExpressionMethods, BoxableExpression, CombineDsl, ExpressionMethods, JoinOnDsl,
    NullableExpressionMethods, PgJsonbExpressionMethods, QueryDsl, SelectableHelper,
    TextExpressionMethods, alias,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{Row, all};
use crate::domain::{Actor, Application, ApplicationId, Kind, Member, Office, Rka, State};
use crate::eds::{Bin, Iin};
use crate::store::schema::{applications, consents, registrations, residents};
use crate::store::words::patterns;
use crate::store::{Connection, Error, attested, word};

/// What a list of applications holds.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// Whose list it is.
    pub actor: &'a Actor,
    /// As whom the person looks.
    pub role: Role,
    /// Only those of which all this is true.
    pub filter: &'a Filter,
    /// Only those older than this one.
    pub before: Option<ApplicationId>,
    /// At most so many.
    pub limit: i64,
}

/// What is looked for; nothing that is left out narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In this state.
    pub state: Option<State>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// At this address.
    pub rka: Option<Rka>,
    /// All these words in names of residents or in the address, in any language.
    pub text: Option<String>,
    /// For some day from this one on.
    pub from: Option<NaiveDate>,
    /// For some day up to this one.
    pub until: Option<NaiveDate>,
}

/// As whom a person looks at applications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// As one who asks to be registered, or for whom it is asked.
    Resident,
    /// As one who is asked.
    Owner,
    /// As one whose answer is still awaited: to the application, or to a demand to end
    /// what it led to.
    Asked,
    /// As one who lodges applications at a service centre.
    Operator,
}

/// A condition on applications.
type Condition<'a> =
    Box<dyn BoxableExpression<applications::table, Pg, SqlType = Nullable<Bool>> + 'a>;

/// An actor's applications, newest first. Who is asked, or is said to have agreed at a
/// service centre, sees those that the applicant has signed, and so does an operator of
/// those that colleagues lodged.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no application.
pub async fn list(
    connection: &mut Connection,
    wanted: &Wanted<'_>,
) -> Result<Vec<Application>, Error> {
    let mut rows = Vec::new();
    for scope in scopes(wanted.actor, wanted.role) {
        rows.extend(page(connection, wanted, scope).await?);
    }
    // No application is in two scopes.
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    rows.truncate(usize::try_from(wanted.limit).unwrap_or(usize::MAX));
    all(connection, rows).await
}

async fn page(
    connection: &mut Connection,
    wanted: &Wanted<'_>,
    scope: Condition<'_>,
) -> Result<Vec<Row>, Error> {
    let mut query = applications::table
        .filter(matching(scope, wanted.filter))
        .select(Row::as_select())
        .order(applications::id.desc())
        .limit(wanted.limit)
        .into_boxed();
    if let Some(state) = wanted.filter.state {
        query = query.filter(applications::state.eq::<&'static str>(state.into()));
    }
    if let Some(before) = wanted.before {
        query = query.filter(applications::id.lt(before.uuid()));
    }
    Ok(query.load(connection).await?)
}

/// How many applications the actor has in each state that there are any in, of those
/// that are looked for, whatever their state.
///
/// # Errors
/// [`Error`] when the database fails or holds a state that is none.
pub async fn counts(
    connection: &mut Connection,
    actor: &Actor,
    role: Role,
    filter: &Filter,
) -> Result<Vec<(State, i64)>, Error> {
    let mut counted = BTreeMap::new();
    for scope in scopes(actor, role) {
        let found: Vec<(String, i64)> = applications::table
            .filter(matching(scope, filter))
            .group_by(applications::state)
            .select((applications::state, count_star()))
            .load(connection)
            .await?;
        for (state, count) in found {
            *counted.entry(state).or_default() += count;
        }
    }
    let counted = counted.into_iter();
    counted
        .map(|(state, count): (String, i64)| Ok((word(&state, "state")?, count)))
        .collect()
}

/// All applications that a person finds in any list of their own, oldest first.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn about(connection: &mut Connection, iin: &Iin) -> Result<Vec<ApplicationId>, Error> {
    let own = applications::table
        .filter(of_resident(iin))
        .select(applications::id);
    let asked = applications::table
        .filter(put_to_person(iin))
        .select(applications::id);
    let agreed = applications::table
        .filter(attested_of_person(iin))
        .select(applications::id);
    let mut ids: Vec<Uuid> = own.union(asked).union(agreed).load(connection).await?;
    ids.sort_unstable();
    Ok(ids.into_iter().map(ApplicationId::new).collect())
}

/// Those of which everything is true that is looked for but the state.
fn matching<'a>(scope: Condition<'a>, filter: &'a Filter) -> Condition<'a> {
    let mut wanted = scope;
    if let Some(kind) = filter.kind {
        wanted = Box::new(wanted.and(applications::kind.eq::<&'static str>(kind.into())));
    }
    if let Some(rka) = &filter.rka {
        wanted = Box::new(wanted.and(applications::rka.eq(rka.as_str())));
    }
    if let Some(from) = filter.from {
        let last = applications::ends_on;
        wanted = Box::new(wanted.and(last.is_null().or(last.ge(from))));
    }
    if let Some(until) = filter.until {
        wanted = Box::new(wanted.and(applications::starts_on.le(until)));
    }
    for pattern in filter.text.iter().flat_map(|text| patterns(text)) {
        wanted = Box::new(wanted.and(applications::words.like(pattern)));
    }
    wanted
}

/// Which applications an actor may list in this role; none at all for some. Each is
/// looked up by an index of its own, and no application is in two of them: whoever is
/// attested to have agreed at a service centre is not asked as well.
fn scopes(actor: &Actor, role: Role) -> Vec<Condition<'_>> {
    match (role, actor) {
        (Role::Resident, Actor::Person(iin)) => vec![of_resident(iin)],
        (Role::Resident, Actor::Member(member)) => vec![of_administration(member)],
        (Role::Owner, Actor::Person(iin)) => vec![put_to_person(iin), attested_of_person(iin)],
        (Role::Owner, Actor::Member(member)) => match member.office {
            Office::Signs => vec![put_to_organisation(member), attested_of(&member.bin)],
            Office::Employed => vec![put_to_organisation(member)],
        },
        (Role::Asked, Actor::Person(iin)) => vec![awaiting_person(iin)],
        (Role::Asked, Actor::Member(member)) => vec![awaiting_organisation(member)],
        (Role::Operator, Actor::Member(member)) => vec![lodged_at_centre(member)],
        (Role::Operator, Actor::Person(_))
        | (
            Role::Resident | Role::Owner | Role::Asked | Role::Operator,
            Actor::Clock | Actor::Register,
        ) => Vec::new(),
    }
}

/// Two short lists put together, for one condition with an "or" in it would be
/// looked up in no index.
fn of_resident(iin: &Iin) -> Condition<'_> {
    let own = alias!(applications as own_applications);
    let applied = own
        .filter(own.field(applications::applicant_iin).eq(iin.as_str()))
        .filter(own.field(applications::capacity).eq("oneself"))
        .select(own.field(applications::id));
    let joined = residents::table
        .inner_join(own.on(own.field(applications::id).eq(residents::application_id)))
        .filter(residents::iin.eq(iin.as_str()))
        .filter(own.field(applications::asked_at).is_not_null())
        .select(residents::application_id);
    let both = applied.union(joined);
    Box::new(applications::id.eq_any(both).nullable())
}

fn of_administration(member: &Member) -> Condition<'_> {
    let bin = applications::applicant_bin.eq(member.bin.as_str());
    let own = applications::applicant_iin.eq(member.iin.as_str());
    let signs = applications::capacity.eq("administration");
    match member.office {
        Office::Signs => Box::new(bin.and(own.or(signs))),
        Office::Employed => Box::new(bin.and(own)),
    }
}

fn lodged_at_centre(member: &Member) -> Condition<'_> {
    let own = applications::applicant_iin.eq(member.iin.as_str());
    let signed = applications::asked_at.is_not_null();
    Box::new(
        applications::applicant_bin
            .eq(member.bin.as_str())
            .and(applications::capacity.eq("operator"))
            .and(own.or(signed)),
    )
}

/// Those that were signed and put to somebody in their present round.
macro_rules! put_to {
    ($whose:expr) => {{
        let asked = consents::table.filter(
            consents::removal
                .is_null()
                .and(consents::round.eq(applications::round))
                .and(consents::application_id.eq(applications::id))
                .and($whose),
        );
        let signed = applications::asked_at.is_not_null();
        Box::new(exists(asked).and(signed).nullable())
    }};
}

/// Those in which somebody has not answered yet to what is asked now.
macro_rules! awaiting {
    ($whose:expr) => {{
        let own = alias!(applications as asked_applications);
        let present = own
            .field(applications::state)
            .eq("awaiting_consent")
            .and(own.field(applications::round).eq(consents::round));
        let demanded = registrations::table.filter(
            registrations::application_id
                .eq(consents::application_id)
                .and(registrations::removal.eq(consents::removal)),
        );
        let asked = consents::table
            .inner_join(own.on(own.field(applications::id).eq(consents::application_id)))
            .filter(consents::answer.eq("awaited"))
            .filter($whose)
            .filter(
                { consents::removal.is_null() }
                    .and(present)
                    .or(exists(demanded)),
            )
            .select(consents::application_id);
        Box::new(applications::id.eq_any(asked).nullable())
    }};
}

#[auto_type(no_type_alias)]
fn asked_of_person<'a>(iin: &'a str) -> _ {
    let own = consents::party_iin
        .eq(iin)
        .and(consents::party.ne("colleague"));
    own.or(consents::delegate_iin.eq(iin))
}

/// Of an organisation: as a second operator, and as an owner where one signs for it.
#[auto_type(no_type_alias)]
fn asked_of_organisation<'a>(bin: &'a str, iin: &'a str, owner: &'a str) -> _ {
    let colleague = consents::party
        .eq("colleague")
        .and(consents::party_iin.ne(iin));
    consents::party_bin
        .eq(bin)
        .and(colleague.or(consents::party.eq(owner)))
}

/// As what a member acts for the organisation; nothing is asked of whoever only works
/// there.
fn as_owner(member: &Member) -> &'static str {
    match member.office {
        Office::Signs => "owner",
        Office::Employed => "",
    }
}

fn put_to_person(iin: &Iin) -> Condition<'_> {
    put_to!(asked_of_person(iin.as_str()))
}

fn put_to_organisation(member: &Member) -> Condition<'_> {
    let (bin, iin) = (member.bin.as_str(), member.iin.as_str());
    put_to!(asked_of_organisation(bin, iin, as_owner(member)))
}

fn awaiting_person(iin: &Iin) -> Condition<'_> {
    awaiting!(asked_of_person(iin.as_str()))
}

fn awaiting_organisation(member: &Member) -> Condition<'_> {
    let (bin, iin) = (member.bin.as_str(), member.iin.as_str());
    awaiting!(asked_of_organisation(bin, iin, as_owner(member)))
}

/// Those at a service centre to which a person is said to have agreed, or in which they
/// spoke for somebody.
fn attested_of_person(iin: &Iin) -> Condition<'_> {
    let [agreed, delegate, guardian, speaker] = attested::places(iin);
    let said = applications::attestation.contains(agreed);
    let said = said.or(applications::attestation.contains(delegate));
    let said = said.or(applications::attestation.contains(guardian));
    let said = said.or(applications::attestation.contains(speaker));
    Box::new(said.and(applications::asked_at.is_not_null()))
}

/// The same of an organisation; what it lodged itself as a service centre it finds
/// there.
fn attested_of(bin: &Bin) -> Condition<'_> {
    let said = applications::attestation.contains(attested::organisation(bin));
    let others = applications::applicant_bin.ne(bin.as_str());
    Box::new(said.and(others).and(applications::asked_at.is_not_null()))
}
