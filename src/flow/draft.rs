//! A resident writes an application.

use chrono::NaiveDate;

use super::{Error, House, Once, Reply, Session};
use crate::domain::{
    Application, Document, Dwelling, Language, Period, Proposal, Purpose, Resident, Rka, today,
};
use crate::render;
use crate::store::{Connection, applications, documents, dwellings, registrations};

/// What the resident asks for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Where.
    pub rka: Rka,
    /// For which days.
    pub period: Period,
    /// Since when the resident stays there.
    pub arrived: NaiveDate,
    /// In which language the resident declares it.
    pub language: Language,
}

impl House {
    /// Drafts an application and the document that the resident is to sign.
    ///
    /// # Errors
    /// [`Error::UnknownDwelling`], [`Error::Period`], [`Error::AlreadyRegistered`].
    pub async fn draft(
        &self,
        session: &Session,
        once: &Once<'_>,
        request: Request,
    ) -> Result<Reply, Error> {
        let mut connection = self.pool.take().await?;
        if let Some(reply) = self.given(&mut connection, session, once).await? {
            return Ok(reply);
        }
        let dwelling = self.may_apply(&mut connection, session, &request).await?;
        let application = self.new_application(session, request, dwelling)?;
        let document = self.paper(&application)?;
        self.take_effect(&mut connection, session, once, async |connection| {
            applications::insert(connection, &application).await?;
            documents::issue(connection, application.id, &document).await?;
            self.tell(connection, &application, &application.drafted(), None)
                .await?;
            self.seen(connection, application.clone()).await
        })
        .await
    }

    async fn may_apply(
        &self,
        connection: &mut Connection,
        session: &Session,
        request: &Request,
    ) -> Result<Dwelling, Error> {
        request
            .period
            .may_follow(request.arrived, today(self.now()))?;
        let dwelling = dwellings::find(connection, &request.rka)
            .await?
            .filter(|dwelling| !dwelling.owners.is_empty())
            .ok_or(Error::UnknownDwelling)?;
        if registrations::overlaps(connection, &session.iin, request.period).await? {
            return Err(Error::AlreadyRegistered);
        }
        Ok(dwelling)
    }

    fn new_application(
        &self,
        session: &Session,
        request: Request,
        dwelling: Dwelling,
    ) -> Result<Application, Error> {
        let now = self.now();
        let proposal = Proposal {
            resident: Resident {
                iin: session.iin.clone(),
                name: session.name.clone(),
            },
            period: request.period,
            arrived: request.arrived,
            language: request.language,
            dwelling,
        };
        let consent_ids = proposal
            .dwelling
            .owners
            .iter()
            .map(|_| self.id(now))
            .collect::<Result<Vec<_>, _>>()?;
        let rules = &self.settings.rules;
        let application = Application::draft(self.id(now)?, proposal, consent_ids, rules, now);
        Ok(application)
    }

    fn paper(&self, application: &Application) -> Result<Document, Error> {
        let issue = self.new_issue(application, application.language)?;
        Ok(Document {
            id: self.id(issue.issued_at)?,
            purpose: Purpose::Application,
            language: application.language,
            bytes: render::document::application(application, &issue)?,
            nonce: issue.nonce,
            issued_at: issue.issued_at,
            expires_at: issue.expires_at,
        })
    }
}
