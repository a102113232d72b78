//! Anybody asks, by the code on a certificate, whether the registration stands now.

use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use serde::Deserialize;

use super::page::Page;
use super::start;
use super::visitor::{Member, Visitor, to};
use crate::domain::{Language, VerificationCode};
use crate::flow::{Error, House};
use crate::render::paper::{self, Told, Tone};
use crate::render::words::Words;
use crate::web::limits::limit_verifications;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "verifying.html")]
struct VerifyingPage {
    page: Page,
    say: Words,
    code: String,
    answer: Answer,
}

/// What is told by a code.
enum Answer {
    /// Nothing was asked yet.
    Unasked,
    /// No certificate has this code.
    Unknown,
    /// This.
    Told(Told),
}

/// The code that was typed.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    code: String,
}

/// The way from the code on a certificate to the page, in the language of the
/// browser.
pub(super) async fn open(request: HttpRequest, code: Path<String>) -> HttpResponse {
    let language = start::preferred(&request).code();
    match VerificationCode::parse(&code) {
        Ok(code) => to(&format!("/{language}/verify/{code}")),
        Err(_) => to(&format!("/{language}/verify")),
    }
}

/// The same without a code.
pub(super) async fn begin(request: HttpRequest) -> HttpResponse {
    to(&format!("/{}/verify", start::preferred(&request).code()))
}

/// The form, which leads on to the answer.
#[get("/verify")]
pub(super) async fn form(
    visitor: Visitor,
    member: Option<Member>,
    typed: Query<Typed>,
) -> Result<HttpResponse, Problem> {
    let code = typed.code.trim();
    match VerificationCode::parse(code) {
        Ok(code) => Ok(visitor.to(&format!("/verify/{code}"))),
        Err(_) if code.is_empty() => show(&visitor, member, code, Answer::Unasked).await,
        Err(_) => show(&visitor, member, code, Answer::Unknown).await,
    }
}

/// Whether the registration of a certificate stands.
#[get("/verify/{code}", wrap = "from_fn(limit_verifications)")]
pub(super) async fn tell(
    house: Data<House>,
    visitor: Visitor,
    member: Option<Member>,
    path: Path<(Language, String)>,
) -> Result<HttpResponse, Problem> {
    let code = path.1.trim();
    let answer = match VerificationCode::parse(code) {
        Ok(code) => match house.verify_code(&code).await {
            Ok(disclosed) => Answer::Told(paper::told(&disclosed, visitor.language())),
            Err(Error::NotFound) => Answer::Unknown,
            Err(error) => return Err(error.into()),
        },
        Err(_) => Answer::Unknown,
    };
    show(&visitor, member, code, answer).await
}

async fn show(
    visitor: &Visitor,
    member: Option<Member>,
    code: &str,
    answer: Answer,
) -> Result<HttpResponse, Problem> {
    let page = visitor.page_for(member.as_ref()).await?;
    let status = match answer {
        Answer::Unasked | Answer::Told(_) => StatusCode::OK,
        Answer::Unknown => StatusCode::NOT_FOUND,
    };
    Ok(page.clone().answer(
        status,
        &VerifyingPage {
            page,
            say: visitor.say,
            code: code.to_owned(),
            answer,
        },
    ))
}

fn class(tone: &Tone) -> &'static str {
    match tone {
        Tone::Good => "good",
        Tone::Open => "open",
        Tone::Bad => "bad",
    }
}
