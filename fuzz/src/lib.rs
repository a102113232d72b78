//! What all targets share: the entries that the tests of the library use too.

use kelisim::eds;

#[path = "../../src/eds/mutated/entries.rs"]
mod entries;

/// Gives one file to a target: its parts, each after its length in three octets.
pub fn feed(target: &str, file: &[u8]) {
    let parts = entries::split(file);
    for (name, entry) in entries::ENTRIES {
        if name == target {
            let seen = entry(&parts);
            assert!(!seen.signature_checked || !seen.reports.is_empty());
        }
    }
}
