//! Evidence comes late: what was acknowledged is decided.
//!
//! Other people's servers are asked with no transaction open; a claim in the
//! database keeps other workers from asking the same at the same time.

use std::sync::Arc;

use chrono::TimeDelta;
use tokio::task::JoinSet;

use super::error::refusal;
use super::proof::Case;
use super::transaction::transaction;
use super::{Error, House};
use crate::domain::{Act, Actor, Application, Document, Purpose, Refused};
use crate::eds::{Digest, Moment, Report, Verified, ocsp};
use crate::store::received::{self, Outcome, Waiting};
use crate::store::refusals::Refusal;
use crate::store::{Connection, applications, documents};

impl House {
    /// Looks once more for the evidence of each acknowledged signature that is
    /// due, up to `limit` of them, and says how many were decided. One that fails
    /// does not keep the others.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails; the last one when several fail.
    pub async fn settle_received(&self, limit: usize) -> Result<usize, Error> {
        let mut under_way = JoinSet::new();
        while under_way.len() < limit
            && let Some(waiting) = self.claim_waiting().await?
        {
            let house = self.clone();
            under_way.spawn(async move { house.settle(waiting).await });
        }
        let (mut settled, mut failure) = (0, None);
        while let Some(outcome) = under_way.join_next().await {
            match outcome.unwrap_or(Err(Error::CutOff)) {
                Ok(decided) => settled += usize::from(decided),
                Err(error) => failure = Some(error),
            }
        }
        failure.map_or(Ok(settled), Err)
    }

    /// How many signatures wait for their evidence, for those who watch the service.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn count_received(&self) -> Result<usize, Error> {
        let mut connection = self.pool.take().await?;
        let waiting = received::backlog(&mut connection).await?.waiting;
        let waiting = u32::try_from(waiting).unwrap_or(u32::MAX);
        metrics::gauge!("kelisim_signatures_waiting_for_evidence").set(waiting);
        Ok(usize::try_from(waiting).unwrap_or(usize::MAX))
    }

    async fn claim_waiting(&self) -> Result<Option<Waiting>, Error> {
        let mut connection = self.pool.take().await?;
        let now = self.now();
        Ok(received::claim(&mut connection, now, now + CLAIM).await?)
    }

    /// Whether it was decided.
    async fn settle(&self, waiting: Waiting) -> Result<bool, Error> {
        let document = self.signed_document(&waiting).await?;
        let case = self.gathered(self.case_of(&waiting, document)).await?;
        match self.proof(case.clone()).await? {
            Ok(proof) => match self.settle_good(&waiting, &case, &proof).await {
                // It holds, but the workflow has no use for it: nobody waits longer for
                // that to change than for evidence.
                Err(Error::Refused(refused)) if self.gives_up(&waiting, refused) => {
                    let code = Error::from(refused).code().unwrap_or("NO_POE");
                    self.settle_bad(&waiting, code, proof.report()).await
                }
                settled => settled,
            },
            Err(report) if report.wants_evidence() && self.now() < waiting.give_up_at => {
                self.wait_on(waiting, case, &report).await?;
                Ok(false)
            }
            Err(report) => {
                let code = case.missing(&report);
                self.settle_bad(&waiting, code, &report).await
            }
        }
    }

    /// A clock that cannot be trusted says nothing about the time that is left.
    fn gives_up(&self, waiting: &Waiting, refused: Refused) -> bool {
        refused != Refused::ClockUntrusted && self.now() >= waiting.give_up_at
    }

    async fn signed_document(&self, waiting: &Waiting) -> Result<Document, Error> {
        let mut connection = self.pool.take().await?;
        let document = documents::find(&mut connection, waiting.document).await?;
        document.ok_or(Error::NotOurs)
    }

    fn case_of(&self, waiting: &Waiting, document: Document) -> Case {
        Case {
            cms: waiting.cms.clone(),
            stamped: waiting.stamped.clone(),
            augmented: waiting.stamped.clone(),
            policy: self.settings.policy_of(&document).clone(),
            moment: Moment {
                issued: Some(document.issued_at),
                received: waiting.received_at,
                now: self.now(),
            },
            document,
            answers: Vec::new(),
            trouble: None,
        }
    }

    async fn settle_good(
        &self,
        waiting: &Waiting,
        case: &Case,
        proof: &Verified,
    ) -> Result<bool, Error> {
        let application = {
            let mut connection = self.pool.take().await?;
            applications::find(&mut connection, waiting.application).await?
        };
        let application = application.ok_or(Error::NotFound)?;
        let asks = self.may_still_ask(&application, waiting.purpose).await;
        if let Some(error) = refusal(asks)? {
            let code = error.code().unwrap_or("CONSENT/STATE_CONFLICT");
            return self.settle_bad(waiting, code, proof.report()).await;
        }
        let news = self.news_before_last(&application, waiting.purpose).await?;
        self.decide(waiting, async |connection| {
            self.counted(connection, waiting, case, proof, news.as_deref())
                .await
        })
        .await
    }

    /// Whether an application whose signature waited for its evidence may still be put to
    /// those whom it names: nobody hears of it who has no say any more. Otherwise it is
    /// to be written anew, as when it is signed.
    async fn may_still_ask(
        &self,
        application: &Application,
        purpose: Purpose,
    ) -> Result<(), Error> {
        if purpose != Purpose::Application {
            return Ok(());
        }
        let mut connection = self.pool.take().await?;
        if self
            .has_nothing_to_extend(&mut connection, application)
            .await?
        {
            return Err(Error::NothingToExtend);
        }
        let matter = self.matter_today(&mut connection, application).await?;
        let same = application.asks(&matter.asked);
        same.then_some(())
            .ok_or_else(|| Refused::OwnersChanged.into())
    }

    async fn counted(
        &self,
        connection: &mut Connection,
        waiting: &Waiting,
        case: &Case,
        proof: &Verified,
        news: Option<&[Arc<ocsp::Response>]>,
    ) -> Result<Outcome, Error> {
        let Some(application) = locked_while_pending(connection, waiting).await? else {
            return Ok(Outcome::Moot);
        };
        let void = self.void_removal(connection, &application, waiting.purpose);
        if void.await? {
            return Ok(Outcome::Moot);
        }
        let application = self
            .count(connection, &Actor::Clock, &application, case, proof)
            .await?;
        // Where others signed meanwhile, nobody was asked about them yet: the next turn is.
        if let Some(news) = news {
            self.register_if_agreed(connection, application, news)
                .await?;
        }
        Ok(Outcome::Counted)
    }

    async fn settle_bad(
        &self,
        waiting: &Waiting,
        code: &'static str,
        report: &Report,
    ) -> Result<bool, Error> {
        self.decide(waiting, async |connection| {
            let Some(application) = locked_while_pending(connection, waiting).await? else {
                return Ok(Outcome::Moot);
            };
            let act = Act::Discard(waiting.purpose);
            let application = self
                .act(connection, &application, &Actor::Clock, act)
                .await?;
            let refusal = Refusal {
                application: application.id,
                consent: waiting.purpose.consent(),
                person: &waiting.signer,
                code,
                report: Some(report),
                signature: Digest::of(&waiting.cms),
                at: self.now(),
            };
            self.refuse_signature(connection, &application, &refusal)
                .await?;
            Ok(Outcome::Refused)
        })
        .await
    }

    /// Saves a decision together with what follows from it.
    async fn decide(
        &self,
        waiting: &Waiting,
        decision: impl AsyncFnOnce(&mut Connection) -> Result<Outcome, Error>,
    ) -> Result<bool, Error> {
        let mut connection = self.pool.take().await?;
        let outcome = transaction(&mut connection, async |connection| {
            let outcome = decision(connection).await?;
            received::settle(connection, waiting.id, outcome, self.now()).await?;
            Ok(outcome)
        })
        .await?;
        let outcome: &'static str = outcome.into();
        metrics::counter!("kelisim_signatures_settled_total", "outcome" => outcome).increment(1);
        Ok(true)
    }

    async fn wait_on(
        &self,
        mut waiting: Waiting,
        case: Case,
        report: &Report,
    ) -> Result<(), Error> {
        case.missing(report).clone_into(&mut waiting.trouble);
        waiting.stamped = case.stamped;
        let next = self.now() + pause(waiting.attempts);
        waiting.next_attempt_at = next.min(waiting.give_up_at);
        let mut connection = self.pool.take().await?;
        Ok(received::postpone(&mut connection, &waiting).await?)
    }
}

/// The application, locked, as long as the signature is still what it waits for.
async fn locked_while_pending(
    connection: &mut Connection,
    waiting: &Waiting,
) -> Result<Option<Application>, Error> {
    let application = applications::lock(connection, waiting.application).await?;
    let application = application.ok_or(Error::NotFound)?;
    let pending = application.is_pending(waiting.purpose);
    Ok(pending.then_some(application))
}

/// How long to wait before the next look: so short that what comes back is
/// noticed within half a minute.
pub(super) fn pause(attempts: i32) -> TimeDelta {
    match attempts {
        ..=0 => TimeDelta::seconds(2),
        1 => TimeDelta::seconds(4),
        2 => TimeDelta::seconds(8),
        3 => TimeDelta::seconds(15),
        4.. => TimeDelta::seconds(30),
    }
}

/// For how long a claim holds: longer than one look may take.
const CLAIM: TimeDelta = TimeDelta::seconds(40);
