//! Somebody who can write anything into the database, and even has the key, is
//! found out by copies that were sent elsewhere.

use std::collections::BTreeMap;

use diesel_async::SimpleAsyncConnection;
use kelisim::domain::ApplicationId;
use kelisim::domain::audit::{
    BadNote, Fault, Finding, NotACheckpoint, Place, Record, Signer, beginning,
};
use kelisim::flow::House;
use kelisim::flow::audit::inspect::{Against, inspect_now};
use kelisim::store::audit::{inspection, records};
use kelisim::store::connect::{Database, PoolSize};

use super::log::{Log, signer};
use crate::service::copy_of;

async fn copies(database: &Database) -> BTreeMap<u64, String> {
    let mut connection = database.connect().await.unwrap();
    let all = inspection::checkpoints(&mut connection, 0, 10_000).await;
    let all = all.unwrap().into_iter();
    all.map(|one| (one.number, one.note)).collect()
}

async fn inspect(database: &Database, against: Against) -> Option<Finding> {
    let mut connection = database.connect().await.unwrap();
    let told = inspect_now(&mut connection, against, &mut |_| {}).await;
    told.unwrap().finding
}

/// Makes the owner's consent one that was given a minute earlier, and everything
/// that hangs on it right again: the chain, the tree, and each checkpoint.
async fn rewrite(log: &Log, application: ApplicationId, signer: &Signer) {
    use diesel_async::RunQueryDsl;
    let consent = format!("WHERE kind = 'consent_given' AND application_id = '{application}'");
    let mut connection = log.service.connection().await;
    connection
        .batch_execute(&format!(
            "UPDATE audit_records SET at = at - interval '1 minute' {consent};
             UPDATE events SET at = at - interval '1 minute' {consent};"
        ))
        .await
        .unwrap();
    let mut previous = beginning();
    for (mut record, _) in records::of(&mut connection, application).await.unwrap() {
        record.previous = previous;
        let hash = record.hash();
        diesel::sql_query(
            "UPDATE audit_records SET previous_hash = $1, hash = $2
             WHERE application_id = $3 AND sequence = $4",
        )
        .bind::<diesel::sql_types::Bytea, _>(previous.as_bytes().as_slice())
        .bind::<diesel::sql_types::Bytea, _>(hash.as_bytes().as_slice())
        .bind::<diesel::sql_types::Uuid, _>(application.uuid())
        .bind::<diesel::sql_types::BigInt, _>(record.sequence)
        .execute(&mut connection)
        .await
        .unwrap();
        previous = hash;
    }
    let sizes = copies(&log.service.database).await.len();
    connection
        .batch_execute(
            "INSERT INTO audit_waiting SELECT application_id, sequence, at FROM audit_records
                 ON CONFLICT DO NOTHING;
             TRUNCATE audit_leaves, audit_nodes, audit_checkpoints",
        )
        .await
        .unwrap();
    for _ in 0..sizes {
        let made = log.service.house.checkpoint(signer, 4).await;
        made.unwrap().unwrap();
    }
}

/// Two registrations, each sealed by a checkpoint of its own.
async fn sealed_twice() -> (Log, ApplicationId) {
    let log = Log::open().await;
    let first = log.register().await;
    log.seal(4).await;
    log.service.pass(chrono::TimeDelta::minutes(5));
    log.register().await;
    log.seal(4).await;
    (log, first)
}

#[tokio::test]
async fn a_rewritten_log_is_not_signed_by_the_key() {
    let (log, first) = sealed_twice().await;
    rewrite(&log, first, &signer()).await;
    let unsigned = Fault::Note(NotACheckpoint::Note(BadNote::Unsigned));
    let found = inspect(&log.service.database, log.against()).await;
    let place = Place::Checkpoint(1);
    let fault = unsigned;
    assert_eq!(found, Some(Finding { place, fault }));
}

#[tokio::test]
async fn a_log_rewritten_with_the_stolen_key_differs_from_the_copies() {
    let (log, first) = sealed_twice().await;
    let shipped = copies(&log.service.database).await;
    rewrite(&log, first, &log.signer).await;
    let database = &log.service.database;
    // Nothing in the database itself can tell.
    assert_eq!(inspect(database, log.against()).await, None);
    let against = Against {
        shipped,
        ..log.against()
    };
    let (place, fault) = (Place::Checkpoint(1), Fault::Rewritten);
    let found = inspect(database, against).await;
    assert_eq!(found, Some(Finding { place, fault }));
}

#[tokio::test]
async fn an_old_copy_that_was_restored_is_found_out() {
    let (log, first) = sealed_twice().await;
    let old = copy_of(&log.service).await;
    log.register().await;
    log.seal(100).await;
    let shipped = copies(&log.service.database).await;
    assert_eq!(shipped.len(), 3);
    let against = || Against {
        shipped: shipped.clone(),
        ..log.against()
    };
    assert_eq!(inspect(&log.service.database, against()).await, None);
    assert_eq!(inspect(&old, log.against()).await, None);
    let (place, fault) = (Place::Checkpoint(3), Fault::CutOff);
    assert_eq!(
        inspect(&old, against()).await,
        Some(Finding { place, fault })
    );
    // Also after the log has gone on from the old copy.
    let mut connection = old.connect().await.unwrap();
    let (sequence, previous) = records::last(&mut connection, first).await.unwrap();
    let noted = Record {
        application: first,
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
    records::append(&mut connection, &noted, None)
        .await
        .unwrap();
    let house = House {
        pool: old.pool(PoolSize(2)).unwrap(),
        ..log.service.house.clone()
    };
    house.checkpoint(&log.signer, 100).await.unwrap().unwrap();
    let fault = Fault::Rewritten;
    assert_eq!(
        inspect(&old, against()).await,
        Some(Finding { place, fault })
    );
}

#[tokio::test]
async fn the_end_that_was_cut_off_is_found_by_its_copies() {
    let (log, _) = sealed_twice().await;
    let shipped = copies(&log.service.database).await;
    // As it was before the second registration, and not a row more.
    let all = [
        "audit_waiting",
        "audit_records",
        "events",
        "outbox",
        "refusals",
        "signatures",
        "registrations",
        "documents",
        "consents",
    ];
    let mut cut = "SET session_replication_role = replica;
        CREATE TEMPORARY TABLE gone AS SELECT application_id FROM audit_leaves WHERE leaf_index >= 4;
        DELETE FROM audit_leaves WHERE leaf_index >= 4;
        DELETE FROM audit_checkpoints WHERE number = 2;
        DELETE FROM applications WHERE id IN (SELECT * FROM gone);"
        .to_owned();
    for table in all {
        cut.push_str(&format!(
            "DELETE FROM {table} WHERE application_id IN (SELECT * FROM gone);"
        ));
    }
    log.service.execute(&cut).await;
    let database = &log.service.database;
    assert_eq!(inspect(database, log.against()).await, None);
    let against = Against {
        shipped,
        ..log.against()
    };
    let (place, fault) = (Place::Checkpoint(2), Fault::CutOff);
    assert_eq!(
        inspect(database, against).await,
        Some(Finding { place, fault })
    );
}
