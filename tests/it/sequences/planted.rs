//! Each check bites: whoever breaks an invariant with the database in hand is found
//! under its number.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use diesel_async::{AsyncConnection, SimpleAsyncConnection, TransactionManager};
use kelisim::pki::{Behaviour, Reason, Service as Served};
use kelisim::store::Connection;

use super::command::{Command, Job, Matter, Paper, Say, Times, Who};
use super::invariants::{Broken, broken, judged_otherwise};
use super::lane::Lane;
use super::stage::Stage;

/// An invariant and how it is broken, by rows that are there after [`life`].
const PLANTED: &[(&str, &str)] = &[
    (
        "I1",
        "UPDATE registrations SET ended_at = NULL, ending = NULL",
    ),
    (
        "I1",
        "UPDATE applications SET state = 'declined' WHERE state = 'registered'",
    ),
    (
        "I2",
        "UPDATE consents SET answer = 'awaited', answered_at = NULL
            WHERE id = (SELECT consent_id FROM signatures WHERE consent_id IS NOT NULL LIMIT 1)",
    ),
    (
        "I2",
        "UPDATE applications SET owners = owners || 'iin:650530399987'::text WHERE state = 'registered'",
    ),
    (
        "I3",
        "UPDATE signatures SET signer_iin = '650530399987' WHERE consent_id IS NOT NULL AND signer_bin IS NULL",
    ),
    (
        "I3",
        "UPDATE applications SET owners = '{}' WHERE state = 'awaiting_consent'",
    ),
    (
        "I4",
        "UPDATE documents SET bytes = bytes || '\\x20' WHERE consent_id IS NOT NULL",
    ),
    (
        "I4",
        "UPDATE applications SET edition = edition + 1 WHERE state = 'registered'",
    ),
    (
        "I5",
        "UPDATE consents SET answer = 'given', answered_at = now() WHERE answer = 'awaited'",
    ),
    (
        "I5",
        "ALTER TABLE signatures DROP CONSTRAINT signatures_time_stamped;
         UPDATE signatures SET report = report - 'time_stamps';
         ALTER TABLE signatures ADD CONSTRAINT signatures_time_stamped CHECK (true)",
    ),
    (
        "I5",
        "ALTER TABLE signatures DROP CONSTRAINT signatures_time_stamped",
    ),
    (
        "I6",
        "UPDATE documents SET issued_at = issued_at + interval '1 hour'",
    ),
    (
        "I6",
        "UPDATE signatures SET signed_at = signed_at + interval '1 hour'",
    ),
    (
        "I7",
        "UPDATE documents SET nonce = (SELECT nonce FROM documents LIMIT 1)",
    ),
    (
        "I7",
        "UPDATE events SET kind = 'consent_given' WHERE kind = 'lapsed'",
    ),
    (
        "I8",
        "UPDATE events SET state = 'withdrawn' WHERE kind = 'signed'",
    ),
    (
        "I8",
        "UPDATE registrations SET ended_at = NULL, ending = NULL WHERE ending = 'expired'",
    ),
    (
        "I9",
        "UPDATE applications SET version = version + 1 WHERE state = 'registered'",
    ),
    ("I9", "DELETE FROM outbox WHERE sequence = 2"),
    ("I10", "DELETE FROM outbox WHERE sequence = 1"),
    (
        "I10",
        "UPDATE outbox SET body = replace(body, 'registered', 'awaiting_consent')",
    ),
    (
        "I11",
        "UPDATE received_signatures SET settled_at = now(), outcome = 'moot' WHERE consent_id IS NOT NULL",
    ),
    (
        "I11",
        "UPDATE applications SET state = 'pending_evidence' WHERE state = 'awaiting_consent'",
    ),
    (
        "I12",
        "UPDATE revoked SET since = since - interval '1 year', known_at = known_at - interval '1 year'",
    ),
    (
        "I13",
        "UPDATE registrations SET ended_at = ended_at - interval '1 second' WHERE ending = 'expired'",
    ),
    (
        "I13",
        "UPDATE registrations SET ends_on = ends_on + 1 WHERE kind = 'temporary'",
    ),
    (
        "I16",
        "UPDATE events SET actor_iin = '650530399987' WHERE kind = 'consent_given' AND actor = 'person'",
    ),
    (
        "I16",
        "UPDATE events SET actor_iin = '650530399987' WHERE kind = 'drafted'",
    ),
    (
        "I16",
        "UPDATE events SET actor_iin = '650530399987' WHERE kind = 'removal_demanded'",
    ),
    (
        "I16",
        "UPDATE events SET actor = 'person', actor_iin = '650530399987' WHERE kind = 'registered'",
    ),
    (
        "I17",
        "UPDATE audit_records SET body = body || ' ' WHERE sequence = 2",
    ),
    ("I17", "DELETE FROM audit_records WHERE sequence = 2"),
    (
        "I18",
        "UPDATE signatures SET report = jsonb_set(report, '{signed_at}', '\"2026-11-01T00:00:00Z\"')",
    ),
    (
        "L4",
        "UPDATE applications SET deadline = deadline + interval '1 second'",
    ),
    (
        "L4",
        "UPDATE signatures SET received_at = received_at + interval '10 days'",
    ),
    ("I19", "DELETE FROM signatures WHERE purpose = 'leaving'"),
    ("I19", "DELETE FROM signatures WHERE purpose = 'consent'"),
    (
        "I20",
        "UPDATE owned SET owners = owners || 'iin:650530399987'::text",
    ),
    (
        "I24",
        "UPDATE events SET at = at - interval '1 hour' WHERE version = 2",
    ),
];

/// Lives in which everything happens that a fault can be planted in: one leaves,
/// one is registered until the last day, an end is demanded, one waits for
/// evidence, one for an answer, and nobody answers another.
fn life() -> Vec<Command> {
    let honest = |served| Command::Behave(served, Behaviour::Honest);
    let concerned = Who::Concerned;
    vec![
        Command::Apply(Matter::WithOrganisation, 2),
        Command::Pass(TimeDelta::days(4)),
        Command::Work(Job::Lapse, Times::AtOnce),
        Command::Move(Matter::OneOwner, 1),
        Command::Leave(0, concerned(0)),
        Command::Move(Matter::OneOwner, 1),
        Command::Pass(TimeDelta::days(40)),
        Command::Work(Job::Expire, Times::AtOnce),
        Command::Move(Matter::TwoOwners, 12),
        Command::Remove(0, concerned(0)),
        Command::Apply(Matter::Permanent, 1),
        Command::Pass(TimeDelta::minutes(10)),
        Command::Behave(Served::Ocsp, Behaviour::Status(503)),
        Command::Consent(0, concerned(0), Paper::Present),
        honest(Served::Ocsp),
        Command::Revoke("owner-ecdsa", 0, Reason::KeyCompromise),
        Command::Revoke("owner-1", 0, Reason::KeyCompromise),
    ]
}

#[tokio::test]
async fn whoever_breaks_an_invariant_with_the_database_in_hand_is_found_by_its_number() {
    let mut lane = Lane::open().await;
    let begun = lane.begin().await;
    let mut stage = Stage::new(&mut lane.connection, begun);
    for command in life() {
        stage.play(&command).await;
    }
    stage.look_back().await;
    stage.judge_again().await;
    assert_eq!(stage.broken, BTreeSet::new());
    let house = stage.service.house.clone();
    stage.connection.batch_execute(LAWLESS).await.unwrap();
    let mut missed = Vec::new();
    for (number, statements) in PLANTED {
        let found = tampered(stage.connection, statements, async |connection| {
            let mut found = broken(connection).await;
            if *number == "I18" {
                found.extend(judged_otherwise(&house, connection).await);
            }
            found
        });
        let found = found.await;
        if !found.iter().any(|broken| broken.number == *number) {
            missed.push((number, statements, numbers(&found)));
        }
    }
    assert!(missed.is_empty(), "not found: {missed:#?}");
}

#[tokio::test]
async fn an_answer_that_is_forgotten_and_an_effect_that_is_lost_are_found() {
    let mut lane = Lane::open().await;
    let begun = lane.begin().await;
    let mut stage = Stage::new(&mut lane.connection, begun);
    stage.play(&Command::Move(Matter::OneOwner, 3)).await;
    stage
        .play(&Command::Confirm(0, Who::Concerned(0), Say::No))
        .await;
    stage.look_back().await;
    assert_eq!(stage.broken, BTreeSet::new());
    let lost = "SET session_replication_role = replica; DELETE FROM events WHERE kind = 'signed';
        DELETE FROM idempotency_keys WHERE status = 201; SET session_replication_role = origin";
    stage.connection.batch_execute(lost).await.unwrap();
    stage.answers_kept().await;
    stage.look_back().await;
    let numbers = numbers(&stage.broken);
    for number in ["I9", "I14", "I15"] {
        assert!(
            numbers.contains(number),
            "{number} is not among {numbers:?}"
        );
    }
}

fn numbers(found: &BTreeSet<Broken>) -> BTreeSet<&'static str> {
    found.iter().map(|broken| broken.number).collect()
}

/// What is found after these statements, which are undone.
async fn tampered(
    connection: &mut Connection,
    statements: &str,
    look: impl AsyncFnOnce(&mut Connection) -> BTreeSet<Broken>,
) -> BTreeSet<Broken> {
    type Manager = <Connection as AsyncConnection>::TransactionManager;
    Manager::begin_transaction(connection).await.unwrap();
    let lawless = format!("SET LOCAL session_replication_role = replica; {statements}");
    connection.batch_execute(&lawless).await.unwrap();
    let found = look(connection).await;
    Manager::rollback_transaction(connection).await.unwrap();
    found
}

/// The database's own rules are lifted, or it would not let itself be broken so; but
/// those over signatures, of which one is a fault when it is missing.
const LAWLESS: &str = "
    DO $$ DECLARE rule record; BEGIN
        FOR rule IN SELECT conrelid::regclass AS owner, conname FROM pg_constraint
            WHERE contype IN ('c', 'u', 'x') AND connamespace = 'public'::regnamespace
            AND conrelid <> 0 AND conrelid <> 'signatures'::regclass
        LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', rule.owner, rule.conname); END LOOP;
    END $$;
";
