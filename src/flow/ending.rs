//! Who may end a registration, and for whom, by the registers of today.

use std::collections::BTreeSet;

use super::see::{owners_today, signatory_of};
use super::{Error, House, Session};
use crate::domain::paper::{Initiator, Paper};
use crate::domain::{Actor, Application, Delegate, Document, Holder, Leaver, Purpose, Signatory};
use crate::eds::Iin;
use crate::store::{self, Connection};

/// As whom somebody signs, and for whom.
#[derive(Clone, Debug)]
pub(super) enum Mandate {
    /// As one whom the application knows.
    Own(Signatory),
    /// For this owner of today: as the owner, or by a power of attorney.
    Owner(Holder, Option<Delegate>),
    /// For a resident, as whoever speaks for them today.
    Leaver(Leaver),
}

impl Mandate {
    /// Whose signature it is.
    pub(super) fn signatory(&self) -> Signatory {
        match self {
            Self::Own(signatory) => signatory.clone(),
            Self::Owner(_, Some(delegate)) => Signatory::Person(delegate.iin.clone()),
            Self::Owner(owner, None) => owner.into(),
            Self::Leaver(leaver) => Signatory::Person(leaver.iin().clone()),
        }
    }

    /// Whether a document was issued for this mandate: the same person may have acted for
    /// another owner, or by another power of attorney, when it was.
    pub(super) fn is_of(&self, document: &Document) -> bool {
        let named = |initiator: Initiator| {
            let paper = Paper::read(&document.bytes).ok();
            paper.and_then(|paper| paper.matter.by) == Some(initiator)
        };
        document.signatory.as_ref() == Some(&self.signatory())
            && match self {
                Self::Own(_) => true,
                Self::Owner(owner, delegate) => named(Initiator::owner(owner, delegate.as_ref())),
                Self::Leaver(leaver) => named(Initiator::leaver(leaver)),
            }
    }
}

impl House {
    /// As whom the person signs for this purpose. Who may end a registration, for the
    /// resident or for an owner, is for the registers to say.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the person is one to sign for it, and why somebody in
    /// another's place may not.
    pub(super) async fn mandate(
        &self,
        connection: &mut Connection,
        application: &Application,
        session: &Session,
        purpose: Purpose,
    ) -> Result<Mandate, Error> {
        if let Purpose::Leaving(id) = purpose {
            let registration = application.registration(id).ok_or(Error::NotFound)?;
            let resident = &registration.resident;
            return self.leaving(connection, session, resident).await;
        }
        if let Purpose::Removal(id) = purpose {
            application.registration(id).ok_or(Error::NotFound)?;
            let owners = owners_today(connection, application).await?;
            let mandate = self
                .demanding(connection, &owners, &session.actor())
                .await?;
            self.can_answer(connection, &owners).await?;
            return Ok(mandate);
        }
        let signatory = signatory_of(application, session, purpose)?;
        self.empowered(connection, application, purpose, &signatory)
            .await?;
        Ok(Mandate::Own(signatory))
    }

    /// As what somebody lets a resident leave. Nobody leaves with the certificate of an
    /// organisation.
    async fn leaving(
        &self,
        connection: &mut Connection,
        session: &Session,
        resident: &Iin,
    ) -> Result<Mandate, Error> {
        let iin = person(&session.actor()).ok_or(Error::NotFound)?.clone();
        self.speaks(connection, &iin, resident).await?;
        Ok(Mandate::Leaver(match iin == *resident {
            true => Leaver::Resident(iin),
            false => Leaver::Representative(iin, session.name.clone()),
        }))
    }

    /// Whoever lets a resident leave by a document, if they speak for the resident still:
    /// a representative can be another by now, and the resident able to act alone.
    ///
    /// # Errors
    /// As [`House::speaks`].
    pub(super) async fn left_by(
        &self,
        connection: &mut Connection,
        resident: &Iin,
        document: &Document,
    ) -> Result<Iin, Error> {
        match named_in(document)?.number.holder() {
            Some(Holder::Person(by)) => {
                self.speaks(connection, &by, resident).await?;
                Ok(by)
            }
            Some(Holder::Organisation(_)) | None => Err(store::Error::Corrupt("document").into()),
        }
    }

    /// Whether the actor is a legal representative today of a resident who cannot act
    /// alone.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub(super) async fn represents_one_of(
        &self,
        connection: &mut Connection,
        application: &Application,
        actor: &Actor,
    ) -> Result<bool, Error> {
        let Some(person) = person(actor) else {
            return Ok(false);
        };
        let residents = application.residents.iter();
        let residents: Vec<Iin> = residents.map(|one| one.iin.clone()).collect();
        let known = self.known(connection, &residents, &BTreeSet::new()).await?;
        Ok(residents
            .iter()
            .any(|one| known.is_represented(one, person)))
    }
}

/// Who ends a registration by a document, as it says itself.
pub(super) fn named_in(document: &Document) -> Result<Initiator, store::Error> {
    let paper = Paper::read(&document.bytes).ok();
    let by = paper.and_then(|paper| paper.matter.by);
    by.ok_or(store::Error::Corrupt("document"))
}

/// Whoever acts for themselves.
pub(super) fn person(actor: &Actor) -> Option<&Iin> {
    match actor {
        Actor::Person(iin) => Some(iin),
        Actor::Member(_) | Actor::Clock | Actor::Register => None,
    }
}
