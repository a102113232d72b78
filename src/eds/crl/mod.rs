//! Certificate revocation lists: reading (RFC 5280 section 5).
//!
//! A list may hold a million entries. It is walked once; a large one whose
//! signature holds is then kept without its octets: what stands around the
//! entries, the digest of the whole, whose key signed it, and the entries as a
//! [`Table`]. No verdict depends on the form in which a list is kept.

mod coverage;
mod entry;
mod kept;
mod list;
mod scope;
mod status;
mod summary;
mod table;

use chrono::{DateTime, Utc};

use super::{
    Digest, Evidence, Fault, Oid, Source,
    algorithm::{AlgorithmIdentifier, Scheme},
    certificate::{Certificate, Span, span},
    der::{self, Malformed, Reader, tag},
    extension::Extension,
    name::Name,
    oid::extension as oid,
    signature::PublicKey,
};

pub(super) use entry::{Entry, Reason};
use kept::{Compact, Form, Whole};
pub use list::{ListNumber, RevocationList};
pub(super) use scope::{DistributionPoint, Reasons, Scope};
pub(super) use status::{Judge, Status};
pub use summary::ListSummary;
use table::Table;

/// A list longer than this is refused: the largest known public ones have
/// some tens of megabytes.
const LONGEST: usize = 128 * 1024 * 1024;

/// A list shorter than this is kept with its octets.
pub(super) const SMALL: usize = 64 * 1024;

/// A revocation list whose form is right; nothing is said about its truth.
#[derive(Debug, Clone)]
pub(super) struct Crl {
    head: Head,
    /// An entry has a critical extension that is not understood.
    unknown_critical_in_entry: bool,
    form: Form,
}

/// What stands around the entries. Each part is a span of the list's octets.
#[derive(Debug, Clone)]
struct Head {
    tbs: Span,
    signature_algorithm: Span,
    signature: Span,
    issuer: Span,
    this_update: DateTime<Utc>,
    next_update: Option<DateTime<Utc>>,
    /// The content of revokedCertificates.
    entries: Span,
    extensions: Extensions,
}

/// What the extensions of a list say (section 5.2).
#[derive(Debug, Clone, Default)]
struct Extensions {
    authority_key_identifier: Option<Span>,
    number: Option<Span>,
    base_number: Option<Span>,
    scope: Scope,
    scope_octets: Option<Span>,
    unknown_critical: bool,
}

impl Crl {
    /// Reads one list in DER, strictly, and keeps it whole.
    pub(super) fn read(der: &[u8]) -> Result<Self, Malformed> {
        Self::read_beside(der, &[], usize::MAX)
    }

    /// Reads one list in DER, strictly. From the length `small` on it is kept
    /// without its octets when a key of `certificates` signed it.
    pub(super) fn read_beside(
        der: &[u8],
        certificates: &[&Certificate],
        small: usize,
    ) -> Result<Self, Malformed> {
        let head = Head::read(der)?;
        let walk = entry::Walk::over(der.get(head.entries.clone()).unwrap_or_default(), der)?;
        let unknown_critical_in_entry = walk.unknown_critical;
        let compact = match der.len() < small {
            true => None,
            false => Compact::of(&head, &walk, der, certificates),
        };
        Ok(Self {
            form: compact.map_or_else(|| Form::Whole(Whole::of(walk, der)), Form::Compact),
            head,
            unknown_critical_in_entry,
        })
    }

    /// The same list without its octets, when a key of `certificates` signed it;
    /// nothing when none did, or when it is kept so already.
    pub(super) fn compacted(&self, certificates: &[&Certificate]) -> Option<Self> {
        match &self.form {
            Form::Whole(whole) => Self::read_beside(whole.octets(), certificates, 0).ok(),
            Form::Compact(_) => None,
        }
    }

    /// Whether the list is kept without its octets.
    pub(super) fn is_compact(&self) -> bool {
        matches!(self.form, Form::Compact(_))
    }

    /// The octets of a list that is small and kept with them.
    pub(super) fn small_der(&self) -> Option<&[u8]> {
        match &self.form {
            Form::Whole(whole) => Some(whole.octets()).filter(|der| der.len() < SMALL),
            Form::Compact(_) => None,
        }
    }

    /// The first entry for a certificate by its issuer and serial number.
    pub(super) fn entry(&self, issuer: Name<'_>, serial: &[u8]) -> Option<Entry> {
        match &self.form {
            Form::Whole(whole) => whole.entry(self.issuer(), issuer, serial),
            Form::Compact(_) if !self.issuer().matches(issuer) => None,
            Form::Compact(compact) => compact.entries.entry(serial),
        }
    }

    /// Whether the key signed the list under its algorithm, which is `scheme`.
    fn is_signed_with(&self, key: &PublicKey<'_>, scheme: Scheme) -> Result<(), Fault> {
        match &self.form {
            Form::Whole(whole) => self.head.verify(key, scheme, whole.octets()),
            Form::Compact(compact) if compact.signed_with(key) => Ok(()),
            Form::Compact(_) => Err(Fault::SignatureMismatch),
        }
    }

    /// The SHA-256 of the list.
    pub(super) fn sha256(&self) -> Digest {
        match &self.form {
            Form::Whole(whole) => whole.sha256(),
            Form::Compact(compact) => compact.sha256,
        }
    }

    /// The list in DER, unless it is kept without its octets.
    pub(super) fn der(&self) -> Option<&[u8]> {
        match &self.form {
            Form::Whole(whole) => Some(whole.octets()),
            Form::Compact(_) => None,
        }
    }

    /// When the list was made.
    pub(super) fn this_update(&self) -> DateTime<Utc> {
        self.head.this_update
    }

    /// This list as evidence about `certificate`.
    pub(super) fn evidence(&self, certificate: &Certificate) -> Evidence {
        Evidence {
            certificate: *certificate.sha256(),
            source: Source::List,
            issued_at: self.head.this_update,
            sha256: self.sha256(),
        }
    }

    pub(super) fn issuer(&self) -> Name<'_> {
        Name::known(self.part(&self.head.issuer))
    }

    /// How many entries there are.
    fn len(&self) -> usize {
        match &self.form {
            Form::Whole(whole) => whole.len(),
            Form::Compact(compact) => compact.entries.len(),
        }
    }

    fn extensions(&self) -> &Extensions {
        &self.head.extensions
    }

    /// A part of what stands around the entries.
    fn part(&self, span: &Span) -> &[u8] {
        match &self.form {
            Form::Whole(whole) => whole.octets().get(span.clone()).unwrap_or_default(),
            Form::Compact(compact) => compact.part(span),
        }
    }

    fn signature_algorithm(&self) -> Result<AlgorithmIdentifier<'_>, Malformed> {
        AlgorithmIdentifier::read(self.part(&self.head.signature_algorithm))
    }
}

/// Absent, or the second (RFC 5280 section 5.1.2.1).
#[derive(Clone, Copy)]
enum Version {
    One,
    Two,
}

fn version(inner: &mut Reader<'_>) -> Result<Version, Malformed> {
    match inner.optional(tag::INTEGER)?.map(|element| element.content) {
        None => Ok(Version::One),
        Some([1]) => Ok(Version::Two),
        Some(_) => Err(Malformed("version")),
    }
}

/// Only the second version has them.
fn extensions_of(version: Version, list: &[u8], der: &[u8]) -> Result<Extensions, Malformed> {
    match version {
        Version::One => Err(Malformed("version does not allow the field")),
        Version::Two => Extensions::read(list, der),
    }
}

impl Head {
    fn read(der: &[u8]) -> Result<Self, Malformed> {
        if der.len() > LONGEST {
            return Err(Malformed("revocation list too long"));
        }
        let mut outer = Reader::only(der, tag::SEQUENCE, "revocation list")?;
        let tbs = outer.element(tag::SEQUENCE, "tbsCertList")?;
        let algorithm = outer.element(tag::SEQUENCE, "signatureAlgorithm")?;
        let signature = outer.whole_bits("signatureValue")?;
        outer.finish("revocation list")?;
        der::check(algorithm.raw)?;

        let mut inner = tbs.inside();
        let version = version(&mut inner)?;
        if inner.element(tag::SEQUENCE, "signature")?.raw != algorithm.raw {
            return Err(Malformed("signature algorithms differ"));
        }
        let issuer = inner.element(tag::SEQUENCE, "issuer")?.raw;
        der::check(issuer)?;
        Name::read(issuer)?;
        let this_update = inner.time("thisUpdate")?;
        let next_update = match inner.peek() {
            Some(tag::UTC_TIME | tag::GENERALIZED_TIME) => Some(inner.time("nextUpdate")?),
            Some(_) | None => None,
        };
        let entries = inner.optional(tag::SEQUENCE)?;
        let extensions = match inner.optional(tag::explicit(0))? {
            Some(explicit) => extensions_of(version, explicit.content, der)?,
            None => Extensions::default(),
        };
        inner.finish("tbsCertList")?;
        Ok(Self {
            tbs: span(der, tbs.raw),
            signature_algorithm: span(der, algorithm.raw),
            signature: span(der, signature),
            issuer: span(der, issuer),
            this_update,
            next_update,
            entries: entries.map_or(0..0, |list| span(der, list.content)),
            extensions,
        })
    }

    /// Whether the key made the signature over the list `der`.
    fn verify(&self, key: &PublicKey<'_>, scheme: Scheme, der: &[u8]) -> Result<(), Fault> {
        let part = |span: &Span| der.get(span.clone()).unwrap_or_default();
        key.verify(scheme, part(&self.tbs), part(&self.signature))
    }
}

impl Extensions {
    fn read(extensions: &[u8], whole: &[u8]) -> Result<Self, Malformed> {
        der::check(extensions)?;
        let mut list = Reader::only(extensions, tag::SEQUENCE, "extensions")?;
        let mut read = Self::default();
        let mut seen: Vec<Oid> = Vec::with_capacity(4);
        while !list.is_empty() {
            let extension = Extension::read(&mut list)?;
            if seen.contains(&extension.kind) || seen.len() > 32 {
                return Err(Malformed("duplicate extension"));
            }
            seen.push(extension.kind);
            read.take(&extension, whole)?;
        }
        Ok(read)
    }

    fn take(&mut self, extension: &Extension<'_>, whole: &[u8]) -> Result<(), Malformed> {
        let value = extension.value;
        match extension.kind {
            oid::AUTHORITY_KEY_IDENTIFIER => {
                let mut fields = Reader::only(value, tag::SEQUENCE, "authority key identifier")?;
                let identifier = fields.optional(tag::context(0))?;
                self.authority_key_identifier =
                    identifier.map(|element| span(whole, element.content));
            }
            oid::CRL_NUMBER => self.number = Some(span(whole, list_number(value)?)),
            oid::DELTA_CRL_INDICATOR => self.base_number = Some(span(whole, list_number(value)?)),
            oid::ISSUING_DISTRIBUTION_POINT => {
                self.scope = Scope::read(value, whole)?;
                self.scope_octets = Some(span(whole, value));
            }
            _ => self.unknown_critical |= extension.critical,
        }
        Ok(())
    }
}

/// Section 5.2.3: a number that is not negative and has up to 20 octets.
fn list_number(value: &[u8]) -> Result<&[u8], Malformed> {
    let mut reader = Reader::new(value);
    let number = reader.integer("list number")?;
    reader.finish("list number")?;
    match number {
        [0x80..=0xff, ..] => Err(Malformed("list number")),
        [0, magnitude @ ..] if !magnitude.is_empty() => Ok(magnitude),
        all => Ok(all),
    }
}

#[cfg(test)]
mod tests;
