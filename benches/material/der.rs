//! A small writer of DER.

use kelisim::eds::Oid;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const UTF8_STRING: u8 = 0x0c;
pub(crate) const PRINTABLE_STRING: u8 = 0x13;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// One element with this tag and content.
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant = length.iter().position(|&octet| octet != 0);
    let significant = length.get(significant.unwrap_or(7)..).unwrap_or_default();
    let mut all = vec![tag];
    if content.len() >= 0x80 {
        all.extend(u8::try_from(significant.len()).map(|count| 0x80 | count));
    }
    all.extend(significant);
    all.extend(content);
    all
}

pub(crate) fn sequence<const N: usize>(parts: [Vec<u8>; N]) -> Vec<u8> {
    element(SEQUENCE, &parts.concat())
}

/// A SET OF: its elements are sorted.
pub(crate) fn set<const N: usize>(mut parts: [Vec<u8>; N]) -> Vec<u8> {
    parts.sort();
    element(SET, &parts.concat())
}

/// Context-specific and constructed.
pub(crate) fn explicit(number: u8, content: &[u8]) -> Vec<u8> {
    element(0xa0 | number, content)
}

pub(crate) fn oid(oid: Oid) -> Vec<u8> {
    element(0x06, oid.octets())
}

pub(crate) fn octets(content: &[u8]) -> Vec<u8> {
    element(OCTET_STRING, content)
}

/// A BIT STRING without unused bits.
pub(crate) fn bits(content: &[u8]) -> Vec<u8> {
    element(BIT_STRING, &[&[0], content].concat())
}

/// An AlgorithmIdentifier without parameters.
pub(crate) fn bare(kind: Oid) -> Vec<u8> {
    sequence([oid(kind)])
}
