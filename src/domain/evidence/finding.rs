//! What can speak against a package.

use serde::Serialize;

use crate::eds::asic::Broken;

/// Something that speaks against a package. None names a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case", tag = "fault", content = "where")]
pub enum Finding {
    /// The package is not whole.
    #[error("{0}")]
    Broken(#[serde(serialize_with = "text")] Broken),
    /// A file that every package has is absent or cannot be read.
    #[error("absent or unreadable: {0}")]
    Absent(String),
    /// No stamp over the package holds, so nobody but its maker says that it is
    /// whole, and the rules do not waive stamps.
    #[error("no time-stamp over the package holds")]
    Unsealed,
    /// A stamp over the package proves nothing.
    #[error("the time-stamp over {0} does not hold")]
    Stamp(String),
    /// A signature does not hold.
    #[error("the signature on {0} does not hold")]
    Signature(String),
    /// A document says that it is for something else.
    #[error("{0} is for another purpose")]
    Purpose(String),
    /// A document speaks about another application, person, dwelling or time.
    #[error("{0} is about something else")]
    Matter(String),
    /// Somebody else signed than had to.
    #[error("{0} was signed by somebody else")]
    Signer(String),
    /// A document was signed outside its time.
    #[error("{0} was signed before it was issued or after it had expired")]
    Time(String),
    /// A consent is to other octets than the applicant signed, or a confirmation
    /// to others than the owner who demanded it.
    #[error("{0} consents to something else than was signed")]
    Consent(String),
    /// A party consented twice.
    #[error("not exactly one consent of each party")]
    Parties,
    /// A signature or document is in the package that nobody had to give.
    #[error("more than belongs to the registration: {0}")]
    Surplus(String),
}

impl From<Broken> for Finding {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

fn text<S: serde::Serializer>(broken: &Broken, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(broken)
}
