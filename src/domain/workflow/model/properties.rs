//! What must hold in every moment, each under the number of its invariant, and
//! what must be possible.

use std::collections::BTreeSet;

use stateright::Property;

use super::database::{DEADLINES, REMOVERS, overlaps};
use super::people::{Command, asking, holders};
use super::resting::{ends, finished, goes_on, idle, lapses, settled, waited_for};
use super::world::{Owners, Row, World};
use super::{Model, Scope};
use crate::domain::{Answer, Application, Ending, Registration, Standing, State};

/// All of them; what a scope leaves out is not asked to be possible in it.
pub(super) fn all(scope: &Scope) -> Vec<Property<Model>> {
    let mut all = vec![
        Property::always("I1 one active registration for a resident", one_active),
        Property::always(
            "I2 registered means one valid consent of each owner",
            complete,
        ),
        Property::always(
            "I3 nobody counts twice and nobody else counts",
            counted_once,
        ),
        Property::always("I4 each signature is over the present edition", present),
        Property::always("I6 no answer is older than its question", in_order),
        Property::always("I7 a consent becomes valid once", unbroken::<7>),
        Property::always("I8 an end is an end", unbroken::<8>),
        Property::always(
            "I9 one step: one version, one record, one message",
            one_each,
        ),
        Property::always(
            "I10 the portal takes each message once and in order",
            delivered,
        ),
        Property::always("I11 what waits for evidence does not count", waits),
        Property::always("I12 a void signature registers nothing", unbroken::<12>),
        Property::always(
            "I13 active until the last day, expired from then on",
            on_time,
        ),
        Property::always("I14 one key, one effect", unbroken::<14>),
        Property::always(
            "I14 what was answered is not answered under another key",
            once,
        ),
        Property::always("I15 what was acknowledged is kept", kept),
        Property::always(
            "I19 an end has its own act and keeps the consents",
            its_own_act,
        ),
        Property::always("I19 the owners of today end it", unbroken::<REMOVERS>),
        Property::always("I20 other owners are asked anew", asked_anew),
        Property::always("I24 no history goes back in time", unbroken::<24>),
        Property::always("I25 the service's work done twice is done once", idle),
        Property::always("L1 what is agreed is registered or refused", finished),
        Property::always("L2 what waits for evidence is settled", settled),
        Property::always("L4 a deadline that has passed ends it", lapses),
        Property::always("L5 every state has a way out", ends),
        Property::always("L4 only a question gives time", unbroken::<DEADLINES>),
        Property::always("L6 what came in time is waited for", waited_for),
        Property::always("L7 nothing goes on that has gone", goes_on),
        Property::sometimes("it is registered", |_: &Model, w: &World| {
            any(w, State::Registered)
        }),
        Property::sometimes("it ends", |_: &Model, w: &World| any(w, State::Ended)),
        Property::sometimes("it lapses", |_: &Model, w: &World| any(w, State::Lapsed)),
    ];
    if scope.declines {
        all.extend([
            Property::sometimes("it is declined", |_: &Model, w: &World| {
                any(w, State::Declined)
            }),
            Property::sometimes("it is withdrawn", |_: &Model, w: &World| {
                any(w, State::Withdrawn)
            }),
        ]);
    }
    if scope.revokes || scope.applications == 2 {
        let refused = Property::sometimes("it is refused", |_: &Model, w: &World| {
            any(w, State::Refused)
        });
        all.push(refused);
    }
    if scope.sells {
        all.push(Property::sometimes(
            "a second round is registered",
            |_: &Model, w: &World| {
                w.rows
                    .iter()
                    .any(|row| row.state() == State::Registered && row.application.0.round > 1)
            },
        ));
    }
    if scope.extends {
        all.push(Property::sometimes(
            "it ends with what it continued",
            |_: &Model, w: &World| {
                w.rows
                    .iter()
                    .any(|row| ending(row) == Some(Ending::Discontinued))
            },
        ));
    }
    if scope.ends {
        all.push(Property::sometimes(
            "an owner ends it",
            |_: &Model, w: &World| {
                w.rows
                    .iter()
                    .any(|row| ending(row) == Some(Ending::Removed))
            },
        ));
    }
    all
}

fn unbroken<const INVARIANT: u32>(_: &Model, world: &World) -> bool {
    world.broken.holds(INVARIANT)
}

fn any(world: &World, state: State) -> bool {
    world.rows.iter().any(|row| row.state() == state)
}

fn ending(row: &Row) -> Option<Ending> {
    match row.registration()?.standing {
        Standing::Ended(how, _) => Some(how),
        Standing::Active => None,
    }
}

pub(super) fn each(world: &World, holds: impl Fn(&Row, &Application) -> bool) -> bool {
    world.rows.iter().all(|row| holds(row, &row.application.0))
}

fn one_active(_: &Model, world: &World) -> bool {
    let rows = world.rows.iter().enumerate();
    let mut active =
        rows.filter(|(_, row)| row.registration().is_some_and(Registration::is_active));
    active.all(|(place, _)| !overlaps(world, place))
        && each(world, |_, application| application.registrations.len() <= 1)
}

fn complete(model: &Model, world: &World) -> bool {
    each(world, |row, application| {
        let agreed = application.state == State::Consented || row.registration().is_some();
        let Some(basis) = row.basis else {
            return !agreed || application.is_agreed();
        };
        let parties = application.consents.iter().map(|one| &one.party);
        let parties: BTreeSet<_> = parties.cloned().collect();
        application.is_agreed() && parties == model.asked(basis).parties
    })
}

fn counted_once(model: &Model, world: &World) -> bool {
    each(world, |_, application| {
        let parties: BTreeSet<_> = application.consents.iter().map(|one| &one.party).collect();
        let ever = [Owners::First, Owners::Sold].map(|owners| model.asked(owners).parties);
        parties.len() == application.consents.len()
            && ever
                .iter()
                .any(|asked| parties.iter().all(|one| asked.contains(*one)))
    })
}

fn present(_: &Model, world: &World) -> bool {
    each(world, |row, application| {
        let mut consents = application.consents.iter();
        let of_this_round = consents.all(|one| asking(one.id).round == application.round);
        let unsigned = application.state == State::Draft || application.state.is_final();
        of_this_round && (unsigned || row.signed == application.edition)
    })
}

fn in_order(_: &Model, world: &World) -> bool {
    each(world, |_, application| {
        let mut answers = application.consents.iter().map(|one| one.answer);
        answers.all(|answer| match answer {
            Answer::Awaited => true,
            Answer::Pending(at)
            | Answer::Given(at)
            | Answer::Declined(at, _)
            | Answer::TakenBack(at) => {
                application.asked_at.is_some_and(|asked| asked <= at)
                    && at <= application.changed_at
            }
        })
    })
}

fn one_each(_: &Model, world: &World) -> bool {
    let counted = each(world, |row, application| {
        row.events == application.version && row.outbox == application.version
    });
    counted && world.broken.holds(9)
}

fn delivered(_: &Model, world: &World) -> bool {
    let prefix = each(world, |row, _| {
        row.delivered <= row.taken && row.taken <= row.outbox
    });
    prefix && world.broken.holds(10)
}

fn waits(_: &Model, world: &World) -> bool {
    let counted = each(world, |row, application| {
        let pending = application.consents.iter();
        let mut pending = pending.filter(|one| one.answer.is_pending());
        let agreed = application.state == State::Consented || row.registration().is_some();
        !agreed || pending.next().is_none()
    });
    counted && world.broken.holds(11)
}

fn on_time(model: &Model, world: &World) -> bool {
    let now = model.moments.at(world.time);
    each(world, |row, application| {
        let over = application.term.over_at().unwrap();
        row.registration().is_none_or(|one| match one.standing {
            Standing::Active => one.registered_at < over,
            Standing::Ended(Ending::Expired, at) => at == over && over <= now,
            Standing::Ended(_, at) => one.registered_at <= at && at < over,
        })
    })
}

/// Nobody's answer, leave or withdrawal is taken again under another key.
fn once(model: &Model, world: &World) -> bool {
    let answered = model.commands.iter();
    let mut answered = answered.filter(|one| model.is_answered(world, **one));
    answered.all(|command| {
        let repeatable = matches!(
            command,
            Command::SignLate(..)
                | Command::ConsentLate(..)
                | Command::ConfirmLate(..)
                | Command::Remove(..)
                | Command::Confirm(..)
                | Command::Object(..)
        );
        repeatable || model.under_another_key(world, *command).is_none()
    })
}

fn kept(model: &Model, world: &World) -> bool {
    let answered = model.commands.iter();
    let mut answered = answered.filter(|one| model.is_answered(world, **one));
    answered.all(|command| {
        let row = &world.rows[command.place()];
        let application = &*row.application.0;
        let answer = |round: i32, who: usize| {
            let mut consents = application.consents.iter();
            let own = consents.find(|one| asking(one.id).who == who)?;
            (application.round == round).then_some(own.answer)
        };
        match *command {
            Command::Consent(_, to) => answer(to.round, to.who).is_none_or(|one| !one.is_open()),
            Command::Decline(..) | Command::TakeBack(..) => application.state == State::Declined,
            Command::Withdraw(_) => application.state == State::Withdrawn,
            Command::Edit(_, edition) => application.edition > edition,
            Command::Sign(_, edition) => {
                application.edition > edition || application.state != State::Draft
            }
            Command::Leave(_) => ending(row) == Some(Ending::Left),
            Command::SignLate(..)
            | Command::ConsentLate(..)
            | Command::Remove(..)
            | Command::Retract(..)
            | Command::Confirm(..)
            | Command::ConfirmLate(..)
            | Command::Object(..) => application.version > 1,
        }
    })
}

fn its_own_act(model: &Model, world: &World) -> bool {
    let mut rows = world.rows.iter().enumerate();
    rows.all(|(place, row)| {
        let consents = row.registration().is_none() || row.application.0.is_agreed();
        let own_act = match ending(row) {
            Some(Ending::Left) => model.is_answered(world, Command::Leave(place)),
            Some(Ending::Removed) => removed_by_all(model, world, place),
            Some(Ending::Expired | Ending::Replaced | Ending::Annulled | Ending::Discontinued)
            | None => true,
        };
        consents && own_act
    })
}

/// One owner demanded it and every other confirmed.
fn removed_by_all(model: &Model, world: &World, place: usize) -> bool {
    let done = |command| model.commands.contains(&command) && model.is_answered(world, command);
    let agreed = |by: usize, owners: &[usize]| {
        let mut others = owners.iter().filter(|who| **who != by);
        done(Command::Remove(place, by))
            && others.all(|who| {
                done(Command::Confirm(place, by, *who))
                    || done(Command::ConfirmLate(place, by, *who))
            })
    };
    [Owners::First, Owners::Sold].iter().any(|owners| {
        let owners = holders(*owners, model.scope.owners);
        owners.iter().any(|by| agreed(*by, &owners))
    })
}

fn asked_anew(model: &Model, world: &World) -> bool {
    each(world, |row, application| {
        row.basis
            .is_none_or(|basis| application.asks(&model.asked(basis)))
    })
}
