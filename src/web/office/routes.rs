//! Every page on one page.

use actix_multipart::form::MultipartFormConfig;
use actix_web::web::{self, PayloadConfig, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Scope};

use super::{
    administration, answering, application, applications, applying, assets, desk, dwellings, home,
    invitations, live, notices, registration, registrations, sessions, signatures, signing, start,
    validating, verifying, visitor,
};
use crate::domain::attachment;
use crate::web::problem::Problem;

/// The largest signature that a form brings, with its certificates and stamps.
const SIGNATURE: usize = 1024 * 1024;

/// The largest file that is judged, or scanned and attached, with its form.
const PAPER: usize = attachment::LARGEST + 16 * 1024;
const SIGNED_FILE: usize = 10 * 1024 * 1024;

/// All pages, below the language in which they are read.
pub(in crate::web) fn routes(config: &mut ServiceConfig) {
    let form = MultipartFormConfig::default();
    config
        .service(assets::asset)
        .route("/", web::get().to(start::in_own_language))
        .route("/verify", web::get().to(verifying::begin))
        .route("/verify/{code}", web::get().to(verifying::open))
        .route("/invitations/{code}", web::get().to(invitations::open))
        .service(
            web::scope("/{language:kk|ru|en}")
                .app_data(form.total_limit(SIGNATURE).memory_limit(SIGNATURE))
                .route("", web::get().to(start::show))
                .service(start::sign_in)
                .service(start::sign_out)
                .service(home::show)
                .service(applying::show)
                .service(applying::draft)
                .service(applications::list)
                .service(application::show)
                .service(applying::rewrite)
                .service(applying::edit)
                .service(signing::read_application)
                .service(signing::sign_application)
                .service(signing::read_consent)
                .service(signing::sign_consent)
                .service(signing::read_leaving)
                .service(signing::sign_leaving)
                .service(signing::read_removal)
                .service(signing::sign_removal)
                .service(signatures::show)
                .service(answering::withdrawal)
                .service(answering::withdraw)
                .service(answering::refusal)
                .service(answering::decline)
                .service(answering::reversal)
                .service(answering::take_back)
                .service(answering::removal_withdrawal)
                .service(answering::withdraw_removal)
                .service(registrations::list)
                .service(registration::show)
                .service(dwellings::list)
                .service(dwellings::show)
                .service(notices::list)
                .service(notices::mark_all)
                .service(invitations::list)
                .service(invitations::form)
                .service(invitations::invite)
                .service(invitations::cancel)
                .service(invitations::decline)
                .service(desk::list)
                .service(desk::reports::list)
                .service(desk::papers)
                .service(
                    large("/desk/{id}", PAPER)
                        .service(desk::attach)
                        .service(desk::detach)
                        .service(desk::attest),
                )
                .service(
                    large("/validate", SIGNED_FILE)
                        .service(validating::form)
                        .service(validating::judge),
                )
                .service(sessions::list)
                .service(sessions::end_others)
                .service(sessions::end)
                .service(administration::show)
                .service(administration::retry)
                .service(administration::end_sessions)
                .service(verifying::form)
                .service(verifying::tell)
                .service(live::application)
                .service(live::notices)
                .default_service(web::to(nothing_here)),
        );
}

/// A scope with forms of this size.
fn large(path: &str, limit: usize) -> Scope {
    let form = MultipartFormConfig::default();
    web::scope(path)
        .app_data(PayloadConfig::new(limit))
        .app_data(form.total_limit(limit).memory_limit(limit))
}

/// Below no language there is only the way to one.
async fn nothing_here(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let root = visitor::language(&request).map(|language| format!("/{}/", language.code()));
    match root {
        Some(root) if request.path() == root => Ok(visitor::to(root.trim_end_matches('/'))),
        Some(_) | None => Err(Problem::not_found()),
    }
}
