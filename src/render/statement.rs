//! What a person declares by signing, in words, as a pure function of the
//! fields that stand beside it in the signed bytes.
//!
//! The terms are those of the service's own rules (Kazakh and Russian) and of
//! the portal (English). Golden tests pin each sentence.

use super::time::day as date;
use crate::domain::{
    Address, Applicant, Application, Capacity, Consent, Delegate, Holder, Kind, Language, Leaver,
    Party, Registration, Resident, Rka, Term,
};
use crate::eds::{Bin, Iin};

mod attested;
mod en;
mod kk;
mod ru;

use attested::{Witness, attested};

/// The applicant's declaration.
pub fn application(application: &Application, language: Language) -> String {
    let words = words(language);
    let plea = Plea::of(application, words);
    let applies = words.applies(&applicant(application, words), &plea, application.kind());
    let mut said = vec![applies];
    said.extend(matter(application, language));
    said.extend(attested(application, &Witness::Operator, language));
    said.push(words.effect(application.kind()).to_owned());
    said.join(" ")
}

/// The declaration of a party, or of the delegate in the party's place.
pub fn consent(
    application: &Application,
    consent: &Consent,
    delegate: Option<&Delegate>,
    language: Language,
) -> String {
    let words = words(language);
    let voice = Voice::of(application, &consent.party, delegate);
    let all = people(application.residents.iter(), words);
    let plea = Plea::of(application, words);
    let mut said = vec![
        words.consents(&voice, application.kind(), &all),
        words.lodged(&applicant(application, words), &plea),
    ];
    said.extend(matter(application, language));
    said.extend(attested(application, &Witness::Colleague, language));
    said.push(words.effect(application.kind()).to_owned());
    said.join(" ")
}

/// The declaration that ends a registration at the resident's wish.
pub fn leaving(
    application: &Application,
    registration: &Registration,
    by: &Leaver,
    language: Language,
) -> String {
    let words = words(language);
    let resident = registered(application, registration, words);
    let kind = registration.term.kind();
    let leaves = match by {
        Leaver::Resident(_) => words.leaves(&resident, kind),
        Leaver::Representative(iin, name) => {
            words.lets_leave(&person(name, iin, words), kind, &resident)
        }
    };
    let ends_at_once = words.ends_at_once().to_owned();
    [leaves, standing(registration, language), ends_at_once].join(" ")
}

/// The declaration of an owner who demands the end of a registration, or of the delegate
/// in the owner's place.
pub fn removal(
    application: &Application,
    registration: &Registration,
    (by, delegate): (&Holder, Option<&Delegate>),
    language: Language,
) -> String {
    let words = words(language);
    let party = Party::Owner(by.clone());
    let voice = Voice::of(application, &party, delegate);
    let resident = registered(application, registration, words);
    let demands = words.demands(&voice, registration.term.kind(), &resident);
    [demands, standing(registration, language)].join(" ")
}

/// The declaration of another owner, or of the delegate in the owner's place,
/// who confirms such a demand.
pub fn confirmation(
    application: &Application,
    registration: &Registration,
    (consent, delegate): (&Consent, Option<&Delegate>),
    language: Language,
) -> String {
    let words = words(language);
    let voice = Voice::of(application, &consent.party, delegate);
    let removal = registration.removal.as_ref();
    let demand = Demand {
        by: removal.map(|removal| number(&removal.by, words)),
        kind: registration.term.kind(),
        resident: registered(application, registration, words),
    };
    let confirms = words.confirms(&voice, &demand);
    [confirms, standing(registration, language)].join(" ")
}

/// The declaration of a person who signs in.
pub fn login(origin: &str, language: Language) -> String {
    words(language).enters(origin)
}

/// The phrases of one language. What a phrase is given is put into it as it is.
trait Words {
    /// The abbreviation of the individual identification number.
    fn iin(&self) -> &'static str;
    /// The abbreviation of the business identification number.
    fn bin(&self) -> &'static str;
    /// The applicant asks.
    fn applies(&self, applicant: &str, plea: &Plea<'_>, kind: Kind) -> String;
    /// Who asked.
    fn lodged(&self, applicant: &str, plea: &Plea<'_>) -> String;
    /// A party consents.
    fn consents(&self, voice: &Voice<'_>, kind: Kind, people: &str) -> String;
    /// The resident ends a registration.
    fn leaves(&self, resident: &str, kind: Kind) -> String;
    /// The resident's representative does.
    fn lets_leave(&self, speaker: &str, kind: Kind, resident: &str) -> String;
    /// When it ends.
    fn ends_at_once(&self) -> &'static str;
    /// An owner demands its end.
    fn demands(&self, voice: &Voice<'_>, kind: Kind, resident: &str) -> String;
    /// Another owner confirms it.
    fn confirms(&self, voice: &Voice<'_>, demand: &Demand) -> String;
    /// Which registration.
    fn registration(&self, id: &str) -> String;
    /// Where.
    fn place(&self, address: &str, rka: &str) -> String;
    /// From one day to another, so many months.
    fn days(&self, from: &str, until: &str, months: u32) -> String;
    /// From a day on.
    fn since(&self, from: &str) -> String;
    /// Since when the residents stay there.
    fn arrived(&self, day: &str) -> String;
    /// Which registration goes on.
    fn extends(&self, id: &str) -> String;
    /// What follows from a registration and what does not.
    fn effect(&self, kind: Kind) -> &'static str;
    /// Somebody signs in.
    fn enters(&self, origin: &str) -> String;
}

fn words(language: Language) -> &'static dyn Words {
    match language {
        Language::Kk => &kk::Kazakh,
        Language::Ru => &ru::Russian,
        Language::En => &en::English,
    }
}

/// For whom an applicant asks, and as what; people are named with their numbers.
enum Plea<'a> {
    /// For nobody else.
    Alone,
    /// For themselves and these.
    Together(String),
    /// For these, who cannot act.
    Representative(String),
    /// For these, who act for themselves and consent to it themselves.
    Others(String),
    /// For the first, who consent to it themselves, and for the second, who cannot act.
    Mixed(String, String),
    /// For these, who live in the organisation's building.
    Administration(&'a Bin, String),
    /// For these, who are present at the service centre.
    Operator(&'a Bin, String),
}

/// Who speaks when a party answers.
struct Voice<'a> {
    party: &'a Party,
    /// The name, where the party is one of the residents.
    name: &'a str,
    delegate: Option<&'a Delegate>,
}

/// What is to be confirmed.
struct Demand {
    /// The number of the owner who demands it.
    by: Option<String>,
    kind: Kind,
    resident: String,
}

impl<'a> Plea<'a> {
    fn of(application: &'a Application, words: &dyn Words) -> Self {
        let Applicant { iin, capacity, .. } = &application.applicant;
        let all = || people(application.residents.iter(), words);
        let others = application.residents.iter();
        let others: Vec<_> = others.filter(|resident| resident.iin != *iin).collect();
        match capacity {
            Capacity::Administration(bin) => Self::Administration(bin, all()),
            Capacity::Operator(bin) => Self::Operator(bin, all()),
            Capacity::Oneself if others.is_empty() => Self::Alone,
            Capacity::Oneself if others.len() < application.residents.len() => {
                Self::Together(people(others.into_iter(), words))
            }
            Capacity::Oneself => Self::for_others(application, words),
        }
    }

    /// Whoever is asked for a consent of their own is represented by nobody.
    fn for_others(application: &Application, words: &dyn Words) -> Self {
        let residents = application.residents.iter();
        let (own, represented): (Vec<_>, Vec<_>) = residents.partition(|resident| {
            let mut parties = application.consents.iter().map(|consent| &consent.party);
            parties.any(|party| party.person() == Some(&resident.iin))
        });
        let named = |residents: Vec<&Resident>| people(residents.into_iter(), words);
        match (own.is_empty(), represented.is_empty()) {
            (true, _) => Self::Representative(named(represented)),
            (false, true) => Self::Others(named(own)),
            (false, false) => Self::Mixed(named(own), named(represented)),
        }
    }
}

impl<'a> Voice<'a> {
    fn of(application: &'a Application, party: &'a Party, delegate: Option<&'a Delegate>) -> Self {
        let resident = party.person().and_then(|iin| application.resident(iin));
        Self {
            party,
            name: resident.map_or("", |resident| &resident.name),
            delegate,
        }
    }

    /// The verb of somebody who says I, or of an organisation.
    fn says(&self, first: &'static str, third: &'static str) -> &'static str {
        match (self.party, self.delegate) {
            (Party::Owner(Holder::Organisation(_)), None) => third,
            (Party::Owner(_) | Party::Tenant(_) | Party::Resident(_) | Party::Colleague(..), _) => {
                first
            }
        }
    }
}

/// Where, for which days, since when, and what goes on by it.
fn matter(application: &Application, language: Language) -> Vec<String> {
    let words = words(language);
    let mut said = vec![
        place(&application.address, &application.rka, language),
        days(&application.term, words),
        words.arrived(&date(application.arrived)),
    ];
    said.extend(application.extends.map(|id| words.extends(&id.to_string())));
    said
}

/// Which registration, where, and for which days.
fn standing(registration: &Registration, language: Language) -> String {
    let words = words(language);
    [
        words.registration(&registration.id.to_string()),
        place(&registration.address, &registration.rka, language),
        days(&registration.term, words),
    ]
    .join(" ")
}

fn place(address: &Address, rka: &Rka, language: Language) -> String {
    words(language).place(address.in_language(language), rka.as_str())
}

fn days(term: &Term, words: &dyn Words) -> String {
    match term {
        Term::Temporary(period) => {
            words.days(&date(period.from()), &date(period.until()), period.months())
        }
        Term::Permanent(from) => words.since(&date(*from)),
    }
}

fn applicant(application: &Application, words: &dyn Words) -> String {
    let Applicant { iin, name, .. } = &application.applicant;
    person(name, iin, words)
}

fn registered(application: &Application, registration: &Registration, words: &dyn Words) -> String {
    let iin = &registration.resident;
    let resident = application.resident(iin);
    person(resident.map_or("", |resident| &resident.name), iin, words)
}

fn people<'a>(residents: impl Iterator<Item = &'a Resident>, words: &dyn Words) -> String {
    let named = residents.map(|resident| person(&resident.name, &resident.iin, words));
    named.collect::<Vec<_>>().join("; ")
}

fn person(name: &str, iin: &Iin, words: &dyn Words) -> String {
    format!("{name}, {} {}", words.iin(), iin.as_str())
}

fn number(holder: &Holder, words: &dyn Words) -> String {
    match holder {
        Holder::Person(iin) => format!("{} {}", words.iin(), iin.as_str()),
        Holder::Organisation(bin) => format!("{} {}", words.bin(), bin.as_str()),
    }
}

#[cfg(test)]
mod tests;
