//! `kelisim pki`: makes a development PKI, renews its revocation lists and
//! answers for it.

mod serve;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Duration, Utc};
use clap::{Args, Subcommand};
use ring::rand::SystemRandom;

use crate::cli::Error;
use crate::pki::{
    self, Addresses, Directory, Entry, Existing, Infrastructure, KeyKind, Options, Part, Purpose,
    Reissued, Responder, Standing,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a root, an issuing authority, people with keys, and revocation lists.
    Init(Init),
    /// Issue the revocation lists anew; a running `pki serve` hands them out at once.
    Crl(Crl),
    /// Answer OCSP, make time-stamps and hand out revocation lists, honestly or not.
    Serve(serve::Serve),
}

#[derive(Debug, Args)]
pub(super) struct Init {
    /// Where to write it.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Address of the local server that certificates point to for OCSP and CRL.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8889")]
    responder: String,
    /// Password of the .p12 files.
    #[arg(long, default_value = "kelisim-dev")]
    password: String,
    /// For how many days a revocation list holds.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = days())]
    crl_days: u16,
    /// Write into a directory that holds something already.
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
pub(super) struct Crl {
    /// A directory made by `pki init`.
    #[arg(long)]
    dir: PathBuf,
    /// Revoke a certificate as of now: somebody's, or that of tsa, tsa-ecdsa, tsa-gost.
    #[arg(long, value_name = "SLUG")]
    revoke: Option<String>,
    /// For how many days the lists hold.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = days())]
    crl_days: u16,
}

fn days() -> clap::builder::RangedI64ValueParser<u16> {
    clap::value_parser!(u16).range(1..=3650)
}

pub(super) fn run(command: Command, now: DateTime<Utc>) -> Result<(), Error> {
    let random = SystemRandom::new();
    match command {
        Command::Init(command) => init(&command, now, &random),
        Command::Crl(command) => crl(&command, now, &random),
        Command::Serve(command) => serve::run(&command, &random),
    }
}

fn init(command: &Init, now: DateTime<Utc>, random: &SystemRandom) -> Result<(), Error> {
    let existing = if command.force {
        Existing::Replace
    } else {
        Existing::Keep
    };
    Directory::check(&command.out, existing).map_err(refused)?;
    let options = Options {
        responder: Responder(command.responder.trim_end_matches('/').to_owned()),
        crl_lifetime: Duration::days(command.crl_days.into()),
    };
    let infrastructure = Infrastructure::generate(&options, now, random)?;
    let written = Directory::init(&command.out, &infrastructure, &command.password, existing);
    written.map_err(refused)?;
    let directory = Directory::open(&command.out, random)?;
    directory.tell_sources(Addresses::all_at(&options.responder))?;
    print(&command.out, &directory);
    Ok(())
}

fn refused(fault: pki::Error) -> Error {
    if let pki::Error::NotEmpty(path) = fault {
        Error::NotEmpty(path)
    } else {
        fault.into()
    }
}

fn crl(command: &Crl, now: DateTime<Utc>, random: &SystemRandom) -> Result<(), Error> {
    let mut directory = Directory::open(&command.dir, random)?;
    let lifetime = Duration::days(command.crl_days.into());
    for Reissued { slug, number } in directory.reissue(command.revoke.as_deref(), now, lifetime)? {
        println!("{:<19} number {number}", format!("{slug}.crl"));
    }
    Ok(())
}

fn print(path: &Path, directory: &Directory) {
    println!(
        "{:<18}{:<16}{:<16}{:<15}{:<9}name",
        "person", "role", "purpose", "key", "state"
    );
    directory.people().iter().for_each(print_entry);
    let count = directory.dwellings().len();
    println!("\n{count} dwellings; everything is in {}", path.display());
}

fn print_entry(entry: &Entry) {
    let (role, purpose) = (role(entry.role), purpose(entry.purpose));
    let (key, state) = (key(entry.key_type), state(entry.state));
    let name = format!("{} {}", entry.identity.surname, entry.identity.given_name);
    println!(
        "{:<18}{role:<16}{purpose:<16}{key:<15}{state:<9}{name}",
        entry.slug
    );
}

fn role(part: Part) -> &'static str {
    match part {
        Part::Resident => "resident",
        Part::Owner => "owner",
        Part::Organisation => "organisation",
        Part::Employee => "employee",
        Part::Operator => "operator",
        Part::Delegate => "delegate",
        Part::Representative => "representative",
        Part::Tenant => "tenant",
    }
}

fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Signing => "signing",
        Purpose::Authentication => "authentication",
    }
}

fn key(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Rsa2048 => "rsa-2048",
        KeyKind::EcdsaP256 => "ecdsa-p256",
        KeyKind::Gost2015With512 => "gost-2015-512",
        KeyKind::Rsa1024 => "rsa-1024",
    }
}

fn state(standing: Standing) -> &'static str {
    match standing {
        Standing::Valid => "valid",
        Standing::Expired => "expired",
        Standing::Revoked => "revoked",
    }
}
