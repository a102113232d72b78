//! The two parties sign, and the registration follows.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::office::{
    ONE_OWNER, OWNED_TOGETHER, OWNED_WITH_ECDSA, OWNED_WITH_GOST, Office, TWO_OWNERS,
};
use crate::service::Service;

#[tokio::test]
async fn a_resident_applies_the_owner_consents_and_the_registration_stands() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;

    let applied = resident.apply(&service, ONE_OWNER).await;
    assert_eq!(applied.state(), "awaiting_consent");
    let waiting = owner
        .get("/api/v1/applications?role=owner&state=awaiting_consent")
        .await;
    assert_eq!(waiting.body["items"][0]["id"], applied.body["id"]);

    let done = owner.consent(&service, applied.id()).await;
    assert_eq!((done.status, done.state()), (200, "registered"));

    let path = format!("/api/v1/registrations/{}", done.text("registration"));
    for office in [&resident, &owner] {
        let registration = office.get(&path).await;
        assert_eq!(registration.status, 200);
        assert_eq!(registration.text("rka"), ONE_OWNER);
        assert_eq!(registration.text("starts_on"), "2026-11-01");
        assert_eq!(registration.text("ends_on"), "2027-02-01");
    }
    let kinds: Vec<_> = history(&done.body)
        .iter()
        .map(|one| one["kind"].clone())
        .collect();
    assert_eq!(kinds, ["drafted", "signed", "consent_given", "registered"]);
}

#[tokio::test]
async fn people_of_every_family_of_keys_are_registered_likewise() {
    let service = Service::patient().await;
    for (family, rka) in [("gost", OWNED_WITH_GOST), ("ecdsa", OWNED_WITH_ECDSA)] {
        let resident = Office::enter(&service, &format!("resident-{family}")).await;
        let owner = Office::enter(&service, &format!("owner-{family}")).await;
        let applied = resident.apply(&service, rka).await;
        let done = owner.consent(&service, applied.id()).await;
        assert_eq!((done.status, done.state()), (200, "registered"), "{family}");
    }
}

#[tokio::test]
async fn each_step_leaves_one_event_and_one_message_numbered_without_a_gap() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    owner.consent(&service, applied.id()).await;
    for table in ["events WHERE version", "outbox WHERE sequence"] {
        let query = format!("SELECT count(*) FROM {table} BETWEEN 1 AND 4");
        assert_eq!(service.count(&query).await, 4, "{table}");
    }
    assert_eq!(
        service
            .count("SELECT version AS count FROM applications")
            .await,
        4
    );
}

#[tokio::test]
async fn every_owner_must_consent_before_anything_is_registered() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, TWO_OWNERS).await;
    let first = Office::enter(&service, "owner-2").await;
    let second = Office::enter(&service, "owner-3").await;

    let half = first.consent(&service, applied.id()).await;
    assert_eq!(half.state(), "awaiting_consent");
    assert_eq!(
        half.body["answers"],
        json!({"asked": 2, "pending": 0, "given": 1, "declined": 0})
    );
    assert_eq!(service.count("SELECT count(*) FROM registrations").await, 0);

    let whole = second.consent(&service, applied.id()).await;
    assert_eq!(whole.state(), "registered");
}

#[tokio::test]
async fn a_resident_who_owns_a_share_is_not_asked_but_the_other_owner_is() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-2").await;
    let applied = resident.apply(&service, OWNED_TOGETHER).await;
    assert_eq!(applied.state(), "awaiting_consent");
    assert_eq!(applied.body["answers"]["asked"], 1);
    let owner = Office::enter(&service, "owner-1").await;
    let done = owner.consent(&service, applied.id()).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn a_sole_owner_is_registered_by_his_own_signature() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    let done = owner.apply(&service, ONE_OWNER).await;
    assert_eq!(done.state(), "registered");
    assert_eq!(done.body["answers"]["asked"], 0);
}

#[tokio::test]
async fn the_statement_in_the_signed_bytes_is_in_the_language_the_owner_asked_for() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let owner = Office::enter(&service, "owner-1").await;
    let path = owner.consent_path(applied.id()).await;
    for (language, words) in [
        ("kk", "келісім беремін"),
        ("ru", "даю согласие"),
        ("en", "consent to"),
    ] {
        let path = format!("{path}/document?language={language}");
        let document = owner.get(&path).await;
        assert!(document.text("statement").contains(words), "{language}");
        let again = owner.get(&path).await;
        assert_eq!(document.bytes, again.bytes, "{language}");
    }
    let kazakh = owner.get(&format!("{path}/document?language=kk")).await;
    let signature = owner.sign(&service, &kazakh.bytes);
    let done = owner
        .post(
            &format!("{path}/signature"),
            json!({"signature": signature}),
        )
        .await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn the_signed_bytes_name_the_application_the_owner_and_what_the_resident_signed() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let path = format!("/api/v1/applications/{}/document", applied.id());
    let application = resident.get(&path).await;
    let owner = Office::enter(&service, "owner-1").await;
    let path = owner.consent_path(applied.id()).await;
    let consent = owner.get(&format!("{path}/document")).await;
    assert_eq!(application.text("purpose"), "kelisim/application/v1");
    assert_eq!(consent.text("purpose"), "kelisim/consent/v1");
    assert_eq!(consent.body["application"], applied.body["id"]);
    assert_eq!(
        consent.body["party"],
        json!({"as": "owner", "iin": owner.person.character.identity.iin})
    );
    let digest = kelisim::eds::Digest::of(&application.bytes).to_string();
    assert_eq!(consent.text("application_sha256"), digest);
    assert_ne!(application.body["nonce"], consent.body["nonce"]);
}

#[tokio::test]
async fn a_pem_signature_counts_like_one_in_base64() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let drafted = resident.draft(ONE_OWNER).await;
    let content = drafted.body["to_sign"]["content"].as_str().unwrap();
    let signature = resident.sign(&service, &STANDARD.decode(content).unwrap());
    let pem = format!("-----BEGIN CMS-----\n{signature}\n-----END CMS-----\n");
    let path = format!("/api/v1/applications/{}/signature", drafted.id());
    let signed = resident.post(&path, json!({"signature": pem})).await;
    assert_eq!(signed.state(), "awaiting_consent");
}

#[tokio::test]
async fn a_person_cannot_be_registered_twice_for_the_same_days() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    // Both are open at the same time, so that only the database can tell.
    let first = resident.apply(&service, ONE_OWNER).await;
    let second = resident.apply(&service, OWNED_TOGETHER).await;
    let other = Office::enter(&service, "resident-2").await;
    assert_eq!(
        owner.consent(&service, first.id()).await.state(),
        "registered"
    );
    owner.consent(&service, second.id()).await;
    let refused = other.consent(&service, second.id()).await;
    assert_eq!(refused.state(), "refused");
    assert_eq!(refused.text("grounds"), "already_registered");
    assert_eq!(service.count("SELECT count(*) FROM registrations").await, 1);

    let third = resident
        .post("/api/v1/applications", crate::office::proposal(ONE_OWNER))
        .await;
    third.refused(409, "already-registered", None);
}

#[tokio::test]
async fn owners_who_changed_meanwhile_are_all_asked_anew() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    service
        .add_dwelling(ONE_OWNER, &["owner-1", "owner-2"])
        .await;
    let refused = owner.consent(&service, applied.id()).await;
    refused.refused(409, "state-conflict", Some("CONSENT/OWNERS_CHANGED"));
    assert_eq!(service.count("SELECT count(*) FROM registrations").await, 0);
    let again = owner.consent(&service, applied.id()).await;
    assert_eq!(
        (again.state(), &again.body["round"]),
        ("awaiting_consent", &json!(2))
    );
    let other = Office::enter(&service, "owner-2").await;
    let done = other.consent(&service, applied.id()).await;
    assert_eq!(done.state(), "registered");
}

fn history(body: &Value) -> &Vec<Value> {
    body["history"].as_array().unwrap()
}
