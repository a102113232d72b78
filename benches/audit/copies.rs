//! Copies of a registration with everything that is kept of it, under other
//! identifiers.

use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Bytea, Text, Uuid as SqlUuid};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use kelisim::domain::ApplicationId;
use kelisim::domain::audit::{Record, beginning};
use kelisim::eds::Digest;
use kelisim::store::Connection;
use kelisim::store::audit::records;
use uuid::Uuid;

use crate::service::Service;

/// The tables that hold something of an application, and what is another in a copy.
const TABLES: [(&str, &str); 7] = [
    ("applications", "'id', copy(o.id, n)"),
    ("residents", "'application_id', copy(o.application_id, n)"),
    (
        "consents",
        "'id', copy(o.id, n), 'application_id', copy(o.application_id, n)",
    ),
    (
        "documents",
        "'id', copy(o.id, n), 'application_id', copy(o.application_id, n),
         'consent_id', copy(o.consent_id, n), 'nonce', sha256(o.nonce || n::text::bytea)",
    ),
    (
        "signatures",
        "'document_id', copy(o.document_id, n), 'application_id', copy(o.application_id, n),
         'consent_id', copy(o.consent_id, n)",
    ),
    (
        "registrations",
        "'id', copy(o.id, n), 'application_id', copy(o.application_id, n)",
    ),
    ("events", "'application_id', copy(o.application_id, n)"),
];

/// The last 48 bits of a copy's identifier are its number.
const COPY: &str = "CREATE FUNCTION copy(id uuid, n integer) RETURNS uuid LANGUAGE sql IMMUTABLE
    AS $$ SELECT (left(id::text, 24) || lpad(to_hex(n), 12, '0'))::uuid $$";

/// Makes so many copies.
pub(crate) async fn make(service: &Service, application: ApplicationId, copies: u32) {
    let mut connection = service.connection().await;
    // Nobody is registered twice for the same days.
    let ended = "UPDATE registrations SET ended_at = registered_at, ending = 'expired'";
    connection.batch_execute(ended).await.unwrap();
    // A row that is copied brings its words along.
    let given = "ALTER TABLE residents ALTER COLUMN words DROP EXPRESSION;
        ALTER TABLE registrations ALTER COLUMN words DROP EXPRESSION";
    connection.batch_execute(given).await.unwrap();
    connection.batch_execute(COPY).await.unwrap();
    for (table, changes) in TABLES {
        let copy = format!(
            "INSERT INTO {table} SELECT made.* FROM {table} o, generate_series(1, {copies}) n,
                 LATERAL jsonb_populate_record(o, jsonb_build_object({changes})) made"
        );
        connection.batch_execute(&copy).await.unwrap();
    }
    let originals = Originals::of(&mut connection, application).await;
    let numbers: Vec<u32> = (1..=copies).collect();
    for some in numbers.chunks(1000) {
        let records = some.iter().flat_map(|number| originals.copy(*number));
        insert(&mut connection, &records.collect::<Vec<_>>(), application).await;
    }
    let done = connection.batch_execute("DROP FUNCTION copy(uuid, integer)");
    done.await.unwrap();
}

/// The records of an application, and the identifiers of which they tell.
struct Originals {
    records: Vec<Record>,
    told: Vec<Uuid>,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

impl Originals {
    async fn of(connection: &mut Connection, application: ApplicationId) -> Originals {
        let id = application.uuid();
        let told = "SELECT id FROM consents WHERE application_id = $1
            UNION SELECT id FROM documents WHERE application_id = $1
            UNION SELECT id FROM registrations WHERE application_id = $1";
        let told: Vec<Id> = diesel::sql_query(told)
            .bind::<SqlUuid, _>(id)
            .load(connection)
            .await
            .unwrap();
        let records = records::of(connection, application).await.unwrap();
        Originals {
            records: records.into_iter().map(|(record, _)| record).collect(),
            told: told.into_iter().map(|told| told.id).collect(),
        }
    }

    /// The same in a chain of its own.
    fn copy(&self, number: u32) -> Vec<Record> {
        let mut previous = beginning();
        let copy = |record: &Record| {
            let mut body = record.body.clone();
            for id in &self.told {
                body = body.replace(&id.to_string(), &copy(*id, number).to_string());
            }
            let record = Record {
                application: ApplicationId::new(copy(record.application.uuid(), number)),
                body,
                previous,
                ..record.clone()
            };
            previous = record.hash();
            record
        };
        self.records.iter().map(copy).collect()
    }
}

fn copy(id: Uuid, number: u32) -> Uuid {
    let kept = id.as_u128() >> 48 << 48;
    Uuid::from_u128(kept | u128::from(number))
}

/// Writes records under the salts of the original's.
async fn insert(connection: &mut Connection, records: &[Record], original: ApplicationId) {
    let ids: Vec<Uuid> = records.iter().map(|one| one.application.uuid()).collect();
    let sequences: Vec<i64> = records.iter().map(|one| one.sequence).collect();
    let bodies: Vec<&str> = records.iter().map(|one| one.body.as_str()).collect();
    let octets = |of: fn(&Record) -> Digest| {
        let digests = records.iter().map(of);
        digests.map(|it| it.as_bytes().to_vec()).collect::<Vec<_>>()
    };
    diesel::sql_query(
        "WITH made AS (
             INSERT INTO audit_records (application_id, sequence, version, kind, actor, person, salt,
                 body, at, previous_hash, hash)
             SELECT t.id, t.sequence, o.version, o.kind, o.actor, o.person, o.salt,
                 t.body, o.at, t.previous, t.hash
             FROM unnest($1, $2, $3, $4, $5) AS t (id, sequence, body, previous, hash)
             JOIN audit_records o ON o.application_id = $6 AND o.sequence = t.sequence
             RETURNING application_id, sequence, at)
         INSERT INTO audit_waiting SELECT * FROM made",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<BigInt>, _>(sequences)
    .bind::<Array<Text>, _>(bodies)
    .bind::<Array<Bytea>, _>(octets(|one| one.previous))
    .bind::<Array<Bytea>, _>(octets(Record::hash))
    .bind::<SqlUuid, _>(original.uuid())
    .execute(connection)
    .await
    .unwrap();
}
