//! The zip archive around a package, in the one form that is written and read:
//! nothing compressed, nothing encrypted, no times, no comments, no gaps.
//!
//! Sizes in headers are believed only as far as the octets at hand reach, and
//! names only if they are plain, so that no program that unpacks an archive that
//! was read here writes anywhere but below its folder.

use std::collections::BTreeMap;

use super::{Broken, LONGEST, MIME_TYPE, MOST};

/// The first file of each container (ETSI EN 319 162-1 annex A.1).
pub(super) const MIME_TYPE_NAME: &str = "mimetype";

/// Section numbers are those of APPNOTE.TXT 6.3.
mod mark {
    /// Local file header (4.3.7).
    pub(super) const LOCAL: [u8; 4] = *b"PK\x03\x04";
    /// Central directory header (4.3.12).
    pub(super) const CENTRAL: [u8; 4] = *b"PK\x01\x02";
    /// End of central directory (4.3.16).
    pub(super) const END: [u8; 4] = *b"PK\x05\x06";
}

/// Version needed 1.0, no flags, stored; midnight of 1 January 1980, the first
/// day that the format knows.
const PLAIN: [u8; 10] = [10, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
/// What follows the name lengths in a central header: no comment, first disk, no attributes.
const NO_ATTRIBUTES: [u8; 10] = [0; 10];
const LONGEST_NAME: usize = 200;

type Files = BTreeMap<String, Vec<u8>>;

/// The files without `mimetype`, which must come first and be right.
pub(super) fn read(octets: &[u8]) -> Result<Files, Broken> {
    if octets.len() > LONGEST {
        return Err(Broken::TooLarge("package"));
    }
    let (mut rest, mut files, mut first) = (octets, Files::new(), true);
    while let Some(local) = rest.strip_prefix(&mark::LOCAL) {
        let (name, content, after) = file(local)?;
        rest = after;
        match (first, name) {
            (true, MIME_TYPE_NAME) if content == MIME_TYPE.as_bytes() => first = false,
            (true, _) => return Err(Broken::NotAPackage("mimetype")),
            (false, _) if files.len() == MOST => return Err(Broken::TooLarge("files")),
            (false, _) => {
                demand_plain(name)?;
                if files.insert(name.to_owned(), content.to_vec()).is_some() {
                    return Err(Broken::Name("twice"));
                }
            }
        }
    }
    if first {
        return Err(Broken::NotAPackage("mimetype"));
    }
    Ok(files)
}

/// One file after its mark, and what follows it.
fn file(local: &[u8]) -> Result<(&str, &[u8], &[u8]), Broken> {
    const SHORT: Broken = Broken::NotAPackage("truncated");
    let (header, rest) = local.split_first_chunk::<26>().ok_or(SHORT)?;
    let [
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        s0,
        s1,
        s2,
        s3,
        _,
        _,
        _,
        _,
        n0,
        n1,
        _,
        _,
    ] = *header;
    let size = usize::try_from(u32::from_le_bytes([s0, s1, s2, s3])).map_err(|_| SHORT)?;
    let length = usize::from(u16::from_le_bytes([n0, n1]));
    let (name, rest) = rest.split_at_checked(length).ok_or(SHORT)?;
    let (content, rest) = rest.split_at_checked(size).ok_or(SHORT)?;
    let name = std::str::from_utf8(name).map_err(|_| Broken::Name("not plain"))?;
    Ok((name, content, rest))
}

/// The archive of these files after `mimetype`.
pub(super) fn write(files: &Files) -> Vec<u8> {
    let mime_type = (MIME_TYPE_NAME, MIME_TYPE.as_bytes());
    let others = files
        .iter()
        .map(|(name, content)| (name.as_str(), content.as_slice()));
    let (mut written, mut directory, mut count) = (Vec::new(), Vec::new(), 0_u16);
    for (name, content) in std::iter::once(mime_type).chain(others) {
        let place = length(written.len());
        let facts = facts(name, content);
        written.extend_from_slice(&mark::LOCAL);
        written.extend_from_slice(&facts);
        written.extend_from_slice(name.as_bytes());
        written.extend_from_slice(content);
        directory.extend_from_slice(&mark::CENTRAL);
        directory.extend_from_slice(&[10, 0]);
        directory.extend_from_slice(&facts);
        directory.extend_from_slice(&NO_ATTRIBUTES);
        directory.extend_from_slice(&place);
        directory.extend_from_slice(name.as_bytes());
        count = count.saturating_add(1);
    }
    let (size, place) = (length(directory.len()), length(written.len()));
    written.extend(directory);
    written.extend_from_slice(&mark::END);
    written.extend_from_slice(&[0; 4]);
    written.extend_from_slice(&count.to_le_bytes());
    written.extend_from_slice(&count.to_le_bytes());
    written.extend_from_slice(&size);
    written.extend_from_slice(&place);
    written.extend_from_slice(&[0; 2]);
    written
}

/// What both headers of a file say.
fn facts(name: &str, content: &[u8]) -> Vec<u8> {
    let size = length(content.len());
    let name = u16::try_from(name.len()).unwrap_or(u16::MAX);
    [
        &PLAIN[..],
        &crc32fast::hash(content).to_le_bytes(),
        &size,
        &size,
        &name.to_le_bytes(),
        &[0, 0],
    ]
    .concat()
}

/// Nothing larger than [`LONGEST`] is written.
fn length(octets: usize) -> [u8; 4] {
    u32::try_from(octets).unwrap_or(u32::MAX).to_le_bytes()
}

/// What is refused when it is read is not written either.
pub(super) fn demand_limits(files: &Files) -> Result<(), Broken> {
    if files.len() > MOST {
        return Err(Broken::TooLarge("files"));
    }
    files.keys().try_for_each(|name| demand_plain(name))?;
    match write(files).len() > LONGEST {
        true => Err(Broken::TooLarge("package")),
        false => Ok(()),
    }
}

/// Letters, digits, `-`, `_` and `.` in one or more parts; none of them hidden or
/// leading upwards.
fn demand_plain(name: &str) -> Result<(), Broken> {
    let is_plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part
                .bytes()
                .all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'.'))
    };
    match name.len() <= LONGEST_NAME && name.split('/').all(is_plain) && name != MIME_TYPE_NAME {
        true => Ok(()),
        false => Err(Broken::Name("not plain")),
    }
}
