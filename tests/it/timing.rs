//! What time it is, the database says: to all services over it, whatever the clocks
//! of their machines say.

use std::time::Duration;

use chrono::TimeDelta;
use kelisim::store::clock::DatabaseClock;

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
             ALTER DATABASE {name} SET search_path = elsewhere, public, pg_catalog;"
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
    let endings = service.execute("CREATE TABLE debug AS SELECT * FROM registrations");
    endings.await;
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
    for (by, off) in [("1 hour", 60), ("-1 hour", -120)] {
        put_off(&service, by).await;
        let correction = clock.set(&mut service.connection().await).await.unwrap();
        let inexact = (correction - TimeDelta::minutes(off)).abs();
        assert!(inexact < TimeDelta::minutes(1), "{correction} for {by}");
    }
    let now = clock.now() + TimeDelta::hours(1);
    assert!(now >= before && now - before < TimeDelta::minutes(1));
}
