//! Requests that cannot be right: each gets a problem that says so, and nothing else.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::office::{Answer, ONE_OWNER, Office, proposal};
use crate::service::Service;

#[tokio::test]
async fn malformed_requests_get_problems_too() {
    let service = Service::start().await;
    let office = Office::enter(&service, "resident-1").await;
    for body in [
        "{",
        "[]",
        "{\"rka\":1}",
        "{\"rka\":\"1\",\"rka\":\"2\"}",
        "\u{feff}{}",
    ] {
        let answer = raw(&office, "/api/v1/applications", body).await;
        answer.refused(400, "malformed-request", None);
    }
    for query in [
        "limit=0",
        "limit=101",
        "limit=x",
        "state=whatever",
        "role=king",
        "cursor=1",
        "x=1",
    ] {
        let answer = office.get(&format!("/api/v1/applications?{query}")).await;
        answer.refused(400, "malformed-request", None);
    }
    office.get("/nowhere").await.refused(404, "not-found", None);
}

#[tokio::test]
async fn problems_have_their_own_media_type() {
    let service = Service::start().await;
    let office = Office::outside(&service, "resident-1");
    let response = office
        .request(Method::GET, "/api/v1/me")
        .send()
        .await
        .unwrap();
    assert_eq!(
        response.headers()["content-type"],
        "application/problem+json"
    );
    assert_eq!(response.headers()["www-authenticate"], "Bearer");
    assert!(response.headers().contains_key("x-request-id"));
}

#[tokio::test]
async fn dates_and_codes_that_cannot_be_are_named() {
    let service = Service::start().await;
    let office = Office::enter(&service, "resident-1").await;
    for (member, value, kind) in [
        ("rka", json!("123"), "address-code"),
        ("rka", json!("0201999000009999"), "unknown-dwelling"),
        ("months", json!(0), "period"),
        ("months", json!(13), "period"),
        ("starts_on", json!("2026-10-29"), "period"),
        ("starts_on", json!("2026-12-02"), "period"),
        ("arrived_on", json!("2025-10-31"), "period"),
    ] {
        let mut body = proposal(ONE_OWNER);
        body[member] = value.clone();
        let answer = office.post("/api/v1/applications", body).await;
        let code = (kind == "period").then_some("CONSENT/TERM_OUT_OF_RANGE");
        answer.refused(422, kind, code);
    }
    let mut past = proposal(ONE_OWNER);
    past["arrived_on"] = json!("2026-08-01");
    past["starts_on"] = json!("2026-08-01");
    past["months"] = json!(2);
    let answer = office.post("/api/v1/applications", past).await;
    answer.refused(422, "period", Some("CONSENT/TERM_OUT_OF_RANGE"));
    assert_eq!(service.count("SELECT count(*) FROM applications").await, 0);
}

#[tokio::test]
async fn an_address_that_asks_too_often_is_told_to_wait() {
    let service = Service::with_limit(2).await;
    let office = Office::outside(&service, "resident-1");
    let mut answers = Vec::new();
    for _ in 0..5 {
        answers.push(office.get("/health/live").await);
    }
    assert_eq!(answers[0].status, 204);
    answers[4].refused(429, "too-many-requests", None);
    assert!(answers[4].body["retry_after"].as_u64().unwrap() >= 1);
}

#[tokio::test]
async fn a_long_list_comes_in_pages_without_a_gap_or_a_repetition() {
    let service = Service::start().await;
    let office = Office::enter(&service, "resident-1").await;
    let mut drafted = Vec::new();
    for _ in 0..7 {
        drafted.push(office.draft(ONE_OWNER).await.body["id"].clone());
        service.pass(chrono::TimeDelta::milliseconds(1));
    }
    drafted.reverse();
    let (mut found, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let path = match cursor.as_str() {
            Some(cursor) => format!("/api/v1/applications?limit=3&cursor={cursor}"),
            None => "/api/v1/applications?limit=3".to_owned(),
        };
        let page = office.get(&path).await;
        let items = page.body["items"].as_array().unwrap();
        found.extend(items.iter().map(|item| item["id"].clone()));
        cursor = page.body["next"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(found, drafted);
}

#[tokio::test]
async fn the_description_of_the_api_names_every_call() {
    let service = Service::start().await;
    let office = Office::outside(&service, "resident-1");
    let api = office.get("/api/openapi.json").await;
    assert!(api.text("openapi").starts_with("3.1"));
    let calls: usize = api.body["paths"]
        .as_object()
        .unwrap()
        .values()
        .map(|path| path.as_object().unwrap().len())
        .sum();
    assert_eq!(calls, 68);
    let docs = office.get("/api/docs/").await;
    assert_eq!(docs.status, 200);
    let ready = office.get("/health/ready").await;
    assert_eq!((ready.status, &ready.body["ready"]), (200, &json!(true)));
}

async fn raw(office: &Office, path: &str, body: &str) -> Answer {
    let request = office
        .request(Method::POST, path)
        .header("Idempotency-Key", Uuid::now_v7().to_string())
        .body(body.to_owned());
    office.send(request).await
}
