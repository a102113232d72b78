//! `kelisim demo`: the whole service at work, played by two people with real
//! keys over real HTTP.

mod answer;
mod database;
mod failure;
mod heard;
mod keys;
mod party;
mod play;
mod portal;
mod proof;
mod refusal;
mod screen;
mod service;

use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, ValueEnum};
use secrecy::{ExposeSecret, SecretString};

use crate::domain::Language;
use crate::pki::Server;
pub(super) use failure::Failure;
use keys::Keys;
use play::Play;
use portal::Portal;
use screen::Screen;
use service::Service;

/// What `kelisim demo` is told.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// A database of the server to use; beside it the database kelisim_demo is
    /// made anew in each run, and what it held is lost
    #[arg(
        long,
        env = "KELISIM_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    database_url: SecretString,

    /// Where the test keys and the log of the service are kept
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,

    /// End after the flow: with 0 only if every step was seen to succeed
    #[arg(long)]
    once: bool,

    /// Corrupt this signature and show how it is refused; ends with 3
    #[arg(long, value_name = "SIGNATURE")]
    tamper: Option<Tamper>,

    /// Where the service listens; 127.0.0.1:8080, or another port when that is taken
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,

    /// In which language the statements are signed: kk, ru or en
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = Language::parse)]
    language: Language,
}

/// A signature that can be corrupted on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Tamper {
    /// The resident's under the application.
    Application,
    /// The owner's under the consent.
    Consent,
    /// The resident's under the login challenge.
    Login,
}

/// Sets everything up, plays, and leaves the service running unless told otherwise.
pub(super) fn run(demo: &Demo) -> Result<(), super::Error> {
    let listen = address_for(demo.listen)?;
    let mut screen = Screen::on_stdout();
    screen.title("Kelisim: one registration from end to end");
    if demo.listen.is_none() && listen != USUAL {
        screen.note(&format!(
            "{USUAL} is taken: the service listens on {listen}"
        ));
    }
    let keys = prepare_keys(demo, &mut screen)?;
    let responder = keys.serve()?;
    screen.fact(
        "responder",
        &format!("{}, OCSP and time-stamps", responder.url()),
    );
    let url = database::beside(demo.database_url.expose_secret(), DATABASE)?;
    let sources = keys.sources(&responder)?;
    let (portal, service) = open(demo, (listen, &sources), &url, &keys, &mut screen)?;
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::System)?;
    runtime.block_on(async {
        let ready = service.await_ready().await?;
        screen.fact_in("service", &format!("{}, ready", service.url()), ready);
        let play = Play {
            keys: &keys,
            service: service.url(),
            language: demo.language,
            tamper: demo.tamper,
        };
        play.perform(&mut screen, &portal).await?;
        if !demo.once {
            leave_open(&mut screen, &service, &keys, &responder);
            tokio::select! {
                ended = service.await_end() => ended?,
                () = heard::keep_hearing(&screen, &portal) => {}
            }
        }
        Ok::<(), Failure>(())
    })?;
    Ok(())
}

fn prepare_keys(demo: &Demo, screen: &mut Screen) -> Result<Keys, Failure> {
    let begun = Instant::now();
    let keys = Keys::prepare(&demo.dir.join("pki"), || {
        screen.note("making the development keys, which takes some seconds");
    })?;
    let where_from = if keys.is_new() { "made anew" } else { "reused" };
    let told = format!("{where_from}, in {}", keys.path().display());
    screen.fact_in("keys", &told, begun.elapsed());
    Ok(keys)
}

fn open(
    demo: &Demo,
    (listen, sources): (SocketAddr, &Path),
    url: &SecretString,
    keys: &Keys,
    screen: &mut Screen,
) -> Result<(Portal, Service), super::Error> {
    let begun = Instant::now();
    database::recreate(demo.database_url.expose_secret(), DATABASE)?;
    let address = crate::store::connect::Database::parse(url.expose_secret())?;
    let dwellings = super::dwellings::import(&keys.dwellings(), &address)?;
    let registers = super::registers::import(&keys.registers(), &address)?;
    let told = format!("{DATABASE}, made anew, {dwellings} dwellings in it, {registers}");
    screen.fact_in("database", &told, begun.elapsed());
    let portal = Portal::open()?;
    let told = format!("taken at {}, signatures checked", portal.url());
    screen.fact("callbacks", &told);
    let audit_key = demo.dir.join("audit.key.pem");
    let copies = demo.dir.join("checkpoints.jsonl");
    let signer = super::audit::make_key(&audit_key, &format!("{listen}/audit"))?;
    // The database is new, and so are the copies of its checkpoints.
    let _ = fs::remove_file(&copies);
    screen.fact("audit log", &format!("sealed under {}", signer.public()));
    let service = Service::start(&service::Setting {
        audit_key: &audit_key,
        copies: &copies,
        database: url,
        trust: &keys.trust()?,
        evidence: sources,
        portal: &portal,
        listen,
        log: &demo.dir.join("service.log"),
    })?;
    Ok((portal, service))
}

/// The address that was asked for, or else the usual one, or else any port.
fn address_for(asked: Option<SocketAddr>) -> Result<SocketAddr, Failure> {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let free = |address| TcpListener::bind(address)?.local_addr();
    match asked {
        Some(address) => free(address).map_err(|error| Failure::Address(address, error)),
        None => free(USUAL).or_else(|_| free(any)).map_err(Failure::System),
    }
}

fn leave_open(screen: &mut Screen, service: &Service, keys: &Keys, responder: &Server) {
    let url = service.url();
    screen.title("The service goes on running; Ctrl-C stops it");
    screen.fact("offices", url);
    screen.fact("API", &format!("{url}/api/v1"));
    screen.fact("description", &format!("{url}/api/docs/"));
    screen.fact("health", &format!("{url}/health/ready"));
    screen.fact("figures", &format!("{url}/metrics"));
    screen.fact("OCSP", &responder.front().ocsp());
    screen.fact("time-stamps", &responder.front().time_stamps());
    let people = keys.path().join("people");
    let told = format!("{}/*.p12, password {}", people.display(), keys::PASSWORD);
    screen.fact("test keys", &told);
    screen.fact("log", &service.log().display().to_string());
}

/// Where the service listens unless told otherwise.
const USUAL: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// The database of the demonstration.
const DATABASE: &str = "kelisim_demo";
