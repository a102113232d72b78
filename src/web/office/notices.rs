//! What a person was told, in the language of the page.

use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use uuid::Uuid;

use super::filled::{Filled, Nothing};
use super::page::{Page, SHOWN};
use super::search::{Search, Sought};
use super::visitor::Member;
use crate::flow::House;
use crate::flow::inbox::Which;
use crate::render::words::Words;
use crate::web::api::notices::NoticeView;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "notices.html")]
struct NoticesPage {
    page: Page,
    say: Words,
    found: Vec<NoticeView>,
    unread: i64,
    search: Search,
    next: Option<Uuid>,
    form: String,
    key: Uuid,
}

/// A page of notices, newest first.
#[get("/notices")]
pub(super) async fn list(
    house: Data<House>,
    member: Member,
    sought: Query<Sought>,
) -> Result<HttpResponse, Problem> {
    let inbox = house
        .inbox(&member.session, Which::All, (sought.cursor()?, SHOWN))
        .await?;
    let language = member.visitor.language();
    let page = member.page(&house).await?;
    Ok(page.clone().show(&NoticesPage {
        page,
        say: member.visitor.say,
        found: { inbox.notices.iter() }
            .map(|notice| NoticeView::new(notice, language))
            .collect(),
        search: Search::new(sought.into_inner()),
        unread: inbox.unread,
        next: inbox.next,
        form: member.form_token(),
        key: house.uuid(house.now())?,
    }))
}

/// Marks all notices as read.
#[post("/notices")]
pub(super) async fn mark_all(
    house: Data<House>,
    filled: Filled<Nothing>,
) -> Result<HttpResponse, Problem> {
    house.mark_all_read(&filled.member.session).await?;
    Ok(filled.member.visitor.to("/notices?done=read"))
}
