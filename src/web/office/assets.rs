//! The files that pages need: styles, script, pictures. They are part of the binary.

use std::borrow::Cow;

use actix_web::http::header::{self, CacheDirective, ETag, EntityTag, IfNoneMatch};
use actix_web::web::{Bytes, Header, Path, Query};
use actix_web::{HttpResponse, get};
use rust_embed::{Embed, EmbeddedFile};
use serde::Deserialize;

use crate::web::cached::is_known;
use crate::web::problem::Problem;

#[derive(Embed)]
#[folder = "assets"]
#[exclude = "fonts/*"]
struct Files;

/// A year: a file under another version has another address.
const FOR_EVER: u32 = 31_536_000;

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

/// The first digits of the file's digest, which tell its versions apart.
fn version(file: &EmbeddedFile) -> String {
    let digest = file.metadata.sha256_hash();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    format!("{:016x}", u64::from_be_bytes([a, b, c, d, e, f, g, h]))
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
    if is_known(&known, &tag) {
        return Ok(HttpResponse::NotModified()
            .insert_header(header::CacheControl(caching))
            .insert_header(ETag(tag))
            .finish());
    }
    let octets = match file.data {
        Cow::Borrowed(octets) => Bytes::from_static(octets),
        Cow::Owned(octets) => octets.into(),
    };
    Ok(HttpResponse::Ok()
        .insert_header(header::CacheControl(caching))
        .insert_header(ETag(tag))
        .content_type(file.metadata.mimetype())
        .body(octets))
}
