//! The dwelling changes hands while somebody applies.

use chrono::TimeDelta;
use kelisim::pki::{Behaviour, Service as Served};

use super::all_consent;
use crate::office::{ONE_OWNER, Office, TWO_OWNERS, proposal};
use crate::service::Service;

#[tokio::test]
async fn row_120_a_sold_dwelling_asks_the_new_owners_and_the_old_consents_are_void() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, TWO_OWNERS).await;
    all_consent(&service, applied.id(), &["owner-2"]).await;
    let seller = Office::enter(&service, "owner-3").await;
    let (path, body) = seller.signed_consent(&service, applied.id()).await;
    service
        .add_dwelling(TWO_OWNERS, &["owner-1", "owner-2"])
        .await;

    let answer = seller.post(&path, body).await;
    answer.refused(409, "state-conflict", Some("CONSENT/OWNERS_CHANGED"));
    let seen = resident.sees(applied.id()).await;
    assert_eq!(seen.state(), "awaiting_consent");
    assert_eq!(seen.body["round"], 2);
    assert_eq!(seen.body["edition"], 1);
    assert_eq!(seen.body["answers"]["asked"], 2);
    assert_eq!(seen.body["answers"]["given"], 0);
    assert_eq!(seen.history().last(), Some(&"owners_changed"));
    seller
        .sees(applied.id())
        .await
        .refused(404, "not-found", None);

    let done = all_consent(&service, applied.id(), &["owner-2", "owner-1"]).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn a_former_owner_who_declines_is_not_asked_any_more_and_the_new_one_is() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let seller = Office::enter(&service, "owner-1").await;
    let path = seller.consent_path(applied.id()).await;
    service.add_dwelling(ONE_OWNER, &["owner-2"]).await;
    let body = serde_json::json!({"reason": "not_my_dwelling"});
    let answer = seller.post(&format!("{path}/decline"), body).await;
    answer.refused(409, "state-conflict", Some("CONSENT/OWNERS_CHANGED"));
    let seen = resident.sees(applied.id()).await;
    assert_eq!(
        (seen.state(), &seen.body["round"]),
        ("awaiting_consent", &2.into())
    );
    let done = all_consent(&service, applied.id(), &["owner-2"]).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn a_draft_about_a_dwelling_that_was_sold_is_written_anew_before_anybody_is_asked() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let drafted = resident.draft(ONE_OWNER).await;
    service.add_dwelling(ONE_OWNER, &["owner-2"]).await;
    let signed = resident.sign_draft(&service, &drafted).await;
    signed.refused(409, "state-conflict", Some("CONSENT/OWNERS_CHANGED"));
    let anew = resident.rewrites(drafted.id(), proposal(ONE_OWNER)).await;
    let signed = resident.sign_draft(&service, &anew).await;
    assert_eq!(signed.state(), "awaiting_consent");
    let done = all_consent(&service, drafted.id(), &["owner-2"]).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn row_120_the_signature_of_one_who_stays_an_owner_counts_only_in_the_new_round() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let owner = Office::enter(&service, "owner-1").await;
    let (path, old) = owner.signed_consent(&service, applied.id()).await;
    service
        .add_dwelling(ONE_OWNER, &["owner-1", "owner-2"])
        .await;
    let answer = owner.post(&path, old.clone()).await;
    answer.refused(409, "state-conflict", Some("CONSENT/OWNERS_CHANGED"));

    let path = owner.consent_path(applied.id()).await;
    let again = owner.post(&format!("{path}/signature"), old).await;
    again.refused(422, "signature-refused", Some("CONSENT/NONCE_SPENT"));
    let done = all_consent(&service, applied.id(), &["owner-1", "owner-2"]).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn when_the_applicant_becomes_the_only_owner_nobody_is_left_to_be_asked() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let owner = Office::enter(&service, "owner-1").await;
    let (path, body) = owner.signed_consent(&service, applied.id()).await;
    service.add_dwelling(ONE_OWNER, &["resident-1"]).await;
    let answer = owner.post(&path, body).await;
    answer.refused(409, "state-conflict", Some("CONSENT/OWNERS_CHANGED"));
    let other = service.another_house();
    let (one, two) = tokio::join!(service.house.register_agreed(10), other.register_agreed(10));
    assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
    let seen = resident.sees(applied.id()).await;
    assert_eq!(seen.state(), "registered");
    let registered = seen
        .history()
        .into_iter()
        .filter(|one| *one == "registered");
    assert_eq!(registered.count(), 1);
    assert_eq!(seen.body["answers"]["asked"], 0);
}

#[tokio::test]
async fn a_dwelling_that_belongs_to_nobody_any_more_ends_the_application_and_says_why() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let owner = Office::enter(&service, "owner-1").await;
    let (path, body) = owner.signed_consent(&service, applied.id()).await;
    service.add_dwelling(ONE_OWNER, &[]).await;
    let answer = owner.post(&path, body).await;
    answer.refused(409, "state-conflict", Some("CONSENT/OWNERS_CHANGED"));
    let seen = resident.sees(applied.id()).await;
    assert_eq!(seen.state(), "refused");
    assert_eq!(seen.text("grounds"), "owners_changed");
}

#[tokio::test]
async fn row_117_a_former_owner_a_neighbour_and_the_resident_sign_nothing_for_the_owner() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let owner = Office::enter(&service, "owner-1").await;
    let consent = owner.consent_path(applied.id()).await;
    let document = owner.get(&format!("{consent}/document")).await;
    let path = format!("{consent}/signature");
    // Who may see the application is told whose question it is not.
    let signature = resident.sign(&service, &document.bytes);
    let body = serde_json::json!({"signature": signature});
    let answer = resident.post(&path, body).await;
    answer.refused(409, "state-conflict", Some("CONSENT/SIGNER_NOT_OWNER"));
    let noted = "SELECT count(*) FROM refusals WHERE code = 'CONSENT/SIGNER_NOT_OWNER'";
    assert_eq!(service.count(noted).await, 1);
    // For a neighbour, the owner of another dwelling, there is no such question.
    let neighbour = Office::enter(&service, "owner-2").await;
    let signature = neighbour.sign(&service, &document.bytes);
    let body = serde_json::json!({"signature": signature});
    let answer = neighbour.post(&path, body).await;
    answer.refused(404, "not-found", None);
    // Nor for a former owner, once others are asked.
    service.add_dwelling(ONE_OWNER, &["owner-2"]).await;
    let (_, body) = owner.signed_consent(&service, applied.id()).await;
    let answer = owner.post(&path, body.clone()).await;
    answer.refused(409, "state-conflict", Some("CONSENT/OWNERS_CHANGED"));
    owner
        .post(&path, body)
        .await
        .refused(404, "not-found", None);
    let done = all_consent(&service, applied.id(), &["owner-2"]).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn row_117_a_co_owner_does_not_sign_in_the_place_of_another() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, TWO_OWNERS).await;
    let first = Office::enter(&service, "owner-2").await;
    let second = Office::enter(&service, "owner-3").await;
    let of_second = second.consent_path(applied.id()).await;
    let (_, body) = first.signed_consent(&service, applied.id()).await;
    let answer = first.post(&format!("{of_second}/signature"), body).await;
    answer.refused(409, "state-conflict", Some("CONSENT/SIGNER_NOT_OWNER"));
}

#[tokio::test]
async fn a_consent_whose_evidence_comes_after_the_sale_registers_nobody_with_the_new_owner() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let owner = Office::enter(&service, "owner-1").await;
    let (path, body) = owner.signed_consent(&service, applied.id()).await;
    service.pass(TimeDelta::minutes(6));
    let authority = &service.authority;
    authority.behave(Served::Ocsp, Behaviour::Silent).unwrap();
    let received = owner.post(&path, body).await;
    assert_eq!(received.status, 202, "{:?}", received.body);
    service.add_dwelling(ONE_OWNER, &["owner-2"]).await;
    authority.behave(Served::Ocsp, Behaviour::Honest).unwrap();
    service.settle_within(TimeDelta::minutes(2)).await;
    let seen = resident.sees(applied.id()).await;
    assert_eq!(seen.state(), "awaiting_consent");
    assert_eq!(seen.body["round"], 2);
    let done = all_consent(&service, applied.id(), &["owner-2"]).await;
    assert_eq!(done.state(), "registered");
}
