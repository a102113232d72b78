//! What can go wrong while keys are made, certificates issued and files kept.

use std::io;
use std::path::PathBuf;

/// A fault of the development PKI.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system gave no random octets.
    #[error("no randomness from the operating system")]
    NoRandomness,
    /// An RSA key could not be made.
    #[error("cannot generate an rsa key")]
    Generation(#[source] rsa::Error),
    /// A private key is not PKCS#8 of a kind used here.
    #[error("the private key is not rsa, ecdsa p-256 or gost 34.10-2015 in pkcs#8")]
    Key,
    /// A key refused to sign.
    #[error("signing failed")]
    Signing,
    /// A certificate or revocation list that was to be read is none.
    #[error("cannot read a {0} that was to be one")]
    Unreadable(Object),
    /// A PKCS#12 file could not be written.
    #[error("cannot write a pkcs#12 file")]
    Keystore(#[from] p12_keystore::error::Error),
    /// The directory holds something already, which must not be overwritten by chance.
    #[error("{0} is not empty")]
    NotEmpty(PathBuf),
    /// A file could not be read or written.
    #[error("{path}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A table of the directory is not the JSON it was to be.
    #[error("{path} is not what a development pki keeps there")]
    Table {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// A service cannot behave so.
    #[error("this service has nothing that could be wrong in this way")]
    Unsuitable,
    /// The server could not listen or start.
    #[error("the server could not start")]
    Server(#[source] io::Error),
    /// Nobody in the directory goes by this name.
    #[error("nobody here is called {0}")]
    Nobody(String),
}

/// What an [`Error::Unreadable`] speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    /// An X.509 certificate.
    Certificate,
    /// An X.509 revocation list.
    RevocationList,
    /// A PEM block.
    Pem,
    /// A request to a responder or a time-stamping authority.
    Request,
}

impl std::fmt::Display for Object {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Object::Certificate => "certificate",
            Object::RevocationList => "revocation list",
            Object::Pem => "pem block",
            Object::Request => "request",
        })
    }
}
