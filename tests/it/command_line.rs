//! The verifier on the command line: what it prints, and with which code it ends.

use std::process::{Command, Output};

use kelisim::eds::Policy;
use kelisim::pki::{Packaging, pem, sign};
use serde_json::Value;

use crate::material::{self, now};
use crate::national::object;
use crate::openssl::Folder;

const DOCUMENT: &[u8] = "Келісемін".as_bytes();

/// A folder with a trust directory, a document, and what `owner-1` makes of it.
fn desk() -> Folder {
    let (folder, pki) = (Folder::new(), material::pki());
    for part in ["anchors", "issuers", "crls"] {
        std::fs::create_dir_all(folder.path().join("trust").join(part)).unwrap();
    }
    let root = pem::encode(pem::CERTIFICATE, &pki.rsa.root.certificate);
    folder.put("trust/anchors/root.pem", root);
    folder.put("trust/issuers/issuing.cer", &pki.rsa.issuing.certificate);
    folder.put("trust/crls/root.crl", &pki.rsa.root_crl);
    folder.put("trust/crls/issuing.crl", &pki.rsa.issuing_crl);
    let person = material::person("owner-1");
    let made =
        |packaging| sign(DOCUMENT, &person.certificate, &person.key, now(), packaging).unwrap();
    folder.put("document", DOCUMENT);
    folder.put("owner.cer", &person.certificate);
    folder.put("attached.p7m", made(Packaging::Attached));
    let text = pem::encode("CMS", &made(Packaging::Detached));
    folder.put("detached.pem", text);
    folder
}

fn run(folder: &Folder, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kelisim"));
    command
        .current_dir(folder.path())
        .env_remove("KELISIM_TRUST");
    command.args(arguments.split_whitespace()).output().unwrap()
}

/// Runs it as of the tests' own time.
fn verify(folder: &Folder, arguments: &str) -> (Option<i32>, String) {
    let at = now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let output = run(folder, &format!("verify --at {at} {arguments}"));
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code(), text)
}

#[test]
fn a_signature_that_holds_ends_with_0() {
    let desk = desk();
    let (code, text) = verify(&desk, "attached.p7m --trust trust");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.starts_with("PASSED  1 signature, CMS"), "{text}");
    assert!(text.contains("TOTAL-PASSED"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
    assert!(!text.contains(&material::person("owner-1").character.identity.iin));
    let (code, _) = verify(&desk, "detached.pem --content document --trust trust");
    assert_eq!(code, Some(0));
}

#[test]
fn a_verdict_below_it_ends_with_1() {
    let desk = desk();
    desk.put("other", "Келіспеймін");
    for (arguments, code) in [
        ("detached.pem --content other --trust trust", "HASH_FAILURE"),
        ("detached.pem --trust trust", "SIGNED_DATA_NOT_FOUND"),
        ("attached.p7m", "NO_CERTIFICATE_CHAIN_FOUND"),
        ("document --trust trust", "FORMAT_FAILURE"),
    ] {
        let (ended, text) = verify(&desk, arguments);
        assert_eq!(ended, Some(1), "{arguments}: {text}");
        assert!(text.contains(code), "{arguments}: {text}");
    }
}

#[test]
fn what_cannot_be_judged_ends_with_2() {
    let desk = desk();
    for arguments in [
        "absent --trust trust",
        "attached.p7m --trust absent",
        "attached.p7m --trust trust --policy absent",
        "attached.p7m --trust trust --crl document",
        "attached.p7m --trust trust --ocsp document",
        "attached.p7m --trust trust --wrong",
    ] {
        let (ended, text) = verify(&desk, arguments);
        assert_eq!(ended, Some(2), "{arguments}: {text}");
        assert_eq!(text, "", "{arguments}");
    }
}

#[test]
fn evidence_and_rules_can_be_given_beside_the_trust() {
    let desk = desk();
    let crls = desk.path().join("trust/crls");
    std::fs::rename(&crls, desk.path().join("lists")).unwrap();
    let (code, text) = verify(&desk, "attached.p7m --trust trust");
    assert!(code == Some(1) && text.contains("TRY_LATER"), "{text}");
    let lists = "--crl lists/root.crl --crl lists/issuing.crl";
    let (code, _) = verify(&desk, &format!("attached.p7m --trust trust {lists}"));
    assert_eq!(code, Some(0));
    desk.put("mine.toml", "id = \"mine\"\nrevocation = \"if-present\"\n");
    let (code, text) = verify(&desk, "attached.p7m --trust trust --policy mine.toml");
    assert!(code == Some(0) && text.contains("mine"), "{text}");
}

/// By the rules of receipt: the signature has no stamp yet.
#[test]
fn an_employee_does_not_bind_the_organisation() {
    let desk = desk();
    let verdict = |slug, policy| {
        let person = material::person(slug);
        let packaging = Packaging::Attached;
        let made = sign(DOCUMENT, &person.certificate, &person.key, now(), packaging).unwrap();
        desk.put("order.p7m", made);
        let policy = Policy::named(policy).unwrap().on_receipt();
        desk.put("rules.toml", policy.to_toml());
        let (code, text) = verify(&desk, "order.p7m --trust trust --policy rules.toml");
        assert!(text.contains(policy.id()), "{text}");
        (code, text.contains("CHAIN_CONSTRAINTS_FAILURE"))
    };
    for (slug, policy, holds) in [
        ("organisation", "national-organisation-lasting", true),
        ("employee", "national-organisation-lasting", false),
        ("owner-1", "national-organisation-lasting", false),
        ("operator", "national-operator-lasting", true),
        ("employee", "national-operator-lasting", true),
        ("owner-1", "national-operator-lasting", false),
        ("organisation", "national-lasting", false),
    ] {
        let expected = (Some(if holds { 0 } else { 1 }), !holds);
        assert_eq!(verdict(slug, policy), expected, "{slug} {policy}");
    }
}

#[test]
fn programs_get_the_reports_as_json() {
    let desk = desk();
    let (code, text) = verify(&desk, "attached.p7m --trust trust --json");
    assert_eq!(code, Some(0));
    let validation: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(validation["indication"], "TOTAL-PASSED");
    assert_eq!(validation["signatures"][0]["report"]["policy"], "national");
}

#[test]
fn a_certificate_is_shown_with_its_number_masked_unless_revealed() {
    let desk = desk();
    let iin = &material::person("owner-1").character.identity.iin;
    let show = |arguments: &str| {
        let output = run(&desk, &format!("cert show {arguments}"));
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let masked = show("owner.cer");
    assert!(masked.contains("a file (PKCS#12)"), "{masked}");
    assert!(masked.contains("signs documents"), "{masked}");
    assert!(!masked.contains(iin), "{masked}");
    assert!(show("owner.cer --reveal").contains(iin));
    let json: Value = serde_json::from_str(&show("owner.cer --json")).unwrap();
    assert_eq!(json["key_storage"], "pkcs12");
    assert_eq!(run(&desk, "cert show document").status.code(), Some(2));
}

#[test]
fn a_development_anchor_is_not_official() {
    let desk = desk();
    let output = run(&desk, "trust check trust");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("no anchor is official"), "{text}");
}

#[test]
fn the_official_anchors_are_known_by_their_fingerprints() {
    let (Some(root), Some(issuer), Some(other)) = (
        object("ca-prod/root_gost_2022.pem"),
        object("ca-prod/nca_gost_2022.pem"),
        object("ca-prod/root_rsa_2020.cer"),
    ) else {
        return;
    };
    let folder = Folder::new();
    std::fs::create_dir_all(folder.path().join("trust/anchors")).unwrap();
    std::fs::create_dir_all(folder.path().join("trust/issuers")).unwrap();
    folder.put("trust/anchors/root_gost_2022.pem", root);
    folder.put("trust/issuers/nca_gost_2022.pem", issuer);
    let output = run(&folder, "trust check trust");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");

    // Another certificate under an official name is an alarm.
    folder.put("trust/anchors/root_gost_2020.cer", other);
    let text = String::from_utf8(run(&folder, "trust check trust").stdout).unwrap();
    assert!(text.contains("root_rsa_2020"), "{text}");
    folder.put("trust/issuers/broken.cer", "no certificate");
    assert_eq!(run(&folder, "trust check trust").status.code(), Some(1));
}

#[test]
fn serve_names_every_setting_that_cannot_be_used_and_repeats_nobodys_number() {
    let desk = desk();
    let output = run(
        &desk,
        "serve --database-url postgres://localhost/none --trust trust --evidence nowhere \
         --audit-key nowhere --organisation-bin 12 --administrator 920614499917 \
         --administrator 920614499918",
    );
    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    for fault in [
        "--evidence: ",
        "--audit-key: ",
        "--organisation-bin: not twelve digits",
        "--administrator: no. 2: ",
    ] {
        assert!(text.contains(fault), "{fault}: {text}");
    }
    assert!(!text.contains("92061449991"), "{text}");
}
