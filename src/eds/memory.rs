//! What was seen to hold, so that it need not be looked at again.

use std::{
    borrow::Borrow,
    collections::BTreeMap,
    fmt,
    mem::take,
    sync::{Arc, Mutex},
};

use super::{Digest, certificate::Certificate, judgement::Judgement};

/// A bounded memory, which the caller owns. A verdict is the same with and
/// without it, only sooner; it holds three things:
///
/// - Facts "the key in this certificate signed that object", each by the SHA-256
///   of both. Such a fact never ends and says nothing about whether the signature
///   may count: algorithms, times, purposes and revocation are judged every time.
/// - Certificates as they were read, by all their octets.
/// - Judgements of certificates. They rest on anchors, issuers and lists, so they
///   belong to one trust and never go to another; when a judgement is still the
///   judgement, [`Judgement`] knows.
#[derive(Clone)]
pub(super) struct Memory {
    capacity: usize,
    signatures: Kept<(Digest, Digest), ()>,
    readings: Kept<Certificate, ()>,
    judgements: Kept<(Certificate, Digest), Arc<Judgement>>,
}

/// For so many facts of about a hundred octets there is room for one certificate
/// and its judgements, which take some KiB.
const FACTS_TO_A_CERTIFICATE: usize = 8;

impl Memory {
    /// A memory for up to `capacity` facts and an eighth as many certificates.
    pub(super) fn new(capacity: usize) -> Self {
        let certificates = capacity / FACTS_TO_A_CERTIFICATE;
        Self {
            capacity,
            signatures: Kept::new(capacity),
            readings: Kept::new(certificates),
            judgements: Kept::new(certificates),
        }
    }

    /// The memory for a trust with other anchors, issuers, lists or answers: facts
    /// and readings are shared, judgements are not.
    pub(super) fn for_another_trust(&self) -> Self {
        Self {
            judgements: Kept::new(self.capacity / FACTS_TO_A_CERTIFICATE),
            ..self.clone()
        }
    }

    /// Whether the signature was seen to hold.
    pub(super) fn knows(&self, signed: Digest, signer: Digest) -> bool {
        self.signatures.recall(&(signed, signer)).is_some()
    }

    /// Notes that the signature holds.
    pub(super) fn keep(&self, signed: Digest, signer: Digest) {
        self.signatures.keep((signed, signer), ());
    }

    /// The certificate of exactly these octets, if it was read before.
    pub(super) fn certificate(&self, der: &[u8]) -> Option<Certificate> {
        self.readings
            .recall(der)
            .map(|(certificate, ())| certificate)
    }

    /// How the certificate was judged the last time, under the policy of this hash.
    pub(super) fn judgement(&self, of: &Certificate, policy: Digest) -> Option<Arc<Judgement>> {
        let key = (of.clone(), policy);
        self.judgements.recall(&key).map(|(_, judgement)| judgement)
    }

    /// Notes how the certificate was judged. Only what an authority issued comes
    /// here, so that nobody else says what is kept.
    pub(super) fn judged(&self, certificate: &Certificate, policy: Digest, judgement: Judgement) {
        self.readings.keep(certificate.clone(), ());
        let key = (certificate.clone(), policy);
        self.judgements.keep(key, Arc::new(judgement));
    }
}

/// Entries of which the unused are forgotten.
#[derive(Clone)]
struct Kept<Key, Value> {
    generations: Arc<Mutex<Generations<Key, Value>>>,
    half: usize,
}

/// When the young are many they become the old, and what was old is forgotten.
struct Generations<Key, Value> {
    young: BTreeMap<Key, Value>,
    old: BTreeMap<Key, Value>,
}

impl<Key: Ord + Clone, Value: Clone> Kept<Key, Value> {
    fn new(capacity: usize) -> Self {
        let generations = Generations {
            young: BTreeMap::new(),
            old: BTreeMap::new(),
        };
        Self {
            generations: Arc::new(Mutex::new(generations)),
            half: capacity / 2,
        }
    }

    fn recall<Sought: Ord + ?Sized>(&self, sought: &Sought) -> Option<(Key, Value)>
    where
        Key: Borrow<Sought>,
    {
        let mut generations = self.generations.lock().ok()?;
        if let Some((key, value)) = generations.young.get_key_value(sought) {
            return Some((key.clone(), value.clone()));
        }
        let (key, value) = generations.old.remove_entry(sought)?;
        generations.keep(key.clone(), value.clone(), self.half);
        Some((key, value))
    }

    fn keep(&self, key: Key, value: Value) {
        if let Ok(mut generations) = self.generations.lock() {
            generations.keep(key, value, self.half);
        }
    }
}

impl<Key: Ord, Value> Generations<Key, Value> {
    fn keep(&mut self, key: Key, value: Value, half: usize) {
        if self.young.len() >= half {
            self.old = take(&mut self.young);
        }
        self.young.insert(key, value);
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
        let held = memory.signatures.generations.lock().expect("lock");
        assert!(held.young.len() + held.old.len() <= 9);
    }
}
