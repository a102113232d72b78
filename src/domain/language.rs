//! The three languages of the service.

use serde::{Deserialize, Serialize};

/// A language in which a person reads what they sign: Kazakh, Russian or English.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Kazakh, the state language (Constitution, article 7).
    Kk,
    /// Russian, used officially beside it.
    Ru,
    /// English.
    En,
}

/// The text names none of the three languages.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the language must be kk, ru or en")]
pub struct NotALanguage;

impl Language {
    /// Every language, the state language first.
    pub const ALL: [Self; 3] = [Self::Kk, Self::Ru, Self::En];

    /// Reads an ISO 639-1 code.
    ///
    /// # Errors
    /// [`NotALanguage`] for any code but `kk`, `ru` and `en`.
    pub fn parse(code: &str) -> Result<Self, NotALanguage> {
        Self::ALL
            .into_iter()
            .find(|language| language.code() == code)
            .ok_or(NotALanguage)
    }

    /// The ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Kk => "kk",
            Self::Ru => "ru",
            Self::En => "en",
        }
    }
}
