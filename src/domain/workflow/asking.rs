//! The applicant's part: sign, write anew, take back; and who is asked.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Next, by_clock};
use crate::domain::{
    Actor, Answer, Application, Attestation, EventKind, Party, Proposal, Purpose, Question,
    Receipt, Refused, Rules, Signed, State,
};

impl Application {
    /// A signature is acknowledged: it neither counts nor is it asked for again
    /// while its evidence is looked for. It came in time, so the deadline waits for
    /// it; nobody else is given more time.
    pub(super) fn received(
        &self,
        actor: &Actor,
        receipt: Receipt<'_>,
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        let purpose = receipt.document.purpose;
        let received = receipt.received.received_at();
        self.by_signatory(purpose, actor, (received, now))?;
        receipt.promises(&self.signatories(purpose), purpose)?;
        let kind = EventKind::SignatureReceived;
        match purpose {
            Purpose::Application => Ok(self.goes(State::PendingEvidence, kind)),
            Purpose::Consent(id) => Ok(self.answers(id, Answer::Pending(received), kind)),
            // Ends come at once or not at all: these are not kept waiting.
            Purpose::Leaving(_) | Purpose::Removal(_) | Purpose::Login => {
                Err(Refused::OutOfTurn(self.state))
            }
        }
    }

    /// What was received does not count: its signatory is asked again.
    pub(super) fn discarded(&self, actor: &Actor, purpose: Purpose) -> Result<Next, Refused> {
        by_clock(actor)?;
        if !self.is_pending(purpose) {
            return Err(Refused::OutOfTurn(self.state));
        }
        let kind = EventKind::SignatureRefused;
        Ok(match purpose.consent() {
            Some(id) => self.answers(id, Answer::Awaited, kind),
            None => self.goes(State::Draft, kind),
        })
    }

    /// What was seen and checked is said once for each edition.
    pub(super) fn attested(
        &self,
        actor: &Actor,
        attestation: Attestation,
        holders: &BTreeSet<Party>,
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        self.by_one_of(Purpose::Application, actor)?;
        self.in_time(now)?;
        if !self.wants_attestation() {
            return Err(Refused::OutOfTurn(self.state));
        }
        attestation.covers(&self.residents, holders)?;
        if attestation.names(&self.applicant.iin) {
            return Err(Refused::ConflictOfInterest);
        }
        let mut next = self.goes(State::Draft, EventKind::Attested);
        next.application.attestation = Some(attestation);
        Ok(next)
    }

    pub(super) fn signed(
        &self,
        actor: &Actor,
        signed: Signed<'_>,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        let purpose = Purpose::Application;
        self.by_signatory(purpose, actor, (signed.proof.received_at(), now))?;
        signed.proves(&self.signatories(purpose), purpose)?;
        let mut next = self.goes(self.agreed_or_awaiting(), EventKind::Signed);
        next.application.asked_at = self.asked_at.or(Some(now));
        Ok(next.awaited_until(now + rules.answer_window))
    }

    /// Whatever was agreed to was agreed to something else: it is void.
    pub(super) fn edited(
        &self,
        actor: &Actor,
        proposal: Proposal,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        self.by_one_of(Purpose::Application, actor)?;
        self.in_time(now)?;
        let written = Self::draft(self.id, proposal, rules, now);
        let mut next = self.goes(State::Draft, EventKind::Edited);
        next.application = Self {
            version: self.version,
            edition: self.edition + 1,
            round: self.round + 1,
            applicant: self.applicant.clone(),
            created_at: self.created_at,
            changed_at: self.changed_at,
            ..written
        };
        Ok(next)
    }

    /// The dwelling has other owners: what was asked for stays, and everybody who
    /// has a say now is asked.
    pub(super) fn asked_anew(
        &self,
        actor: &Actor,
        question: Question,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        by_clock(actor)?;
        if self.attestation.is_some() {
            // It was about those who had a say then: nobody can be asked in their place.
            return Err(Refused::OutOfTurn(self.state));
        }
        let mut next = self.goes(self.state, EventKind::OwnersChanged);
        next.application.round += 1;
        next.application.owners = question.owners;
        next.application.consents = question.consents;
        next.state = next.application.agreed_or_awaiting();
        Ok(next.awaited_until(now + rules.answer_window))
    }

    pub(super) fn withdrawn(&self, actor: &Actor) -> Result<Next, Refused> {
        self.by_one_of(Purpose::Application, actor)?;
        Ok(self.goes(State::Withdrawn, EventKind::Withdrawn))
    }

    /// Nobody answers any more; what came in time is waited for, but not for ever.
    pub(super) fn lapsed(
        &self,
        actor: &Actor,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        by_clock(actor)?;
        if Some(now) <= self.waits_until(rules).max(Some(self.deadline)) {
            return Err(Refused::TooEarly);
        }
        Ok(self.goes(State::Lapsed, EventKind::Lapsed))
    }

    pub(super) fn agreed_or_awaiting(&self) -> State {
        match self.is_agreed() {
            true => State::Consented,
            false => State::AwaitingConsent,
        }
    }
}

impl Next {
    pub(super) fn awaited_until(mut self, deadline: DateTime<Utc>) -> Self {
        self.application.deadline = deadline;
        self
    }
}
