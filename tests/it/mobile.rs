//! Signing on a phone: what passes through counts where every signature counts, and
//! nothing passes through twice or to anybody else.

mod phone;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use kelisim::domain::Language;
use kelisim::flow::Error;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use uuid::Uuid;

use phone::{Page, Phone, begin, issued};

use crate::lists::counting;
use crate::office::{Answer, ONE_OWNER, OWNED_WITH_GOST, Office};
use crate::service::Service;

#[tokio::test]
async fn people_sign_in_by_phone_with_keys_of_every_family() {
    let service = Service::patient().await;
    for slug in ["resident-1", "owner-1", "resident-gost", "organisation"] {
        let (challenge, page) = at_the_door(&service).await;
        let phone = Phone::called(&service, slug, &page.begun);
        assert_eq!(page.collects().await.body, json!({}), "{slug}");
        assert_eq!(phone.signs(&service).await.status, 200, "{slug}");
        let signed_in = sign_in(&page.office, &challenge, &page.signature().await).await;
        assert_eq!(signed_in.status, 201, "{slug}: {:?}", signed_in.body);
        let iin = signed_in.body["person"]["iin"].as_str().unwrap();
        let person = service.pki.person(slug).unwrap();
        assert_eq!(iin.get(..4), person.character.identity.iin.get(..4));
    }
}

#[tokio::test]
async fn an_application_and_a_consent_are_signed_by_phone_and_lead_to_a_registration() {
    let service = Service::patient().await;
    for (resident, owner, rka) in [
        ("resident-1", "owner-1", ONE_OWNER),
        ("resident-gost", "owner-gost", OWNED_WITH_GOST),
    ] {
        let office = Office::enter(&service, resident).await;
        let drafted = office.draft(rka).await;
        let application = format!("/api/v1/applications/{}", drafted.id());
        let signed = by_phone(&service, office, &application, resident).await;
        assert_eq!(signed.state(), "awaiting_consent", "{:?}", signed.body);

        let office = Office::enter(&service, owner).await;
        let consent = office.consent_path(drafted.id()).await;
        let done = by_phone(&service, office, &consent, owner).await;
        assert_eq!((done.status, done.state()), (200, "registered"), "{owner}");
    }
}

#[tokio::test]
async fn a_registration_is_ended_by_phone() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let done = owner.consent(&service, applied.id()).await;
    let path = format!("/api/v1/registrations/{}/leaving", done.registration());
    let left = by_phone(&service, resident, &path, "resident-1").await;
    assert_eq!(left.state(), "ended");
}

#[tokio::test]
async fn the_phone_is_told_who_asks_for_what_and_shown_the_very_bytes() {
    let service = Service::start().await;
    let office = Office::enter(&service, "resident-1").await;
    let drafted = office.draft(ONE_OWNER).await;
    let to_sign = drafted.body["to_sign"].clone();
    let page = Page::begins(office, to_sign["id"].as_str().unwrap()).await;
    let phone = Phone::called(&service, "resident-1", &page.begun);

    let told = phone.asks().await;
    let address = format!("https://office.test/api/v1/mobile/{}", phone.token());
    assert_eq!(
        told.body,
        json!({
            "description": "https://office.test: Заявление о регистрации",
            "expiry_date": "2026-11-01T12:05:00Z",
            "organisation": {
                "nameRu": "НАО «Ойдан»", "nameKz": "«Ойдан» КЕАҚ", "nameEn": "Oidan NJSC",
                "bin": "200740099907"
            },
            "document": {"uri": format!("{address}/documents"), "auth_type": "None", "auth_token": ""}
        })
    );
    let mut read = phone.reads().await.body;
    let papers = &mut read["documentsToSign"];
    assert_eq!(papers[0]["document"]["file"]["data"], to_sign["content"]);
    let bytes = STANDARD
        .decode(to_sign["content"].as_str().unwrap())
        .unwrap();
    let signed: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(papers[0]["meta"][0]["value"], signed["statement"]);
    papers[0]["document"]["file"]["data"] = json!("…");
    papers[0]["meta"][0]["value"] = json!("…");
    assert_eq!(
        read,
        json!({
            "signMethod": "CMS_SIGN_ONLY", "version": 1,
            "documentsToSign": [{
                "id": 1,
                "nameRu": "Заявление о регистрации",
                "nameKz": "Тіркеу туралы өтініш",
                "nameEn": "Application for registration",
                "meta": [{"name": "Что вы подписываете", "value": "…"}],
                "document": {"file": {"mime": "text/plain", "data": "…"}}
            }]
        })
    );
}

#[tokio::test]
async fn the_page_gets_a_code_without_styles_and_links_for_the_phone_itself() {
    let service = Service::start().await;
    let (_, page) = at_the_door(&service).await;
    let code = page.begun.text("qr");
    assert!(
        code.starts_with("<svg ") && !code.contains("style"),
        "{code}"
    );
    assert_eq!(page.begun.text("expires_at"), "2026-11-01T12:02:00Z");
    for (link, opens) in [
        (
            "link",
            "https://mgovsign.page.link/?link=https%3A%2F%2Foffice.test%2Fapi",
        ),
        (
            "business_link",
            "https://egovbusiness.page.link/?link=https%3A%2F%2Foffice.test%2Fapi",
        ),
    ] {
        assert!(page.begun.text(link).starts_with(opens), "{link}");
    }
}

#[tokio::test]
async fn nobody_has_a_phone_sign_what_was_issued_to_somebody_else() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let employee = Office::enter(&service, "employee").await;
    let outside = Office::outside(&service, "resident-1");
    let drafted = resident.draft(ONE_OWNER).await;
    let document = drafted.body["to_sign"]["id"].as_str().unwrap();
    let unknown = Uuid::now_v7().to_string();
    for office in [&owner, &employee] {
        begin(office, document)
            .await
            .refused(404, "not-found", None);
    }
    begin(&resident, &unknown)
        .await
        .refused(404, "not-found", None);
    for document in [document, &unknown] {
        begin(&outside, document)
            .await
            .refused(401, "not-signed-in", None);
    }
    assert_eq!(
        service.count("SELECT count(*) FROM mobile_signings").await,
        0
    );
}

#[tokio::test]
async fn each_token_serves_its_own_side_and_no_other_serves_anybody() {
    let service = Service::start().await;
    let (_, page) = at_the_door(&service).await;
    let phone = Phone::called(&service, "resident-1", &page.begun);
    phone.signs(&service).await;
    let path = page.begun.text("collect").strip_suffix("/signature");
    let for_page = path.unwrap().rsplit_once('/').unwrap().1.to_owned();
    let for_phone = phone.token().to_owned();
    assert_eq!((for_page.len(), for_phone.len()), (43, 43), "256 bits");
    for token in [&for_phone, "", "A", &"A".repeat(43), "%00", "%D0%B6"] {
        let path = format!("/api/v1/mobile-signings/{token}/signature");
        page.office.get(&path).await.refused(404, "not-found", None);
    }
    let (_, other) = at_the_door(&service).await;
    let stranger = Phone::called(&service, "resident-1", &other.begun);
    let read = stranger.reads().await;
    let signature = stranger.signature(&service, &read);
    let stranger = stranger.at(&format!("/api/v1/mobile/{for_page}"));
    for answer in [
        stranger.asks().await,
        stranger.reads().await,
        stranger.sends(&read, &signature).await,
    ] {
        answer.refused(404, "not-found", None);
    }
    let kept = "SELECT count(*) FROM mobile_signings WHERE mobile_signings::text LIKE ANY";
    let query = format!("{kept} (ARRAY['%{for_page}%', '%{for_phone}%'])");
    assert_eq!(service.count(&query).await, 0, "only digests are kept");
}

#[tokio::test]
async fn after_five_minutes_neither_phone_nor_page_is_served() {
    let service = Service::start().await;
    let office = Office::enter(&service, "resident-1").await;
    let drafted = office.draft(ONE_OWNER).await;
    let document = drafted.body["to_sign"]["id"].as_str().unwrap();
    let page = Page::begins(office, document).await;
    let phone = Phone::called(&service, "resident-1", &page.begun);
    let read = phone.reads().await;
    let signature = phone.signature(&service, &read);
    service.pass(TimeDelta::seconds(300));
    assert_eq!(page.collects().await.status, 202);
    assert_eq!(phone.sends(&read, &signature).await.status, 200);
    assert_eq!(page.collects().await.status, 200);
    service.pass(TimeDelta::seconds(1));
    for answer in [
        phone.asks().await,
        phone.reads().await,
        phone.sends(&read, &signature).await,
        page.collects().await,
    ] {
        answer.refused(410, "over", None);
    }
}

#[tokio::test]
async fn a_login_by_phone_lasts_no_longer_than_its_challenge() {
    let service = Service::start().await;
    let (challenge, _) = at_the_door(&service).await;
    service.pass(TimeDelta::seconds(90));
    let page = Page::begins(Office::outside(&service, "resident-1"), &challenge).await;
    let phone = Phone::called(&service, "resident-1", &page.begun);
    assert_eq!(phone.signs(&service).await.status, 200);
    service.pass(TimeDelta::seconds(31));
    page.collects().await.refused(410, "over", None);
    begin(&page.office, &challenge)
        .await
        .refused(410, "over", None);
}

#[tokio::test]
async fn a_challenge_that_was_answered_otherwise_is_shown_to_no_phone() {
    let service = Service::start().await;
    let (challenge, page) = at_the_door(&service).await;
    let phone = Phone::called(&service, "resident-1", &page.begun);
    let read = phone.reads().await;
    let signature = phone.signature(&service, &read);
    let signed_in = sign_in(&page.office, &challenge, &signature).await;
    assert_eq!(signed_in.status, 201);
    phone.asks().await.refused(410, "over", None);
    phone.reads().await.refused(410, "over", None);
    begin(&page.office, &challenge)
        .await
        .refused(401, "not-signed-in", None);
}

#[tokio::test]
async fn a_second_signature_changes_nothing_and_the_same_one_is_answered_alike() {
    let service = Service::start().await;
    let (_, page) = at_the_door(&service).await;
    let phone = Phone::called(&service, "resident-1", &page.begun);
    let read = phone.reads().await;
    let first = phone.signature(&service, &read);
    let other = Phone::called(&service, "resident-2", &page.begun);
    let second = other.signature(&service, &read);
    let taken = phone.sends(&read, &first).await;
    assert_eq!((taken.status, &taken.body), (200, &json!({})));
    let again = phone.sends(&read, &first).await;
    assert_eq!((again.status, &again.body), (200, &json!({})));
    let refused = other.sends(&read, &second).await;
    refused.refused(409, "signed-otherwise", None);
    phone.asks().await.refused(410, "over", None);
    phone.reads().await.refused(410, "over", None);
    assert_eq!(page.signature().await, first);
    assert_eq!(page.signature().await, first, "a page may ask again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_phones_that_sign_at_the_same_moment_one_is_kept() {
    let service = Service::start().await;
    for _ in 0..20 {
        let (_, page) = at_the_door(&service).await;
        let one = Phone::called(&service, "resident-1", &page.begun);
        let other = Phone::called(&service, "resident-2", &page.begun);
        let read = one.reads().await;
        let signatures = [
            one.signature(&service, &read),
            other.signature(&service, &read),
        ];
        let (first, second) = tokio::join!(
            one.sends(&read, &signatures[0]),
            other.sends(&read, &signatures[1])
        );
        let kept = match (first.status, second.status) {
            (200, 409) => &signatures[0],
            (409, 200) => &signatures[1],
            both => panic!("{both:?}"),
        };
        assert_eq!(page.signature().await, *kept);
    }
}

#[tokio::test]
async fn what_is_no_signature_is_not_kept() {
    let service = Service::start().await;
    let (_, page) = at_the_door(&service).await;
    let phone = Phone::called(&service, "resident-1", &page.begun);
    let read = phone.reads().await;
    let data = &read.body["documentsToSign"][0]["document"]["file"]["data"];
    let certificate = &service.pki.person("resident-1").unwrap().certificate;
    for text in [
        "",
        "MAA=",
        "Ж",
        data.as_str().unwrap(),
        &STANDARD.encode(certificate),
    ] {
        let answer = phone.sends(&read, text).await;
        answer.refused(422, "no-signature", None);
    }
    let two = json!({"documentsToSign": [
        read.body["documentsToSign"][0], read.body["documentsToSign"][0]
    ]});
    for body in [json!({}), json!({"documentsToSign": []}), two] {
        phone
            .puts(&body)
            .await
            .refused(400, "malformed-request", None);
    }
    let large = "A".repeat(1024 * 1024);
    phone
        .sends(&read, &large)
        .await
        .refused(413, "too-large", None);
    assert_eq!(page.collects().await.status, 202);
    assert_eq!(phone.signs(&service).await.status, 200);
}

#[tokio::test]
async fn a_signature_in_pem_reaches_the_page_in_base64() {
    let service = Service::start().await;
    let (challenge, page) = at_the_door(&service).await;
    let phone = Phone::called(&service, "resident-1", &page.begun);
    let read = phone.reads().await;
    let signature = phone.signature(&service, &read);
    let pem = format!("-----BEGIN CMS-----\n{signature}\n-----END CMS-----\n");
    assert_eq!(phone.sends(&read, &pem).await.status, 200);
    assert_eq!(page.signature().await, signature);
    let signed_in = sign_in(&page.office, &challenge, &signature).await;
    assert_eq!(signed_in.status, 201);
}

#[tokio::test]
async fn a_signature_by_somebody_elses_phone_is_passed_on_and_does_not_count() {
    let service = Service::start().await;
    let office = Office::enter(&service, "resident-1").await;
    let drafted = office.draft(ONE_OWNER).await;
    let application = format!("/api/v1/applications/{}", drafted.id());
    let refused = by_phone(&service, office, &application, "owner-1").await;
    refused.refused(422, "signature-refused", Some("CONSENT/SESSION_MISMATCH"));
    let signed = "SELECT count(*) FROM signatures";
    assert_eq!(service.count(signed).await, 0);
}

#[tokio::test]
async fn what_is_over_is_forgotten_after_an_hour_and_its_challenge_after_a_day() {
    let service = Service::start().await;
    let (_, signed) = at_the_door(&service).await;
    let phone = Phone::called(&service, "resident-1", &signed.begun);
    assert_eq!(phone.signs(&service).await.status, 200);
    let (_, unsigned) = at_the_door(&service).await;
    service.pass(TimeDelta::minutes(62));
    assert_eq!(service.house.forget_expired().await.unwrap(), 0);
    signed.collects().await.refused(410, "over", None);
    service.pass(TimeDelta::minutes(1));
    assert_eq!(service.house.forget_expired().await.unwrap(), 2);
    for page in [signed, unsigned] {
        page.collects().await.refused(404, "not-found", None);
    }
    service.pass(TimeDelta::hours(23));
    assert_eq!(service.house.forget_expired().await.unwrap(), 2);
    let kept = "SELECT count(*) FROM challenges";
    assert_eq!(service.count(kept).await, 0);
}

#[tokio::test]
async fn every_outcome_is_counted() {
    let service = Service::start().await;
    let figures = counting();
    let challenge = service.house.challenge(Language::Kk).await.unwrap();
    let mut begun = Vec::new();
    for _ in 0..3 {
        let one = service
            .house
            .begin_on_phone(None, challenge.id, Language::Kk);
        begun.push(one.await.unwrap());
    }
    let phone = begun[0].call.link.split(['&', '=']).nth(1).unwrap();
    let phone = phone.rsplit_once("%2F").unwrap().1;
    let taken = service.house.take_from_phone(phone, "MAA=").await;
    assert!(matches!(taken, Err(Error::NoSignature)), "{taken:?}");
    let signature = Office::outside(&service, "resident-1").sign(&service, &challenge.bytes);
    for _ in 0..2 {
        let taken = service.house.take_from_phone(phone, &signature);
        taken.await.unwrap();
    }
    for one in &begun {
        let fetched = service.house.fetch_for_page(one.token.expose_secret());
        fetched.await.unwrap();
    }
    service.pass(TimeDelta::hours(2));
    service.house.forget_expired().await.unwrap();
    let told = figures.render();
    for (outcome, count) in [
        ("begun", 3),
        ("malformed", 1),
        ("signed", 1),
        ("fetched", 1),
        ("expired", 2),
    ] {
        let line = format!("kelisim_mobile_signings_total{{outcome=\"{outcome}\"}} {count}");
        assert!(told.contains(&line), "{line}\n{told}");
    }
}

#[tokio::test]
async fn tokens_are_not_guessed_faster_than_anything_else() {
    let service = Service::with_limit(5).await;
    let office = Office::outside(&service, "resident-1");
    let mut answers = Vec::new();
    for _ in 0..20 {
        let path = format!("/api/v1/mobile/{}", "A".repeat(43));
        answers.push(office.get(&path).await.status);
    }
    assert!(
        answers.contains(&404) && answers.contains(&429),
        "{answers:?}"
    );
}

/// Has a phone with this key sign what is issued at this path, and hands it in there.
async fn by_phone(service: &Service, office: Office, path: &str, slug: &str) -> Answer {
    let document = issued(&office, &format!("{path}/document")).await;
    let page = Page::begins(office, &document).await;
    let phone = Phone::called(service, slug, &page.begun);
    let sent = phone.signs(service).await;
    assert_eq!(sent.status, 200, "{:?}", sent.body);
    let body = json!({"signature": page.signature().await});
    page.office.post(&format!("{path}/signature"), body).await
}

/// A challenge, and a page on which nobody has signed in that asks for a code.
async fn at_the_door(service: &Service) -> (String, Page) {
    let office = Office::outside(service, "resident-1");
    let challenge = office.post("/api/v1/auth/challenges", json!({})).await;
    let challenge = challenge.id().to_owned();
    let page = Page::begins(office, &challenge).await;
    (challenge, page)
}

async fn sign_in(office: &Office, challenge: &str, signature: &str) -> Answer {
    let body = json!({"challenge": challenge, "signature": signature});
    office.post("/api/v1/auth/sessions", body).await
}
