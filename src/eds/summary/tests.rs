use super::*;
use crate::eds::testing::national::object;

/// The summary of an official object, or `None` when the data is absent.
fn summary(name: &str, numbers: Numbers) -> Option<Summary> {
    Some(Summary::read(&object(name)?, numbers).expect("a certificate"))
}

#[test]
fn a_head_of_an_organisation_is_read() {
    let Some(summary) = summary("users/ceo_valid_sign_2004_gost.cer", Numbers::Masked) else {
        return;
    };
    let holder = summary.holder.expect("a holder");
    assert_eq!(holder.kind, SignerKind::Organisation);
    assert_eq!(holder.roles, [Role::LegalEntity, Role::Head]);
    assert_eq!(holder.iin.as_deref(), Some("1234********"));
    assert_eq!(holder.patronymic.as_deref(), Some("ТЕСТОВИЧ"));
    assert_eq!(holder.check_digits, Digits::Wrong);
    assert_eq!(summary.key.algorithm, "GOST 34.310-2004");
    assert_eq!(
        summary.signature_algorithm,
        "GOST 34.310-2004 with GOST 34.311-95"
    );
    assert_eq!(summary.key_usage, ["digitalSignature", "nonRepudiation"]);
}

#[test]
fn the_store_of_a_key_is_read() {
    let Some(summary) = summary("cms/individual_signer.cer", Numbers::Masked) else {
        return;
    };
    assert_eq!(summary.key_storage, Some(KeyStorage::File));
    assert_eq!(summary.key.bits, Some(512));
}

#[test]
fn numbers_are_written_out_only_when_asked_for() {
    let (Some(masked), Some(shown)) = (
        summary("cms/individual_signer.cer", Numbers::Masked),
        summary("cms/individual_signer.cer", Numbers::Shown),
    ) else {
        return;
    };
    let json = |summary: &Summary| serde_json::to_string(summary).expect("json");
    assert!(!json(&masked).contains("123456789011"));
    assert!(json(&shown).contains("123456789011"));
    assert!(!format!("{shown:?}").contains("123456789011"));
}

#[test]
fn an_authority_is_told_from_people() {
    let Some(summary) = summary("ca-prod/nca_rsa_2022.cer", Numbers::Masked) else {
        return;
    };
    assert!(summary.authority);
    assert_eq!(summary.key_usage, ["keyCertSign", "cRLSign"]);
    assert_eq!((summary.key.algorithm, summary.key_storage), ("RSA", None));
}

#[test]
fn what_is_no_certificate_has_no_summary() {
    assert!(Summary::read(b"no certificate", Numbers::Masked).is_err());
}
