//! Signing in and out, and who may see what.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::office::{Answer, ONE_OWNER, Office, TWO_OWNERS, proposal};
use crate::service::{ORIGIN, Service};

#[tokio::test]
async fn a_person_signs_in_with_either_key_and_out_again() {
    let service = Service::start().await;
    for slug in ["resident-1", "resident-1-auth"] {
        let office = Office::enter(&service, slug).await;
        let me = office.get("/api/v1/me").await;
        assert_eq!(me.status, 200);
        assert!(me.text("iin").ends_with("********"));
        assert_eq!(
            office.delete("/api/v1/auth/sessions/current").await.status,
            204
        );
        office
            .get("/api/v1/me")
            .await
            .refused(401, "not-signed-in", None);
    }
}

#[tokio::test]
async fn people_of_organisations_sign_in_too() {
    let service = Service::start().await;
    for slug in ["organisation", "employee", "operator", "operator-2"] {
        let office = Office::enter(&service, slug).await;
        assert_eq!(office.get("/api/v1/me").await.status, 200, "{slug}");
    }
}

#[tokio::test]
async fn a_challenge_is_good_once() {
    let service = Service::start().await;
    let office = Office::outside(&service, "resident-1");
    let (challenge, signature) = challenge(&service, &office).await;
    assert_eq!(sign_in(&office, &challenge, &signature).await.status, 201);
    let again = sign_in(&office, &challenge, &signature).await;
    again.refused(422, "signature-refused", Some("CONSENT/NONCE_SPENT"));
}

#[tokio::test]
async fn a_challenge_is_good_for_two_minutes() {
    let service = Service::start().await;
    let office = Office::outside(&service, "resident-1");
    let (challenge, signature) = challenge(&service, &office).await;
    service.pass(TimeDelta::seconds(121));
    let late = sign_in(&office, &challenge, &signature).await;
    late.refused(422, "signature-refused", Some("CONSENT/NONCE_SPENT"));
}

#[tokio::test]
async fn a_challenge_names_the_purpose_and_the_site() {
    let service = Service::start().await;
    let office = Office::outside(&service, "resident-1");
    let answer = office
        .post("/api/v1/auth/challenges", json!({"language": "ru"}))
        .await;
    let content = STANDARD.decode(answer.text("content")).unwrap();
    let content: serde_json::Value = serde_json::from_slice(&content).unwrap();
    assert_eq!(content["purpose"], "kelisim/login/v1");
    assert_eq!(content["origin"], ORIGIN);
    assert!(content["statement"].as_str().unwrap().contains(ORIGIN));
}

#[tokio::test]
async fn a_signature_over_another_challenge_does_not_open_a_session() {
    let service = Service::start().await;
    let office = Office::outside(&service, "resident-1");
    let (_, signature) = challenge(&service, &office).await;
    let (other, _) = challenge(&service, &office).await;
    let answer = sign_in(&office, &other, &signature).await;
    answer.refused(422, "signature-refused", Some("CONSENT/NONCE_MISMATCH"));
}

#[tokio::test]
async fn the_token_is_stored_only_as_its_digest() {
    let service = Service::start().await;
    let office = Office::enter(&service, "resident-1").await;
    let digest = kelisim::eds::Digest::of(office.token().as_bytes());
    let query = format!(
        "SELECT count(*) FROM sessions WHERE token_sha256 = '\\x{digest}' \
         AND sessions::text NOT LIKE '%{}%'",
        office.token()
    );
    assert_eq!(service.count(&query).await, 1);
}

#[tokio::test]
async fn the_cookie_opens_the_session_only_for_our_own_pages() {
    let service = Service::start().await;
    let office = Office::enter(&service, "resident-1").await;
    let stranger = Office::outside(&service, "resident-1");
    let cookie = format!("__Host-sid={}", office.token());
    let read = stranger
        .request(Method::GET, "/api/v1/me")
        .header("Cookie", &cookie);
    assert_eq!(stranger.send(read).await.status, 200);
    for (origin, status) in [
        (None, 403),
        (Some("https://evil.test"), 403),
        (Some(ORIGIN), 201),
    ] {
        let mut write = stranger
            .request(Method::POST, "/api/v1/applications")
            .header("Cookie", &cookie)
            .header("Idempotency-Key", Uuid::now_v7().to_string())
            .json(&proposal(ONE_OWNER));
        if let Some(origin) = origin {
            write = write.header("Origin", origin);
        }
        assert_eq!(stranger.send(write).await.status, status, "{origin:?}");
    }
}

#[tokio::test]
async fn what_is_not_yours_does_not_exist() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let neighbour = Office::enter(&service, "owner-2").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let consent = owner.consent_path(applied.id()).await;
    let done = owner.consent(&service, applied.id()).await;
    let application = format!("/api/v1/applications/{}", applied.id());
    let registration = format!("/api/v1/registrations/{}", done.text("registration"));
    for path in [
        application.clone(),
        format!("{application}/document"),
        format!("{consent}/document"),
        registration,
        format!("/api/v1/applications/{}", Uuid::now_v7()),
        "/api/v1/applications/not-an-id".to_owned(),
    ] {
        neighbour.get(&path).await.refused(404, "not-found", None);
    }
    for (path, body) in [
        (
            format!("{application}/signature"),
            json!({"signature": "AAAA"}),
        ),
        (format!("{application}/withdraw"), json!({})),
        (format!("{consent}/signature"), json!({"signature": "AAAA"})),
        (
            format!("{consent}/decline"),
            json!({"reason": "not_agreed"}),
        ),
    ] {
        neighbour
            .post(&path, body)
            .await
            .refused(404, "not-found", None);
    }
}

#[tokio::test]
async fn an_owner_can_neither_withdraw_nor_sign_for_the_resident_nor_the_reverse() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let consent = owner.consent_path(applied.id()).await;
    let application = format!("/api/v1/applications/{}", applied.id());
    for path in ["withdraw", "signature"] {
        let body = if path == "withdraw" {
            json!({})
        } else {
            json!({"signature": "AAAA"})
        };
        let answer = owner.post(&format!("{application}/{path}"), body).await;
        answer.refused(404, "not-found", None);
    }
    let answer = resident
        .post(
            &format!("{consent}/decline"),
            json!({"reason": "not_agreed"}),
        )
        .await;
    answer.refused(404, "not-found", None);
    resident
        .get(&format!("{consent}/document"))
        .await
        .refused(404, "not-found", None);
}

#[tokio::test]
async fn co_owners_see_counts_of_each_others_answers_and_nothing_more() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, TWO_OWNERS).await;
    let first = Office::enter(&service, "owner-2").await;
    let second = Office::enter(&service, "owner-3").await;
    first.consent(&service, applied.id()).await;
    let path = format!("/api/v1/applications/{}", applied.id());
    let seen = second.get(&path).await;
    assert_eq!(seen.body["consents"].as_array().unwrap().len(), 1);
    assert_eq!(seen.body["answers"]["given"], 1);
    assert_eq!(
        resident.get(&path).await.body["consents"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn nobody_asks_without_a_session() {
    let service = Service::start().await;
    let stranger = Office::outside(&service, "resident-1");
    for path in ["/api/v1/me", "/api/v1/applications"] {
        stranger.get(path).await.refused(401, "not-signed-in", None);
    }
    let answer = stranger
        .post("/api/v1/applications", proposal(ONE_OWNER))
        .await;
    answer.refused(401, "not-signed-in", None);
}

#[tokio::test]
async fn a_session_that_is_not_used_ends() {
    let service = Service::start().await;
    let office = Office::enter(&service, "resident-1").await;
    service.pass(TimeDelta::hours(201));
    office
        .get("/api/v1/me")
        .await
        .refused(401, "not-signed-in", None);
}

async fn challenge(service: &Service, office: &Office) -> (String, String) {
    let challenge = office.post("/api/v1/auth/challenges", json!({})).await;
    assert_eq!(challenge.status, 201);
    let content = STANDARD.decode(challenge.text("content")).unwrap();
    (challenge.id().to_owned(), office.sign(service, &content))
}

async fn sign_in(office: &Office, challenge: &str, signature: &str) -> Answer {
    let body = json!({"challenge": challenge, "signature": signature});
    office.post("/api/v1/auth/sessions", body).await
}
