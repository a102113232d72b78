//! An application to be registered and the consents it needs.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Address, ApplicationId, ConsentId, DeclineReason, Dwelling, Grounds, Language, Period, Purpose,
    Refused, Rka, Rules, State,
};
use crate::eds::Iin;

/// The person who asks to be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resident {
    /// Individual identification number.
    pub iin: Iin,
    /// Surname, given name and patronymic as the certificate has them.
    pub name: String,
}

/// What a resident asks for.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Who asks.
    pub resident: Resident,
    /// Where, as the register describes it now.
    pub dwelling: Dwelling,
    /// For which days.
    pub period: Period,
    /// Since when the resident stays there.
    pub arrived: NaiveDate,
    /// The language of the resident's statement.
    pub language: Language,
}

/// An owner's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// None yet.
    Awaited,
    /// Yes, by a signature whose evidence is still to come: it does not count yet.
    Pending(DateTime<Utc>),
    /// Yes, by a signature that held when it was given.
    Given(DateTime<Utc>),
    /// No.
    Declined(DateTime<Utc>, DeclineReason),
}

/// One owner's part in an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Its identifier.
    pub id: ConsentId,
    /// The owner who is asked.
    pub owner: Iin,
    /// What the owner said.
    pub answer: Answer,
}

/// An application on its way, with one [`Consent`] for each owner who is asked.
///
/// Its fields change only through [`Application::after`], and `version` grows
/// by exactly one with each change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Its identifier.
    pub id: ApplicationId,
    /// How many steps it has made; the first is 1.
    pub version: i64,
    /// Where it stands.
    pub state: State,
    /// Who asks.
    pub resident: Resident,
    /// The code of the address.
    pub rka: Rka,
    /// The address as it was when the resident applied.
    pub address: Address,
    /// For which days.
    pub period: Period,
    /// Since when the resident stays there.
    pub arrived: NaiveDate,
    /// The language of the resident's statement.
    pub language: Language,
    /// The owners who are asked: every owner but the resident, each once.
    pub consents: Vec<Consent>,
    /// Until when the next answer is awaited.
    pub deadline: DateTime<Utc>,
    /// When the owners were asked; before that no owner knows of it.
    pub asked_at: Option<DateTime<Utc>>,
    /// Why the service refused it, when it did.
    pub grounds: Option<Grounds>,
    /// When it was drafted.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
}

impl Application {
    /// A new draft. Every owner of the dwelling is asked but the resident, who
    /// speaks by the application itself; `consent_ids` holds a name for each
    /// owner's consent.
    pub fn draft(
        id: ApplicationId,
        proposal: Proposal,
        consent_ids: Vec<ConsentId>,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Self {
        let consents = asked(&proposal.dwelling.owners, &proposal.resident.iin)
            .into_iter()
            .zip(consent_ids)
            .map(|(owner, id)| Consent {
                id,
                owner,
                answer: Answer::Awaited,
            })
            .collect();
        Self {
            id,
            version: 1,
            state: State::Draft,
            resident: proposal.resident,
            rka: proposal.dwelling.rka,
            address: proposal.dwelling.address,
            period: proposal.period,
            arrived: proposal.arrived,
            language: proposal.language,
            consents,
            deadline: now + rules.answer_window,
            asked_at: None,
            grounds: None,
            created_at: now,
            changed_at: now,
        }
    }

    /// The consent with this identifier.
    pub fn consent(&self, id: ConsentId) -> Option<&Consent> {
        self.consents.iter().find(|consent| consent.id == id)
    }

    /// The consent for which this person is asked.
    pub fn consent_of(&self, owner: &Iin) -> Option<&Consent> {
        self.consents.iter().find(|consent| consent.owner == *owner)
    }

    /// Who is to sign for this purpose: the resident, or the owner who is asked.
    pub fn signatory(&self, purpose: Purpose) -> Option<&Iin> {
        match purpose {
            Purpose::Application => Some(&self.resident.iin),
            Purpose::Consent(id) if self.asked_at.is_some() => Some(&self.consent(id)?.owner),
            Purpose::Consent(_) | Purpose::Login => None,
        }
    }

    /// Whether a signature for this purpose is awaited at `now`.
    ///
    /// # Errors
    /// [`Refused::Answered`] when the owner has answered, if only by a signature
    /// whose evidence is still to come, [`Refused::ClockUntrusted`] when the clock
    /// was set back, [`Refused::TooLate`]
    /// after the deadline, [`Refused::OutOfTurn`] in every other state than the
    /// one that awaits it.
    pub fn awaits(&self, purpose: Purpose, now: DateTime<Utc>) -> Result<(), Refused> {
        self.trusts(now)?;
        match (self.state, purpose) {
            (State::Draft, Purpose::Application) => self.in_time(now),
            (State::AwaitingConsent, Purpose::Consent(id)) => {
                match self.consent(id).map(|consent| consent.answer) {
                    Some(Answer::Awaited) => self.in_time(now),
                    Some(Answer::Pending(_) | Answer::Given(_) | Answer::Declined(..)) => {
                        Err(Refused::Answered)
                    }
                    None => Err(Refused::NotYours),
                }
            }
            (state, _) => Err(Refused::OutOfTurn(state)),
        }
    }

    /// Whether the person may know of this application: the resident always,
    /// an owner from the moment at which the owners are asked.
    pub fn concerns(&self, person: &Iin) -> bool {
        self.resident.iin == *person || self.is_put_to(person)
    }

    /// Whether the person is an owner who has been asked.
    pub fn is_put_to(&self, person: &Iin) -> bool {
        self.asked_at.is_some() && self.consent_of(person).is_some()
    }

    /// Whether a signature for this purpose was acknowledged whose evidence is
    /// still to come.
    pub fn is_pending(&self, purpose: Purpose) -> bool {
        match (self.state, purpose) {
            (State::PendingEvidence, Purpose::Application) => true,
            (State::AwaitingConsent, Purpose::Consent(id)) => {
                let consent = self.consent(id);
                consent.is_some_and(|consent| matches!(consent.answer, Answer::Pending(_)))
            }
            (_, Purpose::Application | Purpose::Consent(_) | Purpose::Login) => false,
        }
    }

    /// Whether all owners who are asked have consented.
    pub fn is_agreed(&self) -> bool {
        self.consents
            .iter()
            .all(|consent| matches!(consent.answer, Answer::Given(_)))
    }

    /// Whether the dwelling still belongs to exactly the people who were asked
    /// (and the resident, if the resident is one of them).
    pub fn is_owned_by(&self, owners: &BTreeSet<Iin>) -> bool {
        let snapshot = self.consents.iter().map(|consent| consent.owner.clone());
        !owners.is_empty() && asked(owners, &self.resident.iin) == snapshot.collect()
    }
}

fn asked(owners: &BTreeSet<Iin>, resident: &Iin) -> BTreeSet<Iin> {
    owners
        .iter()
        .filter(|owner| *owner != resident)
        .cloned()
        .collect()
}
