//! What an applicant and the parties do before anything is registered.

use chrono::TimeDelta;
use serde_json::json;

use super::{all_consent, with_one_owner};
use crate::office::{Answer, ONE_OWNER, Office, TWO_OWNERS, proposal};
use crate::service::Service;

#[tokio::test]
async fn who_rewrites_an_application_voids_the_consents_and_everybody_is_asked_anew() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, TWO_OWNERS).await;
    all_consent(&service, applied.id(), &["owner-2"]).await;
    let mut longer = proposal(TWO_OWNERS);
    longer["months"] = json!(6);
    let rewritten = resident.rewrites(applied.id(), longer).await;
    assert_eq!((rewritten.status, rewritten.state()), (200, "draft"));
    assert_eq!(rewritten.body["edition"], 2);
    assert_eq!(rewritten.body["answers"]["given"], 0);

    let signed = resident.sign_draft(&service, &rewritten).await;
    assert_eq!(signed.state(), "awaiting_consent", "{:?}", signed.body);
    let done = all_consent(&service, applied.id(), &["owner-2", "owner-3"]).await;
    assert_eq!(done.state(), "registered");
    assert_eq!(done.body["months"], 6);
    let history = done.history();
    assert_eq!(
        history,
        [
            "drafted",
            "signed",
            "consent_given",
            "edited",
            "signed",
            "consent_given",
            "consent_given",
            "registered"
        ]
    );
}

#[tokio::test]
async fn rows_111_and_114_a_consent_to_what_was_asked_before_the_edit_is_no_consent() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let (old_path, old) = owner.signed_consent(&service, applied.id()).await;
    let mut longer = proposal(ONE_OWNER);
    longer["months"] = json!(12);
    let rewritten = resident.rewrites(applied.id(), longer).await;
    resident.sign_draft(&service, &rewritten).await;

    let path = owner.consent_path(applied.id()).await;
    let answer = owner.post(&format!("{path}/signature"), old.clone()).await;
    answer.refused(422, "signature-refused", Some("CONSENT/NONCE_SPENT"));
    assert_eq!(answer.text("indication"), "TOTAL-FAILED");
    assert_eq!(answer.text("sub_indication"), "HASH_FAILURE");
    // The question itself is gone as well.
    owner
        .post(&old_path, old)
        .await
        .refused(404, "not-found", None);
    let seen = owner.sees(applied.id()).await;
    assert_eq!(seen.state(), "awaiting_consent");
}

#[tokio::test]
async fn row_111_the_applicants_own_signature_over_the_version_before_is_refused() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let drafted = resident.draft(ONE_OWNER).await;
    let mut other = proposal(ONE_OWNER);
    other["months"] = json!(4);
    resident.rewrites(drafted.id(), other).await;
    let answer = resident.sign_draft(&service, &drafted).await;
    answer.refused(422, "signature-refused", Some("CONSENT/NONCE_SPENT"));
    assert_eq!(answer.text("sub_indication"), "HASH_FAILURE");
}

#[tokio::test]
async fn nobody_but_the_applicant_rewrites_and_nothing_is_rewritten_that_is_registered() {
    let service = Service::start().await;
    let settled = with_one_owner(&service).await;
    let by_owner = settled.owners[0]
        .rewrites(&settled.application, proposal(ONE_OWNER))
        .await;
    by_owner.refused(404, "not-found", None);
    let mut later = proposal(ONE_OWNER);
    later["kind"] = json!("permanent");
    later["months"] = json!(null);
    let late = settled.resident.rewrites(&settled.application, later).await;
    late.refused(409, "state-conflict", Some("CONSENT/STATE_CONFLICT"));
}

#[tokio::test]
async fn the_applicant_withdraws_a_draft_and_what_the_owners_are_asked() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let drafted = resident.draft(TWO_OWNERS).await;
    assert_eq!(resident.withdraws(drafted.id()).await.state(), "withdrawn");
    let applied = resident.apply(&service, TWO_OWNERS).await;
    all_consent(&service, applied.id(), &["owner-2"]).await;
    assert_eq!(resident.withdraws(applied.id()).await.state(), "withdrawn");
    let second = Office::enter(&service, "owner-3").await;
    let path = second.consent_path(applied.id()).await;
    let late = second.signs(&service, &path).await;
    late.refused(409, "state-conflict", Some("CONSENT/STATE_CONFLICT"));
}

async fn declined_with(reason: &str) -> (Service, Answer) {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, TWO_OWNERS).await;
    let owner = Office::enter(&service, "owner-2").await;
    let declined = owner.declines(applied.id(), reason).await;
    assert_eq!((declined.status, declined.state()), (200, "declined"));
    let seen = resident.sees(applied.id()).await;
    (service, seen)
}

#[tokio::test]
async fn an_owner_who_does_not_agree_need_not_say_why_and_it_is_not_reported() {
    let (service, seen) = declined_with("not_agreed").await;
    let reasons = seen.body["consents"].to_string();
    assert!(reasons.contains("not_agreed"), "{reasons}");
    let reported = "SELECT count(*) FROM outbox WHERE body::text LIKE '%\"reported\":true%'";
    assert_eq!(service.count(reported).await, 0);
}

#[tokio::test]
async fn an_owner_who_does_not_know_the_person_or_owns_nothing_there_stops_it_and_it_is_reported() {
    for reason in ["unknown_person", "not_my_dwelling"] {
        let (service, seen) = declined_with(reason).await;
        let reasons = seen.body["consents"].to_string();
        assert!(reasons.contains(reason), "{reasons}");
        let reported = format!(
            "SELECT count(*) FROM outbox WHERE body::text LIKE '%\"reason\":\"{reason}\",\"reported\":true%'"
        );
        assert_eq!(service.count(&reported).await, 1);
    }
}

#[tokio::test]
async fn silence_lapses_and_the_resident_may_apply_anew_at_once() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    service.pass(TimeDelta::hours(72) + TimeDelta::seconds(1));
    assert_eq!(service.house.lapse_overdue(100).await.unwrap(), 1);
    assert_eq!(resident.sees(applied.id()).await.state(), "lapsed");
    let applied = resident.apply(&service, ONE_OWNER).await;
    let done = all_consent(&service, applied.id(), &["owner-1"]).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn row_130_a_consent_taken_back_first_ends_the_application_and_the_last_consent_is_too_late()
{
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, TWO_OWNERS).await;
    let first = Office::enter(&service, "owner-2").await;
    let second = Office::enter(&service, "owner-3").await;
    first.consent(&service, applied.id()).await;
    let (path, body) = second.signed_consent(&service, applied.id()).await;
    let back = take_back(&first, applied.id()).await;
    assert_eq!((back.status, back.state()), (200, "declined"));
    assert_eq!(back.body["consents"][0]["answer"], "taken_back");
    let late = second.post(&path, body).await;
    late.refused(409, "state-conflict", Some("CONSENT/STATE_CONFLICT"));
    assert_eq!(service.count("SELECT count(*) FROM registrations").await, 0);
}

#[tokio::test]
async fn row_130_a_consent_is_not_taken_back_once_the_registration_stands() {
    let service = Service::start().await;
    let settled = with_one_owner(&service).await;
    let back = take_back(&settled.owners[0], &settled.application).await;
    back.refused(409, "state-conflict", Some("CONSENT/STATE_CONFLICT"));
    let seen = settled
        .resident
        .sees_registration(&settled.registration)
        .await;
    assert_eq!(seen.text("standing"), "active");
}

#[tokio::test]
async fn row_130_of_a_consent_taken_back_and_the_last_consent_at_the_same_moment_one_wins() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let first = Office::enter(&service, "owner-2").await;
    let second = Office::enter(&service, "owner-3").await;
    let (mut back_won, mut consent_won) = (0, 0);
    for turn in 0..24 {
        let applied = resident.apply(&service, TWO_OWNERS).await;
        first.consent(&service, applied.id()).await;
        let (path, body) = second.signed_consent(&service, applied.id()).await;
        // A consent takes its time: the later ones are given a longer start.
        let back = async {
            dawdle(&first, applied.id(), turn).await;
            take_back(&first, applied.id()).await
        };
        let (back, consent) = tokio::join!(back, second.post(&path, body));
        let registered = format!(
            "SELECT count(*) FROM registrations WHERE application_id = '{}'",
            applied.id()
        );
        let registered = service.count(&registered).await;
        match (back.status, consent.status) {
            (200, 409) => {
                assert_eq!((back.state(), registered), ("declined", 0));
                back_won += 1;
            }
            (409, 200) => {
                assert_eq!((consent.state(), registered), ("registered", 1));
                let left = resident.leaves(&service, consent.registration()).await;
                assert_eq!(left.status, 200);
                consent_won += 1;
            }
            other => panic!("{other:?}: {:?} {:?}", back.body, consent.body),
        }
    }
    assert!(back_won > 0 && consent_won > 0, "{back_won} {consent_won}");
    let withdrawn = "SELECT count(*) FROM registrations r JOIN consents c
        ON c.application_id = r.application_id WHERE c.answer <> 'given'";
    assert_eq!(service.count(withdrawn).await, 0);
}

/// Looks at the application so many times first.
async fn dawdle(office: &Office, application: &str, times: usize) {
    for _ in 0..times {
        office.sees(application).await;
    }
}

async fn take_back(office: &Office, application: &str) -> Answer {
    let path = office.consent_path(application).await;
    office.post(&format!("{path}/take-back"), json!({})).await
}

#[tokio::test]
async fn of_a_withdrawal_and_the_last_consent_at_the_same_moment_one_wins() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let (mut withdrawn, mut registered) = (0, 0);
    for turn in 0..24 {
        let applied = resident.apply(&service, ONE_OWNER).await;
        let (path, body) = owner.signed_consent(&service, applied.id()).await;
        let withdrawal = async {
            dawdle(&resident, applied.id(), turn).await;
            resident.withdraws(applied.id()).await
        };
        let (withdrawal, consent) = tokio::join!(withdrawal, owner.post(&path, body));
        match (withdrawal.status, consent.status) {
            (200, 409) => withdrawn += 1,
            (409, 200) => {
                resident.leaves(&service, consent.registration()).await;
                registered += 1;
            }
            other => panic!("{other:?}: {:?} {:?}", withdrawal.body, consent.body),
        }
    }
    assert!(withdrawn > 0 && registered > 0, "{withdrawn} {registered}");
    let count = service.count("SELECT count(*) FROM registrations").await;
    assert_eq!(count, registered);
}
