//! PDF (ISO 32000-2), judged for what any reader could find in it.
//!
//! Readers do not agree on where the objects of a damaged file are, so this does
//! not follow the cross-reference table as a library would: it looks at every
//! place at which an object could begin, at the names in all octets, and into
//! every stream that could hold further objects. What it cannot look into, it
//! refuses; and it reads and unpacks no more than its budget allows.

use std::collections::BTreeSet;
use std::io::Read;

use flate2::read::ZlibDecoder;

use super::{Unfit, contains};

mod object;
mod token;

use object::{Nesting, OBJECT_STREAM, Object, Quiet};
use token::{Token, Tokens, names};

pub(super) fn inspect(file: &[u8]) -> Result<(), Unfit> {
    is_whole(file)?;
    let announced = object_streams(file)?;
    // Objects may seem to begin inside of others: each octet is read a few times
    // at most.
    let mut reading = file.len().saturating_mul(READINGS).saturating_add(READINGS);
    let mut opened = Opened {
        unpacking: UNPACKED,
        ..Opened::default()
    };
    for start in objects(file) {
        opened.look_into(&Object::read(start, &mut reading)?)?;
    }
    // One that is announced where no object was found is hidden from here, and
    // perhaps from no reader.
    (announced <= opened.announced.len())
        .then_some(())
        .ok_or(Unfit::Opaque)
}

/// How often the name of object streams stands in the octets, none of whose names
/// says that something happens.
fn object_streams(octets: &[u8]) -> Result<usize, Unfit> {
    let mut announced = 0;
    for name in names(octets) {
        is_harmless(&name)?;
        announced += usize::from(*name == *OBJECT_STREAM);
    }
    Ok(announced)
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

/// Everywhere behind the words with which objects begin (section 7.3.10) and
/// behind which the dictionary of the trailer stands (section 7.5.5).
fn objects(file: &[u8]) -> impl Iterator<Item = &[u8]> {
    (0..file.len()).filter_map(|place| {
        let (before, here) = file.split_at_checked(place)?;
        let trailer = || {
            let after = here.strip_prefix(b"trailer")?;
            let first = Tokens::of(after).next();
            (first == Some(Token::Dictionary)).then_some(after)
        };
        let object = here.strip_prefix(b"obj");
        object.filter(|_| follows_number(before)).or_else(trailer)
    })
}

/// Whether what ends here may be the number of an object and its generation. Most
/// places at which the word turns up by chance are told from objects by that.
fn follows_number(before: &[u8]) -> bool {
    let blanks = before.iter().rev();
    let blanks = blanks.take_while(|octet| token::is_blank(**octet)).count();
    let (before, blanks) = before
        .split_at_checked(before.len().saturating_sub(blanks))
        .unwrap_or((before, &[]));
    // A comment may have ended with the line.
    let lines = blanks.iter().any(|octet| matches!(octet, b'\r' | b'\n'));
    let digit = |octet: &u8| octet.is_ascii_digit() || b"+-.".contains(octet);
    let mut left = before.iter().rev().skip_while(|octet| digit(octet));
    let apart = left.next().is_none_or(|octet| !token::is_regular(*octet));
    lines || before.last().is_some_and(digit) && apart
}

/// The streams that were looked into, known by how much of the file followed.
#[derive(Default)]
struct Opened {
    all: BTreeSet<usize>,
    /// Those that say what they are.
    announced: BTreeSet<usize>,
    /// How many octets may still be unpacked.
    unpacking: usize,
}

impl Opened {
    fn look_into(&mut self, object: &Object<'_>) -> Result<(), Unfit> {
        let Some(data) = object.data.filter(|_| object.holds_objects()) else {
            return Ok(());
        };
        if !object.is_plainly_packed() {
            return Err(Unfit::Opaque);
        }
        if object.is_announced() {
            self.announced.insert(data.len());
        }
        if !self.all.insert(data.len()) {
            return Ok(());
        }
        let unpacked = unpacked(data, self.unpacking)?;
        let spent = unpacked.len().max(LEAST);
        self.unpacking = self.unpacking.checked_sub(spent).ok_or(Unfit::Opaque)?;
        are_quiet(&unpacked)
    }
}

/// The content of a stream, if it has at most so many octets.
fn unpacked(data: &[u8], most: usize) -> Result<Vec<u8>, Unfit> {
    let data = data.strip_prefix(b"\r").unwrap_or(data);
    let data = data.strip_prefix(b"\n").unwrap_or(data);
    let one_more = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut unpacked = Vec::new();
    let mut decoder = ZlibDecoder::new(data).take(one_more);
    let length = decoder.read_to_end(&mut unpacked);
    let fits = length.map_err(|_| Unfit::Opaque)? <= most;
    fits.then_some(unpacked).ok_or(Unfit::Opaque)
}

/// Whether no object in an object stream does anything.
fn are_quiet(objects: &[u8]) -> Result<(), Unfit> {
    names(objects).try_for_each(|name| is_harmless(&name))?;
    let (mut quiet, mut nesting) = (Quiet::default(), Nesting::default());
    for token in Tokens::of(objects) {
        quiet.accept(&token)?;
        nesting.accept(&token)?;
    }
    Ok(())
}

fn is_harmless(name: &[u8]) -> Result<(), Unfit> {
    if name == b"Encrypt" {
        return Err(Unfit::Encrypted);
    }
    let active = ACTIVE.contains(&name);
    (!active).then_some(()).ok_or(Unfit::ActiveContent)
}

const END: &[u8] = b"%%EOF";

/// How often an octet is read at most, on average.
const READINGS: usize = 16;

/// Most octets in all object streams of a file: they hold what describes its
/// pages, not their pictures.
const UNPACKED: usize = 16 * 1024 * 1024;

/// What each object stream counts at least: to open one has its price.
const LEAST: usize = 4 * 1024;

/// Names of actions, files within and forms (sections 7.11.4, 12.3.5, 12.6.4, 12.7.8, 13).
/// They are long enough not to turn up in packed data by chance.
const ACTIVE: [&[u8]; 22] = [
    b"JavaScript",
    b"Launch",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"FileAttachment",
    b"Collection",
    b"RichMedia",
    b"RichMediaContent",
    b"RichMediaSettings",
    b"RichMediaActivation",
    b"RichMediaExecute",
    b"OnInstantiate",
    b"XFA",
    b"SubmitForm",
    b"ImportData",
    b"GoToR",
    b"GoToE",
    b"Rendition",
    b"Movie",
    b"Sound",
    b"GoTo3DView",
    b"3DAnimation",
];
