//! What is kept of the evidence must be what the records tell of, and the
//! time-stamps over checkpoints must hold.

use std::sync::Arc;

use chrono::TimeDelta;
use kelisim::domain::ApplicationId;
use kelisim::domain::audit::{Fault, Finding, Place};
use kelisim::eds::{self, Policy, Trust};
use kelisim::flow::audit::inspect::{Against, inspect};
use kelisim::flow::evidence::Means;
use kelisim::pki::{Behaviour, Service as Served};
use uuid::Uuid;

use super::log::{Log, look_at_chain, tampered};
use crate::office::ONE_OWNER;

#[derive(diesel::QueryableByName)]
struct Id {
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    id: Uuid,
}

async fn id(log: &Log, query: &str) -> Uuid {
    use diesel_async::RunQueryDsl;
    let mut connection = log.service.connection().await;
    let found: Id = diesel::sql_query(query)
        .get_result(&mut connection)
        .await
        .unwrap();
    found.id
}

/// After each change the look over the whole log, and over the one chain, name
/// what was changed and the record that tells of something else.
async fn check(log: &Log, application: ApplicationId, changes: &[(&str, Place, i64)]) {
    let mut connection = log.service.connection().await;
    for (change, place, record) in changes {
        let expected = Some(Finding {
            place: *place,
            fault: Fault::OtherEvidence(*record),
        });
        assert_eq!(log.inspect_after(change).await, expected, "{change}");
        let chain = tampered(&mut connection, change, async |connection| {
            look_at_chain(connection, application).await
        });
        assert_eq!(chain.await, expected, "{change}");
    }
}

#[tokio::test]
async fn a_changed_document_signature_certificate_report_or_registration_is_found() {
    let log = Log::open().await;
    let application = log.register().await;
    log.seal(100).await;
    assert_eq!(log.inspect(log.against()).await.finding, None);
    let of = |consent: &str| {
        format!("SELECT document_id AS id FROM signatures WHERE consent_id IS {consent}")
    };
    let own = id(&log, &of("NULL")).await;
    let consent = id(&log, &of("NOT NULL")).await;
    let made_up = Uuid::from_u128(7);
    check(
        &log,
        application,
        &[
            (
                "UPDATE documents SET bytes = bytes || ' ' WHERE consent_id IS NULL",
                Place::Document(own),
                1,
            ),
            (
                "UPDATE documents SET bytes = bytes || ' ' WHERE consent_id IS NOT NULL",
                Place::Document(consent),
                3,
            ),
            (
                "UPDATE signatures SET cms = set_byte(cms, 9, get_byte(cms, 9) # 1)
                 WHERE consent_id IS NULL",
                Place::Signature(own),
                2,
            ),
            (
                "UPDATE signatures SET cms = ''::bytea WHERE consent_id IS NOT NULL",
                Place::Signature(consent),
                3,
            ),
            (
                "UPDATE signatures SET certificate = (SELECT certificate FROM signatures
                 WHERE consent_id IS NULL) WHERE consent_id IS NOT NULL",
                Place::Certificate(consent),
                3,
            ),
            (
                "UPDATE signatures SET report = report || '{\"policy\": \"mine\"}'
                 WHERE consent_id IS NULL",
                Place::Report(own),
                2,
            ),
            (
                "UPDATE registrations SET id = '00000000-0000-0000-0000-000000000007'",
                Place::Registration(made_up),
                4,
            ),
        ],
    )
    .await;
    // What is not there any more is not missed: records outlive what was erased.
    let erased = "DELETE FROM signatures; DELETE FROM documents; DELETE FROM registrations";
    assert_eq!(log.inspect_after(erased).await, None);
}

/// Copies a row under other identifiers.
fn copied(table: &str, columns: &str, which: &str) -> String {
    let of = |name: &str| format!("SELECT {name} FROM {table} WHERE {which}");
    format!(
        "CREATE TEMP TABLE copy ON COMMIT DROP AS {};
         UPDATE copy SET {columns}; INSERT INTO {table} SELECT * FROM copy;",
        of("*")
    )
}

const MADE_UP: &str = "'00000000-0000-0000-0000-000000000007'";

/// After the change a look over the whole log names what has no record.
async fn check_unrecorded(log: &Log, change: &str, place: Place) {
    let fault = Fault::Unrecorded;
    let expected = Some(Finding { place, fault });
    assert_eq!(log.inspect_after(change).await, expected, "{change}");
}

#[tokio::test]
async fn what_was_put_in_without_a_record_is_found() {
    let log = Log::open().await;
    log.register().await;
    let withdrawn = log.withdraw_after_refusals(0).await;
    log.seal(100).await;
    let given = "SELECT document_id AS id FROM signatures WHERE consent_id IS NOT NULL";
    let given = id(&log, given).await;
    let made_up = Uuid::from_u128(7);
    let own = "consent_id IS NULL";

    let another = format!("document_id = {MADE_UP}, consent_id = {MADE_UP}");
    let another = copied("signatures", &another, "consent_id IS NOT NULL");
    check_unrecorded(&log, &another, Place::Signature(made_up)).await;
    let elsewhere = format!("document_id = {MADE_UP}, application_id = '{withdrawn}'");
    let elsewhere = copied("signatures", &elsewhere, own);
    check_unrecorded(&log, &elsewhere, Place::Signature(made_up)).await;
    for nowhere in [MADE_UP, "'ffffffff-ffff-ffff-ffff-ffffffffffff'"] {
        let nowhere = format!("document_id = {MADE_UP}, application_id = {nowhere}");
        let nowhere = copied("signatures", &nowhere, own);
        check_unrecorded(&log, &nowhere, Place::Signature(made_up)).await;
    }
    let moved =
        format!("UPDATE signatures SET consent_id = {MADE_UP} WHERE consent_id IS NOT NULL");
    check_unrecorded(&log, &moved, Place::Signature(given)).await;
    let registered = format!("id = {MADE_UP}, application_id = '{withdrawn}'");
    // A row that is copied brings its words along.
    let registered = format!(
        "ALTER TABLE registrations ALTER COLUMN words DROP EXPRESSION; {}",
        copied("registrations", &registered, "true")
    );
    check_unrecorded(&log, &registered, Place::Registration(made_up)).await;
    let received = format!(
        "INSERT INTO received_signatures (id, document_id, application_id, cms, stamped, signer_iin,
             received_at, next_attempt_at, give_up_at, trouble)
         SELECT {MADE_UP}, document_id, application_id, cms, cms, signer_iin, received_at, received_at,
             received_at + interval '1 day', 'TRY_LATER' FROM signatures WHERE {own}"
    );
    check_unrecorded(&log, &received, Place::Received(made_up)).await;
}

#[tokio::test]
async fn a_signature_that_is_kept_twice_is_found() {
    let log = Log::open().await;
    log.register().await;
    let twin = copied(
        "signatures",
        &format!("document_id = {MADE_UP}"),
        "true LIMIT 1",
    );
    let twin = format!(
        "DROP INDEX signatures_one_by_the_applicant;
         ALTER TABLE signatures DROP CONSTRAINT signatures_one_for_each_consent; {twin}"
    );
    let found = log.inspect_after(&twin).await.unwrap();
    assert!(matches!(found.place, Place::Signature(_)), "{found}");
    assert_eq!(found.fault, Fault::Unrecorded);
}

#[tokio::test]
async fn a_changed_signature_that_was_only_received_is_found() {
    let log = Log::open().await;
    let applied = log.resident.apply(&log.service, ONE_OWNER).await;
    let (path, body) = log.owner.signed_consent(&log.service, applied.id()).await;
    log.service.pass(TimeDelta::minutes(6));
    let silent = log
        .service
        .authority
        .behave(Served::Ocsp, Behaviour::Refused);
    silent.unwrap();
    let answer = log.owner.post(&path, body).await;
    assert_eq!(answer.status, 202, "{:?}", answer.body);
    assert_eq!(log.inspect(log.against()).await.finding, None);
    let received = id(&log, "SELECT id FROM received_signatures").await;
    let application = super::log::id(applied.id());
    let change = "UPDATE received_signatures SET cms = cms || '\\x00'";
    check(&log, application, &[(change, Place::Received(received), 3)]).await;
}

/// Three checkpoints that are stamped, and one that is not yet.
async fn stamped() -> (Log, Against) {
    let log = Log::open().await;
    for _ in 0..3 {
        log.withdraw_after_refusals(0).await;
        log.seal(100).await;
        log.service.pass(TimeDelta::minutes(1));
        assert_eq!(log.service.house.stamp_log(10).await.unwrap(), 1);
    }
    log.withdraw_after_refusals(0).await;
    log.seal(100).await;
    let roots = log.service.pki.hierarchies();
    let roots = roots.map(|one| one.root.certificate.clone());
    let against = Against {
        means: Some(Means {
            trust: Arc::new(Trust::new(&roots, &[], &[]).unwrap()),
            policy: Policy::national(),
            now: log.service.now(),
        }),
        ..log.against()
    };
    (log, against)
}

#[tokio::test]
async fn time_stamps_hold_by_the_anchors_alone_years_later() {
    let (log, mut against) = stamped().await;
    let inspected = log.inspect(against.clone()).await;
    assert_eq!((inspected.finding, inspected.time_stamps), (None, 3));
    // The authority's own certificate has ended by then, the anchor has not.
    let means = against.means.as_mut().unwrap();
    means.now += TimeDelta::days(10 * 365);
    let later = log.inspect(against.clone()).await;
    assert_eq!((later.finding, later.time_stamps), (None, 3));
    assert_eq!(log.inspect(log.against()).await.time_stamps, 0);

    // Another anchor says nothing about them.
    let other = &log.service.pki.person("owner-1").unwrap().certificate;
    let means = against.means.as_mut().unwrap();
    means.trust = Arc::new(Trust::new(std::slice::from_ref(other), &[], &[]).unwrap());
    let finding = log.inspect(against).await.finding.unwrap();
    assert_eq!(finding.place, Place::Checkpoint(3));
}

#[tokio::test]
async fn a_time_stamp_that_was_lost_and_made_later_than_those_after_it_holds() {
    let (log, mut against) = stamped().await;
    let lost = "UPDATE audit_checkpoints SET time_stamp = NULL WHERE number = 1";
    log.service.execute(lost).await;
    log.service.pass(TimeDelta::days(1));
    assert_eq!(log.service.house.stamp_log(10).await.unwrap(), 2);
    for years in [0, 10] {
        let means = against.means.as_mut().unwrap();
        means.now = log.service.now() + TimeDelta::days(365 * years);
        let inspected = log.inspect(against.clone()).await;
        assert_eq!((inspected.finding, inspected.time_stamps), (None, 4));
    }
}

#[tokio::test]
async fn a_bad_or_foreign_time_stamp_names_its_checkpoint() {
    let (log, against) = stamped().await;
    let copied = "(SELECT time_stamp FROM audit_checkpoints WHERE number = 1)";
    let flipped = "set_byte(time_stamp, length(time_stamp) - 1, get_byte(time_stamp, length(time_stamp) - 1) # 1)";
    for (number, stamp) in [
        (2, copied),
        (3, copied),
        (1, "'token'"),
        (2, flipped),
        (3, "''"),
    ] {
        let change =
            format!("UPDATE audit_checkpoints SET time_stamp = {stamp} WHERE number = {number}");
        let mut connection = log.service.connection().await;
        let found = tampered(&mut connection, &change, async |connection| {
            let told = inspect(connection, against.clone(), &mut |_| {}).await;
            told.unwrap().finding
        });
        let found = found.await.unwrap();
        assert_eq!(found.place, Place::Checkpoint(number), "{change}");
        let about_the_stamp = matches!(found.fault, Fault::TimeStamp(eds::Fault::TimeStamp(_)));
        assert!(about_the_stamp || stamp != copied, "{:?}", found.fault);
        // Without anchors nobody looks.
        assert_eq!(log.inspect_after(&change).await, None, "{change}");
    }
}
