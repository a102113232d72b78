//! The one place where a problem becomes a page: in the person's language, with
//! what to do next, and the details for those who want them.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpRequest, HttpResponse};
use askama::Template;

use super::page::Page;
use super::start;
use super::visitor::{self, Visitor};
use crate::flow::House;
use crate::render::words::Words;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    page: Page,
    say: Words,
    told: Told<'a>,
    back: String,
}

/// How the kinds begin that are about a paper.
const ATTACHMENT: &str = "attachment";

/// A problem in the words of a page.
pub(super) struct Told<'a> {
    /// What went wrong.
    pub(super) title: String,
    /// What that means, and what can be done.
    pub(super) advice: String,
    /// The status of the signature, when it is about one.
    pub(super) indication: Option<&'static str>,
    /// The problem as programs see it.
    pub(super) problem: &'a Problem,
}

impl<'a> Told<'a> {
    /// The problem in these words. What nothing more is said of has a message for
    /// all such problems.
    pub(super) fn new(say: Words, problem: &'a Problem) -> Self {
        let kind = problem.kind.rsplit(':').next().unwrap_or_default();
        // One message is for everything that can be wrong with a paper.
        let kind = match kind.starts_with(ATTACHMENT) {
            true => ATTACHMENT,
            false => kind,
        };
        let code = problem.code.and_then(|code| say.named("code", code));
        let title = say.named("problem", kind);
        let advice = code.or_else(|| say.named("advice", kind));
        Self {
            title: title.unwrap_or_else(|| say.problem_other()),
            advice: advice.unwrap_or_else(|| say.advice_other()),
            indication: problem.indication.map(Into::into),
            problem,
        }
    }
}

/// The page of ours from which a form was sent: many forms go where no page is.
fn back(request: &HttpRequest) -> Option<String> {
    let house = request.app_data::<Data<House>>()?;
    let from = request.headers().get(header::REFERER)?.to_str().ok()?;
    let path = from.strip_prefix(&house.settings.origin)?;
    path.starts_with('/').then(|| path.to_owned())
}

/// Turns a problem of a page into a page, and sends whoever has not signed in to the page
/// where one does.
pub(in crate::web) async fn dress(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    if visitor::language(response.request()).is_none() {
        return Ok(response);
    }
    let error = response.response().error();
    let Some(problem) = error.and_then(|error| error.as_error::<Problem>()).cloned() else {
        return Ok(response);
    };
    let page = dressed(response.request(), &problem);
    Ok(response.into_response(page))
}

fn dressed(request: &HttpRequest, problem: &Problem) -> HttpResponse {
    let looks = *request.method() == Method::GET;
    if problem.status == StatusCode::UNAUTHORIZED && looks {
        return visitor::to(&start::on_the_way_to(request));
    }
    let page = Visitor::of(request).and_then(|visitor| Ok((visitor.page()?, visitor.say)));
    let Ok((page, say)) = page else {
        return HttpResponse::build(problem.status).finish();
    };
    let told = Told::new(say, problem);
    let back = back(request).unwrap_or_else(|| page.own());
    let mut response = page.clone().answer(
        problem.status,
        &ProblemPage {
            page,
            say,
            told,
            back,
        },
    );
    if let Some(seconds) = problem.retry_after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, seconds.into());
    }
    response
}
