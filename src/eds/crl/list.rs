//! A list as a value of its own, and what each must satisfy to be used.

use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};

use super::{Crl, SMALL};
use crate::eds::{
    Digest, Fault, Policy, Trust, algorithm::Scheme, certificate::Certificate, digest::hexadecimal,
    extension::KeyUsage, signature::PublicKey,
};

/// A revocation list that an authority issued: read once, it can join any
/// [`Trust`], where its age and its signer's path are judged at each use.
/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct RevocationList(pub(in super::super) Arc<Crl>);

/// The number of a list (RFC 5280 section 5.2.3): a later one is higher. In
/// twenty octets, as many as it may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListNumber([u8; 20]);

impl RevocationList {
    /// Reads a list in DER and demands that the authority whose certificate, one of
    /// `trust`, has the SHA-256 `authority` issued and signed it, by an algorithm
    /// that the policy allows at `now`. A large one is kept without its octets.
    ///
    /// # Errors
    /// The [`Fault`] for which the list is refused.
    pub fn read(
        der: &[u8],
        authority: &Digest,
        trust: &Trust,
        policy: &Policy,
        now: DateTime<Utc>,
    ) -> Result<Self, Fault> {
        let certificates = trust.certificates();
        let signer = certificates
            .iter()
            .find(|certificate| certificate.sha256() == authority)
            .ok_or(Fault::RevocationUnusable("no such authority"))?;
        let list = Crl::read_beside(der, &certificates, SMALL)?;
        if !list.issuer().matches(signer.subject()) {
            return Err(Fault::RevocationUnusable("another issuer"));
        }
        let (key, scheme) = list.key_of(signer, policy, now)?;
        list.demand_signed_with(&key, scheme)?;
        Ok(Self(Arc::new(list)))
    }

    /// Demands that the list is of this instant and has nothing in it that is
    /// critical and not understood.
    ///
    /// # Errors
    /// [`Fault::RevocationUnusable`] says what keeps it from use.
    pub fn demand_current(&self, now: DateTime<Utc>) -> Result<(), Fault> {
        self.0.demand_current(now)
    }

    /// The SHA-256 of the list.
    #[must_use]
    pub fn sha256(&self) -> Digest {
        self.0.sha256()
    }

    /// When it was issued.
    #[must_use]
    pub fn this_update(&self) -> DateTime<Utc> {
        self.0.head.this_update
    }

    /// When the next one is due.
    #[must_use]
    pub fn next_update(&self) -> Option<DateTime<Utc>> {
        self.0.head.next_update
    }

    /// Whether it holds only what is new since another list.
    #[must_use]
    pub fn is_delta(&self) -> bool {
        self.0.extensions().base_number.is_some()
    }

    /// Its number; `None` when it has none, or a longer one than is allowed.
    #[must_use]
    pub fn number(&self) -> Option<ListNumber> {
        let place = self.0.extensions().number.as_ref()?;
        ListNumber::of(self.0.part(place))
    }

    /// Since when the certificate of the list's own issuer with this serial
    /// number, the content octets of its INTEGER, is revoked by this list alone.
    #[must_use]
    pub fn revoked_at(&self, serial: &[u8]) -> Option<DateTime<Utc>> {
        let entry = self.0.entry(self.0.issuer(), serial);
        entry.map(|entry| entry.revoked_at)
    }
}

impl ListNumber {
    /// From up to twenty octets, the most significant first.
    fn of(octets: &[u8]) -> Option<Self> {
        let mut padded = [0; 20];
        let start = padded.len().checked_sub(octets.len())?;
        padded.get_mut(start..)?.copy_from_slice(octets);
        Some(Self(padded))
    }

    /// The twenty octets, the most significant first.
    #[must_use]
    pub fn octets(&self) -> &[u8; 20] {
        &self.0
    }
}

impl From<[u8; 20]> for ListNumber {
    fn from(octets: [u8; 20]) -> Self {
        Self(octets)
    }
}

/// Hexadecimal without leading zeros.
impl fmt::Display for ListNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = hexadecimal(&self.0);
        match text.trim_start_matches('0') {
            "" => f.write_str("0"),
            digits => f.write_str(digits),
        }
    }
}

impl Crl {
    /// Nothing critical is unknown, and the list is of this instant.
    pub(super) fn demand_current(&self, now: DateTime<Utc>) -> Result<(), Fault> {
        if self.extensions().unknown_critical || self.unknown_critical_in_entry {
            return Err(Fault::RevocationUnusable("unknown critical extension"));
        }
        if now < self.head.this_update {
            return Err(Fault::RevocationUnusable("issued in the future"));
        }
        if self.head.next_update.is_some_and(|next| now > next) {
            return Err(Fault::RevocationUnusable("out of date"));
        }
        Ok(())
    }

    /// The key of `signer` and how it must have signed the list, if it may.
    pub(super) fn key_of<'a>(
        &self,
        signer: &'a Certificate,
        policy: &Policy,
        at: DateTime<Utc>,
    ) -> Result<(PublicKey<'a>, Scheme), Fault> {
        let usage = signer.extensions().key_usage;
        if usage.is_some_and(|usage| !usage.allows(KeyUsage::CRL_SIGN)) {
            return Err(Fault::RevocationUnusable(
                "issuer may not sign revocation lists",
            ));
        }
        let scheme = self.signature_algorithm()?.scheme(None)?;
        let key = signer.public_key()?;
        policy.allows(scheme, &key, at)?;
        Ok((key, scheme))
    }

    pub(super) fn demand_signed_with(
        &self,
        key: &PublicKey<'_>,
        scheme: Scheme,
    ) -> Result<(), Fault> {
        self.is_signed_with(key, scheme)
            .map_err(|_| Fault::RevocationUnusable("signature does not verify"))
    }
}
