//! Whether who answers in an owner's place still may.

use std::collections::BTreeSet;

use super::{Error, House};
use crate::domain::register::{PowerNumber, Scope};
use crate::domain::{
    Application, Consent, ConsentId, Delegate, Document, Holder, Purpose, Removal, Signatory, today,
};
use crate::eds::Iin;
use crate::store::registers::powers;
use crate::store::{Connection, documents, received, signatures};

impl House {
    /// Whether who answers in a party's place still may: a power of attorney can be
    /// taken back or run out after the party was asked, and the delegate can have
    /// become one who asks.
    ///
    /// # Errors
    /// [`Error::Powerless`] when it no longer holds, [`Error::NotFound`] when it is
    /// not there any more, [`Error::BothSides`] when the delegate is on both sides.
    pub(super) async fn empowered(
        &self,
        connection: &mut Connection,
        application: &Application,
        purpose: Purpose,
        signatory: &Signatory,
    ) -> Result<(), Error> {
        let Some(id) = purpose.consent() else {
            return Ok(());
        };
        let consent = application.consent(id).ok_or(Error::NotFound)?;
        let Some(delegate) = consent.delegate_who_is(signatory) else {
            return Ok(());
        };
        let owner = consent.owner().ok_or(Error::NotFound)?;
        self.stands_in(connection, application, id, (delegate, owner))
            .await
    }

    /// Whether this delegate may answer this question in the owner's place today.
    ///
    /// # Errors
    /// As [`House::empowered`].
    pub(super) async fn stands_in(
        &self,
        connection: &mut Connection,
        application: &Application,
        id: ConsentId,
        (delegate, owner): (&Delegate, &Holder),
    ) -> Result<(), Error> {
        if application.removal_with(id).is_some() {
            return self
                .holds_for(connection, (delegate, owner), Scope::Deregister)
                .await;
        }
        let residents = application.residents.iter();
        let numbers: Vec<Iin> = residents.map(|resident| resident.iin.clone()).collect();
        let known = self.known(connection, &numbers, &BTreeSet::new()).await?;
        let askers = known.askers(&application.applicant, &application.residents);
        if askers.bar(&delegate.iin, owner) {
            return Err(Error::BothSides);
        }
        self.holds_for(connection, (delegate, owner), Scope::Register)
            .await
    }

    /// The owners in whose place a delegate has confirmed the end of a registration who
    /// no longer may.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub(super) async fn confirmed_without_power(
        &self,
        connection: &mut Connection,
        application: &Application,
        removal: &Removal,
    ) -> Result<BTreeSet<Holder>, Error> {
        let mut without = BTreeSet::new();
        if { removal.consents.iter() }.all(|consent| consent.delegate.is_none()) {
            return Ok(without);
        }
        let counted = signatures::of(connection, application.id).await?;
        let waiting = received::waiting_in(connection, application.id).await?;
        let waiting = waiting.iter().map(|one| one.document);
        for id in counted.iter().map(|one| one.document).chain(waiting) {
            let document = documents::find(connection, id).await?;
            let Some(Document {
                purpose,
                signatory: Some(signatory),
                ..
            }) = document
            else {
                continue;
            };
            let mut consents = removal.consents.iter();
            let consent = consents.find(|one| purpose.consent() == Some(one.id));
            let Some(owner) = consent.and_then(Consent::owner) else {
                continue;
            };
            let empowered = self.empowered(connection, application, purpose, &signatory);
            match empowered.await {
                Ok(()) => {}
                Err(Error::NotFound | Error::Powerless(_)) => {
                    without.insert(owner.clone());
                }
                Err(error) => return Err(error),
            }
        }
        Ok(without)
    }

    /// Whether this delegate may act for this owner today.
    ///
    /// # Errors
    /// [`Error::Powerless`] when the power of attorney does not let them,
    /// [`Error::NotFound`] when there is none.
    pub(super) async fn holds_for(
        &self,
        connection: &mut Connection,
        (delegate, owner): (&Delegate, &Holder),
        scope: Scope,
    ) -> Result<(), Error> {
        let power = powers::find(connection, &delegate.power).await?;
        let power = power.filter(|power| power.delegate == delegate.iin);
        let power = power.filter(|power| power.principal == *owner);
        let power = power.ok_or(Error::NotFound)?;
        power
            .permits(scope, today(self.now()))
            .map_err(Error::Powerless)
    }

    /// Whom the register lets consent in the holder's place today.
    pub(super) async fn delegate(
        &self,
        connection: &mut Connection,
        number: &PowerNumber,
        holder: &Holder,
    ) -> Result<Option<Iin>, Error> {
        let power = powers::find(connection, number).await?;
        let day = today(self.now());
        let power = power.filter(|power| {
            power.principal == *holder && power.permits(Scope::Register, day).is_ok()
        });
        Ok(power.map(|power| power.delegate))
    }
}
