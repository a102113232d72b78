//! A registration goes on: new consents, no gap.

use serde_json::{Value, json};

use super::{Settled, all_consent, with_one_owner};
use crate::office::{ONE_OWNER, Office, TWO_OWNERS, proposal};
use crate::service::Service;

/// Two months from the day after the last one.
fn extension(settled: &Settled) -> Value {
    let mut body = proposal(ONE_OWNER);
    body["starts_on"] = json!("2027-02-02");
    body["months"] = json!(2);
    body["extends"] = json!(settled.registration);
    body
}

/// Somebody whose registration ends within the month.
async fn about_to_end() -> (Service, Settled) {
    let service = Service::for_long().await;
    let settled = with_one_owner(&service).await;
    service.pass_until("2027-01-10T12:00:00Z");
    (service, settled)
}

#[tokio::test]
async fn an_extension_is_asked_of_the_owners_anew_and_follows_without_a_gap() {
    let (service, settled) = about_to_end().await;
    let resident = &settled.resident;
    let applied = resident.applies(&service, extension(&settled)).await;
    assert_eq!(applied.state(), "awaiting_consent");
    let done = settled.owners[0].consent(&service, applied.id()).await;
    let next = resident.sees_registration(done.registration()).await;
    let former = resident.sees_registration(&settled.registration).await;
    assert_eq!(former.text("ends_on"), "2027-02-01");
    assert_eq!(next.text("starts_on"), "2027-02-02");
    assert_eq!(next.text("ends_on"), "2027-04-02");
    assert_eq!(former.text("standing"), "active");
    assert_eq!(done.text("extends"), settled.registration);
}

#[tokio::test]
async fn an_extension_may_be_agreed_after_the_registration_has_ended_by_itself() {
    let (service, settled) = about_to_end().await;
    service.pass_until("2027-01-31T12:00:00Z");
    let applied = settled
        .resident
        .applies(&service, extension(&settled))
        .await;
    service.pass_until("2027-02-02T12:00:00Z");
    assert_eq!(service.house.expire_over(10).await.unwrap(), 1);
    let done = settled.owners[0].consent(&service, applied.id()).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn an_extension_is_not_asked_for_more_than_a_month_before_it_begins() {
    let service = Service::for_long().await;
    let settled = with_one_owner(&service).await;
    let early = settled.resident.asks(extension(&settled)).await;
    early.refused(422, "period", Some("CONSENT/TERM_OUT_OF_RANGE"));
}

#[tokio::test]
async fn an_extension_leaves_no_gap_and_no_overlap() {
    let (_service, settled) = about_to_end().await;
    for day in ["2027-02-01", "2027-02-03"] {
        let mut body = extension(&settled);
        body["starts_on"] = json!(day);
        let answer = settled.resident.asks(body).await;
        answer.refused(422, "period", Some("CONSENT/TERM_OUT_OF_RANGE"));
    }
}

#[tokio::test]
async fn nobody_extends_the_registration_of_somebody_else_or_at_another_dwelling() {
    let (service, settled) = about_to_end().await;
    let other = Office::enter(&service, "resident-2").await;
    let answer = other.asks(extension(&settled)).await;
    answer.refused(409, "nothing-to-extend", None);
    let mut elsewhere = extension(&settled);
    elsewhere["rka"] = json!(TWO_OWNERS);
    let answer = settled.resident.asks(elsewhere).await;
    answer.refused(409, "nothing-to-extend", None);
    let mut unknown = extension(&settled);
    unknown["extends"] = json!(uuid::Uuid::now_v7());
    let answer = settled.resident.asks(unknown).await;
    answer.refused(409, "nothing-to-extend", None);
}

/// Somebody whose registration and the one that continues it both stand.
async fn extended() -> (Service, Settled, String) {
    let (service, settled) = about_to_end().await;
    let resident = &settled.resident;
    let applied = resident.applies(&service, extension(&settled)).await;
    let done = settled.owners[0].consent(&service, applied.id()).await;
    let next = done.registration().to_owned();
    (service, settled, next)
}

#[tokio::test]
async fn an_extension_ends_with_the_registration_from_which_its_resident_leaves() {
    let (service, settled, next) = extended().await;
    let resident = &settled.resident;
    assert_eq!(service.house.discontinue(10).await.unwrap(), 0);
    resident.leaves(&service, &settled.registration).await;
    let other = service.another_house();
    let (first, second) = tokio::join!(service.house.discontinue(10), other.discontinue(10));
    assert_eq!(first.unwrap() + second.unwrap(), 1);
    assert_eq!(service.house.discontinue(10).await.unwrap(), 0);
    let ended = resident.sees_registration(&next).await;
    assert_eq!(ended.text("standing"), "discontinued", "{:?}", ended.body);
    for told in [resident, &settled.owners[0]] {
        let notices = told.get("/api/v1/notices").await;
        let mut all = notices.body["items"].as_array().unwrap().iter();
        let one = all.find(|one| one["topic"] == "discontinued").unwrap();
        assert_eq!(one["registration"], json!(next));
    }
    let counts = resident.get("/api/v1/registrations/counts").await;
    assert_eq!(counts.body["discontinued"], 1, "{:?}", counts.body);
    // It ended before its first day, and so held on none.
    for period in ["until=2027-03-01", "from=2027-01-05&until=2027-03-01"] {
        let path = format!("/api/v1/registrations/counts?{period}");
        let counts = resident.get(&path).await;
        assert_eq!(counts.body["discontinued"], 0, "{:?}", counts.body);
        assert_eq!(counts.body["left"], 1, "{:?}", counts.body);
    }
    let told = "SELECT count(*) FROM outbox WHERE body LIKE '%application.discontinued%'";
    assert_eq!(service.count(told).await, 1);
}

#[tokio::test]
async fn an_extension_ends_with_the_registration_that_an_owner_ends() {
    let (service, settled, next) = extended().await;
    let removed = settled.owners[0].removes(&service, &settled.registration);
    assert_eq!(removed.await.state(), "ended");
    assert_eq!(service.house.discontinue(10).await.unwrap(), 1);
    let ended = settled.resident.sees_registration(&next).await;
    assert_eq!(ended.text("standing"), "discontinued");
}

/// The service may have stood still while one more was asked for.
#[tokio::test]
async fn an_extension_of_an_extension_ends_with_both_however_late_it_is_noticed() {
    let (service, settled, next) = extended().await;
    let resident = &settled.resident;
    resident.leaves(&service, &settled.registration).await;
    service.pass_until("2027-03-20T12:00:00Z");
    let mut body = extension(&settled);
    (body["starts_on"], body["extends"]) = (json!("2027-04-03"), json!(next));
    let applied = resident.applies(&service, body).await;
    let done = settled.owners[0].consent(&service, applied.id()).await;
    assert_eq!(service.house.discontinue(1).await.unwrap(), 2);
    for continued in [&next, done.registration()] {
        let ended = resident.sees_registration(continued).await;
        assert_eq!(ended.text("standing"), "discontinued");
    }
}

#[tokio::test]
async fn an_extension_goes_on_when_the_last_day_of_what_it_continues_is_over() {
    let (service, settled, next) = extended().await;
    service.pass_until("2027-02-02T12:00:00Z");
    assert_eq!(service.house.expire_over(10).await.unwrap(), 1);
    assert_eq!(service.house.discontinue(10).await.unwrap(), 0);
    let seen = settled.resident.sees_registration(&next).await;
    assert_eq!(seen.text("standing"), "active");
}

#[tokio::test]
async fn an_extension_of_what_ended_meanwhile_is_refused_for_there_is_nothing_to_extend() {
    let (service, settled) = about_to_end().await;
    let resident = &settled.resident;
    let applied = resident.applies(&service, extension(&settled)).await;
    let left = resident.leaves(&service, &settled.registration).await;
    assert_eq!(left.state(), "ended");
    let refused = all_consent(&service, applied.id(), &["owner-1"]).await;
    assert_eq!(refused.state(), "refused");
    assert_eq!(refused.text("grounds"), "nothing_to_extend");
    let again = resident.asks(extension(&settled)).await;
    again.refused(409, "nothing-to-extend", None);
}

#[tokio::test]
async fn nobody_is_asked_any_more_to_continue_what_ended_early() {
    let (service, settled) = about_to_end().await;
    let resident = &settled.resident;
    let applied = resident.applies(&service, extension(&settled)).await;
    assert_eq!(service.house.discontinue(10).await.unwrap(), 0);
    resident.leaves(&service, &settled.registration).await;
    let other = service.another_house();
    let (first, second) = tokio::join!(service.house.discontinue(10), other.discontinue(10));
    assert_eq!(first.unwrap() + second.unwrap(), 1);
    let refused = resident.sees(applied.id()).await;
    assert_eq!(refused.state(), "refused");
    assert_eq!(refused.text("grounds"), "nothing_to_extend");
}

#[tokio::test]
async fn what_continues_a_registration_that_ended_early_is_not_signed_either() {
    let (service, settled) = about_to_end().await;
    let resident = &settled.resident;
    let drafted = resident.asks(extension(&settled)).await;
    resident.leaves(&service, &settled.registration).await;
    let signed = resident.sign_draft(&service, &drafted).await;
    signed.refused(409, "nothing-to-extend", None);
    assert_eq!(resident.sees(drafted.id()).await.state(), "draft");
}

#[tokio::test]
async fn nobody_is_told_that_a_registration_ends_soon_which_another_continues() {
    let (service, _settled, _) = extended().await;
    let reminded = "SELECT count(*) FROM events WHERE kind = 'reminded'";
    let before = service.count(reminded).await;
    for moment in [
        "2027-01-25T19:00:00Z",
        "2027-01-31T19:00:00Z",
        "2027-02-01T12:00:00Z",
    ] {
        service.pass_until(moment);
        assert_eq!(service.house.remind_due(10).await.unwrap(), 0, "{moment}");
    }
    assert_eq!(service.count(reminded).await, before);
    // And nothing is looked at over and over again.
    let due = "SELECT count(*) FROM applications WHERE remind_at <= '2027-02-01T12:00:00Z'";
    assert_eq!(service.count(due).await, 0);
}
