//! Who answers in an owner's place, and who may not: nobody consents for somebody else
//! to what they ask for themselves.

mod demanding;

use kelisim::domain::SoleOwner;
use kelisim::domain::register::Individual;
use serde_json::json;

use super::{CHILD, WARD, all_consent, each};
use crate::office::{ONE_OWNER, Office, TWO_OWNERS, proposal, proposal_for};
use crate::registers::iin_of;
use crate::service::Service;

const DELEGATES: &str = "SELECT count(*) FROM consents WHERE delegate_iin IS NOT NULL";

#[tokio::test]
async fn row_118_whoever_holds_the_owners_power_of_attorney_does_not_consent_to_moving_in() {
    let service = Service::start().await;
    let delegate = Office::enter(&service, "delegate").await;
    // As the applicant, and as one who joins somebody else's application.
    let own = delegate.apply(&service, ONE_OWNER).await;
    assert_eq!(service.count(DELEGATES).await, 0);
    let path = delegate.consent_path(own.id()).await;
    let document = delegate.get(&format!("{path}/document")).await;
    document.refused(404, "not-found", None);
    let body = json!({"signature": delegate.sign(&service, b"{}")});
    let refused = delegate.post(&format!("{path}/signature"), body).await;
    refused.refused(409, "state-conflict", Some("CONSENT/SIGNER_NOT_OWNER"));
    delegate.withdraws(own.id()).await;
    let resident = Office::enter(&service, "resident-1").await;
    let together = proposal_for(ONE_OWNER, &[resident.iin(), delegate.iin()]);
    let applied = resident.applies(&service, together).await;
    assert_eq!(service.count(DELEGATES).await, 0);
    let parties = each(&applied.body["consents"], "party");
    assert_eq!(parties.len(), 2, "{parties:?}");
    let done = all_consent(&service, applied.id(), &["owner-1", "delegate"]).await;
    assert_eq!(done.state(), "registered", "{:?}", done.body);
}

#[tokio::test]
async fn row_118_nor_does_the_legal_representative_of_one_who_moves_in() {
    let service = Service::start().await;
    service
        .change_power(|power| power.delegate = iin_of("guardian"))
        .await;
    let guardian = Office::enter(&service, "guardian").await;
    let applied = guardian
        .applies(&service, proposal_for(ONE_OWNER, &[CHILD]))
        .await;
    assert_eq!(service.count(DELEGATES).await, 0);
    let done = all_consent(&service, applied.id(), &["owner-1"]).await;
    assert_eq!(done.state(), "registered");
    // For others the guardian answers as before.
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let done = guardian.consent(&service, applied.id()).await;
    assert_eq!(done.state(), "registered", "{:?}", done.body);
}

#[tokio::test]
async fn row_118_a_delegate_who_came_to_the_other_side_after_the_question_signs_nothing() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let delegate = Office::enter(&service, "delegate").await;
    let (path, body) = delegate.signed_consent(&service, applied.id()).await;
    let represented = |person: &mut Individual| {
        person.representatives = [iin_of("delegate")].into();
    };
    service.change_person(resident.iin(), represented).await;
    let refused = delegate.post(&path, body).await;
    refused.refused(422, "not-eligible", Some("CONSENT/SELF_CONSENT"));
    let noted = "SELECT count(*) FROM refusals WHERE code = 'CONSENT/SELF_CONSENT'";
    assert_eq!(service.count(noted).await, 1);
    let done = all_consent(&service, applied.id(), &["owner-1"]).await;
    assert_eq!(done.state(), "registered");
}

/// `delegate` consents for `owner-1`, this changes, and `owner-2` consents last.
async fn ends(change: impl AsyncFnOnce(&Service), grounds: &str) {
    let service = Service::start().await;
    service
        .add_dwelling(TWO_OWNERS, &["owner-1", "owner-2"])
        .await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, TWO_OWNERS).await;
    let delegate = Office::enter(&service, "delegate").await;
    let half = delegate.consent(&service, applied.id()).await;
    assert_eq!(half.state(), "awaiting_consent");
    change(&service).await;
    let last = all_consent(&service, applied.id(), &["owner-2"]).await;
    assert_eq!((last.state(), last.text("grounds")), ("refused", grounds));
    assert_eq!(service.count("SELECT count(*) FROM registrations").await, 0);
}

#[tokio::test]
async fn a_power_of_attorney_that_was_taken_back_after_the_consent_registers_nobody() {
    ends(
        async |service| {
            let revoked = |power: &mut kelisim::domain::register::PowerOfAttorney| {
                power.revoked_on = "2026-11-01".parse().ok();
            };
            service.change_power(revoked).await;
        },
        "power_void",
    )
    .await;
    ends(
        async |service| {
            let represented = |person: &mut Individual| {
                person.representatives = [iin_of("delegate")].into();
            };
            let resident = iin_of("resident-1");
            service.change_person(resident.as_str(), represented).await;
        },
        "self_consent",
    )
    .await;
}

#[tokio::test]
async fn row_118_the_rule_for_sole_owners_is_about_who_moves_in_and_not_about_who_applies() {
    let service = Service::by_rules(|rules| rules.sole_owner = SoleOwner::MayNot).await;
    let spouse = Office::enter(&service, "resident-1").await;
    let owner = iin_of("owner-1");
    for residents in [vec![owner.as_str()], vec![spouse.iin(), owner.as_str()]] {
        let answer = spouse.asks(proposal_for(ONE_OWNER, &residents)).await;
        answer.refused(422, "not-eligible", Some("CONSENT/SELF_CONSENT"));
    }
    // The owner who applies for a child alone does not move in.
    let parent = |person: &mut Individual| person.representatives = [iin_of("owner-1")].into();
    for child in [CHILD, WARD] {
        service.change_person(child, parent).await;
        let owner = Office::enter(&service, "owner-1").await;
        let done = owner
            .applies(&service, proposal_for(ONE_OWNER, &[child]))
            .await;
        assert_eq!(done.state(), "registered", "{:?}", done.body);
    }
    let answer = spouse.asks(proposal(ONE_OWNER)).await;
    assert_eq!(answer.status, 201, "{:?}", answer.body);
}

#[tokio::test]
async fn a_power_of_attorney_may_be_younger_than_the_question_that_it_answers() {
    use kelisim::domain::register::PowerOfAttorney;
    let service = Service::start().await;
    let since =
        |day: &'static str| move |power: &mut PowerOfAttorney| power.revoked_on = day.parse().ok();
    service.change_power(since("2026-10-31")).await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    assert_eq!(service.count(DELEGATES).await, 0);
    let waits = "/api/v1/applications?role=asked";
    let early = Office::enter(&service, "delegate").await;
    assert_eq!(early.get(waits).await.body["items"], json!([]));
    service.change_power(|power| power.revoked_on = None).await;
    let delegate = Office::enter(&service, "delegate").await;
    let found = delegate.get(waits).await;
    assert_eq!(found.body["items"][0]["id"], applied.body["id"]);
    let done = delegate.consent(&service, applied.id()).await;
    // And so it is with the end of it, where another owner demands it.
    let registration = done.registration().to_owned();
    let owners = ["owner-1", "owner-2"];
    service.change_power(since("2026-10-31")).await;
    service.add_dwelling(ONE_OWNER, &owners).await;
    let other = Office::enter(&service, "owner-2").await;
    other.removes(&service, &registration).await;
    service.change_power(|power| power.revoked_on = None).await;
    let delegate = Office::enter(&service, "delegate").await;
    let confirmed = delegate.confirms(&service, &registration).await;
    assert_eq!(confirmed.state(), "ended", "{:?}", confirmed.body);
}

#[tokio::test]
async fn nobody_takes_the_place_of_a_delegate_who_still_may_answer_or_of_the_other_side() {
    let service = Service::start().await;
    // The delegate asks, and is never put in the owner's place.
    let delegate = Office::enter(&service, "delegate").await;
    let applied = delegate.apply(&service, ONE_OWNER).await;
    Office::enter(&service, "delegate").await;
    assert_eq!(service.count(DELEGATES).await, 0);
    delegate.withdraws(applied.id()).await;
    let resident = Office::enter(&service, "resident-1").await;
    resident.apply(&service, ONE_OWNER).await;
    let own = format!("{DELEGATES} AND delegate_iin = '{}'", delegate.iin());
    assert_eq!(service.count(&own).await, 1);
    service
        .add_power("ҮЛГІ-2026-0002", "owner-1", "resident-2")
        .await;
    Office::enter(&service, "resident-2").await;
    assert_eq!(service.count(&own).await, 1);
}
