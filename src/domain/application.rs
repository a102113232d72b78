//! An application to be registered and the consents it needs.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

mod concerning;

use super::consent::pending_since;
use super::{
    Actor, Address, ApplicationId, Asked, Attestation, Consent, ConsentId, Dwelling, Grounds,
    Holder, Kind, Language, Purpose, Refused, Registration, RegistrationId, Rka, Rules, Signatory,
    State, Term, Unattested,
};
use crate::eds::{Bin, Iin};

/// A person who is to be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resident {
    /// Individual identification number.
    pub iin: Iin,
    /// Surname, given name and patronymic.
    pub name: String,
}

/// The person who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applicant {
    /// Individual identification number.
    pub iin: Iin,
    /// Surname, given name and patronymic as the certificate has them.
    pub name: String,
    /// For whom the person speaks.
    pub capacity: Capacity,
}

/// For whom an applicant speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Capacity {
    /// For themselves, and for those whose legal representative they are.
    Oneself,
    /// For the organisation that lets people live in its building.
    Administration(Bin),
    /// For people who are present at a public service centre, as its operator.
    Operator(Bin),
}

/// What an applicant asks for.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Who asks.
    pub applicant: Applicant,
    /// Who is to be registered; one or several.
    pub residents: Vec<Resident>,
    /// Where, as the register describes it now.
    pub dwelling: Dwelling,
    /// For which days.
    pub term: Term,
    /// Since when the residents stay there.
    pub arrived: NaiveDate,
    /// The language of the applicant's statement.
    pub language: Language,
    /// The registration that goes on by it.
    pub extends: Option<RegistrationId>,
    /// Whose agreement is needed, and the names of their consents.
    pub asked: Question,
}

/// Whose agreement is asked for, each under a name of its own.
#[derive(Clone, Debug)]
pub struct Question {
    /// The owners by the register.
    pub owners: BTreeSet<Holder>,
    /// One open consent for each party.
    pub consents: Vec<Consent>,
}

/// An application on its way, with one [`Consent`] for each party that is asked,
/// and the registrations to which it led.
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
    /// How often what is asked for was written; the first is 1.
    pub edition: i32,
    /// How often the parties were asked; the first is 1.
    pub round: i32,
    /// Who asks.
    pub applicant: Applicant,
    /// Who is to be registered.
    pub residents: Vec<Resident>,
    /// The code of the address.
    pub rka: Rka,
    /// The address as it was when the application was written.
    pub address: Address,
    /// For which days.
    pub term: Term,
    /// Since when the residents stay there.
    pub arrived: NaiveDate,
    /// The language of the applicant's statement.
    pub language: Language,
    /// The registration that goes on by it.
    pub extends: Option<RegistrationId>,
    /// What the operator of a service centre vouches for, once it is settled.
    pub attestation: Option<Attestation>,
    /// The owners when the parties were last asked.
    pub owners: BTreeSet<Holder>,
    /// The parties that are asked in this round, each once.
    pub consents: Vec<Consent>,
    /// What it led to: one for each resident, once it is registered.
    pub registrations: Vec<Registration>,
    /// Until when the next answer is awaited.
    pub deadline: DateTime<Utc>,
    /// When the parties of this edition were first asked; before that none of them
    /// knows of it.
    pub asked_at: Option<DateTime<Utc>>,
    /// How many reminders of the present state were sent.
    pub reminders: i32,
    /// When the next reminder is due, if there is to be one.
    pub remind_at: Option<DateTime<Utc>>,
    /// Why the service refused it, when it did.
    pub grounds: Option<Grounds>,
    /// When it was drafted.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
}

impl Question {
    /// Asks these, each under one of the names.
    pub fn new(asked: Asked, names: impl IntoIterator<Item = ConsentId>) -> Self {
        let consents = asked.parties.into_iter().zip(names);
        Self {
            owners: asked.owners,
            consents: consents
                .map(|(party, id)| Consent::asked(id, party))
                .collect(),
        }
    }
}

impl Applicant {
    /// Whether it is an operator of a service centre, for people who are present there.
    pub fn is_operator(&self) -> bool {
        matches!(self.capacity, Capacity::Operator(_))
    }

    /// The applicant as the holder of a right.
    pub fn holder(&self) -> Holder {
        match &self.capacity {
            Capacity::Oneself => Holder::Person(self.iin.clone()),
            Capacity::Administration(bin) | Capacity::Operator(bin) => {
                Holder::Organisation(bin.clone())
            }
        }
    }

    /// Whose signature the application needs.
    pub fn signatory(&self) -> Signatory {
        match &self.capacity {
            Capacity::Oneself => Signatory::Person(self.iin.clone()),
            Capacity::Administration(bin) => Signatory::Organisation(bin.clone()),
            Capacity::Operator(bin) => Signatory::Operator(bin.clone(), self.iin.clone()),
        }
    }
}

impl Application {
    /// A new draft.
    pub fn draft(id: ApplicationId, proposal: Proposal, rules: &Rules, now: DateTime<Utc>) -> Self {
        let mut draft = Self {
            id,
            version: 1,
            state: State::Draft,
            edition: 1,
            round: 1,
            applicant: proposal.applicant,
            residents: proposal.residents,
            rka: proposal.dwelling.rka,
            address: proposal.dwelling.address,
            term: proposal.term,
            arrived: proposal.arrived,
            language: proposal.language,
            extends: proposal.extends,
            attestation: None,
            owners: proposal.asked.owners,
            consents: proposal.asked.consents,
            registrations: Vec::new(),
            deadline: now + rules.answer_window,
            asked_at: None,
            reminders: 0,
            remind_at: None,
            grounds: None,
            created_at: now,
            changed_at: now,
        };
        draft.remind_at = draft.next_reminder(rules, now);
        draft
    }

    /// Whether an operator asks who has not said yet what was seen and checked.
    pub fn wants_attestation(&self) -> bool {
        self.applicant.is_operator() && self.attestation.is_none()
    }

    /// What kind of registration is asked for.
    pub fn kind(&self) -> Kind {
        self.term.kind()
    }

    /// The consent with this identifier: one of the application itself, or one to
    /// end a registration that it led to.
    pub fn consent(&self, id: ConsentId) -> Option<&Consent> {
        self.all_consents().find(|consent| consent.id == id)
    }

    /// What is asked of anybody: in this round, and of those who are to confirm an end.
    pub fn all_consents(&self) -> impl Iterator<Item = &Consent> {
        self.consents.iter().chain(self.confirmations())
    }

    /// What is asked of those who are to confirm the end of a registration.
    pub fn confirmations(&self) -> impl Iterator<Item = &Consent> {
        let removals = self.registrations.iter();
        let removals = removals.filter_map(|registration| registration.removal.as_ref());
        removals.flat_map(|removal| &removal.consents)
    }

    /// The consents to which this actor may answer, of this round.
    pub fn consents_of<'a>(&'a self, actor: &'a Actor) -> impl Iterator<Item = &'a Consent> {
        let answers = |consent: &&Consent| {
            let signatories = consent.signatories();
            signatories.iter().any(|one| one.admits(actor))
        };
        self.consents.iter().filter(answers)
    }

    /// The registration with this identifier to which it led.
    pub fn registration(&self, id: RegistrationId) -> Option<&Registration> {
        let mut all = self.registrations.iter();
        all.find(|registration| registration.id == id)
    }

    /// The resident with this number.
    pub fn resident(&self, iin: &Iin) -> Option<&Resident> {
        self.residents.iter().find(|resident| resident.iin == *iin)
    }

    /// Whose signatures serve this purpose; nobody's before its time. Who may end
    /// a registration, as an owner or for the resident, is for the registers to say.
    pub fn signatories(&self, purpose: Purpose) -> Vec<Signatory> {
        match purpose {
            Purpose::Application => vec![self.applicant.signatory()],
            Purpose::Consent(id) if self.asked_at.is_some() => self
                .consent(id)
                .map(Consent::signatories)
                .unwrap_or_default(),
            Purpose::Consent(_) | Purpose::Leaving(_) | Purpose::Removal(_) | Purpose::Login => {
                Vec::new()
            }
        }
    }

    /// The one of [`Application::signatories`] as whom this actor may sign.
    pub fn signatory_for(&self, purpose: Purpose, actor: &Actor) -> Option<Signatory> {
        let mut all = self.signatories(purpose).into_iter();
        all.find(|signatory| signatory.admits(actor))
    }

    /// Whether all parties that are asked have consented.
    pub fn is_agreed(&self) -> bool {
        self.consents
            .iter()
            .all(|consent| consent.answer.is_given())
    }

    /// Whether exactly these would be asked today.
    pub fn asks(&self, asked: &Asked) -> bool {
        let parties = self.consents.iter().map(|consent| consent.party.clone());
        self.owners == asked.owners && parties.collect::<BTreeSet<_>>() == asked.parties
    }

    /// Whether a signature for this purpose is awaited at `now`.
    ///
    /// # Errors
    /// [`Refused::Answered`] when the party has answered, if only by a signature
    /// whose evidence is still to come, [`Refused::ClockUntrusted`] when the clock
    /// was set back, [`Refused::TooLate`] after the deadline or the last day,
    /// [`Refused::OutOfTurn`] in every other state than the one that awaits it.
    pub fn awaits(&self, purpose: Purpose, now: DateTime<Utc>) -> Result<(), Refused> {
        self.takes(purpose, now, now)
    }

    /// Whether a signature that came at `received` for this purpose is taken `now`:
    /// what came in time is in time, however long it took to check.
    ///
    /// # Errors
    /// As [`Application::awaits`].
    pub(super) fn takes(
        &self,
        purpose: Purpose,
        received: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), Refused> {
        self.trusts(now)?;
        match (self.state, purpose) {
            (State::Draft, Purpose::Application) if self.wants_attestation() => {
                Err(Unattested::Nothing.into())
            }
            (State::Draft, Purpose::Application) => self.in_time(received),
            (State::AwaitingConsent | State::Registered, Purpose::Consent(id)) => {
                self.takes_answer(id, received, now)
            }
            (State::Registered, Purpose::Leaving(id)) => self.stands(id, now).map(|_| ()),
            (State::Registered, Purpose::Removal(id)) => self.stands(id, now)?.not_questioned(),
            (state, _) => Err(Refused::OutOfTurn(state)),
        }
    }

    fn takes_answer(
        &self,
        id: ConsentId,
        received: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), Refused> {
        let deadline = match self.removal_with(id) {
            Some((registration, removal)) => {
                self.stands(registration.id, now)?;
                removal.deadline
            }
            None if self.state == State::AwaitingConsent => self.deadline,
            None => return Err(Refused::OutOfTurn(self.state)),
        };
        let consent = self.consent(id).ok_or(Refused::NotYours)?;
        if consent.answer != super::Answer::Awaited {
            return Err(Refused::Answered);
        }
        let in_time = received <= deadline;
        in_time.then_some(()).ok_or(Refused::TooLate)
    }

    /// Until when a signature is waited for that came in time and whose evidence is
    /// still to come. Nothing else than an answer to it, or the end, happens to an
    /// application whose own signature waits.
    pub fn waits_until(&self, rules: &Rules) -> Option<DateTime<Utc>> {
        let since = match self.state {
            State::PendingEvidence => Some(self.changed_at),
            State::AwaitingConsent => pending_since(&self.consents),
            State::Draft
            | State::Consented
            | State::Registered
            | State::Ended
            | State::Declined
            | State::Withdrawn
            | State::Lapsed
            | State::Refused => None,
        };
        since.map(|since| rules.waits_until(since))
    }

    /// Whether a signature for this purpose was acknowledged whose evidence is
    /// still to come.
    pub fn is_pending(&self, purpose: Purpose) -> bool {
        match (self.state, purpose) {
            (State::PendingEvidence, Purpose::Application) => true,
            (State::AwaitingConsent | State::Registered, Purpose::Consent(id)) => {
                let consent = self.consent(id);
                consent.is_some_and(|one| one.answer.is_pending())
            }
            (
                _,
                Purpose::Application
                | Purpose::Consent(_)
                | Purpose::Leaving(_)
                | Purpose::Removal(_)
                | Purpose::Login,
            ) => false,
        }
    }
}
