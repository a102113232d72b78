//! What becomes of registrations, on pages.

use kelisim::domain::register::{Capacity, Individual};
use serde_json::json;

use super::Browser;
use crate::office::{DORMITORY, ONE_OWNER, Office, TWO_OWNERS, proposal_for};
use crate::registers::iin_of;
use crate::service::Service;

/// Of age, without capacity; `guardian` acts for him.
const WARD: &str = "000414599805";

/// What the form to go on with a registration is filled with.
async fn extends(browser: &Browser<'_>, registration: &str) -> (String, String) {
    let page = browser
        .get(&format!("/en/registrations/{registration}"))
        .await;
    assert_eq!(page.status, 200, "{}", page.text);
    let form = page.link(&format!("?extends={registration}"));
    let form = browser.get(&form).await;
    (form.field("standpoint"), form.area("residents"))
}

/// `resident-1` asks two owners, and `owner-2` has consented.
async fn half_agreed(service: &Service) -> (String, Office) {
    let resident = Office::enter(service, "resident-1").await;
    let applied = resident.apply(service, TWO_OWNERS).await;
    let first = Office::enter(service, "owner-2").await;
    first.consent(service, applied.id()).await;
    (applied.id().to_owned(), first)
}

#[tokio::test]
async fn a_guardian_extends_the_registration_of_a_ward() {
    let service = Service::for_long().await;
    let guardian = Office::enter(&service, "guardian").await;
    let owner = Office::enter(&service, "owner-1").await;
    let ward = proposal_for(ONE_OWNER, &[WARD]);
    let applied = guardian.applies(&service, ward).await;
    let done = owner.consent(&service, applied.id()).await;
    service.pass_until("2027-01-10T12:00:00Z");
    let browser = Browser::signed_in(&service, "guardian").await;
    let found = extends(&browser, done.registration()).await;
    assert_eq!(found, ("oneself".to_owned(), WARD.to_owned()));
}

#[tokio::test]
async fn one_of_a_family_and_one_of_a_dormitory_each_extend_their_own() {
    let service = Service::for_long().await;
    let resident = Office::enter(&service, "resident-1").await;
    let both = proposal_for(TWO_OWNERS, &[resident.iin(), iin_of("resident-2").as_str()]);
    let applied = resident.applies(&service, both).await;
    let mut done = applied.clone();
    for slug in ["owner-2", "owner-3", "resident-2"] {
        let office = Office::enter(&service, slug).await;
        done = office.consent(&service, applied.id()).await;
    }
    let own = &done.body["registrations"][0];
    assert_eq!(
        own["resident_iin"],
        json!(format!("{}********", &resident.iin()[..4]))
    );
    let family = own["id"].as_str().unwrap().to_owned();
    let head = Office::enter(&service, "organisation").await;
    let mut petition = proposal_for(DORMITORY, &[iin_of("resident-ecdsa").as_str()]);
    petition["standpoint"] = json!("administration");
    let applied = head.applies(&service, petition).await;
    let lodger = Office::enter(&service, "resident-ecdsa").await;
    let done = lodger.consent(&service, applied.id()).await;
    service.pass_until("2027-01-10T12:00:00Z");
    for (slug, registration) in [
        ("resident-1", family.as_str()),
        ("resident-ecdsa", done.registration()),
    ] {
        let browser = Browser::signed_in(&service, slug).await;
        let found = extends(&browser, registration).await;
        assert_eq!(found, ("oneself".to_owned(), String::new()), "{slug}");
    }
}

#[tokio::test]
async fn what_is_demanded_waits_for_the_co_owner_and_is_taken_back_on_pages() {
    let service = Service::start().await;
    let (application, first) = half_agreed(&service).await;
    let second = Browser::signed_in(&service, "owner-3").await;
    assert!(
        second
            .get("/en/office")
            .await
            .text
            .contains("Waiting for your answer")
    );
    let other = Office::enter(&service, "owner-3").await;
    let done = other.consent(&service, &application).await;
    let registration = done.registration().to_owned();
    // What is answered waits no more.
    assert!(
        !second
            .get("/en/office")
            .await
            .text
            .contains("Waiting for your answer")
    );
    first.removes(&service, &registration).await;
    let office = second.get("/en/office").await;
    assert!(
        office.text.contains("Waiting for your answer"),
        "{}",
        office.text
    );
    office.link(&application);
    let path = format!("/en/registrations/{registration}");
    assert!(
        !second
            .get(&path)
            .await
            .text
            .contains("Take the demand back")
    );
    let owner = Browser::signed_in(&service, "owner-2").await;
    let page = owner.get(&path).await;
    let asked = owner.get(&page.link("/removal/withdraw")).await;
    let (form, key) = (asked.field("form"), asked.field("key"));
    let fields = [("form", form.as_str()), ("key", key.as_str())];
    let answer = owner
        .post(&format!("{path}/removal/withdraw"), &fields)
        .await;
    let shown = owner.get(answer.leads_to()).await;
    assert!(
        shown.text.contains("The demand was taken back."),
        "{}",
        shown.text
    );
    assert!(
        !second
            .get("/en/office")
            .await
            .text
            .contains("Waiting for your answer")
    );
}

#[tokio::test]
async fn an_owner_beside_one_who_cannot_answer_reads_why_there_is_no_demand() {
    let service = Service::start().await;
    let (application, _) = half_agreed(&service).await;
    let second = Office::enter(&service, "owner-3").await;
    let done = second.consent(&service, &application).await;
    let incapable = |person: &mut Individual| person.capacity = Capacity::None;
    service.change_person(second.iin(), incapable).await;
    let owner = Browser::signed_in(&service, "owner-2").await;
    let path = format!("/en/registrations/{}", done.registration());
    let page = owner.get(&path).await;
    assert!(page.text.contains("public service centre"), "{}", page.text);
    assert!(!page.text.contains("/remove\""), "{}", page.text);
    // It is no matter of the resident's.
    let resident = Browser::signed_in(&service, "resident-1").await;
    let page = resident.get(&path).await;
    assert!(!page.text.contains("public service centre"));
}
