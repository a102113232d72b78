//! Certificates to be: every field is open, so that wrong ones can be made too.

use ::der::asn1::ObjectIdentifier;
use chrono::{DateTime, Duration, Utc};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::pki::error::Object;
use crate::pki::{Error, Extension, Name, SigningKey, der};

/// From when until when a certificate is valid, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// notBefore.
    pub from: DateTime<Utc>,
    /// notAfter.
    pub until: DateTime<Utc>,
}

impl Validity {
    /// The year that ended then.
    pub(super) fn ended(until: DateTime<Utc>) -> Validity {
        Validity {
            from: until - Duration::days(365),
            until,
        }
    }
}

/// Which version a certificate claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// Version 1, which knows no extensions: only to show that it is refused.
    V1,
    /// Version 3.
    V3,
}

/// A certificate before it is signed (RFC 5280 section 4.1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Version.
    pub version: Version,
    /// Serial number, big-endian.
    pub serial: Vec<u8>,
    /// The issuer's name in DER, as its own certificate writes it.
    pub issuer: Vec<u8>,
    /// Validity.
    pub validity: Validity,
    /// Subject.
    pub subject: Name,
    /// SubjectPublicKeyInfo in DER.
    pub public_key: Vec<u8>,
    /// Extensions in order.
    pub extensions: Vec<Extension>,
}

impl Template {
    /// Puts `extension` in the place of one of the same type, or at the end.
    pub fn set(&mut self, extension: Extension) {
        match self
            .extensions
            .iter_mut()
            .find(|known| known.id == extension.id)
        {
            Some(known) => *known = extension,
            None => self.extensions.push(extension),
        }
    }

    /// Takes the extension of this type away.
    pub fn remove(&mut self, id: &ObjectIdentifier) {
        self.extensions.retain(|extension| extension.id != *id);
    }

    /// The certificate in DER, signed with `key`. Fails when the key does.
    pub fn sign(&self, key: &SigningKey) -> Result<Vec<u8>, Error> {
        signed(&self.to_be_signed(&key.algorithm()), key)
    }

    fn to_be_signed(&self, algorithm: &[u8]) -> Vec<u8> {
        let version = match self.version {
            Version::V1 => Vec::new(),
            Version::V3 => der::context(0, [der::integer(2)]),
        };
        let validity = [
            der::time(self.validity.from),
            der::time(self.validity.until),
        ];
        der::sequence([
            version,
            der::unsigned(&self.serial),
            algorithm.to_vec(),
            self.issuer.clone(),
            der::sequence(validity),
            self.subject.encode(),
            self.public_key.clone(),
            extensions(3, &self.extensions),
        ])
    }
}

/// The serial number that the national authority derives from the key
/// identifier: positive, and never short for a leading zero.
pub fn serial_of(key_identifier: &[u8]) -> Vec<u8> {
    let mut serial = key_identifier.to_vec();
    if let Some(first) = serial.first_mut() {
        *first &= 0x7F;
        if *first < 0x10 {
            *first |= 0x10;
        }
    }
    serial
}

/// The serial number of a certificate, big-endian. Fails when it cannot be read.
pub fn serial(certificate: &[u8]) -> Result<Vec<u8>, Error> {
    match X509Certificate::from_der(certificate) {
        Ok((_, read)) => Ok(read.raw_serial().to_vec()),
        Err(_) => Err(Error::Unreadable(Object::Certificate)),
    }
}

/// The issuer's name in a certificate, in DER. Fails when it cannot be read.
pub(super) fn issuer(certificate: &[u8]) -> Result<Vec<u8>, Error> {
    match X509Certificate::from_der(certificate) {
        Ok((_, read)) => Ok(read.issuer().as_raw().to_vec()),
        Err(_) => Err(Error::Unreadable(Object::Certificate)),
    }
}

/// Extensions under the context tag `number`; nothing when there are none.
pub(super) fn extensions(number: u8, extensions: &[Extension]) -> Vec<u8> {
    if extensions.is_empty() {
        return Vec::new();
    }
    der::context(
        number,
        [der::sequence(extensions.iter().map(Extension::encode))],
    )
}

/// The signed form common to certificates and lists: the part to be signed,
/// the algorithm, the signature.
pub(super) fn signed(to_be_signed: &[u8], key: &SigningKey) -> Result<Vec<u8>, Error> {
    let signature = der::bit_string(&key.sign(to_be_signed)?);
    Ok(der::sequence([to_be_signed, &key.algorithm(), &signature]))
}

/// The same octets with one bit changed.
pub(super) fn corrupted(mut octets: Vec<u8>) -> Vec<u8> {
    if let Some(last) = octets.last_mut() {
        *last ^= 1;
    }
    octets
}
