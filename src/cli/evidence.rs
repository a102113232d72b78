//! `kelisim evidence`: packages that prove registrations, written and verified.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::Error;
use super::input::{self, Unusable, ink, read};
use crate::domain::{RegistrationId, evidence};
use crate::eds::Indication;
use crate::flow::evidence::{Means, of};
use crate::remote::trust;
use crate::render;
use crate::store::connect::Database;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the package of a registration from the database.
    Export(Export),
    /// Verify a package without network or database: exit 0 if all of it holds, 1 if not,
    /// 2 if it could not be judged.
    Verify(Verify),
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// The registration.
    #[arg(long, value_name = "ID")]
    registration: Uuid,
    /// Where to write the package.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Directory with anchors/, issuers/ and crls/.
    #[arg(long, env = "KELISIM_TRUST", value_name = "DIR")]
    trust: PathBuf,
    /// A policy by name, or a TOML file.
    #[arg(long, value_name = "NAME|FILE", default_value = "national")]
    policy: String,
    /// The database of the service
    #[arg(
        long,
        env = "KELISIM_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    database_url: SecretString,
}

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The package.
    file: PathBuf,
    /// Directory with anchors/; nothing else in it is looked at.
    #[arg(long, env = "KELISIM_TRUST", value_name = "DIR")]
    trust: PathBuf,
    /// Judge as of this instant (RFC 3339) instead of now.
    #[arg(long, value_name = "TIME")]
    at: Option<DateTime<Utc>>,
    /// A policy by name, or a TOML file.
    #[arg(long, value_name = "NAME|FILE", default_value = "national")]
    policy: String,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Command, now: DateTime<Utc>) -> Result<ExitCode, Error> {
    match command {
        Command::Export(export) => self::export(export, now).map(|()| ExitCode::SUCCESS),
        Command::Verify(verify) => Ok(self::verify(verify, now)?),
    }
}

fn export(command: &Export, now: DateTime<Utc>) -> Result<(), Error> {
    let database = Database::parse(command.database_url.expose_secret())?;
    let trust = trust::load_with_lists(Some(&command.trust), &[]).map_err(Unusable::from)?;
    let means = Means {
        trust: Arc::new(trust),
        policy: input::policy(&command.policy)?,
        now,
    };
    let package = actix_web::rt::System::new().block_on(async {
        let mut connection = database.connect().await?;
        let id = RegistrationId::new(command.registration);
        of(&mut connection, id, means)
            .await
            .map_err(Error::Evidence)
    })?;
    fs::write(&command.out, package.write())?;
    Ok(())
}

fn verify(command: &Verify, now: DateTime<Utc>) -> Result<ExitCode, Unusable> {
    let policy = input::policy(&command.policy)?;
    let trust = trust::load_with_lists(Some(&command.trust), &[])?;
    let octets = read(&command.file)?;
    let now = command.at.unwrap_or(now);
    let report = evidence::verify(&octets, &trust.anchors_only(), &policy, now);
    match command.json {
        true => println!("{}", serde_json::to_string_pretty(&report)?),
        false => print!("{}", render::evidence::text(&report, ink())),
    }
    Ok(match report.indication {
        Indication::TotalPassed => ExitCode::SUCCESS,
        Indication::TotalFailed | Indication::Indeterminate => ExitCode::from(1),
    })
}
