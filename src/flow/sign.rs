//! A person signs: the applicant the application, a party a consent, whoever ends
//! a registration that.
//!
//! What needs no evidence is checked first; then other people's servers are
//! asked, with no transaction open and no connection held; then the verdict is
//! saved. A signature whose evidence cannot be had now is acknowledged, and does
//! not count until the evidence has come ([`super::settle`]).

use std::cell::Cell;

use super::asking::{Matter, Today};
use super::elsewhere::joins_freely;
use super::gather::is_last;
use super::proof::{Case, is_spent, same_person};
use super::transaction::transaction;
use super::{Error, House, Once, Reply, Session};
use crate::domain::{
    Act, Actor, Application, ApplicationId, Grounds, Purpose, Receipt, Refused, Signatory, State,
    Unproven,
};
use crate::eds::{Digest, Received, Report, Verified};
use crate::store::documents::Edition;
use crate::store::received::Waiting;
use crate::store::refusals::Refusal;
use crate::store::{self, Connection, applications, documents, received};

/// Whether a signature is awaited, or the request was answered before.
enum Turn {
    Yours(Box<Application>, Signatory),
    Answered(Reply),
}

/// A signature of which everything holds that can be told on receipt, with what
/// was gathered about it.
struct Offered {
    case: Case,
    received: Received,
    verdict: Verdict,
}

enum Verdict {
    Counts(Box<Verified>),
    Waits(Box<Report>),
}

impl House {
    /// Takes a detached signature over the document that was issued for this
    /// purpose, in whichever language the person signed it. After the resident's
    /// signature the owners are asked; the last consent leads to the registration
    /// at once.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person is the one to sign;
    /// [`Error::Refused`] out of turn or time; [`Error::Signature`],
    /// [`Error::Misplaced`], [`Error::NotOurs`] or [`Error::OtherPerson`] when the
    /// signature does not count, which is recorded.
    pub async fn sign(
        &self,
        session: &Session,
        once: &Once<'_>,
        id: ApplicationId,
        purpose: Purpose,
        cms: &[u8],
    ) -> Result<Reply, Error> {
        let (application, signatory) = match self.turn(session, once, id, purpose).await {
            Ok(Turn::Yours(application, signatory)) => (application, signatory),
            Ok(Turn::Answered(reply)) => return Ok(reply),
            Err(
                error
                @ (Error::Refused(Refused::NotYours) | Error::Powerless(_) | Error::BothSides),
            ) => return self.turn_down(session, (id, purpose), cms, error).await,
            Err(error) => return Err(error),
        };
        let addressed = (application.as_ref(), purpose, &signatory);
        let offered = match self.offered(session, addressed, cms).await {
            Ok(offered) => offered,
            Err(error) => return self.turn_down(session, (id, purpose), cms, error).await,
        };
        self.same_people(session, (&application, purpose)).await?;
        self.take(session, once, (*application, purpose), &offered)
            .await
    }

    /// What follows from a signature that was looked at. When it turns out to be the
    /// last only once the application is locked, for others signed meanwhile, it begins
    /// anew: what responders say now is asked before, with no lock held.
    async fn take(
        &self,
        session: &Session,
        once: &Once<'_>,
        (mut application, purpose): (Application, Purpose),
        offered: &Offered,
    ) -> Result<Reply, Error> {
        let (id, actor) = (application.id, session.actor());
        loop {
            let news = self.news_before_last(&application, purpose).await?;
            let overtaken = Cell::new(false);
            let mut connection = self.pool.take().await?;
            let effect = async |connection: &mut Connection| {
                let application = self.own_locked(connection, session, id).await?;
                if news.is_none() && is_last(&application, purpose) {
                    overtaken.set(true);
                    return Err(store::Error::Conflict.into());
                }
                let application = match &offered.verdict {
                    Verdict::Counts(proof) => {
                        let application = self
                            .count(connection, &actor, &application, &offered.case, proof)
                            .await?;
                        let news = news.as_deref().unwrap_or_default();
                        self.register_if_agreed(connection, application, news)
                            .await?
                    }
                    Verdict::Waits(report) => {
                        self.acknowledge(connection, &actor, &application, offered, report)
                            .await?
                    }
                };
                self.seen(connection, application).await
            };
            match self
                .take_effect(&mut connection, session, once, effect)
                .await
            {
                Err(_) if overtaken.get() => {
                    application = self.own(&mut connection, session, id).await?;
                }
                outcome => return outcome,
            }
        }
    }

    async fn turn(
        &self,
        session: &Session,
        once: &Once<'_>,
        id: ApplicationId,
        purpose: Purpose,
    ) -> Result<Turn, Error> {
        let mut connection = self.pool.take().await?;
        if let Some(reply) = self.given(&mut connection, session, once).await? {
            return Ok(Turn::Answered(reply));
        }
        let application = self.own(&mut connection, session, id).await?;
        let mandate = self
            .mandate(&mut connection, &application, session, purpose)
            .await;
        let mandate = mandate.map_err(|error| not_asked(&application, purpose, error))?;
        let signatory = mandate.signatory();
        self.still_operates(&signatory)?;
        joins_freely(&mut connection, &application, purpose).await?;
        match application.awaits(purpose, self.now()) {
            Ok(()) => Ok(Turn::Yours(Box::new(application), signatory)),
            Err(refused) => self
                .given_or(&mut connection, session, once, refused.into())
                .await
                .map(Turn::Answered),
        }
    }

    async fn offered(
        &self,
        session: &Session,
        (application, purpose, signatory): (&Application, Purpose, &Signatory),
        cms: &[u8],
    ) -> Result<Offered, Error> {
        let policy = self.settings.policy_for(signatory);
        let (document, received) = {
            let mut connection = self.pool.take().await?;
            let edition = Edition::from(application);
            let mut issued = documents::of(&mut connection, edition, purpose).await?;
            issued.retain(|one| one.signatory.as_ref() == Some(signatory));
            let matter = (Some(application), purpose, issued);
            let (document, received) = self
                .take_receipt(&mut connection, cms, matter, policy)
                .await?;
            if is_spent(&mut connection, application, &document).await? {
                return Err(Refused::Unproven(Unproven::Spent).into());
            }
            (document, received)
        };
        same_person(session, received.signer())?;
        let case = Case::new(cms, document, policy, received.received_at());
        let case = self.gathered(case).await?;
        let verdict = match self.proof(case.clone()).await? {
            Ok(proof) => Verdict::Counts(Box::new(proof)),
            Err(report) if report.wants_evidence() && may_wait(purpose) => Verdict::Waits(report),
            Err(report) => return Err(Error::Signature(report)),
        };
        Ok(Offered {
            case,
            received,
            verdict,
        })
    }

    /// Whoever was asked, for whatever, is who would be asked today.
    async fn same_people(
        &self,
        session: &Session,
        matter: (&Application, Purpose),
    ) -> Result<(), Error> {
        let mut connection = self.pool.take().await?;
        self.same_owners(&mut connection, session, matter).await?;
        self.same_removers(&mut connection, matter).await
    }

    /// Others than those who were asked may have a say by now: then they are asked,
    /// and this answer was to a question that is void. Where it cannot go on by what
    /// the registers say, it ends, and who signed is told why. A draft is to be written
    /// anew before anybody is asked.
    pub(super) async fn same_owners(
        &self,
        connection: &mut Connection,
        session: &Session,
        (application, purpose): (&Application, Purpose),
    ) -> Result<(), Error> {
        let draft = match (application.state, purpose) {
            (State::Draft, Purpose::Application) => true,
            (State::AwaitingConsent, Purpose::Consent(_)) => false,
            (_, _) => return Ok(()),
        };
        if draft && self.has_nothing_to_extend(connection, application).await? {
            return Err(Error::NothingToExtend);
        }
        let (today, reason) = match self.matter_today(connection, application).await {
            Ok(matter) if application.asks(&matter.asked) => {
                return impartial(session, (application, purpose), &matter);
            }
            Ok(_) if draft => return Err(Refused::OwnersChanged.into()),
            Err(error) if draft => return Err(error),
            Ok(matter) => (Ok(matter), Refused::OwnersChanged.into()),
            Err(error) => match error.grounds() {
                Some(grounds @ Grounds::OwnersChanged) => {
                    (Err(grounds), Refused::OwnersChanged.into())
                }
                Some(grounds) => (Err(grounds), error),
                None => return Err(error),
            },
        };
        transaction(connection, async |connection| {
            let application = applications::lock(connection, application.id).await?;
            let application = application.ok_or(Error::NotFound)?;
            // Another party may have noticed it at the same moment.
            match is_noticed(&application, &today) {
                true => Ok(application),
                false => self.ask_anew(connection, &application, &today).await,
            }
        })
        .await?;
        Err(reason)
    }

    /// Nobody signs for a service centre after their organisation ceased to keep one.
    fn still_operates(&self, signatory: &Signatory) -> Result<(), Error> {
        match signatory {
            Signatory::Operator(bin, _) if !self.settings.centres.contains(bin) => {
                Err(Error::NotAllowed)
            }
            // What a colleague is asked ends with it, and says why.
            Signatory::Person(_)
            | Signatory::Organisation(_)
            | Signatory::Operator(..)
            | Signatory::Colleague(..) => Ok(()),
        }
    }

    /// Stores a signature that cannot be judged yet: nobody signs it twice, and
    /// nothing follows from it.
    async fn acknowledge(
        &self,
        connection: &mut Connection,
        actor: &Actor,
        application: &Application,
        offered: &Offered,
        report: &Report,
    ) -> Result<Application, Error> {
        let Offered { case, received, .. } = offered;
        let receipt = Receipt {
            document: &case.document,
            received,
        };
        let act = Act::Receive(receipt);
        let step = application.after(actor, act, &self.settings.rules, self.now())?;
        let now = case.moment.received;
        let waiting = Waiting {
            id: self.uuid(now)?,
            document: case.document.id,
            application: application.id,
            purpose: case.document.purpose,
            signer: received.signer().iin().ok_or(Error::OtherPerson)?.clone(),
            cms: case.cms.clone(),
            stamped: case.stamped.clone(),
            received_at: now,
            attempts: 0,
            next_attempt_at: now + super::settle::pause(0),
            give_up_at: now + self.settings.rules.evidence_window,
            trouble: case.missing(report).to_owned(),
        };
        // First, so that the record of the step tells of the signature too.
        received::insert(connection, &waiting).await?;
        self.record(connection, application, step).await
    }

    /// Answers why a signature does not count, once it is recorded that it was
    /// offered.
    async fn turn_down(
        &self,
        session: &Session,
        (id, purpose): (ApplicationId, Purpose),
        cms: &[u8],
        error: Error,
    ) -> Result<Reply, Error> {
        let Some(code) = error.code() else {
            return Err(error);
        };
        let now = self.now();
        let refusal = Refusal {
            application: id,
            consent: purpose.consent(),
            person: &session.iin,
            code,
            report: error.report(),
            signature: Digest::of(cms),
            at: now,
        };
        let mut connection = self.pool.take().await?;
        transaction(&mut connection, async |connection| {
            let application = self.own_locked(connection, session, id).await?;
            self.refuse_signature(connection, &application, &refusal)
                .await
        })
        .await?;
        Err(error)
    }
}

/// Whether what the registers say was acted upon.
fn is_noticed(application: &Application, today: &Today) -> bool {
    let asks = |matter: &Matter| application.asks(&matter.asked);
    application.state != State::AwaitingConsent || today.as_ref().is_ok_and(asks)
}

/// No colleague looks over a matter of their own: not as somebody's representative
/// either, whom the attestation does not name.
fn impartial(
    session: &Session,
    (application, purpose): (&Application, Purpose),
    matter: &Matter,
) -> Result<(), Error> {
    let signatory = application.signatory_for(purpose, &session.actor());
    let colleague = matches!(signatory, Some(Signatory::Colleague(..)));
    let own = colleague && matter.interested.contains(&session.iin);
    (!own)
        .then_some(())
        .ok_or(Refused::ConflictOfInterest.into())
}

/// Whoever may see a question that is put to somebody else is told whose it is
/// not; for others there is no such question.
fn not_asked(application: &Application, purpose: Purpose, error: Error) -> Error {
    let asked = purpose.consent().and_then(|id| application.consent(id));
    if asked.is_some() && matches!(error, Error::NotFound) {
        return Refused::NotYours.into();
    }
    error
}

/// What ends a registration counts at once or not at all.
fn may_wait(purpose: Purpose) -> bool {
    match purpose {
        Purpose::Application | Purpose::Consent(_) => true,
        Purpose::Leaving(_) | Purpose::Removal(_) | Purpose::Login => false,
    }
}
