//! What the database does in the model: it takes a step whole or not at all, and
//! notes what no later look at it could show.

use super::Model;
use super::faults::{self, Fault};
use super::people::{Command, asking};
use super::world::{Held, Row, Stored, World};
use crate::domain::{Application, ConsentId, EventKind, State, Term};

impl Model {
    /// Saves what was decided, all of it or nothing.
    pub(super) fn commit(&self, world: &mut World, held: Held) {
        let fault = self.scope.fault;
        let row = &world.rows[held.place];
        let moved_on = row.application.0.version != held.base;
        let repeated = held.command.is_some_and(|one| self.is_answered(world, one));
        let answered_first = fault == Some(Fault::AnswersFirst);
        let conflict = moved_on && !blind(fault, row, &held)
            || repeated && !keyless(fault) && !answered_first
            || excluded(world, &held) && fault != Some(Fault::RegistersTwice);
        if conflict {
            return;
        }
        let next = faults::saved(fault, row, &held);
        self.watch(world, &held, &next);
        let row = &mut world.rows[held.place];
        row.application = next;
        row.events += 1;
        row.outbox += 1;
        row.consents += i32::from(held.kind == EventKind::ConsentGiven);
        if held.kind == EventKind::Edited || held.kind == EventKind::OwnersChanged {
            row.consents = 0;
        }
        row.signed = held.signed.unwrap_or(row.signed);
        if held.kind == EventKind::Registered {
            row.basis = Some(held.owners);
        }
        if let Some(command) = held.command {
            self.acknowledge(world, command);
        }
    }

    /// Notes what a step breaks that cannot be seen afterwards.
    fn watch(&self, world: &mut World, held: &Held, next: &Stored) {
        let row = &mut world.rows[held.place];
        let (before, after) = (&row.application.0, &next.0);
        let broken = &mut world.broken;
        let given = |application: &Application| {
            let consents = application.consents.iter();
            let given = consents.filter(|one| one.answer.is_given());
            let bits = given.map(|one| 1_u64 << (self.number(one.id)));
            bits.fold(0, |all, bit| all | bit)
        };
        let fresh = given(after) & !given(before);
        if fresh & row.valid != 0 {
            broken.note(7);
        }
        row.valid |= fresh;
        if before.state.is_final() && before.state != after.state {
            broken.note(8);
        }
        if after.version != before.version + 1 {
            broken.note(9);
        }
        if fresh != 0 && held.kind != EventKind::ConsentGiven {
            broken.note(11);
        }
        if held.kind == EventKind::Registered && !held.sound {
            broken.note(12);
        }
        let answered = world.answered;
        if let Some(command) = held.command
            && self.scope.fault != Some(Fault::AnswersFirst)
            && answered & self.bit(command) != 0
        {
            broken.note(14);
        }
        if after.changed_at < before.changed_at {
            broken.note(24);
        }
        let owners = self.register(held.owners);
        let removal = before.registrations.first();
        let removal = removal.and_then(|one| one.removal.as_ref());
        if held.kind == EventKind::Removed && !removal.is_some_and(|one| one.is_by(owners)) {
            broken.note(REMOVERS);
        }
        if !asks(held.kind, after.state) && before.deadline != after.deadline {
            broken.note(DEADLINES);
        }
    }

    fn number(&self, id: ConsentId) -> usize {
        let asking = asking(id);
        usize::try_from(asking.round).unwrap() * 4 + asking.who
    }

    pub(super) fn bit(&self, command: Command) -> u64 {
        let place = self.commands.iter().position(|one| *one == command);
        1 << place.unwrap()
    }

    pub(super) fn is_answered(&self, world: &World, command: Command) -> bool {
        world.answered & self.bit(command) != 0
    }

    pub(super) fn acknowledge(&self, world: &mut World, command: Command) {
        world.answered |= self.bit(command);
    }
}

/// Under which bit it is noted that an end was not of today's owners.
pub(super) const REMOVERS: u32 = 27;

/// And that somebody was given more time without a question.
pub(super) const DEADLINES: u32 = 28;

/// Whether a step puts a question, or the service's own last task.
fn asks(kind: EventKind, state: State) -> bool {
    let asks = [
        EventKind::Signed,
        EventKind::Edited,
        EventKind::OwnersChanged,
    ];
    asks.contains(&kind) || state == State::Consented
}

/// The rule of the database: no two active registrations of one resident for the
/// same days.
fn excluded(world: &World, held: &Held) -> bool {
    held.kind == EventKind::Registered && overlaps(world, held.place)
}

pub(super) fn overlaps(world: &World, place: usize) -> bool {
    let term = &world.rows[place].application.0.term;
    let others = world.rows.iter().enumerate();
    let mut others = others.filter(|(other, _)| *other != place);
    others.any(|(_, row)| {
        let active = row.registration().filter(|one| one.is_active());
        active.is_some_and(|one| meet(&one.term, term))
    })
}

/// Whether two terms have a day in common.
fn meet(one: &Term, other: &Term) -> bool {
    let begins_before =
        |one: &Term, other: &Term| other.until().is_none_or(|last| one.from() <= last);
    begins_before(one, other) && begins_before(other, one)
}

/// Whether a key is no hindrance.
pub(super) fn keyless(fault: Option<Fault>) -> bool {
    [Fault::ForgetsKeys, Fault::AnswersTwice, Fault::CountsRows]
        .map(Some)
        .contains(&fault)
}

/// Whether it is saved although the row is another than it was.
fn blind(fault: Option<Fault>, row: &Row, held: &Held) -> bool {
    let consents = row.state() == State::AwaitingConsent && held.kind == EventKind::ConsentGiven;
    match fault {
        Some(Fault::SavesBlindly) => true,
        Some(Fault::CountsApart) => consents,
        _ => false,
    }
}
