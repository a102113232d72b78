//! Who ends a registration in an owner's place, by a power of attorney to take people off
//! the register.

use chrono::NaiveDate;
use kelisim::domain::register::{PowerOfAttorney, Scope};
use kelisim::eds::Digest;
use serde_json::json;

use super::super::{Settled, with_one_owner, with_two_owners};
use crate::office::{Answer, ONE_OWNER, Office, TWO_OWNERS};
use crate::registers::{POWER, iin_of};
use crate::service::Service;

/// What is taken from the power of attorney, or becomes of it.
type Change = fn(&mut PowerOfAttorney);

const NARROWED: Change = |power| power.scope.retain(|one| *one == Scope::Register);
const REVOKED: Change = |power| power.revoked_on = Some(day("2026-11-01"));
const EXPIRED: Change = |power| power.valid = *power.valid.start()..=day("2026-10-31");

/// What is answered to whoever has no power for it.
const CODE: &str = "CONSENT/SIGNER_NOT_OWNER";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// `resident-1` is registered, and `owner-1`, who gave the power of attorney, bought the
/// dwelling since, with these.
async fn bought(service: &Service, beside: &[&str]) -> Settled {
    let settled = with_two_owners(service).await;
    let owners = [&["owner-1"], beside].concat();
    service.add_dwelling(TWO_OWNERS, &owners).await;
    settled
}

/// `delegate` consented for `owner-1` to a registration.
async fn agreed(service: &Service) -> (Office, String) {
    let resident = Office::enter(service, "resident-1").await;
    let applied = resident.apply(service, ONE_OWNER).await;
    let delegate = Office::enter(service, "delegate").await;
    let done = delegate.consent(service, applied.id()).await;
    let registration = done.registration().to_owned();
    (delegate, registration)
}

async fn demand(office: &Office, registration: &str) -> Answer {
    let path = format!("/api/v1/registrations/{registration}/removal/document");
    office.get(&path).await
}

#[tokio::test]
async fn a_delegate_ends_a_registration_alone_for_the_only_owner() {
    let service = Service::start().await;
    let settled = bought(&service, &[]).await;
    // Whoever is registered there was never the delegate's to know.
    let delegate = Office::enter(&service, "delegate").await;
    let seen = delegate.sees_registration(&settled.registration).await;
    assert_eq!(seen.text("standing"), "active");
    let document = demand(&delegate, &settled.registration).await;
    let by = json!({
        "iin": iin_of("owner-1").as_str(),
        "delegate": {"iin": delegate.iin(), "power_of_attorney": POWER},
    });
    assert_eq!(document.body["by"], by);
    assert!(document.text("statement").contains(POWER));
    let removed = delegate.removes(&service, &settled.registration).await;
    assert_eq!((removed.status, removed.state()), (200, "ended"));
    let seen = settled
        .resident
        .sees_registration(&settled.registration)
        .await;
    assert_eq!(seen.text("standing"), "removed");
    let told = format!(
        "SELECT count(*) FROM notices WHERE topic = 'removed' AND person_iin = '{}'",
        iin_of("owner-1").as_str()
    );
    assert_eq!(service.count(&told).await, 1);
}

#[tokio::test]
async fn what_a_delegate_demands_the_other_owners_confirm_and_it_stays_the_owners_demand() {
    let service = Service::start().await;
    let settled = bought(&service, &["owner-2"]).await;
    let delegate = Office::enter(&service, "delegate").await;
    let document = demand(&delegate, &settled.registration).await;
    let demanded = delegate.removes(&service, &settled.registration).await;
    assert_eq!((demanded.status, demanded.state()), (200, "registered"));
    let removal = &demanded.body["registrations"][0]["removal"];
    assert_eq!(removal["asked"], 1);
    let by = format!(
        "SELECT count(*) FROM registrations WHERE removal_by = 'iin:{}'",
        iin_of("owner-1").as_str()
    );
    assert_eq!(service.count(&by).await, 1);
    // Neither the owner in whose place it was demanded nor the delegate confirms it.
    let co_owner = &settled.owners[0];
    let path = co_owner.confirmation_path(&settled.registration).await;
    for other in [&delegate, &Office::enter(&service, "owner-1").await] {
        let answer = other.signs(&service, &path).await;
        answer.refused(404, "not-found", None);
    }
    let asked = co_owner.get(&format!("{path}/document")).await;
    let digest = Digest::of(&document.bytes).to_string();
    assert_eq!(asked.text("demand_sha256"), digest);
    assert_eq!(asked.body["by"], document.body["by"]);
    let confirmed = co_owner.confirms(&service, &settled.registration).await;
    assert_eq!((confirmed.status, confirmed.state()), (200, "ended"));
}

#[tokio::test]
async fn a_delegate_whose_power_is_narrower_revoked_or_expired_demands_nothing() {
    for change in [NARROWED, REVOKED, EXPIRED] {
        let service = Service::start().await;
        let settled = bought(&service, &[]).await;
        service.change_power(change).await;
        let delegate = Office::enter(&service, "delegate").await;
        let seen = delegate.sees_registration(&settled.registration).await;
        seen.refused(404, "not-found", None);
        let answer = delegate.removes(&service, &settled.registration).await;
        answer.refused(404, "not-found", None);
    }
}

#[tokio::test]
async fn a_delegate_finds_the_dwelling_and_who_is_registered_there() {
    let service = Service::start().await;
    let settled = bought(&service, &["owner-2"]).await;
    let delegate = Office::enter(&service, "delegate").await;
    let owner = Office::enter(&service, "owner-1").await;
    let there = format!("/api/v1/dwellings/{TWO_OWNERS}/registrations");
    for (office, owned) in [(&owner, true), (&delegate, false)] {
        let dwellings = office.get("/api/v1/dwellings?text=0000028").await;
        let one = &dwellings.body["items"][0];
        assert_eq!(
            (&one["rka"], &one["owned"]),
            (&json!(TWO_OWNERS), &json!(owned))
        );
        assert_eq!(one["registered"], 1);
        let found = office.get(&there).await;
        assert_eq!(found.body["items"][0]["id"], json!(settled.registration));
        let counted = office.get(&format!("{there}/counts")).await;
        assert_eq!(counted.body["active"], 1, "{:?}", counted.body);
    }
    // Whoever may only consent finds nothing.
    service.change_power(NARROWED).await;
    let dwellings = delegate.get("/api/v1/dwellings").await;
    assert_eq!(dwellings.body["items"], json!([]));
    delegate.get(&there).await.refused(404, "not-found", None);
}

#[tokio::test]
async fn a_delegate_who_did_not_consent_has_no_part_in_what_the_owner_agreed_to() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let delegate = Office::enter(&service, "delegate").await;
    assert_eq!(delegate.sees(applied.id()).await.status, 200);
    let owner = Office::enter(&service, "owner-1").await;
    owner.consent(&service, applied.id()).await;
    service.change_power(NARROWED).await;
    delegate
        .sees(applied.id())
        .await
        .refused(404, "not-found", None);
    let told = format!(
        "SELECT count(*) FROM notices WHERE person_iin = '{}' AND topic <> 'asked'",
        delegate.iin()
    );
    assert_eq!(service.count(&told).await, 0);
}

#[tokio::test]
async fn a_delegate_whose_power_is_revoked_is_reminded_of_nothing() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    resident.apply(&service, ONE_OWNER).await;
    service.change_power(REVOKED).await;
    service.pass(chrono::TimeDelta::hours(48));
    assert_eq!(service.house.remind_due(10).await.unwrap(), 1);
    let due = "SELECT person_iin FROM notices WHERE topic = 'answer_due'";
    let told = format!(
        "SELECT count(*) FROM ({due}) due WHERE person_iin = '{}'",
        iin_of("owner-1").as_str()
    );
    assert_eq!(service.count(&told).await, 1);
    let all = "SELECT count(*) FROM notices WHERE topic = 'answer_due'";
    assert_eq!(service.count(all).await, 1);
}

#[tokio::test]
async fn a_delegate_who_consented_is_told_why_the_power_is_not_enough_to_end_it() {
    for (change, why) in [
        (NARROWED, "does not cover this action"),
        (REVOKED, "is revoked"),
        (EXPIRED, "has expired"),
    ] {
        let service = Service::start().await;
        let (delegate, registration) = agreed(&service).await;
        service.change_power(change).await;
        let answer = delegate.removes(&service, &registration).await;
        answer.refused(422, "not-eligible", Some(CODE));
        assert!(answer.text("detail").contains(why), "{:?}", answer.body);
    }
}

#[tokio::test]
async fn a_power_that_was_revoked_between_document_and_signature_ends_nothing() {
    let service = Service::start().await;
    let (delegate, registration) = agreed(&service).await;
    let document = demand(&delegate, &registration).await;
    let body = json!({"signature": delegate.sign(&service, &document.bytes)});
    let path = format!("/api/v1/registrations/{registration}/removal/signature");
    service.change_power(REVOKED).await;
    let answer = delegate.post(&path, body).await;
    answer.refused(422, "not-eligible", Some(CODE));
    let noted = format!("SELECT count(*) FROM refusals WHERE code = '{CODE}'");
    assert_eq!(service.count(&noted).await, 1);
    let seen = delegate.sees_registration(&registration).await;
    assert_eq!(seen.text("standing"), "active");
}

#[tokio::test]
async fn what_was_written_for_one_power_of_attorney_is_not_signed_under_another() {
    let service = Service::start().await;
    let settled = bought(&service, &[]).await;
    let delegate = Office::enter(&service, "delegate").await;
    let document = demand(&delegate, &settled.registration).await;
    let body = json!({"signature": delegate.sign(&service, &document.bytes)});
    // The power is now another owner's, to whom the dwelling was sold.
    service
        .change_power(|power| power.principal = iin_of("owner-2").into())
        .await;
    service.add_dwelling(TWO_OWNERS, &["owner-2"]).await;
    let path = format!(
        "/api/v1/registrations/{}/removal/signature",
        settled.registration
    );
    let answer = delegate.post(&path, body).await;
    answer.refused(404, "not-found", None);
    let anew = demand(&delegate, &settled.registration).await;
    assert_eq!(anew.body["by"]["iin"], iin_of("owner-2").as_str());
    let removed = delegate.removes(&service, &settled.registration).await;
    assert_eq!((removed.status, removed.state()), (200, "ended"));
}

#[tokio::test]
async fn whoever_has_no_power_of_attorney_of_an_owner_of_today_ends_nothing() {
    let service = Service::start().await;
    let settled = with_one_owner(&service).await;
    service.add_dwelling(ONE_OWNER, &["owner-3"]).await;
    let delegate = Office::enter(&service, "delegate").await;
    let answer = delegate.removes(&service, &settled.registration).await;
    answer.refused(404, "not-found", None);
    let stranger = Office::enter(&service, "resident-2").await;
    let answer = stranger.removes(&service, &settled.registration).await;
    answer.refused(404, "not-found", None);
}
