//! Everything that is kept about a person, for that person.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::transaction::transaction;
use super::{Error, House, Kept, Past, Session};
use crate::domain::{
    Actor, Application, ApplicationId, Consent, Event, Registration, RegistrationId,
    VerificationCode, today,
};
use crate::eds::Iin;
use crate::store::audit::inspection;
use crate::store::registrations::{Filter, Scope, Wanted};
use crate::store::{
    Connection, applications, consents, journal, notices, registrations, sessions,
    verification_codes,
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
            let own = applications::about(connection, &iin).await?;
            let registrations = of(connection, &iin, today(self.now())).await?;
            let ids: Vec<_> = registrations.iter().map(|(_, one)| one.id).collect();
            Ok(Export {
                applications: applications::of_ids(connection, &own).await?,
                consents: consents::asked_of(connection, &iin).await?,
                codes: verification_codes::of(connection, &ids).await?,
                registrations,
                events: journal::by(connection, &iin).await?,
                notices: notices::of_person(connection, &iin).await?,
                sessions: sessions::of(connection, &iin).await?,
                name: session.name.clone(),
                iin: iin.clone(),
            })
        })
        .await
    }
}

async fn of(
    connection: &mut Connection,
    iin: &Iin,
    today: NaiveDate,
) -> Result<Vec<(Application, Registration)>, Error> {
    let wanted = Wanted {
        scope: Scope::Of(iin),
        filter: &Filter::default(),
        before: None,
        limit: i64::MAX,
        today,
    };
    let found = registrations::list(connection, &wanted).await?;
    super::office::with_applications(connection, found).await
}
