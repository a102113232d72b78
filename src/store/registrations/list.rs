//! Lists of registrations: a person's own, and those at a dwelling.

use chrono::NaiveDate;
use diesel::dsl::{count, count_star, exists, sql};
use diesel::pg::Pg;
use diesel::sql_types::{Bool, Nullable};
use diesel::{
    AggregateExpressionMethods, BoolExpressionMethods, BoxableExpression, ExpressionMethods,
    NullableExpressionMethods, PgArrayExpressionMethods, PgJsonbExpressionMethods, QueryDsl,
    TextExpressionMethods,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::domain::{ApplicationId, Ending, Holder, Kind, RegistrationId, Rka, midnight};
use crate::eds::Iin;
use crate::store::people::write_holder;
use crate::store::schema::{applications, consents, registrations, residents};
use crate::store::words::patterns;
use crate::store::{Connection, Error, attested, word};

/// What a list of registrations holds.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// Whose list it is.
    pub scope: Scope<'a>,
    /// Only those of which all this is true.
    pub filter: &'a Filter,
    /// Only those older than this one.
    pub before: Option<RegistrationId>,
    /// At most so many.
    pub limit: i64,
    /// Which day it is in Kazakhstan: what has its last day behind it stands no
    /// longer, whether or not that has been noticed.
    pub today: NaiveDate,
}

/// Whose registrations.
#[derive(Clone, Copy, Debug)]
pub enum Scope<'a> {
    /// Those of these people.
    Of(&'a [Iin]),
    /// All at this dwelling.
    At(&'a Rka),
    /// Those at this dwelling to which this holder agreed as its owner or tenant:
    /// by a consent that counted, by the owner's own application, or as an operator of
    /// a service centre attests.
    AgreedBy(&'a Holder, &'a Rka),
}

/// What is looked for; nothing that is left out narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those that stand, or those that do not.
    pub standing: Option<Still>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// At this address.
    pub rka: Option<Rka>,
    /// All these words in the name of the resident or in the address, in any language.
    pub text: Option<String>,
    /// Those that hold for some day from this one on.
    pub from: Option<NaiveDate>,
    /// Those that hold for some day up to this one.
    pub until: Option<NaiveDate>,
}

/// Whether a registration still stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Still {
    /// It does.
    Active,
    /// It came to an end.
    Ended,
}

type Condition<'a> =
    Box<dyn BoxableExpression<registrations::table, Pg, SqlType = Nullable<Bool>> + 'a>;

/// Registrations, newest first, each with the application that led to it.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn list(
    connection: &mut Connection,
    wanted: &Wanted<'_>,
) -> Result<Vec<(ApplicationId, RegistrationId)>, Error> {
    let mut query = registrations::table
        .filter(matching(wanted.scope, wanted.filter))
        .select((registrations::application_id, registrations::id))
        .order(registrations::id.desc())
        .limit(wanted.limit)
        .into_boxed();
    let lasts = registrations::ends_on
        .is_null()
        .or(registrations::ends_on.ge(wanted.today));
    let over = registrations::ends_on.lt(wanted.today);
    query = match wanted.filter.standing {
        None => query,
        Some(Still::Active) => query.filter(registrations::ended_at.is_null().and(lasts)),
        Some(Still::Ended) => query.filter(registrations::ended_at.is_not_null().or(over)),
    };
    if let Some(before) = wanted.before {
        query = query.filter(registrations::id.lt(before.uuid()));
    }
    let ids: Vec<(Uuid, Uuid)> = query.load(connection).await?;
    Ok(ids.into_iter().map(super::names).collect())
}

/// How many there are that stand (nothing), and that came to each end, of those that
/// are looked for, whatever standing is.
///
/// # Errors
/// [`Error`] when the database fails or holds an ending that is none.
pub async fn counts(
    connection: &mut Connection,
    whose: Scope<'_>,
    filter: &Filter,
    today: NaiveDate,
) -> Result<Vec<(Option<Ending>, i64)>, Error> {
    let counted: Vec<(Option<String>, i64)> = registrations::table
        .filter(matching(whose, filter))
        .filter(
            registrations::ended_at
                .is_not_null()
                .or(registrations::ends_on.is_null())
                .or(registrations::ends_on.ge(today)),
        )
        .group_by(registrations::ending)
        .select((registrations::ending, count_star()))
        .load(connection)
        .await?;
    // What nobody has noticed yet.
    let over: i64 = registrations::table
        .filter(matching(whose, filter))
        .filter(
            registrations::ended_at
                .is_null()
                .and(registrations::ends_on.lt(today)),
        )
        .count()
        .get_result(connection)
        .await?;
    let counted = counted.into_iter().map(|(ending, count)| {
        let ending = ending.map(|ending| word(&ending, "ending")).transpose()?;
        Ok((ending, count))
    });
    let over = (over > 0).then_some(Ok((Some(Ending::Expired), over)));
    counted.chain(over).collect()
}

/// How many people are registered today at each of these dwellings, where there
/// are any.
///
/// # Errors
/// [`Error`] when the database fails or holds what is no address code.
pub async fn people_at(
    connection: &mut Connection,
    dwellings: &[&str],
    today: NaiveDate,
) -> Result<Vec<(Rka, i64)>, Error> {
    let counted: Vec<(String, i64)> = registrations::table
        .filter(
            registrations::rka
                .eq_any(dwellings)
                .and(registrations::ended_at.is_null())
                .and(registrations::starts_on.le(today))
                .and(
                    registrations::ends_on
                        .is_null()
                        .or(registrations::ends_on.ge(today)),
                ),
        )
        .group_by(registrations::rka)
        .select((
            registrations::rka,
            count(registrations::resident_iin).aggregate_distinct(),
        ))
        .load(connection)
        .await?;
    let counted = counted.into_iter();
    counted
        .map(|(rka, people)| {
            let rka = Rka::parse(&rka).map_err(|_| Error::Corrupt("rka"))?;
            Ok((rka, people))
        })
        .collect()
}

/// Somebody's registrations of which everything is true that is looked for but how they
/// stand.
fn matching<'a>(whose: Scope<'a>, filter: &'a Filter) -> Condition<'a> {
    let mut wanted = scope(whose);
    if let Some(kind) = filter.kind {
        wanted = Box::new(wanted.and(registrations::kind.eq::<&'static str>(kind.into())));
    }
    if let Some(rka) = &filter.rka {
        wanted = Box::new(wanted.and(registrations::rka.eq(rka.as_str())));
    }
    if let Some(from) = filter.from {
        let last = registrations::ends_on;
        // The day on which it ended early was the last on which it held.
        let end = registrations::ended_at;
        let lasted = end.is_null().or(end.ge(midnight(from)));
        wanted = Box::new(wanted.and(last.is_null().or(last.ge(from))).and(lasted));
    }
    if let Some(until) = filter.until {
        wanted = Box::new(wanted.and(registrations::starts_on.le(until)));
    }
    if filter.from.is_some() || filter.until.is_some() {
        // What ended before its first day held on none.
        let began = sql::<Nullable<Bool>>(BEGAN);
        wanted = Box::new(wanted.and(began));
    }
    for pattern in filter.text.iter().flat_map(|text| patterns(text)) {
        wanted = Box::new(wanted.and(says(pattern)));
    }
    wanted
}

/// Midnight in Kazakhstan is five hours ahead of Greenwich.
const BEGAN: &str = "(registrations.ended_at IS NULL OR registrations.ended_at
    >= registrations.starts_on::timestamp AT TIME ZONE INTERVAL '5 hours')";

/// Whether a word stands in the address, or in the name of whoever is registered.
fn says(pattern: String) -> Condition<'static> {
    let named = residents::table.filter(
        residents::application_id
            .eq(registrations::application_id)
            .and(residents::iin.eq(registrations::resident_iin))
            .and(residents::words.like(pattern.clone())),
    );
    let there = registrations::words.like(pattern);
    Box::new(there.or(exists(named)).nullable())
}

fn scope(scope: Scope<'_>) -> Condition<'_> {
    match scope {
        Scope::Of(people) => {
            let numbers: Vec<_> = people.iter().map(Iin::as_str).collect();
            Box::new(registrations::resident_iin.eq_any(numbers).nullable())
        }
        Scope::At(rka) => Box::new(registrations::rka.eq(rka.as_str()).nullable()),
        Scope::AgreedBy(holder, rka) => agreed_by(holder, rka),
    }
}

fn agreed_by<'a>(holder: &'a Holder, rka: &'a Rka) -> Condition<'a> {
    let (iin, bin) = (holder.person(), holder.organisation());
    let (iin, bin) = (iin.map(Iin::as_str), bin.map(crate::eds::Bin::as_str));
    let consented = consents::table.inner_join(applications::table).filter(
        consents::application_id
            .eq(registrations::application_id)
            .and(consents::round.eq(applications::round))
            .and(consents::removal.is_null())
            .and(consents::answer.eq("given"))
            .and(consents::party.eq_any(["owner", "tenant"]))
            .and(consents::party_iin.eq(iin).or(consents::party_bin.eq(bin))),
    );
    let applied = applications::table.filter(
        applications::id
            .eq(registrations::application_id)
            .and(applications::owners.contains(vec![write_holder(holder)]))
            .and(
                applications::applicant_iin
                    .eq(iin.unwrap_or_default())
                    .and(applications::capacity.eq("oneself"))
                    .or(applications::applicant_bin
                        .eq(bin)
                        .assume_not_null()
                        .and(applications::capacity.eq("administration"))),
            ),
    );
    let attested = applications::table.filter(
        applications::id
            .eq(registrations::application_id)
            .and(applications::attestation.contains(attested::holder(holder))),
    );
    let agreed = exists(consented).or(exists(applied)).or(exists(attested));
    Box::new(registrations::rka.eq(rka.as_str()).and(agreed).nullable())
}
