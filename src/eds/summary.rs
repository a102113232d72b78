//! A certificate as people and programs are shown it: the national profile.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{
    Bin, CertificateSummary, CheckDigit, Fault, Iin, KeyUse, Oid, Role, Signer, SignerKind,
    algorithm::{Family, Hash, Scheme},
    certificate::Certificate,
    digest::hexadecimal,
    extension::KeyUsage,
    gost,
    signature::PublicKey,
};

/// Whether the numbers of people are written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// Four digits and eight asterisks.
    Masked,
    /// All twelve digits: personal data.
    Shown,
}

/// What a certificate says. Nothing is said about whether it is true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Names, validity and fingerprint.
    #[serde(flatten)]
    pub certificate: CertificateSummary,
    /// The SHA-1 of the certificate, by which older software shows it.
    pub sha1: String,
    /// Whom it names, unless that is ambiguous.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<Holder>,
    /// Why it names nobody for certain.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "super::report::as_text"
    )]
    pub ambiguity: Option<Fault>,
    /// Whether it may issue certificates.
    pub authority: bool,
    /// The algorithm of its key.
    pub key: KeySummary,
    /// The algorithm by which its issuer signed it.
    pub signature_algorithm: String,
    /// What the key may do, in a word.
    pub key_use: KeyUse,
    /// What the key may do, as the extension names it (RFC 5280 section 4.2.1.3).
    pub key_usage: Vec<&'static str>,
    /// Extended key usage; roles are among it.
    pub extended_key_usage: Vec<Oid>,
    /// The policies it was issued under.
    pub policies: Vec<Oid>,
    /// Where the private key is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_storage: Option<KeyStorage>,
}

/// Whom a certificate names.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Holder {
    /// Person or organisation.
    pub kind: SignerKind,
    /// The common name.
    pub name: String,
    /// The surname.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surname: Option<String>,
    /// The given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// The patronymic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patronymic: Option<String>,
    /// The person's number, masked unless asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iin: Option<String>,
    /// The organisation's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// The organisation's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bin: Option<Bin>,
    /// Whether the check digits of both numbers are right.
    pub check_digits: Digits,
    /// As what the person may act.
    pub roles: Vec<Role>,
}

/// What the check digits say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Digits {
    /// They are right.
    Right,
    /// One is wrong, as in the test certificates of the national authority's SDK.
    Wrong,
}

/// A public key's algorithm and size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeySummary {
    /// The algorithm with its curve.
    pub algorithm: &'static str,
    /// The length of the modulus, or of the field, in bits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bits: Option<usize>,
}

/// Where the private key is kept, by the national extension 1.2.398.3.3.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStorage {
    /// 1.2.398.3.3.5.1.1: a PKCS#12 file.
    File,
    /// Another kind of store, whose identifier nobody has published.
    Other(Oid),
}

impl Summary {
    /// Reads one certificate in DER.
    ///
    /// # Errors
    /// [`Fault::Malformed`] for what is no certificate.
    pub fn read(der: &[u8], numbers: Numbers) -> Result<Self, Fault> {
        Ok(Self::of(&Certificate::read(der)?, numbers))
    }

    pub(super) fn of(certificate: &Certificate, numbers: Numbers) -> Self {
        let extensions = certificate.extensions();
        let holder = Holder::of(certificate, numbers);
        Self {
            certificate: CertificateSummary::clone(&certificate.summary()),
            sha1: hexadecimal(Hash::Sha1.of(certificate.der()).octets()),
            ambiguity: holder.as_ref().err().copied(),
            holder: holder.ok(),
            authority: extensions.is_authority(),
            key: KeySummary::of(certificate),
            signature_algorithm: signature_algorithm(certificate),
            key_use: KeyUse::of(certificate),
            key_usage: extensions
                .key_usage
                .map(KeyUsage::names)
                .unwrap_or_default(),
            extended_key_usage: extensions.extended_key_usage.clone().unwrap_or_default(),
            policies: extensions.policies.clone().unwrap_or_default(),
            key_storage: extensions.key_storage.map(KeyStorage::of),
        }
    }
}

impl Holder {
    fn of(certificate: &Certificate, numbers: Numbers) -> Result<Self, Fault> {
        let strictly = Signer::read(certificate, CheckDigit::Demanded);
        let check_digits = match strictly {
            Ok(_) => Digits::Right,
            Err(_) => Digits::Wrong,
        };
        let signer = strictly.or_else(|_| Signer::read(certificate, CheckDigit::Waived))?;
        let iin = |iin: &Iin| match numbers {
            Numbers::Masked => iin.masked(),
            Numbers::Shown => iin.as_str().to_owned(),
        };
        Ok(Self {
            kind: signer.kind,
            iin: signer.iin.as_ref().map(iin),
            bin: signer.bin,
            name: signer.names.common,
            surname: signer.names.surname,
            given_name: signer.names.given,
            patronymic: signer.names.patronymic,
            organisation: signer.names.organisation,
            check_digits,
            roles: signer.roles,
        })
    }
}

/// Names are personal data: absent from debug output.
impl fmt::Debug for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Holder(..)")
    }
}

impl KeySummary {
    fn of(certificate: &Certificate) -> Self {
        let (algorithm, bits) = match certificate.public_key() {
            Ok(PublicKey::Rsa { bits, .. }) => ("RSA", Some(bits)),
            Ok(PublicKey::P256(_)) => ("ECDSA P-256", Some(256)),
            Ok(PublicKey::P384(_)) => ("ECDSA P-384", Some(384)),
            Ok(PublicKey::Ed25519(_)) => ("Ed25519", Some(256)),
            Ok(PublicKey::Gost(algorithm, _)) => match algorithm {
                gost::Algorithm::Gost2015With512 => ("GOST 34.10-2015", Some(512)),
                gost::Algorithm::Gost2015With256 => ("GOST 34.10-2015", Some(256)),
                gost::Algorithm::Gost2004 => ("GOST 34.310-2004", Some(256)),
            },
            Err(_) => ("not known here", None),
        };
        Self { algorithm, bits }
    }
}

impl KeyStorage {
    fn of(store: Oid) -> Self {
        if store == Oid::new("1.2.398.3.3.5.1.1") {
            Self::File
        } else {
            Self::Other(store)
        }
    }
}

/// `pkcs12`, or the identifier of the store.
impl fmt::Display for KeyStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => f.write_str("pkcs12"),
            Self::Other(store) => store.fmt(f),
        }
    }
}

impl Serialize for KeyStorage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn signature_algorithm(certificate: &Certificate) -> String {
    let Ok(identifier) = certificate.signature_algorithm() else {
        return String::new();
    };
    match identifier.scheme(None) {
        Ok(scheme) => name(scheme),
        Err(_) => identifier.kind.to_string(),
    }
}

fn name(scheme: Scheme) -> String {
    let hash = match scheme.hash {
        Hash::Sha1 => "SHA-1",
        Hash::Sha256 => "SHA-256",
        Hash::Sha384 => "SHA-384",
        Hash::Sha512 => "SHA-512",
        Hash::Gost(gost::Hash::Streebog256) => "Streebog-256",
        Hash::Gost(gost::Hash::Streebog512) => "Streebog-512",
        Hash::Gost(gost::Hash::Gost94) => "GOST 34.311-95",
    };
    let family = match scheme.family {
        Family::RsaPkcs1 => "RSA PKCS#1 v1.5",
        Family::RsaPss => "RSA PSS",
        Family::Ecdsa => "ECDSA",
        Family::Ed25519 => return "Ed25519".to_owned(),
        Family::Gost(gost::Algorithm::Gost2015With512 | gost::Algorithm::Gost2015With256) => {
            "GOST 34.10-2015"
        }
        Family::Gost(gost::Algorithm::Gost2004) => "GOST 34.310-2004",
    };
    format!("{family} with {hash}")
}

#[cfg(test)]
mod tests;
