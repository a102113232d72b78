//! From bytes that somebody sent to a proof, or to the reason why they are none.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Error, House, Misplaced, Session};
use crate::domain::{Application, Document, DocumentId, Purpose};
use crate::eds::{
    self, Content, Enclosed, Moment, Policy, Received, Report, Signer, SubIndication, Trust,
    Verified, Wants, ocsp,
};
use crate::store::{Connection, challenges, documents, signatures};

/// How many documents are looked through for the one that a misplaced signature
/// is over. Beyond it the answer is still no, only less exact.
const LOOK_BACK: i64 = 100;

impl House {
    /// Finds the one of `candidates` that was signed, and checks of the signature
    /// what can be checked on receipt.
    ///
    /// # Errors
    /// [`Error::Signature`] with the report when it does not hold,
    /// [`Error::Misplaced`] when it is over something else that we issued,
    /// [`Error::NotOurs`] when there are no candidates.
    pub(super) async fn take_receipt(
        &self,
        connection: &mut Connection,
        cms: &[u8],
        (application, purpose, candidates): (Option<&Application>, Purpose, Vec<Document>),
        policy: &Policy,
    ) -> Result<(Document, Received), Error> {
        let now = self.now();
        let refusal = match self.first_over(cms, candidates, policy, now).await {
            Ok(Ok(found)) => return Ok(found),
            Ok(Err(report)) if is_over_other_bytes(&report) => Error::Signature(report),
            Ok(Err(report)) => return Err(Error::Signature(report)),
            Err(Error::NotOurs) => Error::NotOurs,
            Err(error) => return Err(error),
        };
        let misplaced = self
            .misplaced(connection, cms, (application, purpose), policy)
            .await?;
        Err(misplaced.map_or(refusal, Error::Misplaced))
    }

    /// The proof of a signature by what was gathered about it.
    ///
    /// # Errors
    /// [`Error::CutOff`] when the verification could not be run.
    pub(super) async fn proof(&self, case: Case) -> Result<Result<Verified, Box<Report>>, Error> {
        let trust = self.trust.current();
        on_a_thread(move || case.proof(&trust)).await
    }

    /// The verdict on a signature by everything that is known now.
    ///
    /// # Errors
    /// [`Error::CutOff`] when the verification could not be run.
    pub(super) async fn judge(&self, case: Case) -> Result<Result<Verified, Box<Report>>, Error> {
        let trust = self.trust.current();
        on_a_thread(move || case.verdict(&trust)).await
    }

    async fn first_over(
        &self,
        cms: &[u8],
        candidates: Vec<Document>,
        policy: &Policy,
        now: DateTime<Utc>,
    ) -> Result<Result<(Document, Received), Box<Report>>, Error> {
        let (trust, cms, policy) = (self.trust.current(), cms.to_vec(), policy.clone());
        on_a_thread(move || {
            let mut last = None;
            for document in candidates {
                let moment = Moment::between(document.issued_at, now);
                let content = Content::Detached(&document.bytes);
                match eds::receive(&cms, content, &trust, &policy, moment) {
                    Ok(received) => return Ok(Ok((document, received))),
                    Err(report) if is_over_other_bytes(&report) => last = Some(report),
                    Err(report) => return Ok(Err(report)),
                }
            }
            let last = match last {
                Some(report) => Some(report),
                None => faulty(&cms, &trust, &policy, now),
            };
            last.map(Err).ok_or(Error::NotOurs)
        })
        .await?
    }

    /// What a signature that is not over the document in question is over,
    /// whether it holds or not.
    async fn misplaced(
        &self,
        connection: &mut Connection,
        cms: &[u8],
        (application, asked): (Option<&Application>, Purpose),
        policy: &Policy,
    ) -> Result<Option<Misplaced>, Error> {
        let moment = Moment::at(self.now());
        let mut own = Vec::new();
        if let Some(application) = application {
            own = documents::all_of(connection, application.id).await?;
        }
        let of_this: BTreeSet<DocumentId> = own.iter().map(|one| one.id).collect();
        let mut others = own;
        others.extend(documents::latest(connection, LOOK_BACK).await?);
        others.extend(challenges::latest(connection, LOOK_BACK).await?);
        let (trust, cms, policy) = (self.trust.current(), cms.to_vec(), policy.clone());
        let over = on_a_thread(move || {
            others.into_iter().find(|document| {
                let content = Content::Detached(&document.bytes);
                match eds::receive(&cms, content, &trust, &policy, moment) {
                    Ok(_) => true,
                    Err(report) => !is_over_other_bytes(&report),
                }
            })
        })
        .await?;
        let known = application.zip(over.as_ref());
        let superseded = known.is_some_and(|(application, over)| {
            of_this.contains(&over.id) && is_void(application, over)
        });
        Ok(over.map(|over| match superseded {
            true => Misplaced::Edition,
            false => misplacement(asked, over.purpose),
        }))
    }
}

/// A signature to be judged: what was signed, when, and what is known about it.
#[derive(Clone, Debug)]
pub(super) struct Case {
    /// The detached CMS as it was received.
    pub(super) cms: Vec<u8>,
    /// The same with its time-stamp, once there is one.
    pub(super) stamped: Vec<u8>,
    /// The same with all the evidence that was gathered.
    pub(super) augmented: Vec<u8>,
    /// The document that was signed.
    pub(super) document: Document,
    /// The rules.
    pub(super) policy: Policy,
    /// When the document was issued, the signature received, and now.
    pub(super) moment: Moment,
    /// Answers of responders that are no part of the signature's own evidence.
    pub(super) answers: Vec<Arc<ocsp::Response>>,
    /// What kept evidence from being had, the last time that it was looked for.
    pub(super) trouble: Option<SubIndication>,
}

impl Case {
    /// A signature that was just received, without any evidence.
    pub(super) fn new(
        cms: &[u8],
        document: Document,
        policy: &Policy,
        received: DateTime<Utc>,
    ) -> Self {
        Self {
            cms: cms.to_vec(),
            stamped: cms.to_vec(),
            augmented: cms.to_vec(),
            policy: policy.clone(),
            moment: Moment::between(document.issued_at, received),
            answers: Vec::new(),
            trouble: None,
            document,
        }
    }

    /// The verdict by everything that is known.
    pub(super) fn verdict(&self, trust: &Trust) -> Result<Verified, Box<Report>> {
        let content = Content::Detached(&self.document.bytes);
        if self.answers.is_empty() {
            return eds::verify(&self.augmented, content, trust, &self.policy, self.moment);
        }
        let trust = self.with_answers(trust);
        eds::verify(&self.augmented, content, &trust, &self.policy, self.moment)
    }

    /// The verdict by what the signature carries, unless something else that is
    /// known speaks against it: who counts it today can prove it in ten years.
    pub(super) fn proof(&self, trust: &Trust) -> Result<Verified, Box<Report>> {
        self.verdict(trust)?;
        let content = Content::Detached(&self.document.bytes);
        let trust = trust.anchors_only();
        eds::verify(&self.augmented, content, &trust, &self.policy, self.moment)
    }

    /// What the proof still lacks; where nothing that is carried counts, what the
    /// verdict does.
    pub(super) fn lacks(&self, trust: &Trust) -> Wants {
        match self.policy.rules().enclosed {
            Enclosed::Heeded => self.wants_under(&trust.without_revocation_data()),
            Enclosed::Ignored => self.wants(trust),
        }
    }

    /// What the verdict still needs.
    pub(super) fn wants(&self, trust: &Trust) -> Wants {
        self.wants_under(&self.with_answers(trust))
    }

    fn wants_under(&self, trust: &Trust) -> Wants {
        let content = Content::Detached(&self.document.bytes);
        eds::wants(&self.augmented, content, trust, &self.policy, self.moment)
    }

    fn with_answers(&self, trust: &Trust) -> Trust {
        let answers = self.answers.iter().map(|answer| (**answer).clone());
        trust.clone().with_responses(answers.collect())
    }

    /// What is missing, in the words of ETSI EN 319 102-1: what its keepers gave
    /// as the reason, or else what the verdict says.
    pub(super) fn missing(&self, report: &Report) -> &'static str {
        let trouble = self.trouble.filter(|_| report.wants_evidence());
        let missing = trouble.or(report.sub_indication);
        missing.map_or("NO_POE", Into::into)
    }
}

/// The session's person must be the certificate's: a consent given with
/// somebody else's key is nobody's consent.
///
/// # Errors
/// [`Error::OtherPerson`] when they are not the same.
pub(super) fn same_person(session: &Session, signer: &Signer) -> Result<(), Error> {
    (signer.iin() == Some(&session.iin))
        .then_some(())
        .ok_or(Error::OtherPerson)
}

fn misplacement(asked: Purpose, over: Purpose) -> Misplaced {
    match (asked, over) {
        (Purpose::Consent(_), Purpose::Consent(_))
        | (Purpose::Application, Purpose::Application)
        | (Purpose::Leaving(_), Purpose::Leaving(_))
        | (Purpose::Removal(_), Purpose::Removal(_))
        | (Purpose::Login, Purpose::Login) => Misplaced::Document,
        (_, _) => Misplaced::Purpose,
    }
}

/// What is wrong with a signature whatever it is over, when there is nothing that
/// it could be over.
fn faulty(cms: &[u8], trust: &Trust, policy: &Policy, now: DateTime<Utc>) -> Option<Box<Report>> {
    let nothing = Content::Detached(&[]);
    let report = eds::receive(cms, nothing, trust, policy, Moment::at(now)).err()?;
    (!is_over_other_bytes(&report)).then_some(report)
}

/// Whether what a document was to bring about was brought about by it: what ends
/// a registration is issued anew each time.
pub(super) async fn is_spent(
    connection: &mut Connection,
    application: &Application,
    document: &Document,
) -> Result<bool, Error> {
    if document.purpose.registration().is_none() {
        return Ok(false);
    }
    let stored = signatures::of(connection, application.id).await?;
    Ok(stored.iter().any(|one| one.document == document.id))
}

/// Whether the document is of an earlier edition or round of its application.
fn is_void(application: &Application, document: &Document) -> bool {
    match document.purpose {
        Purpose::Application => application.edition > 1,
        Purpose::Consent(id) => application.consent(id).is_none(),
        Purpose::Leaving(_) | Purpose::Removal(_) | Purpose::Login => false,
    }
}

fn is_over_other_bytes(report: &Report) -> bool {
    report.sub_indication == Some(SubIndication::HashFailure)
}

/// Arithmetic does not belong on a thread that serves others meanwhile.
pub(super) async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::CutOff)
}
