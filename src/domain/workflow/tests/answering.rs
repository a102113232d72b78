//! Parties consent, decline, take back; evidence that is late.

use chrono::TimeDelta;

use super::people::{OWNERS, RESIDENT, SPOUSE, STRANGER, Wish, owners, person};
use super::stage::Stage;
use crate::domain::{Actor, Answer, EventKind, Purpose, Refused, State, Unproven};

fn applicant() -> Actor {
    person(RESIDENT)
}

/// Signed by the applicant; the first owner's signature waits for its evidence.
fn waiting(count: usize) -> Stage {
    let mut stage = Stage::signed(count);
    let (purpose, owner) = first(&stage);
    stage.receive(purpose, &owner).unwrap();
    stage
}

fn first(stage: &Stage) -> (Purpose, Actor) {
    (Purpose::Consent(stage.id(0)), stage.party(0))
}

#[test]
fn the_first_of_two_consents_leaves_the_second_awaited() {
    let mut stage = Stage::signed(2);
    assert_eq!(stage.consent_of(0), Ok(State::AwaitingConsent));
    assert_eq!(
        stage.register(),
        Err(Refused::OutOfTurn(State::AwaitingConsent))
    );
    assert_eq!(stage.consent_of(1), Ok(State::Consented));
}

#[test]
fn nobody_consents_for_somebody_else_or_twice() {
    let mut stage = Stage::signed(2);
    let others = [RESIDENT, STRANGER].map(person);
    let others = others.into_iter().chain([stage.party(1)]);
    for other in others {
        assert_eq!(stage.consent(0, &other), Err(Refused::NotYours));
        assert_eq!(stage.decline(0, &other), Err(Refused::NotYours));
        assert_eq!(stage.take_back(0, &other), Err(Refused::NotYours));
    }
    stage.consent_of(0).unwrap();
    assert_eq!(stage.consent_of(0), Err(Refused::Answered));
    let owner = stage.party(0);
    assert_eq!(stage.decline(0, &owner), Err(Refused::Answered));
    assert_eq!(stage.consent(7, &owner), Err(Refused::NotYours));
}

#[test]
fn a_draft_is_answered_by_nobody() {
    let mut stage = Stage::new(Wish::of(owners(&OWNERS[..1])));
    let owner = stage.party(0);
    let out_of_turn = Err(Refused::OutOfTurn(State::Draft));
    assert_eq!(stage.consent_of(0), out_of_turn);
    assert_eq!(stage.decline(0, &owner), out_of_turn);
    let (purpose, owner) = first(&stage);
    assert_eq!(stage.receive(purpose, &owner), Err(Refused::NotYours));
}

#[test]
fn one_who_says_no_is_enough() {
    let mut stage = Stage::signed(3);
    stage.consent_of(0).unwrap();
    let second = stage.party(1);
    assert_eq!(stage.decline(1, &second), Ok(State::Declined));
    assert_eq!(stage.last(), EventKind::ConsentDeclined);
    assert_eq!(
        stage.consent_of(2),
        Err(Refused::OutOfTurn(State::Declined))
    );
}

#[test]
fn a_member_of_the_family_says_no_like_an_owner() {
    let mut stage = Stage::new(Wish::of(owners(&OWNERS[..1])).with(&[SPOUSE]));
    stage.sign(&applicant()).unwrap();
    let spouse = person(SPOUSE);
    let place = (0..2).find(|place| stage.party(*place) == spouse).unwrap();
    assert_eq!(stage.decline(place, &spouse), Ok(State::Declined));
}

#[test]
fn a_consent_is_taken_back_until_the_registration_is_written() {
    let mut stage = Stage::signed(2);
    stage.consent_of(0).unwrap();
    for mut stage in [stage, Stage::agreed(2)] {
        let owner = stage.party(0);
        assert_eq!(stage.take_back(0, &owner), Ok(State::Declined));
        assert_eq!(stage.last(), EventKind::ConsentTakenBack);
        let answer = stage.application.consents[0].answer;
        assert_eq!(answer, Answer::TakenBack(stage.now));
        assert_eq!(stage.register(), Err(Refused::OutOfTurn(State::Declined)));
    }
    let mut stage = Stage::registered(1);
    let owner = stage.party(0);
    let outcome = stage.take_back(0, &owner);
    assert_eq!(outcome, Err(Refused::OutOfTurn(State::Registered)));
}

#[test]
fn what_was_not_given_is_not_taken_back() {
    let out_of_turn = Err(Refused::OutOfTurn(State::AwaitingConsent));
    let mut stage = Stage::signed(2);
    let owner = stage.party(0);
    assert_eq!(stage.take_back(0, &owner), out_of_turn);
}

#[test]
fn what_waits_for_its_evidence_is_taken_back_like_what_has_it() {
    let mut stage = waiting(1);
    let (purpose, owner) = first(&stage);
    assert_eq!(stage.take_back(0, &owner), Ok(State::Declined));
    let out_of_turn = Err(Refused::OutOfTurn(State::Declined));
    assert_eq!(stage.settle(purpose, &owner), out_of_turn);
    assert_eq!(stage.discard(purpose), out_of_turn);
}

#[test]
fn an_answer_counts_until_its_deadline_and_lapsing_begins_after_it() {
    let mut stage = Stage::signed(1);
    stage.wait_hours(72);
    assert_eq!(stage.lapse(), Err(Refused::TooEarly));
    assert_eq!(stage.clone().consent_of(0), Ok(State::Consented));
    stage.wait(TimeDelta::seconds(1));
    assert_eq!(stage.consent_of(0), Err(Refused::TooLate));
    let owner = stage.party(0);
    assert_eq!(stage.decline(0, &owner), Err(Refused::TooLate));
    assert_eq!(stage.lapse(), Ok(State::Lapsed));
    assert_eq!(stage.lapse(), Err(Refused::OutOfTurn(State::Lapsed)));
}

#[test]
fn a_draft_and_what_everybody_agreed_to_lapse_as_well() {
    let mut draft = Stage::new(Wish::of(owners(&OWNERS[..1])));
    draft.wait_hours(73);
    assert_eq!(draft.sign(&applicant()), Err(Refused::TooLate));
    assert_eq!(draft.lapse(), Ok(State::Lapsed));
    let mut agreed = Stage::agreed(1);
    assert_eq!(agreed.wait_hours(73).lapse(), Ok(State::Lapsed));
    let mut registered = Stage::registered(1);
    let outcome = registered.wait_hours(73).lapse();
    assert_eq!(outcome, Err(Refused::OutOfTurn(State::Registered)));
}

#[test]
fn row_133_nothing_is_decided_by_a_clock_that_was_set_back() {
    let mut stage = Stage::signed(2);
    stage.wait(-TimeDelta::seconds(301));
    assert_eq!(stage.consent_of(0), Err(Refused::ClockUntrusted));
    assert_eq!(stage.withdraw(&applicant()), Err(Refused::ClockUntrusted));
    let mut agreed = Stage::agreed(1);
    agreed.wait_hours(-2);
    assert_eq!(agreed.register(), Err(Refused::ClockUntrusted));
    let mut registered = Stage::registered(1);
    registered.wait_hours(-2);
    assert_eq!(registered.leave(&applicant()), Err(Refused::ClockUntrusted));
}

#[test]
fn a_clock_that_was_set_back_a_little_puts_no_history_out_of_order() {
    let mut stage = Stage::signed(1);
    let before = stage.application.changed_at;
    stage.wait(-TimeDelta::minutes(5));
    assert_eq!(stage.consent_of(0), Ok(State::Consented));
    assert_eq!(stage.application.changed_at, before);
    assert_eq!(stage.events.last().unwrap().at, before);
    stage.register().unwrap();
    let registration = &stage.application.registrations[0];
    assert_eq!(registration.registered_at, before);
}

#[test]
fn a_signature_that_waits_for_evidence_counts_only_when_it_has_come() {
    let mut stage = waiting(1);
    let (purpose, owner) = first(&stage);
    assert_eq!(stage.consent_of(0), Err(Refused::NotYours));
    assert_eq!(stage.receive(purpose, &owner), Err(Refused::NotYours));
    assert_eq!(
        stage.register(),
        Err(Refused::OutOfTurn(State::AwaitingConsent))
    );
    let document = stage.document(purpose, &owner);
    let other = stage.presenting(purpose, &Actor::Clock, &person(STRANGER), &document);
    assert_eq!(other, Err(Unproven::OtherPerson.into()));
    assert_eq!(stage.settle(purpose, &owner), Ok(State::Consented));
}

#[test]
fn the_applicants_signature_waits_for_its_evidence_too() {
    let mut stage = Stage::new(Wish::of(owners(&OWNERS[..1])));
    let purpose = Purpose::Application;
    let received = stage.receive(purpose, &applicant());
    assert_eq!(received, Ok(State::PendingEvidence));
    assert_eq!(stage.sign(&applicant()), Err(Refused::NotYours));
    let settled = stage.clone().settle(purpose, &applicant());
    assert_eq!(settled, Ok(State::AwaitingConsent));
    assert_eq!(stage.discard(purpose), Ok(State::Draft));
    assert_eq!(stage.sign(&applicant()), Ok(State::AwaitingConsent));
}

#[test]
fn a_signature_that_came_in_time_is_settled_after_the_deadline() {
    let mut late = Stage::signed(1);
    let (purpose, owner) = first(&late);
    late.wait_hours(71).receive(purpose, &owner).unwrap();
    late.wait_hours(5);
    assert_eq!(late.lapse(), Err(Refused::TooEarly));
    assert_eq!(late.settle(purpose, &owner), Ok(State::Consented));
}

#[test]
fn a_signature_that_comes_to_nothing_puts_no_deadline_off() {
    let mut stage = Stage::signed(2);
    let deadline = stage.application.deadline;
    let (purpose, owner) = first(&stage);
    for hours in [10, 40] {
        stage.wait_hours(hours).receive(purpose, &owner).unwrap();
        stage.discard(purpose).unwrap();
    }
    stage.wait_hours(21).receive(purpose, &owner).unwrap();
    stage.wait_hours(2);
    assert_eq!(stage.application.deadline, deadline);
    assert_eq!(stage.consent_of(1), Err(Refused::TooLate));
    assert_eq!(stage.lapse(), Err(Refused::TooEarly));
    assert_eq!(stage.discard(purpose), Ok(State::AwaitingConsent));
    assert_eq!(stage.receive(purpose, &owner), Err(Refused::TooLate));
    assert_eq!(stage.lapse(), Ok(State::Lapsed));
}

#[test]
fn a_draft_waits_for_its_signature_as_well_and_lapses_when_it_comes_to_nothing() {
    let mut stage = Stage::new(Wish::of(owners(&OWNERS[..1])));
    let purpose = Purpose::Application;
    stage.wait_hours(72).receive(purpose, &applicant()).unwrap();
    stage.wait_hours(20);
    assert_eq!(stage.lapse(), Err(Refused::TooEarly));
    let settled = stage.clone().settle(purpose, &applicant());
    assert_eq!(settled, Ok(State::AwaitingConsent));
    assert_eq!(stage.discard(purpose), Ok(State::Draft));
    assert_eq!(stage.lapse(), Ok(State::Lapsed));
}

#[test]
fn who_signed_in_vain_is_asked_again() {
    let mut stage = waiting(1);
    let (purpose, _) = first(&stage);
    assert_eq!(stage.discard(purpose), Ok(State::AwaitingConsent));
    assert_eq!(stage.last(), EventKind::SignatureRefused);
    assert_eq!(stage.application.consents[0].answer, Answer::Awaited);
    assert_eq!(stage.consent_of(0), Ok(State::Consented));
}

#[test]
fn only_the_service_settles_and_discards_and_only_what_waits() {
    let mut stage = waiting(2);
    let (purpose, owner) = first(&stage);
    let act = crate::domain::Act::Discard(purpose);
    assert_eq!(stage.act(&owner, act), Err(Refused::NotYours));
    let second = Purpose::Consent(stage.id(1));
    let out_of_turn = Err(Refused::OutOfTurn(State::AwaitingConsent));
    assert_eq!(stage.discard(second), out_of_turn);
    assert_eq!(stage.discard(Purpose::Application), out_of_turn);
    let party = stage.party(1);
    assert_eq!(stage.settle(second, &party), Err(Refused::NotYours));
}

#[test]
fn an_edit_leaves_nothing_waiting() {
    let mut stage = waiting(1);
    let (purpose, owner) = first(&stage);
    let document = stage.document(purpose, &owner);
    let wish = stage.wish.clone();
    stage.edit(&applicant(), wish).unwrap();
    stage.sign(&applicant()).unwrap();
    let late = stage.presenting(purpose, &Actor::Clock, &owner, &document);
    assert_eq!(late, Err(Refused::NotYours));
}
