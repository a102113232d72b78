//! Somebody dies, loses capacity or leaves the lease while others are asked: the
//! application ends on grounds that say what happened.

use kelisim::domain::register::{Capacity, Individual};
use kelisim::domain::{Rka, Use};
use kelisim::store::registers::leases;

use super::{CHILD, INFANT};
use crate::office::{ONE_OWNER, Office, STATE_FLAT, proposal_for};
use crate::registers::iin_of;
use crate::service::Service;

fn dead(person: &mut Individual) {
    person.died = "2026-11-01".parse().ok();
}

fn without_capacity(person: &mut Individual) {
    person.capacity = Capacity::None;
}

/// What `owner` is told when this changes after the question, and why it ended.
async fn ends(
    (rka, owner): (&str, &str),
    change: impl AsyncFnOnce(&Service),
    (code, grounds): (Option<&str>, &str),
) {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, rka).await;
    let owner = Office::enter(&service, owner).await;
    let (path, body) = owner.signed_consent(&service, applied.id()).await;
    change(&service).await;
    let answer = owner.post(&path, body).await;
    answer.refused(422, "not-eligible", code);
    let seen = resident.sees(applied.id()).await;
    assert_eq!((seen.state(), seen.text("grounds")), ("refused", grounds));
    assert_eq!(service.count("SELECT count(*) FROM registrations").await, 0);
}

async fn changes(service: &Service, slug: &str, change: impl Fn(&mut Individual)) {
    service.change_person(iin_of(slug).as_str(), change).await;
}

#[tokio::test]
async fn whoever_died_is_what_it_ended_for() {
    let capable = Some("CONSENT/OWNER_NOT_CAPABLE");
    ends(
        (ONE_OWNER, "owner-1"),
        async |service| changes(service, "owner-1", dead).await,
        (capable, "owner_dead"),
    )
    .await;
    ends(
        (ONE_OWNER, "owner-1"),
        async |service| changes(service, "resident-1", dead).await,
        (None, "resident_dead"),
    )
    .await;
    ends(
        (STATE_FLAT, "tenant"),
        async |service| changes(service, "tenant", dead).await,
        (capable, "owner_dead"),
    )
    .await;
}

#[tokio::test]
async fn whoever_lost_capacity_is_what_it_ended_for() {
    ends(
        (ONE_OWNER, "owner-1"),
        async |service| changes(service, "resident-1", without_capacity).await,
        (None, "resident_not_capable"),
    )
    .await;
}

#[tokio::test]
async fn a_lease_that_names_somebody_no_more_is_what_it_ended_for() {
    let left = async |service: &Service| {
        let mut connection = service.connection().await;
        let rka = Rka::parse(STATE_FLAT).unwrap();
        let lease = leases::find(&mut connection, &rka).await.unwrap();
        let mut lease = lease.unwrap();
        lease.named.remove(&iin_of("resident-1"));
        leases::put(&mut connection, &lease).await.unwrap();
    };
    ends((STATE_FLAT, "tenant"), left, (None, "not_in_lease")).await;
}

#[tokio::test]
async fn the_last_consent_whose_evidence_came_late_finds_the_same_grounds() {
    use kelisim::pki::{Behaviour, Service as Served};
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let owner = Office::enter(&service, "owner-1").await;
    let (path, body) = owner.signed_consent(&service, applied.id()).await;
    service.pass(chrono::TimeDelta::minutes(6));
    let authority = &service.authority;
    authority.behave(Served::Ocsp, Behaviour::Silent).unwrap();
    assert_eq!(owner.post(&path, body).await.status, 202);
    changes(&service, "resident-1", dead).await;
    authority.behave(Served::Ocsp, Behaviour::Honest).unwrap();
    service.settle_within(chrono::TimeDelta::minutes(2)).await;
    let seen = resident.sees(applied.id()).await;
    let ended = (seen.state(), seen.text("grounds"));
    assert_eq!(ended, ("refused", "resident_dead"));
}

#[tokio::test]
async fn the_dead_are_not_told_of_the_age_of_fourteen() {
    let service = Service::start().await;
    let guardian = Office::enter(&service, "guardian").await;
    for child in [CHILD, INFANT] {
        service.change_person(child, dead).await;
        let answer = guardian.asks(proposal_for(ONE_OWNER, &[child])).await;
        answer.refused(422, "not-eligible", None);
        let told = answer.text("detail");
        assert!(told.contains("not alive") && !told.contains("14"), "{told}");
    }
}

#[tokio::test]
async fn an_administration_whose_building_is_no_lodging_any_more_registers_nobody() {
    let service = Service::start().await;
    let head = Office::enter(&service, "organisation").await;
    let mut body = proposal_for(crate::office::DORMITORY, &[iin_of("resident-1").as_str()]);
    body["standpoint"] = serde_json::json!("administration");
    let applied = head.applies(&service, body).await;
    let resident = Office::enter(&service, "resident-1").await;
    let (path, body) = resident.signed_consent(&service, applied.id()).await;
    let owner = kelisim::eds::Bin::parse("190540099905").unwrap();
    service
        .put_dwelling(crate::office::DORMITORY, Use::Home, vec![owner.into()])
        .await;
    resident
        .post(&path, body)
        .await
        .refused(422, "not-eligible", None);
    let seen = head.sees(applied.id()).await;
    assert_eq!(seen.text("grounds"), "not_a_lodging");
}
