//! The personal office: what waits for the person first, then what they have.

use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use askama::Template;

use super::page::Page;
use super::visitor::Member;
use crate::flow::see::{self, Filter, Role};
use crate::flow::{House, office};
use crate::render::words::Words;
use crate::web::api::views::{ApplicationView, RegistrationView};
use crate::web::problem::Problem;

/// So many of each kind stand in the office; the rest is one click away.
const SHOWN: i64 = 5;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    page: Page,
    say: Words,
    requests: Vec<ApplicationView>,
    registrations: Vec<RegistrationView>,
    applications: Vec<ApplicationView>,
    dwellings: bool,
    live: String,
}

/// The office.
#[get("/office")]
pub(super) async fn show(house: Data<House>, member: Member) -> Result<HttpResponse, Problem> {
    let viewer = member.session.actor();
    let requests = newest(&house, &member, Role::Asked).await?;
    let applications = newest(&house, &member, Role::Resident).await?;
    let wanted = office::Page {
        filter: office::Filter {
            standing: Some(office::Still::Active),
            ..office::Filter::default()
        },
        before: None,
        limit: SHOWN,
    };
    let (registrations, _) = house.registrations(&member.session, &wanted).await?;
    let (dwellings, _) = house.dwellings(&member.session, "", (None, 1)).await?;
    let newest = house.newest_notice(&member.session).await?;
    let page = member.page(&house).await?;
    Ok(page.clone().show(&HomePage {
        page,
        say: member.visitor.say,
        requests,
        registrations: RegistrationView::all(&registrations, (&viewer, house.now())),
        applications,
        dwellings: !dwellings.is_empty(),
        live: newest.map(|id| format!("?newest={id}")).unwrap_or_default(),
    }))
}

async fn newest(
    house: &House,
    member: &Member,
    role: Role,
) -> Result<Vec<ApplicationView>, Problem> {
    let wanted = see::Page {
        role,
        filter: Filter::default(),
        before: None,
        limit: SHOWN,
    };
    let viewer = member.session.actor();
    let (found, _) = house.list(&member.session, &wanted).await?;
    Ok(ApplicationView::all(&found, &viewer, house.now()))
}
