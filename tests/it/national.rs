//! Real objects of the national authority, which lie beside the repository.

use std::fs;
use std::path::Path;

/// An object as it is, or nothing and a word about it where the data is absent.
pub(crate) fn object(name: &str) -> Option<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = ["../shared/data/eds", "../../shared/data/eds"];
    let found = places
        .iter()
        .map(|place| root.join(place))
        .find(|place| place.is_dir());
    if found.is_none() {
        eprintln!("skipped: ../shared/data is absent");
    }
    Some(fs::read(found?.join(name)).unwrap())
}
