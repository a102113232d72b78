//! In which form a signature came, for people who made it elsewhere.

use strum::{IntoStaticStr, VariantArray};

use super::armour::unarmoured;
use super::cms::SignedData;
use super::der::tag;
use super::policy::Padding;

/// What a message was wrapped in, and whether its content is inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Seen {
    /// DER or BER, the content outside.
    BinaryDetached,
    /// DER or BER, the content inside.
    BinaryAttached,
    /// Base64, the content outside.
    Base64Detached,
    /// Base64, the content inside.
    Base64Attached,
    /// PEM (RFC 7468), the content outside.
    PemDetached,
    /// PEM (RFC 7468), the content inside.
    PemAttached,
}

impl Seen {
    /// What this is; `None` when it is no CMS signature (RFC 5652 section 5.1).
    ///
    /// ```
    /// use kelisim::eds::Seen;
    /// assert_eq!(Seen::of(b"hello"), None);
    /// ```
    #[must_use]
    pub fn of(input: &[u8]) -> Option<Self> {
        let octets = unarmoured(input).ok()?;
        let message = SignedData::read(&octets, Padding::Zeros).ok()?;
        let attached = message.content.is_some();
        let pem = input.trim_ascii_start().starts_with(b"-----BEGIN ");
        let binary = input.first() == Some(&tag::SEQUENCE);
        Some(match (binary, pem, attached) {
            (true, _, false) => Self::BinaryDetached,
            (true, _, true) => Self::BinaryAttached,
            (false, true, false) => Self::PemDetached,
            (false, true, true) => Self::PemAttached,
            (false, false, false) => Self::Base64Detached,
            (false, false, true) => Self::Base64Attached,
        })
    }
}
