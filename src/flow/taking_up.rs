//! A power of attorney may be younger than the question that it lets somebody answer:
//! whoever signs in is put where they may answer by now.

use std::collections::BTreeSet;

use super::ending::person;
use super::error::refusal;
use super::transaction::transaction;
use super::{Error, House};
use crate::domain::{Actor, Application, ApplicationId, Consent, Delegate, Holder};
use crate::store::registers::powers;
use crate::store::{Connection, applications, consents};

impl House {
    /// Lets a person answer in the place of each owner who has given them power to and
    /// was asked before, unless somebody else still may.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub(super) async fn take_up(
        &self,
        connection: &mut Connection,
        actor: &Actor,
    ) -> Result<(), Error> {
        let Some(delegate) = person(actor) else {
            return Ok(());
        };
        let powers = powers::of_delegate(connection, delegate).await?;
        let given = powers.into_iter().map(|power| {
            let delegate = Delegate {
                iin: power.delegate,
                power: power.number,
            };
            (power.principal, delegate)
        });
        let given: Vec<(Holder, Delegate)> = given.collect();
        let principals: BTreeSet<&Holder> = given.iter().map(|(principal, _)| principal).collect();
        for id in consents::awaited_of(connection, &principals).await? {
            transaction(connection, async |connection| {
                self.take_up_in(connection, id, &given).await
            })
            .await?;
        }
        Ok(())
    }

    async fn take_up_in(
        &self,
        connection: &mut Connection,
        id: ApplicationId,
        given: &[(Holder, Delegate)],
    ) -> Result<(), Error> {
        let application = applications::lock(connection, id).await?;
        let application = application.ok_or(Error::NotFound)?;
        for (consent, owner) in application.asked_of_owners() {
            let present = consent.delegate.as_ref().map(|one| (owner, one));
            if let Some(present) = present
                && self
                    .may(connection, (&application, consent), present)
                    .await?
            {
                continue;
            }
            for (principal, delegate) in given.iter().filter(|(principal, _)| principal == owner) {
                let errand = (principal, delegate);
                if self
                    .may(connection, (&application, consent), errand)
                    .await?
                {
                    consents::empower(connection, consent.id, delegate).await?;
                    break;
                }
            }
        }
        Ok(())
    }

    async fn may(
        &self,
        connection: &mut Connection,
        (application, consent): (&Application, &Consent),
        (owner, delegate): (&Holder, &Delegate),
    ) -> Result<bool, Error> {
        let errand = (delegate, owner);
        let stands_in = self.stands_in(connection, application, consent.id, errand);
        Ok(refusal(stands_in.await)?.is_none())
    }
}
