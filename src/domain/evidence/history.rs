//! The audit records of an application as a file of its package.

use serde::Serialize;

use crate::domain::audit::Record;
use crate::eds::Digest;

/// The name of the file.
const NAME: &str = "records/audit.json";

#[derive(Serialize)]
struct Line {
    sequence: i64,
    /// The octets that are hashed, unless they are about a refused signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    canonical: Option<String>,
    previous_hash: Digest,
    hash: Digest,
}

/// The records with their stored hashes, oldest first, as a file for
/// [`Evidence::records`](super::Evidence::records).
///
/// A signature that was refused concerns only the resident and whoever offered
/// it, and a package goes to every owner: of such a record stands only the hash,
/// so that the chain can still be followed over it.
#[must_use]
pub fn history(records: &[(Record, Digest)]) -> (String, Vec<u8>) {
    let lines: Vec<Line> = records.iter().map(Line::of).collect();
    // A list of numbers and texts always has a JSON form.
    let octets = serde_json::to_vec_pretty(&lines).unwrap_or_default();
    (NAME.to_owned(), octets)
}

impl Line {
    fn of((record, hash): &(Record, Digest)) -> Self {
        Self {
            sequence: record.sequence,
            canonical: record.refusal.is_none().then(|| record.canonical()),
            previous_hash: record.previous,
            hash: *hash,
        }
    }
}
