//! Trust anchors, issuers and revocation lists, as files that somebody else writes.

use std::fs;
use std::path::{Path, PathBuf};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::eds::{Trust, TrustError};

/// The folders of a trust directory.
const FOLDERS: [(Kind, &str); 3] = [
    (Kind::Anchor, "anchors"),
    (Kind::Issuer, "issuers"),
    (Kind::List, "crls"),
];

/// The largest file that is read: a full list of a national authority has tens
/// of megabytes.
const LARGEST: u64 = 256 * 1024 * 1024;

/// A trust directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadTrust {
    /// A file or folder cannot be read.
    #[error("{0} cannot be read")]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// A file is larger than any certificate or list.
    #[error("{0} is too large")]
    TooLarge(PathBuf),
    /// A file that should be PEM is none.
    #[error("{0} is no PEM")]
    NotPem(PathBuf),
    /// Nobody is trusted, so no signature could ever count.
    #[error("{0} holds no trust anchor")]
    NoAnchor(PathBuf),
    /// A file holds something else than its folder says.
    #[error("{1} cannot be used: {0}")]
    Unusable(TrustError, PathBuf),
}

/// What a folder of a trust directory holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `anchors/`: certificates that are trusted without a reason.
    Anchor,
    /// `issuers/`: certificates between an anchor and people's.
    Issuer,
    /// `crls/`: revocation lists.
    List,
}

/// One file of a trust directory.
#[derive(Debug)]
pub struct File {
    /// In which folder it lies.
    pub kind: Kind,
    /// Where it lies.
    pub path: PathBuf,
    /// Its content in what claims to be DER.
    pub der: Result<Vec<u8>, BadTrust>,
}

/// Reads `anchors/`, `issuers/` and `crls/` of a directory: certificates in PEM
/// or DER, lists in DER or PEM. Only `anchors/` must hold something.
///
/// # Errors
/// [`BadTrust`] names the first file that cannot be used.
pub fn load(directory: &Path) -> Result<Trust, BadTrust> {
    load_with_lists(Some(directory), &[])
}

/// The trust of a directory that was loaded before: it keeps its memory, and a
/// large list that has not changed is not read again.
///
/// # Errors
/// [`BadTrust`] names the first file that cannot be used.
pub fn reload(directory: &Path, before: &Trust) -> Result<Trust, BadTrust> {
    let files = files(directory)?;
    demand_anchor(directory, &files)?;
    trust(files, |anchors, issuers, lists| {
        before.renewed(anchors, issuers, lists)
    })
}

/// The trust of a directory, or in nobody, with further revocation lists.
///
/// # Errors
/// [`BadTrust`] names the first file that cannot be used.
pub fn load_with_lists(directory: Option<&Path>, lists: &[PathBuf]) -> Result<Trust, BadTrust> {
    let lists = lists.iter().map(|path| read_file(Kind::List, path.clone()));
    let Some(directory) = directory else {
        return trust(lists.collect(), remembering);
    };
    let mut files = files(directory)?;
    demand_anchor(directory, &files)?;
    files.extend(lists);
    trust(files, remembering)
}

/// Every file of a trust directory, whether it can be read or not, in the order
/// of folders and names.
///
/// # Errors
/// [`BadTrust::Unreadable`] when a folder cannot be listed.
pub fn files(directory: &Path) -> Result<Vec<File>, BadTrust> {
    let [anchors, issuers, lists] =
        FOLDERS.map(|(kind, folder)| read_folder(kind, &directory.join(folder)));
    Ok([anchors?, issuers?, lists?].into_iter().flatten().collect())
}

fn demand_anchor(directory: &Path, files: &[File]) -> Result<(), BadTrust> {
    let any = files.iter().any(|file| file.kind == Kind::Anchor);
    any.then_some(())
        .ok_or_else(|| BadTrust::NoAnchor(directory.join("anchors")))
}

fn remembering(anchors: &[&[u8]], issuers: &[&[u8]], lists: &[&[u8]]) -> Result<Trust, TrustError> {
    let trust = Trust::new(anchors, issuers, lists);
    trust.map(|trust| trust.remembering(REMEMBERED))
}

fn trust(
    files: Vec<File>,
    read: impl FnOnce(&[&[u8]], &[&[u8]], &[&[u8]]) -> Result<Trust, TrustError>,
) -> Result<Trust, BadTrust> {
    let [mut anchors, mut issuers, mut lists] = [const { Vec::new() }; 3];
    for file in files {
        let read = (file.path, file.der?);
        match file.kind {
            Kind::Anchor => anchors.push(read),
            Kind::Issuer => issuers.push(read),
            Kind::List => lists.push(read),
        }
    }
    let trust = read(&octets(&anchors), &octets(&issuers), &octets(&lists));
    trust.map_err(|error| {
        let file = match error {
            TrustError::Anchor(place) => anchors.get(place),
            TrustError::Intermediate(place) => issuers.get(place),
            TrustError::Crl(place) => lists.get(place),
        };
        let path = file.map(|(path, _)| path.clone()).unwrap_or_default();
        BadTrust::Unusable(error, path)
    })
}

fn octets(files: &[(PathBuf, Vec<u8>)]) -> Vec<&[u8]> {
    files.iter().map(|(_, der)| der.as_slice()).collect()
}

/// How many signatures on certificates and lists are remembered: at about a
/// hundred octets each, two megabytes.
const REMEMBERED: usize = 20_000;

fn read_folder(kind: Kind, folder: &Path) -> Result<Vec<File>, BadTrust> {
    let unreadable = |error| BadTrust::Unreadable(folder.to_owned(), error);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(unreadable)?.path();
        if is_ours(&path) {
            paths.push(path);
        }
    }
    // The same files in another order of the directory are the same trust.
    paths.sort();
    let read = |path| read_file(kind, path);
    Ok(paths.into_iter().map(read).collect())
}

fn is_ours(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("pem" | "cer" | "crt" | "der" | "crl"))
}

fn read_file(kind: Kind, path: PathBuf) -> File {
    let der = read_der(&path);
    File { kind, path, der }
}

/// One file in what claims to be DER.
pub(super) fn read_der(path: &Path) -> Result<Vec<u8>, BadTrust> {
    let unreadable = |error| BadTrust::Unreadable(path.to_owned(), error);
    let size = fs::metadata(path).map_err(unreadable)?.len();
    if size > LARGEST {
        return Err(BadTrust::TooLarge(path.to_owned()));
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    if bytes.starts_with(b"-----BEGIN") {
        from_pem(&bytes).ok_or_else(|| BadTrust::NotPem(path.to_owned()))
    } else {
        Ok(bytes)
    }
}

fn from_pem(bytes: &[u8]) -> Option<Vec<u8>> {
    use rustls::pki_types::CertificateRevocationListDer;
    let certificate = CertificateDer::from_pem_slice(bytes).map(|der| der.to_vec());
    let list = || CertificateRevocationListDer::from_pem_slice(bytes).map(|der| der.to_vec());
    certificate.or_else(|_| list()).ok()
}
