//! The Merkle tree over all records (RFC 6962 section 2.1, RFC 9162 section 2.1).
//!
//! A tree of any size falls apart into perfect subtrees, the largest first; a
//! proof is a list of ranges, each of which is such a list. So whoever keeps the
//! hashes of perfect subtrees can answer for any range.

use crate::eds::Digest;

/// A perfect subtree: the `index`th of those with 2^`level` leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subtree {
    /// How many levels stand above its leaves; 0 is a leaf itself.
    pub level: u32,
    /// How many subtrees of this level are before it.
    pub index: u64,
}

/// A growing tree: the hashes of the perfect subtrees of which it consists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    peaks: Vec<(u32, Digest)>,
}

/// The hash of a leaf (RFC 6962 section 2.1).
pub fn leaf(data: &[u8]) -> Digest {
    Digest::of(&[&[0], data].concat())
}

/// The hash of an inner node (RFC 6962 section 2.1).
pub fn node(left: &Digest, right: &Digest) -> Digest {
    Digest::of(&[&[1], left.as_bytes().as_slice(), right.as_bytes()].concat())
}

/// The root of the tree without leaves.
pub fn empty_root() -> Digest {
    Digest::of(&[])
}

/// The root over perfect subtrees that follow one another, the largest first;
/// none over nothing.
pub fn root_of(peaks: &[Digest]) -> Option<Digest> {
    let (last, before) = peaks.split_last()?;
    Some(before.iter().rfold(*last, |right, left| node(left, &right)))
}

impl Subtree {
    /// Its first leaf.
    pub fn begin(self) -> u64 {
        self.index.checked_shl(self.level).unwrap_or(u64::MAX)
    }

    /// The size of the tree at which it is complete.
    pub fn end(self) -> u64 {
        self.index
            .saturating_add(1)
            .checked_shl(self.level)
            .unwrap_or(u64::MAX)
    }
}

impl Edge {
    /// The tree that consists of these subtrees; `hashes` in the order of
    /// [`perfect`]`(0, size)`, or else none.
    pub fn of(size: u64, hashes: &[Digest]) -> Option<Self> {
        let subtrees = perfect(0, size);
        let peaks = subtrees.iter().map(|subtree| subtree.level);
        (subtrees.len() == hashes.len()).then(|| Self {
            size,
            peaks: peaks.zip(hashes.iter().copied()).collect(),
        })
    }

    /// How many leaves it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Its root.
    pub fn root(&self) -> Digest {
        let hashes: Vec<Digest> = self.peaks.iter().map(|(_, hash)| *hash).collect();
        root_of(&hashes).unwrap_or_else(empty_root)
    }

    /// Adds a leaf by its hash, and says which subtrees it completes, the
    /// smallest first; the leaf itself is not among them.
    pub fn push(&mut self, hash: Digest) -> Vec<(Subtree, Digest)> {
        let (mut level, mut hash) = (0, hash);
        self.size += 1;
        let mut completed = Vec::new();
        while let Some((_, left)) = self.peaks.pop_if(|(height, _)| *height == level) {
            hash = node(&left, &hash);
            level += 1;
            let index = (self.size >> level) - 1;
            completed.push((Subtree { level, index }, hash));
        }
        self.peaks.push((level, hash));
        completed
    }
}

/// The perfect subtrees of the leaves from `start` to before `end`, the largest
/// first. `start` must be a multiple of the largest power of two that fits.
pub fn perfect(start: u64, end: u64) -> Vec<Subtree> {
    let (mut start, mut subtrees) = (start, Vec::new());
    while let Some(level) = end.saturating_sub(start).checked_ilog2() {
        let index = start >> level;
        subtrees.push(Subtree { level, index });
        start += 1 << level;
    }
    subtrees
}

/// The audit path of a leaf in a tree of `size` (RFC 9162 section 2.1.3.1): each
/// of its hashes as the subtrees over which it goes. None when there is no such leaf.
pub fn inclusion(index: u64, size: u64) -> Option<Vec<Vec<Subtree>>> {
    if index >= size {
        return None;
    }
    let (mut start, mut end, mut siblings) = (0, size, Vec::new());
    while end - start > 1 {
        let middle = split(start, end);
        if index < middle {
            siblings.push(perfect(middle, end));
            end = middle;
        } else {
            siblings.push(perfect(start, middle));
            start = middle;
        }
    }
    siblings.reverse();
    Some(siblings)
}

/// The proof that a tree of size `from` is the beginning of one of size `to`
/// (RFC 9162 section 2.1.4.1), in the same form. None unless `1 <= from <= to`.
pub fn consistency(from: u64, to: u64) -> Option<Vec<Vec<Subtree>>> {
    if from == 0 || from > to {
        return None;
    }
    let (mut start, mut end, mut siblings) = (0, to, Vec::new());
    while from != end {
        let middle = split(start, end);
        if from <= middle {
            siblings.push(perfect(middle, end));
            end = middle;
        } else {
            siblings.push(perfect(start, middle));
            start = middle;
        }
    }
    // The old root itself need not be told.
    if start != 0 {
        siblings.push(perfect(start, end));
    }
    siblings.reverse();
    Some(siblings)
}

/// Whether the path leads from the leaf to the root (RFC 9162 section 2.1.3.2).
pub fn is_included(leaf: &Digest, index: u64, size: u64, path: &[Digest], root: &Digest) -> bool {
    if index >= size {
        return false;
    }
    let (mut here, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if here & 1 == 1 || here == last {
            hash = node(sibling, &hash);
            while here & 1 == 0 && here != 0 {
                (here, last) = (here >> 1, last >> 1);
            }
        } else {
            hash = node(&hash, sibling);
        }
        (here, last) = (here >> 1, last >> 1);
    }
    last == 0 && hash == *root
}

/// Whether the tree with the one root begins the tree with the other (RFC 9162
/// section 2.1.4.2); each tree is its size and its root.
pub fn is_consistent(old: (u64, &Digest), new: (u64, &Digest), path: &[Digest]) -> bool {
    let ((from, old), (to, new)) = (old, new);
    if from == 0 || from > to {
        return false;
    }
    if from == to {
        return path.is_empty() && old == new;
    }
    let known = from.is_power_of_two().then_some(old);
    let mut path = known.into_iter().chain(path);
    let Some(first) = path.next() else {
        return false;
    };
    let skipped = (from - 1).trailing_ones();
    let (mut here, mut last) = ((from - 1) >> skipped, (to - 1) >> skipped);
    let (mut of_old, mut of_new) = (*first, *first);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if here & 1 == 1 || here == last {
            (of_old, of_new) = (node(sibling, &of_old), node(sibling, &of_new));
            while here & 1 == 0 && here != 0 {
                (here, last) = (here >> 1, last >> 1);
            }
        } else {
            of_new = node(&of_new, sibling);
        }
        (here, last) = (here >> 1, last >> 1);
    }
    last == 0 && of_old == *old && of_new == *new
}

/// Where a range of at least two leaves is cut: after the largest power of two
/// that is smaller than it.
fn split(start: u64, end: u64) -> u64 {
    let level = (end - start - 1).checked_ilog2().unwrap_or_default();
    start + (1 << level)
}

#[cfg(test)]
mod tests;
