//! What rests on a law says so: to programs in a member of its own, to people in the
//! details; and what does not rest on one claims none.

use kelisim::domain::law::Quotas;
use kelisim::domain::{Dwelling, Rka, SoleOwner};
use kelisim::store::dwellings;
use serde_json::{Value, json};

use crate::office::{
    Answer, ONE_OWNER, OWNED_BY_A_CHILD, Office, STATE_FLAT, proposal, proposal_for,
};
use crate::registers::iin_of;
use crate::service::Service;

/// Ten years old; `guardian` acts for her.
const INFANT: &str = "160620699803";
/// Fifteen years old; `guardian` acts for him.
const CHILD: &str = "110305599805";

#[track_caller]
fn rests_on(answer: &Answer, law: &str) {
    assert_eq!(answer.status, 422, "{:?}", answer.body);
    assert!(answer.text("law").contains(law), "{:?}", answer.body);
}

#[track_caller]
fn rests_on_none(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{:?}", answer.body);
    assert_eq!(answer.body["law"], Value::Null, "{:?}", answer.body);
}

#[tokio::test]
async fn who_is_registered_and_who_applies_for_whom_is_the_civil_codes() {
    let service = Service::start().await;
    let guardian = Office::enter(&service, "guardian").await;
    let infant = guardian.asks(proposal_for(ONE_OWNER, &[INFANT])).await;
    rests_on(&infant, "Civil Code, article 16");
    let stranger = Office::enter(&service, "resident-1").await;
    let child = stranger.asks(proposal_for(ONE_OWNER, &[CHILD])).await;
    rests_on(&child, "Civil Code, articles 22, 26 and 27");
}

#[tokio::test]
async fn who_consents_for_an_owner_is_the_joint_orders_and_the_civil_codes() {
    use kelisim::domain::register::Capacity;
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let minor = resident.asks(proposal(OWNED_BY_A_CHILD)).await;
    rests_on(&minor, "Joint order No 500/NQ");
    let owner = iin_of("owner-1");
    let lose = |person: &mut kelisim::domain::register::Individual| {
        person.capacity = Capacity::None;
    };
    service.change_person(owner.as_str(), lose).await;
    let incapable = resident.asks(proposal(ONE_OWNER)).await;
    rests_on(&incapable, "Civil Code, articles 26 and 27");
    let die = |person: &mut kelisim::domain::register::Individual| {
        person.capacity = Capacity::Full;
        person.died = "2026-10-31".parse().ok();
    };
    service.change_person(owner.as_str(), die).await;
    let dead = resident.asks(proposal(ONE_OWNER)).await;
    rests_on(&dead, "Civil Code, article 13");
}

#[tokio::test]
async fn what_a_delegate_may_is_the_civil_codes() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let delegate = Office::enter(&service, "delegate").await;
    let (path, body) = delegate.signed_consent(&service, applied.id()).await;
    service
        .change_power(|power| power.revoked_on = "2026-11-01".parse().ok())
        .await;
    let revoked = delegate.post(&path, body).await;
    rests_on(&revoked, "Civil Code, article 170");
}

#[tokio::test]
async fn dwellings_are_the_rules_of_registrations() {
    let service = Service::start().await;
    let stranger = Office::enter(&service, "resident-2").await;
    let unnamed = stranger.asks(proposal(STATE_FLAT)).await;
    rests_on(&unnamed, "the people named in the lease");
    let unknown = stranger.asks(proposal("0201999000009999")).await;
    rests_on(&unknown, "from the register by the address code");
    let head = Office::enter(&service, "organisation").await;
    let mut body = proposal_for(ONE_OWNER, &[iin_of("resident-1").as_str()]);
    body["standpoint"] = json!("administration");
    let no_lodging = head.asks(body).await;
    rests_on(&no_lodging, "premises for the stay of people");
}

#[tokio::test]
async fn a_citys_limit_is_the_migration_laws() {
    let limit = "[[quota]]\nlocality = \"0201\"\nsquare-metres-per-person = 15\n\
                 from = 2026-01-01\nexempt = []\n";
    let service = Service::decided(|settings| {
        settings.quotas = Quotas::parse(limit).unwrap();
    })
    .await;
    let mut connection = service.connection().await;
    let rka = Rka::parse(ONE_OWNER).unwrap();
    let known = dwellings::find(&mut connection, &rka).await.unwrap();
    let small = Dwelling {
        area: Some(14),
        ..known.unwrap()
    };
    dwellings::put(&mut connection, &small).await.unwrap();
    let resident = Office::enter(&service, "resident-1").await;
    let crowded = resident.asks(proposal(ONE_OWNER)).await;
    rests_on(&crowded, "Law on Population Migration, article 51");
    assert!(!crowded.text("detail").contains("article"), "said once");
}

#[tokio::test]
async fn the_months_of_a_temporary_registration_are_the_services_and_its_other_bounds_are_ours() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let with = |member: &str, value: Value| {
        let mut body = proposal(ONE_OWNER);
        body[member] = value;
        body
    };
    let long = resident.asks(with("months", json!(13))).await;
    rests_on(&long, "order No 267 of 30.03.2020, annex 5");
    let ahead = resident.asks(with("starts_on", json!("2027-01-01"))).await;
    rests_on_none(&ahead, 422);
    let before = resident.asks(with("arrived_on", json!("2026-11-02"))).await;
    rests_on_none(&before, 422);
}

#[tokio::test]
async fn what_is_the_operators_to_decide_or_keeps_order_names_no_law() {
    let service = Service::by_rules(|rules| rules.sole_owner = SoleOwner::MayNot).await;
    let owner = Office::enter(&service, "owner-1").await;
    let alone = owner.asks(proposal(ONE_OWNER)).await;
    rests_on_none(&alone, 422);
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    owner.consent(&service, applied.id()).await;
    let twice = resident.asks(proposal(ONE_OWNER)).await;
    rests_on_none(&twice, 409);
}
