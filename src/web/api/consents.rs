//! Consents: read, give, decline.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::answer;
use super::applications::{Nothing, SignatureRequest, exact};
use super::views::ApplicationView;
use crate::domain::{ApplicationId, ConsentId, DeclineReason, Language, Purpose};
use crate::flow::House;
use crate::web::auth::Person;
use crate::web::command::Command;
use crate::web::problem::Problem;
use crate::web::signature;

/// In which language the statement is to be worded.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DocumentRequest {
    /// `kk`, `ru` or `en`; the resident's language when absent.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    pub(super) language: Option<Language>,
}

/// Why somebody says no.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineRequest {
    /// `not_agreed`, `unknown_person` or `not_my_dwelling`.
    #[schema(value_type = String, example = "not_agreed")]
    reason: DeclineReason,
}

/// The exact bytes that a party signs: the consent to a registration, or to its end.
#[utoipa::path(tag = "consents", context_path = "/api/v1",
    params(("id" = Uuid, Path), ("consent" = Uuid, Path), DocumentRequest),
    responses((status = 200, description = "canonical JSON (RFC 8785), byte for byte what is signed",
        content_type = "application/json",
        headers(("Document-Id" = Uuid, description = "names it to `POST /mobile-signings`"))),
        (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
#[get("/applications/{id}/consents/{consent}/document")]
pub async fn document(
    house: Data<House>,
    person: Person,
    path: Path<(Uuid, Uuid)>,
    request: Query<DocumentRequest>,
) -> Result<HttpResponse, Problem> {
    let (id, consent) = named(&path);
    let purpose = Purpose::Consent(consent);
    let document = house
        .document_for(&person.0, id, purpose, request.language)
        .await?;
    Ok(exact(document))
}

/// A party's detached signature: the consent.
#[utoipa::path(tag = "consents", context_path = "/api/v1", request_body = SignatureRequest,
    params(("id" = Uuid, Path), ("consent" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = ApplicationView),
        (status = 202, description = "received; it counts once its evidence has come", body = ApplicationView),
        (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
#[post("/applications/{id}/consents/{consent}/signature")]
pub async fn sign(
    house: Data<House>,
    person: Person,
    path: Path<(Uuid, Uuid)>,
    command: Command<SignatureRequest>,
) -> Result<HttpResponse, Problem> {
    let (id, consent) = named(&path);
    let purpose = Purpose::Consent(consent);
    let wording = |seen: &_| ApplicationView::reply_to_signature(seen, &person.0.actor(), purpose);
    let once = command.once(&wording);
    let cms = signature::bytes(&command.input.signature);
    let reply = house.sign(&person.0, &once, id, purpose, &cms);
    Ok(answer(reply.await?))
}

/// A party says no: the application ends, or the registration stands that was to end.
#[utoipa::path(tag = "consents", context_path = "/api/v1", request_body = DeclineRequest,
    params(("id" = Uuid, Path), ("consent" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = ApplicationView), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
#[post("/applications/{id}/consents/{consent}/decline")]
pub async fn decline(
    house: Data<House>,
    person: Person,
    path: Path<(Uuid, Uuid)>,
    command: Command<DeclineRequest>,
) -> Result<HttpResponse, Problem> {
    let wording = |seen: &_| ApplicationView::reply(seen, &person.0.actor(), 200);
    let once = command.once(&wording);
    let (id, consent) = named(&path);
    let reply = house.decline(&person.0, &once, id, consent, command.input.reason);
    Ok(answer(reply.await?))
}

/// A party takes a consent back before anything follows from it; the application ends.
#[utoipa::path(tag = "consents", context_path = "/api/v1", request_body = Nothing,
    params(("id" = Uuid, Path), ("consent" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = ApplicationView), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
#[post("/applications/{id}/consents/{consent}/take-back")]
pub async fn take_back(
    house: Data<House>,
    person: Person,
    path: Path<(Uuid, Uuid)>,
    command: Command<Nothing>,
) -> Result<HttpResponse, Problem> {
    let wording = |seen: &_| ApplicationView::reply(seen, &person.0.actor(), 200);
    let once = command.once(&wording);
    let (id, consent) = named(&path);
    let reply = house.take_back(&person.0, &once, id, consent);
    Ok(answer(reply.await?))
}

fn named(path: &Path<(Uuid, Uuid)>) -> (ApplicationId, ConsentId) {
    (ApplicationId::new(path.0), ConsentId::new(path.1))
}
