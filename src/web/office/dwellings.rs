//! What somebody owns, or acts for the owner of, and who is registered there.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use uuid::Uuid;

use super::page::{Page, SHOWN};
use super::registrations::{narrowed, wanted};
use super::search::{Search, Sought};
use super::visitor::Member;
use crate::domain::{Language, RegistrationId};
use crate::flow::House;
use crate::render::words::Words;
use crate::web::api::dwellings::DwellingView;
use crate::web::api::page::address_code;
use crate::web::api::views::RegistrationView;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "dwellings.html")]
struct DwellingsPage {
    page: Page,
    say: Words,
    search: Search,
    found: Vec<DwellingView>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "dwelling.html")]
struct DwellingPage {
    page: Page,
    say: Words,
    rka: String,
    place: String,
    search: Search,
    found: Vec<RegistrationView>,
    next: Option<Uuid>,
    can_invite: bool,
}

/// What the person, or their organisation, owns, or may act for the owner of.
#[get("/dwellings")]
pub(super) async fn list(
    house: Data<House>,
    member: Member,
    sought: Query<Sought>,
) -> Result<HttpResponse, Problem> {
    let say = member.visitor.say;
    let (text, after) = (sought.text()?.unwrap_or_default(), sought.code()?);
    let behind = (after.as_ref(), SHOWN);
    let (found, next) = house.dwellings(&member.session, &text, behind).await?;
    let page = member.page(&house).await?;
    Ok(page.clone().show(&DwellingsPage {
        page,
        say,
        search: Search::by_code(sought.into_inner()).words(say.search_address()),
        found: DwellingView::all(&found, &member.session.actor()),
        next: next.map(|rka| rka.as_str().to_owned()),
    }))
}

/// Who is registered in a dwelling, now and before.
#[get("/dwellings/{rka}")]
pub(super) async fn show(
    house: Data<House>,
    member: Member,
    path: Path<(Language, String)>,
    sought: Query<Sought>,
) -> Result<HttpResponse, Problem> {
    let rka = address_code(&path.1)?;
    let (session, say) = (&member.session, member.visitor.say);
    let wanted = wanted(&sought)?;
    let (found, next) = house.registered_at(session, &rka, &wanted).await?;
    let counted = house.counts_at(session, &rka, &wanted.filter).await?;
    let search = Search::new(sought.into_inner()).words(say.search_name());
    let place = house.address(&rka).await?;
    let page = member.page(&house).await?;
    Ok(page.clone().show(&DwellingPage {
        page,
        say,
        search: narrowed(search, &counted, say),
        rka: rka.as_str().to_owned(),
        place: place.in_language(member.visitor.language()).to_owned(),
        found: RegistrationView::all(&found, (&session.actor(), house.now())),
        next: next.map(RegistrationId::uuid),
        can_invite: house.may_invite(session, &rka).await?,
    }))
}
