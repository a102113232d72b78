//! Consents that come at the wrong time or to something else than what was asked,
//! and words that hide something, row by row of the list of refusals.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use kelisim::pki::{Packaging, sign};
use serde_json::{Value, json};

use crate::office::{Answer, ONE_OWNER, Office, TWO_OWNERS, proposal};
use crate::registers::iin_of;
use crate::service::Service;

/// An application with two owners, one of whom has the signed consent in hand.
struct Scene {
    service: Service,
    resident: Office,
    first: Office,
    second: Office,
    application: String,
    path: String,
    body: Value,
}

impl Scene {
    async fn set() -> Scene {
        let service = Service::for_long().await;
        let resident = Office::enter(&service, "resident-1").await;
        let first = Office::enter(&service, "owner-2").await;
        let second = Office::enter(&service, "owner-3").await;
        let applied = resident.apply(&service, TWO_OWNERS).await;
        let (path, body) = second.signed_consent(&service, applied.id()).await;
        Scene {
            application: applied.id().to_owned(),
            service,
            resident,
            first,
            second,
            path,
            body,
        }
    }

    /// Both owners consent.
    async fn registered(&self) -> Answer {
        self.first.consent(&self.service, &self.application).await;
        self.second.consent(&self.service, &self.application).await
    }

    /// The consent comes after the end, and changes nothing.
    async fn is_too_late(&self, state: &str) {
        let before = self.resident.sees(&self.application).await;
        assert_eq!(before.state(), state);
        let late = self.second.post(&self.path, self.body.clone()).await;
        late.refused(409, "state-conflict", Some("CONSENT/STATE_CONFLICT"));
        let after = self.resident.sees(&self.application).await;
        assert_eq!(after.body, before.body);
    }
}

#[tokio::test]
async fn row_121_after_a_refusal_by_another_owner() {
    let scene = Scene::set().await;
    scene.first.declines(&scene.application, "not_agreed").await;
    scene.is_too_late("declined").await;
}

#[tokio::test]
async fn row_121_after_the_applicant_took_it_back() {
    let scene = Scene::set().await;
    scene.resident.withdraws(&scene.application).await;
    scene.is_too_late("withdrawn").await;
}

#[tokio::test]
async fn row_121_after_the_time_ran_out() {
    let scene = Scene::set().await;
    scene.service.pass(TimeDelta::hours(73));
    scene.service.house.lapse_overdue(10).await.unwrap();
    scene.is_too_late("lapsed").await;
}

#[tokio::test]
async fn row_121_after_the_service_refused_it() {
    let scene = Scene::set().await;
    // The resident is registered elsewhere before the last owner answers.
    let other = scene.resident.apply(&scene.service, ONE_OWNER).await;
    let owner = Office::enter(&scene.service, "owner-1").await;
    owner.consent(&scene.service, other.id()).await;
    let refused = scene.registered().await;
    assert_eq!(refused.text("grounds"), "already_registered");
    scene.is_too_late("refused").await;
}

#[tokio::test]
async fn row_121_after_the_registration() {
    let scene = Scene::set().await;
    scene.registered().await;
    scene.is_too_late("registered").await;
}

#[tokio::test]
async fn row_121_after_the_registration_was_ended_by_the_resident() {
    let scene = Scene::set().await;
    let done = scene.registered().await;
    scene
        .resident
        .leaves(&scene.service, done.registration())
        .await;
    scene.is_too_late("ended").await;
}

#[tokio::test]
async fn row_121_after_the_registration_expired() {
    let scene = Scene::set().await;
    scene.registered().await;
    scene.service.pass_until("2027-02-01T19:00:00Z");
    scene.service.house.expire_over(10).await.unwrap();
    scene.is_too_late("ended").await;
}

#[tokio::test]
async fn row_122_a_term_that_the_law_does_not_allow_is_not_asked_of_anybody() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    for months in [0, 13, 36, u32::MAX] {
        let mut body = proposal(ONE_OWNER);
        body["months"] = json!(months);
        let answer = resident.asks(body).await;
        answer.refused(422, "period", Some("CONSENT/TERM_OUT_OF_RANGE"));
    }
    let drafts = "SELECT count(*) FROM applications";
    assert_eq!(service.count(drafts).await, 0);
}

#[tokio::test]
async fn rows_122_and_125_a_consent_to_a_longer_term_than_was_asked_for_is_no_consent() {
    let scene = Scene::set().await;
    let consent = scene.path.strip_suffix("/signature").unwrap();
    let document = scene.second.get(&format!("{consent}/document")).await;
    let words = String::from_utf8(document.bytes.clone()).unwrap();
    assert!(words.contains(r#""months":3"#), "{words}");
    let longer = words.replace(r#""months":3"#, r#""months":36"#);

    // Over other bytes than those that were issued.
    let signature = scene.second.sign(&scene.service, longer.as_bytes());
    let body = json!({"signature": signature});
    let answer = scene.second.post(&scene.path, body).await;
    answer.refused(422, "signature-refused", Some("HASH_FAILURE"));

    // With a document of its own inside, which says three months and means 36.
    let person = scene.second.person;
    let attached = sign(
        longer.as_bytes(),
        &person.certificate,
        &person.key,
        scene.service.now(),
        Packaging::Attached,
    );
    let body = json!({"signature": STANDARD.encode(attached.unwrap())});
    let answer = scene.second.post(&scene.path, body).await;
    answer.refused(422, "signature-refused", Some("CONSENT/DOC_NOT_OURS"));
    let seen = scene.resident.sees(&scene.application).await;
    assert_eq!(seen.body["answers"]["given"], 0);
}

#[tokio::test]
async fn row_125_in_every_language_the_words_say_the_term_that_the_fields_say() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    for months in [1, 3, 12] {
        let mut body = proposal(ONE_OWNER);
        body["months"] = json!(months);
        let applied = resident.applies(&service, body).await;
        let path = owner.consent_path(applied.id()).await;
        for language in ["kk", "ru", "en"] {
            let path = format!("{path}/document?language={language}");
            let document = owner.get(&path).await;
            assert_eq!(document.body["months"], months);
            let words = document.text("statement");
            for day in ["starts_on", "ends_on"] {
                let day: chrono::NaiveDate = document.text(day).parse().unwrap();
                let spoken = day.format("%d.%m.%Y").to_string();
                let written = words.contains(&spoken) || words.contains(&day.to_string());
                assert!(written, "{language}, {day}: {words}");
            }
        }
        resident.withdraws(applied.id()).await;
    }
}

#[tokio::test]
async fn row_126_an_address_with_characters_that_hide_or_imitate_something_is_not_asked_about() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let hidden = [
        ("kk", "\u{202e}көшесі"),
        ("ru", "улица\u{200b} Абая"),
        ("en", "Аbay street"),
        ("ru", "ули\u{301}ца"),
    ];
    for (language, words) in hidden {
        let before = "UPDATE dwellings SET address = jsonb_set(address,";
        service
            .execute(&format!(
                "{before} '{{{language}}}', to_jsonb('{words}'::text))"
            ))
            .await;
        let answer = resident.asks(proposal(ONE_OWNER)).await;
        answer.refused(422, "not-eligible", Some("CONSENT/TEXT_NOT_PLAIN"));
        service
            .execute(&format!(
                "{before} '{{{language}}}', to_jsonb('Abay 1'::text))"
            ))
            .await;
    }
    let drafts = "SELECT count(*) FROM applications";
    assert_eq!(service.count(drafts).await, 0);
    assert_eq!(resident.asks(proposal(ONE_OWNER)).await.status, 201);
}

#[tokio::test]
async fn row_126_a_name_with_characters_that_hide_or_imitate_something_is_not_written_down() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.draft(ONE_OWNER).await;
    for name in ["ҚОНАҚБАЕВА\u{2066} ӘСЕЛ", "ҚОНАҚБAЕВА ӘСЕЛ", "ӘСЕЛ\u{feff}"]
    {
        let iin = iin_of("resident-1");
        service
            .change_person(iin.as_str(), |person| person.name = name.to_owned())
            .await;
        let answer = resident.asks(proposal(ONE_OWNER)).await;
        answer.refused(422, "not-eligible", Some("CONSENT/TEXT_NOT_PLAIN"));
        // Nor when it is written anew.
        let answer = resident.rewrites(applied.id(), proposal(TWO_OWNERS)).await;
        answer.refused(422, "not-eligible", Some("CONSENT/TEXT_NOT_PLAIN"));
    }
}
