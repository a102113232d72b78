//! A development PKI on disk: written once, opened by the demonstration and by tests.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Duration, Utc};
use ring::rand::SystemRandom;
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;

use crate::pki::certificate::serial;
use crate::pki::files::{self, Access, read, read_pem, read_table, write, write_table};
use crate::pki::keystore::keystore;
use crate::pki::people::{Dwelling, Part, Purpose, Standing, dwellings};
use crate::pki::registers::{Registers, registers};
use crate::pki::{
    Addresses, Authority, Each, Error, Family, Hierarchy, Identity, Infrastructure, KeyKind,
    Person, Reason, Revocation, SigningKey, pem,
};

const PEOPLE: &str = "people.json";
const DWELLINGS: &str = "dwellings.json";
const REGISTERS: &str = "registers.json";
const SOURCES: &str = "evidence.toml";

/// A development PKI on disk.
#[derive(Debug, Clone)]
pub struct Directory {
    path: PathBuf,
    people: Vec<Entry>,
    dwellings: Vec<Dwelling>,
    registers: Registers,
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
    /// Whose authority certified it.
    pub family: Family,
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
    /// Both in PKCS#12, under the password; not of GOST keys, which no program
    /// reads from such a file as our library writes it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub keystore: Option<String>,
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

/// A revocation list that [`Directory::reissue`] issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reissued {
    /// Name of its file.
    pub slug: String,
    /// Its number.
    pub number: u64,
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
        for hierarchy in infrastructure.hierarchies() {
            write_hierarchy(path, hierarchy)?;
        }
        for person in &infrastructure.people {
            write_person(path, person, infrastructure, password)?;
        }
        let entries: Vec<Entry> = infrastructure.people.iter().map(entry).collect();
        write_table(&path.join(PEOPLE), &entries)?;
        write_table(&path.join(DWELLINGS), &dwellings())?;
        write_table(&path.join(REGISTERS), &registers())?;
        let readme = readme(password);
        write(&path.join("README.txt"), readme.as_bytes(), Access::Private)
    }

    /// Writes the file that tells a service whom to ask about this PKI, and says
    /// where it is.
    pub fn tell_sources(&self, addresses: Addresses<'_>) -> Result<PathBuf, Error> {
        let families = [Family::Rsa, Family::Ecdsa, Family::Gost];
        let [rsa, ecdsa, gost] = families.map(|family| self.hierarchy(family));
        let file = addresses.file(&[&rsa?, &ecdsa?, &gost?]);
        let path = self.path.join(SOURCES);
        write(&path, file.as_bytes(), Access::Public)?;
        Ok(path)
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
            registers: read_table(&path.join(REGISTERS))?,
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

    /// What the registers of the demonstration say of people and papers.
    pub fn registers(&self) -> &Registers {
        &self.registers
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

    /// The authorities of one family, able to sign, with their lists. Fails
    /// when their files cannot be read.
    pub fn hierarchy(&self, family: Family) -> Result<Hierarchy, Error> {
        let authorities = Each::FILES.map(|what| self.authority(&family.file(what)));
        let authorities = authorities.all()?;
        let [root_crl, issuing_crl] = self.lists(family)?;
        Ok(Hierarchy {
            family,
            root: authorities.root,
            issuing: authorities.issuing,
            root_responder: authorities.root_responder,
            responder: authorities.responder,
            stamper: authorities.stamper,
            root_crl,
            issuing_crl,
        })
    }

    /// Both revocation lists of a family in DER, the root's first. Fails when
    /// they cannot be read.
    pub fn lists(&self, family: Family) -> Result<[Vec<u8>; 2], Error> {
        let list = |what| read(&crl_path(&self.path, &family.file(what)));
        Ok([list(Each::FILES.root)?, list(Each::FILES.issuing)?])
    }

    /// Issues all revocation lists anew with higher numbers; `revoke` adds
    /// somebody, or a time-stamping authority, revoked as of `now`. Fails when
    /// files cannot be read or written.
    pub fn reissue(
        &mut self,
        revoke: Option<&str>,
        now: DateTime<Utc>,
        lifetime: Duration,
    ) -> Result<Vec<Reissued>, Error> {
        let revoked = revoke.map(|slug| self.revocation(slug, now)).transpose()?;
        let mut all = Vec::new();
        for family in Family::iter() {
            let added = revoked.clone().filter(|(of, _)| *of == family);
            let added = added.map(|(_, revocation)| revocation);
            let (root, issuing) = (Each::FILES.root, Each::FILES.issuing);
            all.push(self.reissue_one(family.file(root), None, now, lifetime)?);
            all.push(self.reissue_one(family.file(issuing), added, now, lifetime)?);
        }
        let mut people = self.people.iter_mut();
        if let Some(entry) = people.find(|entry| Some(entry.slug.as_str()) == revoke) {
            entry.state = Standing::Revoked;
        }
        write_table(&self.path.join(PEOPLE), &self.people)?;
        Ok(all)
    }

    /// Whose list it belongs on, and the entry.
    fn revocation(&self, slug: &str, now: DateTime<Utc>) -> Result<(Family, Revocation), Error> {
        let stamper = Family::iter().find(|family| family.file(Each::FILES.stamper) == slug);
        let (family, certificate) = match stamper {
            Some(family) => (family, self.authority(slug)?.certificate),
            None => {
                let person = self.person(slug)?;
                (person.entry.family, person.certificate)
            }
        };
        let revocation = Revocation {
            serial: serial(&certificate)?,
            since: now,
            reason: Some(Reason::KeyCompromise),
        };
        Ok((family, revocation))
    }

    fn reissue_one(
        &self,
        slug: String,
        added: Option<Revocation>,
        now: DateTime<Utc>,
        lifetime: Duration,
    ) -> Result<Reissued, Error> {
        let path = crl_path(&self.path, &slug);
        let next = self
            .authority(&slug)?
            .next_list(&read(&path)?, added, now, lifetime)?;
        write(&path, &next.list, Access::Public)?;
        let number = next.number;
        Ok(Reissued { slug, number })
    }

    fn authority(&self, slug: &str) -> Result<Authority, Error> {
        let [certificate, key] = authority_paths(&self.path, slug);
        let key = read_pem(&key, pem::PRIVATE_KEY)?;
        let key = SigningKey::from_pkcs8(&key, &self.random)?;
        Authority::new(read_pem(&certificate, pem::CERTIFICATE)?, key)
    }
}

fn authority_paths(path: &Path, slug: &str) -> [PathBuf; 2] {
    let is = |what: &str| Family::iter().any(|family| family.file(what) == slug);
    let folder = if is(Each::FILES.root) {
        "trust/anchors"
    } else if is(Each::FILES.issuing) {
        "trust/issuers"
    } else {
        "ca"
    };
    [
        path.join(folder).join(format!("{slug}.pem")),
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
        family: character.family,
        state: character.standing,
        files: Files {
            certificate: format!("people/{slug}.pem"),
            key: format!("people/{slug}.key.pem"),
            keystore: match character.key {
                KeyKind::Gost2015With512 => None,
                KeyKind::Rsa2048 | KeyKind::EcdsaP256 | KeyKind::Rsa1024 => {
                    Some(format!("people/{slug}.p12"))
                }
            },
        },
    }
}

fn write_hierarchy(path: &Path, hierarchy: &Hierarchy) -> Result<(), Error> {
    let file = |what| hierarchy.family.file(what);
    for (what, authority) in [
        (Each::FILES.root, &hierarchy.root),
        (Each::FILES.issuing, &hierarchy.issuing),
        (Each::FILES.root_responder, &hierarchy.root_responder),
        (Each::FILES.responder, &hierarchy.responder),
        (Each::FILES.stamper, &hierarchy.stamper),
    ] {
        write_authority(path, &file(what), authority)?;
    }
    let [root, issuing] = [Each::FILES.root, Each::FILES.issuing].map(file);
    write(&crl_path(path, &root), &hierarchy.root_crl, Access::Public)?;
    write(
        &crl_path(path, &issuing),
        &hierarchy.issuing_crl,
        Access::Public,
    )
}

fn write_authority(path: &Path, slug: &str, authority: &Authority) -> Result<(), Error> {
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
    let Some(file) = files.keystore else {
        return Ok(());
    };
    let issuing = &infrastructure.hierarchy(person.character.family).issuing;
    let chain = [&person.certificate, &issuing.certificate];
    let keystore = keystore(person.character.slug, &person.key, chain, password)?;
    write(&path.join(file), &keystore, Access::Private)
}

fn readme(password: &str) -> String {
    format!(
        "Development keys: anybody may have them, nothing signed with them counts.\n\
         \n\
         trust/           what `kelisim serve --trust` reads: roots, issuing authorities, revocation lists\n\
         ca/              their keys; responders and time-stamping authorities with theirs\n\
         people/*.pem     certificates; *.key.pem private keys (PKCS#8, not encrypted)\n\
         people/*.p12     certificate and key together, password: {password}\n\
         people.json      who is who\n\
         dwellings.json   who owns what\n\
         registers.json   who is how old, who acts for whom, who rents from the state\n"
    )
}
