//! JPEG, segment by segment (ITU-T T.81 annex B).

use super::Unfit;

pub(super) fn inspect(file: &[u8]) -> Result<(), Unfit> {
    let mut rest = file.strip_prefix(BEGIN).ok_or(Unfit::OtherType)?;
    let (mut frame, mut scan) = (false, false);
    loop {
        match marker(&mut rest).ok_or(Unfit::Broken)? {
            END => break,
            SCAN => {
                segment(&mut rest).ok_or(Unfit::Broken)?;
                rest = after_scan(rest).ok_or(Unfit::Broken)?;
                scan = true;
            }
            kind if FRAMES.contains(&kind) && !NOT_FRAMES.contains(&kind) => {
                let header = segment(&mut rest).ok_or(Unfit::Broken)?;
                frame = has_size(header).ok_or(Unfit::Broken)?;
            }
            kind if SEGMENTS.contains(&kind) => {
                segment(&mut rest).ok_or(Unfit::Broken)?;
            }
            _ => return Err(Unfit::Broken),
        }
    }
    if !(frame && scan) {
        return Err(Unfit::Broken);
    }
    let padding = rest.len() <= PADDING && rest.iter().all(|octet| *octet == 0);
    padding.then_some(()).ok_or(Unfit::TrailingData)
}

/// The next marker; fill octets may stand before it (section B.1.1.2).
fn marker(rest: &mut &[u8]) -> Option<u8> {
    let (first, mut tail) = rest.split_first()?;
    if *first != PREFIX {
        return None;
    }
    loop {
        let (kind, after) = tail.split_first()?;
        tail = after;
        if *kind != PREFIX {
            *rest = tail;
            return Some(*kind);
        }
    }
}

/// The parameters of a segment; its length counts itself.
fn segment<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, tail) = rest.split_first_chunk()?;
    let length = usize::from(u16::from_be_bytes(*length)).checked_sub(2)?;
    let (parameters, tail) = tail.split_at_checked(length)?;
    *rest = tail;
    Some(parameters)
}

/// What follows the entropy-coded data: the first marker that is no stuffed
/// octet and no restart.
fn after_scan(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        let place = rest.iter().position(|octet| *octet == PREFIX)?;
        let here = rest.get(place..)?;
        match here.get(1)? {
            0 | 0xd0..=0xd7 => rest = here.get(2..)?,
            _ => return Some(here),
        }
    }
}

/// Whether both sides of the picture are there.
fn has_size(header: &[u8]) -> Option<bool> {
    let (height, rest) = header.get(1..)?.split_first_chunk()?;
    let (width, _) = rest.split_first_chunk()?;
    (u16::from_be_bytes(*height) > 0 && u16::from_be_bytes(*width) > 0).then_some(true)
}

const BEGIN: &[u8] = b"\xff\xd8";
const PREFIX: u8 = 0xff;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;

/// Frame headers, and the three markers among them that are something else
/// (table B.1).
const FRAMES: std::ops::RangeInclusive<u8> = 0xc0..=0xcf;
const NOT_FRAMES: [u8; 3] = [0xc4, 0xc8, 0xcc];

/// Tables, application data, comments.
const SEGMENTS: [u8; 23] = [
    0xc4, 0xcc, 0xdb, 0xdd, 0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xeb,
    0xec, 0xed, 0xee, 0xef, 0xfe, 0xdc, 0xde,
];

/// Some cameras fill up their last block.
const PADDING: usize = 512;
