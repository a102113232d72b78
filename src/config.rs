//! The settings of the service: flags and environment in, parsed values out,
//! every fault reported at once.

mod keeper;
mod rules;

use std::fmt;
use std::fs;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::TimeDelta;
use clap::{Args, ValueEnum};
use secrecy::SecretString;

use crate::domain::audit::Signer;
use crate::eds::{Policy, Trust};
use crate::flow::Settings;
use crate::pki::pem;
use crate::remote::shipment::{BadDestination, Destination};
use crate::remote::sources::Sources;
use crate::remote::trust;
use crate::remote::webhook::{Endpoint, PlainHttp, Seal};
use crate::store::connect::{Database, PoolSize};
use crate::web::Limits;
pub use keeper::KeeperArguments;
pub use rules::RuleArguments;

/// What `kelisim serve` is told. Each flag has a variable of the environment,
/// which is the better place for secrets.
#[derive(Debug, Args)]
pub struct Options {
    /// PostgreSQL 15 or later: postgres://user:password@host/database, with
    /// sslmode=verify-full&sslrootcert=FILE over a network
    #[arg(
        long,
        env = "KELISIM_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    database_url: SecretString,

    /// Directory with anchors/, issuers/ and crls/ (PEM or DER)
    #[arg(long, env = "KELISIM_TRUST", value_name = "DIR")]
    trust: PathBuf,

    /// TOML file with the responders and time-stamp authorities to ask
    #[arg(long, env = "KELISIM_EVIDENCE", value_name = "FILE")]
    evidence: PathBuf,

    /// Address to listen on
    #[arg(
        long,
        env = "KELISIM_LISTEN",
        value_name = "ADDR",
        default_value = "127.0.0.1:8080"
    )]
    listen: String,

    /// Address under which people reach the service, as browsers name it;
    /// http://ADDR when absent
    #[arg(long, env = "KELISIM_ORIGIN", value_name = "URL")]
    origin: Option<String>,

    /// Let people open a key file in the browser: for the development PKI alone
    #[arg(long, env = "KELISIM_KEY_FILES_IN_BROWSER")]
    key_files_in_browser: bool,

    /// Where the portal takes callbacks; without it they wait in the outbox
    #[arg(long, env = "KELISIM_PORTAL_URL", value_name = "URL")]
    portal_url: Option<String>,

    /// Secret shared with the portal: whsec_ and 24 to 64 bytes in base64
    #[arg(
        long,
        env = "KELISIM_PORTAL_SECRET",
        value_name = "SECRET",
        hide_env_values = true
    )]
    portal_secret: Option<SecretString>,

    /// The Ed25519 key that seals the audit log (PKCS#8, PEM); `kelisim audit key`
    /// makes one
    #[arg(long, env = "KELISIM_AUDIT_KEY", value_name = "FILE")]
    audit_key: PathBuf,

    /// Under which name the audit log is sealed; the host of the origin and
    /// /audit when absent
    #[arg(long, env = "KELISIM_AUDIT_NAME", value_name = "NAME")]
    audit_name: Option<String>,

    /// Where copies of the audit log's checkpoints go: file:PATH or https://...;
    /// may be given several times, or with commas between
    #[arg(
        long,
        env = "KELISIM_AUDIT_SHIP",
        value_name = "WHERE",
        value_delimiter = ','
    )]
    audit_ship: Vec<String>,

    /// Secret shared with the state register, which signs its answers with it:
    /// whsec_ and 24 to 64 bytes in base64; without it none are taken
    #[arg(
        long,
        env = "KELISIM_STATE_REGISTER_SECRET",
        value_name = "SECRET",
        hide_env_values = true
    )]
    state_register_secret: Option<SecretString>,

    #[command(flatten)]
    rules: RuleArguments,

    #[command(flatten)]
    keeper: KeeperArguments,

    /// Threads that serve; one for each processor when absent
    #[arg(long, env = "KELISIM_THREADS", value_name = "N")]
    threads: Option<usize>,

    /// Database connections of each thread
    #[arg(
        long,
        env = "KELISIM_CONNECTIONS",
        value_name = "N",
        default_value_t = 8
    )]
    connections: usize,

    /// Requests a second that one address may make; 0 for no limit
    #[arg(
        long,
        env = "KELISIM_REQUESTS_PER_SECOND",
        value_name = "N",
        default_value_t = 50
    )]
    requests_per_second: u32,

    /// Certificates a minute that one address may verify by their codes, and as many
    /// at once; 0 for no limit but that on requests
    #[arg(
        long,
        env = "KELISIM_VERIFICATIONS_PER_MINUTE",
        value_name = "N",
        default_value_t = 10
    )]
    verifications_per_minute: u32,

    /// How log lines look
    #[arg(
        long,
        env = "KELISIM_LOG_FORMAT",
        value_name = "FORMAT",
        default_value = "text"
    )]
    log_format: LogFormat,

    /// Which log lines are written: a level, or target=level pairs
    #[arg(
        long,
        env = "KELISIM_LOG",
        value_name = "FILTER",
        default_value = "info"
    )]
    log: String,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

/// Everything parsed.
pub struct Config {
    /// The database.
    pub database: Database,
    /// Database connections of each thread.
    pub connections: PoolSize,
    /// Where the trust came from, to look again.
    pub trust_directory: PathBuf,
    /// Whom we trust.
    pub trust: Trust,
    /// Whom to ask for evidence.
    pub sources: Sources,
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Where the portal takes callbacks.
    pub portal: Option<Endpoint>,
    /// Signs the checkpoints of the audit log.
    pub audit_signer: Signer,
    /// Where copies of them go.
    pub audit_destinations: Vec<Destination>,
    /// Threads that serve.
    pub threads: usize,
    /// How often one address may ask.
    pub limits: Limits,
    /// What the steps are told.
    pub settings: Arc<Settings>,
}

/// Every setting that cannot be used.
#[derive(Debug)]
pub struct Faults(Vec<String>);

impl std::error::Error for Faults {}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings cannot be used")?;
        for fault in &self.0 {
            write!(f, "\n  {fault}")?;
        }
        Ok(())
    }
}

impl Options {
    /// How log lines look, and which are written.
    pub fn log(&self) -> (LogFormat, &str) {
        (self.log_format, &self.log)
    }

    /// Parses every setting; `processors` is how many this machine has.
    ///
    /// # Errors
    /// [`Faults`] with all of them that cannot be used.
    pub fn parse(&self, processors: usize) -> Result<Config, Faults> {
        use secrecy::ExposeSecret;
        let mut faults = Vec::new();
        let url = self.database_url.expose_secret();
        let database = keep(&mut faults, "--database-url", Database::parse(url));
        let trust = keep(&mut faults, "--trust", trust::load(&self.trust));
        let sources = keep(&mut faults, "--evidence", self.sources());
        let listen = keep(&mut faults, "--listen", self.listen.parse::<SocketAddr>());
        let portal = keep(&mut faults, "--portal-url", self.portal());
        let audit = self.audit(&mut faults);
        let shared = portal.as_ref().and_then(Option::as_ref);
        let settings = self.settings(shared.map(Endpoint::seal), &mut faults);
        let (Some(database), Some(trust), Some(sources)) = (database, trust, sources) else {
            return Err(Faults(faults));
        };
        match (listen, settings, portal, audit) {
            (
                Some(listen),
                Some(settings),
                Some(portal),
                Some((audit_signer, audit_destinations)),
            ) => Ok(Config {
                database,
                connections: PoolSize(self.connections.max(1)),
                trust_directory: self.trust.clone(),
                trust,
                sources,
                listen,
                portal,
                audit_signer,
                audit_destinations,
                threads: self.threads.unwrap_or(processors).max(1),
                limits: self.limits(),
                settings: Arc::new(settings),
            }),
            _ => Err(Faults(faults)),
        }
    }

    fn settings(&self, portal: Option<&Seal>, faults: &mut Vec<String>) -> Option<Settings> {
        let origin = keep(faults, "--origin", self.origin());
        let keeper = keep(faults, "--organisation-bin", self.keeper.keeper());
        let centres = keep(faults, "--service-centre", self.rules.centres());
        let administrators = keep(faults, "--administrator", self.keeper.administrators());
        let quotas = keep(faults, "--quotas", self.rules.quotas());
        let secret = self.state_register_secret.as_ref();
        let register = secret.map(Seal::new).transpose();
        let register = keep(faults, "--state-register-secret", register);
        Some(Settings {
            origin: origin?,
            key_files_in_browser: self.key_files_in_browser,
            keeper: keeper?,
            challenge_window: TimeDelta::seconds(120),
            session_idle: Settings::SESSION_IDLE,
            session_length: Settings::SESSION_LENGTH,
            rules: self.rules.rules(),
            centres: centres?,
            administrators: administrators?,
            quotas: quotas?,
            portal: portal.cloned(),
            state_register: register?,
            document_policy: Policy::lasting(),
            organisation_policy: Policy::organisation_lasting(),
            operator_policy: Policy::operator_lasting(),
            login_policy: Policy::login(),
        })
    }

    fn limits(&self) -> Limits {
        let Some(rate) = NonZeroU32::new(self.requests_per_second) else {
            return Limits::none();
        };
        let limits = Limits::new(rate, rate.saturating_mul(NonZeroU32::MIN.saturating_add(1)));
        match NonZeroU32::new(self.verifications_per_minute) {
            Some(rate) => limits.with_verifications(rate),
            None => limits,
        }
    }

    /// Without somebody who stamps no signature could ever count.
    fn sources(&self) -> Result<Sources, String> {
        let sources = Sources::load(&self.evidence).map_err(|error| error.to_string())?;
        match sources.stampers.is_empty() {
            true => Err("names no time-stamp authority".to_owned()),
            false => Ok(sources),
        }
    }

    /// Scheme, host and port, without anything behind.
    fn origin(&self) -> Result<String, &'static str> {
        let origin = match &self.origin {
            Some(origin) => origin.clone(),
            None => format!("http://{}", self.listen),
        };
        let host = origin
            .strip_prefix("https://")
            .or_else(|| origin.strip_prefix("http://"));
        match host {
            Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']) => {
                Ok(origin)
            }
            Some(_) | None => Err("must be http:// or https:// and a host, nothing behind"),
        }
    }

    fn audit(&self, faults: &mut Vec<String>) -> Option<(Signer, Vec<Destination>)> {
        let destinations = self.audit_ship.iter();
        let destinations: Result<Vec<Destination>, BadDestination> =
            destinations.map(|text| Destination::parse(text)).collect();
        let signer = keep(faults, "--audit-key", self.audit_signer());
        let destinations = keep(faults, "--audit-ship", destinations);
        signer.zip(destinations)
    }

    fn audit_signer(&self) -> Result<Signer, String> {
        let text = fs::read_to_string(&self.audit_key).map_err(|error| error.to_string())?;
        let key = pem::decode(pem::PRIVATE_KEY, &text).map_err(|error| error.to_string())?;
        let name = self.audit_name()?;
        Signer::new(&name, &key).map_err(|error| error.to_string())
    }

    fn audit_name(&self) -> Result<String, &'static str> {
        if let Some(name) = &self.audit_name {
            return Ok(name.clone());
        }
        let origin = self.origin()?;
        let host = origin.split_once("://").map(|(_, host)| host);
        Ok(format!("{}/audit", host.unwrap_or_default()))
    }

    fn portal(&self) -> Result<Option<Endpoint>, String> {
        match (&self.portal_url, &self.portal_secret) {
            (None, None) => Ok(None),
            (Some(url), Some(secret)) => Endpoint::new(url, secret, PlainHttp::Loopback)
                .map(Some)
                .map_err(|error| error.to_string()),
            (Some(_), None) => Err("needs --portal-secret as well".to_owned()),
            (None, Some(_)) => Err("is missing beside --portal-secret".to_owned()),
        }
    }
}

fn keep<T, E: fmt::Display>(
    faults: &mut Vec<String>,
    flag: &str,
    result: Result<T, E>,
) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            faults.push(format!("{flag}: {error}"));
            None
        }
    }
}
