//! What the tree was at a moment, signed (C2SP `tlog-checkpoint`).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};

use super::note::{self, BadNote};
use super::{PublicKey, Signer, beginning};
use crate::eds::Digest;

/// What the tree was at a moment. Its text has the three lines of the format, and
/// as extension lines its number, the hash of the checkpoint before, and the moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Names the log.
    pub origin: String,
    /// Its place among the checkpoints, from 1 without a gap.
    pub number: u64,
    /// How many records are in the tree.
    pub size: u64,
    /// The root of the tree.
    pub root: Digest,
    /// The [`Checkpoint::hash`] of the one before, or [`beginning`].
    pub previous: Digest,
    /// When it was made.
    pub at: DateTime<Utc>,
}

/// A text that is no checkpoint.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotACheckpoint {
    /// The note does not hold.
    #[error(transparent)]
    Note(#[from] BadNote),
    /// Its text is not what a checkpoint of ours looks like.
    #[error("the text is no checkpoint")]
    Text,
}

impl Checkpoint {
    /// The checkpoint that follows `before`.
    pub fn following(
        before: Option<&Self>,
        origin: &str,
        size: u64,
        root: Digest,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            origin: origin.to_owned(),
            number: before.map_or(0, |before| before.number) + 1,
            size,
            root,
            previous: before.map_or_else(beginning, Self::hash),
            at,
        }
    }

    /// What is signed and time-stamped.
    pub fn text(&self) -> String {
        format!(
            "{}\n{}\n{}\nnumber {}\nprevious {}\nat {}\n",
            self.origin,
            self.size,
            STANDARD.encode(self.root.as_bytes()),
            self.number,
            STANDARD.encode(self.previous.as_bytes()),
            self.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        )
    }

    /// The SHA-256 of its text: what the next one names.
    pub fn hash(&self) -> Digest {
        Digest::of(self.text().as_bytes())
    }

    /// The note: the text with the signature below it.
    pub fn signed(&self, signer: &Signer) -> String {
        signer.sign(&self.text())
    }

    /// Reads a note without looking at its signature.
    ///
    /// # Errors
    /// [`NotACheckpoint`] when it is not what [`Checkpoint::signed`] writes.
    pub fn read(note: &str) -> Result<Self, NotACheckpoint> {
        Self::of_text(note::text(note)?).ok_or(NotACheckpoint::Text)
    }

    /// Reads a note that one of the keys has signed in the name of the log.
    ///
    /// # Errors
    /// [`NotACheckpoint`] when it is none, or nobody known has signed it.
    pub fn open(note: &str, keys: &[PublicKey]) -> Result<Self, NotACheckpoint> {
        let checkpoint = Self::of_text(note::open(note, keys)?).ok_or(NotACheckpoint::Text)?;
        Ok(checkpoint)
    }

    fn of_text(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let checkpoint = Self {
            origin: lines.next()?.to_owned(),
            size: lines.next()?.parse().ok()?,
            root: digest(lines.next()?)?,
            number: lines.next()?.strip_prefix("number ")?.parse().ok()?,
            previous: digest(lines.next()?.strip_prefix("previous ")?)?,
            at: lines.next()?.strip_prefix("at ")?.parse().ok()?,
        };
        // One checkpoint has one text.
        (checkpoint.text() == text).then_some(checkpoint)
    }
}

fn digest(text: &str) -> Option<Digest> {
    let octets: [u8; 32] = STANDARD.decode(text).ok()?.try_into().ok()?;
    Some(Digest::from(octets))
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;
    use ring::signature::Ed25519KeyPair;

    use super::*;

    fn first() -> Checkpoint {
        let at = "2026-11-01T12:00:00Z".parse().unwrap();
        Checkpoint::following(None, "kelisim.example/audit", 7, Digest::of(b"root"), at)
    }

    #[test]
    fn a_checkpoint_is_the_public_format_with_three_lines_more() {
        insta::assert_snapshot!(first().text(), @r"
        kelisim.example/audit
        7
        SBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=
        number 1
        previous AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
        at 2026-11-01T12:00:00.000000Z
        ");
    }

    #[test]
    fn a_checkpoint_names_the_one_before() {
        let (first, at) = (first(), "2026-11-01T12:01:00Z".parse().unwrap());
        let second = Checkpoint::following(Some(&first), &first.origin, 9, Digest::of(b"2"), at);
        assert_eq!((second.number, second.previous), (2, first.hash()));
    }

    #[test]
    fn what_is_signed_is_read_back() {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let signer = Signer::new("kelisim.example/audit", pkcs8.as_ref()).unwrap();
        let note = first().signed(&signer);
        assert_eq!(Checkpoint::read(&note), Ok(first()));
        let keys = [signer.public().clone()];
        assert_eq!(Checkpoint::open(&note, &keys), Ok(first()));
        let changed = note.replace("\n7\n", "\n8\n");
        let fault = NotACheckpoint::Note(BadNote::Signature);
        assert_eq!(Checkpoint::open(&changed, &keys), Err(fault));
    }

    #[test]
    fn a_checkpoint_has_one_text() {
        for (good, bad) in [("\n7\n", "\n07\n"), (":00.000000Z", ":00Z"), ("at ", "AT ")] {
            let note = format!("{}\n\u{2014} a b\n", first().text());
            assert!(Checkpoint::read(&note).is_ok());
            let changed = note.replace(good, bad);
            assert_eq!(Checkpoint::read(&changed), Err(NotACheckpoint::Text));
        }
    }
}
