//! What a person may see: applications, documents and registrations.

use super::{Error, House, Session};
use crate::domain::{
    Application, ApplicationId, ConsentId, Document, Event, Language, Purpose, Registration,
    RegistrationId, State,
};
use crate::eds::Digest;
use crate::render;
pub use crate::store::applications::Role;
use crate::store::applications::Wanted;
use crate::store::received::Waiting;
use crate::store::{
    Connection, applications, documents, journal, received, registrations, signatures,
};

/// An application with everything that is shown of it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The application as it stands.
    pub application: Application,
    /// What happened to it.
    pub history: Vec<Event>,
    /// The registration to which it led.
    pub registration: Option<RegistrationId>,
    /// What the resident is to sign, while that is awaited.
    pub to_sign: Option<Document>,
    /// Signatures that were acknowledged and wait for their evidence.
    pub waiting: Vec<Waiting>,
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// As whom the person looks.
    pub role: Role,
    /// Only applications in this state.
    pub state: Option<State>,
    /// Only those older than this one.
    pub before: Option<ApplicationId>,
    /// At most so many.
    pub limit: i64,
}

impl House {
    /// A person's applications, newest first, and where the next page begins.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn list(
        &self,
        session: &Session,
        page: &Page,
    ) -> Result<(Vec<Application>, Option<ApplicationId>), Error> {
        let wanted = Wanted {
            person: &session.iin,
            role: page.role,
            state: page.state,
            before: page.before,
            // One more than the page holds tells whether there is another page.
            limit: page.limit + 1,
        };
        let mut connection = self.pool.take().await?;
        let mut found = applications::list(&mut connection, &wanted).await?;
        let size = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let more = found.len() > size;
        found.truncate(size);
        let next = found.last().filter(|_| more).map(|last| last.id);
        Ok((found, next))
    }

    /// Whether the database answers.
    pub async fn is_ready(&self) -> bool {
        match self.pool.take().await {
            Ok(mut connection) => crate::store::answers_at_all(&mut connection).await,
            Err(_) => false,
        }
    }

    /// One application.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless it concerns the person.
    pub async fn see(&self, session: &Session, id: ApplicationId) -> Result<Seen, Error> {
        let mut connection = self.pool.take().await?;
        let application = own(&mut connection, session, id).await?;
        self.seen(&mut connection, application).await
    }

    /// The bytes that the resident signs, or has signed.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person is the resident.
    pub async fn document(&self, session: &Session, id: ApplicationId) -> Result<Document, Error> {
        let mut connection = self.pool.take().await?;
        let application = own(&mut connection, session, id).await?;
        signatory(&application, session, Purpose::Application)?;
        document_of(&mut connection, id).await
    }

    /// The bytes that an owner signs, with the statement in `language`. They are
    /// made once for each language and never change.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person is the owner who is asked.
    pub async fn consent_document(
        &self,
        session: &Session,
        id: ApplicationId,
        consent: ConsentId,
        language: Option<Language>,
    ) -> Result<Document, Error> {
        let mut connection = self.pool.take().await?;
        let application = own(&mut connection, session, id).await?;
        signatory(&application, session, Purpose::Consent(consent))?;
        let language = language.unwrap_or(application.language);
        let issued = documents::of(&mut connection, id, Purpose::Consent(consent)).await?;
        match issued.into_iter().find(|one| one.language == language) {
            Some(document) => Ok(document),
            None => {
                self.issue_consent(&mut connection, &application, consent, language)
                    .await
            }
        }
    }

    /// A registration.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person is registered by it or consented to it.
    pub async fn registration(
        &self,
        session: &Session,
        id: RegistrationId,
    ) -> Result<(Registration, Application), Error> {
        let mut connection = self.pool.take().await?;
        let registration = registrations::find(&mut connection, id)
            .await?
            .ok_or(Error::NotFound)?;
        let application = own(&mut connection, session, registration.application).await?;
        Ok((registration, application))
    }

    /// Everything that is shown of an application.
    pub(super) async fn seen(
        &self,
        connection: &mut Connection,
        application: Application,
    ) -> Result<Seen, Error> {
        let to_sign = match application.state {
            State::Draft => Some(document_of(connection, application.id).await?),
            State::PendingEvidence
            | State::AwaitingConsent
            | State::Consented
            | State::Registered
            | State::Declined
            | State::Withdrawn
            | State::Lapsed
            | State::Refused => None,
        };
        Ok(Seen {
            history: journal::of(connection, application.id).await?,
            registration: registrations::of(connection, application.id).await?,
            to_sign,
            waiting: received::waiting_in(connection, application.id).await?,
            application,
        })
    }

    async fn issue_consent(
        &self,
        connection: &mut Connection,
        application: &Application,
        consent: ConsentId,
        language: Language,
    ) -> Result<Document, Error> {
        application.awaits(Purpose::Consent(consent), self.now())?;
        let consent = application.consent(consent).ok_or(Error::NotFound)?;
        let signed = signed_digest(connection, application.id).await?;
        let issue = self.new_issue(application, language)?;
        let document = Document {
            id: self.id(issue.issued_at)?,
            purpose: Purpose::Consent(consent.id),
            language,
            bytes: render::document::consent(application, consent, &signed, &issue)?,
            nonce: issue.nonce,
            issued_at: issue.issued_at,
            expires_at: issue.expires_at,
        };
        Ok(documents::issue(connection, application.id, &document).await?)
    }

    /// What is decided anew for a document of this application.
    pub(super) fn new_issue(
        &self,
        application: &Application,
        language: Language,
    ) -> Result<render::document::Issue, Error> {
        Ok(render::document::Issue {
            language,
            nonce: self.nonce()?,
            issued_at: self.now(),
            expires_at: application.deadline,
        })
    }
}

/// The application, if it concerns the person.
pub(super) async fn own(
    connection: &mut Connection,
    session: &Session,
    id: ApplicationId,
) -> Result<Application, Error> {
    applications::find(connection, id)
        .await?
        .filter(|application| application.concerns(&session.iin))
        .ok_or(Error::NotFound)
}

/// The application, locked, if it concerns the person.
pub(super) async fn own_locked(
    connection: &mut Connection,
    session: &Session,
    id: ApplicationId,
) -> Result<Application, Error> {
    applications::lock(connection, id)
        .await?
        .filter(|application| application.concerns(&session.iin))
        .ok_or(Error::NotFound)
}

/// Only the person who is to sign for this purpose; for others it does not exist.
pub(super) fn signatory(
    application: &Application,
    session: &Session,
    purpose: Purpose,
) -> Result<(), Error> {
    (application.signatory(purpose) == Some(&session.iin))
        .then_some(())
        .ok_or(Error::NotFound)
}

/// The one document of an application that the resident signs.
pub(super) async fn document_of(
    connection: &mut Connection,
    id: ApplicationId,
) -> Result<Document, Error> {
    let documents = documents::of(connection, id, Purpose::Application).await?;
    documents.into_iter().next().ok_or(Error::NotFound)
}

async fn signed_digest(connection: &mut Connection, id: ApplicationId) -> Result<Digest, Error> {
    let document = document_of(connection, id).await?;
    let signatures = signatures::of(connection, id).await?;
    signatures
        .iter()
        .any(|signature| signature.document == document.id)
        .then(|| Digest::of(&document.bytes))
        .ok_or(Error::NotFound)
}
