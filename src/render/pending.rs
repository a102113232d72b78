//! What is said to somebody whose signature waits for its evidence.

use crate::domain::Language;

/// In plain words: what was done, what is missing, and that nothing is to be done.
pub fn words(language: Language) -> &'static str {
    match language {
        Language::Kk => {
            "Қолтаңбаңыз қабылданды және сақталды. Куәландырушы орталықтың растауы әлі келген жоқ: \
             оны өзіміз қайта сұраймыз, сізге ештеңе істеудің қажеті жоқ. Растау келгенше қолтаңба \
             есепке алынбайды."
        }
        Language::Ru => {
            "Ваша подпись принята и сохранена. Подтверждение удостоверяющего центра ещё не получено: \
             мы запросим его снова сами, от вас ничего не требуется. Пока подтверждения нет, подпись \
             не учитывается."
        }
        Language::En => {
            "Your signature has been received and stored. The certification authority has not \
             confirmed it yet: we ask again by ourselves, and you need do nothing. Until it is \
             confirmed the signature does not count."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_these_in_each_language() {
        insta::assert_snapshot!(words(Language::En), @"Your signature has been received and stored. The certification authority has not confirmed it yet: we ask again by ourselves, and you need do nothing. Until it is confirmed the signature does not count.");
        insta::assert_snapshot!(words(Language::Ru), @"Ваша подпись принята и сохранена. Подтверждение удостоверяющего центра ещё не получено: мы запросим его снова сами, от вас ничего не требуется. Пока подтверждения нет, подпись не учитывается.");
        insta::assert_snapshot!(words(Language::Kk), @"Қолтаңбаңыз қабылданды және сақталды. Куәландырушы орталықтың растауы әлі келген жоқ: оны өзіміз қайта сұраймыз, сізге ештеңе істеудің қажеті жоқ. Растау келгенше қолтаңба есепке алынбайды.");
    }
}
