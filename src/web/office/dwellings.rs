//! What an owner owns, and who is registered there.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use super::page::{Page, SHOWN};
use super::registrations::{self, From};
use super::visitor::Member;
use crate::domain::{Language, RegistrationId};
use crate::flow::House;
use crate::render::words::Words;
use crate::web::api::dwellings::DwellingView;
use crate::web::api::page::address_code;
use crate::web::api::views::RegistrationView;
use crate::web::problem::Problem;

/// Behind which code the page begins.
#[derive(Deserialize)]
pub(super) struct Behind {
    #[serde(default)]
    cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "dwellings.html")]
struct DwellingsPage {
    page: Page,
    say: Words,
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
    found: Vec<RegistrationView>,
    next: Option<Uuid>,
}

/// What the person, or their organisation, owns.
#[get("/dwellings")]
pub(super) async fn list(
    house: Data<House>,
    member: Member,
    behind: Query<Behind>,
) -> Result<HttpResponse, Problem> {
    let after = behind.cursor.as_deref().map(address_code).transpose()?;
    let owned = house.dwellings(&member.session, after.as_ref(), SHOWN);
    let (found, next) = owned.await?;
    let page = member.page(&house).await?;
    Ok(page.clone().show(&DwellingsPage {
        page,
        say: member.visitor.say,
        found: found.iter().map(DwellingView::from).collect(),
        next: next.map(|rka| rka.as_str().to_owned()),
    }))
}

/// Who is registered in a dwelling, now and before.
#[get("/dwellings/{rka}")]
pub(super) async fn show(
    house: Data<House>,
    member: Member,
    path: Path<(Language, String)>,
    from: Query<From>,
) -> Result<HttpResponse, Problem> {
    let rka = address_code(&path.1)?;
    let viewer = member.session.actor();
    let wanted = registrations::wanted(&from);
    let (found, next) = house.registered_at(&member.session, &rka, &wanted).await?;
    let place = house.address(&rka).await?;
    let page = member.page(&house).await?;
    Ok(page.clone().show(&DwellingPage {
        page,
        say: member.visitor.say,
        rka: rka.as_str().to_owned(),
        place: place.in_language(member.visitor.language()).to_owned(),
        found: RegistrationView::all(&found, (&viewer, house.now())),
        next: next.map(RegistrationId::uuid),
    }))
}
