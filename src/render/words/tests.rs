use super::*;

fn words(language: Language) -> Words {
    Words::of(language)
}

#[test]
fn numbers_follow_the_plural_rules_of_each_language() {
    let all = |count: i64| Language::ALL.map(|language| words(language).months(count));
    insta::assert_debug_snapshot!([1, 2, 5, 21].map(all));
}

#[test]
fn names_of_programs_find_their_message() {
    let say = words(Language::En);
    assert_eq!(say.named("state", "lapsed").as_deref(), Some("lapsed"));
    assert!(say.named("code", "CONSENT/NONCE_SPENT").is_some());
    assert_eq!(say.named("state", "unheard_of"), None);
}
