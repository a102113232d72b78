//! Distinguished names as the national authority writes them.

use ::der::asn1::ObjectIdentifier;
use serde::{Deserialize, Serialize};

use crate::pki::{der, oid};

/// How the value of an attribute is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StringKind {
    /// UTF8String.
    Utf8,
    /// PrintableString.
    Printable,
}

/// One attribute of a name, alone in its set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its type.
    pub id: ObjectIdentifier,
    /// Its text.
    pub value: String,
    /// Its encoding.
    pub kind: StringKind,
}

/// A distinguished name: its attributes in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(pub Vec<Attribute>);

/// Whom an end-entity certificate names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Individual identification number, twelve digits.
    pub iin: String,
    /// Surname.
    pub surname: String,
    /// Given name.
    pub given_name: String,
    /// Patronymic, when there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub patronymic: Option<String>,
    /// The organisation in whose name he signs.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub organisation: Option<Organisation>,
}

/// A legal entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Business identification number, twelve digits.
    pub bin: String,
    /// Its name.
    pub name: String,
}

impl Name {
    /// The name of an authority: common name and country.
    pub fn authority(common_name: &str) -> Name {
        Name(vec![utf8(oid::COMMON_NAME, common_name), country()])
    }

    /// The name of a person in the national order: CN (surname and given name),
    /// SURNAME, SERIALNUMBER, C, then O and OU for an organisation, and the
    /// patronymic as G.
    pub fn person(identity: &Identity) -> Name {
        let common = format!("{} {}", identity.surname, identity.given_name);
        let mut attributes = vec![
            utf8(oid::COMMON_NAME, &common),
            utf8(oid::SURNAME, &identity.surname),
            printable(oid::SERIAL_NUMBER, &format!("IIN{}", identity.iin)),
            country(),
        ];
        if let Some(organisation) = &identity.organisation {
            attributes.push(utf8(oid::ORGANIZATION, &organisation.name));
            let unit = format!("BIN{}", organisation.bin);
            attributes.push(utf8(oid::ORGANIZATIONAL_UNIT, &unit));
        }
        let patronymic = identity.patronymic.as_deref();
        attributes.extend(patronymic.map(|patronymic| utf8(oid::GIVEN_NAME, patronymic)));
        Name(attributes)
    }

    /// The name in DER.
    pub fn encode(&self) -> Vec<u8> {
        der::sequence(
            self.0
                .iter()
                .map(|attribute| der::set_of(vec![attribute.encode()])),
        )
    }
}

impl Attribute {
    fn encode(&self) -> Vec<u8> {
        let value = match self.kind {
            StringKind::Utf8 => der::utf8_string(&self.value),
            StringKind::Printable => der::printable_string(&self.value),
        };
        der::sequence([der::oid(&self.id), value])
    }
}

/// An attribute in UTF8String.
pub fn utf8(id: ObjectIdentifier, value: &str) -> Attribute {
    Attribute {
        id,
        value: value.to_owned(),
        kind: StringKind::Utf8,
    }
}

/// An attribute in PrintableString.
pub fn printable(id: ObjectIdentifier, value: &str) -> Attribute {
    Attribute {
        id,
        value: value.to_owned(),
        kind: StringKind::Printable,
    }
}

fn country() -> Attribute {
    printable(oid::COUNTRY, "KZ")
}
