//! What is looked for narrows the lists and what is counted, and nonsense is a problem.

use serde_json::{Value, json};

use super::{filled, ids, items, registered};
use crate::office::{ONE_OWNER, Office, TWO_OWNERS, permanent};
use crate::service::Service;

/// Somebody who left on 10 November and is registered there again, the newer one
/// first, and the owner.
async fn twice_registered(service: &Service) -> (Office, Office, [String; 2]) {
    let resident = Office::enter(service, "resident-1").await;
    let owner = Office::enter(service, "owner-1").await;
    let left = registered(service, &resident, &owner).await;
    service.pass_until("2026-11-10T08:00:00Z");
    assert_eq!(resident.leaves(service, &left).await.status, 200);
    let active = registered(service, &resident, &owner).await;
    (resident, owner, [active, left])
}

#[tokio::test]
async fn registrations_are_found_and_counted_by_words_and_days() {
    let service = Service::for_long().await;
    let (resident, owner, [active, left]) = twice_registered(&service).await;
    let (active, left) = (active.as_str(), left.as_str());
    let both = json!({"total": 2, "active": 1, "left": 1});
    let one = json!({"total": 1, "active": 1});
    let there = format!("dwellings/{ONE_OWNER}/registrations");
    let cases: [(&str, Vec<&str>, &Value); 14] = [
        ("", vec![active, left], &both),
        ("text=қонақбаева", vec![active, left], &both),
        ("text=ӘСЕЛ+11", vec![active, left], &both),
        ("text=28", vec![], &json!({})),
        ("text=%25", vec![], &json!({})),
        ("text=ӘСЕЛ+28", vec![], &json!({})),
        ("kind=temporary&text=flat", vec![active, left], &both),
        ("kind=permanent", vec![], &json!({})),
        // The day on which it ended was the last on which it held.
        ("from=2026-11-10", vec![active, left], &both),
        ("from=2026-11-11", vec![active], &one),
        ("from=2027-02-01", vec![active], &one),
        ("from=2027-02-02", vec![], &json!({})),
        ("until=2026-11-01", vec![active, left], &both),
        ("until=2026-10-31", vec![], &json!({})),
    ];
    for (office, list) in [(&resident, "registrations"), (&owner, &there)] {
        for (query, found, counted) in &cases {
            let listed = office.get(&format!("/api/v1/{list}?{query}")).await;
            assert_eq!(ids(&listed), *found, "{list}?{query}");
            let counts = office.get(&format!("/api/v1/{list}/counts?{query}")).await;
            assert_eq!(filled(&counts), **counted, "{list}/counts?{query}");
        }
    }
}

#[tokio::test]
async fn who_may_not_see_who_is_registered_does_not_count_them_either() {
    let service = Service::for_long().await;
    let (_, former, _) = twice_registered(&service).await;
    let there = format!("/api/v1/dwellings/{ONE_OWNER}/registrations/counts");
    for stranger in ["owner-2", "resident-1", "operator", "organisation"] {
        let stranger = Office::enter(&service, stranger).await;
        stranger.get(&there).await.refused(404, "not-found", None);
    }
    service.add_dwelling(ONE_OWNER, &["owner-2"]).await;
    let owner = Office::enter(&service, "owner-2").await;
    let other = Office::enter(&service, "resident-2").await;
    registered(&service, &other, &owner).await;
    assert_eq!(
        filled(&owner.get(&there).await),
        json!({"total": 3, "active": 2, "left": 1})
    );
    assert_eq!(
        filled(&former.get(&there).await),
        json!({"total": 2, "active": 1, "left": 1})
    );
}

#[tokio::test]
async fn the_counts_of_applications_fit_what_is_looked_for() {
    let service = Service::for_long().await;
    let resident = Office::enter(&service, "resident-1").await;
    resident.draft(ONE_OWNER).await;
    resident.apply(&service, TWO_OWNERS).await;
    resident.asks(permanent(ONE_OWNER)).await;
    for (query, counted) in [
        ("", json!({"total": 3, "draft": 2, "awaiting_consent": 1})),
        ("kind=permanent", json!({"total": 1, "draft": 1})),
        (
            "rka=0201999000000028",
            json!({"total": 1, "awaiting_consent": 1}),
        ),
        ("text=ОЙДАН+28", json!({"total": 1, "awaiting_consent": 1})),
        ("from=2027-02-02", json!({"total": 1, "draft": 1})),
        ("until=2026-10-31", json!({})),
    ] {
        let path = format!("/api/v1/applications/counts?{query}");
        assert_eq!(filled(&resident.get(&path).await), counted, "{query}");
    }
    let owner = Office::enter(&service, "owner-2").await;
    let path = "/api/v1/applications/counts?role=owner&text=28";
    assert_eq!(owner.get(path).await.body["total"], 1);
    let path = "/api/v1/applications/counts?role=owner&text=11";
    assert_eq!(owner.get(path).await.body["total"], 0);
}

#[tokio::test]
async fn an_owner_finds_a_dwelling_by_words_or_by_a_part_of_its_code() {
    let service = Service::start().await;
    let owner = Office::enter(&service, "owner-1").await;
    for (text, found) in [("9000000011", 1), ("ойдан", 3), ("nowhere", 0), ("__", 0)] {
        let path = format!("/api/v1/dwellings?text={text}");
        assert_eq!(items(&owner.get(&path).await).len(), found, "{text}");
    }
    let page = owner.get("/api/v1/dwellings?text=ойдан&limit=2").await;
    let next = page.text("next");
    let rest = format!("/api/v1/dwellings?text=ойдан&limit=2&cursor={next}");
    assert_eq!(items(&owner.get(&rest).await).len(), 1);
    // What others own is not found by it.
    let other = Office::enter(&service, "owner-2").await;
    let none = other.get("/api/v1/dwellings?text=9000000011").await;
    assert_eq!(items(&none).len(), 0);
}

#[tokio::test]
async fn a_question_that_makes_no_sense_is_a_problem() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    for query in [
        "applications?kind=eternal",
        "applications?role=passer-by",
        "applications?state=lost",
        "applications?from=yesterday",
        "applications?limit=101",
        "applications?cursor=first",
        "applications?colour=red",
        &format!("applications?text={}", "a".repeat(101)),
        "applications/counts?role=passer-by",
        "registrations?standing=sitting",
        "registrations?limit=0",
        "registrations?from=yesterday",
        "registrations?until=2026-02-30",
        &format!("registrations?text={}", "a".repeat(101)),
        "registrations/counts?kind=eternal",
        "registrations/counts?standing=active",
        "applications/counts?state=draft",
        "applications/counts?until=never",
        "dwellings/0201999000000011/registrations/counts?limit=1",
        &format!("dwellings?text={}", "ә".repeat(101)),
        "invitations?role=operator",
        "invitations?limit=0",
        "invitations?cursor=first",
        "dwellings?limit=-1",
        "notices?language=de",
        "notices?unread=perhaps",
        "me/export?format=xml",
        "notices?language=de",
    ] {
        let answer = resident.get(&format!("/api/v1/{query}")).await;
        answer.refused(400, "malformed-request", None);
    }
    for query in [
        "applications?rka=12",
        "registrations?rka=12",
        "dwellings?cursor=12",
        "dwellings/12/registrations",
        "dwellings/12/registrations/counts",
        "registrations/counts?rka=12",
        "applications/counts?rka=12",
    ] {
        let answer = resident.get(&format!("/api/v1/{query}")).await;
        answer.refused(422, "address-code", None);
    }
    let stranger = Office::outside(&service, "resident-1");
    for path in [
        "applications/counts",
        "registrations",
        "registrations/counts",
        "dwellings",
        "dwellings/0201999000000011/registrations",
        "dwellings/0201999000000011/registrations/counts",
        "invitations",
        "reports",
        "notices",
        "notices/unread",
        "me/export",
    ] {
        let answer = stranger.get(&format!("/api/v1/{path}")).await;
        answer.refused(401, "not-signed-in", None);
    }
}
