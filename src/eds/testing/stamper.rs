//! A time-stamping authority that stamps whatever a test needs.

use chrono::{DateTime, Utc};

use super::{
    der::{algorithm, element, integer, octets, oid, sequence, text},
    key::Key,
    message::{self, CONTENT_TYPE, Message, sha256},
    pki::{Draft, at, name, purposes},
    scene::{AUTHORITY, authority},
};
use crate::eds::{
    Oid,
    der::{Reader, tag},
    oid::{attribute, extension},
};

pub(crate) const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
pub(crate) const SIGNATURE_TIME_STAMP: &str = "1.2.840.113549.1.9.16.2.14";
/// The national policy for stamps with RSA.
pub(crate) const POLICY: &str = "1.2.398.3.3.2.6.2";

/// The certificate of a time-stamping authority.
pub(crate) fn stamper(key: &Key) -> Draft {
    let subject = name(&[(attribute::COMMON_NAME, "Stamper")]);
    Draft::new(8, subject, key)
        .with(extension::KEY_USAGE, &[tag::BIT_STRING, 2, 7, 0x80])
        .and_critical(
            extension::EXTENDED_KEY_USAGE,
            &purposes(&["1.3.6.1.5.5.7.3.8"]),
        )
}

/// Its certificate, issued by the authority.
pub(crate) fn appointed(draft: &Draft) -> Vec<u8> {
    draft.signed(&authority().subject, &AUTHORITY)
}

/// A TSTInfo before it is written; every part may be changed.
#[derive(Clone)]
pub(crate) struct Stamp {
    pub(crate) version: u8,
    pub(crate) policy: Oid,
    /// The MessageImprint.
    pub(crate) imprint: Vec<u8>,
    /// The GeneralizedTime.
    pub(crate) time: Vec<u8>,
    pub(crate) accuracy: Option<Vec<u8>>,
    /// The content of the INTEGER.
    pub(crate) nonce: Option<Vec<u8>>,
    /// The SEQUENCE OF Extension without its tag.
    pub(crate) extensions: Option<Vec<u8>>,
}

impl Stamp {
    /// Over these octets, at this time.
    pub(crate) fn new(stamped: &[u8], time: DateTime<Utc>) -> Self {
        Self {
            version: 1,
            policy: POLICY.parse().expect("an OID"),
            imprint: imprint("2.16.840.1.101.3.4.2.1", &sha256(stamped)),
            time: text(
                tag::GENERALIZED_TIME,
                &time.format("%Y%m%d%H%M%SZ").to_string(),
            ),
            accuracy: None,
            nonce: None,
            extensions: None,
        }
    }

    fn der(&self) -> Vec<u8> {
        let nonce = self
            .nonce
            .as_ref()
            .map(|nonce| element(tag::INTEGER, nonce));
        let extensions = self
            .extensions
            .as_ref()
            .map(|extensions| element(tag::explicit(1), extensions));
        sequence(
            [
                integer(self.version),
                oid(self.policy),
                self.imprint.clone(),
                integer(7),
                self.time.clone(),
            ]
            .into_iter()
            .chain(self.accuracy.clone())
            .chain(nonce)
            .chain(extensions),
        )
    }

    /// The token as a message that may be changed further.
    pub(crate) fn message(&self, certificate: &[u8], key: &Key) -> Message {
        let content = self.der();
        let kind = oid(TST_INFO.parse().expect("an OID"));
        let mut message = Message::new(&content, certificate, key, at("2026-06-01T09:59:30Z"));
        message.content_type = TST_INFO.parse().expect("an OID");
        message.enclosed = Some(content);
        message.with(CONTENT_TYPE, [kind], key)
    }

    /// The token.
    pub(crate) fn token(&self, certificate: &[u8], key: &Key) -> Vec<u8> {
        self.message(certificate, key).der()
    }
}

pub(crate) fn imprint(kind: &str, digest: &[u8]) -> Vec<u8> {
    sequence([algorithm(kind), octets(digest)])
}

/// A TimeStampResp with this status.
pub(crate) fn response(status: u8, token: Option<&[u8]>) -> Vec<u8> {
    sequence(
        [sequence([integer(status)])]
            .into_iter()
            .chain(token.map(<[u8]>::to_vec)),
    )
}

/// The message with these tokens among its unsigned attributes.
pub(crate) fn stamped(mut message: Message, tokens: &[Vec<u8>]) -> Message {
    message.unsigned = tokens
        .iter()
        .map(|token| message::attribute(SIGNATURE_TIME_STAMP, [token.clone()]))
        .collect();
    message
}

/// What a TimeStampReq asks for.
#[cfg_attr(
    not(feature = "service"),
    allow(dead_code, reason = "its callers are tests of the clients")
)]
pub(crate) struct Asked {
    /// The MessageImprint.
    imprint: Vec<u8>,
    pub(crate) policy: Option<Oid>,
    /// The content of the INTEGER.
    pub(crate) nonce: Vec<u8>,
}

#[cfg_attr(
    not(feature = "service"),
    allow(dead_code, reason = "its callers are tests of the clients")
)]
impl Asked {
    /// Reads a request of ours.
    pub(crate) fn read(request: &[u8]) -> Self {
        let mut fields = Reader::only(request, tag::SEQUENCE, "request").expect("a request");
        fields.small_integer("version").expect("a version");
        let imprint = fields
            .element(tag::SEQUENCE, "imprint")
            .expect("an imprint");
        let policy =
            (fields.peek() == Some(tag::OID)).then(|| fields.oid("policy").expect("an OID"));
        let nonce = fields.integer("nonce").expect("a nonce");
        Self {
            imprint: imprint.raw.to_vec(),
            policy,
            nonce: nonce.to_vec(),
        }
    }

    /// What it asks for, made at this time.
    pub(crate) fn granted(self, time: DateTime<Utc>) -> Stamp {
        let stamp = Stamp::new(&[], time);
        Stamp {
            policy: self.policy.unwrap_or(stamp.policy),
            imprint: self.imprint,
            nonce: Some(self.nonce),
            ..stamp
        }
    }
}
