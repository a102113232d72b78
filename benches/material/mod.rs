//! A consent's signature and all that its verification needs, made anew: a root,
//! an issuing authority, a list of each, a document of 2 KiB, and many signers,
//! because a verifier that remembers must not meet the same one twice.

pub(crate) mod der;
mod key;
#[allow(dead_code, reason = "not every benchmark reads a long list")]
pub(crate) mod long;
mod message;

use std::{error::Error, path::Path};

use chrono::{DateTime, Utc};
use kelisim::eds::Oid;

use der::{
    BIT_STRING, BOOLEAN, INTEGER, PRINTABLE_STRING, UTC_TIME, UTF8_STRING, bits, element, explicit,
    octets, oid, sequence, set,
};
use key::{Key, sha256};

/// Why there is no material.
pub(crate) type Failure = Box<dyn Error>;

/// Which algorithms the chain uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chain {
    /// As the national RSA chain: authorities with 4096 bits, the person with 2048.
    Rsa,
    /// P-256 everywhere.
    P256,
    /// GOST 34.10-2015 with 512 bits everywhere.
    Gost,
}

/// Everything a verifier is given.
pub(crate) struct Material {
    pub(crate) document: Vec<u8>,
    pub(crate) anchor: Vec<u8>,
    pub(crate) authority: Vec<u8>,
    /// The lists of the authority and of the root.
    pub(crate) lists: [Vec<u8>; 2],
    /// Signatures over the document, each by the holder of another certificate.
    pub(crate) messages: Vec<Vec<u8>>,
    /// What the signatures of the first message's chain are made of.
    signed: Vec<Signed>,
    keys: Keys,
}

struct Keys {
    root: Key,
    authority: Key,
    person: Key,
}

/// One signature of the chain.
struct Signed {
    by: By,
    octets: Vec<u8>,
    signature: Vec<u8>,
}

#[derive(Clone, Copy)]
enum By {
    Person,
    Authority,
    Root,
}

/// Which signatures are checked.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Checks {
    /// Content, signer's certificate, authority's certificate, two lists.
    All,
    /// Content and signer's certificate.
    Cached,
    /// The content's alone.
    Returning,
}

impl Material {
    /// Makes `signers` signatures; RSA keys are kept in `folder`.
    ///
    /// # Errors
    /// When `openssl` is missing or the folder cannot be written.
    pub(crate) fn new(chain: Chain, signers: u32, folder: &Path) -> Result<Self, Failure> {
        let keys = Keys::new(chain, folder)?;
        let document = vec![b'x'; 2048];
        let mut signed = Vec::new();
        let root = named("Root");
        let anchor = authority(1, &root, &keys.root)
            .issued(&root, &keys.root)?
            .whole;
        let middle = named("Authority");
        let issued = authority(2, &middle, &keys.authority).issued(&root, &keys.root)?;
        let authority = issued.whole.clone();
        signed.push(issued.by(By::Root));
        let own = list(&middle, &keys.authority)?;
        let roots = list(&root, &keys.root)?;
        let lists = [own.whole.clone(), roots.whole.clone()];
        signed.extend([own.by(By::Authority), roots.by(By::Root)]);
        let mut messages = Vec::new();
        for number in 0..signers {
            let person = person(number, &keys.person).issued(&middle, &keys.authority)?;
            let message = message::signed(&document, &person.whole, number, &keys.person)?;
            messages.push(message.whole.clone());
            if number == 0 {
                signed.extend([person.by(By::Authority), message.by(By::Person)]);
            }
        }
        Ok(Self {
            document,
            anchor,
            authority,
            lists,
            messages,
            signed,
            keys,
        })
    }

    /// The bare signature checks of the first message: the limit of any verifier.
    pub(crate) fn holds(&self, checks: Checks) -> bool {
        let skipped = match checks {
            Checks::All => 0,
            Checks::Cached => 3,
            Checks::Returning => 4,
        };
        self.signed.iter().skip(skipped).all(|signed| {
            let key = match signed.by {
                By::Person => &self.keys.person,
                By::Authority => &self.keys.authority,
                By::Root => &self.keys.root,
            };
            key.holds(&signed.octets, &signed.signature)
        })
    }
}

impl Keys {
    fn new(chain: Chain, folder: &Path) -> Result<Self, Failure> {
        let (root, authority, person) = match chain {
            Chain::Rsa => (
                Key::rsa(folder, "root", 4096)?,
                Key::rsa(folder, "authority", 4096)?,
                Key::rsa(folder, "person", 2048)?,
            ),
            Chain::P256 => (Key::p256()?, Key::p256()?, Key::p256()?),
            Chain::Gost => (Key::gost(0x31)?, Key::gost(0x32)?, Key::gost(0x33)?),
        };
        Ok(Self {
            root,
            authority,
            person,
        })
    }
}

/// When everything is judged.
pub(crate) fn now() -> DateTime<Utc> {
    const JUNE: i64 = 1_780_308_000;
    DateTime::from_timestamp(JUNE, 0).unwrap_or_default()
}

/// Something signed: all its octets, those that are signed, and the signature.
struct Issued {
    whole: Vec<u8>,
    octets: Vec<u8>,
    signature: Vec<u8>,
}

impl Issued {
    /// A certificate or list: the signed part, the algorithm, the signature.
    fn new(octets: Vec<u8>, key: &Key) -> Result<Self, Failure> {
        let signature = key.sign(&octets)?;
        Ok(Self {
            whole: sequence([octets.clone(), key.algorithm(), bits(&signature)]),
            octets,
            signature,
        })
    }

    fn by(self, by: By) -> Signed {
        Signed {
            by,
            octets: self.octets,
            signature: self.signature,
        }
    }
}

/// A certificate before it is issued.
struct Draft<'a> {
    serial: Vec<u8>,
    subject: Vec<u8>,
    key: &'a Key,
    extensions: Vec<Vec<u8>>,
}

impl Draft<'_> {
    fn issued(self, issuer: &[u8], by: &Key) -> Result<Issued, Failure> {
        let by_key = element(0x80, &identifier(by));
        let authority = extension("2.5.29.35", &sequence([by_key]));
        let own = extension("2.5.29.14", &octets(&identifier(self.key)));
        let extensions = [self.extensions.concat(), authority, own].concat();
        let tbs = sequence([
            explicit(0, &[INTEGER, 1, 2]),
            element(INTEGER, &self.serial),
            by.algorithm(),
            issuer.to_vec(),
            sequence([time("260101000000Z"), time("261231235959Z")]),
            self.subject,
            self.key.public(),
            explicit(3, &element(der::SEQUENCE, &extensions)),
        ]);
        Issued::new(tbs, by)
    }
}

fn authority<'a>(serial: u8, subject: &[u8], key: &'a Key) -> Draft<'a> {
    Draft {
        serial: vec![serial],
        subject: subject.to_vec(),
        key,
        extensions: vec![
            critical("2.5.29.19", &sequence([vec![BOOLEAN, 1, 0xff]])),
            critical("2.5.29.15", &[BIT_STRING, 2, 1, 0x06]),
            policies(),
        ],
    }
}

/// A person who signs documents, in the national profile.
fn person(number: u32, key: &Key) -> Draft<'_> {
    let address = element(0x86, b"http://crl.example.kz/authority.crl");
    let point = sequence([explicit(0, &explicit(0, &address))]);
    let purposes = ["1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.1"];
    Draft {
        serial: serial(number),
        subject: sequence([
            attribute("2.5.4.3", UTF8_STRING, "ТЕСТОВ ТЕСТ"),
            attribute("2.5.4.4", UTF8_STRING, "ТЕСТОВ"),
            attribute("2.5.4.5", PRINTABLE_STRING, "IIN900101300007"),
            attribute("2.5.4.6", PRINTABLE_STRING, "KZ"),
            attribute("2.5.4.42", UTF8_STRING, "ТЕСТОВИЧ"),
        ]),
        key,
        extensions: vec![
            critical("2.5.29.15", &[BIT_STRING, 2, 6, 0xc0]),
            extension("2.5.29.37", &sequence(purposes.map(named_by))),
            policies(),
            extension("2.5.29.31", &sequence([point])),
        ],
    }
}

fn list(issuer: &[u8], key: &Key) -> Result<Issued, Failure> {
    let revoked = |number: u8| sequence([vec![INTEGER, 1, number], time("260401000000Z")]);
    let identifier = sequence([element(0x80, &identifier(key))]);
    let extensions = sequence([
        extension("2.5.29.35", &identifier),
        extension("2.5.29.20", &[INTEGER, 1, 7]),
    ]);
    let tbs = sequence([
        vec![INTEGER, 1, 1],
        key.algorithm(),
        issuer.to_vec(),
        time("260601000000Z"),
        time("260608000000Z"),
        sequence([revoked(101), revoked(102), revoked(103)]),
        explicit(0, &extensions),
    ]);
    Issued::new(tbs, key)
}

/// The serial number of a person's certificate, in nine octets.
fn serial(number: u32) -> Vec<u8> {
    [
        [0x5a, 0x11, 0x22, 0x33, 0x44].as_slice(),
        &number.to_be_bytes(),
    ]
    .concat()
}

fn named(common: &str) -> Vec<u8> {
    sequence([
        attribute("2.5.4.3", UTF8_STRING, common),
        attribute("2.5.4.6", PRINTABLE_STRING, "KZ"),
    ])
}

fn attribute(kind: &str, tag: u8, value: &str) -> Vec<u8> {
    set([sequence([named_by(kind), element(tag, value.as_bytes())])])
}

fn policies() -> Vec<u8> {
    extension(
        "2.5.29.32",
        &sequence([sequence([named_by("1.2.398.3.3.2")])]),
    )
}

fn critical(kind: &str, value: &[u8]) -> Vec<u8> {
    sequence([named_by(kind), vec![BOOLEAN, 1, 0xff], octets(value)])
}

fn extension(kind: &str, value: &[u8]) -> Vec<u8> {
    sequence([named_by(kind), octets(value)])
}

fn named_by(dotted: &str) -> Vec<u8> {
    oid(Oid::new(dotted))
}

fn identifier(key: &Key) -> Vec<u8> {
    sha256(&key.public()).into_iter().take(20).collect()
}

fn time(text: &str) -> Vec<u8> {
    element(UTC_TIME, text.as_bytes())
}
