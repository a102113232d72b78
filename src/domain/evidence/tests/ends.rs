//! Registrations that have ended.

use serde_json::{Value, json};

use super::stage::*;
use crate::domain::evidence::{Ended, Evidence, Exhibit, Finding};
use crate::domain::{Ending, Signatory};
use crate::eds::testing::pki::at;

const LEAVING: &str = "documents/leaving.json";
const REMOVAL: &str = "documents/removal.json";

fn ended(evidence: Evidence, how: Ending, act: Option<Exhibit>) -> Evidence {
    let ended = Ended {
        how,
        at: at(PACKED),
        act,
        confirmations: Vec::new(),
    };
    Evidence {
        ended: Some(ended),
        ..evidence
    }
}

/// The child leaves, by whom the document names.
fn child_left(evidence: Evidence, by: &'static str) -> Evidence {
    let mut document = closing("leaving", &json!({"iin": by}));
    document["resident"] = json!({"iin": CHILD, "name": "ТЕСТОВА ҮЛГІ"});
    let act = exhibit(&document, person(by), By::Person(by));
    let evidence = ended(evidence, Ending::Left, Some(act));
    Evidence {
        resident: iin(CHILD),
        ..evidence
    }
}

fn left(change: impl Fn(&mut Value)) -> Evidence {
    let mut document = closing("leaving", &json!({"iin": RESIDENT}));
    change(&mut document);
    let act = exhibit(&document, person(RESIDENT), By::Person(RESIDENT));
    ended(evidence(), Ending::Left, Some(act))
}

#[test]
fn a_registration_that_was_left_keeps_its_package_with_what_was_signed() {
    let report = passes(&sealed(left(|_| {})), LATER);
    assert_eq!(report.ended, Some((Ending::Left, at(PACKED))));
    assert_eq!(report.parts.len(), 4);
}

#[test]
fn what_ends_by_itself_nobody_signs() {
    for how in [Ending::Expired, Ending::Replaced, Ending::Annulled] {
        let report = passes(&sealed(ended(evidence(), how, None)), LATER);
        assert_eq!(report.ended, Some((how, at(PACKED))));
    }
}

#[test]
fn what_must_be_signed_to_end_is_there() {
    for (how, file) in [(Ending::Left, LEAVING), (Ending::Removed, REMOVAL)] {
        fails(
            ended(evidence(), how, None),
            &Finding::Absent(file.to_owned()),
        );
    }
}

#[test]
fn nobody_but_who_speaks_for_the_resident_lets_the_resident_leave() {
    passes(&sealed(child_left(family(), RESIDENT)), PACKED);
    let finding = Finding::Signer(LEAVING.to_owned());
    // Of age since, or with full capacity again.
    passes(&sealed(child_left(family(), CHILD)), PACKED);
    fails(child_left(family(), OWNERS[0]), &finding);

    let mut joined = applied(&of_family());
    let party = json!({"as": "resident", "iin": CHILD});
    let document = consent(4, &party, &joined.applied.document);
    let own = exhibit(&document, person(CHILD), By::Person(CHILD));
    joined.consents = vec![given(4, crate::domain::Party::Resident(iin(CHILD)), own)];
    passes(&sealed(child_left(joined.clone(), CHILD)), PACKED);
    fails(child_left(joined, RESIDENT), &finding);
}

#[test]
fn a_legal_representative_of_that_day_lets_the_ward_leave_where_the_signed_document_says_so() {
    let left = |by: Value, signer: By| {
        let mut document = closing("leaving", &by);
        document["resident"] = json!({"iin": CHILD, "name": "ТЕСТОВА ҮЛГІ"});
        let act = exhibit(&document, person(DELEGATE), signer);
        let evidence = ended(family(), Ending::Left, Some(act));
        Evidence {
            resident: iin(CHILD),
            ..evidence
        }
    };
    let appointed = || json!({"iin": DELEGATE, "as": "legal_representative"});
    let finding = Finding::Signer(LEAVING.to_owned());
    passes(&sealed(left(appointed(), By::Person(DELEGATE))), LATER);
    // Somebody of whom it does not say so, and somebody else than it names.
    fails(
        left(json!({"iin": DELEGATE}), By::Person(DELEGATE)),
        &finding,
    );
    fails(left(appointed(), By::Person(OWNERS[0])), &finding);
    let other = json!({"iin": DELEGATE, "as": "neighbour"});
    let absent = Finding::Absent(LEAVING.to_owned());
    fails(left(other, By::Person(DELEGATE)), &absent);
    let company = json!({"bin": COMPANY, "as": "legal_representative"});
    fails(left(company, By::Person(DELEGATE)), &finding);
}

#[test]
fn what_ends_another_registration_ends_not_this_one() {
    let others = [
        ("registration", json!(consent_id(9))),
        ("application", json!(consent_id(9))),
        ("resident", json!({"iin": CHILD, "name": "ТЕСТОВ ТЕСТ"})),
        ("resident", json!({"iin": RESIDENT, "name": "ТЕСТОВА ҮЛГІ"})),
        ("rka", json!("0201999000000012")),
        ("kind", json!("permanent")),
        ("starts_on", json!("2026-06-11")),
    ];
    for (field, value) in others {
        let other = left(|document| document[field] = value.clone());
        fails(other, &Finding::Matter(LEAVING.to_owned()));
    }
    let other = left(|document| document["purpose"] = "kelisim/removal/v1".into());
    fails(other, &Finding::Purpose(LEAVING.to_owned()));
    let other = left(|document| drop(document.as_object_mut().map(|it| it.remove("by"))));
    fails(other, &Finding::Absent(LEAVING.to_owned()));
}

#[test]
fn what_the_owners_ended_carries_the_demand_and_its_confirmations() {
    let report = passes(&FAMILY, LATER);
    assert_eq!(report.ended, Some((Ending::Removed, at(PACKED))));
    assert_eq!(report.parts.len(), 6);
}

/// The second owner's delegate demanded it, which nobody else had to confirm.
fn demanded_by_delegate(change: impl Fn(&mut Value), by: By) -> Evidence {
    let delegate = json!({"iin": DELEGATE, "power_of_attorney": "ҮЛГІ-18/2026"});
    let mut demand = closing("removal", &json!({"iin": OWNERS[1], "delegate": delegate}));
    change(&mut demand);
    let act = exhibit(&demand, person(DELEGATE), by);
    ended(evidence(), Ending::Removed, Some(act))
}

#[test]
fn a_delegate_demands_the_end_in_the_owners_place_and_the_paper_is_told() {
    let delegate = By::Person(DELEGATE);
    let report = passes(&sealed(demanded_by_delegate(|_| {}, delegate)), LATER);
    let demand = report.parts.iter().find(|part| part.document == REMOVAL);
    let power = demand.and_then(|part| part.power_of_attorney.as_deref());
    assert_eq!(power, Some("ҮЛГІ-18/2026"));
    // Not the owner whom it names, and nobody whom it does not.
    let finding = Finding::Signer(REMOVAL.to_owned());
    let owner = demanded_by_delegate(|_| {}, By::Person(OWNERS[1]));
    fails(owner, &finding);
    let unnamed = |demand: &mut Value| demand["by"] = json!({"iin": OWNERS[1]});
    fails(demanded_by_delegate(unnamed, delegate), &finding);
    let nobody = |demand: &mut Value| demand["by"]["delegate"]["iin"] = "1".into();
    let absent = Finding::Absent(REMOVAL.to_owned());
    fails(demanded_by_delegate(nobody, delegate), &absent);
}

#[test]
fn nobody_leaves_by_a_power_of_attorney() {
    let delegate = json!({"iin": RESIDENT, "power_of_attorney": "ҮЛГІ-18/2026"});
    let by = left(|document| document["by"]["delegate"] = delegate.clone());
    fails(by, &Finding::Signer(LEAVING.to_owned()));
}

#[test]
fn only_who_demands_the_end_signs_the_demand() {
    let mut other = removed();
    let demand = closing("removal", &json!({"bin": COMPANY}));
    let signer = Signatory::Organisation(company());
    let ended = other.ended.as_mut().expect("an end");
    ended.act = Some(exhibit(&demand, signer, By::Employee(CHILD)));
    fails(other, &Finding::Signer(REMOVAL.to_owned()));
}

/// With this confirmation in place of the owner's.
fn confirmed(change: impl Fn(&mut Value)) -> Evidence {
    let mut other = removed();
    let ended = other.ended.as_mut().expect("an end");
    let first = &mut ended.confirmations[0];
    let mut document = serde_json::from_slice(&first.exhibit.document).expect("json");
    change(&mut document);
    first.exhibit = exhibit(&document, person(OWNERS[0]), By::Person(OWNERS[0]));
    other
}

#[test]
fn an_owner_confirms_exactly_what_was_demanded() {
    let file = || format!("documents/confirmation-{}.json", consent_id(7));
    passes(&sealed(confirmed(|_| {})), PACKED);
    let other = confirmed(|document| document["demand_sha256"] = "00".repeat(32).into());
    fails(other, &Finding::Consent(file()));
    let other = confirmed(|document| document["registration"] = consent_id(9).into());
    fails(other, &Finding::Matter(file()));
    let other = confirmed(|document| document["by"] = json!({"iin": OWNERS[1]}));
    fails(other, &Finding::Matter(file()));
    let other = confirmed(|document| document["purpose"] = "kelisim/consent/v1".into());
    fails(other, &Finding::Purpose(file()));
    let other = confirmed(|document| document["party"]["iin"] = OWNERS[1].into());
    fails(other, &Finding::Signer(file()));
}

#[test]
fn nobody_confirms_twice() {
    let mut twice = removed();
    let ended = twice.ended.as_mut().expect("an end");
    let act = ended.act.as_ref().expect("a demand");
    let party = json!({"as": "owner", "iin": OWNERS[0]});
    let document = confirmation(8, &party, &act.document);
    let again = exhibit(&document, person(OWNERS[0]), By::Person(OWNERS[0]));
    ended.confirmations.push(given(8, owner(OWNERS[0]), again));
    fails(twice, &Finding::Parties);
}

#[test]
fn a_confirmation_of_nothing_is_more_than_belongs_there() {
    let mut stray = removed();
    stray.ended.as_mut().expect("an end").how = Ending::Expired;
    let file = format!("documents/confirmation-{}.json", consent_id(7));
    fails(stray, &Finding::Surplus(file));
}
