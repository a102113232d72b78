//! What a person may see: applications, documents and registrations.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Error, House, Session};
use crate::domain::attachment::Attachment;
use crate::domain::{
    Actor, Application, ApplicationId, Capacity, Document, Event, Holder, Language, Purpose,
    Registration, RegistrationId, Signatory, State,
};
use crate::render;
use crate::store::applications::Wanted;
pub use crate::store::applications::{Filter, Role};
use crate::store::documents::Edition;
use crate::store::received::Waiting;
use crate::store::signatures::Stored;
use crate::store::{
    Connection, applications, attachments, documents, dwellings, journal, received, registrations,
    signatures,
};

/// An application with everything that is shown of it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The application as it stands.
    pub application: Application,
    /// What happened to it.
    pub history: Vec<Event>,
    /// What the applicant is to sign, while that is awaited.
    pub to_sign: Option<Document>,
    /// Signatures that were acknowledged and wait for their evidence.
    pub waiting: Vec<Waiting>,
    /// What is attached, at a service centre.
    pub attachments: Vec<Attachment>,
    /// When it was seen so.
    pub at: DateTime<Utc>,
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// As whom the person looks.
    pub role: Role,
    /// Only applications of which all this is true.
    pub filter: Filter,
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
            actor: &session.actor(),
            role: page.role,
            filter: &page.filter,
            before: page.before,
            // One more than the page holds tells whether there is another page.
            limit: page.limit + 1,
        };
        let mut connection = self.pool.take().await?;
        let found = applications::list(&mut connection, &wanted).await?;
        Ok(cut(found, page.limit, |last| last.id))
    }

    /// How many applications a person has in each state that there are any in, of those
    /// that are looked for, whatever their state.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn counts(
        &self,
        session: &Session,
        role: Role,
        filter: &Filter,
    ) -> Result<Vec<(State, i64)>, Error> {
        let mut connection = self.pool.take().await?;
        Ok(applications::counts(&mut connection, &session.actor(), role, filter).await?)
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
        let application = self.own(&mut connection, session, id).await?;
        self.seen(&mut connection, application).await
    }

    /// Whether the person may watch an application.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless it concerns the person.
    pub async fn may_watch(&self, session: &Session, id: ApplicationId) -> Result<(), Error> {
        let mut connection = self.pool.take().await?;
        self.own(&mut connection, session, id).await.map(|_| ())
    }

    /// How many steps an application has made: whoever knows the number knows
    /// whether there is anything new to see. It tells nothing else, and costs little.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub async fn version(&self, id: ApplicationId) -> Result<i64, Error> {
        let mut connection = self.pool.take().await?;
        let version = applications::version(&mut connection, id).await?;
        version.ok_or(Error::NotFound)
    }

    /// The person's own signatures under an application and what came of it, with
    /// what each was given for.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the application concerns the person.
    pub async fn own_signatures(
        &self,
        session: &Session,
        id: ApplicationId,
    ) -> Result<Vec<(Purpose, Stored)>, Error> {
        let mut connection = self.pool.take().await?;
        self.own(&mut connection, session, id).await?;
        let mut own = Vec::new();
        for signature in signatures::of(&mut connection, id).await? {
            if signature.signer == session.iin {
                let document = documents::find(&mut connection, signature.document).await?;
                own.push((document.ok_or(Error::NotFound)?.purpose, signature));
            }
        }
        Ok(own)
    }

    /// The bytes that the applicant signs, or has signed.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person is the one to sign them.
    pub async fn document(&self, session: &Session, id: ApplicationId) -> Result<Document, Error> {
        let mut connection = self.pool.take().await?;
        let application = self.own(&mut connection, session, id).await?;
        signatory_of(&application, session, Purpose::Application)?;
        document_of(&mut connection, &application).await
    }

    /// A registration with the application that led to it.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless it concerns the person.
    pub async fn registration(
        &self,
        session: &Session,
        id: RegistrationId,
    ) -> Result<(Application, Registration), Error> {
        let mut connection = self.pool.take().await?;
        let (application, registration) = registration(&mut connection, id).await?;
        self.concerning(&mut connection, session, Some(application))
            .await
            .map(|application| (application, registration))
    }

    /// The application that led to the registration that a signature would end.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub async fn application_with(&self, purpose: Purpose) -> Result<ApplicationId, Error> {
        let id = purpose.registration().ok_or(Error::NotFound)?;
        let mut connection = self.pool.take().await?;
        let application = registrations::application_of(&mut connection, id).await?;
        application.ok_or(Error::NotFound)
    }

    /// The application, if it concerns the person.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless it does.
    pub(super) async fn own(
        &self,
        connection: &mut Connection,
        session: &Session,
        id: ApplicationId,
    ) -> Result<Application, Error> {
        let application = applications::find(connection, id).await?;
        self.concerning(connection, session, application).await
    }

    /// The application, locked, if it concerns the person.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless it does.
    pub(super) async fn own_locked(
        &self,
        connection: &mut Connection,
        session: &Session,
        id: ApplicationId,
    ) -> Result<Application, Error> {
        let application = applications::lock(connection, id).await?;
        self.concerning(connection, session, application).await
    }

    /// Whoever owns the dwelling today may know who is registered there, and who acts
    /// for an owner by a power of attorney to end it; the operators of a service centre
    /// what one of them has signed, and a legal representative of today what was signed
    /// about a ward.
    async fn concerning(
        &self,
        connection: &mut Connection,
        session: &Session,
        application: Option<Application>,
    ) -> Result<Application, Error> {
        let application = application.ok_or(Error::NotFound)?;
        let actor = session.actor();
        let concerned = application.concerns(&actor)
            || application.asked_at.is_some() && application.is_lodged_beside(&actor)
            || self.ends_there(connection, &application, &actor).await?
            || application.asked_at.is_some()
                && self
                    .represents_one_of(connection, &application, &actor)
                    .await?;
        concerned.then_some(application).ok_or(Error::NotFound)
    }

    /// Whether what was registered is the actor's to end as an owner of today, or for one.
    async fn ends_there(
        &self,
        connection: &mut Connection,
        application: &Application,
        actor: &Actor,
    ) -> Result<bool, Error> {
        if application.registrations.is_empty() {
            return Ok(false);
        }
        let owners = owners_today(connection, application).await?;
        Ok(actor.is_one_of(&owners) || self.acts_for_one_of(connection, &owners, actor).await?)
    }

    /// Everything that is shown of an application.
    pub(super) async fn seen(
        &self,
        connection: &mut Connection,
        application: Application,
    ) -> Result<Seen, Error> {
        let to_sign = match application.state {
            State::Draft if application.wants_attestation() => None,
            State::Draft => Some(document_of(connection, &application).await?),
            State::PendingEvidence
            | State::AwaitingConsent
            | State::Consented
            | State::Registered
            | State::Ended
            | State::Declined
            | State::Withdrawn
            | State::Lapsed
            | State::Refused => None,
        };
        Ok(Seen {
            history: journal::of(connection, application.id).await?,
            to_sign,
            waiting: received::waiting_in(connection, application.id).await?,
            attachments: attachments_of(connection, &application).await?,
            at: self.now(),
            application,
        })
    }

    /// What is decided anew for a document.
    pub(super) fn new_issue(
        &self,
        language: Language,
        expires_at: DateTime<Utc>,
    ) -> Result<render::document::Issue, Error> {
        Ok(render::document::Issue {
            language,
            nonce: self.nonce()?,
            issued_at: self.now(),
            expires_at,
        })
    }
}

/// A page of at most `limit`, of which one more was looked for, and the name of its
/// last item when there is another page.
pub(super) fn cut<T, N>(
    mut found: Vec<T>,
    limit: i64,
    name: impl Fn(&T) -> N,
) -> (Vec<T>, Option<N>) {
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > size;
    found.truncate(size);
    let next = found.last().filter(|_| more).map(name);
    (found, next)
}

/// Nothing is attached but at a service centre.
async fn attachments_of(
    connection: &mut Connection,
    application: &Application,
) -> Result<Vec<Attachment>, Error> {
    match application.applicant.capacity {
        Capacity::Operator(_) => Ok(attachments::of(connection, application.id).await?),
        Capacity::Oneself | Capacity::Administration(_) => Ok(Vec::new()),
    }
}

/// The owners of the dwelling by the register of today; none where it knows no
/// such dwelling.
pub(super) async fn owners_today(
    connection: &mut Connection,
    application: &Application,
) -> Result<BTreeSet<Holder>, Error> {
    let dwelling = dwellings::find(connection, &application.rka).await?;
    Ok(dwelling.map(|dwelling| dwelling.owners).unwrap_or_default())
}

/// A registration with the application that led to it.
pub(super) async fn registration(
    connection: &mut Connection,
    id: RegistrationId,
) -> Result<(Application, Registration), Error> {
    let application = registrations::application_of(connection, id).await?;
    let application = application.ok_or(Error::NotFound)?;
    let application = applications::find(connection, application).await?;
    let application = application.ok_or(Error::NotFound)?;
    let registration = application.registration(id).cloned();
    let registration = registration.ok_or(Error::NotFound)?;
    Ok((application, registration))
}

/// As whom the person signs for this purpose; for others it does not exist.
pub(super) fn signatory_of(
    application: &Application,
    session: &Session,
    purpose: Purpose,
) -> Result<Signatory, Error> {
    let signatory = application.signatory_for(purpose, &session.actor());
    signatory.ok_or(Error::NotFound)
}

/// The one document of this edition that the applicant signs.
pub(super) async fn document_of(
    connection: &mut Connection,
    application: &Application,
) -> Result<Document, Error> {
    let edition = Edition::from(application);
    let documents = documents::of(connection, edition, Purpose::Application).await?;
    documents.into_iter().next().ok_or(Error::NotFound)
}
