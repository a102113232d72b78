//! Saves a step: the application, its event, its record in the audit log, what
//! people are told of it, and the message that tells the portal.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::error::refusal;
use super::see::owners_today;
use super::{Error, House};
use crate::domain::notice::{Concerned, Notice, is_for_owners, is_for_representatives, notices};
use crate::domain::{Act, Actor, Application, Event, Signatory, Step};
use crate::eds::Iin;
use crate::render::callback::{self, Notification};
use crate::store::{self, Connection, applications, journal, outbox};

impl House {
    /// Decides an act and saves what follows from it.
    ///
    /// # Errors
    /// [`Error::Refused`] when the workflow does not allow the act.
    pub(super) async fn act(
        &self,
        connection: &mut Connection,
        application: &Application,
        actor: &Actor,
        act: Act<'_>,
    ) -> Result<Application, Error> {
        let step = application.after(actor, act, &self.settings.rules, self.now())?;
        self.record(connection, application, step).await
    }

    /// Saves a step that was decided.
    ///
    /// # Errors
    /// [`Error::Store`] when somebody else was faster or the database fails.
    pub(super) async fn record(
        &self,
        connection: &mut Connection,
        before: &Application,
        step: Step,
    ) -> Result<Application, Error> {
        applications::save(connection, before, &step).await?;
        self.tell(connection, Some(before), &step).await?;
        Ok(step.application)
    }

    /// Writes an event, its record in the audit log, the notices to those whom it
    /// concerns, and the message to the portal that tells of it.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub(super) async fn tell(
        &self,
        connection: &mut Connection,
        before: Option<&Application>,
        step: &Step,
    ) -> Result<(), Error> {
        let (application, event) = (&step.application, &step.event);
        journal::append(connection, application.id, event).await?;
        self.enter_step(connection, step).await?;
        let concerned = self.concerned(connection, application, event).await?;
        let told = notices((before, application), event, &concerned);
        let told = self.without_powerless(connection, step, told).await?;
        let names = told.iter().map(|_| self.notice_name(event));
        let names = names.collect::<Result<Vec<_>, _>>()?;
        if !told.is_empty() {
            store::notices::put(connection, (application.id, event), &told, &names).await?;
        }
        let message = outbox::Message {
            application_id: application.id.uuid(),
            sequence: event.version,
            id: self.uuid(event.at)?,
            body: callback::body(step, &self.notifications(&told, &names)),
            created_at: event.at,
            attempts: 0,
            next_attempt_at: event.at,
        };
        outbox::put(connection, &message).await?;
        Ok(())
    }

    /// Who has a part in a step today, as far as they are told of it.
    async fn concerned(
        &self,
        connection: &mut Connection,
        application: &Application,
        event: &Event,
    ) -> Result<Concerned, Error> {
        let mut concerned = Concerned::default();
        if is_for_owners(event) {
            concerned.owners = owners_today(connection, application).await?;
        }
        if is_for_representatives(event) {
            let residents = application.residents.iter();
            let residents: Vec<Iin> = residents.map(|one| one.iin.clone()).collect();
            let known = self.known(connection, &residents, &BTreeSet::new()).await?;
            let speak = residents
                .into_iter()
                .map(|one| (one.clone(), known.representatives(&one)));
            concerned.representatives = speak.collect();
        }
        Ok(concerned)
    }

    /// Nobody hears of a step as a delegate by a power of attorney that holds no more.
    async fn without_powerless(
        &self,
        connection: &mut Connection,
        step: &Step,
        mut told: Vec<Notice>,
    ) -> Result<Vec<Notice>, Error> {
        for (purpose, delegate) in step.application.delegated() {
            let signatory = Signatory::Person(delegate.iin.clone());
            if !told.iter().any(|notice| notice.to == signatory) {
                continue;
            }
            let empowered = self.empowered(connection, &step.application, purpose, &signatory);
            if refusal(empowered.await)?.is_some() {
                told.retain(|notice| notice.to != signatory);
            }
        }
        Ok(told)
    }

    /// What the portal needs to tell people by its own channels.
    fn notifications(&self, told: &[Notice], names: &[Uuid]) -> Vec<Notification> {
        let portal = self.settings.portal.as_ref();
        let told = told.iter().zip(names);
        told.map(|(notice, id)| Notification {
            id: *id,
            topic: notice.topic,
            to: portal.map(|seal| seal.pseudonym(&number(&notice.to))),
        })
        .collect()
    }

    /// Of two steps in one millisecond the notices of the later one sort after those
    /// of the earlier one: a counter stands behind the time (RFC 9562 section 6.2,
    /// method 1).
    fn notice_name(&self, event: &Event) -> Result<Uuid, Error> {
        let millis = u64::try_from(event.at.timestamp_millis()).unwrap_or(0);
        let step = u16::try_from(event.version & 0xfff).unwrap_or(0);
        let mut bytes = self.random_bytes::<10>()?;
        let [first, second, ..] = &mut bytes;
        [*first, *second] = step.to_be_bytes();
        Ok(uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
    }
}

/// Whose office it is in: a person's, or that of an organisation and all who sign
/// for it.
fn number(to: &Signatory) -> String {
    match to {
        Signatory::Person(iin) | Signatory::Operator(_, iin) => format!("iin:{}", iin.as_str()),
        Signatory::Organisation(bin) | Signatory::Colleague(bin, _) => {
            format!("bin:{}", bin.as_str())
        }
    }
}
