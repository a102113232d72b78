//! What you are told, and what you have read of it.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::page;
use crate::domain::{Language, RegistrationId};
use crate::flow::inbox::Which;
use crate::flow::{About, House, Kept};
use crate::render;
use crate::web::auth::Person;
use crate::web::problem::Problem;

/// Which notices to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NoticesRequest {
    /// `true` for those only that are not read.
    #[serde(default)]
    #[param(example = true)]
    unread: bool,
    /// In which language: `kk` (when absent), `ru` or `en`.
    #[serde(default)]
    #[param(example = "ru")]
    language: Option<String>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<Uuid>,
    /// 1 to 100; 20 when absent.
    #[serde(default)]
    #[param(example = 20)]
    limit: Option<i64>,
}

/// A notice.
#[derive(Serialize, ToSchema)]
pub struct NoticeView {
    /// Its identifier.
    pub(in crate::web) id: Uuid,
    /// What it tells, such as `asked`, `registered` or `ends_soon`.
    #[schema(example = "ends_soon")]
    pub(in crate::web) topic: &'static str,
    /// The same in words.
    #[schema(example = "Регистрация закончится через 7 дней, последний день — 31.01.2027. …")]
    pub(in crate::web) text: String,
    /// The application, when it tells of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::web) application: Option<Uuid>,
    /// The invitation, when it tells of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::web) invitation: Option<Uuid>,
    /// The registration, when it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::web) registration: Option<Uuid>,
    /// When it came.
    pub(in crate::web) created_at: DateTime<Utc>,
    /// When it was first marked as read; in an organisation, by anybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::web) read_at: Option<DateTime<Utc>>,
}

/// A page of notices, newest first.
#[derive(Serialize, ToSchema)]
pub struct NoticesView {
    /// The notices.
    items: Vec<NoticeView>,
    /// How many are not read, on whichever page.
    #[schema(example = 2)]
    unread: i64,
    /// The cursor of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Uuid>,
}

/// How many notices are not read.
#[derive(Serialize, ToSchema)]
pub struct UnreadView {
    /// So many.
    #[schema(example = 2)]
    unread: i64,
}

/// How many notices were marked.
#[derive(Serialize, ToSchema)]
pub struct ReadView {
    /// So many.
    #[schema(example = 2)]
    read: usize,
}

/// Your notices, or those to the organisation for which you act, newest first.
#[utoipa::path(tag = "notices", context_path = "/api/v1", params(NoticesRequest),
    responses((status = 200, body = NoticesView), (status = 400, body = Problem), (status = 401, body = Problem)))]
#[get("/notices")]
pub async fn list(
    house: Data<House>,
    person: Person,
    request: Query<NoticesRequest>,
) -> Result<HttpResponse, Problem> {
    let language = page::language(request.language.as_deref())?;
    let place = (request.cursor, page::limit(request.limit)?);
    let which = match request.unread {
        true => Which::Unread,
        false => Which::All,
    };
    let inbox = house.inbox(&person.0, which, place).await?;
    let items = inbox.notices.iter();
    let items = items.map(|notice| NoticeView::new(notice, language));
    Ok(HttpResponse::Ok().json(NoticesView {
        items: items.collect(),
        unread: inbox.unread,
        next: inbox.next,
    }))
}

/// How many of them are not read.
#[utoipa::path(tag = "notices", context_path = "/api/v1",
    responses((status = 200, body = UnreadView), (status = 401, body = Problem)))]
#[get("/notices/unread")]
pub async fn count(house: Data<House>, person: Person) -> Result<HttpResponse, Problem> {
    let unread = house.unread(&person.0).await?;
    Ok(HttpResponse::Ok().json(UnreadView { unread }))
}

/// Marks a notice as read. Once more changes nothing, so no key is needed.
#[utoipa::path(tag = "notices", context_path = "/api/v1", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[post("/notices/{id}/read")]
pub async fn mark(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    house.mark_read(&person.0, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Marks all notices as read. Once more changes nothing, so no key is needed.
#[utoipa::path(tag = "notices", context_path = "/api/v1",
    responses((status = 200, body = ReadView), (status = 401, body = Problem)))]
#[post("/notices/read-all")]
pub async fn mark_all(house: Data<House>, person: Person) -> Result<HttpResponse, Problem> {
    let read = house.mark_all_read(&person.0).await?;
    Ok(HttpResponse::Ok().json(ReadView { read }))
}

impl NoticeView {
    /// The notice in this language.
    pub(in crate::web) fn new(notice: &Kept, language: Language) -> Self {
        let (application, invitation) = about(notice);
        Self {
            id: notice.id,
            topic: notice.topic.into(),
            text: render::notice::text(notice.topic, (&notice.facts, notice.created_at), language),
            application,
            invitation,
            registration: notice.registration.map(RegistrationId::uuid),
            created_at: notice.created_at,
            read_at: notice.read_at,
        }
    }
}

/// The application or the invitation of which it tells.
pub(super) fn about(notice: &Kept) -> (Option<Uuid>, Option<Uuid>) {
    match notice.about {
        About::Application(id) => (Some(id.uuid()), None),
        About::Invitation(id) => (None, Some(id.uuid())),
    }
}
