//! The power fails while people sign, again and again: nothing that was acknowledged
//! is lost, nothing happens twice, and whoever asks again is answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel_async::SimpleAsyncConnection;
use kelisim::eds::Digest;
use kelisim::pki::Directory;
use kelisim::store::connect::Database;
use ring::rand::SystemRandom;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::office::{ONE_OWNER, OWNED_WITH_ECDSA, TWO_OWNERS};
use crate::openssl::Folder;
use crate::sequences::invariants::{self, Acknowledged};
use crate::silence::{Prepared, Visitor};
use crate::{material, service};

/// How often the power fails.
const KILLS: u8 = 24;

/// The longest that the service lives between two failures, once it is ready.
const LONGEST_MILLIS: u64 = 600;

/// How long people try before they give up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody who applies where others own the dwelling, and they.
const STREAMS: [(&str, &str, &[&str]); 3] = [
    ("resident-2", ONE_OWNER, &["owner-1"]),
    ("resident-ecdsa", OWNED_WITH_ECDSA, &["owner-ecdsa"]),
    ("guardian", TWO_OWNERS, &["owner-2", "owner-3"]),
];

/// Requests that had come to the service when it was killed, and were not answered.
static CUT: AtomicUsize = AtomicUsize::new(0);

/// A request with its key, and how it was answered.
struct Sent {
    who: Arc<Visitor>,
    path: String,
    body: Value,
    key: String,
    answer: (u16, Vec<u8>),
}

/// What came of one stream of applications.
#[derive(Default)]
struct Done {
    sent: Vec<Sent>,
    registered: i64,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_and_nothing_is_doubled_though_the_service_is_killed() {
    let folder = Folder::new();
    let database = service::empty_database_url("killing").await;
    let prepared = Prepared::new(folder.path(), &database);
    let mut running = prepared.start("warn").await;
    let pki = Directory::open(folder.path(), &SystemRandom::new()).unwrap();
    let stopping = Arc::new(AtomicBool::new(false));
    let mut streams = JoinSet::new();
    for (resident, rka, owners) in STREAMS {
        let resident = Arc::new(running.enter(&pki, resident).await);
        let mut asked = Vec::new();
        for owner in owners {
            asked.push(Arc::new(running.enter(&pki, owner).await));
        }
        streams.spawn(live(resident, rka, asked, Arc::clone(&stopping)));
    }
    for kill in 0..KILLS {
        tokio::time::sleep(chance(kill)).await;
        running.kill();
        running = prepared.start("warn").await;
    }
    stopping.store(true, Ordering::Relaxed);
    let mut all = Done::default();
    while let Some(done) = streams.join_next().await {
        let done = done.unwrap();
        all.registered += done.registered;
        all.sent.extend(done.sent);
    }
    let (sent, cut) = (all.sent.len(), CUT.load(Ordering::Relaxed));
    println!(
        "{sent} requests, {cut} cut off, {} registrations",
        all.registered
    );
    assert!(all.registered > 0 && cut > 0);
    for sent in &all.sent {
        let again = patiently(|| ask(sent)).await;
        assert!(again == sent.answer, "{} is answered otherwise", sent.path);
    }
    running.stop();
    look_back(&Database::parse(&database).unwrap(), &all).await;
}

/// All that was acknowledged is there, once.
async fn look_back(database: &Database, all: &Done) {
    let mut connection = database.connect().await.unwrap();
    connection.batch_execute(invariants::BESIDE).await.unwrap();
    let mut found = invariants::broken(&mut connection).await;
    let acknowledged: Vec<_> = all.sent.iter().map(acknowledged).collect();
    found.extend(invariants::lost(&mut connection, &acknowledged).await);
    assert!(found.is_empty(), "{found:#?}");
    let counts = [
        ("SELECT count(*) FROM idempotency_keys", acknowledged.len()),
        (
            "SELECT count(*) FROM registrations",
            usize::try_from(all.registered).unwrap(),
        ),
        (
            "SELECT count(*) FROM received_signatures WHERE settled_at IS NULL",
            0,
        ),
    ];
    for (query, expected) in counts {
        let expected = i64::try_from(expected).unwrap();
        let counted = invariants::count(&mut connection, query).await;
        assert_eq!(counted, expected, "{query}");
    }
}

fn acknowledged(sent: &Sent) -> Acknowledged {
    let body: Value = serde_json::from_slice(&sent.answer.1).unwrap();
    Acknowledged {
        application: Uuid::parse_str(body["id"].as_str().unwrap()).unwrap(),
        version: body["version"].as_i64().unwrap(),
        state: body["state"].as_str().unwrap().to_owned(),
    }
}

/// Somewhere within the life of the service.
fn chance(kill: u8) -> Duration {
    let drawn = Digest::of(&[kill]).to_string();
    let drawn = u64::from_str_radix(&drawn[..8], 16).unwrap();
    Duration::from_millis(drawn % LONGEST_MILLIS)
}

/// Applies, is registered and leaves, over and over.
async fn live(
    resident: Arc<Visitor>,
    rka: &'static str,
    owners: Vec<Arc<Visitor>>,
    stopping: Arc<AtomicBool>,
) -> Done {
    let mut done = Done::default();
    while !stopping.load(Ordering::Relaxed) {
        let drafted = done
            .post(&resident, "/api/v1/applications", proposal(rka))
            .await;
        let application = format!("/api/v1/applications/{}", drafted["id"].as_str().unwrap());
        let content = drafted["to_sign"]["content"].as_str().unwrap();
        let body = resident.signature(&STANDARD.decode(content).unwrap());
        done.post(&resident, &format!("{application}/signature"), body)
            .await;
        until(&resident, &application, "awaiting_consent").await;
        done.all_consent(&owners, &application).await;
        let registered = until(&resident, &application, "registered").await;
        done.registered += 1;
        let registration = registered["registration"].as_str().unwrap();
        let path = format!("/api/v1/registrations/{registration}/leaving");
        let document = get(&resident, &format!("{path}/document")).await;
        let body = resident.signature(&document);
        done.post(&resident, &format!("{path}/signature"), body)
            .await;
        until(&resident, &application, "ended").await;
    }
    done
}

impl Done {
    /// Every owner at the same moment.
    async fn all_consent(&mut self, owners: &[Arc<Visitor>], application: &str) {
        let mut under_way = JoinSet::new();
        for owner in owners {
            let (owner, application) = (Arc::clone(owner), application.to_owned());
            under_way.spawn(async move {
                let seen: Value = serde_json::from_slice(&get(&owner, &application).await).unwrap();
                let consent = seen["consents"][0]["id"].as_str().unwrap();
                let path = format!("{application}/consents/{consent}");
                let document = get(&owner, &format!("{path}/document")).await;
                let body = owner.signature(&document);
                answered(&owner, &format!("{path}/signature"), body).await
            });
        }
        while let Some(sent) = under_way.join_next().await {
            self.sent.push(sent.unwrap());
        }
    }

    async fn post(&mut self, who: &Arc<Visitor>, path: &str, body: Value) -> Value {
        let sent = answered(who, path, body).await;
        let answer = serde_json::from_slice(&sent.answer.1).unwrap();
        self.sent.push(sent);
        answer
    }
}

fn proposal(rka: &str) -> Value {
    let today = material::today().date_naive().to_string();
    json!({"rka": rka, "starts_on": today, "months": 2, "arrived_on": today, "language": "kk"})
}

/// Sends a request until it is answered, under the same key.
async fn answered(who: &Arc<Visitor>, path: &str, body: Value) -> Sent {
    let mut sent = Sent {
        who: Arc::clone(who),
        path: path.to_owned(),
        body,
        key: Uuid::now_v7().to_string(),
        answer: (0, Vec::new()),
    };
    sent.answer = patiently(|| ask(&sent)).await;
    let (status, answer) = &sent.answer;
    let told = String::from_utf8_lossy(answer);
    assert!((200..=202).contains(status), "{path}: {status} {told}");
    sent
}

/// Nothing when the service is not there, or is there no more before it has answered.
async fn ask(sent: &Sent) -> Option<(u16, Vec<u8>)> {
    let who = &sent.who;
    let request = who.client.post(format!("{}{}", who.url, sent.path));
    let request = request.header("Idempotency-Key", &sent.key);
    read(request.bearer_auth(&who.token).json(&sent.body)).await
}

async fn get(who: &Visitor, path: &str) -> Vec<u8> {
    let (status, answer) = patiently(|| look(who, path)).await;
    assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&answer));
    answer
}

async fn look(who: &Visitor, path: &str) -> Option<(u16, Vec<u8>)> {
    let request = who.client.get(format!("{}{path}", who.url));
    read(request.bearer_auth(&who.token)).await
}

async fn read(request: reqwest::RequestBuilder) -> Option<(u16, Vec<u8>)> {
    let response = match request.send().await {
        Ok(response) => response,
        Err(error) => {
            let asked = usize::from(!error.is_connect());
            CUT.fetch_add(asked, Ordering::Relaxed);
            return None;
        }
    };
    let status = response.status().as_u16();
    let body = response.bytes().await.ok()?;
    // Nobody may ask as often as this, and a service that has just come back may
    // find its rows still held by the one before.
    let later = matches!(status, 429 | 503);
    (!later).then(|| (status, body.to_vec()))
}

/// What it gives as soon as it gives anything.
async fn patiently<T, F: Future<Output = Option<T>>>(attempt: impl Fn() -> F) -> T {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(given) = attempt().await {
            return given;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nothing within {PATIENCE:?}");
}

/// The application, once it stands there.
async fn until(who: &Visitor, application: &str, state: &str) -> Value {
    patiently(|| seen_as(who, application, state)).await
}

async fn seen_as(who: &Visitor, application: &str, state: &str) -> Option<Value> {
    let seen: Value = serde_json::from_slice(&get(who, application).await).unwrap();
    (seen["state"] == state).then_some(seen)
}
