//! Trust anchors, issuers and revocation lists, as files that somebody else writes.

use std::fs;
use std::path::{Path, PathBuf};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::eds::{Trust, TrustError};

/// The folders of a trust directory.
const FOLDERS: [&str; 3] = ["anchors", "issuers", "crls"];

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

/// Reads `anchors/`, `issuers/` and `crls/` of a directory: certificates in PEM
/// or DER, lists in DER or PEM. Only `anchors/` must hold something.
///
/// # Errors
/// [`BadTrust`] names the first file that cannot be used.
pub fn load(directory: &Path) -> Result<Trust, BadTrust> {
    let [anchors, issuers, crls] = FOLDERS.map(|folder| read_folder(&directory.join(folder)));
    let (anchors, issuers, crls) = (anchors?, issuers?, crls?);
    if anchors.is_empty() {
        return Err(BadTrust::NoAnchor(directory.join("anchors")));
    }
    let bytes =
        |files: &[File]| -> Vec<Vec<u8>> { files.iter().map(|file| file.der.clone()).collect() };
    Trust::new(&bytes(&anchors), &bytes(&issuers), &bytes(&crls)).map_err(|error| {
        let file = match error {
            TrustError::Anchor(place) => anchors.get(place),
            TrustError::Intermediate(place) => issuers.get(place),
            TrustError::Crl(place) => crls.get(place),
        };
        let path = file.map_or_else(|| directory.to_owned(), |file| file.path.clone());
        BadTrust::Unusable(error, path)
    })
}

struct File {
    path: PathBuf,
    der: Vec<u8>,
}

fn read_folder(folder: &Path) -> Result<Vec<File>, BadTrust> {
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
    paths.into_iter().map(read_file).collect()
}

fn is_ours(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("pem" | "cer" | "crt" | "der" | "crl"))
}

fn read_file(path: PathBuf) -> Result<File, BadTrust> {
    let unreadable = |error| BadTrust::Unreadable(path.clone(), error);
    let size = fs::metadata(&path).map_err(unreadable)?.len();
    if size > LARGEST {
        return Err(BadTrust::TooLarge(path));
    }
    let bytes = fs::read(&path).map_err(unreadable)?;
    let der = if bytes.starts_with(b"-----BEGIN") {
        from_pem(&bytes).ok_or_else(|| BadTrust::NotPem(path.clone()))?
    } else {
        bytes
    };
    Ok(File { path, der })
}

fn from_pem(bytes: &[u8]) -> Option<Vec<u8>> {
    use rustls::pki_types::CertificateRevocationListDer;
    let certificate = CertificateDer::from_pem_slice(bytes).map(|der| der.to_vec());
    let list = || CertificateRevocationListDer::from_pem_slice(bytes).map(|der| der.to_vec());
    certificate.or_else(|_| list()).ok()
}
