//! How long `kelisim audit verify` takes over 100,000 records and the evidence
//! behind them, beside its mark. Runs by `cargo xtask bench audit`, which starts the
//! database.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a benchmark fails by panicking, as the tests do whose service it uses"
)]

#[path = "../../tests/it/material.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod material;
#[path = "../../tests/it/office.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod office;
#[path = "../../tests/it/registers.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod registers;
#[path = "../../tests/it/service.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod service;

mod copies;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use diesel_async::SimpleAsyncConnection;
use kelisim::domain::ApplicationId;
use kelisim::domain::audit::Signer;
use ring::rand::SystemRandom;
use ring::signature::Ed25519KeyPair;
use uuid::Uuid;

use office::{ONE_OWNER, Office};
use service::{Service, database_url};

/// With four steps, two documents that were signed and a registration each.
const APPLICATIONS: u32 = 25_000;
const RECORDS: u32 = 4 * APPLICATIONS;
const MARK: Duration = Duration::from_secs(5);
const ROUNDS: usize = 5;

#[tokio::main]
async fn main() -> ExitCode {
    let service = Service::start().await;
    fill(&service).await;
    let key = seal(&service).await;
    // As the server does by itself before long.
    let mut connection = service.connection().await;
    connection.batch_execute("VACUUM ANALYZE").await.unwrap();
    let name = service.database_name().await;
    let rounds = (0..ROUNDS).map(|_| verify(&database_url(&name), &key));
    let best = rounds.min().unwrap();
    drop(connection);
    remove(&name).await;
    let (taken, mark) = (best.as_secs_f64(), MARK.as_secs_f64());
    println!("{RECORDS} records verified in {taken:.2} s, mark {mark:.0} s");
    match best <= MARK {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// One registration that people have made, and copies of it.
async fn fill(service: &Service) {
    let begun = Instant::now();
    let resident = Office::enter(service, "resident-1").await;
    let owner = Office::enter(service, "owner-1").await;
    let applied = resident.apply(service, ONE_OWNER).await;
    let done = owner.consent(service, applied.id()).await;
    assert_eq!(done.state(), "registered");
    let application = ApplicationId::new(Uuid::parse_str(applied.id()).unwrap());
    copies::make(service, application, APPLICATIONS - 1).await;
    println!("filled in {:.1} s", begun.elapsed().as_secs_f64());
}

/// Seals everything, and writes down whose key it was.
async fn seal(service: &Service) -> PathBuf {
    let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    let signer = Signer::new("bench.test/audit", pkcs8.as_ref()).unwrap();
    let (begun, mut checkpoints) = (Instant::now(), 0);
    let seal = async || service.house.checkpoint(&signer, 1000).await.unwrap();
    while seal().await.is_some() {
        checkpoints += 1;
    }
    let each = begun.elapsed() / checkpoints;
    println!("each checkpoint of 1,000 records took {each:.1?}");
    let key = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-audit-key");
    std::fs::write(&key, signer.public().to_string()).unwrap();
    key
}

fn verify(url: &str, key: &Path) -> Duration {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kelisim"));
    command.args(["audit", "verify", "--json", "--public-key"]);
    command.arg(key).env("KELISIM_DATABASE_URL", url);
    let begun = Instant::now();
    let output = command.output().unwrap();
    let took = begun.elapsed();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}");
    assert!(told.contains(&format!(r#""records":{RECORDS},"#)), "{told}");
    println!("{:.2} s", took.as_secs_f64());
    took
}

/// It is too large to be left behind.
async fn remove(database: &str) {
    let mut server = service::database("postgres").connect().await.unwrap();
    let drop = format!("DROP DATABASE {database} WITH (FORCE)");
    server.batch_execute(&drop).await.unwrap();
}
