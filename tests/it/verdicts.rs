//! What the verifier says of signatures made here and by `openssl`, row by row
//! of the list of refusals.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use kelisim::eds::{Content, Moment, Policy, Report, Trust, Verified, verify};
use kelisim::pki::{KeyKind, Packaging, sign};

use crate::forgery::{Signer, attributes_as_content, cases, owner, signer};
use crate::material::{pki_of_today as pki, today as now};

const DOCUMENT: &[u8] = "{\"мақсат\":\"келісім\"}".as_bytes();

fn trust() -> Trust {
    let pki = pki();
    let lists = [&pki.rsa.root_crl, &pki.rsa.issuing_crl];
    Trust::new(
        &[&pki.rsa.root.certificate],
        &[&pki.rsa.issuing.certificate],
        &lists,
    )
    .unwrap()
}

/// The document was issued a minute before it came back signed.
fn moment() -> Moment {
    Moment::between(now() - Duration::minutes(1), now() + Duration::seconds(30))
}

fn judge(signature: &[u8], content: Content<'_>, moment: Moment) -> Result<Verified, Box<Report>> {
    verify(signature, content, &trust(), &Policy::national(), moment)
}

/// Indication and sub-indication as they are written.
fn verdict(judged: &Result<Verified, Box<Report>>) -> (String, String) {
    let Err(report) = judged else {
        return ("TOTAL-PASSED".to_owned(), String::new());
    };
    let report = serde_json::to_value(report).unwrap();
    let text = |name: &str| report[name].as_str().unwrap_or_default().to_owned();
    (text("indication"), text("sub_indication"))
}

#[track_caller]
fn refused(signature: &[u8], content: Content<'_>, moment: Moment, code: &str) {
    let judged = judge(signature, content, moment);
    let (_, found) = verdict(&judged);
    assert_eq!(found, code, "{judged:?}");
}

#[track_caller]
fn passes(signature: &[u8], content: Content<'_>) {
    let judged = judge(signature, content, moment());
    let verified = judged.unwrap_or_else(|report| panic!("{report:?}"));
    let iin = &pki().person("owner-1").unwrap().character.identity.iin;
    assert_eq!(
        verified.signer().iin().map(|iin| iin.as_str()),
        Some(iin.as_str())
    );
}

#[test]
fn the_cases_prove_the_rows_they_must() {
    let rows: BTreeSet<u16> = cases(DOCUMENT).iter().map(|case| case.row).collect();
    let due = [
        1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 13, 15, 16, 17, 19, 21, 22, 26, 27, 28, 29, 30, 31, 36, 86,
        88,
    ];
    assert_eq!(rows, due.into());
}

#[test]
fn every_row_is_refused_under_its_code() {
    let wrong: Vec<String> = cases(DOCUMENT)
        .iter()
        .filter_map(|case| {
            let judged = judge(&case.signature, Content::Detached(DOCUMENT), moment());
            let (indication, code) = verdict(&judged);
            let due = (case.indication, case.code);
            ((indication.as_str(), code.as_str()) != due).then(|| {
                let reason = judged.err().and_then(|report| report.reason);
                format!(
                    "row {}, {}: {indication} {code} ({reason:?})",
                    case.row, case.what
                )
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn our_own_detached_and_attached_signatures_pass() {
    for kind in [KeyKind::Rsa2048, KeyKind::EcdsaP256] {
        let Signer { certificate, key } = signer(kind, |_| {});
        let made = |packaging| sign(DOCUMENT, &certificate, &key, now(), packaging).unwrap();
        passes(&made(Packaging::Detached), Content::Detached(DOCUMENT));
        passes(&made(Packaging::Attached), Content::Attached);
    }
}

#[test]
fn signatures_by_openssl_pass() {
    let rsa = (KeyKind::Rsa2048, ["sha256", "sha384", "sha512"].as_slice());
    let ecdsa = (KeyKind::EcdsaP256, ["sha256", "sha384"].as_slice());
    for (kind, digests) in [rsa, ecdsa] {
        for digest in digests {
            let options = format!("-cades -md {digest}");
            let signature = signer(kind, |_| {}).signs_by_openssl(DOCUMENT, &options);
            passes(&signature, Content::Detached(DOCUMENT));
        }
    }
    let rsa = signer(KeyKind::Rsa2048, |_| {});
    let options = "-cades -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:digest";
    passes(
        &rsa.signs_by_openssl(DOCUMENT, options),
        Content::Detached(DOCUMENT),
    );
}

#[test]
fn row_11_a_detached_signature_without_its_document() {
    let signature = owner().signs(DOCUMENT);
    refused(
        &signature,
        Content::Attached,
        moment(),
        "SIGNED_DATA_NOT_FOUND",
    );
}

#[test]
fn row_12_a_signature_cut_off_anywhere() {
    let signature = owner().signs(DOCUMENT);
    for length in 0..signature.len() {
        let cut = &signature[..length];
        refused(cut, Content::Detached(DOCUMENT), moment(), "FORMAT_FAILURE");
    }
}

/// A certificate that ends at `until`, in a signature received half a minute later.
fn ended(until: DateTime<Utc>, issued: Option<DateTime<Utc>>) -> (Vec<u8>, Moment) {
    let signer = signer(KeyKind::EcdsaP256, |template| {
        template.validity.until = until
    });
    let moment = Moment { issued, ..moment() };
    (signer.signs(DOCUMENT), moment)
}

#[test]
fn row_20_expired_between_issue_and_receipt_or_with_no_proof_of_age() {
    let issued = Some(now() - Duration::minutes(1));
    for (until, issued) in [(now(), issued), (now() - Duration::days(3), None)] {
        let (signature, moment) = ended(until, issued);
        refused(
            &signature,
            Content::Detached(DOCUMENT),
            moment,
            "OUT_OF_BOUNDS_NO_POE",
        );
    }
}

#[test]
fn row_86_attributes_as_content_whether_inside_or_beside() {
    let mut forged = attributes_as_content();
    let code = "SIG_CONSTRAINTS_FAILURE";
    refused(&forged.encode(), Content::Attached, moment(), code);
    let content = forged.content.take().unwrap();
    refused(
        &forged.encode(),
        Content::Detached(&content),
        moment(),
        code,
    );
}

#[test]
fn an_iin_that_fails_its_check_names_nobody() {
    let signer = signer(KeyKind::EcdsaP256, |template| {
        for attribute in &mut template.subject.0 {
            if attribute.value.starts_with("IIN") {
                attribute.value = "IIN123456789011".to_owned();
            }
        }
    });
    let signature = signer.signs(DOCUMENT);
    let code = "CHAIN_CONSTRAINTS_FAILURE";
    refused(&signature, Content::Detached(DOCUMENT), moment(), code);
}
