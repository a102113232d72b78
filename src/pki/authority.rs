//! Authorities: a certificate, its key, and what those who certify issue.

use chrono::{DateTime, Duration, Utc};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::pki::certificate::serial_of;
use crate::pki::error::Object;
use crate::pki::key::key_identifier;
use crate::pki::{
    Error, Extension, KeyUsage, Name, Revocation, RevocationList, SigningKey, Template, Validity,
    Version, crl, oid,
};

/// An authority that can sign, be it to certify, to answer for one that does,
/// or to stamp; clones share the key.
#[derive(Debug, Clone)]
pub struct Authority {
    /// Its certificate in DER.
    pub certificate: Vec<u8>,
    /// Its private key.
    pub key: SigningKey,
    /// Its name in DER.
    pub(super) subject: Vec<u8>,
    /// The content of its subjectPublicKey.
    pub(super) key_bits: Vec<u8>,
    key_identifier: Vec<u8>,
}

/// A revocation list that follows another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// Its number.
    pub number: u64,
    /// The list in DER.
    pub list: Vec<u8>,
}

/// Addresses under which a local server hands out what certificates point to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Responder(pub String);

impl Responder {
    /// Address of the OCSP responder.
    pub fn ocsp(&self) -> String {
        format!("{}/ocsp", self.0)
    }

    /// Address of the time-stamping authority.
    pub fn time_stamps(&self) -> String {
        format!("{}/tsp", self.0)
    }

    /// Address of the certificate of the authority called `slug`.
    pub fn certificate(&self, slug: &str) -> String {
        format!("{}/cert/{slug}.cer", self.0)
    }

    /// Address of the revocation list of the authority called `slug`.
    pub fn crl(&self, slug: &str) -> String {
        format!("{}/crl/{slug}.crl", self.0)
    }
}

impl Authority {
    /// Takes up an authority from its certificate and key. Fails when the
    /// certificate cannot be read.
    pub fn new(certificate: Vec<u8>, key: SigningKey) -> Result<Authority, Error> {
        let Ok((_, read)) = X509Certificate::from_der(&certificate) else {
            return Err(Error::Unreadable(Object::Certificate));
        };
        let subject = read.subject().as_raw().to_vec();
        let key_bits = read.public_key().subject_public_key.data.to_vec();
        let key_identifier = key_identifier(&key.public_key()?);
        Ok(Authority {
            certificate,
            key,
            subject,
            key_bits,
            key_identifier,
        })
    }

    /// Makes a root: it signs itself, under the policy of the national root.
    pub fn root(name: &Name, validity: Validity, key: SigningKey) -> Result<Authority, Error> {
        let public_key = key.public_key()?;
        let identifier = key_identifier(&public_key);
        let template = Template {
            version: Version::V3,
            serial: serial_of(&identifier),
            issuer: name.encode(),
            validity,
            subject: name.clone(),
            public_key,
            extensions: vec![
                Extension::authority(None),
                Extension::key_usage(&[KeyUsage::CertificateSign, KeyUsage::CrlSign]),
                Extension::subject_key_identifier(&identifier),
                Extension::authority_key_identifier(&identifier),
                Extension::certificate_policy(&oid::POLICY_ROOT, "http://root.gov.kz/cps"),
            ],
        };
        let certificate = template.sign(&key)?;
        Authority::new(certificate, key)
    }

    /// The certificate of an authority directly below this one, whose files are
    /// called `slug`, to be issued.
    pub fn subordinate(
        &self,
        name: &Name,
        validity: Validity,
        public_key: Vec<u8>,
        responder: &Responder,
        slug: &str,
    ) -> Template {
        let mut template = self.template(name.clone(), validity, public_key);
        let root = responder.certificate(slug);
        for extension in [
            Extension::authority(Some(0)),
            Extension::key_usage(&[KeyUsage::CertificateSign, KeyUsage::CrlSign]),
            Extension::crl_distribution_point(&responder.crl(slug)),
            Extension::authority_information_access(&root, Some(&responder.ocsp())),
            Extension::certificate_policy(&oid::POLICY_NATIONAL, "http://pki.gov.kz/cps"),
        ] {
            template.set(extension);
        }
        template
    }

    /// The bare frame of a certificate from this authority: both key
    /// identifiers, and the serial number derived from the subject's.
    pub fn template(&self, subject: Name, validity: Validity, public_key: Vec<u8>) -> Template {
        let identifier = key_identifier(&public_key);
        Template {
            version: Version::V3,
            serial: serial_of(&identifier),
            issuer: self.subject.clone(),
            validity,
            subject,
            public_key,
            extensions: vec![
                Extension::authority_key_identifier(&self.key_identifier),
                Extension::subject_key_identifier(&identifier),
            ],
        }
    }

    /// The next revocation list, as the national authority writes it: its
    /// number and the authority's key identifier, no distribution point.
    pub fn revocation_list(
        &self,
        number: u64,
        revoked: Vec<Revocation>,
        this_update: DateTime<Utc>,
        lifetime: Duration,
    ) -> RevocationList {
        RevocationList {
            issuer: self.subject.clone(),
            this_update,
            next_update: this_update + lifetime,
            revoked,
            extensions: vec![
                Extension::authority_key_identifier(&self.key_identifier),
                Extension::crl_number(number),
            ],
        }
    }

    /// The list that follows `earlier`: its number is one higher, and `added`
    /// is on it, unless it was already. Fails when the earlier one cannot be
    /// read or the key refuses to sign.
    pub fn next_list(
        &self,
        earlier: &[u8],
        added: Option<Revocation>,
        this_update: DateTime<Utc>,
        lifetime: Duration,
    ) -> Result<Next, Error> {
        let earlier = crl::read(earlier)?;
        let mut revoked = earlier.revoked;
        // Who is revoked stays revoked since then.
        let known = |new: &Revocation| revoked.iter().any(|old| old.serial == new.serial);
        let added = added.filter(|new| !known(new));
        revoked.extend(added);
        let number = earlier.number + 1;
        let list = self.revocation_list(number, revoked, this_update, lifetime);
        Ok(Next {
            number,
            list: list.sign(&self.key)?,
        })
    }
}
