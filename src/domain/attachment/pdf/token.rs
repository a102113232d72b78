//! The words of which PDF objects are made (ISO 32000-2 section 7.2).

use std::borrow::Cow;

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name, without its solidus and with its escapes resolved.
    Name(Cow<'a, [u8]>),
    /// `[`.
    Array,
    /// `]`.
    EndArray,
    /// `<<`.
    Dictionary,
    /// `>>`.
    EndDictionary,
    /// A string, or a delimiter that opens nothing.
    Text,
    /// What begins as a string of hexadecimal digits and is none.
    Broken,
    /// A number or keyword.
    Word(&'a [u8]),
}

/// Reads word by word.
pub(super) struct Tokens<'a>(&'a [u8]);

/// The names in all of these octets, be they where they may.
pub(super) fn names(octets: &[u8]) -> impl Iterator<Item = Cow<'_, [u8]>> {
    let after = octets.split(|octet| *octet == b'/').skip(1);
    after.map(|after| {
        let (raw, _) = word(after);
        unescaped(raw.get(..LONGEST).unwrap_or(raw))
    })
}

/// A blank (table 1).
pub(super) fn is_blank(octet: u8) -> bool {
    matches!(octet, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

/// What names, numbers and keywords are made of (section 7.2.3).
pub(super) fn is_regular(octet: u8) -> bool {
    !is_blank(octet) && !is_delimiter(octet)
}

fn is_delimiter(octet: u8) -> bool {
    b"()<>[]{}/%".contains(&octet)
}

impl Token<'_> {
    /// Whether it is this name.
    pub(super) fn is(&self, wanted: &[u8]) -> bool {
        matches!(self, Self::Name(name) if **name == *wanted)
    }
}

impl<'a> Tokens<'a> {
    pub(super) fn of(octets: &'a [u8]) -> Self {
        Self(octets)
    }

    /// What has not been read.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.0
    }

    fn skip_blanks_and_comments(&mut self) {
        loop {
            let blanks = self.0.iter().take_while(|octet| is_blank(**octet)).count();
            self.0 = self.0.get(blanks..).unwrap_or_default();
            if self.0.first() != Some(&b'%') {
                return;
            }
            let line = self.0.iter();
            let line = line.take_while(|octet| !matches!(octet, b'\r' | b'\n'));
            self.0 = self.0.get(line.count()..).unwrap_or_default();
        }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.skip_blanks_and_comments();
        let (first, tail) = self.0.split_first()?;
        let (token, rest) = match first {
            b'/' => {
                let (raw, rest) = word(tail);
                (Token::Name(unescaped(raw)), rest)
            }
            b'[' => (Token::Array, tail),
            b']' => (Token::EndArray, tail),
            b'(' => (Token::Text, after_string(tail)),
            b'<' => after_less(tail),
            b'>' => match tail.strip_prefix(b">") {
                Some(rest) => (Token::EndDictionary, rest),
                None => (Token::Text, tail),
            },
            _ if is_delimiter(*first) => (Token::Text, tail),
            _ => {
                let (raw, rest) = word(self.0);
                (Token::Word(raw), rest)
            }
        };
        self.0 = rest;
        Some(token)
    }
}

/// A dictionary, or a string of hexadecimal digits with blanks between them
/// (section 7.3.4.3): whatever else stands in it, a reader may skip, up to the end
/// of the string, or not.
fn after_less(octets: &[u8]) -> (Token<'_>, &[u8]) {
    if let Some(rest) = octets.strip_prefix(b"<") {
        return (Token::Dictionary, rest);
    }
    let within = |octet: &u8| octet.is_ascii_hexdigit() || is_blank(*octet);
    let length = octets.iter().take_while(|octet| within(octet)).count();
    let rest = octets.get(length..).unwrap_or_default();
    match rest.strip_prefix(b">") {
        Some(rest) => (Token::Text, rest),
        None => (Token::Broken, rest),
    }
}

/// Up to the next blank or delimiter.
fn word(octets: &[u8]) -> (&[u8], &[u8]) {
    let end = octets
        .iter()
        .take_while(|octet| is_regular(**octet))
        .count();
    octets.split_at_checked(end).unwrap_or((octets, &[]))
}

/// Behind the parenthesis that closes a string (section 7.3.4.2).
fn after_string(octets: &[u8]) -> &[u8] {
    let (mut depth, mut escaped) = (1_usize, false);
    for (place, octet) in octets.iter().enumerate() {
        match (octet, escaped) {
            (_, true) => escaped = false,
            (b'\\', false) => escaped = true,
            (b'(', false) => depth += 1,
            (b')', false) => depth -= 1,
            (_, false) => {}
        }
        if depth == 0 {
            return octets.get(place + 1..).unwrap_or_default();
        }
    }
    &[]
}

/// `#` and two hexadecimal digits stand for an octet (section 7.3.5).
fn unescaped(raw: &[u8]) -> Cow<'_, [u8]> {
    if !raw.contains(&b'#') {
        return Cow::Borrowed(raw);
    }
    let mut name = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((first, tail)) = rest.split_first() {
        let escaped = tail.split_first_chunk::<2>();
        let escaped = escaped
            .filter(|_| *first == b'#')
            .and_then(|(digits, after)| {
                let [high, low] = digits.map(|digit| char::from(digit).to_digit(16));
                Some((u8::try_from(high? * 16 + low?).ok()?, after))
            });
        let (octet, after) = escaped.unwrap_or((*first, tail));
        name.push(octet);
        rest = after;
    }
    Cow::Owned(name)
}

/// Longer than any name that is looked for, with every character escaped.
const LONGEST: usize = 64;
