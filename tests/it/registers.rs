//! What the registers of a service under test say.

use kelisim::domain::register::{Individual, Lease, PowerNumber, PowerOfAttorney};
use kelisim::domain::{Address, Dwelling, Holder, Rka, Use};
use kelisim::eds::{Bin, Iin};
use kelisim::pki;
use kelisim::store::registers::{leases, people, powers};
use kelisim::store::{Connection, dwellings};

use crate::material;
use crate::service::Service;

/// The number of the power of attorney that `owner-1` gave to `delegate`.
pub(crate) const POWER: &str = "ҮЛГІ-2026-0001";

impl Service {
    /// Puts everybody and everything of the development PKI into the registers.
    pub(crate) async fn fill_registers(&self) {
        let mut connection = self.connection().await;
        for dwelling in pki::dwellings() {
            let dwelling = Dwelling {
                rka: Rka::parse(&dwelling.rka).unwrap(),
                address: Address {
                    kk: dwelling.address.kk,
                    ru: dwelling.address.ru,
                    en: dwelling.address.en,
                },
                used_as: dwelling.used_as,
                area: None,
                owners: dwelling.owners.iter().map(holder).collect(),
            };
            dwellings::put(&mut connection, &dwelling).await.unwrap();
        }
        fill(&mut connection, pki::registers()).await;
    }

    /// Puts a dwelling into the register, or gives it other owners.
    pub(crate) async fn add_dwelling(&self, rka: &str, owners: &[&str]) {
        let owners = owners.iter().map(|slug| Holder::from(iin_of(slug)));
        self.put_dwelling(rka, Use::Home, owners.collect()).await;
    }

    /// The same with owners who may be organisations.
    pub(crate) async fn put_dwelling(&self, rka: &str, used_as: Use, owners: Vec<Holder>) {
        let dwelling = Dwelling {
            rka: Rka::parse(rka).unwrap(),
            address: Address {
                kk: "Сынақ көшесі, 1-үй".to_owned(),
                ru: "улица Сынак, дом 1".to_owned(),
                en: "1 Synak street".to_owned(),
            },
            used_as,
            area: None,
            owners: owners.into_iter().collect(),
        };
        let mut connection = self.connection().await;
        dwellings::put(&mut connection, &dwelling).await.unwrap();
    }

    /// Changes the power of attorney that `owner-1` gave to `delegate`.
    pub(crate) async fn change_power(&self, change: impl Fn(&mut PowerOfAttorney)) {
        let mut connection = self.connection().await;
        let number = PowerNumber::parse(POWER).unwrap();
        let power = powers::find(&mut connection, &number).await.unwrap();
        let mut power = power.unwrap();
        change(&mut power);
        powers::put(&mut connection, &power).await.unwrap();
    }

    /// Puts a power of attorney into the register that allows as much as the one of
    /// `owner-1`.
    pub(crate) async fn add_power(&self, number: &str, principal: &str, delegate: &str) {
        let mut connection = self.connection().await;
        let known = PowerNumber::parse(POWER).unwrap();
        let known = powers::find(&mut connection, &known).await.unwrap();
        let power = PowerOfAttorney {
            number: PowerNumber::parse(number).unwrap(),
            principal: iin_of(principal).into(),
            delegate: iin_of(delegate),
            ..known.unwrap()
        };
        powers::put(&mut connection, &power).await.unwrap();
    }

    /// Changes what the register knows of somebody.
    pub(crate) async fn change_person(&self, iin: &str, change: impl Fn(&mut Individual)) {
        let mut connection = self.connection().await;
        let iin = Iin::parse(iin).unwrap();
        let mut known = people::find(&mut connection, &iin).await.unwrap().unwrap();
        change(&mut known);
        people::put(&mut connection, &known).await.unwrap();
    }
}

/// The number of somebody with a certificate.
pub(crate) fn iin_of(slug: &str) -> Iin {
    Iin::parse(&material::person(slug).character.identity.iin).unwrap()
}

async fn fill(connection: &mut Connection, registers: pki::Registers) {
    for known in registers.people {
        let representatives = known.representatives.iter();
        let individual = Individual {
            iin: Iin::parse(&known.iin).unwrap(),
            name: known.name,
            born: known.born,
            died: None,
            capacity: known.capacity.parse().unwrap(),
            representatives: representatives
                .map(|one| Iin::parse(one).unwrap())
                .collect(),
        };
        people::put(connection, &individual).await.unwrap();
    }
    for power in registers.powers {
        let scope = power.scope.iter().map(|scope| scope.parse().unwrap());
        let power = PowerOfAttorney {
            number: PowerNumber::parse(&power.number).unwrap(),
            principal: holder(&power.principal),
            delegate: Iin::parse(&power.delegate).unwrap(),
            notary: power.notary,
            scope: scope.collect(),
            valid: power.from..=power.until,
            revoked_on: None,
        };
        powers::put(connection, &power).await.unwrap();
    }
    for lease in registers.leases {
        let named = lease.named.iter().map(|one| Iin::parse(one).unwrap());
        let lease = Lease {
            rka: Rka::parse(&lease.rka).unwrap(),
            landlord: Bin::parse(&lease.landlord).unwrap(),
            tenant: Iin::parse(&lease.tenant).unwrap(),
            named: named.collect(),
        };
        leases::put(connection, &lease).await.unwrap();
    }
}

fn holder(owner: &pki::Owner) -> Holder {
    match owner {
        pki::Owner::Iin(iin) => Iin::parse(iin).unwrap().into(),
        pki::Owner::Bin(bin) => Bin::parse(bin).unwrap().into(),
    }
}
