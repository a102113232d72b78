//! A resident leaves before the last day.

use super::{with_one_owner, with_two_owners};
use crate::office::{ONE_OWNER, Office};
use crate::service::Service;

#[tokio::test]
async fn a_resident_ends_the_registration_by_a_signature_of_their_own_and_the_evidence_stays() {
    let service = Service::start().await;
    let settled = with_two_owners(&service).await;
    let before = service.count("SELECT count(*) FROM signatures").await;
    let left = settled
        .resident
        .leaves(&service, &settled.registration)
        .await;
    assert_eq!((left.status, left.state()), (200, "ended"));
    assert_eq!(left.history().last(), Some(&"left"));
    let after = service.count("SELECT count(*) FROM signatures").await;
    assert_eq!((before, after), (3, 4));
    for owner in &settled.owners {
        let seen = owner.sees_registration(&settled.registration).await;
        assert_eq!(seen.text("standing"), "left");
    }
}

#[tokio::test]
async fn a_registration_is_left_once() {
    let service = Service::start().await;
    let settled = with_one_owner(&service).await;
    let (resident, registration) = (&settled.resident, &settled.registration);
    let path = format!("/api/v1/registrations/{registration}/leaving");
    let document = resident.get(&format!("{path}/document")).await;
    let signature = resident.sign(&service, &document.bytes);
    let body = serde_json::json!({"signature": signature});
    let path = format!("{path}/signature");
    let left = resident.post(&path, body.clone()).await;
    assert_eq!(left.status, 200, "{:?}", left.body);
    let again = resident.post(&path, body).await;
    again.refused(409, "state-conflict", Some("CONSENT/STATE_CONFLICT"));
}

#[tokio::test]
async fn nobody_else_leaves_for_a_resident_and_the_words_are_not_those_of_a_removal() {
    let service = Service::start().await;
    let settled = with_one_owner(&service).await;
    let owner = &settled.owners[0];
    let by_owner = owner.leaves(&service, &settled.registration).await;
    by_owner.refused(404, "not-found", None);
    let neighbour = Office::enter(&service, "owner-2").await;
    let by_neighbour = neighbour.leaves(&service, &settled.registration).await;
    by_neighbour.refused(404, "not-found", None);
    // A demand that the owner signed does not end it in the resident's name.
    let path = format!("/api/v1/registrations/{}", settled.registration);
    let leaving = settled
        .resident
        .get(&format!("{path}/leaving/document"))
        .await;
    let removal = owner.get(&format!("{path}/removal/document")).await;
    assert_eq!(leaving.text("purpose"), "kelisim/leaving/v1");
    assert_eq!(removal.text("purpose"), "kelisim/removal/v1");
    let signature = settled.resident.sign(&service, &removal.bytes);
    let body = serde_json::json!({"signature": signature});
    let answer = settled
        .resident
        .post(&format!("{path}/leaving/signature"), body)
        .await;
    answer.refused(422, "signature-refused", Some("CONSENT/WRONG_PURPOSE"));
}

#[tokio::test]
async fn who_has_left_may_come_back_to_the_same_dwelling() {
    let service = Service::start().await;
    let settled = with_one_owner(&service).await;
    settled
        .resident
        .leaves(&service, &settled.registration)
        .await;
    let applied = settled.resident.apply(&service, ONE_OWNER).await;
    let done = settled.owners[0].consent(&service, applied.id()).await;
    assert_eq!(done.state(), "registered");
}
