//! A writer of DER (ITU-T X.690): tag, length, value, nothing else.

use ::der::asn1::ObjectIdentifier;
use chrono::{DateTime, Datelike, Utc};

const BOOLEAN: u8 = 0x01;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const NULL: u8 = 0x05;
const OBJECT_IDENTIFIER: u8 = 0x06;
const ENUMERATED: u8 = 0x0A;
const UTF8_STRING: u8 = 0x0C;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const PRINTABLE_STRING: u8 = 0x13;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const CONTEXT: u8 = 0x80;
const CONSTRUCTED: u8 = 0x20;

/// One element: the tag octet, the definite minimal length, the content.
pub fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    out.extend(length(content.len()));
    out.extend_from_slice(content);
    out
}

fn length(length: usize) -> Vec<u8> {
    let octets = significant(&length.to_be_bytes());
    match (u8::try_from(length), u8::try_from(octets.len())) {
        (Ok(short), _) if short < 0x80 => vec![short],
        (_, Ok(count)) => [vec![0x80 | count], octets].concat(),
        (_, Err(_)) => octets,
    }
}

fn significant(octets: &[u8]) -> Vec<u8> {
    octets
        .iter()
        .copied()
        .skip_while(|octet| *octet == 0)
        .collect()
}

/// SEQUENCE of elements already encoded.
pub fn sequence<Part: AsRef<[u8]>>(parts: impl IntoIterator<Item = Part>) -> Vec<u8> {
    element(SEQUENCE, &joined(parts))
}

/// SET OF elements already encoded, sorted as X.690 section 11.6 wants.
pub fn set_of(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    element(SET, &parts.concat())
}

/// A constructed element with the context tag `number`: EXPLICIT around an
/// element, or IMPLICIT in place of a SEQUENCE or SET tag.
pub fn context<Part: AsRef<[u8]>>(number: u8, parts: impl IntoIterator<Item = Part>) -> Vec<u8> {
    element(CONTEXT | CONSTRUCTED | number, &joined(parts))
}

/// A primitive element with the context tag `number` (IMPLICIT).
pub fn context_primitive(number: u8, content: &[u8]) -> Vec<u8> {
    element(CONTEXT | number, content)
}

fn joined<Part: AsRef<[u8]>>(parts: impl IntoIterator<Item = Part>) -> Vec<u8> {
    parts
        .into_iter()
        .flat_map(|part| part.as_ref().to_vec())
        .collect()
}

/// BOOLEAN TRUE; FALSE is the default wherever it occurs here and is not written.
pub fn boolean_true() -> Vec<u8> {
    element(BOOLEAN, &[0xFF])
}

/// INTEGER of a number that is not negative, given in big-endian octets.
pub fn unsigned(octets: &[u8]) -> Vec<u8> {
    let mut content = significant(octets);
    if content.first().is_none_or(|first| *first >= 0x80) {
        content.insert(0, 0);
    }
    element(INTEGER, &content)
}

/// INTEGER of a small number.
pub fn integer(number: u64) -> Vec<u8> {
    unsigned(&number.to_be_bytes())
}

/// ENUMERATED below 128.
pub fn enumerated(number: u8) -> Vec<u8> {
    element(ENUMERATED, &[number])
}

/// BIT STRING of whole octets.
pub fn bit_string(octets: &[u8]) -> Vec<u8> {
    element(BIT_STRING, &[&[0], octets].concat())
}

/// BIT STRING of at most eight named bits: trailing zero bits are dropped
/// (X.690 section 11.2.2).
pub fn named_bits(bits: u8) -> Vec<u8> {
    match u8::try_from(bits.trailing_zeros()) {
        Ok(unused) if bits != 0 => element(BIT_STRING, &[unused, bits]),
        _ => element(BIT_STRING, &[0]),
    }
}

/// BIT STRING of named bits of which this one alone is set (X.690 section 11.2.2).
pub fn named_bit(number: u8) -> Vec<u8> {
    let unused = 7 - number % 8;
    let mut content = vec![0; usize::from(number / 8)];
    content.insert(0, unused);
    content.push(1 << unused);
    element(BIT_STRING, &content)
}

/// OCTET STRING.
pub fn octet_string(octets: &[u8]) -> Vec<u8> {
    element(OCTET_STRING, octets)
}

/// NULL.
pub fn null() -> Vec<u8> {
    element(NULL, &[])
}

/// OBJECT IDENTIFIER.
pub fn oid(identifier: &ObjectIdentifier) -> Vec<u8> {
    element(OBJECT_IDENTIFIER, identifier.as_bytes())
}

/// UTF8String.
pub fn utf8_string(text: &str) -> Vec<u8> {
    element(UTF8_STRING, text.as_bytes())
}

/// PrintableString; the caller answers for the alphabet.
pub fn printable_string(text: &str) -> Vec<u8> {
    element(PRINTABLE_STRING, text.as_bytes())
}

/// UTCTime up to 2049, GeneralizedTime from 2050 (RFC 5280 section 4.1.2.5).
pub fn time(moment: DateTime<Utc>) -> Vec<u8> {
    if moment.year() < 2050 {
        element(
            UTC_TIME,
            moment.format("%y%m%d%H%M%SZ").to_string().as_bytes(),
        )
    } else {
        generalized_time(moment)
    }
}

/// GeneralizedTime in whole seconds.
pub fn generalized_time(moment: DateTime<Utc>) -> Vec<u8> {
    let text = moment.format("%Y%m%d%H%M%SZ").to_string();
    element(GENERALIZED_TIME, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn lengths_are_minimal_on_both_sides_of_each_boundary() {
        assert_eq!(length(0), [0]);
        assert_eq!(length(127), [127]);
        assert_eq!(length(128), [0x81, 128]);
        assert_eq!(length(255), [0x81, 255]);
        assert_eq!(length(256), [0x82, 1, 0]);
        assert_eq!(length(65_536), [0x83, 1, 0, 0]);
    }

    #[test]
    fn integers_are_minimal_and_never_negative() {
        assert_eq!(integer(0), [2, 1, 0]);
        assert_eq!(integer(127), [2, 1, 127]);
        assert_eq!(integer(128), [2, 2, 0, 128]);
        assert_eq!(unsigned(&[0, 0, 1, 0]), [2, 2, 1, 0]);
    }

    #[test]
    fn named_bits_drop_trailing_zeros() {
        assert_eq!(named_bits(0xC0), [3, 2, 6, 0xC0]);
        assert_eq!(named_bits(0x06), [3, 2, 1, 0x06]);
        assert_eq!(named_bits(0), [3, 1, 0]);
        assert_eq!(named_bit(0), [3, 2, 7, 0x80]);
        assert_eq!(named_bit(15), [3, 3, 0, 0, 1]);
        assert_eq!(named_bit(25), [3, 5, 6, 0, 0, 0, 0x40]);
    }

    #[test]
    fn a_set_is_sorted_by_its_encoding() {
        assert_eq!(
            set_of(vec![integer(2), integer(1)]),
            [0x31, 6, 2, 1, 1, 2, 1, 2]
        );
    }

    #[test]
    fn the_form_of_time_changes_with_the_year_2050() {
        let last = Utc.with_ymd_and_hms(2049, 12, 31, 23, 59, 59).unwrap();
        assert_eq!(
            time(last),
            [&[0x17, 13], b"491231235959Z".as_slice()].concat()
        );
        let next = Utc.with_ymd_and_hms(2050, 1, 1, 0, 0, 0).unwrap();
        assert_eq!(
            time(next),
            [&[0x18, 15], b"20500101000000Z".as_slice()].concat()
        );
    }
}
