//! What was learnt lately, in bounded memory.

use std::collections::HashMap;
use std::hash::Hash;
use std::mem::take;

/// When the young are many they become the old, and what was old is forgotten:
/// what is used stays, at the cost of two tables.
#[derive(Debug)]
pub(super) struct Cache<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    half: usize,
}

impl<K: Hash + Eq, V: Clone> Cache<K, V> {
    /// For up to `capacity` entries.
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
            half: (capacity / 2).max(1),
        }
    }

    pub(super) fn get(&mut self, key: K) -> Option<V> {
        if let Some(value) = self.young.get(&key) {
            return Some(value.clone());
        }
        let value = self.old.remove(&key)?;
        self.put(key, value.clone());
        Some(value)
    }

    pub(super) fn put(&mut self, key: K, value: V) {
        if self.young.len() >= self.half {
            self.old = take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_rest_is_forgotten() {
        let mut cache = Cache::new(8);
        for number in 0..100 {
            cache.put(number, number);
            assert_eq!(cache.get(0), Some(0));
        }
        assert_eq!(cache.get(99), Some(99));
        assert_eq!(cache.get(50), None);
        assert!(cache.young.len() + cache.old.len() <= 8);
    }

    #[test]
    fn what_is_put_again_is_replaced() {
        let mut cache = Cache::new(2);
        cache.put(1, "old");
        cache.put(1, "new");
        assert_eq!(cache.get(1), Some("new"));
    }
}
