//! A small writer of DER, for the requests we send: nothing that was signed is
//! ever written anew.

use super::{Oid, der::tag};

/// One element with this tag and content.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let short = length.iter().skip_while(|&&octet| octet == 0).copied();
    let mut written = vec![tag];
    match (content.len(), u8::try_from(short.clone().count())) {
        (0..0x80, _) | (_, Err(_)) => written.extend(length.last()),
        (_, Ok(count)) => {
            written.push(0x80 | count);
            written.extend(short);
        }
    }
    written.extend_from_slice(content);
    written
}

/// A SEQUENCE of these elements.
pub(super) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(tag::SEQUENCE, &parts.concat())
}

/// An OBJECT IDENTIFIER.
pub(super) fn oid(oid: Oid) -> Vec<u8> {
    element(tag::OID, oid.octets())
}

/// An AlgorithmIdentifier whose parameters are NULL.
pub(super) fn algorithm(kind: Oid) -> Vec<u8> {
    sequence(&[oid(kind), element(tag::NULL, &[])])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eds::der;

    #[test]
    fn each_length_has_its_shortest_form() {
        for length in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000] {
            let written = element(tag::OCTET_STRING, &vec![7; length]);
            assert_eq!(der::check(&written), Ok(()), "{length}");
        }
    }
}
