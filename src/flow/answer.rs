//! Somebody says no: who is asked, at once or after a yes, or who has asked.

use super::see::signatory_of;
use super::{Error, House, Once, Reply, Session};
use crate::domain::{Act, ApplicationId, ConsentId, DeclineReason, Purpose};

impl House {
    /// Takes a party's refusal: the application ends, or the registration stands
    /// that was to end. Where others own the dwelling by now, they are asked instead.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person is the one who is asked;
    /// [`Error::Refused`] out of turn or time.
    pub async fn decline(
        &self,
        session: &Session,
        once: &Once<'_>,
        id: ApplicationId,
        consent: ConsentId,
        reason: DeclineReason,
    ) -> Result<Reply, Error> {
        let act = Act::Decline(consent, reason);
        let purpose = Purpose::Consent(consent);
        self.answer(session, once, (id, purpose), act).await
    }

    /// Takes a consent back before anything follows from it; the application ends.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person is the one who gave it;
    /// [`Error::Refused`] out of turn.
    pub async fn take_back(
        &self,
        session: &Session,
        once: &Once<'_>,
        id: ApplicationId,
        consent: ConsentId,
    ) -> Result<Reply, Error> {
        let purpose = Purpose::Consent(consent);
        self.answer(session, once, (id, purpose), Act::TakeBack(consent))
            .await
    }

    /// The applicant takes an application back that has not led to a registration.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person is the applicant; [`Error::Refused`]
    /// when it has come to an end already.
    pub async fn withdraw(
        &self,
        session: &Session,
        once: &Once<'_>,
        id: ApplicationId,
    ) -> Result<Reply, Error> {
        let purpose = Purpose::Application;
        self.answer(session, once, (id, purpose), Act::Withdraw)
            .await
    }

    async fn answer(
        &self,
        session: &Session,
        once: &Once<'_>,
        (id, purpose): (ApplicationId, Purpose),
        act: Act<'_>,
    ) -> Result<Reply, Error> {
        let mut connection = self.pool.take().await?;
        if let Some(reply) = self.given(&mut connection, session, once).await? {
            return Ok(reply);
        }
        let application = self.own(&mut connection, session, id).await?;
        signatory_of(&application, session, purpose)?;
        if purpose.consent().is_some() {
            let matter = (&application, purpose);
            self.same_owners(&mut connection, session, matter).await?;
        }
        self.take_effect(&mut connection, session, once, async |connection| {
            let application = self.own_locked(connection, session, id).await?;
            let signatory = signatory_of(&application, session, purpose)?;
            self.empowered(connection, &application, purpose, &signatory)
                .await?;
            let actor = session.actor();
            let application = self
                .act(connection, &application, &actor, act.clone())
                .await?;
            self.seen(connection, application).await
        })
        .await
    }
}
