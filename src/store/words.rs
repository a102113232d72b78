//! A search by words, through columns that hold them in small letters.

/// What a text must look like to be found: each word of the wish somewhere in it,
/// in small letters; what `LIKE` takes for a wildcard stands for itself.
pub(super) fn patterns(text: &str) -> Vec<String> {
    let small = text.to_lowercase();
    let words = small.split_whitespace();
    words.map(|word| format!("%{}%", literal(word))).collect()
}

fn literal(word: &str) -> String {
    let mut escaped = String::with_capacity(word.len());
    for letter in word.chars() {
        if matches!(letter, '\\' | '%' | '_') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::patterns;

    #[test]
    fn each_word_is_looked_for_in_small_letters() {
        assert_eq!(patterns("  Үлгі КӨШЕСІ "), ["%үлгі%", "%көшесі%"]);
    }

    #[test]
    fn wildcards_stand_for_themselves() {
        assert_eq!(
            patterns(r"100% a_b c\d"),
            [r"%100\%%", r"%a\_b%", r"%c\\d%"]
        );
    }
}
