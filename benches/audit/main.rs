//! How long `kelisim audit verify` takes over 100,000 records, beside its mark.
//! Runs by `cargo xtask bench audit`, which starts the database.

use std::error::Error;
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use diesel::sql_types::{Array, BigInt, Bytea, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use kelisim::domain::audit::{Record, Signer, beginning, commitment};
use kelisim::domain::{ApplicationId, Rules};
use kelisim::eds::{Digest, Policy, Trust};
use kelisim::flow::{House, Settings, TrustInUse, Witnesses};
use kelisim::remote::http::Limits;
use kelisim::remote::server::Patience;
use kelisim::remote::sources::Sources;
use kelisim::store::connect::{Database, PoolSize};
use kelisim::store::{Connection, migrate};
use ring::rand::SystemRandom;
use ring::signature::Ed25519KeyPair;
use uuid::Uuid;

/// With four steps each.
const APPLICATIONS: u64 = 25_000;
const MARK: Duration = Duration::from_secs(5);
const ROUNDS: usize = 5;

const STEPS: [(&str, &str, &str); 4] = [
    ("drafted", "draft", "resident"),
    ("signed", "awaiting_consent", "resident"),
    ("consent_given", "consented", "owner"),
    ("registered", "registered", "service"),
];
const RESIDENT: &str = "920614499917";
const OWNER: &str = "850101499916";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let runtime = tokio::runtime::Runtime::new()?;
    let (url, key) = runtime.block_on(prepare())?;
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let output = Command::new(env!("CARGO_BIN_EXE_kelisim"))
            .args(["audit", "verify", "--public-key"])
            .arg(&key)
            .env("KELISIM_DATABASE_URL", &url)
            .output()?;
        let took = begun.elapsed();
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stdout).into_owned().into());
        }
        println!("{:.2} s", took.as_secs_f64());
        best = best.min(took);
    }
    let records = APPLICATIONS * 4;
    let (best, mark) = (best.as_secs_f64(), MARK.as_secs_f64());
    println!("{records} records verified in {best:.2} s, mark {mark:.0} s");
    Ok(match best <= mark {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the bench command names the server in the environment"
)]
async fn prepare() -> Result<(String, std::path::PathBuf), Box<dyn Error>> {
    let server = std::env::var("KELISIM_TEST_DATABASE_URL")?;
    let (host, _) = server.rsplit_once('/').ok_or("no database is named")?;
    let url = format!("{host}/bench_audit");
    let mut connection = Database::parse(&server)?.connect().await?;
    for statement in [
        "DROP DATABASE IF EXISTS bench_audit",
        "CREATE DATABASE bench_audit",
    ] {
        connection.batch_execute(statement).await?;
    }
    let database = Database::parse(&url)?;
    migrate::up(database.connect().await?).await?;
    let begun = Instant::now();
    let mut connection = database.connect().await?;
    fill(&mut connection).await?;
    let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| "no chance")?;
    let signer = Signer::new("bench.test/audit", pkcs8.as_ref())?;
    let house = house(&database)?;
    let sealing = Instant::now();
    let mut checkpoints = 0_u32;
    while house.checkpoint(&signer, 1000).await?.is_some() {
        checkpoints += 1;
    }
    let each = sealing.elapsed() / checkpoints.max(1);
    println!(
        "filled in {:.1} s; each checkpoint of 1,000 records took {each:.1?}",
        begun.elapsed().as_secs_f64()
    );
    connection.batch_execute("ANALYZE").await?;
    let key = std::env::temp_dir().join("kelisim-bench-audit-key");
    std::fs::write(&key, signer.public().to_string())?;
    Ok((url, key))
}

fn house(database: &Database) -> Result<House, Box<dyn Error>> {
    let now = start() + TimeDelta::days(1);
    Ok(House {
        pool: database.pool(PoolSize(2))?,
        trust: Arc::new(TrustInUse::new(Trust::new::<&[u8]>(&[], &[], &[])?)),
        clock: Arc::new(move || now),
        random: Arc::new(SystemRandom::new()),
        // Nobody is asked: what is measured is our own log.
        witnesses: Witnesses::new(
            &Sources::default(),
            Limits::EVIDENCE,
            Patience::default(),
            Arc::new(SystemRandom::new()),
        )?,
        settings: Arc::new(Settings {
            origin: "https://bench.test".to_owned(),
            challenge_window: TimeDelta::seconds(120),
            session_idle: TimeDelta::hours(1),
            session_length: TimeDelta::hours(1),
            rules: Rules::default(),
            document_policy: Policy::national(),
            login_policy: Policy::login(),
        }),
    })
}

async fn fill(connection: &mut Connection) -> Result<(), Box<dyn Error>> {
    connection
        .batch_execute(&format!(
            "INSERT INTO applications (id, version, state, resident_iin, resident_name, rka, address,
                 starts_on, ends_on, months, arrived_on, language, deadline, asked_at, created_at, changed_at)
             SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
                 4, 'registered', '{RESIDENT}', 'NAME', '0201999000000011', '{{}}', '2026-11-01',
                 '2027-01-31', 3, '2026-10-30', 'ru', '{at}', '{at}', '{at}', '{at}'
             FROM generate_series(0, {APPLICATIONS} - 1) n;
             INSERT INTO events SELECT id, v, (ARRAY['drafted', 'signed', 'consent_given', 'registered'])[v],
                 (ARRAY['draft', 'awaiting_consent', 'consented', 'registered'])[v],
                 (ARRAY['{RESIDENT}', '{RESIDENT}', '{OWNER}', NULL])[v],
                 '{at}'::timestamptz + v * interval '1 minute'
             FROM applications, generate_series(1, 4) v;",
            at = start().to_rfc3339(),
        ))
        .await?;
    let numbers: Vec<u64> = (0..APPLICATIONS).collect();
    for some in numbers.chunks(1000) {
        let records: Vec<Record> = some.iter().flat_map(|number| chain(*number)).collect();
        insert(connection, &records).await?;
    }
    Ok(())
}

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_793_534_400, 0).unwrap_or_default()
}

fn chain(number: u64) -> Vec<Record> {
    let id = 0x7000_8000_0000_0000_0000_u128 | u128::from(number);
    let (mut previous, mut records) = (beginning(), Vec::new());
    for (version, (kind, state, actor)) in (1..).zip(STEPS) {
        let person = match actor {
            "resident" => Some(commitment(SALT, RESIDENT)),
            "owner" => Some(commitment(SALT, OWNER)),
            _ => None,
        };
        let record = Record {
            application: ApplicationId::new(Uuid::from_u128(id)),
            sequence: version,
            version: Some(version),
            refusal: None,
            kind: kind.to_owned(),
            actor: actor.to_owned(),
            person,
            body: body(state, version),
            at: start() + TimeDelta::minutes(version),
            previous,
        };
        previous = record.hash();
        records.push(record);
    }
    records
}

/// As large as a real one: each signature by five digests.
fn body(state: &str, version: i64) -> String {
    let digest = Digest::of(state.as_bytes());
    let signature = format!(
        r#"{{"certificate":"{digest}","document":"{digest}","indication":"TOTAL-PASSED","policy":"national/1","policy_hash":"{digest}","report":"{digest}","signature":"{digest}"}}"#
    );
    let count = usize::try_from(version)
        .unwrap_or_default()
        .saturating_sub(1)
        .min(2);
    let signatures = vec![signature; count].join(",");
    format!(r#"{{"signatures":[{signatures}],"state":"{state}"}}"#)
}

async fn insert(connection: &mut Connection, records: &[Record]) -> Result<(), Box<dyn Error>> {
    let ids: Vec<Uuid> = records.iter().map(|one| one.application.uuid()).collect();
    let sequences: Vec<i64> = records.iter().map(|one| one.sequence).collect();
    let kinds: Vec<&str> = records.iter().map(|one| one.kind.as_str()).collect();
    let actors: Vec<&str> = records.iter().map(|one| one.actor.as_str()).collect();
    let persons: Vec<Option<Vec<u8>>> = records
        .iter()
        .map(|one| one.person.map(|person| person.as_bytes().to_vec()))
        .collect();
    let bodies: Vec<&str> = records.iter().map(|one| one.body.as_str()).collect();
    let times: Vec<DateTime<Utc>> = records.iter().map(|one| one.at).collect();
    let previous: Vec<Vec<u8>> = records
        .iter()
        .map(|one| one.previous.as_bytes().to_vec())
        .collect();
    let hashes: Vec<Vec<u8>> = records
        .iter()
        .map(|one| one.hash().as_bytes().to_vec())
        .collect();
    diesel::sql_query(
        "WITH made AS (
             INSERT INTO audit_records (application_id, sequence, version, kind, actor, person, salt,
                 body, at, previous_hash, hash)
             SELECT id, sequence, sequence, kind, actor, person,
                 CASE WHEN person IS NULL THEN NULL ELSE $10 END, body, at, previous, hash
             FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
                 AS t (id, sequence, kind, actor, person, body, at, previous, hash)
             RETURNING application_id, sequence, at)
         INSERT INTO audit_waiting SELECT * FROM made",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<BigInt>, _>(sequences)
    .bind::<Array<Text>, _>(kinds)
    .bind::<Array<Text>, _>(actors)
    .bind::<Array<Nullable<Bytea>>, _>(persons)
    .bind::<Array<Text>, _>(bodies)
    .bind::<Array<Timestamptz>, _>(times)
    .bind::<Array<Bytea>, _>(previous)
    .bind::<Array<Bytea>, _>(hashes)
    .bind::<Bytea, _>(SALT)
    .execute(connection)
    .await?;
    Ok(())
}

const SALT: &[u8] = b"sixteen octets!!";
