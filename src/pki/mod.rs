//! The development PKI and our own signer: keys and certificates with the
//! profile of the national authority, made anew at run time.
//!
//! For development, the demonstration and tests only. Nothing here is trusted
//! unless its root is configured as an anchor, and no key here protects anything.

mod authority;
mod behaviour;
mod certificate;
mod cms;
mod crl;
pub mod der;
mod directory;
mod error;
mod evidence;
mod extension;
mod family;
mod files;
mod hierarchy;
mod infrastructure;
mod key;
mod keystore;
mod name;
pub mod ocsp;
pub mod oid;
pub mod pem;
mod people;
mod registers;
mod serve;
pub mod timestamp;

pub use authority::{Authority, Next, Responder};
pub use behaviour::{BEHAVIOURS, Behaviour, Failure, NoBehaviour, Refusal, Service, Signer};
pub use certificate::{Template, Validity, Version, serial, serial_of};
pub use cms::{
    Packaging, SignedAttribute, SignedData, SignerInfo, attributes, issuer_and_serial, sign,
};
pub use crl::{Issued, Reason, Revocation, RevocationList};
pub use directory::{Directory, Entry, Existing, Files, Reissued, Signatory};
pub use error::{Error, Object};
pub use evidence::Addresses;
pub use extension::{Extension, KeyUsage};
pub use family::Family;
pub use hierarchy::{Each, Hierarchy, Office, appointment};
pub use infrastructure::{Infrastructure, Keys, Options, Person, profile};
pub use key::{Digest, KeyKind, SigningKey, key_identifier};
pub use name::{Attribute, Identity, Name, Organisation, StringKind, printable, utf8};
pub use people::{
    Address, Character, Dwelling, Owner, Part, Purpose, Standing, characters, dwellings,
};
pub use registers::{Individual, Lease, Power, Registers, registers};
pub use serve::{Clock, Server};
