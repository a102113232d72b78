//! An owner says no.

use super::see::{own_locked, signatory};
use super::{Error, House, Once, Reply, Session};
use crate::domain::{Act, Actor, ApplicationId, ConsentId, DeclineReason, Purpose};
use crate::store::applications;

impl House {
    /// Takes an owner's refusal, which ends the application.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person is the owner who is asked;
    /// [`Error::Refused`] out of turn or time.
    pub async fn decline(
        &self,
        session: &Session,
        once: &Once<'_>,
        id: ApplicationId,
        consent: ConsentId,
        reason: DeclineReason,
    ) -> Result<Reply, Error> {
        let mut connection = self.pool.take().await?;
        self.take_effect(&mut connection, session, once, async |connection| {
            let application = own_locked(connection, session, id).await?;
            signatory(&application, session, Purpose::Consent(consent))?;
            let actor = Actor::Person(session.iin.clone());
            let act = Act::Decline(consent, reason);
            let application = self.act(connection, &application, &actor, act).await?;
            if let Some(consent) = application.consent(consent) {
                applications::save_answer(connection, consent).await?;
            }
            self.seen(connection, application).await
        })
        .await
    }
}
