//! The pages, as a browser without script meets them.

mod answers;
mod browser;
mod guarding;
mod lives;
mod offices;
mod searching;

use kelisim::domain::Language;
use kelisim::render::words::Words;

use crate::office::ONE_OWNER;
use crate::service::Service;
use browser::Browser;

/// The fields of an application for oneself.
fn application<'a>(form: &'a str, key: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("form", form),
        ("key", key),
        ("rka", ONE_OWNER),
        ("kind", "temporary"),
        ("starts_on", "2026-11-23"),
        ("months", "3"),
        ("arrived_on", "2026-11-20"),
        ("standpoint", ""),
        ("residents", ""),
        ("extends", ""),
        ("invitation", ""),
    ]
}

async fn drafted(resident: &Browser<'_>) -> String {
    let form = format!("/en/applications/new?rka={ONE_OWNER}");
    let page = resident.get(&form).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let (form, key) = (page.field("form"), page.last_field("key"));
    let answer = resident
        .post("/en/applications", &application(&form, &key))
        .await;
    let to = answer.leads_to().to_owned();
    to.split('?').next().unwrap().to_owned()
}

#[tokio::test]
async fn two_people_register_without_script() {
    let service = Service::start().await;
    let resident = Browser::signed_in(&service, "resident-1").await;
    let application = drafted(&resident).await;
    let signed = resident.sign_at(&format!("{application}/sign")).await;
    assert!(
        signed
            .leads_to()
            .contains("?done=signed&seen=base64-detached")
    );
    let owner = Browser::signed_in(&service, "owner-1").await;
    let office = owner.get("/en/office").await;
    let request = office.link(application.split('/').next_back().unwrap());
    let request = owner.get(&request).await;
    let consented = owner.sign_at(&request.link("/sign")).await;
    assert!(
        consented
            .leads_to()
            .contains("?done=signed&seen=base64-detached")
    );
    let seen = resident.get(&application).await;
    assert!(
        seen.text.contains("Everybody has consented"),
        "{}",
        seen.text
    );
    let checked = resident.get(&format!("{application}/signatures")).await;
    assert!(checked.text.contains("TOTAL-PASSED"), "{}", checked.text);
}

#[tokio::test]
async fn the_first_page_speaks_the_language_of_the_browser() {
    let service = Service::start().await;
    let browser = Browser::new(&service, "resident-1");
    for (accepted, page) in [
        ("", "/kk"),
        ("de, en;q=0.5, ru;q=0.9", "/ru"),
        ("en-GB", "/en"),
        ("fr", "/kk"),
    ] {
        let request = browser.request(reqwest::Method::GET, "/");
        let answer = browser
            .send(request.header("Accept-Language", accepted))
            .await;
        assert_eq!(answer.leads_to(), page, "{accepted}");
    }
}

#[tokio::test]
async fn a_form_that_is_sent_twice_has_one_effect() {
    let service = Service::start().await;
    let resident = Browser::signed_in(&service, "resident-1").await;
    let page = resident
        .get("/en/applications/new?rka=0201999000000011")
        .await;
    let (form, key) = (page.field("form"), page.last_field("key"));
    let fields = application(&form, &key);
    let first = resident.post("/en/applications", &fields).await;
    let second = resident.post("/en/applications", &fields).await;
    assert_eq!(first.leads_to(), second.leads_to());
    assert_eq!(service.count("SELECT count(*) FROM applications").await, 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_form_stands_above_it_and_nothing_is_lost() {
    let service = Service::start().await;
    let resident = Browser::signed_in(&service, "resident-1").await;
    let page = resident
        .get("/en/applications/new?rka=0201999000000011")
        .await;
    let (form, key) = (page.field("form"), page.last_field("key"));
    let mut fields = application(&form, &key);
    for field in &mut fields {
        if field.0 == "arrived_on" {
            field.1 = "2026-11-25";
        }
    }
    let answer = resident.post("/en/applications", &fields).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("The dates do not fit"));
    assert!(answer.text.contains("value=\"2026-11-25\""));
}

#[tokio::test]
async fn a_signature_that_does_not_count_is_explained_in_words() {
    let service = Service::start().await;
    let resident = Browser::signed_in(&service, "resident-1").await;
    let application = drafted(&resident).await;
    let path = format!("{application}/sign");
    let page = resident.get(&path).await;
    let answer = resident.hand_in(&path, &page, b"something else").await;
    assert_eq!(answer.status, 422);
    assert!(
        answer.text.contains("over another document"),
        "{}",
        answer.text
    );
    let none = resident.form(
        &path,
        &[
            ("form", page.field("form")),
            ("key", page.last_field("key")),
        ],
    );
    assert_eq!(resident.send(none).await.status, 400);
}

#[tokio::test]
async fn it_is_said_in_which_form_a_signature_came() {
    let service = Service::start().await;
    let resident = Browser::signed_in(&service, "resident-1").await;
    let path = format!("{}/sign", drafted(&resident).await);
    let page = resident.get(&path).await;
    let detached = resident.office.sign(&service, b"something else");
    let pem = format!("-----BEGIN CMS-----\n{detached}\n-----END CMS-----\n");
    let attached = resident.office.sign_attached(&service, b"something else");
    for (signature, words) in [
        (detached, "in base64, without the document inside"),
        (pem, "in PEM, without the document inside"),
        (attached, "in base64, with the document inside"),
    ] {
        let form = resident.form(
            &path,
            &[
                ("form", page.field("form")),
                ("key", page.last_field("key")),
                ("signature", signature),
            ],
        );
        let answer = resident.send(form).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text.contains(words), "{}", answer.text);
    }
    let whole = resident.office.sign_attached(&service, &page.content());
    let form = resident.form(
        &path,
        &[
            ("form", page.field("form")),
            ("key", page.last_field("key")),
            ("signature", whole),
        ],
    );
    let signed = resident.send(form).await;
    assert!(signed.leads_to().ends_with("seen=base64-attached"));
    let seen = resident.get(signed.leads_to()).await;
    assert!(seen.text.contains("with the document inside"));
}

#[tokio::test]
async fn news_comes_to_an_open_page() {
    let service = Service::start().await;
    let resident = Browser::signed_in(&service, "resident-1").await;
    let application = drafted(&resident).await;
    let live = application.replace("/applications/", "/live/applications/");
    let news = resident.get(&format!("{live}?version=0")).await;
    assert_eq!(news.headers["content-type"], "text/event-stream");
    assert_eq!(news.text, "event: changed\ndata:\n\n");
    let waiting = format!("{live}?version=1");
    let sign = format!("{application}/sign");
    let (news, signed) = tokio::join!(resident.get(&waiting), resident.sign_at(&sign));
    assert_eq!(signed.status, 303);
    assert!(
        news.text.ends_with("event: changed\ndata:\n\n"),
        "{}",
        news.text
    );
}

#[tokio::test]
async fn files_of_pages_are_kept_for_ever_under_the_name_of_their_version() {
    let service = Service::start().await;
    let browser = Browser::new(&service, "resident-1");
    let page = browser.get("/en").await;
    let script = page.text.split("src=\"/assets/kelisim.js").nth(1).unwrap();
    let script = script.split('"').next().unwrap();
    let versioned = browser.get(&format!("/assets/kelisim.js{script}")).await;
    assert_eq!(
        versioned.headers["cache-control"],
        "public, max-age=31536000"
    );
    let plain = browser.get("/assets/kelisim.js").await;
    assert_eq!(plain.headers["cache-control"], "no-cache");
    assert_eq!(browser.get("/assets/../Cargo.toml").await.status, 404);
    assert_eq!(browser.get("/assets/fonts/none.ttf").await.status, 404);
}

#[test]
fn every_problem_and_every_code_has_words_in_each_language() {
    let documented = include_str!("../../docs/problems.md");
    let names = documented.split('`').skip(1).step_by(2);
    let codes = names.filter(|name| name.starts_with("CONSENT/"));
    for language in Language::ALL {
        let say = Words::of(language);
        for code in codes.clone() {
            assert!(say.named("code", code).is_some(), "{code}");
        }
    }
}
