//! Text that looks like what it is.
//!
//! Names and addresses stand in what people sign. A character that is not seen,
//! that turns the direction of writing or that looks like another one would let
//! a person sign something else than what they read.

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Punctuation of names and addresses beside that of ASCII.
const PUNCTUATION: [char; 9] = ['№', '«', '»', '“', '”', '’', 'ʼ', '–', '—'];

/// The scripts of the three languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
}

/// Whether the text is composed (Unicode normalization form C), holds nothing but
/// letters of the Latin and the Cyrillic script, ASCII digits, blanks and common
/// punctuation, and mixes the two scripts in no word.
///
/// What is not listed is refused: controls, marks of writing direction, joiners
/// and other characters without a width, fillers, private use, what Unicode has
/// not assigned, and letters in another shape (full width, ligatures).
pub fn is_plain(text: &str) -> bool {
    let listed = |c: char| is_mark(c) || script(c).is_some();
    is_nfc(text) && text.chars().all(listed) && text.split(is_mark).all(is_of_one_script)
}

/// A character that is part of no word; digits are not either, so that 12А is as
/// good as 12A.
fn is_mark(c: char) -> bool {
    c == ' ' || c.is_ascii_digit() || c.is_ascii_punctuation() || PUNCTUATION.contains(&c)
}

fn is_of_one_script(word: &str) -> bool {
    let mut scripts = word.chars().map(script);
    let first = scripts.next();
    scripts.all(|script| Some(script) == first)
}

/// The script of a letter that has but one shape; clicks and marks of phonetic
/// alphabets have no case and are no letters here.
fn script(c: char) -> Option<Script> {
    let cased = c.is_lowercase() || c.is_uppercase();
    let itself = [c].into_iter().nfkc().eq([c]);
    let script = match c {
        // Basic Latin to Latin Extended-B, the schwa of Azerbaijani, and Latin
        // Extended Additional.
        'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{24f}' | 'ə' | '\u{1e00}'..='\u{1eff}' => {
            Script::Latin
        }
        // Cyrillic and its supplement.
        '\u{400}'..='\u{52f}' => Script::Cyrillic,
        _ => return None,
    };
    (cased && itself).then_some(script)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_and_addresses_of_the_three_languages_are_plain() {
        for text in [
            "",
            "ТЕСТОВ ТЕСТ ТЕСТҰЛЫ",
            "ӘБДІҒАЛИҚЫЗЫ ҢҮӨҺ әіңғүұқөһ ё ЙЁ",
            "О’Коннор-Д'Арси Жан Мʼба",
            "Müller Łukasz Əliyev Əhməd",
            "г. Алматы, ул. Абая, д. 12А/1, кв. 7 (№ 3)",
            "12A Abay ave., flat 7",
            "XXI век, корпус IV, блок «B» – 2",
            "IT-компания",
        ] {
            assert!(is_plain(text), "{text}");
        }
    }

    #[track_caller]
    fn refused(hidden: impl IntoIterator<Item = char>) {
        for c in hidden {
            let text = format!("ТЕСТ{c}ОВ");
            assert!(!is_plain(&text), "U+{:04X}", u32::from(c));
            assert!(!is_plain(&c.to_string()), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn what_is_not_seen_is_refused() {
        refused('\0'..='\u{1f}');
        refused('\u{7f}'..='\u{a0}');
        refused(
            "\u{ad}\u{34f}\u{61c}\u{115f}\u{1160}\u{180e}\u{2800}\u{3164}\u{ffa0}\u{feff}".chars(),
        );
        refused('\u{2000}'..='\u{200f}');
        refused('\u{2028}'..='\u{202f}');
        refused('\u{205f}'..='\u{206f}');
        refused('\u{fe00}'..='\u{fe0f}');
        refused('\u{fff0}'..='\u{ffff}');
        refused('\u{e0000}'..='\u{e01ef}');
        refused("\u{e000}\u{f8ff}\u{f0000}\u{10ffff}\u{378}\u{530}".chars());
    }

    #[test]
    fn what_looks_like_something_else_is_refused() {
        for text in [
            "TЕСТОВ",
            "ТEСТОВ",
            "ТЕСТОB",
            "Аbay",
            "ІV",
            "ӘLIYEV",
            "ＴＥＳＴ",
            "１２",
            "ﬁn",
            "𝐀bay",
            "ΑΒΓ",
            "Ꭺbay",
            "ǃǀ",
            "⁄",
            "Ⅳ",
            "ª",
        ] {
            assert!(!is_plain(text), "{text}");
        }
    }

    #[test]
    fn text_that_is_not_composed_is_refused() {
        assert!(is_plain("й ё é"));
        for text in ["и\u{306}", "е\u{308}", "e\u{301}", "а\u{301}", "Т\u{489}"] {
            assert!(!is_plain(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_plain_stays_so_in_every_part(text in "\\PC{0,12}|[A-zА-я \u{300}-\u{306}]{0,12}") {
            let parts = text.split_whitespace();
            if is_plain(&text) {
                prop_assert!(parts.clone().all(is_plain));
                prop_assert!(text.nfkc().eq(text.replace('№', "No").chars()));
            } else {
                let within = text.split(' ').all(is_plain);
                prop_assert!(!within);
            }
        }
    }
}
