//! Packages of evidence: ASiC-E containers (ETSI EN 319 162-1) that prove for
//! years what was signed, by whom and when.
//!
//! A package has exactly one form of octets: what is read is written again and
//! must come out the same. Whatever else a zip archive may hold, comments, gaps,
//! second copies, streams, encryption, sizes that lie, is therefore refused
//! without a rule of its own, and a flipped bit anywhere is found.
//!
//! Every file but `mimetype` and `META-INF` is listed with its digest in
//! `META-INF/ASiCManifest.xml`, over which a time-stamp stands. Later stamps
//! stand over `META-INF/ASiCArchiveManifest.xml`, which lists everything before
//! it, the older manifests and stamps included: see [`Package::to_stamp`].
//!
//! ```
//! use kelisim::eds::asic::Package;
//! let package = Package::new([("report.json".to_owned(), b"{}".to_vec())])?;
//! let octets = package.write();
//! assert_eq!(Package::read(&octets)?.file("report.json"), Some(&b"{}"[..]));
//! # Ok::<(), kelisim::eds::asic::Broken>(())
//! ```

mod archive;
mod manifest;
mod stamps;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::{Digest, DigestName};

pub use stamps::{Seal, Seals};

/// The content of the file `mimetype`.
pub const MIME_TYPE: &str = "application/vnd.etsi.asic-e+zip";

/// Files of the container itself.
const OWN: &str = "META-INF/";
/// The list of everything that the package was made of.
const FIRST_MANIFEST: &str = "META-INF/ASiCManifest.xml";
const FIRST_STAMP: &str = "META-INF/timestamp.tst";
/// The newest list of everything before it.
const NEWEST_MANIFEST: &str = "META-INF/ASiCArchiveManifest.xml";

/// More octets than this are no package.
const LONGEST: usize = 64 * 1024 * 1024;
/// More files than this are no package.
const MOST: usize = 512;
/// More archive time-stamps than this are no package: one a year for decades.
const MOST_STAMPS: usize = 64;

/// Why octets or files are no package. Names of files are ours and name nobody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The octets are no zip archive of the one form that packages have.
    #[error("not a package: {0}")]
    NotAPackage(&'static str),
    /// A limit on size or count is passed.
    #[error("too large: {0}")]
    TooLarge(&'static str),
    /// A file may not be named like that.
    #[error("name of a file: {0}")]
    Name(&'static str),
    /// The archive is not written as packages are, though its files may be right.
    #[error("not in the form in which packages are written")]
    NotAsWritten,
    /// A manifest is absent or not what it should be.
    #[error("manifest {0}")]
    Manifest(String),
    /// A file that a manifest lists is not there.
    #[error("file missing: {0}")]
    Missing(String),
    /// A file is there that no manifest lists.
    #[error("file not listed: {0}")]
    Unlisted(String),
    /// A file has another digest than the manifest lists.
    #[error("file altered: {0}")]
    Altered(String),
    /// The stamp is not over what it should be.
    #[error("the stamp is not over the manifest")]
    Stamp,
}

/// The files of a package, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    files: BTreeMap<String, Vec<u8>>,
}

impl Package {
    /// Packs these files and lists them, each with its SHA-256.
    ///
    /// # Errors
    /// [`Broken::Name`] for a name that is not plain, reserved or there twice;
    /// [`Broken::TooLarge`].
    pub fn new(all: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<Self, Broken> {
        let mut files = BTreeMap::new();
        for (name, content) in all {
            if name.starts_with(OWN) || name == archive::MIME_TYPE_NAME {
                return Err(Broken::Name("reserved"));
            }
            if files.insert(name, content).is_some() {
                return Err(Broken::Name("twice"));
            }
        }
        let listed = manifest::Manifest::over(&files, FIRST_STAMP, DigestName::Sha256, None);
        files.insert(FIRST_MANIFEST.to_owned(), listed.write());
        let package = Self { files };
        archive::demand_limits(&package.files)?;
        Ok(package)
    }

    /// Reads a package and demands its one form. Nothing is said about manifests
    /// and stamps yet: see [`Package::listed`] and [`Package::seals`].
    ///
    /// # Errors
    /// The [`Broken`] form.
    pub fn read(octets: &[u8]) -> Result<Self, Broken> {
        let package = Self {
            files: archive::read(octets)?,
        };
        match package.write() == octets {
            true => Ok(package),
            false => Err(Broken::NotAsWritten),
        }
    }

    /// The octets: the same files always give the same.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        archive::write(&self.files)
    }

    /// The content of a file.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Vec::as_slice)
    }

    /// The names of the files that the package was made of.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let all = self.files.keys().map(String::as_str);
        all.filter(|name| !name.starts_with(OWN))
    }

    /// The package without the files whose names begin so; that they belong to it,
    /// with their digests, its lists and the stamps over these still say.
    #[must_use]
    pub fn without(&self, place: &str) -> Self {
        let mut files = self.files.clone();
        files.retain(|name, _| !name.starts_with(place));
        Self { files }
    }

    /// The files that the first list names and that are not here, with their
    /// SHA-256.
    ///
    /// # Errors
    /// [`Broken::Manifest`] when there is no such list, or by other digests.
    pub fn withheld(&self) -> Result<BTreeMap<String, Digest>, Broken> {
        let broken = || Broken::Manifest(FIRST_MANIFEST.to_owned());
        let octets = self.file(FIRST_MANIFEST).ok_or_else(broken)?;
        let listed = manifest::Manifest::read(FIRST_MANIFEST, octets)?;
        if listed.digest != DigestName::Sha256 {
            return Err(broken());
        }
        let absent = listed.files.into_iter();
        let absent = absent.filter(|(name, _)| !self.files.contains_key(name));
        absent
            .map(|(name, digest)| {
                let digest = <[u8; 32]>::try_from(digest).map_err(|_| broken())?;
                Ok((name, Digest::from(digest)))
            })
            .collect()
    }

    /// Whether a stamp stands over the package.
    #[must_use]
    pub fn is_stamped(&self) -> bool {
        self.files.contains_key(FIRST_STAMP)
    }
}

#[cfg(test)]
impl Package {
    /// With this content of a file, or without the file.
    pub(crate) fn with_file(mut self, name: &str, content: Option<&[u8]>) -> Self {
        match content {
            Some(content) => self.files.insert(name.to_owned(), content.to_vec()),
            None => self.files.remove(name),
        };
        self
    }

    /// All files, those of the container too.
    pub(crate) fn all(&self) -> Vec<(String, Vec<u8>)> {
        let all = self.files.iter();
        all.map(|(name, content)| (name.clone(), content.clone()))
            .collect()
    }
}
