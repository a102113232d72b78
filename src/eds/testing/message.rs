//! A writer of CMS messages, right ones and wrong ones.

use chrono::{DateTime, Utc};

use super::{
    der::{algorithm, element, integer, octets, oid, sequence, set},
    key::Key,
    pki::time,
};
use crate::eds::{Oid, der::tag};

pub(crate) const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
pub(crate) const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
pub(crate) const SIGNING_TIME: &str = "1.2.840.113549.1.9.5";
pub(crate) const SIGNING_CERTIFICATE: &str = "1.2.840.113549.1.9.16.2.12";
pub(crate) const SIGNING_CERTIFICATE_V2: &str = "1.2.840.113549.1.9.16.2.47";
const DATA: &str = "1.2.840.113549.1.7.1";

/// A SignedData with one signature before it is written; every part may be changed.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) content_type: Oid,
    /// The enclosed content.
    pub(crate) enclosed: Option<Vec<u8>>,
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) digest_algorithms: Vec<Vec<u8>>,
    pub(crate) version: u8,
    pub(crate) identifier: Vec<u8>,
    pub(crate) digest_algorithm: Vec<u8>,
    pub(crate) attributes: Vec<Vec<u8>>,
    /// The octets of the attributes in their final order; `None`: none at all.
    pub(crate) written_attributes: Option<Vec<u8>>,
    pub(crate) signature_algorithm: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    /// The unsigned attributes.
    pub(crate) unsigned: Vec<Vec<u8>>,
    /// Further SignerInfos.
    pub(crate) others: Vec<Vec<u8>>,
}

impl Message {
    /// A right CAdES-BES message by the holder of `certificate`.
    pub(crate) fn new(
        content: &[u8],
        certificate: &[u8],
        key: &Key,
        signing_time: DateTime<Utc>,
    ) -> Self {
        let reference = sequence([octets(&sha256(certificate))]);
        let mut message = Self {
            content_type: DATA.parse().expect("an OID"),
            enclosed: None,
            certificates: vec![certificate.to_vec()],
            digest_algorithms: vec![algorithm(key.digest())],
            version: 1,
            identifier: issuer_and_serial(certificate),
            digest_algorithm: algorithm(key.digest()),
            attributes: vec![
                attribute(CONTENT_TYPE, [oid(DATA.parse().expect("an OID"))]),
                attribute(MESSAGE_DIGEST, [octets(&digest(key, content))]),
                attribute(SIGNING_TIME, [time(signing_time)]),
                attribute(SIGNING_CERTIFICATE_V2, [sequence([sequence([reference])])]),
            ],
            written_attributes: None,
            signature_algorithm: key.algorithm(),
            signature: Vec::new(),
            unsigned: Vec::new(),
            others: Vec::new(),
        };
        message.sign(key);
        message
    }

    /// Signs the attributes as they stand now.
    pub(crate) fn sign(&mut self, key: &Key) {
        let sorted = set(self.attributes.iter().cloned());
        self.signature = key.sign(&sorted);
        self.written_attributes = Some(content_of(&sorted));
    }

    /// With this attribute instead of what it had under its type; signed anew.
    pub(crate) fn with(
        mut self,
        kind: &str,
        values: impl IntoIterator<Item = Vec<u8>>,
        key: &Key,
    ) -> Self {
        self = self.without(kind, key);
        self.attributes.push(attribute(kind, values));
        self.sign(key);
        self
    }

    /// Without the attribute of this type; signed anew.
    pub(crate) fn without(mut self, kind: &str, key: &Key) -> Self {
        let start = oid(kind.parse().expect("an OID"));
        self.attributes
            .retain(|attribute| !attribute.windows(start.len()).any(|window| window == start));
        self.sign(key);
        self
    }

    /// The SignerInfo.
    pub(crate) fn signer_info(&self) -> Vec<u8> {
        let attributes = self
            .written_attributes
            .as_ref()
            .map(|content| element(tag::explicit(0), content));
        let unsigned =
            (!self.unsigned.is_empty()).then(|| element(tag::explicit(1), &self.unsigned.concat()));
        sequence(
            [
                integer(self.version),
                self.identifier.clone(),
                self.digest_algorithm.clone(),
            ]
            .into_iter()
            .chain(attributes)
            .chain([self.signature_algorithm.clone(), octets(&self.signature)])
            .chain(unsigned),
        )
    }

    /// The ContentInfo in DER.
    pub(crate) fn der(&self) -> Vec<u8> {
        content_info("1.2.840.113549.1.7.2", &self.signed_data())
    }

    fn signed_data(&self) -> Vec<u8> {
        let enclosed = self
            .enclosed
            .as_ref()
            .map(|content| element(tag::explicit(0), &octets(content)));
        let encapsulated = sequence(std::iter::once(oid(self.content_type)).chain(enclosed));
        let certificates = (!self.certificates.is_empty())
            .then(|| element(tag::explicit(0), &self.certificates.concat()));
        let infos = if self.signature.is_empty() && self.others.is_empty() {
            None
        } else {
            Some(self.signer_info())
        };
        sequence(
            [
                integer(1),
                set(self.digest_algorithms.iter().cloned()),
                encapsulated,
            ]
            .into_iter()
            .chain(certificates)
            .chain([set(infos.into_iter().chain(self.others.iter().cloned()))]),
        )
    }

    /// The ContentInfo in BER: indefinite lengths, the content in pieces.
    pub(crate) fn ber(&self) -> Vec<u8> {
        let pieces = |content: &Vec<u8>| {
            indefinite(
                tag::explicit(0),
                &indefinite(
                    0x24,
                    &content.chunks(7).map(octets).collect::<Vec<_>>().concat(),
                ),
            )
        };
        let enclosed = self.enclosed.as_ref().map(pieces).unwrap_or_default();
        let encapsulated = indefinite(tag::SEQUENCE, &[oid(self.content_type), enclosed].concat());
        let fields = [
            integer(1),
            set(self.digest_algorithms.iter().cloned()),
            encapsulated,
            indefinite(tag::explicit(0), &self.certificates.concat()),
            indefinite(tag::SET, &self.signer_info()),
        ];
        let data = indefinite(tag::SEQUENCE, &fields.concat());
        let kind = oid("1.2.840.113549.1.7.2".parse().expect("an OID"));
        indefinite(
            tag::SEQUENCE,
            &[kind, indefinite(tag::explicit(0), &data)].concat(),
        )
    }
}

/// A ContentInfo of this type.
pub(crate) fn content_info(kind: &str, content: &[u8]) -> Vec<u8> {
    sequence([
        oid(kind.parse().expect("an OID")),
        element(tag::explicit(0), content),
    ])
}

pub(crate) fn attribute(kind: &str, values: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    sequence([oid(kind.parse().expect("an OID")), set(values)])
}

pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    ring::digest::digest(&ring::digest::SHA256, bytes)
        .as_ref()
        .to_vec()
}

fn digest(key: &Key, bytes: &[u8]) -> Vec<u8> {
    let digest = match key {
        Key::P256(_) | Key::Rsa(_) | Key::RsaPss(_) => &ring::digest::SHA256,
        Key::P384(_) => &ring::digest::SHA384,
        Key::Ed25519(_) => &ring::digest::SHA512,
        Key::Gost(key) => {
            let hash = key.public_key().algorithm().hash();
            return hash.digest(bytes).as_ref().to_vec();
        }
    };
    ring::digest::digest(digest, bytes).as_ref().to_vec()
}

/// The SignerIdentifier by issuer and serial number.
pub(crate) fn issuer_and_serial(certificate: &[u8]) -> Vec<u8> {
    let read = crate::eds::certificate::Certificate::read(certificate).expect("a certificate");
    sequence([
        read.issuer().der().to_vec(),
        element(tag::INTEGER, read.serial()),
    ])
}

fn content_of(element: &[u8]) -> Vec<u8> {
    crate::eds::der::Reader::new(element)
        .next()
        .expect("an element")
        .content
        .to_vec()
}

fn indefinite(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, 0x80], content, &[0, 0]].concat()
}
