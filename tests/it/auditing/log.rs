//! A log that the service itself has written, and the ways to look at it.

use chrono::TimeDelta;
use diesel_async::{AsyncConnection, SimpleAsyncConnection, TransactionManager};
use kelisim::domain::ApplicationId;
use kelisim::domain::audit::{Finding, PublicKey, Signer};
use kelisim::flow::audit::inspect::{Against, Inspected, inspect, inspect_chain, inspect_now};
use kelisim::store::Connection;
use ring::rand::SystemRandom;
use ring::signature::Ed25519KeyPair;
use serde_json::json;
use uuid::Uuid;

use crate::office::{ONE_OWNER, Office};
use crate::service::Service;

pub(super) const ORIGIN: &str = "kelisim.test/audit";

/// A service with the key that seals its log.
pub(super) struct Log {
    pub(super) service: Service,
    pub(super) signer: Signer,
    pub(super) resident: Office,
    pub(super) owner: Office,
}

pub(super) fn signer() -> Signer {
    let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    Signer::new(ORIGIN, pkcs8.as_ref()).unwrap()
}

impl Log {
    pub(super) async fn open() -> Log {
        Log::within(Service::start().await).await
    }

    pub(super) async fn within(service: Service) -> Log {
        let resident = Office::enter(&service, "resident-1").await;
        let owner = Office::enter(&service, "owner-1").await;
        Log {
            service,
            signer: signer(),
            resident,
            owner,
        }
    }

    /// A log of at least so many records, with a checkpoint after each hundred;
    /// the last ones still wait.
    pub(super) async fn of(records: i64) -> Log {
        let log = Log::open().await;
        log.register().await;
        while log.records().await + 100 < records {
            for _ in 0..10 {
                log.withdraw_after_refusals(8).await;
            }
            log.seal(100).await;
        }
        log.register().await;
        while log.records().await < records {
            log.withdraw_after_refusals(8).await;
        }
        log
    }

    /// One registration: four records.
    pub(super) async fn register(&self) -> ApplicationId {
        let applied = self.resident.apply(&self.service, ONE_OWNER).await;
        let done = self.owner.consent(&self.service, applied.id()).await;
        assert_eq!(done.state(), "registered");
        // The next one is about the same days again.
        let end = "UPDATE registrations SET ending = 'left', ended_at = registered_at";
        self.service.execute(end).await;
        id(applied.id())
    }

    /// Signatures that are none are refused, then the application is withdrawn:
    /// two records more than refusals.
    pub(super) async fn withdraw_after_refusals(&self, refusals: usize) -> ApplicationId {
        let drafted = self.resident.draft(ONE_OWNER).await;
        let path = format!("/api/v1/applications/{}", drafted.id());
        for _ in 0..refusals {
            let offered = json!({"signature": "AAAA"});
            let signature = format!("{path}/signature");
            let answer = self.resident.post(&signature, offered).await;
            assert_eq!(answer.status, 422);
            self.service.pass(TimeDelta::milliseconds(7));
        }
        let withdraw = format!("{path}/withdraw");
        let withdrawn = self.resident.post(&withdraw, json!({})).await;
        assert_eq!(withdrawn.state(), "withdrawn");
        id(drafted.id())
    }

    /// Makes one checkpoint over at most so many records.
    pub(super) async fn seal(&self, limit: i64) {
        let made = self.service.house.checkpoint(&self.signer, limit).await;
        assert!(made.unwrap().is_some());
    }

    pub(super) async fn records(&self) -> i64 {
        let count = "SELECT count(*) FROM audit_records";
        self.service.count(count).await
    }

    pub(super) fn against(&self) -> Against {
        Against {
            keys: vec![self.public()],
            ..Against::default()
        }
    }

    pub(super) fn public(&self) -> PublicKey {
        self.signer.public().clone()
    }

    /// Looks the whole log over.
    pub(super) async fn inspect(&self, against: Against) -> Inspected {
        let mut connection = self.service.connection().await;
        let told = inspect_now(&mut connection, against, &mut |_| {}).await;
        told.unwrap()
    }

    /// Takes away all rules of the database, as somebody would who means to change
    /// what they guard.
    pub(super) async fn lift_rules(&self) {
        self.service
            .execute(
                "DO $$ DECLARE rule record; BEGIN
                     FOR rule IN SELECT conrelid::regclass AS owner, conname FROM pg_constraint
                         WHERE conrelid::regclass::text IN ('audit_records', 'audit_waiting',
                             'audit_leaves', 'audit_nodes', 'audit_checkpoints')
                         ORDER BY contype = 'p'
                     LOOP
                         EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', rule.owner, rule.conname);
                     END LOOP;
                 END $$;
                 CREATE INDEX ON audit_records (application_id, sequence);
                 CREATE INDEX ON audit_records (application_id, version);
                 CREATE INDEX ON audit_records (refusal_id);
                 CREATE INDEX ON audit_waiting (application_id, sequence);
                 CREATE INDEX ON audit_leaves (application_id, sequence);
                 CREATE INDEX ON audit_leaves (leaf_index);",
            )
            .await;
    }

    /// Looks it over as it is after these statements, which are then undone.
    pub(super) async fn inspect_after(&self, statements: &str) -> Option<Finding> {
        let mut connection = self.service.connection().await;
        tampered(&mut connection, statements, async |connection| {
            let told = inspect(connection, self.against(), &mut |_| {}).await;
            told.unwrap().finding
        })
        .await
    }
}

/// Runs `look` after these statements, with no rule between tables in force, and
/// undoes them.
pub(super) async fn tampered<T>(
    connection: &mut Connection,
    statements: &str,
    look: impl AsyncFnOnce(&mut Connection) -> T,
) -> T {
    type Manager = <Connection as AsyncConnection>::TransactionManager;
    Manager::begin_transaction(connection).await.unwrap();
    let lawless = format!("SET LOCAL session_replication_role = replica; {statements}");
    connection.batch_execute(&lawless).await.unwrap();
    let found = look(connection).await;
    Manager::rollback_transaction(connection).await.unwrap();
    found
}

/// Looks one application's chain over.
pub(super) async fn look_at_chain(
    connection: &mut Connection,
    application: ApplicationId,
) -> Option<Finding> {
    let told = inspect_chain(connection, application).await;
    told.unwrap().finding
}

pub(super) fn id(text: &str) -> ApplicationId {
    ApplicationId::new(Uuid::parse_str(text).unwrap())
}
