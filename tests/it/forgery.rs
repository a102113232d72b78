//! Signatures over a document, good and bad: each bad one under the row of the
//! list of refusals that it proves. They claim to be by `owner-1`.

mod constraints;
mod shapes;
mod signers;

use ::der::asn1::ObjectIdentifier;
use kelisim::pki::{
    Authority, KeyKind, Options, Packaging, Person, SignedData, SignerInfo, SigningKey, Template,
    attributes, pem, profile, sign,
};

pub(crate) use self::constraints::attributes_as_content;
use crate::material::{key, pki_of_today as pki, today as now};
use crate::openssl::{Folder, openssl};

/// A signature that must be refused, and how.
pub(crate) struct Case {
    /// The row of the list of refusals.
    pub(crate) row: u16,
    /// What is wrong with it.
    pub(crate) what: String,
    /// What is sent: DER, or text where the fault is in the text.
    pub(crate) signature: Vec<u8>,
    /// The main status due.
    pub(crate) indication: &'static str,
    /// The sub-indication due.
    pub(crate) code: &'static str,
}

const FAILED: &str = "TOTAL-FAILED";
const INDETERMINATE: &str = "INDETERMINATE";

/// Cases of one kind over a document.
type Group = fn(&[u8]) -> Vec<Case>;

/// Everything that must be refused as a signature over `document`.
pub(crate) fn cases(document: &[u8]) -> Vec<Case> {
    let groups: [Group; 8] = [
        shapes::shapeless,
        shapes::without_signature,
        shapes::broken,
        signers::unknown_signers,
        signers::untimely,
        constraints::weak,
        constraints::unfit,
        constraints::unbound,
    ];
    groups.iter().flat_map(|group| group(document)).collect()
}

fn case(
    row: u16,
    what: impl Into<String>,
    (indication, code): (&'static str, &'static str),
    signature: Vec<u8>,
) -> Case {
    let what = what.into();
    Case {
        row,
        what,
        signature,
        indication,
        code,
    }
}

/// Somebody who can sign.
pub(crate) struct Signer {
    pub(crate) certificate: Vec<u8>,
    pub(crate) key: SigningKey,
}

/// `owner-1` with a spare key, certified by the issuing authority but for what
/// `change` changes.
pub(crate) fn signer(kind: KeyKind, change: impl FnOnce(&mut Template)) -> Signer {
    signer_under(&pki().rsa.issuing, kind, change)
}

fn signer_under(
    authority: &Authority,
    kind: KeyKind,
    change: impl FnOnce(&mut Template),
) -> Signer {
    let key = spare(kind);
    let certificate = certified(authority, key.public_key().unwrap(), change);
    Signer { certificate, key }
}

fn certified(
    authority: &Authority,
    public_key: Vec<u8>,
    change: impl FnOnce(&mut Template),
) -> Vec<u8> {
    let character = &person("owner-1").character;
    let mut template = profile(authority, character, public_key, &Options::default(), now());
    change(&mut template);
    template.sign(&authority.key).unwrap()
}

fn person(slug: &str) -> &'static Person {
    pki().person(slug).unwrap()
}

fn spare(kind: KeyKind) -> SigningKey {
    let name = match kind {
        KeyKind::Rsa2048 => "spare-rsa",
        KeyKind::EcdsaP256 => "spare-ecdsa",
        KeyKind::Gost2015With512 => "spare-gost",
        KeyKind::Rsa1024 => "spare-short",
    };
    key(name, kind)
}

impl Signer {
    /// What our own signer makes.
    pub(crate) fn signs(&self, document: &[u8]) -> Vec<u8> {
        let packaging = Packaging::Detached;
        sign(document, &self.certificate, &self.key, now(), packaging).unwrap()
    }

    /// What `openssl cms -sign` makes, with further options.
    pub(crate) fn signs_by_openssl(&self, document: &[u8], options: &str) -> Vec<u8> {
        let key = pem::encode(pem::PRIVATE_KEY, self.key.pkcs8());
        openssl_signs(&self.certificate, &key, document, options)
    }

    /// The parts of a good signature, to be spoilt.
    fn parts(&self, document: &[u8]) -> SignedData {
        let digest = self.key.digest();
        let attributes = attributes(document, &self.certificate, digest, now());
        let info = SignerInfo::signing(document, &self.certificate, &self.key, Some(attributes));
        SignedData {
            content: None,
            certificates: vec![self.certificate.clone()],
            signers: vec![info.unwrap()],
        }
    }

    /// A signature with some attributes left out, or with none at all.
    fn signs_with(&self, document: &[u8], keep: Option<&[ObjectIdentifier]>) -> Vec<u8> {
        let mut parts = self.parts(document);
        let mut kept = parts.signers[0].attributes.take();
        let keep = keep.map(<[ObjectIdentifier]>::to_vec);
        kept = keep.map(|keep| {
            kept.into_iter()
                .flatten()
                .filter(|attribute| keep.contains(&attribute.id))
                .collect()
        });
        let info = SignerInfo::signing(document, &self.certificate, &self.key, kept);
        parts.signers = vec![info.unwrap()];
        parts.encode()
    }
}

fn openssl_signs(certificate: &[u8], key: &str, document: &[u8], options: &str) -> Vec<u8> {
    let folder = Folder::new();
    folder.put("document", document);
    folder.put(
        "certificate.pem",
        pem::encode(pem::CERTIFICATE, certificate),
    );
    folder.put("key.pem", key);
    let files = "-in document -signer certificate.pem -inkey key.pem";
    let sign = format!("cms -sign -binary -outform DER -nosmimecap {files} {options}");
    openssl(&folder, &sign)
}

/// `owner-1` as the development PKI certified him.
pub(crate) fn owner() -> Signer {
    signer(KeyKind::EcdsaP256, |_| {})
}
