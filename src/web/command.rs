//! A request that has an effect: its key, its digest and its parsed body.

use std::future::{Future, Ready, ready};
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;

use super::problem::Problem;
use crate::eds::Digest;
use crate::flow::{Once, Reply};

const KEY: &str = "Idempotency-Key";
const KEY_LENGTH: usize = 255;

/// A parsed body together with what makes its repetition harmless.
#[derive(Debug)]
pub struct Command<T> {
    key: String,
    request: Digest,
    /// The body.
    pub input: T,
}

impl<T> Command<T> {
    /// The request as `flow` wants it, with the words for its answer.
    pub fn once<'a, S>(&'a self, wording: &'a dyn Fn(&S) -> Reply) -> Once<'a, S> {
        Once {
            key: &self.key,
            request: self.request,
            wording,
        }
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Command<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let key = key(request);
        let head = format!("{} {}\n", request.method(), request.path());
        let body = Bytes::from_request(request, payload);
        Box::pin(async move {
            let key = key?;
            let body = body.await.map_err(|error| unread(&error))?;
            let request = Digest::of(&[head.as_bytes(), &body].concat());
            let input = parse(&body)?;
            Ok(Self {
                key,
                request,
                input,
            })
        })
    }
}

/// The key of a request whose body is no JSON.
#[derive(Debug)]
pub struct Key(pub String);

impl FromRequest for Key {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(key(request).map(Self))
    }
}

/// A JSON body without effects that need a key: login.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = Bytes::from_request(request, payload);
        Box::pin(async move {
            let body = body.await.map_err(|error| unread(&error))?;
            Ok(Self(parse(&body)?))
        })
    }
}

fn key(request: &HttpRequest) -> Result<String, Problem> {
    request
        .headers()
        .get(KEY)
        .and_then(|value| value.to_str().ok())
        .filter(|key| (1..=KEY_LENGTH).contains(&key.len()))
        .map(str::to_owned)
        .ok_or_else(|| {
            Problem::malformed(format!(
                "the header {KEY} with 1 to {KEY_LENGTH} characters is missing"
            ))
        })
}

/// An empty body stands for an empty object: some calls need no input.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| {
        // The parser's own message may quote the input.
        let (line, column) = (error.line(), error.column());
        let what = match error.classify() {
            serde_json::error::Category::Data => "is not what this call takes",
            serde_json::error::Category::Io
            | serde_json::error::Category::Syntax
            | serde_json::error::Category::Eof => "is not JSON",
        };
        Problem::malformed(format!("the body {what} (line {line}, column {column})"))
    })
}

/// Why a body was not read to its end.
pub(super) fn unread(error: &actix_web::Error) -> Problem {
    match error.as_error::<PayloadError>() {
        Some(PayloadError::Overflow) => Problem::too_large(),
        Some(_) | None if error.as_response_error().status_code().as_u16() == 413 => {
            Problem::too_large()
        }
        Some(_) | None => Problem::malformed("the body cannot be read"),
    }
}
