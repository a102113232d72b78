//! `kelisim pki serve`: the development PKI on the network, until it is told to stop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use ring::rand::SystemRandom;
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::{Error, clock};
use crate::pki::{BEHAVIOURS, Behaviour, Directory, Server, Service};

#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub(in crate::cli) struct Serve {
    /// A directory made by `pki init`.
    #[arg(long)]
    dir: PathBuf,
    /// Where to listen; the certificates point to what `pki init --responder` said.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8889")]
    listen: SocketAddr,
    /// How OCSP behaves; `--help` lists the ways.
    #[arg(long, value_name = "BEHAVIOUR", default_value = "honest")]
    ocsp: Behaviour,
    /// How the time-stamping authority behaves.
    #[arg(long, value_name = "BEHAVIOUR", default_value = "honest")]
    time_stamps: Behaviour,
    /// How the revocation lists are handed out.
    #[arg(long, value_name = "BEHAVIOUR", default_value = "honest")]
    lists: Behaviour,
}

fn after_help() -> String {
    format!(
        "Behaviours:\n  {}\n\n\
         While it runs, each service can be broken and mended by hand:\n  \
         curl -X PUT -d slow:10     http://127.0.0.1:8889/behaviour/ocsp\n  \
         curl -X PUT -d wrong-nonce http://127.0.0.1:8889/behaviour/time-stamps\n  \
         curl -X PUT -d honest      http://127.0.0.1:8889/behaviour/lists\n\n\
         Each service also has a door of its own, printed at the start. `refused` closes that \
         door; the front one stays open and resets the connection instead.\n\n\
         kelisim pki crl --dir DIR --revoke owner-1 takes effect at once.",
        BEHAVIOURS.replace("; ", "\n  ")
    )
}

pub(super) fn run(command: &Serve, random: &SystemRandom) -> Result<(), Error> {
    let directory = Directory::open(&command.dir, random)?;
    let server = Server::open(&directory, Arc::new(clock::now), command.listen)?;
    server.behave(Service::Ocsp, command.ocsp)?;
    server.behave(Service::TimeStamps, command.time_stamps)?;
    server.behave(Service::Lists, command.lists)?;
    print(&server);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Ok(runtime.block_on(told_to_stop())?)
}

fn print(server: &Server) {
    let (front, own) = (server.front(), |service| server.own(service));
    let rows = [
        ("OCSP", front.ocsp(), own(Service::Ocsp).ocsp()),
        (
            "time-stamps",
            front.time_stamps(),
            own(Service::TimeStamps).time_stamps(),
        ),
        (
            "lists",
            front.crl("issuing"),
            own(Service::Lists).crl("issuing"),
        ),
    ];
    println!("{:<14}{:<42}its own door", "service", "front door");
    for (service, front, own) in rows {
        println!("{service:<14}{front:<42}{own}");
    }
    println!("\nCtrl-C ends it; `kelisim pki serve --help` tells how to break it.");
}

async fn told_to_stop() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}
