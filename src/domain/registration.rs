//! A registration: what stands when everybody has agreed, until it ends.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::consent::pending_since;
use super::{
    Address, Application, ApplicationId, Consent, ConsentId, DocumentId, Holder, Refused,
    RegistrationId, Rka, Rules, State, Term, today,
};
use crate::eds::Iin;

/// A registration at a place of stay or residence. It is no basis for ownership
/// and gives no claim to the dwelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Its identifier.
    pub id: RegistrationId,
    /// The application that led to it.
    pub application: ApplicationId,
    /// The person who is registered.
    pub resident: Iin,
    /// The code of the address.
    pub rka: Rka,
    /// The address at the time of registration.
    pub address: Address,
    /// The days on which it holds.
    pub term: Term,
    /// When it was written.
    pub registered_at: DateTime<Utc>,
    /// Whether it still stands.
    pub standing: Standing,
    /// An owner's demand to end it, while the other owners are asked.
    pub removal: Option<Removal>,
}

/// Whether a registration still stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Active,
    /// It came to an end.
    Ended(Ending, DateTime<Utc>),
}

/// How a registration comes to an end.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, EnumString, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Ending {
    /// Its last day is over.
    Expired,
    /// The resident ended it.
    Left,
    /// An owner ended it, with the other owners' consent where that is the rule.
    Removed,
    /// A newer registration took its place.
    Replaced,
    /// The state register did not take it.
    Annulled,
    /// The registration that it continued ended before its last day.
    Discontinued,
}

/// What a registration is worth on a day of the calendar of Kazakhstan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// Its first day is still to come.
    Ahead,
    /// It stands.
    Stands,
    /// It is over: how, and since which day. Of one that expired it is the last day
    /// on which it stood.
    Over(Ending, NaiveDate),
}

/// Who lets a resident leave, by the register of people on that day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaver {
    /// The resident, who acts alone (Civil Code, article 17).
    Resident(Iin),
    /// A legal representative of one who cannot, by number and name (Civil Code, articles
    /// 22, 26 and 27).
    Representative(Iin, String),
}

impl Leaver {
    /// The person who speaks.
    pub fn iin(&self) -> &Iin {
        match self {
            Self::Resident(iin) | Self::Representative(iin, _) => iin,
        }
    }
}

/// An owner's demand to end a registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The document by whose signature the owner demands it.
    pub document: DocumentId,
    /// The owner.
    pub by: Holder,
    /// The other owners, who are to confirm it.
    pub consents: Vec<Consent>,
    /// Until when they may.
    pub deadline: DateTime<Utc>,
}

impl Removal {
    /// Whether exactly these own the dwelling: whoever demands it, and those who
    /// are asked.
    pub fn is_by(&self, owners: &BTreeSet<Holder>) -> bool {
        let asked = self.consents.iter().filter_map(Consent::owner);
        let all: BTreeSet<_> = asked.chain([&self.by]).collect();
        all == owners.iter().collect()
    }

    /// Until when a confirmation is waited for that came in time and whose evidence
    /// is still to come.
    pub fn waits_until(&self, rules: &Rules) -> Option<DateTime<Utc>> {
        let since = pending_since(&self.consents);
        since.map(|since| rules.waits_until(since))
    }
}

impl Registration {
    /// Whether it stands.
    pub fn is_active(&self) -> bool {
        self.standing == Standing::Active
    }

    /// Whether it stands at `now`, whether or not the service has noticed that its
    /// last day is over.
    pub fn standing_at(&self, now: DateTime<Utc>) -> Standing {
        match (self.standing, self.term.over_at()) {
            (Standing::Active, Some(over)) if over <= now => Standing::Ended(Ending::Expired, over),
            (Standing::Active | Standing::Ended(..), _) => self.standing,
        }
    }

    /// Whether it ended before its last day was over.
    pub fn ended_early(&self) -> bool {
        match self.standing {
            Standing::Active | Standing::Ended(Ending::Expired, _) => false,
            Standing::Ended(
                Ending::Left
                | Ending::Removed
                | Ending::Replaced
                | Ending::Annulled
                | Ending::Discontinued,
                _,
            ) => true,
        }
    }

    /// What it is worth at `now`, whether or not the service has noticed that its
    /// last day is over.
    pub fn validity(&self, now: DateTime<Utc>) -> Validity {
        match (self.standing, self.term.until()) {
            (Standing::Ended(Ending::Expired, _), Some(last)) => {
                Validity::Over(Ending::Expired, last)
            }
            (Standing::Ended(how, at), _) => Validity::Over(how, today(at)),
            (Standing::Active, Some(last)) if self.term.is_over(now) => {
                Validity::Over(Ending::Expired, last)
            }
            (Standing::Active, _) if today(now) < self.term.from() => Validity::Ahead,
            (Standing::Active, _) => Validity::Stands,
        }
    }

    /// Whether no owner's demand to end it waits for the other owners.
    ///
    /// # Errors
    /// [`Refused::Answered`] when one does.
    pub(super) fn not_questioned(&self) -> Result<(), Refused> {
        match self.removal {
            None => Ok(()),
            Some(_) => Err(Refused::Answered),
        }
    }
}

impl Application {
    /// The registration, as long as it stands: to its last day, whether or not
    /// the service has noticed that this is over.
    ///
    /// # Errors
    /// [`Refused::NotYours`] when there is none, [`Refused::OutOfTurn`] when it
    /// has ended, [`Refused::TooLate`] when its last day is over.
    pub(super) fn stands(
        &self,
        id: RegistrationId,
        now: DateTime<Utc>,
    ) -> Result<&Registration, Refused> {
        let registration = self.registration(id).ok_or(Refused::NotYours)?;
        if !registration.is_active() {
            return Err(Refused::OutOfTurn(self.state));
        }
        let over = registration.term.is_over(now);
        (!over).then_some(registration).ok_or(Refused::TooLate)
    }

    /// The demand to end a registration to which this consent belongs.
    pub fn removal_with(&self, id: ConsentId) -> Option<(&Registration, &Removal)> {
        self.registrations.iter().find_map(|registration| {
            let removal = registration.removal.as_ref()?;
            let mut consents = removal.consents.iter();
            let found = consents.any(|consent| consent.id == id);
            found.then_some((registration, removal))
        })
    }

    /// The application after one of its registrations has ended.
    pub(super) fn ended(&self, id: RegistrationId, how: Ending, at: DateTime<Utc>) -> Self {
        self.with_registration(id, |registration| {
            registration.standing = Standing::Ended(how, at);
            registration.removal = None;
        })
    }

    pub(super) fn with_registration(
        &self,
        id: RegistrationId,
        change: impl Fn(&mut Registration),
    ) -> Self {
        let mut next = self.clone();
        let own = next.registrations.iter_mut();
        own.filter(|one| one.id == id).for_each(change);
        next
    }

    /// Where an application stands that led to registrations: at its end when the
    /// last one has ended.
    pub(super) fn registered_or_ended(&self) -> State {
        match self.registrations.iter().any(Registration::is_active) {
            true => State::Registered,
            false => State::Ended,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::{Id, Period, midnight};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// From the first of November to the first of February.
    fn registration(standing: Standing) -> Registration {
        let address = "Абай".to_owned();
        Registration {
            id: Id::new(uuid::Uuid::nil()),
            application: Id::new(uuid::Uuid::nil()),
            resident: Iin::parse("900101300007").unwrap(),
            rka: Rka::parse("0201900167046043").unwrap(),
            address: Address {
                kk: address.clone(),
                ru: address.clone(),
                en: address,
            },
            term: Term::Temporary(Period::new(day("2026-11-01"), 3).unwrap()),
            registered_at: midnight(day("2026-10-20")),
            standing,
            removal: None,
        }
    }

    #[track_caller]
    fn check(standing: Standing, at: DateTime<Utc>, expected: Validity) {
        assert_eq!(registration(standing).validity(at), expected);
    }

    #[test]
    fn a_registration_stands_from_its_first_day_to_its_last_by_the_calendar_of_kazakhstan() {
        let (first, after) = (midnight(day("2026-11-01")), midnight(day("2027-02-02")));
        let moment = TimeDelta::milliseconds(1);
        let over = Validity::Over(Ending::Expired, day("2027-02-01"));
        check(Standing::Active, first - moment, Validity::Ahead);
        check(Standing::Active, first, Validity::Stands);
        check(Standing::Active, after - moment, Validity::Stands);
        // Before the service has noticed, and afterwards.
        check(Standing::Active, after, over);
        let noticed = Standing::Ended(Ending::Expired, after + TimeDelta::hours(7));
        check(noticed, after + TimeDelta::days(1), over);
    }

    #[test]
    fn what_was_ended_is_over_from_that_day_even_before_its_first() {
        let at = midnight(day("2026-10-25"));
        let left = Standing::Ended(Ending::Left, at);
        let over = Validity::Over(Ending::Left, day("2026-10-25"));
        check(left, at, over);
        check(left, at + TimeDelta::days(500), over);
    }

    #[test]
    fn without_a_last_day_it_stands_until_it_is_ended() {
        let permanent = Registration {
            term: Term::Permanent(day("2026-11-01")),
            ..registration(Standing::Active)
        };
        let at = midnight(day("2076-11-01"));
        assert_eq!(permanent.validity(at), Validity::Stands);
    }
}
