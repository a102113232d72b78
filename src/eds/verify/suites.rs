//! The public conformance suites, where they lie beside the repository, answered
//! by the very example that anybody can run.

use std::fs;

use base64::{Engine, prelude::BASE64_STANDARD};
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
        assert_eq!(example::answer_compacting(line), answer, "compact lists");
        // First what other cases left in the memory, then what this one did; each time
        // the certificates of the case return.
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

/// Or the comparison of both forms would compare nothing.
#[test]
fn most_lists_of_pkits_can_be_kept_without_their_octets() {
    let Some(folder) = folder() else { return };
    let cases = fs::read_to_string(folder.join("conformance/pkits.jsonl")).expect("a suite");
    let (mut all, mut compact) = (0, 0);
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).expect("a case");
        let decoded = |field: &str| -> Vec<Vec<u8>> {
            let texts = case[field].as_array().into_iter().flatten();
            let octets = texts.map(|text| BASE64_STANDARD.decode(text.as_str().unwrap_or("")));
            octets.map(|octets| octets.expect("base64")).collect()
        };
        let certificates = [decoded("chain"), decoded("extra_certs")].concat();
        let Ok(trust) = Trust::new(&decoded("anchors"), &certificates, &decoded("crls")) else {
            continue;
        };
        let trust = trust.compacted();
        all += trust.crls.len();
        compact += trust.crls.iter().filter(|list| list.is_compact()).count();
    }
    assert!(compact * 10 > all * 8, "{compact} of {all}");
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
