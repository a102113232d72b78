//! A development PKI on disk: written once, opened by the demonstration and by tests.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Duration, Utc};
use ring::rand::SystemRandom;
use serde::{Deserialize, Serialize};

use crate::pki::certificate::serial;
use crate::pki::files::{self, Access, read, read_pem, read_table, write, write_table};
use crate::pki::keystore::keystore;
use crate::pki::people::{Dwelling, Part, Purpose, Standing, dwellings};
use crate::pki::{
    Authority, Error, Identity, Infrastructure, KeyKind, Person, Reason, Revocation, SigningKey,
    crl, pem,
};

const ROOT: &str = "root";
const ISSUING: &str = "issuing";
const PEOPLE: &str = "people.json";
const DWELLINGS: &str = "dwellings.json";

/// A development PKI on disk.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    people: Vec<Entry>,
    dwellings: Vec<Dwelling>,
    random: SystemRandom,
}

/// What `people.json` says of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Name of his files.
    pub slug: String,
    /// What he does.
    pub role: Part,
    /// Whom the certificate names.
    #[serde(flatten)]
    pub identity: Identity,
    /// What the key is for.
    pub purpose: Purpose,
    /// What kind of key it is.
    pub key_type: KeyKind,
    /// How the certificate stands.
    pub state: Standing,
    /// Where his files are, from the directory on.
    pub files: Files,
}

/// Somebody's files, from the directory on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Files {
    /// Certificate in PEM.
    pub certificate: String,
    /// Private key in PEM, not encrypted.
    pub key: String,
    /// Both in PKCS#12, under the password.
    pub keystore: String,
}

/// Somebody who can sign.
#[derive(Debug)]
pub struct Signatory {
    /// Who he is.
    pub entry: Entry,
    /// His certificate in DER.
    pub certificate: Vec<u8>,
    /// His private key.
    pub key: SigningKey,
}

/// The numbers of the revocation lists that [`Directory::reissue`] issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbers {
    /// Of the root's list.
    pub root: u64,
    /// Of the issuing authority's list.
    pub issuing: u64,
}

/// What [`Directory::init`] does with a directory that holds something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Refuses it.
    Keep,
    /// Writes over it.
    Replace,
}

impl Directory {
    /// Writes a PKI to `path`, the PKCS#12 files under `password`. Fails when
    /// the directory holds something and `existing` says to keep it.
    pub fn init(
        path: &Path,
        infrastructure: &Infrastructure,
        password: &str,
        existing: Existing,
    ) -> Result<(), Error> {
        Directory::check(path, existing)?;
        for folder in [
            "ca",
            "people",
            "trust/anchors",
            "trust/issuers",
            "trust/crls",
        ] {
            files::folder(&path.join(folder))?;
        }
        let Infrastructure { root, issuing, .. } = infrastructure;
        write_authority(path, ROOT, root, &infrastructure.root_crl)?;
        write_authority(path, ISSUING, issuing, &infrastructure.issuing_crl)?;
        for person in &infrastructure.people {
            write_person(path, person, infrastructure, password)?;
        }
        let entries: Vec<Entry> = infrastructure.people.iter().map(entry).collect();
        write_table(&path.join(PEOPLE), &entries)?;
        write_table(&path.join(DWELLINGS), &dwellings())?;
        let readme = readme(password);
        write(&path.join("README.txt"), readme.as_bytes(), Access::Private)
    }

    /// Whether [`Directory::init`] may write here, asked before keys are made.
    /// Fails when the directory holds something and `existing` says to keep it.
    pub fn check(path: &Path, existing: Existing) -> Result<(), Error> {
        if existing == Existing::Keep && !files::is_empty(path)? {
            return Err(Error::NotEmpty(path.to_owned()));
        }
        Ok(())
    }

    /// Opens a PKI written by [`Directory::init`]. Fails when its tables cannot be read.
    pub fn open(path: &Path, random: &SystemRandom) -> Result<Directory, Error> {
        Ok(Directory {
            path: path.to_owned(),
            people: read_table(&path.join(PEOPLE))?,
            dwellings: read_table(&path.join(DWELLINGS))?,
            random: random.clone(),
        })
    }

    /// Everybody in it.
    pub fn people(&self) -> &[Entry] {
        &self.people
    }

    /// The dwellings of the demonstration.
    pub fn dwellings(&self) -> &[Dwelling] {
        &self.dwellings
    }

    /// Somebody by the name of his files. Fails when there is nobody so called
    /// or his files cannot be read.
    pub fn person(&self, slug: &str) -> Result<Signatory, Error> {
        let entry = self.people.iter().find(|entry| entry.slug == slug);
        let entry = entry.ok_or_else(|| Error::Nobody(slug.to_owned()))?.clone();
        let certificate = read_pem(&self.path.join(&entry.files.certificate), pem::CERTIFICATE)?;
        let key = read_pem(&self.path.join(&entry.files.key), pem::PRIVATE_KEY)?;
        let key = SigningKey::from_pkcs8(&key, &self.random)?;
        Ok(Signatory {
            entry,
            certificate,
            key,
        })
    }

    /// The root, able to sign. Fails when its files cannot be read.
    pub fn root(&self) -> Result<Authority, Error> {
        self.authority(ROOT)
    }

    /// The issuing authority, able to sign. Fails when its files cannot be read.
    pub fn issuing(&self) -> Result<Authority, Error> {
        self.authority(ISSUING)
    }

    /// Both revocation lists in DER, the root's first. Fails when they cannot be read.
    pub fn revocation_lists(&self) -> Result<[Vec<u8>; 2], Error> {
        Ok([
            read(&crl_path(&self.path, ROOT))?,
            read(&crl_path(&self.path, ISSUING))?,
        ])
    }

    /// Issues both revocation lists anew with higher numbers; `revoke` adds
    /// somebody, revoked as of `now`. Fails when files cannot be read or written.
    pub fn reissue(
        &mut self,
        revoke: Option<&str>,
        now: DateTime<Utc>,
        lifetime: Duration,
    ) -> Result<Numbers, Error> {
        let revocation = revoke.map(|slug| self.revocation(slug, now)).transpose()?;
        let root = self.reissue_one(ROOT, None, now, lifetime)?;
        let issuing = self.reissue_one(ISSUING, revocation, now, lifetime)?;
        let revoked = self
            .people
            .iter_mut()
            .find(|entry| Some(entry.slug.as_str()) == revoke);
        if let Some(entry) = revoked {
            entry.state = Standing::Revoked;
        }
        write_table(&self.path.join(PEOPLE), &self.people)?;
        Ok(Numbers { root, issuing })
    }

    fn revocation(&self, slug: &str, now: DateTime<Utc>) -> Result<Revocation, Error> {
        let serial = serial(&self.person(slug)?.certificate)?;
        Ok(Revocation {
            serial,
            since: now,
            reason: Some(Reason::KeyCompromise),
        })
    }

    fn reissue_one(
        &self,
        slug: &str,
        revocation: Option<Revocation>,
        now: DateTime<Utc>,
        lifetime: Duration,
    ) -> Result<u64, Error> {
        let path = crl_path(&self.path, slug);
        let earlier = crl::read(&read(&path)?)?;
        let mut revoked = earlier.revoked;
        // Who is revoked stays revoked since then.
        let known = |new: &Revocation| revoked.iter().any(|old| old.serial == new.serial);
        let added = revocation.filter(|new| !known(new));
        revoked.extend(added);
        let authority = self.authority(slug)?;
        let number = earlier.number + 1;
        let list = authority.revocation_list(number, revoked, now, lifetime);
        write(&path, &list.sign(&authority.key)?, Access::Public)?;
        Ok(number)
    }

    fn authority(&self, slug: &str) -> Result<Authority, Error> {
        let [certificate, key] = authority_paths(&self.path, slug);
        let key = read_pem(&key, pem::PRIVATE_KEY)?;
        let key = SigningKey::from_pkcs8(&key, &self.random)?;
        Authority::new(read_pem(&certificate, pem::CERTIFICATE)?, key)
    }
}

fn authority_paths(path: &Path, slug: &str) -> [PathBuf; 2] {
    let folder = if slug == ROOT { "anchors" } else { "issuers" };
    [
        path.join("trust").join(folder).join(format!("{slug}.pem")),
        path.join("ca").join(format!("{slug}.key.pem")),
    ]
}

fn crl_path(path: &Path, slug: &str) -> PathBuf {
    path.join("trust/crls").join(format!("{slug}.crl"))
}

fn entry(person: &Person) -> Entry {
    let character = &person.character;
    let slug = character.slug;
    Entry {
        slug: slug.to_owned(),
        role: character.part,
        identity: character.identity.clone(),
        purpose: character.purpose,
        key_type: character.key,
        state: character.standing,
        files: Files {
            certificate: format!("people/{slug}.pem"),
            key: format!("people/{slug}.key.pem"),
            keystore: format!("people/{slug}.p12"),
        },
    }
}

fn write_authority(
    path: &Path,
    slug: &str,
    authority: &Authority,
    crl: &[u8],
) -> Result<(), Error> {
    write(&crl_path(path, slug), crl, Access::Public)?;
    let [certificate, key] = authority_paths(path, slug);
    let text = pem::encode(pem::CERTIFICATE, &authority.certificate);
    write(&certificate, text.as_bytes(), Access::Public)?;
    let text = pem::encode(pem::PRIVATE_KEY, authority.key.pkcs8());
    write(&key, text.as_bytes(), Access::Private)
}

fn write_person(
    path: &Path,
    person: &Person,
    infrastructure: &Infrastructure,
    password: &str,
) -> Result<(), Error> {
    let files = entry(person).files;
    let text = pem::encode(pem::CERTIFICATE, &person.certificate);
    write(
        &path.join(files.certificate),
        text.as_bytes(),
        Access::Public,
    )?;
    let text = pem::encode(pem::PRIVATE_KEY, person.key.pkcs8());
    write(&path.join(files.key), text.as_bytes(), Access::Private)?;
    let chain = [&person.certificate, &infrastructure.issuing.certificate];
    let keystore = keystore(person.character.slug, &person.key, chain, password)?;
    write(&path.join(files.keystore), &keystore, Access::Private)
}

fn readme(password: &str) -> String {
    format!(
        "Development keys: anybody may have them, nothing signed with them counts.\n\
         \n\
         trust/           what `kelisim serve --trust` reads: root, issuing authority, revocation lists\n\
         ca/              keys of the root and of the issuing authority\n\
         people/*.pem     certificates; *.key.pem private keys (PKCS#8, not encrypted)\n\
         people/*.p12     certificate and key together, password: {password}\n\
         people.json      who is who\n\
         dwellings.json   who owns what\n"
    )
}
