//! Registrations.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use uuid::Uuid;

use super::views::RegistrationView;
use crate::domain::RegistrationId;
use crate::flow::House;
use crate::web::auth::Person;
use crate::web::problem::Problem;

/// A registration, to the person who is registered and the owners who consented.
#[utoipa::path(tag = "registrations", context_path = "/api/v1", params(("id" = Uuid, Path)),
    responses((status = 200, body = RegistrationView), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[get("/registrations/{id}")]
pub async fn see(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let (registration, application) = house
        .registration(&person.0, RegistrationId::new(*id))
        .await?;
    Ok(HttpResponse::Ok().json(RegistrationView::new(&registration, &application)))
}
