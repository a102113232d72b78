//! What people are told of a step, in words, as a pure function of what was kept
//! of it.
//!
//! A notice names the residents and the address, and in what it asks for the
//! applicant; never a number, and never who of the others said what.

use chrono::{DateTime, Utc};

use super::time::{day as date, moment};
use crate::domain::Language;
use crate::domain::notice::{Facts, Topic};

mod en;
mod kk;
mod ru;

/// The text of a notice that came `at` this time: what happened, and what it is
/// about.
pub fn text(topic: Topic, (facts, at): (&Facts, DateTime<Utc>), language: Language) -> String {
    let told = Told::of(facts, at, language);
    let (happened, about) = match language {
        Language::Kk => (kk::happened(topic, &told), kk::about(&told)),
        Language::Ru => (ru::happened(topic, &told), ru::about(&told)),
        Language::En => (en::happened(topic, &told), en::about(&told)),
    };
    format!("{happened} {about}")
}

/// The facts as they stand in a text.
struct Told<'a> {
    facts: &'a Facts,
    applicant: &'a str,
    residents: String,
    address: &'a str,
    from: String,
    last: Option<String>,
    until: String,
    /// Whether that was past already when it was told.
    over: bool,
    days: i64,
}

impl<'a> Told<'a> {
    fn of(facts: &'a Facts, at: DateTime<Utc>, language: Language) -> Self {
        Self {
            facts,
            applicant: &facts.applicant,
            residents: facts.residents.join("; "),
            address: facts.address.in_language(language),
            from: date(facts.starts_on),
            last: facts.ends_on.map(date),
            until: moment(facts.until),
            over: facts.until < at,
            days: facts.days.unwrap_or_default(),
        }
    }

    /// The last day; a registration without one is never told to be near its end.
    fn last(&self) -> &str {
        self.last.as_deref().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
