//! Every way that a registration can go, from the application to its end: one
//! scenario each, over HTTP, with real keys.

mod ceasing;
mod changing;
mod coming_late;
mod consenting;
mod delegating;
mod ending;
mod expiring;
mod extending;
mod families;
mod inviting;
mod owners_changing;
mod registering;
mod reminding;
mod removing;
mod representing;

use serde_json::Value;

use crate::office::{Answer, ONE_OWNER, Office, TWO_OWNERS};
use crate::service::Service;

/// Fifteen years old; `guardian` acts for him.
const CHILD: &str = "110305599805";
/// Of age, without capacity; `guardian` acts for him.
const WARD: &str = "000414599805";
/// Ten years old; `guardian` acts for her.
const INFANT: &str = "160620699803";

/// Somebody who is registered, and the owners who consented.
struct Settled {
    resident: Office,
    owners: Vec<Office>,
    application: String,
    registration: String,
}

impl Settled {
    /// The two owners.
    #[track_caller]
    fn both(&self) -> [&Office; 2] {
        match self.owners.as_slice() {
            [first, second] => [first, second],
            others => panic!("{} owners", others.len()),
        }
    }
}

/// `resident-1` is registered with `owner-1` for three months.
async fn with_one_owner(service: &Service) -> Settled {
    settled(service, ONE_OWNER, &["owner-1"]).await
}

/// `resident-1` is registered with `owner-2` and `owner-3` for three months.
async fn with_two_owners(service: &Service) -> Settled {
    settled(service, TWO_OWNERS, &["owner-2", "owner-3"]).await
}

async fn settled(service: &Service, rka: &str, slugs: &[&str]) -> Settled {
    let resident = Office::enter(service, "resident-1").await;
    let applied = resident.apply(service, rka).await;
    let mut owners = Vec::new();
    for slug in slugs {
        owners.push(Office::enter(service, slug).await);
    }
    let mut done = applied;
    for owner in &owners {
        done = owner.consent(service, done.id()).await;
    }
    Settled {
        application: done.id().to_owned(),
        registration: done.registration().to_owned(),
        resident,
        owners,
    }
}

/// Everybody consents; the last answer is given.
async fn all_consent(service: &Service, application: &str, slugs: &[&str]) -> Answer {
    let mut last = None;
    for slug in slugs {
        let office = Office::enter(service, slug).await;
        last = Some(office.consent(service, application).await);
    }
    last.unwrap()
}

/// A member of each object in a list.
fn each<'a>(list: &'a Value, member: &str) -> Vec<&'a str> {
    let all = list.as_array().unwrap().iter();
    all.map(|one| one[member].as_str().unwrap_or_default())
        .collect()
}
