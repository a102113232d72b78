//! Certificates of registrations: who gets one, what others read in it, and how
//! anybody who holds one asks whether the registration still stands.

mod file;

use std::collections::BTreeSet;

use chrono::TimeDelta;
use file::File;
use kelisim::domain::VerificationCode;
use serde_json::{Value, json};

use crate::office::{Answer, ONE_OWNER, Office, TWO_OWNERS, permanent, proposal_for};
use crate::registers::iin_of;
use crate::service::{ORIGIN, Service};

/// `resident-1` is registered with two owners.
async fn registered(service: &Service) -> (Office, String) {
    let resident = Office::enter(service, "resident-1").await;
    let mut done = resident.apply(service, TWO_OWNERS).await;
    for slug in ["owner-2", "owner-3"] {
        let owner = Office::enter(service, slug).await;
        done = owner.consent(service, done.id()).await;
    }
    let registration = done.registration().to_owned();
    (resident, registration)
}

/// The evidence package in a certificate.
pub(crate) fn evidence_in(certificate: &[u8]) -> Vec<u8> {
    File::read(certificate).attached().2
}

async fn asks(office: &Office, registration: &str, language: &str) -> Answer {
    let path = format!("/api/v1/registrations/{registration}/certificate?language={language}");
    office.get(&path).await
}

/// The certificate in Russian.
async fn certificate(office: &Office, registration: &str) -> File {
    let answer = asks(office, registration, "ru").await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    File::read(&answer.bytes)
}

/// The code on a certificate, from its picture.
pub(crate) async fn code(office: &Office, registration: &str) -> String {
    let file = certificate(office, registration).await;
    let address = file.code();
    let code = address.strip_prefix(&format!("{ORIGIN}/verify/"));
    code.unwrap().to_owned()
}

/// What anybody is told who asks by this code.
async fn verified(service: &Service, code: &str) -> Answer {
    let anybody = Office::outside(service, "resident-gost");
    anybody.get(&format!("/api/v1/verifications/{code}")).await
}

#[tokio::test]
async fn a_certificate_is_an_archive_file_that_others_read() {
    let service = Service::start().await;
    let (resident, registration) = registered(&service).await;
    let file = certificate(&resident, &registration).await;
    let metadata = file.metadata();
    for claim in [
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>B</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
    ] {
        assert!(metadata.contains(claim), "{claim}: {metadata}");
    }
    assert_eq!(file.language(), "ru");
    assert!(file.is_tagged() && file.embeds_its_fonts());
}

#[tokio::test]
async fn the_text_of_a_certificate_can_be_copied_in_each_language() {
    let service = Service::start().await;
    let (resident, registration) = registered(&service).await;
    let languages = [
        (
            "kk",
            [
                "Мекенжай анықтамасы",
                "Тіркеу күшінде",
                "тұрғын үйдің барлық меншік иелері",
            ],
        ),
        (
            "ru",
            [
                "Адресная справка",
                "Регистрация действует",
                "всех собственников жилища (их число: 2)",
            ],
        ),
        (
            "en",
            [
                "Address certificate",
                "The registration stands",
                "all owners of the dwelling, 2 in number",
            ],
        ),
    ];
    for (language, sentences) in languages {
        let answer = asks(&resident, &registration, language).await;
        let file = File::read(&answer.bytes);
        assert_eq!(file.language(), language);
        let text = file.text();
        let masked = iin_of("resident-1").masked();
        for sentence in sentences
            .into_iter()
            .chain([&*masked, TWO_OWNERS, &registration])
        {
            assert!(text.contains(sentence), "{sentence}: {text}");
        }
        for slug in ["resident-1", "owner-2", "owner-3"] {
            assert!(!text.contains(iin_of(slug).as_str()), "{text}");
        }
    }
}

#[tokio::test]
async fn the_attached_evidence_is_the_package_that_is_handed_out() {
    let service = Service::start().await;
    let (resident, registration) = registered(&service).await;
    let path = format!("/api/v1/registrations/{registration}/evidence");
    let package = resident.get(&path).await.bytes;
    let (name, relation, octets) = certificate(&resident, &registration).await.attached();
    assert_eq!(
        (name.as_str(), relation.as_str()),
        ("evidence.asice", "Supplement")
    );
    assert_eq!(octets, package);
}

#[tokio::test]
async fn the_picture_and_the_printed_code_lead_to_the_same_page() {
    let service = Service::start().await;
    let (resident, registration) = registered(&service).await;
    let file = certificate(&resident, &registration).await;
    let code = code(&resident, &registration).await;
    assert!(file.text().contains(&code), "{}", file.text());
    assert_eq!(VerificationCode::parse(&code).unwrap().to_string(), code);
    assert_eq!(verified(&service, &code).await.status, 200);
}

#[tokio::test]
async fn a_certificate_is_for_those_whom_the_registration_concerns() {
    let service = Service::start().await;
    let (resident, registration) = registered(&service).await;
    let owner = Office::enter(&service, "owner-2").await;
    for office in [&resident, &owner] {
        assert_eq!(asks(office, &registration, "kk").await.status, 200);
    }
    let stranger = Office::enter(&service, "owner-gost").await;
    asks(&stranger, &registration, "kk")
        .await
        .refused(404, "not-found", None);
    let nobody = Office::outside(&service, "resident-1");
    asks(&nobody, &registration, "kk")
        .await
        .refused(401, "not-signed-in", None);
    asks(&resident, &registration, "de")
        .await
        .refused(400, "malformed-request", None);
    // Nothing is issued to those who may not ask.
    let codes = "SELECT count(*) FROM verification_codes";
    assert_eq!(service.count(codes).await, 1);
}

#[tokio::test]
async fn a_certificate_comes_as_a_file_that_nobody_keeps_on_the_way() {
    let service = Service::start().await;
    let (resident, registration) = registered(&service).await;
    let path = format!("/api/v1/registrations/{registration}/certificate");
    let request = resident.request(reqwest::Method::GET, &path);
    let response = request.bearer_auth(resident.token()).send().await.unwrap();
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/pdf");
    assert_eq!(header("cache-control"), "no-store");
    let name = format!("attachment; filename=\"{registration}-kk.pdf\"");
    assert_eq!(header("content-disposition"), name);
}

#[tokio::test]
async fn everybody_gets_the_same_code_even_when_they_ask_at_once() {
    let service = Service::for_long().await;
    let (resident, registration) = registered(&service).await;
    let owner = Office::enter(&service, "owner-2").await;
    let (one, two, three, four) = tokio::join!(
        code(&resident, &registration),
        code(&owner, &registration),
        code(&resident, &registration),
        code(&owner, &registration),
    );
    let codes: BTreeSet<_> = [one, two, three, four].into();
    assert_eq!(codes.len(), 1, "{codes:?}");
    service.pass(TimeDelta::days(30));
    let later = code(&resident, &registration).await;
    assert!(codes.contains(&later));
}

#[tokio::test]
async fn each_registration_of_a_family_has_a_code_of_its_own() {
    let service = Service::start().await;
    let guardian = Office::enter(&service, "guardian").await;
    let residents = [iin_of("guardian"), iin_of("resident-2")];
    let residents: Vec<_> = residents.iter().map(|iin| iin.as_str()).collect();
    let body = proposal_for(ONE_OWNER, &residents);
    let mut done = guardian.applies(&service, body).await;
    for slug in ["owner-1", "resident-2"] {
        let office = Office::enter(&service, slug).await;
        done = office.consent(&service, done.id()).await;
    }
    let mut codes = BTreeSet::new();
    for registration in done.body["registrations"].as_array().unwrap() {
        let id = registration["id"].as_str().unwrap();
        let code = code(&guardian, id).await;
        let told = verified(&service, &code).await;
        assert_eq!(told.body["resident_iin"], registration["resident_iin"]);
        codes.insert(code);
    }
    assert_eq!(codes.len(), 2, "{codes:?}");
}

#[tokio::test]
async fn whoever_holds_a_certificate_is_told_whether_it_stands_and_little_else() {
    let service = Service::start().await;
    let (resident, registration) = registered(&service).await;
    let code = code(&resident, &registration).await;
    let told = verified(&service, &code).await;
    assert_eq!(told.status, 200, "{:?}", told.body);
    insta::assert_json_snapshot!(told.body, @r#"
    {
      "address": {
        "en": "2 Үлгі street, Oidan",
        "kk": "Ойдан қаласы, Үлгі көшесі, 2-үй",
        "ru": "г. Ойдан, улица Үлгі, дом 2"
      },
      "as_of": "2026-11-01",
      "ends_on": "2027-02-01",
      "kind": "temporary",
      "registered_on": "2026-11-01",
      "resident_iin": "9206********",
      "resident_initials": "Қ. Ә. Ү.",
      "standing": "active",
      "starts_on": "2026-11-01"
    }
    "#);
}

#[tokio::test]
async fn a_code_is_read_as_people_type_it() {
    let service = Service::start().await;
    let (resident, registration) = registered(&service).await;
    let code = code(&resident, &registration).await;
    let plain = code.replace('-', "");
    let mistaken = code.replace('0', "o").replace('1', "l");
    for typed in [
        plain.to_lowercase(),
        plain,
        mistaken,
        code.replace('-', "%20"),
    ] {
        assert_eq!(verified(&service, &typed).await.status, 200, "{typed}");
    }
}

#[tokio::test]
async fn whoever_holds_an_old_certificate_finds_out_that_the_registration_has_ended() {
    let service = Service::start().await;
    let (resident, registration) = registered(&service).await;
    let code = code(&resident, &registration).await;
    service.pass(TimeDelta::days(2));
    let left = resident.leaves(&service, &registration).await;
    assert_eq!(left.status, 200, "{:?}", left.body);
    service.pass(TimeDelta::days(5));
    let told = verified(&service, &code).await.body;
    let expected = json!({"standing": "left", "ended_on": "2026-11-03", "as_of": "2026-11-08"});
    for (member, value) in expected.as_object().unwrap() {
        assert_eq!(told[member], *value, "{told:?}");
    }
    // A certificate that is asked for now says so itself, and keeps the code.
    let file = certificate(&resident, &registration).await;
    let text = file.text();
    assert!(text.contains("Регистрация прекращена 03.11.2026"), "{text}");
    assert!(text.contains(&code) && !text.contains("действует по состоянию"));
    let path = format!("/api/v1/registrations/{registration}/evidence");
    let package = resident.get(&path).await.bytes;
    assert_eq!(file.attached().2, package);
}

#[tokio::test]
async fn a_registration_is_over_after_its_last_day_before_the_service_notices() {
    let service = Service::for_long().await;
    let (resident, registration) = registered(&service).await;
    let code = code(&resident, &registration).await;
    // The last day in Kazakhstan, five hours ahead.
    service.pass_until("2027-02-01T18:59:59Z");
    let told = verified(&service, &code).await.body;
    assert_eq!(
        (&told["standing"], &told["as_of"]),
        (&json!("active"), &json!("2027-02-01"))
    );
    service.pass_until("2027-02-01T19:00:00Z");
    let told = verified(&service, &code).await.body;
    assert_eq!(
        (&told["standing"], &told["ended_on"]),
        (&json!("expired"), &json!("2027-02-01"))
    );
    let active = "SELECT count(*) FROM registrations WHERE ended_at IS NULL";
    assert_eq!(service.count(active).await, 1);
}

#[tokio::test]
async fn what_begins_later_does_not_stand_yet() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    let mut body = crate::office::proposal(ONE_OWNER);
    body["starts_on"] = json!("2026-11-20");
    let done = owner.applies(&service, body).await;
    let code = code(&owner, done.registration()).await;
    let told = verified(&service, &code).await.body;
    assert_eq!(told["standing"], "ahead", "{told:?}");
}

#[tokio::test]
async fn a_permanent_registration_has_no_last_day() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    let done = owner.applies(&service, permanent(ONE_OWNER)).await;
    let file = certificate(&owner, done.registration()).await;
    let text = file.text();
    assert!(text.contains("о регистрации по месту жительства"), "{text}");
    assert!(text.contains("не требовалось: заявитель – единственный собственник"));
    let code = code(&owner, done.registration()).await;
    let told = verified(&service, &code).await.body;
    assert_eq!(
        (&told["kind"], &told["ends_on"]),
        (&json!("permanent"), &Value::Null)
    );
}

#[tokio::test]
async fn a_code_that_nobody_has_is_told_from_what_is_no_code_by_nothing() {
    let service = Service::start().await;
    let (_, registration) = registered(&service).await;
    let unknown = VerificationCode::drawn(&[7; 18]).to_string();
    let first = verified(&service, &unknown).await;
    first.refused(404, "not-found", None);
    for other in ["nonsense", "0", &registration, &"0".repeat(2000)] {
        let answer = verified(&service, other).await;
        assert_eq!(
            (answer.status, &answer.bytes),
            (404, &first.bytes),
            "{other}"
        );
    }
}

#[tokio::test]
async fn an_address_that_asks_by_many_codes_waits_and_may_do_everything_else() {
    let service = Service::with_verifications(3).await;
    let anybody = Office::outside(&service, "resident-1");
    let unknown = VerificationCode::drawn(&[7; 18]).to_string();
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(verified(&service, &unknown).await.status);
    }
    assert_eq!(statuses, [404, 404, 404, 429]);
    let answer = verified(&service, &unknown).await;
    answer.refused(429, "too-many-requests", None);
    let wait = answer.body["retry_after"].as_u64().unwrap();
    assert!((1..=21).contains(&wait), "{wait}");
    assert_eq!(anybody.get("/health/live").await.status, 204);
}

#[tokio::test]
async fn the_code_of_a_registration_is_among_what_is_kept_about_a_person() {
    let service = Service::start().await;
    let (resident, registration) = registered(&service).await;
    let before = resident.get("/api/v1/me/export").await;
    assert_eq!(
        before.body["registrations"][0]["verification_code"],
        Value::Null
    );
    let code = code(&resident, &registration).await;
    let export = resident.get("/api/v1/me/export").await;
    assert_eq!(
        export.body["registrations"][0]["verification_code"],
        json!(code)
    );
    let table = resident.get("/api/v1/me/export?format=csv").await.bytes;
    assert!(String::from_utf8(table).unwrap().contains(&code));
}
