//! Whether a registration stands, to anybody who holds its certificate.

use actix_web::middleware::from_fn;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::views::AddressView;
use crate::domain::{Disclosed, Validity, VerificationCode};
use crate::flow::House;
use crate::web::limits::limit_verifications;
use crate::web::problem::Problem;

/// What is told of a registration to whoever holds its code: neither a name nor a
/// number in full, and no flat.
#[derive(Serialize, ToSchema)]
pub struct VerificationView {
    /// `active` when it stands, `ahead` when its first day is still to come, or how it
    /// came to an end: `expired`, `left`, `removed`, `replaced` or `annulled`.
    #[schema(example = "active")]
    standing: &'static str,
    /// By which day's date in Kazakhstan.
    #[schema(example = "2026-11-29")]
    as_of: NaiveDate,
    /// `temporary` or `permanent`.
    #[schema(example = "temporary")]
    kind: &'static str,
    /// The first letters of the registered person's names.
    #[schema(example = "Т. Т. Т.")]
    resident_initials: String,
    /// The first four digits of their individual identification number.
    #[schema(example = "9001********")]
    resident_iin: String,
    /// The address, without a flat or room in it.
    address: AddressView,
    /// First day.
    #[schema(example = "2026-11-01")]
    starts_on: NaiveDate,
    /// Last day; absent when it has no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2027-02-01")]
    ends_on: Option<NaiveDate>,
    /// The day on which it was written.
    #[schema(example = "2026-11-01")]
    registered_on: NaiveDate,
    /// The day on which it came to an end; of one that expired, its last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-12-15")]
    ended_on: Option<NaiveDate>,
}

/// Whether the registration of a certificate stands today. The code is read in
/// capitals or not, with hyphens or without, O as 0, I and L as 1. One address may
/// ask a few times a minute.
#[utoipa::path(tag = "verifications", context_path = "/api/v1", security(()),
    params(("code" = String, Path, description = "the code on the certificate",
        example = "MPJT-B9D5-MPJT-B9D5-MPJT-B9D5-MPJT")),
    responses((status = 200, body = VerificationView), (status = 404, body = Problem),
        (status = 429, body = Problem)))]
#[get("/verifications/{code}", wrap = "from_fn(limit_verifications)")]
pub async fn verify(house: Data<House>, code: Path<String>) -> Result<HttpResponse, Problem> {
    // What cannot be a code is told from one that nobody has by no word.
    let code = VerificationCode::parse(&code).map_err(|_| Problem::not_found())?;
    let disclosed = house.verify_code(&code).await?;
    Ok(HttpResponse::Ok().json(VerificationView::from(&disclosed)))
}

impl From<&Disclosed> for VerificationView {
    fn from(disclosed: &Disclosed) -> Self {
        let (standing, ended_on) = match disclosed.validity {
            Validity::Ahead => ("ahead", None),
            Validity::Stands => ("active", None),
            Validity::Over(how, day) => (how.into(), Some(day)),
        };
        Self {
            standing,
            as_of: disclosed.day,
            kind: disclosed.kind.into(),
            resident_initials: disclosed.initials.clone(),
            resident_iin: disclosed.resident.masked(),
            address: AddressView::from(&disclosed.address),
            starts_on: disclosed.term.from(),
            ends_on: disclosed.term.until(),
            registered_on: disclosed.registered_on,
            ended_on,
        }
    }
}
