//! The development PKI and our own signer: keys and certificates with the
//! profile of the national authority, made anew at run time.
//!
//! For development, the demonstration and tests only. Nothing here is trusted
//! unless its root is configured as an anchor, and no key here protects anything.

mod authority;
mod certificate;
mod cms;
mod crl;
pub mod der;
mod directory;
mod error;
mod extension;
mod files;
mod infrastructure;
mod key;
mod keystore;
mod name;
pub mod oid;
pub mod pem;
mod people;

pub use authority::{Authority, Responder};
pub use certificate::{Template, Validity, Version, serial, serial_of};
pub use cms::{
    Packaging, SignedAttribute, SignedData, SignerInfo, attributes, issuer_and_serial, sign,
};
pub use crl::{Issued, Reason, Revocation, RevocationList};
pub use directory::{Directory, Entry, Existing, Files, Numbers, Signatory};
pub use error::{Error, Object};
pub use extension::{Extension, KeyUsage};
pub use infrastructure::{Infrastructure, Keys, Options, Person, profile};
pub use key::{Digest, KeyKind, SigningKey, key_identifier};
pub use name::{Attribute, Identity, Name, Organisation, StringKind, printable, utf8};
pub use people::{
    Address, Character, Dwelling, Owner, Part, Purpose, Standing, characters, dwellings,
};
