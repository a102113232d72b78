//! A dwelling, its address and the people who own it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use super::{Holder, Language};

/// The registration code of an address (RKA): sixteen digits, given by the
/// address register. Whether such an address exists only the register knows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rka(String);

/// The text is not sixteen digits.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("an address registration code has sixteen digits")]
pub struct NotAnRka;

/// One address in the three languages of the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// In Kazakh.
    pub kk: String,
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
}

/// What a building or premises is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Use {
    /// People live there as in a house or flat.
    Home,
    /// A dormitory, hotel, rest home, care home or the like, whose
    /// administration may apply for those who stay there.
    Lodging,
}

/// A dwelling as the real-estate register describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dwelling {
    /// The code of its address.
    pub rka: Rka,
    /// Its address.
    pub address: Address,
    /// What it is used for.
    pub used_as: Use,
    /// Its useful area in whole square metres, where it is known.
    pub area: Option<u32>,
    /// Everybody who owns it or a share in it.
    pub owners: BTreeSet<Holder>,
}

impl Rka {
    /// Reads a code.
    ///
    /// # Errors
    /// [`NotAnRka`] unless the text is exactly sixteen ASCII digits.
    pub fn parse(text: &str) -> Result<Self, NotAnRka> {
        let digits = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| Self(text.to_owned())).ok_or(NotAnRka)
    }

    /// The sixteen digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Address {
    /// The address in one language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Kk => &self.kk,
            Language::Ru => &self.ru,
            Language::En => &self.en,
        }
    }

    /// The address without those of its parts, between commas, that name a flat or a
    /// room. A part that names the house too goes with it: rather too little is told
    /// than a flat.
    #[must_use]
    pub fn to_the_house(&self) -> Self {
        Self {
            kk: without_flat(&self.kk),
            ru: without_flat(&self.ru),
            en: without_flat(&self.en),
        }
    }
}

/// How flats and rooms are called in addresses, in the three languages.
const FLAT: [&str; 18] = [
    "пәтер",
    "пәтері",
    "пәт",
    "бөлме",
    "бөлмесі",
    "бөл",
    "квартира",
    "кв",
    "комната",
    "комн",
    "ком",
    "помещение",
    "пом",
    "flat",
    "apartment",
    "apt",
    "room",
    "unit",
];

fn without_flat(address: &str) -> String {
    let parts = address.split(',').map(str::trim);
    let parts: Vec<&str> = parts.filter(|part| !names_flat(part)).collect();
    parts.join(", ")
}

fn names_flat(part: &str) -> bool {
    let part = part.to_lowercase();
    let mut words = part.split(|c: char| !c.is_alphabetic());
    words.any(|word| FLAT.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_code_is_sixteen_ascii_digits() {
        assert_eq!(
            Rka::parse("0201900167046043").unwrap().as_str(),
            "0201900167046043"
        );
        for text in [
            "",
            "220190016704604",
            "22019001670460433",
            "220190016704604x",
            "２２０１９０",
        ] {
            assert_eq!(Rka::parse(text), Err(NotAnRka), "{text}");
        }
    }

    #[track_caller]
    fn told(address: &str, expected: &str) {
        assert_eq!(without_flat(address), expected);
    }

    #[test]
    fn an_address_is_told_to_the_house() {
        told(
            "Ойдан қаласы, Абай көшесі, 12-үй, 7-пәтер",
            "Ойдан қаласы, Абай көшесі, 12-үй",
        );
        told(
            "г. Ойдан, ул. Абая, д. 12А, кв. 7",
            "г. Ойдан, ул. Абая, д. 12А",
        );
        told(
            "г. Ойдан, ул. Абая, д. 12,КВ.7",
            "г. Ойдан, ул. Абая, д. 12",
        );
        told("12 Abay street, Flat 7, Oidan", "12 Abay street, Oidan");
        told(
            "г. Ойдан, общежитие № 3, комн. 14",
            "г. Ойдан, общежитие № 3",
        );
        // A house of its own has no flat; words that only begin alike stay.
        told(
            "с. Ойдан, ул. Кварцевая, д. 5",
            "с. Ойдан, ул. Кварцевая, д. 5",
        );
        // Where the flat is not set apart, the house goes too.
        told("г. Ойдан, ул. Абая, 12 кв 7", "г. Ойдан, ул. Абая");
    }
}
