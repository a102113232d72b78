//! Tables as files that spreadsheets read (RFC 4180).
//!
//! A spreadsheet takes a cell that begins with one of a few characters for a
//! formula, whoever wrote it; such cells begin with an apostrophe here, by which
//! spreadsheets know a text. Where the semicolon separates numbers in a list, as in
//! Kazakh and Russian, they take it for the end of a cell too, quotation marks or
//! not: what follows it is treated as the beginning of one.

/// What a spreadsheet takes for the beginning of a formula, in any width.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// What it may take for the end of a cell.
const SEPARATORS: [char; 4] = [';', '\t', '\r', '\n'];

/// By what a spreadsheet knows that the file is in UTF-8 (Unicode, section 23.8):
/// without it, Kazakh letters come out as others.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The lines of a table under its headings, each with as many cells as there are
/// headings; lines end in CRLF.
///
/// # Errors
/// [`csv::Error`] when a line has another number of cells.
pub fn csv<'a, const N: usize>(
    headings: [&str; N],
    lines: impl Iterator<Item = &'a [String; N]>,
) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    writer.write_record(headings)?;
    for line in lines {
        writer.write_record(line.iter().map(|cell| harmless(cell)))?;
    }
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

fn harmless(cell: &str) -> String {
    let mut written = String::with_capacity(cell.len());
    // Where a cell begins, as long as nothing but marks and blanks has come since.
    let mut begin = Some(0);
    for character in cell.chars() {
        if let Some(place) = begin.filter(|_| FORMULA.contains(&character)) {
            written.insert(place, '\'');
            begin = None;
        }
        written.push(character);
        begin = match SEPARATORS.contains(&character) {
            true => Some(written.len()),
            false => begin.filter(|_| matches!(character, ' ' | '"')),
        };
    }
    written
}

#[cfg(test)]
mod tests {
    use super::csv;

    fn written(cells: [&str; 2]) -> String {
        let line = cells.map(str::to_owned);
        let table = csv(["a", "b"], [line].iter()).unwrap();
        let table = String::from_utf8(table).unwrap();
        table.strip_prefix("\u{feff}a,b\r\n").unwrap().to_owned()
    }

    #[test]
    fn cells_are_quoted_where_rfc_4180_wants_it() {
        assert_eq!(written(["plain", "1"]), "plain,1\r\n");
        assert_eq!(
            written(["a, b", "say \"yes\""]),
            "\"a, b\",\"say \"\"yes\"\"\"\r\n"
        );
        assert_eq!(written(["two\nlines", ""]), "\"two\nlines\",\r\n");
    }

    #[test]
    fn no_cell_is_a_formula() {
        for start in ["=", "+", "-", "@"] {
            let cell = format!("{start}1+1");
            assert_eq!(written([&cell, "x"]), format!("'{cell},x\r\n"));
        }
        assert_eq!(written(["\t=1", "x"]), "'\t'=1,x\r\n");
        assert_eq!(written(["\r=1", "x"]), "\"'\r'=1\",x\r\n");
        assert_eq!(written(["1=1", "a@b"]), "1=1,a@b\r\n");
    }

    #[test]
    fn nor_is_what_follows_a_semicolon() {
        assert_eq!(written(["X;=1+1;", "x"]), "X;'=1+1;,x\r\n");
        assert_eq!(written(["X; \"=1\"", "x"]), "\"X;' \"\"=1\"\"\",x\r\n");
        assert_eq!(written(["X\n@1", "x"]), "\"X\n'@1\",x\r\n");
        assert_eq!(written([";;-1;a=1", "＝1"]), ";;'-1;a=1,'＝1\r\n");
    }

    /// What a program reads that separates at `delimiter` is no formula anywhere.
    #[test]
    fn no_reader_finds_a_formula() {
        let sly = [
            "=1",
            "X;=1+1;",
            "a;\"=1\";\"\";+2",
            "\"\n-3",
            "b\t@4\r=5",
            "\";=6",
        ];
        let lines = sly.map(|cell| [cell.to_owned(), sly.join(";")]);
        let table = csv(["a", "b"], lines.iter()).unwrap();
        for delimiter in [b',', b';', b'\t'] {
            let mut reader = csv::ReaderBuilder::new();
            let reader = reader.delimiter(delimiter).flexible(true);
            for line in reader.from_reader(table.as_slice()).records() {
                for cell in &line.unwrap() {
                    assert!(!cell.starts_with(super::FORMULA), "{cell:?} by {delimiter}");
                }
            }
        }
    }
}
