//! Where you are signed in, and the end of it.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::flow::{House, Session};
use crate::web::auth::{Person, no_cookie};
use crate::web::problem::Problem;

/// A session in which you are signed in.
#[derive(Serialize, ToSchema)]
pub struct OpenSessionView {
    /// Its identifier; it opens nothing.
    #[schema(example = "0198f0a2-7c1e-7000-8000-000000000001")]
    pub(in crate::web) id: Uuid,
    /// Since when.
    #[schema(example = "2026-11-01T12:00:00Z")]
    pub(in crate::web) signed_in_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    #[schema(example = "2026-11-01T12:34:00Z")]
    pub(in crate::web) last_used_at: DateTime<Utc>,
    /// Until when it lasts at most.
    #[schema(example = "2026-11-01T20:00:00Z")]
    pub(in crate::web) expires_at: DateTime<Utc>,
    /// Whether it is this one.
    #[schema(example = true)]
    pub(in crate::web) current: bool,
    /// Business identification number of the organisation with whose certificate you
    /// signed in; absent where it was your own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "190540099905")]
    pub(in crate::web) organisation: Option<String>,
}

/// The sessions in which you are signed in, the one used last first.
#[derive(Serialize, ToSchema)]
pub struct OpenSessionsView {
    /// The sessions.
    items: Vec<OpenSessionView>,
}

/// How many sessions were ended.
#[derive(Serialize, ToSchema)]
pub struct EndedView {
    /// Those that were open.
    #[schema(example = 2)]
    pub(super) ended: usize,
}

/// Where am I signed in?
#[utoipa::path(tag = "auth", context_path = "/api/v1",
    responses((status = 200, body = OpenSessionsView), (status = 401, body = Problem)))]
#[get("/auth/sessions")]
pub async fn list(house: Data<House>, person: Person) -> Result<HttpResponse, Problem> {
    let open = house.open_sessions(&person.0).await?;
    let items = open.iter().map(|one| OpenSessionView::new(one, &person.0));
    let items = items.collect();
    Ok(HttpResponse::Ok().json(OpenSessionsView { items }))
}

/// Ends all my sessions but this one.
#[utoipa::path(tag = "auth", context_path = "/api/v1",
    responses((status = 200, body = EndedView), (status = 401, body = Problem)))]
#[delete("/auth/sessions/others")]
pub async fn end_others(house: Data<House>, person: Person) -> Result<HttpResponse, Problem> {
    let ended = house.end_other_sessions(&person.0).await?;
    Ok(HttpResponse::Ok().json(EndedView { ended }))
}

/// Ends one of my sessions; one that is over stays so.
#[utoipa::path(tag = "auth", context_path = "/api/v1", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "you have no such session")))]
#[delete("/auth/sessions/{id}")]
pub async fn end(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    house.end_session(&person.0, *id).await?;
    let mut answer = HttpResponse::NoContent();
    if *id == person.0.id {
        answer.cookie(no_cookie());
    }
    Ok(answer.finish())
}

impl OpenSessionView {
    /// The session, beside the one that asks.
    pub(in crate::web) fn new(session: &Session, this: &Session) -> Self {
        let organisation = session.organisation.as_ref();
        Self {
            id: session.id,
            signed_in_at: session.created_at,
            last_used_at: session.seen_at,
            expires_at: session.expires_at,
            current: session.id == this.id,
            organisation: organisation.map(|(bin, _)| bin.as_str().to_owned()),
        }
    }
}
