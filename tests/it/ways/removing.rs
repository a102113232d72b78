//! An owner ends a registration.

mod voided;
mod withdrawing;

use chrono::TimeDelta;
use kelisim::domain::CoOwners;
use kelisim::domain::register::Capacity;
use kelisim::pki::{Behaviour, Service as Served};
use serde_json::json;

use super::{with_one_owner, with_two_owners};
use crate::office::{ONE_OWNER, Office, TWO_OWNERS};
use crate::service::Service;

#[tokio::test]
async fn a_sole_owner_ends_a_registration_alone_and_the_evidence_stays() {
    let service = Service::start().await;
    let settled = with_one_owner(&service).await;
    let removed = settled.owners[0]
        .removes(&service, &settled.registration)
        .await;
    assert_eq!((removed.status, removed.state()), (200, "ended"));
    let seen = settled
        .resident
        .sees_registration(&settled.registration)
        .await;
    assert_eq!(seen.text("standing"), "removed");
    let signatures = "SELECT count(*) FROM signatures";
    assert_eq!(service.count(signatures).await, 3);
}

#[tokio::test]
async fn a_co_owner_ends_a_registration_when_the_other_has_confirmed_it() {
    let service = Service::start().await;
    let settled = with_two_owners(&service).await;
    let [first, second] = settled.both();
    let demanded = first.removes(&service, &settled.registration).await;
    assert_eq!((demanded.status, demanded.state()), (200, "registered"));
    let removal = &demanded.body["registrations"][0]["removal"];
    assert_eq!(
        (&removal["asked"], &removal["given"]),
        (&json!(1), &json!(0))
    );
    let confirmed = second.confirms(&service, &settled.registration).await;
    assert_eq!((confirmed.status, confirmed.state()), (200, "ended"));
    let seen = settled
        .resident
        .sees_registration(&settled.registration)
        .await;
    assert_eq!(seen.text("standing"), "removed");
}

#[tokio::test]
async fn a_co_owner_is_asked_about_the_very_demand_that_the_first_one_signed() {
    let service = Service::start().await;
    let settled = with_two_owners(&service).await;
    let [first, second] = settled.both();
    let path = format!("/api/v1/registrations/{}/removal", settled.registration);
    let demand = first.get(&format!("{path}/document")).await;
    let signature = first.sign(&service, &demand.bytes);
    let body = json!({"signature": signature});
    first.post(&format!("{path}/signature"), body).await;
    let path = second.confirmation_path(&settled.registration).await;
    let asked = second.get(&format!("{path}/document")).await;
    assert_eq!(asked.text("purpose"), "kelisim/confirmation/v1");
    let digest = kelisim::eds::Digest::of(&demand.bytes).to_string();
    assert_eq!(asked.text("demand_sha256"), digest);
}

#[tokio::test]
async fn where_co_owners_are_not_asked_one_owner_ends_a_registration() {
    let service = Service::by_rules(|rules| rules.co_owners = CoOwners::NotAsked).await;
    let settled = with_two_owners(&service).await;
    let removed = settled.owners[1]
        .removes(&service, &settled.registration)
        .await;
    assert_eq!((removed.status, removed.state()), (200, "ended"));
}

#[tokio::test]
async fn a_co_owner_who_declines_keeps_the_registration_standing() {
    let service = Service::start().await;
    let settled = with_two_owners(&service).await;
    let [first, second] = settled.both();
    first.removes(&service, &settled.registration).await;
    let path = second.confirmation_path(&settled.registration).await;
    let body = json!({"reason": "not_agreed"});
    let declined = second.post(&format!("{path}/decline"), body).await;
    assert_eq!((declined.status, declined.state()), (200, "registered"));
    assert_eq!(declined.history().last(), Some(&"removal_dropped"));
    let seen = first.sees_registration(&settled.registration).await;
    assert_eq!(seen.text("standing"), "active");
    assert!(seen.body.get("removal").is_none());
    // And may be asked once more.
    let again = first.removes(&service, &settled.registration).await;
    assert_eq!(again.status, 200, "{:?}", again.body);
}

#[tokio::test]
async fn row_114_a_demand_that_came_to_nothing_is_signed_anew_and_not_sent_again() {
    let service = Service::start().await;
    let settled = with_two_owners(&service).await;
    let [first, second] = settled.both();
    let demand = format!("/api/v1/registrations/{}/removal", settled.registration);
    let document = first.get(&format!("{demand}/document")).await;
    let signature = first.sign(&service, &document.bytes);
    let body = json!({"signature": signature});
    let path = format!("{demand}/signature");
    assert_eq!(first.post(&path, body.clone()).await.status, 200);
    let asked = second.confirmation_path(&settled.registration).await;
    let reason = json!({"reason": "not_agreed"});
    second.post(&format!("{asked}/decline"), reason).await;
    let again = first.post(&path, body).await;
    again.refused(422, "signature-refused", Some("CONSENT/NONCE_SPENT"));
    let anew = first.get(&format!("{demand}/document")).await;
    assert_ne!(anew.body["nonce"], document.body["nonce"]);
}

#[tokio::test]
async fn a_demand_that_nobody_confirms_lapses_once_and_the_registration_stands() {
    let service = Service::start().await;
    let settled = with_two_owners(&service).await;
    settled.owners[0]
        .removes(&service, &settled.registration)
        .await;
    let second = &settled.owners[1];
    let path = second.confirmation_path(&settled.registration).await;
    let document = second.get(&format!("{path}/document")).await;
    service.pass(TimeDelta::hours(72));
    assert_eq!(service.house.drop_unconfirmed(10).await.unwrap(), 0);
    service.pass(TimeDelta::seconds(1));
    let signature = second.sign(&service, &document.bytes);
    let body = json!({"signature": signature});
    let late = second.post(&format!("{path}/signature"), body).await;
    late.refused(409, "state-conflict", Some("CONSENT/NONCE_SPENT"));
    let other = service.another_house();
    let (one, two) = tokio::join!(
        service.house.drop_unconfirmed(10),
        other.drop_unconfirmed(10)
    );
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    let seen = second.sees_registration(&settled.registration).await;
    assert_eq!(seen.text("standing"), "active");
}

#[tokio::test]
async fn a_confirmation_whose_evidence_is_late_counts_when_it_has_come_and_not_before() {
    let service = Service::for_long().await;
    let settled = with_two_owners(&service).await;
    settled.owners[0]
        .removes(&service, &settled.registration)
        .await;
    // In the last hour; what was answered at the login must not answer for this.
    service.pass(TimeDelta::hours(71));
    let second = &settled.owners[1];
    service
        .authority
        .behave(Served::Ocsp, Behaviour::Silent)
        .unwrap();
    let received = second.confirms(&service, &settled.registration).await;
    assert_eq!(received.status, 202, "{:?}", received.body);
    service.pass(TimeDelta::hours(2));
    assert_eq!(service.house.drop_unconfirmed(10).await.unwrap(), 0);
    let seen = second.sees_registration(&settled.registration).await;
    assert_eq!(seen.text("standing"), "active");
    assert_eq!(
        seen.body["removal"]["consents"][0]["answer"],
        "pending_evidence"
    );
    service
        .authority
        .behave(Served::Ocsp, Behaviour::Honest)
        .unwrap();
    service.settle_within(TimeDelta::minutes(2)).await;
    let seen = second.sees_registration(&settled.registration).await;
    assert_eq!(seen.text("standing"), "removed");
}

#[tokio::test]
async fn whoever_bought_the_dwelling_later_sees_who_is_registered_there_and_ends_it() {
    let service = Service::start().await;
    let settled = with_one_owner(&service).await;
    let buyer = Office::enter(&service, "owner-2").await;
    let before = buyer.removes(&service, &settled.registration).await;
    before.refused(404, "not-found", None);
    service.add_dwelling(ONE_OWNER, &["owner-2"]).await;
    let seller = &settled.owners[0];
    let late = seller.removes(&service, &settled.registration).await;
    late.refused(404, "not-found", None);
    let seen = buyer.sees_registration(&settled.registration).await;
    assert_eq!(seen.text("standing"), "active");
    let removed = buyer.removes(&service, &settled.registration).await;
    assert_eq!((removed.status, removed.state()), (200, "ended"));
}

#[tokio::test]
async fn whoever_sold_the_dwelling_since_a_demand_was_issued_ends_nothing_by_it() {
    let service = Service::start().await;
    let settled = with_one_owner(&service).await;
    let seller = &settled.owners[0];
    let path = format!("/api/v1/registrations/{}/removal", settled.registration);
    let document = seller.get(&format!("{path}/document")).await;
    let signature = seller.sign(&service, &document.bytes);
    service.add_dwelling(ONE_OWNER, &["owner-2"]).await;
    let body = json!({"signature": signature});
    let late = seller.post(&format!("{path}/signature"), body).await;
    late.refused(404, "not-found", None);
}

#[tokio::test]
async fn an_owner_who_has_sold_confirms_nothing_and_the_registration_stands() {
    let service = Service::start().await;
    let settled = with_two_owners(&service).await;
    let second = &settled.owners[1];
    settled.owners[0]
        .removes(&service, &settled.registration)
        .await;
    let path = second.confirmation_path(&settled.registration).await;
    let document = second.get(&format!("{path}/document")).await;
    let body = json!({"signature": second.sign(&service, &document.bytes)});
    service
        .add_dwelling(TWO_OWNERS, &["owner-1", "owner-2"])
        .await;
    let late = second.post(&format!("{path}/signature"), body).await;
    late.refused(409, "state-conflict", Some("CONSENT/OWNERS_CHANGED"));
    let seen = settled.owners[0]
        .sees_registration(&settled.registration)
        .await;
    assert_eq!(seen.text("standing"), "active");
    assert!(seen.body["removal"].is_null(), "{:?}", seen.body);
    settled.owners[0]
        .removes(&service, &settled.registration)
        .await;
    let buyer = Office::enter(&service, "owner-1").await;
    let confirmed = buyer.confirms(&service, &settled.registration).await;
    assert_eq!((confirmed.status, confirmed.state()), (200, "ended"));
}

#[tokio::test]
async fn a_confirmation_that_waited_while_the_dwelling_was_sold_decides_nothing() {
    let service = Service::start().await;
    let settled = with_two_owners(&service).await;
    settled.owners[0]
        .removes(&service, &settled.registration)
        .await;
    service.pass(TimeDelta::minutes(6));
    let authority = &service.authority;
    authority.behave(Served::Ocsp, Behaviour::Silent).unwrap();
    let received = settled.owners[1]
        .confirms(&service, &settled.registration)
        .await;
    assert_eq!(received.status, 202, "{:?}", received.body);
    service
        .add_dwelling(TWO_OWNERS, &["owner-1", "owner-2"])
        .await;
    authority.behave(Served::Ocsp, Behaviour::Honest).unwrap();
    service.settle_within(TimeDelta::minutes(2)).await;
    let seen = settled.owners[0]
        .sees_registration(&settled.registration)
        .await;
    assert_eq!(seen.text("standing"), "active");
    assert!(seen.body["removal"].is_null(), "{:?}", seen.body);
    let moot = "SELECT count(*) FROM received_signatures WHERE outcome = 'moot'";
    assert_eq!(service.count(moot).await, 1);
}

#[tokio::test]
async fn row_124_a_removal_among_owners_who_cannot_answer_is_referred_to_the_service_centre() {
    let service = Service::start().await;
    let settled = with_two_owners(&service).await;
    let [first, second] = settled.both();
    service
        .change_person(second.iin(), |person| person.capacity = Capacity::None)
        .await;
    for owner in [first, second] {
        let answer = owner.removes(&service, &settled.registration).await;
        answer.refused(422, "not-eligible", Some("CONSENT/OWNER_NOT_CAPABLE"));
        assert!(answer.text("detail").contains("service centre"));
    }
    let seen = first.sees_registration(&settled.registration).await;
    assert_eq!(seen.text("standing"), "active");
}

#[tokio::test]
async fn every_answer_to_a_removal_is_kept_and_one_that_tells_of_a_wrong_is_reported() {
    let service = Service::start().await;
    let settled = with_two_owners(&service).await;
    let [first, second] = settled.both();
    first.removes(&service, &settled.registration).await;
    let path = second.confirmation_path(&settled.registration).await;
    let body = json!({"reason": "not_my_dwelling"});
    let declined = second.post(&format!("{path}/decline"), body).await;
    assert_eq!(declined.status, 200, "{:?}", declined.body);
    let kept = "SELECT count(*) FROM consents WHERE removal IS NOT NULL
        AND answer = 'declined' AND decline_reason = 'not_my_dwelling'";
    assert_eq!(service.count(kept).await, 1);
    let told = "SELECT count(*) FROM outbox WHERE body LIKE '%application.removal_dropped%'
        AND body LIKE '%\"reason\":\"not_my_dwelling\",\"reported\":true%'";
    assert_eq!(service.count(told).await, 1);
    let recorded = "SELECT count(*) FROM audit_records r JOIN consents c
        ON c.removal IS NOT NULL AND r.body LIKE '%' || c.id || '%' WHERE r.kind = 'removal_dropped'";
    assert_eq!(service.count(recorded).await, 1);

    first.removes(&service, &settled.registration).await;
    let confirmed = second.confirms(&service, &settled.registration).await;
    assert_eq!((confirmed.status, confirmed.state()), (200, "ended"));
    let given = "SELECT count(*) FROM consents WHERE removal IS NOT NULL AND answer = 'given'";
    assert_eq!(service.count(given).await, 1);
}

#[tokio::test]
async fn neither_the_resident_nor_a_neighbour_demands_a_removal() {
    let service = Service::start().await;
    let settled = with_two_owners(&service).await;
    let answer = settled
        .resident
        .removes(&service, &settled.registration)
        .await;
    answer.refused(404, "not-found", None);
    let neighbour = Office::enter(&service, "owner-1").await;
    let answer = neighbour.removes(&service, &settled.registration).await;
    answer.refused(404, "not-found", None);
}

#[tokio::test]
async fn the_owner_who_demands_it_is_not_the_one_who_confirms_it() {
    let service = Service::start().await;
    let settled = with_two_owners(&service).await;
    let [first, second] = settled.both();
    first.removes(&service, &settled.registration).await;
    let path = second.confirmation_path(&settled.registration).await;
    let answer = first.signs(&service, &path).await;
    answer.refused(404, "not-found", None);
    let again = first.removes(&service, &settled.registration).await;
    again.refused(409, "state-conflict", Some("CONSENT/STATE_CONFLICT"));
    let body = json!({"reason": "not_agreed"});
    let answer = settled
        .resident
        .post(&format!("{path}/decline"), body)
        .await;
    answer.refused(404, "not-found", None);
}

#[tokio::test]
async fn a_delegate_whose_power_covers_it_confirms_a_removal_in_the_owners_place() {
    let service = Service::start().await;
    let settled = with_two_owners(&service).await;
    service
        .add_dwelling(TWO_OWNERS, &["owner-1", "owner-2"])
        .await;
    settled.owners[0]
        .removes(&service, &settled.registration)
        .await;
    let delegate = Office::enter(&service, "delegate").await;
    let seen = delegate.sees_registration(&settled.registration).await;
    assert_eq!(seen.status, 200, "{:?}", seen.body);
    let confirmed = delegate.confirms(&service, &settled.registration).await;
    assert_eq!((confirmed.status, confirmed.state()), (200, "ended"));
}
