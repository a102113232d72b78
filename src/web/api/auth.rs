//! Signing in by EDS, and out again.

use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, post};
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::page;
use super::views::DocumentView;
use crate::domain::{DocumentId, Language};
use crate::flow::House;
use crate::web::auth::{Person, no_cookie, session_cookie};
use crate::web::command::Body;
use crate::web::problem::Problem;
use crate::web::signature;

/// In which language the challenge is to be worded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChallengeRequest {
    /// `kk`, `ru` or `en`; Kazakh when absent.
    #[serde(default = "page::state_language")]
    #[schema(value_type = Option<String>, example = "ru")]
    language: Language,
}

/// A signed challenge.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionRequest {
    /// Which challenge was signed.
    challenge: Uuid,
    /// The detached CMS over its content: DER in base64, or PEM.
    signature: String,
}

/// A session that was opened. The token is shown this once.
#[derive(Serialize, ToSchema)]
pub struct SessionView {
    /// For the header `Authorization: Bearer …`; browsers have the cookie.
    token: String,
    /// Until when the session lasts at most.
    expires_at: DateTime<Utc>,
    /// Who signed in.
    person: PersonView,
}

/// A person who has signed in.
#[derive(Serialize, ToSchema)]
pub struct PersonView {
    /// The name in the certificate.
    name: String,
    /// Individual identification number, masked.
    #[schema(example = "9001********")]
    iin: String,
    /// When the session was opened.
    signed_in_at: DateTime<Utc>,
}

/// Asks for a challenge to sign; good once and for at most two minutes.
#[utoipa::path(tag = "auth", context_path = "/api/v1", security(()), request_body = ChallengeRequest,
    responses((status = 201, body = DocumentView), (status = 400, body = Problem)))]
#[post("/auth/challenges")]
pub async fn challenge(
    house: Data<House>,
    Body(request): Body<ChallengeRequest>,
) -> Result<HttpResponse, Problem> {
    let challenge = house.challenge(request.language).await?;
    Ok(HttpResponse::Created().json(DocumentView::from(&challenge)))
}

/// Opens a session for the person who signed the challenge.
#[utoipa::path(tag = "auth", context_path = "/api/v1", security(()), request_body = SessionRequest,
    responses((status = 201, body = SessionView), (status = 400, body = Problem),
        (status = 422, body = Problem, description = "the signature does not count, or the challenge is spent")))]
#[post("/auth/sessions")]
pub async fn sign_in(
    house: Data<House>,
    Body(request): Body<SessionRequest>,
) -> Result<HttpResponse, Problem> {
    let cms = signature::bytes(&request.signature);
    let signed_in = house
        .sign_in(DocumentId::new(request.challenge), &cms)
        .await?;
    let token = signed_in.token.expose_secret().to_owned();
    let view = SessionView {
        token: token.clone(),
        expires_at: signed_in.session.expires_at,
        person: PersonView::new(&Person(signed_in.session)),
    };
    Ok(HttpResponse::Created()
        .cookie(session_cookie(token))
        .json(view))
}

/// Ends the session.
#[utoipa::path(tag = "auth", context_path = "/api/v1",
    responses((status = 204), (status = 401, body = Problem)))]
#[delete("/auth/sessions/current")]
pub async fn sign_out(house: Data<House>, person: Person) -> Result<HttpResponse, Problem> {
    house.sign_out(&person.0).await?;
    Ok(HttpResponse::NoContent().cookie(no_cookie()).finish())
}

/// Who am I?
#[utoipa::path(tag = "auth", context_path = "/api/v1",
    responses((status = 200, body = PersonView), (status = 401, body = Problem)))]
#[get("/me")]
pub async fn me(person: Person) -> HttpResponse {
    HttpResponse::Ok().json(PersonView::new(&person))
}

impl PersonView {
    fn new(person: &Person) -> Self {
        Self {
            name: person.0.name.clone(),
            iin: person.0.iin.masked(),
            signed_in_at: person.0.created_at,
        }
    }
}
