//! One PDF object (ISO 32000-2 section 7.3), of which only what is asked for is
//! remembered: a file may hold millions of words.

use super::token::{Token, Tokens};
use crate::domain::attachment::Unfit;

/// What an object stream says that it is (section 7.5.7).
pub(super) const OBJECT_STREAM: &[u8] = b"ObjStm";

/// An object, as far as it matters here.
#[derive(Default)]
pub(super) struct Object<'a> {
    /// What follows the word `stream`, if it does.
    pub(super) data: Option<&'a [u8]>,
    announced: bool,
    number: bool,
    first: bool,
    filters: usize,
    packing: Packing,
    /// Whether something else has a say in how it is unpacked, or from where.
    aside: bool,
}

/// What the first filter is, as far as it has been read.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Packing {
    #[default]
    Unsaid,
    Named,
    Listed,
    ListedDeflate,
    Deflate,
    Otherwise,
}

/// Which arrays and dictionaries are open, outermost first.
#[derive(Default)]
pub(super) struct Nesting(Vec<Within>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Array,
    Dictionary,
}

/// Watches over words none of which may make anything happen by itself.
#[derive(Default)]
pub(super) struct Quiet {
    /// Whether the word before said what happens at opening.
    opening: bool,
}

impl<'a> Object<'a> {
    /// One object, to its end or to the data of its stream.
    ///
    /// The words that end it mean nothing within a dictionary or an array, and
    /// data follow a dictionary only: a reader that is in one reads on, and so
    /// does this.
    pub(super) fn read(start: &'a [u8], budget: &mut usize) -> Result<Self, Unfit> {
        let (mut object, mut tokens) = (Self::default(), Tokens::of(start));
        let (mut quiet, mut nesting) = (Quiet::default(), Nesting::default());
        let mut dictionary = false;
        while let Some(token) = tokens.next() {
            match (&token, nesting.0.is_empty()) {
                (Token::Word(b"endobj" | b"startxref"), true) => break,
                (Token::Word(b"stream"), true) if dictionary => {
                    object.data = Some(tokens.rest());
                    break;
                }
                (_, _) => {}
            }
            quiet.accept(&token)?;
            nesting.accept(&token)?;
            object.accept(&token);
            dictionary = token == Token::EndDictionary;
            if start.len() - tokens.rest().len() > *budget {
                return Err(Unfit::Opaque);
            }
        }
        *budget = budget.saturating_sub(start.len() - tokens.rest().len());
        Ok(object)
    }

    fn accept(&mut self, token: &Token<'_>) {
        self.packing = self.packing.after(token);
        let Token::Name(name) = token else {
            return;
        };
        self.announced |= **name == *OBJECT_STREAM;
        self.number |= **name == *b"N";
        self.first |= **name == *b"First";
        self.filters += usize::from(**name == *b"Filter");
        self.aside |= ASIDE.contains(&name.as_ref());
    }

    /// Whether a reader may take it for an object stream (section 7.5.7): by the
    /// entries that one needs, for not all readers look at the type.
    pub(super) fn holds_objects(&self) -> bool {
        self.data.is_some() && (self.announced || self.number && self.first)
    }

    /// Whether it says that it is an object stream.
    pub(super) fn is_announced(&self) -> bool {
        self.announced
    }

    /// Packed by nothing but one pass of deflate.
    pub(super) fn is_plainly_packed(&self) -> bool {
        self.packing == Packing::Deflate && self.filters == 1 && !self.aside
    }
}

impl Packing {
    fn after(self, token: &Token<'_>) -> Self {
        let deflate = token.is(b"FlateDecode");
        match self {
            Self::Unsaid if token.is(b"Filter") => Self::Named,
            Self::Named if deflate => Self::Deflate,
            Self::Named if *token == Token::Array => Self::Listed,
            Self::Listed if deflate => Self::ListedDeflate,
            Self::ListedDeflate if *token == Token::EndArray => Self::Deflate,
            Self::Unsaid | Self::Deflate => self,
            Self::Named | Self::Listed | Self::ListedDeflate | Self::Otherwise => Self::Otherwise,
        }
    }
}

impl Nesting {
    /// Readers do not agree on what it means that one is closed as the other.
    pub(super) fn accept(&mut self, token: &Token<'_>) -> Result<(), Unfit> {
        match token {
            Token::Array => self.0.push(Within::Array),
            Token::Dictionary => self.0.push(Within::Dictionary),
            Token::EndArray => self.close(Within::Array)?,
            Token::EndDictionary => self.close(Within::Dictionary)?,
            Token::Broken => return Err(Unfit::Opaque),
            Token::Name(_) | Token::Text | Token::Word(_) => {}
        }
        let fits = self.0.len() <= DEEPEST;
        fits.then_some(()).ok_or(Unfit::Opaque)
    }

    fn close(&mut self, closed: Within) -> Result<(), Unfit> {
        let open = self.0.pop();
        let closes = open.is_none_or(|open| open == closed);
        closes.then_some(()).ok_or(Unfit::Opaque)
    }
}

impl Quiet {
    /// Nothing happens by itself; to open at a certain page is no action.
    pub(super) fn accept(&mut self, token: &Token<'_>) -> Result<(), Unfit> {
        let opens = self.opening && *token != Token::Array;
        self.opening = token.is(b"OpenAction");
        let acts = matches!(token, Token::Name(name) if ACTS.contains(&name.as_ref()));
        (!opens && !acts).then_some(()).ok_or(Unfit::ActiveContent)
    }
}

const ASIDE: [&[u8]; 4] = [b"DecodeParms", b"DP", b"F", b"FFilter"];

/// Names of actions, of files within, whose type need not be said (section
/// 7.11.3, tables 43 and 44), and of three-dimensional artwork with its programs
/// (section 13.6): too short to be looked for in all octets.
const ACTS: [&[u8]; 9] = [
    b"AA", b"JS", b"EF", b"AF", b"RF", b"3D", b"3DD", b"U3D", b"PRC",
];

/// How deep arrays and dictionaries may stand in each other.
const DEEPEST: usize = 256;
