//! What people find in their offices beside applications: registrations,
//! dwellings, and answers that were reported.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::see::cut;
use super::{Error, House, Session};
use crate::domain::{
    Actor, Address, Application, ApplicationId, ConsentId, DeclineReason, Dwelling, Ending, Holder,
    Registration, RegistrationId, Rka, today,
};
pub use crate::store::registrations::{Filter, Still};
use crate::store::registrations::{Scope, Wanted};
pub use crate::store::reports::Report;
use crate::store::{Connection, applications, dwellings, registrations, reports};

/// One page of registrations.
#[derive(Clone, Debug)]
pub struct Page {
    /// Only those of which all this is true.
    pub filter: Filter,
    /// Only those older than this one.
    pub before: Option<RegistrationId>,
    /// At most so many.
    pub limit: i64,
}

/// Registrations with the applications that led to them, and where the next page
/// begins.
pub type Registered = (Vec<(Application, Registration)>, Option<RegistrationId>);

/// How many registrations stand (nothing), and how many came to each end.
pub type Standings = Vec<(Option<Ending>, i64)>;

/// A dwelling and how many people are registered there today.
pub type Inhabited = (Dwelling, i64);

impl House {
    /// A person's own registrations and those of whom they represent today, now and
    /// before, newest first. An organisation has none.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn registrations(&self, session: &Session, page: &Page) -> Result<Registered, Error> {
        match session.actor() {
            Actor::Person(iin) => {
                let mut connection = self.pool.take().await?;
                let people = self.spoken_for(&mut connection, &iin).await?;
                let own = Scope::Of(&people);
                registered(&mut connection, own, page, today(self.now())).await
            }
            Actor::Member(_) | Actor::Clock | Actor::Register => Ok((Vec::new(), None)),
        }
    }

    /// How many of them stand, and came to each end, of those that are looked for.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn registration_counts(
        &self,
        session: &Session,
        filter: &Filter,
    ) -> Result<Standings, Error> {
        match session.actor() {
            Actor::Person(iin) => {
                let mut connection = self.pool.take().await?;
                let people = self.spoken_for(&mut connection, &iin).await?;
                let (own, today) = (Scope::Of(&people), today(self.now()));
                Ok(registrations::counts(&mut connection, own, filter, today).await?)
            }
            Actor::Member(_) | Actor::Clock | Actor::Register => Ok(Vec::new()),
        }
    }

    /// The dwellings that the person, or the organisation for which they sign,
    /// owns by the register of today, and those for whose owners they may take people off
    /// the register by a power of attorney, of those with all these words in the address
    /// or its code, and where the next page begins.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn dwellings(
        &self,
        session: &Session,
        text: &str,
        (after, limit): (Option<&Rka>, i64),
    ) -> Result<(Vec<Inhabited>, Option<Rka>), Error> {
        let mut connection = self.pool.take().await?;
        let actor = session.actor();
        let mut owners = self.may_remove_for(&mut connection, &actor).await?;
        owners.extend(actor.holder());
        let page = (after, limit + 1);
        let found = dwellings::owned(&mut connection, &owners, text, page).await?;
        let (found, next) = cut(found, limit, |last| last.rka.clone());
        let counted = inhabited(&mut connection, found, today(self.now())).await?;
        Ok((counted, next))
    }

    /// The dwellings that somebody may mean by these words of an address, or by a
    /// part of its code. Who owns them is not told by it.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn addresses(&self, text: &str, limit: i64) -> Result<Vec<(Rka, Address)>, Error> {
        let mut connection = self.pool.take().await?;
        Ok(dwellings::addresses(&mut connection, text, limit).await?)
    }

    /// The address with this code.
    ///
    /// # Errors
    /// [`Error::UnknownDwelling`] when the register has none.
    pub async fn address(&self, rka: &Rka) -> Result<Address, Error> {
        let mut connection = self.pool.take().await?;
        let found = dwellings::find(&mut connection, rka).await?;
        found.map(|one| one.address).ok_or(Error::UnknownDwelling)
    }

    /// Who is registered at a dwelling and was before, newest first: to an owner
    /// of today everybody, and to who may end it for one by a power of attorney; to
    /// others those to whose registration they agreed when they owned it.
    ///
    /// # Errors
    /// [`Error::NotFound`] to anybody else.
    pub async fn registered_at(
        &self,
        session: &Session,
        rka: &Rka,
        page: &Page,
    ) -> Result<Registered, Error> {
        let mut connection = self.pool.take().await?;
        let former = self.former(&mut connection, session, rka).await?;
        let today = today(self.now());
        registered(&mut connection, there(former.as_ref(), rka), page, today).await
    }

    /// How many of those stand, and came to each end, of those that are looked for.
    ///
    /// # Errors
    /// [`Error::NotFound`] to whomever the list is not shown.
    pub async fn counts_at(
        &self,
        session: &Session,
        rka: &Rka,
        filter: &Filter,
    ) -> Result<Standings, Error> {
        let mut connection = self.pool.take().await?;
        let former = self.former(&mut connection, session, rka).await?;
        let (there, today) = (there(former.as_ref(), rka), today(self.now()));
        Ok(registrations::counts(&mut connection, there, filter, today).await?)
    }

    /// Nobody when an owner of today looks, or for one; otherwise as whom somebody looks
    /// who once agreed to a registration there.
    async fn former(
        &self,
        connection: &mut Connection,
        session: &Session,
        rka: &Rka,
    ) -> Result<Option<Holder>, Error> {
        let actor = session.actor();
        let dwelling = dwellings::find(connection, rka).await?;
        let owners = dwelling.map(|dwelling| dwelling.owners).unwrap_or_default();
        if actor.is_one_of(&owners) || self.acts_for_one_of(connection, &owners, &actor).await? {
            return Ok(None);
        }
        let former = actor.holder().ok_or(Error::NotFound)?;
        let any = Wanted {
            scope: Scope::AgreedBy(&former, rka),
            filter: &Filter::default(),
            before: None,
            limit: 1,
            today: today(self.now()),
        };
        let none = registrations::list(connection, &any).await?.is_empty();
        (!none).then_some(Some(former)).ok_or(Error::NotFound)
    }

    /// Answers that were reported, to the operators of the service centres, and
    /// where the next page begins.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to anybody else.
    pub async fn reports(
        &self,
        session: &Session,
        (reason, before, limit): (Option<DeclineReason>, Option<ConsentId>, i64),
    ) -> Result<(Vec<(Application, Report)>, Option<ConsentId>), Error> {
        match session.actor() {
            Actor::Member(member) if self.settings.centres.contains(&member.bin) => {}
            Actor::Member(_) | Actor::Person(_) | Actor::Clock | Actor::Register => {
                return Err(Error::NotAllowed);
            }
        }
        let mut connection = self.pool.take().await?;
        let found = reports::list(&mut connection, reason, before, limit + 1).await?;
        let (found, next) = cut(found, limit, |last| last.consent);
        let ids: Vec<_> = found.iter().map(|report| report.application).collect();
        let known = known(&mut connection, &ids).await?;
        let found = found.into_iter().filter_map(|report| {
            let application = known.get(&report.application)?;
            Some((application.clone(), report))
        });
        Ok((found.collect(), next))
    }
}

/// What somebody may know of a dwelling: everything, or what they once agreed to.
fn there<'a>(former: Option<&'a Holder>, rka: &'a Rka) -> Scope<'a> {
    former.map_or(Scope::At(rka), |former| Scope::AgreedBy(former, rka))
}

/// These dwellings, each with how many people are registered there today.
pub(super) async fn inhabited(
    connection: &mut Connection,
    found: Vec<Dwelling>,
    today: NaiveDate,
) -> Result<Vec<Inhabited>, Error> {
    let codes: Vec<&str> = found.iter().map(|dwelling| dwelling.rka.as_str()).collect();
    let people = registrations::people_at(connection, &codes, today).await?;
    let people: HashMap<Rka, i64> = people.into_iter().collect();
    let counted = found.into_iter().map(|dwelling| {
        let registered = people.get(&dwelling.rka).copied().unwrap_or_default();
        (dwelling, registered)
    });
    Ok(counted.collect())
}

/// A page of registrations with the applications that led to them.
async fn registered(
    connection: &mut Connection,
    scope: Scope<'_>,
    page: &Page,
    today: NaiveDate,
) -> Result<Registered, Error> {
    let wanted = Wanted {
        scope,
        filter: &page.filter,
        before: page.before,
        limit: page.limit + 1,
        today,
    };
    let found = registrations::list(connection, &wanted).await?;
    let (found, next) = cut(found, page.limit, |(_, last)| *last);
    Ok((with_applications(connection, found).await?, next))
}

/// These registrations with the applications that led to them, in the same order.
pub(super) async fn with_applications(
    connection: &mut Connection,
    found: Vec<(ApplicationId, RegistrationId)>,
) -> Result<Vec<(Application, Registration)>, Error> {
    let ids: Vec<_> = found.iter().map(|(application, _)| *application).collect();
    let known = known(connection, &ids).await?;
    let found = found.into_iter().filter_map(|(application, id)| {
        let application = known.get(&application)?;
        let registration = application.registration(id)?;
        Some((application.clone(), registration.clone()))
    });
    Ok(found.collect())
}

async fn known(
    connection: &mut Connection,
    ids: &[ApplicationId],
) -> Result<HashMap<ApplicationId, Application>, Error> {
    let found = applications::of_ids(connection, ids).await?;
    Ok(found.into_iter().map(|one| (one.id, one)).collect())
}
