//! Registrations.

use actix_web::http::header::{
    ContentDisposition, DispositionParam, DispositionType, ETag, EntityTag, IfNoneMatch,
};
use actix_web::web::{Data, Header, Path, Query};
use actix_web::{HttpResponse, get};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::page;
use super::views::RegistrationView;
use crate::domain::{Actor, Ending, RegistrationId};
use crate::eds::Digest;
use crate::eds::asic::MIME_TYPE;
use crate::flow::House;
use crate::flow::office::{Filter, Page, Registered, Standings};
use crate::web::auth::Person;
use crate::web::cached::is_known;
use crate::web::problem::Problem;

/// Which registrations to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RegistrationsRequest {
    /// `active` for those that stand, `ended` for those before.
    #[serde(default)]
    #[param(example = "active")]
    standing: Option<String>,
    /// Only those of this kind: `temporary` or `permanent`.
    #[serde(default)]
    #[param(example = "temporary")]
    kind: Option<String>,
    /// Only those at this address: sixteen digits.
    #[serde(default)]
    #[param(example = "0201900167046043")]
    rka: Option<String>,
    /// Only those with all these words in the name of the resident or in the address,
    /// in any of the three languages, in large or small letters; 100 characters at
    /// most.
    #[serde(default)]
    #[param(example = "Абая 5")]
    text: Option<String>,
    /// Only those that hold for some day from this one on; one that ended early holds
    /// to the day of its end.
    #[serde(default)]
    #[param(example = "2026-11-01")]
    from: Option<NaiveDate>,
    /// Only those that hold for some day up to this one.
    #[serde(default)]
    #[param(example = "2026-11-30")]
    until: Option<NaiveDate>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<Uuid>,
    /// 1 to 100; 20 when absent.
    #[serde(default)]
    #[param(example = 20)]
    limit: Option<i64>,
}

/// Which registrations to count.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StandingsRequest {
    /// Only those of this kind: `temporary` or `permanent`.
    #[serde(default)]
    #[param(example = "temporary")]
    kind: Option<String>,
    /// Only those at this address: sixteen digits.
    #[serde(default)]
    #[param(example = "0201900167046043")]
    rka: Option<String>,
    /// Only those with all these words, as in the list.
    #[serde(default)]
    #[param(example = "Абая 5")]
    text: Option<String>,
    /// Only those that hold for some day from this one on.
    #[serde(default)]
    #[param(example = "2026-11-01")]
    from: Option<NaiveDate>,
    /// Only those that hold for some day up to this one.
    #[serde(default)]
    #[param(example = "2026-11-30")]
    until: Option<NaiveDate>,
}

/// A page of registrations, newest first.
#[derive(Serialize, ToSchema)]
pub struct RegistrationsView {
    /// The registrations.
    items: Vec<RegistrationView>,
    /// The cursor of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Uuid>,
}

/// How many registrations stand, and how the others came to an end.
#[derive(Default, Serialize, ToSchema)]
pub struct StandingsView {
    /// Of any standing.
    #[schema(example = 3)]
    total: i64,
    #[schema(example = 1)]
    active: i64,
    #[schema(example = 2)]
    expired: i64,
    left: i64,
    removed: i64,
    replaced: i64,
    annulled: i64,
    discontinued: i64,
}

/// Your own registrations and those of whom you are the legal representative today, now
/// and before, newest first.
#[utoipa::path(tag = "registrations", context_path = "/api/v1", params(RegistrationsRequest),
    responses((status = 200, body = RegistrationsView), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/registrations")]
pub async fn list(
    house: Data<House>,
    person: Person,
    request: Query<RegistrationsRequest>,
) -> Result<HttpResponse, Problem> {
    let page = Page::try_from(&request.0)?;
    let found = house.registrations(&person.0, &page).await?;
    Ok(HttpResponse::Ok().json(RegistrationsView::new(
        &found,
        (&person.0.actor(), house.now()),
    )))
}

/// How many of those that are looked for there are.
#[utoipa::path(tag = "registrations", context_path = "/api/v1", params(StandingsRequest),
    responses((status = 200, body = StandingsView), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/registrations/counts")]
pub async fn counts(
    house: Data<House>,
    person: Person,
    request: Query<StandingsRequest>,
) -> Result<HttpResponse, Problem> {
    let filter = Filter::try_from(&request.0)?;
    let counted = house.registration_counts(&person.0, &filter).await?;
    Ok(HttpResponse::Ok().json(StandingsView::from(counted)))
}

/// A registration, to the person who is registered, the owners, and who holds an owner's
/// power of attorney to end it.
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
    let heard = house.heard_of(&registration).await?;
    let viewer = (&person.0.actor(), house.now());
    let view = RegistrationView::new(&application, &registration, viewer);
    Ok(HttpResponse::Ok().json(view.heard(heard.as_ref())))
}

/// What proves a registration, to whom it concerns: an ASiC-E package that
/// anybody can verify without the service (`kelisim evidence verify`). What was
/// scanned at a service centre is in it for the residents and the centre only; for
/// others its digests are.
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
    Ok(HttpResponse::Ok()
        .content_type(MIME_TYPE)
        .insert_header(ETag(tag))
        .insert_header(attachment(format!("{id}.asice")))
        .body(octets))
}

/// In which language a certificate is to be.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CertificateRequest {
    /// `kk` (when absent), `ru` or `en`.
    #[serde(default)]
    #[param(example = "ru")]
    language: Option<String>,
}

/// The certificate of a registration for others to read, to whom it concerns: a
/// PDF/A-3b with a code by which anybody can ask whether it still stands
/// (`GET /verifications/{code}`), and the evidence attached.
#[utoipa::path(tag = "registrations", context_path = "/api/v1",
    params(("id" = Uuid, Path), CertificateRequest),
    responses(
        (status = 200, description = "a file that tells the state at the time of issue",
            content_type = "application/pdf", body = Vec<u8>),
        (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[get("/registrations/{id}/certificate")]
pub async fn certificate(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
    request: Query<CertificateRequest>,
) -> Result<HttpResponse, Problem> {
    let language = page::language(request.language.as_deref())?;
    let id = RegistrationId::new(*id);
    let printed = house.certificate(&person.0, id, language).await?;
    let name = format!("{id}-{}.pdf", language.code());
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header(attachment(name))
        .body(printed))
}

fn attachment(name: String) -> ContentDisposition {
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(name)],
    }
}

impl RegistrationsView {
    /// What `viewer` may see of them.
    pub(super) fn new((found, next): &Registered, viewer: (&Actor, DateTime<Utc>)) -> Self {
        Self {
            items: RegistrationView::all(found, viewer),
            next: next.map(RegistrationId::uuid),
        }
    }
}

impl TryFrom<&RegistrationsRequest> for Page {
    type Error = Problem;

    fn try_from(request: &RegistrationsRequest) -> Result<Self, Problem> {
        let rka = request.rka.as_deref();
        Ok(Self {
            filter: Filter {
                standing: page::standing(request.standing.as_deref())?,
                kind: page::kind(request.kind.as_deref())?,
                rka: rka.map(page::address_code).transpose()?,
                text: page::text(request.text.as_deref())?,
                from: request.from,
                until: request.until,
            },
            before: request.cursor.map(RegistrationId::new),
            limit: page::limit(request.limit)?,
        })
    }
}

impl TryFrom<&StandingsRequest> for Filter {
    type Error = Problem;

    fn try_from(request: &StandingsRequest) -> Result<Self, Problem> {
        let rka = request.rka.as_deref();
        Ok(Self {
            standing: None,
            kind: page::kind(request.kind.as_deref())?,
            rka: rka.map(page::address_code).transpose()?,
            text: page::text(request.text.as_deref())?,
            from: request.from,
            until: request.until,
        })
    }
}

impl From<Standings> for StandingsView {
    fn from(counted: Standings) -> Self {
        let mut view = Self::default();
        for (ending, count) in counted {
            view.total += count;
            let place = match ending {
                None => &mut view.active,
                Some(Ending::Expired) => &mut view.expired,
                Some(Ending::Left) => &mut view.left,
                Some(Ending::Removed) => &mut view.removed,
                Some(Ending::Replaced) => &mut view.replaced,
                Some(Ending::Annulled) => &mut view.annulled,
                Some(Ending::Discontinued) => &mut view.discontinued,
            };
            *place += count;
        }
        view
    }
}
