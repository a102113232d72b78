use base64::{Engine, prelude::BASE64_STANDARD};

use super::*;
use crate::eds::{
    Fault,
    testing::{national::object, pki::at},
};

/// The verdict on a file under the test authority of the national PKI, a year
/// before its certificates end.
fn judged(octets: &[u8], content: Content<'_>) -> Option<Validation> {
    let trust = Trust::new(
        &[object("ca-test/root_test_gost_2022.cer")?],
        &[object("ca-test/nca_gost2022_test.cer")?],
        &[],
    );
    Some(Container::of(octets).validate(
        content,
        &trust.expect("trust"),
        &Policy::national_test(),
        Moment::at(at("2026-08-20T10:00:00Z")),
    ))
}

#[test]
fn the_form_of_a_file_does_not_matter() {
    let Some(der) = object("cms/individual_attached.der") else {
        return;
    };
    let base64 = BASE64_STANDARD.encode(&der);
    let pem = format!("-----BEGIN CMS-----\n{base64}\n-----END CMS-----\n");
    let plain = judged(&der, Content::Attached).expect("data");
    assert_eq!(plain.indication, Indication::TotalPassed, "{plain:?}");
    assert_eq!(plain.form, Form::Cms);
    for armoured in [base64, pem] {
        let found = judged(armoured.as_bytes(), Content::Attached);
        assert_eq!(found.as_ref(), Some(&plain));
    }
}

#[test]
fn the_signer_is_shown_also_when_the_signature_does_not_hold() {
    let Some(der) = object("cms/individual_detached.der") else {
        return;
    };
    let found = judged(&der, Content::Detached(b"another document")).expect("data");
    assert_eq!(found.indication, Indication::TotalFailed);
    let [only] = found.signatures.as_slice() else {
        panic!("{found:?}")
    };
    let holder = only
        .signer
        .as_ref()
        .and_then(|signer| signer.holder.as_ref());
    assert_eq!(
        holder.map(|holder| holder.name.as_str()),
        Some("ТЕСТОВ ТЕСТ")
    );
}

#[test]
fn what_is_no_signature_gets_one_report_that_says_so() {
    for (octets, form) in [
        (&b""[..], Form::Cms),
        (b"nothing of the kind", Form::Cms),
        (b" <a/>", Form::Xml),
    ] {
        let trust = Trust::new::<Vec<u8>>(&[], &[], &[]).expect("trust");
        let moment = Moment::at(at("2026-08-20T10:00:00Z"));
        let found =
            Container::of(octets).validate(Content::Attached, &trust, &Policy::national(), moment);
        assert_eq!(found.form, form);
        assert_eq!(found.indication, Indication::TotalFailed);
        assert_eq!(found.signatures.len(), 1);
    }
}

#[test]
fn an_xml_document_by_the_national_client_is_judged() {
    let Some(document) = object("xml/ncalayer-rs_test_gost512.xml_simple.xml") else {
        return;
    };
    let trust = Trust::new::<Vec<u8>>(&[], &[], &[]).expect("trust");
    let moment = Moment::at(at("2026-08-20T10:00:00Z"));
    let judge = |document: &[u8], content: Content<'_>| {
        let policy = Policy::generic();
        let found = Container::of(document).validate(content, &trust, &policy, moment);
        found.signatures[0].report.reason
    };

    // The sample's certificate is one that a program made for itself: what is
    // left to be found wrong after the signature is its path.
    assert_eq!(judge(&document, Content::Attached), Some(Fault::NoPath));
    let text = String::from_utf8(document).expect("text");
    let changed = text.replace("<a>1</a>", "<a>2</a>");
    let found = judge(changed.as_bytes(), Content::Attached);
    assert_eq!(found, Some(Fault::DigestMismatch));
    let value = text.split("SignatureValue>").nth(1).expect("a value");
    let forged = text.replace(&value.trim()[..8], "AAAAAAAA");
    let found = judge(forged.as_bytes(), Content::Attached);
    assert_eq!(found, Some(Fault::SignatureMismatch));
}
