//! An application under people's hands.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::people::{
    OWNERS, RESIDENT, Wish, certificate, confirming, names, owners, person, start,
};
use crate::domain::notice::Notice;
use crate::domain::{
    Act, Actor, Appearance, Application, ApplicationId, Asked, Attestation, Consent, ConsentId,
    DeclineReason, Delegate, Demand, Document, DocumentId, Event, EventKind, Grounds, Holder,
    Identified, IdentityKind, IdentityPaper, Language, NONCE_LENGTH, Nonce, Party, Purpose,
    Question, Receipt, Recheck, Refused, Registration, RegistrationId, Resident, Rules, Signatory,
    Signed, Standing, State, Vouched, holders,
};
use crate::eds::testing::{received_from, verified_from};
use crate::eds::{Digest, Iin, Verified};

pub(super) type Outcome = Result<State, Refused>;

/// An application, the rules, the time, and what happened.
#[derive(Clone)]
pub(super) struct Stage {
    pub(super) application: Application,
    pub(super) wish: Wish,
    pub(super) rules: Rules,
    pub(super) now: DateTime<Utc>,
    pub(super) events: Vec<Event>,
    /// What people were told of the last step.
    pub(super) told: Vec<Notice>,
    /// Who owns the dwelling since it was sold, if it was.
    pub(super) sold_to: Option<BTreeSet<Holder>>,
    /// Who speaks for the residents since the register says so, if somebody does.
    pub(super) speaker: Option<Iin>,
    names: u128,
}

impl Stage {
    pub(super) fn new(wish: Wish) -> Self {
        Self::under(Rules::default(), wish)
    }

    pub(super) fn under(rules: Rules, wish: Wish) -> Self {
        let id = ApplicationId::new(Uuid::from_u128(99));
        let application = Application::draft(id, wish.proposal(100), &rules, start());
        Self {
            application,
            wish,
            rules,
            now: start(),
            events: Vec::new(),
            told: Vec::new(),
            sold_to: None,
            speaker: None,
            names: 200,
        }
    }

    /// The resident's application to this many owners, signed.
    pub(super) fn signed(count: usize) -> Self {
        let mut stage = Self::new(Wish::of(owners(&OWNERS[..count])));
        stage.sign(&person(RESIDENT)).unwrap();
        stage
    }

    /// One to which all of them have consented.
    pub(super) fn agreed(count: usize) -> Self {
        let mut stage = Self::signed(count);
        for place in 0..count {
            stage.consent_of(place).unwrap();
        }
        stage
    }

    /// One that led to a registration.
    pub(super) fn registered(count: usize) -> Self {
        let mut stage = Self::agreed(count);
        stage.register().unwrap();
        stage
    }

    pub(super) fn wait(&mut self, time: TimeDelta) -> &mut Self {
        self.now += time;
        self
    }

    pub(super) fn wait_hours(&mut self, hours: i64) -> &mut Self {
        self.wait(TimeDelta::hours(hours))
    }

    pub(super) fn act(&mut self, actor: &Actor, act: Act<'_>) -> Outcome {
        let step = self.application.after(actor, act, &self.rules, self.now)?;
        self.told = super::telling::checked(&self.application, &step, &self.wish.dwelling.owners);
        self.application = step.application;
        self.events.push(step.event);
        Ok(self.application.state)
    }

    /// What happened last.
    pub(super) fn last(&self) -> EventKind {
        self.events.last().unwrap().kind
    }

    /// The consent in this place; one that nobody was asked for beyond the last.
    pub(super) fn id(&self, place: usize) -> ConsentId {
        let found = self.application.consents.get(place);
        found.map_or(ConsentId::new(Uuid::max()), |consent| consent.id)
    }

    /// The one who is asked in this place, as a person.
    pub(super) fn party(&self, place: usize) -> Actor {
        let party = &self.application.consents[place].party;
        Actor::Person(party.person().unwrap().clone())
    }

    /// The first registration, or one that is not.
    pub(super) fn registration(&self) -> RegistrationId {
        self.registration_at(0)
    }

    pub(super) fn registration_at(&self, place: usize) -> RegistrationId {
        let found = self.application.registrations.get(place);
        found.map_or(RegistrationId::new(Uuid::max()), |one| one.id)
    }

    /// The document for this purpose that the actor may sign, or would be shown.
    pub(super) fn document(&self, purpose: Purpose, actor: &Actor) -> Document {
        let signatory = self.application.signatory_for(purpose, actor);
        let first = || self.signatories(purpose).into_iter().next();
        document(purpose, signatory.or_else(first), self.application.edition)
    }

    /// Whose signatures serve a purpose, by the application or by the register.
    pub(super) fn signatories(&self, purpose: Purpose) -> Vec<Signatory> {
        match purpose {
            Purpose::Leaving(id) => vec![Signatory::Person(self.speaker_of(id))],
            Purpose::Application | Purpose::Consent(_) | Purpose::Removal(_) | Purpose::Login => {
                self.application.signatories(purpose)
            }
        }
    }

    /// Who speaks for the resident by the register; for one who is not registered the
    /// applicant does.
    fn speaker_of(&self, id: RegistrationId) -> Iin {
        let resident = self.application.registration(id).map(|one| &one.resident);
        let speaker = self.speaker.as_ref().or(resident);
        speaker.unwrap_or(&self.application.applicant.iin).clone()
    }

    /// The operator says that everybody was there.
    pub(super) fn attest(&mut self, actor: &Actor) -> Outcome {
        let holders = holders(&self.application.owners, None);
        let attestation = attestation(&self.application.residents, &holders);
        self.act(actor, Act::Attest(Box::new(attestation), &holders))
    }

    pub(super) fn sign(&mut self, actor: &Actor) -> Outcome {
        self.signing(Purpose::Application, actor, actor)
    }

    pub(super) fn consent(&mut self, place: usize, actor: &Actor) -> Outcome {
        self.signing(Purpose::Consent(self.id(place)), actor, actor)
    }

    /// The one who is asked in this place consents.
    pub(super) fn consent_of(&mut self, place: usize) -> Outcome {
        self.consent(place, &self.party(place))
    }

    pub(super) fn leave(&mut self, actor: &Actor) -> Outcome {
        self.signing(Purpose::Leaving(self.registration()), actor, actor)
    }

    /// The evidence of what `signer` signed has come.
    pub(super) fn settle(&mut self, purpose: Purpose, signer: &Actor) -> Outcome {
        self.signing(purpose, &Actor::Clock, signer)
    }

    fn signing(&mut self, purpose: Purpose, actor: &Actor, signer: &Actor) -> Outcome {
        let document = self.document(purpose, signer);
        self.presenting(purpose, actor, signer, &document)
    }

    /// `signer`'s signature over this document is presented for a purpose.
    pub(super) fn presenting(
        &mut self,
        purpose: Purpose,
        actor: &Actor,
        signer: &Actor,
        document: &Document,
    ) -> Outcome {
        let proof = proof(document, signer, self.now);
        let signed = Signed {
            document,
            proof: &proof,
        };
        let owners = self.owners_today(purpose);
        let act = match purpose {
            Purpose::Consent(id) => match &owners {
                Some(owners) => Act::Confirm(id, signed, owners),
                None => Act::Consent(id, signed),
            },
            Purpose::Leaving(id) => Act::Leave(id, self.speaker_of(id), signed),
            Purpose::Application => Act::Sign(signed),
            Purpose::Removal(_) | Purpose::Login => panic!("not by this way"),
        };
        self.act(actor, act)
    }

    /// Who owns the dwelling today, where it matters: those who were asked, unless
    /// it was sold.
    fn owners_today(&self, purpose: Purpose) -> Option<BTreeSet<Holder>> {
        let (_, removal) = self.application.removal_with(purpose.consent()?)?;
        let asked = removal.consents.iter().filter_map(Consent::owner).cloned();
        let asked = asked.chain([removal.by.clone()]).collect();
        Some(self.sold_to.clone().unwrap_or(asked))
    }

    /// A signature is acknowledged whose evidence is still to come.
    pub(super) fn receive(&mut self, purpose: Purpose, actor: &Actor) -> Outcome {
        let document = self.document(purpose, actor);
        let received = received_from(certificate(actor), Digest::of(&document.bytes), self.now);
        let receipt = Receipt {
            document: &document,
            received: &received,
        };
        self.act(actor, Act::Receive(receipt))
    }

    /// What was acknowledged and waits for its evidence.
    pub(super) fn waiting(&self) -> Vec<Purpose> {
        let consents = self.application.consents.iter();
        let purposes = consents.map(|consent| Purpose::Consent(consent.id));
        let all = purposes.chain([Purpose::Application]);
        all.filter(|purpose| self.application.is_pending(*purpose))
            .collect()
    }

    pub(super) fn discard(&mut self, purpose: Purpose) -> Outcome {
        self.act(&Actor::Clock, Act::Discard(purpose))
    }

    pub(super) fn decline(&mut self, place: usize, actor: &Actor) -> Outcome {
        let act = Act::Decline(self.id(place), DeclineReason::NotAgreed);
        self.act(actor, act)
    }

    /// Whoever is asked this says no.
    pub(super) fn refused_by(&mut self, purpose: Purpose, actor: &Actor) -> Outcome {
        let id = purpose.consent().unwrap_or(self.id(0));
        let act = Act::Decline(id, DeclineReason::NotMyDwelling);
        self.act(actor, act)
    }

    pub(super) fn take_back(&mut self, place: usize, actor: &Actor) -> Outcome {
        self.act(actor, Act::TakeBack(self.id(place)))
    }

    pub(super) fn edit(&mut self, actor: &Actor, wish: Wish) -> Outcome {
        let proposal = wish.proposal(self.fresh());
        let outcome = self.act(actor, Act::Edit(Box::new(proposal)));
        if outcome.is_ok() {
            self.wish = wish;
        }
        outcome
    }

    pub(super) fn withdraw(&mut self, actor: &Actor) -> Outcome {
        self.act(actor, Act::Withdraw)
    }

    pub(super) fn lapse(&mut self) -> Outcome {
        self.act(&Actor::Clock, Act::Lapse)
    }

    pub(super) fn remind(&mut self) -> Outcome {
        self.act(&Actor::Clock, Act::Remind)
    }

    /// The dwelling has these owners now, and who has a say is asked.
    pub(super) fn ask_anew(&mut self, owners: &[Holder]) -> Outcome {
        self.wish.dwelling.owners = owners.iter().cloned().collect();
        let question = Question::new(self.wish.asked(), names(self.fresh()));
        self.act(&Actor::Clock, Act::AskAnew(question))
    }

    pub(super) fn register(&mut self) -> Outcome {
        self.register_asking(&self.wish.asked())
    }

    /// By the registers these would be asked today.
    pub(super) fn register_asking(&mut self, asked: &Asked) -> Outcome {
        let applicant = self.applicant();
        let own = self.document(Purpose::Application, &applicant);
        let consents = self.application.consents.clone();
        let papers = consents.iter().map(|consent| {
            let purpose = Purpose::Consent(consent.id);
            let party = consent.party.signatory();
            let paper = document(purpose, Some(party.clone()), self.application.edition);
            let proof = proof(&paper, &one_of(&party), self.now);
            (consent.id, paper, proof)
        });
        let papers: Vec<_> = papers.collect();
        let names = (1..).map(|n| RegistrationId::new(Uuid::from_u128(n)));
        let recheck = Recheck {
            asked,
            application: Signed {
                document: &own,
                proof: &proof(&own, &applicant, self.now),
            },
            consents: signed(&papers),
            registrations: names.take(self.application.residents.len()).collect(),
        };
        self.act(&Actor::Clock, Act::Register(recheck))
    }

    pub(super) fn refuse(&mut self) -> Outcome {
        self.act(&Actor::Clock, Act::Refuse(Grounds::SignatureVoid))
    }

    /// An owner demands the end of the first registration, which these confirm.
    pub(super) fn remove(&mut self, by: &str, others: &[&str]) -> Outcome {
        self.demand((by, None), others, &person(by))
    }

    /// The same, by `signer` and, where there is one, in the name of a delegate.
    pub(super) fn demand(
        &mut self,
        (by, delegate): (&str, Option<Delegate>),
        others: &[&str],
        signer: &Actor,
    ) -> Outcome {
        let mut signatory = signer.iin().cloned().map(Signatory::Person);
        if let Some(delegate) = &delegate {
            signatory = Some(Signatory::Person(delegate.iin.clone()));
        }
        let purpose = Purpose::Removal(self.registration());
        let document = document(purpose, signatory, self.application.edition);
        let demand = Demand {
            by: super::people::owner(by),
            delegate,
            signed: Signed {
                document: &document,
                proof: &proof(&document, signer, self.now),
            },
            consents: confirming(others, self.fresh()),
        };
        let act = Act::Remove(self.registration(), demand);
        self.act(signer, act)
    }

    /// The consent to the removal in this place.
    pub(super) fn confirmation(&self, place: usize) -> ConsentId {
        let registrations = &self.application.registrations;
        let removal = registrations.first().and_then(|one| one.removal.as_ref());
        let found = removal.and_then(|removal| removal.consents.get(place));
        found.map_or(ConsentId::new(Uuid::max()), |consent| consent.id)
    }

    pub(super) fn confirm(&mut self, place: usize, actor: &Actor) -> Outcome {
        let purpose = Purpose::Consent(self.confirmation(place));
        self.signing(purpose, actor, actor)
    }

    pub(super) fn object(&mut self, place: usize, actor: &Actor) -> Outcome {
        let act = Act::Decline(self.confirmation(place), DeclineReason::NotAgreed);
        self.act(actor, act)
    }

    pub(super) fn withdraw_removal(&mut self, actor: &Actor) -> Outcome {
        let id = self.registration();
        self.act(actor, Act::WithdrawRemoval(id, None))
    }

    pub(super) fn drop_removal(&mut self) -> Outcome {
        self.act(&Actor::Clock, Act::DropRemoval(self.registration()))
    }

    /// By the register these own the dwelling today.
    pub(super) fn void_removal(&mut self, owners: &[&str]) -> Outcome {
        let owners = super::people::owners(owners).into_iter().collect();
        let act = Act::VoidRemoval(self.registration(), &owners);
        self.act(&Actor::Clock, act)
    }

    pub(super) fn expire(&mut self) -> Outcome {
        self.act(&Actor::Clock, Act::Expire)
    }

    pub(super) fn replace(&mut self, place: usize) -> Outcome {
        self.act(&Actor::Clock, Act::Replace(self.registration_at(place)))
    }

    pub(super) fn annul(&mut self, place: usize) -> Outcome {
        let act = Act::Annul(self.registration_at(place));
        self.act(&Actor::Register, act)
    }

    /// A registration that goes on from this one, which ended so or stands.
    pub(super) fn discontinue(&mut self, former: Standing) -> Outcome {
        let id = self.registration();
        let own = self.application.registration(id).cloned();
        let own = own.ok_or(Refused::OutOfTurn(self.application.state))?;
        let continued = Registration {
            id: RegistrationId::new(Uuid::from_u128(FORMER)),
            standing: former,
            ..own
        };
        self.act(&Actor::Clock, Act::Discontinue(id, &continued))
    }

    /// One that continues another registration.
    pub(super) fn continuing() -> Self {
        let mut stage = Self::registered(1);
        stage.application.extends = Some(RegistrationId::new(Uuid::from_u128(FORMER)));
        stage
    }

    /// The applicant as one who acts.
    pub(super) fn applicant(&self) -> Actor {
        one_of(&self.application.applicant.signatory())
    }

    fn fresh(&mut self) -> u128 {
        self.names += 100;
        self.names
    }
}

/// What goes on in [`Stage::continuing`].
const FORMER: u128 = 98;

/// Somebody who may sign as this.
pub(super) fn one_of(signatory: &Signatory) -> Actor {
    use super::people::{CLERK, employee, head};
    match signatory {
        Signatory::Person(iin) => Actor::Person(iin.clone()),
        Signatory::Organisation(bin) => head(CLERK, bin.as_str()),
        Signatory::Operator(bin, iin) => employee(iin.as_str(), bin.as_str()),
        Signatory::Colleague(bin, _) => employee(super::people::STRANGER, bin.as_str()),
    }
}

pub(super) fn document(purpose: Purpose, signatory: Option<Signatory>, edition: i32) -> Document {
    Document {
        id: DocumentId::new(Uuid::nil()),
        purpose,
        bytes: format!("{purpose:?} {signatory:?} {edition}").into_bytes(),
        signatory,
        language: Language::Ru,
        nonce: Nonce([0; NONCE_LENGTH]),
        issued_at: start(),
        expires_at: start() + TimeDelta::days(10_000),
    }
}

pub(super) fn proof(document: &Document, signer: &Actor, at: DateTime<Utc>) -> Verified {
    verified_from(certificate(signer), Digest::of(&document.bytes), at)
}

fn signed(papers: &[(ConsentId, Document, Verified)]) -> Vec<(ConsentId, Signed<'_>)> {
    let signed = |(id, document, proof)| (id, Signed { document, proof });
    papers
        .iter()
        .map(|(id, document, proof)| signed((*id, document, proof)))
        .collect()
}

fn card() -> IdentityPaper {
    IdentityPaper {
        kind: IdentityKind::IdentityCard,
        last_four: "1234".to_owned(),
        issuer: "МВД РК".to_owned(),
    }
}

/// Everybody's identity document was shown, and who has a say was there.
pub(super) fn attestation(residents: &[Resident], holders: &BTreeSet<Party>) -> Attestation {
    let residents = residents.iter().map(|resident| Identified {
        iin: resident.iin.clone(),
        paper: card(),
        representative: None,
        exempt: None,
    });
    let holders = holders.iter().cloned().map(|party| Vouched {
        party,
        how: Appearance::Present,
        paper: Some(card()),
    });
    Attestation {
        residents: residents.collect(),
        holders: holders.collect(),
        attachments: Vec::new(),
    }
}
