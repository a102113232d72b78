use serde::Serialize;
use strum::VariantArray;

use super::*;
use crate::domain::attachment::PaperKind;
use crate::domain::law::{OwnerKind, Relationship, Rule};
use crate::domain::{DeclineReason, Ending, EventKind, Grounds, IdentityKind, Stage, State};
use crate::eds::{Check, Indication, Outcome, Seen, SubIndication};

#[test]
fn numbers_follow_the_plural_rules_of_each_language() {
    let all = |count: i64| Language::ALL.map(|language| Words::of(language).months(count));
    assert_eq!(
        [1, 2, 5, 21].map(all),
        [
            ["1 ай", "1 месяц", "1 month"],
            ["2 ай", "2 месяца", "2 months"],
            ["5 ай", "5 месяцев", "5 months"],
            ["21 ай", "21 месяц", "21 months"],
        ]
    );
}

#[test]
fn names_of_programs_find_their_message() {
    let say = Words::of(Language::En);
    assert_eq!(say.named("state", "lapsed").as_deref(), Some("lapsed"));
    assert!(say.named("code", "CONSENT/NONCE_SPENT").is_some());
    assert_eq!(say.named("state", "unheard_of"), None);
}

/// Every variant has a message of this family in every language.
#[track_caller]
fn complete<T: VariantArray + Serialize>(family: &str) {
    named(
        family,
        T::VARIANTS.iter().map(|one| {
            let name = serde_json::to_value(one).unwrap();
            name.as_str().unwrap().to_owned()
        }),
    );
}

#[track_caller]
fn named(family: &str, names: impl Iterator<Item = String>) {
    for name in names {
        for language in Language::ALL {
            let message = Words::of(language).named(family, &name);
            assert!(message.is_some(), "{family} {name} in {language:?}");
        }
    }
}

#[test]
fn whatever_can_be_shown_has_words() {
    complete::<State>("state");
    complete::<State>("meaning");
    complete::<EventKind>("event");
    complete::<DeclineReason>("reason");
    complete::<Ending>("standing");
    complete::<Grounds>("grounds");
    complete::<SubIndication>("code");
    complete::<Indication>("indication");
    complete::<Check>("check");
    complete::<Outcome>("outcome");
    complete::<crate::domain::register::Outcome>("heard");
    complete::<PaperKind>("scan");
    complete::<IdentityKind>("identity");
    complete::<Relationship>("relationship");
    complete::<OwnerKind>("owner-kind");
    complete::<Rule>("law");
    let stages = Stage::VARIANTS.iter().map(|one| <&str>::from(*one));
    named("stage", stages.map(str::to_owned));
    let seen = Seen::VARIANTS.iter().map(|one| <&str>::from(*one));
    named("seen", seen.map(str::to_owned));
}
