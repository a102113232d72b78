//! Signed notes: a text with signature lines below it (C2SP `signed-note`), the
//! form that auditors' tools read.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use crate::eds::Digest;

/// Signs notes under a name.
pub struct Signer {
    public: PublicKey,
    pair: Ed25519KeyPair,
}

/// The key with which notes are verified. Its text is the verifier key of the
/// note tools: `name+id+key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    name: String,
    octets: Vec<u8>,
}

/// A key that cannot be used.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotAKey {
    /// A name is empty, or holds white space or a plus sign.
    #[error("the name of the key is empty, or holds a space or a plus sign")]
    Name,
    /// No private key for Ed25519 in PKCS#8 (RFC 8410).
    #[error("not an Ed25519 key in PKCS#8")]
    Private,
    /// Not of the form `name+id+key`, or the parts contradict each other.
    #[error("not a verifier key: name+id+key")]
    Public,
}

/// A note that does not hold.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum BadNote {
    /// No text with signature lines below it.
    #[error("not a signed note")]
    Form,
    /// No line is by a key that is known.
    #[error("no signature by a known key")]
    Unsigned,
    /// A line that names a known key is not by it.
    #[error("the signature does not hold")]
    Signature,
}

impl Signer {
    /// The key in PKCS#8 (DER), under this name.
    ///
    /// # Errors
    /// [`NotAKey`] says what is wrong.
    pub fn new(name: &str, pkcs8: &[u8]) -> Result<Self, NotAKey> {
        let pair =
            Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8).map_err(|_| NotAKey::Private)?;
        let public = PublicKey::new(name, pair.public_key().as_ref())?;
        Ok(Self { public, pair })
    }

    /// What verifies its notes.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The note over a text, which ends with a line feed.
    pub fn sign(&self, text: &str) -> String {
        let signature = self.pair.sign(text.as_bytes());
        let line = [self.public.id().as_slice(), signature.as_ref()].concat();
        let line = STANDARD.encode(line);
        format!("{text}\n{DASH}{} {line}\n", self.public.name)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.public)
    }
}

impl PublicKey {
    fn new(name: &str, octets: &[u8]) -> Result<Self, NotAKey> {
        if name.is_empty() || name.contains(|sign: char| sign.is_whitespace() || sign == '+') {
            return Err(NotAKey::Name);
        }
        Ok(Self {
            name: name.to_owned(),
            octets: octets.to_vec(),
        })
    }

    /// Reads `name+id+key`.
    ///
    /// # Errors
    /// [`NotAKey::Public`] when it is no key for Ed25519 in that form.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let mut parts = text.trim().splitn(3, '+');
        let parts = (parts.next(), parts.next(), parts.next());
        let (Some(name), Some(_), Some(key)) = parts else {
            return Err(NotAKey::Public);
        };
        let octets = STANDARD.decode(key).map_err(|_| NotAKey::Public)?;
        let octets = match octets.split_first() {
            Some((&ALGORITHM, octets)) if octets.len() == 32 => octets,
            Some(_) | None => return Err(NotAKey::Public),
        };
        let key = Self::new(name, octets).map_err(|_| NotAKey::Public)?;
        // The identifier follows from the rest, and tells a slip of the pen.
        (key.to_string() == text.trim())
            .then_some(key)
            .ok_or(NotAKey::Public)
    }

    /// Under which name it signs.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The four octets that name the key in signature lines.
    fn id(&self) -> Vec<u8> {
        let named = [self.name.as_bytes(), b"\n", &[ALGORITHM], &self.octets].concat();
        let digest = Digest::of(&named);
        digest.as_bytes().iter().take(ID).copied().collect()
    }

    /// Verifies a line's signature; none when the line is by another key.
    fn judge(&self, line: &str, text: &str) -> Option<Result<(), BadNote>> {
        let (name, signature) = line.strip_prefix(DASH)?.split_once(' ')?;
        let signature = STANDARD.decode(signature).ok()?;
        let signature = signature.strip_prefix(self.id().as_slice())?;
        (name == self.name).then(|| {
            UnparsedPublicKey::new(&ED25519, &self.octets)
                .verify(text.as_bytes(), signature)
                .map_err(|_| BadNote::Signature)
        })
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+", self.name)?;
        for octet in self.id() {
            write!(f, "{octet:02x}")?;
        }
        let key = [[ALGORITHM].as_slice(), &self.octets].concat();
        write!(f, "+{}", STANDARD.encode(key))
    }
}

/// The text of a note, whoever signed it.
///
/// # Errors
/// [`BadNote::Form`] when it is none.
pub(super) fn text(note: &str) -> Result<&str, BadNote> {
    parts(note).map(|(text, _)| text)
}

/// The text of a note that one of the keys has signed. A line that names a known
/// key and is not by it spoils the note.
///
/// # Errors
/// [`BadNote`] says what is wrong.
pub(super) fn open<'a>(note: &'a str, keys: &[PublicKey]) -> Result<&'a str, BadNote> {
    let (text, lines) = parts(note)?;
    let judged = lines
        .lines()
        .flat_map(|line| keys.iter().filter_map(move |key| key.judge(line, text)));
    let judged = judged.collect::<Result<Vec<()>, BadNote>>()?;
    if judged.is_empty() {
        return Err(BadNote::Unsigned);
    }
    Ok(text)
}

fn parts(note: &str) -> Result<(&str, &str), BadNote> {
    let blank = note.rfind("\n\n").ok_or(BadNote::Form)?;
    let (text, lines) = note.split_at(blank + 1);
    let lines = lines.strip_prefix('\n').ok_or(BadNote::Form)?;
    let whole = lines.ends_with('\n') && lines.lines().all(|line| line.starts_with(DASH));
    whole.then_some((text, lines)).ok_or(BadNote::Form)
}

/// Begins a signature line.
const DASH: &str = "\u{2014} ";

/// Stands for Ed25519 in keys and their identifiers.
const ALGORITHM: u8 = 1;

/// How many octets name a key.
const ID: usize = 4;

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;

    use super::*;

    /// The example of the format's reference implementation (Go,
    /// `golang.org/x/mod/sumdb/note`).
    const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n\
        \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn signer(name: &str) -> Signer {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Signer::new(name, pkcs8.as_ref()).unwrap()
    }

    #[test]
    fn the_example_of_the_reference_implementation_holds() {
        let key = PublicKey::parse(KEY).unwrap();
        assert_eq!(key.to_string(), KEY);
        assert!(open(NOTE, &[key]).unwrap().ends_with("problem is.\n"));
    }

    #[test]
    fn no_character_of_a_note_can_be_changed() {
        let key = [PublicKey::parse(KEY).unwrap()];
        for (at, sign) in NOTE.char_indices() {
            let mut changed = NOTE.to_owned();
            let other = if sign == 'x' { "y" } else { "x" };
            changed.replace_range(at..at + sign.len_utf8(), other);
            assert!(open(&changed, &key).is_err(), "{at}");
        }
    }

    #[test]
    fn what_is_signed_is_opened_by_its_own_key_only() {
        let (one, other) = (
            signer("kelisim.example/audit"),
            signer("kelisim.example/audit"),
        );
        let note = one.sign("a text\n");
        let own = PublicKey::parse(&one.public().to_string()).unwrap();
        assert_eq!(open(&note, std::slice::from_ref(&own)), Ok("a text\n"));
        let others = [other.public().clone()];
        assert_eq!(open(&note, &others), Err(BadNote::Unsigned));
        assert_eq!(open(&note, &[others[0].clone(), own]), Ok("a text\n"));
    }

    #[test]
    fn what_is_no_note_is_refused() {
        for text in [
            "",
            "text\n",
            "text\n\n",
            "text\n\nno dash\n",
            "text\n\n\u{2014} a b",
        ] {
            let key = PublicKey::parse(KEY).unwrap();
            assert!(open(text, &[key]).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_key_with_a_slip_in_it_is_refused() {
        for text in [
            "",
            "a+b+c",
            &KEY.replace("c74f", "c74e"),
            &KEY.replace("ARpc", "ASpc"),
        ] {
            assert_eq!(PublicKey::parse(text), Err(NotAKey::Public), "{text}");
        }
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let named = Signer::new("two words", pkcs8.as_ref());
        assert_eq!(named.err(), Some(NotAKey::Name));
    }
}
