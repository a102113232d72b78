//! The same request again: the same answer, and no second effect.

use serde_json::json;

use crate::office::{ONE_OWNER, Office, proposal};
use crate::service::Service;

#[tokio::test]
async fn the_same_key_and_body_give_the_same_answer_byte_for_byte() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let first = resident
        .post_again("/api/v1/applications", proposal(ONE_OWNER), "k1")
        .await;
    let again = resident
        .post_again("/api/v1/applications", proposal(ONE_OWNER), "k1")
        .await;
    assert_eq!((first.status, &first.bytes), (201, &again.bytes));
    assert_eq!(service.count("SELECT count(*) FROM applications").await, 1);
}

#[tokio::test]
async fn the_answer_stays_the_same_when_the_application_has_gone_on() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let drafted = resident
        .post_again("/api/v1/applications", proposal(ONE_OWNER), "k1")
        .await;
    let path = format!("/api/v1/applications/{}/withdraw", drafted.id());
    resident.post(&path, json!({})).await;
    let again = resident
        .post_again("/api/v1/applications", proposal(ONE_OWNER), "k1")
        .await;
    assert_eq!(again, drafted);
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused_without_effect() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    resident
        .post_again("/api/v1/applications", proposal(ONE_OWNER), "k1")
        .await;
    let mut other = proposal(ONE_OWNER);
    other["months"] = json!(4);
    let answer = resident
        .post_again("/api/v1/applications", other, "k1")
        .await;
    answer.refused(422, "idempotency-key-reused", None);
    assert_eq!(service.count("SELECT count(*) FROM applications").await, 1);
}

#[tokio::test]
async fn a_key_is_a_persons_own() {
    let service = Service::start().await;
    for slug in ["resident-1", "resident-2"] {
        let office = Office::enter(&service, slug).await;
        let answer = office
            .post_again("/api/v1/applications", proposal(ONE_OWNER), "k1")
            .await;
        assert_eq!(answer.status, 201, "{slug}");
    }
}

#[tokio::test]
async fn a_call_that_changes_something_needs_a_key() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let request = resident
        .request(reqwest::Method::POST, "/api/v1/applications")
        .json(&proposal(ONE_OWNER));
    let answer = resident.send(request).await;
    answer.refused(400, "malformed-request", None);
}

#[tokio::test]
async fn what_was_refused_may_be_tried_again_under_the_same_key() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let unknown = "0201999000000999";
    let refused = resident
        .post_again("/api/v1/applications", proposal(unknown), "k1")
        .await;
    refused.refused(422, "unknown-dwelling", None);
    service.add_dwelling(unknown, &["owner-1"]).await;
    let drafted = resident
        .post_again("/api/v1/applications", proposal(unknown), "k1")
        .await;
    assert_eq!(drafted.status, 201);
}
