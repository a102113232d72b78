//! Who demanded the end of a registration thinks better of it.

use serde_json::json;

use super::super::{with_one_owner, with_two_owners};
use crate::office::{Answer, Office, TWO_OWNERS};
use crate::registers::iin_of;
use crate::service::Service;

async fn withdraws(office: &Office, registration: &str) -> Answer {
    let path = format!("/api/v1/registrations/{registration}/removal/withdraw");
    office.post(&path, json!({})).await
}

#[tokio::test]
async fn an_owner_takes_a_demand_back_and_the_registration_stands() {
    let service = Service::start().await;
    let settled = with_two_owners(&service).await;
    let [first, second] = settled.both();
    let demand = format!("/api/v1/registrations/{}/removal", settled.registration);
    let document = first.get(&format!("{demand}/document")).await;
    let body = json!({"signature": first.sign(&service, &document.bytes)});
    let path = format!("{demand}/signature");
    assert_eq!(first.post(&path, body.clone()).await.status, 200);
    let asked = second.confirmation_path(&settled.registration).await;
    let back = withdraws(first, &settled.registration).await;
    assert_eq!((back.status, back.state()), (200, "registered"));
    assert_eq!(back.history().last(), Some(&"removal_withdrawn"));
    let seen = settled
        .resident
        .sees_registration(&settled.registration)
        .await;
    assert_eq!(seen.text("standing"), "active");
    assert!(seen.body.get("removal").is_none());
    // Nobody confirms it any more, and it is signed anew and not sent again.
    let late = second.signs(&service, &asked).await;
    late.refused(404, "not-found", None);
    let again = first.post(&path, body).await;
    again.refused(422, "signature-refused", Some("CONSENT/NONCE_SPENT"));
    let anew = first.removes(&service, &settled.registration).await;
    assert_eq!(anew.status, 200, "{:?}", anew.body);
    let confirmed = second.confirms(&service, &settled.registration).await;
    assert_eq!(confirmed.state(), "ended");
    for told in [&settled.resident, second] {
        let notices = told.get("/api/v1/notices").await;
        let mut all = notices.body["items"].as_array().unwrap().iter();
        assert!(all.any(|one| one["topic"] == "removal_withdrawn"));
    }
    let told = "SELECT count(*) FROM outbox WHERE body LIKE '%application.removal_withdrawn%'";
    assert_eq!(service.count(told).await, 1);
}

#[tokio::test]
async fn nobody_takes_back_what_another_demands_or_nobody_does() {
    let service = Service::start().await;
    let settled = with_two_owners(&service).await;
    let [first, second] = settled.both();
    let nothing = withdraws(first, &settled.registration).await;
    nothing.refused(409, "state-conflict", Some("CONSENT/STATE_CONFLICT"));
    first.removes(&service, &settled.registration).await;
    let stranger = Office::enter(&service, "owner-1").await;
    for other in [second, &settled.resident, &stranger] {
        let refused = withdraws(other, &settled.registration).await;
        refused.refused(404, "not-found", None);
    }
    let confirmed = second.confirms(&service, &settled.registration).await;
    assert_eq!(confirmed.state(), "ended");
    let late = withdraws(first, &settled.registration).await;
    late.refused(409, "state-conflict", Some("CONSENT/STATE_CONFLICT"));
}

#[tokio::test]
async fn an_owner_takes_back_what_a_delegate_demands_in_their_place_and_so_does_the_delegate() {
    let service = Service::start().await;
    let settled = with_two_owners(&service).await;
    service
        .add_dwelling(TWO_OWNERS, &["owner-1", "owner-2"])
        .await;
    let delegate = Office::enter(&service, "delegate").await;
    let owner = Office::enter(&service, "owner-1").await;
    for who in [&owner, &delegate] {
        let demanded = delegate.removes(&service, &settled.registration).await;
        assert_eq!(demanded.state(), "registered", "{:?}", demanded.body);
        let back = withdraws(who, &settled.registration).await;
        assert_eq!(back.status, 200, "{:?}", back.body);
        assert_eq!(back.history().last(), Some(&"removal_withdrawn"));
    }
    // And what the owner demanded, a delegate whose power is revoked does not.
    owner.removes(&service, &settled.registration).await;
    let revoked = |power: &mut kelisim::domain::register::PowerOfAttorney| {
        power.revoked_on = "2026-11-01".parse().ok();
    };
    service.change_power(revoked).await;
    let refused = withdraws(&delegate, &settled.registration).await;
    refused.refused(404, "not-found", None);
    let by = format!(
        "SELECT count(*) FROM registrations WHERE removal_by = 'iin:{}'",
        iin_of("owner-1").as_str()
    );
    assert_eq!(service.count(&by).await, 1);
}

#[tokio::test]
async fn what_a_sole_owner_ended_is_not_taken_back() {
    let service = Service::start().await;
    let settled = with_one_owner(&service).await;
    settled.owners[0]
        .removes(&service, &settled.registration)
        .await;
    let late = withdraws(&settled.owners[0], &settled.registration).await;
    late.refused(409, "state-conflict", Some("CONSENT/STATE_CONFLICT"));
}
