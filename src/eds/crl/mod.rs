//! Certificate revocation lists: reading (RFC 5280 section 5).
//!
//! A list may hold a million entries; it is walked once, and what is kept
//! beside its bytes is one sorted index of four octets an entry.

mod coverage;
mod scope;
mod status;
mod summary;

use std::{ops::Range, sync::OnceLock};

use chrono::{DateTime, Utc};

use super::{
    Digest, Evidence, Oid, Source,
    algorithm::AlgorithmIdentifier,
    certificate::{Certificate, Span, span},
    der::{self, Malformed, Reader, tag},
    extension::Extension,
    name::Name,
    oid::extension as oid,
};

pub(super) use scope::{DistributionPoint, Reasons, Scope};
pub(super) use status::{Judge, Status};
pub use summary::ListSummary;

/// A list longer than this is refused: the largest known public ones have
/// some tens of megabytes.
const LONGEST: usize = 128 * 1024 * 1024;

/// A revocation list whose form is right; nothing is said about its truth.
#[derive(Debug, Clone)]
pub(super) struct Crl {
    der: Box<[u8]>,
    tbs: Span,
    signature_algorithm: Span,
    signature: Span,
    issuer: Span,
    this_update: DateTime<Utc>,
    next_update: Option<DateTime<Utc>>,
    extensions: Extensions,
    /// Where each entry starts, in the order of the serial numbers.
    index: Vec<u32>,
    /// In an indirect list: where the entries of another issuer start.
    issuers: Vec<(u32, Range<u32>)>,
    sha256: OnceLock<Digest>,
    /// An entry has a critical extension that is not understood.
    unknown_critical_in_entry: bool,
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

/// One revoked certificate (section 5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) revoked_at: DateTime<Utc>,
    pub(super) reason: Reason,
}

/// Why a certificate was revoked, as far as it makes a difference (section 5.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// certificateHold: it may come back.
    Suspended,
    /// removeFromCRL: in a delta list, it came back.
    Restored,
    /// All others.
    Final,
}

impl Crl {
    /// Reads one list in DER, strictly.
    pub(super) fn read(der: &[u8]) -> Result<Self, Malformed> {
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
        let version = inner.optional(tag::INTEGER)?.map(|element| element.content);
        if !matches!(version, None | Some([1])) {
            return Err(Malformed("version"));
        }
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
        let entries = inner
            .optional(tag::SEQUENCE)?
            .map_or(&[][..], |list| list.content);
        let extensions = match inner.optional(tag::explicit(0))? {
            Some(_) if version.is_none() => {
                return Err(Malformed("version does not allow the field"));
            }
            Some(explicit) => Extensions::read(explicit.content, der)?,
            None => Extensions::default(),
        };
        inner.finish("tbsCertList")?;

        let mut list = Self {
            tbs: span(der, tbs.raw),
            signature_algorithm: span(der, algorithm.raw),
            signature: span(der, signature),
            issuer: span(der, issuer),
            this_update,
            next_update,
            extensions,
            index: Vec::new(),
            issuers: Vec::new(),
            sha256: OnceLock::new(),
            unknown_critical_in_entry: false,
            der: der.into(),
        };
        list.walk(entries, der)?;
        Ok(list)
    }

    /// Looks at each entry once and sorts their places by serial number.
    fn walk(&mut self, entries: &[u8], whole: &[u8]) -> Result<(), Malformed> {
        let mut reader = Reader::new(entries);
        let mut index = Vec::with_capacity(entries.len() / 40);
        while !reader.is_empty() {
            let start = place(whole, reader.rest())?;
            let entry = RawEntry::read(&mut reader)?;
            let facts = EntryFacts::read(&entry)?;
            self.unknown_critical_in_entry |= facts.unknown_critical;
            if let Some(issuer) = facts.certificate_issuer {
                let at = place(whole, issuer)?;
                let length = u32::try_from(issuer.len()).map_err(|_| Malformed("entry"))?;
                self.issuers.push((start, at..at + length));
            }
            index.push((entry.serial, start));
        }
        index.sort_unstable();
        self.index = index.into_iter().map(|(_, start)| start).collect();
        Ok(())
    }

    /// The entry for a certificate by its issuer and serial number.
    pub(super) fn entry(&self, issuer: Name<'_>, serial: &[u8]) -> Option<Entry> {
        let first = self
            .index
            .partition_point(|&start| self.raw(start).is_some_and(|raw| raw.serial < serial));
        let same = self.index.get(first..)?.iter().map_while(|&start| {
            self.raw(start)
                .filter(|raw| raw.serial == serial)
                .map(|raw| (start, raw))
        });
        let (_, raw) = same
            .into_iter()
            .find(|(start, _)| self.issuer_of(*start).matches(issuer))?;
        let facts = EntryFacts::read(&raw).ok()?;
        // Section 5.3.2: a stolen key is worth nothing since it was stolen, not since
        // that was told.
        let stolen = facts.invalid_since.filter(|_| facts.compromised);
        let revoked_at = stolen.map_or(raw.revoked_at, |since| since.min(raw.revoked_at));
        Some(Entry {
            revoked_at,
            reason: facts.reason,
        })
    }

    fn raw(&self, start: u32) -> Option<RawEntry<'_>> {
        let start = usize::try_from(start).ok()?;
        RawEntry::read(&mut Reader::new(self.der.get(start..)?)).ok()
    }

    /// Section 5.3.3: an entry without a certificate issuer has that of the
    /// entry before it; the first one has the list's.
    fn issuer_of(&self, start: u32) -> Name<'_> {
        let later = self.issuers.partition_point(|(from, _)| *from <= start);
        let named = later.checked_sub(1).and_then(|last| self.issuers.get(last));
        let octets = named.and_then(|(_, name)| {
            self.der
                .get(usize::try_from(name.start).ok()?..usize::try_from(name.end).ok()?)
        });
        octets.map_or(self.issuer(), Name::known)
    }

    /// The SHA-256 of the list, worked out when it is first asked for.
    fn sha256(&self) -> Digest {
        *self.sha256.get_or_init(|| Digest::of(&self.der))
    }

    /// This list as evidence about `certificate`.
    pub(super) fn evidence(&self, certificate: &Certificate) -> Evidence {
        Evidence {
            certificate: *certificate.sha256(),
            source: Source::List,
            issued_at: self.this_update,
            sha256: self.sha256(),
        }
    }

    pub(super) fn issuer(&self) -> Name<'_> {
        Name::known(self.part(&self.issuer))
    }

    fn part(&self, span: &Span) -> &[u8] {
        self.der.get(span.clone()).unwrap_or_default()
    }
}

/// The fields of an entry.
struct RawEntry<'a> {
    serial: &'a [u8],
    revoked_at: DateTime<Utc>,
    extensions: Option<&'a [u8]>,
}

impl<'a> RawEntry<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let mut fields = reader.enter(tag::SEQUENCE, "entry")?;
        let serial = fields.integer("entry")?;
        let revoked_at = fields.time("entry")?;
        let extensions = fields.optional(tag::SEQUENCE)?.map(|element| element.raw);
        fields.finish("entry")?;
        Ok(Self {
            serial,
            revoked_at,
            extensions,
        })
    }
}

/// What the extensions of an entry say.
struct EntryFacts<'a> {
    reason: Reason,
    /// The key, its holder's or its issuer's, is in other hands.
    compromised: bool,
    invalid_since: Option<DateTime<Utc>>,
    certificate_issuer: Option<&'a [u8]>,
    unknown_critical: bool,
}

impl<'a> EntryFacts<'a> {
    fn read(entry: &RawEntry<'a>) -> Result<Self, Malformed> {
        let mut facts = Self {
            reason: Reason::Final,
            compromised: false,
            invalid_since: None,
            certificate_issuer: None,
            unknown_critical: false,
        };
        let Some(extensions) = entry.extensions else {
            return Ok(facts);
        };
        der::check(extensions)?;
        let mut list = Reader::only(extensions, tag::SEQUENCE, "entry extensions")?;
        let mut seen: Vec<Oid> = Vec::new();
        while !list.is_empty() {
            let extension = Extension::read(&mut list)?;
            // Most of a million entries have one extension: nothing to compare, nothing to keep.
            if !(seen.is_empty() && list.is_empty()) {
                if seen.contains(&extension.kind) {
                    return Err(Malformed("duplicate extension"));
                }
                seen.push(extension.kind);
            }
            match extension.kind {
                oid::REASON_CODE => (facts.reason, facts.compromised) = reason(extension.value)?,
                oid::CERTIFICATE_ISSUER => {
                    facts.certificate_issuer = Some(scope::directory_name(extension.value)?)
                }
                oid::INVALIDITY_DATE => {
                    facts.invalid_since = Some(invalidity_date(extension.value)?)
                }
                _ => facts.unknown_critical |= extension.critical,
            }
        }
        Ok(facts)
    }
}

/// The reason, and whether it is that a key is in other hands.
fn reason(value: &[u8]) -> Result<(Reason, bool), Malformed> {
    let mut reader = Reader::new(value);
    let code = reader.content(tag::ENUMERATED, "reason code")?;
    reader.finish("reason code")?;
    match code {
        [6] => Ok((Reason::Suspended, false)),
        [8] => Ok((Reason::Restored, false)),
        [1 | 2] => Ok((Reason::Final, true)),
        [0 | 3..=5 | 9 | 10] => Ok((Reason::Final, false)),
        _ => Err(Malformed("reason code")),
    }
}

fn invalidity_date(value: &[u8]) -> Result<DateTime<Utc>, Malformed> {
    let mut reader = Reader::new(value);
    let since = reader.time("invalidity date")?;
    reader.finish("invalidity date")?;
    Ok(since)
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

/// Where `part`, the rest of `whole` or a slice of it, starts.
fn place(whole: &[u8], part: &[u8]) -> Result<u32, Malformed> {
    u32::try_from(span(whole, part).start).map_err(|_| Malformed("entry"))
}

/// The algorithm that signed the list.
impl Crl {
    fn signature_algorithm(&self) -> Result<AlgorithmIdentifier<'_>, Malformed> {
        AlgorithmIdentifier::read(self.part(&self.signature_algorithm))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eds::testing::{
        pki::at,
        scene::{AUTHORITY, authority, list},
    };

    fn long() -> Vec<u8> {
        let mut list = list();
        let date = at("2026-05-01T00:00:00Z");
        let serial = |n: u32| {
            vec![
                1 + u8::try_from(n % 100).expect("small"),
                7,
                u8::try_from(n / 100).expect("small"),
            ]
        };
        list.revoked = (0..20_000)
            .map(|n| {
                (
                    serial(n),
                    date,
                    Some(u8::try_from(n % 2 * 5 + 1).expect("1 or 6")),
                )
            })
            .collect();
        list.signed(&authority().subject, &AUTHORITY)
    }

    #[test]
    fn each_entry_of_a_long_list_is_found_and_no_other() {
        let der = long();
        let crl = Crl::read(&der).expect("a list");
        let issuer = crl.issuer();
        assert_eq!(
            crl.entry(issuer, &[1, 7, 0]).map(|entry| entry.reason),
            Some(Reason::Final)
        );
        assert_eq!(
            crl.entry(issuer, &[2, 7, 0]).map(|entry| entry.reason),
            Some(Reason::Suspended)
        );
        assert_eq!(
            crl.entry(issuer, &[100, 7, 199]).map(|entry| entry.reason),
            Some(Reason::Suspended)
        );
        for absent in [
            &[][..],
            &[1],
            &[1, 7],
            &[1, 8, 0],
            &[101, 7, 0],
            &[1, 7, 0, 0],
            &[0, 1, 7, 0],
        ] {
            assert_eq!(crl.entry(issuer, absent), None, "{absent:?}");
        }
        let other = authority().with(oid::SUBJECT_KEY_IDENTIFIER, &[4, 1, 1]);
        let other = crate::eds::testing::pki::Draft {
            subject: crate::eds::testing::pki::person("900101300007"),
            ..other
        };
        assert_eq!(crl.entry(Name::known(&other.subject), &[1, 7, 0]), None);
    }

    #[test]
    fn an_entry_with_one_extension_twice_spoils_the_list() {
        use crate::eds::testing::der::{octets, sequence};
        let reason = sequence([
            crate::eds::testing::der::oid(oid::REASON_CODE),
            octets(&[0x0a, 1, 1]),
        ]);
        let entry = sequence([
            vec![2, 1, 5],
            b"\x17\x0d260501000000Z".to_vec(),
            sequence([reason.clone(), reason]),
        ]);
        let read = RawEntry::read(&mut Reader::new(&entry)).expect("an entry");
        assert!(EntryFacts::read(&read).is_err());
    }
}
