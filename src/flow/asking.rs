//! Who has a say, by the registers of today.

use std::collections::{BTreeMap, BTreeSet};

use super::{Error, House};
use crate::domain::law::{Standing, owner_answers, standing};
use crate::domain::register::{Individual, Scope};
use crate::domain::{
    Act, Actor, Applicant, Application, Asked, Beside, Capacity, Consent, Delegate, Dwelling,
    Holder, Party, Purpose, Question, Refused, Resident, Rka, Signatory, Use, holders, today,
};
use crate::eds::Iin;
use crate::store::registers::{leases, people, powers};
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
}

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
    ) -> Result<Matter, Error> {
        let dwelling = dwellings::find(connection, rka)
            .await?
            .filter(|dwelling| !dwelling.owners.is_empty())
            .ok_or(Error::UnknownDwelling)?;
        may_speak(applicant, &dwelling)?;
        let known = self.known(connection, residents, &dwelling).await?;
        let residents = named(residents, &known)?;
        let joining = self.joining(applicant, &residents, &known)?;
        self.owners_can_answer(applicant, &dwelling, &known)?;
        let tenant = tenant(connection, &dwelling, &residents).await?;
        let holders = holders(&dwelling.owners, tenant.as_ref());
        impartial(applicant, &known, &holders)?;
        let beside = Beside { tenant, joining };
        let eyes = self.settings.rules.four_eyes;
        let asked = Asked::of(&dwelling, applicant, &residents, &beside, eyes);
        Ok(Matter {
            dwelling,
            residents,
            asked,
            holders,
        })
    }

    /// The same about an application that was made.
    pub(super) async fn matter_of(
        &self,
        connection: &mut Connection,
        application: &Application,
    ) -> Result<Matter, Error> {
        let residents = application.residents.iter();
        let residents: Vec<Iin> = residents.map(|resident| resident.iin.clone()).collect();
        let (applicant, rka) = (&application.applicant, &application.rka);
        self.matter(connection, applicant, &residents, rka).await
    }

    /// Names for those who are asked, and who may answer in their place.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub(super) async fn question(
        &self,
        connection: &mut Connection,
        asked: Asked,
        scope: Scope,
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
            });
            consent.delegate = own.next().map(|power| Delegate {
                iin: power.delegate.clone(),
                power: power.number.clone(),
            });
        }
        Ok(question)
    }

    /// Who would be asked today about an application that was made.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub(super) async fn asked_today(
        &self,
        connection: &mut Connection,
        application: &Application,
    ) -> Result<Asked, Error> {
        match self.matter_today(connection, application).await {
            Ok(asked) => Ok(asked),
            Err(Error::Store(error)) => Err(error.into()),
            // Nobody who could be asked is left.
            Err(_) => Ok(Asked::nobody()),
        }
    }

    /// The same, or the reason for which nobody could be asked today.
    ///
    /// # Errors
    /// As [`House::matter`].
    pub(super) async fn matter_today(
        &self,
        connection: &mut Connection,
        application: &Application,
    ) -> Result<Asked, Error> {
        let matter = self.matter_of(connection, application).await?;
        let attested = self.still_attested(connection, application, &matter.holders);
        Ok(match attested.await? {
            true => matter.asked,
            false => Asked::nobody(),
        })
    }

    /// Whether who answers in a party's place still may: a power of attorney can be
    /// taken back or run out after the party was asked.
    ///
    /// # Errors
    /// [`Error::Powerless`] when it no longer holds, [`Error::NotFound`] when it is
    /// not there any more.
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
        let scope = match application.removal_with(id) {
            None => Scope::Register,
            Some(_) => Scope::Deregister,
        };
        let power = powers::find(connection, &delegate.power).await?;
        let power = power.filter(|power| {
            power.delegate == delegate.iin && consent.owner() == Some(&power.principal)
        });
        let power = power.ok_or(Error::NotFound)?;
        power
            .permits(scope, today(self.now()))
            .map_err(Error::Powerless)
    }

    /// Asks those who have a say now, where they are others than those who were asked.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub(super) async fn ask_anew(
        &self,
        connection: &mut Connection,
        application: &Application,
        asked: Asked,
    ) -> Result<Application, Error> {
        let act = if asked.owners.is_empty() {
            Act::Refuse(crate::domain::Grounds::OwnersChanged)
        } else {
            Act::AskAnew(self.question(connection, asked, Scope::Register).await?)
        };
        self.act(connection, application, &Actor::Clock, act).await
    }

    async fn known(
        &self,
        connection: &mut Connection,
        residents: &[Iin],
        dwelling: &Dwelling,
    ) -> Result<BTreeMap<Iin, Individual>, Error> {
        let owners = dwelling.owners.iter().filter_map(Holder::person);
        let all: Vec<Iin> = residents.iter().chain(owners).cloned().collect();
        Ok(people::find_all(connection, &all).await?)
    }

    /// The adults for whom the applicant does not speak. Whoever cannot act alone
    /// is spoken for by a legal representative, or at the service centre.
    fn joining(
        &self,
        applicant: &Applicant,
        residents: &[Resident],
        known: &BTreeMap<Iin, Individual>,
    ) -> Result<BTreeSet<Iin>, Error> {
        let day = today(self.now());
        let mut joining = BTreeSet::new();
        for resident in residents {
            let individual = known.get(&resident.iin).ok_or(Error::UnknownPerson)?;
            let operator = matches!(applicant.capacity, Capacity::Operator(_));
            match standing(individual, day) {
                Standing::NotRegistered => return Err(Error::NotRegistered),
                Standing::Represented if operator => {}
                Standing::Represented if individual.representatives.contains(&applicant.iin) => {}
                Standing::Represented => return Err(Error::NeedsRepresentative),
                Standing::Alone if resident.iin == applicant.iin || operator => {}
                Standing::Alone => {
                    joining.insert(resident.iin.clone());
                }
            }
        }
        Ok(joining)
    }

    /// Whether a person speaks for a resident today: for themselves when they act
    /// alone, and otherwise as a legal representative.
    ///
    /// # Errors
    /// [`Error::NeedsRepresentative`] when the resident cannot act alone,
    /// [`Error::NotFound`] when the other is no representative, or not any more.
    pub(super) async fn speaks(
        &self,
        connection: &mut Connection,
        person: &Iin,
        resident: &Iin,
    ) -> Result<(), Error> {
        let individual = people::find(connection, resident).await?;
        let individual = individual.ok_or(Error::UnknownPerson)?;
        let represented = standing(&individual, today(self.now())) != Standing::Alone;
        match (represented, person == resident) {
            (false, true) => Ok(()),
            (true, true) => Err(Error::NeedsRepresentative),
            (true, false) if individual.representatives.contains(person) => Ok(()),
            (true | false, false) => Err(Error::NotFound),
        }
    }

    /// Whether each of these owners can answer with a signature of their own.
    ///
    /// # Errors
    /// [`Error::OwnerNotCapable`] of the first who cannot.
    pub(super) async fn can_answer(
        &self,
        connection: &mut Connection,
        owners: &BTreeSet<Holder>,
    ) -> Result<(), Error> {
        let people: Vec<Iin> = owners.iter().filter_map(Holder::person).cloned().collect();
        let known = people::find_all(connection, &people).await?;
        let day = today(self.now());
        for person in &people {
            let individual = known.get(person).ok_or(Error::UnknownPerson)?;
            owner_answers(individual, day).map_err(Error::OwnerNotCapable)?;
        }
        Ok(())
    }

    /// Who cannot answer with a signature of their own is referred to the service
    /// centre.
    fn owners_can_answer(
        &self,
        applicant: &Applicant,
        dwelling: &Dwelling,
        known: &BTreeMap<Iin, Individual>,
    ) -> Result<(), Error> {
        if matches!(applicant.capacity, Capacity::Operator(_)) {
            return Ok(());
        }
        let day = today(self.now());
        for owner in dwelling.owners.iter().filter_map(Holder::person) {
            let individual = known.get(owner).ok_or(Error::UnknownPerson)?;
            owner_answers(individual, day).map_err(Error::OwnerNotCapable)?;
        }
        Ok(())
    }
}

/// No operator acts in a matter of their own: as one of those whom the register
/// names as residents' representatives, or who hold a right to the dwelling.
fn impartial(
    applicant: &Applicant,
    known: &BTreeMap<Iin, Individual>,
    holders: &BTreeSet<Party>,
) -> Result<(), Error> {
    let iin = &applicant.iin;
    let represents = known.values().any(|one| one.representatives.contains(iin));
    let own = represents
        || known.contains_key(iin)
        || holders.iter().any(|party| party.person() == Some(iin));
    match applicant.capacity {
        Capacity::Operator(_) if own => Err(Refused::ConflictOfInterest.into()),
        Capacity::Oneself | Capacity::Administration(_) | Capacity::Operator(_) => Ok(()),
    }
}

/// Only whoever owns a lodging applies as its administration.
fn may_speak(applicant: &Applicant, dwelling: &Dwelling) -> Result<(), Error> {
    match &applicant.capacity {
        Capacity::Oneself | Capacity::Operator(_) => Ok(()),
        Capacity::Administration(_) => {
            let own = dwelling.owners.contains(&applicant.holder());
            let lodging = dwelling.used_as == Use::Lodging;
            (own && lodging).then_some(()).ok_or(Error::NotALodging)
        }
    }
}

fn named(residents: &[Iin], known: &BTreeMap<Iin, Individual>) -> Result<Vec<Resident>, Error> {
    let named = residents.iter().map(|iin| {
        let individual = known.get(iin).ok_or(Error::UnknownPerson)?;
        Ok(Resident {
            iin: iin.clone(),
            name: individual.name.clone(),
        })
    });
    named.collect()
}

/// The tenant of state housing, who may speak only for people in the lease.
async fn tenant(
    connection: &mut Connection,
    dwelling: &Dwelling,
    residents: &[Resident],
) -> Result<Option<Iin>, Error> {
    let Some(lease) = leases::find(connection, &dwelling.rka).await? else {
        return Ok(None);
    };
    let landlord = BTreeSet::from([Holder::Organisation(lease.landlord.clone())]);
    if dwelling.owners != landlord {
        return Ok(None);
    }
    let named = residents.iter().all(|resident| lease.names(&resident.iin));
    named
        .then(|| Some(lease.tenant.clone()))
        .ok_or(Error::NotInLease)
}
