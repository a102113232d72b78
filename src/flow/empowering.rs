//! Whether who answers in an owner's place still may.

use std::collections::BTreeSet;

use super::{Error, House};
use crate::domain::register::{PowerNumber, Scope};
use crate::domain::{Application, Delegate, Holder, Purpose, Signatory, today};
use crate::eds::Iin;
use crate::store::Connection;
use crate::store::registers::powers;

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
        let removal = application.removal_with(id).is_some();
        if removal {
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
