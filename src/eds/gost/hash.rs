//! The digests: Streebog (GOST 34.11-2015, RFC 6986) and GOST 34.311-95 (RFC 5831).

use gost94::Gost94Test;
use streebog::{Digest as _, Streebog256, Streebog512};

use super::oid;
use crate::eds::Oid;

/// A digest algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hash {
    /// Streebog with 512 bits.
    Streebog512,
    /// Streebog with 256 bits.
    Streebog256,
    /// GOST 34.311-95 with the substitution box of id-GostR3411-94-TestParamSet and
    /// a starting value of zero; the national authority uses no other.
    Gost94,
}

impl Hash {
    /// The algorithm that a digestAlgorithm names, if it is one of these.
    #[must_use]
    pub fn of(digest: &Oid) -> Option<Self> {
        [Self::Streebog512, Self::Streebog256, Self::Gost94]
            .into_iter()
            .find(|hash| hash.oid() == *digest)
    }

    /// The object identifier in a digestAlgorithm.
    #[must_use]
    pub fn oid(self) -> Oid {
        match self {
            Self::Streebog512 => oid::STREEBOG_512,
            Self::Streebog256 => oid::STREEBOG_256,
            Self::Gost94 => oid::GOST_94,
        }
    }

    /// The digest of a message.
    #[must_use]
    pub fn digest(self, message: &[u8]) -> Digest {
        self.digest_parts([message])
    }

    /// The digest of a message that comes in parts.
    #[must_use]
    pub fn digest_parts<'a>(self, parts: impl IntoIterator<Item = &'a [u8]>) -> Digest {
        match self {
            Self::Streebog512 => {
                Digest::Wide(absorbed(Streebog512::new(), parts).finalize().into())
            }
            Self::Streebog256 => {
                Digest::Narrow(absorbed(Streebog256::new(), parts).finalize().into())
            }
            Self::Gost94 => Digest::Narrow(absorbed(Gost94Test::new(), parts).finalize().into()),
        }
    }
}

fn absorbed<'a, H: streebog::Digest>(
    mut hasher: H,
    parts: impl IntoIterator<Item = &'a [u8]>,
) -> H {
    for part in parts {
        hasher.update(part);
    }
    hasher
}

/// The octets of a digest, in the order in which CMS writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digest {
    /// 512 bits.
    Wide([u8; 64]),
    /// 256 bits.
    Narrow([u8; 32]),
}

impl AsRef<[u8]> for Digest {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Wide(octets) => octets,
            Self::Narrow(octets) => octets,
        }
    }
}
