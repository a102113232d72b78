//! Registrations.

use actix_web::http::header::{
    ContentDisposition, DispositionParam, DispositionType, ETag, EntityTag, IfNoneMatch,
};
use actix_web::web::{Data, Header, Path};
use actix_web::{HttpResponse, get};
use uuid::Uuid;

use super::views::RegistrationView;
use crate::domain::RegistrationId;
use crate::eds::Digest;
use crate::eds::asic::MIME_TYPE;
use crate::flow::House;
use crate::web::auth::Person;
use crate::web::problem::Problem;

/// A registration, to the person who is registered and the owners.
#[utoipa::path(tag = "registrations", context_path = "/api/v1", params(("id" = Uuid, Path)),
    responses((status = 200, body = RegistrationView), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[get("/registrations/{id}")]
pub async fn see(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let (application, registration) = house
        .registration(&person.0, RegistrationId::new(*id))
        .await?;
    let viewer = person.0.actor();
    Ok(HttpResponse::Ok().json(RegistrationView::new(&application, &registration, &viewer)))
}

/// What proves a registration, to whom it concerns: an ASiC-E package that
/// anybody can verify without the service (`kelisim evidence verify`).
#[utoipa::path(tag = "registrations", context_path = "/api/v1", params(("id" = Uuid, Path)),
    responses(
        (status = 200, content_type = "application/vnd.etsi.asic-e+zip", body = Vec<u8>),
        (status = 304, description = "The package that the client has is the same"),
        (status = 401, body = Problem), (status = 404, body = Problem)))]
#[get("/registrations/{id}/evidence")]
pub async fn evidence(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
    known: Header<IfNoneMatch>,
) -> Result<HttpResponse, Problem> {
    let package = house.evidence(&person.0, RegistrationId::new(*id)).await?;
    let octets = package.write();
    let tag = EntityTag::new_strong(Digest::of(&octets).to_string());
    if is_known(&known, &tag) {
        return Ok(HttpResponse::NotModified()
            .insert_header(ETag(tag))
            .finish());
    }
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(format!("{id}.asice"))],
    };
    Ok(HttpResponse::Ok()
        .content_type(MIME_TYPE)
        .insert_header(ETag(tag))
        .insert_header(disposition)
        .body(octets))
}

fn is_known(known: &IfNoneMatch, tag: &EntityTag) -> bool {
    match known {
        IfNoneMatch::Any => false,
        IfNoneMatch::Items(tags) => tags.iter().any(|known| known.weak_eq(tag)),
    }
}
