//! Everything that is kept about a person, for that person.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use super::office::{Inhabited, inhabited};
use super::transaction::transaction;
use super::{Error, House, Kept, Past, Session};
use crate::domain::attachment::Attachment;
use crate::domain::register::PowerOfAttorney;
use crate::domain::{
    Actor, Application, ApplicationId, Consent, Event, Holder, Invitation, Registration,
    RegistrationId, VerificationCode, today,
};
use crate::eds::Iin;
use crate::store::audit::inspection;
pub use crate::store::refusals::Refused;
use crate::store::registers::powers;
use crate::store::registrations::{Filter, Scope, Wanted};
use crate::store::{
    Connection, applications, attachments, consents, dwellings, invitations, journal, notices,
    refusals, registrations, sessions, verification_codes,
};

/// What is kept about a person.
#[derive(Clone, Debug)]
pub struct Export {
    /// The person.
    pub iin: Iin,
    /// The name in the certificate with which they signed in.
    pub name: String,
    /// Applications that they made, by which they are to be registered, or that
    /// are put to them.
    pub applications: Vec<Application>,
    /// What was ever asked of them, with the application and its round.
    pub consents: Vec<(ApplicationId, i32, Consent)>,
    /// Their registrations with the applications that led to them.
    pub registrations: Vec<(Application, Registration)>,
    /// The codes on the certificates of these registrations.
    pub codes: HashMap<RegistrationId, VerificationCode>,
    /// Papers that were scanned for applications by which they are to be registered.
    pub papers: Vec<Attachment>,
    /// What they own by the register of today.
    pub dwellings: Vec<Inhabited>,
    /// Powers of attorney that they gave, and that were given to them.
    pub powers: Vec<PowerOfAttorney>,
    /// Invitations that they wrote, and that are to them.
    pub invitations: Vec<Invitation>,
    /// Signatures that they offered and that were refused.
    pub refusals: Vec<Refused>,
    /// What they did.
    pub events: Vec<(ApplicationId, Event)>,
    /// What they were told.
    pub notices: Vec<Kept>,
    /// When they signed in.
    pub sessions: Vec<Past>,
}

impl House {
    /// Everything that is kept about the person who is signed in, as of one
    /// moment.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] with an organisation's certificate, which others of
    /// the organisation may hold as well.
    pub async fn export(&self, session: &Session) -> Result<Export, Error> {
        let Actor::Person(iin) = session.actor() else {
            return Err(Error::NotAllowed);
        };
        let mut connection = self.pool.take().await?;
        transaction(&mut connection, async |connection| {
            inspection::freeze(connection).await?;
            self.everything(connection, session, &iin).await
        })
        .await
    }

    async fn everything(
        &self,
        connection: &mut Connection,
        session: &Session,
        iin: &Iin,
    ) -> Result<Export, Error> {
        let now = self.now();
        let own = applications::about(connection, iin).await?;
        let applications = applications::of_ids(connection, &own).await?;
        let registrations = of(connection, iin, today(now)).await?;
        let ids: Vec<_> = registrations.iter().map(|(_, one)| one.id).collect();
        let own = BTreeSet::from([Holder::Person(iin.clone())]);
        let owned = dwellings::owned(connection, &own, "", (None, i64::MAX)).await?;
        let mut powers = powers::for_principals(connection, &own).await?;
        powers.extend(powers::of_delegate(connection, iin).await?);
        let mut invitations = invitations::about(connection, iin).await?;
        { invitations.iter_mut() }.for_each(|one| one.stage = one.stage_at(now));
        Ok(Export {
            papers: papers(connection, &applications, session).await?,
            applications,
            consents: consents::asked_of(connection, iin).await?,
            codes: verification_codes::of(connection, &ids).await?,
            registrations,
            dwellings: inhabited(connection, owned, today(now)).await?,
            powers,
            invitations,
            refusals: refusals::of(connection, iin).await?,
            events: journal::by(connection, iin).await?,
            notices: notices::of_person(connection, iin).await?,
            sessions: sessions::of(connection, iin).await?,
            name: session.name.clone(),
            iin: iin.clone(),
        })
    }
}

async fn papers(
    connection: &mut Connection,
    applications: &[Application],
    session: &Session,
) -> Result<Vec<Attachment>, Error> {
    let person = session.actor();
    let mut papers = Vec::new();
    for application in applications {
        if application.shows_papers_to(&person) {
            papers.extend(attachments::of(connection, application.id).await?);
        }
    }
    Ok(papers)
}

async fn of(
    connection: &mut Connection,
    iin: &Iin,
    today: NaiveDate,
) -> Result<Vec<(Application, Registration)>, Error> {
    let wanted = Wanted {
        scope: Scope::Of(std::slice::from_ref(iin)),
        filter: &Filter::default(),
        before: None,
        limit: i64::MAX,
        today,
    };
    let found = registrations::list(connection, &wanted).await?;
    super::office::with_applications(connection, found).await
}
