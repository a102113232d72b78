//! Checkpoints go elsewhere, in order and at least once; and the command line
//! holds the log against them.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use actix_web::web::{Bytes, Data};
use actix_web::{App, HttpResponse, HttpServer};
use chrono::TimeDelta;
use kelisim::flow::audit::checkpoint::Pace;
use kelisim::remote::shipment::{Destination, Shipped, copies};
use kelisim::worker::{Notary, Peers, Schedule, Worker};
use serde_json::Value;

use super::log::Log;
use crate::service::{Service, database_url};

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("audit-{name}"));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// A server that takes copies, and fails as often as it is told to.
struct Keeper {
    destination: Destination,
    taken: Arc<Mutex<Vec<u64>>>,
    failures: Arc<Mutex<usize>>,
    arrivals: Mutex<mpsc::Receiver<()>>,
}

#[derive(Clone)]
struct Desk {
    taken: Arc<Mutex<Vec<u64>>>,
    failures: Arc<Mutex<usize>>,
    arrived: mpsc::Sender<()>,
}

impl Keeper {
    fn open() -> Keeper {
        let (arrived, arrivals) = mpsc::channel();
        let desk = Desk {
            taken: Arc::default(),
            failures: Arc::default(),
            arrived,
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/checkpoints", listener.local_addr().unwrap());
        let (taken, failures) = (Arc::clone(&desk.taken), Arc::clone(&desk.failures));
        std::thread::spawn(move || {
            let serve = HttpServer::new(move || {
                let desk = Data::new(desk.clone());
                App::new()
                    .app_data(desk)
                    .default_service(actix_web::web::to(take))
            });
            let server = serve.workers(1).disable_signals().listen(listener).unwrap();
            actix_web::rt::System::new().block_on(server.run()).unwrap();
        });
        Keeper {
            destination: Destination::parse(&url).unwrap(),
            taken,
            failures,
            arrivals: Mutex::new(arrivals),
        }
    }

    fn taken(&self) -> Vec<u64> {
        self.taken.lock().unwrap().clone()
    }

    fn wait(&self) {
        let arrivals = self.arrivals.lock().unwrap();
        arrivals.recv_timeout(Duration::from_secs(60)).unwrap();
    }
}

async fn take(desk: Data<Desk>, body: Bytes) -> HttpResponse {
    let copy: Shipped = serde_json::from_slice(&body).unwrap();
    let mut failures = desk.failures.lock().unwrap();
    if *failures > 0 {
        *failures -= 1;
        return HttpResponse::ServiceUnavailable().finish();
    }
    desk.taken.lock().unwrap().push(copy.number);
    desk.arrived.send(()).unwrap();
    HttpResponse::NoContent().finish()
}

async fn sealed(log: &Log, checkpoints: usize) {
    for _ in 0..checkpoints {
        log.withdraw_after_refusals(0).await;
        log.seal(100).await;
    }
}

#[tokio::test]
async fn copies_arrive_in_order_and_are_not_sent_again() {
    let (log, keeper) = (Log::open().await, Keeper::open());
    sealed(&log, 3).await;
    let ship = async || log.service.house.ship(&keeper.destination).await.unwrap();
    assert_eq!(ship().await, 3);
    assert_eq!(ship().await, 0);
    sealed(&log, 1).await;
    assert_eq!(ship().await, 1);
    assert_eq!(keeper.taken(), [1, 2, 3, 4]);
}

#[tokio::test]
async fn what_did_not_arrive_is_sent_again_before_anything_later() {
    let (log, keeper) = (Log::open().await, Keeper::open());
    sealed(&log, 3).await;
    *keeper.failures.lock().unwrap() = 2;
    let ship = async || log.service.house.ship(&keeper.destination).await.unwrap();
    assert_eq!(ship().await, 0);
    assert_eq!(ship().await, 0, "the claim holds");
    log.service.pass(TimeDelta::seconds(31));
    assert_eq!(ship().await, 0);
    log.service.pass(TimeDelta::seconds(31));
    assert_eq!(ship().await, 3);
    assert_eq!(keeper.taken(), [1, 2, 3]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_worker_seals_and_ships_by_itself() {
    let (log, keeper) = (Log::open().await, Keeper::open());
    let peers = Peers {
        notary: Some(Notary {
            signer: super::log::signer(),
            pace: Pace {
                records: 2,
                age: TimeDelta::zero(),
            },
            destinations: vec![keeper.destination.clone()],
        }),
        ..Peers::default()
    };
    let soon = Duration::from_millis(5);
    let schedule = Schedule {
        seal: soon,
        ship: soon,
        ..Schedule::default()
    };
    let worker = Worker::start(log.service.house.clone(), peers, schedule).unwrap();
    log.register().await;
    (1..=2).for_each(|_| keeper.wait());
    tokio::task::spawn_blocking(|| worker.stop()).await.unwrap();
    assert!(keeper.taken().starts_with(&[1, 2]));
}

/// `kelisim audit verify` for this log.
async fn verify(log: &Log, arguments: &[&str]) -> Output {
    let name = log.service.database_name().await;
    Command::new(env!("CARGO_BIN_EXE_kelisim"))
        .args(["audit", "verify"])
        .args(arguments)
        .env("KELISIM_DATABASE_URL", database_url(&name))
        .output()
        .unwrap()
}

#[tokio::test]
async fn the_command_line_holds_the_log_against_keys_and_copies() {
    let log = Log::open().await;
    let folder = folder("command");
    let (file, key) = (folder.join("copies.jsonl"), folder.join("key"));
    fs::write(&key, format!("{}\n", log.public())).unwrap();
    let destination = Destination::parse(&format!("file:{}", file.display())).unwrap();
    sealed(&log, 3).await;
    assert_eq!(log.service.house.ship(&destination).await.unwrap(), 3);
    assert_eq!(copies(&file).unwrap().len(), 3);
    // As after a crash between the arrival and the note of it: sent once more.
    log.service
        .execute("UPDATE audit_shipments SET number = 1")
        .await;
    assert_eq!(log.service.house.ship(&destination).await.unwrap(), 2);
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 5);
    assert_eq!(copies(&file).unwrap().len(), 3);
    log.withdraw_after_refusals(1).await;
    let (file, key) = (file.to_str().unwrap(), key.to_str().unwrap());
    let all = ["--checkpoints", file, "--public-key", key];

    let good = verify(&log, &all).await;
    let told = String::from_utf8(good.stdout).unwrap();
    insta::assert_snapshot!(told, @r"
    9 records, 3 of them not sealed yet
    6 leaves in the tree, 3 checkpoints
    time-stamps not looked at: no --trust was given
    compared with 3 copies of checkpoints
    the audit log holds
    ");
    assert_eq!(good.status.code(), Some(0));
    let bare = String::from_utf8(verify(&log, &[]).await.stdout).unwrap();
    insta::assert_snapshot!(bare, @r"
    9 records, 3 of them not sealed yet
    6 leaves in the tree, 3 checkpoints
    signatures not verified: no --public-key was given
    time-stamps not looked at: no --trust was given
    not compared with copies: no --checkpoints were given
    the audit log holds
    ");

    log.service
        .execute("UPDATE audit_records SET kind = 'lapsed' WHERE kind = 'signature_refused'")
        .await;
    let bad = verify(&log, &[&all[..], &["--json"]].concat()).await;
    assert_eq!(bad.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&bad.stdout).unwrap();
    assert_eq!(told["holds"], false);
    let fault = "was altered: its hash is not that of what it holds";
    assert_eq!(told["finding"]["fault"], fault);
    let place = told["finding"]["place"].as_str().unwrap();
    assert!(place.starts_with("record 2 of application "), "{place}");

    let lost = verify(&log, &["--public-key", "/nowhere"]).await;
    assert_eq!(lost.status.code(), Some(2));
}

/// Root certificates as `--trust` wants them, in a new folder.
fn anchors<'a>(name: &str, roots: impl IntoIterator<Item = &'a Vec<u8>>) -> String {
    let trust = folder(name);
    fs::create_dir(trust.join("anchors")).unwrap();
    for (number, root) in roots.into_iter().enumerate() {
        fs::write(trust.join(format!("anchors/{number}.cer")), root).unwrap();
    }
    trust.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_command_line_judges_the_time_stamps_by_the_anchors() {
    // The command line lives by the clock of the machine.
    let log = Log::within(Service::start_today().await).await;
    sealed(&log, 2).await;
    assert_eq!(log.service.house.stamp_log(10).await.unwrap(), 2);
    sealed(&log, 1).await;
    let roots = log.service.pki.hierarchies();
    let roots = roots.iter().map(|one| &one.root.certificate);
    let trust = anchors("anchors", roots);
    let json = ["--trust", &trust, "--json"];

    let good = verify(&log, &["--trust", &trust]).await;
    let told = String::from_utf8(good.stdout).unwrap();
    insta::assert_snapshot!(told, @r"
    6 records, 0 of them not sealed yet
    6 leaves in the tree, 3 checkpoints
    signatures not verified: no --public-key was given
    2 time-stamps hold
    not compared with copies: no --checkpoints were given
    the audit log holds
    ");
    assert_eq!(good.status.code(), Some(0));
    let told = verify(&log, &json).await;
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(told["time_stamps"], 2);

    // By the anchor of somebody else no stamp holds; the newest is named.
    let other = log.service.pki.person("owner-1").unwrap();
    let others = anchors("other-anchors", [&other.certificate]);
    let bad = verify(&log, &["--trust", &others, "--json"]).await;
    assert_eq!(bad.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&bad.stdout).unwrap();
    assert_eq!(told["finding"]["place"], "checkpoint 2");
    let fault = told["finding"]["fault"].as_str().unwrap();
    assert!(
        fault.starts_with("has a time-stamp that does not hold: "),
        "{fault}"
    );

    let swapped = "UPDATE audit_checkpoints SET time_stamp = other.time_stamp
        FROM audit_checkpoints other WHERE other.number = 2 AND audit_checkpoints.number = 1";
    log.service.execute(swapped).await;
    assert_eq!(verify(&log, &[]).await.status.code(), Some(0));
    let bad = verify(&log, &json).await;
    assert_eq!(bad.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&bad.stdout).unwrap();
    assert_eq!(told["finding"]["place"], "checkpoint 1");

    let lost = verify(&log, &["--trust", "/nowhere"]).await;
    assert_eq!(lost.status.code(), Some(2));
}

#[test]
fn the_key_is_made_once_for_its_owner_alone_and_read_ever_after() {
    use std::os::unix::fs::PermissionsExt;
    let path = folder("key").join("audit.key.pem");
    let key = |name: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kelisim"));
        command.args(["audit", "key", "--name", name]).arg(&path);
        let output = command.output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    let made = key("kelisim.test/audit");
    assert!(made.1.starts_with("kelisim.test/audit+"), "{}", made.1);
    assert_eq!(key("kelisim.test/audit"), made);
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(key("two words").0, Some(2));
    fs::write(&path, "no key").unwrap();
    assert_eq!(key("kelisim.test/audit").0, Some(2));
}
