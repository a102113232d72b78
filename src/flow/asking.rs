//! Who has a say, by the registers of today.

use std::collections::BTreeSet;

use super::{Error, House};
use crate::domain::law::Askers;
use crate::domain::register::{Lease, Scope};
use crate::domain::{
    Act, Actor, Applicant, Application, Asked, Beside, Consent, Delegate, Dwelling, FourEyes,
    Grounds, Holder, Party, Question, Resident, Rka, Wards, holders, today,
};
use crate::eds::Iin;
use crate::store::registers::{leases, powers};
use crate::store::{Connection, dwellings};

/// What the registers say about an application.
pub(super) struct Matter {
    /// The dwelling.
    pub(super) dwelling: Dwelling,
    /// The people who are to be registered, by the names of the register.
    pub(super) residents: Vec<Resident>,
    /// Whose agreement is needed.
    pub(super) asked: Asked,
    /// Who holds the rights to the dwelling.
    pub(super) holders: BTreeSet<Party>,
    /// Who cannot act alone, where that is looked after at a service centre.
    pub(super) wards: Wards,
    /// Who asks, and so consents for nobody else.
    pub(super) askers: Askers,
    /// Whoever has an interest of their own in it: residents, those who hold a right to
    /// the dwelling, and those who represent one of them by the register.
    pub(super) interested: BTreeSet<Iin>,
}

/// What the registers say today, or why it cannot go on by what they say.
pub(super) type Today = Result<Matter, Grounds>;

impl House {
    /// Looks up who would be asked if `applicant` asked for these residents today.
    ///
    /// # Errors
    /// [`Error::UnknownDwelling`], [`Error::UnknownPerson`], and the reason for
    /// which somebody cannot take part.
    pub(super) async fn matter(
        &self,
        connection: &mut Connection,
        applicant: &Applicant,
        residents: &[Iin],
        rka: &Rka,
        eyes: FourEyes,
    ) -> Result<Matter, Error> {
        let dwelling = dwellings::find(connection, rka)
            .await?
            .filter(|dwelling| !dwelling.owners.is_empty())
            .ok_or(Error::UnknownDwelling)?;
        self.may_speak(applicant, &dwelling)?;
        let lease = lease(connection, &dwelling).await?;
        let tenant = lease.as_ref().map(|lease| &lease.tenant);
        let holders = holders(&dwelling.owners, tenant);
        let known = self.known(connection, residents, &holders).await?;
        let residents = known.named(residents)?;
        let joining = known.joining(applicant, &residents)?;
        known.can_consent(applicant, &holders)?;
        in_lease(lease.as_ref(), &residents)?;
        let interested = known.interested(&holders);
        super::eligible::impartial(applicant, &interested)?;
        let tenant = tenant.cloned();
        let beside = Beside { tenant, joining };
        let asked = Asked::of(&dwelling, applicant, &residents, &beside, eyes);
        let wards = known.wards(connection, applicant, (&residents, &holders));
        Ok(Matter {
            wards: wards.await?,
            askers: known.askers(applicant, &residents),
            dwelling,
            residents,
            asked,
            holders,
            interested,
        })
    }

    /// The same about an application that was made, by the rule under which it was.
    pub(super) async fn matter_of(
        &self,
        connection: &mut Connection,
        application: &Application,
    ) -> Result<Matter, Error> {
        let residents = application.residents.iter();
        let residents: Vec<Iin> = residents.map(|resident| resident.iin.clone()).collect();
        let (applicant, rka) = (&application.applicant, &application.rka);
        let eyes = FourEyes::of(&application.consents);
        self.matter(connection, applicant, &residents, rka, eyes)
            .await
    }

    /// The same, with whatever was attested still true.
    ///
    /// # Errors
    /// As [`House::matter`], and what is true no more.
    pub(super) async fn matter_today(
        &self,
        connection: &mut Connection,
        application: &Application,
    ) -> Result<Matter, Error> {
        let matter = self.matter_of(connection, application).await?;
        self.still_attested(connection, application, &matter)
            .await?;
        Ok(matter)
    }

    /// Names for those who are asked, and who may answer in their place: nobody who
    /// asks for it.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub(super) async fn question(
        &self,
        connection: &mut Connection,
        asked: Asked,
        (scope, askers): (Scope, &Askers),
    ) -> Result<Question, Error> {
        let now = self.now();
        let names = asked.parties.iter().map(|_| self.id(now));
        let names = names.collect::<Result<Vec<_>, _>>()?;
        let mut question = Question::new(asked, names);
        let owners = question.consents.iter().filter_map(Consent::owner);
        let owners: BTreeSet<Holder> = owners.cloned().collect();
        let powers = powers::for_principals(connection, &owners).await?;
        for consent in &mut question.consents {
            let mut own = powers.iter().filter(|power| {
                consent.owner() == Some(&power.principal)
                    && power.permits(scope, today(now)).is_ok()
                    && !askers.bar(&power.delegate, &power.principal)
            });
            consent.delegate = own.next().map(|power| Delegate {
                iin: power.delegate.clone(),
                power: power.number.clone(),
            });
        }
        Ok(question)
    }

    /// What the registers say today of an application that was made.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub(super) async fn found_today(
        &self,
        connection: &mut Connection,
        application: &Application,
    ) -> Result<Today, Error> {
        match self.matter_today(connection, application).await {
            Ok(matter) => Ok(Ok(matter)),
            Err(error) => error.grounds().map(Err).ok_or(error),
        }
    }

    /// Asks those who have a say now, where they are others than those who were asked.
    /// Nobody takes the place of those whose consent was attested, and where it cannot
    /// go on, it ends.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub(super) async fn ask_anew(
        &self,
        connection: &mut Connection,
        application: &Application,
        today: &Today,
    ) -> Result<Application, Error> {
        let act = match today {
            Err(grounds) => Act::Refuse(*grounds),
            Ok(_) if application.attestation.is_some() => Act::Refuse(Grounds::OwnersChanged),
            Ok(matter) => {
                let errand = (Scope::Register, &matter.askers);
                Act::AskAnew(
                    self.question(connection, matter.asked.clone(), errand)
                        .await?,
                )
            }
        };
        self.act(connection, application, &Actor::Clock, act).await
    }
}

/// The lease under which the sole owner lets state housing.
async fn lease(connection: &mut Connection, dwelling: &Dwelling) -> Result<Option<Lease>, Error> {
    let lease = leases::find(connection, &dwelling.rka).await?;
    Ok(lease.filter(|lease| {
        let landlord = BTreeSet::from([Holder::Organisation(lease.landlord.clone())]);
        dwelling.owners == landlord
    }))
}

/// The tenant of state housing may speak only for people in the lease.
fn in_lease(lease: Option<&Lease>, residents: &[Resident]) -> Result<(), Error> {
    let named = |lease: &Lease| residents.iter().all(|one| lease.names(&one.iin));
    lease
        .is_none_or(named)
        .then_some(())
        .ok_or(Error::NotInLease)
}
