//! A strict, zero-copy reader of DER (X.690 section 10).
//!
//! Nothing is decoded that is not asked for, nothing is copied, and what is
//! handed out are slices of the input, so that signed bytes are always the
//! bytes received. [`check`] looks through a whole structure at once: it is the
//! gate before any reader that is not strict itself.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::Oid;

/// The identifier octets this crate meets (X.690 section 8.1.2).
pub(super) mod tag {
    pub(crate) const BOOLEAN: u8 = 0x01;
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const OCTET_STRING: u8 = 0x04;
    pub(crate) const NULL: u8 = 0x05;
    pub(crate) const OID: u8 = 0x06;
    pub(crate) const ENUMERATED: u8 = 0x0a;
    pub(crate) const UTF8_STRING: u8 = 0x0c;
    pub(crate) const PRINTABLE_STRING: u8 = 0x13;
    pub(crate) const TELETEX_STRING: u8 = 0x14;
    pub(crate) const IA5_STRING: u8 = 0x16;
    pub(crate) const UTC_TIME: u8 = 0x17;
    pub(crate) const GENERALIZED_TIME: u8 = 0x18;
    pub(crate) const UNIVERSAL_STRING: u8 = 0x1c;
    pub(crate) const BMP_STRING: u8 = 0x1e;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const SET: u8 = 0x31;
    /// The bit that says that the content consists of elements.
    pub(crate) const CONSTRUCTED: u8 = 0x20;
    /// An octet string in pieces, which only BER has.
    pub(crate) const CONSTRUCTED_OCTET_STRING: u8 = OCTET_STRING | CONSTRUCTED;

    /// Context-specific and primitive.
    pub(crate) const fn context(number: u8) -> u8 {
        0x80 | number
    }

    /// Context-specific and constructed.
    pub(crate) const fn explicit(number: u8) -> u8 {
        0xa0 | number
    }
}

/// The bytes break a rule of DER or are not the structure that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed(pub(super) &'static str);

type Result<T> = std::result::Result<T, Malformed>;

/// One element: its tag, its content, and all its octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
    pub(super) raw: &'a [u8],
}

impl<'a> Element<'a> {
    /// The elements within this one.
    pub(super) fn inside(&self) -> Reader<'a> {
        Reader::new(self.content)
    }
}

/// Reads one element after the other from a slice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(input: &'a [u8]) -> Self {
        Self { rest: input }
    }

    /// Reads `input` as exactly one element with this tag.
    pub(super) fn only(input: &'a [u8], tag: u8, what: &'static str) -> Result<Reader<'a>> {
        let mut reader = Self::new(input);
        let inside = reader.enter(tag, what)?;
        reader.finish(what)?;
        Ok(inside)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// What has not been read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, whatever it is.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Element<'a>> {
        let input = self.rest;
        let (tag, length, header) = header(input)?;
        let end = header.checked_add(length).ok_or(Malformed("length"))?;
        let (raw, rest) = input.split_at_checked(end).ok_or(Malformed("truncated"))?;
        let content = raw.get(header..).ok_or(Malformed("truncated"))?;
        self.rest = rest;
        Ok(Element { tag, content, raw })
    }

    /// The next element, which must have this tag.
    #[inline]
    pub(super) fn element(&mut self, tag: u8, what: &'static str) -> Result<Element<'a>> {
        if self.peek() != Some(tag) {
            return Err(Malformed(what));
        }
        self.next()
    }

    /// The content of the next element, which must have this tag.
    #[inline]
    pub(super) fn content(&mut self, tag: u8, what: &'static str) -> Result<&'a [u8]> {
        self.element(tag, what).map(|element| element.content)
    }

    /// A reader of the content of the next element, which must have this tag.
    #[inline]
    pub(super) fn enter(&mut self, tag: u8, what: &'static str) -> Result<Reader<'a>> {
        self.content(tag, what).map(Reader::new)
    }

    /// The next element if it has this tag.
    #[inline]
    pub(super) fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>> {
        if self.peek() == Some(tag) {
            self.next().map(Some)
        } else {
            Ok(None)
        }
    }

    /// Demands that nothing follows.
    pub(super) fn finish(&self, what: &'static str) -> Result<()> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(Malformed(what))
        }
    }

    pub(super) fn oid(&mut self, what: &'static str) -> Result<Oid> {
        Oid::from_octets(self.content(tag::OID, what)?).map_err(|_| Malformed(what))
    }

    /// The content of an INTEGER in its shortest form.
    pub(super) fn integer(&mut self, what: &'static str) -> Result<&'a [u8]> {
        let content = self.content(tag::INTEGER, what)?;
        if integer_is_minimal(content) {
            Ok(content)
        } else {
            Err(Malformed(what))
        }
    }

    /// An INTEGER that is not negative and fits.
    pub(super) fn small_integer(&mut self, what: &'static str) -> Result<u32> {
        small(self.integer(what)?).ok_or(Malformed(what))
    }

    /// A BOOLEAN, DEFAULT FALSE.
    pub(super) fn flag(&mut self, what: &'static str) -> Result<bool> {
        match self.optional(tag::BOOLEAN)? {
            None => Ok(false),
            Some(element) => boolean(element.content).ok_or(Malformed(what)),
        }
    }

    /// The octets of a BIT STRING that has no unused bits.
    pub(super) fn whole_bits(&mut self, what: &'static str) -> Result<&'a [u8]> {
        match self.content(tag::BIT_STRING, what)? {
            [0, octets @ ..] => Ok(octets),
            _ => Err(Malformed(what)),
        }
    }

    /// A UTCTime or GeneralizedTime in the form of RFC 5280 section 4.1.2.5.
    pub(super) fn time(&mut self, what: &'static str) -> Result<DateTime<Utc>> {
        let element = self.next()?;
        time(element.tag, element.content).ok_or(Malformed(what))
    }
}

/// Tag, content length and header length. One-octet tags only: no structure
/// read here has others.
#[inline]
fn header(input: &[u8]) -> Result<(u8, usize, usize)> {
    match *input {
        [] | [_] => Err(Malformed("truncated")),
        [tag, ..] if tag & 0x1f == 0x1f => Err(Malformed("tag")),
        [tag, length @ 0..=0x7f, ..] => Ok((tag, usize::from(length), 2)),
        [tag, 0x81, length @ 0x80..=0xff, ..] => Ok((tag, usize::from(length), 3)),
        [tag, 0x82, high @ 1..=0xff, low, ..] => Ok((tag, joined(&[high, low]), 4)),
        [tag, 0x83, high @ 1..=0xff, mid, low, ..] => Ok((tag, joined(&[high, mid, low]), 5)),
        [tag, 0x84, a @ 1..0x80, b, c, d, ..] => Ok((tag, joined(&[a, b, c, d]), 6)),
        [_, ..] => Err(Malformed("length")),
    }
}

fn joined(octets: &[u8]) -> usize {
    octets
        .iter()
        .fold(0, |value, &octet| value << 8 | usize::from(octet))
}

fn integer_is_minimal(content: &[u8]) -> bool {
    match content {
        [] | [0x00, 0x00..0x80, ..] | [0xff, 0x80..=0xff, ..] => false,
        [_, ..] => true,
    }
}

/// The value of INTEGER content, under whatever tag, when it is minimal and
/// lies in `0..2^32`.
pub(super) fn minimal_small(content: &[u8]) -> Option<u32> {
    if integer_is_minimal(content) {
        small(content)
    } else {
        None
    }
}

/// The value of a minimal INTEGER when it lies in `0..2^32`.
fn small(content: &[u8]) -> Option<u32> {
    let magnitude = match content {
        [0x80..=0xff, ..] => return None,
        [0x00, rest @ ..] => rest,
        all => all,
    };
    (magnitude.len() <= 4).then(|| {
        magnitude
            .iter()
            .fold(0, |value, &octet| value << 8 | u32::from(octet))
    })
}

fn boolean(content: &[u8]) -> Option<bool> {
    match content {
        [0x00] => Some(false),
        [0xff] => Some(true),
        _ => None,
    }
}

/// RFC 5280 sections 4.1.2.5.1 and 4.1.2.5.2: seconds are present, the zone is
/// `Z`, there is no fraction, and a two-digit year below 50 means 20xx.
fn time(tag: u8, content: &[u8]) -> Option<DateTime<Utc>> {
    let (year, rest) = match (tag, content) {
        (tag::UTC_TIME, [y1, y2, rest @ ..]) => match two_digits(*y1, *y2)? {
            year @ 0..50 => (2000 + year, rest),
            year => (1900 + year, rest),
        },
        (tag::GENERALIZED_TIME, [y1, y2, y3, y4, rest @ ..]) => {
            (two_digits(*y1, *y2)? * 100 + two_digits(*y3, *y4)?, rest)
        }
        _ => return None,
    };
    let &[m1, m2, d1, d2, h1, h2, n1, n2, s1, s2, b'Z'] = rest else {
        return None;
    };
    let date = NaiveDate::from_ymd_opt(
        i32::try_from(year).ok()?,
        two_digits(m1, m2)?,
        two_digits(d1, d2)?,
    )?;
    let time = NaiveTime::from_hms_opt(
        two_digits(h1, h2)?,
        two_digits(n1, n2)?,
        two_digits(s1, s2)?,
    )?;
    Some(date.and_time(time).and_utc())
}

fn two_digits(tens: u8, ones: u8) -> Option<u32> {
    let digit = |octet: u8| char::from(octet).to_digit(10);
    Some(digit(tens)? * 10 + digit(ones)?)
}

/// How deep a structure may nest: a certificate needs about ten levels.
const DEPTH: u8 = 24;

/// Looks through `input`, which must be one element, and refuses whatever is
/// BER but not DER: lengths, tags, BOOLEAN, INTEGER, OBJECT IDENTIFIER, BIT
/// STRING, NULL, time forms, and the order of each SET OF.
pub(super) fn check(input: &[u8]) -> Result<()> {
    let mut reader = Reader::new(input);
    let element = reader.next()?;
    reader.finish("trailing bytes")?;
    check_element(&element, DEPTH)
}

fn check_element(element: &Element<'_>, depth: u8) -> Result<()> {
    if element.tag & tag::CONSTRUCTED == 0 {
        return check_primitive(element);
    }
    if element.tag < 0x40 && !matches!(element.tag, tag::SEQUENCE | tag::SET) {
        return Err(Malformed("constructed string"));
    }
    let depth = depth.checked_sub(1).ok_or(Malformed("depth"))?;
    let mut reader = element.inside();
    let mut previous: &[u8] = &[];
    while !reader.is_empty() {
        let inner = reader.next()?;
        if element.tag == tag::SET && inner.raw < previous {
            return Err(Malformed("order of a set"));
        }
        check_element(&inner, depth)?;
        previous = inner.raw;
    }
    Ok(())
}

fn check_primitive(element: &Element<'_>) -> Result<()> {
    let content = element.content;
    let (holds, what) = match element.tag {
        tag::BOOLEAN => (boolean(content).is_some(), "boolean"),
        tag::INTEGER | tag::ENUMERATED => (integer_is_minimal(content), "integer"),
        tag::BIT_STRING => (bits_are_canonical(content), "bit string"),
        tag::NULL => (content.is_empty(), "null"),
        tag::OID => (Oid::is_well_formed(content), "object identifier"),
        tag::UTC_TIME | tag::GENERALIZED_TIME => (time(element.tag, content).is_some(), "time"),
        tag::UTF8_STRING => (std::str::from_utf8(content).is_ok(), "utf-8 string"),
        0x00 | 0x10 | 0x11 => (false, "tag"),
        _ => (true, ""),
    };
    if holds { Ok(()) } else { Err(Malformed(what)) }
}

/// The unused bits of a BIT STRING are zero (X.690 section 11.2.1).
fn bits_are_canonical(content: &[u8]) -> bool {
    match content {
        [0] => true,
        [unused @ 0..8, .., last] => last.trailing_zeros() >= u32::from(*unused),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refuses(bytes: &[u8], what: &'static str) {
        assert_eq!(check(bytes), Err(Malformed(what)));
    }

    #[test]
    fn der_passes() {
        for bytes in [
            &[0x30, 0x00][..],
            &[0x01, 0x01, 0xff],
            &[0x02, 0x02, 0x00, 0x80],
            &[0x31, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x02],
            b"\x17\x0d491231235959Z",
            b"\x18\x0f20500101000000Z",
        ] {
            assert_eq!(check(bytes), Ok(()), "{bytes:02x?}");
        }
    }

    #[test]
    fn ber_that_is_not_der_is_refused() {
        refuses(&[0x30, 0x80, 0x00, 0x00], "length");
        refuses(&[0x30, 0x81, 0x00], "length");
        refuses(&[0x04, 0x82, 0x00, 0x01, 0x00], "length");
        refuses(&[0x01, 0x01, 0x01], "boolean");
        refuses(&[0x02, 0x02, 0x00, 0x01], "integer");
        refuses(&[0x02, 0x00], "integer");
        refuses(&[0x03, 0x02, 0x01, 0x01], "bit string");
        refuses(&[0x05, 0x01, 0x00], "null");
        refuses(&[0x24, 0x00], "constructed string");
        refuses(
            &[0x31, 0x06, 0x02, 0x01, 0x02, 0x02, 0x01, 0x01],
            "order of a set",
        );
        refuses(b"\x17\x0b4912312359Z", "time");
        refuses(b"\x18\x1120500101000000.5Z", "time");
        refuses(&[0x30, 0x00, 0x00], "trailing bytes");
        refuses(&[0x1f, 0x81, 0x01, 0x00], "tag");
    }

    #[test]
    fn row_135_depth_and_length_are_bounded() {
        let mut nested = vec![0x30, 0x00];
        for _ in 0..60 {
            nested = [
                vec![0x30, u8::try_from(nested.len()).expect("short")],
                nested,
            ]
            .concat();
        }
        refuses(&nested, "depth");
        refuses(&[0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 0x00], "truncated");
        refuses(&[0x30, 0x84, 0x80, 0x00, 0x00, 0x00, 0x00], "length");
    }
}
