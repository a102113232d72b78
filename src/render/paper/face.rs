//! The two faces of type in which papers are set: shapes a text into glyphs, so
//! that it is measured and drawn from the same, and breaks it into lines.

use std::ops::Range;

use harfrust::{Direction, FontRef, Shaper, ShaperData, UnicodeBuffer};
use krilla::Data;
use krilla::text::{Font, GlyphId, KrillaGlyph};

use super::Unprintable;

/// Noto Sans, cut down to what a name or an address may hold.
const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../../assets/fonts/NotoSans-Bold.ttf");

/// How heavy letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// One weight.
pub(super) struct Face {
    /// What is embedded.
    pub(super) font: Font,
    bytes: FontRef<'static>,
    shapes: ShaperData,
}

/// Both weights.
pub(super) struct Faces {
    regular: Face,
    bold: Face,
}

/// A text as glyphs; lengths are parts of the size of the type.
pub(super) struct Run {
    pub(super) glyphs: Vec<KrillaGlyph>,
    pub(super) width: f32,
}

impl Faces {
    /// Opens both.
    ///
    /// # Errors
    /// [`Unprintable::Font`] when one is no font.
    pub(super) fn open() -> Result<Self, Unprintable> {
        Ok(Self {
            regular: Face::open(REGULAR)?,
            bold: Face::open(BOLD)?,
        })
    }

    pub(super) fn face(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }
}

impl Face {
    fn open(bytes: &'static [u8]) -> Result<Self, Unprintable> {
        let font = Font::new(Data::from(bytes), 0).ok_or(Unprintable::Font)?;
        let bytes = FontRef::new(bytes).map_err(|_| Unprintable::Font)?;
        let shapes = ShaperData::new(&bytes);
        Ok(Self {
            font,
            bytes,
            shapes,
        })
    }

    /// The text as glyphs, with kerning.
    pub(super) fn shape(&self, text: &str) -> Run {
        let shaper = self.shapes.shaper(&self.bytes).build();
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(Direction::LeftToRight);
        let shaped = shaper.shape(buffer, harfrust::ShapeOptions::new());
        let starts: Vec<usize> = { shaped.glyph_infos().iter() }
            .map(|info| usize::try_from(info.cluster).unwrap_or_default())
            .collect();
        let em = Em::of(&shaper);
        let all = shaped.glyph_infos().iter().zip(shaped.glyph_positions());
        let glyphs: Vec<_> = all
            .zip(spans(&starts, text.len()))
            .map(|((info, position), text_range)| KrillaGlyph {
                glyph_id: GlyphId::new(info.glyph_id),
                text_range,
                x_advance: em.part(position.x_advance),
                x_offset: em.part(position.x_offset),
                y_offset: em.part(position.y_offset),
                y_advance: em.part(position.y_advance),
                location: None,
            })
            .collect();
        let width = glyphs.iter().map(|glyph| glyph.x_advance).sum();
        Run { glyphs, width }
    }

    /// The text in lines of at most this width. Each but the last ends with the
    /// blank at which it was broken, so that the text stays one text to those who
    /// have it read out.
    pub(super) fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let (mut lines, mut line) = (Vec::new(), String::new());
        for word in text.split_inclusive(' ') {
            let longer = format!("{line}{word}");
            if self.fits(&longer, size, width) {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line = self.last_piece(word, size, width, &mut lines);
        }
        lines.push(line);
        lines
    }

    /// A word that is too long for a line fills as many as it needs.
    fn last_piece(&self, word: &str, size: f32, width: f32, lines: &mut Vec<String>) -> String {
        let mut piece = String::new();
        for letter in word.chars() {
            let longer = format!("{piece}{letter}");
            if piece.is_empty() || self.fits(&longer, size, width) {
                piece = longer;
            } else {
                lines.push(std::mem::replace(&mut piece, letter.to_string()));
            }
        }
        piece
    }

    fn fits(&self, text: &str, size: f32, width: f32) -> bool {
        self.shape(text.trim_end()).width * size <= width
    }
}

/// The octets of the text that each glyph stands for.
fn spans(starts: &[usize], end: usize) -> impl Iterator<Item = Range<usize>> {
    starts.iter().map(move |start| {
        let later = starts.iter().filter(|other| *other > start);
        *start..later.min().copied().unwrap_or(end)
    })
}

/// How many units of the font make the size of its type.
struct Em(f32);

impl Em {
    fn of(shaper: &Shaper<'_>) -> Self {
        Self(number(shaper.units_per_em()).max(1.0))
    }

    fn part(&self, units: i32) -> f32 {
        number(units) / self.0
    }
}

/// A length of a font has sixteen bits.
fn number(units: i32) -> f32 {
    f32::from(i16::try_from(units).unwrap_or(i16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::is_plain;

    fn faces() -> [Face; 2] {
        [REGULAR, BOLD].map(|bytes| Face::open(bytes).unwrap())
    }

    #[test]
    fn whatever_a_name_or_an_address_may_hold_has_a_glyph() {
        for face in faces() {
            let plain = ('\0'..='\u{ffff}').filter(|c| is_plain(&c.to_string()));
            for c in plain {
                let run = face.shape(&c.to_string());
                let drawn = run.glyphs.iter().all(|glyph| glyph.glyph_id.to_u32() != 0);
                assert!(drawn && !run.glyphs.is_empty(), "U+{:04X}", u32::from(c));
            }
        }
    }

    #[test]
    fn each_glyph_stands_for_its_part_of_the_text() {
        let text = "Ұлытау, ӘЖ №7";
        for face in faces() {
            let run = face.shape(text);
            let parts = run
                .glyphs
                .iter()
                .map(|glyph| &text[glyph.text_range.clone()]);
            assert_eq!(parts.collect::<String>(), text);
        }
    }

    #[test]
    fn letters_are_kerned() {
        let [regular, _] = faces();
        let apart = regular.shape("T").width + regular.shape("o").width;
        assert!(regular.shape("To").width < apart);
    }

    #[track_caller]
    fn breaks(text: &str, width: f32, expected: &[&str]) {
        let [regular, _] = faces();
        let lines = regular.lines(text, 10.0, width);
        assert_eq!(lines, expected);
        assert_eq!(lines.concat(), text);
    }

    #[test]
    fn a_text_is_broken_at_blanks_and_loses_nothing() {
        breaks("", 100.0, &[""]);
        breaks("Абай көшесі", 100.0, &["Абай көшесі"]);
        breaks("Абай көшесі", 50.0, &["Абай ", "көшесі"]);
        breaks("Абайкөшесі", 30.0, &["Абайк", "өшесі"]);
        breaks("Абай  көшесі", 50.0, &["Абай  ", "көшесі"]);
        breaks("ж", 1.0, &["ж"]);
    }
}
