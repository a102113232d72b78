//! A demand that nobody could make or confirm today any more decides nothing.

use chrono::TimeDelta;
use kelisim::domain::CoOwners;
use kelisim::domain::register::{Capacity, PowerOfAttorney, Scope};
use serde_json::json;

use super::super::{Settled, with_two_owners};
use crate::evidence::proven;
use crate::office::{OWNED_TOGETHER, Office, TWO_OWNERS, proposal};
use crate::registers::iin_of;
use crate::service::Service;

const REVOKED: fn(&mut PowerOfAttorney) = |power| {
    power.revoked_on = "2026-11-01".parse().ok();
};

/// The dwelling was sold to `owner-1`, who gave a power of attorney, and `owner-2`.
async fn sold(service: &Service) -> Settled {
    let settled = with_two_owners(service).await;
    service
        .add_dwelling(TWO_OWNERS, &["owner-1", "owner-2"])
        .await;
    settled
}

async fn stands(settled: &Settled) {
    let seen = settled
        .resident
        .sees_registration(&settled.registration)
        .await;
    assert_eq!(seen.text("standing"), "active");
    assert!(seen.body["removal"].is_null(), "{:?}", seen.body);
}

#[tokio::test]
async fn what_a_delegate_demanded_is_void_once_the_power_of_attorney_is_revoked() {
    let service = Service::start().await;
    let settled = sold(&service).await;
    let delegate = Office::enter(&service, "delegate").await;
    delegate.removes(&service, &settled.registration).await;
    service.change_power(REVOKED).await;
    let confirmed = settled.owners[0].confirms(&service, &settled.registration);
    let code = Some("CONSENT/OWNERS_CHANGED");
    confirmed.await.refused(409, "state-conflict", code);
    stands(&settled).await;
}

#[tokio::test]
async fn what_a_delegate_confirmed_is_void_once_the_power_of_attorney_is_revoked() {
    let service = Service::start().await;
    let settled = with_two_owners(&service).await;
    let owners = ["owner-1", "owner-2", "owner-3"];
    service.add_dwelling(TWO_OWNERS, &owners).await;
    let [second, third] = settled.both();
    second.removes(&service, &settled.registration).await;
    let delegate = Office::enter(&service, "delegate").await;
    let confirmed = delegate.confirms(&service, &settled.registration).await;
    assert_eq!(confirmed.state(), "registered", "{:?}", confirmed.body);
    service.change_power(REVOKED).await;
    let last = third.confirms(&service, &settled.registration).await;
    last.refused(409, "state-conflict", Some("CONSENT/OWNERS_CHANGED"));
    stands(&settled).await;
}

#[tokio::test]
async fn row_124_nobody_confirms_for_a_co_owner_who_died_or_lost_capacity_meanwhile() {
    for (died, capacity) in [(true, Capacity::Full), (false, Capacity::None)] {
        let service = Service::start().await;
        let settled = sold(&service).await;
        let second = &settled.owners[0];
        second.removes(&service, &settled.registration).await;
        let delegate = Office::enter(&service, "delegate").await;
        service
            .change_person(iin_of("owner-1").as_str(), |person| {
                person.died = died.then(|| "2026-11-01".parse().unwrap());
                person.capacity = capacity;
            })
            .await;
        let confirmed = delegate.confirms(&service, &settled.registration).await;
        confirmed.refused(409, "state-conflict", Some("CONSENT/OWNERS_CHANGED"));
        stands(&settled).await;
    }
}

/// The owner may demand in another language than first, and it is that demand.
#[tokio::test]
async fn the_evidence_of_an_end_holds_the_demand_that_was_confirmed() {
    let service = Service::start().await;
    let settled = with_two_owners(&service).await;
    let [first, second] = settled.both();
    let path = format!("/api/v1/registrations/{}/removal", settled.registration);
    let mut demands = Vec::new();
    for language in ["kk", "ru"] {
        let document = first
            .get(&format!("{path}/document?language={language}"))
            .await;
        demands.push(json!({"signature": first.sign(&service, &document.bytes)}));
    }
    for (signed, confirmed) in [(&demands[1], false), (&demands[0], true)] {
        service.pass(TimeDelta::minutes(1));
        let sent = format!("{path}/signature");
        let demanded = first.post(&sent, signed.clone()).await;
        assert_eq!(demanded.status, 200, "{:?}", demanded.body);
        if confirmed {
            second.confirms(&service, &settled.registration).await;
        } else {
            let path = second.confirmation_path(&settled.registration).await;
            let body = json!({"reason": "not_agreed"});
            second.post(&format!("{path}/decline"), body).await;
        }
    }
    // The application, two consents, the demand and its confirmation.
    let report = proven(&service, first, &settled.registration).await;
    assert_eq!(report.parts.len(), 5);
}

#[tokio::test]
async fn where_co_owners_are_not_asked_a_resident_who_owns_a_share_is() {
    let service = Service::by_rules(|rules| rules.co_owners = CoOwners::NotAsked).await;
    let resident = Office::enter(&service, "resident-2").await;
    let owner = Office::enter(&service, "owner-1").await;
    let applied = resident.applies(&service, proposal(OWNED_TOGETHER)).await;
    let done = owner.consent(&service, applied.id()).await;
    let registration = done.registration().to_owned();
    let demanded = owner.removes(&service, &registration).await;
    assert_eq!(
        (demanded.status, demanded.state()),
        (200, "registered"),
        "{:?}",
        demanded.body
    );
    let confirmed = resident.confirms(&service, &registration).await;
    assert_eq!(confirmed.state(), "ended", "{:?}", confirmed.body);
}

#[tokio::test]
async fn a_delegate_who_may_only_consent_confirms_nothing() {
    let service = Service::start().await;
    let settled = sold(&service).await;
    service
        .change_power(|power| power.scope.retain(|one| *one == Scope::Register))
        .await;
    settled.owners[0]
        .removes(&service, &settled.registration)
        .await;
    let delegate = Office::enter(&service, "delegate").await;
    let seen = delegate.sees_registration(&settled.registration).await;
    seen.refused(404, "not-found", None);
}
