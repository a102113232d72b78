//! Certificates that are revoked: before, meanwhile and afterwards.

use chrono::{DateTime, TimeDelta, Utc};
use kelisim::pki::{Reason, Revocation, serial};

use crate::material;
use crate::office::{ONE_OWNER, Office, TWO_OWNERS};
use crate::service::Service;

/// The lists of both authorities, with these people's certificates revoked.
fn lists(revoked: &[(&str, DateTime<Utc>)], now: DateTime<Utc>) -> [Vec<u8>; 2] {
    let pki = material::pki();
    let revocations = revoked.iter().map(|(slug, since)| Revocation {
        serial: serial(&material::person(slug).certificate).unwrap(),
        since: *since,
        reason: Some(Reason::KeyCompromise),
    });
    let list = pki
        .rsa
        .issuing
        .revocation_list(2, revocations.collect(), now, TimeDelta::days(30));
    [
        pki.rsa.root_crl.clone(),
        list.sign(&pki.rsa.issuing.key).unwrap(),
    ]
}

#[tokio::test]
async fn row_131_a_consent_whose_certificate_turns_out_to_have_been_revoked_before_is_void() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, TWO_OWNERS).await;
    let first = Office::enter(&service, "owner-2").await;
    let second = Office::enter(&service, "owner-3").await;
    first.consent(&service, applied.id()).await;
    let since = service.now() - TimeDelta::seconds(1);
    service.pass(TimeDelta::hours(1));
    service.replace_lists(&lists(&[("owner-2", since)], service.now()));
    let refused = second.consent(&service, applied.id()).await;
    assert_eq!(refused.state(), "refused");
    assert_eq!(refused.text("grounds"), "signature_void");
    assert_eq!(service.count("SELECT count(*) FROM registrations").await, 0);
}

#[tokio::test]
async fn row_131_a_certificate_revoked_after_the_consent_does_not_undo_it() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, TWO_OWNERS).await;
    let first = Office::enter(&service, "owner-2").await;
    let second = Office::enter(&service, "owner-3").await;
    first.consent(&service, applied.id()).await;
    service.pass(TimeDelta::hours(1));
    service.replace_lists(&lists(&[("owner-2", service.now())], service.now()));
    let done = second.consent(&service, applied.id()).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn row_23_a_certificate_revoked_after_the_document_was_issued_proves_nothing() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let owner = Office::enter(&service, "owner-1").await;
    let (path, body) = owner.signed_consent(&service, applied.id()).await;
    service.pass(TimeDelta::minutes(5));
    let since = service.now() - TimeDelta::minutes(1);
    service.replace_lists(&lists(&[("owner-1", since)], service.now()));
    let answer = owner.post(&path, body).await;
    answer.refused(422, "signature-refused", Some("REVOKED_NO_POE"));
    assert_eq!(answer.text("indication"), "INDETERMINATE");
}

#[tokio::test]
async fn row_73_a_list_that_is_out_of_date_is_no_list() {
    let service = Service::start().await;
    let down = kelisim::pki::Behaviour::Status(503);
    let responder = kelisim::pki::Service::Ocsp;
    service.authority.behave(responder, down).unwrap();
    let stale = lists(&[], service.now() - TimeDelta::days(31));
    service.replace_lists(&stale);
    let office = Office::outside(&service, "resident-1");
    let challenge = office
        .post("/api/v1/auth/challenges", serde_json::json!({}))
        .await;
    let content = challenge.text("content");
    let content = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, content);
    let signature = office.sign(&service, &content.unwrap());
    let answer = office
        .post(
            "/api/v1/auth/sessions",
            serde_json::json!({"challenge": challenge.id(), "signature": signature}),
        )
        .await;
    let code = "CERTIFICATE_CHAIN_GENERAL_FAILURE";
    answer.refused(422, "signature-refused", Some(code));
}

#[tokio::test]
async fn row_25_nobody_signs_under_an_authority_that_was_revoked() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let owner = Office::enter(&service, "owner-1").await;
    let (path, body) = owner.signed_consent(&service, applied.id()).await;
    let rsa = &service.pki.rsa;
    let revocation = Revocation {
        serial: serial(&rsa.issuing.certificate).unwrap(),
        since: service.now() - TimeDelta::days(1),
        reason: Some(Reason::KeyCompromise),
    };
    let (now, month) = (service.now(), TimeDelta::days(30));
    let list = rsa.root.revocation_list(2, vec![revocation], now, month);
    let list = list.sign(&rsa.root.key).unwrap();
    service.replace_lists(&[list, rsa.issuing_crl.clone()]);
    let answer = owner.post(&path, body).await;
    answer.refused(422, "signature-refused", Some("REVOKED_CA_NO_POE"));
    assert_eq!(service.count("SELECT count(*) FROM registrations").await, 0);
}

#[tokio::test]
async fn row_133_a_clock_that_was_set_back_decides_nothing() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let owner = Office::enter(&service, "owner-1").await;
    let (path, body) = owner.signed_consent(&service, applied.id()).await;
    service.pass(-TimeDelta::hours(2));
    let answer = owner.post_again(&path, body.clone(), "k1").await;
    let code = Some("CONSENT/CLOCK_UNTRUSTED");
    answer.refused(503, "unavailable", code);
    service.pass(TimeDelta::hours(2));
    let done = owner.post_again(&path, body, "k1").await;
    assert_eq!(done.state(), "registered");
}
