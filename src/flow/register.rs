//! Everybody has agreed: check everything again, and register.
//!
//! It happens in the transaction of the last consent, with the application's
//! row locked. What responders say now is asked before, with no lock held. When
//! something cannot be told now, say because a responder is silent, the
//! application stays agreed and the worker tries again.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::transaction::transaction;
use super::{Error, House};
use crate::domain::{
    Act, Actor, Application, ApplicationId, Document, Grounds, Recheck, Refused, Registration,
    Signed, State, Step,
};
use crate::eds::{Iin, SubIndication, Verified, ocsp};
use crate::store::{Connection, applications, dwellings, registrations};

/// A signature that was stored, checked again.
struct Rechecked {
    document: Document,
    outcome: Outcome,
}

enum Outcome {
    Holds(Box<Verified>),
    Void,
    Unclear,
}

impl House {
    /// Registers every agreed application that is still waiting for it, up to
    /// `limit` of them, and says how many came to an end. One that fails does not
    /// keep the others.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails; the last one when several fail.
    pub async fn register_agreed(&self, limit: i64) -> Result<usize, Error> {
        let agreed = {
            let mut connection = self.pool.take().await?;
            applications::agreed(&mut connection, limit).await?
        };
        let (mut ended, mut failure) = (0, None);
        for id in agreed {
            match self.register_waiting(id).await {
                Ok(application) => ended += usize::from(application.state.is_final()),
                Err(error) => failure = Some(error),
            }
        }
        failure.map_or(Ok(ended), Err)
    }

    async fn register_waiting(&self, id: ApplicationId) -> Result<Application, Error> {
        let news = self.news(id).await?;
        let mut connection = self.pool.take().await?;
        transaction(&mut connection, async |connection| {
            let application = applications::lock(connection, id)
                .await?
                .ok_or(Error::NotFound)?;
            self.register_if_agreed(connection, application, &news)
                .await
        })
        .await
    }

    /// Registers an application that everybody agreed to, in the transaction
    /// that holds its lock; returns it unchanged when it is not agreed, or when
    /// that cannot be told now.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub(super) async fn register_if_agreed(
        &self,
        connection: &mut Connection,
        application: Application,
        news: &[Arc<ocsp::Response>],
    ) -> Result<Application, Error> {
        if application.state != State::Consented {
            return Ok(application);
        }
        let owners = owners_now(connection, &application).await?;
        let rechecked = self.recheck(connection, &application, news).await?;
        if rechecked.iter().any(Rechecked::is_void) {
            return self
                .refuse(connection, &application, Grounds::SignatureVoid)
                .await;
        }
        let Some(recheck) = assemble(&owners, &rechecked) else {
            return Ok(application);
        };
        let (act, rules) = (Act::Register(recheck), &self.settings.rules);
        match application.after(&Actor::Clock, act, rules, self.now()) {
            Ok(step) => self.register(connection, &application, step).await,
            Err(Refused::OwnersChanged) => {
                self.refuse(connection, &application, Grounds::OwnersChanged)
                    .await
            }
            Err(refused) => Err(refused.into()),
        }
    }

    /// Writes the registration, unless the resident has one for these days.
    async fn register(
        &self,
        connection: &mut Connection,
        application: &Application,
        step: Step,
    ) -> Result<Application, Error> {
        let registered = transaction(connection, async |connection| {
            let registration = self.registration_of(&step.application)?;
            registrations::insert(connection, &registration).await?;
            self.record(connection, step, Some(registration.id)).await
        });
        match registered.await {
            Err(Error::Store(error)) if error.breaks(registrations::ONE_AT_A_TIME) => {
                self.refuse(connection, application, Grounds::AlreadyRegistered)
                    .await
            }
            other => other,
        }
    }

    async fn refuse(
        &self,
        connection: &mut Connection,
        application: &Application,
        grounds: Grounds,
    ) -> Result<Application, Error> {
        self.act(connection, application, &Actor::Clock, Act::Refuse(grounds))
            .await
    }

    fn registration_of(&self, application: &Application) -> Result<Registration, Error> {
        let now = application.changed_at;
        Ok(Registration {
            id: self.id(now)?,
            application: application.id,
            resident: application.resident.iin.clone(),
            rka: application.rka.clone(),
            address: application.address.clone(),
            period: application.period,
            registered_at: now,
        })
    }

    async fn recheck(
        &self,
        connection: &mut Connection,
        application: &Application,
        news: &[Arc<ocsp::Response>],
    ) -> Result<Vec<Rechecked>, Error> {
        let mut rechecked = Vec::new();
        for mut case in self.stored_cases(connection, application).await? {
            case.answers = news.to_vec();
            let document = case.document.clone();
            let outcome = self.judge(case).await?.map_or_else(
                |report| Outcome::of(report.sub_indication),
                |proof| Outcome::Holds(Box::new(proof)),
            );
            rechecked.push(Rechecked { document, outcome });
        }
        Ok(rechecked)
    }
}

impl Outcome {
    /// A certificate that turns out to have been revoked when it signed voids
    /// the signature for good; anything else that is wrong with a signature that
    /// held before is our own trouble and may pass.
    fn of(sub_indication: Option<SubIndication>) -> Self {
        if matches!(
            sub_indication,
            Some(
                SubIndication::Revoked
                    | SubIndication::RevokedNoPoe
                    | SubIndication::RevokedCaNoPoe
            )
        ) {
            Self::Void
        } else {
            Self::Unclear
        }
    }
}

impl Rechecked {
    fn is_void(&self) -> bool {
        matches!(self.outcome, Outcome::Void)
    }

    fn signed(&self) -> Option<Signed<'_>> {
        match &self.outcome {
            Outcome::Holds(proof) => Some(Signed {
                document: &self.document,
                proof,
            }),
            Outcome::Void | Outcome::Unclear => None,
        }
    }
}

/// All signatures together, if every one of them holds.
fn assemble<'a>(owners: &'a BTreeSet<Iin>, rechecked: &'a [Rechecked]) -> Option<Recheck<'a>> {
    let mut resident = None;
    let mut consents = Vec::new();
    for one in rechecked {
        let signed = one.signed()?;
        match one.document.purpose.consent() {
            Some(id) => consents.push((id, signed)),
            None => resident = Some(signed),
        }
    }
    Some(Recheck {
        owners,
        resident: resident?,
        consents,
    })
}

async fn owners_now(
    connection: &mut Connection,
    application: &Application,
) -> Result<BTreeSet<Iin>, Error> {
    let dwelling = dwellings::find(connection, &application.rka).await?;
    Ok(dwelling.map(|dwelling| dwelling.owners).unwrap_or_default())
}
