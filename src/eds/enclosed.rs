//! Revocation data that came with a signature, beside what the verifier knows.
//!
//! Such data is never trusted for having come along: a list or an answer counts
//! only when somebody signed it whose path leads to one of the caller's anchors,
//! exactly as if the caller had brought it. What it can do is to be old, so that
//! a policy may pass it over: see [`Enclosed`](super::Enclosed).

use std::{cell::OnceCell, sync::Arc};

use chrono::{DateTime, Utc};

use super::{
    Policy,
    cms::{self, Answer},
    crl::Crl,
    ocsp::Response,
    policy::Enclosed,
};

/// More octets than this of lists that came along are not looked at: each has
/// to be digested within the budget of one verification.
const LONGEST: usize = 512 * 1024;

/// Elements that the caller knows and such that came along, none of them copied.
#[derive(Debug)]
pub(super) struct Pile<'a, T> {
    known: &'a [T],
    /// With the signature, and with a time-stamp token in it.
    received: [&'a [T]; 2],
}

impl<T> Clone for Pile<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Pile<'_, T> {}

impl<'a, T> Pile<'a, T> {
    /// What the caller knows.
    pub(super) fn of(known: &'a [T]) -> Self {
        Self {
            known,
            received: [&[], &[]],
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'a T> + use<'a, T> {
        let [outer, inner] = self.received;
        self.known.iter().chain(outer).chain(inner)
    }
}

impl Pile<'_, Arc<Crl>> {
    /// Whether this very list came along.
    pub(super) fn came_along(&self, list: &Crl) -> bool {
        let mut all = self.received.iter().copied().flatten();
        all.any(|own| std::ptr::eq(Arc::as_ref(own), list))
    }
}

/// The lists and answers that came with one container, read when they are first
/// asked for: not before the signature itself was found to hold.
#[derive(Debug, Default)]
pub(super) struct Evidence<'a> {
    raw: cms::Enclosed<'a>,
    read: OnceCell<(Vec<Arc<Crl>>, Vec<Response>)>,
}

impl<'a> Evidence<'a> {
    /// What came along, if the policy heeds it.
    pub(super) fn new(raw: &cms::Enclosed<'a>, policy: &Policy) -> Self {
        let raw = match policy.rules().enclosed {
            Enclosed::Heeded => raw.clone(),
            Enclosed::Ignored => cms::Enclosed::default(),
        };
        Self {
            raw,
            read: OnceCell::new(),
        }
    }

    /// Whether nothing came along that the policy heeds.
    pub(super) fn is_empty(&self) -> bool {
        self.raw.lists.is_empty() && self.raw.responses.is_empty()
    }

    /// When each list and each answer was made.
    pub(super) fn instants(&self) -> Vec<DateTime<Utc>> {
        let lists = self.lists().iter().map(|list| list.this_update());
        let answers = self.responses().iter().flat_map(Response::instants);
        lists.chain(answers).collect()
    }

    fn lists(&self) -> &[Arc<Crl>] {
        &self.read().0
    }

    fn responses(&self) -> &[Response] {
        &self.read().1
    }

    /// What cannot be read is nobody's word.
    fn read(&self) -> &(Vec<Arc<Crl>>, Vec<Response>) {
        self.read.get_or_init(|| {
            let mut left = LONGEST;
            let mut fits = |list: &&&[u8]| match left.checked_sub(list.len()) {
                Some(rest) => {
                    left = rest;
                    true
                }
                None => false,
            };
            let lists = self.raw.lists.iter().filter(|list| fits(list));
            let responses = self.raw.responses.iter();
            (
                lists
                    .filter_map(|list| Crl::read(list).ok())
                    .map(Arc::new)
                    .collect(),
                responses.filter_map(|answer| answer.read().ok()).collect(),
            )
        })
    }
}

/// What came with a signature, and with a time-stamp token in it.
pub(super) type Sources<'a> = [Option<&'a Evidence<'a>>; 2];

/// Whether lists of this size are looked at when they come along.
pub(super) fn fit(lists: &[&[u8]]) -> bool {
    lists.iter().map(|list| list.len()).sum::<usize>() <= LONGEST
}

/// The lists at hand: those that the caller knows, then those that came along.
pub(super) fn lists<'a>(known: &'a [Arc<Crl>], received: Sources<'a>) -> Pile<'a, Arc<Crl>> {
    Pile {
        known,
        received: received.map(|source| source.map_or(&[][..], Evidence::lists)),
    }
}

/// The answers at hand, likewise.
pub(super) fn responses<'a>(known: &'a [Response], received: Sources<'a>) -> Pile<'a, Response> {
    Pile {
        known,
        received: received.map(|source| source.map_or(&[][..], Evidence::responses)),
    }
}

impl Answer<'_> {
    fn read(&self) -> Result<Response, super::Fault> {
        match self {
            Self::Whole(der) => Response::read(der),
            Self::Basic(der) => Response::bare(der),
        }
    }
}
