//! The parties' part, and what follows when all have agreed.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Next, by_clock};
use crate::domain::{
    Actor, Answer, Application, Consent, ConsentId, DeclineReason, EventKind, Grounds, Purpose,
    Recheck, Refused, Registration, RegistrationId, Resident, Rules, Signatory, Signed, Standing,
    State,
};

impl Application {
    pub(super) fn consented(
        &self,
        actor: &Actor,
        (id, signed): (ConsentId, Signed<'_>),
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        let purpose = Purpose::Consent(id);
        self.by_signatory(purpose, actor, (signed.proof.received_at(), now))?;
        signed.proves(&self.signatories(purpose), purpose)?;
        let signed = self.signed_by(id, signed.document.signatory.as_ref());
        let next = signed.answers(id, Answer::Given(now), EventKind::ConsentGiven);
        let state = next.application.agreed_or_awaiting();
        let next = next.to(state);
        if state == State::Consented {
            // From here the service owes the next step, not a person.
            return Ok(next.awaited_until(now + rules.answer_window));
        }
        Ok(next)
    }

    pub(super) fn declined(
        &self,
        actor: &Actor,
        (id, reason): (ConsentId, DeclineReason),
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        self.by_one_of(Purpose::Consent(id), actor)?;
        self.awaits(Purpose::Consent(id), now)?;
        let answer = Answer::Declined(now, reason);
        let next = self.answers(id, answer, EventKind::ConsentDeclined);
        Ok(next.to(State::Declined))
    }

    /// Who agreed and agrees no more, whether the evidence has come or not: nothing
    /// comes of the application.
    pub(super) fn taken_back(
        &self,
        actor: &Actor,
        id: ConsentId,
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        self.by_one_of(Purpose::Consent(id), actor)?;
        let consent = self.consent(id).ok_or(Refused::NotYours)?;
        if !consent.answer.is_given() && !consent.answer.is_pending() {
            return Err(Refused::OutOfTurn(self.state));
        }
        let answer = Answer::TakenBack(now);
        let next = self.answers(id, answer, EventKind::ConsentTakenBack);
        Ok(next.to(State::Declined))
    }

    pub(super) fn registered(
        &self,
        actor: &Actor,
        recheck: &Recheck<'_>,
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        by_clock(actor)?;
        if self.term.is_over(now) {
            return Err(Refused::TooLate);
        }
        self.still_proven(recheck)?;
        if recheck.registrations.len() != self.residents.len() {
            return Err(Refused::Incomplete);
        }
        let names = recheck.registrations.iter().zip(&self.residents);
        let at = now.max(self.changed_at);
        let written = names.map(|(id, resident)| self.registration_of(*id, resident, at));
        let mut next = self.goes(State::Registered, EventKind::Registered);
        next.application.registrations = written.collect();
        Ok(next)
    }

    pub(super) fn refused(&self, actor: &Actor, grounds: Grounds) -> Result<Next, Refused> {
        by_clock(actor)?;
        let mut next = self.goes(State::Refused, EventKind::Refused);
        next.application.grounds = Some(grounds);
        Ok(next)
    }

    /// With this answer in place of the one before, wherever the question stands.
    pub(super) fn answered(&self, id: ConsentId, answer: Answer) -> Self {
        self.with_consent(id, |consent| consent.answer = answer)
    }

    /// Whoever could have signed in a party's place and did not has no part in it any
    /// more.
    pub(super) fn signed_by(&self, id: ConsentId, signatory: Option<&Signatory>) -> Self {
        self.with_consent(id, |consent| {
            let acted = signatory.and_then(|one| consent.delegate_who_is(one));
            consent.delegate = acted.cloned();
        })
    }

    fn with_consent(&self, id: ConsentId, change: impl Fn(&mut Consent)) -> Self {
        let mut next = self.clone();
        let removals = next.registrations.iter_mut();
        let removals = removals.filter_map(|registration| registration.removal.as_mut());
        let all = removals.flat_map(|removal| &mut removal.consents);
        all.chain(&mut next.consents)
            .filter(|consent| consent.id == id)
            .for_each(change);
        next
    }

    /// Every signature proves what it proved when it was given, and those who
    /// would be asked today are exactly those who consented.
    fn still_proven(&self, recheck: &Recheck<'_>) -> Result<(), Refused> {
        if recheck.asked.owners.is_empty() || !self.asks(recheck.asked) {
            return Err(Refused::OwnersChanged);
        }
        let purpose = Purpose::Application;
        recheck
            .application
            .proves(&self.signatories(purpose), purpose)?;
        let mut proven = BTreeSet::new();
        for (id, signed) in &recheck.consents {
            let purpose = Purpose::Consent(*id);
            signed.proves(&self.signatories(purpose), purpose)?;
            proven.insert(self.consent(*id).map(|consent| &consent.party));
        }
        let complete = proven.len() == self.consents.len() && self.is_agreed();
        complete.then_some(()).ok_or(Refused::Incomplete)
    }

    fn registration_of(
        &self,
        id: RegistrationId,
        resident: &Resident,
        at: DateTime<Utc>,
    ) -> Registration {
        Registration {
            id,
            application: self.id,
            resident: resident.iin.clone(),
            rka: self.rka.clone(),
            address: self.address.clone(),
            term: self.term,
            registered_at: at,
            standing: Standing::Active,
            removal: None,
        }
    }
}
