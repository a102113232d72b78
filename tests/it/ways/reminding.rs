//! People are reminded before a time runs out: each time once, and never more
//! often than there are times.

use chrono::TimeDelta;

use super::{all_consent, with_one_owner, with_two_owners};
use crate::office::{Office, TWO_OWNERS};
use crate::service::Service;

async fn reminders(service: &Service) -> i64 {
    let told = "SELECT count(*) FROM events e JOIN outbox o
        ON o.application_id = e.application_id AND o.sequence = e.version
        WHERE e.kind = 'reminded'";
    service.count(told).await
}

/// Reminds everybody who is due, twice, and says how many there were.
async fn remind(service: &Service) -> usize {
    let first = service.house.remind_due(10).await.unwrap();
    assert_eq!(service.house.remind_due(10).await.unwrap(), 0);
    first
}

#[tokio::test]
async fn who_has_not_answered_is_reminded_a_day_and_four_hours_before_the_deadline() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, TWO_OWNERS).await;
    for (hours, due) in [(47, 0), (1, 1), (19, 0), (1, 1), (3, 0)] {
        service.pass(TimeDelta::hours(hours));
        assert_eq!(remind(&service).await, due, "{hours} hours later");
    }
    assert_eq!(reminders(&service).await, 2);
    let done = all_consent(&service, applied.id(), &["owner-2", "owner-3"]).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn the_people_of_a_registration_are_reminded_thirty_seven_and_one_days_before_its_end() {
    let service = Service::for_long().await;
    with_one_owner(&service).await;
    // It ends at 19:00 UTC on 1 February.
    for (moment, due) in [
        ("2027-01-02T18:59:59Z", 0),
        ("2027-01-02T19:00:00Z", 1),
        ("2027-01-25T18:59:59Z", 0),
        ("2027-01-25T19:00:00Z", 1),
        ("2027-01-31T18:59:59Z", 0),
        ("2027-01-31T19:00:00Z", 1),
        ("2027-02-01T18:59:59Z", 0),
    ] {
        service.pass_until(moment);
        assert_eq!(remind(&service).await, due, "{moment}");
    }
    assert_eq!(reminders(&service).await, 3);
}

#[tokio::test]
async fn a_service_that_slept_for_weeks_reminds_once_and_not_once_for_each_time_it_missed() {
    let service = Service::for_long().await;
    with_one_owner(&service).await;
    service.pass_until("2027-02-01T12:00:00Z");
    assert_eq!(remind(&service).await, 1);
    service.pass_until("2027-02-01T18:00:00Z");
    assert_eq!(remind(&service).await, 0);
    assert_eq!(reminders(&service).await, 1);
}

#[tokio::test]
async fn two_houses_that_remind_at_the_same_moment_tell_people_once() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    resident.apply(&service, TWO_OWNERS).await;
    service.pass(TimeDelta::hours(48));
    let other = service.another_house();
    let (one, two) = tokio::join!(service.house.remind_due(10), other.remind_due(10));
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    assert_eq!(reminders(&service).await, 1);
}

#[tokio::test]
async fn who_has_an_end_in_sight_no_more_is_reminded_of_nothing() {
    let service = Service::for_long().await;
    let settled = with_one_owner(&service).await;
    settled
        .resident
        .leaves(&service, &settled.registration)
        .await;
    service.pass_until("2027-01-20T12:00:00Z");
    assert_eq!(remind(&service).await, 0);
    assert_eq!(reminders(&service).await, 0);
}

#[tokio::test]
async fn who_drafted_and_did_not_sign_is_reminded_before_the_draft_lapses() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let drafted = resident.draft(TWO_OWNERS).await;
    for (hours, due) in [(47, 0), (1, 1), (19, 0), (1, 1), (3, 0)] {
        service.pass(TimeDelta::hours(hours));
        assert_eq!(remind(&service).await, due, "{hours} hours later");
    }
    let told = "SELECT count(*) FROM notices WHERE topic = 'signature_due'";
    assert_eq!(service.count(told).await, 2);
    let all = "SELECT count(*) FROM notices";
    assert_eq!(service.count(all).await, 2);
    let signed = resident.sign_draft(&service, &drafted).await;
    assert_eq!(signed.state(), "awaiting_consent");
}

#[tokio::test]
async fn who_is_to_confirm_an_end_is_reminded_and_nobody_else() {
    let service = Service::start().await;
    let settled = with_two_owners(&service).await;
    let [first, second] = settled.both();
    first.removes(&service, &settled.registration).await;
    for (hours, due) in [(47, 0), (1, 1), (19, 0), (1, 1), (3, 0)] {
        service.pass(TimeDelta::hours(hours));
        assert_eq!(remind(&service).await, due, "{hours} hours later");
    }
    let told = format!(
        "SELECT count(*) FROM notices n JOIN events e
        ON e.application_id = n.application_id AND e.version = n.version
        WHERE e.kind = 'reminded' AND n.topic = 'confirmation_due' AND n.person_iin = '{}'",
        second.iin()
    );
    assert_eq!(service.count(&told).await, 2);
    let all = "SELECT count(*) FROM notices n JOIN events e
        ON e.application_id = n.application_id AND e.version = n.version
        WHERE e.kind = 'reminded'";
    assert_eq!(service.count(all).await, 2);
    let confirmed = second.confirms(&service, &settled.registration).await;
    assert_eq!(confirmed.state(), "ended");
}
