//! Invitations: an owner starts it, and the person who is named applies.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, NaiveDate, Utc};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::applications::{Nothing, term};
use super::views::{AddressView, NumberView};
use super::{answer, page};
use crate::domain::{Actor, ApplicationId, Invitation, InvitationId, Kind};
use crate::eds::Iin;
use crate::flow::inviting::{Offer, Side};
use crate::flow::{House, Reply};
use crate::web::auth::Person;
use crate::web::command::{Body, Command};
use crate::web::problem::Problem;

/// Whom you invite, and to what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationRequest {
    /// Registration code of the address: sixteen digits.
    #[schema(example = "0201999000000011")]
    pub(in crate::web) rka: String,
    /// Individual identification number of the person who is invited.
    #[schema(example = "920614499917")]
    pub(in crate::web) resident: String,
    /// `temporary` (when absent) or `permanent`.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "temporary")]
    pub(in crate::web) kind: Option<Kind>,
    /// First day of the registration.
    #[schema(example = "2026-12-01")]
    pub(in crate::web) starts_on: NaiveDate,
    /// Length in whole months, 1 to 12; absent for a permanent registration.
    #[serde(default)]
    #[schema(example = 3)]
    pub(in crate::web) months: Option<u32>,
}

/// The code of a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedeemRequest {
    /// The last part of the link.
    #[schema(example = "mZ0m1cC8Q0y7r3yM2s5v4w")]
    code: String,
}

/// Which invitations to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InvitationsRequest {
    /// `resident` (when absent) for those to you, `owner` for those by you.
    #[serde(default)]
    #[param(example = "resident")]
    role: Option<String>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<Uuid>,
    /// 1 to 100; 20 when absent.
    #[serde(default)]
    #[param(example = 20)]
    limit: Option<i64>,
}

/// An invitation to apply. It is no consent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InvitationView {
    /// Its identifier; name it when you draft the application.
    #[schema(example = "0198f0a2-7c1e-7000-8000-000000000001")]
    pub id: Uuid,
    /// `open`, `used`, `cancelled`, `declined` or `expired`.
    #[schema(example = "open")]
    pub stage: &'static str,
    /// The owner who invites.
    pub by: NumberView,
    /// Individual identification number of the person who is invited, masked.
    #[schema(example = "9206********")]
    pub resident_iin: String,
    /// Registration code of the address.
    #[schema(example = "0201999000000011")]
    pub rka: String,
    /// The address.
    pub address: AddressView,
    /// `temporary` or `permanent`.
    #[schema(example = "temporary")]
    pub kind: &'static str,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day; absent when there is no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<NaiveDate>,
    /// Length in months; absent when there is no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 3)]
    pub months: Option<u32>,
    /// The last moment at which it can be used.
    pub expires_at: DateTime<Utc>,
    /// To the person who is invited, the application that came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application: Option<Uuid>,
}

/// An invitation that was just made. Code and link are shown this once.
#[derive(Serialize, ToSchema)]
pub struct InvitedView {
    /// The invitation.
    #[serde(flatten)]
    pub invitation: InvitationView,
    /// The code, for the person who is invited; nobody else can use it. Absent when
    /// the request is repeated.
    #[schema(example = "mZ0m1cC8Q0y7r3yM2s5v4w")]
    pub code: Option<String>,
    /// A link with the code in it, to hand over or to show as a QR code.
    #[schema(example = "https://office.example/invitations/mZ0m1cC8Q0y7r3yM2s5v4w")]
    pub url: Option<String>,
}

/// A page of invitations, newest first.
#[derive(Serialize, ToSchema)]
pub struct InvitationsView {
    /// The invitations.
    items: Vec<InvitationView>,
    /// The cursor of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Uuid>,
}

/// Invites a person to apply for a registration at your dwelling.
#[utoipa::path(tag = "invitations", context_path = "/api/v1", request_body = InvitationRequest,
    params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = InvitedView), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "you own no such dwelling"), (status = 422, body = Problem)))]
#[post("/invitations")]
pub async fn invite(
    house: Data<House>,
    person: Person,
    command: Command<InvitationRequest>,
) -> Result<HttpResponse, Problem> {
    let offer = Offer::try_from(&command.input)?;
    let viewer = person.0.actor();
    let wording = |invitation: &Invitation| InvitationView::reply(invitation, &viewer, 201);
    let once = command.once(&wording);
    let invited = house.invite(&person.0, &once, offer).await?;
    let Some((invitation, code)) = &invited.fresh else {
        return Ok(answer(invited.reply));
    };
    let code = code.expose_secret();
    Ok(HttpResponse::Created().json(InvitedView {
        invitation: InvitationView::new(invitation, &viewer),
        code: Some(code.to_owned()),
        url: Some(format!("{}/invitations/{code}", house.settings.origin)),
    }))
}

/// Invitations to you, or by you.
#[utoipa::path(tag = "invitations", context_path = "/api/v1", params(InvitationsRequest),
    responses((status = 200, body = InvitationsView), (status = 400, body = Problem), (status = 401, body = Problem)))]
#[get("/invitations")]
pub async fn list(
    house: Data<House>,
    person: Person,
    request: Query<InvitationsRequest>,
) -> Result<HttpResponse, Problem> {
    let side = match request.role.as_deref() {
        None | Some("resident") => Side::Resident,
        Some("owner") => Side::Owner,
        Some(_) => return Err(Problem::malformed("role must be resident or owner")),
    };
    let viewer = person.0.actor();
    let before = request.cursor.map(InvitationId::new);
    let page = (before, page::limit(request.limit)?);
    let (found, next) = house.invitations(&person.0, side, page).await?;
    let items = found.iter().map(|one| InvitationView::new(one, &viewer));
    Ok(HttpResponse::Ok().json(InvitationsView {
        items: items.collect(),
        next: next.map(InvitationId::uuid),
    }))
}

/// The invitation of a link, to the person who is invited. Looking does not use it.
#[utoipa::path(tag = "invitations", context_path = "/api/v1", request_body = RedeemRequest,
    responses((status = 200, body = InvitationView), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 404, body = Problem, description = "no such code, or for somebody else")))]
#[post("/invitations/redeem")]
pub async fn redeem(
    house: Data<House>,
    person: Person,
    Body(request): Body<RedeemRequest>,
) -> Result<HttpResponse, Problem> {
    let found = house.redeem(&person.0, &request.code).await?;
    Ok(HttpResponse::Ok().json(InvitationView::new(&found, &person.0.actor())))
}

/// Takes an invitation back that nobody has used.
#[utoipa::path(tag = "invitations", context_path = "/api/v1", request_body = Nothing,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = InvitationView), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
#[post("/invitations/{id}/cancel")]
pub async fn cancel(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
    command: Command<Nothing>,
) -> Result<HttpResponse, Problem> {
    let viewer = person.0.actor();
    let wording = |invitation: &Invitation| InvitationView::reply(invitation, &viewer, 200);
    let once = command.once(&wording);
    let reply = house.cancel_invitation(&person.0, &once, InvitationId::new(*id));
    Ok(answer(reply.await?))
}

/// Says no to an invitation to you that is still open. The owner is told.
#[utoipa::path(tag = "invitations", context_path = "/api/v1", request_body = Nothing,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = InvitationView), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
#[post("/invitations/{id}/decline")]
pub async fn decline(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
    command: Command<Nothing>,
) -> Result<HttpResponse, Problem> {
    let viewer = person.0.actor();
    let wording = |invitation: &Invitation| InvitationView::reply(invitation, &viewer, 200);
    let once = command.once(&wording);
    let reply = house.decline_invitation(&person.0, &once, InvitationId::new(*id));
    Ok(answer(reply.await?))
}

impl TryFrom<&InvitationRequest> for Offer {
    type Error = Problem;

    fn try_from(request: &InvitationRequest) -> Result<Self, Problem> {
        let resident = Iin::parse(&request.resident);
        Ok(Self {
            rka: page::address_code(&request.rka)?,
            resident: resident.map_err(|_| Problem::malformed("resident is no IIN"))?,
            term: term(request.kind, request.starts_on, request.months)?,
        })
    }
}

impl InvitationView {
    /// The invitation as this person sees it.
    pub(in crate::web) fn new(invitation: &Invitation, viewer: &Actor) -> Self {
        let application = invitation.application;
        let application = application.filter(|_| invitation.is_for(viewer));
        Self {
            id: invitation.id.uuid(),
            stage: invitation.stage.into(),
            by: NumberView::from(&invitation.by),
            resident_iin: invitation.resident.masked(),
            rka: invitation.rka.as_str().to_owned(),
            address: AddressView::from(&invitation.address),
            kind: invitation.term.kind().into(),
            starts_on: invitation.term.from(),
            ends_on: invitation.term.until(),
            months: invitation.term.months(),
            expires_at: invitation.expires_at,
            application: application.map(ApplicationId::uuid),
        }
    }

    /// The answer that is kept.
    pub(in crate::web) fn reply(invitation: &Invitation, viewer: &Actor, status: u16) -> Reply {
        let view = Self::new(invitation, viewer);
        Reply {
            status,
            body: serde_json::to_string(&view).unwrap_or_default(),
        }
    }
}
