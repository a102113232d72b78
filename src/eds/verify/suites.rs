//! The public conformance suites, where they lie beside the repository, answered
//! by the very example that anybody can run.

use std::fs;

use serde_json::Value;

use crate::eds::{Trust, testing::national::folder};

#[path = "../../../examples/conformance.rs"]
#[expect(dead_code, reason = "its main function reads standard input")]
mod example;

/// Demands the right answer to each case of `suite` but those `left_out`.
#[track_caller]
fn holds(suite: &str, left_out: &[&str]) {
    let Some(folder) = folder() else { return };
    let cases = fs::read_to_string(folder.join("conformance").join(suite)).expect("a suite");
    let memory = Trust::new::<&[u8]>(&[], &[], &[])
        .expect("no trust")
        .remembering(100_000);
    let mut wrong = Vec::new();
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).expect("a case");
        let answer = example::answer(line);
        // First what other cases left in the memory, then what this one did.
        for _ in 0..2 {
            let remembered = example::answer_remembering(line, Some(&memory));
            assert_eq!(remembered, answer, "with a memory");
        }
        let expected = answer["result"] == case["expect"];
        if expected == left_out.iter().any(|id| case["id"] == *id) {
            wrong.push(format!("{} {} {}", case["id"], answer, case["why"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pkits() {
    holds("pkits.jsonl", &[]);
}

/// The three need SHA-3.
#[test]
fn cades_documents_of_the_eu() {
    let sha3 = [
        "DSS1419Sha3224RsaTest",
        "DSS1419Sha3256RsaTest",
        "DSS1419Sha3512Sha3512RsaTest",
    ];
    holds("cms-dss-cades.jsonl", &sha3);
}

#[test]
fn cms_of_openssl() {
    holds("cms-openssl.jsonl", &[]);
}

#[test]
fn answers_of_responders_of_openssl() {
    holds("openssl-ocsp.jsonl", &[]);
}

#[test]
fn time_stamps_of_many() {
    holds("tsp.jsonl", &[]);
}
