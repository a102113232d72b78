//! Who is told what, step by step.

use super::stating::{name, removal};
use super::{Concerned, Facts, Notice, Topic};
use crate::domain::{
    Actor, Answer, Application, Capacity, Consent, Event, EventKind, Party, Registration, Removal,
    Signatory, State,
};

/// One step, and what is told of it.
pub(super) struct Telling<'a> {
    pub(super) before: Option<&'a Application>,
    pub(super) after: &'a Application,
    pub(super) event: &'a Event,
    /// Who has a part in it today.
    concerned: &'a Concerned,
    told: Vec<Notice>,
}

impl<'a> Telling<'a> {
    pub(super) fn new(
        (before, after): (Option<&'a Application>, &'a Application),
        event: &'a Event,
        concerned: &'a Concerned,
    ) -> Self {
        Self {
            before,
            after,
            event,
            concerned,
            told: Vec::new(),
        }
    }

    pub(super) fn notices(mut self) -> Vec<Notice> {
        match self.event.kind {
            EventKind::Drafted | EventKind::Attested => {}
            EventKind::Edited => self.edited(),
            EventKind::SignatureReceived => self.received(),
            EventKind::SignatureRefused => self.discarded(),
            EventKind::Signed => self.signed(),
            EventKind::ConsentGiven => self.consented(),
            EventKind::ConsentDeclined => self.everybody(Topic::Declined),
            EventKind::ConsentTakenBack => self.everybody(Topic::TakenBack),
            EventKind::OwnersChanged => self.owners_changed(),
            EventKind::Reminded => self.reminded(),
            EventKind::Withdrawn => self.everybody(Topic::Withdrawn),
            EventKind::Lapsed => self.everybody(Topic::Lapsed),
            EventKind::Registered => self.everybody(Topic::Registered),
            EventKind::Refused => self.everybody(Topic::Refused),
            EventKind::RemovalDemanded => self.removal_demanded(),
            EventKind::RemovalConfirmed => self.removal_confirmed(),
            EventKind::RemovalDropped => self.ended(Topic::RemovalDropped),
            EventKind::RemovalWithdrawn => self.ended(Topic::RemovalWithdrawn),
            EventKind::Removed => self.ended(Topic::Removed),
            EventKind::Left => self.ended(Topic::Left),
            EventKind::Expired => self.expired(),
            EventKind::Replaced => self.ended(Topic::Replaced),
            EventKind::Annulled => self.ended(Topic::Annulled),
            EventKind::Discontinued => self.ended(Topic::Discontinued),
        }
        self.told
    }

    /// Those who knew it hear of it as they knew it; what it is to become they
    /// see when they are asked.
    fn edited(&mut self) {
        let Some(before) = self.before else {
            return;
        };
        let facts = self.facts(before);
        let knew = parties(before).chain(residents(before));
        let knew = knew.chain(before.vouched_for());
        self.tell(knew.collect(), Topic::Edited, &facts);
    }

    fn received(&mut self) {
        let facts = self.facts_of_event();
        let mut to = self.turned(Answer::is_pending);
        if self.after.state == State::PendingEvidence {
            to.push(self.after.applicant.signatory());
        }
        // Who signed is told as well: the answer that they got may not have come.
        for one in to {
            self.put(one, Topic::EvidenceAwaited, &facts);
        }
    }

    fn discarded(&mut self) {
        let facts = self.facts_of_event();
        let mut to = self.turned(|answer| matches!(answer, Answer::Awaited));
        if self.was() == Some(State::PendingEvidence) {
            to.push(self.after.applicant.signatory());
        }
        self.tell(to, Topic::SignatureRefused, &facts);
    }

    fn signed(&mut self) {
        let facts = self.facts(self.after);
        self.tell(parties(self.after).collect(), Topic::Asked, &facts);
        let applicant = self.after.applicant.signatory();
        if self.event.actor == Actor::Clock {
            self.tell(vec![applicant.clone()], Topic::SignatureCounts, &facts);
        }
        let named = residents(self.after).filter(|one| *one != applicant);
        self.tell(named.collect(), Topic::Named, &facts);
    }

    fn consented(&mut self) {
        let facts = self.facts(self.after);
        if self.event.actor == Actor::Clock {
            let signed = self.turned(Answer::is_given);
            self.tell(signed, Topic::SignatureCounts, &facts);
        }
        let topic = match self.after.is_agreed() {
            true => Topic::AllConsented,
            false => Topic::SomeConsented,
        };
        self.tell(vec![self.after.applicant.signatory()], topic, &facts);
    }

    fn owners_changed(&mut self) {
        let facts = self.facts(self.after);
        let asked_before: Vec<_> = self.before.into_iter().flat_map(parties).collect();
        let (again, first): (Vec<_>, Vec<_>) =
            parties(self.after).partition(|one| asked_before.contains(one));
        self.tell(again, Topic::AskedAnew, &facts);
        self.tell(first, Topic::Asked, &facts);
        let about = residents(self.after).chain([self.after.applicant.signatory()]);
        self.tell(about.collect(), Topic::OwnersChanged, &facts);
        if let Some(before) = self.before {
            let facts = self.facts(before);
            self.tell(asked_before, Topic::NoLongerAsked, &facts);
        }
    }

    fn reminded(&mut self) {
        match self.after.state {
            State::Draft => {
                let facts = self.facts(self.after);
                self.put(
                    self.after.applicant.signatory(),
                    Topic::SignatureDue,
                    &facts,
                );
            }
            State::Registered => self.reminded_of_the_end(),
            State::PendingEvidence
            | State::AwaitingConsent
            | State::Consented
            | State::Ended
            | State::Declined
            | State::Withdrawn
            | State::Lapsed
            | State::Refused => {
                let facts = self.facts(self.after);
                self.tell(silent(&self.after.consents), Topic::AnswerDue, &facts);
                let applicant = self.after.applicant.signatory();
                self.tell(vec![applicant], Topic::AnswersMissing, &facts);
            }
        }
    }

    /// Of a demand only those are reminded who have not answered; of the last day
    /// everybody.
    fn reminded_of_the_end(&mut self) {
        for registration in &self.after.registrations {
            if let Some(removal) = &registration.removal {
                let facts = self.facts_of_removal(registration, removal);
                self.tell(silent(&removal.consents), Topic::ConfirmationDue, &facts);
            }
        }
        if self.event.registration.is_none() {
            let all = self.after.registrations.iter();
            let standing = all.filter(|one| one.is_active()).collect();
            self.of_registrations(standing, Topic::EndsSoon);
        }
    }

    fn removal_demanded(&mut self) {
        let Some((registration, removal)) = removal(self.after, self.event) else {
            return;
        };
        let facts = self.facts_of_removal(registration, removal);
        self.tell(asked(removal), Topic::ConfirmationAsked, &facts);
        let mut to = self.about(registration);
        // A delegate may have demanded it in the owner's place.
        to.push(Signatory::from(&removal.by));
        self.tell(to, Topic::RemovalDemanded, &facts);
    }

    fn removal_confirmed(&mut self) {
        let Some((registration, removal)) = removal(self.after, self.event) else {
            return;
        };
        let facts = self.facts_of_removal(registration, removal);
        if self.event.actor == Actor::Clock {
            let signed = self.turned(Answer::is_given);
            self.tell(signed, Topic::SignatureCounts, &facts);
        }
        let by = Signatory::from(&removal.by);
        self.tell(vec![by], Topic::RemovalConfirmed, &facts);
    }

    /// What was demanded before, if anything was, has been decided by this step.
    fn ended(&mut self, topic: Topic) {
        let id = self.event.registration;
        let Some(registration) = id.and_then(|id| self.after.registration(id)) else {
            return;
        };
        self.of_registrations(vec![registration], topic);
        let demanded = self.before.and_then(|before| removal(before, self.event));
        if let Some((_, removal)) = demanded {
            let facts = self.facts_of_removal(registration, removal);
            let mut to = vec![Signatory::from(&removal.by)];
            to.extend(asked(removal));
            self.tell(to, topic, &facts);
        }
    }

    fn expired(&mut self) {
        let was_active = |one: &&Registration| {
            let before = self.before.and_then(|before| before.registration(one.id));
            before.is_some_and(Registration::is_active)
        };
        let over = self.after.registrations.iter().filter(was_active);
        self.of_registrations(over.collect(), Topic::Expired);
    }

    /// The residents of these, who applied for them, the owners of today, the tenant
    /// and delegates who agreed to them, and whoever is said to have agreed at a service
    /// centre, for that may be false.
    fn of_registrations(&mut self, about: Vec<&Registration>, topic: Topic) {
        let mut facts = self.facts(self.after);
        let names = about.iter().map(|one| name(self.after, one));
        facts.residents = names.collect();
        let mut to: Vec<_> = about.iter().flat_map(|one| self.about(one)).collect();
        to.extend(self.holders_of_rights());
        to.extend(self.after.vouched_for());
        self.tell(to, topic, &facts);
    }

    fn everybody(&mut self, topic: Topic) {
        let facts = self.facts(self.after);
        let mut to = vec![self.after.applicant.signatory()];
        if !self.was_unsigned() {
            to.extend(residents(self.after));
            to.extend(parties(self.after));
            to.extend(self.after.vouched_for());
        }
        self.tell(to, topic, &facts);
    }

    /// Whether what was asked for last had not been put to anybody: others may have
    /// been asked before it was written anew.
    fn was_unsigned(&self) -> bool {
        match self.was() {
            None | Some(State::Draft | State::PendingEvidence) => true,
            Some(
                State::AwaitingConsent
                | State::Consented
                | State::Registered
                | State::Ended
                | State::Declined
                | State::Withdrawn
                | State::Lapsed
                | State::Refused,
            ) => false,
        }
    }

    /// The resident, and who applied. At a service centre that was the operator's
    /// work, and is done; the resident's legal representative is told.
    fn about(&self, registration: &Registration) -> Vec<Signatory> {
        let resident = &registration.resident;
        let mut about = vec![Signatory::Person(resident.clone())];
        let spoken_for = self.after.represented_by(resident);
        about.extend(spoken_for.map(|one| Signatory::Person(one.iin.clone())));
        let speak = self.concerned.representatives.get(resident);
        about.extend(speak.into_iter().flatten().cloned().map(Signatory::Person));
        match self.after.applicant.capacity {
            Capacity::Oneself | Capacity::Administration(_) => {
                about.push(self.after.applicant.signatory());
            }
            Capacity::Operator(_) => {}
        }
        about
    }

    /// The owners of today, and who agreed as the tenant or in place of one of them.
    fn holders_of_rights(&self) -> Vec<Signatory> {
        let consents = self.after.consents.iter();
        let hold = |consent: &&Consent| match &consent.party {
            Party::Owner(owner) => self.concerned.owners.contains(owner),
            Party::Tenant(_) => true,
            Party::Resident(_) | Party::Colleague(..) => false,
        };
        let agreed = consents.filter(hold).flat_map(Consent::signatories);
        agreed
            .chain(self.concerned.owners.iter().map(Signatory::from))
            .collect()
    }

    /// Whose answer was another one before the step.
    fn turned(&self, wanted: impl Fn(&Answer) -> bool) -> Vec<Signatory> {
        let was = |consent: &Consent| {
            let before = self.before.and_then(|before| before.consent(consent.id));
            before.is_some_and(|before| wanted(&before.answer))
        };
        let turned = self
            .after
            .all_consents()
            .filter(|one| wanted(&one.answer) && !was(one));
        turned.flat_map(Consent::signatories).collect()
    }

    fn was(&self) -> Option<State> {
        self.before.map(|before| before.state)
    }

    /// Tells all of them but those who acted.
    fn tell(&mut self, to: Vec<Signatory>, topic: Topic, facts: &Facts) {
        for one in to {
            if !one.admits(&self.event.actor) {
                self.put(one, topic, facts);
            }
        }
    }

    fn put(&mut self, to: Signatory, topic: Topic, facts: &Facts) {
        let asked = |application: &Application| application.asked_at.is_some();
        let known = asked(self.after)
            || self.before.is_some_and(asked)
            || to == self.after.applicant.signatory();
        let told = self.told.iter().any(|notice| notice.to == to);
        if known && !told {
            self.told.push(Notice {
                to,
                topic,
                registration: self.event.registration,
                facts: facts.clone(),
            });
        }
    }
}

fn parties(application: &Application) -> impl Iterator<Item = Signatory> + '_ {
    application.consents.iter().flat_map(Consent::signatories)
}

fn residents(application: &Application) -> impl Iterator<Item = Signatory> + '_ {
    let residents = application.residents.iter();
    residents.map(|one| Signatory::Person(one.iin.clone()))
}

/// Who has not answered.
fn silent(consents: &[Consent]) -> Vec<Signatory> {
    let silent = consents.iter().filter(|one| one.answer == Answer::Awaited);
    silent.flat_map(Consent::signatories).collect()
}

fn asked(removal: &Removal) -> Vec<Signatory> {
    let consents = removal.consents.iter();
    consents.flat_map(Consent::signatories).collect()
}
