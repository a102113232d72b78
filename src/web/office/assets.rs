//! The files that pages need: styles, script, pictures. They are part of the binary.

use std::fmt::Write;

use actix_web::http::header::{self, CacheDirective, ETag, EntityTag, IfNoneMatch};
use actix_web::web::{Header, Path, Query};
use actix_web::{HttpResponse, get};
use rust_embed::Embed;
use serde::Deserialize;

use crate::web::cached::is_known;
use crate::web::problem::Problem;

#[derive(Embed)]
#[folder = "assets"]
#[exclude = "fonts/*"]
struct Files;

/// A year: a file under another version has another address.
const FOR_EVER: u32 = 31_536_000;

/// How many digits of the file's digest tell its versions apart.
const DIGITS: usize = 16;

#[derive(Deserialize)]
struct Version {
    #[serde(default)]
    v: Option<String>,
}

/// The address of this version of a file.
pub(super) fn address(name: &str) -> String {
    match Files::get(name) {
        Some(file) => format!("/assets/{name}?v={}", version(&file)),
        None => format!("/assets/{name}"),
    }
}

fn version(file: &rust_embed::EmbeddedFile) -> String {
    let mut version = String::new();
    for octet in file.metadata.sha256_hash().iter().take(DIGITS / 2) {
        // Writing to a string cannot fail.
        let _ = write!(version, "{octet:02x}");
    }
    version
}

/// One of the files.
#[get("/assets/{name:.*}")]
pub(super) async fn asset(
    name: Path<String>,
    asked: Query<Version>,
    known: Header<IfNoneMatch>,
) -> Result<HttpResponse, Problem> {
    let file = Files::get(&name).ok_or_else(Problem::not_found)?;
    let version = version(&file);
    let caching = match asked.v.as_deref() == Some(version.as_str()) {
        true => vec![CacheDirective::Public, CacheDirective::MaxAge(FOR_EVER)],
        false => vec![CacheDirective::NoCache],
    };
    let tag = EntityTag::new_strong(version);
    let mut response = match is_known(&known, &tag) {
        true => HttpResponse::NotModified(),
        false => HttpResponse::Ok(),
    };
    response
        .insert_header(header::CacheControl(caching))
        .insert_header(ETag(tag.clone()));
    if is_known(&known, &tag) {
        return Ok(response.finish());
    }
    Ok(response
        .content_type(file.metadata.mimetype())
        .body(file.data.into_owned()))
}
