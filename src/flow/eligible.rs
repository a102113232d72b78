//! Who may take part, by the register of people and by the settings.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::error::refusal;
use super::{Error, House, Session};
use crate::domain::law::{ADULT_FROM, Askers, NotOnline, Standing, owner_answers, standing};
use crate::domain::register::Individual;
use crate::domain::{
    Actor, Applicant, Capacity, Dwelling, Guardians, Holder, Party, Refused, Resident, Use, Wards,
    holders, today,
};
use crate::eds::Iin;
use crate::store::Connection;
use crate::store::registers::people;

/// Those about whom an application is and who hold a right to the dwelling, as the
/// register of people knows them on a day.
pub(super) struct Known {
    people: BTreeMap<Iin, Individual>,
    day: NaiveDate,
}

impl House {
    /// What the register of people says today about residents and holders of rights.
    pub(super) async fn known(
        &self,
        connection: &mut Connection,
        residents: &[Iin],
        holders: &BTreeSet<Party>,
    ) -> Result<Known, Error> {
        let holders = holders.iter().filter_map(Party::person);
        let all: Vec<Iin> = residents.iter().chain(holders).cloned().collect();
        Ok(Known {
            people: people::find_all(connection, &all).await?,
            day: today(self.now()),
        })
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
        let owners = holders(owners, None);
        let known = self.known(connection, &[], &owners).await?;
        let mut people = owners.iter().filter_map(Party::person);
        people.try_for_each(|iin| known.answers(iin))
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
        let residents = std::slice::from_ref(resident);
        let known = self.known(connection, residents, &BTreeSet::new()).await?;
        let alone = standing(known.person(resident)?, known.day) == Standing::Alone;
        match (alone, person == resident) {
            (true, true) => Ok(()),
            (false, true) => Err(Error::NeedsRepresentative),
            (_, false) if known.is_represented(resident, person) => Ok(()),
            (true | false, false) => Err(Error::NotFound),
        }
    }

    /// Whether whoever has signed in speaks for a resident today.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn speaks_for(&self, session: &Session, resident: &Iin) -> Result<bool, Error> {
        let Actor::Person(person) = session.actor() else {
            return Ok(false);
        };
        let mut connection = self.pool.take().await?;
        let speaks = self.speaks(&mut connection, &person, resident);
        Ok(refusal(speaks.await)?.is_none())
    }

    /// A person, and those for whom they are the legal representative today.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub(super) async fn spoken_for(
        &self,
        connection: &mut Connection,
        person: &Iin,
    ) -> Result<Vec<Iin>, Error> {
        let mut all = people::represented_by(connection, person).await?;
        let known = self.known(connection, &all, &BTreeSet::new()).await?;
        all.retain(|ward| known.is_represented(ward, person));
        all.push(person.clone());
        Ok(all)
    }

    /// What the register says of somebody else, and whether it knows them, is not for
    /// everybody to find out by applying for them.
    ///
    /// # Errors
    /// [`Error::UnknownPerson`] when an adult for whom the applicant does not speak
    /// cannot be registered, whatever the reason.
    pub(super) async fn tells_nothing(
        &self,
        connection: &mut Connection,
        applicant: &Applicant,
        residents: &[Iin],
    ) -> Result<(), Error> {
        if applicant.is_operator() || residents == std::slice::from_ref(&applicant.iin) {
            return Ok(());
        }
        let known = self.known(connection, residents, &BTreeSet::new()).await?;
        let can_join = known.can_join(applicant, residents);
        can_join.then_some(()).ok_or(Error::UnknownPerson)
    }

    /// Only whoever owns a lodging applies as its administration, and only who works
    /// for an organisation that keeps a service centre today as its operator.
    pub(super) fn may_speak(
        &self,
        applicant: &Applicant,
        dwelling: &Dwelling,
    ) -> Result<(), Error> {
        match &applicant.capacity {
            Capacity::Oneself => Ok(()),
            Capacity::Operator(bin) => {
                let centre = self.settings.centres.contains(bin);
                centre.then_some(()).ok_or(Error::NotAllowed)
            }
            Capacity::Administration(_) => {
                let own = dwelling.owners.contains(&applicant.holder());
                let lodging = dwelling.used_as == Use::Lodging;
                (own && lodging).then_some(()).ok_or(Error::NotALodging)
            }
        }
    }
}

impl Known {
    /// Whether somebody who lives cannot act alone, and this person is one of their
    /// legal representatives.
    pub(super) fn is_represented(&self, resident: &Iin, person: &Iin) -> bool {
        self.representatives(resident).contains(person)
    }

    /// The legal representatives of somebody who lives and cannot act alone.
    pub(super) fn representatives(&self, resident: &Iin) -> BTreeSet<Iin> {
        let needs = |individual: &&Individual| match standing(individual, self.day) {
            Standing::Represented | Standing::TooYoung => true,
            Standing::Alone | Standing::Dead => false,
        };
        let ward = self.people.get(resident).filter(needs);
        ward.map(|one| one.representatives.iter().cloned().collect())
            .unwrap_or_default()
    }

    fn person(&self, iin: &Iin) -> Result<&Individual, Error> {
        self.people.get(iin).ok_or(Error::UnknownPerson)
    }

    /// The residents by the names of the register.
    pub(super) fn named(&self, residents: &[Iin]) -> Result<Vec<Resident>, Error> {
        let named = residents.iter().map(|iin| {
            let name = self.person(iin)?.name.clone();
            Ok(Resident {
                iin: iin.clone(),
                name,
            })
        });
        named.collect()
    }

    /// Whether each adult for whom the applicant does not speak can be registered.
    fn can_join(&self, applicant: &Applicant, residents: &[Iin]) -> bool {
        let mut others = residents.iter().filter(|iin| **iin != applicant.iin);
        others.all(|iin| {
            self.people.get(iin).is_some_and(|one| {
                let own = one.representatives.contains(&applicant.iin);
                own || match standing(one, self.day) {
                    Standing::Alone => true,
                    // That somebody is not grown up yet is no secret.
                    Standing::Represented | Standing::TooYoung => one.age(self.day) < ADULT_FROM,
                    Standing::Dead => false,
                }
            })
        })
    }

    /// The adults for whom the applicant does not speak. Whoever cannot act alone is
    /// spoken for by a legal representative: as the applicant, or as whoever is present
    /// at the service centre.
    pub(super) fn joining(
        &self,
        applicant: &Applicant,
        residents: &[Resident],
    ) -> Result<BTreeSet<Iin>, Error> {
        let operator = applicant.is_operator();
        let mut joining = BTreeSet::new();
        for resident in residents {
            let individual = self.person(&resident.iin)?;
            match standing(individual, self.day) {
                Standing::Dead => return Err(Error::ResidentDead),
                Standing::TooYoung => return Err(Error::NotRegistered),
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

    /// Who cannot consent with a signature of their own is referred to the service
    /// centre, where a legal representative is present. For the dead nobody consents.
    pub(super) fn can_consent(
        &self,
        applicant: &Applicant,
        holders: &BTreeSet<Party>,
    ) -> Result<(), Error> {
        let operator = applicant.is_operator();
        let mut people = holders.iter().filter_map(Party::person);
        people.try_for_each(|iin| match self.answers(iin) {
            Err(Error::OwnerNotCapable(NotOnline::Minor | NotOnline::WithoutFullCapacity))
                if operator =>
            {
                Ok(())
            }
            other => other,
        })
    }

    /// Whether somebody can consent with a signature of their own.
    pub(super) fn answers(&self, iin: &Iin) -> Result<(), Error> {
        owner_answers(self.person(iin)?, self.day).map_err(Error::OwnerNotCapable)
    }

    /// Those of residents and holders who cannot act alone, each with those of their
    /// representatives who are adults of full capacity and live. It is looked after at
    /// a service centre; elsewhere the representative is the applicant.
    pub(super) async fn wards(
        &self,
        connection: &mut Connection,
        applicant: &Applicant,
        (residents, holders): (&[Resident], &BTreeSet<Party>),
    ) -> Result<Wards, Error> {
        if !applicant.is_operator() {
            return Ok(Wards::default());
        }
        let residents = residents.iter().map(|resident| &resident.iin);
        let residents = self.of_these(residents, |one| {
            standing(one, self.day) == Standing::Represented
        });
        let holders = holders.iter().filter_map(Party::person);
        let holders = self.of_these(holders, |one| owner_answers(one, self.day).is_err());
        let all = residents.iter().chain(&holders);
        let all: Vec<Iin> = all.flat_map(|one| one.representatives.clone()).collect();
        let known = people::find_all(connection, &all).await?;
        let with_guardians = |wards: Vec<&Individual>| {
            let wards = wards.into_iter();
            wards
                .map(|one| (one.iin.clone(), guardians(one, &known, self.day)))
                .collect()
        };
        Ok(Wards {
            residents: with_guardians(residents),
            holders: with_guardians(holders),
        })
    }

    /// Who asks.
    pub(super) fn askers(&self, applicant: &Applicant, residents: &[Resident]) -> Askers {
        let residents = residents.iter().map(|resident| &resident.iin);
        let residents: Vec<_> = residents.collect();
        let own = residents.iter().copied().chain([&applicant.iin]);
        let representatives = residents.iter().filter_map(|iin| {
            let individual = self.people.get(*iin)?;
            Some(((*iin).clone(), individual.representatives.clone()))
        });
        Askers {
            own: own.cloned().collect(),
            representatives: representatives.collect(),
        }
    }

    /// Whoever has an interest of their own: these people, and those who represent them.
    pub(super) fn interested(&self, holders: &BTreeSet<Party>) -> BTreeSet<Iin> {
        let represent = self.people.values().flat_map(|one| &one.representatives);
        let holders = holders.iter().filter_map(Party::person);
        let all = self.people.keys().chain(represent).chain(holders);
        all.cloned().collect()
    }

    fn of_these<'a>(
        &'a self,
        all: impl Iterator<Item = &'a Iin>,
        wanted: impl Fn(&Individual) -> bool,
    ) -> Vec<&'a Individual> {
        let known = all.filter_map(|iin| self.people.get(iin));
        known.filter(|one| wanted(one)).collect()
    }
}

/// No operator acts in a matter of their own: as one of those whom the register names
/// as somebody's representatives, who are to be registered, or who hold a right to the
/// dwelling.
pub(super) fn impartial(applicant: &Applicant, interested: &BTreeSet<Iin>) -> Result<(), Error> {
    match applicant.capacity {
        Capacity::Operator(_) if interested.contains(&applicant.iin) => {
            Err(Refused::ConflictOfInterest.into())
        }
        Capacity::Oneself | Capacity::Administration(_) | Capacity::Operator(_) => Ok(()),
    }
}

fn guardians(ward: &Individual, known: &BTreeMap<Iin, Individual>, day: NaiveDate) -> Guardians {
    let known = ward.representatives.iter().filter_map(|iin| known.get(iin));
    let able = known.filter(|one| owner_answers(one, day).is_ok());
    able.map(|one| (one.iin.clone(), one.name.clone()))
        .collect()
}
