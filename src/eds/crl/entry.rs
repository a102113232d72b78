//! The entries of a list (RFC 5280 section 5.3), each looked at once.

use std::ops::Range;

use chrono::{DateTime, Utc};

use super::scope::directory_name;
use crate::eds::{
    Oid,
    certificate::span,
    der::{self, Malformed, Reader, tag},
    extension::Extension,
    oid::extension as oid,
};

/// One revoked certificate (section 5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Entry {
    pub(in super::super) revoked_at: DateTime<Utc>,
    pub(in super::super) reason: Reason,
}

/// Why a certificate was revoked, as far as it makes a difference (section 5.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Reason {
    /// certificateHold: it may come back.
    Suspended,
    /// removeFromCRL: in a delta list, it came back.
    Restored,
    /// All others.
    Final,
}

/// What one walk over the entries finds.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// In the order of the list.
    pub(super) places: Vec<Place>,
    /// In an indirect list: where the entries of another issuer start.
    pub(super) issuers: Vec<(u32, Range<u32>)>,
    /// An entry has a critical extension that is not understood.
    pub(super) unknown_critical: bool,
    /// An entry does not fit into a [`Place`]; its length or date is not as it says.
    pub(super) beyond: bool,
}

/// Where an entry and its serial number are, and what the entry says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) start: u32,
    serial: u32,
    pub(super) length: u16,
    pub(super) reason: Reason,
    pub(super) seconds: Seconds,
}

/// An instant from 1950, the first year that the dates of certificates can name
/// in two digits, to 2086.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seconds(pub(super) u32);

impl Walk {
    /// Looks at each entry once. `entries` are octets of the list `whole`.
    pub(super) fn over(entries: &[u8], whole: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(entries);
        let mut walk = Self {
            places: Vec::with_capacity(entries.len() / 40),
            ..Self::default()
        };
        while !reader.is_empty() {
            let start = place(whole, reader.rest())?;
            let raw = RawEntry::read(&mut reader)?;
            walk.take(start, &raw, whole)?;
        }
        Ok(walk)
    }

    fn take(&mut self, start: u32, raw: &RawEntry<'_>, whole: &[u8]) -> Result<(), Malformed> {
        let facts = EntryFacts::read(raw)?;
        self.unknown_critical |= facts.unknown_critical;
        if let Some(issuer) = facts.certificate_issuer {
            let at = place(whole, issuer)?;
            let length = u32::try_from(issuer.len()).map_err(|_| Malformed("entry"))?;
            self.issuers.push((start, at..at + length));
        }
        let seconds = Seconds::of(facts.entry(raw).revoked_at);
        let length = u16::try_from(raw.serial.len()).ok();
        self.beyond |= seconds.is_none() || length.is_none();
        self.places.push(Place {
            start,
            serial: place(whole, raw.serial)?,
            length: length.unwrap_or_default(),
            reason: facts.reason,
            seconds: seconds.unwrap_or(Seconds(0)),
        });
        Ok(())
    }
}

impl Place {
    /// The serial number within the list.
    pub(super) fn serial<'a>(&self, whole: &'a [u8]) -> &'a [u8] {
        let octets = usize::try_from(self.serial)
            .ok()
            .and_then(|start| whole.get(start..));
        octets
            .and_then(|octets| octets.get(..usize::from(self.length)))
            .unwrap_or_default()
    }
}

impl Seconds {
    /// 1950-01-01T00:00:00Z.
    const FIRST: i64 = -631_152_000;

    /// Nothing when the instant lies outside.
    pub(super) fn of(instant: DateTime<Utc>) -> Option<Self> {
        u32::try_from(instant.timestamp() - Self::FIRST)
            .ok()
            .map(Self)
    }

    pub(super) fn instant(self) -> DateTime<Utc> {
        DateTime::from_timestamp(Self::FIRST + i64::from(self.0), 0).unwrap_or_default()
    }
}

/// The fields of an entry.
pub(super) struct RawEntry<'a> {
    pub(super) serial: &'a [u8],
    revoked_at: DateTime<Utc>,
    extensions: Option<&'a [u8]>,
}

impl<'a> RawEntry<'a> {
    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
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
pub(super) struct EntryFacts<'a> {
    reason: Reason,
    /// The key, its holder's or its issuer's, is in other hands.
    compromised: bool,
    invalid_since: Option<DateTime<Utc>>,
    certificate_issuer: Option<&'a [u8]>,
    unknown_critical: bool,
}

impl<'a> EntryFacts<'a> {
    pub(super) fn read(entry: &RawEntry<'a>) -> Result<Self, Malformed> {
        let mut facts = Self {
            reason: Reason::Final,
            compromised: false,
            invalid_since: None,
            certificate_issuer: None,
            unknown_critical: false,
        };
        match entry.extensions {
            None => {}
            Some(extensions) => match only_reason(extensions) {
                Some(code) => (facts.reason, facts.compromised) = reason(code)?,
                None => facts.take_all(extensions)?,
            },
        }
        Ok(facts)
    }

    fn take_all(&mut self, extensions: &'a [u8]) -> Result<(), Malformed> {
        der::check(extensions)?;
        let mut list = Reader::only(extensions, tag::SEQUENCE, "entry extensions")?;
        let mut seen: Vec<Oid> = Vec::new();
        while !list.is_empty() {
            let extension = Extension::read(&mut list)?;
            if seen.contains(&extension.kind) {
                return Err(Malformed("duplicate extension"));
            }
            seen.push(extension.kind);
            self.take(&extension)?;
        }
        Ok(())
    }

    fn take(&mut self, extension: &Extension<'a>) -> Result<(), Malformed> {
        match extension.kind {
            oid::REASON_CODE => (self.reason, self.compromised) = reason(extension.value)?,
            oid::CERTIFICATE_ISSUER => {
                self.certificate_issuer = Some(directory_name(extension.value)?);
            }
            oid::INVALIDITY_DATE => self.invalid_since = Some(invalidity_date(extension.value)?),
            _ => self.unknown_critical |= extension.critical,
        }
        Ok(())
    }

    /// What the entry comes to.
    pub(super) fn entry(&self, raw: &RawEntry<'_>) -> Entry {
        // Section 5.3.2: a stolen key is worth nothing since it was stolen, not since
        // that was told.
        let stolen = self.invalid_since.filter(|_| self.compromised);
        Entry {
            revoked_at: stolen.map_or(raw.revoked_at, |since| since.min(raw.revoked_at)),
            reason: self.reason,
        }
    }
}

/// The value of the reason code where that is all there is, not marked critical:
/// so it is in nearly all of a million entries.
fn only_reason(extensions: &[u8]) -> Option<&[u8]> {
    let (start, value) = extensions.split_first_chunk::<11>()?;
    let same = start == b"\x30\x0c\x30\x0a\x06\x03\x55\x1d\x15\x04\x03";
    (same && value.len() == 3).then_some(value)
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

/// Where `part`, the rest of `whole` or a slice of it, starts.
fn place(whole: &[u8], part: &[u8]) -> Result<u32, Malformed> {
    u32::try_from(span(whole, part).start).map_err(|_| Malformed("entry"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eds::testing::{
        der::{octets, sequence},
        pki::at,
    };

    fn reason_extension() -> Vec<u8> {
        sequence([
            crate::eds::testing::der::oid(oid::REASON_CODE),
            octets(&[tag::ENUMERATED, 1, 1]),
        ])
    }

    fn entry(extensions: Vec<u8>) -> Vec<u8> {
        let date = b"\x17\x0d260501000000Z".to_vec();
        sequence([vec![tag::INTEGER, 1, 5], date, extensions])
    }

    #[test]
    fn an_entry_with_one_extension_twice_spoils_the_list() {
        let twice = entry(sequence([reason_extension(), reason_extension()]));
        let read = RawEntry::read(&mut Reader::new(&twice)).expect("an entry");
        assert!(EntryFacts::read(&read).is_err());
    }

    #[test]
    fn the_usual_entry_is_known_by_its_octets() {
        let usual = sequence([reason_extension()]);
        assert_eq!(only_reason(&usual), Some(&[tag::ENUMERATED, 1, 1][..]));
        assert_eq!(only_reason(&[usual, vec![0]].concat()), None);
    }

    #[test]
    fn seconds_tell_instants_from_1950_to_2086() {
        for text in ["1950-01-01T00:00:00Z", "2026-06-01T10:00:00Z"] {
            let seconds = Seconds::of(at(text)).expect("within");
            assert_eq!(seconds.instant(), at(text));
        }
        assert_eq!(
            Seconds(u32::MAX).instant(),
            at("2086-02-06T06:28:15Z"),
            "the last one"
        );
        assert_eq!(Seconds::of(at("1949-12-31T23:59:59Z")), None);
        assert_eq!(Seconds::of(at("2086-02-06T06:28:16Z")), None);
    }
}
