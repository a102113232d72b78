//! A person's registrations, now and before.

use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use uuid::Uuid;

use super::page::{Page, SHOWN};
use super::search::{Search, Sought};
use super::visitor::Member;
use crate::domain::RegistrationId;
use crate::flow::House;
use crate::flow::office::{self, Standings};
use crate::render::words::Words;
use crate::web::api::views::RegistrationView;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "registrations.html")]
struct RegistrationsPage {
    page: Page,
    say: Words,
    search: Search,
    found: Vec<RegistrationView>,
    next: Option<Uuid>,
}

/// A page of registrations.
#[get("/registrations")]
pub(super) async fn list(
    house: Data<House>,
    member: Member,
    sought: Query<Sought>,
) -> Result<HttpResponse, Problem> {
    let (session, say) = (&member.session, member.visitor.say);
    let wanted = wanted(&sought)?;
    let (found, next) = house.registrations(session, &wanted).await?;
    let counted = house.registration_counts(session, &wanted.filter).await?;
    let search = Search::new(sought.into_inner()).words(say.search_text());
    let search = search.code(say);
    let page = member.page(&house).await?;
    Ok(page.clone().show(&RegistrationsPage {
        page,
        say,
        search: narrowed(search, &counted, say),
        found: RegistrationView::all(&found, (&session.actor(), house.now())),
        next: next.map(RegistrationId::uuid),
    }))
}

/// A page of the registrations that are looked for.
///
/// # Errors
/// A problem with the first field that makes no sense.
pub(super) fn wanted(sought: &Sought) -> Result<office::Page, Problem> {
    Ok(office::Page {
        filter: sought.registrations()?,
        before: sought.before()?,
        limit: SHOWN,
    })
}

/// A form with the fields by which registrations are looked for beside words.
pub(super) fn narrowed(search: Search, counted: &Standings, say: Words) -> Search {
    let total: i64 = counted.iter().map(|(_, count)| count).sum();
    let active = counted.iter().filter(|(ending, _)| ending.is_none());
    let active: i64 = active.map(|(_, count)| count).sum();
    let standings = vec![("active", Some(active)), ("ended", Some(total - active))];
    search
        .one_of("standing", say.search_state(), standings)
        .kind(say)
        .days(say)
}
