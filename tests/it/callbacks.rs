//! The portal is told: at least once, in order, and by nobody else.

pub(crate) mod portal;
mod sender;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta};
use kelisim::remote::webhook::Seal;
use kelisim::worker::deliver::{Tally, run_once};
use kelisim::worker::{Peers, Schedule, Worker};
use ring::hmac;
use secrecy::SecretString;
use serde_json::{Value, json};

use portal::{Answer, OK, OTHER_SECRET, Portal, SECRET, webhook};
use sender::Sender;

use crate::office::{ONE_OWNER, Office};
use crate::service::Service;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_of_an_application_arrive_in_order() {
    let (sender, portal) = both(|_| Answer::Status(200)).await;
    let (one, other) = (sender.application().await, sender.application().await);
    for sequence in [3, 1, 2, 4] {
        sender.write(one, sequence).await;
        sender.write(other, sequence).await;
    }
    let tally = sender.deliver(&portal).await;
    assert_eq!((tally.delivered, tally.failed), (8, 0));
    assert_eq!(portal.sequences(one), [1, 2, 3, 4]);
    assert_eq!(portal.sequences(other), [1, 2, 3, 4]);
    assert_eq!(sender.deliver(&portal).await, Tally::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_deliver_each_message_once_and_in_order() {
    let (sender, portal) = both(|_| Answer::Status(204)).await;
    let applications = sender.applications(12).await;
    for application in &applications {
        for sequence in 1..=4 {
            sender.write(*application, sequence).await;
        }
    }
    let (one, other) = tokio::join!(sender.deliver(&portal), sender.deliver(&portal));
    assert_eq!(one.delivered + other.delivered, 48);
    for application in applications {
        assert_eq!(portal.sequences(application), [1, 2, 3, 4]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_signature_satisfies_an_independent_implementation() {
    let (sender, portal) = both(|_| Answer::Status(200)).await;
    let id = sender.write(sender.application().await, 1).await;
    sender.deliver(&portal).await;
    let taken = portal.taken();
    let oracle = standardwebhooks::Webhook::new(SECRET).unwrap();
    oracle.verify(&taken[0].body, &taken[0].headers()).unwrap();
    assert_eq!(taken[0].id, id.to_string());

    let stranger = standardwebhooks::Webhook::new(OTHER_SECRET).unwrap();
    assert!(
        stranger
            .verify(&taken[0].body, &taken[0].headers())
            .is_err()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_failed_is_sent_again_later_and_is_the_same_message() {
    let failures = [Answer::Status(500), Answer::Hang, Answer::Status(302)];
    let (sender, portal) = both(move |seen| *failures.get(seen).unwrap_or(&OK)).await;
    let application = sender.application().await;
    sender.write(application, 1).await;
    sender.write(application, 2).await;
    for (error, pause) in [("status 500", 7), ("timeout", 38), ("status 302", 150)] {
        let tally = sender.deliver(&portal).await;
        assert_eq!((tally.delivered, tally.failed), (0, 1), "{error}");
        assert_eq!(sender.last_error(application, 1).await.unwrap(), error);
        assert_eq!(sender.deliver(&portal).await, Tally::default(), "too early");
        sender.pass(TimeDelta::seconds(pause));
    }
    assert_eq!(sender.deliver(&portal).await.delivered, 2);
    assert_eq!(portal.sequences(application), [1, 1, 1, 1, 2]);
    let taken = portal.taken();
    assert!(taken[..4].iter().all(|one| one.id == taken[0].id));
    assert!(taken[..4].iter().all(|one| one.body == taken[0].body));
    assert_eq!(sender.last_error(application, 1).await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portal_that_does_not_listen_is_tried_again() {
    let (sender, portal) = both(|_| OK).await;
    let application = sender.application().await;
    sender.write(application, 1).await;
    let nobody = webhook("http://127.0.0.1:1/?canary=query");
    assert_eq!(run_once(&sender.house, &nobody).await.unwrap().failed, 1);
    let error = sender.last_error(application, 1).await.unwrap();
    assert_eq!(error, "connection refused");
    sender.pass(TimeDelta::seconds(7));
    assert_eq!(sender.deliver(&portal).await.delivered, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_worker_delivered_before_it_died_is_delivered_again() {
    let (sender, portal) = both(|_| OK).await;
    let id = sender.write(sender.application().await, 1).await;
    let message = sender.claim().await.expect("a message that is due");
    let now = sender.house.now();
    portal.webhook.send(message.id, &message.body, now).await;

    assert_eq!(sender.deliver(&portal).await, Tally::default(), "claimed");
    sender.pass(TimeDelta::seconds(31));
    assert_eq!(sender.deliver(&portal).await.delivered, 1);
    let ids: Vec<String> = portal.taken().into_iter().map(|one| one.id).collect();
    assert_eq!(ids, [id.to_string(), id.to_string()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gone_parks_the_message_and_holds_back_its_application_alone() {
    let (sender, portal) = both(|seen| Answer::Status(if seen == 0 { 410 } else { 200 })).await;
    let (one, other) = (sender.application().await, sender.application().await);
    sender.write(one, 1).await;
    sender.write(one, 2).await;
    assert_eq!(sender.deliver(&portal).await.parked, 1);
    sender.write(other, 1).await;
    sender.pass(TimeDelta::days(30));
    let tally = sender.deliver(&portal).await;
    assert_eq!((tally.delivered, tally.parked), (1, 0));
    assert_eq!(portal.sequences(one), [1]);
    assert_eq!(portal.sequences(other), [1]);
    assert_eq!(sender.last_error(one, 1).await.unwrap(), "gone");
    let backlog = sender.backlog().await;
    assert_eq!((backlog.backlog.waiting, backlog.parked), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_application_that_fails_does_not_keep_the_others() {
    let (sender, portal) = both(|_| OK).await;
    let failing = sender.application().await;
    portal.fail_for(failing);
    let others = sender.applications(20).await;
    for application in [failing].iter().chain(&others) {
        sender.write(*application, 1).await;
        sender.write(*application, 2).await;
    }
    let tally = sender.deliver(&portal).await;
    assert_eq!((tally.delivered, tally.failed), (40, 1));
    assert_eq!(portal.sequences(failing), [1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_about_three_days_a_message_is_parked() {
    let (sender, portal) = both(|_| Answer::Status(503)).await;
    let application = sender.application().await;
    sender.write(application, 1).await;
    let begun = sender.house.now();
    while sender.deliver(&portal).await.parked == 0 {
        sender.pass(TimeDelta::hours(13));
    }
    assert_eq!(portal.taken().len(), 12);
    assert!(sender.house.now() - begun > TimeDelta::days(3));
    assert_eq!(
        sender.last_error(application, 1).await.unwrap(),
        "status 503"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_delivers_by_itself_and_stops_when_told() {
    let (sender, portal) = both(|_| OK).await;
    let application = sender.application().await;
    let house = sender.house.clone();
    let worker = Worker::start(house, peers(&portal), quick()).unwrap();
    for sequence in 1..=3 {
        sender.write(application, sequence).await;
        portal.wait();
    }
    tokio::task::spawn_blocking(|| worker.stop()).await.unwrap();
    assert_eq!(portal.sequences(application), [1, 2, 3]);
    assert_eq!(sender.backlog().await.backlog.waiting, 0);
}

async fn all_told(people: &[&Office], topic: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for person in people {
        all.push(told(person, topic).await);
    }
    all
}

/// The person's notice of this as the portal is told of it: it works out for the
/// numbers that it knows which of them is meant.
async fn told(person: &Office, topic: &str) -> Value {
    let notices = person.get("/api/v1/notices").await;
    let all = notices.body["items"].as_array().unwrap();
    let one = all.iter().find(|one| one["topic"] == topic).unwrap();
    let secret = STANDARD.decode(SECRET.trim_start_matches("whsec_"));
    let key = hmac::Key::new(hmac::HMAC_SHA256, &secret.unwrap());
    let number = format!("addressee:iin:{}", person.iin());
    let to = URL_SAFE_NO_PAD.encode(hmac::sign(&key, number.as_bytes()));
    json!({"id": one["id"], "topic": topic, "to": to})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registration_is_told_step_by_step_and_no_word_names_a_person() {
    let service = Service::decided(|settings| {
        settings.portal = Seal::new(&SecretString::from(SECRET)).ok();
    })
    .await;
    let portal = Portal::open(|_| OK);
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let application = resident.apply(&service, ONE_OWNER).await;
    let registered = owner.consent(&service, application.id()).await;
    let tally = run_once(&service.house, &portal.webhook).await.unwrap();
    assert_eq!(tally.delivered, 4);
    let delegate = Office::enter(&service, "delegate").await;
    let asked = all_told(&[&owner, &delegate], "asked").await;
    let consented = all_told(&[&resident], "all_consented").await;
    // The delegate who did not answer has no part in what the owner agreed to.
    let done = all_told(&[&resident, &owner], "registered").await;

    let bodies: Vec<Value> = portal.taken().iter().map(portal::Taken::json).collect();
    let id = application.id();
    let steps = [
        json!({"application": id, "version": 1, "state": "draft", "kind": "temporary"}),
        json!({"application": id, "version": 2, "state": "awaiting_consent", "kind": "temporary",
            "notices": asked}),
        json!({"application": id, "version": 3, "state": "consented", "kind": "temporary",
            "notices": consented}),
        json!({"application": id, "version": 4, "state": "registered",
            "kind": "temporary", "registration": registered.text("registration"),
            "registrations": [registered.text("registration")],
            "notices": done}),
    ];
    let kinds = ["drafted", "signed", "consent_given", "registered"];
    for ((body, data), kind) in bodies.iter().zip(&steps).zip(kinds) {
        assert_eq!(body["type"], format!("application.{kind}"));
        assert_eq!(&body["data"], data, "exactly this, and nothing of a person");
        assert_eq!(body.as_object().unwrap().len(), 3);
        DateTime::parse_from_rfc3339(body["timestamp"].as_str().unwrap()).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_worker_lets_lapse_what_nobody_answered_and_tells_it() {
    let (service, portal) = (Service::start().await, Portal::open(|_| OK));
    let resident = Office::enter(&service, "resident-1").await;
    resident.apply(&service, ONE_OWNER).await;
    service.pass(TimeDelta::hours(73));
    let house = service.house.clone();
    let worker = Worker::start(house, peers(&portal), quick()).unwrap();
    (1..=3).for_each(|_| portal.wait());
    tokio::task::spawn_blocking(|| worker.stop()).await.unwrap();
    let last = portal.taken().pop().unwrap().json();
    assert_eq!(last["type"], "application.lapsed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_endpoint_messages_wait() {
    let (sender, portal) = both(|_| OK).await;
    let application = sender.application().await;
    sender.write(application, 1).await;
    let worker = Worker::start(sender.house.clone(), Peers::default(), quick()).unwrap();
    tokio::task::spawn_blocking(|| worker.stop()).await.unwrap();
    assert_eq!(sender.backlog().await.backlog.waiting, 1);
    assert_eq!(sender.deliver(&portal).await.delivered, 1);
}

fn peers(portal: &Portal) -> Peers {
    Peers {
        webhook: Some(portal.webhook.clone()),
        ..Peers::default()
    }
}

fn quick() -> Schedule {
    let soon = Duration::from_millis(5);
    Schedule {
        deliver: soon,
        pass: soon,
        remind: soon,
        ..Schedule::default()
    }
}

async fn both(answer: impl Fn(usize) -> Answer + Send + Sync + 'static) -> (Sender, Portal) {
    (Sender::open().await, Portal::open(answer))
}
