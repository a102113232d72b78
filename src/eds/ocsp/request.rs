//! Writing a request (RFC 6960 section 4.1, RFC 9654 for the nonce).

use crate::eds::{
    Fault, Oid,
    certificate::Certificate,
    der::{Malformed, tag},
    encode::{algorithm, element, oid, sequence},
};

const SHA256: Oid = Oid::new("2.16.840.1.101.3.4.2.1");
const NONCE: Oid = Oid::new("1.3.6.1.5.5.7.48.1.2");

/// Which certificate is meant: what a CertID hashes, and the serial number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) issuer_name: &'a [u8],
    /// The content of the issuer's subjectPublicKey, unused bits left out.
    pub(super) issuer_key: &'a [u8],
    pub(super) serial: &'a [u8],
}

impl<'a> Target<'a> {
    pub(super) fn new(
        certificate: &'a Certificate,
        issuer: &'a Certificate,
    ) -> Result<Self, Malformed> {
        Ok(Self {
            issuer_name: certificate.issuer().der(),
            issuer_key: issuer.key_bits()?,
            serial: certificate.serial(),
        })
    }
}

/// A question about one certificate, as it goes to the responder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    der: Vec<u8>,
    nonce: Option<Vec<u8>>,
    issuer_name: Vec<u8>,
    issuer_key: Vec<u8>,
    serial: Vec<u8>,
}

impl Request {
    /// Asks about `certificate`, issued by `issuer`, both in DER. The nonce is
    /// the caller's own chance; RFC 9654 wants 32 octets, the national
    /// responder is known to echo up to 16.
    ///
    /// # Errors
    /// [`Fault::Malformed`] when a certificate cannot be read or the nonce is
    /// empty or longer than 128 octets.
    pub fn new(certificate: &[u8], issuer: &[u8], nonce: Option<&[u8]>) -> Result<Self, Fault> {
        let (certificate, issuer) = (Certificate::read(certificate)?, Certificate::read(issuer)?);
        if nonce.is_some_and(|nonce| !(1..=128).contains(&nonce.len())) {
            return Err(Fault::Malformed("nonce"));
        }
        let target = Target::new(&certificate, &issuer)?;
        let nonce = nonce.map(|nonce| element(tag::OCTET_STRING, nonce));
        Ok(Self {
            der: written(&target, nonce.as_deref()),
            nonce,
            issuer_name: target.issuer_name.to_vec(),
            issuer_key: target.issuer_key.to_vec(),
            serial: target.serial.to_vec(),
        })
    }

    /// The OCSPRequest in DER: the body of a POST as `application/ocsp-request`.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The nonce within its OCTET STRING.
    pub(super) fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }

    pub(super) fn target(&self) -> Target<'_> {
        Target {
            issuer_name: &self.issuer_name,
            issuer_key: &self.issuer_key,
            serial: &self.serial,
        }
    }
}

fn written(target: &Target<'_>, nonce: Option<&[u8]>) -> Vec<u8> {
    let hash = |of: &[u8]| element(tag::OCTET_STRING, crate::eds::Digest::of(of).as_bytes());
    let id = sequence(&[
        algorithm(SHA256),
        hash(target.issuer_name),
        hash(target.issuer_key),
        element(tag::INTEGER, target.serial),
    ]);
    let list = sequence(&[sequence(&[id])]);
    let extensions = nonce.map(|nonce| {
        let extension = sequence(&[oid(NONCE), element(tag::OCTET_STRING, nonce)]);
        element(tag::explicit(2), &sequence(&[extension]))
    });
    sequence(&[sequence(&[list, extensions.unwrap_or_default()])])
}
