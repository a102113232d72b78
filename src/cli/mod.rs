//! The commands; here alone are the clock and the environment read.

mod pki;

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand};

/// What went wrong with a command.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The development PKI could not do it.
    #[error(transparent)]
    Pki(#[from] crate::pki::Error),
    /// The directory holds something already.
    #[error("{0} is not empty: choose another directory, or --force to write over it")]
    NotEmpty(std::path::PathBuf),
}

/// Consents to registration at a place of stay, signed, verified and provable.
#[derive(Debug, Parser)]
#[command(name = "kelisim", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The development PKI: keys and certificates for the demonstration and for tests.
    #[command(subcommand)]
    Pki(pki::Command),
}

/// Runs the command that the arguments name. Fails as the command does;
/// arguments it cannot read end the process with the usage.
pub fn run() -> Result<(), Error> {
    match Cli::parse().command {
        Command::Pki(command) => pki::run(command, now()),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the clock"
)]
fn now() -> DateTime<Utc> {
    DateTime::from(SystemTime::now())
}
