//! Signatures that were seen to hold, so that they need not be checked again.

use std::{
    collections::BTreeSet,
    fmt,
    mem::take,
    sync::{Arc, Mutex},
};

use super::Digest;

/// A bounded memory of facts "the key in this certificate signed that object",
/// each by the SHA-256 of both.
///
/// Such a fact never changes and says nothing about whether the signature may
/// count: algorithms, times, purposes and revocation are judged every time. A
/// verdict is therefore the same with and without it, only sooner.
#[derive(Clone)]
pub(super) struct Memory {
    generations: Arc<Mutex<Generations>>,
    half: usize,
}

/// When the young are many they become the old, and what was old is forgotten.
#[derive(Default)]
struct Generations {
    young: BTreeSet<Fact>,
    old: BTreeSet<Fact>,
}

type Fact = (Digest, Digest);

impl Memory {
    /// A memory for up to `capacity` facts of about a hundred octets.
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            generations: Arc::default(),
            half: capacity / 2,
        }
    }

    /// Whether the signature was seen to hold.
    pub(super) fn knows(&self, signed: Digest, signer: Digest) -> bool {
        let Ok(mut generations) = self.generations.lock() else {
            return false;
        };
        let fact = (signed, signer);
        if generations.young.contains(&fact) {
            return true;
        }
        let old = generations.old.contains(&fact);
        if old {
            generations.keep(fact, self.half);
        }
        old
    }

    /// Notes that the signature holds.
    pub(super) fn keep(&self, signed: Digest, signer: Digest) {
        if let Ok(mut generations) = self.generations.lock() {
            generations.keep((signed, signer), self.half);
        }
    }
}

impl Generations {
    fn keep(&mut self, fact: Fact, half: usize) {
        if self.young.len() >= half {
            self.old = take(&mut self.young);
        }
        self.young.insert(fact);
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(number: u32) -> Digest {
        Digest::of(&number.to_be_bytes())
    }

    #[test]
    fn what_is_used_is_kept_and_the_rest_forgotten() {
        let memory = Memory::new(8);
        for number in 0..100 {
            memory.keep(digest(number), digest(0));
            assert!(memory.knows(digest(0), digest(0)));
        }
        assert!(memory.knows(digest(99), digest(0)));
        assert!(!memory.knows(digest(50), digest(0)));
        assert!(!memory.knows(digest(99), digest(1)));
        let held = memory.generations.lock().expect("lock");
        assert!(held.young.len() + held.old.len() <= 9);
    }
}
