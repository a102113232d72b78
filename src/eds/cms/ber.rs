//! The envelope of a CMS message, which may be BER (RFC 5652 section 3).
//!
//! Signers that stream write indefinite lengths and cut octet strings into
//! pieces (X.690 sections 8.1.3.6 and 8.7.3). This reader follows both, and
//! nothing is re-encoded: whatever is hashed stays a slice of the input. Only a
//! content that came in pieces is joined, once.

use std::borrow::Cow;

use super::super::der::{Element, Malformed, tag};

/// How deep an envelope may nest.
const DEPTH: u8 = 24;

/// The element that ends an indefinite length.
const END_OF_CONTENTS: [u8; 2] = [0, 0];

/// Reads one BER element after the other from a slice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(input: &'a [u8]) -> Self {
        Self { rest: input }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// What has not been read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next element; its content is without the end marker.
    pub(super) fn next(&mut self) -> Result<Element<'a>, Malformed> {
        let (element, rest) = split(self.rest, DEPTH)?;
        self.rest = rest;
        Ok(element)
    }

    /// The next element if it has this tag.
    pub(super) fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, Malformed> {
        if self.rest.first() == Some(&tag) {
            self.next().map(Some)
        } else {
            Ok(None)
        }
    }

    /// The next element, which must have this tag.
    pub(super) fn element(
        &mut self,
        tag: u8,
        what: &'static str,
    ) -> Result<Element<'a>, Malformed> {
        self.optional(tag)?.ok_or(Malformed(what))
    }

    /// A reader of the content of the next element, which must have this tag.
    pub(super) fn enter(&mut self, tag: u8, what: &'static str) -> Result<Reader<'a>, Malformed> {
        self.element(tag, what)
            .map(|element| Self::new(element.content))
    }

    /// Demands that nothing follows.
    pub(super) fn finish(&self, what: &'static str) -> Result<(), Malformed> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(Malformed(what))
        }
    }
}

/// The first element of `input` and what follows it.
fn split(input: &[u8], depth: u8) -> Result<(Element<'_>, &[u8]), Malformed> {
    let (tag, length, header) = header(input)?;
    let body = input.get(header..).ok_or(Malformed("truncated"))?;
    let (content, rest) = match length {
        Some(length) => body
            .split_at_checked(length)
            .ok_or(Malformed("truncated"))?,
        None if tag & tag::CONSTRUCTED != 0 => until_end(body, depth)?,
        None => return Err(Malformed("length")),
    };
    let raw = input
        .get(..input.len() - rest.len())
        .ok_or(Malformed("truncated"))?;
    Ok((Element { tag, content, raw }, rest))
}

/// Splits an indefinite content from what follows its end marker.
fn until_end(body: &[u8], depth: u8) -> Result<(&[u8], &[u8]), Malformed> {
    let depth = depth.checked_sub(1).ok_or(Malformed("depth"))?;
    let mut rest = body;
    while !rest.starts_with(&END_OF_CONTENTS) {
        (_, rest) = split(rest, depth)?;
    }
    let content = body
        .get(..body.len() - rest.len())
        .ok_or(Malformed("truncated"))?;
    Ok((
        content,
        rest.get(END_OF_CONTENTS.len()..).unwrap_or_default(),
    ))
}

/// Tag, length unless it is indefinite, and header length. A long form may be
/// longer than needed, but not longer than eight octets.
fn header(input: &[u8]) -> Result<(u8, Option<usize>, usize), Malformed> {
    match *input {
        [] | [_] => Err(Malformed("truncated")),
        [tag, ..] if tag & 0x1f == 0x1f || tag == 0 => Err(Malformed("tag")),
        [tag, length @ 0..0x80, ..] => Ok((tag, Some(usize::from(length)), 2)),
        [tag, 0x80, ..] => Ok((tag, None, 2)),
        [tag, more @ 0x81..=0x88, ref rest @ ..] => {
            let count = usize::from(more & 0x7f);
            let octets = rest.get(..count).ok_or(Malformed("truncated"))?;
            let length = octets.iter().try_fold(0usize, |value, &octet| {
                value
                    .checked_mul(256)
                    .map(|value| value | usize::from(octet))
            });
            length
                .map(|length| (tag, Some(length), 2 + count))
                .ok_or(Malformed("length"))
        }
        [_, ..] => Err(Malformed("length")),
    }
}

/// The octets of an OCTET STRING, whole or in pieces.
pub(super) fn octets<'a>(element: &Element<'a>) -> Result<Cow<'a, [u8]>, Malformed> {
    if element.tag & tag::CONSTRUCTED == 0 {
        return Ok(Cow::Borrowed(element.content));
    }
    let mut joined = Vec::with_capacity(element.content.len());
    join(element.content, &mut joined, DEPTH)?;
    Ok(Cow::Owned(joined))
}

fn join(pieces: &[u8], joined: &mut Vec<u8>, depth: u8) -> Result<(), Malformed> {
    let depth = depth.checked_sub(1).ok_or(Malformed("depth"))?;
    let mut reader = Reader::new(pieces);
    while !reader.is_empty() {
        let piece = reader.next()?;
        match piece.tag {
            tag::OCTET_STRING => joined.extend_from_slice(piece.content),
            tag::CONSTRUCTED_OCTET_STRING => join(piece.content, joined, depth)?,
            _ => return Err(Malformed("pieces of an octet string")),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn only(input: &[u8]) -> Result<Element<'_>, Malformed> {
        let mut reader = Reader::new(input);
        let element = reader.next()?;
        reader.finish("trailing bytes")?;
        Ok(element)
    }

    #[test]
    fn row_134_indefinite_and_long_lengths_are_followed() {
        let nested = [
            0x30, 0x80, 0x30, 0x80, 0x02, 0x01, 0x05, 0x00, 0x00, 0x00, 0x00,
        ];
        assert_eq!(only(&nested).map(|element| element.content.len()), Ok(7));
        assert_eq!(
            only(&[0x04, 0x83, 0x00, 0x00, 0x01, 0xaa]).map(|element| element.content),
            Ok(&[0xaa][..])
        );
    }

    #[test]
    fn row_134_pieces_are_joined() {
        let pieces = [
            0x24, 0x80, 0x04, 0x02, 1, 2, 0x24, 0x03, 0x04, 0x01, 3, 0x04, 0x00, 0x00, 0x00,
        ];
        let element = only(&pieces).expect("one element");
        assert_eq!(octets(&element).as_deref(), Ok(&[1, 2, 3][..]));
        let whole = only(&[0x04, 0x01, 9]).expect("one element");
        assert!(matches!(octets(&whole), Ok(Cow::Borrowed(&[9]))));
    }

    #[test]
    fn broken_envelopes_are_refused() {
        assert_eq!(
            only(&[0x30, 0x80, 0x02, 0x01, 0x05]),
            Err(Malformed("truncated"))
        );
        assert_eq!(only(&[0x04, 0x80, 0x00, 0x00]), Err(Malformed("length")));
        assert_eq!(
            only(&[0x04, 0x89, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]),
            Err(Malformed("length"))
        );
        assert_eq!(
            only(&[0x04, 0x88, 0xff, 0, 0, 0, 0, 0, 0, 1]),
            Err(Malformed("truncated"))
        );
        let wrong = only(&[0x24, 0x03, 0x02, 0x01, 0x01]).expect("one element");
        assert_eq!(octets(&wrong), Err(Malformed("pieces of an octet string")));
    }

    #[test]
    fn row_135_depth_is_bounded() {
        let deep = [0x30, 0x80].repeat(10_000);
        assert_eq!(only(&deep), Err(Malformed("depth")));
    }
}
