//! A person's registrations, now and before.

use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use super::page::{Page, SHOWN};
use super::visitor::Member;
use crate::domain::RegistrationId;
use crate::flow::{House, office};
use crate::render::words::Words;
use crate::web::api::views::RegistrationView;
use crate::web::problem::Problem;

/// Where the page begins.
#[derive(Deserialize)]
pub(super) struct From {
    #[serde(default)]
    pub(super) cursor: Option<Uuid>,
}

#[derive(Template)]
#[template(path = "registrations.html")]
struct RegistrationsPage {
    page: Page,
    say: Words,
    found: Vec<RegistrationView>,
    next: Option<Uuid>,
}

/// A page of registrations.
#[get("/registrations")]
pub(super) async fn list(
    house: Data<House>,
    member: Member,
    from: Query<From>,
) -> Result<HttpResponse, Problem> {
    let viewer = member.session.actor();
    let wanted = wanted(&from);
    let (found, next) = house.registrations(&member.session, &wanted).await?;
    let page = member.page(&house).await?;
    Ok(page.clone().show(&RegistrationsPage {
        page,
        say: member.visitor.say,
        found: RegistrationView::all(&found, (&viewer, house.now())),
        next: next.map(RegistrationId::uuid),
    }))
}

/// A page of registrations from here on.
pub(super) fn wanted(from: &From) -> office::Page {
    office::Page {
        filter: office::Filter::default(),
        before: from.cursor.map(RegistrationId::new),
        limit: SHOWN,
    }
}
