//! From bytes that somebody sent to a proof, or to the reason why they are none.

use chrono::{DateTime, Utc};

use super::{Error, House, Misplaced, Session};
use crate::domain::{Document, Purpose};
use crate::eds::{self, Content, Moment, Policy, Report, SubIndication, Verified};
use crate::store::{Connection, challenges, documents};

/// How many documents are looked through for the one that a misplaced signature
/// is over. Beyond it the answer is still no, only less exact.
const LOOK_BACK: i64 = 100;

impl House {
    /// Verifies a signature over the one of `candidates` that was signed.
    ///
    /// # Errors
    /// [`Error::Signature`] with the report when it does not hold,
    /// [`Error::Misplaced`] when it is over something else that we issued,
    /// [`Error::NotOurs`] when there are no candidates.
    pub(super) async fn prove(
        &self,
        connection: &mut Connection,
        cms: &[u8],
        candidates: Vec<Document>,
        policy: &Policy,
    ) -> Result<(Document, Verified), Error> {
        let purpose = candidates.first().map(|document| document.purpose);
        let now = self.now();
        match self.first_over(cms, candidates, policy, now).await? {
            Ok(found) => Ok(found),
            Err(report) if !is_over_other_bytes(&report) => Err(Error::Signature(report)),
            Err(report) => match self.misplaced(connection, cms, purpose, policy).await? {
                Some(misplaced) => Err(Error::Misplaced(misplaced)),
                None => Err(Error::Signature(report)),
            },
        }
    }

    /// The proof by the signer of a document that was stored with its signature,
    /// as of now.
    ///
    /// # Errors
    /// [`Error::CutOff`] when the verification could not be run.
    pub(super) async fn prove_again(
        &self,
        document: &Document,
        cms: &[u8],
        received: DateTime<Utc>,
    ) -> Result<Result<Verified, Box<Report>>, Error> {
        let moment = Moment {
            issued: Some(document.issued_at),
            received,
            now: self.now(),
        };
        let policy = self.settings.document_policy.clone();
        let (trust, cms, bytes) = (self.trust.current(), cms.to_vec(), document.bytes.clone());
        on_a_thread(move || eds::verify(&cms, Content::Detached(&bytes), &trust, &policy, moment))
            .await
    }

    async fn first_over(
        &self,
        cms: &[u8],
        candidates: Vec<Document>,
        policy: &Policy,
        now: DateTime<Utc>,
    ) -> Result<Result<(Document, Verified), Box<Report>>, Error> {
        let (trust, cms, policy) = (self.trust.current(), cms.to_vec(), policy.clone());
        on_a_thread(move || {
            let mut last = None;
            for document in candidates {
                let moment = Moment::between(document.issued_at, now);
                let content = Content::Detached(&document.bytes);
                match eds::verify(&cms, content, &trust, &policy, moment) {
                    Ok(proof) => return Ok(Ok((document, proof))),
                    Err(report) if is_over_other_bytes(&report) => last = Some(report),
                    Err(report) => return Ok(Err(report)),
                }
            }
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
        asked: Option<Purpose>,
        policy: &Policy,
    ) -> Result<Option<Misplaced>, Error> {
        let moment = Moment::at(self.now());
        let mut others = documents::latest(connection, LOOK_BACK).await?;
        others.extend(challenges::latest(connection, LOOK_BACK).await?);
        let (trust, cms, policy) = (self.trust.current(), cms.to_vec(), policy.clone());
        let over = on_a_thread(move || {
            others.into_iter().find(|document| {
                let content = Content::Detached(&document.bytes);
                match eds::verify(&cms, content, &trust, &policy, moment) {
                    Ok(_) => true,
                    Err(report) => !is_over_other_bytes(&report),
                }
            })
        })
        .await?;
        Ok(over.map(|document| misplacement(asked, document.purpose)))
    }
}

/// The session's person must be the certificate's: a consent given with
/// somebody else's key is nobody's consent.
///
/// # Errors
/// [`Error::OtherPerson`] when they are not the same.
pub(super) fn same_person(session: &Session, proof: &Verified) -> Result<(), Error> {
    (proof.signer().iin() == Some(&session.iin))
        .then_some(())
        .ok_or(Error::OtherPerson)
}

fn misplacement(asked: Option<Purpose>, over: Purpose) -> Misplaced {
    match (asked, over) {
        (Some(Purpose::Consent(_)), Purpose::Consent(_))
        | (Some(Purpose::Application), Purpose::Application)
        | (Some(Purpose::Login), Purpose::Login) => Misplaced::Document,
        (Some(Purpose::Consent(_) | Purpose::Application | Purpose::Login) | None, _) => {
            Misplaced::Purpose
        }
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
