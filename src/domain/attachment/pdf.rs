//! PDF (ISO 32000-2), judged for what any reader could find in it.
//!
//! Readers do not agree on where the objects of a damaged file are, so this does
//! not follow the cross-reference table as a library would: it looks at every
//! place at which an object could begin, at the names in all octets, and into
//! every stream that could hold further objects. What it cannot look into, it
//! refuses.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::{Unfit, contains};

mod token;

use token::{Token, Tokens, names};

pub(super) fn inspect(file: &[u8]) -> Result<(), Unfit> {
    is_whole(file)?;
    names(file).try_for_each(|name| is_harmless(&name))?;
    // Objects may seem to begin inside of others: each octet is read a few times
    // at most.
    let mut budget = file.len().saturating_mul(READINGS).saturating_add(READINGS);
    for start in objects(file) {
        let object = Object::read(start, &mut budget)?;
        are_quiet(&object.tokens)?;
        if object.holds_objects() {
            are_quiet(&inside(&object)?)?;
        }
    }
    Ok(())
}

/// Begins and ends as it should (sections 7.5.2 and 7.5.5).
fn is_whole(file: &[u8]) -> Result<(), Unfit> {
    let version = file.strip_prefix(b"%PDF-").ok_or(Unfit::OtherType)?;
    if !matches!(
        version,
        [b'1', b'.', b'0'..=b'7', ..] | [b'2', b'.', b'0', ..]
    ) {
        return Err(Unfit::OtherType);
    }
    let ends = file.windows(END.len()).rposition(|window| window == END);
    let ends = ends.ok_or(Unfit::Broken)?;
    let behind = file.get(ends + END.len()..).unwrap_or_default();
    if !behind.iter().all(|octet| token::is_blank(*octet)) {
        return Err(Unfit::TrailingData);
    }
    let told = contains(file, b"startxref") && contains(file, b"obj");
    told.then_some(()).ok_or(Unfit::Broken)
}

/// Everywhere behind the word with which objects begin (section 7.3.10).
fn objects(file: &[u8]) -> impl Iterator<Item = &[u8]> {
    let windows = file.windows(OBJECT.len()).enumerate();
    windows
        .filter(|(place, window)| {
            let before = place.checked_sub(1).and_then(|before| file.get(before));
            *window == OBJECT && before != Some(&b'd')
        })
        .filter_map(|(place, _)| file.get(place + OBJECT.len()..))
}

struct Object<'a> {
    tokens: Vec<Token<'a>>,
    /// What follows the word `stream`, if it does.
    data: Option<&'a [u8]>,
}

impl<'a> Object<'a> {
    /// One object, to its end or to the data of its stream.
    fn read(start: &'a [u8], budget: &mut usize) -> Result<Self, Unfit> {
        let mut tokens = Tokens::of(start);
        let mut read = Vec::new();
        let data = loop {
            match tokens.next() {
                None | Some(Token::Word(b"endobj")) => break None,
                Some(Token::Word(b"stream")) => break Some(tokens.rest()),
                Some(token) => read.push(token),
            }
            let spent = start.len() - tokens.rest().len();
            if spent > *budget {
                return Err(Unfit::Opaque);
            }
        };
        *budget = budget.saturating_sub(start.len() - tokens.rest().len());
        Ok(Self { tokens: read, data })
    }

    /// Whether a reader may take it for an object stream (section 7.5.7): by the
    /// entries that one needs, for not all readers look at the type.
    fn holds_objects(&self) -> bool {
        let holds = self.names(b"ObjStm") > 0 || self.names(b"N") > 0 && self.names(b"First") > 0;
        self.data.is_some() && holds
    }

    /// Packed by nothing but one pass of deflate.
    fn is_plainly_packed(&self) -> bool {
        let mut values = self.tokens.iter().skip_while(|token| !token.is(b"Filter"));
        values.next();
        let filter = match values.next() {
            Some(Token::Name(name)) => name == b"FlateDecode",
            Some(Token::Array) => {
                let name = values.next().is_some_and(|token| token.is(b"FlateDecode"));
                name && values.next() == Some(&Token::EndArray)
            }
            Some(_) | None => false,
        };
        let aside = [&b"DecodeParms"[..], b"DP", b"F", b"FFilter"];
        filter && self.names(b"Filter") == 1 && aside.iter().all(|name| self.names(name) == 0)
    }

    fn names(&self, wanted: &[u8]) -> usize {
        self.tokens.iter().filter(|token| token.is(wanted)).count()
    }
}

/// The objects in an object stream, unpacked.
fn inside(object: &Object<'_>) -> Result<Vec<Token<'static>>, Unfit> {
    if !object.is_plainly_packed() {
        return Err(Unfit::Opaque);
    }
    let data = object.data.unwrap_or_default();
    let data = data.strip_prefix(b"\r").unwrap_or(data);
    let data = data.strip_prefix(b"\n").unwrap_or(data);
    let mut unpacked = Vec::new();
    let mut decoder = ZlibDecoder::new(data).take(UNPACKED + 1);
    let length = decoder.read_to_end(&mut unpacked);
    let length = length.map_err(|_| Unfit::Opaque)?;
    if u64::try_from(length).unwrap_or(u64::MAX) > UNPACKED {
        return Err(Unfit::Opaque);
    }
    names(&unpacked).try_for_each(|name| is_harmless(&name))?;
    Ok(Tokens::of(&unpacked).map(Token::kept).collect())
}

fn is_harmless(name: &[u8]) -> Result<(), Unfit> {
    if name == b"Encrypt" {
        return Err(Unfit::Encrypted);
    }
    let active = ACTIVE.contains(&name);
    (!active).then_some(()).ok_or(Unfit::ActiveContent)
}

/// Nothing happens by itself; to open at a certain page is no action.
fn are_quiet(tokens: &[Token<'_>]) -> Result<(), Unfit> {
    let acts = |token: &Token<'_>| token.is(b"AA") || token.is(b"JS");
    let opens = tokens.iter().zip(tokens.iter().skip(1));
    let opens = opens.filter(|(key, _)| key.is(b"OpenAction"));
    let opens = opens.into_iter().any(|(_, value)| *value != Token::Array);
    let quiet = !opens && !tokens.iter().any(acts);
    quiet.then_some(()).ok_or(Unfit::ActiveContent)
}

const END: &[u8] = b"%%EOF";
const OBJECT: &[u8] = b"obj";

/// How often an octet is read at most, on average.
const READINGS: usize = 16;

/// Most octets in one object stream: writers put a few hundred objects into one.
const UNPACKED: u64 = 16 * 1024 * 1024;

/// Names of actions, files within and forms (sections 7.11.4, 12.6.4, 12.7.8, 13).
/// They are long enough not to turn up in packed data by chance.
const ACTIVE: [&[u8]; 15] = [
    b"JavaScript",
    b"Launch",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"RichMedia",
    b"RichMediaExecute",
    b"XFA",
    b"SubmitForm",
    b"ImportData",
    b"GoToR",
    b"GoToE",
    b"Rendition",
    b"Movie",
    b"Sound",
    b"GoTo3DView",
];
