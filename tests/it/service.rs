//! The service itself, over HTTP, with a database of its own and a clock set by hand.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::thread;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use chrono::{DateTime, TimeDelta, Utc};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use kelisim::domain::Rules;
use kelisim::domain::law::Quotas;
use kelisim::eds::{Bin, Policy, Trust};
use kelisim::flow::{House, Keeper, Settings, TrustInUse, Witnesses};
use kelisim::pki::{self, Addresses, Infrastructure, Reason, Server};
use kelisim::remote;
use kelisim::remote::server::Patience;
use kelisim::remote::sources::Sources;
use kelisim::store::connect::{Database, PoolSize};
use kelisim::store::{Connection, migrate};
use kelisim::web::{Front, Limits, serve};
use metrics_exporter_prometheus::PrometheusBuilder;
use ring::rand::SystemRandom;
use tokio::sync::Semaphore;

use crate::material;
use crate::office::Office;

pub(crate) const ORIGIN: &str = "https://office.test";

/// How long the tests wait for other people's servers.
const QUICK: remote::http::Limits = remote::http::Limits {
    connect: Duration::from_millis(300),
    total: Duration::from_millis(600),
};

/// The organisation for which `operator` works.
const CENTRE: &str = "200740099907";

/// A running service, which ends when it is dropped.
pub(crate) struct Service {
    pub(crate) url: String,
    pub(crate) house: House,
    pub(crate) database: Database,
    pub(crate) pki: &'static Infrastructure,
    /// The responders and time-stamp authorities of the PKI.
    pub(crate) authority: Server,
    clock: Arc<Mutex<DateTime<Utc>>>,
    server: ServerHandle,
}

impl Drop for Service {
    /// Its connections go with it: there are more services in a run than the
    /// database takes connections.
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

impl Service {
    /// Starts one with the dwellings of the development PKI in its register.
    pub(crate) async fn start() -> Service {
        Service::of(material::pki(), material::now(), Limits::none()).await
    }

    /// Starts one that waits for other people's servers as long as it does in earnest.
    pub(crate) async fn patient() -> Service {
        let limits = (Limits::none(), remote::http::Limits::EVIDENCE);
        Service::within(material::pki(), material::now(), limits, settings()).await
    }

    /// Starts one that goes by other rules.
    pub(crate) async fn by_rules(change: impl FnOnce(&mut Rules)) -> Service {
        Service::by_settings(|settings| change(&mut settings.rules)).await
    }

    /// Starts one whose operator decided otherwise.
    pub(crate) async fn by_settings(change: impl FnOnce(&mut Settings)) -> Service {
        let limits = (Limits::none(), QUICK);
        let mut settings = lasting();
        change(&mut settings);
        Service::within(material::pki(), material::now(), limits, settings).await
    }

    /// Starts one in which people stay signed in for longer than a registration lasts.
    pub(crate) async fn for_long() -> Service {
        Service::by_rules(|_| {}).await
    }

    /// Starts such a one in whose life it is this moment.
    pub(crate) async fn at(moment: &str) -> Service {
        let limits = (Limits::none(), QUICK);
        let moment = moment.parse().unwrap();
        let pki = Box::leak(Box::new(material::pki_as_of(moment)));
        Service::within(pki, moment, limits, lasting()).await
    }

    /// Starts one that lives today, as `openssl` does when it signs.
    pub(crate) async fn start_today() -> Service {
        let (pki, today) = (material::pki_of_today(), material::today());
        Service::of(pki, today, Limits::none()).await
    }

    pub(crate) async fn with_limit(per_second: u32) -> Service {
        let rate = NonZeroU32::new(per_second).unwrap();
        let limits = Limits::new(rate, rate);
        Service::of(material::pki(), material::now(), limits).await
    }

    /// Starts one in which an address may ask by so many codes a minute.
    pub(crate) async fn with_verifications(per_minute: u32) -> Service {
        let rate = NonZeroU32::new(per_minute).unwrap();
        let limits = Limits::none().with_verifications(rate);
        Service::of(material::pki(), material::now(), limits).await
    }

    /// Starts one whose operator decided something else.
    pub(crate) async fn decided(change: impl FnOnce(&mut Settings)) -> Service {
        let mut settings = settings();
        change(&mut settings);
        let quick = (Limits::none(), QUICK);
        Service::within(material::pki(), material::now(), quick, settings).await
    }

    async fn of(pki: &'static Infrastructure, now: DateTime<Utc>, limits: Limits) -> Service {
        Service::within(pki, now, (limits, QUICK), settings()).await
    }

    async fn within(
        pki: &'static Infrastructure,
        now: DateTime<Utc>,
        (limits, evidence): (Limits, remote::http::Limits),
        settings: Settings,
    ) -> Service {
        let database = own_database().await;
        let service = Service::over(database, (pki, now), (limits, evidence), settings);
        service.fill_registers().await;
        service
    }

    /// Starts one over a database that has a past: people are signed in there, and
    /// stay so for longer than a registration lasts. It is the first day again,
    /// and no authority has revoked anything yet.
    pub(crate) fn again(database: &Database, change: impl FnOnce(&mut Settings)) -> Service {
        let start = (material::pki(), material::now());
        let mut settings = lasting();
        change(&mut settings);
        Service::over(database.clone(), start, (Limits::none(), QUICK), settings)
    }

    /// Ends it before the test process ends, with its connections.
    pub(crate) async fn end(self) {
        self.server.stop(false).await;
    }

    fn over(
        database: Database,
        (pki, now): (&'static Infrastructure, DateTime<Utc>),
        (limits, evidence): (Limits, remote::http::Limits),
        settings: Settings,
    ) -> Service {
        let clock = Arc::new(Mutex::new(now));
        let told = {
            let clock = Arc::clone(&clock);
            Arc::new(move || *clock.lock().unwrap())
        };
        let authority = Server::start(pki, told, "127.0.0.1:0".parse().unwrap()).unwrap();
        let house = House {
            pool: database.pool(PoolSize(8)).unwrap(),
            trust: Arc::new(TrustInUse::new(trust_in(pki))),
            clock: {
                let clock = Arc::clone(&clock);
                Arc::new(move || *clock.lock().unwrap())
            },
            random: Arc::new(SystemRandom::new()),
            witnesses: witnesses(pki, &authority, evidence),
            settings: Arc::new(settings),
            watch: Arc::default(),
            inspections: Arc::new(Semaphore::new(1)),
        };
        let (url, server) = listen(&house, &database, limits);
        Service {
            url,
            house,
            database,
            pki,
            authority,
            clock,
            server,
        }
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, time: TimeDelta) {
        *self.clock.lock().unwrap() += time;
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        *self.clock.lock().unwrap()
    }

    /// Lets time pass until this moment.
    pub(crate) fn pass_until(&self, moment: &str) {
        let moment: DateTime<Utc> = moment.parse().unwrap();
        let mut clock = self.clock.lock().unwrap();
        assert!(moment >= *clock, "time does not go backwards");
        *clock = moment;
    }

    /// A second server of the same service, with connections of its own.
    pub(crate) fn another_house(&self) -> House {
        House {
            pool: self.database.pool(PoolSize(4)).unwrap(),
            ..self.house.clone()
        }
    }

    /// Somebody who has not signed in, at a server of its own for this house.
    pub(crate) fn served_by(&self, house: &House) -> Office {
        let (url, _) = listen(house, &self.database, Limits::none());
        Office::outside(self, "resident-1").moved(url)
    }

    /// Another service over the same database at the same moment, whose operator
    /// decided otherwise in between.
    pub(crate) fn deciding(&self, change: impl FnOnce(&mut Settings)) -> Service {
        let mut settings = (*self.house.settings).clone();
        change(&mut settings);
        let start = (self.pki, self.now());
        Service::over(
            self.database.clone(),
            start,
            (Limits::none(), QUICK),
            settings,
        )
    }

    /// Looks for evidence as the worker does, second by second, until nothing
    /// waits any more.
    pub(crate) async fn settle_within(&self, time: TimeDelta) {
        let until = self.now() + time;
        let waiting = "SELECT count(*) FROM received_signatures WHERE settled_at IS NULL";
        while self.count(waiting).await > 0 {
            assert!(self.now() < until, "still waiting after {time}");
            self.pass(TimeDelta::seconds(1));
            self.house.settle_received(8).await.unwrap();
        }
    }

    /// Revokes somebody's certificate: responders and lists of the authority say so.
    pub(crate) fn revoke(&self, slug: &str, since: DateTime<Utc>, reason: Reason) {
        let certificate = &self.pki.person(slug).unwrap().certificate;
        self.authority.revoke(certificate, since, reason).unwrap();
    }

    /// A direct look into the database.
    pub(crate) async fn connection(&self) -> Connection {
        self.database.connect().await.unwrap()
    }

    /// One number that a query gives.
    pub(crate) async fn count(&self, query: &str) -> i64 {
        #[derive(diesel::QueryableByName)]
        struct Count {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            count: i64,
        }
        let mut connection = self.connection().await;
        let count: Count = diesel::sql_query(query)
            .get_result(&mut connection)
            .await
            .unwrap();
        count.count
    }

    pub(crate) async fn database_name(&self) -> String {
        #[derive(diesel::QueryableByName)]
        struct Named {
            #[diesel(sql_type = diesel::sql_types::Text)]
            name: String,
        }
        let mut connection = self.connection().await;
        let named: Named = diesel::sql_query("SELECT current_database()::text AS name")
            .get_result(&mut connection)
            .await
            .unwrap();
        named.name
    }

    pub(crate) async fn execute(&self, statements: &str) {
        let mut connection = self.connection().await;
        connection.batch_execute(statements).await.unwrap();
    }

    /// Makes the service trust these lists beside its authorities.
    pub(crate) fn replace_lists(&self, lists: &[Vec<u8>]) {
        self.house.trust.replace(trust_with(self.pki, lists));
    }

    /// The trust in a development PKI with these lists.
    pub(crate) fn trust_with(pki: &Infrastructure, lists: &[Vec<u8>]) -> Trust {
        trust_with(pki, lists)
    }
}

/// The trust in a development PKI as it was made.
fn trust_in(pki: &Infrastructure) -> Trust {
    let lists = pki
        .hierarchies()
        .map(|it| [it.root_crl.clone(), it.issuing_crl.clone()]);
    trust_with(pki, &lists.concat())
}

fn trust_with(pki: &Infrastructure, lists: &[Vec<u8>]) -> Trust {
    let anchors = pki.hierarchies().map(|it| it.root.certificate.clone());
    let issuers = pki.hierarchies().map(|it| it.issuing.certificate.clone());
    Trust::new(&anchors, &issuers, lists).unwrap()
}

/// Whom to ask, each service at its own door, so that one can be closed.
fn witnesses(pki: &Infrastructure, authority: &Server, limits: remote::http::Limits) -> Witnesses {
    let addresses = Addresses {
        ocsp: authority.own(pki::Service::Ocsp),
        time_stamps: authority.own(pki::Service::TimeStamps),
        lists: authority.own(pki::Service::Lists),
    };
    let file = addresses.file(&pki.hierarchies());
    let sources = Sources::parse(&file, Path::new("")).unwrap();
    witnesses_of(&sources, limits)
}

/// Whom to ask by such a file.
pub(crate) fn witnesses_of(sources: &Sources, limits: remote::http::Limits) -> Witnesses {
    // Rests as a test counts time, not as people do.
    let patience = Patience {
        failures: 3,
        rest: Duration::from_millis(1),
    };
    Witnesses::new(sources, limits, patience, Arc::new(SystemRandom::new())).unwrap()
}

fn settings() -> Settings {
    Settings {
        origin: ORIGIN.to_owned(),
        keeper: keeper(),
        challenge_window: TimeDelta::seconds(120),
        key_files_in_browser: true,
        session_idle: TimeDelta::hours(200),
        session_length: TimeDelta::hours(200),
        rules: Rules::default(),
        quotas: Quotas::default(),
        portal: None,
        state_register: None,
        centres: [Bin::parse(CENTRE).unwrap()].into(),
        administrators: BTreeSet::new(),
        document_policy: Policy::lasting(),
        organisation_policy: Policy::organisation_lasting(),
        operator_policy: Policy::operator_lasting(),
        login_policy: Policy::login(),
    }
}

/// The organisation that keeps the service.
pub(crate) fn keeper() -> Keeper {
    Keeper {
        kk: "«Ойдан» КЕАҚ".to_owned(),
        ru: "НАО «Ойдан»".to_owned(),
        en: "Oidan NJSC".to_owned(),
        bin: Some(Bin::parse(CENTRE).unwrap()),
    }
}

/// Nobody has to sign in anew within a test.
fn lasting() -> Settings {
    Settings {
        key_files_in_browser: true,
        session_idle: TimeDelta::days(500),
        session_length: TimeDelta::days(500),
        ..settings()
    }
}

fn listen(house: &House, database: &Database, limits: Limits) -> (String, ServerHandle) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let front = Front {
        limits,
        metrics: PrometheusBuilder::new().build_recorder().handle(),
        workers: 1,
    };
    let (house, database) = (house.clone(), database.clone());
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let open = move || House {
                pool: database.pool(PoolSize(16)).unwrap(),
                ..house.clone()
            };
            let (server, address) = serve(listener, &front, open).unwrap();
            tell.send((address, server.handle())).unwrap();
            server.await.unwrap();
        });
    });
    let (address, server) = told.recv().unwrap();
    (format!("http://{address}"), server)
}

/// A new database with the schema in it, copied from one that was migrated once.
pub(crate) async fn own_database() -> Database {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("it_{}_{number}", std::process::id());
    let template = template();
    let mut server = database("postgres").connect().await.unwrap();
    server
        .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"))
        .await
        .unwrap();
    database(&name)
}

/// A copy of the service's database as it is now. The service must be at rest:
/// its connections are closed, and opened anew when it is asked again.
pub(crate) async fn copy_of(service: &Service) -> Database {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("it_{}_copy_{number}", std::process::id());
    let mut server = database("postgres").connect().await.unwrap();
    let original = service.database_name().await;
    server
        .batch_execute(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{original}'"
        ))
        .await
        .unwrap();
    server
        .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {original}"))
        .await
        .unwrap();
    database(&name)
}

/// An empty database, for tests of the migrations.
pub(crate) async fn empty_database(name: &str) -> Database {
    Database::parse(&empty_database_url(name).await).unwrap()
}

/// The address of an empty database, for the binary.
pub(crate) async fn empty_database_url(name: &str) -> String {
    let name = format!("it_{}_{name}", std::process::id());
    let mut server = database("postgres").connect().await.unwrap();
    server
        .batch_execute(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    database_url(&name)
}

fn template() -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        // A runtime of its own, for this may be called within another one.
        let made = thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let template = empty_database("template").await;
                migrate::up(template.connect().await.unwrap())
                    .await
                    .unwrap();
                format!("it_{}_template", std::process::id())
            })
        });
        made.join().unwrap()
    })
}

/// A database on that server.
pub(crate) fn database(name: &str) -> Database {
    Database::parse(&database_url(name)).unwrap()
}

/// The address of a database on the server that the tests were given.
#[expect(
    clippy::disallowed_methods,
    reason = "the test command names the server in the environment"
)]
pub(crate) fn database_url(name: &str) -> String {
    let server = std::env::var("KELISIM_TEST_DATABASE_URL")
        .expect("KELISIM_TEST_DATABASE_URL: run the tests by `cargo xtask test`");
    let (base, query) = server.split_once('?').unwrap_or((&server, ""));
    let (host, _) = base.rsplit_once('/').unwrap();
    format!("{host}/{name}?{query}")
}
