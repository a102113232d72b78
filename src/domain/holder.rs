//! Who holds a right to a dwelling.

use crate::eds::{Bin, Iin};

/// A person or an organisation that holds a right to a dwelling.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// A person.
    Person(Iin),
    /// A legal entity, for which its head or a person entitled to sign speaks.
    Organisation(Bin),
}
