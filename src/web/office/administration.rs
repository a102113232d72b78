//! For those who run the service: whether all goes on, and what the portal did not
//! take.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use super::filled::{Filled, Nothing};
use super::page::Page;
use super::visitor::Member;
use crate::domain::Language;
use crate::eds::Iin;
use crate::flow::administering::{Delivery, Standing, Wanted};
use crate::flow::{House, Reply};
use crate::render::words::Words;
use crate::web::api::administration::{DeliveryView, HealthView};
use crate::web::problem::Problem;

/// So many stand on a page.
const SHOWN: i64 = 50;

/// Which deliveries are looked for.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    cursor: Option<Uuid>,
}

/// Whose sessions are to end.
#[derive(Deserialize)]
pub(super) struct Whose {
    iin: String,
}

#[derive(Template)]
#[template(path = "administration.html")]
struct AdministrationPage {
    page: Page,
    say: Words,
    health: HealthView,
    state: &'static str,
    states: [&'static str; 3],
    found: Vec<DeliveryView>,
    next: Option<Uuid>,
    form: String,
    key: Uuid,
}

/// How the service is, and its deliveries.
#[get("/administration")]
pub(super) async fn show(
    house: Data<House>,
    member: Member,
    asked: Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let standing = asked.state.parse().unwrap_or(Standing::Parked);
    let wanted = Wanted {
        standing: Some(standing),
        before: asked.cursor,
        limit: SHOWN,
    };
    let health = house.health(&member.session).await?;
    let (found, next) = house.deliveries(&member.session, &wanted).await?;
    let page = member.page(&house).await?;
    Ok(page.clone().show(&AdministrationPage {
        page,
        say: member.visitor.say,
        health: HealthView::new(health, &house.watch),
        state: standing.into(),
        states: [Standing::Parked, Standing::Waiting, Standing::Delivered].map(Into::into),
        found: found.iter().map(DeliveryView::from).collect(),
        next,
        form: member.form_token(),
        key: house.uuid(house.now())?,
    }))
}

/// Ends every session of a person.
#[post("/administration/sessions/end")]
pub(super) async fn end_sessions(
    house: Data<House>,
    filled: Filled<Whose>,
) -> Result<HttpResponse, Problem> {
    let iin = Iin::parse(filled.fields.iin.trim());
    let iin = iin.map_err(|_| Problem::malformed("this is no IIN"))?;
    let session = &filled.member.session;
    house.end_sessions_of(session, &iin).await?;
    Ok(filled.member.visitor.to("/administration?done=ended"))
}

/// Tries a delivery again that was given up.
#[post("/administration/deliveries/{id}/retry")]
pub(super) async fn retry(
    house: Data<House>,
    filled: Filled<Nothing>,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let wording = |delivery: &Delivery| Reply {
        status: 200,
        body: serde_json::to_string(&DeliveryView::from(delivery)).unwrap_or_default(),
    };
    let once = filled.once(&wording);
    let session = &filled.member.session;
    house.retry_delivery(session, &once, path.1).await?;
    Ok(filled.member.visitor.to("/administration?done=retried"))
}
