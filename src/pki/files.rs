//! Files of a development PKI: written whole or not at all, private keys for
//! their owner alone.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::pki::{Error, pem};

/// Who may read a file.
#[derive(Clone, Copy)]
pub(super) enum Access {
    /// Everybody.
    Public,
    /// Its owner.
    Private,
}

/// Writes beside the file and moves it into place, so that nobody reads half a
/// file and a file that was readable to all does not stay so.
pub(super) fn write(path: &Path, content: &[u8], access: Access) -> Result<(), Error> {
    let mode = match access {
        Access::Public => 0o644,
        Access::Private => 0o600,
    };
    let fault = |source| file(path, source);
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    // A mode is given to new files only, so what was left over must go first.
    match fs::remove_file(&beside) {
        Err(left) if left.kind() != io::ErrorKind::NotFound => return Err(fault(left)),
        Ok(()) | Err(_) => {}
    }
    let mut open = OpenOptions::new();
    let opened = open.write(true).create_new(true).mode(mode).open(&beside);
    let written = opened.and_then(|mut file| file.write_all(content));
    written.map_err(fault)?;
    fs::rename(&beside, path).map_err(fault)
}

/// Makes the folder and those above it.
pub(super) fn folder(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(|source| file(path, source))
}

/// Writes a table as JSON.
pub(super) fn write_table(path: &Path, table: &impl Serialize) -> Result<(), Error> {
    let table = serde_json::to_string_pretty(table);
    let table = table.map_err(|source| Error::Table {
        path: path.to_owned(),
        source,
    })?;
    write(path, format!("{table}\n").as_bytes(), Access::Public)
}

/// Reads the table that [`write_table`] wrote.
pub(super) fn read_table<Table: DeserializeOwned>(path: &Path) -> Result<Table, Error> {
    let table = serde_json::from_slice(&read(path)?);
    table.map_err(|source| Error::Table {
        path: path.to_owned(),
        source,
    })
}

/// Reads one PEM block.
pub(super) fn read_pem(path: &Path, label: &str) -> Result<Vec<u8>, Error> {
    pem::decode(label, &String::from_utf8_lossy(&read(path)?))
}

/// Reads a file whole.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|source| file(path, source))
}

/// Whether a folder holds nothing; one that does not exist holds nothing.
pub(super) fn is_empty(path: &Path) -> Result<bool, Error> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(fault) => Err(file(path, fault)),
    }
}

fn file(path: &Path, source: io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        source,
    }
}
