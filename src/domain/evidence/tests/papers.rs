//! What was scanned at a service centre: in the package, or withheld from it.

use serde_json::json;

use super::stage::*;
use crate::domain::Signatory;
use crate::domain::evidence::{Evidence, Finding, without_papers};
use crate::eds::asic::Broken;
use crate::eds::{Digest, Indication};

const SCAN: &[u8] = b"an identity document";

fn paper_of(octets: &[u8]) -> String {
    format!("attachments/{}.pdf", Digest::of(octets))
}

/// An operator signed for one paper, and this lies in the package.
fn centre(there: (String, &[u8])) -> Evidence {
    let mut document = application();
    document["applicant"]["capacity"] = "operator".into();
    document["applicant"]["bin"] = COMPANY.into();
    document["residents"][0]["iin"] = CHILD.into();
    document["attestations"] = json!({"residents": [], "owners": [], "attachments": [
        {"kind": "identity_document", "media_type": "application/pdf",
         "sha256": Digest::of(SCAN)}]});
    let operator = Signatory::Operator(company(), iin(RESIDENT));
    let mut evidence = applied(&application());
    evidence.resident = iin(CHILD);
    evidence.applied = exhibit(&document, operator, By::Employee(RESIDENT));
    evidence.records.push((there.0, there.1.to_vec()));
    evidence
}

fn whole() -> Evidence {
    centre((paper_of(SCAN), SCAN))
}

#[test]
fn a_paper_that_is_there_is_the_one_that_was_signed_for() {
    let report = passes(&sealed(whole()), LATER);
    assert_eq!(report.withheld, [""; 0]);
    let other = centre((paper_of(SCAN), b"another"));
    fails(other, &Finding::Matter(paper_of(SCAN)));
    let other = centre((paper_of(b"another"), b"another"));
    fails(other, &Finding::Absent(paper_of(SCAN)));
}

#[test]
fn a_package_without_its_papers_proves_as_much_and_says_what_is_withheld() {
    let package = without_papers(&sealed(whole()));
    assert_eq!(package.file(&paper_of(SCAN)), None);
    let report = passes(&package, LATER);
    assert_eq!(report.withheld, [paper_of(SCAN)]);
    // The newer stamps are over all of it too.
    let again = restamped(
        &sealed(whole()),
        "2030-06-01T12:00:00Z",
        &lasting(crate::eds::testing::stamper::stamper(&RESTAMPING)),
        &RESTAMPING,
    );
    let report = passes(&without_papers(&again), LATER);
    assert_eq!(report.withheld, [paper_of(SCAN)]);
}

#[test]
fn what_is_withheld_was_listed_with_the_digest_that_was_signed() {
    let never = without_papers(&sealed(centre(("records/none.json".to_owned(), b"[]"))));
    let report = judged(&never, PACKED);
    assert_eq!(report.findings, [Finding::Absent(paper_of(SCAN))]);
    let other = without_papers(&sealed(centre((paper_of(SCAN), b"another"))));
    let report = judged(&other, PACKED);
    assert_eq!(report.findings, [Finding::Matter(paper_of(SCAN))]);
    let mut more = whole();
    more.records.push((paper_of(b"more"), b"more".to_vec()));
    let report = judged(&without_papers(&sealed(more)), PACKED);
    assert_eq!(report.findings, [Finding::Surplus(paper_of(b"more"))]);
    assert_eq!(report.indication, Indication::TotalFailed);
}

#[test]
fn nothing_but_papers_is_ever_withheld() {
    let package = sealed(whole());
    for file in [
        "reports/application.json",
        "records/audit.json",
        "policy.toml",
    ] {
        let report = judged(&package.clone().with_file(file, None), PACKED);
        let missing = Broken::Missing(file.to_owned());
        let unreadable = Finding::Absent(file.to_owned());
        let found = report.findings.first().expect("a finding");
        assert!(
            [Finding::Broken(missing), unreadable].contains(found),
            "{found:?}"
        );
    }
    // Nor is anything put in the place of what is.
    let blank = without_papers(&package).with_file(&paper_of(SCAN), Some(b"blank"));
    let altered = Broken::Altered(paper_of(SCAN));
    assert_eq!(judged(&blank, PACKED).findings, [Finding::Broken(altered)]);
}
