//! A responder that answers whatever a test needs, well-formed or not.

use chrono::{DateTime, Utc};

use super::{
    der::{algorithm, bits, element, octets, oid, sequence, text},
    key::Key,
    message::sha256,
    pki::{Draft, at, name, purposes, time},
    scene::{AUTHORITY, authority},
};
use crate::eds::{
    Oid,
    certificate::Certificate,
    der::tag,
    oid::{attribute, extension},
};

pub(crate) const NONCE: Oid = Oid::new("1.3.6.1.5.5.7.48.1.2");

/// The certificate of a responder that the authority appointed.
pub(crate) fn responder(key: &Key) -> Draft {
    let subject = name(&[(attribute::COMMON_NAME, "Responder")]);
    Draft::new(9, subject, key)
        .with(extension::KEY_USAGE, &[tag::BIT_STRING, 2, 7, 0x80])
        .with(
            extension::EXTENDED_KEY_USAGE,
            &purposes(&["1.3.6.1.5.5.7.3.9"]),
        )
        .with(extension::OCSP_NO_CHECK, &[tag::NULL, 0])
}

/// A response before it is signed; every part may be changed.
#[derive(Clone)]
pub(crate) struct Answer {
    /// The ResponderID.
    pub(crate) responder: Vec<u8>,
    pub(crate) produced_at: DateTime<Utc>,
    /// The CertID.
    pub(crate) id: Vec<u8>,
    /// The CertStatus.
    pub(crate) status: Vec<u8>,
    pub(crate) this_update: DateTime<Utc>,
    pub(crate) next_update: Option<DateTime<Utc>>,
    /// Further SingleResponses.
    pub(crate) others: Vec<Vec<u8>>,
    pub(crate) single_extensions: Vec<Vec<u8>>,
    pub(crate) extensions: Vec<Vec<u8>>,
    pub(crate) certificates: Vec<Vec<u8>>,
}

impl Answer {
    /// "Good", about `certificate` by its issuer itself.
    pub(crate) fn good(certificate: &[u8], issuer: &[u8], time: &str) -> Self {
        Self {
            responder: by_name(issuer),
            produced_at: at(time),
            id: sha256_id(certificate, issuer),
            status: good(),
            this_update: at(time),
            next_update: None,
            others: Vec::new(),
            single_extensions: Vec::new(),
            extensions: Vec::new(),
            certificates: Vec::new(),
        }
    }

    /// Answered by the holder of this certificate, which is sent along.
    pub(crate) fn by(mut self, responder: &[u8]) -> Self {
        self.responder = by_name(responder);
        self.certificates = vec![responder.to_vec()];
        self
    }

    pub(crate) fn saying(mut self, status: Vec<u8>) -> Self {
        self.status = status;
        self
    }

    pub(crate) fn until(mut self, next: &str) -> Self {
        self.next_update = Some(at(next));
        self
    }

    pub(crate) fn echoing(mut self, nonce: &[u8]) -> Self {
        self.extensions.push(extended(NONCE, false, &octets(nonce)));
        self
    }

    pub(crate) fn single(&self) -> Vec<u8> {
        let next = self
            .next_update
            .map(|next| element(tag::explicit(0), &time(next)));
        sequence(
            [self.id.clone(), self.status.clone(), time(self.this_update)]
                .into_iter()
                .chain(next)
                .chain(explicit_extensions(&self.single_extensions)),
        )
    }

    /// The OCSPResponse signed with this key.
    pub(crate) fn signed(&self, key: &Key) -> Vec<u8> {
        let singles = sequence([self.single()].into_iter().chain(self.others.clone()));
        let tbs = sequence(
            [self.responder.clone(), time(self.produced_at), singles]
                .into_iter()
                .chain(explicit_extensions(&self.extensions)),
        );
        let signature = key.sign(&tbs);
        let certificates = (!self.certificates.is_empty()).then(|| {
            element(
                tag::explicit(0),
                &sequence(self.certificates.iter().cloned()),
            )
        });
        response(&sequence(
            [tbs, key.algorithm(), bits(&signature)]
                .into_iter()
                .chain(certificates),
        ))
    }

    /// Signed by the authority itself.
    pub(crate) fn by_authority(&self) -> Vec<u8> {
        self.signed(&AUTHORITY)
    }
}

/// The nonce of one of our requests: it stands last and has 32 octets.
#[cfg_attr(
    not(feature = "service"),
    allow(dead_code, reason = "its callers are tests of the clients")
)]
pub(crate) fn asked_nonce(request: &[u8]) -> Vec<u8> {
    request[request.len() - 32..].to_vec()
}

/// id-ad-ocsp: where a responder is.
#[cfg_attr(
    not(feature = "service"),
    allow(dead_code, reason = "its callers are tests of the clients")
)]
pub(crate) const RESPONDER: &str = "1.3.6.1.5.5.7.48.1";
/// id-ad-caIssuers: where the certificate of the issuer is.
#[cfg_attr(
    not(feature = "service"),
    allow(dead_code, reason = "its callers are tests of the clients")
)]
pub(crate) const ISSUER: &str = "1.3.6.1.5.5.7.48.2";

/// The certificate names this address of something.
#[cfg_attr(
    not(feature = "service"),
    allow(dead_code, reason = "its callers are tests of the clients")
)]
pub(crate) fn naming(draft: Draft, what: &str, address: &str) -> Draft {
    let what = oid(what.parse().expect("an OID"));
    let place = text(tag::context(6), address);
    draft.with(
        extension::AUTHORITY_INFORMATION_ACCESS,
        &sequence([sequence([what, place])]),
    )
}

/// The certificate of a responder, issued by the authority.
pub(crate) fn appointed(draft: &Draft) -> Vec<u8> {
    draft.signed(&authority().subject, &AUTHORITY)
}

fn explicit_extensions(all: &[Vec<u8>]) -> Option<Vec<u8>> {
    (!all.is_empty()).then(|| element(tag::explicit(1), &sequence(all.iter().cloned())))
}

pub(crate) fn extended(kind: Oid, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = critical.then(|| vec![tag::BOOLEAN, 1, 0xff]);
    sequence(
        std::iter::once(oid(kind))
            .chain(critical)
            .chain([octets(value)]),
    )
}

/// A successful OCSPResponse around a BasicOCSPResponse.
fn response(basic: &[u8]) -> Vec<u8> {
    let kind = oid("1.3.6.1.5.5.7.48.1.1".parse().expect("an OID"));
    let bytes = sequence([kind, octets(basic)]);
    sequence([
        element(tag::ENUMERATED, &[0]),
        element(tag::explicit(0), &bytes),
    ])
}

/// An OCSPResponse with an error status.
pub(crate) fn refusal(status: u8) -> Vec<u8> {
    sequence([element(tag::ENUMERATED, &[status])])
}

pub(crate) fn good() -> Vec<u8> {
    vec![tag::context(0), 0]
}

pub(crate) fn unknown() -> Vec<u8> {
    vec![tag::context(2), 0]
}

pub(crate) fn revoked(since: &str, reason: Option<u8>) -> Vec<u8> {
    let reason = reason.map(|code| element(tag::explicit(0), &element(tag::ENUMERATED, &[code])));
    let date = text(
        tag::GENERALIZED_TIME,
        &at(since).format("%Y%m%d%H%M%SZ").to_string(),
    );
    element(
        tag::explicit(1),
        &[date, reason.unwrap_or_default()].concat(),
    )
}

pub(crate) fn by_name(certificate: &[u8]) -> Vec<u8> {
    let read = Certificate::read(certificate).expect("a certificate");
    element(tag::explicit(1), read.subject().der())
}

pub(crate) fn by_key(certificate: &[u8]) -> Vec<u8> {
    element(tag::explicit(2), &octets(&sha1(&key_bits(certificate))))
}

fn key_bits(certificate: &[u8]) -> Vec<u8> {
    let read = Certificate::read(certificate).expect("a certificate");
    read.key_bits().expect("a key").to_vec()
}

fn sha1(bytes: &[u8]) -> Vec<u8> {
    ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, bytes)
        .as_ref()
        .to_vec()
}

/// A CertID made with SHA-256.
pub(crate) fn sha256_id(certificate: &[u8], issuer: &[u8]) -> Vec<u8> {
    certificate_id("2.16.840.1.101.3.4.2.1", sha256, certificate, issuer)
}

/// A CertID made with SHA-1.
pub(crate) fn sha1_id(certificate: &[u8], issuer: &[u8]) -> Vec<u8> {
    certificate_id("1.3.14.3.2.26", sha1, certificate, issuer)
}

fn certificate_id(
    kind: &str,
    hash: fn(&[u8]) -> Vec<u8>,
    certificate: &[u8],
    issuer: &[u8],
) -> Vec<u8> {
    let read = Certificate::read(certificate).expect("a certificate");
    sequence([
        algorithm(kind),
        octets(&hash(read.issuer().der())),
        octets(&hash(&key_bits(issuer))),
        element(tag::INTEGER, read.serial()),
    ])
}
