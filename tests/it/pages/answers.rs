//! What others answered, and what one answers oneself: invitations, and the state register.

use serde_json::json;

use super::browser::Browser;
use crate::office::{ONE_OWNER, Office};
use crate::registers::iin_of;
use crate::service::Service;
use crate::state_register::{answers, seal};

#[tokio::test]
async fn whoever_is_invited_finds_a_button_to_say_no_and_the_owner_sees_it() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    let offer = json!({
        "rka": ONE_OWNER, "resident": iin_of("resident-1").as_str(),
        "starts_on": "2026-11-01", "months": 3,
    });
    let invited = owner.post("/api/v1/invitations", offer).await;
    assert_eq!(invited.status, 201, "{:?}", invited.body);
    let resident = Browser::signed_in(&service, "resident-1").await;
    let path = format!("/en/invitations/{}/decline", invited.id());
    let listed = resident.get("/en/invitations").await;
    assert!(listed.text.contains(&path), "{}", listed.text);
    let (form, key) = (listed.field("form"), "no-thanks".to_owned());
    let fields = [("form", form.as_str()), ("key", key.as_str())];
    let declined = resident.post(&path, &fields).await;
    assert_eq!(declined.leads_to(), "/en/invitations?done=declined");
    let over = resident.get("/en/invitations").await;
    assert!(!over.text.contains(&path), "{}", over.text);
    let inviting = Browser::signed_in(&service, "owner-1").await;
    let seen = inviting.get("/en/invitations").await;
    assert!(seen.text.contains("badge declined"), "{}", seen.text);
}

#[tokio::test]
async fn the_page_of_a_registration_tells_what_the_state_register_answered() {
    let service = Service::decided(|settings| settings.state_register = seal()).await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let owner = Office::enter(&service, "owner-1").await;
    let done = owner.consent(&service, applied.id()).await;
    let registration = done.registration();
    let path = format!("/en/registrations/{registration}");
    let browser = Browser::signed_in(&service, "resident-1").await;
    let before = browser.get(&path).await;
    assert!(!before.text.contains("State register"), "{}", before.text);
    let rejected = json!({
        "registration": registration, "outcome": "rejected", "reason": "<b>no such address</b>",
    });
    assert_eq!(answers(&service, &rejected).await.status, 200);
    let after = browser.get(&path).await;
    assert!(
        after.text.contains("did not take the registration"),
        "{}",
        after.text
    );
    assert!(after.text.contains("no such address"), "{}", after.text);
    assert!(!after.text.contains("<b>no such"), "{}", after.text);
}
