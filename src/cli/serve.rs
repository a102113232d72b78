//! `kelisim serve`: everything running together until it is told to stop.

use std::io::IsTerminal;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusBuilder;
use ring::rand::SystemRandom;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;
use tracing_subscriber::EnvFilter;

use super::{Error, clock};
use crate::config::{Config, LogFormat, Options};
use crate::flow::audit::checkpoint::Pace;
use crate::flow::{House, INSPECTIONS, TrustInUse, Watch, Witnesses};
use crate::remote::http::Limits;
use crate::remote::lists::{self, Fetcher, ListSource};
use crate::remote::server::Patience;
use crate::remote::trust;
use crate::remote::webhook::{Endpoint, Webhook};
use crate::store::clock::DatabaseClock;
use crate::store::connect::{Database, Pool};
use crate::store::migrate;
use crate::web::{Front, serve};
use crate::worker::{Notary, Peers, Schedule, Worker};

/// How often the trust directory is looked at: a new revocation list counts a
/// minute after it is there.
const TRUST_EVERY: Duration = Duration::from_secs(60);

pub(super) fn run(options: &Options) -> Result<(), Error> {
    let (format, filter) = options.log();
    log_to_stderr(format, filter);
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let config = options.parse(processors)?;
    migrate(&config.database)?;
    actix_web::rt::System::new().block_on(work(config))
}

/// Migrations need a runtime with several threads; serving brings its own.
pub(super) fn migrate(database: &Database) -> Result<usize, Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let applied = runtime.block_on(async { migrate::up(database.connect().await?).await })?;
    tracing::info!(applied, "schema is up to date");
    Ok(applied)
}

async fn work(config: Config) -> Result<(), Error> {
    let metrics = PrometheusBuilder::new().install_recorder()?;
    let listener = TcpListener::bind(config.listen)?;
    let pool = config.database.pool(config.connections)?;
    let clock = database_clock(&pool).await?;
    let house = house(&config, pool, clock)?;
    let known = house.load_lists().await?;
    tracing::info!(known, "stored revocation lists are in use");
    let key = config.audit_signer.public();
    tracing::info!(%key, "the audit log is sealed under this key");
    let opener = opener(&config, house.clone());
    let own_pool = config.database.pool(config.connections)?;
    let peers = Peers {
        webhook: config.portal.clone().map(webhook).transpose()?,
        lists: Some(list_servers(&config)?),
        notary: Some(Notary {
            signer: config.audit_signer,
            pace: Pace::default(),
            destinations: config.audit_destinations,
        }),
    };
    let worker = Worker::start(apart(&house, own_pool), peers, Schedule::default())?;
    let trust = house.trust.clone();
    let directory = config.trust_directory.clone();
    let watch = actix_web::rt::spawn(watch_trust(trust, directory));
    let front = Front {
        limits: config.limits.clone(),
        metrics,
        workers: config.threads,
    };
    let (server, address) = serve(listener, &front, opener)?;
    tracing::info!(%address, "listening");
    stop_on_signal(server.handle())?;
    server.await?;
    watch.abort();
    worker.stop();
    Ok(())
}

/// By this the service decides; how far the machine's own clock is from it is told.
async fn database_clock(pool: &Pool) -> Result<Arc<DatabaseClock>, Error> {
    let mut connection = pool.take().await?;
    let clock = DatabaseClock::read(&mut connection).await?;
    let ahead = (clock::now() - clock.now()).as_seconds_f64();
    tracing::info!(
        ahead,
        "seconds by which this machine's clock is ahead of the database's"
    );
    Ok(Arc::new(clock))
}

fn house(config: &Config, pool: Pool, clock: Arc<DatabaseClock>) -> Result<House, Error> {
    Ok(House {
        pool,
        trust: Arc::new(TrustInUse::new(config.trust.clone())),
        watch: Arc::new(Watch::over(Arc::clone(&clock))),
        clock: Arc::new(move || clock.now()),
        random: Arc::new(SystemRandom::new()),
        witnesses: Witnesses::new(
            &config.sources,
            Limits::EVIDENCE,
            Patience::default(),
            Arc::new(SystemRandom::new()),
        )?,
        settings: Arc::clone(&config.settings),
        inspections: Arc::new(Semaphore::new(INSPECTIONS)),
    })
}

/// The same house with connections of its own. A connection is driven by the
/// runtime that opened it: one of the main thread's would say nothing more to the
/// worker while the main thread waits for its end.
fn apart(house: &House, pool: Pool) -> House {
    House {
        pool,
        ..house.clone()
    }
}

/// Each thread gets connections of its own.
fn opener(config: &Config, house: House) -> impl Fn() -> House + Clone + Send + 'static {
    let (database, size) = (config.database.clone(), config.connections);
    move || {
        let pool = database.pool(size);
        apart(&house, pool.unwrap_or_else(|_| house.pool.clone()))
    }
}

/// The servers with revocation lists, and how to ask them.
fn list_servers(config: &Config) -> Result<(Fetcher, Vec<ListSource>), Error> {
    let sources = ListSource::all(&config.sources);
    let fetcher = Fetcher::new(&sources, Limits::LISTS, lists::LARGEST)?;
    Ok((fetcher, sources))
}

fn webhook(endpoint: Endpoint) -> Result<Webhook, Error> {
    Ok(Webhook::new(endpoint, Limits::CALLBACKS)?)
}

/// A directory that cannot be used changes nothing: the trust that was read
/// before stays, until its lists are out of date.
async fn watch_trust(trust: Arc<TrustInUse>, directory: PathBuf) {
    loop {
        actix_web::rt::time::sleep(TRUST_EVERY).await;
        let (trust, directory) = (Arc::clone(&trust), directory.clone());
        // A list of tens of megabytes takes its time.
        let reloaded = actix_web::rt::task::spawn_blocking(move || reload(&trust, &directory));
        if reloaded.await.is_err() {
            tracing::error!("reading the trust directory ended by a panic");
        }
    }
}

fn reload(trust: &TrustInUse, directory: &Path) {
    match trust::reload(directory, &trust.current()) {
        Ok(newer) => trust.replace(newer),
        Err(error) => tracing::warn!(%error, "trust directory cannot be used"),
    }
}

fn stop_on_signal(server: actix_web::dev::ServerHandle) -> Result<(), Error> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    actix_web::rt::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: requests under way are finished first");
        server.stop(true).await;
    });
    Ok(())
}

fn log_to_stderr(format: LogFormat, filter: &str) {
    let lines = tracing_subscriber::fmt()
        .with_env_filter(discreet(filter))
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().init(),
    }
}

/// The filter that was asked for, but for a library that logs the parameters of
/// each statement: those are people's data.
fn discreet(filter: &str) -> EnvFilter {
    let quiet = "tokio_postgres=warn".parse();
    quiet.map_or_else(
        |_| EnvFilter::new("info"),
        |quiet| EnvFilter::new(filter).add_directive(quiet),
    )
}
