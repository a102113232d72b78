//! The keys of the demonstration: a development PKI, made when there is none
//! that can be used.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use ring::rand::SystemRandom;
use strum::IntoEnumIterator;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;
use x509_parser::revocation_list::CertificateRevocationList;
use x509_parser::time::ASN1Time;

use super::Failure;
use crate::cli::clock;
use crate::pki::{
    Addresses, Directory, Each, Existing, Family, Hierarchy, Infrastructure, Options, Owner,
    Server, Signatory,
};

/// The development PKI of the demonstration.
pub(super) struct Keys {
    path: PathBuf,
    directory: Directory,
    new: bool,
}

impl Keys {
    /// Opens the PKI at `path`, or makes it anew when it is not complete or
    /// expires within a day; `announce` is called before that.
    ///
    /// # Errors
    /// [`Failure::Keys`] when it cannot be made.
    pub(super) fn prepare(path: &Path, announce: impl FnOnce()) -> Result<Self, Failure> {
        let (now, random) = (clock::now(), SystemRandom::new());
        let existing = Directory::open(path, &random)
            .ok()
            .filter(|directory| lasts(directory, now));
        let new = existing.is_none();
        let directory = match existing {
            Some(directory) => directory,
            None => {
                announce();
                let made = Infrastructure::generate(&Options::default(), now, &random)?;
                Directory::init(path, &made, PASSWORD, Existing::Replace)?;
                Directory::open(path, &random)?
            }
        };
        let path = path.to_owned();
        Ok(Self {
            path,
            directory,
            new,
        })
    }

    /// Whether it was made in this run.
    pub(super) fn is_new(&self) -> bool {
        self.new
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Somebody who can sign.
    ///
    /// # Errors
    /// [`Failure::Keys`] when there is nobody so called.
    pub(super) fn person(&self, slug: &str) -> Result<Signatory, Failure> {
        Ok(self.directory.person(slug)?)
    }

    /// The code of the dwelling that belongs to this person alone.
    ///
    /// # Errors
    /// [`Failure::NoDwelling`] when there is none.
    pub(super) fn dwelling_of(&self, iin: &str) -> Result<&str, Failure> {
        let mut all = self.directory.dwellings().iter();
        let own = all.find(|dwelling| dwelling.owners.iter().map(Owner::iin).eq([Some(iin)]));
        own.map(|dwelling| dwelling.rka.as_str())
            .ok_or(Failure::NoDwelling)
    }

    /// Starts the responder and the time-stamping authority of this PKI: where
    /// its certificates point, or at any port when that is taken.
    ///
    /// # Errors
    /// [`Failure::Keys`] when they cannot start.
    pub(super) fn serve(&self) -> Result<Server, Failure> {
        let at = |port| {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            Server::open(&self.directory, Arc::new(clock::now), address)
        };
        Ok(at(RESPONDER).or_else(|_| at(0))?)
    }

    /// Writes the file that tells the service to ask this server.
    ///
    /// # Errors
    /// [`Failure::Keys`] when it cannot be written.
    pub(super) fn sources(&self, server: &Server) -> Result<PathBuf, Failure> {
        Ok(self
            .directory
            .tell_sources(Addresses::all_at(server.front()))?)
    }

    /// The file with the dwellings and their owners.
    pub(super) fn dwellings(&self) -> PathBuf {
        self.path.join("dwellings.json")
    }

    /// The file with people, powers of attorney and leases.
    pub(super) fn registers(&self) -> PathBuf {
        self.path.join("registers.json")
    }

    /// Writes the directory from which the service reads whom to trust: only
    /// what everybody may have, no key.
    ///
    /// # Errors
    /// [`Failure::Keys`] or [`Failure::File`].
    pub(super) fn trust(&self) -> Result<PathBuf, Failure> {
        let trust = self.path.with_file_name("trust");
        for family in Family::iter() {
            let hierarchy = self.directory.hierarchy(family)?;
            let [root, issuing] = [Each::FILES.root, Each::FILES.issuing].map(|it| family.file(it));
            let files = [
                (format!("anchors/{root}.der"), hierarchy.root.certificate),
                (
                    format!("issuers/{issuing}.der"),
                    hierarchy.issuing.certificate,
                ),
                (format!("crls/{root}.crl"), hierarchy.root_crl),
                (format!("crls/{issuing}.crl"), hierarchy.issuing_crl),
            ];
            for (name, content) in files {
                write(&trust.join(name), &content)?;
            }
        }
        Ok(trust)
    }
}

fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let written = match path.parent() {
        Some(folder) => fs::create_dir_all(folder).and_then(|()| fs::write(path, content)),
        None => fs::write(path, content),
    };
    written.map_err(|error| Failure::File(path.to_owned(), error))
}

/// Whether everything that the demonstration needs is there and will do until
/// tomorrow.
fn lasts(directory: &Directory, now: DateTime<Utc>) -> bool {
    let tomorrow = now + TimeDelta::days(1);
    let people = CAST.iter().all(|slug| {
        let person = directory.person(slug);
        person.is_ok_and(|person| holds(&person.certificate, now, tomorrow))
    });
    let mut authorities = Family::iter().map(|family| directory.hierarchy(family));
    let authorities = authorities
        .all(|hierarchy| hierarchy.is_ok_and(|hierarchy| all_last(&hierarchy, now, tomorrow)));
    people && authorities && !directory.dwellings().is_empty()
}

fn all_last(hierarchy: &Hierarchy, now: DateTime<Utc>, tomorrow: DateTime<Utc>) -> bool {
    let authorities = [
        &hierarchy.root,
        &hierarchy.issuing,
        &hierarchy.root_responder,
        &hierarchy.responder,
        &hierarchy.stamper,
    ];
    let mut lists = [&hierarchy.root_crl, &hierarchy.issuing_crl].into_iter();
    let mut certificates = authorities.into_iter().map(|it| &it.certificate);
    certificates.all(|certificate| holds(certificate, now, tomorrow))
        && lists.all(|list| is_fresh(list, tomorrow))
}

fn holds(certificate: &[u8], now: DateTime<Utc>, tomorrow: DateTime<Utc>) -> bool {
    let Ok((_, read)) = X509Certificate::from_der(certificate) else {
        return false;
    };
    let validity = read.validity();
    let covers = |moment: DateTime<Utc>| {
        ASN1Time::from_timestamp(moment.timestamp()).is_ok_and(|time| validity.is_valid_at(time))
    };
    covers(now) && covers(tomorrow)
}

fn is_fresh(list: &[u8], tomorrow: DateTime<Utc>) -> bool {
    let Ok((_, read)) = CertificateRevocationList::from_der(list) else {
        return false;
    };
    read.next_update()
        .is_some_and(|next| next.timestamp() > tomorrow.timestamp())
}

/// The port that the certificates name.
const RESPONDER: u16 = 8889;

/// The password of the `.p12` files.
pub(super) const PASSWORD: &str = "kelisim-dev";

/// Who wants to be registered, and who owns the dwelling.
pub(super) const CAST: [&str; 2] = ["resident-1", "owner-1"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_reused_while_they_last_and_made_anew_when_something_is_missing() {
        let folder = std::env::temp_dir().join(format!("kelisim-keys-{}", std::process::id()));
        let path = folder.join("pki");
        let prepare = || Keys::prepare(&path, || ()).unwrap();
        assert!(prepare().is_new());
        let first = prepare();
        assert!(!first.is_new());
        let later = clock::now() + TimeDelta::days(29) + TimeDelta::hours(12);
        assert!(!lasts(&first.directory, later), "the lists are too old");
        fs::remove_file(path.join("people/owner-1.key.pem")).unwrap();
        assert!(prepare().is_new());
        fs::remove_dir_all(folder).unwrap();
    }
}
