//! A person's applications, and those that are put to them.

use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use super::page::{Page, SHOWN};
use super::visitor::Member;
use crate::domain::{ApplicationId, State};
use crate::flow::House;
use crate::flow::see::{self, Filter, Role};
use crate::render::words::Words;
use crate::web::api::views::ApplicationView;
use crate::web::problem::Problem;

/// What is looked for.
#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    role: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    cursor: Option<Uuid>,
}

#[derive(Template)]
#[template(path = "applications.html")]
struct ApplicationsPage {
    page: Page,
    say: Words,
    role: &'static str,
    text: String,
    state: String,
    states: Vec<(&'static str, i64)>,
    found: Vec<ApplicationView>,
    next: Option<Uuid>,
}

/// A page of applications.
#[get("/applications")]
pub(super) async fn list(
    house: Data<House>,
    member: Member,
    wanted: Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let (role, name) = role(&wanted.role);
    let text = wanted.text.trim();
    let filter = Filter {
        state: wanted.state.parse::<State>().ok(),
        text: (!text.is_empty()).then(|| text.to_owned()),
        ..Filter::default()
    };
    let asked = see::Page {
        role,
        filter,
        before: wanted.cursor.map(ApplicationId::new),
        limit: SHOWN,
    };
    let (found, next) = house.list(&member.session, &asked).await?;
    let states = house.counts(&member.session, role).await?;
    let viewer = member.session.actor();
    let page = member.page(&house).await?;
    Ok(page.clone().show(&ApplicationsPage {
        page,
        say: member.visitor.say,
        role: name,
        text: text.to_owned(),
        state: wanted.state.clone(),
        states: states
            .into_iter()
            .map(|(state, count)| (state.into(), count))
            .collect(),
        found: ApplicationView::all(&found, &viewer, house.now()),
        next: next.map(ApplicationId::uuid),
    }))
}

fn role(name: &str) -> (Role, &'static str) {
    match name {
        "owner" => (Role::Owner, "owner"),
        "operator" => (Role::Operator, "operator"),
        _ => (Role::Resident, "resident"),
    }
}
