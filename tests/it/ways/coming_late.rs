//! The ten-day duty: what is told of it to whom, as information.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::with_one_owner;
use crate::office::{
    Answer, DORMITORY, ONE_OWNER, OWNED_WITH_AN_ORGANISATION, Office, STATE_FLAT, permanent,
    proposal,
};
use crate::service::Service;

/// The same for somebody who came on this day.
fn since(arrived: &str, mut body: Value) -> Value {
    body["arrived_on"] = json!(arrived);
    body
}

async fn asks(office: &Office, body: Value) -> Answer {
    let drafted = office.asks(body).await;
    assert_eq!(drafted.status, 201, "{:?}", drafted.body);
    drafted
}

/// What is told in a few words: the measure, the indices, the money, and the rule.
fn told(consequence: &Value) -> Value {
    let members = ["measure", "indices", "tenge", "rule"];
    members.map(|member| consequence[member].clone()).into()
}

#[tokio::test]
async fn in_time_nothing_follows_and_the_law_stands_beside_it() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    for body in [proposal(ONE_OWNER), permanent(ONE_OWNER)] {
        let drafted = asks(&resident, body).await;
        let duty = &drafted.body["duty"];
        assert_eq!(duty["due_on"], "2026-11-09");
        assert_eq!(duty["as_of"], "2026-11-01");
        assert_eq!(duty["late_days"], 0);
        let law = duty["law"].as_str().unwrap();
        assert!(law.starts_with("Rules of registration"), "{law}");
        let none = json!(["none", null, null, "duty"]);
        assert_eq!(told(&duty["resident"]["first"]), none);
        assert_eq!(told(&duty["owners"][0]["repeated"]), none);
    }
}

#[tokio::test]
async fn the_figures_of_the_law_are_told_once_and_for_a_repetition() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let again = json!(["fine", 13, 56_225, "resident_again"]);
    for (arrived, first) in [
        (
            "2026-10-21",
            json!(["warning", null, null, "resident_month"]),
        ),
        (
            "2026-10-01",
            json!(["warning", null, null, "resident_month"]),
        ),
        ("2026-09-30", json!(["fine", 7, 30_275, "resident_longer"])),
    ] {
        let drafted = asks(&resident, since(arrived, proposal(ONE_OWNER))).await;
        let duty = &drafted.body["duty"];
        assert_eq!(told(&duty["resident"]["first"]), first, "{arrived}");
        assert_eq!(told(&duty["resident"]["repeated"]), again, "{arrived}");
        let owners = duty["owners"].as_array().unwrap();
        assert_eq!(owners.len(), 1);
        assert_eq!(owners[0]["kind"], "individual");
        assert_eq!(
            told(&owners[0]["first"]),
            json!(["fine", 10, 43_250, "owner"])
        );
        let repeated = json!(["fine", 20, 86_500, "owner_again"]);
        assert_eq!(told(&owners[0]["repeated"]), repeated);
    }
}

#[tokio::test]
async fn owners_are_told_what_is_provided_for_what_they_are() {
    let service = Service::start().await;
    let organisations = [
        (
            "small_business_or_non_profit",
            json!(["fine", 15, 64_875, "owner"]),
        ),
        ("medium_business", json!(["fine", 25, 108_125, "owner"])),
        (
            "large_business",
            json!(["unknown", null, null, "owner_unknown"]),
        ),
    ];
    let person = ("individual", json!(["fine", 10, 43_250, "owner"]));
    let resident = Office::enter(&service, "resident-1").await;
    let member = Office::enter(&service, "organisation").await;
    let mut petition = since("2026-10-21", proposal(DORMITORY));
    petition["standpoint"] = json!("administration");
    petition["residents"] = json!([resident.iin()]);
    for (office, body, expected) in [
        (
            &resident,
            since("2026-10-21", proposal(OWNED_WITH_AN_ORGANISATION)),
            {
                let mut both = vec![person.clone()];
                both.extend(organisations.clone());
                both
            },
        ),
        (&member, petition, organisations.to_vec()),
        // The tenant lets people live in state housing.
        (
            &resident,
            since("2026-10-21", proposal(STATE_FLAT)),
            vec![person],
        ),
    ] {
        let drafted = asks(office, body).await;
        let owners = drafted.body["duty"]["owners"].as_array().unwrap();
        let owners: Vec<_> = owners
            .iter()
            .map(|one| (one["kind"].as_str().unwrap(), told(&one["first"])))
            .collect();
        assert_eq!(owners, expected);
    }
    // Nobody lets oneself live anywhere.
    let owner = Office::enter(&service, "owner-1").await;
    let own = asks(&owner, since("2026-10-21", proposal(ONE_OWNER))).await;
    assert_eq!(own.body["duty"]["owners"], json!([]));
}

#[tokio::test]
async fn it_is_judged_by_the_day_of_the_signature_and_by_today_until_then() {
    let service = Service::for_long().await;
    let resident = Office::enter(&service, "resident-1").await;
    let drafted = asks(&resident, since("2026-10-22", proposal(ONE_OWNER))).await;
    let late = |seen: &Answer| {
        let duty = &seen.body["duty"];
        (duty["as_of"].clone(), duty["late_days"].clone())
    };
    assert_eq!(late(&drafted), (json!("2026-11-01"), json!(0)));
    service.pass(TimeDelta::days(1));
    let seen = resident.sees(drafted.id()).await;
    assert_eq!(late(&seen), (json!("2026-11-02"), json!(1)));
    // To write it anew makes it no earlier.
    let body = since("2026-10-22", proposal(ONE_OWNER));
    let anew = resident.rewrites(drafted.id(), body).await;
    assert_eq!(late(&anew), (json!("2026-11-02"), json!(1)));
    let signed = resident.sign_draft(&service, &anew).await;
    assert_eq!(late(&signed), (json!("2026-11-02"), json!(1)));
    service.pass(TimeDelta::days(1));
    let owner = Office::enter(&service, "owner-1").await;
    let done = owner.consent(&service, drafted.id()).await;
    assert_eq!(late(&done), (json!("2026-11-02"), json!(1)));
    let listed = owner.get("/api/v1/applications?role=owner").await;
    let duty = &listed.body["items"][0]["duty"];
    assert_eq!(duty, &done.body["duty"]);
}

#[tokio::test]
async fn whoever_extends_in_time_is_not_told_to_be_late() {
    let service = Service::for_long().await;
    let settled = with_one_owner(&service).await;
    service.pass_until("2027-01-10T12:00:00Z");
    let mut body = proposal(ONE_OWNER);
    body["starts_on"] = json!("2027-02-02");
    body["extends"] = json!(settled.registration);
    let drafted = asks(&settled.resident, body.clone()).await;
    assert_eq!(drafted.body.get("duty"), None);
    body["arrived_on"] = json!("2027-02-03");
    let answer = settled.resident.asks(body).await;
    answer.refused(422, "period", Some("CONSENT/TERM_OUT_OF_RANGE"));
}
