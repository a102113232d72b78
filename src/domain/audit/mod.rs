//! The audit log: every decision as a record, chained, gathered into a Merkle
//! tree, and what follows when something of it was changed.
//!
//! Records of one application form a chain: each holds the hash of the one
//! before. The records of all applications are the leaves of one tree (RFC 6962
//! section 2.1), whose root is signed at each checkpoint; a checkpoint names the
//! one before it. [`Trails`] walks over the records and [`Growth`] over the tree, and
//! [`Comparison`] holds what other tables keep against them; each names the first that
//! is not what it was.

mod checkpoint;
mod finding;
mod growth;
mod kept;
mod note;
mod record;
mod trail;
mod tree;

pub use checkpoint::{Checkpoint, NotACheckpoint};
pub use finding::{Fault, Finding, Place};
pub use growth::{Growth, KEPT, Leaf, Sealed};
pub use kept::{Comparison, Kept, KeptDocument, KeptReceipt, KeptSignature};
pub use note::{BadNote, NotAKey, PublicKey, Signer};
pub use record::{Author, Record, beginning, commitment};
pub use trail::{Beside, Entry, Refusal, Standing, Told, Trails};
pub use tree::{
    Edge, Subtree, consistency, empty_root, inclusion, is_consistent, is_included, leaf, node,
    perfect, root_of,
};
