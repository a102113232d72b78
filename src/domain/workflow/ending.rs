//! How a registration ends: the resident leaves, an owner ends it, its last day
//! is over, a newer one takes its place, or the state register does not take it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Next, by_clock};
use crate::domain::{
    Actor, Answer, Application, CoOwners, ConsentId, DeclineReason, Delegate, Demand, Ending,
    EventKind, Holder, Purpose, Refused, Registration, RegistrationId, Removal, Rules, Signatory,
    Signed, State,
};
use crate::eds::Iin;

impl Application {
    /// Who speaks for the resident today the register says; the act is that person's.
    pub(super) fn left(
        &self,
        actor: &Actor,
        (id, by): (RegistrationId, Iin),
        signed: Signed<'_>,
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        let purpose = Purpose::Leaving(id);
        let signatory = Signatory::Person(by);
        if !signatory.admits(actor) {
            return Err(Refused::NotYours);
        }
        self.awaits(purpose, now)?;
        signed.proves(&[signatory], purpose)?;
        Ok(self.ends(id, Ending::Left, EventKind::Left, now))
    }

    /// An owner of today, or who holds the owner's power of attorney today, which the
    /// registers say, demands the end; where it is the rule and there are others, they
    /// are asked.
    pub(super) fn removal_demanded(
        &self,
        actor: &Actor,
        (id, demand): (RegistrationId, Demand<'_>),
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        let purpose = Purpose::Removal(id);
        let signatory = demand.signatory();
        if !signatory.admits(actor) {
            return Err(Refused::NotYours);
        }
        self.awaits(purpose, now)?;
        demand.signed.proves(&[signatory], purpose)?;
        // Nobody is put out of their own dwelling without being asked.
        let resident = Holder::Person(self.stands(id, now)?.resident.clone());
        let own = { demand.consents.iter() }.any(|one| one.owner() == Some(&resident));
        let waived = rules.co_owners == CoOwners::NotAsked && !own;
        if demand.consents.is_empty() || waived {
            return Ok(self.ends(id, Ending::Removed, EventKind::Removed, now));
        }
        let removal = Removal {
            document: demand.signed.document.id,
            by: demand.by,
            consents: demand.consents,
            deadline: now + rules.answer_window,
        };
        let application = self.with_registration(id, |registration| {
            registration.removal = Some(removal.clone());
        });
        Ok(Next {
            application,
            ..self.goes(State::Registered, EventKind::RemovalDemanded)
        }
        .about(id))
    }

    /// Only who owns the dwelling today decides who goes on living there.
    pub(super) fn removal_confirmed(
        &self,
        actor: &Actor,
        (consent, signed): (ConsentId, Signed<'_>),
        owners: &BTreeSet<Holder>,
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        let purpose = Purpose::Consent(consent);
        let (registration, removal) = self.removal_with(consent).ok_or(self.out_of_turn())?;
        let id = self.stands(registration.id, now)?.id;
        self.by_signatory(purpose, actor, (signed.proof.received_at(), now))?;
        signed.proves(&self.signatories(purpose), purpose)?;
        if !removal.is_by(owners) {
            return Err(Refused::OwnersChanged);
        }
        let signed = self.signed_by(consent, signed.document.signatory.as_ref());
        let next = signed.answers(consent, Answer::Given(now), EventKind::RemovalConfirmed);
        if !next.application.is_removal_agreed(id) {
            return Ok(next);
        }
        let end = next
            .application
            .ends(id, Ending::Removed, EventKind::Removed, now);
        Ok(Next {
            answer: next.answer,
            ..end
        })
    }

    /// One owner who does not want it is enough for the registration to stand.
    pub(super) fn removal_declined(
        &self,
        actor: &Actor,
        (consent, reason): (ConsentId, DeclineReason),
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        let (registration, _) = self.removal_with(consent).ok_or(self.out_of_turn())?;
        let id = registration.id;
        self.by_one_of(Purpose::Consent(consent), actor)?;
        self.awaits(Purpose::Consent(consent), now)?;
        let answer = Answer::Declined(now, reason);
        let declined = self.answers(consent, answer, EventKind::RemovalDropped);
        Ok(Next {
            answer: declined.answer,
            ..self.without_removal(id, EventKind::RemovalDropped)
        })
    }

    /// Whoever demands it may think better of it, until it is done. Who holds the owner's
    /// power of attorney today the register says.
    pub(super) fn removal_withdrawn(
        &self,
        actor: &Actor,
        (id, delegate): (RegistrationId, Option<Delegate>),
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        let removal = self.stands(id, now)?.removal.as_ref();
        let removal = removal.ok_or(self.out_of_turn())?;
        let by = delegate.map_or(Signatory::from(&removal.by), |one| {
            Signatory::Person(one.iin)
        });
        if !by.admits(actor) {
            return Err(Refused::NotYours);
        }
        Ok(self.without_removal(id, EventKind::RemovalWithdrawn))
    }

    /// What was asked of others than today's owners decides nothing.
    pub(super) fn removal_voided(
        &self,
        actor: &Actor,
        id: RegistrationId,
        owners: &BTreeSet<Holder>,
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        by_clock(actor)?;
        let removal = self.stands(id, now)?.removal.as_ref();
        let removal = removal.ok_or(self.out_of_turn())?;
        if removal.is_by(owners) {
            return Err(self.out_of_turn());
        }
        Ok(self.without_removal(id, EventKind::RemovalDropped))
    }

    pub(super) fn removal_lapsed(
        &self,
        actor: &Actor,
        id: RegistrationId,
        rules: &Rules,
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        by_clock(actor)?;
        let removal = self.stands(id, now)?.removal.as_ref();
        let removal = removal.ok_or(self.out_of_turn())?;
        if Some(now) <= removal.waits_until(rules).max(Some(removal.deadline)) {
            return Err(Refused::TooEarly);
        }
        Ok(self.without_removal(id, EventKind::RemovalDropped))
    }

    /// All that still stand have the same last day.
    pub(super) fn expired(&self, actor: &Actor, now: DateTime<Utc>) -> Result<Next, Refused> {
        by_clock(actor)?;
        let over = self.term.over_at().ok_or(self.out_of_turn())?;
        if now < over {
            return Err(Refused::TooEarly);
        }
        let standing = self.registrations.iter().filter(|one| one.is_active());
        let application = standing.fold(self.clone(), |next, one| {
            next.ended(one.id, Ending::Expired, over)
        });
        Ok(Next {
            application,
            ..self.goes(State::Ended, EventKind::Expired)
        })
    }

    pub(super) fn replaced(
        &self,
        actor: &Actor,
        id: RegistrationId,
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        by_clock(actor)?;
        self.stands(id, now)?;
        Ok(self.ends(id, Ending::Replaced, EventKind::Replaced, now))
    }

    pub(super) fn annulled(
        &self,
        actor: &Actor,
        id: RegistrationId,
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        if *actor != Actor::Register {
            return Err(Refused::NotYours);
        }
        self.stands(id, now)?;
        Ok(self.ends(id, Ending::Annulled, EventKind::Annulled, now))
    }

    /// Nobody stays on where they have ceased to stay: what was to follow a
    /// registration does not outlast its early end.
    pub(super) fn discontinued(
        &self,
        actor: &Actor,
        (id, continued): (RegistrationId, &Registration),
        now: DateTime<Utc>,
    ) -> Result<Next, Refused> {
        by_clock(actor)?;
        self.stands(id, now)?;
        if self.extends != Some(continued.id) || !continued.ended_early() {
            return Err(self.out_of_turn());
        }
        let (how, kind) = (Ending::Discontinued, EventKind::Discontinued);
        Ok(self.ends(id, how, kind, now))
    }

    fn without_removal(&self, id: RegistrationId, kind: EventKind) -> Next {
        let application = self.with_registration(id, |registration| registration.removal = None);
        Next {
            application,
            ..self.goes(State::Registered, kind)
        }
        .about(id)
    }

    fn is_removal_agreed(&self, id: RegistrationId) -> bool {
        let registration = self.registration(id);
        let removal = registration.and_then(|registration| registration.removal.as_ref());
        removal.is_some_and(|removal| {
            let mut consents = removal.consents.iter();
            consents.all(|consent| consent.answer.is_given())
        })
    }

    fn out_of_turn(&self) -> Refused {
        Refused::OutOfTurn(self.state)
    }
}
