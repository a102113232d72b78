//! The commands; here alone are the clock and the environment read.

mod audit;
mod cert;
mod clock;
mod demo;
mod dwellings;
mod evidence;
mod input;
mod pki;
mod registers;
mod serve;
mod trust;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What went wrong with a command.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The settings cannot be used.
    #[error(transparent)]
    Settings(#[from] crate::config::Faults),
    /// The address of the database cannot be used.
    #[error("--database-url")]
    Database(#[from] crate::store::connect::BadAddress),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] crate::store::Error),
    /// The file of dwellings cannot be used.
    #[error(transparent)]
    Dwellings(#[from] dwellings::BadFile),
    /// The file of registers cannot be used.
    #[error(transparent)]
    Registers(#[from] registers::BadFile),
    /// Figures cannot be gathered.
    #[error("cannot gather figures")]
    Metrics(#[from] metrics_exporter_prometheus::BuildError),
    /// The callback client cannot be made.
    #[error(transparent)]
    Callbacks(#[from] crate::remote::http::NoClient),
    /// The stored revocation lists cannot be had.
    #[error(transparent)]
    Flow(#[from] crate::flow::Error),
    /// The operating system refused.
    #[error("the operating system refused")]
    System(#[from] std::io::Error),
    /// The development PKI could not do it.
    #[error(transparent)]
    Pki(#[from] crate::pki::Error),
    /// The demonstration did not come to its good end.
    #[error(transparent)]
    Demo(#[from] demo::Failure),
    /// A file or a setting of a verification cannot be used.
    #[error(transparent)]
    Unusable(#[from] input::Unusable),
    /// A package cannot be put together.
    #[error(transparent)]
    Evidence(crate::flow::Error),
    /// The audit log could not be judged, or its key not be made.
    #[error(transparent)]
    Audit(#[from] audit::Unusable),
    /// The directory holds something already.
    #[error("{0} is not empty: choose another directory, or --force to write over it")]
    NotEmpty(std::path::PathBuf),
}

impl Error {
    /// The exit code of the program.
    pub fn exit_code(&self) -> u8 {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "all others are failures like any other"
        )]
        match self {
            Self::Demo(failure) => failure.exit_code(),
            // No verdict was reached: what was asked for cannot be done.
            Self::Unusable(_) | Self::Audit(_) => 2,
            _ => 1,
        }
    }
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
    /// Serve people and programs over HTTP, and tell the portal.
    Serve(Box<crate::config::Options>),
    /// Show the whole service at work: two people, real keys, one registration.
    Demo(demo::Demo),
    /// Verify a signature: exit 0 if all of it holds, 1 if not, 2 if it could not be judged.
    Verify(verify::Verify),
    /// Packages that prove registrations.
    #[command(subcommand)]
    Evidence(evidence::Command),
    /// Look into a certificate.
    #[command(subcommand)]
    Cert(cert::Command),
    /// Look after the trust anchors.
    #[command(subcommand)]
    Trust(trust::Command),
    /// The embedded real-estate register: who owns which dwelling.
    #[command(subcommand)]
    Dwellings(dwellings::Command),
    /// The embedded registers of people, powers of attorney and leases of state housing.
    #[command(subcommand)]
    Registers(registers::Command),
    /// The audit log: the key that seals it, and whether all of it holds.
    #[command(subcommand)]
    Audit(audit::Command),
    /// The development PKI: keys and certificates for the demonstration and for tests.
    #[command(subcommand)]
    Pki(pki::Command),
}

/// Runs the command that the arguments name. Fails as the command does;
/// arguments it cannot read end the process with the usage.
pub fn run() -> Result<ExitCode, Error> {
    let done = |()| ExitCode::SUCCESS;
    match Cli::parse().command {
        Command::Serve(options) => serve::run(&options).map(done),
        Command::Demo(options) => demo::run(&options).map(done),
        Command::Dwellings(command) => dwellings::run(&command).map(done),
        Command::Registers(command) => registers::run(&command).map(done),
        Command::Pki(command) => pki::run(command, clock::now()).map(done),
        Command::Verify(command) => Ok(verify::run(&command, clock::now())?),
        Command::Evidence(command) => evidence::run(&command, clock::now()),
        Command::Audit(command) => audit::run(&command, clock::now()),
        Command::Cert(command) => Ok(cert::run(&command)?),
        Command::Trust(command) => Ok(trust::run(&command, clock::now())?),
    }
}
