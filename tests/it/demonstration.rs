//! What a newcomer sees: the demonstration succeeds, and a corrupted signature
//! in it does not.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::service::database_url;

/// One test, for each run makes the database of the demonstration anew.
#[test]
fn the_demonstration_succeeds_and_refuses_corrupted_signatures() {
    let folder = std::env::temp_dir().join(format!("kelisim-demo-{}", std::process::id()));
    let played = demo(&folder, &[]);
    assert_eq!(played.status.code(), Some(0), "{}", text(&played));
    let seen = String::from_utf8(played.stdout).unwrap();
    for words in [
        "registered",
        "every signature good",
        "Every step was seen to succeed",
    ] {
        assert!(seen.contains(words), "{words}: {seen}");
    }
    for part in ["login", "application", "consent"] {
        let refused = demo(&folder, &["--tamper", part]);
        assert_eq!(refused.status.code(), Some(3), "{}", text(&refused));
        let seen = text(&refused);
        assert!(seen.contains("SIG_CRYPTO_FAILURE"), "{seen}");
        assert!(seen.contains("application/problem+json"), "{seen}");
    }
    names_nobody(&seen);
    names_nobody(&fs::read_to_string(folder.join("service.log")).unwrap());
    fs::remove_dir_all(folder).unwrap();
}

fn demo(folder: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kelisim"))
        .arg("demo")
        .args(["--database-url", &database_url("postgres"), "--once"])
        .arg("--dir")
        .arg(folder)
        .args(more)
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8(both).unwrap()
}

/// Numbers of people are masked wherever somebody could look.
#[track_caller]
fn names_nobody(text: &str) {
    for character in kelisim::pki::characters() {
        assert!(!text.contains(&character.identity.iin), "{text}");
    }
}
