//! Temporary and permanent registration.

use serde_json::json;

use super::{all_consent, with_one_owner};
use crate::office::{ONE_OWNER, OWNED_WITH_ECDSA, Office, TWO_OWNERS, permanent, proposal};
use crate::service::Service;

#[tokio::test]
async fn a_person_has_one_temporary_registration_at_a_time_and_another_once_that_has_ended() {
    let service = Service::start().await;
    let settled = with_one_owner(&service).await;
    let second = settled.resident.asks(proposal(TWO_OWNERS)).await;
    second.refused(409, "already-registered", None);
    let left = settled
        .resident
        .leaves(&service, &settled.registration)
        .await;
    assert_eq!(
        (left.status, left.state()),
        (200, "ended"),
        "{:?}",
        left.body
    );
    let applied = settled.resident.apply(&service, TWO_OWNERS).await;
    let done = all_consent(&service, applied.id(), &["owner-2", "owner-3"]).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn a_permanent_registration_is_made_by_the_same_consents_and_has_no_last_day() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.applies(&service, permanent(ONE_OWNER)).await;
    assert_eq!(applied.text("kind"), "permanent");
    let done = all_consent(&service, applied.id(), &["owner-1"]).await;
    let seen = resident.sees_registration(done.registration()).await;
    assert_eq!(seen.text("kind"), "permanent");
    assert_eq!(seen.text("starts_on"), "2026-11-01");
    assert!(seen.body.get("ends_on").is_none(), "{:?}", seen.body);
}

#[tokio::test]
async fn a_permanent_registration_with_a_number_of_months_is_not_understood() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let mut body = permanent(ONE_OWNER);
    body["months"] = json!(3);
    let answer = resident.asks(body).await;
    answer.refused(400, "malformed-request", None);
    let mut body = proposal(ONE_OWNER);
    body["months"] = json!(null);
    let answer = resident.asks(body).await;
    answer.refused(400, "malformed-request", None);
}

#[tokio::test]
async fn a_new_permanent_registration_replaces_the_former_one_in_the_same_step() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.applies(&service, permanent(ONE_OWNER)).await;
    let first = all_consent(&service, applied.id(), &["owner-1"]).await;
    let applied = resident.applies(&service, permanent(TWO_OWNERS)).await;
    let half = all_consent(&service, applied.id(), &["owner-2"]).await;
    assert_eq!(half.state(), "awaiting_consent");
    let former = resident.sees_registration(first.registration()).await;
    assert_eq!(former.text("standing"), "active");

    let second = all_consent(&service, applied.id(), &["owner-3"]).await;
    let former = resident.sees_registration(first.registration()).await;
    assert_eq!(former.text("standing"), "replaced");
    let newer = resident.sees_registration(second.registration()).await;
    assert_eq!(former.text("ended_at"), newer.text("registered_at"));
    let before = resident.sees(first.id()).await;
    assert_eq!(before.state(), "ended");
    assert_eq!(before.history().last(), Some(&"replaced"));
}

#[tokio::test]
async fn a_temporary_registration_leaves_the_permanent_one_as_it_is() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.applies(&service, permanent(ONE_OWNER)).await;
    let home = all_consent(&service, applied.id(), &["owner-1"]).await;
    let applied = resident.apply(&service, TWO_OWNERS).await;
    let stay = all_consent(&service, applied.id(), &["owner-2", "owner-3"]).await;
    for registration in [home.registration(), stay.registration()] {
        let seen = resident.sees_registration(registration).await;
        assert_eq!(seen.text("standing"), "active");
    }
}

#[tokio::test]
async fn of_two_permanent_registrations_agreed_at_the_same_moment_one_stands_and_both_were_made() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let first = Office::enter(&service, "owner-1").await;
    let second = Office::enter(&service, "owner-ecdsa").await;
    // Something to be replaced by both.
    let applied = resident.applies(&service, permanent(TWO_OWNERS)).await;
    all_consent(&service, applied.id(), &["owner-2", "owner-3"]).await;
    for _ in 0..5 {
        let here = resident.applies(&service, permanent(ONE_OWNER)).await;
        let there = resident
            .applies(&service, permanent(OWNED_WITH_ECDSA))
            .await;
        let (path, body) = first.signed_consent(&service, here.id()).await;
        let (other_path, other_body) = second.signed_consent(&service, there.id()).await;
        let (one, other) = tokio::join!(
            first.post(&path, body),
            second.post(&other_path, other_body)
        );
        assert_eq!(one.status, 200, "{:?}", one.body);
        assert_eq!(other.status, 200, "{:?}", other.body);
        let standing = "SELECT count(*) FROM registrations WHERE ended_at IS NULL";
        assert_eq!(service.count(standing).await, 1);
    }
    let replaced = "SELECT count(*) FROM registrations WHERE ending = 'replaced'";
    assert_eq!(service.count(replaced).await, 10);
}

#[tokio::test]
async fn a_permanent_registration_begins_in_the_life_of_somebody() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    for day in ["1800-01-01", "-5000-01-01"] {
        let mut body = permanent(ONE_OWNER);
        (body["starts_on"], body["arrived_on"]) = (json!(day), json!(day));
        let answer = resident.asks(body).await;
        answer.refused(422, "period", Some("CONSENT/TERM_OUT_OF_RANGE"));
    }
}

#[tokio::test]
async fn two_permanent_applications_agreed_at_the_same_moment_are_both_registered_one_replaced() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let mut agreed = Vec::new();
    for rka in [ONE_OWNER, OWNED_WITH_ECDSA] {
        agreed.push(resident.applies(&service, permanent(rka)).await);
    }
    let first = Office::enter(&service, "owner-1").await;
    let second = Office::enter(&service, "owner-ecdsa").await;
    tokio::join!(
        first.consent(&service, agreed[0].id()),
        second.consent(&service, agreed[1].id())
    );
    service.house.register_agreed(10).await.unwrap();
    let mut standings = Vec::new();
    for one in &agreed {
        let seen = resident.sees(one.id()).await;
        standings.push(
            seen.body["registrations"][0]["standing"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        );
    }
    standings.sort_unstable();
    assert_eq!(standings, ["active", "replaced"]);
}
