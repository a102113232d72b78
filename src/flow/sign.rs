//! A person signs: the resident the application, an owner a consent.

use super::proof::same_person;
use super::see::{own, own_locked, signatory};
use super::{Error, House, Once, Reply, Session};
use crate::domain::{Act, Actor, Application, ApplicationId, Document, Purpose, Signed};
use crate::eds::{Digest, Verified};
use crate::store::refusals::Refusal;
use crate::store::{Connection, applications, documents, refusals, signatures};

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
        let mut connection = self.pool.take().await?;
        if let Some(reply) = self.given(&mut connection, session, once).await? {
            return Ok(reply);
        }
        let application = own(&mut connection, session, id).await?;
        signatory(&application, session, purpose)?;
        if let Err(refused) = application.awaits(purpose, self.now()) {
            let refused = Error::from(refused);
            return self.given_or(&mut connection, session, once, refused).await;
        }
        let proven = self
            .prove_own(&mut connection, session, id, purpose, cms)
            .await;
        let (document, proof) = match proven {
            Ok(proven) => proven,
            Err(error) => {
                self.note_refusal(&mut connection, id, purpose, cms, &error)
                    .await?;
                return Err(error);
            }
        };
        let signed = Signed {
            document: &document,
            proof: &proof,
        };
        self.take_effect(&mut connection, session, once, async |connection| {
            let application = own_locked(connection, session, id).await?;
            let application = self
                .count(connection, session, &application, signed)
                .await?;
            signatures::insert(connection, id, cms, signed).await?;
            let application = self.register_if_agreed(connection, application).await?;
            self.seen(connection, application).await
        })
        .await
    }

    async fn prove_own(
        &self,
        connection: &mut Connection,
        session: &Session,
        id: ApplicationId,
        purpose: Purpose,
        cms: &[u8],
    ) -> Result<(Document, Verified), Error> {
        let issued = documents::of(connection, id, purpose).await?;
        let policy = &self.settings.document_policy;
        let (document, proof) = self.prove(connection, cms, issued, policy).await?;
        same_person(session, &proof)?;
        Ok((document, proof))
    }

    async fn count(
        &self,
        connection: &mut Connection,
        session: &Session,
        application: &Application,
        signed: Signed<'_>,
    ) -> Result<Application, Error> {
        let actor = Actor::Person(session.iin.clone());
        let consent = signed.document.purpose.consent();
        let act = match consent {
            Some(id) => Act::Consent(id, signed),
            None => Act::Sign(signed),
        };
        let application = self.act(connection, application, &actor, act).await?;
        if let Some(consent) = consent.and_then(|id| application.consent(id)) {
            applications::save_answer(connection, consent).await?;
        }
        Ok(application)
    }

    /// Records that a signature was offered and did not count.
    async fn note_refusal(
        &self,
        connection: &mut Connection,
        application: ApplicationId,
        purpose: Purpose,
        cms: &[u8],
        error: &Error,
    ) -> Result<(), Error> {
        let Some(code) = error.code() else {
            return Ok(());
        };
        let now = self.now();
        let refusal = Refusal {
            application,
            consent: purpose.consent(),
            code,
            report: error.report(),
            signature: Digest::of(cms),
            at: now,
        };
        Ok(refusals::insert(connection, self.uuid(now)?, &refusal).await?)
    }
}
