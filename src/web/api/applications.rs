//! Applications: draft, write anew, sign, look, withdraw.

use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post, put};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::views::ApplicationView;
use super::{answer, page};
use crate::domain::{
    ApplicationId, Document, InvitationId, Kind, Language, Period, Purpose, RegistrationId, Term,
};
use crate::eds::Iin;
use crate::flow::draft::{Request, Standpoint};
use crate::flow::{Error, House};
use crate::web::auth::Person;
use crate::web::command::Command;
use crate::web::problem::Problem;
use crate::web::signature;

/// Most people in one application: more than any family.
const RESIDENTS: usize = 20;

/// What somebody asks for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftRequest {
    /// `oneself` (when absent), `administration` of the organisation whose
    /// certificate you signed in with, or `operator` of a public service centre.
    #[serde(default)]
    #[schema(example = "oneself")]
    pub(in crate::web) standpoint: Option<String>,
    /// Individual identification numbers of those who are to be registered; you
    /// yourself when absent.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!([]))]
    pub(in crate::web) residents: Vec<String>,
    /// Registration code of the address: sixteen digits.
    #[schema(example = "0201900167046043")]
    pub(in crate::web) rka: String,
    /// `temporary` (when absent) or `permanent`.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "temporary")]
    pub(in crate::web) kind: Option<Kind>,
    /// First day of the registration.
    pub(in crate::web) starts_on: NaiveDate,
    /// Length in whole months, 1 to 12; absent for a permanent registration.
    #[serde(default)]
    #[schema(example = 3)]
    pub(in crate::web) months: Option<u32>,
    /// Day of arrival.
    pub(in crate::web) arrived_on: NaiveDate,
    /// In which language you declare it: `kk`, `ru` or `en`.
    #[schema(value_type = String, example = "ru")]
    pub(in crate::web) language: Language,
    /// The registration that is to go on: same person and dwelling, from the day
    /// after its last.
    #[serde(default)]
    pub(in crate::web) extends: Option<Uuid>,
    /// The invitation of an owner that you use by this. It fills nothing in: the
    /// rest must ask for what it is for. Not when you write an application anew.
    #[serde(default)]
    pub(in crate::web) invitation: Option<Uuid>,
}

/// A detached signature.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignatureRequest {
    /// The detached CMS over the document's content: DER in base64, or PEM.
    pub signature: String,
}

/// Nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct Nothing {}

/// Drafts an application; the answer holds the document to sign.
#[utoipa::path(tag = "applications", context_path = "/api/v1", request_body = DraftRequest,
    params(("Idempotency-Key" = String, Header, description = "the same key and body give the same answer for 30 days")),
    responses((status = 201, body = ApplicationView), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
#[post("/applications")]
pub async fn draft(
    house: Data<House>,
    person: Person,
    command: Command<DraftRequest>,
) -> Result<HttpResponse, Problem> {
    let request = Request::try_from(&command.input)?;
    let wording = |seen: &_| ApplicationView::reply(seen, &person.0.actor(), 201);
    let once = command.once(&wording);
    Ok(answer(house.draft(&person.0, &once, request).await?))
}

/// Writes an application anew: it must be signed anew, and consents that were
/// given to what it asked for before are void.
#[utoipa::path(tag = "applications", context_path = "/api/v1", request_body = DraftRequest,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = ApplicationView), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
#[put("/applications/{id}")]
pub async fn edit(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
    command: Command<DraftRequest>,
) -> Result<HttpResponse, Problem> {
    let request = Request::try_from(&command.input)?;
    if request.invitation.is_some() {
        let why = "an application is written anew without an invitation";
        return Err(Problem::malformed(why));
    }
    let wording = |seen: &_| ApplicationView::reply(seen, &person.0.actor(), 200);
    let once = command.once(&wording);
    let reply = house.edit(&person.0, &once, ApplicationId::new(*id), request);
    Ok(answer(reply.await?))
}

/// One application with its history.
#[utoipa::path(tag = "applications", context_path = "/api/v1", params(("id" = Uuid, Path)),
    responses((status = 200, body = ApplicationView), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[get("/applications/{id}")]
pub async fn see(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let seen = house.see(&person.0, ApplicationId::new(*id)).await?;
    Ok(HttpResponse::Ok().json(ApplicationView::full(&seen, &person.0.actor())))
}

/// The exact bytes that the applicant signs.
#[utoipa::path(tag = "applications", context_path = "/api/v1", params(("id" = Uuid, Path)),
    responses((status = 200, description = "canonical JSON (RFC 8785), byte for byte what is signed",
        content_type = "application/json",
        headers(("Document-Id" = Uuid, description = "names it to `POST /mobile-signings`"))),
        (status = 401, body = Problem), (status = 404, body = Problem)))]
#[get("/applications/{id}/document")]
pub async fn document(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let document = house.document(&person.0, ApplicationId::new(*id)).await?;
    Ok(exact(document))
}

/// The applicant's detached signature: now the parties are asked.
#[utoipa::path(tag = "applications", context_path = "/api/v1", request_body = SignatureRequest,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = ApplicationView),
        (status = 202, description = "received; it counts once its evidence has come", body = ApplicationView),
        (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem),
        (status = 422, body = Problem), (status = 503, body = Problem)))]
#[post("/applications/{id}/signature")]
pub async fn sign(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
    command: Command<SignatureRequest>,
) -> Result<HttpResponse, Problem> {
    let purpose = Purpose::Application;
    let wording = |seen: &_| ApplicationView::reply_to_signature(seen, &person.0.actor(), purpose);
    let once = command.once(&wording);
    let cms = signature::bytes(&command.input.signature);
    let id = ApplicationId::new(*id);
    let reply = house.sign(&person.0, &once, id, purpose, &cms);
    Ok(answer(reply.await?))
}

/// The applicant takes the application back.
#[utoipa::path(tag = "applications", context_path = "/api/v1", request_body = Nothing,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = ApplicationView), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
#[post("/applications/{id}/withdraw")]
pub async fn withdraw(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
    command: Command<Nothing>,
) -> Result<HttpResponse, Problem> {
    let wording = |seen: &_| ApplicationView::reply(seen, &person.0.actor(), 200);
    let once = command.once(&wording);
    let reply = house.withdraw(&person.0, &once, ApplicationId::new(*id));
    Ok(answer(reply.await?))
}

/// Bytes as they are stored, not formatted anew; beside them the identifier by which
/// a phone is asked to sign them.
pub(super) fn exact(issued: Document) -> HttpResponse {
    HttpResponse::build(StatusCode::OK)
        .content_type(ContentType::json())
        .insert_header(("Document-Id", issued.id.uuid().to_string()))
        .body(issued.bytes)
}

impl TryFrom<&DraftRequest> for Request {
    type Error = Problem;

    fn try_from(request: &DraftRequest) -> Result<Self, Problem> {
        let standpoint = match request.standpoint.as_deref() {
            None | Some("oneself") => Standpoint::Oneself,
            Some("administration") => Standpoint::Administration,
            Some("operator") => Standpoint::Operator,
            Some(_) => return Err(Problem::malformed("there is no such standpoint")),
        };
        Ok(Self {
            standpoint,
            residents: residents(&request.residents)?,
            rka: page::address_code(&request.rka)?,
            term: term(request.kind, request.starts_on, request.months)?,
            arrived: request.arrived_on,
            language: request.language,
            extends: request.extends.map(RegistrationId::new),
            invitation: request.invitation.map(InvitationId::new),
        })
    }
}

fn residents(numbers: &[String]) -> Result<Vec<Iin>, Problem> {
    if numbers.len() > RESIDENTS {
        return Err(Problem::malformed("residents holds at most 20 numbers"));
    }
    let mut residents = Vec::with_capacity(numbers.len());
    for number in numbers {
        let iin = Iin::parse(number);
        let iin = iin.map_err(|_| Problem::malformed("residents holds a number that is no IIN"))?;
        if residents.contains(&iin) {
            return Err(Problem::malformed("residents holds a number twice"));
        }
        residents.push(iin);
    }
    Ok(residents)
}

/// The days that are asked for.
pub(super) fn term(
    kind: Option<Kind>,
    starts_on: NaiveDate,
    months: Option<u32>,
) -> Result<Term, Problem> {
    match (kind.unwrap_or(Kind::Temporary), months) {
        (Kind::Permanent, None) => Ok(Term::Permanent(starts_on)),
        (Kind::Permanent, Some(_)) => {
            Err(Problem::malformed("a permanent registration has no months"))
        }
        (Kind::Temporary, months) => {
            let months = months.ok_or_else(|| Problem::malformed("months is missing"))?;
            let period = Period::new(starts_on, months).map_err(Error::from)?;
            Ok(Term::Temporary(period))
        }
    }
}
