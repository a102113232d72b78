//! The first page: what the service is, and signing in by EDS.

use actix_multipart::form::MultipartForm;
use actix_multipart::form::bytes::Bytes as File;
use actix_multipart::form::text::Text;
use actix_web::http::header::{self, AcceptLanguage, Header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use askama::Template;
use secrecy::ExposeSecret;
use serde::Deserialize;
use uuid::Uuid;

use super::filled::{Filled, Nothing, octets, seen};
use super::page::Page;
use super::signing::Paper;
use super::visitor::{self, Member, Visitor, to};
use crate::domain::{DocumentId, Language};
use crate::flow::House;
use crate::render::words::Words;
use crate::web::auth::{self, no_cookie, session_cookie};
use crate::web::form::Form;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "start.html")]
struct StartPage {
    page: Page,
    say: Words,
    paper: Paper,
    next: String,
}

/// Where somebody was on the way to.
#[derive(Deserialize)]
pub(super) struct OnTheWay {
    #[serde(default)]
    next: Option<String>,
}

/// A signed challenge.
#[derive(MultipartForm)]
pub(super) struct SignIn {
    challenge: Text<Uuid>,
    next: Option<Text<String>>,
    signature: Option<Text<String>>,
    file: Option<File>,
}

/// The page where one signs in, which leads on to the page that was asked for.
pub(super) fn on_the_way_to(request: &HttpRequest) -> String {
    let language = visitor::language(request).unwrap_or(Language::Kk);
    let wanted = request.uri().to_string();
    let next: String = wanted.chars().map(escaped).collect();
    format!("/{}?next={next}", language.code())
}

fn escaped(character: char) -> String {
    match character {
        '&' => "%26".to_owned(),
        '?' => "%3F".to_owned(),
        '=' => "%3D".to_owned(),
        '%' => "%25".to_owned(),
        '+' => "%2B".to_owned(),
        '#' => "%23".to_owned(),
        other => other.to_string(),
    }
}

/// The first page in the language of the browser.
pub(super) async fn in_own_language(request: HttpRequest) -> HttpResponse {
    let mut response = to(&format!("/{}", preferred(&request).code()));
    let vary = header::HeaderValue::from_static("Accept-Language");
    response.headers_mut().insert(header::VARY, vary);
    response
}

/// The first of our languages that the browser prefers; the state language when it
/// names none of them.
pub(super) fn preferred(request: &HttpRequest) -> Language {
    let accepted = AcceptLanguage::parse(request).map(|accepted| accepted.ranked());
    let accepted = accepted.unwrap_or_default();
    let mut ours = accepted.iter().filter_map(|one| {
        let code = one.item()?.primary_language().to_ascii_lowercase();
        Language::parse(&code).ok()
    });
    ours.next().unwrap_or(Language::Kk)
}

/// What the service is; for those who have signed in, their office.
pub(super) async fn show(
    house: Data<House>,
    visitor: Visitor,
    member: Option<Member>,
    asked: actix_web::web::Query<OnTheWay>,
) -> Result<HttpResponse, Problem> {
    let next = asked.next.clone().unwrap_or_default();
    if member.is_some() {
        return Ok(onward(&visitor, &next));
    }
    let challenge = house.challenge(visitor.language()).await?;
    let page = visitor.page()?;
    Ok(page.clone().show(&StartPage {
        page,
        say: visitor.say,
        paper: Paper::of(&challenge),
        next,
    }))
}

/// Takes the signed challenge and opens a session.
#[post("/sign-in")]
pub(super) async fn sign_in(
    house: Data<House>,
    visitor: Visitor,
    request: HttpRequest,
    before: Option<Member>,
    Form(form): Form<SignIn>,
) -> Result<HttpResponse, Problem> {
    auth::same_origin(&request, &house.settings.origin)?;
    let cms = octets(form.signature.as_ref(), form.file.as_ref())?;
    let challenge = DocumentId::new(form.challenge.0);
    let signed_in = house.sign_in(challenge, &cms).await;
    let signed_in = signed_in.map_err(|error| Problem {
        seen: seen(form.signature.as_ref(), form.file.as_ref()),
        ..Problem::from(error)
    })?;
    // A browser is signed in once: who signs in anew leaves the session before.
    if let Some(before) = before {
        house.sign_out(&before.session).await?;
    }
    let token = signed_in.token.expose_secret().to_owned();
    let next = form.next.as_deref().map_or("", String::as_str);
    let mut response = onward(&visitor, next);
    // A cookie that cannot be written leaves the person where they were.
    let _ = response.add_cookie(&session_cookie(token));
    Ok(response)
}

/// Ends the session.
#[post("/sign-out")]
pub(super) async fn sign_out(
    house: Data<House>,
    filled: Filled<Nothing>,
) -> Result<HttpResponse, Problem> {
    house.sign_out(&filled.member.session).await?;
    let mut response = filled.member.visitor.to("?done=signed-out");
    let _ = response.add_cookie(&no_cookie());
    Ok(response)
}

/// On to the page that somebody asked for, if it is one of ours.
fn onward(visitor: &Visitor, next: &str) -> HttpResponse {
    let ours = Language::ALL.iter().any(|language| {
        let rest = next.strip_prefix(&format!("/{}", language.code()));
        rest.is_some_and(|rest| rest.starts_with('/'))
    });
    let plain = next
        .chars()
        .all(|one| one.is_ascii_graphic() && one != '\\');
    if ours && plain {
        return to(next);
    }
    visitor.to("/office")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_survives_being_a_parameter() {
        let text: String = "/ru/applications/new?rka=1&q=a%20b"
            .chars()
            .map(escaped)
            .collect();
        assert_eq!(text, "/ru/applications/new%3Frka%3D1%26q%3Da%2520b");
    }
}
