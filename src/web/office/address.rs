//! Looking for an address by words or by its code.

use crate::domain::{Address, Language, Rka};
use crate::flow::{Error, House};

/// So many addresses are shown; whoever has more must say more.
const SHOWN: i64 = 20;

/// An address as it is offered.
pub(super) struct Offered {
    /// Its code.
    pub(super) rka: String,
    /// The address in words.
    pub(super) place: String,
}

/// What was looked for, and what there is.
pub(super) struct Search {
    /// The words.
    pub(super) text: String,
    /// The addresses that have them.
    pub(super) found: Vec<Offered>,
    /// Whether there are more than these.
    pub(super) more: bool,
}

/// The addresses with these words; none when there are no words.
///
/// # Errors
/// [`Error::Store`] when the database fails.
pub(super) async fn search(house: &House, text: &str, language: Language) -> Result<Search, Error> {
    let text = text.trim();
    let found = match text.is_empty() {
        true => Vec::new(),
        false => house.addresses(text, SHOWN + 1).await?,
    };
    let shown = usize::try_from(SHOWN).unwrap_or(usize::MAX);
    Ok(Search {
        text: text.to_owned(),
        more: found.len() > shown,
        found: { found.iter().take(shown) }
            .map(|(rka, address)| Offered::new(rka, address, language))
            .collect(),
    })
}

impl Offered {
    fn new(rka: &Rka, address: &Address, language: Language) -> Self {
        Self {
            rka: rka.as_str().to_owned(),
            place: address.in_language(language).to_owned(),
        }
    }
}
