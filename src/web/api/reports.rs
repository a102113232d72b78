//! Answers that tell of a wrong, for those who look into it.

use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::page;
use super::views::{AddressView, NumberView, ResidentView, number};
use crate::domain::{Application, ConsentId};
use crate::flow::House;
use crate::flow::office::Report;
use crate::web::auth::Person;
use crate::web::problem::Problem;

/// Which reported answers to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportsRequest {
    /// Only `unknown_person` or only `not_my_dwelling`.
    #[serde(default)]
    #[param(example = "unknown_person")]
    reason: Option<String>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<Uuid>,
    /// 1 to 100; 20 when absent.
    #[serde(default)]
    #[param(example = 20)]
    limit: Option<i64>,
}

/// An answer after which somebody has to look.
#[derive(Serialize, ToSchema)]
pub struct ReportView {
    /// The consent that was asked for.
    consent: Uuid,
    /// In which application.
    application: Uuid,
    /// `unknown_person` or `not_my_dwelling`.
    #[schema(example = "unknown_person")]
    reason: &'static str,
    /// When it was answered.
    answered_at: DateTime<Utc>,
    /// Who answered.
    by: NumberView,
    /// Who had applied.
    applicant: ResidentView,
    /// For whom.
    residents: Vec<ResidentView>,
    /// Registration code of the address.
    #[schema(example = "0201900167046043")]
    rka: String,
    /// The address.
    address: AddressView,
}

/// A page of reported answers, those first that were asked for last.
#[derive(Serialize, ToSchema)]
pub struct ReportsView {
    /// The answers.
    items: Vec<ReportView>,
    /// The cursor of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Uuid>,
}

/// Answers that the person is unknown or the dwelling another's, to the operators
/// of the service centres.
#[utoipa::path(tag = "reports", context_path = "/api/v1", params(ReportsRequest),
    responses((status = 200, body = ReportsView), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 403, body = Problem)))]
#[get("/reports")]
pub async fn list(
    house: Data<House>,
    person: Person,
    request: Query<ReportsRequest>,
) -> Result<HttpResponse, Problem> {
    let reason = page::reported(request.reason.as_deref())?;
    let before = request.cursor.map(ConsentId::new);
    let wanted = (reason, before, page::limit(request.limit)?);
    let (found, next) = house.reports(&person.0, wanted).await?;
    Ok(HttpResponse::Ok().json(ReportsView {
        items: found.iter().map(ReportView::from).collect(),
        next: next.map(ConsentId::uuid),
    }))
}

impl From<&(Application, Report)> for ReportView {
    fn from((application, report): &(Application, Report)) -> Self {
        let applicant = &application.applicant;
        Self {
            consent: report.consent.uuid(),
            application: application.id.uuid(),
            reason: report.reason.into(),
            answered_at: report.at,
            by: number(&report.party).1,
            applicant: ResidentView {
                name: applicant.name.clone(),
                iin: applicant.iin.masked(),
            },
            residents: application.residents.iter().map(Into::into).collect(),
            rka: application.rka.as_str().to_owned(),
            address: AddressView::from(&application.address),
        }
    }
}
