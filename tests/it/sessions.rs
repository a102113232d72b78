//! Where a person is signed in, and the end of it.

use chrono::TimeDelta;
use kelisim::flow::Settings;
use reqwest::Method;
use serde_json::{Value, json};

use crate::office::{Answer, Office};
use crate::service::{ORIGIN, Service};

/// A service in which sessions last as long as they do when nobody says otherwise.
async fn usual() -> Service {
    Service::decided(|settings| {
        settings.session_idle = Settings::SESSION_IDLE;
        settings.session_length = Settings::SESSION_LENGTH;
    })
    .await
}

#[tokio::test]
async fn a_person_sees_where_they_are_signed_in_and_which_one_this_is() {
    let service = usual().await;
    let first = Office::enter(&service, "resident-1").await;
    Office::enter(&service, "owner-1").await;
    service.pass(TimeDelta::minutes(5));
    let second = Office::enter(&service, "resident-1-auth").await;
    let seen = open(&second).await;
    assert_eq!(seen.len(), 2, "{seen:?}");
    let (this, other) = (&seen[0], &seen[1]);
    assert_eq!(
        (&this["current"], &other["current"]),
        (&json!(true), &json!(false))
    );
    let mut other = other.clone();
    other.as_object_mut().unwrap().remove("id");
    assert_eq!(
        other,
        json!({
            "signed_in_at": "2026-11-01T12:00:00Z", "last_used_at": "2026-11-01T12:00:00Z",
            "expires_at": "2026-11-01T20:00:00Z", "current": false
        })
    );
    service.pass(TimeDelta::seconds(30));
    open(&first).await;
    let seen = open(&second).await;
    let used = [&seen[0]["last_used_at"], &seen[1]["last_used_at"]];
    assert_eq!(used, ["2026-11-01T12:05:30Z", "2026-11-01T12:05:00Z"]);
}

#[tokio::test]
async fn a_session_for_an_organisation_says_for_which() {
    let service = usual().await;
    let head = Office::enter(&service, "organisation").await;
    assert_eq!(open(&head).await[0]["organisation"], "190540099905");
}

#[tokio::test]
async fn no_identifier_opens_anything() {
    let service = usual().await;
    let office = Office::enter(&service, "resident-1").await;
    let id = open(&office).await[0]["id"].as_str().unwrap().to_owned();
    let stranger = Office::outside(&service, "resident-1");
    let request = stranger.request(Method::GET, "/api/v1/me");
    let answer = stranger.send(request.bearer_auth(id)).await;
    answer.refused(401, "not-signed-in", None);
}

#[tokio::test]
async fn a_person_ends_a_session_elsewhere() {
    let service = usual().await;
    let here = Office::enter(&service, "resident-1").await;
    let elsewhere = Office::enter(&service, "resident-1").await;
    let path = path_of(&elsewhere).await;
    assert_eq!(here.delete(&path).await.status, 204);
    signed_out(&elsewhere).await;
    assert_eq!(open(&here).await.len(), 1);
    assert_eq!(here.delete(&path).await.status, 204, "it is over already");
}

#[tokio::test]
async fn nobody_ends_a_session_of_somebody_else() {
    let service = usual().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let path = path_of(&owner).await;
    resident.delete(&path).await.refused(404, "not-found", None);
    let unknown = format!("/api/v1/auth/sessions/{}", uuid::Uuid::now_v7());
    resident
        .delete(&unknown)
        .await
        .refused(404, "not-found", None);
    assert_eq!(open(&owner).await.len(), 1);
}

#[tokio::test]
async fn who_ends_this_very_session_is_signed_out_and_loses_the_cookie() {
    let service = usual().await;
    let office = Office::enter(&service, "resident-1").await;
    let path = path_of(&office).await;
    let request = office.request(Method::DELETE, &path);
    let request = request.header("Cookie", format!("__Host-sid={}", office.token()));
    let response = request.header("Origin", ORIGIN).send().await.unwrap();
    assert_eq!(response.status(), 204);
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-sid=;"), "{cookie}");
    assert!(cookie.contains("Max-Age=0"), "{cookie}");
    signed_out(&office).await;
}

#[tokio::test]
async fn a_person_ends_all_sessions_but_this_one() {
    let service = usual().await;
    let owner = Office::enter(&service, "owner-1").await;
    let mut offices = Vec::new();
    for _ in 0..3 {
        offices.push(Office::enter(&service, "resident-1").await);
    }
    let here = offices.pop().unwrap();
    let ended = here.delete("/api/v1/auth/sessions/others").await;
    assert_eq!((ended.status, ended.body), (200, json!({"ended": 2})));
    for elsewhere in &offices {
        signed_out(elsewhere).await;
    }
    let again = here.delete("/api/v1/auth/sessions/others").await;
    assert_eq!(again.body, json!({"ended": 0}));
    for office in [&here, &owner] {
        assert_eq!(open(office).await.len(), 1);
    }
    let ended = "SELECT count(*) FROM sessions WHERE ended_at IS NOT NULL";
    assert_eq!(service.count(ended).await, 2);
}

#[tokio::test]
async fn a_session_ends_after_a_quarter_of_an_hour_in_which_nobody_uses_it() {
    let service = usual().await;
    let office = Office::enter(&service, "resident-1").await;
    let idle = Office::enter(&service, "resident-1").await;
    service.pass(TimeDelta::seconds(899));
    assert_eq!(open(&office).await.len(), 2);
    service.pass(TimeDelta::seconds(1));
    assert_eq!(open(&office).await.len(), 1, "the other is over");
    signed_out(&idle).await;
}

#[tokio::test]
async fn a_session_ends_after_eight_hours_however_much_it_is_used() {
    let service = usual().await;
    let office = Office::enter(&service, "resident-1").await;
    for _ in 0..47 {
        service.pass(TimeDelta::minutes(10));
        assert_eq!(me(&office).await.status, 200);
    }
    service.pass(TimeDelta::seconds(599));
    assert_eq!(me(&office).await.status, 200);
    service.pass(TimeDelta::seconds(1));
    signed_out(&office).await;
}

async fn open(office: &Office) -> Vec<Value> {
    let answer = office.get("/api/v1/auth/sessions").await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    answer.body["items"].as_array().unwrap().clone()
}

/// The path of the session by which somebody asks.
async fn path_of(office: &Office) -> String {
    let open = open(office).await;
    let this = open.iter().find(|one| one["current"] == true).unwrap();
    format!("/api/v1/auth/sessions/{}", this["id"].as_str().unwrap())
}

async fn me(office: &Office) -> Answer {
    office.get("/api/v1/me").await
}

async fn signed_out(office: &Office) {
    me(office).await.refused(401, "not-signed-in", None);
}
