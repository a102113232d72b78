//! Whom an application concerns: who may know of it, and who has a part in it.

use crate::domain::{
    Actor, Application, Attestation, Capacity, Consent, Delegate, Holder, Purpose, Representative,
    Signatory,
};
use crate::eds::Iin;

impl Application {
    /// Whether the actor may know of this application: the applicant always, the
    /// residents and everybody who is asked, or is said to have agreed at a service
    /// centre, from the moment at which they are.
    pub fn concerns(&self, actor: &Actor) -> bool {
        self.applicant.signatory().admits(actor)
            || self.is_put_to(actor)
            || self.is_attested_of(actor)
            || self.moves_in(actor)
            || self.is_asked_to_end(actor)
    }

    /// Whether the actor is one of those who have been asked.
    pub fn is_put_to(&self, actor: &Actor) -> bool {
        self.asked_at.is_some() && self.consents_of(actor).next().is_some()
    }

    /// Who was present for this resident at a service centre, where somebody was.
    pub fn represented_by(&self, resident: &Iin) -> Option<&Representative> {
        self.attestation.as_ref()?.representative(resident)
    }

    /// Those who are said to have agreed at a service centre, and who spoke for
    /// somebody there.
    pub fn vouched_for(&self) -> Vec<Signatory> {
        let attestation = self.attestation.as_ref();
        attestation
            .map(Attestation::signatories)
            .unwrap_or_default()
    }

    fn is_attested_of(&self, actor: &Actor) -> bool {
        self.asked_at.is_some() && self.vouched_for().iter().any(|one| one.admits(actor))
    }

    /// Whether an owner's demand to end a registration waits for the actor, who may
    /// have had no say when it was made.
    fn is_asked_to_end(&self, actor: &Actor) -> bool {
        let mut signatories = self.confirmations().flat_map(Consent::signatories);
        signatories.any(|one| one.admits(actor))
    }

    /// Whether somebody lodged it at the service centre for which the actor works.
    pub fn is_lodged_beside(&self, actor: &Actor) -> bool {
        match (&self.applicant.capacity, actor) {
            (Capacity::Operator(bin), Actor::Member(member)) => member.bin == *bin,
            (
                Capacity::Oneself | Capacity::Administration(_) | Capacity::Operator(_),
                Actor::Person(_) | Actor::Member(_) | Actor::Clock | Actor::Register,
            ) => false,
        }
    }

    fn moves_in(&self, actor: &Actor) -> bool {
        let Actor::Person(iin) = actor else {
            return false;
        };
        self.asked_at.is_some() && self.resident(iin).is_some()
    }

    /// Whether somebody has an interest of their own in it: lives there or is to,
    /// holds a right to the dwelling, or acts for one who does.
    pub fn interests(&self, iin: &Iin) -> bool {
        self.resident(iin).is_some()
            || self.owners.contains(&Holder::Person(iin.clone()))
            || self.attestation.as_ref().is_some_and(|it| it.names(iin))
    }

    /// Whether somebody may see the papers that were scanned: the service centre,
    /// and the residents once the operator has signed.
    pub fn shows_papers_to(&self, actor: &Actor) -> bool {
        match (&self.applicant.capacity, actor) {
            (Capacity::Operator(bin), Actor::Member(member)) => member.bin == *bin,
            (Capacity::Operator(_), Actor::Person(_)) => self.moves_in(actor),
            (Capacity::Operator(_), Actor::Clock | Actor::Register)
            | (Capacity::Oneself | Capacity::Administration(_), _) => false,
        }
    }

    /// What owners are asked and have not answered, of this round and of demands to end
    /// what was registered.
    pub fn asked_of_owners(&self) -> impl Iterator<Item = (&Consent, &Holder)> {
        let awaited = self.open_consents().filter(|one| !one.answer.is_pending());
        awaited.filter_map(|consent| Some((consent, consent.owner()?)))
    }

    fn open_consents(&self) -> impl Iterator<Item = &Consent> {
        self.all_consents().filter(|one| one.answer.is_open())
    }

    /// The delegates who may still answer in a party's place, and have no other part in
    /// it, each with what they would sign.
    pub fn delegated(&self) -> impl Iterator<Item = (Purpose, &Delegate)> {
        let delegated = self
            .open_consents()
            .filter_map(|one| Some((one.id, one.delegate.as_ref()?)));
        delegated
            .filter(|(_, delegate)| !self.has_a_part(&delegate.iin))
            .map(|(id, delegate)| (Purpose::Consent(id), delegate))
    }

    /// Whether a person applied, is to be registered, or has a right to the dwelling.
    fn has_a_part(&self, iin: &Iin) -> bool {
        let own = Signatory::Person(iin.clone());
        self.applicant.signatory() == own || self.interests(iin) || { self.consents.iter() }
            .any(|consent| consent.party.signatory() == own)
    }
}
