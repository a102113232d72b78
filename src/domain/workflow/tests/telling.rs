//! Who is told of what, and who is not.

use std::collections::{BTreeMap, BTreeSet};

use super::people::{
    CENTRE, CHILD, CLERK, HOSTEL, OWNERS, RESIDENT, SPOUSE, STRANGER, Wish, bin, employee, iin,
    owners, person,
};
use super::stage::{Stage, one_of};
use crate::domain::notice::{Concerned, Notice, Topic, is_for_owners, notices};
use crate::domain::register::PowerNumber;
use crate::domain::{Application, Capacity, Delegate, Holder, Purpose, Signatory, Step};

/// What is told of a step, with what holds of every step.
pub(super) fn checked(before: &Application, step: &Step, owners: &BTreeSet<Holder>) -> Vec<Notice> {
    let (after, event) = (&step.application, &step.event);
    let concerned = Concerned {
        owners: owners.clone(),
        representatives: BTreeMap::new(),
    };
    let told = notices((Some(before), after), event, &concerned);
    for (place, notice) in told.iter().enumerate() {
        let twice = told.iter().take(place).any(|one| one.to == notice.to);
        assert!(!twice, "{notice:?} is told twice");
        let own = notice.to == after.applicant.signatory();
        let asked = before.asked_at.or(after.asked_at).is_some();
        assert!(own || asked, "{notice:?} is of a draft");
        let acted = notice.to.admits(&event.actor) && notice.topic != Topic::EvidenceAwaited;
        assert!(!acted, "{notice:?} is to the one who acted");
        let knows = |of: &Application| of.concerns(&one_of(&notice.to)) || demands(of, &notice.to);
        let owns = owners
            .iter()
            .any(|owner| Signatory::from(owner) == notice.to);
        let owns = owns && is_for_owners(event);
        assert!(
            knows(before) || knows(after) || owns,
            "{notice:?} is to a stranger"
        );
    }
    told
}

/// Whether it is an owner of today who demands the end of a registration, or is
/// asked to confirm it.
fn demands(application: &Application, who: &Signatory) -> bool {
    let removals = application.registrations.iter();
    let mut removals = removals.filter_map(|one| one.removal.as_ref());
    removals.any(|removal| {
        let asked = removal.consents.iter();
        let mut asked = asked.flat_map(|consent| consent.signatories());
        Signatory::from(&removal.by) == *who || asked.any(|one| one == *who)
    })
}

/// What the last step told, in short.
fn told(stage: &Stage) -> Vec<(&'static str, Topic)> {
    let mut told: Vec<_> = stage
        .told
        .iter()
        .map(|notice| (short(&notice.to), notice.topic))
        .collect();
    told.sort_unstable();
    told
}

fn short(signatory: &Signatory) -> &'static str {
    match signatory {
        Signatory::Person(iin) => match iin.as_str() {
            RESIDENT => "applicant",
            SPOUSE => "spouse",
            CHILD => "child",
            other if other == OWNERS[0] => "first owner",
            other if other == OWNERS[1] => "second owner",
            other if other == OWNERS[2] => "third owner",
            _ => "stranger",
        },
        Signatory::Organisation(_) => "organisation",
        Signatory::Operator(..) => "operator",
        Signatory::Colleague(..) => "colleagues",
    }
}

const BOTH: [&str; 2] = ["first owner", "second owner"];

fn all(who: &[&'static str], topic: Topic) -> Vec<(&'static str, Topic)> {
    who.iter().map(|one| (*one, topic)).collect()
}

#[test]
fn nobody_is_told_of_a_draft() {
    let mut stage = Stage::new(Wish::of(owners(&OWNERS[..2])).with(&[SPOUSE]));
    let event = stage.application.clone().drafted(&person(RESIDENT)).event;
    assert_eq!(
        notices((None, &stage.application), &event, &Concerned::default()),
        []
    );
    let wish = stage.wish.clone();
    stage.edit(&person(RESIDENT), wish).unwrap();
    assert_eq!(told(&stage), []);
    stage.wait_hours(73);
    stage.lapse().unwrap();
    assert_eq!(told(&stage), [("applicant", Topic::Lapsed)]);
}

#[test]
fn the_signature_asks_the_owners_and_names_the_residents() {
    let wish = Wish::of(owners(&OWNERS[..2])).with(&[SPOUSE]);
    let mut stage = Stage::new(wish.for_others(&[CHILD]));
    stage.sign(&person(RESIDENT)).unwrap();
    let mut expected = all(&BOTH, Topic::Asked);
    expected.push(("spouse", Topic::Asked));
    expected.insert(0, ("child", Topic::Named));
    assert_eq!(told(&stage), expected);
}

#[test]
fn the_applicant_hears_counts_until_all_are_in() {
    let mut stage = Stage::signed(2);
    stage.consent_of(0).unwrap();
    assert_eq!(told(&stage), [("applicant", Topic::SomeConsented)]);
    let facts = &stage.told[0].facts;
    assert_eq!((facts.given, facts.asked), (1, 2));
    stage.consent_of(1).unwrap();
    assert_eq!(told(&stage), [("applicant", Topic::AllConsented)]);
    stage.register().unwrap();
    let everybody = ["applicant", "first owner", "second owner"];
    assert_eq!(told(&stage), all(&everybody, Topic::Registered));
}

#[test]
fn who_says_no_knows_it_and_the_others_are_told() {
    let mut stage = Stage::signed(2);
    stage.decline(0, &person(OWNERS[0])).unwrap();
    let others = ["applicant", "second owner"];
    assert_eq!(told(&stage), all(&others, Topic::Declined));
    let mut stage = Stage::agreed(2);
    stage.take_back(1, &person(OWNERS[1])).unwrap();
    let others = ["applicant", "first owner"];
    assert_eq!(told(&stage), all(&others, Topic::TakenBack));
    let mut stage = Stage::signed(2);
    stage.withdraw(&person(RESIDENT)).unwrap();
    assert_eq!(told(&stage), all(&BOTH, Topic::Withdrawn));
}

#[test]
fn the_silent_are_reminded_and_the_applicant_hears_how_many_they_are() {
    let mut stage = Stage::signed(2);
    stage.consent_of(0).unwrap();
    stage.wait_hours(49);
    stage.remind().unwrap();
    assert_eq!(
        told(&stage),
        [
            ("applicant", Topic::AnswersMissing),
            ("second owner", Topic::AnswerDue),
        ]
    );
    stage.wait_hours(30);
    stage.lapse().unwrap();
    let everybody = ["applicant", "first owner", "second owner"];
    assert_eq!(told(&stage), all(&everybody, Topic::Lapsed));
}

#[test]
fn what_is_written_anew_is_told_as_it_was_and_asked_once_it_is_signed() {
    let mut stage = Stage::signed(2);
    let old = stage.application.address.clone();
    let mut wish = Wish::of(owners(&OWNERS[1..3]));
    wish.dwelling.address.ru = "другой дом".to_owned();
    stage.edit(&person(RESIDENT), wish).unwrap();
    assert_eq!(told(&stage), all(&BOTH, Topic::Edited));
    assert!(stage.told.iter().all(|notice| notice.facts.address == old));
    let mut left = stage.clone();
    left.withdraw(&person(RESIDENT)).unwrap();
    assert_eq!(told(&left), []);
    let mut late = stage.clone();
    late.wait_hours(73).lapse().unwrap();
    assert_eq!(told(&late), [("applicant", Topic::Lapsed)]);
    stage.sign(&person(RESIDENT)).unwrap();
    let asked = ["second owner", "third owner"];
    assert_eq!(told(&stage), all(&asked, Topic::Asked));
}

#[test]
fn when_owners_change_each_hears_their_part() {
    let mut stage = Stage::agreed(2);
    let now: Vec<Holder> = owners(&OWNERS[1..3]).into_iter().collect();
    stage.ask_anew(&now).unwrap();
    assert_eq!(
        told(&stage),
        [
            ("applicant", Topic::OwnersChanged),
            ("first owner", Topic::NoLongerAsked),
            ("second owner", Topic::AskedAnew),
            ("third owner", Topic::Asked),
        ]
    );
    let mut stage = Stage::agreed(1);
    stage.refuse().unwrap();
    let everybody = ["applicant", "first owner"];
    assert_eq!(told(&stage), all(&everybody, Topic::Refused));
    assert!(stage.told[0].facts.grounds.is_some());
}

#[test]
fn whose_evidence_is_late_is_told_so_and_how_it_went() {
    let mut stage = Stage::new(Wish::of(owners(&OWNERS[..2])));
    let (own, applicant) = (Purpose::Application, person(RESIDENT));
    stage.receive(own, &applicant).unwrap();
    assert_eq!(told(&stage), [("applicant", Topic::EvidenceAwaited)]);
    stage.discard(own).unwrap();
    assert_eq!(told(&stage), [("applicant", Topic::SignatureRefused)]);
    stage.receive(own, &applicant).unwrap();
    stage.settle(own, &applicant).unwrap();
    let mut expected = vec![("applicant", Topic::SignatureCounts)];
    expected.extend(all(&BOTH, Topic::Asked));
    assert_eq!(told(&stage), expected);

    let (consent, owner) = (Purpose::Consent(stage.id(0)), person(OWNERS[0]));
    stage.receive(consent, &owner).unwrap();
    assert_eq!(told(&stage), [("first owner", Topic::EvidenceAwaited)]);
    stage.discard(consent).unwrap();
    assert_eq!(told(&stage), [("first owner", Topic::SignatureRefused)]);
    stage.receive(consent, &owner).unwrap();
    stage.settle(consent, &owner).unwrap();
    assert_eq!(
        told(&stage),
        [
            ("applicant", Topic::SomeConsented),
            ("first owner", Topic::SignatureCounts),
        ]
    );
}

#[test]
fn the_end_is_announced_thirty_seven_and_one_day_before() {
    let mut stage = Stage::registered(1);
    let end = stage.application.term.over_at().unwrap();
    let everybody = ["applicant", "first owner"];
    for days in [30, 7, 1] {
        stage.now = end - chrono::TimeDelta::days(days);
        stage.remind().unwrap();
        assert_eq!(told(&stage), all(&everybody, Topic::EndsSoon));
        assert_eq!(stage.told[0].facts.days, Some(days));
    }
    stage.now = end;
    stage.expire().unwrap();
    assert_eq!(told(&stage), all(&everybody, Topic::Expired));
}

#[test]
fn a_demand_to_end_a_registration_is_told_to_its_people() {
    let demanded = || {
        let mut stage = Stage::registered(3);
        stage.remove(OWNERS[0], &OWNERS[1..3]).unwrap();
        stage
    };
    let mut stage = demanded();
    assert_eq!(
        told(&stage),
        [
            ("applicant", Topic::RemovalDemanded),
            ("second owner", Topic::ConfirmationAsked),
            ("third owner", Topic::ConfirmationAsked),
        ]
    );
    stage.confirm(0, &person(OWNERS[1])).unwrap();
    assert_eq!(told(&stage), [("first owner", Topic::RemovalConfirmed)]);
    let facts = &stage.told[0].facts;
    assert_eq!((facts.given, facts.asked), (1, 2));
    stage.confirm(1, &person(OWNERS[2])).unwrap();
    let others = ["applicant", "first owner", "second owner"];
    assert_eq!(told(&stage), all(&others, Topic::Removed));
    let mut stage = demanded();
    stage.object(0, &person(OWNERS[1])).unwrap();
    let others = ["applicant", "first owner", "third owner"];
    assert_eq!(told(&stage), all(&others, Topic::RemovalDropped));
    let mut stage = demanded();
    stage.withdraw_removal(&person(OWNERS[0])).unwrap();
    let others = ["applicant", "second owner", "third owner"];
    assert_eq!(told(&stage), all(&others, Topic::RemovalWithdrawn));
    let mut stage = demanded();
    stage.wait_hours(73);
    stage.drop_removal().unwrap();
    assert_eq!(told(&stage).len(), 4);
}

#[test]
fn whoever_is_to_confirm_an_end_is_reminded_of_that() {
    let mut stage = Stage::registered(3);
    stage.remove(OWNERS[0], &OWNERS[1..3]).unwrap();
    stage.confirm(0, &person(OWNERS[1])).unwrap();
    stage.wait_hours(48).remind().unwrap();
    assert_eq!(told(&stage), [("third owner", Topic::ConfirmationDue)]);
    let until = stage.now + chrono::TimeDelta::hours(24);
    assert_eq!(stage.told[0].facts.until, until);
}

#[test]
fn a_confirmation_that_does_not_count_may_be_signed_again_until_its_own_deadline() {
    let mut stage = Stage::registered(2);
    stage.wait_hours(200);
    stage.remove(OWNERS[0], &OWNERS[1..2]).unwrap();
    let until = stage.now + chrono::TimeDelta::hours(72);
    let purpose = Purpose::Consent(stage.confirmation(0));
    stage.receive(purpose, &person(OWNERS[1])).unwrap();
    assert_eq!(stage.told[0].facts.until, until);
    stage.discard(purpose).unwrap();
    assert_eq!(told(&stage), [("second owner", Topic::SignatureRefused)]);
    assert_eq!(stage.told[0].facts.until, until);
}

#[test]
fn who_drafted_is_reminded_to_sign() {
    let mut stage = Stage::new(Wish::of(owners(&OWNERS[..2])).with(&[SPOUSE]));
    stage.wait_hours(48).remind().unwrap();
    assert_eq!(told(&stage), [("applicant", Topic::SignatureDue)]);
}

#[test]
fn the_end_of_one_registration_is_no_news_for_the_rest_of_the_family() {
    let wish = Wish::of(owners(&OWNERS[..1])).with(&[SPOUSE]);
    let mut stage = Stage::new(wish);
    stage.sign(&person(RESIDENT)).unwrap();
    stage.consent_of(0).unwrap();
    stage.consent_of(1).unwrap();
    stage.register().unwrap();
    stage.leave(&person(RESIDENT)).unwrap();
    assert_eq!(told(&stage), [("first owner", Topic::Left)]);
    stage.annul(1).unwrap();
    let concerned = ["applicant", "first owner", "spouse"];
    assert_eq!(told(&stage), all(&concerned, Topic::Annulled));
    assert_eq!(stage.told[0].facts.residents.len(), 1);
}

#[test]
fn an_owner_hears_of_the_end_that_a_delegate_demands_in_their_place() {
    let mut stage = Stage::registered(2);
    let delegate = Delegate {
        iin: iin(STRANGER),
        power: PowerNumber::parse("17/2026").unwrap(),
    };
    let demand = (OWNERS[0], Some(delegate));
    let signer = person(STRANGER);
    stage.demand(demand, &OWNERS[1..2], &signer).unwrap();
    assert!(told(&stage).contains(&("first owner", Topic::RemovalDemanded)));
    assert!(told(&stage).contains(&("second owner", Topic::ConfirmationAsked)));
}

#[test]
fn what_becomes_of_a_registration_is_told_to_who_owns_the_dwelling_today() {
    let mut stage = Stage::registered(2);
    stage.wish.dwelling.owners = owners(&OWNERS[1..]).into_iter().collect();
    stage.leave(&person(RESIDENT)).unwrap();
    let today = ["second owner", "third owner"];
    assert_eq!(told(&stage), all(&today, Topic::Left));
}

#[test]
fn organisations_are_told_as_such() {
    let hostel = Holder::Organisation(bin(HOSTEL));
    let mut stage = Stage::new(Wish::of(vec![hostel]));
    stage.sign(&person(RESIDENT)).unwrap();
    assert_eq!(told(&stage), [("organisation", Topic::Asked)]);
    let Signatory::Organisation(of) = &stage.told[0].to else {
        panic!("{:?}", stage.told);
    };
    assert_eq!(of.as_str(), HOSTEL);
}

#[test]
fn at_a_service_centre_the_operator_is_told_until_it_is_registered() {
    let wish = Wish::of(owners(&OWNERS[..1]));
    let mut stage = Stage::new(wish.by(CLERK, Capacity::Operator(bin(CENTRE))));
    stage.attest(&employee(CLERK, CENTRE)).unwrap();
    stage.sign(&employee(CLERK, CENTRE)).unwrap();
    stage.register().unwrap();
    assert!(told(&stage).contains(&("operator", Topic::Registered)));
    stage.annul(0).unwrap();
    assert!(!told(&stage).iter().any(|(who, _)| *who == "operator"));
}
