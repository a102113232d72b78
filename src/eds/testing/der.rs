//! A small writer of DER.

use crate::eds::{Oid, der::tag};

/// One element with this tag and content.
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let header: Vec<u8> = match length {
        0..0x80 => vec![tag, octet(length)],
        0x80..0x100 => vec![tag, 0x81, octet(length)],
        0x100..0x1_0000 => vec![tag, 0x82, octet(length >> 8), octet(length & 0xff)],
        _ => vec![
            tag,
            0x83,
            octet(length >> 16),
            octet(length >> 8 & 0xff),
            octet(length & 0xff),
        ],
    };
    [header.as_slice(), content].concat()
}

fn octet(value: usize) -> u8 {
    u8::try_from(value).expect("an octet")
}

pub(crate) fn sequence(parts: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    element(
        tag::SEQUENCE,
        &parts.into_iter().collect::<Vec<_>>().concat(),
    )
}

/// A SET OF: its elements are sorted.
pub(crate) fn set(parts: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut parts: Vec<_> = parts.into_iter().collect();
    parts.sort();
    element(tag::SET, &parts.concat())
}

pub(crate) fn oid(oid: Oid) -> Vec<u8> {
    element(tag::OID, oid.octets())
}

pub(crate) fn text(tag: u8, text: &str) -> Vec<u8> {
    element(tag, text.as_bytes())
}

pub(crate) fn octets(content: &[u8]) -> Vec<u8> {
    element(tag::OCTET_STRING, content)
}

pub(crate) fn integer(value: u8) -> Vec<u8> {
    element(tag::INTEGER, &[value])
}

/// A BIT STRING without unused bits.
pub(crate) fn bits(content: &[u8]) -> Vec<u8> {
    element(tag::BIT_STRING, &[&[0], content].concat())
}

/// An AlgorithmIdentifier whose parameters are NULL.
pub(crate) fn algorithm(kind: &str) -> Vec<u8> {
    sequence([oid(kind.parse().expect("an OID")), vec![tag::NULL, 0]])
}

/// An AlgorithmIdentifier without parameters.
pub(crate) fn bare_algorithm(kind: &str) -> Vec<u8> {
    sequence([oid(kind.parse().expect("an OID"))])
}
