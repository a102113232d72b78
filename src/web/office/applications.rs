//! A person's applications, and those that are put to them.

use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use uuid::Uuid;

use super::page::{Page, SHOWN};
use super::search::{Offered, Search, Sought};
use super::visitor::Member;
use crate::domain::{ApplicationId, State};
use crate::flow::House;
use crate::flow::see::{self, Role};
use crate::render::words::Words;
use crate::web::api::views::ApplicationView;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "applications.html")]
struct ApplicationsPage {
    page: Page,
    say: Words,
    role: &'static str,
    search: Search,
    found: Vec<ApplicationView>,
    next: Option<Uuid>,
}

/// A page of applications.
#[get("/applications")]
pub(super) async fn list(
    house: Data<House>,
    member: Member,
    sought: Query<Sought>,
) -> Result<HttpResponse, Problem> {
    let (session, say) = (&member.session, member.visitor.say);
    let (role, name) = role(&sought.role);
    let asked = see::Page {
        role,
        filter: sought.applications()?,
        before: sought.before()?,
        limit: SHOWN,
    };
    let (found, next) = house.list(session, &asked).await?;
    let states = house.counts(session, role, &asked.filter).await?;
    let sought = sought.into_inner().seen_as(name);
    let search = Search::new(sought).words(say.search_text());
    let search = search.one_of(
        "state",
        say.search_state(),
        counted(&states, asked.filter.state),
    );
    let page = member.page(&house).await?;
    Ok(page.clone().show(&ApplicationsPage {
        page,
        say,
        role: name,
        search: search.kind(say).code(say).days(say),
        found: ApplicationView::all(&found, &session.actor(), house.now()),
        next: next.map(ApplicationId::uuid),
    }))
}

/// The states that a form offers: those that there are any in, and the one that is
/// looked for.
pub(super) fn counted(states: &[(State, i64)], chosen: Option<State>) -> Vec<Offered> {
    let missing = chosen.filter(|state| states.iter().all(|(one, _)| one != state));
    let states = states.iter().copied();
    let all = states.chain(missing.map(|state| (state, 0)));
    all.map(|(state, count)| (state.into(), Some(count)))
        .collect()
}

fn role(name: &str) -> (Role, &'static str) {
    match name {
        "owner" => (Role::Owner, "owner"),
        "asked" => (Role::Asked, "asked"),
        "operator" => (Role::Operator, "operator"),
        _ => (Role::Resident, "resident"),
    }
}
