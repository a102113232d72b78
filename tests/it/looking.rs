//! What people find in their offices: lists, searches, counts, and page after page.

mod narrowing;

use chrono::TimeDelta;
use kelisim::domain::{Holder, Use};
use serde_json::{Value, json};

use crate::office::{
    Answer, ONE_OWNER, OWNED_TOGETHER, Office, TWO_OWNERS, permanent, proposal, proposal_for,
};
use crate::registers::iin_of;
use crate::service::Service;
use crate::service_centre;

const DORMITORY: &str = "0201999000000080";

#[tokio::test]
async fn an_application_is_found_by_kind_address_days_and_words() {
    let service = Service::for_long().await;
    let resident = Office::enter(&service, "resident-1").await;
    let one = resident.apply(&service, ONE_OWNER).await;
    service.pass(TimeDelta::seconds(1));
    let two = resident.apply(&service, TWO_OWNERS).await;
    service.pass_until("2026-11-20T08:00:00Z");
    let mut permanent = permanent(ONE_OWNER);
    permanent["starts_on"] = json!("2026-11-20");
    let permanent = resident.asks(permanent).await;
    let (one, two, last) = (one.id(), two.id(), permanent.id());
    for (query, found) in [
        ("", vec![last, two, one]),
        ("kind=permanent", vec![last]),
        ("kind=temporary", vec![two, one]),
        ("rka=0201999000000028", vec![two]),
        ("state=draft", vec![last]),
        ("until=2026-11-19", vec![two, one]),
        ("from=2027-02-02", vec![last]),
        ("from=2027-02-01&until=2027-02-01", vec![last, two, one]),
        ("text=ОЙДАН+28", vec![two]),
        ("text=қонақбаева", vec![last, two, one]),
        ("text=улица+2", vec![two]),
        ("text=Ulgi", vec![]),
        ("text=street+KÖŞE", vec![]),
        ("text=28%25", vec![]),
        ("text=__", vec![]),
        ("text=%5C", vec![]),
        ("text=ҚОНАҚБАЕВА+flat+28", vec![two]),
        ("role=owner", vec![]),
        ("role=asked", vec![]),
        ("role=operator", vec![]),
    ] {
        let listed = resident.get(&format!("/api/v1/applications?{query}")).await;
        assert_eq!(ids(&listed), found, "{query}");
    }
    let owner = Office::enter(&service, "owner-1").await;
    let listed = owner.get("/api/v1/applications?role=owner&text=11").await;
    assert_eq!(ids(&listed), [one]);
}

#[tokio::test]
async fn page_after_page_shows_everything_once_while_more_is_added() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let mut drafted = Vec::new();
    for _ in 0..7 {
        drafted.push(resident.draft(ONE_OWNER).await.id().to_owned());
        service.pass(TimeDelta::seconds(1));
    }
    drafted.reverse();
    let mut seen = Vec::new();
    let mut path = "/api/v1/applications?limit=3&kind=temporary".to_owned();
    loop {
        let page = resident.get(&path).await;
        seen.extend(ids(&page).into_iter().map(str::to_owned));
        // What comes in between is newer than every page that is still to come.
        resident.draft(TWO_OWNERS).await;
        let Some(next) = page.body["next"].as_str() else {
            break;
        };
        path = format!("/api/v1/applications?limit=3&kind=temporary&cursor={next}");
    }
    assert_eq!(seen, drafted);
}

#[tokio::test]
async fn applications_are_counted_by_state_for_each_role() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    resident.draft(ONE_OWNER).await;
    let first = resident.apply(&service, ONE_OWNER).await;
    resident.apply(&service, ONE_OWNER).await;
    owner.consent(&service, first.id()).await;
    let counted = resident.get("/api/v1/applications/counts").await;
    assert_eq!(
        filled(&counted),
        json!({"total": 3, "draft": 1, "awaiting_consent": 1, "registered": 1})
    );
    let counted = owner.get("/api/v1/applications/counts?role=owner").await;
    assert_eq!(
        filled(&counted),
        json!({"total": 2, "awaiting_consent": 1, "registered": 1})
    );
    let other = Office::enter(&service, "owner-2").await;
    let counted = other.get("/api/v1/applications/counts?role=owner").await;
    assert_eq!(filled(&counted), json!({}));
}

#[tokio::test]
async fn a_resident_finds_all_registrations_and_nobody_elses() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let left = registered(&service, &resident, &owner).await;
    assert_eq!(resident.leaves(&service, &left).await.status, 200);
    let active = registered(&service, &resident, &owner).await;
    for (query, found) in [
        ("", vec![&active, &left]),
        ("standing=active", vec![&active]),
        ("standing=ended", vec![&left]),
        ("kind=permanent", vec![]),
        ("rka=0201999000000011&kind=temporary", vec![&active, &left]),
        ("rka=0201999000000028", vec![]),
    ] {
        let listed = resident
            .get(&format!("/api/v1/registrations?{query}"))
            .await;
        assert_eq!(ids(&listed), found, "{query}");
    }
    let first = resident.get("/api/v1/registrations?limit=1").await;
    let next = format!(
        "/api/v1/registrations?limit=1&cursor={}",
        first.text("next")
    );
    assert_eq!(ids(&resident.get(&next).await), [left.as_str()]);
    let counted = resident.get("/api/v1/registrations/counts").await;
    assert_eq!(
        filled(&counted),
        json!({"total": 2, "active": 1, "left": 1})
    );
    assert_eq!(
        ids(&owner.get("/api/v1/registrations").await),
        Vec::<&str>::new()
    );
}

#[tokio::test]
async fn an_owner_finds_each_dwelling_and_who_is_registered_there() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let id = registered(&service, &resident, &owner).await;
    let dwellings = owner.get("/api/v1/dwellings").await;
    let told: Vec<_> = items(&dwellings)
        .iter()
        .map(|one| json!([one["rka"], one["owners"], one["registered"]]))
        .collect();
    assert_eq!(
        told,
        [
            json!([ONE_OWNER, 1, 1]),
            json!([OWNED_TOGETHER, 2, 0]),
            json!(["0201999000000110", 2, 0]),
        ]
    );
    let page = owner.get("/api/v1/dwellings?limit=2").await;
    assert_eq!(page.text("next"), OWNED_TOGETHER);
    let rest = format!("/api/v1/dwellings?cursor={}", page.text("next"));
    assert_eq!(items(&owner.get(&rest).await).len(), 1);
    let there = format!("/api/v1/dwellings/{ONE_OWNER}/registrations");
    assert_eq!(ids(&owner.get(&there).await), [id.as_str()]);
    let shown = owner.get(&there).await.body["items"][0].clone();
    assert_eq!(shown["resident_iin"], "9206********");
    for stranger in ["owner-2", "resident-1", "operator", "organisation"] {
        let stranger = Office::enter(&service, stranger).await;
        stranger.get(&there).await.refused(404, "not-found", None);
    }
    let organisation = Office::enter(&service, "organisation").await;
    let dwellings = organisation.get("/api/v1/dwellings").await;
    assert_eq!(dwellings.body["items"][0]["rka"], DORMITORY);
    let employee = Office::enter(&service, "employee").await;
    let none = employee.get("/api/v1/dwellings").await;
    assert_eq!(none.body["items"], json!([]));
}

#[tokio::test]
async fn a_former_owner_finds_only_what_they_agreed_to() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let former = Office::enter(&service, "owner-1").await;
    let first = registered(&service, &resident, &former).await;
    service.add_dwelling(ONE_OWNER, &["owner-2"]).await;
    let owner = Office::enter(&service, "owner-2").await;
    let other = Office::enter(&service, "resident-2").await;
    let second = registered(&service, &other, &owner).await;
    let there = format!("/api/v1/dwellings/{ONE_OWNER}/registrations");
    assert_eq!(ids(&former.get(&there).await), [first.as_str()]);
    assert_eq!(ids(&owner.get(&there).await), [&second, &first]);
    let ended = former.get(&format!("{there}?standing=ended")).await;
    assert_eq!((ended.status, ids(&ended)), (200, vec![]));
    let dwellings = former.get("/api/v1/dwellings").await;
    assert_eq!(dwellings.body["items"][0]["rka"], OWNED_TOGETHER);
}

#[tokio::test]
async fn an_owner_whose_consent_is_void_has_agreed_to_nothing() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let first = Office::enter(&service, "owner-2").await;
    let second = Office::enter(&service, "owner-3").await;
    let applied = resident.apply(&service, TWO_OWNERS).await;
    first.consent(&service, applied.id()).await;
    service.add_dwelling(TWO_OWNERS, &["owner-3"]).await;
    let edited = resident.rewrites(applied.id(), proposal(TWO_OWNERS)).await;
    assert_eq!((edited.status, edited.state()), (200, "draft"));
    let signed = resident.sign_draft(&service, &edited).await;
    assert_eq!(signed.status, 200, "{:?}", signed.body);
    let done = second.consent(&service, applied.id()).await;
    assert_eq!(done.state(), "registered", "{:?}", done.body);
    let there = format!("/api/v1/dwellings/{TWO_OWNERS}/registrations");
    first.get(&there).await.refused(404, "not-found", None);
    assert_eq!(ids(&second.get(&there).await).len(), 1);
}

#[tokio::test]
async fn operators_find_what_their_service_centre_lodged() {
    let service = Service::start().await;
    let operator = Office::enter(&service, "operator").await;
    let colleague = Office::enter(&service, "operator-2").await;
    let lodged = in_person(ONE_OWNER, "resident-2");
    let lodged = operator.asks(lodged).await;
    let owner = service_centre::in_person("owner-1");
    let body = service_centre::attested("resident-2", &[owner]);
    let ready = operator.attest(lodged.id(), body).await;
    let lodged = operator.sign_draft(&service, &ready).await;
    service.pass(TimeDelta::seconds(1));
    let draft = operator.asks(in_person(TWO_OWNERS, "resident-1")).await;
    assert_eq!(draft.status, 201, "{:?}", draft.body);
    let own = operator.get("/api/v1/applications?role=operator").await;
    assert_eq!(ids(&own), [draft.id(), lodged.id()]);
    let seen = colleague.get("/api/v1/applications?role=operator").await;
    assert_eq!(ids(&seen), [lodged.id()]);
    assert_eq!(seen.body["items"][0]["role"], "operator");
    let path = format!("/api/v1/applications/{}", lodged.id());
    assert_eq!(colleague.get(&path).await.status, 200);
    let path = format!("/api/v1/applications/{}", draft.id());
    colleague.get(&path).await.refused(404, "not-found", None);
    for stranger in ["organisation", "employee", "owner-2"] {
        let stranger = Office::enter(&service, stranger).await;
        let none = stranger.get("/api/v1/applications?role=operator").await;
        assert_eq!(none.body["items"], json!([]));
    }
    let counted = colleague
        .get("/api/v1/applications/counts?role=operator")
        .await;
    assert_eq!(counted.body["total"], 1);
}

#[tokio::test]
async fn answers_that_tell_of_a_wrong_are_shown_to_service_centres_only() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let mut reported = Vec::new();
    for reason in ["unknown_person", "not_agreed", "not_my_dwelling"] {
        let applied = resident.apply(&service, ONE_OWNER).await;
        let declined = owner.declines(applied.id(), reason).await;
        assert_eq!(declined.status, 200, "{:?}", declined.body);
        reported.push(applied.id().to_owned());
        service.pass(TimeDelta::seconds(1));
    }
    let operator = Office::enter(&service, "operator").await;
    let reports = operator.get("/api/v1/reports").await;
    let told: Vec<_> = items(&reports)
        .iter()
        .map(|one| json!([one["application"], one["reason"], one["by"]["iin"]]))
        .collect();
    let masked = iin_of("owner-1").masked();
    assert_eq!(
        told,
        [
            json!([reported[2], "not_my_dwelling", masked]),
            json!([reported[0], "unknown_person", masked]),
        ]
    );
    let some = operator.get("/api/v1/reports?reason=unknown_person").await;
    assert_eq!(items(&some).len(), 1);
    let first = operator.get("/api/v1/reports?limit=1").await;
    let rest = format!("/api/v1/reports?cursor={}", first.text("next"));
    assert_eq!(items(&operator.get(&rest).await).len(), 1);
    let odd = operator.get("/api/v1/reports?reason=not_agreed").await;
    odd.refused(400, "malformed-request", None);
    for stranger in ["owner-1", "resident-1", "organisation"] {
        let stranger = Office::enter(&service, stranger).await;
        let answer = stranger.get("/api/v1/reports").await;
        answer.refused(403, "not-allowed", None);
    }
}

#[tokio::test]
async fn an_organisation_that_owns_finds_what_is_put_to_it() {
    let service = Service::start().await;
    let bin = kelisim::eds::Bin::parse("190540099905").unwrap();
    service
        .put_dwelling(ONE_OWNER, Use::Home, vec![Holder::from(bin)])
        .await;
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let head = Office::enter(&service, "organisation").await;
    let listed = head.get("/api/v1/applications?role=owner&text=synak").await;
    assert_eq!(ids(&listed), [applied.id()]);
    let employee = Office::enter(&service, "employee").await;
    let none = employee.get("/api/v1/applications?role=owner").await;
    assert_eq!(none.body["items"], json!([]));
}

/// What an operator lodges for somebody who is present.
fn in_person(rka: &str, resident: &str) -> Value {
    let mut proposal = proposal_for(rka, &[iin_of(resident).as_str()]);
    proposal["standpoint"] = json!("operator");
    proposal
}

/// The identifier of a registration that came about.
async fn registered(service: &Service, resident: &Office, owner: &Office) -> String {
    // Identifiers sort by the time at which they were given.
    service.pass(TimeDelta::seconds(1));
    let applied = resident.apply(service, ONE_OWNER).await;
    let done = owner.consent(service, applied.id()).await;
    assert_eq!(done.state(), "registered", "{:?}", done.body);
    done.text("registration").to_owned()
}

#[track_caller]
fn items(page: &Answer) -> &Vec<Value> {
    let items = page.body["items"].as_array();
    items.unwrap_or_else(|| panic!("no page: {:?}", page.body))
}

#[track_caller]
fn ids(page: &Answer) -> Vec<&str> {
    let items = items(page).iter();
    items.map(|one| one["id"].as_str().unwrap()).collect()
}

/// The counts that are not zero.
fn filled(counted: &Answer) -> Value {
    let counts = counted.body.as_object().unwrap().iter();
    let filled = counts.filter(|(_, count)| **count != json!(0));
    filled
        .map(|(name, count)| (name.clone(), count.clone()))
        .collect()
}

#[tokio::test]
async fn whoever_is_asked_finds_what_waits_for_an_answer_and_nothing_else() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let first = Office::enter(&service, "owner-2").await;
    let second = Office::enter(&service, "owner-3").await;
    let asked = async |office: &Office| {
        let listed = office.get("/api/v1/applications?role=asked").await;
        let counted = office.get("/api/v1/applications/counts?role=asked").await;
        let found: Vec<String> = ids(&listed).into_iter().map(str::to_owned).collect();
        assert_eq!(counted.body["total"], found.len());
        found
    };
    let drafted = resident.draft(TWO_OWNERS).await;
    assert_eq!(asked(&first).await, [""; 0]);
    resident.sign_draft(&service, &drafted).await;
    assert_eq!(asked(&first).await, [drafted.id()]);
    first.consent(&service, drafted.id()).await;
    assert_eq!(asked(&first).await, [""; 0]);
    assert_eq!(asked(&second).await, [drafted.id()]);
    let done = second.consent(&service, drafted.id()).await;
    assert_eq!(asked(&second).await, [""; 0]);
    // Somebody who bought a share since is asked whether it is to end, and so is nobody
    // who was before.
    let owners = ["owner-1", "owner-2"];
    service.add_dwelling(TWO_OWNERS, &owners).await;
    first.removes(&service, done.registration()).await;
    let buyer = Office::enter(&service, "owner-1").await;
    let delegate = Office::enter(&service, "delegate").await;
    for (office, found) in [(&buyer, 1), (&delegate, 1), (&first, 0), (&second, 0)] {
        assert_eq!(asked(office).await.len(), found);
    }
    buyer.confirms(&service, done.registration()).await;
    assert_eq!(asked(&buyer).await, [""; 0]);
    assert_eq!(asked(&delegate).await, [""; 0]);
}
