//! What verifications are given on the command line: files and the name of a policy.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use crate::eds::{Fault, NotAPolicy, Policy};
use crate::remote::trust::BadTrust;
use crate::render::ink::Ink;

/// A larger file is not read: the verifier would refuse it.
const LARGEST: u64 = 256 * 1024 * 1024;

/// A file or a setting cannot be used, so nothing was judged.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The file cannot be read.
    #[error("{0} cannot be read")]
    File(PathBuf, #[source] io::Error),
    /// The file is larger than anything that is judged.
    #[error("{0} is too large")]
    TooLarge(PathBuf),
    /// The file is no certificate, or no answer of a responder.
    #[error("{0} cannot be used")]
    Form(PathBuf, #[source] Fault),
    /// The trust directory cannot be used.
    #[error(transparent)]
    Trust(#[from] BadTrust),
    /// There is no policy of this name, and no such file.
    #[error("there is no policy {0}: national, national-test, national-login, generic or a file")]
    NoPolicy(String),
    /// The file holds no policy.
    #[error("{0} holds no policy")]
    Policy(PathBuf, #[source] NotAPolicy),
    /// The report cannot be written as JSON.
    #[error("the report cannot be written")]
    Json(#[from] serde_json::Error),
}

/// Reads a file whole.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Unusable> {
    let unreadable = |error| Unusable::File(path.to_owned(), error);
    if fs::metadata(path).map_err(unreadable)?.len() > LARGEST {
        return Err(Unusable::TooLarge(path.to_owned()));
    }
    fs::read(path).map_err(unreadable)
}

/// A policy of ours by its name, or one from a TOML file.
pub(super) fn policy(name: &str) -> Result<Policy, Unusable> {
    if let Some(policy) = Policy::named(name) {
        return Ok(policy);
    }
    let path = Path::new(name);
    if !path.is_file() {
        return Err(Unusable::NoPolicy(name.to_owned()));
    }
    let text = String::from_utf8_lossy(&read(path)?).into_owned();
    Policy::from_toml(&text).map_err(|error| Unusable::Policy(path.to_owned(), error))
}

/// Colours for a person at a terminal, none for files and pipes.
pub(super) fn ink() -> Ink {
    if io::stdout().is_terminal() {
        Ink::Colours
    } else {
        Ink::None
    }
}
