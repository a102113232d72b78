//! What lets anybody who holds a certificate ask whether a registration stands,
//! and how much the answer tells.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Address, Application, Kind, Registration, Term, Validity, today};
use crate::eds::Iin;

/// Octets of chance from which a code is made; 140 of their 144 bits are used.
pub const CHANCE: usize = 18;

/// Symbols in a code, of five bits each.
const SYMBOLS: usize = 28;

/// Symbols in a group, as people read and type them.
const GROUP: usize = 4;

/// Crockford's base 32: digits and capital letters without I, L, O and U, which
/// people take for others.
const ALPHABET: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J',
    'K', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

/// The code under which anybody may ask about one registration: 140 bits of
/// chance, so that none is ever guessed, and nothing else is known from it.
///
/// It is shown as seven groups of four symbols.
///
/// ```
/// use kelisim::domain::VerificationCode;
///
/// let code = VerificationCode::drawn(&[0xa5; 18]);
/// assert_eq!(code.to_string(), "MPJT-B9D5-MPJT-B9D5-MPJT-B9D5-MPJT");
/// assert_eq!(VerificationCode::parse(" mpjt b9d5 mpjtb9d5mpjtb9d5mpjt "), Ok(code));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct VerificationCode(String);

/// The text is not a code: it has another length, or a character that is in none.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a verification code has 28 letters and digits")]
pub struct NotACode;

/// What is told of a registration to whoever holds its code, and no more: neither
/// the number nor the name of the person in full, nor their flat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosed {
    /// What kind of registration it is.
    pub kind: Kind,
    /// The first letters of the registered person's names.
    pub initials: String,
    /// Whose number it is, masked when shown.
    pub resident: Iin,
    /// The address, without a flat or room in it.
    pub address: Address,
    /// Its days.
    pub term: Term,
    /// The day on which it was written.
    pub registered_on: NaiveDate,
    /// Whether it stands.
    pub validity: Validity,
    /// By which day's date, in Kazakhstan, that is told.
    pub day: NaiveDate,
}

impl VerificationCode {
    /// The code that these random octets make.
    pub fn drawn(chance: &[u8; CHANCE]) -> Self {
        let mut bits = chance
            .iter()
            .flat_map(|octet| (0..8).rev().map(move |bit| octet >> bit & 1));
        let symbols = (0..SYMBOLS).map(|_| {
            let place = bits
                .by_ref()
                .take(5)
                .fold(0, |value, bit| value << 1 | usize::from(bit));
            ALPHABET.get(place).copied().unwrap_or('0')
        });
        Self(symbols.collect())
    }

    /// Reads a code as people type it: in groups or not, in capitals or not, with
    /// O for 0 and I or L for 1, and with the Cyrillic letters that look like those
    /// that are meant.
    ///
    /// # Errors
    /// [`NotACode`] when what remains is not 28 symbols of the alphabet.
    pub fn parse(text: &str) -> Result<Self, NotACode> {
        let letters = text.chars().filter(|c| !c.is_whitespace() && *c != '-');
        // One more than there may be tells that there are too many.
        let symbols: Option<String> = letters.take(SYMBOLS + 1).map(symbol).collect();
        symbols
            .filter(|symbols| symbols.len() == SYMBOLS)
            .map(Self)
            .ok_or(NotACode)
    }

    /// The 28 symbols without anything between them.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The symbol that somebody means by this character.
fn symbol(typed: char) -> Option<char> {
    let capital = typed.to_uppercase().next()?;
    let meant = match capital {
        'O' | 'О' => '0',
        'I' | 'L' | 'І' => '1',
        'А' => 'A',
        'В' => 'B',
        'С' => 'C',
        'Е' => 'E',
        'Н' => 'H',
        'К' => 'K',
        'М' => 'M',
        'Р' => 'P',
        'Т' => 'T',
        'Х' => 'X',
        'У' => 'Y',
        other => other,
    };
    ALPHABET.contains(&meant).then_some(meant)
}

impl fmt::Display for VerificationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, symbol) in self.0.chars().enumerate() {
            if place > 0 && place % GROUP == 0 {
                f.write_str("-")?;
            }
            write!(f, "{symbol}")?;
        }
        Ok(())
    }
}

/// Whoever reads a log must not be able to ask by it.
impl fmt::Debug for VerificationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerificationCode(..)")
    }
}

impl Disclosed {
    /// What is told at `now` of a registration of this application.
    pub fn of(application: &Application, registration: &Registration, now: DateTime<Utc>) -> Self {
        let resident = application.resident(&registration.resident);
        let name = resident.map_or("", |resident| resident.name.as_str());
        Self {
            kind: registration.term.kind(),
            initials: initials(name),
            resident: registration.resident.clone(),
            address: registration.address.to_the_house(),
            term: registration.term,
            registered_on: today(registration.registered_at),
            validity: registration.validity(now),
            day: today(now),
        }
    }
}

/// The first letter of each name, with a full stop behind.
fn initials(name: &str) -> String {
    let first = name.split_whitespace().filter_map(|one| one.chars().next());
    let initials: Vec<String> = first.map(|letter| format!("{letter}.")).collect();
    initials.join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn drawn(octet: u8) -> VerificationCode {
        VerificationCode::drawn(&[octet; CHANCE])
    }

    #[track_caller]
    fn reads(typed: &str) {
        let expected = VerificationCode("0123456789ABCDEFGHJKMNPQRSTV".to_owned());
        assert_eq!(VerificationCode::parse(typed), Ok(expected), "{typed}");
    }

    #[track_caller]
    fn refuses(typed: &str) {
        assert_eq!(VerificationCode::parse(typed), Err(NotACode), "{typed}");
    }

    #[test]
    fn a_code_is_shown_in_seven_groups_of_four() {
        assert_eq!(drawn(0).to_string(), "0000-0000-0000-0000-0000-0000-0000");
        assert_eq!(drawn(255).to_string(), "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ");
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        reads("0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV");
        reads("0123456789abcdefghjkmnpqrstv");
        reads(" 0123 4567 89ab cdef ghjk mnpq rstv\n");
        reads("Oi23-4567-89AB-CDEF-GHJK-MNPQ-RSTV");
        reads("ol23-4567-89AB-CDEF-GHJK-MNPQ-RSTV");
        // With the Cyrillic layout, as far as the letters look alike.
        reads("ОІ23-4567-89АВ-СDЕF-GНJК-МNРQ-RSТV");
        reads("оі23-4567-89ав-сdеf-gнjк-мnрq-rsтv");
    }

    #[test]
    fn what_is_no_code_is_refused() {
        refuses("");
        refuses("0123-4567-89AB-CDEF-GHJK-MNPQ-RST");
        refuses("0123-4567-89AB-CDEF-GHJK-MNPQ-RSTVW");
        refuses("U123-4567-89AB-CDEF-GHJK-MNPQ-RSTV");
        refuses("ж123-4567-89AB-CDEF-GHJK-MNPQ-RSTV");
        refuses(&"0".repeat(100_000));
    }

    #[test]
    fn debug_output_hides_the_code() {
        assert_eq!(format!("{:?}", drawn(7)), "VerificationCode(..)");
    }

    #[test]
    fn each_used_bit_of_chance_makes_another_code() {
        let mut codes = HashSet::from([drawn(0)]);
        for bit in 0..140 {
            let mut chance = [0_u8; CHANCE];
            chance[bit / 8] = 0x80 >> (bit % 8);
            assert!(codes.insert(VerificationCode::drawn(&chance)), "{bit}");
        }
    }

    #[test]
    fn of_a_name_only_the_first_letters_are_told() {
        assert_eq!(initials("ТЕСТОВ ТЕСТ ТЕСТҰЛЫ"), "Т. Т. Т.");
        assert_eq!(initials("ӘБДІҒАЛИҚЫЗЫ Үлгі"), "Ә. Ү.");
        assert_eq!(initials("О’Коннор-Д'Арси"), "О.");
        assert_eq!(initials(""), "");
    }

    proptest! {
        #[test]
        fn whatever_is_drawn_is_read_again(chance in any::<[u8; CHANCE]>(), lower in any::<bool>()) {
            let code = VerificationCode::drawn(&chance);
            let shown = if lower { code.to_string().to_lowercase() } else { code.to_string() };
            prop_assert_eq!(VerificationCode::parse(&shown), Ok(code.clone()));
            prop_assert_eq!(VerificationCode::parse(code.as_str()), Ok(code));
        }

        #[test]
        fn nothing_that_is_typed_makes_it_panic(typed in "\\PC{0,60}") {
            let _ = VerificationCode::parse(&typed);
        }
    }
}
