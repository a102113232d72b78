//! Who asks: a session by bearer token or by cookie.

use std::future::Future;
use std::pin::Pin;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::{Method, StatusCode, header};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use super::problem::Problem;
use crate::flow::{Error, House, Session};

/// The name of the session cookie. The prefix makes browsers insist on `Secure`,
/// `Path=/` and no `Domain` (RFC 6265bis section 4.1.3.2).
const COOKIE: &str = "__Host-sid";

/// A person who has signed in: having one is the permission to act as them.
#[derive(Clone, Debug)]
pub struct Person(pub Session);

impl FromRequest for Person {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let house = request
                .app_data::<Data<House>>()
                .ok_or_else(misconfigured)?;
            let token = match bearer(&request) {
                Some(token) => token,
                None => {
                    let token = cookie(&request).ok_or(Error::NotSignedIn)?;
                    same_origin(&request, &house.settings.origin)?;
                    token
                }
            };
            Ok(Self(house.session(&token).await?))
        })
    }
}

fn bearer(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(header::AUTHORIZATION)?;
    let token = value.to_str().ok()?.strip_prefix("Bearer ")?;
    Some(token.to_owned())
}

/// The token in the cookie of the session.
pub(super) fn cookie(request: &HttpRequest) -> Option<String> {
    request
        .cookie(COOKIE)
        .map(|cookie| cookie.value().to_owned())
}

/// The cookie that brings the token back: to us alone, from our own pages alone,
/// and out of reach for script.
pub(super) fn session_cookie(token: String) -> Cookie<'static> {
    Cookie::build(COOKIE, token)
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Strict)
        .finish()
}

/// Takes the cookie away from a browser.
pub(super) fn no_cookie() -> Cookie<'static> {
    let mut gone = session_cookie(String::new());
    gone.make_removal();
    gone
}

/// A browser sends the cookie by itself, so what changes something must come
/// from our own pages.
pub(super) fn same_origin(request: &HttpRequest, origin: &str) -> Result<(), Problem> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(());
    }
    let stated = request
        .headers()
        .get(header::ORIGIN)
        .and_then(|value| value.to_str().ok());
    if stated == Some(origin) {
        return Ok(());
    }
    Err(other_origin())
}

/// What another site asks for is not done.
pub(super) fn other_origin() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "other-origin",
        "The request comes from another site",
        "with a cookie, calls that change something must come from the service's own pages",
    )
}

fn misconfigured() -> Problem {
    Problem::from(Error::CutOff)
}
