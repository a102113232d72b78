//! Real signatures and certificates get the verdict they deserve.

use crate::eds::{
    CheckDigit, Content, Fault, KeyUse, Moment, Policy, Purpose, Report, Revocation, Role, Signer,
    SubIndication, Trust, Verified,
    testing::{national::object, pki::at},
    validate_certificate, verify,
};

type Chain = Option<Result<(Signer, Report), Box<Report>>>;

/// Judges the first object as a certificate, the last being the anchor and
/// those between known; `None` when the data is absent.
#[track_caller]
fn chain(names: &[&str], time: &str) -> Chain {
    let octets: Option<Vec<_>> = names.iter().map(|name| object(name)).collect();
    let octets = octets?;
    let [leaf, between @ .., anchor] = octets.as_slice() else {
        panic!("too short")
    };
    Some(judge(leaf, between, anchor, time))
}

#[track_caller]
fn judge(
    leaf: &[u8],
    between: &[Vec<u8>],
    anchor: &[u8],
    time: &str,
) -> Result<(Signer, Report), Box<Report>> {
    let trust = Trust::new(&[anchor.to_vec()], between, &[]).expect("trust");
    let policy = Policy::generic().with(|rules| {
        rules.purpose = Purpose::Unspecified;
        rules.revocation = Revocation::Ignored;
        rules.check_digit = CheckDigit::Waived;
    });
    validate_certificate(leaf, between, &trust, &policy, Moment::at(at(time)))
}

#[track_caller]
fn holds(names: &[&str], time: &str) {
    let Some(verdict) = chain(names, time) else {
        return;
    };
    if let Err(report) = verdict {
        panic!("{names:?}: {:?}", report.reason);
    }
}

#[test]
fn the_production_authorities_lead_to_their_roots() {
    holds(
        &["ca-prod/nca_gost_2022.pem", "ca-prod/root_gost_2022.pem"],
        "2026-01-01T00:00:00Z",
    );
    holds(
        &["ca-prod/nca_rsa_2022.cer", "ca-prod/root_rsa_2020.cer"],
        "2026-01-01T00:00:00Z",
    );
    holds(
        &["ca-prod/btsd_gost.cer", "ca-prod/root_gost_2020.cer"],
        "2026-01-01T00:00:00Z",
    );
    holds(
        &["ca-prod/ucgo_gost.cer", "ca-prod/root_gost_2020.cer"],
        "2026-01-01T00:00:00Z",
    );
    holds(
        &["ca-prod/nca_gost.pem", "ca-prod/root_gost.pem"],
        "2020-01-01T00:00:00Z",
    );
    holds(
        &["ca-prod/nca_rsa.pem", "ca-prod/root_rsa.pem"],
        "2020-01-01T00:00:00Z",
    );
}

#[test]
fn the_test_authorities_lead_to_their_anchors() {
    holds(
        &[
            "ca-test/nca_gost2022_test.cer",
            "ca-test/root_test_gost_2022.cer",
        ],
        "2026-01-01T00:00:00Z",
    );
    for user in [
        "individual_valid_sign_2004_rsa.cer",
        "individual_valid_sign_2004_rsa_auth.cer",
    ] {
        holds(
            &[&format!("users/{user}"), "ca-test/nca_rsa_test.crt"],
            "2022-06-01T00:00:00Z",
        );
    }
    holds(
        &[
            "users/ceo_valid_sign_2004_gost.cer",
            "ca-test/nca_gost_test.crt",
        ],
        "2022-06-01T00:00:00Z",
    );
    holds(
        &[
            "cms/individual_signer.cer",
            "ca-test/nca_gost2022_test.cer",
            "ca-test/root_test_gost_2022.cer",
        ],
        "2026-07-20T10:00:00Z",
    );
}

#[test]
fn roots_that_share_a_common_name_are_told_apart() {
    let Some(verdict) = chain(
        &["ca-prod/btsd_gost.cer", "ca-prod/root_gost.pem"],
        "2020-01-01T00:00:00Z",
    ) else {
        return;
    };
    assert_eq!(verdict.expect_err("passed").reason, Some(Fault::NoPath));
}

#[test]
fn a_flipped_bit_anywhere_in_an_authority_certificate_is_refused() {
    let (Some(leaf), Some(anchor)) = (
        object("ca-prod/nca_rsa_2022.cer"),
        object("ca-prod/root_rsa_2020.cer"),
    ) else {
        return;
    };
    for place in 0..leaf.len() {
        let mut changed = leaf.clone();
        changed[place] ^= 1 << (place % 8);
        assert!(
            judge(&changed, &[], &anchor, "2026-01-01T00:00:00Z").is_err(),
            "octet {place}"
        );
    }
}

#[test]
fn the_profile_is_read() {
    let Some(verdict) = chain(
        &[
            "users/ceo_valid_sign_2004_gost.cer",
            "ca-test/nca_gost_test.crt",
        ],
        "2022-06-01T00:00:00Z",
    ) else {
        return;
    };
    let (signer, _) = verdict.expect("passes");
    assert_eq!(
        signer.iin().map(|iin| iin.masked()),
        Some("1234********".to_owned())
    );
    assert_eq!(signer.bin().map(|bin| bin.as_str()), Some("123456789021"));
    assert_eq!(
        (signer.names().surname(), signer.names().given()),
        (Some("ТЕСТОВ"), Some("ТЕСТ"))
    );
    assert_eq!(signer.names().patronymic(), Some("ТЕСТОВИЧ"));
    assert_eq!(signer.roles(), [Role::LegalEntity, Role::Head]);
    assert_eq!(signer.key_use(), KeyUse::SignAndAuthenticate);
}

/// Judges the signature of the individual, one minute after it was made.
fn individual(signature: &[u8], content: Content<'_>) -> Option<Result<Verified, Box<Report>>> {
    let trust = Trust::new(
        &[object("ca-test/root_test_gost_2022.cer")?],
        &[object("ca-test/nca_gost2022_test.cer")?],
        &[],
    );
    let moment = Moment::at(at("2026-07-20T09:09:06Z"));
    Some(verify(
        signature,
        content,
        &trust.expect("trust"),
        &Policy::national_test(),
        moment,
    ))
}

#[test]
fn the_signature_of_the_individual_holds() {
    let (Some(attached), Some(detached), Some(document)) = (
        object("cms/individual_attached.der"),
        object("cms/individual_detached.der"),
        object("cms/individual_document.txt"),
    ) else {
        return;
    };
    for (signature, content) in [
        (&attached, Content::Attached),
        (&detached, Content::Detached(&document)),
    ] {
        match individual(signature, content) {
            Some(Ok(verified)) => {
                assert_eq!(
                    verified.signer().iin().map(|iin| iin.masked()),
                    Some("1234********".to_owned())
                );
            }
            Some(Err(report)) => panic!("{:?}", report.reason),
            None => {}
        }
    }
    let other = individual(&detached, Content::Detached(b"another document")).expect("data");
    assert_eq!(
        other.expect_err("passed").reason,
        Some(Fault::DigestMismatch)
    );
}

#[test]
fn row_18_the_test_authority_is_nobody_among_the_real_ones() {
    let (Some(signature), Some(root), Some(authority)) = (
        object("cms/individual_attached.der"),
        object("ca-prod/root_gost_2022.pem"),
        object("ca-prod/nca_gost_2022.pem"),
    ) else {
        return;
    };
    let trust = Trust::new(&[root], &[authority], &[]).expect("trust");
    let policy = Policy::national_test().with(|rules| rules.check_digit = CheckDigit::Waived);
    let moment = Moment::at(at("2026-07-20T09:09:06Z"));
    let verdict = verify(&signature, Content::Attached, &trust, &policy, moment);
    let report = verdict.expect_err("passed");
    assert_eq!(
        report.sub_indication,
        Some(SubIndication::NoCertificateChainFound)
    );
}

#[test]
fn without_a_reference_to_its_certificate_a_signature_is_no_cades() {
    let Some(signature) = object("cms/test_gost512_no_signing_certificate_attached.der") else {
        return;
    };
    let report = individual(&signature, Content::Attached)
        .expect("data")
        .expect_err("passed");
    assert_eq!(
        report.reason,
        Some(Fault::Attributes("signing certificate absent"))
    );
}
