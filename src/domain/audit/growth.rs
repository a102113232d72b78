//! Grows the tree again, leaf by leaf, and finds the first checkpoint, leaf or
//! node that is not what follows from the leaves.

use std::collections::BTreeMap;

use super::{Checkpoint, Edge, Fault, Finding, Place, PublicKey, Subtree, beginning};
use crate::eds::Digest;

/// The smallest level of which inner nodes are kept: one for each 2^8 leaves, and
/// those above. What is below is quickly made again.
pub const KEPT: u32 = 8;

/// A leaf of the tree as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Its place, from 0.
    pub index: u64,
    /// The hash of the record that it is.
    pub hash: Digest,
}

/// A checkpoint as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Under which number.
    pub number: u64,
    /// For which size of the tree.
    pub size: u64,
    /// The note.
    pub note: String,
}

/// The walk. For each checkpoint in turn feed it the leaves since the one before,
/// then the nodes that those complete, then the checkpoint.
#[derive(Debug, Default)]
pub struct Growth {
    keys: Vec<PublicKey>,
    shipped: BTreeMap<u64, String>,
    edge: Edge,
    completed: Vec<(Subtree, Digest)>,
    last: Option<Checkpoint>,
}

impl Growth {
    /// Begins with nothing. Without keys no signature is verified; `shipped` are
    /// notes that were sent elsewhere, by their numbers.
    pub fn new(keys: Vec<PublicKey>, shipped: BTreeMap<u64, String>) -> Self {
        Self {
            keys,
            shipped,
            ..Self::default()
        }
    }

    /// How many leaves the tree has so far.
    pub fn size(&self) -> u64 {
        self.edge.size()
    }

    /// The last checkpoint so far.
    pub fn last(&self) -> Option<&Checkpoint> {
        self.last.as_ref()
    }

    /// Adds the next leaf.
    ///
    /// # Errors
    /// The [`Finding`] when it is another than the next.
    pub fn leaf(&mut self, leaf: &Leaf) -> Result<(), Finding> {
        let due = self.edge.size();
        if leaf.index != due {
            return Err(Place::Leaf(due).has(Fault::Missing));
        }
        let completed = self.edge.push(super::leaf(leaf.hash.as_bytes()));
        let kept = completed.into_iter();
        self.completed
            .extend(kept.filter(|(subtree, _)| subtree.level >= KEPT));
        Ok(())
    }

    /// Compares the nodes that are kept, ordered by [`Subtree::end`] and level,
    /// with those that the leaves have completed meanwhile.
    ///
    /// # Errors
    /// The [`Finding`] for the first that differs, is missing or too many.
    pub fn nodes(&mut self, kept: &[(Subtree, Digest)]) -> Result<(), Finding> {
        let due = std::mem::take(&mut self.completed);
        let place = |subtree: Subtree| Place::Node(subtree.level, subtree.end());
        for (at, (subtree, hash)) in due.iter().enumerate() {
            match kept.get(at) {
                Some((found, same)) if found == subtree && same == hash => {}
                Some((found, _)) if found == subtree => {
                    return Err(place(*subtree).has(Fault::NotTheNode));
                }
                Some(_) | None => return Err(place(*subtree).has(Fault::Missing)),
            }
        }
        match kept.get(due.len()) {
            Some((extra, _)) => Err(place(*extra).has(Fault::NotTheNode)),
            None => Ok(()),
        }
    }

    /// Looks at the next checkpoint.
    ///
    /// # Errors
    /// The [`Finding`] when it does not follow from the leaves and from the
    /// checkpoint before, or is not signed, or is not the one that was shipped.
    pub fn checkpoint(&mut self, sealed: &Sealed) -> Result<(), Finding> {
        let number = self.last.as_ref().map_or(0, |last| last.number) + 1;
        let place = Place::Checkpoint(number);
        if sealed.number != number {
            return Err(place.has(Fault::Missing));
        }
        if let Some(copy) = self.shipped.remove(&number)
            && copy != sealed.note
        {
            return Err(place.has(Fault::Rewritten));
        }
        let checkpoint = self.read(sealed).map_err(|fault| place.has(fault))?;
        self.follows(&checkpoint)
            .map_err(|fault| place.has(fault))?;
        if self.edge.size() < checkpoint.size {
            return Err(Place::Leaf(self.edge.size()).has(Fault::Missing));
        }
        if self.edge.root() != checkpoint.root {
            return Err(place.has(Fault::Root));
        }
        self.last = Some(checkpoint);
        Ok(())
    }

    /// There are no more checkpoints; `more` is whether there are more leaves.
    ///
    /// # Errors
    /// The [`Finding`] when leaves are left over, or a checkpoint was shipped
    /// that is not here.
    pub fn end(&self, more: bool) -> Result<(), Finding> {
        if more {
            return Err(Place::Leaf(self.edge.size()).has(Fault::Uncovered));
        }
        match self.shipped.keys().next() {
            Some(number) => Err(Place::Checkpoint(*number).has(Fault::CutOff)),
            None => Ok(()),
        }
    }

    fn read(&self, sealed: &Sealed) -> Result<Checkpoint, Fault> {
        let checkpoint = if self.keys.is_empty() {
            Checkpoint::read(&sealed.note)
        } else {
            Checkpoint::open(&sealed.note, &self.keys)
        };
        let checkpoint = checkpoint.map_err(Fault::Note)?;
        let filed = (checkpoint.number, checkpoint.size) == (sealed.number, sealed.size);
        filed.then_some(checkpoint).ok_or(Fault::Misfiled)
    }

    fn follows(&self, checkpoint: &Checkpoint) -> Result<(), Fault> {
        let Some(last) = &self.last else {
            let first = checkpoint.previous == beginning();
            return first.then_some(()).ok_or(Fault::CheckpointLink);
        };
        if checkpoint.previous != last.hash() {
            return Err(Fault::CheckpointLink);
        }
        if checkpoint.origin != last.origin {
            return Err(Fault::OtherLog);
        }
        (checkpoint.at >= last.at).then_some(()).ok_or(Fault::Older)
    }
}
