//! A message that one of the languages lacks fails the build.

#[path = "../../build/words.rs"]
#[expect(
    dead_code,
    reason = "the build makes the words; here it is only asked to compare"
)]
mod words;

use words::{Messages, same};

fn messages(all: &[(&str, &[&str])]) -> Messages {
    let all = all.iter().map(|(name, arguments)| {
        let arguments = arguments.iter().map(|one| (*one).to_owned());
        ((*name).to_owned(), arguments.collect())
    });
    all.collect()
}

#[test]
fn languages_that_say_the_same_pass() {
    let one = messages(&[("months", &["count"]), ("back", &[])]);
    assert_eq!(same(&[one.clone(), one.clone(), one]), Ok(()));
}

#[test]
fn each_missing_translation_is_named() {
    let whole = messages(&[("months", &["count"]), ("back", &[])]);
    let lacking = messages(&[("back", &[])]);
    let faults = same(&[lacking, whole.clone(), whole]).unwrap_err();
    assert_eq!(faults, "\nmonths has no translation in kk");
}

#[test]
fn other_arguments_are_no_translation() {
    let whole = messages(&[("months", &["count"])]);
    let other = messages(&[("months", &["number"])]);
    let faults = same(&[whole.clone(), whole, other]).unwrap_err();
    assert_eq!(faults, "\nmonths has other arguments in another language");
}
