//! A database in which one sequence after the other runs, each from the first day.

use std::collections::BTreeMap;

use diesel_async::SimpleAsyncConnection;
use kelisim::store::Connection;
use kelisim::store::connect::Database;

use super::command::SIGNERS;
use super::invariants::BESIDE;
use crate::office::Office;
use crate::service::{self, Service};
use crate::state_register::seal;

/// Somebody whom nothing of it concerns.
pub(super) const STRANGER: &str = "tenant";

/// The database, and everybody signed in.
pub(super) struct Lane {
    pub(super) database: Database,
    pub(super) connection: Connection,
    people: BTreeMap<&'static str, Office>,
}

impl Lane {
    pub(super) async fn open() -> Lane {
        let database = service::own_database().await;
        let service = again(&database);
        service.fill_registers().await;
        service.execute(BESIDE).await;
        let mut people = BTreeMap::new();
        for slug in SIGNERS.into_iter().chain([STRANGER]) {
            people.insert(slug, Office::enter(&service, slug).await);
        }
        service.end().await;
        Lane {
            connection: database.connect().await.unwrap(),
            database,
            people,
        }
    }

    /// A service at the first day, of which nobody has asked anything yet.
    pub(super) async fn begin(&mut self) -> (Service, BTreeMap<&'static str, Office>) {
        self.connection.batch_execute(FORGET).await.unwrap();
        let service = again(&self.database);
        let people = self.people.iter();
        let people = people.map(|(slug, office)| (*slug, office.moved_to(&service)));
        let people = people.collect();
        (service, people)
    }
}

fn again(database: &Database) -> Service {
    Service::again(database, |settings| settings.state_register = seal())
}

/// Everything but the people, what they are to each other, the dwellings and their first
/// owners.
const FORGET: &str = "
    DO $$ DECLARE kept record; BEGIN
        SET LOCAL session_replication_role = replica;
        FOR kept IN SELECT c.oid::regclass AS name FROM pg_class c
            WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
            AND c.relname NOT IN ('sessions', 'dwellings', 'dwelling_owners', 'owned', 'people',
                'person_representatives', 'powers_of_attorney', 'leases', 'lease_named',
                '__diesel_schema_migrations')
        LOOP EXECUTE format('DELETE FROM %s', kept.name); END LOOP;
    END $$;
    DELETE FROM dwelling_owners o USING owned w WHERE w.rka = o.rka AND w.since > '-infinity';
    INSERT INTO dwelling_owners (rka, owner_iin, owner_bin)
        SELECT first.rka, CASE WHEN owner LIKE 'iin:%' THEN substr(owner, 5) END,
            CASE WHEN owner LIKE 'bin:%' THEN substr(owner, 5) END
        FROM owned first, unnest(first.owners) AS owner
        WHERE first.since = '-infinity'
        AND EXISTS (SELECT FROM owned w WHERE w.rka = first.rka AND w.since > '-infinity');
    DELETE FROM owned WHERE since > '-infinity';
    UPDATE powers_of_attorney SET revoked_on = NULL;
";
