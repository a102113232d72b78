//! When people are reminded.

use chrono::TimeDelta;

use super::people::{OWNERS, RESIDENT, Wish, owners, person, rules};
use super::stage::Stage;
use crate::domain::{Act, Actor, EventKind, Purpose, Refused, State};

#[test]
fn who_has_not_answered_is_reminded_a_day_and_four_hours_before_the_deadline() {
    let mut stage = Stage::signed(1);
    let deadline = stage.application.deadline;
    let first = deadline - TimeDelta::hours(24);
    assert_eq!(stage.application.remind_at, Some(first));
    stage.now = first - TimeDelta::seconds(1);
    assert_eq!(stage.remind(), Err(Refused::TooEarly));
    stage.now = first;
    assert_eq!(stage.remind(), Ok(State::AwaitingConsent));
    assert_eq!(stage.last(), EventKind::Reminded);
    assert_eq!(stage.remind(), Err(Refused::TooEarly));
    let second = deadline - TimeDelta::hours(4);
    assert_eq!(stage.application.remind_at, Some(second));
    stage.now = second;
    stage.remind().unwrap();
    assert_eq!(stage.application.reminders, 2);
    assert_eq!(stage.application.remind_at, None);
    stage.now = deadline;
    assert_eq!(stage.remind(), Err(Refused::TooEarly));
}

#[test]
fn a_service_that_slept_tells_people_once() {
    let mut stage = Stage::signed(1);
    stage.wait_hours(71).remind().unwrap();
    assert_eq!(stage.application.reminders, 1);
    assert_eq!(stage.application.remind_at, None);
    assert_eq!(stage.remind(), Err(Refused::TooEarly));
}

#[test]
fn the_people_of_a_registration_are_reminded_thirty_seven_and_one_days_before_its_end() {
    let mut stage = Stage::registered(1);
    let over = stage.application.term.over_at().unwrap();
    for days in [30, 7, 1] {
        let due = over - TimeDelta::days(days);
        assert_eq!(stage.application.remind_at, Some(due));
        stage.now = due;
        assert_eq!(stage.remind(), Ok(State::Registered));
    }
    assert_eq!(stage.application.remind_at, None);
}

#[test]
fn no_reminder_lies_before_the_state_began() {
    let mut stage = Stage::agreed(1);
    stage.rules.ending_reminders = [200, 7, 1].map(TimeDelta::days).to_vec();
    stage.register().unwrap();
    assert_eq!(stage.application.reminders, 0);
    let over = stage.application.term.over_at().unwrap();
    let due = over - TimeDelta::days(7);
    assert_eq!(stage.application.remind_at, Some(due));
}

#[test]
fn what_the_operator_decides_anew_loses_no_reminder_and_sends_none_twice() {
    let days = |days: &[i64]| -> Vec<_> { days.iter().map(|one| TimeDelta::days(*one)).collect() };
    let mut stage = Stage::registered(1);
    let over = stage.application.term.over_at().unwrap();
    let before = |days| over - TimeDelta::days(days);
    stage.now = before(30);
    stage.remind().unwrap();
    // The first of three goes; the second is still to come.
    stage.rules.ending_reminders = days(&[7, 1]);
    stage.now = before(7);
    assert_eq!(stage.remind(), Ok(State::Registered));
    // One is put in that is over already, and one that is not.
    stage.rules.ending_reminders = days(&[14, 7, 3, 1]);
    stage.now = before(6);
    assert_eq!(stage.remind(), Err(Refused::TooEarly));
    let next = stage.application.next_reminder(&stage.rules, stage.now);
    assert_eq!(next, Some(before(3)));
    stage.now = before(1);
    assert_eq!(stage.remind(), Ok(State::Registered));
    assert_eq!(stage.application.reminders, 3);
    assert_eq!(stage.application.remind_at, None);
}

#[test]
fn a_reminder_that_is_no_longer_due_at_its_time_is_due_at_the_next() {
    let mut stage = Stage::registered(1);
    let over = stage.application.term.over_at().unwrap();
    stage.rules.ending_reminders = [7, 1].map(TimeDelta::days).to_vec();
    stage.now = over - TimeDelta::days(30);
    assert_eq!(stage.remind(), Err(Refused::TooEarly));
    let next = stage.application.next_reminder(&stage.rules, stage.now);
    assert_eq!(next, Some(over - TimeDelta::days(7)));
    stage.rules.ending_reminders.clear();
    let none = stage.application.next_reminder(&stage.rules, stage.now);
    assert_eq!(none, None);
}

#[test]
fn an_edit_begins_the_reminders_again() {
    let mut stage = Stage::signed(1);
    stage.wait_hours(50).remind().unwrap();
    let wish = stage.wish.clone();
    stage.edit(&person(RESIDENT), wish).unwrap();
    let due = stage.application.deadline - TimeDelta::hours(24);
    assert_eq!(stage.application.remind_at, Some(due));
    stage.wait_hours(1);
    stage.sign(&person(RESIDENT)).unwrap();
    let due = stage.application.deadline - TimeDelta::hours(24);
    assert_eq!(stage.application.remind_at, Some(due));
}

#[test]
fn a_signature_that_waits_keeps_no_reminder_from_the_others() {
    let mut stage = Stage::signed(2);
    stage.wait_hours(50).remind().unwrap();
    let owner = stage.party(0);
    let purpose = Purpose::Consent(stage.id(0));
    stage.wait_hours(10).receive(purpose, &owner).unwrap();
    let due = stage.application.deadline - TimeDelta::hours(4);
    assert_eq!(stage.application.remind_at, Some(due));
    assert_eq!(stage.remind(), Err(Refused::TooEarly));
    stage.wait_hours(8).remind().unwrap();
    assert_eq!(stage.application.remind_at, None);
}

#[test]
fn where_no_reminders_are_set_nobody_is_reminded() {
    let none = rules(|rules| {
        rules.answer_reminders.clear();
        rules.ending_reminders.clear();
    });
    let mut stage = Stage::under(none, Wish::of(owners(&OWNERS[..1])));
    stage.sign(&person(RESIDENT)).unwrap();
    assert_eq!(stage.wait_hours(72).remind(), Err(Refused::TooEarly));
}

#[test]
fn only_the_service_reminds_and_only_of_what_is_awaited() {
    let mut stage = Stage::signed(1);
    stage.wait_hours(50);
    for other in [person(RESIDENT), person(OWNERS[0]), Actor::Register] {
        assert_eq!(stage.act(&other, Act::Remind), Err(Refused::NotYours));
    }
    let mut draft = Stage::new(stage.wish.clone());
    assert_eq!(draft.remind(), Err(Refused::TooEarly));
    assert_eq!(draft.wait_hours(70).remind(), Ok(State::Draft));
    let mut agreed = Stage::agreed(1);
    agreed.wait_hours(70);
    assert_eq!(agreed.remind(), Err(Refused::OutOfTurn(State::Consented)));
}

#[test]
fn whoever_is_to_confirm_an_end_is_reminded_of_it_beside_the_last_day() {
    let mut stage = Stage::registered(3);
    let last = stage.application.term.over_at().unwrap();
    let first = last - TimeDelta::days(30);
    assert_eq!(stage.application.remind_at, Some(first));
    stage.remove(OWNERS[0], &OWNERS[1..]).unwrap();
    let id = stage.registration();
    let deadline = stage.now + stage.rules.answer_window;
    for hours in [24, 4] {
        let due = deadline - TimeDelta::hours(hours);
        assert_eq!(stage.application.remind_at, Some(due));
        stage.now = due;
        assert_eq!(stage.remind(), Ok(State::Registered));
        assert_eq!(stage.events.last().unwrap().registration, Some(id));
        assert_eq!(stage.remind(), Err(Refused::TooEarly));
    }
    assert_eq!(stage.application.remind_at, Some(first));
    // Nobody is reminded of a demand that is dropped.
    let mut dropped = Stage::registered(2);
    dropped.remove(OWNERS[0], &OWNERS[1..2]).unwrap();
    dropped.object(0, &person(OWNERS[1])).unwrap();
    assert_eq!(dropped.application.remind_at, Some(first));
}

#[test]
fn a_demand_at_the_end_of_the_registration_keeps_no_reminder_from_everybody() {
    let mut stage = Stage::registered(2);
    let last = stage.application.term.over_at().unwrap();
    // Its last reminder is due when the one of the last day is.
    stage.now = last - TimeDelta::days(1) - TimeDelta::hours(68);
    stage.remind().unwrap();
    stage.remove(OWNERS[0], &OWNERS[1..2]).unwrap();
    stage.now = last - TimeDelta::days(1);
    stage.remind().unwrap();
    assert_eq!(stage.events.last().unwrap().registration, None);
}
