//! People come to a public service centre in person: an operator vouches for what
//! was seen, and a colleague looks it over where that is the rule.

mod ceasing;
mod speaking;
mod telling;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kelisim::domain::FourEyes;
use kelisim::domain::evidence::{self, Basis};
use kelisim::domain::register::PowerNumber;
use kelisim::eds::asic::Package;
use kelisim::eds::{Indication, Policy};
use kelisim::pki;
use kelisim::store::registers::powers;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::attachments::{SCAN, Scan, present};
use crate::certificates::evidence_in;
use crate::office::{Answer, ONE_OWNER, Office, TWO_OWNERS};
use crate::registers::iin_of;
use crate::service::Service;

const STATE_FLAT: &str = "0201999000000097";

impl Office {
    /// Says what was seen and checked.
    pub(crate) async fn attest(&self, application: &str, body: Value) -> Answer {
        let path = format!("/api/v1/applications/{application}/attestation");
        self.post(&path, body).await
    }
}

/// Resident's identity document, and how each owner agreed.
pub(crate) fn attested(resident: &str, owners: &[Value]) -> Value {
    json!({
        "residents": [{"iin": iin_of(resident).as_str(), "document": card("1234")}],
        "owners": owners,
    })
}

pub(crate) fn in_person(slug: &str) -> Value {
    json!({"iin": iin_of(slug).as_str(), "how": "present", "document": card("5678")})
}

/// An identity card that was shown.
pub(crate) fn card(last_four: &str) -> Value {
    json!({"kind": "identity_card", "last_four": last_four, "issuer": "МВД РК"})
}

async fn waived() -> Service {
    Service::decided(|settings| settings.rules.four_eyes = FourEyes::Waived).await
}

async fn demanded() -> Service {
    Service::decided(|settings| settings.rules.four_eyes = FourEyes::Demanded).await
}

/// `operator` drafts, attests that `owner-1` was present, and signs.
async fn lodged(service: &Service) -> (Office, Answer) {
    lodged_for(service, "resident-1").await
}

/// The same for this resident.
async fn lodged_for(service: &Service, resident: &str) -> (Office, Answer) {
    let operator = Office::enter(service, "operator").await;
    let draft = operator.draft_for(resident, ONE_OWNER).await;
    let body = attested(resident, &[in_person("owner-1")]);
    let ready = operator.attest(draft.id(), body).await;
    assert_eq!(ready.status, 200, "{:?}", ready.body);
    let signed = operator.sign_draft(service, &ready).await;
    assert_eq!(signed.status, 200, "{:?}", signed.body);
    (operator, signed)
}

fn document(answer: &Answer) -> Value {
    let content = answer.body["to_sign"]["content"].as_str().unwrap();
    serde_json::from_slice(&STANDARD.decode(content).unwrap()).unwrap()
}

#[tokio::test]
async fn an_operator_registers_somebody_whose_owner_came_along() {
    let service = waived().await;
    let (_, registered) = lodged(&service).await;
    assert_eq!(registered.state(), "registered");
    assert_eq!(registered.body["channel"], "service_centre");
    let resident = Office::enter(&service, "resident-1").await;
    let id = registered.body["registrations"][0]["id"].as_str().unwrap();
    let seen = resident.get(&format!("/api/v1/registrations/{id}")).await;
    assert_eq!(seen.body["channel"], "service_centre", "{:?}", seen.body);
}

#[tokio::test]
async fn the_operator_signs_what_was_seen_in_fields_and_in_words() {
    let service = waived().await;
    let operator = Office::enter(&service, "operator").await;
    let draft = operator.draft_for("resident-1", TWO_OWNERS).await;
    let consent = operator.attach(draft.id(), Scan::of("paper_consent")).await;
    let on_paper = json!({"iin": iin_of("owner-3").as_str(), "how": "paper_consent",
        "attachment": consent.id()});
    let body = attested("resident-1", &[in_person("owner-2"), on_paper]);
    let ready = operator.attest(draft.id(), body).await;
    let document = document(&ready);
    let sha256 = consent.body["sha256"].clone();
    assert_eq!(
        document["attestations"],
        json!({
            "residents": [{"iin": iin_of("resident-1").as_str(), "document":
                {"kind": "identity_card", "last_four": "1234", "issuer": "МВД РК"}}],
            "owners": [
                {"as": "owner", "iin": iin_of("owner-2").as_str(), "how": "present",
                 "document": card("5678")},
                {"as": "owner", "iin": iin_of("owner-3").as_str(), "how": "paper_consent",
                 "attachment_sha256": sha256}],
            "attachments": [{"kind": "paper_consent", "media_type": "application/pdf",
                "sha256": sha256}],
        })
    );
    let words = document["statement"].as_str().unwrap();
    for said in [
        "1234",
        "5678",
        "МВД РК",
        "лично",
        "письменно",
        "Приложено: письменное согласие",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    let registered = operator.sign_draft(&service, &ready).await;
    assert_eq!(registered.state(), "registered");
    let resident = Office::enter(&service, "resident-1").await;
    let path = format!(
        "/api/v1/applications/{}/attachments/{}",
        draft.id(),
        consent.id()
    );
    assert_eq!(resident.get(&path).await.bytes, SCAN);
    let id = registered.text("registration");
    let evidence = format!("/api/v1/registrations/{id}/evidence");
    let package = Package::read(&resident.get(&evidence).await.bytes).unwrap();
    let file = format!("attachments/{}.pdf", consent.text("sha256"));
    assert_eq!(package.file(&file), Some(SCAN));
    let trust = Service::trust_with(service.pki, &[]).anchors_only();
    let octets = package.write();
    let report = evidence::verify(&octets, &trust, &Policy::national(), service.now());
    assert_eq!(report.findings, []);
    assert_eq!(report.indication, Indication::TotalPassed);
    assert_eq!(report.basis, Some(Basis::Attested));
}

#[tokio::test]
async fn scanned_papers_are_in_the_evidence_of_the_residents_and_the_centre_only() {
    let service = waived().await;
    let operator = Office::enter(&service, "operator").await;
    let draft = operator.draft_for("resident-1", ONE_OWNER).await;
    let scan = operator.attach(draft.id(), Scan::of("identity_document"));
    let file = format!("attachments/{}.pdf", scan.await.text("sha256"));
    let body = attested("resident-1", &[in_person("owner-1")]);
    let ready = operator.attest(draft.id(), body).await;
    let registered = operator.sign_draft(&service, &ready).await;
    let path = format!("/api/v1/registrations/{}", registered.text("registration"));
    let trust = Service::trust_with(service.pki, &[]).anchors_only();
    let check = |octets: &[u8], scanned: Option<&[u8]>| {
        let package = Package::read(octets).unwrap();
        assert_eq!(package.file(&file), scanned);
        let report = evidence::verify(octets, &trust, &Policy::national(), service.now());
        assert_eq!(report.findings, []);
        assert_eq!(report.indication, Indication::TotalPassed);
        let withheld = scanned.is_none().then(|| file.clone());
        assert_eq!(report.withheld, Vec::from_iter(withheld));
        assert_eq!(
            octets.windows(SCAN.len()).any(|part| part == SCAN),
            scanned.is_some()
        );
    };
    for (slug, scanned) in [
        ("operator", Some(SCAN)),
        ("operator-2", Some(SCAN)),
        ("resident-1", Some(SCAN)),
        ("owner-1", None),
    ] {
        let office = Office::enter(&service, slug).await;
        let package = office.get(&format!("{path}/evidence")).await;
        assert_eq!(package.status, 200, "{slug}: {:?}", package.body);
        check(&package.bytes, scanned);
        // A certificate goes on to strangers, whoever asks for it.
        let certificate = office.get(&format!("{path}/certificate?language=en")).await;
        check(&evidence_in(&certificate.bytes), None);
    }
}

#[tokio::test]
async fn whoever_comes_in_anothers_place_does_not_find_their_papers() {
    let service = waived().await;
    let operator = Office::enter(&service, "operator").await;
    let draft = operator.draft_for("resident-1", ONE_OWNER).await;
    let scan = operator
        .attach(draft.id(), Scan::of("identity_document"))
        .await;
    let path = format!("/api/v1/applications/{}", draft.id());
    let anew = async |resident: &str| {
        let request = operator.request(reqwest::Method::PUT, &path);
        let request = request.header("Idempotency-Key", Uuid::now_v7().to_string());
        operator
            .send(request.json(&present(resident, ONE_OWNER)))
            .await
    };
    // The same person again: what was scanned stays.
    let same = anew("resident-1").await;
    assert_eq!(
        same.body["attachments"][0]["id"], scan.body["id"],
        "{:?}",
        same.body
    );
    // What was attested to is kept where nobody sees it; it may have been signed.
    let body = attested("resident-1", &[in_person("owner-1")]);
    assert_eq!(operator.attest(draft.id(), body).await.status, 200);
    let other = anew("resident-2").await;
    assert_eq!(other.status, 200, "{:?}", other.body);
    assert!(
        other
            .body
            .get("attachments")
            .is_none_or(|all| all == &json!([]))
    );
    let one = format!("{path}/attachments/{}", scan.id());
    operator.get(&one).await.refused(404, "not-found", None);
    assert_eq!(service.count("SELECT count(*) FROM attachments").await, 1);
    // What nobody has attested to is gone.
    assert_eq!(
        operator.attach(draft.id(), Scan::of("other")).await.status,
        201
    );
    anew("resident-1").await;
    assert_eq!(service.count("SELECT count(*) FROM attachments").await, 1);
    let body = attested("resident-1", &[in_person("owner-1")]);
    let ready = operator.attest(draft.id(), body).await;
    let registered = operator.sign_draft(&service, &ready).await;
    assert_eq!(registered.state(), "registered", "{:?}", registered.body);
    let resident = Office::enter(&service, "resident-1").await;
    let list = resident.get(&format!("{path}/attachments")).await;
    assert_eq!(list.body["items"], json!([]));
}

#[tokio::test]
async fn an_owner_agrees_through_a_delegate_whose_power_the_register_knows() {
    let service = waived().await;
    let operator = Office::enter(&service, "operator").await;
    let draft = operator.draft_for("resident-1", ONE_OWNER).await;
    let scan = operator
        .attach(draft.id(), Scan::of("power_of_attorney"))
        .await;
    let number = pki::registers().powers[0].number.clone();
    let through = |number: &str| {
        json!({"iin": iin_of("owner-1").as_str(), "how": "delegate",
            "power_of_attorney": number, "attachment": scan.id(), "document": card("7890")})
    };
    let unknown = attested("resident-1", &[through("ЖОҚ-1")]);
    let unknown = operator.attest(draft.id(), unknown).await;
    unknown.refused(422, "not-attested", Some("CONSENT/NOT_ATTESTED"));
    let known = attested("resident-1", &[through(&number)]);
    let ready = operator.attest(draft.id(), known).await;
    let owner = &document(&ready)["attestations"]["owners"][0];
    assert_eq!(owner["delegate"]["iin"], iin_of("delegate").as_str());
    assert_eq!(owner["delegate"]["power_of_attorney"], json!(number));
    assert_eq!(owner["document"], card("7890"));
    let registered = operator.sign_draft(&service, &ready).await;
    assert_eq!(registered.state(), "registered");
}

#[tokio::test]
async fn a_power_that_was_taken_back_in_between_registers_nobody() {
    let service = demanded().await;
    let operator = Office::enter(&service, "operator").await;
    let draft = operator.draft_for("resident-1", ONE_OWNER).await;
    let scan = operator
        .attach(draft.id(), Scan::of("power_of_attorney"))
        .await;
    let number = pki::registers().powers[0].number.clone();
    let owner = json!({"iin": iin_of("owner-1").as_str(), "how": "delegate",
        "power_of_attorney": number, "attachment": scan.id(), "document": card("7890")});
    let ready = operator
        .attest(draft.id(), attested("resident-1", &[owner]))
        .await;
    operator.sign_draft(&service, &ready).await;
    let mut connection = service.connection().await;
    let number = PowerNumber::parse(&number).unwrap();
    let mut power = powers::find(&mut connection, &number)
        .await
        .unwrap()
        .unwrap();
    power.revoked_on = Some(kelisim::domain::today(service.now()));
    powers::put(&mut connection, &power).await.unwrap();
    let colleague = Office::enter(&service, "operator-2").await;
    let late = colleague.consent(&service, draft.id()).await;
    late.refused(422, "not-attested", Some("CONSENT/NOT_ATTESTED"));
    let seen = operator.sees(draft.id()).await;
    let ended = (seen.state(), seen.text("grounds"));
    assert_eq!(ended, ("refused", "power_void"));
}

#[tokio::test]
async fn the_tenant_of_state_housing_is_the_one_who_agrees() {
    let service = waived().await;
    let operator = Office::enter(&service, "operator").await;
    let draft = operator.draft_for("resident-1", STATE_FLAT).await;
    let municipality = json!({"bin": "050340099800", "how": "present", "document": card("0000")});
    let owner = attested("resident-1", &[municipality]);
    let owner = operator.attest(draft.id(), owner).await;
    owner.refused(422, "not-attested", Some("CONSENT/NOT_ATTESTED"));
    let tenant = attested("resident-1", &[in_person("tenant")]);
    let ready = operator.attest(draft.id(), tenant).await;
    assert_eq!(
        document(&ready)["attestations"]["owners"][0]["as"],
        "tenant"
    );
    let registered = operator.sign_draft(&service, &ready).await;
    assert_eq!(registered.state(), "registered");
}

#[tokio::test]
async fn nothing_is_signed_before_everything_is_attested() {
    let service = waived().await;
    let operator = Office::enter(&service, "operator").await;
    let draft = operator.draft_for("resident-1", TWO_OWNERS).await;
    let path = format!("/api/v1/applications/{}", draft.id());
    let document = operator.get(&format!("{path}/document")).await;
    document.refused(404, "not-found", None);
    let signature = json!({"signature": operator.sign(&service, b"{}")});
    let early = operator.post(&format!("{path}/signature"), signature).await;
    early.refused(422, "not-attested", Some("CONSENT/NOT_ATTESTED"));
    let (one, other) = (in_person("owner-2"), in_person("owner-3"));
    let nobody = json!({"residents": [], "owners": [one, other]});
    for incomplete in [
        nobody,
        attested("resident-1", std::slice::from_ref(&one)),
        attested("resident-1", &[one.clone(), one.clone()]),
        attested("resident-1", &[one.clone(), in_person("owner-1")]),
        attested("resident-2", &[one.clone(), other.clone()]),
        attested(
            "resident-1",
            &[
                one.clone(),
                json!({"iin": iin_of("owner-3").as_str(),
            "how": "paper_consent", "attachment": Uuid::nil()}),
            ],
        ),
    ] {
        let answer = operator.attest(draft.id(), incomplete).await;
        answer.refused(422, "not-attested", Some("CONSENT/NOT_ATTESTED"));
    }
    for malformed in [
        json!({"how": "present", "document": card("5678")}),
        json!({"iin": iin_of("owner-2").as_str(), "how": "present"}),
        json!({"iin": iin_of("owner-2").as_str(), "how": "legal_representative"}),
    ] {
        let malformed = attested("resident-1", &[malformed]);
        let malformed = operator.attest(draft.id(), malformed).await;
        malformed.refused(400, "malformed-request", None);
    }
}

#[tokio::test]
async fn what_was_attested_is_closed_until_the_application_is_written_anew() {
    let service = demanded().await;
    let (operator, signed) = lodged(&service).await;
    let id = signed.id();
    let late = operator.attach(id, Scan::of("other")).await;
    late.refused(409, "state-conflict", Some("CONSENT/STATE_CONFLICT"));
    let path = format!("/api/v1/applications/{id}");
    let request = operator.request(reqwest::Method::PUT, &path);
    let request = request.header("Idempotency-Key", "anew");
    let request = request.json(&present("resident-1", ONE_OWNER));
    let anew = operator.send(request).await;
    assert_eq!((anew.state(), &anew.body["edition"]), ("draft", &json!(2)));
    assert!(anew.body.get("to_sign").is_none());
    assert_eq!(operator.attach(id, Scan::of("other")).await.status, 201);
    let body = attested("resident-1", &[in_person("owner-1")]);
    let ready = operator.attest(id, body.clone()).await;
    assert_eq!(document(&ready)["edition"], 2);
    let again = operator.attest(id, body).await;
    again.refused(409, "state-conflict", Some("CONSENT/STATE_CONFLICT"));
}

#[tokio::test]
async fn a_colleague_of_the_same_centre_looks_it_over() {
    let service = demanded().await;
    let (operator, signed) = lodged(&service).await;
    assert_eq!(signed.state(), "awaiting_consent");
    let id = signed.id();
    let colleague = Office::enter(&service, "operator-2").await;
    let path = colleague.consent_path(id).await;
    let shown = colleague.get(&format!("{path}/document")).await;
    assert_eq!(shown.body["attestations"]["owners"][0]["how"], "present");
    let words = shown.text("statement");
    assert!(words.contains("Работник, подавший заявление, удостоверил следующее."));
    // Not the first operator, nobody of another organisation, nobody's own key.
    let itself = operator.get(&format!("{path}/document")).await;
    itself.refused(404, "not-found", None);
    for slug in ["employee", "organisation", "owner-1"] {
        let other = Office::enter(&service, slug).await;
        let refused = other.get(&format!("{path}/document")).await;
        refused.refused(404, "not-found", None);
    }
    let forged = colleague
        .with_key_of("owner-1")
        .sign(&service, &shown.bytes);
    let forged = json!({"signature": forged});
    let refused = colleague.post(&format!("{path}/signature"), forged).await;
    assert_eq!(refused.status, 422, "{:?}", refused.body);
    let registered = colleague.consent(&service, id).await;
    assert_eq!(registered.state(), "registered");
}

#[tokio::test]
async fn an_operators_own_key_is_no_operators_signature() {
    let service = waived().await;
    let operator = Office::enter(&service, "operator").await;
    let draft = operator.draft_for("resident-1", ONE_OWNER).await;
    let body = attested("resident-1", &[in_person("owner-1")]);
    let ready = operator.attest(draft.id(), body).await;
    for slug in ["resident-1", "owner-1", "employee", "operator-2"] {
        let other = operator.with_key_of(slug);
        let refused = other.sign_draft(&service, &ready).await;
        assert_eq!(refused.status, 422, "{slug}: {:?}", refused.body);
    }
    let registered = operator.sign_draft(&service, &ready).await;
    assert_eq!(registered.state(), "registered");
}

#[tokio::test]
async fn only_a_service_centre_applies_as_one() {
    let service = waived().await;
    for slug in ["employee", "organisation", "resident-1"] {
        let other = Office::enter(&service, slug).await;
        let refused = other.draft_for("resident-1", ONE_OWNER).await;
        refused.refused(403, "not-allowed", None);
    }
}

#[tokio::test]
async fn nobody_acts_for_the_centre_in_a_matter_of_their_own() {
    let service = demanded().await;
    const OWN: &str = "0201999000000967";
    const COLLEAGUES: &str = "0201999000000974";
    service.add_dwelling(OWN, &["operator"]).await;
    service.add_dwelling(COLLEAGUES, &["operator-2"]).await;
    let operator = Office::enter(&service, "operator").await;
    let conflict = Some("CONSENT/CONFLICT_OF_INTEREST");
    let own = operator.draft_for("resident-1", OWN).await;
    own.refused(422, "conflict-of-interest", conflict);
    let itself = operator.draft_for("operator", ONE_OWNER).await;
    itself.refused(422, "conflict-of-interest", conflict);
    let draft = operator.draft_for("resident-1", COLLEAGUES).await;
    let body = attested("resident-1", &[in_person("operator-2")]);
    let ready = operator.attest(draft.id(), body).await;
    let signed = operator.sign_draft(&service, &ready).await;
    assert_eq!(signed.state(), "awaiting_consent");
    let colleague = Office::enter(&service, "operator-2").await;
    let refused = colleague.consent(&service, draft.id()).await;
    refused.refused(422, "conflict-of-interest", conflict);
}

#[tokio::test]
async fn an_owner_who_changed_in_between_ends_the_application() {
    let service = demanded().await;
    let (operator, signed) = lodged(&service).await;
    service.add_dwelling(ONE_OWNER, &["owner-2"]).await;
    let colleague = Office::enter(&service, "operator-2").await;
    let late = colleague.consent(&service, signed.id()).await;
    late.refused(409, "state-conflict", Some("CONSENT/OWNERS_CHANGED"));
    let seen = operator
        .get(&format!("/api/v1/applications/{}", signed.id()))
        .await;
    assert_eq!(
        (seen.state(), seen.text("grounds")),
        ("refused", "owners_changed")
    );
}
