//! An owner starts it: invites a person by number, or hands over a link.

mod telling;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{CHILD, all_consent};
use crate::office::{
    Answer, DORMITORY, ONE_OWNER, OWNED_TOGETHER, Office, TWO_OWNERS, permanent, proposal,
    proposal_for,
};
use crate::registers::iin_of;
use crate::service::{ORIGIN, Service};

/// What [`proposal`] asks for, offered by an owner.
fn offer(rka: &str, resident: &str) -> Value {
    json!({"rka": rka, "resident": resident, "starts_on": "2026-11-01", "months": 3})
}

async fn invited_by(owner: &Office, rka: &str) -> Answer {
    let offer = offer(rka, iin_of("resident-1").as_str());
    let invited = owner.post("/api/v1/invitations", offer).await;
    assert_eq!(invited.status, 201, "{:?}", invited.body);
    invited
}

/// A proposal that uses the invitation.
fn using(invitation: &Answer, mut body: Value) -> Value {
    body["invitation"] = invitation.body["id"].clone();
    body
}

async fn redeems(office: &Office, code: &str) -> Answer {
    let body = json!({"code": code});
    office.post("/api/v1/invitations/redeem", body).await
}

async fn cancels(office: &Office, invitation: &Answer) -> Answer {
    let path = format!("/api/v1/invitations/{}/cancel", invitation.id());
    office.post(&path, json!({})).await
}

async fn declines(office: &Office, invitation: &Answer) -> Answer {
    let path = format!("/api/v1/invitations/{}/decline", invitation.id());
    office.post(&path, json!({})).await
}

async fn lists(office: &Office, role: &str) -> Vec<Value> {
    let list = office
        .get(&format!("/api/v1/invitations?role={role}"))
        .await;
    list.body["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn an_owner_invites_the_person_applies_and_the_owners_consent_is_still_needed() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    let resident = Office::enter(&service, "resident-1").await;
    let invitation = invited_by(&owner, ONE_OWNER).await;
    assert_eq!(invitation.text("stage"), "open");
    let seen = lists(&resident, "resident").await;
    assert_eq!(seen[0]["id"], invitation.body["id"]);
    assert_eq!(seen[0]["rka"], ONE_OWNER);

    let body = using(&invitation, proposal(ONE_OWNER));
    let applied = resident.applies(&service, body).await;
    assert_eq!(applied.state(), "awaiting_consent");
    assert_eq!(applied.body["answers"]["asked"], 1);
    let seen = lists(&resident, "resident").await;
    assert_eq!(seen[0]["stage"], "used");
    assert_eq!(seen[0]["application"], applied.body["id"]);
    let own = lists(&owner, "owner").await;
    assert_eq!(own[0]["stage"], "used");
    assert!(own[0].get("application").is_none(), "{own:?}");

    let done = all_consent(&service, applied.id(), &["owner-1"]).await;
    assert_eq!(done.state(), "registered");
}

#[tokio::test]
async fn an_invitation_is_seen_by_the_person_it_names_and_by_nobody_else_but_the_owner() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    invited_by(&owner, OWNED_TOGETHER).await;
    assert_eq!(lists(&owner, "owner").await.len(), 1);
    for (other, role) in [
        ("owner-1", "resident"),
        ("resident-1", "owner"),
        ("resident-2", "resident"),
        ("resident-2", "owner"),
        ("owner-2", "owner"),
        ("operator", "resident"),
        ("organisation", "owner"),
    ] {
        let office = Office::enter(&service, other).await;
        assert!(lists(&office, role).await.is_empty(), "{other} as {role}");
    }
}

#[tokio::test]
async fn a_link_shows_the_invitation_to_the_person_it_names_and_stays_unused() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    let invitation = invited_by(&owner, ONE_OWNER).await;
    let code = invitation.text("code");
    assert_eq!(code.len(), 22, "128 bits");
    let url = format!("{ORIGIN}/invitations/{code}");
    assert_eq!(invitation.text("url"), url);
    for other in ["owner-1", "owner-2", "resident-2", "operator"] {
        let office = Office::enter(&service, other).await;
        let answer = redeems(&office, code).await;
        answer.refused(404, "not-found", None);
    }
    let resident = Office::enter(&service, "resident-1").await;
    redeems(&resident, "AAAAAAAAAAAAAAAAAAAAAA")
        .await
        .refused(404, "not-found", None);
    for _ in 0..2 {
        let shown = redeems(&resident, code).await;
        assert_eq!((shown.status, shown.text("stage")), (200, "open"));
        assert_eq!(shown.body["id"], invitation.body["id"]);
    }
    let body = using(&invitation, proposal(ONE_OWNER));
    assert_eq!(resident.asks(body).await.status, 201);
}

#[tokio::test]
async fn the_code_of_a_link_is_told_once_and_kept_nowhere() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    let body = offer(ONE_OWNER, iin_of("resident-1").as_str());
    let first = owner
        .post_again("/api/v1/invitations", body.clone(), "the same")
        .await;
    let again = owner
        .post_again("/api/v1/invitations", body, "the same")
        .await;
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.body["id"], again.body["id"]);
    assert!(again.body.get("code").is_none(), "{:?}", again.body);
    let code = first.text("code");
    for (table, column) in [
        ("idempotency_keys", "body::text"),
        ("invitations", "invitations::text"),
    ] {
        let query = format!("SELECT count(*) FROM {table} WHERE {column} LIKE '%{code}%'");
        assert_eq!(service.count(&query).await, 0, "{table}");
    }
    let digest = kelisim::eds::Digest::of(code.as_bytes()).to_string();
    let kept =
        format!("SELECT count(*) FROM invitations WHERE encode(code_sha256, 'hex') = '{digest}'");
    assert_eq!(service.count(&kept).await, 1);
}

#[tokio::test]
async fn an_invitation_is_for_one_person_dwelling_kind_and_term() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    let invitation = invited_by(&owner, ONE_OWNER).await;
    let resident = Office::enter(&service, "resident-1").await;
    let mut longer = proposal(ONE_OWNER);
    longer["months"] = json!(4);
    let mut later = proposal(ONE_OWNER);
    later["starts_on"] = json!("2026-11-02");
    let grown = iin_of("resident-2");
    for other in [
        proposal(OWNED_TOGETHER),
        permanent(ONE_OWNER),
        longer,
        later,
        proposal_for(ONE_OWNER, &[resident.iin(), grown.as_str()]),
    ] {
        let answer = resident.asks(using(&invitation, other)).await;
        answer.refused(409, "invitation", None);
    }
    let drafts = "SELECT count(*) FROM applications";
    assert_eq!(service.count(drafts).await, 0);
    let answer = resident.asks(using(&invitation, proposal(ONE_OWNER))).await;
    assert_eq!(answer.status, 201, "{:?}", answer.body);
}

#[tokio::test]
async fn nobody_applies_by_the_invitation_of_somebody_else() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    let invitation = invited_by(&owner, ONE_OWNER).await;
    let thief = Office::enter(&service, "resident-2").await;
    let answer = thief.asks(using(&invitation, proposal(ONE_OWNER))).await;
    answer.refused(404, "not-found", None);
    let of_child = offer(ONE_OWNER, CHILD);
    let of_child = owner.post("/api/v1/invitations", of_child).await;
    let answer = thief.asks(using(&of_child, proposal(ONE_OWNER))).await;
    answer.refused(404, "not-found", None);
    let drafts = "SELECT count(*) FROM applications";
    assert_eq!(service.count(drafts).await, 0);
    let open = "SELECT count(*) FROM invitations WHERE stage = 'open'";
    assert_eq!(service.count(open).await, 2);
}

#[tokio::test]
async fn an_invitation_is_used_once_even_at_the_same_moment() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    let invitation = invited_by(&owner, ONE_OWNER).await;
    let resident = Office::enter(&service, "resident-1").await;
    let body = using(&invitation, proposal(ONE_OWNER));
    let (one, other) = tokio::join!(resident.asks(body.clone()), resident.asks(body.clone()));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let third = resident.asks(body).await;
    third.refused(409, "invitation", None);
    let drafts = "SELECT count(*) FROM applications";
    assert_eq!(service.count(drafts).await, 1);
}

#[tokio::test]
async fn an_owner_takes_an_invitation_back_and_nobody_else_does() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    let invitation = invited_by(&owner, ONE_OWNER).await;
    let resident = Office::enter(&service, "resident-1").await;
    let stranger = Office::enter(&service, "owner-2").await;
    for other in [&resident, &stranger] {
        let answer = cancels(other, &invitation).await;
        answer.refused(404, "not-found", None);
    }
    let cancelled = cancels(&owner, &invitation).await;
    assert_eq!(
        (cancelled.status, cancelled.text("stage")),
        (200, "cancelled")
    );
    let again = cancels(&owner, &invitation).await;
    again.refused(409, "invitation", None);
    let late = resident.asks(using(&invitation, proposal(ONE_OWNER))).await;
    late.refused(409, "invitation", None);
    let shown = redeems(&resident, invitation.text("code")).await;
    assert_eq!(shown.text("stage"), "cancelled");
}

#[tokio::test]
async fn whoever_is_invited_says_no_and_nobody_else_does() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    let invitation = invited_by(&owner, ONE_OWNER).await;
    let stranger = Office::enter(&service, "owner-2").await;
    for other in [&owner, &stranger] {
        let answer = declines(other, &invitation).await;
        answer.refused(404, "not-found", None);
    }
    let resident = Office::enter(&service, "resident-1").await;
    let path = format!("/api/v1/invitations/{}/decline", invitation.id());
    let declined = resident.post_again(&path, json!({}), "the same").await;
    assert_eq!((declined.status, declined.text("stage")), (200, "declined"));
    let again = resident.post_again(&path, json!({}), "the same").await;
    assert_eq!((again.status, &again.body), (200, &declined.body));
    let twice = declines(&resident, &invitation).await;
    twice.refused(409, "invitation", None);
    let late = resident.asks(using(&invitation, proposal(ONE_OWNER))).await;
    late.refused(409, "invitation", None);
    let taken_back = cancels(&owner, &invitation).await;
    taken_back.refused(409, "invitation", None);
    let own = lists(&owner, "owner").await;
    assert_eq!(own[0]["stage"], "declined");
    assert_eq!(service.house.expire_invitations(10).await.unwrap(), 0);
}

#[tokio::test]
async fn what_was_used_or_taken_back_is_not_declined() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    let resident = Office::enter(&service, "resident-1").await;
    let used = invited_by(&owner, ONE_OWNER).await;
    let drafted = resident.asks(using(&used, proposal(ONE_OWNER))).await;
    assert_eq!(drafted.status, 201, "{:?}", drafted.body);
    let taken_back = invited_by(&owner, ONE_OWNER).await;
    cancels(&owner, &taken_back).await;
    for invitation in [&used, &taken_back] {
        let answer = declines(&resident, invitation).await;
        answer.refused(409, "invitation", None);
    }
}

#[tokio::test]
async fn an_invitation_can_be_used_for_ten_days_and_expires_once() {
    let service = Service::for_long().await;
    let owner = Office::enter(&service, "owner-1").await;
    let resident = Office::enter(&service, "resident-1").await;
    let [first, second] = [
        invited_by(&owner, ONE_OWNER).await,
        invited_by(&owner, ONE_OWNER).await,
    ];
    service.pass(TimeDelta::days(10));
    assert_eq!(service.house.expire_invitations(10).await.unwrap(), 0);
    let answer = resident.asks(using(&first, proposal(ONE_OWNER))).await;
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    service.pass(TimeDelta::seconds(1));
    let late = resident.asks(using(&second, proposal(ONE_OWNER))).await;
    late.refused(409, "invitation", None);
    let seen = Value::from(lists(&resident, "resident").await);
    let mut stages = super::each(&seen, "stage");
    stages.sort_unstable();
    assert_eq!(stages, ["expired", "used"]);
    let other = service.another_house();
    let (one, two) = tokio::join!(
        service.house.expire_invitations(10),
        other.expire_invitations(10)
    );
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    let expired = "SELECT count(*) FROM invitations WHERE stage = 'expired'";
    assert_eq!(service.count(expired).await, 1);
}

#[tokio::test]
async fn only_an_owner_of_today_invites_and_nobody_learns_who_that_is() {
    let service = Service::start().await;
    let offer_of = |rka| offer(rka, iin_of("resident-1").as_str());
    for (who, rka) in [
        ("owner-2", ONE_OWNER),
        ("resident-1", ONE_OWNER),
        ("delegate", ONE_OWNER),
        ("employee", DORMITORY),
        ("operator", ONE_OWNER),
        ("owner-1", "0201999000009999"),
    ] {
        let office = Office::enter(&service, who).await;
        let answer = office.post("/api/v1/invitations", offer_of(rka)).await;
        answer.refused(404, "not-found", None);
    }
    let seller = Office::enter(&service, "owner-1").await;
    service.add_dwelling(ONE_OWNER, &["owner-2"]).await;
    let answer = seller
        .post("/api/v1/invitations", offer_of(ONE_OWNER))
        .await;
    answer.refused(404, "not-found", None);
}

#[tokio::test]
async fn the_head_of_an_organisation_invites_to_its_dormitory_and_one_co_owner_to_a_flat() {
    let service = Service::start().await;
    for (who, rka) in [("organisation", DORMITORY), ("owner-3", TWO_OWNERS)] {
        let owner = Office::enter(&service, who).await;
        let invitation = invited_by(&owner, rka).await;
        let cancelled = cancels(&owner, &invitation).await;
        assert_eq!(cancelled.status, 200, "{:?}", cancelled.body);
    }
}

#[tokio::test]
async fn nobody_is_invited_for_days_for_which_nobody_could_apply() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    for (member, value) in [
        ("months", json!(13)),
        ("starts_on", json!("2027-01-01")),
        ("starts_on", json!("2025-01-01")),
    ] {
        let mut offer = offer(ONE_OWNER, iin_of("resident-1").as_str());
        offer[member] = value;
        let answer = owner.post("/api/v1/invitations", offer).await;
        answer.refused(422, "period", Some("CONSENT/TERM_OUT_OF_RANGE"));
    }
    let answer = owner
        .post("/api/v1/invitations", offer(ONE_OWNER, "920614499918"))
        .await;
    answer.refused(400, "malformed-request", None);
}

#[tokio::test]
async fn an_application_is_not_rewritten_by_an_invitation() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    let resident = Office::enter(&service, "resident-1").await;
    let drafted = resident.draft(TWO_OWNERS).await;
    let invitation = invited_by(&owner, ONE_OWNER).await;
    let body = using(&invitation, proposal(ONE_OWNER));
    let answer = resident.rewrites(drafted.id(), body).await;
    answer.refused(400, "malformed-request", None);
}

#[tokio::test]
async fn invitations_are_shown_page_after_page_on_both_sides() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    let resident = Office::enter(&service, "resident-1").await;
    let mut written = Vec::new();
    for _ in 0..3 {
        written.insert(0, invited_by(&owner, ONE_OWNER).await.body["id"].clone());
        service.pass(TimeDelta::seconds(1));
    }
    for (office, role) in [(&owner, "owner"), (&resident, "resident")] {
        let path = format!("/api/v1/invitations?role={role}&limit=2");
        let first = office.get(&path).await;
        let rest = format!("{path}&cursor={}", first.text("next"));
        let rest = office.get(&rest).await;
        assert!(rest.body.get("next").is_none(), "{:?}", rest.body);
        let pages = [first, rest];
        let seen = pages
            .iter()
            .flat_map(|page| page.body["items"].as_array().unwrap());
        let seen: Vec<_> = seen.map(|one| one["id"].clone()).collect();
        assert_eq!(seen, written, "{role}");
    }
}
