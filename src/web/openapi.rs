//! The description of the API (OpenAPI 3.1).

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::api::{
    administration, applications, attachments, audit, auth, consents, dwellings, endings, export,
    health, invitations, mobile, notices, registrations, reports, search, sessions, state_register,
    validation, verifications,
};

mod examples;
#[cfg(test)]
mod tests;

use examples::Examples;

/// The whole API, as served at `/api/openapi.json`.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Kelisim",
        description = "Consents to registration at a place of stay: signed, verified and provable. \
            Every call that changes something takes an `Idempotency-Key`: the same key and body give \
            the same answer for 30 days. Errors are problem+json (RFC 9457)."
    ),
    modifiers(&Session, &Examples),
    security(("session" = [])),
    paths(
        auth::challenge,
        auth::sign_in,
        auth::sign_out,
        sessions::list,
        sessions::end_others,
        sessions::end,
        auth::me,
        export::download,
        applications::draft,
        applications::edit,
        search::list,
        search::counts,
        applications::see,
        applications::document,
        applications::sign,
        applications::withdraw,
        attachments::attach,
        attachments::list,
        attachments::see,
        attachments::detach,
        attachments::attest,
        consents::document,
        consents::sign,
        consents::decline,
        consents::take_back,
        registrations::list,
        registrations::counts,
        registrations::see,
        registrations::evidence,
        registrations::certificate,
        verifications::verify,
        endings::leaving_document,
        endings::leave,
        endings::removal_document,
        endings::remove,
        endings::withdraw_removal,
        invitations::invite,
        invitations::list,
        invitations::redeem,
        invitations::cancel,
        invitations::decline,
        mobile::begin,
        mobile::collect,
        mobile::introduce,
        mobile::show,
        mobile::take,
        dwellings::list,
        dwellings::registrations,
        dwellings::counts,
        reports::list,
        notices::list,
        notices::count,
        notices::mark,
        notices::mark_all,
        administration::health,
        administration::deliveries,
        administration::retry,
        administration::end_sessions,
        state_register::answer,
        audit::records,
        audit::prove,
        audit::latest,
        audit::consistency,
        validation::validate,
        validation::inspect,
        health::live,
        health::ready,
        health::metrics,
    )
)]
pub struct Api;

/// How a program shows its session; browsers have the cookie.
struct Session;

impl Modify for Session {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("session", SecurityScheme::Http(bearer));
    }
}
