//! Writing a request (RFC 6960 section 4.1, RFC 9654 for the nonce).

use chrono::{DateTime, Utc};

use crate::eds::{
    Fault, Oid, StatusWanted,
    certificate::Certificate,
    der::{Malformed, Reader, tag},
    encode::{algorithm, element, oid, sequence},
};

const SHA256: Oid = Oid::new("2.16.840.1.101.3.4.2.1");
/// id-ad-ocsp.
const OCSP: Oid = Oid::new("1.3.6.1.5.5.7.48.1");
/// More named responders than this are not looked at.
const MOST_RESPONDERS: usize = 4;
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
    pub(super) certificate: Certificate,
    pub(super) issuer: Certificate,
    pub(super) since: Option<DateTime<Utc>>,
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
            certificate,
            issuer,
            since: None,
        })
    }

    /// Asks for what is wanted; an answer of before its instant will not count.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub fn about(wanted: &StatusWanted, nonce: Option<&[u8]>) -> Result<Self, Fault> {
        let request = Self::new(&wanted.certificate, &wanted.issuer, nonce)?;
        Ok(Self {
            since: wanted.since,
            ..request
        })
    }

    /// The OCSPRequest in DER: the body of a POST as `application/ocsp-request`.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The responders that the certificate names (RFC 5280 section 4.2.2.1): as
    /// the certificate writes them, so whoever follows them must know the host.
    #[must_use]
    pub fn named_responders(&self) -> Vec<String> {
        let place = self.certificate.extensions().information_access.as_ref();
        let place = place.map(|place| self.certificate.part(place));
        place
            .and_then(|value| responders(value).ok())
            .unwrap_or_default()
    }

    /// The nonce within its OCTET STRING.
    pub(super) fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }

    pub(super) fn target(&self) -> Result<Target<'_>, Malformed> {
        Target::new(&self.certificate, &self.issuer)
    }
}

/// The addresses of OCSP in an AuthorityInfoAccessSyntax.
fn responders(value: &[u8]) -> Result<Vec<String>, Malformed> {
    const WHAT: &str = "authority information access";
    let mut list = Reader::only(value, tag::SEQUENCE, WHAT)?;
    let mut found = Vec::new();
    while !list.is_empty() && found.len() < MOST_RESPONDERS {
        let mut description = list.enter(tag::SEQUENCE, WHAT)?;
        let method = description.oid(WHAT)?;
        let place = description.next()?;
        if method == OCSP && place.tag == tag::context(6) {
            found.extend(str::from_utf8(place.content).map(str::to_owned));
        }
    }
    Ok(found)
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
