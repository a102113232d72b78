use chrono::{TimeZone, Utc};

use super::*;
use crate::eds::{
    CertificateSummary, Check, Container, Content, Digest, Digits, Fault, Holder, KeySummary,
    KeyUse, Moment, Oid, Policy, Remark, Role, SignerKind, Summary, Trust,
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
    let policy = Policy::national();
    let mut found = Container::of(b"nothing").validate(Content::Attached, &trust, &policy, moment);
    // So that a new rule changes no words.
    found.signatures[0].report.policy_hash = Digest::of(b"policy");
    found
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
    report.certificates = vec![signer().certificate.into()];
    report.remarks = vec![Remark::RevocationUnknown];
    validation
}

#[test]
fn a_signature_that_holds_reads_like_this() {
    insta::assert_snapshot!(text(&passed(), Ink::None), @r#"
    PASSED  1 signature, CMS

    Signature 1: it holds (TOTAL-PASSED)
      signer   ТЕСТОВ ТЕСТ ТЕСТҰЛЫ, IIN 9001********
      signed   2026-11-01 11:59:00 UTC, by the signer's own clock
      proven   not later than 2026-11-01 12:00:00 UTC, the time of receipt
      judged   as of 2026-11-01 12:00:00 UTC
      policy   national (823412d1eacb6795…)
      note     no fresh word on revocation was at hand
      checks
        ✓ form of the file
        ✓ signer's certificate
        ✓ algorithms and key sizes
        ✓ signed attributes
        ✓ content
        ✓ signature value
        ✓ reference to the certificate
        ✓ time-stamps
        ✓ chain to a trust anchor
        ✓ purpose of the certificate
        ✓ identity of the signer
        ✓ validity of the certificate
        ✓ revocation
      chain
        1 CN=ТЕСТОВ ТЕСТ,SERIALNUMBER=IIN9001********
          2026-10-02 12:00:00 UTC – 2027-10-02 12:00:00 UTC, sha256 03d66dd08835c1ca…
    "#);
}

#[test]
fn what_is_no_signature_reads_like_this() {
    insta::assert_snapshot!(text(&of_nothing(), Ink::None), @r#"
    FAILED  1 signature, CMS

    Signature 1: it does not hold (TOTAL-FAILED)
      why      the file is no well-formed signature
      exactly  malformed: content info
      code     FORMAT_FAILURE
      signer   the certificate was not found
      proven   not later than 2026-11-01 12:00:00 UTC, the time of receipt
      judged   as of 2026-11-01 12:00:00 UTC
      policy   national (823412d1eacb6795…)
      checks
        ✗ form of the file: failed
        – signer's certificate: not looked at
        – algorithms and key sizes: not looked at
        – signed attributes: not looked at
        – content: not looked at
        – signature value: not looked at
        – reference to the certificate: not looked at
        – time-stamps: not looked at
        – chain to a trust anchor: not looked at
        – purpose of the certificate: not looked at
        – identity of the signer: not looked at
        – validity of the certificate: not looked at
        – revocation: not looked at
    "#);
}

#[test]
fn a_certificate_reads_like_this() {
    insta::assert_snapshot!(certificate::text(&signer(), Ink::None), @r#"
    ТЕСТОВ ТЕСТ ТЕСТҰЛЫ, IIN 9001********

      subject       CN=ТЕСТОВ ТЕСТ,SERIALNUMBER=IIN9001********
      IIN           9001********
      kind          natural person
      roles         individual
      key use       signs documents and logs in
      key usage     digitalSignature, nonRepudiation
      extended use  1.3.6.1.5.5.7.3.4
      policies      1.2.398.3.3.2
      key           GOST 34.10-2015, 512 bit
      key kept in   a file (PKCS#12)
      signed by     GOST 34.10-2015 with Streebog-512
      issuer        CN=Authority
      serial        0102
      valid from    2026-10-02 12:00:00 UTC
      valid to      2027-10-02 12:00:00 UTC
      sha256        03d66dd08835c1ca3f128cceacd1f31ac94163096b20f445ae84285bc0832d72
      sha1          0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a
    "#);
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
