//! Who holds a right to a dwelling.

use crate::eds::{Bin, Iin};

/// Who holds a right to a dwelling: a person, counted by IIN, or an
/// organisation, counted by BIN and spoken for by those who may sign for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// A natural person.
    Person(Iin),
    /// A legal entity.
    Organisation(Bin),
}

impl From<Iin> for Holder {
    fn from(iin: Iin) -> Self {
        Self::Person(iin)
    }
}

impl From<Bin> for Holder {
    fn from(bin: Bin) -> Self {
        Self::Organisation(bin)
    }
}

impl Holder {
    /// The person's number, if a person holds it.
    pub fn person(&self) -> Option<&Iin> {
        match self {
            Self::Person(iin) => Some(iin),
            Self::Organisation(_) => None,
        }
    }

    /// The organisation's number, if an organisation holds it.
    pub fn organisation(&self) -> Option<&Bin> {
        match self {
            Self::Person(_) => None,
            Self::Organisation(bin) => Some(bin),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_hides_the_person() {
        let iin = Iin::parse("900101300007").unwrap();
        assert_eq!(
            format!("{:?}", Holder::from(iin)),
            "Person(Iin(9001********))"
        );
    }
}
