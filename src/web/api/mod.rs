//! The API for personal offices and portals, version 1.

#![expect(
    unreachable_pub,
    reason = "the route attributes put each handler inside a function of their own"
)]

pub mod administration;
pub mod applications;
pub mod attachments;
pub mod audit;
pub mod auth;
pub mod consents;
pub mod dwellings;
pub mod endings;
pub mod export;
pub mod health;
pub mod invitations;
pub mod mobile;
pub mod notices;
pub(super) mod page;
pub mod registrations;
pub mod reports;
pub mod search;
pub mod sessions;
pub mod state_register;
pub mod validation;
pub mod verifications;
pub mod views;
pub mod waiting;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;

use crate::flow::Reply;

/// An answer that was worded before, perhaps at an earlier attempt.
fn answer(reply: Reply) -> HttpResponse {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    HttpResponse::build(status)
        .content_type(ContentType::json())
        .body(reply.body)
}
