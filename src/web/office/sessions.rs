//! Where a person is signed in, and the end of it.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use uuid::Uuid;

use super::filled::{Filled, Nothing};
use super::page::Page;
use super::visitor::Member;
use crate::domain::Language;
use crate::flow::House;
use crate::render::words::Words;
use crate::web::api::sessions::OpenSessionView;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "sessions.html")]
struct SessionsPage {
    page: Page,
    say: Words,
    found: Vec<OpenSessionView>,
    form: String,
}

/// The sessions that are open.
#[get("/sessions")]
pub(super) async fn list(house: Data<House>, member: Member) -> Result<HttpResponse, Problem> {
    let open = house.open_sessions(&member.session).await?;
    let open = open.iter();
    let page = member.page(&house).await?;
    Ok(page.clone().show(&SessionsPage {
        page,
        say: member.visitor.say,
        found: open
            .map(|one| OpenSessionView::new(one, &member.session))
            .collect(),
        form: member.form_token(),
    }))
}

/// Ends every session but this one.
#[post("/sessions/others/end")]
pub(super) async fn end_others(
    house: Data<House>,
    filled: Filled<Nothing>,
) -> Result<HttpResponse, Problem> {
    house.end_other_sessions(&filled.member.session).await?;
    Ok(filled.member.visitor.to("/sessions?done=ended"))
}

/// Ends one of the other sessions.
#[post("/sessions/{id}/end")]
pub(super) async fn end(
    house: Data<House>,
    filled: Filled<Nothing>,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    house.end_session(&filled.member.session, path.1).await?;
    Ok(filled.member.visitor.to("/sessions?done=ended"))
}
