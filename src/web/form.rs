//! A body that is a form with files (RFC 7578) or JSON, read only up to the
//! limit of the call.

use std::future::Future;
use std::pin::Pin;

use actix_multipart::MultipartError;
use actix_multipart::form::{MultipartCollect, MultipartForm};
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::de::DeserializeOwned;

use super::command::{parse, unread};
use super::problem::Problem;

/// The media type of forms with files.
const FORM: &str = "multipart/form-data";

/// What was asked, in one form or the other.
pub enum Posted<J, F> {
    /// As JSON.
    Json(J),
    /// As a form.
    Form(F),
}

impl<J, F> FromRequest for Posted<J, F>
where
    J: DeserializeOwned + 'static,
    F: MultipartCollect + 'static,
{
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_form = request.content_type().eq_ignore_ascii_case(FORM);
        // The limit is on the whole body: what stands between the fields of a
        // form counts as well.
        let body = Bytes::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let body = body.await.map_err(|error| unread(&error))?;
            if !is_form {
                return Ok(Self::Json(parse(&body)?));
            }
            let mut payload = Payload::from(body);
            let form = MultipartForm::<F>::from_request(&request, &mut payload).await;
            form.map(|form| Self::Form(form.into_inner()))
                .map_err(|error| no_form(&error))
        })
    }
}

/// A form and nothing else.
pub struct Form<F>(pub F);

impl<F: MultipartCollect + 'static> FromRequest for Form<F> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let posted = Posted::<Empty, F>::from_request(request, payload);
        Box::pin(async move {
            match posted.await? {
                Posted::Form(form) => Ok(Self(form)),
                Posted::Json(Empty {}) => Err(Problem::malformed("the body is no form")),
            }
        })
    }
}

#[derive(serde::Deserialize)]
struct Empty {}

/// Names only fields that the call takes: others are the caller's own words.
fn no_form(error: &actix_web::Error) -> Problem {
    let detail = match error.as_error::<MultipartError>() {
        Some(MultipartError::Payload(PayloadError::Overflow)) => return Problem::too_large(),
        Some(MultipartError::MissingField(name)) => format!("the field {name} is missing"),
        Some(MultipartError::DuplicateField(name)) => format!("the field {name} is there twice"),
        Some(MultipartError::Field { name, .. }) => {
            format!("the field {name} is not what this call takes")
        }
        Some(MultipartError::UnknownField(_)) => {
            "the form has a field that this call does not take".to_owned()
        }
        Some(_) | None => "the body is no form".to_owned(),
    };
    Problem::malformed(detail)
}
