//! How people end registrations: the resident leaves, an owner ends it or thinks better
//! of it.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get, post};
use uuid::Uuid;

use super::answer;
use super::applications::{Nothing, SignatureRequest, exact};
use super::consents::DocumentRequest;
use super::views::ApplicationView;
use crate::domain::{Purpose, RegistrationId};
use crate::flow::House;
use crate::web::auth::Person;
use crate::web::command::Command;
use crate::web::problem::Problem;
use crate::web::signature;

/// The exact bytes by which the resident ends a registration before its last day.
#[utoipa::path(tag = "registrations", context_path = "/api/v1",
    params(("id" = Uuid, Path), DocumentRequest),
    responses((status = 200, description = "canonical JSON (RFC 8785), byte for byte what is signed",
        content_type = "application/json",
        headers(("Document-Id" = Uuid, description = "names it to `POST /mobile-signings`"))),
        (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
#[get("/registrations/{id}/leaving/document")]
pub async fn leaving_document(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
    request: Query<DocumentRequest>,
) -> Result<HttpResponse, Problem> {
    let purpose = Purpose::Leaving(RegistrationId::new(*id));
    document(&house, &person, purpose, &request).await
}

/// The resident's detached signature: the registration ends.
#[utoipa::path(tag = "registrations", context_path = "/api/v1", request_body = SignatureRequest,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = ApplicationView), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
#[post("/registrations/{id}/leaving/signature")]
pub async fn leave(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
    command: Command<SignatureRequest>,
) -> Result<HttpResponse, Problem> {
    let purpose = Purpose::Leaving(RegistrationId::new(*id));
    sign(&house, &person, purpose, &command).await
}

/// The exact bytes by which an owner of the dwelling, or a delegate in the owner's place,
/// demands the end of a registration.
#[utoipa::path(tag = "registrations", context_path = "/api/v1",
    params(("id" = Uuid, Path), DocumentRequest),
    responses((status = 200, description = "canonical JSON (RFC 8785), byte for byte what is signed",
        content_type = "application/json",
        headers(("Document-Id" = Uuid, description = "names it to `POST /mobile-signings`"))),
        (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
#[get("/registrations/{id}/removal/document")]
pub async fn removal_document(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
    request: Query<DocumentRequest>,
) -> Result<HttpResponse, Problem> {
    let purpose = Purpose::Removal(RegistrationId::new(*id));
    document(&house, &person, purpose, &request).await
}

/// The detached signature of an owner, or of who holds an owner's power of attorney to
/// take people off the register: the registration ends, or the other owners are
/// asked to confirm it (by the consents that `removal` then shows them).
#[utoipa::path(tag = "registrations", context_path = "/api/v1", request_body = SignatureRequest,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = ApplicationView), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
#[post("/registrations/{id}/removal/signature")]
pub async fn remove(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
    command: Command<SignatureRequest>,
) -> Result<HttpResponse, Problem> {
    let purpose = Purpose::Removal(RegistrationId::new(*id));
    sign(&house, &person, purpose, &command).await
}

/// The owner for whom the end of a registration is demanded, or a delegate in the
/// owner's place, takes the demand back before the other owners have confirmed it: the
/// registration stands.
#[utoipa::path(tag = "registrations", context_path = "/api/v1", request_body = Nothing,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = ApplicationView), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
#[post("/registrations/{id}/removal/withdraw")]
pub async fn withdraw_removal(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
    command: Command<Nothing>,
) -> Result<HttpResponse, Problem> {
    let wording = |seen: &_| ApplicationView::reply(seen, &person.0.actor(), 200);
    let once = command.once(&wording);
    let reply = house.withdraw_removal(&person.0, &once, RegistrationId::new(*id));
    Ok(answer(reply.await?))
}

async fn document(
    house: &House,
    person: &Person,
    purpose: Purpose,
    request: &DocumentRequest,
) -> Result<HttpResponse, Problem> {
    let application = house.application_with(purpose).await?;
    let document = house
        .document_for(&person.0, application, purpose, request.language)
        .await?;
    Ok(exact(document))
}

async fn sign(
    house: &House,
    person: &Person,
    purpose: Purpose,
    command: &Command<SignatureRequest>,
) -> Result<HttpResponse, Problem> {
    let application = house.application_with(purpose).await?;
    let actor = person.0.actor();
    let wording = |seen: &_| ApplicationView::reply_to_signature(seen, &actor, purpose);
    let once = command.once(&wording);
    let cms = signature::bytes(&command.input.signature);
    let reply = house.sign(&person.0, &once, application, purpose, &cms);
    Ok(answer(reply.await?))
}
