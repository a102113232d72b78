//! `kelisim audit`: makes the key that seals the audit log, and looks the log over.

use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use ring::rand::SystemRandom;
use ring::signature::Ed25519KeyPair;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::Error;
use super::input::{self, ink};
use crate::domain::audit::{NotAKey, PublicKey, Signer};
use crate::flow::audit::inspect::{Against, Inspected, inspect_now};
use crate::flow::evidence::Means;
use crate::pki::pem;
use crate::remote::shipment::{BadCopies, copies};
use crate::remote::trust;
use crate::render::ink::{Ink, Tone};
use crate::store::connect::Database;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make an Ed25519 key to seal the log with, and print what verifies it.
    Key(Key),
    /// Look the whole log over and name the first row that is not what it was:
    /// exit 0 if all of it holds, 1 if not, 2 if it could not be judged.
    Verify(Verify),
}

#[derive(Debug, Args)]
pub(super) struct Key {
    /// Where to write it (PKCS#8, PEM); a file that is there is only read.
    file: PathBuf,
    /// Under which name the log is sealed: the host of the service and /audit
    /// unless `--audit-name` says otherwise.
    #[arg(long, value_name = "NAME")]
    name: String,
}

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The database of the service
    #[arg(
        long,
        env = "KELISIM_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    database_url: SecretString,

    /// Copies of checkpoints that were shipped to a file: finds out a log that
    /// was rewritten or restored
    #[arg(long, value_name = "FILE")]
    checkpoints: Option<PathBuf>,

    /// Keys that may have signed checkpoints, as `audit key` prints them, one a
    /// line; without it signatures are not verified
    #[arg(long, env = "KELISIM_AUDIT_PUBLIC_KEY", value_name = "FILE")]
    public_key: Option<PathBuf>,

    /// Directory with anchors/, by which the time-stamps over checkpoints are
    /// judged; without it they are not looked at
    #[arg(long, value_name = "DIR")]
    trust: Option<PathBuf>,

    /// By which rules: a policy by name, or a TOML file
    #[arg(long, value_name = "NAME|FILE", default_value = "national")]
    policy: String,

    /// Tell the result as JSON
    #[arg(long)]
    json: bool,
}

/// The log could not be judged, or the key could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// A file cannot be read or written.
    #[error("{0} cannot be used")]
    File(PathBuf, #[source] io::Error),
    /// A file holds no key.
    #[error("{0} holds no key that can be used")]
    Key(PathBuf, #[source] NotAKey),
    /// A file is no PEM.
    #[error("{0} holds no key")]
    Pem(PathBuf, #[source] crate::pki::Error),
    /// The system gives no chance.
    #[error("the system gives no randomness")]
    NoRandomness,
    /// The trust directory or the policy cannot be used.
    #[error(transparent)]
    Rules(#[from] input::Unusable),
    /// The shipped copies cannot be used.
    #[error(transparent)]
    Copies(#[from] BadCopies),
    /// The address of the database cannot be used.
    #[error("--database-url")]
    Database(#[from] crate::store::connect::BadAddress),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] crate::store::Error),
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] crate::flow::Error),
    /// The operating system refused.
    #[error("the operating system refused")]
    System(#[from] io::Error),
}

pub(super) fn run(command: &Command, now: DateTime<Utc>) -> Result<ExitCode, Error> {
    match command {
        Command::Key(key) => {
            println!("{}", make_key(&key.file, &key.name)?.public());
            Ok(ExitCode::SUCCESS)
        }
        Command::Verify(command) => Ok(verify(command, now)?),
    }
}

/// The key in a file, made when there is none. Only the owner may read the file.
///
/// # Errors
/// [`Unusable`] when it can neither be read nor written.
pub(super) fn make_key(path: &Path, name: &str) -> Result<Signer, Unusable> {
    let unusable = |error| Unusable::File(path.to_owned(), error);
    let mut options = OpenOptions::new();
    match options.write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new());
            let pkcs8 = pkcs8.map_err(|_| Unusable::NoRandomness)?;
            let text = pem::encode(pem::PRIVATE_KEY, pkcs8.as_ref());
            file.write_all(text.as_bytes()).map_err(unusable)?;
            file.sync_all().map_err(unusable)?;
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(unusable(error)),
    }
    let text = fs::read_to_string(path).map_err(unusable)?;
    let pkcs8 = pem::decode(pem::PRIVATE_KEY, &text);
    let pkcs8 = pkcs8.map_err(|error| Unusable::Pem(path.to_owned(), error))?;
    Signer::new(name, &pkcs8).map_err(|error| Unusable::Key(path.to_owned(), error))
}

fn verify(command: &Verify, now: DateTime<Utc>) -> Result<ExitCode, Unusable> {
    let database = Database::parse(command.database_url.expose_secret())?;
    let keys = command.public_key.as_deref().map(public_keys).transpose()?;
    let shipped = command.checkpoints.as_deref().map(copies).transpose()?;
    let against = Against {
        keys: keys.clone().unwrap_or_default(),
        shipped: shipped.clone().unwrap_or_default(),
        means: means(command, now)?,
    };
    let looked = Looked {
        signatures: keys.is_some(),
        stamps: against.means.is_some(),
        copies: shipped.map(|shipped| shipped.len()),
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let inspected = runtime.block_on(async {
        let mut connection = database.connect().await?;
        let told = inspect_now(&mut connection, against, &mut progress()).await;
        Ok::<Inspected, Unusable>(told?)
    })?;
    clear_progress();
    if command.json {
        println!("{}", as_json(&inspected, &looked));
    } else {
        println!("{}", in_words(&inspected, &looked, ink()));
    }
    Ok(match inspected.finding {
        None => ExitCode::SUCCESS,
        Some(_) => ExitCode::from(1),
    })
}

/// What besides the log itself was looked at.
struct Looked {
    signatures: bool,
    stamps: bool,
    copies: Option<usize>,
}

fn means(command: &Verify, now: DateTime<Utc>) -> Result<Option<Means>, Unusable> {
    let Some(folder) = &command.trust else {
        return Ok(None);
    };
    let trust = trust::load_with_lists(Some(folder), &[]).map_err(input::Unusable::from)?;
    Ok(Some(Means {
        trust: Arc::new(trust.anchors_only()),
        policy: input::policy(&command.policy)?,
        now,
    }))
}

fn public_keys(path: &Path) -> Result<Vec<PublicKey>, Unusable> {
    let text = fs::read_to_string(path);
    let text = text.map_err(|error| Unusable::File(path.to_owned(), error))?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let keys: Result<Vec<_>, _> = lines.map(PublicKey::parse).collect();
    let none = |keys: &Vec<_>| !keys.is_empty();
    let keys = keys.and_then(|keys| Some(keys).filter(none).ok_or(NotAKey::Public));
    keys.map_err(|error| Unusable::Key(path.to_owned(), error))
}

/// One line that is written over, for a person at a terminal.
fn progress() -> impl FnMut(u64) + Send {
    let shown = io::stderr().is_terminal();
    move |rows| {
        if shown {
            eprint!("\r{rows} rows");
        }
    }
}

fn clear_progress() {
    if io::stderr().is_terminal() {
        eprint!("\r\u{1b}[K");
    }
}

fn as_json(inspected: &Inspected, looked: &Looked) -> String {
    let finding = inspected.finding.map(|finding| {
        json!({
            "place": finding.place.to_string(),
            "fault": finding.fault.to_string(),
        })
    });
    json!({
        "holds": finding.is_none(),
        "finding": finding,
        "records": inspected.records,
        "waiting": inspected.waiting,
        "leaves": inspected.leaves,
        "checkpoints": inspected.checkpoints,
        "signatures_verified": looked.signatures,
        "time_stamps": looked.stamps.then_some(inspected.time_stamps),
    })
    .to_string()
}

fn in_words(inspected: &Inspected, looked: &Looked, ink: Ink) -> String {
    let mut lines = vec![
        format!(
            "{} records, {} of them not sealed yet",
            inspected.records, inspected.waiting
        ),
        format!(
            "{} leaves in the tree, {} checkpoints",
            inspected.leaves, inspected.checkpoints
        ),
    ];
    if !looked.signatures {
        lines.push("signatures not verified: no --public-key was given".to_owned());
    }
    lines.push(match looked.stamps {
        true => format!("{} time-stamps hold", inspected.time_stamps),
        false => "time-stamps not looked at: no --trust was given".to_owned(),
    });
    match looked.copies {
        Some(copies) => lines.push(format!("compared with {copies} copies of checkpoints")),
        None => lines.push("not compared with copies: no --checkpoints were given".to_owned()),
    }
    lines.push(match inspected.finding {
        None => ink.paint(Tone::Good, "the audit log holds"),
        Some(finding) => ink.paint(Tone::Bad, &finding.to_string()),
    });
    lines.join("\n")
}
