//! How long the threads of the service have run, by the system's own count.

use std::collections::HashMap;
use std::fs;

/// The thread of the development responder and time-stamp authority.
const OTHERS: &str = "development-pki";

/// Nanoseconds that each thread of the service has run so far. The main thread
/// does what people do, and that of the PKI what others do: both are left out.
pub(crate) struct Threads(HashMap<String, u64>);

impl Threads {
    pub(crate) fn now() -> Threads {
        let own = std::process::id().to_string();
        let all = fs::read_dir("/proc/self/task").unwrap();
        let ids = all.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let ran = ids
            .filter(|id| *id != own)
            .filter_map(|id| Some((ran(&id)?, id)))
            .map(|(nanoseconds, id)| (id, nanoseconds));
        Threads(ran.collect())
    }

    /// Nanoseconds since `before`.
    pub(crate) fn since(&self, before: &Threads) -> u64 {
        let ran = self.0.iter().map(|(id, ran)| {
            let earlier = before.0.get(id).copied().unwrap_or_default();
            // The system gives the id of a thread that has ended to another.
            ran.checked_sub(earlier).unwrap_or(*ran)
        });
        ran.sum()
    }
}

/// Nothing for a thread that has ended meanwhile, or is not ours.
fn ran(id: &str) -> Option<u64> {
    let folder = format!("/proc/self/task/{id}");
    let name = fs::read_to_string(format!("{folder}/comm")).ok()?;
    let ran = fs::read_to_string(format!("{folder}/schedstat")).ok()?;
    (name.trim() != OTHERS)
        .then(|| ran.split(' ').next()?.parse().ok())
        .flatten()
}
