//! What the worker does by itself: it gets through everything that is due, whatever
//! fails, and goes on whatever happens to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use kelisim::flow::{Error, House, Job};
use kelisim::worker::{Peers, Schedule, Worker};
use serde_json::json;

use crate::lists::counting;
use crate::office::{ONE_OWNER, Office, TWO_OWNERS};
use crate::registers::iin_of;
use crate::service::Service;

/// Those who are registered one beside the other.
const RESIDENTS: [&str; 3] = ["resident-1", "resident-2", "resident-ecdsa"];

/// Lets a job run over three rows, one at a time, of which the first two fail; then
/// once more with nothing in its way.
async fn gets_past_what_fails(
    service: &Service,
    (table, name, mut rows): (&str, &str, Vec<String>),
    job: impl AsyncFn(&House) -> Result<usize, Error>,
) {
    // Rows of one moment are taken in the order of their names.
    rows.sort_unstable();
    assert_eq!(rows.len(), 3);
    let broken = rows[..2].join("', '");
    service
        .execute(&format!(
            "CREATE FUNCTION no_change() RETURNS trigger LANGUAGE plpgsql
                 AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$;
             CREATE TRIGGER broken BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW
                 WHEN (NEW.{name} IN ('{broken}')) EXECUTE FUNCTION no_change();"
        ))
        .await;
    let failed = job(&service.house).await;
    assert!(matches!(failed, Err(Error::Store(_))), "{failed:?}");
    let repaired = format!("DROP TRIGGER broken ON {table}");
    service.execute(&repaired).await;
    let rest = job(&service.house).await.unwrap();
    assert_eq!(
        rest, 2,
        "the third was done before, and now the others at once"
    );
    assert_eq!(job(&service.house).await.unwrap(), 0);
}

/// Three registrations in a dwelling, with the applications that led to them.
async fn three_registered(
    service: &Service,
    (rka, owners): (&str, &[&str]),
) -> (Vec<String>, Vec<String>) {
    let (mut applications, mut registrations) = (Vec::new(), Vec::new());
    for slug in RESIDENTS {
        let resident = Office::enter(service, slug).await;
        let mut done = resident.apply(service, rka).await;
        for owner in owners {
            let owner = Office::enter(service, owner).await;
            done = owner.consent(service, done.id()).await;
        }
        applications.push(done.id().to_owned());
        registrations.push(done.registration().to_owned());
    }
    (applications, registrations)
}

#[tokio::test]
async fn applications_lapse_past_those_that_fail() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let mut drafts = Vec::new();
    for _ in 0..3 {
        drafts.push(resident.draft(ONE_OWNER).await.id().to_owned());
    }
    service.pass(TimeDelta::hours(73));
    let rows = ("applications", "id", drafts);
    gets_past_what_fails(&service, rows, async |house| house.lapse_overdue(1).await).await;
}

#[tokio::test]
async fn people_are_reminded_past_those_who_cannot_be_and_all_that_went_out_is_counted() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let mut applied = Vec::new();
    for _ in 0..3 {
        let one = resident.apply(&service, TWO_OWNERS).await;
        applied.push(one.id().to_owned());
    }
    service.pass(TimeDelta::hours(48));
    let metrics = counting();
    let rows = ("applications", "id", applied);
    gets_past_what_fails(&service, rows, async |house| {
        let sent = house.remind_due(1).await;
        let counted = if sent.is_err() { 1 } else { 3 };
        let counted = format!("kelisim_reminders_total {counted}\n");
        assert!(metrics.render().contains(&counted), "{}", metrics.render());
        sent
    })
    .await;
}

#[tokio::test]
async fn invitations_expire_past_those_that_fail() {
    let service = Service::for_long().await;
    let owner = Office::enter(&service, "owner-1").await;
    let mut invited = Vec::new();
    for _ in 0..3 {
        let offer = json!({"rka": ONE_OWNER, "resident": iin_of("resident-1").as_str(),
            "starts_on": "2026-11-01", "months": 3});
        let one = owner.post("/api/v1/invitations", offer).await;
        invited.push(one.id().to_owned());
    }
    service.pass(TimeDelta::days(11));
    let rows = ("invitations", "id", invited);
    gets_past_what_fails(&service, rows, async |house| {
        house.expire_invitations(1).await
    })
    .await;
}

#[tokio::test]
async fn what_is_agreed_is_registered_past_what_fails() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let (mut applied, mut answers) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let one = resident.apply(&service, ONE_OWNER).await;
        answers.push(owner.signed_consent(&service, one.id()).await);
        applied.push(one.id().to_owned());
    }
    // Nobody is left to be asked, and it is for the worker to register them.
    service.add_dwelling(ONE_OWNER, &["resident-1"]).await;
    for (path, body) in answers {
        let answer = owner.post(&path, body).await;
        answer.refused(409, "state-conflict", Some("CONSENT/OWNERS_CHANGED"));
    }
    let rows = ("applications", "id", applied);
    gets_past_what_fails(&service, rows, async |house| house.register_agreed(1).await).await;
    // One person is registered once; what the others ask for is refused.
    let registered = "SELECT count(*) FROM registrations";
    assert_eq!(service.count(registered).await, 1);
}

#[tokio::test]
async fn registrations_end_past_those_that_fail() {
    let service = Service::for_long().await;
    let (applications, _) = three_registered(&service, (ONE_OWNER, &["owner-1"])).await;
    service.pass_until("2027-02-02T12:00:00Z");
    let rows = ("applications", "id", applications);
    gets_past_what_fails(&service, rows, async |house| house.expire_over(1).await).await;
}

#[tokio::test]
async fn demands_are_dropped_past_those_that_fail() {
    let service = Service::start().await;
    let both = ["owner-2", "owner-3"];
    let (_, registrations) = three_registered(&service, (TWO_OWNERS, &both)).await;
    let owner = Office::enter(&service, "owner-2").await;
    for registration in &registrations {
        let demanded = owner.removes(&service, registration).await;
        assert_eq!(demanded.status, 200, "{:?}", demanded.body);
    }
    service.pass(TimeDelta::hours(73));
    let rows = ("registrations", "id", registrations);
    gets_past_what_fails(&service, rows, async |house| {
        house.drop_unconfirmed(1).await
    })
    .await;
}

#[tokio::test]
async fn evidence_is_kept_past_what_fails() {
    let service = Service::start().await;
    let (_, registrations) = three_registered(&service, (ONE_OWNER, &["owner-1"])).await;
    let rows = ("packages", "registration_id", registrations);
    gets_past_what_fails(&service, rows, async |house| house.keep_evidence(1).await).await;
}

#[tokio::test]
async fn the_last_week_is_told_though_the_operator_does_away_with_the_month_before() {
    let service = Service::for_long().await;
    three_registered(&service, (ONE_OWNER, &["owner-1"])).await;
    let mut settings = (*service.house.settings).clone();
    settings.rules.ending_reminders = [7, 1].map(TimeDelta::days).to_vec();
    let anew = House {
        settings: Arc::new(settings),
        ..service.house.clone()
    };
    let versions = "SELECT sum(version)::bigint AS count FROM applications";
    let version = service.count(versions).await;
    service.pass_until("2027-01-02T19:00:00Z");
    assert_eq!(anew.remind_due(1).await.unwrap(), 0);
    // What is not due is out of the way of the others, and no step was made.
    let due = "SELECT count(*) FROM applications WHERE remind_at = '2027-01-25T19:00:00Z'";
    assert_eq!(service.count(due).await, 3);
    assert_eq!(service.count(versions).await, version);
    service.pass_until("2027-01-25T19:00:00Z");
    assert_eq!(anew.remind_due(1).await.unwrap(), 3);
    let sent = "SELECT sum(reminders)::bigint AS count FROM applications";
    assert_eq!(service.count(sent).await, 3);
}

#[tokio::test]
async fn a_job_that_panics_is_run_again_and_so_are_the_others() {
    let service = Service::start().await;
    let resident = Office::enter(&service, "resident-1").await;
    resident.draft(ONE_OWNER).await;
    service.pass(TimeDelta::hours(73));
    let (faulty, right) = (Arc::new(AtomicBool::new(true)), &service.house.clock);
    let (told, right) = (Arc::clone(&faulty), Arc::clone(right));
    let house = House {
        clock: Arc::new(move || {
            let here = thread::current().name() == Some("worker");
            assert!(!here || !told.load(Ordering::Relaxed), "a fault of ours");
            right()
        }),
        ..service.another_house()
    };
    let soon = Duration::from_millis(5);
    let schedule = Schedule {
        pass: soon,
        ..Schedule::default()
    };
    let worker = Worker::start(house, Peers::default(), schedule).unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let lapsed = "SELECT count(*) FROM applications WHERE state = 'lapsed'";
    assert_eq!(service.count(lapsed).await, 0);
    faulty.store(false, Ordering::Relaxed);
    for _ in 0..200 {
        if service.count(lapsed).await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(service.count(lapsed).await, 1);
    tokio::task::spawn_blocking(|| worker.stop()).await.unwrap();
}

#[tokio::test]
async fn a_worker_that_stands_still_is_seen_by_those_who_look() {
    let service = Service::by_settings(|settings| {
        settings.administrators = [iin_of("operator-2")].into();
    })
    .await;
    let administrator = Office::enter(&service, "operator-2").await;
    let watch = &service.house.watch;
    watch.begins(Job::Lapse, Duration::from_secs(10), Instant::now());
    let ready = administrator.get("/health/ready").await;
    assert_eq!((ready.status, &ready.body["worker"]), (200, &json!("ok")));
    let long_ago = Instant::now() - Duration::from_secs(400);
    watch.begins(Job::Expire, Duration::from_secs(10), long_ago);
    let ready = administrator.get("/health/ready").await;
    let still = json!({"ready": false, "database": "ok", "worker": "stands_still", "clock": "ok"});
    assert_eq!((ready.status, ready.body), (503, still));
    let health = administrator.get("/api/v1/administration/health").await;
    let late = json!([{"job": "lapse", "seconds": 0, "late": false},
        {"job": "expire", "seconds": 400, "late": true}]);
    assert_eq!(health.body["jobs"], late);
    watch.beats(Job::Expire);
    assert_eq!(administrator.get("/health/ready").await.status, 200);
}
