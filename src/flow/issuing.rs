//! The documents by which people consent, leave and end registrations.

use chrono::{DateTime, Utc};

use super::ending::Mandate;
use super::error::refusal;
use super::proof::is_spent;
use super::see::document_of;
use super::{Error, House, Session};
use crate::domain::{
    Application, ApplicationId, Consent, Delegate, Document, Language, Purpose, Registration,
    Removal, Signatory,
};
use crate::eds::Digest;
use crate::render::document::{self as paper, Issue};
use crate::store::documents::Edition;
use crate::store::{Connection, documents, signatures};

impl House {
    /// The bytes that a person signs for this purpose, with the statement in
    /// `language`. They are made once for each signatory and language and never
    /// change; what ends a registration is made anew when its time is over.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person is one to sign for it;
    /// [`Error::Refused`] out of turn or time.
    pub async fn document_for(
        &self,
        session: &Session,
        id: ApplicationId,
        purpose: Purpose,
        language: Option<Language>,
    ) -> Result<Document, Error> {
        let mut connection = self.pool.take().await?;
        let application = self.own(&mut connection, session, id).await?;
        let mandate = self
            .mandate(&mut connection, &application, session, purpose)
            .await?;
        let language = language.unwrap_or(application.language);
        let edition = Edition::from(&application);
        let issued = documents::of(&mut connection, edition, purpose).await?;
        let now = self.now();
        let known = issued.into_iter().filter(|one| {
            one.language == language
                && mandate.is_of(one)
                && (purpose.consent().is_some() || now <= one.expires_at)
        });
        for document in known {
            if !is_spent(&mut connection, &application, &document).await? {
                return Ok(document);
            }
        }
        application.awaits(purpose, now)?;
        let matter = (&application, purpose);
        self.issue(&mut connection, matter, &mandate, language)
            .await
    }

    /// Whether the person could sign for this purpose now.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn may_sign(
        &self,
        session: &Session,
        application: &Application,
        purpose: Purpose,
    ) -> Result<bool, Error> {
        let hindrance = self.hindrance(session, application, purpose).await?;
        Ok(hindrance.is_none())
    }

    /// Why the person could not sign for this purpose now, if they could not.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn hindrance(
        &self,
        session: &Session,
        application: &Application,
        purpose: Purpose,
    ) -> Result<Option<Error>, Error> {
        if let Err(refused) = application.awaits(purpose, self.now()) {
            return Ok(Some(refused.into()));
        }
        let mut connection = self.pool.take().await?;
        let mandate = self.mandate(&mut connection, application, session, purpose);
        refusal(mandate.await)
    }

    /// Writes a document for this purpose, unless it is written.
    pub(super) async fn issue(
        &self,
        connection: &mut Connection,
        (application, purpose): (&Application, Purpose),
        mandate: &Mandate,
        language: Language,
    ) -> Result<Document, Error> {
        let expires_at = self.until(application, purpose);
        let issue = self.new_issue(language, expires_at)?;
        let signatory = mandate.signatory();
        let bytes = match purpose {
            Purpose::Application => paper::application(application, &issue)?,
            Purpose::Consent(_) => {
                let matter = (application, purpose);
                consent(connection, matter, &signatory, &issue).await?
            }
            Purpose::Leaving(id) => {
                let registration = application.registration(id).ok_or(Error::NotFound)?;
                let Mandate::Leaver(leaver) = mandate else {
                    return Err(Error::NotFound);
                };
                paper::leaving(application, registration, leaver, &issue)?
            }
            Purpose::Removal(id) => {
                let registration = application.registration(id).ok_or(Error::NotFound)?;
                let Mandate::Owner(owner, delegate) = mandate else {
                    return Err(Error::NotFound);
                };
                let by = (owner, delegate.as_ref());
                paper::removal(application, registration, by, &issue)?
            }
            Purpose::Login => return Err(Error::NotFound),
        };
        let document = Document {
            id: self.id(issue.issued_at)?,
            purpose,
            signatory: Some(signatory),
            language,
            bytes,
            nonce: issue.nonce,
            issued_at: issue.issued_at,
            expires_at,
        };
        Ok(documents::issue(connection, Edition::from(application), &document).await?)
    }

    /// Until when a signature over it is taken.
    fn until(&self, application: &Application, purpose: Purpose) -> DateTime<Utc> {
        let removal = purpose
            .consent()
            .and_then(|id| application.removal_with(id));
        match (purpose.registration(), removal) {
            (Some(_), _) => self.now() + self.settings.rules.answer_window,
            (None, Some((_, removal))) => removal.deadline,
            (None, None) => application.deadline,
        }
    }
}

/// The bytes of a consent: to be registered, or to the end of a registration.
async fn consent(
    connection: &mut Connection,
    (application, purpose): (&Application, Purpose),
    signatory: &Signatory,
    issue: &Issue,
) -> Result<Vec<u8>, Error> {
    let id = purpose.consent().ok_or(Error::NotFound)?;
    let consent = application.consent(id).ok_or(Error::NotFound)?;
    let delegate = consent.delegate_who_is(signatory);
    match application.removal_with(id) {
        None => {
            let signed = signed_digest(connection, application).await?;
            Ok(paper::consent(
                application,
                consent,
                delegate,
                &signed,
                issue,
            )?)
        }
        Some((registration, removal)) => {
            let matter = (application, registration, removal);
            confirmation(connection, matter, (consent, delegate), issue).await
        }
    }
}

async fn confirmation(
    connection: &mut Connection,
    (application, registration, removal): (&Application, &Registration, &Removal),
    (consent, delegate): (&Consent, Option<&Delegate>),
    issue: &Issue,
) -> Result<Vec<u8>, Error> {
    let demand = documents::find(connection, removal.document).await?;
    let demand = demand.ok_or(Error::NotFound)?;
    Ok(paper::confirmation(
        application,
        registration,
        (consent, delegate),
        &demand.bytes,
        issue,
    )?)
}

async fn signed_digest(
    connection: &mut Connection,
    application: &Application,
) -> Result<Digest, Error> {
    let document = document_of(connection, application).await?;
    let signatures = signatures::of(connection, application.id).await?;
    signatures
        .iter()
        .any(|signature| signature.document == document.id)
        .then(|| Digest::of(&document.bytes))
        .ok_or(Error::NotFound)
}
