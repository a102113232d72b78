//! Declining, withdrawing, and answers that come too late.

use chrono::TimeDelta;
use serde_json::json;

use crate::office::{ONE_OWNER, Office, TWO_OWNERS};
use crate::service::Service;

#[tokio::test]
async fn one_owner_who_declines_ends_the_application() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, TWO_OWNERS).await;
    let first = Office::enter(&service, "owner-2").await;
    let second = Office::enter(&service, "owner-3").await;
    let path = first.consent_path(applied.id()).await;
    let declined = first
        .post(
            &format!("{path}/decline"),
            json!({"reason": "unknown_person"}),
        )
        .await;
    assert_eq!((declined.status, declined.state()), (200, "declined"));

    let (path, body) = {
        let path = second.consent_path(applied.id()).await;
        (format!("{path}/signature"), json!({"signature": "AAAA"}))
    };
    let late = second.post(&path, body).await;
    late.refused(409, "state-conflict", Some("CONSENT/STATE_CONFLICT"));

    let seen = resident
        .get(&format!("/api/v1/applications/{}", applied.id()))
        .await;
    let reasons: Vec<_> = seen.body["consents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|consent| consent["reason"].clone())
        .collect();
    assert!(reasons.contains(&json!("unknown_person")), "{reasons:?}");
}

#[tokio::test]
async fn a_reason_that_is_none_is_refused_and_nothing_changes() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let owner = Office::enter(&service, "owner-1").await;
    let path = owner.consent_path(applied.id()).await;
    let answer = owner
        .post(&format!("{path}/decline"), json!({"reason": "whim"}))
        .await;
    answer.refused(400, "malformed-request", None);
    let seen = owner
        .get(&format!("/api/v1/applications/{}", applied.id()))
        .await;
    assert_eq!(seen.state(), "awaiting_consent");
}

#[tokio::test]
async fn the_resident_takes_an_application_back_before_it_is_registered() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let (path, body) = owner.signed_consent(&service, applied.id()).await;
    let withdraw = format!("/api/v1/applications/{}/withdraw", applied.id());
    let withdrawn = resident.post(&withdraw, json!({})).await;
    assert_eq!((withdrawn.status, withdrawn.state()), (200, "withdrawn"));
    let late = owner.post(&path, body).await;
    late.refused(409, "state-conflict", Some("CONSENT/STATE_CONFLICT"));
    let again = resident.post(&withdraw, json!({})).await;
    again.refused(409, "state-conflict", Some("CONSENT/STATE_CONFLICT"));
}

#[tokio::test]
async fn a_registered_application_cannot_be_taken_back() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    owner.consent(&service, applied.id()).await;
    let path = format!("/api/v1/applications/{}/withdraw", applied.id());
    let answer = resident.post(&path, json!({})).await;
    answer.refused(409, "state-conflict", Some("CONSENT/STATE_CONFLICT"));
}

#[tokio::test]
async fn a_consent_after_the_deadline_is_too_late_and_the_application_lapses_once() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let (path, body) = owner.signed_consent(&service, applied.id()).await;
    service.pass(TimeDelta::hours(72) + TimeDelta::milliseconds(1));
    let late = owner.post(&path, body).await;
    late.refused(409, "state-conflict", Some("CONSENT/NONCE_SPENT"));

    assert_eq!(service.house.lapse_overdue(100).await.unwrap(), 1);
    assert_eq!(service.house.lapse_overdue(100).await.unwrap(), 0);
    let seen = resident
        .get(&format!("/api/v1/applications/{}", applied.id()))
        .await;
    assert_eq!(seen.state(), "lapsed");
}

#[tokio::test]
async fn a_consent_at_the_last_moment_counts() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    service.pass(TimeDelta::hours(72));
    assert_eq!(service.house.lapse_overdue(100).await.unwrap(), 0);
    let done = owner.consent(&service, applied.id()).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn a_draft_that_nobody_signs_lapses_and_was_never_seen_by_the_owner() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let drafted = resident.draft(ONE_OWNER).await;
    let path = format!("/api/v1/applications/{}", drafted.id());
    owner.get(&path).await.refused(404, "not-found", None);
    service.pass(TimeDelta::hours(73));
    assert_eq!(service.house.lapse_overdue(100).await.unwrap(), 1);
    assert_eq!(resident.get(&path).await.state(), "lapsed");
    owner.get(&path).await.refused(404, "not-found", None);
    let list = owner.get("/api/v1/applications?role=owner").await;
    assert_eq!(list.body["items"], json!([]));
}
