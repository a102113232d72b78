//! What is new, while a page stands open: server-sent events (HTML, section 9.2).
//!
//! A stream ends by itself after a minute and at the first news; the browser opens
//! the next one. To watch is not to use the session, or a page that is left open
//! would keep it alive.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::ContentEncoding;
use actix_web::web::{Bytes, Data, Path, Query};
use actix_web::{FromRequest, HttpRequest, HttpResponse, get};
use futures_util::stream;
use serde::Deserialize;
use uuid::Uuid;

use crate::domain::{ApplicationId, Language};
use crate::flow::{Error, House, Session};
use crate::web::auth;
use crate::web::problem::Problem;

/// How long between two looks.
const PAUSE: Duration = Duration::from_secs(2);

/// How many looks before the browser has to ask again.
const LOOKS: u32 = 30;

/// Somebody whose page stands open.
pub(super) struct Watcher(Session);

/// Which version the page shows.
#[derive(Deserialize)]
pub(super) struct Known {
    version: i64,
}

/// Which notice was the newest when the page was made.
#[derive(Deserialize)]
pub(super) struct Newest {
    #[serde(default)]
    newest: Option<Uuid>,
}

/// News of an application.
#[get("/live/applications/{id}")]
pub(super) async fn application(
    house: Data<House>,
    watcher: Watcher,
    path: Path<(Language, Uuid)>,
    known: Query<Known>,
) -> Result<HttpResponse, Problem> {
    let (id, known) = (ApplicationId::new(path.1), known.version);
    house.may_watch(&watcher.0, id).await?;
    Ok(news(async move || Ok(house.version(id).await? != known)))
}

/// News of anything that concerns the person: there is a notice of each.
#[get("/live/notices")]
pub(super) async fn notices(
    house: Data<House>,
    watcher: Watcher,
    known: Query<Newest>,
) -> Result<HttpResponse, Problem> {
    let known = known.newest;
    Ok(news(async move || {
        Ok(house.newest_notice(&watcher.0).await? != known)
    }))
}

/// Looks again and again whether there is news, and says so once.
fn news(is_there: impl AsyncFn() -> Result<bool, Error> + 'static) -> HttpResponse {
    let looks = stream::unfold((is_there, 0), |(is_there, looked)| async move {
        if looked > LOOKS {
            return None;
        }
        if looked > 0 {
            actix_web::rt::time::sleep(PAUSE).await;
        }
        // A comment keeps the line open; without the database there is no news.
        let (text, next) = match is_there().await {
            Ok(true) => ("event: changed\ndata:\n\n", LOOKS + 1),
            Ok(false) | Err(_) => (":\n\n", looked + 1),
        };
        Some((
            Ok::<_, Error>(Bytes::from_static(text.as_bytes())),
            (is_there, next),
        ))
    });
    HttpResponse::Ok()
        .content_type("text/event-stream")
        // Compressed, each line would wait for the next ones.
        .insert_header(ContentEncoding::Identity)
        .streaming(looks)
}

impl FromRequest for Watcher {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let house = request.app_data::<Data<House>>().ok_or(Error::CutOff)?;
            let token = auth::cookie(&request).ok_or(Error::NotSignedIn)?;
            Ok(Self(house.session_unused(&token).await?))
        })
    }
}
