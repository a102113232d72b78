//! A consent with a signature that does not count is refused over HTTP, row by
//! row of the list of refusals, and changes nothing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Duration, Utc};
use kelisim::pki::{KeyKind, Revocation, serial};
use serde_json::{Value, json};

use crate::forgery::{Case, Signer, attributes_as_content, cases, owner, signer};
use crate::office::{Answer, ONE_OWNER, Office, proposal};
use crate::service::Service;

/// An application that waits for the consent of `owner-1`, who has signed in.
struct Scene {
    service: Service,
    owner: Office,
    application: String,
    consent: String,
    document: Vec<u8>,
}

impl Scene {
    async fn set() -> Scene {
        let service = Service::start_today().await;
        let resident = Office::enter(&service, "resident-1").await;
        let owner = Office::enter(&service, "owner-1").await;
        let application = applied(&service, &resident).await;
        let consent = owner.consent_path(&application).await;
        let document = owner.get(&format!("{consent}/document")).await.bytes;
        Scene {
            service,
            owner,
            application,
            consent,
            document,
        }
    }

    /// The same signer, whose certificate the authority's responder now knows.
    fn known(&self, signer: Signer) -> Signer {
        self.service
            .authority
            .register(&signer.certificate)
            .unwrap();
        signer
    }

    async fn offer(&self, signature: &[u8]) -> Answer {
        self.offer_text(&STANDARD.encode(signature)).await
    }

    async fn offer_text(&self, signature: &str) -> Answer {
        let path = format!("{}/signature", self.consent);
        self.owner
            .post(&path, json!({"signature": signature}))
            .await
    }

    /// All that a consent could have changed.
    async fn all_there_is(&self) -> (Value, i64, i64, i64, i64) {
        let path = format!("/api/v1/applications/{}", self.application);
        let seen = self.owner.get(&path).await.body;
        let count = async |table: &str| {
            self.service
                .count(&format!("SELECT count(*) FROM {table}"))
                .await
        };
        let (signatures, events) = (count("signatures").await, count("events").await);
        (
            seen,
            signatures,
            events,
            count("outbox").await,
            count("registrations").await,
        )
    }
}

/// The resident applies for three months from today and signs.
async fn applied(service: &Service, resident: &Office) -> String {
    let mut request = proposal(ONE_OWNER);
    let today = local_day(service.now());
    request["starts_on"] = json!(today);
    request["arrived_on"] = json!(local_day(service.now() - Duration::days(2)));
    let drafted = resident.post("/api/v1/applications", request).await;
    assert_eq!(drafted.status, 201, "{:?}", drafted.body);
    let content = drafted.body["to_sign"]["content"].as_str().unwrap();
    let signature = resident.sign(service, &STANDARD.decode(content).unwrap());
    let path = format!("/api/v1/applications/{}/signature", drafted.id());
    let signed = resident.post(&path, json!({"signature": signature})).await;
    assert_eq!(signed.state(), "awaiting_consent");
    signed.id().to_owned()
}

fn local_day(moment: DateTime<Utc>) -> String {
    (moment + Duration::hours(5)).date_naive().to_string()
}

/// What is wrong with the answer to a case, if anything.
fn fault(case: &Case, answer: &Answer) -> Option<String> {
    let found = json!([answer.body["indication"], answer.body["sub_indication"]]);
    let due = json!([case.indication, case.code]);
    let refused = answer.status == 422 && found == due && answer.body["reason"].is_string();
    let told = format!(
        "row {}, {}: {} {}",
        case.row, case.what, answer.status, answer.body
    );
    (!refused).then_some(told)
}

#[tokio::test]
async fn every_row_is_refused_under_its_code_and_changes_nothing() {
    let scene = Scene::set().await;
    let before = scene.all_there_is().await;
    let mut wrong = Vec::new();
    let cases = cases(&scene.document);
    for case in &cases {
        let answer = match std::str::from_utf8(&case.signature) {
            Ok(text) => scene.offer_text(text).await,
            Err(_) => scene.offer(&case.signature).await,
        };
        wrong.extend(fault(case, &answer));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(scene.all_there_is().await, before);
    let noted = scene.service.count("SELECT count(*) FROM refusals").await;
    assert_eq!(usize::try_from(noted).unwrap(), cases.len());
}

#[tokio::test]
async fn after_all_the_refusals_a_good_signature_still_counts() {
    let scene = Scene::set().await;
    for case in cases(&scene.document).iter().take(3) {
        scene.offer(&case.signature).await;
    }
    let owner = scene.known(owner());
    let done = scene.offer(&owner.signs(&scene.document)).await;
    assert_eq!(
        (done.status, done.state()),
        (200, "registered"),
        "{:?}",
        done.body
    );
}

#[tokio::test]
async fn signatures_by_openssl_count() {
    for kind in [KeyKind::Rsa2048, KeyKind::EcdsaP256] {
        let scene = Scene::set().await;
        let signer = scene.known(signer(kind, |_| {}));
        let signature = signer.signs_by_openssl(&scene.document, "-cades");
        let done = scene.offer(&signature).await;
        assert_eq!(
            (done.status, done.state()),
            (200, "registered"),
            "{:?}",
            done.body
        );
    }
}

#[tokio::test]
async fn row_14_a_body_of_more_than_a_mebibyte_is_not_read() {
    let scene = Scene::set().await;
    let before = scene.all_there_is().await;
    let answer = scene.offer_text(&"A".repeat(1024 * 1024)).await;
    answer.refused(413, "too-large", None);
    assert_eq!(scene.all_there_is().await, before);
}

#[tokio::test]
async fn row_20_a_certificate_that_expires_between_issue_and_receipt() {
    let scene = Scene::set().await;
    let until = scene.service.now() + Duration::seconds(30);
    let signer = signer(KeyKind::EcdsaP256, |template| {
        template.validity.until = until
    });
    let signature = signer.signs(&scene.document);
    scene.service.pass(Duration::minutes(1));
    let before = scene.all_there_is().await;
    let answer = scene.offer(&signature).await;
    answer.refused(422, "signature-refused", Some("OUT_OF_BOUNDS_NO_POE"));
    assert_eq!(answer.body["indication"], "INDETERMINATE");
    assert_eq!(scene.all_there_is().await, before);
}

/// The service learns that the certificate was revoked then, from a list of now.
fn revoke(service: &Service, certificate: &[u8], since: DateTime<Utc>) {
    let (pki, now) = (service.pki, service.now());
    let serial = serial(certificate).unwrap();
    let revoked = vec![Revocation {
        serial,
        since,
        reason: None,
    }];
    let list = pki
        .rsa
        .issuing
        .revocation_list(2, revoked, now, Duration::days(1));
    let list = list.sign(&pki.rsa.issuing.key).unwrap();
    service.replace_lists(&[pki.rsa.root_crl.clone(), list]);
}

#[tokio::test]
async fn row_23_revoked_between_issue_and_receipt() {
    let scene = Scene::set().await;
    let owner = owner();
    let signature = owner.signs(&scene.document);
    scene.service.pass(Duration::minutes(2));
    let since = scene.service.now() - Duration::minutes(1);
    revoke(&scene.service, &owner.certificate, since);
    let before = scene.all_there_is().await;
    let answer = scene.offer(&signature).await;
    answer.refused(422, "signature-refused", Some("REVOKED_NO_POE"));
    assert_eq!(answer.body["indication"], "INDETERMINATE");
    assert_eq!(scene.all_there_is().await, before);
}

#[tokio::test]
async fn row_86_attributes_passed_off_as_content_inside_the_container() {
    let scene = Scene::set().await;
    let before = scene.all_there_is().await;
    let answer = scene.offer(&attributes_as_content().encode()).await;
    answer.refused(422, "signature-refused", Some("SIG_CONSTRAINTS_FAILURE"));
    assert_eq!(scene.all_there_is().await, before);
}

#[tokio::test]
async fn row_87_nothing_that_is_issued_for_signing_could_be_signed_attributes() {
    let scene = Scene::set().await;
    let resident = Office::outside(&scene.service, "resident-1");
    let challenge = resident.post("/api/v1/auth/challenges", json!({})).await;
    let challenge = STANDARD.decode(challenge.text("content")).unwrap();
    for issued in [&scene.document, &challenge] {
        // SET OF begins with 0x31, and JSON that we write with a brace.
        assert_eq!(issued.first(), Some(&b'{'));
        assert!(serde_json::from_slice::<Value>(issued).unwrap().is_object());
    }
}
