//! Every route on one page.

use actix_multipart::form::MultipartFormConfig;
use actix_web::http::header;
use actix_web::middleware::DefaultHeaders;
use actix_web::web::{self, PathConfig, PayloadConfig, QueryConfig, ServiceConfig};
use actix_web::{HttpResponse, ResponseError, Scope};
use utoipa::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::api::{
    administration, applications, attachments, audit, auth, consents, dwellings, endings, export,
    health, invitations, mobile, notices, registrations, reports, search, sessions, state_register,
    validation, verifications,
};
use super::office;
use super::openapi::Api;
use super::problem::Problem;
use crate::domain::attachment;

/// The largest body that is read: a signature with its certificates is a few
/// kilobytes.
const BODY: usize = 1024 * 1024;

/// The largest body that is judged: a signed file and its signature in base64.
const SIGNED_FILE: usize = 10 * 1024 * 1024;

/// What a form has beside the octets of its file, generously.
const FORM: usize = 16 * 1024;

/// Where the description of the API is.
const DESCRIPTION: &str = "/api/openapi.json";

/// What the pages that show it may do: they style themselves.
const DOCS: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
    object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// All routes, with errors of the framework turned into problems.
pub fn routes(config: &mut ServiceConfig) {
    config
        .app_data(PayloadConfig::new(BODY))
        .app_data(PathConfig::default().error_handler(|_, _| Problem::not_found().into()))
        .app_data(QueryConfig::default().error_handler(|_, _| {
            Problem::malformed("the query has an unknown or wrong parameter").into()
        }))
        .service(
            web::scope("/api/v1")
                .service(attached("/applications/{id}/attachments"))
                .service(auth::challenge)
                .service(auth::sign_in)
                .service(auth::sign_out)
                .service(sessions::list)
                .service(sessions::end_others)
                .service(sessions::end)
                .service(auth::me)
                .service(export::download)
                .service(applications::draft)
                .service(search::list)
                .service(search::counts)
                .service(applications::document)
                .service(applications::sign)
                .service(applications::withdraw)
                .service(attachments::attest)
                .service(applications::edit)
                .service(applications::see)
                .service(consents::document)
                .service(consents::sign)
                .service(consents::decline)
                .service(consents::take_back)
                .service(registrations::list)
                .service(registrations::counts)
                .service(registrations::evidence)
                .service(registrations::certificate)
                .service(verifications::verify)
                .service(endings::leaving_document)
                .service(endings::leave)
                .service(endings::removal_document)
                .service(endings::remove)
                .service(endings::withdraw_removal)
                .service(registrations::see)
                .service(invitations::invite)
                .service(invitations::list)
                .service(invitations::redeem)
                .service(invitations::cancel)
                .service(invitations::decline)
                .service(mobile::begin)
                .service(mobile::collect)
                .service(mobile::introduce)
                .service(mobile::show)
                .service(mobile::take)
                .service(dwellings::list)
                .service(dwellings::registrations)
                .service(dwellings::counts)
                .service(reports::list)
                .service(notices::list)
                .service(notices::count)
                .service(notices::mark_all)
                .service(notices::mark)
                .service(administration::health)
                .service(administration::deliveries)
                .service(administration::retry)
                .service(administration::end_sessions)
                .service(state_register::answer)
                .service(audit::records)
                .service(audit::prove)
                .service(audit::latest)
                .service(audit::consistency)
                .service(judging("/signatures").service(validation::validate))
                .service(judging("/certificates").service(validation::inspect)),
        )
        .service(health::live)
        .service(health::ready)
        .service(health::metrics)
        .route(DESCRIPTION, web::get().to(description))
        .route("/api/docs", web::get().to(to_docs))
        .service(
            web::scope("/api/docs")
                .wrap(DefaultHeaders::new().add((header::CONTENT_SECURITY_POLICY, DOCS)))
                .service(SwaggerUi::new("/{_:.*}").config(Config::from(DESCRIPTION))),
        )
        .configure(office::routes)
        .default_service(web::to(nothing_here));
}

/// The scope of scanned papers: a file of the largest size and the form around it.
fn attached(path: &str) -> Scope {
    let limit = attachment::LARGEST + FORM;
    let form = MultipartFormConfig::default();
    web::scope(path)
        .app_data(PayloadConfig::new(limit))
        .app_data(form.total_limit(limit).memory_limit(limit))
        .service(attachments::attach)
        .service(attachments::list)
        .service(attachments::see)
        .service(attachments::detach)
}

/// A scope for what may be as large as a signed file.
fn judging(path: &str) -> Scope {
    let form = MultipartFormConfig::default();
    web::scope(path)
        .app_data(PayloadConfig::new(SIGNED_FILE))
        .app_data(form.total_limit(SIGNED_FILE).memory_limit(SIGNED_FILE))
}

async fn nothing_here() -> HttpResponse {
    Problem::not_found().error_response()
}

async fn description() -> HttpResponse {
    HttpResponse::Ok().json(Api::openapi())
}

async fn to_docs() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header(("Location", "/api/docs/"))
        .finish()
}
