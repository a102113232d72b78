//! What the lists have in common.

use actix_web::http::StatusCode;

use crate::domain::{Language, Rka};
use crate::web::problem::Problem;

/// Most items on one page.
const PAGE: i64 = 100;

/// Items on a page when nothing is said.
const USUAL: i64 = 20;

/// How many items a page is to hold.
pub(super) fn limit(wanted: Option<i64>) -> Result<i64, Problem> {
    let limit = wanted.unwrap_or(USUAL);
    if !(1..=PAGE).contains(&limit) {
        return Err(Problem::malformed("limit must be from 1 to 100"));
    }
    Ok(limit)
}

/// A word of a query as what it names.
pub(super) fn word<T: std::str::FromStr>(
    text: Option<&str>,
    otherwise: &'static str,
) -> Result<Option<T>, Problem> {
    text.map(|text| text.parse().map_err(|_| Problem::malformed(otherwise)))
        .transpose()
}

/// An address registration code.
pub(in crate::web) fn address_code(text: &str) -> Result<Rka, Problem> {
    Rka::parse(text).map_err(|error| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "address-code",
            "Not an address registration code",
            error.to_string(),
        )
    })
}

/// In which language somebody wants to read; in the state language when they do
/// not say.
pub(super) fn language(code: Option<&str>) -> Result<Language, Problem> {
    let language = code.map_or(Ok(state_language()), Language::parse);
    language.map_err(|error| Problem::malformed(error.to_string()))
}

/// In which language is spoken to whoever does not say (Constitution, article 7).
pub(super) fn state_language() -> Language {
    Language::Kk
}
