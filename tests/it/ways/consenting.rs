//! Who consents: organisations, administrations, tenants, delegates.

use serde_json::json;

use super::{all_consent, each};
use crate::office::{
    DORMITORY, ONE_OWNER, OWNED_WITH_AN_ORGANISATION, Office, STATE_FLAT, proposal, proposal_for,
};
use crate::registers::{POWER, iin_of};
use crate::service::Service;

fn administration(rka: &str, residents: &[&str]) -> serde_json::Value {
    let mut body = proposal_for(rka, residents);
    body["standpoint"] = json!("administration");
    body
}

#[tokio::test]
async fn the_head_of_an_organisation_that_owns_a_share_consents_beside_the_other_owner() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, OWNED_WITH_AN_ORGANISATION).await;
    assert_eq!(applied.body["answers"]["asked"], 2);
    let head = Office::enter(&service, "organisation").await;
    let seen = head.sees(applied.id()).await;
    assert_eq!(seen.body["consents"][0]["bin"], "190540099905");
    let half = head.consent(&service, applied.id()).await;
    assert_eq!(half.state(), "awaiting_consent");
    let done = all_consent(&service, applied.id(), &["owner-1"]).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn an_employee_without_the_right_to_sign_does_not_even_see_what_the_organisation_is_asked() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, OWNED_WITH_AN_ORGANISATION).await;
    let head = Office::enter(&service, "organisation").await;
    let consent = head.consent_path(applied.id()).await;
    let employee = Office::enter(&service, "employee").await;
    employee
        .sees(applied.id())
        .await
        .refused(404, "not-found", None);
    let list = employee.get("/api/v1/applications?role=owner").await;
    assert_eq!(list.body["items"], json!([]));
    let signed = employee.signs(&service, &consent).await;
    signed.refused(404, "not-found", None);
}

#[tokio::test]
async fn row_30_an_employees_certificate_in_the_heads_office_signs_nothing() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, OWNED_WITH_AN_ORGANISATION).await;
    let head = Office::enter(&service, "organisation").await;
    let answer = head
        .with_key_of("employee")
        .consent(&service, applied.id())
        .await;
    answer.refused(422, "signature-refused", Some("CHAIN_CONSTRAINTS_FAILURE"));
    assert_eq!(answer.text("indication"), "INDETERMINATE");
}

#[tokio::test]
async fn row_29_an_organisations_certificate_does_not_sign_for_a_person_nor_a_persons_for_it() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, OWNED_WITH_AN_ORGANISATION).await;
    for (office, key) in [("owner-1", "organisation"), ("organisation", "owner-1")] {
        let office = Office::enter(&service, office).await;
        let answer = office
            .with_key_of(key)
            .consent(&service, applied.id())
            .await;
        answer.refused(422, "signature-refused", Some("CHAIN_CONSTRAINTS_FAILURE"));
    }
    let seen = resident.sees(applied.id()).await;
    assert_eq!(seen.body["answers"]["given"], 0);
}

#[tokio::test]
async fn the_administration_of_a_dormitory_applies_for_its_residents_and_each_adult_joins() {
    let service = Service::start().await;
    let residents = [iin_of("resident-1"), iin_of("resident-2")];
    let residents: Vec<_> = residents.iter().map(|iin| iin.as_str()).collect();
    let head = Office::enter(&service, "organisation").await;
    let applied = head
        .applies(&service, administration(DORMITORY, &residents))
        .await;
    assert_eq!(applied.state(), "awaiting_consent");
    assert_eq!(applied.text("role"), "administration");
    assert_eq!(each(&applied.body["consents"], "party"), ["resident"; 2]);
    let done = all_consent(&service, applied.id(), &["resident-1", "resident-2"]).await;
    assert_eq!(done.state(), "registered");
    assert_eq!(done.body["registrations"].as_array().unwrap().len(), 2);
    let own = Office::enter(&service, "resident-2").await;
    let list = own.get("/api/v1/applications?role=resident").await;
    assert_eq!(list.body["items"][0]["id"], applied.body["id"]);
}

#[tokio::test]
async fn nobody_but_the_head_of_the_organisation_that_owns_a_lodging_applies_as_its_administration()
{
    let service = Service::start().await;
    let resident = iin_of("resident-1");
    let body = |rka| administration(rka, &[resident.as_str()]);
    for other in ["employee", "owner-1"] {
        let office = Office::enter(&service, other).await;
        let answer = office.asks(body(DORMITORY)).await;
        answer.refused(403, "not-allowed", None);
    }
    let head = Office::enter(&service, "organisation").await;
    for no_lodging_of_theirs in [ONE_OWNER, OWNED_WITH_AN_ORGANISATION] {
        let answer = head.asks(body(no_lodging_of_theirs)).await;
        answer.refused(422, "not-eligible", None);
    }
    let operator = Office::enter(&service, "operator").await;
    let answer = operator.asks(body(DORMITORY)).await;
    answer.refused(403, "not-allowed", None);
}

#[tokio::test]
async fn a_tenant_of_state_housing_consents_in_the_owners_place_for_a_person_named_in_the_lease() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, STATE_FLAT).await;
    assert_eq!(each(&applied.body["consents"], "party"), ["tenant"]);
    let done = all_consent(&service, applied.id(), &["tenant"]).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn a_person_whom_the_lease_of_state_housing_does_not_name_is_refused_at_once() {
    let service = Service::start().await;
    let stranger = Office::enter(&service, "resident-2").await;
    let answer = stranger.asks(proposal(STATE_FLAT)).await;
    answer.refused(422, "not-eligible", None);
    assert!(answer.text("detail").contains("lease"), "{:?}", answer.body);
}

#[tokio::test]
async fn a_tenant_of_state_housing_registers_there_without_asking_the_state() {
    let service = Service::start().await;
    let tenant = Office::enter(&service, "tenant").await;
    let done = tenant.apply(&service, STATE_FLAT).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn a_delegate_signs_with_their_own_key_and_the_document_says_for_whom_and_by_which_power() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let delegate = Office::enter(&service, "delegate").await;
    let path = delegate.consent_path(applied.id()).await;
    let document = delegate.get(&format!("{path}/document?language=en")).await;
    assert_eq!(document.body["party"]["iin"], iin_of("owner-1").as_str());
    assert_eq!(document.body["delegate"]["iin"], delegate.iin());
    assert_eq!(document.body["delegate"]["power_of_attorney"], POWER);
    assert!(document.text("statement").contains(POWER));
    let done = delegate.consent(&service, applied.id()).await;
    assert_eq!(done.state(), "registered", "{:?}", done.body);
    let signer = format!(
        "SELECT count(*) FROM signatures WHERE purpose = 'consent' AND signer_iin = '{}'",
        delegate.iin()
    );
    assert_eq!(service.count(&signer).await, 1);
}

#[tokio::test]
async fn an_owner_who_gave_a_power_of_attorney_may_still_answer_for_themselves_and_only_one_does() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let delegate = Office::enter(&service, "delegate").await;
    let (path, body) = delegate.signed_consent(&service, applied.id()).await;
    let done = all_consent(&service, applied.id(), &["owner-1"]).await;
    assert_eq!(done.state(), "registered");
    let late = delegate.post(&path, body).await;
    late.refused(409, "state-conflict", Some("CONSENT/SIGNER_NOT_OWNER"));
}

#[tokio::test]
async fn a_power_of_attorney_that_was_revoked_after_the_question_answers_it_no_more() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let delegate = Office::enter(&service, "delegate").await;
    let (path, body) = delegate.signed_consent(&service, applied.id()).await;
    service
        .change_power(|power| power.revoked_on = "2026-11-01".parse().ok())
        .await;
    let signed = delegate.post(&path, body).await;
    signed.refused(422, "not-eligible", Some("CONSENT/SIGNER_NOT_OWNER"));
    assert!(signed.text("detail").contains("revoked"));
    let declined = delegate.declines(applied.id(), "not_agreed").await;
    declined.refused(422, "not-eligible", Some("CONSENT/SIGNER_NOT_OWNER"));
    let noted = "SELECT count(*) FROM refusals WHERE code = 'CONSENT/SIGNER_NOT_OWNER'";
    assert_eq!(service.count(noted).await, 1);
    let done = all_consent(&service, applied.id(), &["owner-1"]).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn a_power_of_attorney_that_ran_out_since_the_question_answers_it_no_more() {
    let service = Service::start().await;
    service
        .change_power(|power| {
            power.valid = "2026-01-01".parse().unwrap()..="2026-11-01".parse().unwrap();
        })
        .await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let delegate = Office::enter(&service, "delegate").await;
    let (path, body) = delegate.signed_consent(&service, applied.id()).await;
    service.pass_until("2026-11-01T19:00:00Z");
    let late = delegate.post(&path, body).await;
    late.refused(422, "not-eligible", Some("CONSENT/SIGNER_NOT_OWNER"));
    assert!(late.text("detail").contains("expired"));
}

#[tokio::test]
async fn a_power_of_attorney_for_something_else_or_of_the_past_shows_the_delegate_nothing() {
    use kelisim::domain::register::Scope;
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let delegate = Office::enter(&service, "delegate").await;
    service
        .change_power(|power| power.scope = [Scope::Deregister].into())
        .await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let seen = delegate.sees(applied.id()).await;
    seen.refused(404, "not-found", None);
    resident.withdraws(applied.id()).await;
    service
        .change_power(|power| {
            power.scope = [Scope::Register].into();
            power.valid = "2025-01-01".parse().unwrap()..="2025-12-31".parse().unwrap();
        })
        .await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let seen = delegate.sees(applied.id()).await;
    seen.refused(404, "not-found", None);
}

#[tokio::test]
async fn row_118_the_only_owner_does_not_register_by_their_own_application_where_the_rule_forbids()
{
    use kelisim::domain::SoleOwner;
    let service = Service::by_rules(|rules| rules.sole_owner = SoleOwner::MayNot).await;
    let owner = Office::enter(&service, "owner-1").await;
    let answer = owner.asks(proposal(ONE_OWNER)).await;
    answer.refused(422, "not-eligible", Some("CONSENT/SELF_CONSENT"));
    // A co-owner has somebody to ask.
    let owner = Office::enter(&service, "owner-2").await;
    let applied = owner.apply(&service, crate::office::TWO_OWNERS).await;
    assert_eq!(applied.body["answers"]["asked"], 1);
}
