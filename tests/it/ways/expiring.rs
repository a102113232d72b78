//! The last day ends at midnight in Almaty, and jobs have their effect once.

use chrono::TimeDelta;
use serde_json::json;

use super::{all_consent, each, with_one_owner, with_two_owners};
use crate::office::{ONE_OWNER, Office, proposal};
use crate::service::Service;

#[tokio::test]
async fn a_registration_stands_a_second_before_midnight_in_almaty_and_no_second_longer() {
    let service = Service::for_long().await;
    let settled = with_one_owner(&service).await;
    // The last day is 1 February 2027; midnight is at 19:00 UTC.
    service.pass_until("2027-02-01T18:59:59Z");
    assert_eq!(service.house.expire_over(10).await.unwrap(), 0);
    let seen = settled
        .resident
        .sees_registration(&settled.registration)
        .await;
    assert_eq!(seen.text("standing"), "active");
    service.pass_until("2027-02-01T19:00:00Z");
    assert_eq!(service.house.expire_over(10).await.unwrap(), 1);
    let seen = settled
        .resident
        .sees_registration(&settled.registration)
        .await;
    assert_eq!(seen.text("standing"), "expired");
    assert_eq!(seen.text("ended_at"), "2027-02-01T19:00:00Z");
}

#[tokio::test]
async fn what_is_over_is_shown_as_over_though_no_job_has_run() {
    let service = Service::for_long().await;
    let settled = with_one_owner(&service).await;
    let (resident, owner) = (&settled.resident, &settled.owners[0]);
    let counted = async || {
        let counts = resident.get("/api/v1/registrations/counts").await.body;
        ["total", "active", "expired"].map(|member| counts[member].clone())
    };
    let found = async |standing: &str| {
        let path = format!("/api/v1/registrations?standing={standing}");
        let listed = resident.get(&path).await;
        each(&listed.body["items"], "standing").join(" ")
    };
    service.pass_until("2027-02-01T18:59:59Z");
    assert_eq!(counted().await, [1, 1, 0]);
    assert_eq!(
        (found("active").await, found("ended").await),
        ("active".to_owned(), String::new())
    );
    service.pass_until("2027-02-01T19:00:00Z");
    assert_eq!(counted().await, [1, 0, 1]);
    assert_eq!(
        (found("active").await, found("ended").await),
        (String::new(), "expired".to_owned())
    );
    for office in [resident, owner] {
        let seen = office.sees_registration(&settled.registration).await;
        assert_eq!(seen.text("standing"), "expired");
        assert_eq!(seen.text("ended_at"), "2027-02-01T19:00:00Z");
        let seen = office.sees(&settled.application).await;
        assert_eq!(seen.body["registrations"][0]["standing"], "expired");
    }
    let at = format!("/api/v1/dwellings/{ONE_OWNER}/registrations?standing=active");
    assert_eq!(owner.get(&at).await.body["items"], json!([]));
    let export = resident.get("/api/v1/me/export").await;
    assert_eq!(export.body["registrations"][0]["standing"], "expired");
    // The job changes nothing about that.
    assert_eq!(service.house.expire_over(10).await.unwrap(), 1);
    assert_eq!(counted().await, [1, 0, 1]);
    assert_eq!(found("ended").await, "expired");
}

#[tokio::test]
async fn expiry_runs_twice_late_and_in_two_houses_and_has_one_effect_on_time() {
    let service = Service::for_long().await;
    let settled = with_one_owner(&service).await;
    service.pass_until("2027-02-05T08:00:00Z");
    let other = service.another_house();
    let (one, two) = tokio::join!(service.house.expire_over(10), other.expire_over(10));
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    assert_eq!(service.house.expire_over(10).await.unwrap(), 0);
    let seen = settled.resident.sees(&settled.application).await;
    assert_eq!(seen.state(), "ended");
    assert_eq!(
        seen.body["registrations"][0]["ended_at"],
        "2027-02-01T19:00:00Z"
    );
    let expired = seen.history().into_iter().filter(|kind| *kind == "expired");
    assert_eq!(expired.count(), 1);
}

#[tokio::test]
async fn after_the_last_day_nobody_ends_it_in_another_way_though_no_job_has_run() {
    let service = Service::for_long().await;
    let settled = with_two_owners(&service).await;
    service.pass_until("2027-02-01T19:00:01Z");
    let left = settled
        .resident
        .leaves(&service, &settled.registration)
        .await;
    left.refused(409, "state-conflict", Some("CONSENT/NONCE_SPENT"));
    let removed = settled.owners[0]
        .removes(&service, &settled.registration)
        .await;
    removed.refused(409, "state-conflict", Some("CONSENT/NONCE_SPENT"));
}

#[tokio::test]
async fn a_demand_to_end_it_does_not_outlive_the_last_day_whatever_job_runs_first() {
    let service = Service::for_long().await;
    let settled = with_two_owners(&service).await;
    service.pass_until("2027-01-31T12:00:00Z");
    let demanded = settled.owners[0]
        .removes(&service, &settled.registration)
        .await;
    assert_eq!(demanded.status, 200, "{:?}", demanded.body);
    service.pass_until("2027-02-10T12:00:00Z");
    assert_eq!(service.house.drop_unconfirmed(10).await.unwrap(), 0);
    assert_eq!(service.house.expire_over(10).await.unwrap(), 1);
    assert_eq!(service.house.drop_unconfirmed(10).await.unwrap(), 0);
    let seen = settled
        .resident
        .sees_registration(&settled.registration)
        .await;
    assert_eq!(seen.text("standing"), "expired");
}

#[tokio::test]
async fn lapsing_runs_twice_late_and_in_two_houses_and_has_one_effect() {
    let service = Service::for_long().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    service.pass(TimeDelta::days(20));
    let other = service.another_house();
    let (one, two) = tokio::join!(service.house.lapse_overdue(10), other.lapse_overdue(10));
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    assert_eq!(service.house.lapse_overdue(10).await.unwrap(), 0);
    let seen = resident.sees(applied.id()).await;
    assert_eq!(seen.history(), ["drafted", "signed", "lapsed"]);
}

#[tokio::test]
async fn one_month_from_the_thirty_first_of_january_ends_on_the_last_of_february() {
    stays("2027-01-31T04:00:00Z", ("2027-01-31", 1), "2027-02-28").await;
}

#[tokio::test]
async fn one_month_from_the_thirty_first_of_january_ends_on_the_twenty_ninth_in_a_leap_year() {
    stays("2028-01-31T04:00:00Z", ("2028-01-31", 1), "2028-02-29").await;
}

#[tokio::test]
async fn twelve_months_from_the_twenty_ninth_of_february_end_on_the_twenty_eighth() {
    stays("2028-02-29T04:00:00Z", ("2028-02-29", 12), "2029-02-28").await;
}

/// A registration asked for at this moment has that last day, and ends at the
/// midnight after it.
async fn stays(moment: &str, (from, months): (&str, u32), until: &str) {
    let service = Service::at(moment).await;
    let resident = Office::enter(&service, "resident-1").await;
    let mut body = proposal(ONE_OWNER);
    body["arrived_on"] = json!(from);
    body["starts_on"] = json!(from);
    body["months"] = json!(months);
    let applied = resident.applies(&service, body).await;
    let done = all_consent(&service, applied.id(), &["owner-1"]).await;
    let seen = resident.sees_registration(done.registration()).await;
    assert_eq!(seen.text("ends_on"), until);
    service.pass_until(&format!("{until}T18:59:59Z"));
    assert_eq!(service.house.expire_over(10).await.unwrap(), 0);
    service.pass(TimeDelta::seconds(1));
    assert_eq!(service.house.expire_over(10).await.unwrap(), 1);
}
