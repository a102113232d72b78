//! What a certificate says, in the words of its language, before it is set.

use chrono::{DateTime, NaiveDate, Utc};

use super::Certificate;
use super::words::{Label, Words, words};
use crate::domain::{Agreement, Disclosed, Language, Term, Validity, midnight, today};

/// Everything that stands on a certificate.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) language: Language,
    /// Who issues it.
    pub(super) service: String,
    pub(super) origin: String,
    pub(super) title: String,
    pub(super) subject: String,
    pub(super) tone: Tone,
    /// Whether it stands.
    pub(super) state: String,
    /// When that was so.
    pub(super) as_of: String,
    /// What is certified, each with what it is.
    pub(super) rows: Vec<(String, String)>,
    /// What follows from it and what does not.
    pub(super) effect: String,
    pub(super) check: Check,
    /// What is attached.
    pub(super) evidence: String,
    pub(super) issued: String,
    pub(super) issued_at: DateTime<Utc>,
}

/// How to find out whether it stands today.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) heading: String,
    pub(super) advice: String,
    /// The code in its groups.
    pub(super) code: String,
    pub(super) typing: String,
    /// The address of the page that tells it.
    pub(super) address: String,
    /// The picture of the code in words.
    pub(super) alt: String,
}

/// What a state means for whoever relies on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It stands.
    Good,
    /// It does not stand yet.
    Open,
    /// It is over.
    Bad,
}

impl Content {
    pub(super) fn of(certificate: &Certificate<'_>, evidence: &str) -> Self {
        let Certificate {
            registration,
            language,
            origin,
            issued_at,
            ..
        } = *certificate;
        let words = words(language);
        let validity = registration.validity(issued_at);
        let time = moment(issued_at);
        Self {
            language,
            service: words.service().to_owned(),
            origin: origin.to_owned(),
            title: words.title().to_owned(),
            subject: words.subject(registration.term.kind()).to_owned(),
            tone: tone(validity),
            state: state(validity, &registration.term, words),
            as_of: words.as_of(&time),
            rows: rows(certificate, words),
            effect: words.effect(registration.term.kind()).to_owned(),
            check: check(certificate, words),
            evidence: words.evidence(evidence),
            issued: words.issued(&time),
            issued_at,
        }
    }
}

/// The answer to whoever asks by a code, for people: the same words as on the
/// certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What it means.
    pub tone: Tone,
    /// Of what it is told.
    pub subject: &'static str,
    /// Whether it stands.
    pub state: String,
    /// By which day's date.
    pub as_of: String,
    /// What else is told, each with what it is.
    pub rows: Vec<(&'static str, String)>,
    /// What follows from it and what does not.
    pub effect: &'static str,
}

/// What is told of a registration to whoever holds its code.
pub fn told(disclosed: &Disclosed, language: Language) -> Told {
    let words = words(language);
    let address = disclosed.address.in_language(language).to_owned();
    let rows = [
        (Label::Person, disclosed.initials.clone()),
        (Label::Number, disclosed.resident.masked()),
        (Label::Address, address),
        (Label::Days, days(&disclosed.term, words)),
        (Label::RegisteredOn, date(disclosed.registered_on)),
    ];
    Told {
        tone: tone(disclosed.validity),
        subject: words.subject(disclosed.kind),
        state: state(disclosed.validity, &disclosed.term, words),
        as_of: words.as_of(&date(disclosed.day)),
        rows: rows
            .map(|(label, value)| (words.label(label), value))
            .into(),
        effect: words.effect(disclosed.kind),
    }
}

fn rows(certificate: &Certificate<'_>, words: &dyn Words) -> Vec<(String, String)> {
    let Certificate {
        application,
        registration,
        language,
        ..
    } = *certificate;
    let iin = &registration.resident;
    let resident = application.resident(iin);
    let address = registration.address.in_language(language).to_owned();
    let rows = [
        (
            Label::Person,
            resident.map_or_else(String::new, |one| one.name.clone()),
        ),
        (Label::Number, iin.masked()),
        (Label::Address, address),
        (Label::AddressCode, registration.rka.as_str().to_owned()),
        (Label::Days, days(&registration.term, words)),
        (Label::RegisteredOn, date(today(registration.registered_at))),
        (Label::Registration, registration.id.to_string()),
        (Label::Consent, words.agreed(Agreement::of(application))),
    ];
    rows.map(|(label, value)| (words.label(label).to_owned(), value))
        .into()
}

fn check(certificate: &Certificate<'_>, words: &dyn Words) -> Check {
    let Certificate { code, origin, .. } = *certificate;
    let page = format!("{origin}/verify");
    let code = code.to_string();
    let address = format!("{page}/{code}");
    Check {
        heading: words.check().to_owned(),
        advice: words.advice(&page),
        typing: words.typing().to_owned(),
        alt: words.picture(&address),
        code,
        address,
    }
}

fn tone(validity: Validity) -> Tone {
    match validity {
        Validity::Stands => Tone::Good,
        Validity::Ahead => Tone::Open,
        Validity::Over(..) => Tone::Bad,
    }
}

fn state(validity: Validity, term: &Term, words: &dyn Words) -> String {
    match validity {
        Validity::Stands => words.stands().to_owned(),
        Validity::Ahead => words.ahead(&date(term.from())),
        Validity::Over(how, day) => words.over(how, &date(day)),
    }
}

fn days(term: &Term, words: &dyn Words) -> String {
    let from = date(term.from());
    match term.until() {
        Some(until) => words.days(&from, &date(until)),
        None => words.since(&from),
    }
}

/// The date as people in Kazakhstan write it, in all three languages.
fn date(day: NaiveDate) -> String {
    day.format("%d.%m.%Y").to_string()
}

/// A moment by the clocks of Kazakhstan, to the minute.
fn moment(at: DateTime<Utc>) -> String {
    let day = today(at);
    let minutes = (at - midnight(day)).num_minutes();
    format!("{} {:02}:{:02}", date(day), minutes / 60, minutes % 60)
}
