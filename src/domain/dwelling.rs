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
}
