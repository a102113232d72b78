//! The portal is told: at least once, in order, and by nobody else.

mod office;
mod portal;

use std::time::Duration;

use chrono::TimeDelta;
use kelisim::worker::deliver::{Tally, run_once};
use kelisim::worker::{Schedule, Worker};

use office::Office;
use portal::{Answer, OK, OTHER_SECRET, Portal, SECRET, webhook};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_of_an_application_arrive_in_order() {
    let (office, portal) = both(|_| Answer::Status(200)).await;
    let (one, other) = (office.application().await, office.application().await);
    for sequence in [3, 1, 2, 4] {
        office.write(one, sequence).await;
        office.write(other, sequence).await;
    }
    let tally = office.deliver(&portal).await;
    assert_eq!((tally.delivered, tally.failed), (8, 0));
    assert_eq!(portal.sequences(one), [1, 2, 3, 4]);
    assert_eq!(portal.sequences(other), [1, 2, 3, 4]);
    assert_eq!(office.deliver(&portal).await, Tally::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_deliver_each_message_once_and_in_order() {
    let (office, portal) = both(|_| Answer::Status(204)).await;
    let applications = office.applications(12).await;
    for application in &applications {
        for sequence in 1..=4 {
            office.write(*application, sequence).await;
        }
    }
    let (one, other) = tokio::join!(office.deliver(&portal), office.deliver(&portal));
    assert_eq!(one.delivered + other.delivered, 48);
    for application in applications {
        assert_eq!(portal.sequences(application), [1, 2, 3, 4]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_signature_satisfies_an_independent_implementation() {
    let (office, portal) = both(|_| Answer::Status(200)).await;
    let id = office.write(office.application().await, 1).await;
    office.deliver(&portal).await;
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
    let (office, portal) = both(move |seen| *failures.get(seen).unwrap_or(&OK)).await;
    let application = office.application().await;
    office.write(application, 1).await;
    office.write(application, 2).await;
    for (error, pause) in [("status 500", 7), ("timeout", 38), ("status 302", 150)] {
        let tally = office.deliver(&portal).await;
        assert_eq!((tally.delivered, tally.failed), (0, 1), "{error}");
        assert_eq!(office.last_error(application, 1).await.unwrap(), error);
        assert_eq!(office.deliver(&portal).await, Tally::default(), "too early");
        office.pass(TimeDelta::seconds(pause));
    }
    assert_eq!(office.deliver(&portal).await.delivered, 2);
    assert_eq!(portal.sequences(application), [1, 1, 1, 1, 2]);
    let taken = portal.taken();
    assert!(taken[..4].iter().all(|one| one.id == taken[0].id));
    assert!(taken[..4].iter().all(|one| one.body == taken[0].body));
    assert_eq!(office.last_error(application, 1).await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portal_that_does_not_listen_is_tried_again() {
    let (office, portal) = both(|_| OK).await;
    let application = office.application().await;
    office.write(application, 1).await;
    let nobody = webhook("http://127.0.0.1:1/?canary=query");
    assert_eq!(run_once(&office.house, &nobody).await.unwrap().failed, 1);
    let error = office.last_error(application, 1).await.unwrap();
    assert_eq!(error, "connection refused");
    office.pass(TimeDelta::seconds(7));
    assert_eq!(office.deliver(&portal).await.delivered, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_worker_delivered_before_it_died_is_delivered_again() {
    let (office, portal) = both(|_| OK).await;
    let id = office.write(office.application().await, 1).await;
    let message = office.claim().await.expect("a message that is due");
    let now = office.house.now();
    portal.webhook.send(message.id, &message.body, now).await;

    assert_eq!(office.deliver(&portal).await, Tally::default(), "claimed");
    office.pass(TimeDelta::seconds(31));
    assert_eq!(office.deliver(&portal).await.delivered, 1);
    let ids: Vec<String> = portal.taken().into_iter().map(|one| one.id).collect();
    assert_eq!(ids, [id.to_string(), id.to_string()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gone_parks_the_message_and_holds_back_its_application_alone() {
    let (office, portal) = both(|seen| Answer::Status(if seen == 0 { 410 } else { 200 })).await;
    let (one, other) = (office.application().await, office.application().await);
    office.write(one, 1).await;
    office.write(one, 2).await;
    assert_eq!(office.deliver(&portal).await.parked, 1);
    office.write(other, 1).await;
    office.pass(TimeDelta::days(30));
    let tally = office.deliver(&portal).await;
    assert_eq!((tally.delivered, tally.parked), (1, 0));
    assert_eq!(portal.sequences(one), [1]);
    assert_eq!(portal.sequences(other), [1]);
    assert_eq!(office.last_error(one, 1).await.unwrap(), "gone");
    let backlog = office.backlog().await;
    assert_eq!((backlog.waiting, backlog.parked), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_application_that_fails_does_not_keep_the_others() {
    let (office, portal) = both(|_| OK).await;
    let failing = office.application().await;
    portal.fail_for(failing);
    let others = office.applications(20).await;
    for application in [failing].iter().chain(&others) {
        office.write(*application, 1).await;
        office.write(*application, 2).await;
    }
    let tally = office.deliver(&portal).await;
    assert_eq!((tally.delivered, tally.failed), (40, 1));
    assert_eq!(portal.sequences(failing), [1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_about_three_days_a_message_is_parked() {
    let (office, portal) = both(|_| Answer::Status(503)).await;
    let application = office.application().await;
    office.write(application, 1).await;
    let begun = office.house.now();
    while office.deliver(&portal).await.parked == 0 {
        office.pass(TimeDelta::hours(13));
    }
    assert_eq!(portal.taken().len(), 12);
    assert!(office.house.now() - begun > TimeDelta::days(3));
    assert_eq!(
        office.last_error(application, 1).await.unwrap(),
        "status 503"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_delivers_by_itself_and_stops_when_told() {
    let (office, portal) = both(|_| OK).await;
    let application = office.application().await;
    let schedule = Schedule {
        deliver: Duration::from_millis(5),
        ..Schedule::default()
    };
    let house = office.house.clone();
    let worker = Worker::start(house, Some(portal.webhook.clone()), schedule).unwrap();
    for sequence in 1..=3 {
        office.write(application, sequence).await;
        portal.wait();
    }
    tokio::task::spawn_blocking(|| worker.stop()).await.unwrap();
    assert_eq!(portal.sequences(application), [1, 2, 3]);
    assert_eq!(office.backlog().await.waiting, 0);
}

async fn both(answer: impl Fn(usize) -> Answer + Send + Sync + 'static) -> (Office, Portal) {
    (Office::open().await, Portal::open(answer))
}
