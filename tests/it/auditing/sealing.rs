//! Checkpoints: when they are due, what they take, and that nothing is left out.

use chrono::TimeDelta;
use diesel_async::SimpleAsyncConnection;
use kelisim::domain::audit::{Checkpoint, Edge, Record, leaf};
use kelisim::flow::audit::checkpoint::Pace;
use kelisim::flow::{Error, House};
use kelisim::store::audit::{checkpoints, inspection, records};

use super::log::Log;
use crate::office::ONE_OWNER;

async fn all_checkpoints(log: &Log) -> Vec<Checkpoint> {
    let mut connection = log.service.connection().await;
    let sealed = inspection::checkpoints(&mut connection, 0, 10_000).await;
    let read = |note: &str| Checkpoint::open(note, &[log.public()]).unwrap();
    sealed.unwrap().iter().map(|one| read(&one.note)).collect()
}

#[tokio::test]
async fn every_step_and_every_refusal_has_one_record_in_its_own_transaction() {
    let log = Log::open().await;
    log.register().await;
    log.withdraw_after_refusals(3).await;
    let counted = async |table: &str| {
        let count = format!("SELECT count(*) FROM {table}");
        log.service.count(&count).await
    };
    assert_eq!(counted("audit_records").await, 4 + 5);
    assert_eq!(counted("audit_waiting").await, 9);
    assert_eq!(
        counted("events JOIN audit_records USING (application_id, version)").await,
        6
    );
    assert_eq!(
        counted("refusals f JOIN audit_records r ON r.refusal_id = f.id").await,
        3
    );
    let apart = "audit_records r JOIN events e USING (application_id, version)
        WHERE r.xmin::text <> e.xmin::text";
    assert_eq!(counted(apart).await, 0);
    let apart = "audit_records r JOIN refusals f ON f.id = r.refusal_id
        WHERE r.xmin::text <> f.xmin::text";
    assert_eq!(counted(apart).await, 0);
}

#[tokio::test]
async fn a_step_that_cannot_be_recorded_is_not_made() {
    let log = Log::open().await;
    let applied = log.resident.apply(&log.service, ONE_OWNER).await;
    log.service
        .execute("ALTER TABLE audit_waiting RENAME TO gone")
        .await;
    let (path, body) = log.owner.signed_consent(&log.service, applied.id()).await;
    let failed = log.owner.post(&path, body.clone()).await;
    assert_eq!(failed.status, 500);
    log.service
        .execute("ALTER TABLE gone RENAME TO audit_waiting")
        .await;
    let counts = "SELECT count(*) FROM events WHERE kind = 'consent_given'";
    assert_eq!(log.service.count(counts).await, 0);
    assert_eq!(log.owner.post(&path, body).await.state(), "registered");
    assert_eq!(log.inspect(log.against()).await.finding, None);
}

#[tokio::test]
async fn a_checkpoint_that_breaks_off_leaves_everything_waiting() {
    let log = Log::open().await;
    log.register().await;
    let rule = "ALTER TABLE audit_checkpoints";
    let break_off = format!("{rule} ADD CONSTRAINT never CHECK (number < 0)");
    log.service.execute(&break_off).await;
    let failed = log.service.house.checkpoint(&log.signer, 100).await;
    assert!(matches!(failed, Err(Error::Store(_))));
    let inspected = log.inspect(log.against()).await;
    assert_eq!((inspected.waiting, inspected.leaves), (4, 0));
    assert_eq!(inspected.finding, None);
    log.service
        .execute(&format!("{rule} DROP CONSTRAINT never"))
        .await;
    log.seal(100).await;
    assert_eq!(log.inspect(log.against()).await.leaves, 4);
}

#[tokio::test]
async fn no_record_names_a_person() {
    let log = Log::open().await;
    log.register().await;
    log.withdraw_after_refusals(1).await;
    for slug in ["resident-1", "owner-1"] {
        let identity = &crate::material::person(slug).character.identity;
        for secret in [&identity.iin, &identity.surname] {
            let query = format!(
                "SELECT count(*) FROM audit_records r
                 WHERE position('{secret}' IN (r.*)::text) > 0"
            );
            assert_eq!(log.service.count(&query).await, 0, "{secret}");
        }
    }
}

#[tokio::test]
async fn a_checkpoint_is_due_by_number_or_by_age() {
    let log = Log::open().await;
    let house = &log.service.house;
    let pace = Pace {
        records: 10,
        age: TimeDelta::seconds(45),
    };
    let due = async || house.checkpoint_due(&log.signer, pace).await.unwrap();
    assert_eq!(due().await, 0);
    log.register().await;
    assert_eq!(due().await, 0);
    log.service.pass(TimeDelta::seconds(46));
    assert_eq!(due().await, 1);
    log.service.pass(TimeDelta::hours(1));
    assert_eq!(due().await, 0, "nothing new");
    log.withdraw_after_refusals(21).await;
    assert_eq!(due().await, 2);
    assert_eq!(
        log.service
            .count("SELECT count(*) FROM audit_waiting")
            .await,
        3
    );
    assert!(Pace::default().age < TimeDelta::seconds(60));
    assert_eq!(Pace::default().records, 1000);
}

/// I17: `checkpoint(n)` equals its recomputation for all n.
#[tokio::test]
async fn each_checkpoint_is_what_its_leaves_give() {
    let log = Log::of(600).await;
    let mut connection = log.service.connection().await;
    let (made, mut edge) = (all_checkpoints(&log).await, Edge::default());
    let (mut number, mut previous) = (0, kelisim::domain::audit::beginning());
    for checkpoint in &made {
        let (from, to) = (edge.size(), checkpoint.size);
        let leaves = inspection::leaves(&mut connection, from, to, 10_000).await;
        for one in leaves.unwrap() {
            assert_eq!(one.index, edge.size());
            edge.push(leaf(one.hash.as_bytes()));
        }
        number += 1;
        assert_eq!(
            (checkpoint.size, checkpoint.root),
            (edge.size(), edge.root())
        );
        assert_eq!((checkpoint.number, checkpoint.previous), (number, previous));
        previous = checkpoint.hash();
    }
    assert!(number >= 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn workers_that_seal_at_the_same_moment_make_one_log() {
    let log = Log::open().await;
    for _ in 0..6 {
        log.withdraw_after_refusals(8).await;
    }
    let (house, signer) = (&log.service.house, &log.signer);
    let worker = || async {
        let mut made = 0;
        while log
            .service
            .count("SELECT count(*) FROM audit_waiting")
            .await
            > 0
        {
            made += u64::from(house.checkpoint(signer, 7).await.unwrap().is_some());
        }
        made
    };
    let made = tokio::join!(worker(), worker(), worker(), worker());
    let inspected = log.inspect(log.against()).await;
    assert_eq!(inspected.finding, None);
    assert_eq!((inspected.leaves, inspected.waiting), (60, 0));
    assert_eq!(inspected.checkpoints, made.0 + made.1 + made.2 + made.3);
}

/// The slow one holds its transaction open over a checkpoint.
#[tokio::test]
async fn a_record_that_is_committed_late_is_sealed_by_the_next_checkpoint() {
    let log = Log::open().await;
    let slow = log.register().await;
    log.seal(100).await;
    let mut connection = log.service.connection().await;
    connection.batch_execute("BEGIN").await.unwrap();
    let (sequence, previous) = records::last(&mut connection, slow).await.unwrap();
    let late = Record {
        application: slow,
        sequence: sequence + 1,
        version: None,
        refusal: None,
        kind: "noted".to_owned(),
        actor: "service".to_owned(),
        person: None,
        body: "{}".to_owned(),
        at: log.service.now(),
        previous,
    };
    records::append(&mut connection, &late, None).await.unwrap();
    log.service.pass(TimeDelta::seconds(1));
    log.register().await;
    log.seal(100).await;
    let sealed = "SELECT count(*) FROM audit_leaves";
    assert_eq!(log.service.count(sealed).await, 8);
    connection.batch_execute("COMMIT").await.unwrap();
    log.seal(100).await;
    assert_eq!(log.service.count(sealed).await, 9);
    assert_eq!(log.inspect(log.against()).await.finding, None);
}

#[tokio::test]
async fn no_sealing_holds_up_a_step() {
    let log = Log::open().await;
    log.register().await;
    let mut connection = log.service.connection().await;
    // As if a checkpoint took for ever: its lock is held, its rows are locked.
    connection.batch_execute("BEGIN").await.unwrap();
    assert!(checkpoints::try_lock(&mut connection).await.unwrap());
    let locked = "SELECT * FROM audit_waiting FOR UPDATE";
    connection.batch_execute(locked).await.unwrap();
    let beside = log.service.house.checkpoint(&log.signer, 100).await;
    assert!(beside.unwrap().is_none(), "another worker is at it");
    log.register().await;
    connection.batch_execute("COMMIT").await.unwrap();
    log.seal(100).await;
    assert_eq!(log.inspect(log.against()).await.leaves, 8);
}

#[tokio::test]
async fn the_time_stamp_comes_after_the_checkpoint_and_outside_any_transaction() {
    let log = Log::open().await;
    log.register().await;
    log.seal(100).await;
    let house: &House = &log.service.house;
    let down = house
        .stamp_checkpoints(10, async |_| Err(Error::CutOff))
        .await;
    assert!(matches!(down, Err(Error::CutOff)));
    let open = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
    let stamped = house
        .stamp_checkpoints(10, async |text| {
            assert!(text.starts_with(b"kelisim.test/audit\n4\n"));
            assert_eq!(log.service.count(open).await, 0);
            Ok::<_, Error>(b"token".to_vec())
        })
        .await;
    assert_eq!(stamped.unwrap(), 1);
    let again = house.stamp_checkpoints(10, async |_| Err(Error::CutOff));
    assert_eq!(again.await.unwrap(), 0);
    let kept = "SELECT count(*) FROM audit_checkpoints WHERE time_stamp = 'token'";
    assert_eq!(log.service.count(kept).await, 1);
}
