//! Who has to sign, and as what.

use serde_json::json;

use super::stage::*;
use crate::domain::evidence::{Basis, Evidence, Finding};
use crate::domain::{Holder, Party, Signatory};
use crate::eds::Indication;

fn file(number: usize) -> String {
    document_of(number)
}

/// An application in this capacity for somebody else.
fn of_office(capacity: &str, signer: Signatory, by: By) -> Evidence {
    let mut document = application();
    document["applicant"]["capacity"] = capacity.into();
    document["applicant"]["bin"] = COMPANY.into();
    document["residents"][0]["iin"] = CHILD.into();
    let mut evidence = applied(&application());
    evidence.resident = iin(CHILD);
    evidence.applied = exhibit(&document, signer, by);
    evidence
}

fn dormitory(by: By) -> Evidence {
    of_office("administration", Signatory::Organisation(company()), by)
}

fn centre(by: By) -> Evidence {
    let operator = Signatory::Operator(company(), iin(RESIDENT));
    of_office("operator", operator, by)
}

/// With a colleague of the operator.
fn looked_over(by: By) -> Evidence {
    let mut evidence = centre(By::Employee(RESIDENT));
    let party = json!({"as": "colleague", "bin": COMPANY});
    let document = consent(3, &party, &evidence.applied.document);
    let signer = Signatory::Colleague(company(), iin(RESIDENT));
    let colleague = Party::Colleague(company(), iin(RESIDENT));
    let exhibit = exhibit(&document, signer, by);
    evidence.consents = vec![given(3, colleague, exhibit)];
    evidence
}

#[test]
fn an_applicant_who_holds_the_only_right_needs_nobody_and_the_report_says_so() {
    let report = passes(&sealed(applied(&application())), LATER);
    assert_eq!((report.basis, report.parts.len()), (Some(Basis::Sole), 1));
    assert_eq!(passes(&WHOLE, LATER).basis, Some(Basis::Consents));
}

#[test]
fn an_adult_of_the_family_has_no_say_about_the_dwelling() {
    let mut evidence = applied(&of_family());
    let party = json!({"as": "resident", "iin": CHILD});
    let document = consent(4, &party, &evidence.applied.document);
    let joined = exhibit(&document, person(CHILD), By::Person(CHILD));
    evidence.consents = vec![given(4, Party::Resident(iin(CHILD)), joined)];
    assert_eq!(passes(&sealed(evidence), PACKED).basis, Some(Basis::Sole));
}

#[test]
fn a_tenant_of_state_housing_stands_in_the_owners_place() {
    let mut evidence = applied(&application());
    let party = json!({"as": "tenant", "iin": OWNERS[0]});
    let document = consent(4, &party, &evidence.applied.document);
    let tenant = exhibit(&document, person(OWNERS[0]), By::Person(OWNERS[0]));
    evidence.consents = vec![given(4, Party::Tenant(iin(OWNERS[0])), tenant)];
    assert_eq!(
        passes(&sealed(evidence), PACKED).basis,
        Some(Basis::Consents)
    );
}

#[test]
fn a_family_needs_one_package_for_each_and_each_names_all() {
    let report = passes(&sealed(family()), LATER);
    assert_eq!(report.parts.len(), 4);
    assert_eq!(report.basis, Some(Basis::Consents));
    let powers = report
        .parts
        .iter()
        .map(|part| part.power_of_attorney.as_deref());
    assert!(powers.eq([None, None, None, Some("ҮЛГІ-17/2026")]));
    let mut of_child = family();
    of_child.resident = iin(CHILD);
    passes(&sealed(of_child), PACKED);
    let mut of_another = family();
    of_another.resident = iin(OWNERS[0]);
    fails(
        of_another,
        &Finding::Matter("documents/application.json".to_owned()),
    );
}

#[test]
fn whoever_may_sign_for_an_organisation_petitions_for_it() {
    let report = passes(&sealed(dormitory(By::Head(OWNERS[0]))), LATER);
    assert_eq!(report.basis, Some(Basis::Sole));
    let file = || "documents/application.json".to_owned();
    fails(dormitory(By::Employee(RESIDENT)), &Finding::Signer(file()));
    let report = judged(&sealed(dormitory(By::Person(RESIDENT))), PACKED);
    assert_eq!(report.findings, [Finding::Signature(file())]);
}

#[test]
fn an_operator_attests_with_the_very_certificate() {
    let report = passes(&sealed(centre(By::Employee(RESIDENT))), LATER);
    assert_eq!(report.basis, Some(Basis::Attested));
    let file = "documents/application.json".to_owned();
    fails(centre(By::Employee(CHILD)), &Finding::Signer(file));
}

#[test]
fn a_colleague_is_somebody_else() {
    let report = passes(&sealed(looked_over(By::Employee(CHILD))), LATER);
    assert_eq!(report.basis, Some(Basis::Attested));
    fails(
        looked_over(By::Employee(RESIDENT)),
        &Finding::Signer(file(3)),
    );
}

#[test]
fn whoever_was_not_asked_cannot_stand_in_for_a_party() {
    let mut other = evidence();
    let document = serde_json::from_slice(&other.consents[0].exhibit.document).expect("json");
    other.consents[0].exhibit = exhibit(&document, person(OWNERS[0]), By::Person(RESIDENT));
    fails(other, &Finding::Signer(file(0)));

    let mut other = family();
    let document = serde_json::from_slice(&other.consents[1].exhibit.document).expect("json");
    let signer = Signatory::Organisation(company());
    other.consents[1].exhibit = exhibit(&document, signer, By::Employee(RESIDENT));
    fails(other, &Finding::Signer(file(1)));

    let mut other = family();
    other.consents[2].exhibit = delegated(&other.applied, By::Person(OWNERS[1]));
    fails(other, &Finding::Signer(file(2)));
}

#[test]
fn an_organisations_certificate_is_no_persons() {
    let mut other = evidence();
    let document = serde_json::from_slice(&other.consents[0].exhibit.document).expect("json");
    other.consents[0].exhibit = exhibit(&document, person(OWNERS[0]), By::Head(OWNERS[0]));
    let report = judged(&sealed(other), PACKED);
    assert_eq!(report.findings, [Finding::Signature(file(0))]);
    assert_ne!(report.indication, Indication::TotalPassed);
}

#[test]
fn the_list_names_those_whom_the_documents_name() {
    let mut other = family();
    other.consents[2].exhibit.signer = person(OWNERS[1]);
    fails(other, &Finding::Signer(file(2)));
    let mut other = family();
    other.consents[2].party = owner(OWNERS[0]);
    fails(other, &Finding::Matter(file(2)));
    let mut other = family();
    other.consents[1].party = Party::Owner(Holder::Person(iin(RESIDENT)));
    fails(other, &Finding::Matter(file(1)));
}

#[test]
fn a_consent_to_other_octets_is_none() {
    let mut other = evidence();
    let party = json!({"as": "owner", "iin": OWNERS[0]});
    let mut document = consent(0, &party, &other.applied.document);
    document["application_sha256"] = "00".repeat(32).into();
    other.consents[0].exhibit = exhibit(&document, person(OWNERS[0]), By::Person(OWNERS[0]));
    fails(other, &Finding::Consent(file(0)));
}

#[test]
fn a_consent_to_anything_else_is_none() {
    let others = [
        ("application", json!(consent_id(9))),
        ("edition", json!(1)),
        ("kind", json!("permanent")),
        (
            "applicant",
            json!({"iin": OWNERS[0], "name": "ТЕСТОВ ТЕСТ", "capacity": "oneself"}),
        ),
        ("residents", json!([])),
        ("rka", json!("0201999000000012")),
        ("starts_on", json!("2026-06-11")),
        ("ends_on", json!("2027-06-10")),
        ("months", json!(12)),
        ("arrived_on", json!("2026-06-02")),
        ("extends", json!(REGISTRATION)),
        ("consent", json!(consent_id(9))),
    ];
    for (field, value) in others {
        let mut other = evidence();
        let party = json!({"as": "owner", "iin": OWNERS[0]});
        let mut document = consent(0, &party, &other.applied.document);
        document[field] = value;
        other.consents[0].exhibit = exhibit(&document, person(OWNERS[0]), By::Person(OWNERS[0]));
        fails(other, &Finding::Matter(file(0)));
    }
}

#[test]
fn a_document_for_another_purpose_is_none() {
    let mut other = evidence();
    let party = json!({"as": "owner", "iin": OWNERS[0]});
    let mut document = consent(0, &party, &other.applied.document);
    document["purpose"] = "kelisim/login/v1".into();
    other.consents[0].exhibit = exhibit(&document, person(OWNERS[0]), By::Person(OWNERS[0]));
    fails(other, &Finding::Purpose(file(0)));
}

#[test]
fn each_party_consents_exactly_once() {
    let mut twice = evidence();
    twice.consents[1] = given_by(1, OWNERS[0], &twice.applied);
    fails(twice, &Finding::Parties);
}

#[test]
fn a_field_that_stands_there_twice_makes_a_document_unreadable() {
    let fields = [
        "\"rka\":\"0\",",
        "\"months\":9,",
        "\"statement\":\"\",",
        "\"consent\":\"0\",",
    ];
    for field in fields
        .into_iter()
        .chain(["\"language\":\"kk\",", "\"application_sha256\":\"\","])
    {
        let mut other = evidence();
        let document = String::from_utf8(other.consents[0].exhibit.document.clone());
        let doubled = document
            .expect("text")
            .replacen('{', &format!("{{{field}"), 1);
        other.consents[0].exhibit.document = doubled.into_bytes();
        fails(other, &Finding::Absent(file(0)));
    }
}

#[test]
fn a_party_with_two_numbers_or_the_wrong_one_is_nobody() {
    for party in [
        json!({"as": "owner", "iin": OWNERS[0], "bin": COMPANY}),
        json!({"as": "owner"}),
        json!({"as": "tenant", "bin": COMPANY}),
        json!({"as": "colleague", "iin": OWNERS[0]}),
        json!({"as": "owner", "iin": "850505400009"}),
        json!({"as": "neighbour", "iin": OWNERS[0]}),
    ] {
        let mut other = evidence();
        let document = consent(0, &party, &other.applied.document);
        other.consents[0].exhibit.document = serde_json::to_vec(&document).expect("json");
        fails(other, &Finding::Absent(file(0)));
    }
}
