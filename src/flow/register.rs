//! Everybody has agreed: check everything again, and register.
//!
//! It happens in the transaction of the last consent, with the application's
//! row locked. What responders say now is asked before, with no lock held. When
//! something cannot be told now, say because a responder is silent, the
//! application stays agreed and the worker tries again.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::transaction::transaction;
use super::{Error, House, Job};
use crate::domain::{
    Act, Actor, Application, ApplicationId, Asked, Document, Grounds, Kind, Recheck, Refused,
    Registration, RegistrationId, Signed, State, Step,
};
use crate::eds::{SubIndication, Verified, ocsp};
use crate::store::{Connection, applications, registrations};

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
    /// Registers every agreed application that is still waiting for it, `limit` of
    /// them at a time, and says how many were decided. One that fails, or whose
    /// evidence is silent, keeps no other.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails; the last one when several fail.
    pub async fn register_agreed(&self, limit: i64) -> Result<usize, Error> {
        let due = async |connection: &mut Connection, behind| {
            applications::agreed(connection, behind, limit).await
        };
        self.go_through((Job::Register, limit), due, async |id| {
            let application = self.register_waiting(id).await?;
            Ok(usize::from(application.state != State::Consented))
        })
        .await
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
        if let Some(grounds) = self.grounds_against(connection, &application).await? {
            return self.refuse(connection, &application, grounds).await;
        }
        let today = self.found_today(connection, &application).await?;
        let rechecked = self.recheck(connection, &application, news).await?;
        if rechecked.iter().any(Rechecked::is_void) {
            let grounds = Grounds::SignatureVoid;
            return self.refuse(connection, &application, grounds).await;
        }
        let Ok(matter) = &today else {
            return self.ask_anew(connection, &application, &today).await;
        };
        if let Some(grounds) = self.powerless(connection, &application, &rechecked).await? {
            return self.refuse(connection, &application, grounds).await;
        }
        let names = application.residents.iter().map(|_| self.id(self.now()));
        let names = names.collect::<Result<Vec<_>, _>>()?;
        let Some(recheck) = assemble(&matter.asked, &rechecked, names) else {
            return Ok(application);
        };
        let (act, rules) = (Act::Register(recheck), &self.settings.rules);
        match application.after(&Actor::Clock, act, rules, self.now()) {
            Ok(step) => self.register(connection, &application, step).await,
            Err(Refused::OwnersChanged) => self.ask_anew(connection, &application, &today).await,
            // Midnight came while it was checked: the next turn refuses it.
            Err(Refused::TooLate) => Ok(application),
            Err(refused) => Err(refused.into()),
        }
    }

    /// What keeps it from being registered whoever has a say.
    async fn grounds_against(
        &self,
        connection: &mut Connection,
        application: &Application,
    ) -> Result<Option<Grounds>, Error> {
        if application.term.is_over(self.now()) {
            return Ok(Some(Grounds::Over));
        }
        if self.has_nothing_to_extend(connection, application).await? {
            return Ok(Some(Grounds::NothingToExtend));
        }
        let crowded = self.is_crowded(connection, application).await?;
        Ok(crowded.then_some(Grounds::Crowded))
    }

    /// Why a delegate's consent counts no more: the power of attorney holds on the day
    /// of the registration too (Civil Code, article 170).
    async fn powerless(
        &self,
        connection: &mut Connection,
        application: &Application,
        rechecked: &[Rechecked],
    ) -> Result<Option<Grounds>, Error> {
        for Rechecked { document, .. } in rechecked {
            let Some(signatory) = &document.signatory else {
                continue;
            };
            let empowered = self.empowered(connection, application, document.purpose, signatory);
            match empowered.await {
                Ok(()) => {}
                Err(Error::NotFound) => return Ok(Some(Grounds::PowerVoid)),
                Err(error) => return error.grounds().map(Some).ok_or(error),
            }
        }
        Ok(None)
    }

    /// The registration that was to go on may have ended before its time.
    pub(super) async fn has_nothing_to_extend(
        &self,
        connection: &mut Connection,
        application: &Application,
    ) -> Result<bool, Error> {
        let Some(id) = application.extends else {
            return Ok(false);
        };
        let (_, registration) = super::see::registration(connection, id).await?;
        Ok(registration.ended_early())
    }

    /// A permanent registration takes the place of the one before.
    async fn replace_former(
        &self,
        connection: &mut Connection,
        application: &Application,
    ) -> Result<(), Error> {
        if application.kind() != Kind::Permanent {
            return Ok(());
        }
        // Always in the same order, so that two families never wait for each other.
        let residents: BTreeSet<_> = application.residents.iter().map(|one| &one.iin).collect();
        for resident in residents {
            while let Some((id, registration)) =
                registrations::overlapping(connection, resident, &application.term).await?
            {
                self.replace(connection, id, registration).await?;
            }
        }
        Ok(())
    }

    /// It may have ended while its application was locked by somebody else: then
    /// there is perhaps a newer one.
    async fn replace(
        &self,
        connection: &mut Connection,
        id: ApplicationId,
        registration: RegistrationId,
    ) -> Result<(), Error> {
        let former = applications::lock(connection, id).await?;
        let former = former.ok_or(Error::NotFound)?;
        let standing = former.registration(registration);
        if standing.is_some_and(Registration::is_active) {
            let act = Act::Replace(registration);
            self.act(connection, &former, &Actor::Clock, act).await?;
        }
        Ok(())
    }

    /// Writes the registration, unless the resident has one for these days.
    async fn register(
        &self,
        connection: &mut Connection,
        application: &Application,
        step: Step,
    ) -> Result<Application, Error> {
        let registered = transaction(connection, async |connection| {
            self.replace_former(connection, application).await?;
            self.record(connection, application, step).await
        });
        match registered.await {
            // The other was written at the same moment: the next turn finds and replaces it.
            Err(Error::Store(error))
                if error.breaks(registrations::ONE_AT_A_TIME)
                    && application.kind() == Kind::Permanent =>
            {
                Ok(application.clone())
            }
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
fn assemble<'a>(
    asked: &'a Asked,
    rechecked: &'a [Rechecked],
    registrations: Vec<RegistrationId>,
) -> Option<Recheck<'a>> {
    let mut application = None;
    let mut consents = Vec::new();
    for one in rechecked {
        let signed = one.signed()?;
        match one.document.purpose.consent() {
            Some(id) => consents.push((id, signed)),
            None => application = Some(signed),
        }
    }
    Some(Recheck {
        asked,
        application: application?,
        consents,
        registrations,
    })
}
