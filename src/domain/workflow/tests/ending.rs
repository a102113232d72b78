//! How a registration ends.

use chrono::{DateTime, TimeDelta, Utc};
use strum::VariantArray;

use super::people::{
    CENTRE, CHILD, CLERK, OWNERS, RESIDENT, SPOUSE, STRANGER, Wish, bin, employee, iin, owner,
    owners, person, rules,
};
use super::stage::Stage;
use crate::domain::register::PowerNumber;
use crate::domain::{
    Act, Actor, Capacity, CoOwners, Delegate, Ending, EventKind, Purpose, Refused, Registration,
    Standing, State,
};

fn applicant() -> Actor {
    person(RESIDENT)
}

/// A family: the spouse agreed for herself, the child was spoken for.
fn family() -> Stage {
    let wish = Wish::of(owners(&OWNERS[..1])).with(&[SPOUSE]);
    let mut stage = Stage::new(wish.for_others(&[CHILD]));
    stage.sign(&applicant()).unwrap();
    stage.consent_of(0).unwrap();
    stage.consent_of(1).unwrap();
    stage.register().unwrap();
    stage
}

/// Registered with these two owners, the first of whom demands the end.
fn demanded() -> Stage {
    let mut stage = Stage::registered(2);
    let outcome = stage.remove(OWNERS[0], &OWNERS[1..2]);
    assert_eq!(outcome, Ok(State::Registered));
    stage
}

fn over(stage: &Stage) -> DateTime<Utc> {
    stage.application.term.over_at().unwrap()
}

#[track_caller]
fn ended(stage: &Stage, place: usize, how: Ending) {
    let registration: &Registration = &stage.application.registrations[place];
    assert!(
        matches!(registration.standing, Standing::Ended(found, _) if found == how),
        "{:?}",
        registration.standing
    );
    assert_eq!(registration.removal, None);
    assert_eq!(
        stage.events.last().unwrap().registration,
        Some(registration.id)
    );
}

fn leaving(stage: &mut Stage, place: usize, actor: &Actor) -> super::stage::Outcome {
    let purpose = Purpose::Leaving(stage.registration_at(place));
    let document = stage.document(purpose, actor);
    stage.presenting(purpose, actor, actor, &document)
}

#[test]
fn the_resident_ends_it_by_a_signature() {
    let mut stage = Stage::registered(2);
    for other in [person(OWNERS[0]), person(STRANGER), Actor::Clock] {
        let by = stage.act(&other, Act::Expire);
        assert!(by.is_err(), "{other:?}");
    }
    assert_eq!(stage.leave(&person(OWNERS[0])), Err(Refused::NotYours));
    assert_eq!(stage.leave(&applicant()), Ok(State::Ended));
    ended(&stage, 0, Ending::Left);
    let again = stage.leave(&applicant());
    assert_eq!(again, Err(Refused::OutOfTurn(State::Ended)));
}

#[test]
fn each_of_a_family_leaves_for_themselves_and_the_last_one_closes_it() {
    let mut stage = family();
    assert_eq!(leaving(&mut stage, 1, &applicant()), Err(Refused::NotYours));
    let spouse = person(SPOUSE);
    assert_eq!(leaving(&mut stage, 1, &spouse), Ok(State::Registered));
    ended(&stage, 1, Ending::Left);
    let again = leaving(&mut stage, 1, &spouse);
    assert_eq!(again, Err(Refused::OutOfTurn(State::Registered)));
    assert_eq!(leaving(&mut stage, 0, &applicant()), Ok(State::Registered));
    stage.speaker = Some(iin(RESIDENT));
    assert_eq!(leaving(&mut stage, 2, &applicant()), Ok(State::Ended));
}

#[test]
fn who_cannot_act_alone_leaves_by_the_one_who_speaks_for_them_that_day_and_by_nobody_else() {
    // Whoever spoke for the child when they were registered, somebody who was appointed
    // since, or the child, who can act alone by now.
    for speaks in [RESIDENT, STRANGER, CHILD] {
        let mut stage = family();
        stage.speaker = Some(iin(speaks));
        for other in [RESIDENT, STRANGER, CHILD, SPOUSE, OWNERS[0]] {
            if other != speaks {
                let outcome = leaving(&mut stage, 2, &person(other));
                assert_eq!(outcome, Err(Refused::NotYours), "{other} for {speaks}");
            }
        }
        assert_eq!(
            leaving(&mut stage, 2, &person(speaks)),
            Ok(State::Registered)
        );
        ended(&stage, 2, Ending::Left);
    }
}

#[test]
fn whoever_a_service_centre_registered_leaves_by_their_own_signature() {
    let lodged = Wish::of(owners(&OWNERS)).by(CLERK, Capacity::Operator(bin(CENTRE)));
    let mut stage = Stage::new(lodged);
    let operator = employee(CLERK, CENTRE);
    stage.attest(&operator).unwrap();
    stage.sign(&operator).unwrap();
    stage.register().unwrap();
    assert_eq!(stage.leave(&operator), Err(Refused::NotYours));
    assert_eq!(stage.leave(&applicant()), Ok(State::Ended));
}

#[test]
fn the_only_owner_ends_it_at_once() {
    let mut stage = Stage::registered(1);
    assert_eq!(stage.remove(OWNERS[0], &[]), Ok(State::Ended));
    ended(&stage, 0, Ending::Removed);
}

#[test]
fn where_co_owners_are_not_asked_one_owner_is_enough() {
    let alone = rules(|rules| rules.co_owners = CoOwners::NotAsked);
    let mut stage = Stage::registered(2);
    stage.rules = alone;
    let outcome = stage.remove(OWNERS[0], &OWNERS[1..2]);
    assert_eq!(outcome, Ok(State::Ended));
}

#[test]
fn a_delegate_demands_it_in_the_owners_place_by_their_own_signature() {
    let delegate = || Delegate {
        iin: iin(STRANGER),
        power: PowerNumber::parse("17/2026").unwrap(),
    };
    let mut stage = Stage::registered(2);
    // Neither the owner nor anybody else signs what the delegate is to sign.
    for other in [OWNERS[0], OWNERS[1], RESIDENT] {
        let demand = (OWNERS[0], Some(delegate()));
        let outcome = stage.demand(demand, &OWNERS[1..2], &person(other));
        assert_eq!(outcome, Err(Refused::NotYours), "{other}");
    }
    let unnamed = stage.demand((OWNERS[0], None), &OWNERS[1..2], &person(STRANGER));
    assert_eq!(unnamed, Err(Refused::NotYours));
    let demand = (OWNERS[0], Some(delegate()));
    let outcome = stage.demand(demand, &OWNERS[1..2], &person(STRANGER));
    assert_eq!(outcome, Ok(State::Registered));
    let removal = stage.application.registrations[0].removal.as_ref();
    assert_eq!(removal.map(|one| &one.by), Some(&owner(OWNERS[0])));
    assert_eq!(
        stage.confirm(0, &person(STRANGER)),
        Err(Refused::NotYours),
        "the delegate of the one confirms nothing for the other"
    );
    assert_eq!(stage.confirm(0, &person(OWNERS[1])), Ok(State::Ended));
    ended(&stage, 0, Ending::Removed);
}

#[test]
fn the_other_owners_confirm_a_removal_each_by_a_signature() {
    let mut stage = Stage::registered(3);
    stage.remove(OWNERS[0], &OWNERS[1..]).unwrap();
    assert_eq!(stage.last(), EventKind::RemovalDemanded);
    for other in [OWNERS[0], OWNERS[2], RESIDENT].map(person) {
        assert_eq!(stage.confirm(0, &other), Err(Refused::NotYours));
    }
    let first = stage.confirm(0, &person(OWNERS[1]));
    assert_eq!(first, Ok(State::Registered));
    assert_eq!(stage.last(), EventKind::RemovalConfirmed);
    let again = stage.confirm(0, &person(OWNERS[1]));
    assert_eq!(again, Err(Refused::Answered));
    assert_eq!(stage.confirm(1, &person(OWNERS[2])), Ok(State::Ended));
    ended(&stage, 0, Ending::Removed);
}

#[test]
fn one_owner_who_objects_is_enough_for_it_to_stand() {
    let mut stage = demanded();
    let other = stage.object(0, &person(STRANGER));
    assert_eq!(other, Err(Refused::NotYours));
    let outcome = stage.object(0, &person(OWNERS[1]));
    assert_eq!(outcome, Ok(State::Registered));
    assert_eq!(stage.last(), EventKind::RemovalDropped);
    assert!(stage.application.registrations[0].is_active());
    let late = stage.confirm(0, &person(OWNERS[1]));
    assert_eq!(late, Err(Refused::OutOfTurn(State::Registered)));
}

#[test]
fn whoever_demands_it_takes_it_back_and_nobody_else() {
    let mut stage = Stage::registered(3);
    let nothing = stage.withdraw_removal(&person(OWNERS[0]));
    assert_eq!(nothing, Err(Refused::OutOfTurn(State::Registered)));
    stage.remove(OWNERS[0], &OWNERS[1..]).unwrap();
    stage.confirm(0, &person(OWNERS[1])).unwrap();
    for other in [OWNERS[1], OWNERS[2], RESIDENT].map(person) {
        assert_eq!(stage.withdraw_removal(&other), Err(Refused::NotYours));
    }
    let back = stage.withdraw_removal(&person(OWNERS[0]));
    assert_eq!(back, Ok(State::Registered));
    assert_eq!(stage.last(), EventKind::RemovalWithdrawn);
    assert!(stage.application.registrations[0].is_active());
    let late = stage.remove(OWNERS[2], &OWNERS[..2]);
    assert_eq!(late, Ok(State::Registered));
}

#[test]
fn nobody_is_put_out_of_their_own_dwelling_without_being_asked() {
    let waived = rules(|rules| rules.co_owners = CoOwners::NotAsked);
    let own = [RESIDENT, OWNERS[0], OWNERS[1]];
    let mut stage = Stage::under(waived, Wish::of(owners(&own)));
    stage.sign(&person(RESIDENT)).unwrap();
    stage.consent_of(0).unwrap();
    stage.consent_of(1).unwrap();
    stage.register().unwrap();
    let demanded = stage.remove(OWNERS[0], &[RESIDENT, OWNERS[1]]);
    assert_eq!(demanded, Ok(State::Registered));
    assert_eq!(stage.last(), EventKind::RemovalDemanded);
}

#[test]
fn an_unanswered_demand_lapses_and_another_may_follow() {
    let mut stage = demanded();
    let second = stage.remove(OWNERS[1], &OWNERS[..1]);
    assert_eq!(second, Err(Refused::Answered));
    assert_eq!(stage.wait_hours(72).drop_removal(), Err(Refused::TooEarly));
    stage.wait(TimeDelta::seconds(1));
    let late = stage.confirm(0, &person(OWNERS[1]));
    assert_eq!(late, Err(Refused::TooLate));
    assert_eq!(stage.drop_removal(), Ok(State::Registered));
    let twice = stage.drop_removal();
    assert_eq!(twice, Err(Refused::OutOfTurn(State::Registered)));
    let anew = stage.remove(OWNERS[1], &OWNERS[..1]);
    assert_eq!(anew, Ok(State::Registered));
    assert_eq!(stage.confirm(0, &person(OWNERS[0])), Ok(State::Ended));
}

#[test]
fn a_confirmation_waits_for_its_evidence_and_takes_no_time_from_the_others() {
    let mut stage = demanded();
    let purpose = Purpose::Consent(stage.confirmation(0));
    let owner = person(OWNERS[1]);
    stage.wait_hours(71).receive(purpose, &owner).unwrap();
    assert!(stage.events.last().unwrap().registration.is_some());
    assert_eq!(stage.wait_hours(5).drop_removal(), Err(Refused::TooEarly));
    assert_eq!(stage.confirm(0, &owner), Err(Refused::NotYours));
    let mut vain = stage.clone();
    assert_eq!(stage.settle(purpose, &owner), Ok(State::Ended));
    ended(&stage, 0, Ending::Removed);
    let mut unsettled = vain.clone();
    assert_eq!(vain.discard(purpose), Ok(State::Registered));
    assert!(vain.events.last().unwrap().registration.is_some());
    assert_eq!(vain.confirm(0, &owner), Err(Refused::TooLate));
    assert_eq!(vain.drop_removal(), Ok(State::Registered));
    // Waiting is bounded, though nobody ever says that it was in vain.
    unsettled.wait_hours(19);
    assert_eq!(unsettled.drop_removal(), Err(Refused::TooEarly));
    let dropped = unsettled.wait(TimeDelta::minutes(3)).drop_removal();
    assert_eq!(dropped, Ok(State::Registered));
}

#[test]
fn only_the_owners_of_today_end_it() {
    let mut stage = demanded();
    assert_eq!(
        stage.void_removal(&OWNERS[..2]),
        Err(Refused::OutOfTurn(State::Registered))
    );
    stage.sold_to = Some([super::people::owner(OWNERS[2])].into());
    let former = stage.confirm(0, &person(OWNERS[1]));
    assert_eq!(former, Err(Refused::OwnersChanged));
    let voided = stage.void_removal(&OWNERS[2..3]);
    assert_eq!(voided, Ok(State::Registered));
    assert_eq!(stage.last(), EventKind::RemovalDropped);
    assert!(stage.application.registrations[0].is_active());
    assert_eq!(stage.remove(OWNERS[2], &[]), Ok(State::Ended));
}

#[test]
fn who_is_not_the_owner_who_demands_ends_nothing() {
    let mut stage = Stage::registered(1);
    let outcome = stage.remove(OWNERS[0], &[]);
    assert_eq!(outcome, Ok(State::Ended));
    let twice = stage.remove(OWNERS[0], &[]);
    assert_eq!(twice, Err(Refused::OutOfTurn(State::Ended)));
    let draft = Stage::signed(1).remove(OWNERS[0], &[]);
    assert_eq!(draft, Err(Refused::OutOfTurn(State::AwaitingConsent)));
}

#[test]
fn a_resident_may_leave_while_the_owners_are_asked() {
    let mut stage = demanded();
    assert_eq!(stage.leave(&applicant()), Ok(State::Ended));
    ended(&stage, 0, Ending::Left);
    let late = stage.confirm(0, &person(OWNERS[1]));
    assert_eq!(late, Err(Refused::OutOfTurn(State::Ended)));
}

#[test]
fn it_expires_when_its_last_day_is_over_and_once_only() {
    let mut stage = family();
    let over = over(&stage);
    stage.now = over - TimeDelta::seconds(1);
    assert_eq!(stage.expire(), Err(Refused::TooEarly));
    stage.now = over;
    assert_eq!(stage.expire(), Ok(State::Ended));
    for registration in &stage.application.registrations {
        let expected = Standing::Ended(Ending::Expired, over);
        assert_eq!(registration.standing, expected);
    }
    assert_eq!(stage.expire(), Err(Refused::OutOfTurn(State::Ended)));
}

#[test]
fn however_late_the_service_finds_out_it_expired_on_time() {
    let mut stage = family();
    leaving(&mut stage, 1, &person(SPOUSE)).unwrap();
    let over = over(&stage);
    stage.now = over + TimeDelta::days(9);
    stage.expire().unwrap();
    let standing = |place: usize| stage.application.registrations[place].standing;
    let expired = Standing::Ended(Ending::Expired, over);
    assert_eq!((standing(0), standing(2)), (expired, expired));
    assert!(matches!(standing(1), Standing::Ended(Ending::Left, _)));
}

#[test]
fn after_its_last_day_it_ends_in_no_other_way_whether_the_service_knows_or_not() {
    let removal = rules(|rules| rules.answer_window = TimeDelta::days(200));
    let mut stage = Stage::registered(2);
    stage.rules = removal;
    stage.remove(OWNERS[0], &OWNERS[1..2]).unwrap();
    stage.now = over(&stage);
    assert_eq!(stage.leave(&applicant()), Err(Refused::TooLate));
    let confirmed = stage.confirm(0, &person(OWNERS[1]));
    assert_eq!(confirmed, Err(Refused::TooLate));
    assert_eq!(stage.replace(0), Err(Refused::TooLate));
    assert_eq!(stage.annul(0), Err(Refused::TooLate));
    let mut other = Stage::registered(1);
    other.now = over(&other);
    assert_eq!(other.remove(OWNERS[0], &[]), Err(Refused::TooLate));
    assert_eq!(stage.expire(), Ok(State::Ended));
}

#[test]
fn what_is_over_before_everything_is_ready_is_not_registered() {
    let mut stage = Stage::signed(1);
    stage.rules = rules(|rules| rules.answer_window = TimeDelta::days(200));
    stage.consent_of(0).unwrap();
    stage.now = over(&stage) - TimeDelta::seconds(1);
    assert_eq!(stage.clone().register(), Ok(State::Registered));
    stage.now = over(&stage);
    assert_eq!(stage.register(), Err(Refused::TooLate));
    assert_eq!(stage.wait_hours(24 * 200).lapse(), Ok(State::Lapsed));
}

#[test]
fn a_permanent_registration_does_not_expire() {
    let mut stage = Stage::new(Wish::of(owners(&OWNERS[..1])).for_good());
    stage.sign(&applicant()).unwrap();
    stage.consent_of(0).unwrap();
    stage.register().unwrap();
    assert_eq!(stage.application.remind_at, None);
    stage.wait(TimeDelta::days(9_000));
    assert_eq!(stage.expire(), Err(Refused::OutOfTurn(State::Registered)));
    assert_eq!(stage.leave(&applicant()), Ok(State::Ended));
}

#[test]
fn a_newer_registration_takes_its_place() {
    let mut stage = family();
    let id = stage.registration();
    let by = stage.act(&applicant(), Act::Replace(id));
    assert_eq!(by, Err(Refused::NotYours));
    assert_eq!(stage.replace(0), Ok(State::Registered));
    ended(&stage, 0, Ending::Replaced);
    assert_eq!(stage.replace(0), Err(Refused::OutOfTurn(State::Registered)));
    assert_eq!(stage.replace(9), Err(Refused::NotYours));
}

#[test]
fn the_state_register_annuls_what_it_does_not_take() {
    let mut stage = family();
    for other in [Actor::Clock, applicant(), person(OWNERS[0])] {
        let act = Act::Annul(stage.registration());
        assert_eq!(stage.act(&other, act), Err(Refused::NotYours));
    }
    assert_eq!(stage.annul(0), Ok(State::Registered));
    ended(&stage, 0, Ending::Annulled);
    assert_eq!(stage.annul(1), Ok(State::Registered));
    assert_eq!(stage.annul(2), Ok(State::Ended));
}

#[test]
fn what_continues_a_registration_ends_with_it_when_that_ends_early() {
    for how in Ending::VARIANTS {
        let mut stage = Stage::continuing();
        let former = Standing::Ended(*how, stage.now);
        if *how == Ending::Expired {
            let early = stage.discontinue(former);
            assert_eq!(early, Err(Refused::OutOfTurn(State::Registered)));
            continue;
        }
        assert_eq!(stage.discontinue(former), Ok(State::Ended), "{how:?}");
        ended(&stage, 0, Ending::Discontinued);
        assert_eq!(stage.last(), EventKind::Discontinued);
    }
}

#[test]
fn what_continues_a_registration_that_stands_and_what_continues_none_goes_on() {
    let mut stage = Stage::continuing();
    let out_of_turn = Err(Refused::OutOfTurn(State::Registered));
    assert_eq!(stage.discontinue(Standing::Active), out_of_turn);
    let mut stage = Stage::registered(1);
    let left = Standing::Ended(Ending::Left, stage.now);
    assert_eq!(stage.discontinue(left), out_of_turn);
}

#[test]
fn an_end_keeps_the_consents_that_led_to_it() {
    let mut stage = Stage::registered(2);
    let before = stage.application.consents.clone();
    stage.leave(&applicant()).unwrap();
    assert_eq!(stage.application.consents, before);
}

#[test]
fn nothing_ends_before_the_step_that_came_before() {
    let mut stage = Stage::registered(1);
    let before = stage.application.changed_at;
    stage.wait(-TimeDelta::minutes(4));
    stage.leave(&applicant()).unwrap();
    let standing = stage.application.registrations[0].standing;
    assert_eq!(standing, Standing::Ended(Ending::Left, before));
}
