//! The applicant signs, writes anew, takes back; owners change.

use chrono::TimeDelta;

use super::people::{OWNERS, RESIDENT, SPOUSE, STRANGER, Wish, owner, owners, person, start};
use super::stage::{Stage, document};
use crate::domain::{Actor, Answer, Asked, EventKind, Purpose, Receipt, Refused, Signed, State};
use crate::domain::{Signatory, Unproven};
use crate::eds::Digest;
use crate::eds::testing::{received, verified};

fn draft(count: usize) -> Stage {
    Stage::new(Wish::of(owners(&OWNERS[..count])))
}

fn applicant() -> Actor {
    person(RESIDENT)
}

#[test]
fn only_the_applicant_signs_edits_and_withdraws() {
    for other in [person(OWNERS[0]), person(STRANGER)] {
        let wish = draft(1).wish;
        assert_eq!(draft(1).sign(&other), Err(Refused::NotYours));
        assert_eq!(draft(1).edit(&other, wish.clone()), Err(Refused::NotYours));
        let mut signed = Stage::signed(1);
        assert_eq!(signed.edit(&other, wish), Err(Refused::NotYours));
        assert_eq!(signed.withdraw(&other), Err(Refused::NotYours));
    }
}

#[test]
fn a_sole_owner_is_agreed_by_his_own_signature() {
    let mut stage = Stage::new(Wish::of(owners(&[RESIDENT])));
    assert_eq!(stage.sign(&applicant()), Ok(State::Consented));
    assert_eq!(stage.register(), Ok(State::Registered));
}

#[test]
fn a_proof_for_another_document_purpose_or_person_proves_nothing() {
    let asked = [Signatory::Person(super::people::iin(RESIDENT))];
    let document = document(Purpose::Application, Some(asked[0].clone()), 1);
    let digest = Digest::of(&document.bytes);
    let check = |digest: Digest, signer: &str, purpose, at, expected| {
        let signed = Signed {
            document: &document,
            proof: &verified(signer, digest, at),
        };
        assert_eq!(signed.proves(&asked, purpose), expected);
        let receipt = Receipt {
            document: &document,
            received: &received(signer, digest, at),
        };
        assert_eq!(receipt.promises(&asked, purpose), expected);
    };
    let (purpose, now) = (Purpose::Application, start());
    check(digest, RESIDENT, purpose, now, Ok(()));
    let other = Digest::of(b"other");
    check(other, RESIDENT, purpose, now, Err(Unproven::OtherDocument));
    check(digest, STRANGER, purpose, now, Err(Unproven::OtherPerson));
    let login = Purpose::Login;
    check(digest, RESIDENT, login, now, Err(Unproven::WrongPurpose));
    let late = document.expires_at + TimeDelta::seconds(1);
    check(digest, RESIDENT, purpose, late, Err(Unproven::Expired));
}

#[test]
fn a_document_that_was_made_for_nobody_or_somebody_else_proves_nothing() {
    let asked = [Signatory::Person(super::people::iin(RESIDENT))];
    let stranger = Signatory::Person(super::people::iin(STRANGER));
    for signatory in [None, Some(stranger)] {
        let document = document(Purpose::Application, signatory, 1);
        let signed = Signed {
            document: &document,
            proof: &verified(RESIDENT, Digest::of(&document.bytes), start()),
        };
        let found = signed.proves(&asked, Purpose::Application);
        assert_eq!(found, Err(Unproven::OtherPerson));
    }
}

#[test]
fn an_edit_voids_the_consents_and_begins_an_edition_and_a_round() {
    let mut stage = Stage::signed(2);
    stage.consent_of(0).unwrap();
    let before = stage.application.clone();
    let wish = Wish::of(owners(&OWNERS[..2])).for_good();
    assert_eq!(stage.edit(&applicant(), wish), Ok(State::Draft));
    let after = &stage.application;
    assert_eq!((after.edition, after.round), (2, 2));
    assert_eq!(after.asked_at, None);
    assert_eq!(after.created_at, before.created_at);
    let open = |consent: &crate::domain::Consent| consent.answer == Answer::Awaited;
    assert!(after.consents.iter().all(open));
    assert_eq!(stage.consent_of(0), Err(Refused::OutOfTurn(State::Draft)));
    stage.sign(&applicant()).unwrap();
    stage.consent_of(0).unwrap();
    assert_eq!(stage.consent_of(1), Ok(State::Consented));
}

#[test]
fn what_was_asked_in_an_earlier_edition_is_answered_no_more() {
    let mut stage = Stage::signed(1);
    let owner = stage.party(0);
    let purpose = Purpose::Consent(stage.id(0));
    let document = stage.document(purpose, &owner);
    let wish = stage.wish.clone();
    stage.edit(&applicant(), wish).unwrap();
    stage.sign(&applicant()).unwrap();
    let late = stage.presenting(purpose, &owner, &owner, &document);
    assert_eq!(late, Err(Refused::NotYours));
    let current = Purpose::Consent(stage.id(0));
    let other = stage.presenting(current, &owner, &owner, &document);
    assert_eq!(other, Err(Unproven::WrongPurpose.into()));
}

#[test]
fn an_edit_is_possible_until_the_registration_is_written_and_in_time() {
    let wish = draft(1).wish;
    for mut stage in [draft(1), Stage::signed(1), Stage::agreed(1)] {
        let mut late = stage.clone();
        assert_eq!(stage.edit(&applicant(), wish.clone()), Ok(State::Draft));
        late.wait_hours(73);
        let outcome = late.edit(&applicant(), wish.clone());
        assert_eq!(outcome, Err(Refused::TooLate));
    }
    let mut stage = Stage::registered(1);
    let outcome = stage.edit(&applicant(), wish);
    assert_eq!(outcome, Err(Refused::OutOfTurn(State::Registered)));
}

#[test]
fn who_applies_stays_the_applicant_whatever_an_edit_says() {
    let mut stage = draft(1);
    let other = Wish::of(owners(&OWNERS[..1])).by(STRANGER, crate::domain::Capacity::Oneself);
    stage.edit(&applicant(), other).unwrap();
    assert_eq!(stage.applicant(), applicant());
}

#[test]
fn the_applicant_takes_it_back_until_the_registration_is_written() {
    let mut pending = draft(1);
    pending.receive(Purpose::Application, &applicant()).unwrap();
    for mut stage in [draft(1), pending, Stage::signed(1), Stage::agreed(1)] {
        assert_eq!(stage.withdraw(&applicant()), Ok(State::Withdrawn));
    }
    let outcome = Stage::registered(1).withdraw(&applicant());
    assert_eq!(outcome, Err(Refused::OutOfTurn(State::Registered)));
}

#[test]
fn other_owners_than_those_asked_stop_the_registration() {
    for now in [&OWNERS[..2], &OWNERS[1..2], &[]] {
        let mut stage = Stage::agreed(1);
        stage.wish.dwelling.owners = owners(now);
        assert_eq!(stage.register(), Err(Refused::OwnersChanged));
    }
    let mut fewer = Stage::agreed(2);
    fewer.wish.dwelling.owners = owners(&OWNERS[..1]);
    assert_eq!(fewer.register(), Err(Refused::OwnersChanged));
}

#[test]
fn other_parties_than_those_asked_stop_the_registration() {
    let mut stage = Stage::agreed(1);
    let asked = Asked {
        parties: [crate::domain::Party::Resident(super::people::iin(SPOUSE))].into(),
        ..stage.wish.asked()
    };
    let outcome = stage.register_asking(&asked);
    assert_eq!(outcome, Err(Refused::OwnersChanged));
}

#[test]
fn when_the_owners_have_changed_everybody_is_asked_in_a_new_round() {
    for mut stage in [Stage::signed(2), Stage::agreed(2)] {
        let old = stage.id(0);
        let now = [owner(OWNERS[0]), owner(OWNERS[2])];
        assert_eq!(stage.ask_anew(&now), Ok(State::AwaitingConsent));
        assert_eq!(stage.last(), EventKind::OwnersChanged);
        assert_eq!((stage.application.edition, stage.application.round), (1, 2));
        assert!(stage.application.consent(old).is_none());
        assert_eq!(stage.application.owners, now.into());
        stage.consent_of(0).unwrap();
        assert_eq!(stage.consent_of(1), Ok(State::Consented));
        assert_eq!(stage.register(), Ok(State::Registered));
    }
}

#[test]
fn where_nobody_is_left_to_be_asked_a_new_round_is_agreed() {
    let mut stage = Stage::signed(2);
    let outcome = stage.ask_anew(&[owner(RESIDENT)]);
    assert_eq!(outcome, Ok(State::Consented));
    assert_eq!(stage.register(), Ok(State::Registered));
}

#[test]
fn a_dwelling_that_belongs_to_nobody_is_registered_by_nobody() {
    let mut stage = Stage::signed(1);
    assert_eq!(stage.ask_anew(&[]), Ok(State::Consented));
    assert_eq!(stage.register(), Err(Refused::OwnersChanged));
    assert_eq!(stage.refuse(), Ok(State::Refused));
}

#[test]
fn a_new_round_has_its_own_deadline_and_reminders() {
    let mut stage = Stage::signed(2);
    stage.wait_hours(50).remind().unwrap();
    stage.wait_hours(20).ask_anew(&[owner(OWNERS[2])]).unwrap();
    let end = stage.now + TimeDelta::hours(72);
    assert_eq!(stage.application.deadline, end);
    assert_eq!(
        stage.application.remind_at,
        Some(end - TimeDelta::hours(24))
    );
    assert_eq!(stage.wait_hours(72).consent_of(0), Ok(State::Consented));
}

#[test]
fn where_nobody_is_left_who_could_let_it_nobody_waits_for_the_deadline() {
    use crate::domain::{Act, Grounds};
    for mut stage in [Stage::signed(2), Stage::agreed(2)] {
        let refused = stage.act(&Actor::Clock, Act::Refuse(Grounds::OwnersChanged));
        assert_eq!(refused, Ok(State::Refused));
    }
}

#[test]
fn only_the_service_asks_anew_refuses_and_registers() {
    use crate::domain::{Act, Grounds, Question};
    let mut stage = Stage::agreed(1);
    let question = Question::new(stage.wish.asked(), []);
    for other in [applicant(), person(OWNERS[0]), Actor::Register] {
        let anew = stage.act(&other, Act::AskAnew(question.clone()));
        assert_eq!(anew, Err(Refused::NotYours));
        let refused = stage.act(&other, Act::Refuse(Grounds::SignatureVoid));
        assert_eq!(refused, Err(Refused::NotYours));
        assert_eq!(stage.act(&other, Act::Lapse), Err(Refused::NotYours));
    }
}
