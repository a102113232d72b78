//! Who is said to have agreed at a service centre is told what became of it, and sees
//! it: an attestation may be false.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::json;

use super::{attested, card, in_person};
use crate::attachments::Scan;
use crate::office::{Answer, ONE_OWNER, Office, TWO_OWNERS, proposal_for};
use crate::registers::{POWER, iin_of};
use crate::service::Service;

/// Fifteen years old; `guardian` acts for him.
const CHILD: &str = "110305599805";

/// Everybody who was told of this, by their numbers.
async fn told(service: &Service, topic: &str, of: &[&str]) {
    let wanted: BTreeSet<_> = of.iter().map(|one| (*one).to_owned()).collect();
    for iin in &wanted {
        let named = format!(
            "SELECT count(*) FROM notices WHERE topic = '{topic}' AND person_iin = '{iin}'"
        );
        assert_eq!(service.count(&named).await, 1, "{topic} {iin}");
    }
    let all = format!("SELECT count(*) FROM notices WHERE topic = '{topic}'");
    let all = usize::try_from(service.count(&all).await).unwrap();
    assert_eq!(all, wanted.len(), "{topic}");
}

fn number(slug: &str) -> String {
    iin_of(slug).as_str().to_owned()
}

/// `owner-2` was present and `owner-3` agreed on paper that `resident-1` be registered.
async fn registered(service: &Service) -> Answer {
    let operator = Office::enter(service, "operator").await;
    let draft = operator.draft_for("resident-1", TWO_OWNERS).await;
    let paper = operator.attach(draft.id(), Scan::of("paper_consent")).await;
    let on_paper = json!({"iin": number("owner-3"), "how": "paper_consent",
        "attachment": paper.id()});
    let body = attested("resident-1", &[in_person("owner-2"), on_paper]);
    let ready = operator.attest(draft.id(), body).await;
    let registered = operator.sign_draft(service, &ready).await;
    assert_eq!(registered.state(), "registered");
    registered
}

#[tokio::test]
async fn owners_of_whom_it_was_attested_that_they_agreed_are_told_and_see_the_registration() {
    let service = super::waived().await;
    let registered = registered(&service).await;
    let all = ["operator", "resident-1", "owner-2", "owner-3"].map(number);
    let [operator, resident, first, second] = &all;
    told(&service, "registered", &[operator, resident, first, second]).await;
    for slug in ["owner-2", "owner-3"] {
        let owner = Office::enter(&service, slug).await;
        let seen = owner.sees(registered.id()).await;
        assert_eq!((seen.state(), seen.text("role")), ("registered", "owner"));
        let seen = owner.sees_registration(registered.registration()).await;
        assert_eq!(seen.text("channel"), "service_centre");
        let listed = owner.get("/api/v1/applications?role=owner").await;
        assert_eq!(listed.body["items"][0]["id"], registered.id());
    }
    let stranger = Office::enter(&service, "owner-1").await;
    let unseen = stranger.sees(registered.id()).await;
    unseen.refused(404, "not-found", None);
    let listed = stranger.get("/api/v1/applications?role=owner").await;
    assert_eq!(listed.body["items"], json!([]));
    // Whoever owned it then sees it after the sale too.
    service.add_dwelling(TWO_OWNERS, &["owner-1"]).await;
    let path = format!("/api/v1/dwellings/{TWO_OWNERS}/registrations");
    let former = Office::enter(&service, "owner-3").await;
    let there = former.get(&path).await;
    assert_eq!(there.body["items"].as_array().map(Vec::len), Some(1));
    let stranger = Office::enter(&service, "tenant").await;
    stranger.get(&path).await.refused(404, "not-found", None);
}

#[tokio::test]
async fn an_organisation_that_is_said_to_have_agreed_finds_it_through_those_who_sign_for_it() {
    let service = super::waived().await;
    let operator = Office::enter(&service, "operator").await;
    let rka = crate::office::OWNED_WITH_AN_ORGANISATION;
    let draft = operator.draft_for("resident-1", rka).await;
    let paper = operator.attach(draft.id(), Scan::of("paper_consent")).await;
    let owner = in_person("owner-1");
    let nobody = json!({"bin": "190540099905", "how": "present", "document": card("0000")});
    let nobody = attested("resident-1", &[owner.clone(), nobody]);
    let refused = operator.attest(draft.id(), nobody).await;
    refused.refused(422, "not-attested", Some("CONSENT/NOT_ATTESTED"));
    let on_paper = json!({"bin": "190540099905", "how": "paper_consent",
        "attachment": paper.id()});
    let body = attested("resident-1", &[owner, on_paper]);
    let ready = operator.attest(draft.id(), body).await;
    operator.sign_draft(&service, &ready).await;
    let told = "SELECT count(*) FROM notices WHERE topic = 'registered'
        AND addressee = 'organisation' AND organisation_bin = '190540099905'";
    assert_eq!(service.count(told).await, 1);
    for (slug, found) in [("organisation", 1), ("employee", 0), ("operator", 0)] {
        let office = Office::enter(&service, slug).await;
        let listed = office.get("/api/v1/applications?role=owner").await;
        let listed = listed.body["items"].as_array().map(Vec::len);
        assert_eq!(listed, Some(found), "{slug}");
    }
}

#[tokio::test]
async fn they_are_told_how_it_ends() {
    let [resident, first, second] = ["resident-1", "owner-2", "owner-3"].map(number);
    let service = super::waived().await;
    let done = registered(&service).await;
    let office = Office::enter(&service, "resident-1").await;
    office.leaves(&service, done.registration()).await;
    told(&service, "left", &[&first, &second]).await;
    let service = super::waived().await;
    registered(&service).await;
    service.pass_until("2027-01-27T00:00:00Z");
    service.house.remind_due(10).await.unwrap();
    told(&service, "ends_soon", &[&resident, &first, &second]).await;
    service.pass(TimeDelta::days(10));
    service.house.expire_over(10).await.unwrap();
    told(&service, "expired", &[&resident, &first, &second]).await;
}

#[tokio::test]
async fn nobody_is_told_of_what_the_operator_has_not_signed() {
    let service = super::waived().await;
    let operator = Office::enter(&service, "operator").await;
    let draft = operator.draft_for("resident-1", ONE_OWNER).await;
    let body = attested("resident-1", &[in_person("owner-1")]);
    assert_eq!(operator.attest(draft.id(), body).await.status, 200);
    let owner = Office::enter(&service, "owner-1").await;
    let unseen = owner.sees(draft.id()).await;
    unseen.refused(404, "not-found", None);
    let listed = owner.get("/api/v1/applications?role=owner").await;
    assert_eq!(listed.body["items"], json!([]));
    operator.withdraws(draft.id()).await;
    told(&service, "withdrawn", &[]).await;
}

#[tokio::test]
async fn delegates_and_representatives_are_told_beside_those_for_whom_they_spoke() {
    let service = super::waived().await;
    let operator = Office::enter(&service, "operator").await;
    let mut body = proposal_for(ONE_OWNER, &[CHILD]);
    body["standpoint"] = json!("operator");
    let draft = operator.asks(body).await;
    let scan = operator
        .attach(draft.id(), Scan::of("power_of_attorney"))
        .await;
    let guardian = json!({"iin": number("guardian"), "document": card("4321")});
    let body = json!({
        "residents": [{"iin": CHILD, "document": card("1234"), "representative": guardian}],
        "owners": [{"iin": number("owner-1"), "how": "delegate", "document": card("7890"),
            "power_of_attorney": POWER, "attachment": scan.id()}],
    });
    let ready = operator.attest(draft.id(), body).await;
    let registered = operator.sign_draft(&service, &ready).await;
    let all = ["operator", "owner-1", "delegate", "guardian"].map(number);
    let [operator, owner, delegate, guardian] = &all;
    let told_of_it = [CHILD, operator, owner, delegate, guardian];
    told(&service, "registered", &told_of_it).await;
    for slug in ["delegate", "guardian"] {
        let office = Office::enter(&service, slug).await;
        let listed = office.get("/api/v1/applications?role=owner").await;
        assert_eq!(listed.body["items"][0]["id"], registered.id(), "{slug}");
        assert_eq!(office.sees(registered.id()).await.status, 200);
    }
}
