//! Judging signatures and certificates for anybody: nobody need be signed in,
//! nothing is kept.

use actix_multipart::form::MultipartForm;
use actix_multipart::form::bytes::Bytes;
use actix_multipart::form::text::Text;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::eds::{Numbers, Policy};
use crate::flow::House;
use crate::flow::validate::Request;
use crate::web::command::Body;
use crate::web::form::Posted;
use crate::web::problem::Problem;

/// A file with signatures.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ValidationRequest {
    /// CMS: DER in base64, or PEM. Or a signed XML document as it is.
    signature: String,
    /// What was signed, in base64, when it is not in the signature.
    content: Option<String>,
    /// As of when to judge; now, when absent.
    time: Option<DateTime<Utc>>,
    /// `national` (when absent), `national-test`, `national-login` or `generic`.
    #[schema(example = "national")]
    policy: Option<String>,
}

/// The same as a form, with files as they are.
#[derive(MultipartForm, ToSchema)]
#[multipart(deny_unknown_fields, duplicate_field = "deny")]
pub struct ValidationForm {
    /// CMS in DER, PEM or base64, or a signed XML document.
    #[schema(value_type = String, format = Binary)]
    signature: Bytes,
    /// What was signed, when it is not in the signature.
    #[schema(value_type = Option<String>, format = Binary)]
    content: Option<Bytes>,
    /// As of when to judge; now, when absent.
    #[schema(value_type = Option<DateTime<Utc>>)]
    time: Option<Text<DateTime<Utc>>>,
    /// `national` (when absent), `national-test`, `national-login` or `generic`.
    #[schema(value_type = Option<String>, example = "national")]
    policy: Option<Text<String>>,
}

/// A certificate.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InspectionRequest {
    /// DER in base64, or PEM.
    certificate: String,
    /// Whether identification numbers are written out.
    #[serde(default)]
    reveal: bool,
}

/// Judges every signature in a file. The answer is 200 whatever the verdict:
/// `indication` tells it.
#[utoipa::path(tag = "validation", security(()), context_path = "/api/v1/signatures",
    request_body(content(
        (ValidationRequest = "application/json"), (ValidationForm = "multipart/form-data"))),
    responses(
        (status = 200, body = Object, description = "`form`, the worst `indication`, and for each \
            of the `signatures` its `signer` and validation `report` (ETSI EN 319 102-1)"),
        (status = 400, body = Problem), (status = 413, body = Problem), (status = 429, body = Problem)))]
#[post("/validate")]
pub async fn validate(
    house: Data<House>,
    posted: Posted<ValidationRequest, ValidationForm>,
) -> Result<HttpResponse, Problem> {
    let request = match posted {
        Posted::Json(request) => request.read()?,
        Posted::Form(form) => form.read()?,
    };
    Ok(HttpResponse::Ok().json(house.validate(request).await?))
}

/// Says what stands in a certificate; nothing about whether it is true.
#[utoipa::path(tag = "validation", security(()), context_path = "/api/v1/certificates", request_body = InspectionRequest,
    responses(
        (status = 200, body = Object, description = "holder, key, use, validity, fingerprints"),
        (status = 400, body = Problem), (status = 413, body = Problem),
        (status = 422, body = Problem, description = "this is no certificate"),
        (status = 429, body = Problem)))]
#[post("/inspect")]
pub async fn inspect(
    house: Data<House>,
    Body(request): Body<InspectionRequest>,
) -> Result<HttpResponse, Problem> {
    let numbers = if request.reveal {
        Numbers::Shown
    } else {
        Numbers::Masked
    };
    let certificate = request.certificate.into_bytes();
    match house.inspect(certificate, numbers).await? {
        Ok(summary) => Ok(HttpResponse::Ok().json(summary)),
        Err(fault) => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "no-certificate",
            "This is no certificate",
            fault.to_string(),
        )),
    }
}

impl ValidationRequest {
    fn read(self) -> Result<Request, Problem> {
        Ok(Request {
            content: self.content.as_deref().map(content).transpose()?,
            policy: policy(self.policy.as_deref())?,
            signature: self.signature.into_bytes(),
            time: self.time,
        })
    }
}

impl ValidationForm {
    fn read(self) -> Result<Request, Problem> {
        Ok(Request {
            content: self.content.map(|content| content.data.to_vec()),
            policy: policy(self.policy.as_ref().map(|policy| policy.as_str()))?,
            signature: self.signature.data.to_vec(),
            time: self.time.map(Text::into_inner),
        })
    }
}

fn content(text: &str) -> Result<Vec<u8>, Problem> {
    let compact: String = text.split_ascii_whitespace().collect();
    STANDARD
        .decode(compact)
        .map_err(|_| Problem::malformed("the content is not base64"))
}

fn policy(name: Option<&str>) -> Result<Policy, Problem> {
    Policy::named(name.unwrap_or("national"))
        .ok_or_else(|| Problem::malformed("there is no such policy"))
}
