//! The two forms in which a list is kept.

use std::{ops::Range, sync::OnceLock};

use super::{
    Entry, Head, Table,
    entry::{EntryFacts, RawEntry, Walk},
};
use crate::eds::{
    Digest,
    algorithm::AlgorithmIdentifier,
    certificate::{Certificate, Span},
    der::Reader,
    name::Name,
    signature::PublicKey,
};

/// What is kept beside the spans of a [`Head`].
#[derive(Debug, Clone)]
pub(super) enum Form {
    /// All octets: of a small list, an indirect one, or one that nobody at hand signed.
    Whole(Whole),
    /// A large list whose signature was seen to hold.
    Compact(Compact),
}

/// A list with its octets and a sorted index of four octets an entry.
#[derive(Debug, Clone)]
pub(super) struct Whole {
    der: Box<[u8]>,
    /// Where each entry starts, in the order of the serial numbers.
    index: Vec<u32>,
    /// In an indirect list: where the entries of another issuer start.
    issuers: Vec<(u32, Range<u32>)>,
    /// Worked out when it is first asked for.
    sha256: OnceLock<Digest>,
}

/// A list without the octets of its entries.
#[derive(Debug, Clone)]
pub(super) struct Compact {
    /// What stands before and after the entries.
    around: Box<[u8]>,
    /// Where the entries stood.
    cut: Span,
    /// The SubjectPublicKeyInfo of each key that was seen to have signed the list.
    signers: Vec<Box<[u8]>>,
    pub(super) sha256: Digest,
    pub(super) entries: Table,
}

impl Whole {
    pub(super) fn of(walk: Walk, der: &[u8]) -> Self {
        let mut places = walk.places;
        places.sort_unstable_by_key(|place| (serial_at(der, place.start), place.start));
        Self {
            index: places.into_iter().map(|place| place.start).collect(),
            issuers: walk.issuers,
            sha256: OnceLock::new(),
            der: der.into(),
        }
    }

    pub(super) fn octets(&self) -> &[u8] {
        &self.der
    }

    pub(super) fn sha256(&self) -> Digest {
        *self.sha256.get_or_init(|| Digest::of(&self.der))
    }

    pub(super) fn len(&self) -> usize {
        self.index.len()
    }

    /// The first entry for a certificate of `issuer`; `own` issued the list.
    pub(super) fn entry(&self, own: Name<'_>, issuer: Name<'_>, serial: &[u8]) -> Option<Entry> {
        let first = self
            .index
            .partition_point(|&start| serial_at(&self.der, start).is_some_and(|at| at < serial));
        let same = self.index.get(first..)?.iter().copied();
        let start = same
            .take_while(|&start| serial_at(&self.der, start) == Some(serial))
            .find(|&start| self.issuer_of(start, own).matches(issuer))?;
        let raw = raw(&self.der, start)?;
        let facts = EntryFacts::read(&raw).ok()?;
        Some(facts.entry(&raw))
    }

    /// Section 5.3.3: an entry without a certificate issuer has that of the
    /// entry before it; the first one has the list's.
    fn issuer_of<'a>(&'a self, start: u32, own: Name<'a>) -> Name<'a> {
        let later = self.issuers.partition_point(|(from, _)| *from <= start);
        let named = later.checked_sub(1).and_then(|last| self.issuers.get(last));
        let octets = named.and_then(|(_, name)| {
            let (start, end) = (usize::try_from(name.start), usize::try_from(name.end));
            self.der.get(start.ok()?..end.ok()?)
        });
        octets.map_or(own, Name::known)
    }
}

impl Compact {
    /// Nothing when none of `certificates` has a key that signed the list, or
    /// when its entries do not have the form.
    pub(super) fn of(
        head: &Head,
        walk: &Walk,
        der: &[u8],
        certificates: &[&Certificate],
    ) -> Option<Self> {
        let signers = signers(head, der, certificates);
        if signers.is_empty() {
            return None;
        }
        let cut = head.entries.clone();
        Some(Self {
            entries: Table::of(walk, der)?,
            around: [der.get(..cut.start)?, der.get(cut.end..)?].concat().into(),
            cut,
            signers,
            sha256: Digest::of(der),
        })
    }

    /// A part of what stands around the entries, by its place in the whole list.
    pub(super) fn part(&self, span: &Span) -> &[u8] {
        let moved = match span.start < self.cut.end {
            true => span.clone(),
            false => span.start - self.cut.len()..span.end - self.cut.len(),
        };
        self.around.get(moved).unwrap_or_default()
    }

    /// Whether the key was seen to have signed the list. A key written in
    /// another way is the same key.
    pub(super) fn signed_with(&self, key: &PublicKey<'_>) -> bool {
        let mut signers = self.signers.iter();
        signers.any(|signer| PublicKey::read(signer).is_ok_and(|signer| signer == *key))
    }
}

/// The keys of certificates with the list's issuer as subject that signed it.
/// Whether they may is asked each time the list is used.
fn signers(head: &Head, der: &[u8], certificates: &[&Certificate]) -> Vec<Box<[u8]>> {
    let part = |span: &Span| der.get(span.clone()).unwrap_or_default();
    let algorithm = AlgorithmIdentifier::read(part(&head.signature_algorithm)).ok();
    let scheme = algorithm.and_then(|algorithm| algorithm.scheme(None).ok());
    let Some(scheme) = scheme else {
        return Vec::new();
    };
    let issuer = Name::known(part(&head.issuer));
    let namesakes = certificates
        .iter()
        .filter(|certificate| certificate.subject().matches(issuer));
    let mut tried: Vec<&[u8]> = namesakes.map(|certificate| certificate.key()).collect();
    tried.sort_unstable();
    tried.dedup();
    let signed =
        |key: &&[u8]| PublicKey::read(key).is_ok_and(|key| head.verify(&key, scheme, der).is_ok());
    tried.into_iter().filter(signed).map(Box::from).collect()
}

fn raw(der: &[u8], start: u32) -> Option<RawEntry<'_>> {
    let start = usize::try_from(start).ok()?;
    RawEntry::read(&mut Reader::new(der.get(start..)?)).ok()
}

fn serial_at(der: &[u8], start: u32) -> Option<&[u8]> {
    let start = usize::try_from(start).ok()?;
    let mut entry = Reader::new(der.get(start..)?);
    let mut fields = entry.enter(crate::eds::der::tag::SEQUENCE, "entry").ok()?;
    fields.integer("entry").ok()
}
