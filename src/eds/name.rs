//! Distinguished names: reading, comparing (RFC 5280 section 7.1), showing (RFC 4514).

use std::{
    borrow::Cow,
    fmt::{self, Display, Write},
};

use super::{
    Oid,
    der::{Malformed, Reader, tag},
    oid::attribute,
};

/// One attribute of a name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attribute<'a> {
    pub(super) kind: Oid,
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
}

/// A distinguished name in DER.
#[derive(Clone, Copy)]
pub(super) struct Name<'a>(&'a [u8]);

impl<'a> Name<'a> {
    /// The name that `der`, one SEQUENCE, holds; refuses what is not a name.
    pub(super) fn read(der: &'a [u8]) -> Result<Self, Malformed> {
        let mut names = Reader::only(der, tag::SEQUENCE, "name")?;
        while !names.is_empty() {
            let mut set = names.enter(tag::SET, "name")?;
            read_attribute(&mut set)?;
            while !set.is_empty() {
                read_attribute(&mut set)?;
            }
        }
        Ok(Self(der))
    }

    /// A name that was read before.
    pub(super) fn known(der: &'a [u8]) -> Self {
        Self(der)
    }

    /// Its text: about as long as its octets, so that nothing grows on the way.
    pub(super) fn shown(self) -> String {
        let mut text = String::with_capacity(self.0.len());
        // Writing to a string cannot fail.
        _ = write!(text, "{self}");
        text
    }

    /// Its octets.
    pub(super) fn der(self) -> &'a [u8] {
        self.0
    }

    pub(super) fn is_empty(self) -> bool {
        self.relative().next().is_none()
    }

    /// The contents of the relative distinguished names, the most general first.
    fn relative(self) -> impl Iterator<Item = &'a [u8]> {
        let mut reader = Reader::only(self.0, tag::SEQUENCE, "name").unwrap_or(Reader::new(&[]));
        std::iter::from_fn(move || reader.content(tag::SET, "name").ok())
    }

    /// All attributes in the order of the certificate.
    pub(super) fn attributes(self) -> impl Iterator<Item = Attribute<'a>> {
        self.relative().flat_map(attributes_of)
    }

    /// Whether both names are the same by RFC 5280 section 7.1.
    pub(super) fn matches(self, other: Name<'_>) -> bool {
        if self.0 == other.0 {
            return true;
        }
        let (mut own, mut theirs) = (self.relative(), other.relative());
        loop {
            match (own.next(), theirs.next()) {
                (None, None) => return true,
                (Some(own), Some(theirs)) if relative_matches(own, theirs) => {}
                (_, _) => return false,
            }
        }
    }

    /// Whether `base` is an ancestor of this name in the directory, or the name itself.
    pub(super) fn starts_with(self, base: Name<'_>) -> bool {
        let mut own = self.relative();
        base.relative()
            .all(|theirs| own.next().is_some_and(|own| relative_matches(own, theirs)))
    }
}

impl Name<'_> {
    /// Whether this name is `parent` with one more relative name, whose
    /// attributes are `last`.
    pub(super) fn is_below(self, parent: Name<'_>, last: &[u8]) -> bool {
        let depth = parent.relative().count();
        self.relative().count() == depth + 1
            && self.starts_with(parent)
            && self
                .relative()
                .nth(depth)
                .is_some_and(|own| relative_matches(own, last))
    }

    /// Whether the contents of two relative names mean the same.
    pub(super) fn relative_matches(one: &[u8], other: &[u8]) -> bool {
        relative_matches(one, other)
    }
}

fn read_attribute<'a>(set: &mut Reader<'a>) -> Result<Attribute<'a>, Malformed> {
    let mut pair = set.enter(tag::SEQUENCE, "name attribute")?;
    let kind = pair.oid("name attribute")?;
    let value = pair.next()?;
    pair.finish("name attribute")?;
    Ok(Attribute {
        kind,
        tag: value.tag,
        content: value.content,
    })
}

fn attributes_of(relative: &[u8]) -> impl Iterator<Item = Attribute<'_>> {
    let mut set = Reader::new(relative);
    std::iter::from_fn(move || read_attribute(&mut set).ok())
}

/// The attribute of a relative name that has but one, as nearly all have.
fn only_attribute(relative: &[u8]) -> Option<Attribute<'_>> {
    let mut set = Reader::new(relative);
    read_attribute(&mut set).ok().filter(|_| set.is_empty())
}

/// The order within a multi-valued name may differ after normalisation, so
/// each attribute of one must be found in the other.
fn relative_matches(one: &[u8], other: &[u8]) -> bool {
    if one == other {
        return true;
    }
    if let (Some(own), Some(theirs)) = (only_attribute(one), only_attribute(other)) {
        return own.matches(&theirs);
    }
    attributes_of(one).count() == attributes_of(other).count()
        && attributes_of(one).all(|own| attributes_of(other).any(|theirs| own.matches(&theirs)))
}

impl<'a> Attribute<'a> {
    /// The text, when the value is a character string.
    pub(super) fn text(&self) -> Option<Cow<'a, str>> {
        match self.tag {
            tag::UTF8_STRING => std::str::from_utf8(self.content).ok().map(Cow::Borrowed),
            tag::PRINTABLE_STRING | tag::IA5_STRING => std::str::from_utf8(self.content)
                .ok()
                .filter(|text| text.is_ascii())
                .map(Cow::Borrowed),
            tag::TELETEX_STRING => Some(
                self.content
                    .iter()
                    .map(|&octet| char::from(octet))
                    .collect(),
            ),
            tag::BMP_STRING => utf16(self.content).map(Cow::Owned),
            tag::UNIVERSAL_STRING => utf32(self.content).map(Cow::Owned),
            _ => None,
        }
    }

    fn matches(&self, other: &Attribute<'_>) -> bool {
        self.kind == other.kind
            && ((self.tag == other.tag && self.content == other.content)
                || match (self.text(), other.text()) {
                    (Some(own), Some(theirs)) => prepared(&own).eq(prepared(&theirs)),
                    (_, _) => false,
                })
    }
}

fn utf16(content: &[u8]) -> Option<String> {
    let (units, []) = content.as_chunks::<2>() else {
        return None;
    };
    char::decode_utf16(units.iter().map(|&unit| u16::from_be_bytes(unit)))
        .collect::<Result<_, _>>()
        .ok()
}

fn utf32(content: &[u8]) -> Option<String> {
    let (units, []) = content.as_chunks::<4>() else {
        return None;
    };
    units
        .iter()
        .map(|&unit| char::from_u32(u32::from_be_bytes(unit)))
        .collect()
}

/// RFC 4518 as far as RFC 5280 asks for it: case is folded, white space at the
/// ends is dropped and within the text is one space.
pub(super) fn prepared(text: &str) -> impl Iterator<Item = char> {
    text.split_whitespace()
        .enumerate()
        .flat_map(|(place, word)| (place > 0).then_some(' ').into_iter().chain(word.chars()))
        .flat_map(char::to_lowercase)
}

/// A name may be a person's: absent from debug output.
impl fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(..)")
    }
}

/// The form of RFC 4514, the most specific part first, IINs masked.
impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut relative = Vec::with_capacity(8);
        relative.extend(self.relative());
        for (place, set) in relative.iter().rev().enumerate() {
            for (within, attribute) in attributes_of(set).enumerate() {
                f.write_str(if within > 0 {
                    "+"
                } else if place > 0 {
                    ","
                } else {
                    ""
                })?;
                write_attribute(f, &attribute)?;
            }
        }
        Ok(())
    }
}

fn write_attribute(f: &mut fmt::Formatter<'_>, attribute: &Attribute<'_>) -> fmt::Result {
    match attribute::short_name(&attribute.kind) {
        Some(short) => f.write_str(short)?,
        None => attribute.kind.fmt(f)?,
    }
    f.write_char('=')?;
    let Some(text) = attribute.text() else {
        f.write_str("#")?;
        return attribute
            .content
            .iter()
            .try_for_each(|octet| write!(f, "{octet:02x}"));
    };
    let iin = text.starts_with("IIN");
    if !iin && !text.contains(is_special) {
        return f.write_str(&text);
    }
    let digits = text.len() - text.trim_start_matches(|c: char| !c.is_ascii_digit()).len();
    text.chars().enumerate().try_for_each(|(place, c)| match c {
        c if iin && place >= digits + 4 && c.is_ascii_digit() => f.write_str("*"),
        c if c.is_control() => write!(f, "\\{:02x}", u32::from(c)),
        c if is_special(c) => write!(f, "\\{c}"),
        c => f.write_char(c),
    })
}

/// What RFC 4514 section 2.4 has escaped, and controls.
fn is_special(c: char) -> bool {
    c.is_control() || matches!(c, ',' | '+' | '"' | '\\' | '<' | '>' | ';')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eds::testing::der::{sequence, set, text};

    fn name(attributes: &[(Oid, u8, &str)]) -> Vec<u8> {
        sequence(
            attributes
                .iter()
                .map(|&(kind, tag, value)| set([sequence([text_oid(kind), text(tag, value)])])),
        )
    }

    fn text_oid(oid: Oid) -> Vec<u8> {
        crate::eds::testing::der::oid(oid)
    }

    #[track_caller]
    fn same(one: (u8, &str), other: (u8, &str), expected: bool) {
        let one = name(&[(attribute::COMMON_NAME, one.0, one.1)]);
        let other = name(&[(attribute::COMMON_NAME, other.0, other.1)]);
        let (one, other) = (
            Name::read(&one).expect("name"),
            Name::read(&other).expect("name"),
        );
        assert_eq!(one.matches(other), expected);
        assert_eq!(other.matches(one), expected);
    }

    #[test]
    fn case_white_space_and_string_type_do_not_matter() {
        same(
            (tag::UTF8_STRING, "Ұлттық  ОРТАЛЫҚ "),
            (tag::UTF8_STRING, "ұлттық орталық"),
            true,
        );
        same(
            (tag::UTF8_STRING, "Root CA"),
            (tag::PRINTABLE_STRING, " root ca"),
            true,
        );
        same(
            (tag::UTF8_STRING, "Root CA"),
            (tag::UTF8_STRING, "RootCA"),
            false,
        );
        same(
            (tag::UTF8_STRING, "Root CA"),
            (tag::UTF8_STRING, "Root CA 2"),
            false,
        );
    }

    #[test]
    fn a_name_is_shown_without_its_iin() {
        let der = name(&[
            (attribute::COMMON_NAME, tag::UTF8_STRING, "ТЕСТОВ, ТЕСТ"),
            (
                attribute::SERIAL_NUMBER,
                tag::PRINTABLE_STRING,
                "IIN900101300007",
            ),
        ]);
        assert_eq!(
            Name::read(&der).expect("name").to_string(),
            r"SERIALNUMBER=IIN9001********,CN=ТЕСТОВ\, ТЕСТ"
        );
    }

    #[test]
    fn an_empty_relative_name_is_no_name() {
        assert!(Name::read(&sequence([set([])])).is_err());
    }
}
