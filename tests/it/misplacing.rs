//! Good signatures in the wrong place: by another person, with the wrong key,
//! over another document, for another purpose.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::office::{Answer, ONE_OWNER, OWNED_TOGETHER, Office, TWO_OWNERS};
use crate::service::Service;

#[tokio::test]
async fn row_123_a_consent_signed_with_another_persons_key_is_nobodys_consent() {
    let service = Service::start().await;
    let (_, owner, application) = applied(&service, ONE_OWNER, "owner-1").await;
    for thief in ["owner-2", "resident-1"] {
        let answer = owner
            .with_key_of(thief)
            .consent(&service, &application)
            .await;
        answer.refused(422, "signature-refused", Some("CONSENT/SESSION_MISMATCH"));
    }
    unchanged(&service, &owner, &application, 2).await;
}

#[tokio::test]
async fn row_28_the_login_key_cannot_sign_an_application() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let drafted = resident.draft(ONE_OWNER).await;
    let document = resident
        .get(&format!("/api/v1/applications/{}/document", drafted.id()))
        .await;
    let signature = resident
        .with_key_of("resident-1-auth")
        .sign(&service, &document.bytes);
    let path = format!("/api/v1/applications/{}/signature", drafted.id());
    let answer = resident.post(&path, json!({"signature": signature})).await;
    answer.refused(422, "signature-refused", Some("CHAIN_CONSTRAINTS_FAILURE"));
    assert_eq!(answer.text("indication"), "INDETERMINATE");
}

#[tokio::test]
async fn row_115_a_login_signature_is_no_consent() {
    let service = Service::start().await;
    let (_, owner, application) = applied(&service, ONE_OWNER, "owner-1").await;
    let challenge = owner.post("/api/v1/auth/challenges", json!({})).await;
    let content = STANDARD.decode(challenge.text("content")).unwrap();
    let answer = offer(&owner, &application, owner.sign(&service, &content)).await;
    answer.refused(422, "signature-refused", Some("CONSENT/WRONG_PURPOSE"));
    unchanged(&service, &owner, &application, 1).await;
}

#[tokio::test]
async fn row_115_a_consent_is_no_login() {
    let service = Service::start().await;
    let (_, owner, application) = applied(&service, ONE_OWNER, "owner-1").await;
    let (_, consent) = owner.signed_consent(&service, &application).await;
    let challenge = owner.post("/api/v1/auth/challenges", json!({})).await;
    let answer = owner
        .post(
            "/api/v1/auth/sessions",
            json!({"challenge": challenge.id(), "signature": consent["signature"]}),
        )
        .await;
    answer.refused(422, "signature-refused", Some("CONSENT/WRONG_PURPOSE"));
}

#[tokio::test]
async fn row_115_the_residents_signature_is_no_consent() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    // The owner of one dwelling applies for another one and is asked for a third.
    let own = owner.draft(TWO_OWNERS).await;
    let (_, _, application) = applied(&service, ONE_OWNER, "owner-1").await;
    let content = own.body["to_sign"]["content"].as_str().unwrap();
    let signature = owner.sign(&service, &STANDARD.decode(content).unwrap());
    let answer = offer(&owner, &application, signature).await;
    answer.refused(422, "signature-refused", Some("CONSENT/WRONG_PURPOSE"));
}

#[tokio::test]
async fn row_116_a_consent_to_one_application_is_none_to_another() {
    let service = Service::start().await;
    let (resident, owner, first) = applied(&service, ONE_OWNER, "owner-1").await;
    let second = resident.apply(&service, OWNED_TOGETHER).await;
    let (_, consent) = owner.signed_consent(&service, &first).await;
    owner.signed_consent(&service, second.id()).await;
    let signature = consent["signature"].as_str().unwrap().to_owned();
    let answer = offer(&owner, second.id(), signature).await;
    answer.refused(422, "signature-refused", Some("CONSENT/NONCE_MISMATCH"));
    unchanged(&service, &owner, second.id(), 1).await;
}

#[tokio::test]
async fn row_113_a_co_owners_document_is_not_ones_own() {
    let service = Service::start().await;
    let (_, first, application) = applied(&service, TWO_OWNERS, "owner-2").await;
    let second = Office::enter(&service, "owner-3").await;
    let path = second.consent_path(&application).await;
    let others = second.get(&format!("{path}/document")).await;
    let signature = first.sign(&service, &others.bytes);
    first.signed_consent(&service, &application).await;
    let answer = offer(&first, &application, signature).await;
    answer.refused(422, "signature-refused", Some("CONSENT/NONCE_MISMATCH"));
}

#[tokio::test]
async fn row_112_a_document_that_was_never_issued_is_not_ours() {
    let service = Service::start().await;
    let (_, owner, application) = applied(&service, ONE_OWNER, "owner-1").await;
    let path = owner.consent_path(&application).await;
    let signature = owner.sign(&service, b"{\"purpose\":\"kelisim/consent/v1\"}");
    let body = json!({"signature": signature});
    let answer = owner.post(&format!("{path}/signature"), body).await;
    answer.refused(422, "signature-refused", Some("CONSENT/DOC_NOT_OURS"));
}

#[tokio::test]
async fn row_127_the_same_words_in_other_bytes_are_another_document() {
    let service = Service::start().await;
    let (_, owner, application) = applied(&service, ONE_OWNER, "owner-1").await;
    let path = owner.consent_path(&application).await;
    let document = owner.get(&format!("{path}/document")).await;
    let spaced = serde_json::to_string_pretty(&document.body).unwrap();
    let answer = offer(
        &owner,
        &application,
        owner.sign(&service, spaced.as_bytes()),
    )
    .await;
    answer.refused(422, "signature-refused", Some("HASH_FAILURE"));
    assert_eq!(answer.text("indication"), "TOTAL-FAILED");
    unchanged(&service, &owner, &application, 1).await;
}

async fn applied(service: &Service, rka: &str, owner: &str) -> (Office, Office, String) {
    let resident = Office::enter(service, "resident-1").await;
    let applied = resident.apply(service, rka).await;
    let owner = Office::enter(service, owner).await;
    (resident, owner, applied.id().to_owned())
}

/// Offers a signature as this owner's consent, whose document was issued.
async fn offer(owner: &Office, application: &str, signature: String) -> Answer {
    let path = owner.consent_path(application).await;
    owner.get(&format!("{path}/document")).await;
    let body = json!({"signature": signature});
    owner.post(&format!("{path}/signature"), body).await
}

/// Nothing counted, and every refusal was written down.
async fn unchanged(service: &Service, owner: &Office, application: &str, refusals: i64) {
    let path = format!("/api/v1/applications/{application}");
    let seen = owner.get(&path).await;
    assert_eq!(
        (seen.state(), &seen.body["version"]),
        ("awaiting_consent", &json!(2))
    );
    let query = format!("SELECT count(*) FROM refusals WHERE application_id = '{application}'");
    assert_eq!(service.count(&query).await, refusals);
}
