//! Real objects of the national authority. They lie beside the repository and
//! are not part of it; where they are absent a test says so and passes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use base64::{Engine, prelude::BASE64_STANDARD};

/// The folder with third-party data, beside the repository.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !folder.is_dir() {
        eprintln!("skipped: ../shared/data is absent");
        return None;
    }
    Some(folder)
}

/// The octets of an object, be it in DER or in PEM.
#[track_caller]
pub(crate) fn object(name: &str) -> Option<Vec<u8>> {
    let octets = fs::read(folder()?.join("eds").join(name)).expect("a file");
    if octets.first() == Some(&0x30) || name.ends_with(".txt") || name.ends_with(".xml") {
        return Some(octets);
    }
    let text = String::from_utf8(octets).expect("PEM");
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    Some(BASE64_STANDARD.decode(body).expect("base64"))
}
