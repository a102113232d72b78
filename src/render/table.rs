//! Tables as files that spreadsheets read (RFC 4180).
//!
//! A spreadsheet takes a cell that begins with one of a few characters for a
//! formula, whoever wrote it; such cells begin with an apostrophe here, by which
//! spreadsheets know a text.

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

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
        .from_writer(Vec::new());
    writer.write_record(headings)?;
    for line in lines {
        writer.write_record(line.iter().map(|cell| harmless(cell)))?;
    }
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

fn harmless(cell: &str) -> String {
    match cell.starts_with(FORMULA) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::csv;

    fn written(cells: [&str; 2]) -> String {
        let line = cells.map(str::to_owned);
        let table = csv(["a", "b"], [line].iter()).unwrap();
        let table = String::from_utf8(table).unwrap();
        table.strip_prefix("a,b\r\n").unwrap().to_owned()
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
        assert_eq!(written(["\t=1", "x"]), "'\t=1,x\r\n");
        assert_eq!(written(["\r=1", "x"]), "\"'\r=1\",x\r\n");
        assert_eq!(written(["1=1", "a@b"]), "1=1,a@b\r\n");
    }
}
