//! What happens in the end, asked of every single moment: from here, when people and
//! faults rest and only the service works.

use super::Model;
use super::properties::each;
use super::service::{Found, Work};
use super::settling::pending;
use super::world::{Certificate, Row, World};
use crate::domain::{Application, Registration, State};

/// Whatever the service has done it does not do again at once.
pub(super) fn idle(model: &Model, world: &World) -> bool {
    let works = (0..world.rows.len()).flat_map(Work::by_the_clock);
    let mut works = works.filter_map(|work| Some((work, model.decide(world, work)?)));
    works.all(|(work, held)| {
        let mut next = alone(world);
        model.commit(&mut next, held);
        model.decide(&next, work).is_none() || matches!(work, Work::Settle(..))
    })
}

/// The world without what was under way: a restart.
fn alone(world: &World) -> World {
    World {
        held: None,
        ..world.clone()
    }
}

pub(super) fn finished(model: &Model, world: &World) -> bool {
    let mut rows = world.rows.iter().enumerate();
    rows.all(|(place, row)| {
        let application = &row.application.0;
        let awaiting = application.state == State::AwaitingConsent;
        let consented = application.state == State::Consented;
        let over = application.term.is_over(model.moments.at(world.time));
        let leaves = !consented || over || leaves_consented(model, world, place);
        leaves && !(awaiting && application.is_agreed())
    })
}

fn leaves_consented(model: &Model, world: &World, place: usize) -> bool {
    let mut next = alone(world);
    let Some(held) = model.decide(&next, Work::Finish(place)) else {
        return false;
    };
    let before = world.rows[place].application.0.clone();
    let unchanged = before.asks(&model.asked(world.owners))
        && world.certificates == [Certificate::Good; 4]
        && world.rows.len() == 1;
    model.commit(&mut next, held);
    let after = &next.rows[place].application.0;
    let anew = after.state == State::AwaitingConsent && after.round > before.round;
    let refused = after.state == State::Refused && !unchanged;
    after.state == State::Registered || anew || refused
}

pub(super) fn settled(model: &Model, world: &World) -> bool {
    let mut rows = world.rows.iter().enumerate();
    rows.all(|(place, row)| {
        let waiting = pending(&row.application.0);
        let is_over = Work::Settle(place, Found::CountsNot);
        waiting.is_none() || model.decide(world, is_over).is_some()
    })
}

pub(super) fn lapses(model: &Model, world: &World) -> bool {
    let now = model.moments.at(world.time);
    let mut rows = world.rows.iter().enumerate();
    rows.all(|(place, row)| {
        let application = &row.application.0;
        let waits = application.waits_until(&model.rules);
        let late = application.state.is_open() && waits.max(Some(application.deadline)) < Some(now);
        !late || model.decide(world, Work::Lapse(place)).is_some()
    })
}

pub(super) fn waited_for(model: &Model, world: &World) -> bool {
    each(world, |_, application| {
        let awaiting = Application {
            state: State::AwaitingConsent,
            ..application.clone()
        };
        let waits = awaiting.waits_until(&model.rules);
        application.state != State::Lapsed || waits < Some(application.changed_at)
    })
}

/// What continues a registration that ended early, or is to, does not when the service
/// is left alone.
pub(super) fn goes_on(model: &Model, world: &World) -> bool {
    let mut next = alone(world);
    for place in 0..next.rows.len() {
        work_off(model, &mut next, place);
    }
    let continued = next.rows.first().and_then(Row::registration);
    let gone = continued.is_some_and(Registration::ended_early);
    let mut continuing = next
        .rows
        .iter()
        .filter(|row| row.application.0.extends.is_some());
    !gone
        || continuing.all(|row| {
            let asked = row.state() == State::AwaitingConsent || row.state() == State::Consented;
            !asked && row.registration().is_none_or(|one| !one.is_active())
        })
}

/// Left alone, first today and then long after, everything ends.
pub(super) fn ends(model: &Model, world: &World) -> bool {
    let mut next = alone(world);
    for time in [world.time, model.moments.0.len() - 1] {
        next.time = time;
        for place in 0..next.rows.len() {
            work_off(model, &mut next, place);
        }
    }
    next.rows.iter().all(|row| row.state().is_final())
}

/// The service does whatever there is to do, until nothing is left.
fn work_off(model: &Model, world: &mut World, place: usize) {
    let works = Work::by_the_clock(place);
    for _ in 0..MOST {
        let next = works.iter().find_map(|work| model.decide(world, *work));
        let Some(held) = next else { return };
        model.commit(world, held);
    }
}

/// More steps than the service ever has to make for one application.
const MOST: usize = 16;
