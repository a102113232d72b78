//! The families of keys: each has authorities of its own, as nationally.

use ::der::asn1::ObjectIdentifier;
use serde::{Deserialize, Serialize};
use strum::EnumIter;

use crate::pki::{KeyKind, oid};

/// A family of keys, from the root down to the people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// RSA of 2048 bits; its authority certifies P-256 keys of people too.
    Rsa,
    /// ECDSA on the curve P-256.
    Ecdsa,
    /// GOST 34.10-2015 of 512 bits.
    Gost,
}

impl Family {
    /// What keys its authorities have.
    pub fn key(self) -> KeyKind {
        match self {
            Family::Rsa => KeyKind::Rsa2048,
            Family::Ecdsa => KeyKind::EcdsaP256,
            Family::Gost => KeyKind::Gost2015With512,
        }
    }

    /// How it is called in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Family::Rsa => "rsa",
            Family::Ecdsa => "ecdsa",
            Family::Gost => "gost",
        }
    }

    /// The name of the files of what is called `what`: in the family of RSA,
    /// which came first, just that.
    pub fn file(self, what: &str) -> String {
        match self {
            Family::Rsa => what.to_owned(),
            Family::Ecdsa | Family::Gost => format!("{what}-{}", self.slug()),
        }
    }

    /// The policy under which its authority stamps. There is no national one
    /// for ECDSA: it stamps under that of RSA.
    pub fn time_stamp_policy(self) -> ObjectIdentifier {
        match self {
            Family::Rsa | Family::Ecdsa => oid::POLICY_TIME_STAMPS_RSA,
            Family::Gost => oid::POLICY_TIME_STAMPS_GOST,
        }
    }

    /// The name of one of its authorities.
    pub(super) fn named(self, what: &str) -> String {
        format!("{what} ({}) DEV", self.slug().to_uppercase())
    }
}
