//! A revocation list as people are shown it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Crl;
use crate::eds::{Digest, Fault, certificate::Certificate};

/// What a revocation list says of itself (RFC 5280 section 5.1). Nothing is
/// said about whether it is true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListSummary {
    /// The issuer's name in the form of RFC 4514.
    pub issuer: String,
    /// The list's number in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Whether it holds only what is new since another list.
    pub delta: bool,
    /// When it was issued.
    pub this_update: DateTime<Utc>,
    /// When the next one is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_update: Option<DateTime<Utc>>,
    /// How many certificates it names.
    pub entries: usize,
    /// The SHA-256 of the list.
    pub sha256: Digest,
}

impl ListSummary {
    /// Reads one list in DER.
    ///
    /// # Errors
    /// [`Fault::Malformed`] for what is no revocation list.
    pub fn read(der: &[u8]) -> Result<Self, Fault> {
        let list = Crl::read(der)?;
        let hexadecimal =
            |octets: &[u8]| octets.iter().map(|octet| format!("{octet:02x}")).collect();
        Ok(Self {
            issuer: list.issuer().to_string(),
            number: list
                .extensions()
                .number
                .as_ref()
                .map(|place| hexadecimal(list.part(place))),
            delta: list.extensions().base_number.is_some(),
            this_update: list.head.this_update,
            next_update: list.head.next_update,
            entries: list.len(),
            sha256: Digest::of(der),
        })
    }

    /// Whether the list in DER was signed with the key of this certificate.
    ///
    /// # Errors
    /// [`Fault`] when one of them cannot be read or the signature does not verify.
    pub fn signed_by(list: &[u8], certificate: &[u8]) -> Result<(), Fault> {
        let (list, certificate) = (Crl::read(list)?, Certificate::read(certificate)?);
        if !list.issuer().matches(certificate.subject()) {
            return Err(Fault::RevocationUnusable("another issuer"));
        }
        let scheme = list.signature_algorithm()?.scheme(None)?;
        list.is_signed_with(&certificate.public_key()?, scheme)
    }
}
