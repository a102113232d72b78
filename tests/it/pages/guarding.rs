//! What the pages do against those who would act in somebody else's name.

use chrono::TimeDelta;

use super::browser::Browser;
use super::{application, drafted};
use crate::service::Service;

#[tokio::test]
async fn the_session_is_a_cookie_that_only_our_own_pages_send_and_no_script_reads() {
    let service = Service::start().await;
    let browser = Browser::new(&service, "resident-1");
    let page = browser.get("/en").await;
    let answer = browser.signs_in(&page, "").await;
    assert_eq!(answer.leads_to(), "/en/office");
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    let (name, attributes) = cookie.split_once('=').unwrap();
    assert_eq!(name, "__Host-sid");
    for attribute in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/"] {
        assert!(attributes.contains(attribute), "{attribute}");
    }
    assert!(!attributes.contains("Domain"));
}

#[tokio::test]
async fn whoever_is_sent_to_sign_in_goes_on_to_pages_of_ours_alone() {
    let service = Service::start().await;
    let browser = Browser::new(&service, "resident-1");
    let sent = browser.get("/ru/registrations?cursor=1").await;
    assert_eq!(sent.leads_to(), "/ru?next=/ru/registrations%3Fcursor%3D1");
    for (next, leads_to) in [
        ("/ru/registrations?cursor=1", "/ru/registrations?cursor=1"),
        ("https://evil.test/", "/en/office"),
        ("//evil.test/ru/", "/en/office"),
        ("/\\evil.test", "/en/office"),
        ("/ru", "/en/office"),
        ("/api/v1/me", "/en/office"),
    ] {
        let page = browser.get("/en").await;
        let answer = browser.signs_in(&page, next).await;
        assert_eq!(answer.leads_to(), leads_to, "{next}");
    }
}

#[tokio::test]
async fn nobody_signs_in_from_another_site() {
    let service = Service::start().await;
    let browser = Browser::new(&service, "resident-1");
    let page = browser.get("/en").await;
    let signature = browser.office.sign(&service, &page.content());
    let fields = [
        ("challenge", page.field("challenge")),
        ("signature", signature),
    ];
    let form = browser.form("/en/sign-in", &fields).build().unwrap();
    for origin in [None, Some("https://evil.test"), Some("null")] {
        let mut request = form.try_clone().unwrap();
        request.headers_mut().remove("Origin");
        if let Some(origin) = origin {
            let origin = origin.parse().unwrap();
            request.headers_mut().insert("Origin", origin);
        }
        let request = reqwest::RequestBuilder::from_parts(reqwest::Client::new(), request);
        let answer = browser.send(request).await;
        assert_eq!(answer.status, 403, "{origin:?}");
        assert!(!answer.headers.contains_key("set-cookie"));
    }
}

#[tokio::test]
async fn a_form_counts_only_with_what_the_pages_of_its_session_know() {
    let service = Service::start().await;
    let resident = Browser::signed_in(&service, "resident-1").await;
    let other = Browser::signed_in(&service, "resident-2").await;
    let page = other.get("/en/applications/new?rka=0201999000000011").await;
    let foreign = page.field("form");
    for form in ["", "00", "zz", &"0".repeat(64), &foreign] {
        let answer = resident
            .post("/en/applications", &application(form, "1"))
            .await;
        assert_eq!(answer.status, 403, "{form}");
        assert!(answer.text.contains("The form is not ours"));
    }
    let own = resident
        .get("/en/applications/new?rka=0201999000000011")
        .await;
    let (form, key) = (own.field("form"), own.last_field("key"));
    let fields = application(&form, &key);
    let elsewhere = resident.posting("/en/applications", &fields);
    let elsewhere = elsewhere.build().unwrap();
    let mut elsewhere = elsewhere.try_clone().unwrap();
    elsewhere
        .headers_mut()
        .insert("Origin", "https://evil.test".parse().unwrap());
    let elsewhere = reqwest::RequestBuilder::from_parts(reqwest::Client::new(), elsewhere);
    assert_eq!(resident.send(elsewhere).await.status, 403);
    assert_eq!(service.count("SELECT count(*) FROM applications").await, 0);
}

#[tokio::test]
async fn each_page_runs_our_script_alone_and_is_kept_by_nobody() {
    let service = Service::start().await;
    let resident = Browser::signed_in(&service, "resident-1").await;
    let mut nonces = std::collections::BTreeSet::new();
    for path in [
        "/en/office",
        "/kk/applications",
        "/ru/nothing",
        "/en/validate",
    ] {
        let page = resident.get(path).await;
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'nonce-"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        let nonce = policy.split("'nonce-").nth(1).unwrap();
        let nonce = nonce.split('\'').next().unwrap().to_owned();
        let script = format!("nonce=\"{nonce}\"");
        assert!(page.text.contains(&script.replace('+', "&#43;")) || page.text.contains(&script));
        assert!(nonces.insert(nonce), "a nonce was used twice");
        for (name, value) in [
            ("cache-control", "no-store"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("x-content-type-options", "nosniff"),
            (
                "strict-transport-security",
                "max-age=63072000; includeSubDomains",
            ),
        ] {
            assert_eq!(page.headers[name], value, "{path}");
        }
        for inline in ["<script>", " style=", " onclick=", "javascript:"] {
            assert!(!page.text.contains(inline), "{path}: {inline}");
        }
    }
}

#[tokio::test]
async fn a_stranger_sees_no_page_of_an_application() {
    let service = Service::start().await;
    let resident = Browser::signed_in(&service, "resident-1").await;
    let application = drafted(&resident).await;
    let stranger = Browser::signed_in(&service, "resident-2").await;
    for path in ["", "/sign", "/edit", "/withdraw", "/signatures"] {
        let page = stranger.get(&format!("{application}{path}")).await;
        assert_eq!(page.status, 404, "{path}");
    }
    let live = application.replace("/applications/", "/live/applications/");
    let live = stranger.get(&format!("{live}?version=1")).await;
    assert_eq!(live.status, 404);
}

#[tokio::test]
async fn a_page_that_stands_open_keeps_no_session_alive() {
    let service = Service::decided(|settings| {
        settings.session_idle = TimeDelta::minutes(15);
        settings.session_length = TimeDelta::hours(8);
    })
    .await;
    let resident = Browser::signed_in(&service, "resident-1").await;
    let application = drafted(&resident).await;
    let live = application.replace("/applications/", "/live/applications/");
    service.pass(TimeDelta::minutes(10));
    assert_eq!(resident.get(&format!("{live}?version=0")).await.status, 200);
    service.pass(TimeDelta::minutes(6));
    assert_eq!(resident.get(&application).await.status, 303);
    let sign_in = resident.get(&application).await;
    assert!(sign_in.leads_to().starts_with("/en?next=/en/applications/"));
}

#[tokio::test]
async fn no_answer_is_for_another_origin() {
    let service = Service::start().await;
    let browser = Browser::new(&service, "resident-1");
    for path in [
        "/en",
        "/api/v1/me",
        "/api/openapi.json",
        "/assets/kelisim.css",
        "/nothing",
    ] {
        let request = browser.request(reqwest::Method::GET, path);
        let answer = browser
            .send(request.header("Origin", "https://evil.test"))
            .await;
        assert!(
            !answer.headers.contains_key("access-control-allow-origin"),
            "{path}"
        );
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(policy.contains("base-uri 'none'"), "{path}: {policy}");
        assert!(
            answer.headers.contains_key("strict-transport-security"),
            "{path}"
        );
    }
}
