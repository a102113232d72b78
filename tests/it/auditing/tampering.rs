//! Whatever somebody with the database in hand changes in the log is found, and
//! the first bad row is named.

use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use kelisim::domain::ApplicationId;
use kelisim::domain::audit::{Fault, Finding, Place};
use uuid::Uuid;

use super::log::{Log, look_at_chain, tampered};

/// Each column of a record, and a small change to it.
const COLUMNS: [(&str, &str); 12] = [
    (
        "application_id",
        "(SELECT id FROM applications a WHERE a.id <> application_id ORDER BY id DESC LIMIT 1)",
    ),
    ("sequence", "sequence + 1"),
    ("version", "CASE WHEN version IS NULL THEN 1 END"),
    (
        "refusal_id",
        "CASE WHEN refusal_id IS NULL THEN (SELECT id FROM refusals LIMIT 1) END",
    ),
    ("kind", "kind || '_'"),
    (
        "actor",
        "CASE WHEN actor = 'owner' THEN 'resident' ELSE 'owner' END",
    ),
    ("person", "sha256(coalesce(person, ''))"),
    ("salt", "sha256(coalesce(salt, ''))"),
    ("body", "body || ' '"),
    ("at", "at + interval '1 microsecond'"),
    ("previous_hash", "sha256(previous_hash)"),
    ("hash", "sha256(hash)"),
];

#[derive(diesel::QueryableByName)]
struct Key {
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    application_id: Uuid,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    sequence: i64,
}

impl Key {
    fn this(&self) -> String {
        let Key {
            application_id,
            sequence,
        } = self;
        format!("(application_id, sequence) = ('{application_id}', {sequence})")
    }

    fn place(&self) -> Place {
        Place::Record(self.application(), self.sequence)
    }

    fn application(&self) -> ApplicationId {
        ApplicationId::new(self.application_id)
    }
}

async fn keys(log: &Log) -> Vec<Key> {
    let mut connection = log.service.connection().await;
    diesel::sql_query("SELECT application_id, sequence FROM audit_records ORDER BY 1, 2")
        .load(&mut connection)
        .await
        .unwrap()
}

#[tokio::test]
async fn each_column_of_each_row_of_a_thousand_counts() {
    let log = Log::of(1000).await;
    log.lift_rules().await;
    let whole = log.inspect(log.against()).await;
    assert_eq!(whole.finding, None);
    let keys = keys(&log).await;
    assert!(keys.len() >= 1000 && whole.waiting > 0 && whole.checkpoints >= 9);
    let last = keys.last().unwrap().application();
    let mut connection = log.service.connection().await;
    // Twelve thousand times the same query: no time is lost on other plans for it.
    let plain = "SET join_collapse_limit = 1; SET jit = off";
    connection.batch_execute(plain).await.unwrap();
    let mut missed = Vec::new();
    for (at, key) in keys.iter().enumerate() {
        for (column, change) in COLUMNS {
            let this = key.this();
            let change = format!("UPDATE audit_records SET {column} = {change} WHERE {this}");
            let found = tampered(&mut connection, &change, async |connection| {
                look_at_chain(connection, key.application()).await
            });
            // The look over the whole log is the same one, only over more. What was
            // moved out of the last chain appears first in another one.
            let found = match at % 100 {
                0 if key.application() != last => log.inspect_after(&change).await,
                _ => found.await,
            };
            if found.map(|finding| finding.place) != Some(key.place()) {
                missed.push(format!("{column} of {}: {found:?}", key.place()));
            }
        }
    }
    assert!(
        missed.is_empty(),
        "{}:\n{}",
        missed.len(),
        missed.join("\n")
    );
}

#[tokio::test]
async fn each_row_that_is_removed_doubled_or_put_in_is_found() {
    let log = Log::of(300).await;
    log.lift_rules().await;
    let mut connection = log.service.connection().await;
    let copy = "application_id, version, refusal_id, kind, actor, person, salt, body, at, previous_hash, hash";
    for key in keys(&log).await {
        let (this, id, sequence) = (key.this(), key.application_id, key.sequence);
        let after = Place::Record(key.application(), sequence + 1);
        let copied = |sequence: i64| {
            format!(
                "INSERT INTO audit_records (sequence, {copy})
                 SELECT {sequence}, {copy} FROM audit_records WHERE {this} LIMIT 1"
            )
        };
        let moved = format!(
            "UPDATE audit_records SET sequence = sequence + 1
             WHERE application_id = '{id}' AND sequence > {sequence}; {}",
            copied(sequence + 1)
        );
        let swapped = format!(
            "UPDATE audit_records SET sequence = {sequence} + {sequence} + 1 - sequence
             WHERE application_id = '{id}' AND sequence IN ({sequence}, {sequence} + 1)"
        );
        let cut = format!(
            "DELETE FROM audit_records WHERE application_id = '{id}' AND sequence >= {sequence}"
        );
        for (change, place) in [
            (
                format!("DELETE FROM audit_records WHERE {this}"),
                key.place(),
            ),
            (cut, key.place()),
            (copied(sequence), after),
            (moved, after),
            (swapped, key.place()),
        ] {
            let found = tampered(&mut connection, &change, async |connection| {
                look_at_chain(connection, key.application()).await
            });
            let found = found.await.map(|finding| finding.place);
            assert_eq!(found, Some(place), "{change}");
        }
    }
}

/// Statements, and what is found after them.
async fn check(log: &Log, changes: &[(&str, Finding)]) {
    for (change, finding) in changes {
        assert_eq!(log.inspect_after(change).await, Some(*finding), "{change}");
    }
}

fn at(place: Place, fault: Fault) -> Finding {
    Finding { place, fault }
}

#[tokio::test]
async fn the_tree_and_its_checkpoints_are_watched_as_well() {
    let log = Log::of(700).await;
    log.lift_rules().await;
    let root = at(Place::Checkpoint(2), Fault::Root);
    check(&log, &[
        ("UPDATE audit_checkpoints SET number = 20 WHERE number = 2", at(Place::Checkpoint(2), Fault::Missing)),
        ("UPDATE audit_checkpoints SET tree_size = 201 WHERE number = 2", at(Place::Checkpoint(2), Fault::Misfiled)),
        ("DELETE FROM audit_checkpoints WHERE number = 2", at(Place::Checkpoint(2), Fault::Missing)),
        ("UPDATE audit_leaves SET leaf_index = 299 - leaf_index WHERE leaf_index IN (149, 150)", root),
        ("UPDATE audit_leaves SET leaf_index = 10000 WHERE leaf_index = 150", at(Place::Leaf(150), Fault::Missing)),
        ("DELETE FROM audit_nodes WHERE completed_at = 256", at(Place::Node(8, 256), Fault::Missing)),
        ("UPDATE audit_nodes SET hash = sha256(hash) WHERE level = 9", at(Place::Node(9, 512), Fault::NotTheNode)),
        ("UPDATE audit_nodes SET level = 10 WHERE level = 9", at(Place::Node(9, 512), Fault::Missing)),
        ("UPDATE audit_nodes SET completed_at = 1024 WHERE level = 9", at(Place::Node(9, 512), Fault::Missing)),
    ])
    .await;
    let last = "(SELECT max(number) FROM audit_checkpoints)";
    let cut = format!("DELETE FROM audit_checkpoints WHERE number = {last}");
    let found = log.inspect_after(&cut).await.unwrap();
    assert_eq!(found.fault, Fault::Uncovered);
    for (table, change) in [
        ("audit_leaves", "hash = sha256(hash)"),
        ("audit_leaves", "sequence = sequence + 1000"),
        (
            "audit_leaves",
            "application_id = '00000000-0000-0000-0000-000000000000'",
        ),
        (
            "audit_checkpoints",
            "note = replace(note, 'number 3', 'number 4')",
        ),
        ("audit_checkpoints", "note = note || ' '"),
    ] {
        let change = match table {
            "audit_leaves" => format!("UPDATE audit_leaves SET {change} WHERE leaf_index = 150"),
            _ => format!("UPDATE audit_checkpoints SET {change} WHERE number = 3"),
        };
        assert!(log.inspect_after(&change).await.is_some(), "{change}");
    }
}

#[tokio::test]
async fn no_character_of_a_checkpoint_can_be_changed() {
    let log = Log::open().await;
    log.register().await;
    log.seal(100).await;
    let length = "SELECT length(note)::bigint AS count FROM audit_checkpoints";
    for place in 1..=log.service.count(length).await {
        let change = format!(
            "UPDATE audit_checkpoints SET note = overlay(note PLACING
                 CASE substr(note, {place}, 1) WHEN 'x' THEN 'y' ELSE 'x' END FROM {place} FOR 1)"
        );
        let found = log.inspect_after(&change).await;
        let place = found.map(|finding| finding.place);
        assert_eq!(place, Some(Place::Checkpoint(1)), "{change}");
    }
}

#[tokio::test]
async fn history_and_refusals_must_agree_with_the_log() {
    let log = Log::open().await;
    let registered = log.register().await;
    let withdrawn = log.withdraw_after_refusals(1).await;
    log.seal(100).await;
    let step = |version| Place::Record(registered, version);
    let refused = Place::Record(withdrawn, 2);
    let third = "WHERE kind = 'consent_given'";
    for (change, place, fault) in [
        (
            format!("UPDATE events SET kind = 'signed' {third}"),
            step(3),
            Fault::OtherStep,
        ),
        (
            format!("UPDATE events SET state = 'registered' {third}"),
            step(3),
            Fault::OtherStep,
        ),
        (
            format!("UPDATE events SET at = at + interval '1 ms' {third}"),
            step(3),
            Fault::OtherStep,
        ),
        (
            format!("UPDATE events SET actor_iin = '000000000000' {third}"),
            step(3),
            Fault::OtherPerson,
        ),
        (
            format!("UPDATE events SET actor_iin = NULL {third}"),
            step(3),
            Fault::OtherPerson,
        ),
        (
            format!("DELETE FROM events {third}"),
            step(3),
            Fault::OtherStep,
        ),
        (
            "UPDATE events SET version = 9 WHERE kind = 'registered'".to_owned(),
            step(4),
            Fault::OtherStep,
        ),
        (
            format!("UPDATE applications SET version = 5 WHERE id = '{registered}'"),
            step(5),
            Fault::Missing,
        ),
        (
            format!("UPDATE applications SET version = 3 WHERE id = '{registered}'"),
            step(4),
            Fault::OtherStep,
        ),
        (
            format!(
                "UPDATE applications SET applicant_iin = '000000000000' WHERE id = '{registered}'"
            ),
            step(1),
            Fault::OtherPerson,
        ),
        (
            "UPDATE refusals SET code = 'EXPIRED'".to_owned(),
            refused,
            Fault::OtherRefusal,
        ),
        (
            "UPDATE refusals SET signature_sha256 = sha256('')".to_owned(),
            refused,
            Fault::OtherRefusal,
        ),
        (
            "UPDATE refusals SET refused_at = refused_at + interval '1 ms'".to_owned(),
            refused,
            Fault::OtherRefusal,
        ),
        (
            "DELETE FROM refusals".to_owned(),
            refused,
            Fault::OtherRefusal,
        ),
    ] {
        check(&log, &[(&change, at(place, fault))]).await;
    }
    let made_up = format!(
        "INSERT INTO events SELECT application_id, 5, kind, state, actor_iin, at, actor_bin, actor, registration_id FROM events
         WHERE application_id = '{registered}' AND version = 4"
    );
    let unrecorded = at(Place::Step(registered, 5), Fault::Unrecorded);
    check(&log, &[(&made_up, unrecorded)]).await;
}

#[tokio::test]
async fn an_application_that_is_removed_altogether_leaves_its_leaves() {
    let log = Log::open().await;
    // Two of one millisecond have no order but that of chance.
    let first = log.register().await.min(log.register().await);
    log.seal(100).await;
    let of = |table: &str| format!("DELETE FROM {table} WHERE application_id = '{first}';");
    let records = of("audit_records");
    let first_row = at(Place::Record(first, 1), Fault::Missing);
    check(
        &log,
        &[
            (&records, first_row),
            ("TRUNCATE audit_records CASCADE", first_row),
        ],
    )
    .await;
    let tables = [
        "events",
        "refusals",
        "signatures",
        "documents",
        "registrations",
    ];
    let all = format!(
        "{records} {} DELETE FROM applications WHERE id = '{first}'",
        tables.map(of).concat()
    );
    let leaf = at(Place::Leaf(0), Fault::Unrecorded);
    check(&log, &[(&all, leaf)]).await;
    let leaves = format!("{all}; {}", of("audit_leaves"));
    let gap = at(Place::Leaf(0), Fault::Missing);
    check(&log, &[(&leaves, gap)]).await;
}

#[tokio::test]
async fn an_erased_person_leaves_a_log_that_holds() {
    let log = Log::open().await;
    let application = log.register().await;
    log.seal(100).await;
    let erased = "UPDATE audit_records SET salt = NULL WHERE actor = 'owner';
        UPDATE events SET actor_iin = NULL WHERE kind = 'consent_given'";
    assert_eq!(log.inspect_after(erased).await, None);
    // One without the other is no erasure.
    let half = "UPDATE audit_records SET salt = NULL WHERE actor = 'owner'";
    let finding = at(Place::Record(application, 3), Fault::OtherPerson);
    check(&log, &[(half, finding)]).await;
}
