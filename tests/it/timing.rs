//! What time it is, the database says: to all services over it, whatever the clocks
//! of their machines say.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use kelisim::flow::{House, Watch};
use kelisim::store::clock::{DatabaseClock, Heard};
use kelisim::store::connect::PoolSize;
use serde_json::json;

use crate::office::{ONE_OWNER, Office};
use crate::openssl::Folder;
use crate::service::{self, Service};
use crate::silence::Prepared;

/// The database from now on says a time that is off by so much.
async fn put_off(service: &Service, by: &str) {
    let name = service.database_name().await;
    service
        .execute(&format!(
            "CREATE SCHEMA IF NOT EXISTS elsewhere;
             CREATE OR REPLACE FUNCTION elsewhere.clock_timestamp() RETURNS timestamptz
                 LANGUAGE sql AS $$ SELECT pg_catalog.clock_timestamp() + interval '{by}' $$;
             ALTER DATABASE {name} SET search_path = public, elsewhere, pg_catalog;"
        ))
        .await;
}

#[tokio::test]
async fn a_registration_ends_when_its_last_day_is_over_by_the_databases_clock() {
    let service = Service::start_today().await;
    let resident = Office::enter(&service, "resident-1").await;
    let owner = Office::enter(&service, "owner-1").await;
    let applied = resident.apply(&service, ONE_OWNER).await;
    let done = owner.consent(&service, applied.id()).await;
    assert_eq!(done.state(), "registered");
    let folder = Folder::new();
    let database = service::database_url(&service.database_name().await);
    let prepared = Prepared::new(folder.path(), &database);
    let standing = "SELECT count(*) FROM registrations WHERE ended_at IS NULL";

    // By the machine's clock and by this one its last day has not come.
    let running = prepared.start("info").await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    running.stop();
    assert_eq!(service.count(standing).await, 1);

    put_off(&service, "400 days").await;
    let running = prepared.start("info").await;
    for _ in 0..200 {
        if service.count(standing).await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let log = running.stop();
    let expired = "SELECT count(*) FROM registrations WHERE ending = 'expired'";
    assert_eq!(service.count(expired).await, 1, "{log}");
}

#[tokio::test]
async fn a_clock_goes_with_the_databases_and_says_by_how_much_it_was_off() {
    let service = Service::start().await;
    let clock = DatabaseClock::read(&mut service.connection().await)
        .await
        .unwrap();
    let before = clock.now();
    for (by, off) in [("3 minutes", 3), ("-1 minutes", -4)] {
        put_off(&service, by).await;
        let heard = clock.set(&mut service.connection().await).await.unwrap();
        let Heard::Believed(correction) = heard else {
            panic!("{heard:?} for {by}");
        };
        let inexact = (correction - TimeDelta::minutes(off)).abs();
        assert!(inexact < TimeDelta::minutes(1), "{correction} for {by}");
    }
    let now = clock.now() + TimeDelta::minutes(1);
    assert!(now >= before && now - before < TimeDelta::minutes(1));
}

#[tokio::test]
async fn a_clock_that_jumps_lets_nothing_end_until_it_agrees_again() {
    let service = Service::start_today().await;
    let resident = Office::enter(&service, "resident-1").await;
    resident.draft(ONE_OWNER).await;
    let (house, ready) = going_by_database(&service).await;
    put_off(&service, "400 days").await;
    let before = house.now();
    assert_eq!(house.set_clock().await.unwrap(), 0);
    assert!(house.now() - before < TimeDelta::minutes(1), "as before");
    assert_eq!(
        ready.get("/health/ready").await.body,
        json!({
        "ready": true, "database": "ok", "worker": "ok", "clock": "in_doubt"})
    );

    // It is overdue by any clock, and still nothing lapses.
    service
        .execute("UPDATE applications SET deadline = now() - interval '1 day'")
        .await;
    assert_eq!(house.lapse_overdue(10).await.unwrap(), 0);
    assert_eq!(house.expire_over(10).await.unwrap(), 0);
    assert_eq!(house.drop_unconfirmed(10).await.unwrap(), 0);
    assert_eq!(house.expire_invitations(10).await.unwrap(), 0);
    assert_eq!(house.remind_due(10).await.unwrap(), 0);

    put_off(&service, "0 days").await;
    assert_eq!(house.set_clock().await.unwrap(), 1);
    assert_eq!(ready.get("/health/ready").await.body["clock"], "ok");
    assert_eq!(house.lapse_overdue(10).await.unwrap(), 1);
}

#[tokio::test]
async fn an_answer_that_takes_more_than_a_second_sets_no_clock() {
    let service = Service::start_today().await;
    let (house, _) = going_by_database(&service).await;
    service
        .execute(
            "CREATE OR REPLACE FUNCTION elsewhere.clock_timestamp() RETURNS timestamptz
                 LANGUAGE sql AS $$ SELECT pg_catalog.clock_timestamp() + interval '1 minute'
                     FROM pg_sleep(1.1) $$",
        )
        .await;
    let before = house.now();
    assert_eq!(house.set_clock().await.unwrap(), 0);
    assert!(house.now() - before < TimeDelta::seconds(30));
    assert!(house.watch.lets_time_pass());
}

/// The house by the database's clock, and somebody who asks its server.
async fn going_by_database(service: &Service) -> (House, Office) {
    // Only connections that are opened later look there.
    put_off(service, "0 days").await;
    let clock = DatabaseClock::read(&mut service.connection().await).await;
    let clock = Arc::new(clock.unwrap());
    let house = House {
        watch: Arc::new(Watch::over(Arc::clone(&clock))),
        clock: Arc::new(move || clock.now()),
        pool: service.database.pool(PoolSize(1)).unwrap(),
        ..service.house.clone()
    };
    (house.clone(), service.served_by(&house))
}
