//! Who may do what: every role, every call and every page, objects of unrelated
//! applications.
//!
//! What is expected stands in two tables: which kind of right each route needs
//! ([`table`]), and who has which right to what ([`world`]). A route that is in no
//! table fails the test ([`routes`]).

mod asking;
mod routes;
mod table;
mod town;
mod world;

use std::collections::BTreeSet;
use std::sync::Arc;

use asking::{Asked, Door, rows};
use reqwest::header::LOCATION;
use serde_json::json;
use table::{Right, Row};
use tokio::task::JoinSet;
use uuid::Uuid;
use world::{PEOPLE, Slug, World};

/// How many ask at once.
const AT_ONCE: usize = 8;

/// Lets so many at a time ask what `asked` says, and gathers what is wrong with the
/// answers.
async fn faults(
    world: &Arc<World>,
    count: usize,
    asked: impl Fn(&World, usize) -> (Asked, Option<Slug>) + Clone + Send + 'static,
) -> Vec<String> {
    let mut under_way = JoinSet::new();
    for part in 0..AT_ONCE {
        let (world, asked) = (Arc::clone(world), asked.clone());
        under_way.spawn(async move {
            let mut faults = Vec::new();
            for number in (part..count).step_by(AT_ONCE) {
                let (asked, who) = asked(&world, number);
                faults.extend(world.fault(&asked, who).await);
            }
            faults
        });
    }
    under_way.join_all().await.concat()
}

#[track_caller]
fn none(faults: &[String]) {
    let shown = faults.iter().take(60).cloned().collect::<Vec<_>>();
    assert!(faults.is_empty(), "{}:\n{}", faults.len(), shown.join("\n"));
}

/// Somebody, or nobody behind the last one.
fn somebody(number: usize) -> Option<Slug> {
    let who = PEOPLE.get(number % (PEOPLE.len() + 1));
    who.map(|(slug, _)| *slug)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_role_reaches_what_is_theirs_and_nothing_else_by_every_call_and_page() {
    let world = Arc::new(World::set().await);
    let before = world.all_there_is().await;
    let people = PEOPLE.len() + 1;
    let count = world.all().len() * people;
    let all = Arc::new(world.all());
    let found = faults(&world, count, move |_, number| {
        (all[number / people].clone(), somebody(number))
    });
    none(&found.await);
    assert_eq!(world.all_there_is().await, before);
}

/// How many pairs of somebody and something are drawn.
const PAIRS: usize = 10_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_ten_thousand_random_pairs_nobody_reads_or_does_what_is_not_theirs() {
    let world = Arc::new(World::town().await);
    let before = world.all_there_is().await;
    let forbidden = (0..PAIRS).filter(|pair| {
        let (asked, who) = pair_of(&world, *pair);
        !asked.may(who)
    });
    let forbidden = forbidden.count();
    assert!(
        forbidden > PAIRS / 2 && forbidden < PAIRS - 200,
        "{forbidden}"
    );
    none(&faults(&world, PAIRS, pair_of).await);
    assert_eq!(world.all_there_is().await, before);
}

/// A route, a thing and a person by chance.
fn pair_of(world: &World, pair: usize) -> (Asked, Option<Slug>) {
    let rows: Vec<(Door, &'static Row)> =
        rows().filter(|(_, row)| row.1.contains("{id}")).collect();
    let (door, row) = rows[drawn(pair, 1) % rows.len()];
    let things = world.things(row.1);
    let thing = &things[drawn(pair, 2) % things.len()];
    let asked = if row.1.contains("{consent}") {
        let consents = world.consents_of(thing);
        let consent = &consents[drawn(pair, 3) % consents.len()];
        Asked::of_consent(door, row, (thing, consent))
    } else if row.1.contains("{attachment}") {
        let papers = world.papers_of(thing);
        Asked::of_paper(door, row, (thing, &papers[drawn(pair, 3) % papers.len()]))
    } else {
        Asked::of(door, row, thing)
    };
    (asked, somebody(drawn(pair, 4)))
}

#[tokio::test]
async fn without_a_session_only_what_is_for_everybody_answers() {
    let world = World::set().await;
    for (door, (method, path, right)) in rows().filter(|(_, row)| !row.1.contains('{')) {
        let open = *right == Right::Everybody;
        let root = if door == Door::Page { "/en" } else { "" };
        let url = format!("{}{root}{path}", world.service.url);
        let request = world
            .browser
            .request(method.to_uppercase().parse().unwrap(), url);
        let request = request.header("Origin", crate::service::ORIGIN);
        let answer = request.json(&json!({})).send().await.unwrap();
        let status = answer.status().as_u16();
        let way = answer.headers().get(LOCATION);
        let to_sign_in =
            status == 303 && way.is_some_and(|to| to.as_bytes().starts_with(b"/en?next="));
        assert_eq!(
            status == 401 || to_sign_in,
            !open,
            "{method} {path}: {status}"
        );
    }
}

#[tokio::test]
async fn whoever_has_signed_in_reads_what_is_their_own_and_offices_are_for_those_who_work_there() {
    let world = World::set().await;
    let mut faults = Vec::new();
    for (door, row) in rows().filter(|(_, row)| row.0 == "get" && !row.1.contains('{')) {
        for (slug, _) in PEOPLE {
            let status = status(&world, (door, row.1), slug).await;
            let answered = match is_for(row, slug) {
                true => matches!(status, 200 | 204),
                false => status == 403,
            };
            if !answered {
                faults.push(format!("{} {slug}: {status}", row.1));
            }
        }
    }
    none(&faults);
}

/// Whether this is for somebody who has signed in as so many do: for themselves, for
/// an organisation, for a service centre, or as who runs the service.
fn is_for((_, path, right): &Row, slug: Slug) -> bool {
    let for_an_organisation = ["operator", "operator-2", "organisation", "employee"];
    // All of these work for organisations that keep a service centre.
    let operates = for_an_organisation.contains(&slug);
    // What is kept about a person is theirs, and no organisation's.
    let of_a_person = *path == "/api/v1/me/export" && operates;
    let administers = slug == "employee";
    !of_a_person
        && (*right != Right::Operate || operates)
        && (*right != Right::Administer || administers)
}

async fn status(world: &World, (door, path): (Door, &str), slug: Slug) -> u16 {
    let query = match path {
        "/live/notices" => format!("?newest={}", Uuid::now_v7()),
        "/api/v1/applications" | "/api/v1/applications/counts" => "?role=owner".to_owned(),
        "/api/v1/audit/consistency" => "?from=1&to=1".to_owned(),
        _ => String::new(),
    };
    let root = if door == Door::Page { "/en" } else { "" };
    let request = world
        .browser
        .get(format!("{}{root}{path}{query}", world.service.url));
    let token = world.office(slug).token();
    let request = match door {
        Door::Call => request.bearer_auth(token),
        Door::Page => request.header("Cookie", format!("__Host-sid={token}")),
    };
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_token_or_a_code_that_nobody_has_opens_nothing_to_anybody() {
    let world = World::set().await;
    let office = world.office("owner-1");
    for (door, (method, path, right)) in rows() {
        if *right != Right::Bear {
            continue;
        }
        let root = if door == Door::Page { "/en" } else { "" };
        let path = path.replace("{token}", "AAAAAAAAAAAAAAAAAAAAAA");
        let path = path.replace("{code}", "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ");
        let method: reqwest::Method = method.to_uppercase().parse().unwrap();
        for who in [&world.nobody, office] {
            let request = who.request(method.clone(), &format!("{root}{path}"));
            let answer = who.send(request.json(&json!({}))).await;
            let shown = [404, 400, 422].contains(&answer.status);
            assert!(shown, "{path}: {} {:?}", answer.status, answer.body);
        }
    }
}

#[tokio::test]
async fn lists_hold_what_a_person_may_read_and_nothing_else() {
    let world = World::set().await;
    for (slug, what) in PEOPLE {
        let mut listed = BTreeSet::new();
        for role in ["resident", "owner", "asked", "operator"] {
            let path = format!("/api/v1/applications?role={role}&limit=100");
            let list = world.office(slug).get(&path).await;
            for item in list.body["items"].as_array().unwrap() {
                listed.insert(item["id"].as_str().unwrap().to_owned());
            }
        }
        let own = world.applications.iter();
        let own = own.filter(|one| one.who(Right::Read).contains(&slug));
        let own: BTreeSet<_> = own.map(|one| one.id.clone()).collect();
        assert!(listed.is_subset(&own), "{slug}, {what}");
        // A new owner finds it by the registration, not by an application, and so do who
        // acts for an owner and who speaks for a resident by now.
        if !["owner-3", "owner-ecdsa", "delegate", "resident-ecdsa"].contains(&slug) {
            assert_eq!(listed, own, "{slug}, {what}");
        }
    }
}

/// A number that looks drawn by chance, the same in each run (splitmix64).
fn drawn(pair: usize, what: u64) -> usize {
    let mut z =
        (u64::try_from(pair).unwrap() + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (what << 56);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from((z ^ (z >> 31)) >> 32).unwrap()
}
