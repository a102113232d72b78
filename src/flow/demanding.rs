//! An owner, or a delegate in the owner's place, demands the end of a registration; who
//! does, and whether the demand still stands.

use std::collections::BTreeSet;

use super::ending::{Mandate, named_in, person};
use super::error::refusal;
use super::see::owners_today;
use super::transaction::transaction;
use super::{Error, House, Once, Reply, Session};
use crate::domain::register::{PowerOfAttorney, Scope};
use crate::domain::{
    Act, Actor, Application, Delegate, Document, Holder, Purpose, Refused, RegistrationId, Removal,
    holders, today,
};
use crate::store::registers::powers;
use crate::store::{self, Connection, applications, documents};

impl House {
    /// For which of these owners somebody demands the end of a registration: for
    /// themselves, or by the first power of attorney that lets them.
    ///
    /// # Errors
    /// [`Error::NotFound`] when they are none of these and act for none,
    /// [`Error::Powerless`] when they did.
    pub(super) async fn demanding(
        &self,
        connection: &mut Connection,
        owners: &BTreeSet<Holder>,
        actor: &Actor,
    ) -> Result<Mandate, Error> {
        if let Some(owner) = actor.owner_among(owners) {
            return Ok(Mandate::Owner(owner, None));
        }
        let mut refusal = Error::NotFound;
        let mut powers = powers_of(connection, actor).await?;
        powers.retain(|power| owners.contains(&power.principal));
        for power in powers {
            match power.permits(Scope::Deregister, today(self.now())) {
                Ok(()) => {
                    let delegate = Delegate {
                        iin: power.delegate,
                        power: power.number,
                    };
                    return Ok(Mandate::Owner(power.principal, Some(delegate)));
                }
                Err(reason) => refusal = Error::Powerless(reason),
            }
        }
        Err(refusal)
    }

    /// An owner takes back a demand to end a registration that the others have not
    /// confirmed yet, or a delegate in the owner's place, whoever of them signed it.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person could demand it for that owner today;
    /// [`Error::Powerless`] when a power of attorney no longer lets them;
    /// [`Error::Refused`] when nothing is demanded.
    pub async fn withdraw_removal(
        &self,
        session: &Session,
        once: &Once<'_>,
        id: RegistrationId,
    ) -> Result<Reply, Error> {
        let mut connection = self.pool.take().await?;
        if let Some(reply) = self.given(&mut connection, session, once).await? {
            return Ok(reply);
        }
        let named = self.application_with(Purpose::Removal(id)).await?;
        self.take_effect(&mut connection, session, once, async |connection| {
            let application = self.own_locked(connection, session, named).await?;
            let actor = session.actor();
            let delegate = self
                .demander(connection, (&application, id), &actor)
                .await?;
            let act = Act::WithdrawRemoval(id, delegate);
            let application = self.act(connection, &application, &actor, act).await?;
            self.seen(connection, application).await
        })
        .await
    }

    /// Whether the person could take back what is demanded of this registration.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn may_withdraw_removal(
        &self,
        session: &Session,
        application: &Application,
        id: RegistrationId,
    ) -> Result<bool, Error> {
        let registration = application.registration(id);
        if registration.is_none_or(|one| one.removal.is_none()) {
            return Ok(false);
        }
        let mut connection = self.pool.take().await?;
        let actor = session.actor();
        let demander = self.demander(&mut connection, (application, id), &actor);
        Ok(refusal(demander.await)?.is_none())
    }

    /// The delegate as whom somebody takes back what is demanded for an owner of today;
    /// nobody when it is the owner.
    async fn demander(
        &self,
        connection: &mut Connection,
        (application, id): (&Application, RegistrationId),
        actor: &Actor,
    ) -> Result<Option<Delegate>, Error> {
        let registration = application.registration(id).ok_or(Error::NotFound)?;
        let mut owners = owners_today(connection, application).await?;
        match &registration.removal {
            Some(removal) => owners.retain(|owner| *owner == removal.by),
            None => {
                self.demanding(connection, &owners, actor).await?;
                return Err(Refused::OutOfTurn(application.state).into());
            }
        }
        match self.demanding(connection, &owners, actor).await? {
            Mandate::Owner(_, delegate) => Ok(delegate),
            Mandate::Own(_) | Mandate::Leaver(_) => Err(Error::NotFound),
        }
    }

    /// Whether the actor acts today for one of these owners by a power of attorney to
    /// take people off the register.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub(super) async fn acts_for_one_of(
        &self,
        connection: &mut Connection,
        owners: &BTreeSet<Holder>,
        actor: &Actor,
    ) -> Result<bool, Error> {
        let principals = self.may_remove_for(connection, actor).await?;
        Ok(!principals.is_disjoint(owners))
    }

    /// For whom the actor may take people off the register today, by a power of attorney.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub(super) async fn may_remove_for(
        &self,
        connection: &mut Connection,
        actor: &Actor,
    ) -> Result<BTreeSet<Holder>, Error> {
        let day = today(self.now());
        let mut powers = powers_of(connection, actor).await?;
        powers.retain(|power| power.permits(Scope::Deregister, day).is_ok());
        Ok(powers.into_iter().map(|power| power.principal).collect())
    }

    /// The owner for whom a document demands the end of a registration, and the
    /// delegate who signs it, if both still may: a power of attorney can be taken back
    /// or run out after the document was issued.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the one owns the dwelling no more, or the other has no
    /// power of theirs; [`Error::Powerless`] when it no longer holds.
    pub(super) async fn demanded_for(
        &self,
        connection: &mut Connection,
        owners: &BTreeSet<Holder>,
        document: &Document,
    ) -> Result<(Holder, Option<Delegate>), Error> {
        let corrupt = || store::Error::Corrupt("document");
        let by = named_in(document)?;
        let owner = by.number.holder().ok_or_else(corrupt)?;
        if !owners.contains(&owner) {
            return Err(Error::NotFound);
        }
        let Some(proxy) = by.delegate else {
            return Ok((owner, None));
        };
        let delegate = proxy.delegate().ok_or_else(corrupt)?;
        let errand = (&delegate, &owner);
        self.holds_for(connection, errand, Scope::Deregister)
            .await?;
        Ok((owner, Some(delegate)))
    }

    /// Who owns the dwelling today and has a part in this demand, as one who demands or
    /// confirms it. By a power of attorney that holds no more nothing is demanded or
    /// confirmed for the owner who gave it, nor for one who died or lost capacity since
    /// (Civil Code, article 170).
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub(super) async fn removers(
        &self,
        connection: &mut Connection,
        application: &Application,
        removal: &Removal,
    ) -> Result<BTreeSet<Holder>, Error> {
        let mut owners = owners_today(connection, application).await?;
        let demand = documents::find(connection, removal.document).await?;
        let demand = demand.ok_or(store::Error::Corrupt("removal"))?;
        match self.demanded_for(connection, &owners, &demand).await {
            Ok(_) => {}
            Err(Error::NotFound | Error::Powerless(_)) => {
                owners.remove(&removal.by);
            }
            Err(error) => return Err(error),
        }
        let without = self.confirmed_without_power(connection, application, removal);
        let without = without.await?;
        let parties = holders(&owners, None);
        let known = self.known(connection, &[], &parties).await?;
        owners.retain(|owner| {
            let answers = owner.person().is_none_or(|iin| known.answers(iin).is_ok());
            answers && !without.contains(owner)
        });
        Ok(owners)
    }

    /// Who is asked to confirm the end of a registration, and who demands it, are the
    /// owners of today, and can be; otherwise there is nothing to confirm any more.
    pub(super) async fn same_removers(
        &self,
        connection: &mut Connection,
        (application, purpose): (&Application, Purpose),
    ) -> Result<(), Error> {
        let asked = purpose.consent();
        if asked.is_none_or(|id| application.removal_with(id).is_none()) {
            return Ok(());
        }
        let voided = transaction(connection, async |connection| {
            let application = applications::lock(connection, application.id).await?;
            let application = application.ok_or(Error::NotFound)?;
            self.void_removal(connection, &application, purpose).await
        });
        match voided.await? {
            true => Err(Refused::OwnersChanged.into()),
            false => Ok(()),
        }
    }

    /// Drops a demand, of an application that is locked, when it was put to others than
    /// the owners of today, or nobody demands it for an owner any more; says whether
    /// there was one.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub(super) async fn void_removal(
        &self,
        connection: &mut Connection,
        application: &Application,
        purpose: Purpose,
    ) -> Result<bool, Error> {
        let asked = purpose.consent();
        let Some((registration, removal)) = asked.and_then(|id| application.removal_with(id))
        else {
            return Ok(false);
        };
        let owners = self.removers(connection, application, removal).await?;
        let act = Act::VoidRemoval(registration.id, &owners);
        match self.act(connection, application, &Actor::Clock, act).await {
            Ok(_) => Ok(true),
            Err(Error::Refused(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// What a person was empowered to do. Nobody acts by a power of attorney with the
/// certificate of an organisation.
async fn powers_of(
    connection: &mut Connection,
    actor: &Actor,
) -> Result<Vec<PowerOfAttorney>, Error> {
    match person(actor) {
        Some(delegate) => Ok(powers::of_delegate(connection, delegate).await?),
        None => Ok(Vec::new()),
    }
}
