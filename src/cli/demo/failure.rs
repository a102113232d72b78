//! How a demonstration can end other than well.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use super::Tamper;

/// Why the demonstration did not come to its good end.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The operating system refused.
    #[error("the operating system refused")]
    System(#[source] io::Error),
    /// A file could not be written.
    #[error("{0}")]
    File(PathBuf, #[source] io::Error),
    /// The address is taken or not of this machine.
    #[error("cannot listen on {0}")]
    Address(SocketAddr, #[source] io::Error),
    /// The keys cannot be made or read.
    #[error("the development pki")]
    Keys(#[from] crate::pki::Error),
    /// Nobody to ask owns a dwelling alone.
    #[error("the development pki has no dwelling that belongs to its first owner alone")]
    NoDwelling,
    /// The address of the database cannot be used.
    #[error("--database-url")]
    Database(#[from] crate::store::connect::BadAddress),
    /// The database cannot be made anew.
    #[error("the database of the demonstration")]
    Store(#[from] crate::store::Error),
    /// The service ended.
    #[error("the service has ended; the end of {}:\n{end}", log.display())]
    Ended {
        /// Where its log is.
        log: PathBuf,
        /// The last lines of it.
        end: String,
    },
    /// The service does not come up.
    #[error("the service is not ready; its log is {}", .0.display())]
    NotReady(PathBuf),
    /// The service does not answer.
    #[error("the service does not answer")]
    NoAnswer(#[from] reqwest::Error),
    /// An answer is another than it must be.
    #[error("{step}: {answer}")]
    Unexpected {
        /// In which step.
        step: &'static str,
        /// What came instead.
        answer: String,
    },
    /// The callbacks are not what they must be.
    #[error("callbacks: {0}")]
    Callbacks(String),
    /// The signature that was corrupted was refused, as it must be.
    #[error("refused, as it must be: the corrupted signature under the {what} does not count ({code})", what = name(*.0), code = .1)]
    Tampered(Tamper, String),
    /// A corrupted signature counted.
    #[error("the corrupted signature under the {} counted", name(*.0))]
    Counted(Tamper),
}

impl Failure {
    /// The exit code of the program: 3 when a corrupted signature was refused.
    pub(in crate::cli) fn exit_code(&self) -> u8 {
        if matches!(self, Self::Tampered(..)) {
            3
        } else {
            1
        }
    }
}

fn name(tamper: Tamper) -> &'static str {
    match tamper {
        Tamper::Application => "application",
        Tamper::Consent => "consent",
        Tamper::Login => "login challenge",
    }
}
