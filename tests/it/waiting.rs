//! Evidence that is missing, wrong or late: a signature waits for it, does not
//! count meanwhile, and is never asked for twice.

use std::time::Duration;

use chrono::TimeDelta;
use kelisim::pki::{Behaviour, Failure, Reason, Refusal, Service as Served, Signer};
use tokio::task::JoinSet;

use crate::office::{Answer, ONE_OWNER, Office};
use crate::service::Service;

const LATER: &str = "TRY_LATER";
const GENERAL: &str = "CERTIFICATE_CHAIN_GENERAL_FAILURE";
const CONSTRAINTS: &str = "SIG_CONSTRAINTS_FAILURE";

/// A resident who has applied, and the owner with the signed consent in hand.
struct Scene {
    resident: Office,
    owner: Office,
    path: String,
    body: serde_json::Value,
}

async fn about_to_consent(service: &Service) -> Scene {
    let resident = Office::enter(service, "resident-1").await;
    let applied = resident.apply(service, ONE_OWNER).await;
    let owner = Office::enter(service, "owner-1").await;
    let (path, body) = owner.signed_consent(service, applied.id()).await;
    // What was answered at the login must not answer for the consent.
    service.pass(TimeDelta::minutes(6));
    Scene {
        resident,
        owner,
        path,
        body,
    }
}

async fn consent_while(service: &Service, served: Served, behaviour: Behaviour) -> (Scene, Answer) {
    let scene = about_to_consent(service).await;
    service.authority.behave(served, behaviour).unwrap();
    let answer = scene.owner.post(&scene.path, scene.body.clone()).await;
    (scene, answer)
}

/// Until the server is honest again the consent waits, for this reason; then it
/// counts within a minute.
async fn waits_while(served: Served, behaviour: Behaviour, reason: &str) {
    let service = Service::start().await;
    let (Scene { owner, .. }, answer) = consent_while(&service, served, behaviour).await;
    assert_eq!(answer.status, 202, "{behaviour:?}: {:?}", answer.body);
    assert_eq!(answer.state(), "awaiting_consent");
    assert_eq!(answer.body["answers"]["pending"], 1);
    assert_eq!(answer.body["answers"]["given"], 0);
    let waiting = &answer.body["waiting"][0];
    assert_eq!(waiting["sub_indication"], reason, "{behaviour:?}");

    service.pass(TimeDelta::seconds(3));
    assert_eq!(service.house.settle_received(8).await.unwrap(), 0);
    assert_eq!(service.count("SELECT count(*) FROM registrations").await, 0);

    service.authority.behave(served, Behaviour::Honest).unwrap();
    service.settle_within(TimeDelta::seconds(60)).await;
    let seen = owner
        .get(&format!("/api/v1/applications/{}", answer.id()))
        .await;
    assert_eq!(seen.state(), "registered", "{behaviour:?}: {:?}", seen.body);
    assert_eq!(service.count("SELECT count(*) FROM registrations").await, 1);
}

/// All of them at the same time, each with a service of its own.
async fn each_waits<const N: usize>(served: Served, cases: [(Behaviour, &'static str); N]) {
    let mut under_way = JoinSet::new();
    for (behaviour, reason) in cases {
        under_way.spawn(waits_while(served, behaviour, reason));
    }
    while let Some(ended) = under_way.join_next().await {
        ended.unwrap();
    }
}

#[tokio::test]
async fn rows_57_and_59_a_responder_that_gives_no_answer_keeps_the_consent_waiting() {
    let cases = [
        (Behaviour::Silent, LATER),
        (Behaviour::Refused, LATER),
        (Behaviour::Reset, LATER),
        (Behaviour::Refusal(Refusal::TryLater), LATER),
        (Behaviour::Refusal(Refusal::InternalError), LATER),
        (Behaviour::Refusal(Refusal::Unauthorized), LATER),
        (Behaviour::Refusal(Refusal::MalformedRequest), LATER),
    ];
    each_waits(Served::Ocsp, cases).await;
}

#[tokio::test]
async fn row_57_a_responder_that_babbles_keeps_the_consent_waiting() {
    let cases = [
        (Behaviour::Slow(Duration::from_secs(30)), LATER),
        (Behaviour::Drip, LATER),
        (Behaviour::Html, LATER),
        (Behaviour::Huge, LATER),
        (Behaviour::Status(500), LATER),
    ];
    each_waits(Served::Ocsp, cases).await;
}

#[tokio::test]
async fn rows_58_and_68_to_71_an_answer_that_is_none_or_not_of_today_keeps_the_consent_waiting() {
    let cases = [
        (Behaviour::Unknown, LATER),
        (Behaviour::NoNonce, LATER),
        (Behaviour::WrongNonce, LATER),
        (Behaviour::Future(TimeDelta::hours(1)), LATER),
        (Behaviour::Old(TimeDelta::days(1)), LATER),
        (Behaviour::NeverIssued, LATER),
    ];
    each_waits(Served::Ocsp, cases).await;
}

#[tokio::test]
async fn rows_60_to_65_an_answer_of_somebody_else_or_about_another_never_clears_a_consent() {
    let cases = [
        (Behaviour::WrongSerial, GENERAL),
        (Behaviour::OtherIssuer, GENERAL),
        (Behaviour::BadSignature, GENERAL),
        (Behaviour::Signer(Signer::WithoutPurpose), GENERAL),
        (Behaviour::Signer(Signer::OfAnotherAuthority), GENERAL),
        (
            Behaviour::Signer(Signer::Expired),
            "REVOCATION_OUT_OF_BOUNDS_NO_POE",
        ),
    ];
    each_waits(Served::Ocsp, cases).await;
}

#[tokio::test]
async fn row_78_without_a_time_stamp_the_consent_waits() {
    let cases = [
        (Behaviour::Silent, LATER),
        (Behaviour::Refused, LATER),
        (Behaviour::Reset, LATER),
        (Behaviour::Slow(Duration::from_secs(30)), LATER),
        (Behaviour::Drip, LATER),
        (Behaviour::Html, LATER),
        (Behaviour::Huge, LATER),
        (Behaviour::Status(500), LATER),
    ];
    each_waits(Served::TimeStamps, cases).await;
}

#[tokio::test]
async fn rows_80_and_81_a_time_stamp_that_is_not_what_was_asked_for_proves_nothing() {
    let cases = [
        (Behaviour::WrongNonce, CONSTRAINTS),
        (Behaviour::WrongPolicy, CONSTRAINTS),
        (Behaviour::WrongImprint, CONSTRAINTS),
        (Behaviour::Rejection(Failure::TimeNotAvailable), CONSTRAINTS),
        (
            Behaviour::Signer(Signer::WithAnotherPurpose),
            "CHAIN_CONSTRAINTS_FAILURE",
        ),
        (
            Behaviour::Signer(Signer::NotCritical),
            "CHAIN_CONSTRAINTS_FAILURE",
        ),
    ];
    each_waits(Served::TimeStamps, cases).await;
}

#[tokio::test]
async fn the_residents_signature_waits_and_nobody_is_asked_meanwhile() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let served = Served::TimeStamps;
    service
        .authority
        .behave(served, Behaviour::Status(503))
        .unwrap();
    let drafted = resident.draft(ONE_OWNER).await;
    let signed = resident.sign_draft(&service, &drafted).await;
    assert_eq!(signed.status, 202);
    assert_eq!(signed.state(), "pending_evidence");
    let explanation = signed.body["waiting"][0]["explanation"]["ru"].as_str();
    assert!(explanation.unwrap().contains("не учитывается"));
    let owner = Office::enter(&service, "owner-1").await;
    let path = format!("/api/v1/applications/{}", signed.id());
    assert_eq!(owner.get(&path).await.status, 404);

    service.authority.behave(served, Behaviour::Honest).unwrap();
    service.settle_within(TimeDelta::seconds(60)).await;
    assert_eq!(owner.get(&path).await.state(), "awaiting_consent");
}

#[tokio::test]
async fn whoever_sold_the_dwelling_while_the_applicants_signature_waited_is_never_asked() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let served = Served::TimeStamps;
    let silent = Behaviour::Status(503);
    service.authority.behave(served, silent).unwrap();
    let drafted = resident.draft(ONE_OWNER).await;
    let signed = resident.sign_draft(&service, &drafted).await;
    assert_eq!(signed.state(), "pending_evidence");
    service.add_dwelling(ONE_OWNER, &["owner-2"]).await;
    service.authority.behave(served, Behaviour::Honest).unwrap();
    service.settle_within(TimeDelta::seconds(60)).await;
    let seen = resident.sees(drafted.id()).await;
    assert_eq!(seen.state(), "draft");
    assert_eq!(seen.history().last(), Some(&"signature_refused"));
    for slug in ["owner-1", "owner-2"] {
        let owner = Office::enter(&service, slug).await;
        assert_eq!(owner.sees(drafted.id()).await.status, 404);
    }
    let noted = "SELECT count(*) FROM refusals WHERE code = 'CONSENT/OWNERS_CHANGED'";
    assert_eq!(service.count(noted).await, 1);
    // Written anew, it is asked of whoever owns the dwelling.
    let proposed = crate::office::proposal(ONE_OWNER);
    let anew = resident.rewrites(drafted.id(), proposed).await;
    let signed = resident.sign_draft(&service, &anew).await;
    assert_eq!(signed.state(), "awaiting_consent");
    let buyer = Office::enter(&service, "owner-2").await;
    let done = buyer.consent(&service, drafted.id()).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn a_waiting_signature_is_not_taken_twice_and_its_repetition_is_answered_alike() {
    let service = Service::start().await;
    let Scene {
        owner, path, body, ..
    } = about_to_consent(&service).await;
    service
        .authority
        .behave(Served::Ocsp, Behaviour::Unknown)
        .unwrap();
    let first = owner.post_again(&path, body.clone(), "k1").await;
    let again = owner.post_again(&path, body.clone(), "k1").await;
    assert_eq!((first.status, &first.bytes), (202, &again.bytes));
    let other = owner.post(&path, body).await;
    other.refused(409, "state-conflict", Some("CONSENT/STATE_CONFLICT"));
    let stored = service
        .count("SELECT count(*) FROM received_signatures")
        .await;
    assert_eq!(stored, 1);
}

#[tokio::test]
async fn what_turns_out_to_be_revoked_is_refused_and_its_owner_asked_again() {
    let service = Service::start().await;
    let (Scene { owner, .. }, answer) =
        consent_while(&service, Served::Ocsp, Behaviour::Silent).await;
    let since = service.now() - TimeDelta::days(1);
    service.revoke("owner-1", since, Reason::KeyCompromise);
    service
        .authority
        .behave(Served::Ocsp, Behaviour::Honest)
        .unwrap();
    service.settle_within(TimeDelta::seconds(60)).await;
    let seen = owner
        .get(&format!("/api/v1/applications/{}", answer.id()))
        .await;
    assert_eq!(seen.state(), "awaiting_consent");
    assert_eq!(seen.body["consents"][0]["answer"], "awaited");
    let refused = "SELECT count(*) FROM refusals WHERE code = 'REVOKED'";
    assert_eq!(service.count(refused).await, 1);
    let outcome = "SELECT count(*) FROM received_signatures WHERE outcome = 'refused'";
    assert_eq!(service.count(outcome).await, 1);
}

#[tokio::test]
async fn row_58_what_nobody_ever_confirms_is_refused_in_the_end_and_asked_for_again() {
    let service = Service::start().await;
    let (Scene { owner, .. }, answer) =
        consent_while(&service, Served::Ocsp, Behaviour::Unknown).await;
    service.pass(TimeDelta::hours(25));
    assert_eq!(service.house.lapse_overdue(10).await.unwrap(), 0);
    service.settle_within(TimeDelta::seconds(60)).await;
    let seen = owner
        .get(&format!("/api/v1/applications/{}", answer.id()))
        .await;
    assert_eq!(seen.body["consents"][0]["answer"], "awaited");
    let refused = "SELECT count(*) FROM refusals WHERE code = 'TRY_LATER'";
    assert_eq!(service.count(refused).await, 1);
}

#[tokio::test]
async fn what_came_in_time_counts_though_its_evidence_comes_after_the_deadline() {
    let service = Service::for_long().await;
    let (Scene { owner, .. }, answer) =
        consents_at_the_last_hour(&service, Behaviour::Silent).await;
    service.pass(TimeDelta::hours(2));
    assert_eq!(service.house.lapse_overdue(10).await.unwrap(), 0);
    let seen = owner.sees(answer.id()).await;
    assert_eq!(seen.state(), "awaiting_consent");
    service
        .authority
        .behave(Served::Ocsp, Behaviour::Honest)
        .unwrap();
    service.settle_within(TimeDelta::seconds(60)).await;
    assert_eq!(owner.sees(answer.id()).await.state(), "registered");
}

#[tokio::test]
async fn what_came_in_time_and_counts_for_nothing_puts_no_deadline_off() {
    let service = Service::for_long().await;
    let (
        Scene {
            owner, path, body, ..
        },
        answer,
    ) = consents_at_the_last_hour(&service, Behaviour::Unknown).await;
    service.pass(TimeDelta::minutes(24 * 60 + 1));
    assert_eq!(service.house.lapse_overdue(10).await.unwrap(), 0);
    service.settle_within(TimeDelta::seconds(60)).await;
    let seen = owner.sees(answer.id()).await;
    assert_eq!(seen.body["consents"][0]["answer"], "awaited");
    let again = owner.post(&path, body).await;
    again.refused(409, "state-conflict", Some("CONSENT/NONCE_SPENT"));
    assert_eq!(service.house.lapse_overdue(10).await.unwrap(), 1);
    assert_eq!(owner.sees(answer.id()).await.state(), "lapsed");
}

#[tokio::test]
async fn who_signed_and_waits_may_take_it_back() {
    let service = Service::start().await;
    let (Scene { owner, path, .. }, answer) =
        consent_while(&service, Served::Ocsp, Behaviour::Silent).await;
    let path = path.replace("/signature", "/take-back");
    let back = owner.post(&path, serde_json::json!({})).await;
    assert_eq!((back.status, back.state()), (200, "declined"));
    service
        .authority
        .behave(Served::Ocsp, Behaviour::Honest)
        .unwrap();
    service.settle_within(TimeDelta::seconds(60)).await;
    assert_eq!(owner.sees(answer.id()).await.state(), "declined");
    let moot = "SELECT count(*) FROM received_signatures WHERE outcome = 'moot'";
    assert_eq!(service.count(moot).await, 1);
}

#[tokio::test]
async fn what_still_waits_when_the_last_day_is_over_is_settled_and_registers_nothing() {
    let service = Service::at("2026-11-30T08:00:00Z").await;
    let resident = Office::enter(&service, "resident-1").await;
    let mut body = crate::office::proposal(ONE_OWNER);
    body["arrived_on"] = "2026-11-01".into();
    body["starts_on"] = "2026-11-01".into();
    body["months"] = 1.into();
    let applied = resident.applies(&service, body).await;
    let owner = Office::enter(&service, "owner-1").await;
    service.pass_until("2026-12-01T18:30:00Z");
    let (path, body) = owner.signed_consent(&service, applied.id()).await;
    let authority = &service.authority;
    authority.behave(Served::Ocsp, Behaviour::Silent).unwrap();
    let answer = owner.post(&path, body).await;
    assert_eq!(answer.status, 202, "{:?}", answer.body);
    service.pass_until("2026-12-01T19:00:00Z");
    authority.behave(Served::Ocsp, Behaviour::Honest).unwrap();
    service.settle_within(TimeDelta::seconds(60)).await;
    let seen = owner.sees(applied.id()).await;
    assert_eq!((seen.state(), seen.text("grounds")), ("refused", "over"));
    assert_eq!(service.count("SELECT count(*) FROM registrations").await, 0);
}

/// The owner consents in the last hour while the responder behaves so.
async fn consents_at_the_last_hour(service: &Service, behaviour: Behaviour) -> (Scene, Answer) {
    let resident = Office::enter(service, "resident-1").await;
    let applied = resident.apply(service, ONE_OWNER).await;
    let owner = Office::enter(service, "owner-1").await;
    service.pass(TimeDelta::hours(71));
    let (path, body) = owner.signed_consent(service, applied.id()).await;
    service.authority.behave(Served::Ocsp, behaviour).unwrap();
    let answer = owner.post(&path, body.clone()).await;
    assert_eq!(answer.status, 202, "{:?}", answer.body);
    let scene = Scene {
        resident,
        owner,
        path,
        body,
    };
    (scene, answer)
}

#[tokio::test]
async fn withdrawing_ends_the_waiting_too() {
    let service = Service::start().await;
    let (Scene { resident, .. }, answer) =
        consent_while(&service, Served::Ocsp, Behaviour::Silent).await;
    let path = format!("/api/v1/applications/{}/withdraw", answer.id());
    assert_eq!(
        resident.post(&path, serde_json::json!({})).await.state(),
        "withdrawn"
    );
    service
        .authority
        .behave(Served::Ocsp, Behaviour::Honest)
        .unwrap();
    service.settle_within(TimeDelta::seconds(60)).await;
    let moot = "SELECT count(*) FROM received_signatures WHERE outcome = 'moot'";
    assert_eq!(service.count(moot).await, 1);
    assert_eq!(service.count("SELECT count(*) FROM registrations").await, 0);
}

/// What becomes of a consent whose certificate the responder says was revoked.
async fn revoked_consent(ago: TimeDelta, reason: Reason, code: &str) {
    let service = Service::start().await;
    let scene = about_to_consent(&service).await;
    service.revoke("owner-1", service.now() - ago, reason);
    let answer = scene.owner.post(&scene.path, scene.body).await;
    let status = if code == LATER { 503 } else { 422 };
    answer.refused(status, "signature-refused", Some(code));
    let received = service
        .count("SELECT count(*) FROM received_signatures")
        .await;
    assert_eq!(received, 0);
}

#[tokio::test]
async fn row_22_a_certificate_revoked_before_the_document_was_issued_signs_nothing() {
    revoked_consent(TimeDelta::days(1), Reason::KeyCompromise, "REVOKED").await;
}

#[tokio::test]
async fn row_23_a_certificate_revoked_before_the_signature_was_stamped_signs_nothing() {
    let minute = TimeDelta::minutes(1);
    revoked_consent(minute, Reason::CessationOfOperation, "REVOKED_NO_POE").await;
}

#[tokio::test]
async fn row_24_a_suspended_certificate_signs_nothing_now() {
    revoked_consent(TimeDelta::days(1), Reason::CertificateHold, LATER).await;
}

/// Invariant I23.
#[tokio::test(flavor = "multi_thread")]
async fn no_transaction_is_open_while_a_responder_takes_thirty_seconds() {
    let service = Service::patient().await;
    let Scene {
        owner, path, body, ..
    } = about_to_consent(&service).await;
    let slow = Behaviour::Slow(Duration::from_secs(30));
    service.authority.behave(Served::Ocsp, slow).unwrap();
    let before = service.authority.requests(Served::Ocsp);
    let consent = tokio::spawn(async move { owner.post(&path, body).await });
    while service.authority.requests(Served::Ocsp) == before {
        tokio::task::yield_now().await;
    }
    let open = "SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND backend_type = 'client backend'
                  AND xact_start IS NOT NULL
                  AND pid <> pg_backend_pid()";
    for _ in 0..100 {
        assert_eq!(service.count(open).await, 0);
        assert!(!consent.is_finished());
    }
    service
        .authority
        .behave(Served::Ocsp, Behaviour::Honest)
        .unwrap();
    assert_eq!(consent.await.unwrap().state(), "registered");
}
