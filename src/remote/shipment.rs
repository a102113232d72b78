//! Where copies of checkpoints go: a file that only grows, or somebody's server.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use reqwest::{Client, Url};
use serde::{Deserialize, Serialize};

use super::http::{Failure, Limits, NoClient, client};
use super::webhook::{deliver, is_loopback};

/// A copy of a checkpoint: what is sent, and one line of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shipped {
    /// Its number.
    pub number: u64,
    /// The note, as it is signed.
    pub note: String,
}

/// A place for copies.
#[derive(Clone, Debug)]
pub struct Destination {
    name: String,
    place: Place,
}

#[derive(Clone, Debug)]
enum Place {
    File(PathBuf),
    Server(Url, Client),
}

/// A destination that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadDestination {
    /// Neither `file:` and a path nor an address.
    #[error("neither file:PATH nor an https URL")]
    Unreadable,
    /// The copy would cross a network in the clear.
    #[error("plain http to another machine")]
    Plain,
    /// The client could not be set up.
    #[error(transparent)]
    Client(#[from] NoClient),
}

/// Why a copy did not arrive.
#[derive(Debug, thiserror::Error)]
pub enum NotShipped {
    /// The file cannot be written.
    #[error("the file cannot be written: {0}")]
    File(#[from] io::Error),
    /// The server has not taken it.
    #[error("the server has not taken it: {0}")]
    Server(Failure),
    /// The copy cannot be written as JSON.
    #[error("the copy cannot be written")]
    Form(#[from] serde_json::Error),
}

/// A file of copies that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadCopies {
    /// It cannot be read.
    #[error("{0} cannot be read")]
    File(PathBuf, #[source] io::Error),
    /// A line is no copy of a checkpoint.
    #[error("{0}, line {1}: not a copy of a checkpoint")]
    Line(PathBuf, usize),
    /// Two lines say different things of one checkpoint.
    #[error("{0}, line {1}: another copy of checkpoint {2} than before")]
    Contradiction(PathBuf, usize, u64),
}

impl Destination {
    /// Reads `file:PATH`, `https://…`, or `http://…` to this machine.
    ///
    /// # Errors
    /// [`BadDestination`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, BadDestination> {
        let place = match text.strip_prefix("file:") {
            Some("") => return Err(BadDestination::Unreadable),
            Some(path) => Place::File(PathBuf::from(path)),
            None => {
                let url = Url::parse(text).map_err(|_| BadDestination::Unreadable)?;
                match url.scheme() {
                    "https" => {}
                    "http" if is_loopback(&url) => {}
                    "http" => return Err(BadDestination::Plain),
                    _ => return Err(BadDestination::Unreadable),
                }
                let client = client(Limits::CALLBACKS, [&url])?;
                Place::Server(url, client)
            }
        };
        let name = text.to_owned();
        Ok(Self { name, place })
    }

    /// As it was written.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Sends a copy once.
    ///
    /// # Errors
    /// [`NotShipped`] when it is not certain that it is there.
    pub async fn send(&self, copy: &Shipped) -> Result<(), NotShipped> {
        let line = serde_json::to_string(copy)?;
        match &self.place {
            Place::File(path) => append(path, &line)?,
            Place::Server(url, client) => {
                let request = client
                    .post(url.clone())
                    .header("content-type", "application/json")
                    .body(line);
                deliver(request).await.map_err(NotShipped::Server)?;
            }
        }
        Ok(())
    }
}

/// Adds a line and waits until it is on the disk. A line that was cut off when
/// the machine failed is ended first.
fn append(path: &Path, line: &str) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .create(true)
        .read(true)
        .append(true)
        .open(path)?;
    let mut text = String::new();
    if file.metadata()?.len() > 0 {
        file.seek(SeekFrom::End(-1))?;
        let mut last = [0];
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            text.push('\n');
        }
    }
    text.push_str(line);
    text.push('\n');
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Reads the copies in a file, by their numbers. A line that was cut off is
/// passed over when the whole line follows, or at the very end.
///
/// # Errors
/// [`BadCopies`] when a line cannot be read, or contradicts another.
pub fn copies(path: &Path) -> Result<BTreeMap<u64, String>, BadCopies> {
    let bytes = std::fs::read(path).map_err(|error| BadCopies::File(path.to_owned(), error))?;
    let text = String::from_utf8_lossy(&bytes);
    let mut copies = BTreeMap::new();
    let mut lines = text.lines().enumerate().peekable();
    while let Some((at, line)) = lines.next() {
        let Ok(copy) = serde_json::from_str::<Shipped>(line) else {
            match lines.peek() {
                Some((_, next)) if next.starts_with(line) => continue,
                None if !text.ends_with('\n') => continue,
                Some(_) | None => return Err(BadCopies::Line(path.to_owned(), at + 1)),
            }
        };
        let number = copy.number;
        if copies
            .insert(number, copy.note.clone())
            .is_some_and(|before| before != copy.note)
        {
            return Err(BadCopies::Contradiction(path.to_owned(), at + 1, number));
        }
    }
    Ok(copies)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(number: u64) -> Shipped {
        let note = format!("kelisim.example/audit\n{number}\n");
        Shipped { number, note }
    }

    fn file(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("kelisim-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        let _ = std::fs::remove_file(&path);
        path
    }

    fn send(path: &Path, number: u64) {
        append(path, &serde_json::to_string(&copy(number)).unwrap()).unwrap();
    }

    #[test]
    fn copies_are_added_and_read_back() {
        let path = file("copies");
        (1..=3).for_each(|number| send(&path, number));
        // At least once: a copy may come again.
        send(&path, 3);
        let read = copies(&path).unwrap();
        assert_eq!(read.len(), 3);
        assert_eq!(read[&2], copy(2).note);
    }

    #[test]
    fn a_line_that_was_cut_off_is_followed_by_the_whole_line() {
        let path = file("cut");
        send(&path, 1);
        let whole = serde_json::to_string(&copy(2)).unwrap();
        let before = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{before}{}", &whole[..20])).unwrap();
        assert_eq!(copies(&path).unwrap().len(), 1);
        send(&path, 2);
        assert_eq!(copies(&path).unwrap().len(), 2);
    }

    #[test]
    fn what_is_no_copy_or_contradicts_another_is_told() {
        let path = file("bad");
        send(&path, 1);
        let good = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{good}no copy\n{good}")).unwrap();
        assert!(matches!(copies(&path), Err(BadCopies::Line(_, 2))));
        std::fs::write(&path, format!("{good}{}", good.replace("example", "other"))).unwrap();
        let contradiction = copies(&path);
        assert!(matches!(
            contradiction,
            Err(BadCopies::Contradiction(_, 2, 1))
        ));
    }

    #[test]
    fn plain_http_reaches_only_this_machine() {
        for good in ["file:/var/log/checkpoints", "http://127.0.0.1:9/"] {
            assert!(Destination::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "file:",
            "/var/log",
            "http://elsewhere.example/",
            "ftp://a/",
        ] {
            assert!(Destination::parse(bad).is_err(), "{bad}");
        }
    }
}
