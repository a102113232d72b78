//! A text as a QR code (ISO/IEC 18004).

use qrcode::{Color, EcLevel, QrCode};

use super::Unprintable;

/// The light modules that have to stay around a code (ISO/IEC 18004 section 6.3.8).
pub(super) const QUIET: u16 = 4;

/// The dark modules of a code.
#[derive(Debug)]
pub(super) struct Matrix {
    /// How many modules a side has.
    pub(super) width: u16,
    /// Dark modules beside one another: column and row of the first, and how many.
    pub(super) runs: Vec<(u16, u16, u16)>,
}

impl Matrix {
    /// The code that says this text; a seventh of it may be hidden.
    ///
    /// # Errors
    /// [`Unprintable::Code`] when the text is too long for any.
    pub(super) fn of(text: &str) -> Result<Self, Unprintable> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
        let width = u16::try_from(code.width()).map_err(|_| Unprintable::Place)?;
        let colors = code.to_colors();
        let rows = (0..width).zip(colors.chunks(code.width()));
        let runs = rows.flat_map(|(row, modules)| runs_of(row, modules));
        Ok(Self {
            width,
            runs: runs.collect(),
        })
    }
}

fn runs_of(row: u16, modules: &[Color]) -> Vec<(u16, u16, u16)> {
    let mut runs: Vec<(u16, u16, u16)> = Vec::new();
    for (column, color) in (0..).zip(modules) {
        match (color, runs.last_mut()) {
            (Color::Light, _) => {}
            (Color::Dark, Some((first, _, length))) if *first + *length == column => *length += 1,
            (Color::Dark, Some(_) | None) => runs.push((column, row, 1)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a camera reads: each module of three by three dots, and the quiet zone.
    fn read(matrix: &Matrix) -> String {
        let side = usize::from(3 * (matrix.width + 2 * QUIET));
        let mut dots = vec![255_u8; side * side];
        for (column, row, length) in &matrix.runs {
            for y in 3 * (row + QUIET)..3 * (row + 1 + QUIET) {
                for x in 3 * (column + QUIET)..3 * (column + length + QUIET) {
                    dots[usize::from(y) * side + usize::from(x)] = 0;
                }
            }
        }
        let mut image =
            rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| dots[y * side + x]);
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0].decode().unwrap().1
    }

    #[test]
    fn a_reader_by_others_reads_what_was_written() {
        for text in [
            "https://office.test/verify/0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV",
            "http://127.0.0.1:8080/verify/ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ",
            "7",
        ] {
            assert_eq!(read(&Matrix::of(text).unwrap()), text);
        }
    }

    #[test]
    fn a_text_that_no_code_holds_is_refused() {
        let long = "7".repeat(10_000);
        assert!(matches!(Matrix::of(&long), Err(Unprintable::Code(_))));
    }
}
