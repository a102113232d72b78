//! The entries of a large list without its octets: a million of them with
//! serial numbers of twenty octets take twenty-three megabytes.
//!
//! Nothing is hashed, for a serial number that is merely alike would be a wrong
//! verdict: each is kept whole. They lie sorted, those of one length together,
//! and their first octets are told by where they lie.

use std::collections::BTreeMap;

use super::entry::{Entry, Place, Reason, Seconds, Walk};

/// More lengths than honest serial numbers have (RFC 5280 section 4.1.2.2).
const LENGTHS: usize = 24;

/// Which serial numbers are revoked, since when and why.
#[derive(Debug, Clone)]
pub(super) struct Table {
    shelves: Vec<Shelf>,
}

/// The entries whose serial numbers have the same length.
#[derive(Debug, Clone)]
struct Shelf {
    length: usize,
    /// How many leading octets are told by the place.
    implied: usize,
    /// Where the rows with each value of the leading octets begin, and the end.
    begins: Box<[u32]>,
    /// The other octets, the seconds in four, the reason in one.
    rows: Box<[u8]>,
}

/// Octets of a row after the serial number.
const TOLD: usize = 5;

impl Table {
    /// The entries that `walk` found in the list `whole`; nothing when they do
    /// not have the form, as in an indirect list.
    pub(super) fn of(walk: &Walk, whole: &[u8]) -> Option<Self> {
        if walk.beyond || !walk.issuers.is_empty() {
            return None;
        }
        let mut lengths: BTreeMap<u16, usize> = BTreeMap::new();
        for place in &walk.places {
            *lengths.entry(place.length).or_default() += 1;
        }
        if lengths.len() > LENGTHS {
            return None;
        }
        let shelf = |(length, count)| Shelf::of(length, count, &walk.places, whole);
        let shelves = lengths.into_iter().map(shelf).collect::<Option<_>>()?;
        Some(Self { shelves })
    }

    /// The first entry of the list with this serial number.
    pub(super) fn entry(&self, serial: &[u8]) -> Option<Entry> {
        let fits = |shelf: &&Shelf| shelf.length == serial.len();
        self.shelves.iter().find(fits)?.entry(serial)
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        let rows = |shelf: &Shelf| shelf.rows.len() / shelf.width();
        self.shelves.iter().map(rows).sum()
    }
}

impl Shelf {
    fn of(length: u16, count: usize, places: &[Place], whole: &[u8]) -> Option<Self> {
        let places = || places.iter().filter(|place| place.length == length);
        let length = usize::from(length);
        let implied = implied(count).min(length);
        let begins = begins(places().map(|place| place.serial(whole)), implied)?;
        let mut shelf = Self {
            length,
            implied,
            begins,
            rows: Box::default(),
        };
        shelf.rows = vec![0; count * shelf.width()].into();
        let mut next = shelf.begins.clone();
        for place in places() {
            shelf.put(place, place.serial(whole), &mut next)?;
        }
        shelf.sort()?;
        Some(shelf)
    }

    fn width(&self) -> usize {
        self.length - self.implied + TOLD
    }

    /// Writes an entry into the next free row of its place.
    fn put(&mut self, place: &Place, serial: &[u8], next: &mut [u32]) -> Option<()> {
        let (leading, rest) = serial.split_at_checked(self.implied)?;
        let free = next.get_mut(number(leading))?;
        let start = usize::try_from(*free).ok()? * self.width();
        *free += 1;
        let width = self.width();
        let row = self.rows.get_mut(start..start + width)?;
        let (octets, told) = row.split_last_chunk_mut::<TOLD>()?;
        octets.copy_from_slice(rest);
        let [a, b, c, d] = place.seconds.0.to_be_bytes();
        *told = [a, b, c, d, code(place.reason)];
        Some(())
    }

    /// Sorts the rows with the same leading octets.
    fn sort(&mut self) -> Option<()> {
        let width = self.width();
        let mut room = Room::default();
        for bounds in self.begins.windows(2) {
            let &[start, end] = bounds else { return None };
            let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
            room.sort(self.rows.get_mut(start * width..end * width)?, width);
        }
        Some(())
    }

    fn entry(&self, serial: &[u8]) -> Option<Entry> {
        let (leading, rest) = serial.split_at_checked(self.implied)?;
        let place = number(leading);
        let (mut low, end) = (*self.begins.get(place)?, *self.begins.get(place + 1)?);
        let mut high = end;
        while low < high {
            let middle = low + (high - low) / 2;
            if self.row(middle)?.0 < rest {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if low == end {
            return None;
        }
        let (found, &[a, b, c, d, reason]) = self.row(low)?;
        (found == rest).then(|| Entry {
            revoked_at: Seconds(u32::from_be_bytes([a, b, c, d])).instant(),
            reason: reason_of(reason),
        })
    }

    fn row(&self, place: u32) -> Option<(&[u8], &[u8; TOLD])> {
        let start = usize::try_from(place).ok()? * self.width();
        let row = self.rows.get(start..start + self.width())?;
        row.split_last_chunk::<TOLD>()
    }
}

/// Room for sorting, used again and again.
#[derive(Default)]
struct Room {
    order: Vec<(u64, usize)>,
    sorted: Vec<u8>,
}

impl Room {
    /// Sorts rows of one width; of the same serial number the one that stood
    /// first stays first.
    fn sort(&mut self, rows: &mut [u8], width: usize) {
        if rows.len() <= width {
            return;
        }
        let row = |place: usize| {
            let row = rows.get(place * width..place * width + width);
            row.unwrap_or_default()
        };
        let serial = |place| {
            row(place)
                .split_last_chunk::<TOLD>()
                .map(|(serial, _)| serial)
        };
        let leading = |place| serial(place).map_or(0, first_eight);
        self.order.clear();
        self.order
            .extend((0..rows.len() / width).map(|place| (leading(place), place)));
        self.order.sort_unstable_by(|one, other| {
            let all = || {
                serial(one.1)
                    .cmp(&serial(other.1))
                    .then(one.1.cmp(&other.1))
            };
            one.0.cmp(&other.0).then_with(all)
        });
        self.sorted.clear();
        for &(_, place) in &self.order {
            self.sorted.extend_from_slice(row(place));
        }
        rows.copy_from_slice(&self.sorted);
    }
}

/// How many octets are worth telling by the place: as many as leave some tens
/// of rows for each value, or a few for random serial numbers.
fn implied(count: usize) -> usize {
    match count {
        ..256 => 0,
        256..32_768 => 1,
        _ => 2,
    }
}

/// Where the rows with each value of the leading octets begin.
fn begins<'a>(serials: impl Iterator<Item = &'a [u8]>, implied: usize) -> Option<Box<[u32]>> {
    let values = match implied {
        0 => 1,
        1 => 256,
        _ => 65_536,
    };
    let mut begins = vec![0_u32; values + 1];
    for serial in serials {
        let place = number(serial.get(..implied)?);
        *begins.get_mut(place + 1)? += 1;
    }
    let mut sum = 0;
    for begin in &mut begins {
        sum += *begin;
        *begin = sum;
    }
    Some(begins.into())
}

/// The value of up to two octets.
fn number(octets: &[u8]) -> usize {
    octets
        .iter()
        .fold(0, |value, &octet| value << 8 | usize::from(octet))
}

/// The first eight octets as a number, so that most comparisons are one.
fn first_eight(octets: &[u8]) -> u64 {
    octets
        .first_chunk::<8>()
        .map_or(0, |first| u64::from_be_bytes(*first))
}

fn code(reason: Reason) -> u8 {
    match reason {
        Reason::Final => 0,
        Reason::Suspended => 1,
        Reason::Restored => 2,
    }
}

fn reason_of(code: u8) -> Reason {
    match code {
        1 => Reason::Suspended,
        2 => Reason::Restored,
        _ => Reason::Final,
    }
}
