//! The CAdES-BES signature of one person (RFC 5652, ETSI EN 319 122-1).

use super::{
    Failure, Issued,
    der::{INTEGER, element, explicit, octets, sequence, set},
    key::{Key, sha256},
    named, named_by, serial, time,
};

const DATA: &str = "1.2.840.113549.1.7.1";
const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";

/// Signs `document`, detached, by the holder of the certificate with this number.
pub(super) fn signed(
    document: &[u8],
    certificate: &[u8],
    number: u32,
    key: &Key,
) -> Result<Issued, Failure> {
    let (algorithm, digest) = key.digest(document);
    let reference = sequence([octets(&sha256(certificate))]);
    let attributes = set([
        attribute("1.2.840.113549.1.9.3", named_by(DATA)),
        attribute("1.2.840.113549.1.9.4", octets(&digest)),
        attribute("1.2.840.113549.1.9.5", time("260601095900Z")),
        attribute(
            "1.2.840.113549.1.9.16.2.47",
            sequence([sequence([reference])]),
        ),
    ]);
    let signature = key.sign(&attributes)?;
    // RFC 5652 section 5.4: within the message the set bears an implicit tag.
    let implicit = [&[0xa0], attributes.get(1..).unwrap_or_default()].concat();
    let info = sequence([
        vec![INTEGER, 1, 1],
        sequence([named("Authority"), element(INTEGER, &serial(number))]),
        algorithm.clone(),
        implicit,
        key.algorithm(),
        octets(&signature),
    ]);
    let data = sequence([
        vec![INTEGER, 1, 1],
        set([algorithm]),
        sequence([named_by(DATA)]),
        explicit(0, certificate),
        set([info]),
    ]);
    Ok(Issued {
        whole: sequence([named_by(SIGNED_DATA), explicit(0, &data)]),
        octets: attributes,
        signature,
    })
}

fn attribute(kind: &str, value: Vec<u8>) -> Vec<u8> {
    sequence([named_by(kind), set([value])])
}
