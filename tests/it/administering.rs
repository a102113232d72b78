//! Those who run the service see whether all goes on, and let messages go that were
//! given up; nobody else does.

use chrono::TimeDelta;
use kelisim::domain::audit::Signer;
use kelisim::pki::{Behaviour, Service as Served};
use kelisim::worker::deliver::run_once;
use ring::rand::SystemRandom;
use ring::signature::Ed25519KeyPair;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::callbacks::portal::{Answer as Taken, OK, Portal};
use crate::office::{Answer, ONE_OWNER, OWNED_TOGETHER, Office};
use crate::registers::iin_of;
use crate::service::Service;

const HEALTH: &str = "/api/v1/administration/health";
const DELIVERIES: &str = "/api/v1/administration/deliveries";

/// A service that `operator-2` runs.
async fn run_by_operator() -> (Service, Office) {
    let service = Service::by_settings(|settings| {
        settings.administrators = [iin_of("operator-2")].into();
    })
    .await;
    let administrator = Office::enter(&service, "operator-2").await;
    (service, administrator)
}

#[tokio::test]
async fn whoever_runs_the_service_signs_a_person_out_everywhere() {
    let (service, administrator) = run_by_operator().await;
    let first = Office::enter(&service, "resident-1").await;
    let second = Office::enter(&service, "resident-1-auth").await;
    let other = Office::enter(&service, "resident-2").await;
    let end = "/api/v1/administration/sessions/end";
    let whose = json!({"iin": iin_of("resident-1").as_str()});
    other
        .post(end, whose.clone())
        .await
        .refused(403, "not-allowed", None);
    let ended = administrator.post(end, whose.clone()).await;
    assert_eq!((ended.status, &ended.body["ended"]), (200, &json!(2)));
    for office in [first, second] {
        let me = office.get("/api/v1/me").await;
        me.refused(401, "not-signed-in", None);
    }
    assert_eq!(other.get("/api/v1/me").await.status, 200);
    let again = administrator.post(end, whose).await;
    assert_eq!(again.body["ended"], json!(0));
    let nobody = administrator.post(end, json!({"iin": "1"})).await;
    nobody.refused(400, "malformed-request", None);
}

#[tokio::test]
async fn nobody_but_who_runs_the_service_sees_how_it_goes() {
    let (service, administrator) = run_by_operator().await;
    let outside = Office::outside(&service, "operator-2");
    let retry = format!("{DELIVERIES}/{}/retry", Uuid::now_v7());
    for path in [HEALTH, DELIVERIES] {
        assert_eq!(administrator.get(path).await.status, 200, "{path}");
        outside.get(path).await.refused(401, "not-signed-in", None);
    }
    let unknown = administrator.post(&retry, json!({})).await;
    unknown.refused(404, "not-found", None);
    let answer = outside.post(&retry, json!({})).await;
    answer.refused(401, "not-signed-in", None);
    for slug in [
        "resident-1",
        "owner-1",
        "organisation",
        "operator",
        "employee",
    ] {
        let office = Office::enter(&service, slug).await;
        for path in [HEALTH, DELIVERIES] {
            office.get(path).await.refused(403, "not-allowed", None);
        }
        let answer = office.post(&retry, json!({})).await;
        answer.refused(403, "not-allowed", None);
    }
}

#[tokio::test]
async fn where_nobody_was_named_nobody_runs_the_service() {
    let service = Service::start().await;
    for slug in ["operator-2", "resident-1"] {
        let office = Office::enter(&service, slug).await;
        office.get(HEALTH).await.refused(403, "not-allowed", None);
    }
}

#[tokio::test]
async fn what_waits_is_counted_and_dated() {
    let (service, administrator) = run_by_operator().await;
    let quiet = administrator.get(HEALTH).await;
    for queue in ["signatures", "deliveries", "unsealed"] {
        assert_eq!(quiet.body[queue], json!({"waiting": 0}), "{queue}");
    }
    assert_eq!(quiet.body["checkpoint"], Value::Null);
    assert_eq!(quiet.body["deliveries_parked"], 0);
    assert_eq!(quiet.text("service_version"), env!("CARGO_PKG_VERSION"));
    let (major, _) = quiet.text("database_version").split_once('.').unwrap();
    assert!(major.parse::<u32>().unwrap() >= 15, "{major}");

    let resident = Office::enter(&service, "resident-1").await;
    let drafted = resident.draft(ONE_OWNER).await;
    service.pass(TimeDelta::minutes(6));
    let silent = Behaviour::Silent;
    service.authority.behave(Served::Ocsp, silent).unwrap();
    let signed = resident.sign_draft(&service, &drafted).await;
    assert_eq!(signed.status, 202, "{:?}", signed.body);
    service.pass(TimeDelta::minutes(1));
    let waits = administrator.get(HEALTH).await.body;
    let since = |count, oldest| json!({"waiting": count, "oldest": oldest});
    assert_eq!(waits["at"], "2026-11-01T12:07:00Z");
    assert_eq!(waits["signatures"], since(1, "2026-11-01T12:06:00Z"));
    assert_eq!(waits["deliveries"], since(2, "2026-11-01T12:00:00Z"));
    assert_eq!(waits["unsealed"], since(2, "2026-11-01T12:00:00Z"));

    service.house.checkpoint(&notary(), 1).await.unwrap();
    let sealed = administrator.get(HEALTH).await.body;
    let checkpoint = json!({"number": 1, "size": 1, "at": "2026-11-01T12:07:00Z"});
    assert_eq!(sealed["checkpoint"], checkpoint);
    assert_eq!(sealed["unsealed"], since(1, "2026-11-01T12:06:00Z"));
}

#[tokio::test]
async fn each_revocation_list_tells_its_age() {
    let (service, administrator) = run_by_operator().await;
    service
        .execute(
            "INSERT INTO revocation_lists (authority_sha256, kind, number, this_update, der,
                 sha256, url, fetched_at, checked_at)
             SELECT decode(repeat('ab', 32), 'hex'), kind, decode(repeat('00', 20), 'hex'),
                 '2026-11-01T11:00:00Z', '\\x30', decode(repeat('cd', 32), 'hex'),
                 'http://crl.test/', '2026-11-01T11:30:00Z', '2026-11-01T11:45:00Z'
             FROM unnest(ARRAY['full', 'delta']) AS kind",
        )
        .await;
    let seen = administrator.get(HEALTH).await;
    let list = |kind: &str| {
        json!({
            "authority": "ab".repeat(32), "kind": kind, "issued_at": "2026-11-01T11:00:00Z",
            "age_seconds": 3600, "checked_at": "2026-11-01T11:45:00Z"
        })
    };
    let lists = json!([list("delta"), list("full")]);
    assert_eq!(seen.body["revocation_lists"], lists);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_given_up_is_seen_with_what_it_holds_back_and_let_go_in_order() {
    let (service, administrator) = run_by_operator().await;
    let portal = Portal::open(|before| match before {
        0 => Taken::Status(410),
        _ => OK,
    });
    let resident = Office::enter(&service, "resident-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let application = applied.id().to_owned();
    let tally = run_once(&service.house, &portal.webhook).await.unwrap();
    assert_eq!((tally.delivered, tally.parked), (0, 1));

    let parked = listed(&administrator, "?state=parked").await;
    assert_eq!(parked.len(), 1);
    let id = parked[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        parked[0],
        json!({
            "id": id, "application": application, "event": 1, "kind": "application.drafted",
            "state": "parked", "created_at": "2026-11-01T12:00:00Z", "attempts": 1,
            "last_outcome": "gone", "parked_at": "2026-11-01T12:00:00Z"
        })
    );
    let waiting = listed(&administrator, "?state=waiting").await;
    let held_back = json!([{
        "id": waiting[0]["id"], "application": application, "event": 2,
        "kind": "application.signed", "state": "waiting", "created_at": "2026-11-01T12:00:00Z",
        "attempts": 0, "next_attempt_at": "2026-11-01T12:00:00Z", "behind": 1
    }]);
    assert_eq!(json!(waiting), held_back);

    service.pass(TimeDelta::hours(1));
    let released = retry(&administrator, &id, "a key").await;
    assert_eq!((released.status, released.state()), (200, "waiting"));
    assert_eq!(released.body["attempts"], 0);
    assert_eq!(released.body["next_attempt_at"], "2026-11-01T13:00:00Z");
    let tally = run_once(&service.house, &portal.webhook).await.unwrap();
    assert_eq!((tally.delivered, tally.failed, tally.parked), (2, 0, 0));
    let taken = portal.taken();
    let told: Vec<_> = taken
        .iter()
        .map(|one| one.json()["data"]["version"].clone())
        .collect();
    assert_eq!(told, [1, 1, 2], "at least once, and in order");

    let again = retry(&administrator, &id, "a key").await;
    assert_eq!(again, released, "the same key gives the same answer");
    let other = retry(&administrator, &id, "another key").await;
    other.refused(409, "not-parked", None);
    let delivered = listed(&administrator, "?state=delivered").await;
    assert_eq!(delivered.len(), 2);
    assert!(
        delivered
            .iter()
            .all(|one| one["last_outcome"] == "delivered")
    );
    assert!(listed(&administrator, "?state=parked").await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_let_go_is_tried_as_long_as_a_new_message_before_it_is_given_up_again() {
    let (service, administrator) = run_by_operator().await;
    let portal = Portal::open(|_| Taken::Status(503));
    let resident = Office::enter(&service, "resident-1").await;
    resident.draft(ONE_OWNER).await;
    for round in 1..=2 {
        let mut attempts = 0;
        while listed(&administrator, "?state=parked").await.is_empty() {
            run_once(&service.house, &portal.webhook).await.unwrap();
            service.pass(TimeDelta::hours(15));
            attempts += 1;
        }
        assert_eq!(attempts, 12, "round {round}");
        let parked = listed(&administrator, "?state=parked").await;
        assert_eq!(parked[0]["last_outcome"], "status 503");
        let id = parked[0]["id"].as_str().unwrap();
        let released = retry(&administrator, id, &Uuid::now_v7().to_string()).await;
        assert_eq!(released.body["last_outcome"], "status 503");
    }
}

#[tokio::test]
async fn pages_hold_every_message_once_newest_first() {
    let (service, administrator) = run_by_operator().await;
    for (slug, rka) in [("resident-1", ONE_OWNER), ("resident-2", OWNED_TOGETHER)] {
        let office = Office::enter(&service, slug).await;
        service.pass(TimeDelta::seconds(1));
        office.draft(rka).await;
        service.pass(TimeDelta::seconds(1));
        office.draft(rka).await;
    }
    let all = listed(&administrator, "").await;
    assert_eq!(all.len(), 4);
    let written = |one: &Value| one["created_at"].as_str().unwrap().to_owned();
    assert!(all.is_sorted_by(|one, next| written(one) > written(next)));
    let mut paged = Vec::new();
    let mut query = "?state=waiting&limit=3".to_owned();
    loop {
        let page = administrator.get(&format!("{DELIVERIES}{query}")).await;
        paged.extend(page.body["items"].as_array().unwrap().clone());
        match page.body["next"].as_str() {
            Some(next) => query = format!("?state=waiting&limit=3&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(paged, all);
    for wrong in [
        "?state=lost",
        "?limit=0",
        "?limit=101",
        "?cursor=1",
        "?who=me",
    ] {
        let answer = administrator.get(&format!("{DELIVERIES}{wrong}")).await;
        answer.refused(400, "malformed-request", None);
    }
}

#[tokio::test]
async fn no_message_is_shown_with_anything_about_a_person() {
    let (service, administrator) = run_by_operator().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    owner.consent(&service, applied.id()).await;
    for path in [HEALTH, DELIVERIES] {
        let seen = administrator.get(path).await;
        let text = String::from_utf8(seen.bytes).unwrap();
        for slug in ["resident-1", "owner-1"] {
            let identity = &service.pki.person(slug).unwrap().character.identity;
            assert!(!text.contains(&identity.iin), "{text}");
            assert!(!text.contains(&identity.surname), "{text}");
        }
        assert!(!text.contains(ONE_OWNER), "{text}");
    }
}

async fn listed(administrator: &Office, query: &str) -> Vec<Value> {
    let answer = administrator.get(&format!("{DELIVERIES}{query}")).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    answer.body["items"].as_array().unwrap().clone()
}

async fn retry(administrator: &Office, id: &str, key: &str) -> Answer {
    let path = format!("{DELIVERIES}/{id}/retry");
    administrator.post_again(&path, json!({}), key).await
}

pub(crate) fn notary() -> Signer {
    let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    Signer::new("kelisim.test/audit", pkcs8.as_ref()).unwrap()
}
