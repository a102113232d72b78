//! `kelisim verify`: says of a file whether the signatures in it hold.

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Args;

use super::input::{self, Unusable, ink, read};
use crate::eds::{Container, Content, Indication, Moment, Trust, ocsp};
use crate::remote::trust;
use crate::render::verdict;

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The signature: CMS in DER, PEM or base64, or a signed XML document.
    file: PathBuf,
    /// What was signed, when it is not in the file.
    #[arg(long, value_name = "FILE")]
    content: Option<PathBuf>,
    /// Directory with anchors/, issuers/ and crls/; without it nobody is trusted.
    #[arg(long, env = "KELISIM_TRUST", value_name = "DIR")]
    trust: Option<PathBuf>,
    /// A further revocation list, in DER or PEM.
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,
    /// An answer of a certificate status responder, in DER.
    #[arg(long, value_name = "FILE")]
    ocsp: Vec<PathBuf>,
    /// Judge as of this instant (RFC 3339) instead of now.
    #[arg(long, value_name = "TIME")]
    at: Option<DateTime<Utc>>,
    /// national, national-fresh, national-lasting, national-organisation-lasting, national-operator-lasting, national-test, national-login, generic, or a TOML file.
    #[arg(long, value_name = "NAME|FILE", default_value = "national")]
    policy: String,
    /// Print the reports as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Verify, now: DateTime<Utc>) -> Result<ExitCode, Unusable> {
    let policy = input::policy(&command.policy)?;
    let trust = trust(command)?;
    let file = read(&command.file)?;
    let content = command.content.as_deref().map(read).transpose()?;
    let content = content
        .as_deref()
        .map_or(Content::Attached, Content::Detached);
    let moment = Moment::at(command.at.unwrap_or(now));
    let validation = Container::of(&file).validate(content, &trust, &policy, moment);
    if command.json {
        println!("{}", serde_json::to_string_pretty(&validation)?);
    } else {
        print!("{}", verdict::text(&validation, ink()));
    }
    Ok(match validation.indication {
        Indication::TotalPassed => ExitCode::SUCCESS,
        Indication::TotalFailed | Indication::Indeterminate => ExitCode::from(1),
    })
}

/// Anchors and issuers of the directory, with the evidence given beside it.
fn trust(command: &Verify) -> Result<Trust, Unusable> {
    let trust = trust::load_with_lists(command.trust.as_deref(), &command.crl)?;
    let response = |path: &PathBuf| {
        let der = read(path)?;
        ocsp::Response::read(&der).map_err(|fault| Unusable::Form(path.clone(), fault))
    };
    let responses: Vec<_> = command
        .ocsp
        .iter()
        .map(response)
        .collect::<Result<_, _>>()?;
    Ok(trust.with_responses(responses))
}
