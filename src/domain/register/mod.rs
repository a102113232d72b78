//! What the state's registers say about people and papers.

/// The number of a power of attorney.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PowerNumber(String);
