//! The state register answers about a registration that was handed over to it.

use super::transaction::transaction;
use super::{Error, House};
use crate::domain::register::Outcome;
use crate::domain::{Act, Actor, Refused, Registration, RegistrationId};
use crate::eds::Digest;
use crate::remote::webhook::Delivery;
use crate::store::answered::{self, Answered, ONE_MESSAGE};
use crate::store::{Connection, applications, registrations};

/// What the register says.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// About which registration.
    pub registration: RegistrationId,
    /// Whether it took it.
    pub outcome: Outcome,
    /// Why.
    pub reason: Option<String>,
}

impl House {
    /// Whether a message is the state register's, and of now.
    ///
    /// # Errors
    /// [`Error::NotFound`] where no secret is shared with it;
    /// [`Error::NotAuthentic`] with the reason.
    pub fn is_by_the_register(&self, delivery: Delivery<'_>) -> Result<(), Error> {
        let seal = self.settings.state_register.as_ref();
        let seal = seal.ok_or(Error::NotFound)?;
        Ok(seal.verify(delivery, self.now())?)
    }

    /// Takes the register's answer: a rejection annuls a registration that still
    /// stands. The same message has one effect and one answer, however often it
    /// comes.
    ///
    /// # Errors
    /// Those of [`House::is_by_the_register`]; [`Error::KeyReused`] when the
    /// identifier stands for another message; [`Error::NotFound`] when there is no
    /// such registration.
    pub async fn hear_register(
        &self,
        delivery: Delivery<'_>,
        verdict: &Verdict,
    ) -> Result<Answered, Error> {
        self.is_by_the_register(delivery)?;
        let mut connection = self.pool.take().await?;
        let heard = transaction(&mut connection, async |connection| {
            self.heard(connection, delivery, verdict).await
        });
        match heard.await {
            Err(Error::Store(error)) if error.breaks(ONE_MESSAGE) => {
                let before = before(&mut connection, delivery).await?;
                before.ok_or(Error::Store(error))
            }
            heard => heard,
        }
    }

    /// What the register said last about a registration that somebody sees; nothing
    /// where it has said nothing.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn heard_of(&self, registration: &Registration) -> Result<Option<Answered>, Error> {
        let mut connection = self.pool.take().await?;
        Ok(answered::last(&mut connection, registration.id).await?)
    }

    async fn heard(
        &self,
        connection: &mut Connection,
        delivery: Delivery<'_>,
        verdict: &Verdict,
    ) -> Result<Answered, Error> {
        let application = registrations::application_of(connection, verdict.registration).await?;
        let application = application.ok_or(Error::NotFound)?;
        let application = applications::lock(connection, application).await?;
        let application = application.ok_or(Error::NotFound)?;
        // Once it is locked, a copy of this message has had its effect or waits.
        if let Some(before) = before(connection, delivery).await? {
            return Ok(before);
        }
        let annulled = match verdict.outcome {
            Outcome::Accepted => false,
            Outcome::Rejected => {
                let act = Act::Annul(verdict.registration);
                let annulled = self.act(connection, &application, &Actor::Register, act);
                match annulled.await {
                    Ok(_) => true,
                    // It has ended already: there is nothing left to annul.
                    Err(Error::Refused(Refused::OutOfTurn(_) | Refused::TooLate)) => false,
                    Err(error) => return Err(error),
                }
            }
        };
        let answered = Answered {
            message: delivery.id.to_owned(),
            sha256: Digest::of(delivery.body),
            registration: verdict.registration,
            outcome: verdict.outcome,
            reason: verdict.reason.clone(),
            annulled,
            received_at: self.now(),
        };
        answered::insert(connection, &answered).await?;
        Ok(answered)
    }
}

/// What was answered to the message with this identifier, if it is this message.
async fn before(
    connection: &mut Connection,
    delivery: Delivery<'_>,
) -> Result<Option<Answered>, Error> {
    match answered::find(connection, delivery.id).await? {
        Some(answered) if answered.sha256 != Digest::of(delivery.body) => Err(Error::KeyReused),
        found => Ok(found),
    }
}
