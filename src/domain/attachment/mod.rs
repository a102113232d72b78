//! What an operator of a service centre scanned, and whether it is only what it
//! says it is: a picture or a document that does nothing when it is opened.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::{ApplicationId, Id, is_plain};
use crate::eds::{Digest, Iin};

mod jpeg;
mod pdf;
mod png;

/// Most octets of one attachment.
pub const LARGEST: usize = 10 * 1024 * 1024;

/// Most attachments of one application.
pub const MOST: usize = 10;

/// Most octets of all attachments of one application: they go into its evidence.
pub const LARGEST_TOGETHER: usize = 32 * 1024 * 1024;

/// Most characters of the name under which one is shown.
pub const NAME: usize = 100;

/// Names an attachment.
pub type AttachmentId = Id<Attachment>;

/// What a paper is.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Deserialize,
    Serialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PaperKind {
    /// An owner's consent on paper.
    PaperConsent,
    /// A notarised power of attorney.
    PowerOfAttorney,
    /// An identity document.
    IdentityDocument,
    /// A lease.
    Lease,
    /// Something else that matters.
    Other,
}

/// In which form it was scanned.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize, EnumString, IntoStaticStr,
)]
pub enum MediaType {
    /// Portable Document Format (RFC 8118).
    #[serde(rename = "application/pdf")]
    #[strum(serialize = "application/pdf")]
    Pdf,
    /// JPEG (ITU-T T.81).
    #[serde(rename = "image/jpeg")]
    #[strum(serialize = "image/jpeg")]
    Jpeg,
    /// Portable Network Graphics (ISO/IEC 15948).
    #[serde(rename = "image/png")]
    #[strum(serialize = "image/png")]
    Png,
}

/// An attachment as whoever signs for it names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attached {
    /// What it is.
    pub kind: PaperKind,
    /// In which form.
    pub media_type: MediaType,
    /// The digest of its octets.
    pub sha256: Digest,
}

/// An attachment that was checked and stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its identifier.
    pub id: AttachmentId,
    /// The application to which it belongs.
    pub application: ApplicationId,
    /// The edition to which it was added.
    pub edition: i32,
    /// What it is.
    pub what: Attached,
    /// How many octets it has.
    pub size: usize,
    /// The name under which it is shown.
    pub name: String,
    /// Who added it.
    pub added_by: Iin,
    /// When.
    pub added_at: DateTime<Utc>,
}

/// Why something cannot be an attachment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It has no octets.
    #[error("the file is empty")]
    Empty,
    /// It is larger than [`LARGEST`].
    #[error("the file is larger than 10 MiB")]
    TooLarge,
    /// It does not begin as a file of the type that was said.
    #[error("the content is not of the type that was said")]
    OtherType,
    /// It does not hold together as a file of its type.
    #[error("the file is damaged")]
    Broken,
    /// Something stands behind its end.
    #[error("the file goes on behind its end")]
    TrailingData,
    /// It can be read as a file of another type too.
    #[error("the file can be read as another type too")]
    Polyglot,
    /// It would do something when it is opened.
    #[error("the document holds active content, files or forms")]
    ActiveContent,
    /// It is encrypted.
    #[error("the document is encrypted")]
    Encrypted,
    /// Parts of it are packed in a way that is not looked into.
    #[error("parts of the document cannot be looked into")]
    Opaque,
    /// The application has [`MOST`] of them, or they come to more than
    /// [`LARGEST_TOGETHER`].
    #[error("an application has at most 10 attachments of 32 MiB together")]
    TooMany,
    /// The name hides something, or is too long.
    #[error("the name is empty, longer than 100 characters or cannot be read plainly")]
    Name,
}

impl MediaType {
    /// With what the names of such files end.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }
}

impl Unfit {
    /// The last part of the type of the problem.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "attachment-empty",
            Self::TooLarge => "attachment-too-large",
            Self::OtherType => "attachment-type",
            Self::Broken => "attachment-broken",
            Self::TrailingData => "attachment-trailing-data",
            Self::Polyglot => "attachment-polyglot",
            Self::ActiveContent => "attachment-active-content",
            Self::Encrypted => "attachment-encrypted",
            Self::Opaque => "attachment-opaque",
            Self::TooMany => "attachment-too-many",
            Self::Name => "attachment-name",
        }
    }
}

/// Whether the octets are a file of this type and nothing else.
///
/// # Errors
/// [`Unfit`] with the first thing that speaks against it.
pub fn inspect(octets: &[u8], media_type: MediaType) -> Result<(), Unfit> {
    if octets.is_empty() {
        return Err(Unfit::Empty);
    }
    if octets.len() > LARGEST {
        return Err(Unfit::TooLarge);
    }
    match media_type {
        MediaType::Pdf => pdf::inspect(octets),
        MediaType::Jpeg => jpeg::inspect(octets),
        MediaType::Png => png::inspect(octets),
    }?;
    is_one_thing(octets, media_type)
}

/// Whether there is room for one more of this size.
///
/// # Errors
/// [`Unfit::TooMany`] when there is none.
pub fn has_room(attached: &[Attachment], size: usize) -> Result<(), Unfit> {
    let together: usize = attached.iter().map(|one| one.size).sum();
    let room = attached.len() < MOST && together.saturating_add(size) <= LARGEST_TOGETHER;
    room.then_some(()).ok_or(Unfit::TooMany)
}

/// The name under which it is shown, if it may be one.
///
/// # Errors
/// [`Unfit::Name`] unless it has 1 to 100 characters that can be read plainly.
pub fn name(text: &str) -> Result<&str, Unfit> {
    let fits = (1..=NAME).contains(&text.chars().count());
    let readable = is_plain(text) && text.trim() == text;
    (fits && readable).then_some(text).ok_or(Unfit::Name)
}

/// Archives are read from their end, pages from whatever looks like one, and
/// documents from a header somewhere in the first kibibyte.
fn is_one_thing(octets: &[u8], media_type: MediaType) -> Result<(), Unfit> {
    let tail = octets.len().saturating_sub(ARCHIVE_TAIL);
    let tail = octets.get(tail..).unwrap_or_default();
    let head = octets.get(..HEAD).unwrap_or(octets).to_ascii_lowercase();
    let document = media_type != MediaType::Pdf && contains(&head, b"%pdf-");
    let page = MARKUP.iter().any(|mark| contains(&head, mark));
    if document || page || contains(tail, END_OF_ARCHIVE) {
        return Err(Unfit::Polyglot);
    }
    Ok(())
}

fn contains(octets: &[u8], wanted: &[u8]) -> bool {
    octets.windows(wanted.len()).any(|window| window == wanted)
}

/// Where readers look for what a file is.
const HEAD: usize = 1024;

/// The signature of the end of central directory record (ZIP, APPNOTE section 4.3.16).
const END_OF_ARCHIVE: &[u8] = b"PK\x05\x06";

/// That record with the longest comment.
const ARCHIVE_TAIL: usize = 22 + 65_535;

const MARKUP: [&[u8]; 4] = [b"<html", b"<script", b"<!doctype", b"<svg"];

#[cfg(test)]
mod tests;
