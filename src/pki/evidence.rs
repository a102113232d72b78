//! The file that tells a service whom to ask about the development PKI
//! (`kelisim serve --evidence`).

use std::fmt::Write;

use ring::digest::{SHA256, digest};

use crate::pki::{Each, Family, Hierarchy, Responder};

/// Where each kind of evidence is to be had.
#[derive(Debug, Clone, Copy)]
pub struct Addresses<'a> {
    /// The status of certificates.
    pub ocsp: &'a Responder,
    /// Time-stamps.
    pub time_stamps: &'a Responder,
    /// Revocation lists.
    pub lists: &'a Responder,
}

impl<'a> Addresses<'a> {
    /// Everything at one address.
    pub fn all_at(responder: &'a Responder) -> Self {
        Self {
            ocsp: responder,
            time_stamps: responder,
            lists: responder,
        }
    }

    /// The file in TOML, for these authorities; those with RSA keys stamp for
    /// all but signatures with GOST keys.
    pub fn file(self, hierarchies: &[&Hierarchy]) -> String {
        let mut file = String::new();
        for hierarchy in hierarchies {
            let names = Each::FILES.map(|what| hierarchy.family.file(what));
            self.authority(&mut file, &hierarchy.root.certificate, &names.root);
            self.authority(&mut file, &hierarchy.issuing.certificate, &names.issuing);
        }
        self.stamper(&mut file, Family::Rsa, "sha-256");
        self.stamper(&mut file, Family::Gost, "streebog-512");
        file
    }

    fn authority(self, file: &mut String, certificate: &[u8], name: &str) {
        let mut fingerprint = String::new();
        // Writing to a string cannot fail, here and below.
        for byte in digest(&SHA256, certificate).as_ref() {
            let _ = write!(fingerprint, "{byte:02x}");
        }
        let (ocsp, list) = (self.ocsp.ocsp(), self.lists.crl(name));
        let _ = write!(
            file,
            "[[authority]]\n# {name}\ncertificate = \"{fingerprint}\"\nocsp = [\"{ocsp}\"]\ncrl = [\"{list}\"]\n\n"
        );
    }

    fn stamper(self, file: &mut String, family: Family, digest: &str) {
        let url = format!("{}/{}", self.time_stamps.time_stamps(), family.slug());
        let policy = family.time_stamp_policy();
        let _ = write!(
            file,
            "[[time-stamp-authority]]\nurl = \"{url}\"\npolicy = \"{policy}\"\ndigest = \"{digest}\"\n\n"
        );
    }
}
