//! A revocation list of as many entries as one wants, signed by an authority
//! with an RSA key of 4096 bits as the national one.

use std::path::Path;

use super::{
    Failure, Issued, authority, der, extension, identifier,
    key::{Key, sha256},
    named, time,
};
use der::{INTEGER, element, explicit, sequence};

/// The list and who signed it.
pub(crate) struct LongList {
    /// The authority's certificate, self-signed.
    pub(crate) authority: Vec<u8>,
    pub(crate) list: Vec<u8>,
    pub(crate) entries: u32,
}

impl LongList {
    /// Makes one; the RSA key is kept in `folder`.
    ///
    /// # Errors
    /// When `openssl` is missing or the folder cannot be written.
    pub(crate) fn new(entries: u32, folder: &Path) -> Result<Self, Failure> {
        let key = Key::rsa(folder, "authority", 4096)?;
        let name = named("Authority");
        let authority = authority(1, &name, &key).issued(&name, &key)?.whole;
        let reason = sequence([extension("2.5.29.21", &[0x0a, 1, 1])]);
        let mut revoked = Vec::new();
        for number in 0..entries {
            let serial = element(INTEGER, &serial(number));
            revoked.extend(sequence([serial, time("260401000000Z"), reason.clone()]));
        }
        let identifier = sequence([element(0x80, &identifier(&key))]);
        let extensions = sequence([
            extension("2.5.29.35", &identifier),
            extension("2.5.29.20", &[INTEGER, 1, 7]),
        ]);
        let octets = sequence([
            vec![INTEGER, 1, 1],
            key.algorithm(),
            name,
            time("260601000000Z"),
            time("260608000000Z"),
            element(der::SEQUENCE, &revoked),
            explicit(0, &extensions),
        ]);
        let list = Issued::new(octets, &key)?.whole;
        Ok(Self {
            authority,
            list,
            entries,
        })
    }
}

/// The serial number of an entry, in twenty octets. From `entries` on they are of
/// certificates that are not revoked.
pub(crate) fn serial(number: u32) -> Vec<u8> {
    let mut octets = sha256(&number.to_be_bytes());
    octets.truncate(20);
    if let Some(first) = octets.first_mut() {
        *first = *first % 0x7f + 1;
    }
    octets
}
