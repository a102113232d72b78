//! `kelisim cert`: says what stands in a certificate.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::input::{Unusable, ink, read};
use crate::eds::{Numbers, Summary, unarmoured_certificate};
use crate::render::certificate;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show whom it names, what its key may do, and its fingerprints.
    Show(Show),
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// The certificate in DER, PEM or base64.
    file: PathBuf,
    /// Write identification numbers out.
    #[arg(long)]
    reveal: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Command) -> Result<ExitCode, Unusable> {
    let Command::Show(show) = command;
    let numbers = if show.reveal {
        Numbers::Shown
    } else {
        Numbers::Masked
    };
    let octets = read(&show.file)?;
    let summary = unarmoured_certificate(&octets)
        .and_then(|der| Summary::read(&der, numbers))
        .map_err(|fault| Unusable::Form(show.file.clone(), fault))?;
    if show.json {
        println!("{}", serde_json::to_string_pretty(&summary)?);
    } else {
        print!("{}", certificate::text(&summary, ink()));
    }
    Ok(ExitCode::SUCCESS)
}
