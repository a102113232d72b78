//! Children and wards, and owners who cannot answer for themselves.

use kelisim::domain::register::Capacity;
use serde_json::json;

use super::{CHILD, INFANT, WARD, all_consent, each};
use crate::office::{ONE_OWNER, OWNED_BY_A_CHILD, Office, permanent, proposal, proposal_for};
use crate::registers::iin_of;
use crate::service::Service;

#[tokio::test]
async fn a_guardian_applies_for_a_child_of_fifteen_and_only_the_owner_is_asked() {
    let service = Service::start().await;
    let guardian = Office::enter(&service, "guardian").await;
    let applied = guardian
        .applies(&service, proposal_for(ONE_OWNER, &[CHILD]))
        .await;
    assert_eq!(each(&applied.body["consents"], "party"), ["owner"]);
    let done = all_consent(&service, applied.id(), &["owner-1"]).await;
    let seen = guardian.sees_registration(done.registration()).await;
    assert_eq!(seen.text("resident_iin"), "1103********");
    let left = guardian.leaves(&service, done.registration()).await;
    assert_eq!((left.status, left.state()), (200, "ended"));
}

#[tokio::test]
async fn a_guardian_applies_for_a_grown_ward_without_capacity() {
    let service = Service::start().await;
    let guardian = Office::enter(&service, "guardian").await;
    let applied = guardian
        .applies(&service, proposal_for(ONE_OWNER, &[WARD]))
        .await;
    let done = all_consent(&service, applied.id(), &["owner-1"]).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn whoever_can_act_again_leaves_alone_and_the_former_guardian_ends_nothing() {
    let service = Service::start().await;
    let guardian = Office::enter(&service, "guardian").await;
    let ward = Office::enter(&service, "resident-2").await;
    let (name, guards) = (ward.iin(), iin_of("guardian"));
    service
        .change_person(name, |person| {
            person.capacity = Capacity::None;
            person.representatives = [guards.clone()].into();
        })
        .await;
    let applied = guardian
        .applies(&service, proposal_for(ONE_OWNER, &[name]))
        .await;
    let done = all_consent(&service, applied.id(), &["owner-1"]).await;
    let alone = ward.leaves(&service, done.registration()).await;
    alone.refused(422, "not-eligible", None);
    service
        .change_person(name, |person| {
            person.capacity = Capacity::Full;
            person.representatives.clear();
        })
        .await;
    let former = guardian.leaves(&service, done.registration()).await;
    former.refused(404, "not-found", None);
    let left = ward.leaves(&service, done.registration()).await;
    assert_eq!((left.status, left.state()), (200, "ended"));
}

/// `resident-2`, who registered alone, cannot act alone any more; these represent them.
async fn becomes_a_ward(service: &Service, guardians: &[&str]) {
    let guardians: Vec<_> = guardians.iter().map(|slug| iin_of(slug)).collect();
    let ward = iin_of("resident-2");
    service
        .change_person(ward.as_str(), |person| {
            person.capacity = Capacity::None;
            person.representatives = guardians.iter().cloned().collect();
        })
        .await;
}

/// `resident-2` is registered by their own application; its registration.
async fn registered_alone(service: &Service) -> String {
    let resident = Office::enter(service, "resident-2").await;
    let applied = resident.apply(service, ONE_OWNER).await;
    let done = all_consent(service, applied.id(), &["owner-1"]).await;
    done.registration().to_owned()
}

/// What stands in the person's list of registrations, which counts as many.
async fn listed(office: &Office) -> Vec<String> {
    let list = office.get("/api/v1/registrations").await;
    let items = list.body["items"].as_array().unwrap();
    let counts = office.get("/api/v1/registrations/counts").await;
    assert_eq!(counts.body["total"], items.len());
    let ids = items
        .iter()
        .map(|one| one["id"].as_str().unwrap().to_owned());
    ids.collect()
}

#[tokio::test]
async fn a_guardian_who_was_appointed_after_the_registration_sees_it_and_lets_the_ward_leave() {
    let service = Service::start().await;
    let registration = registered_alone(&service).await;
    let guardian = Office::enter(&service, "guardian").await;
    let before = guardian.sees_registration(&registration).await;
    before.refused(404, "not-found", None);
    assert_eq!(listed(&guardian).await, [""; 0]);
    becomes_a_ward(&service, &["guardian"]).await;
    assert_eq!(listed(&guardian).await, [registration.as_str()]);
    let seen = guardian.sees_registration(&registration).await;
    assert_eq!(seen.text("standing"), "active");
    let path = format!("/api/v1/registrations/{registration}/leaving/document?language=en");
    let document = guardian.get(&path).await;
    let by = serde_json::json!({"iin": guardian.iin(), "as": "legal_representative"});
    assert_eq!(document.body["by"], by);
    let said = format!("IIN {}, as legal representative", guardian.iin());
    assert!(document.text("statement").contains(&said));
    let ward = Office::enter(&service, "resident-2").await;
    let alone = ward.leaves(&service, &registration).await;
    alone.refused(422, "not-eligible", None);
    let left = guardian.leaves(&service, &registration).await;
    assert_eq!((left.status, left.state()), (200, "ended"));
}

#[tokio::test]
async fn who_represents_somebody_who_can_act_alone_neither_sees_nor_ends_a_registration() {
    let service = Service::start().await;
    let registration = registered_alone(&service).await;
    let ward = iin_of("resident-2");
    let guards = iin_of("guardian");
    service
        .change_person(ward.as_str(), |person| {
            person.representatives = [guards.clone()].into();
        })
        .await;
    let guardian = Office::enter(&service, "guardian").await;
    let seen = guardian.sees_registration(&registration).await;
    seen.refused(404, "not-found", None);
    let left = guardian.leaves(&service, &registration).await;
    left.refused(404, "not-found", None);
}

#[tokio::test]
async fn a_guardian_who_was_replaced_between_document_and_signature_ends_nothing() {
    let service = Service::start().await;
    let registration = registered_alone(&service).await;
    becomes_a_ward(&service, &["guardian", "resident-1"]).await;
    let former = Office::enter(&service, "resident-1").await;
    let path = format!("/api/v1/registrations/{registration}/leaving");
    let document = former.get(&format!("{path}/document")).await;
    let body = serde_json::json!({"signature": former.sign(&service, &document.bytes)});
    becomes_a_ward(&service, &["guardian"]).await;
    let late = former.post(&format!("{path}/signature"), body).await;
    late.refused(404, "not-found", None);
    let guardian = Office::enter(&service, "guardian").await;
    let left = guardian.leaves(&service, &registration).await;
    assert_eq!((left.status, left.state()), (200, "ended"));
}

#[tokio::test]
async fn a_guardian_who_signed_before_the_ward_could_act_again_ends_nothing_afterwards() {
    let service = Service::start().await;
    let registration = registered_alone(&service).await;
    becomes_a_ward(&service, &["guardian"]).await;
    let guardian = Office::enter(&service, "guardian").await;
    let path = format!("/api/v1/registrations/{registration}/leaving");
    let document = guardian.get(&format!("{path}/document")).await;
    let body = serde_json::json!({"signature": guardian.sign(&service, &document.bytes)});
    let ward = iin_of("resident-2");
    service
        .change_person(ward.as_str(), |person| person.capacity = Capacity::Full)
        .await;
    let late = guardian.post(&format!("{path}/signature"), body).await;
    late.refused(404, "not-found", None);
    let ward = Office::enter(&service, "resident-2").await;
    let left = ward.leaves(&service, &registration).await;
    assert_eq!((left.status, left.state()), (200, "ended"));
}

#[tokio::test]
async fn a_guardian_sees_nothing_of_what_nobody_has_signed() {
    let service = Service::start().await;
    let applicant = Office::enter(&service, "resident-1").await;
    let (own, ward) = (applicant.iin(), iin_of("resident-2"));
    let drafted = applicant
        .asks(proposal_for(ONE_OWNER, &[own, ward.as_str()]))
        .await;
    assert_eq!(drafted.status, 201, "{:?}", drafted.body);
    becomes_a_ward(&service, &["guardian"]).await;
    let guardian = Office::enter(&service, "guardian").await;
    let seen = guardian.sees(drafted.id()).await;
    seen.refused(404, "not-found", None);
}

#[tokio::test]
async fn a_child_of_ten_is_not_registered_and_the_guardian_is_told_why() {
    let service = Service::start().await;
    let guardian = Office::enter(&service, "guardian").await;
    let answer = guardian.asks(proposal_for(ONE_OWNER, &[INFANT])).await;
    answer.refused(422, "not-eligible", None);
    let told = answer.text("detail");
    assert!(told.contains("from the age of 14"), "{told}");
    assert!(
        told.contains("that of parents or representatives"),
        "{told}"
    );
}

#[tokio::test]
async fn a_child_is_registered_from_the_fourteenth_birthday_on_and_not_a_day_before() {
    let service = Service::start().await;
    let guardian = Office::enter(&service, "guardian").await;
    let born = |day: &'static str| {
        service.change_person(INFANT, move |child| {
            child.born = day.parse().unwrap();
        })
    };
    born("2012-11-02").await;
    let answer = guardian.asks(proposal_for(ONE_OWNER, &[INFANT])).await;
    answer.refused(422, "not-eligible", None);
    born("2012-11-01").await;
    let drafted = guardian.asks(proposal_for(ONE_OWNER, &[INFANT])).await;
    assert_eq!(drafted.status, 201, "{:?}", drafted.body);
    let mut for_good = permanent(ONE_OWNER);
    for_good["residents"] = serde_json::json!([INFANT]);
    let drafted = guardian.asks(for_good).await;
    assert_eq!(drafted.status, 201, "{:?}", drafted.body);
}

#[tokio::test]
async fn whoever_is_no_guardian_of_a_child_or_ward_cannot_apply_for_them() {
    let service = Service::start().await;
    let stranger = Office::enter(&service, "resident-1").await;
    // That somebody has no capacity is not told to everybody.
    for (person, why) in [
        (CHILD, "legal representative"),
        (WARD, "at another's request"),
    ] {
        let answer = stranger.asks(proposal_for(ONE_OWNER, &[person])).await;
        answer.refused(422, "not-eligible", None);
        let told = answer.text("detail");
        assert!(told.contains(why), "{told}");
    }
}

#[tokio::test]
async fn row_124_a_dwelling_of_a_child_is_referred_to_the_service_centre() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let answer = resident.asks(proposal(OWNED_BY_A_CHILD)).await;
    answer.refused(422, "not-eligible", Some("CONSENT/OWNER_NOT_CAPABLE"));
    let told = answer.text("detail");
    assert!(
        told.contains("minor") && told.contains("service centre"),
        "{told}"
    );
}

#[tokio::test]
async fn row_124_an_owner_without_capacity_is_referred_to_the_service_centre_and_a_dead_one_is_not()
{
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = iin_of("owner-1");
    for capacity in [Capacity::None, Capacity::Limited] {
        let change = move |person: &mut kelisim::domain::register::Individual| {
            person.capacity = capacity;
        };
        service.change_person(owner.as_str(), change).await;
        let answer = resident.asks(proposal(ONE_OWNER)).await;
        answer.refused(422, "not-eligible", Some("CONSENT/OWNER_NOT_CAPABLE"));
        assert!(answer.text("detail").contains("service centre"));
    }
    let change = |person: &mut kelisim::domain::register::Individual| {
        person.capacity = Capacity::Full;
        person.died = "2026-10-31".parse().ok();
    };
    service.change_person(owner.as_str(), change).await;
    let answer = resident.asks(proposal(ONE_OWNER)).await;
    answer.refused(422, "not-eligible", Some("CONSENT/OWNER_NOT_CAPABLE"));
    let told = answer.text("detail");
    assert!(
        told.contains("not alive") && !told.contains("service centre"),
        "{told}"
    );
}

#[tokio::test]
async fn row_124_an_owner_who_lost_capacity_after_the_question_consents_no_more() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let owner = Office::enter(&service, "owner-1").await;
    let (path, body) = owner.signed_consent(&service, applied.id()).await;
    let change = |person: &mut kelisim::domain::register::Individual| {
        person.capacity = Capacity::None;
    };
    service.change_person(owner.iin(), change).await;
    let answer = owner.post(&path, body).await;
    answer.refused(422, "not-eligible", Some("CONSENT/OWNER_NOT_CAPABLE"));
    let seen = resident.sees(applied.id()).await;
    assert_eq!(seen.state(), "refused");
    assert_eq!(seen.text("grounds"), "owner_not_capable");
    assert_eq!(service.count("SELECT count(*) FROM registrations").await, 0);
}

#[tokio::test]
async fn a_guardian_who_was_appointed_after_the_registration_hears_what_becomes_of_it() {
    let service = Service::start().await;
    let registration = registered_alone(&service).await;
    becomes_a_ward(&service, &["guardian"]).await;
    let owner = Office::enter(&service, "owner-1").await;
    let removed = owner.removes(&service, &registration).await;
    assert_eq!(removed.state(), "ended", "{:?}", removed.body);
    let guardian = Office::enter(&service, "guardian").await;
    let notices = guardian.get("/api/v1/notices").await;
    let told = &notices.body["items"][0];
    assert_eq!(
        (&told["topic"], &told["registration"]),
        (&json!("removed"), &json!(registration))
    );
}
