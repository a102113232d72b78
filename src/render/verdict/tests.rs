use chrono::{TimeZone, Utc};

use super::*;
use crate::eds::{
    CertificateSummary, Check, Checked, Container, Content, Digest, Digits, Fault, Holder,
    KeySummary, KeyUse, Moment, Numbers, Oid, Policy, Remark, Role, SignerKind, Summary, Trust,
};
use crate::render::certificate;

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 1, 12, 0, 0).unwrap()
}

fn signer() -> Summary {
    Summary {
        certificate: CertificateSummary {
            subject: "CN=ТЕСТОВ ТЕСТ,SERIALNUMBER=IIN9001********".to_owned(),
            issuer: "CN=Authority".to_owned(),
            serial: "0102".to_owned(),
            not_before: noon() - chrono::TimeDelta::days(30),
            not_after: noon() + chrono::TimeDelta::days(335),
            sha256: Digest::of(b"certificate"),
        },
        sha1: "0a".repeat(20),
        holder: Some(Holder {
            kind: SignerKind::Person,
            name: "ТЕСТОВ ТЕСТ".to_owned(),
            surname: Some("ТЕСТОВ".to_owned()),
            given_name: Some("ТЕСТ".to_owned()),
            patronymic: Some("ТЕСТҰЛЫ".to_owned()),
            iin: Some("9001********".to_owned()),
            organisation: None,
            bin: None,
            check_digits: Digits::Right,
            roles: vec![Role::Individual],
        }),
        ambiguity: None,
        authority: false,
        key: KeySummary {
            algorithm: "GOST 34.10-2015",
            bits: Some(512),
        },
        signature_algorithm: "GOST 34.10-2015 with Streebog-512".to_owned(),
        key_use: KeyUse::SignAndAuthenticate,
        key_usage: vec!["digitalSignature", "nonRepudiation"],
        extended_key_usage: vec![Oid::new("1.3.6.1.5.5.7.3.4")],
        policies: vec![Oid::new("1.2.398.3.3.2")],
        key_storage: Some(crate::eds::KeyStorage::File),
    }
}

/// What the verifier says of octets that are nothing.
fn of_nothing() -> Validation {
    let trust = Trust::new::<Vec<u8>>(&[], &[], &[]).unwrap();
    let moment = Moment::at(noon());
    Container::of(b"nothing").validate(Content::Attached, &trust, &Policy::national(), moment)
}

/// The same, made to look as if everything held.
fn passed() -> Validation {
    let mut validation = of_nothing();
    validation.indication = Indication::TotalPassed;
    let judged = &mut validation.signatures[0];
    judged.signer = Some(signer());
    let report = &mut judged.report;
    report.indication = Indication::TotalPassed;
    (report.sub_indication, report.reason) = (None, None);
    for checked in &mut report.checks {
        checked.outcome = Outcome::Passed;
    }
    report.claimed_signing_time = Some(noon() - chrono::TimeDelta::minutes(1));
    report.certificates = vec![signer().certificate];
    report.remarks = vec![Remark::RevocationUnknown];
    validation
}

#[test]
fn a_signature_that_holds_reads_like_this() {
    insta::assert_snapshot!(text(&passed(), Ink::None), @"");
}

#[test]
fn what_is_no_signature_reads_like_this() {
    insta::assert_snapshot!(text(&of_nothing(), Ink::None), @"");
}

#[test]
fn a_certificate_reads_like_this() {
    insta::assert_snapshot!(certificate::text(&signer(), Ink::None), @"");
}

#[test]
fn colours_are_for_terminals_only() {
    assert!(!text(&passed(), Ink::None).contains('\u{1b}'));
    assert!(text(&passed(), Ink::Colours).contains("\u{1b}[32mPASSED\u{1b}[0m"));
}

#[test]
fn a_name_that_is_not_proven_is_only_claimed() {
    let mut failed = passed();
    failed.signatures[0].report.indication = Indication::TotalFailed;
    failed.signatures[0].report.reason = Some(Fault::DigestMismatch);
    let text = text(&failed, Ink::None);
    assert!(text.contains("claims   ТЕСТОВ ТЕСТ ТЕСТҰЛЫ"), "{text}");
    assert!(!text.contains("signer   "), "{text}");
}

#[test]
fn each_outcome_of_a_check_has_its_words() {
    let words = [Outcome::Passed, Outcome::Failed, Outcome::Skipped]
        .map(|outcome| of_check(Check::Path, outcome));
    let expected = [
        "chain to a trust anchor",
        "chain to a trust anchor: failed",
        "chain to a trust anchor: not looked at",
    ];
    assert_eq!(words, expected);
}
