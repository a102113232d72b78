//! Revocation lists: fetched from a real server, verified, stored, used; and what
//! happens when the server, the network or the list is not what it should be.

mod server;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use kelisim::eds::{Digest, Fault, Moment, Policy, validate_certificate};
use kelisim::flow::lists::{Errand, Refreshed, Trouble};
use kelisim::flow::{House, TrustInUse};
use kelisim::pki::{Extension, KeyKind, Reason, Revocation, RevocationList, der, serial};
use kelisim::remote::http::{Failure, Limits};
use kelisim::remote::lists::{Fetcher, ListSource};
use kelisim::store::connect::PoolSize;
use kelisim::store::lists::{Kind, Place};
use kelisim::worker::lists::Care;
use kelisim::worker::{Peers, Schedule, Worker};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use reqwest::Url;
use serde_json::json;
use tokio::sync::Notify;

use crate::material;
use crate::office::Office;
use crate::service::Service;
use server::{Answer, ListServer};

const ALWAYS: TimeDelta = TimeDelta::zero();

/// Revocations as of an hour ago.
fn revoked(people: &[(&str, Reason)]) -> Vec<Revocation> {
    let revocation = |&(slug, reason): &(&str, Reason)| Revocation {
        serial: serial(&material::person(slug).certificate).unwrap(),
        since: material::now() - TimeDelta::hours(1),
        reason: Some(reason),
    };
    people.iter().map(revocation).collect()
}

fn unsigned(number: u64, people: &[(&str, Reason)]) -> RevocationList {
    let issuing = &material::pki().rsa.issuing;
    issuing.revocation_list(
        number,
        revoked(people),
        material::now(),
        TimeDelta::days(30),
    )
}

fn signed(list: &RevocationList) -> Vec<u8> {
    list.sign(&material::pki().rsa.issuing.key).unwrap()
}

/// A complete list of the issuing authority.
fn list(number: u64, people: &[(&str, Reason)]) -> Vec<u8> {
    signed(&unsigned(number, people))
}

/// What is new since the complete list `base`.
fn delta(number: u64, base: u64, people: &[(&str, Reason)]) -> Vec<u8> {
    let mut list = unsigned(number, people);
    let indicator = "2.5.29.27".parse().unwrap();
    let base = Extension::critical(indicator, der::integer(base));
    list.extensions.push(base);
    signed(&list)
}

/// Has little patience, and takes lists of up to a megabyte.
fn fetcher() -> Fetcher {
    let limits = Limits {
        connect: Duration::from_secs(1),
        total: Duration::from_secs(3),
    };
    Fetcher::new(&[], limits, 1024 * 1024).unwrap()
}

fn place(kind: Kind) -> Place {
    let authority = Digest::of(&material::pki().rsa.issuing.certificate);
    Place { authority, kind }
}

/// A service that has no list of the issuing authority yet.
async fn without_list() -> Service {
    let service = Service::start().await;
    service.replace_lists(std::slice::from_ref(&service.pki.rsa.root_crl));
    service
}

/// Asks these addresses.
async fn refresh(house: &House, kind: Kind, urls: &[&Url]) -> Refreshed {
    let errand = Errand {
        place: place(kind),
        urls: urls.iter().copied().cloned().collect(),
    };
    let fetcher = fetcher();
    let refreshed = house.refresh_list(&fetcher, &errand, ALWAYS).await;
    refreshed.unwrap()
}

/// What the lists in use say about somebody's certificate.
fn status(house: &House, slug: &str) -> Result<(), Fault> {
    let certificate = &material::person(slug).certificate;
    let moment = Moment::at(material::now());
    let trust = house.trust.current();
    let policy = Policy::national();
    let judged = validate_certificate::<&[u8]>(certificate, &[], &trust, &policy, moment);
    judged.map(|_| ()).map_err(|report| report.reason.unwrap())
}

/// The same service as another process: another pool, another trust.
fn another_process(service: &Service) -> House {
    let root_only =
        Service::trust_with(service.pki, std::slice::from_ref(&service.pki.rsa.root_crl));
    House {
        pool: service.database.pool(PoolSize(4)).unwrap(),
        trust: Arc::new(TrustInUse::new(root_only)),
        ..service.house.clone()
    }
}

/// Counts what happens on this thread until the guard is dropped.
pub(crate) fn counting() -> PrometheusHandle {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let recorder: &'static _ = Box::leak(Box::new(recorder));
    // A test has its thread to itself, and ends with it.
    std::mem::forget(metrics::set_default_local_recorder(recorder));
    handle
}

#[tokio::test]
async fn a_list_is_fetched_verified_stored_and_counts() {
    let service = without_list().await;
    assert_eq!(
        status(&service.house, "owner-1"),
        Err(Fault::NoRevocationData)
    );
    let server = ListServer::open(Answer::List(list(2, &[]))).await;
    let refreshed = refresh(&service.house, Kind::Full, &[&server.url]).await;
    assert_eq!(refreshed, Refreshed::Replaced);
    assert_eq!(status(&service.house, "owner-1"), Ok(()));
    server.answers(Answer::List(list(3, &[("owner-1", Reason::KeyCompromise)])));
    let refreshed = refresh(&service.house, Kind::Full, &[&server.url]).await;
    assert_eq!(refreshed, Refreshed::Replaced);
    let revoked = Err(Fault::RevokedWithoutProof);
    assert_eq!(status(&service.house, "owner-1"), revoked);
    assert_eq!(status(&service.house, "owner-2"), Ok(()));
    assert_eq!(
        service.count("SELECT count(*) FROM revocation_lists").await,
        1
    );
    // Reading the trust directory anew does not forget it.
    service.replace_lists(std::slice::from_ref(&service.pki.rsa.root_crl));
    assert_eq!(status(&service.house, "owner-1"), revoked);
}

#[tokio::test]
async fn a_list_that_has_not_changed_is_not_sent_again_nor_asked_for_too_often() {
    let service = without_list().await;
    let server = ListServer::open(Answer::List(list(2, &[]))).await;
    refresh(&service.house, Kind::Full, &[&server.url]).await;
    service.pass(TimeDelta::minutes(9));
    let refreshed = refresh(&service.house, Kind::Full, &[&server.url]).await;
    assert_eq!(refreshed, Refreshed::Unchanged);
    let asked = server.asked();
    assert!(!asked[0].contains("if-none-match"), "{}", asked[0]);
    assert!(asked[1].contains("if-none-match"), "{}", asked[1]);
    // Another process need not ask again so soon.
    service.pass(TimeDelta::minutes(4));
    let errand = Errand {
        place: place(Kind::Full),
        urls: vec![server.url.clone()],
    };
    let fetcher = fetcher();
    let every = TimeDelta::minutes(10);
    let other = another_process(&service);
    let refreshed = other.refresh_list(&fetcher, &errand, every).await.unwrap();
    assert_eq!(refreshed, Refreshed::Asked(TimeDelta::minutes(6)));
    assert_eq!(server.asked().len(), 2);
    service.pass(TimeDelta::minutes(6));
    let refreshed = other.refresh_list(&fetcher, &errand, every).await.unwrap();
    assert_eq!(refreshed, Refreshed::Unchanged);
}

#[tokio::test]
async fn row_74_a_lower_number_is_refused_with_an_alarm_and_the_list_in_use_stays() {
    let (service, counts) = (without_list().await, counting());
    let revoking = list(7, &[("owner-1", Reason::KeyCompromise)]);
    let server = ListServer::open(Answer::List(revoking)).await;
    refresh(&service.house, Kind::Full, &[&server.url]).await;
    for (answer, trouble, word) in [
        (list(6, &[]), Trouble::Lower, "lower number"),
        (list(7, &[]), Trouble::SameNumber, "same number"),
    ] {
        server.answers(Answer::List(answer));
        let refreshed = refresh(&service.house, Kind::Full, &[&server.url]).await;
        assert_eq!(refreshed, Refreshed::Failed(trouble));
        assert_eq!(
            status(&service.house, "owner-1"),
            Err(Fault::RevokedWithoutProof)
        );
        let line = format!("kelisim_list_refused_total{{reason=\"{word}\"}} 1");
        let told = counts.render();
        assert!(told.contains(&line), "{told}");
    }
    let kept = "SELECT count(*) FROM revocation_lists WHERE encode(number, 'hex') LIKE '%07'";
    assert_eq!(service.count(kept).await, 1);
}

#[tokio::test]
async fn row_73_what_the_authority_did_not_sign_for_today_is_refused() {
    let (service, counts) = (without_list().await, counting());
    let now = material::now();
    let with = |change: fn(&mut RevocationList, DateTime<Utc>)| {
        let mut list = unsigned(2, &[]);
        change(&mut list, now);
        signed(&list)
    };
    let stranger = material::key("list-stranger", KeyKind::Rsa2048);
    let unusable = |what| Trouble::Refused(Fault::RevocationUnusable(what));
    let server = ListServer::open(Answer::Page).await;
    for (answer, trouble) in [
        (
            unsigned(2, &[]).sign(&stranger).unwrap(),
            unusable("signature does not verify"),
        ),
        (service.pki.rsa.root_crl.clone(), unusable("another issuer")),
        (
            with(|list, now| list.this_update = now + TimeDelta::minutes(1)),
            unusable("issued in the future"),
        ),
        (
            with(|list, now| {
                list.this_update = now - TimeDelta::days(2);
                list.next_update = now - TimeDelta::days(1);
            }),
            unusable("out of date"),
        ),
        (
            with(|list, _| {
                let unknown = Extension::critical("1.2.3.4".parse().unwrap(), der::null());
                list.extensions.push(unknown);
            }),
            unusable("unknown critical extension"),
        ),
        (
            with(|list, _| list.extensions.truncate(1)),
            Trouble::NoNumber,
        ),
        (delta(3, 2, &[]), Trouble::OtherKind),
    ] {
        server.answers(Answer::List(answer));
        let refreshed = refresh(&service.house, Kind::Full, &[&server.url]).await;
        assert_eq!(refreshed, Refreshed::Failed(trouble));
    }
    server.answers(Answer::List(list(3, &[])));
    let refreshed = refresh(&service.house, Kind::Delta, &[&server.url]).await;
    assert_eq!(refreshed, Refreshed::Failed(Trouble::OtherKind));
    assert_eq!(
        service.count("SELECT count(*) FROM revocation_lists").await,
        0
    );
    assert_eq!(
        status(&service.house, "owner-1"),
        Err(Fault::NoRevocationData)
    );
    let told = counts.render();
    let forged = "kelisim_list_refused_total{reason=\"signature does not verify\"} 1";
    assert!(told.contains(forged), "{told}");
}

#[tokio::test]
async fn a_delta_revokes_and_restores_and_one_for_another_base_is_not_used() {
    let service = without_list().await;
    let full = list(5, &[("owner-1", Reason::CertificateHold)]);
    let full = ListServer::open(Answer::List(full)).await;
    refresh(&service.house, Kind::Full, &[&full.url]).await;
    assert_eq!(status(&service.house, "owner-1"), Err(Fault::Suspended));
    let changes = [
        ("owner-1", Reason::RemoveFromList),
        ("owner-2", Reason::KeyCompromise),
    ];
    // It is for a base that is not there yet.
    let server = ListServer::open(Answer::List(delta(8, 7, &changes))).await;
    let refreshed = refresh(&service.house, Kind::Delta, &[&server.url]).await;
    assert_eq!(refreshed, Refreshed::Replaced);
    assert_eq!(status(&service.house, "owner-1"), Err(Fault::Suspended));
    assert_eq!(status(&service.house, "owner-2"), Ok(()));
    full.answers(Answer::List(list(
        7,
        &[("owner-1", Reason::CertificateHold)],
    )));
    refresh(&service.house, Kind::Full, &[&full.url]).await;
    assert_eq!(status(&service.house, "owner-1"), Ok(()));
    assert_eq!(
        status(&service.house, "owner-2"),
        Err(Fault::RevokedWithoutProof)
    );
}

#[tokio::test]
async fn whatever_the_server_does_the_list_in_use_stays_and_the_next_one_comes() {
    let (service, counts) = (without_list().await, counting());
    let server = ListServer::open(Answer::List(list(2, &[]))).await;
    refresh(&service.house, Kind::Full, &[&server.url]).await;
    let other = ListServer::open(Answer::List(list(9, &[]))).await;
    let status_of = |status| Failure::Status(status);
    for (answer, trouble) in [
        (Answer::Status(500), unanswered(status_of(500))),
        (Answer::Status(404), unanswered(status_of(404))),
        (
            Answer::Page,
            Trouble::Refused(Fault::Malformed("revocation list")),
        ),
        (Answer::Announced(200 << 20), TOO_LARGE),
        (Answer::Endless, TOO_LARGE),
        (Answer::CutShort, unanswered(Failure::NoAnswer)),
        (Answer::Drip, unanswered(Failure::Timeout)),
        (
            Answer::Elsewhere(other.url.clone()),
            unanswered(status_of(302)),
        ),
    ] {
        server.answers(answer.clone());
        let refreshed = refresh(&service.house, Kind::Full, &[&server.url]).await;
        assert_eq!(refreshed, Refreshed::Failed(trouble), "{answer:?}");
        assert_eq!(status(&service.house, "owner-1"), Ok(()), "{answer:?}");
    }
    assert!(other.asked().is_empty());
    let told = counts.render();
    for line in [
        "kelisim_list_failures_total{reason=\"status\"} 3",
        "kelisim_list_failures_total{reason=\"too-large\"} 2",
        "kelisim_list_failures_total{reason=\"timeout\"} 1",
    ] {
        assert!(told.contains(line), "{told}");
    }
    server.answers(Answer::List(list(3, &[])));
    let refreshed = refresh(&service.house, Kind::Full, &[&server.url]).await;
    assert_eq!(refreshed, Refreshed::Replaced);
}

const TOO_LARGE: Trouble = Trouble::NotFetched(Failure::TooLarge);

fn unanswered(reason: Failure) -> Trouble {
    Trouble::NotFetched(reason)
}

#[tokio::test]
async fn who_has_no_list_is_not_told_that_it_has_not_changed() {
    let service = without_list().await;
    let server = ListServer::open(Answer::NotModified).await;
    let refreshed = refresh(&service.house, Kind::Full, &[&server.url]).await;
    let reason = unanswered(Failure::Status(304));
    assert_eq!(refreshed, Refreshed::Failed(reason));
}

#[tokio::test]
async fn the_next_address_is_asked_when_one_does_not_serve() {
    let service = without_list().await;
    let down = free_address().await;
    let page = ListServer::open(Answer::Page).await;
    let good = ListServer::open(Answer::List(list(2, &[]))).await;
    let refreshed = refresh(&service.house, Kind::Full, &[&down]).await;
    let refused = unanswered(Failure::ConnectionRefused);
    assert_eq!(refreshed, Refreshed::Failed(refused));
    let urls = [&down, &page.url, &good.url];
    let refreshed = refresh(&service.house, Kind::Full, &urls).await;
    assert_eq!(refreshed, Refreshed::Replaced);
}

/// Nobody listens there.
async fn free_address() -> Url {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap()
}

#[tokio::test]
async fn while_a_server_keeps_us_waiting_people_are_served_and_no_transaction_is_open() {
    let service = without_list().await;
    let let_go = Arc::new(Notify::new());
    let answer = Answer::Held(Arc::clone(&let_go), list(2, &[]));
    let server = ListServer::open(answer).await;
    let urls = [&server.url];
    let refreshing = refresh(&service.house, Kind::Full, &urls);
    let meanwhile = async {
        server.arrival().await;
        let office = Office::outside(&service, "resident-1");
        let answer = office.post("/api/v1/auth/challenges", json!({})).await;
        assert_eq!(answer.status, 201, "{:?}", answer.body);
        let open = "SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend'
              AND pid <> pg_backend_pid()
              AND (xact_start IS NOT NULL OR state LIKE 'idle in transaction%')";
        assert_eq!(service.count(open).await, 0);
        let_go.notify_one();
    };
    let (refreshed, ()) = tokio::join!(refreshing, meanwhile);
    assert_eq!(refreshed, Refreshed::Replaced);
}

#[tokio::test]
async fn another_process_uses_what_one_has_stored_and_so_does_one_that_starts() {
    let service = without_list().await;
    let (second, counts) = (another_process(&service), counting());
    assert_eq!(second.load_lists().await.unwrap(), 0);
    let server = ListServer::open(Answer::List(list(2, &[]))).await;
    refresh(&service.house, Kind::Full, &[&server.url]).await;
    assert_eq!(second.load_lists().await.unwrap(), 1);
    assert_eq!(status(&second, "owner-1"), Ok(()));
    assert_eq!(second.load_lists().await.unwrap(), 0);
    server.answers(Answer::List(list(3, &[("owner-1", Reason::KeyCompromise)])));
    refresh(&service.house, Kind::Full, &[&server.url]).await;
    assert_eq!(second.load_lists().await.unwrap(), 1);
    let revoked = Err(Fault::RevokedWithoutProof);
    assert_eq!(status(&second, "owner-1"), revoked);
    let asked = server.asked().len();
    let started = another_process(&service);
    assert_eq!(started.load_lists().await.unwrap(), 1);
    assert_eq!(status(&started, "owner-1"), revoked);
    assert_eq!(server.asked().len(), asked);
    let told = counts.render();
    assert!(
        told.contains("kelisim_list_age_seconds{authority="),
        "{told}"
    );
}

#[tokio::test]
async fn a_stored_list_that_was_tampered_with_is_not_used() {
    let (service, counts) = (without_list().await, counting());
    let server = ListServer::open(Answer::List(list(2, &[]))).await;
    refresh(&service.house, Kind::Full, &[&server.url]).await;
    let tampering = "UPDATE revocation_lists
        SET der = set_byte(der, octet_length(der) - 1, get_byte(der, octet_length(der) - 1) # 1)";
    service.execute(tampering).await;
    let started = another_process(&service);
    assert_eq!(started.load_lists().await.unwrap(), 0);
    assert_eq!(status(&started, "owner-1"), Err(Fault::NoRevocationData));
    let told = counts.render();
    assert!(told.contains("kelisim_list_refused_total"), "{told}");
}

#[tokio::test]
async fn of_many_lists_that_arrive_together_the_highest_number_stays() {
    let service = without_list().await;
    let mut servers = Vec::new();
    for number in [4, 9, 2, 7, 8, 3] {
        servers.push(ListServer::open(Answer::List(list(number, &[]))).await);
    }
    let houses: Vec<_> = servers.iter().map(|_| another_process(&service)).collect();
    let both = houses.iter().zip(&servers);
    let mut all = tokio::task::JoinSet::new();
    for (house, server) in both {
        let (house, url) = (house.clone(), server.url.clone());
        all.spawn(async move { refresh(&house, Kind::Full, &[&url]).await });
    }
    let ended = all.join_all().await;
    assert!(ended.contains(&Refreshed::Replaced));
    let nine = "SELECT count(*) FROM revocation_lists WHERE encode(number, 'hex') LIKE '%09'";
    assert_eq!(service.count(nine).await, 1);
}

#[tokio::test]
async fn after_a_failure_a_list_is_asked_for_again_soon_and_then_in_its_interval() {
    let service = without_list().await;
    let server = ListServer::open(Answer::Status(500)).await;
    let mut care = Care::of(Errand {
        place: place(Kind::Full),
        urls: vec![server.url.clone()],
    });
    let fetcher = fetcher();
    let every = Duration::from_secs(600);
    let mut last = Duration::from_secs(4);
    for _ in 0..4 {
        let pause = care
            .run_once(&service.house, &fetcher, every)
            .await
            .unwrap();
        assert!(pause > last && pause < Duration::from_secs(60), "{pause:?}");
        last = pause;
    }
    server.answers(Answer::List(list(2, &[])));
    let pause = care
        .run_once(&service.house, &fetcher, every)
        .await
        .unwrap();
    assert_eq!(pause, every);
    assert_eq!(status(&service.house, "owner-1"), Ok(()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_worker_fetches_lists_by_itself() {
    let service = without_list().await;
    let server = ListServer::open(Answer::List(list(2, &[]))).await;
    let source = ListSource {
        authority: place(Kind::Full).authority,
        full: vec![server.url.clone()],
        delta: Vec::new(),
    };
    let peers = Peers {
        lists: Some((fetcher(), vec![source])),
        ..Peers::default()
    };
    // Without a pause: the clock of the test stands still.
    let schedule = Schedule {
        fetch_lists: Duration::ZERO,
        ..Schedule::default()
    };
    let worker = Worker::start(another_process(&service), peers, schedule).unwrap();
    server.arrival().await;
    // Who asks again has done with the first answer.
    server.arrival().await;
    tokio::task::spawn_blocking(|| worker.stop()).await.unwrap();
    assert_eq!(service.house.load_lists().await.unwrap(), 1);
    assert_eq!(status(&service.house, "owner-1"), Ok(()));
}
