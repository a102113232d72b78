//! Revocation lists (RFC 5280 section 5), made and read back for the next one.

use chrono::{DateTime, Duration, Utc};
use x509_parser::prelude::{ASN1Time, CertificateRevocationList, FromDer};

use crate::pki::certificate::{extensions, signed};
use crate::pki::error::Object;
use crate::pki::{Error, Extension, SigningKey, der, oid};

/// Why a certificate was revoked (RFC 5280 section 5.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Somebody else may have the key.
    KeyCompromise,
    /// The authority's own key may be in other hands.
    AuthorityCompromise,
    /// The holder gave it up.
    CessationOfOperation,
    /// Suspended for a time.
    CertificateHold,
    /// In a delta list: no longer suspended.
    RemoveFromList,
}

impl Reason {
    /// CRLReason.
    pub(super) fn code(self) -> u8 {
        match self {
            Reason::KeyCompromise => 1,
            Reason::AuthorityCompromise => 2,
            Reason::CessationOfOperation => 5,
            Reason::CertificateHold => 6,
            Reason::RemoveFromList => 8,
        }
    }

    fn from_code(code: u8) -> Option<Reason> {
        let all = [
            Reason::KeyCompromise,
            Reason::AuthorityCompromise,
            Reason::CessationOfOperation,
            Reason::CertificateHold,
            Reason::RemoveFromList,
        ];
        all.into_iter().find(|reason| reason.code() == code)
    }
}

/// One revoked certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// Its serial number, big-endian.
    pub serial: Vec<u8>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Why, when it is said.
    pub reason: Option<Reason>,
}

/// A revocation list before it is signed; every field is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationList {
    /// The issuer's name in DER.
    pub issuer: Vec<u8>,
    /// thisUpdate.
    pub this_update: DateTime<Utc>,
    /// nextUpdate.
    pub next_update: DateTime<Utc>,
    /// What is revoked.
    pub revoked: Vec<Revocation>,
    /// Extensions of the list; nationally the number and the authority's key.
    pub extensions: Vec<Extension>,
}

impl RevocationList {
    /// The list in DER, signed with `key`. Fails when the key does.
    pub fn sign(&self, key: &SigningKey) -> Result<Vec<u8>, Error> {
        // An empty list of entries is left out altogether (RFC 5280 section 5.1.2.6).
        let revoked = match self.revoked.as_slice() {
            [] => Vec::new(),
            entries => der::sequence(entries.iter().map(Revocation::encode)),
        };
        let to_be_signed = der::sequence([
            der::integer(1),
            key.algorithm(),
            self.issuer.clone(),
            der::time(self.this_update),
            der::time(self.next_update),
            revoked,
            extensions(0, &self.extensions),
        ]);
        signed(&to_be_signed, key)
    }
}

impl Revocation {
    /// Whether it revokes the certificate with this serial number, big-endian.
    pub(super) fn names(&self, serial: &[u8]) -> bool {
        der::unsigned(&self.serial) == der::unsigned(serial)
    }

    fn encode(&self) -> Vec<u8> {
        let reason = self.reason.map(|reason| {
            let value = der::enumerated(reason.code());
            der::sequence([Extension::plain(oid::CRL_REASON, value).encode()])
        });
        let parts = [
            der::unsigned(&self.serial),
            der::time(self.since),
            reason.unwrap_or_default(),
        ];
        der::sequence(parts)
    }
}

/// What an earlier list hands on to the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Its number.
    pub number: u64,
    /// thisUpdate.
    pub this_update: DateTime<Utc>,
    /// nextUpdate.
    pub next_update: DateTime<Utc>,
    /// What it revokes.
    pub revoked: Vec<Revocation>,
}

impl Issued {
    /// For how long it holds.
    pub(super) fn lifetime(&self) -> Duration {
        self.next_update - self.this_update
    }
}

/// Reads a list made here. Fails when it is no list.
pub(super) fn read(list: &[u8]) -> Result<Issued, Error> {
    let unreadable = Error::Unreadable(Object::RevocationList);
    let Ok((_, list)) = CertificateRevocationList::from_der(list) else {
        return Err(unreadable);
    };
    let number = list
        .crl_number()
        .and_then(|number| number.to_u64_digits().first().copied());
    let revoked = list
        .iter_revoked_certificates()
        .map(revocation)
        .collect::<Option<Vec<_>>>();
    let this_update = moment(list.last_update());
    let next_update = list.next_update().and_then(moment);
    match (revoked, this_update, next_update) {
        (Some(revoked), Some(this_update), Some(next_update)) => Ok(Issued {
            number: number.unwrap_or(0),
            this_update,
            next_update,
            revoked,
        }),
        (_, _, _) => Err(unreadable),
    }
}

fn revocation(entry: &x509_parser::prelude::RevokedCertificate<'_>) -> Option<Revocation> {
    let reason = entry
        .reason_code()
        .and_then(|(_, code)| Reason::from_code(code.0));
    let since = moment(entry.revocation_date)?;
    Some(Revocation {
        serial: entry.raw_serial().to_vec(),
        since,
        reason,
    })
}

fn moment(time: ASN1Time) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(time.timestamp(), 0)
}
