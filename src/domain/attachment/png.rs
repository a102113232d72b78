//! PNG, chunk by chunk (ISO/IEC 15948 section 5).

use super::Unfit;

pub(super) fn inspect(file: &[u8]) -> Result<(), Unfit> {
    let mut rest = file.strip_prefix(SIGNATURE).ok_or(Unfit::OtherType)?;
    let mut seen = Seen::default();
    loop {
        let chunk = Chunk::take(&mut rest).ok_or(Unfit::Broken)?;
        seen.accept(&chunk)?;
        if &chunk.kind == b"IEND" {
            break;
        }
    }
    if !seen.image {
        return Err(Unfit::Broken);
    }
    rest.is_empty().then_some(()).ok_or(Unfit::TrailingData)
}

struct Chunk<'a> {
    kind: [u8; 4],
    data: &'a [u8],
}

#[derive(Default)]
struct Seen {
    header: bool,
    image: bool,
}

impl<'a> Chunk<'a> {
    /// The next chunk; none when it is cut off or its check sum is wrong.
    fn take(rest: &mut &'a [u8]) -> Option<Self> {
        let (length, after) = rest.split_first_chunk()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (checked, tail) = after.split_at_checked(length.checked_add(4)?)?;
        let (sum, tail) = tail.split_first_chunk()?;
        let (kind, data) = checked.split_first_chunk()?;
        *rest = tail;
        let kind = *kind;
        (crc32fast::hash(checked) == u32::from_be_bytes(*sum)).then_some(Self { kind, data })
    }
}

impl Seen {
    fn accept(&mut self, chunk: &Chunk<'_>) -> Result<(), Unfit> {
        match (&chunk.kind, self.header) {
            (b"IHDR", false) => {
                self.header = true;
                is_header(chunk.data)
            }
            (b"IDAT", true) => {
                self.image = true;
                Some(())
            }
            (b"IEND", true) => chunk.data.is_empty().then_some(()),
            (b"PLTE", true) => Some(()).filter(|()| !self.image),
            // The case of the first letter: what a reader may leave aside.
            (kind, true) => kind.first().filter(|c| c.is_ascii_lowercase()).map(|_| ()),
            (_, false) => None,
        }
        .ok_or(Unfit::Broken)
    }
}

fn is_header(data: &[u8]) -> Option<()> {
    let (width, rest) = data.split_first_chunk()?;
    let (height, rest) = rest.split_first_chunk()?;
    let (width, height) = (u32::from_be_bytes(*width), u32::from_be_bytes(*height));
    let sized = (1..=SIDE).contains(&width) && (1..=SIDE).contains(&height);
    (sized && rest.len() == 5).then_some(())
}

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Most pixels in a line or column: an A4 page at 2400 dots an inch.
const SIDE: u32 = 32_767;
