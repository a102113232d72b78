//! What the lists have in common.

use actix_web::http::StatusCode;

use crate::domain::{DeclineReason, Kind, Language, Rka};
use crate::flow::office::Still;
use crate::web::problem::Problem;

/// Most items on one page.
const PAGE: i64 = 100;

/// Items on a page when nothing is said.
const USUAL: i64 = 20;

/// Most characters that are looked for: longer than any name.
const TEXT: usize = 100;

/// How many items a page is to hold.
pub(super) fn limit(wanted: Option<i64>) -> Result<i64, Problem> {
    let limit = wanted.unwrap_or(USUAL);
    if !(1..=PAGE).contains(&limit) {
        return Err(Problem::malformed("limit must be from 1 to 100"));
    }
    Ok(limit)
}

/// A word of a query as what it names.
pub(in crate::web) fn word<T: std::str::FromStr>(
    text: Option<&str>,
    otherwise: &'static str,
) -> Result<Option<T>, Problem> {
    text.map(|text| text.parse().map_err(|_| Problem::malformed(otherwise)))
        .transpose()
}

/// The words that are looked for.
pub(in crate::web) fn text(text: Option<&str>) -> Result<Option<String>, Problem> {
    let long = text.is_some_and(|text| text.chars().count() > TEXT);
    match long {
        true => Err(Problem::malformed("text holds more than 100 characters")),
        false => Ok(text.map(str::to_owned)),
    }
}

/// The kind of a registration.
pub(in crate::web) fn kind(text: Option<&str>) -> Result<Option<Kind>, Problem> {
    word(text, "kind must be temporary or permanent")
}

/// Whether a registration stands.
pub(in crate::web) fn standing(text: Option<&str>) -> Result<Option<Still>, Problem> {
    match text {
        None => Ok(None),
        Some("active") => Ok(Some(Still::Active)),
        Some("ended") => Ok(Some(Still::Ended)),
        Some(_) => Err(Problem::malformed("standing must be active or ended")),
    }
}

/// For which reason an answer was reported.
pub(in crate::web) fn reported(text: Option<&str>) -> Result<Option<DeclineReason>, Problem> {
    match word(text, "there is no such reason")? {
        Some(DeclineReason::NotAgreed) => Err(Problem::malformed(
            "answers with this reason are not reported",
        )),
        wanted => Ok(wanted),
    }
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
