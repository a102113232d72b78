//! What the text of a notice says beside its topic.

use chrono::TimeDelta;

use super::Facts;
use super::telling::Telling;
use crate::domain::{Application, Event, Registration, Removal};

impl Telling<'_> {
    /// Of the demand that the step is about, or of the application.
    pub(super) fn facts_of_event(&self) -> Facts {
        removal(self.after, self.event).map_or_else(
            || self.facts(self.after),
            |(registration, removal)| self.facts_of_removal(registration, removal),
        )
    }

    pub(super) fn facts(&self, application: &Application) -> Facts {
        let consents = &application.consents;
        let names = application.residents.iter().map(|one| one.name.clone());
        let left = application.term.over_at().map(|end| end - self.event.at);
        Facts {
            applicant: application.applicant.name.clone(),
            residents: names.collect(),
            address: application.address.clone(),
            starts_on: application.term.from(),
            ends_on: application.term.until(),
            days: left.map(whole_days),
            asked: consents.len(),
            given: consents.iter().filter(|one| one.answer.is_given()).count(),
            until: application.deadline,
            grounds: application.grounds,
        }
    }

    pub(super) fn facts_of_removal(&self, registration: &Registration, removal: &Removal) -> Facts {
        let consents = &removal.consents;
        Facts {
            residents: vec![name(self.after, registration)],
            asked: consents.len(),
            given: consents.iter().filter(|one| one.answer.is_given()).count(),
            until: removal.deadline,
            ..self.facts(self.after)
        }
    }
}

/// The demand that the step was about.
pub(super) fn removal<'a>(
    application: &'a Application,
    event: &Event,
) -> Option<(&'a Registration, &'a Removal)> {
    let registration = application.registration(event.registration?)?;
    let removal = registration.removal.as_ref()?;
    Some((registration, removal))
}

/// The name of whom a registration is about.
pub(super) fn name(application: &Application, registration: &Registration) -> String {
    let resident = application.resident(&registration.resident);
    resident.map(|one| one.name.clone()).unwrap_or_default()
}

/// Days, a day that has begun among them.
fn whole_days(left: TimeDelta) -> i64 {
    let whole = left.num_days();
    match left > TimeDelta::days(whole) {
        true => whole + 1,
        false => whole,
    }
}
