//! What the service does in the model: a handler or a worker loads, decides by
//! the machine itself, and saves.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::super::tests::people::{RESIDENT, iin, start};
use super::database::{keyless, overlaps};
use super::faults::{self, Fault};
use super::people::{
    Command, Paper, asking, confirming, consent, holder, holders, proposal, question, registration,
    wish,
};
use super::world::{Certificate, Held, Owners, Row, Stored, World};
use super::{CONTINUED, CONTINUING, Model, Moments, Revocation};
use crate::domain::{
    Act, Actor, Application, Asked, DeclineReason, Demand, Grounds, Holder, Recheck, Registration,
    State, Step,
};

/// Something the service may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Work {
    /// A request has come.
    Answer(Command),
    /// Everybody agreed: check all again and register, or not.
    Finish(usize),
    /// The owners are read again while answers are awaited.
    Reread(usize),
    /// The evidence of what waits has come; it counts, or it does not.
    Settle(usize, Found),
    Lapse(usize),
    DropRemoval(usize),
    VoidRemoval(usize),
    Expire(usize),
    Remind(usize),
    /// What was to continue a registration goes as that has gone.
    Discontinue(usize),
}

/// What the evidence says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Found {
    Counts,
    CountsNot,
}

impl Work {
    pub(super) fn place(self) -> usize {
        match self {
            Self::Answer(command) => command.place(),
            Self::Finish(place)
            | Self::Reread(place)
            | Self::Settle(place, _)
            | Self::Lapse(place)
            | Self::DropRemoval(place)
            | Self::VoidRemoval(place)
            | Self::Expire(place)
            | Self::Remind(place)
            | Self::Discontinue(place) => place,
        }
    }

    /// All that the clock may do to one application.
    pub(super) fn by_the_clock(place: usize) -> [Self; 10] {
        [
            Self::Finish(place),
            Self::Reread(place),
            Self::Settle(place, Found::Counts),
            Self::Settle(place, Found::CountsNot),
            Self::Lapse(place),
            Self::DropRemoval(place),
            Self::VoidRemoval(place),
            Self::Expire(place),
            Self::Remind(place),
            Self::Discontinue(place),
        ]
    }
}

impl Model {
    /// What follows from a piece of work now, if anything; nothing is saved yet.
    pub(super) fn decide(&self, world: &World, work: Work) -> Option<Held> {
        let place = work.place();
        let row = &world.rows[place];
        let application = &*row.application.0;
        if let Work::Answer(command) = work {
            return self.answer(world, command);
        }
        let act = match work {
            Work::Finish(_) => return self.finish(world, row, place),
            Work::Settle(_, found) => return self.settle(world, row, place, found),
            Work::Reread(_) if application.state == State::AwaitingConsent => {
                let asked = self.asked(world.owners);
                if application.asks(&asked) {
                    return None;
                }
                Act::AskAnew(question(asked, place, application.round + 1))
            }
            Work::Lapse(_) => Act::Lapse,
            Work::DropRemoval(_) => Act::DropRemoval(registration(place)),
            Work::VoidRemoval(_) => {
                Act::VoidRemoval(registration(place), self.register(world.owners))
            }
            Work::Expire(_) => Act::Expire,
            Work::Remind(_) => Act::Remind,
            Work::Discontinue(_) => self.discontinue(world, application)?,
            Work::Reread(_) | Work::Answer(_) => return None,
        };
        if self.scope.fault == Some(Fault::NeverLapses) && matches!(act, Act::Lapse) {
            return None;
        }
        let step = self.step(world, row, &Actor::Clock, act)?;
        Some(self.held(world, row, place, step))
    }

    /// The registration that an application continues, once it has ended early.
    fn gone<'a>(&self, world: &'a World, application: &Application) -> Option<&'a Registration> {
        let continued = application.extends?;
        let registrations = world.rows.iter().filter_map(Row::registration);
        let mut gone = registrations.filter(|one| one.id == continued && one.ended_early());
        gone.next()
    }

    fn discontinue<'a>(&self, world: &'a World, application: &Application) -> Option<Act<'a>> {
        if self.scope.fault == Some(Fault::KeepsContinuing) {
            return None;
        }
        let gone = self.gone(world, application)?;
        let asks = [State::AwaitingConsent, State::Consented].contains(&application.state);
        Some(match application.registrations.first() {
            None if asks => Act::Refuse(Grounds::NothingToExtend),
            None => return None,
            Some(registration) => Act::Discontinue(registration.id, gone),
        })
    }

    /// The state register does not take a registration.
    pub(super) fn annul(&self, world: &World, place: usize) -> Option<Held> {
        let row = &world.rows[place];
        let act = Act::Annul(registration(place));
        let step = self.step(world, row, &Actor::Register, act)?;
        Some(self.held(world, row, place, step))
    }

    pub(super) fn step(
        &self,
        world: &World,
        row: &Row,
        actor: &Actor,
        act: Act<'_>,
    ) -> Option<Step> {
        let now = self.moments.at(world.time);
        faults::after(self.scope.fault, row, (actor, act), &self.rules, now)
    }

    pub(super) fn held(&self, world: &World, row: &Row, place: usize, step: Step) -> Held {
        Held {
            place,
            base: row.application.0.version,
            command: None,
            next: Stored(Arc::new(step.application)),
            kind: step.event.kind,
            owners: world.owners,
            sound: true,
            signed: None,
        }
    }

    /// A request is answered once; the second time the stored answer is given.
    fn answer(&self, world: &World, command: Command) -> Option<Held> {
        let fault = self.scope.fault;
        if self.is_answered(world, command) && !keyless(fault) {
            return None;
        }
        self.under_another_key(world, command)
    }

    /// A request for the same thing that nobody has seen before.
    pub(super) fn under_another_key(&self, world: &World, command: Command) -> Option<Held> {
        let row = &world.rows[command.place()];
        // Nobody asks that something goes on which is not there.
        let waits = self.scope.extends && command.place() == CONTINUING;
        if waits && world.rows[CONTINUED].registration().is_none() {
            return None;
        }
        let revoked = |who: usize| world.certificates[who] != Certificate::Good;
        let signs = !matches!(
            command,
            Command::Decline(..)
                | Command::TakeBack(..)
                | Command::Object(..)
                | Command::Retract(..)
        );
        if signs && command.owner().is_some_and(revoked) {
            return None;
        }
        let act = self.request(world, row, command)?;
        let step = self.step(world, row, &command.actor(), act)?;
        Some(Held {
            command: Some(command),
            signed: command.edition(),
            ..self.held(world, row, command.place(), step)
        })
    }

    fn request(&self, world: &World, row: &Row, command: Command) -> Option<Act<'_>> {
        let application = &*row.application.0;
        let (papers, time) = (&self.papers, world.time);
        let any_edition = self.scope.fault == Some(Fault::TakesAnyEdition);
        let current = |edition: i32| edition == application.edition || any_edition;
        Some(match command {
            Command::Sign(place, edition) | Command::SignLate(place, edition) => {
                // The document of another edition is not the one that is looked for.
                if !current(edition) {
                    return None;
                }
                let paper = Paper::Application(place, edition);
                if matches!(command, Command::SignLate(..)) {
                    return Some(Act::Receive(papers.receipt(paper, time)));
                }
                Act::Sign(papers.signed(paper, time))
            }
            Command::Consent(place, asking) => {
                let id = consent(place, asking);
                Act::Consent(id, papers.signed(Paper::Consent(id), time))
            }
            Command::ConsentLate(place, asking) => {
                let paper = Paper::Consent(consent(place, asking));
                Act::Receive(papers.receipt(paper, time))
            }
            Command::Decline(place, asking) => {
                Act::Decline(consent(place, asking), DeclineReason::NotAgreed)
            }
            Command::TakeBack(place, asking) => Act::TakeBack(consent(place, asking)),
            Command::Edit(place, edition) => {
                if application.edition != edition {
                    return None;
                }
                let wish = wish(&holders(world.owners, self.scope.owners));
                Act::Edit(Box::new(proposal(&wish, place, application.round + 1)))
            }
            Command::Withdraw(_) => Act::Withdraw,
            Command::Leave(place) => {
                let signed = papers.signed(Paper::Leaving(place), time);
                Act::Leave(registration(place), iin(RESIDENT), signed)
            }
            Command::Remove(place, who) => self.demand(world, place, who)?,
            Command::Retract(place, _) => Act::WithdrawRemoval(registration(place), None),
            Command::Confirm(place, by, who) => {
                let id = super::people::confirmation(place, by, who);
                let signed = papers.signed(Paper::Consent(id), time);
                Act::Confirm(id, signed, self.removers(world, application))
            }
            Command::ConfirmLate(place, by, who) => {
                let id = super::people::confirmation(place, by, who);
                Act::Receive(papers.receipt(Paper::Consent(id), time))
            }
            Command::Object(place, by, who) => {
                let id = super::people::confirmation(place, by, who);
                Act::Decline(id, DeclineReason::NotAgreed)
            }
        })
    }

    /// Who owns the dwelling by the register, which is read when an end is confirmed.
    pub(super) fn removers(&self, world: &World, application: &Application) -> &BTreeSet<Holder> {
        let registers = [Owners::First, Owners::Sold].map(|owners| self.register(owners));
        let removal = application.registrations.first();
        let removal = removal.and_then(|one| one.removal.as_ref());
        let asked = |owners: &&BTreeSet<Holder>| removal.is_some_and(|it| it.is_by(owners));
        match self.scope.fault {
            Some(Fault::KeepsRemovers) => registers.into_iter().find(asked),
            _ => None,
        }
        .unwrap_or_else(|| self.register(world.owners))
    }

    pub(super) fn register(&self, owners: Owners) -> &BTreeSet<Holder> {
        match owners {
            Owners::First => &self.registers[0],
            Owners::Sold => &self.registers[1],
        }
    }

    /// Only who is an owner by the register may demand.
    fn demand(&self, world: &World, place: usize, who: usize) -> Option<Act<'_>> {
        let owners = holders(world.owners, self.scope.owners);
        owners.contains(&who).then(|| {
            let demand = Demand {
                by: holder(who),
                delegate: None,
                signed: self.papers.signed(Paper::Removal(place, who), world.time),
                consents: confirming(place, who, &owners),
            };
            Act::Remove(registration(place), demand)
        })
    }

    /// The registers and the authorities are asked again, then it is decided.
    fn finish(&self, world: &World, row: &Row, place: usize) -> Option<Held> {
        let application = &*row.application.0;
        if application.state != State::Consented {
            return None;
        }
        let fault = self.scope.fault;
        let asked = match fault {
            Some(Fault::KeepsOwners) => self.asked_of(application),
            _ => self.asked(world.owners),
        };
        let sound = self.is_sound(world, application);
        let act = if !application.asks(&asked) {
            Act::AskAnew(question(asked.clone(), place, application.round + 1))
        } else if !sound && fault != Some(Fault::SkipsRecheck) {
            Act::Refuse(Grounds::SignatureVoid)
        } else if self.gone(world, application).is_some() {
            Act::Refuse(Grounds::NothingToExtend)
        } else if overlaps(world, place) && fault != Some(Fault::RegistersTwice) {
            Act::Refuse(Grounds::AlreadyRegistered)
        } else {
            Act::Register(self.recheck(row, place, &asked))
        };
        let step = self.step(world, row, &Actor::Clock, act)?;
        Some(Held {
            sound,
            ..self.held(world, row, place, step)
        })
    }

    fn recheck<'a>(&'a self, row: &Row, place: usize, asked: &'a Asked) -> Recheck<'a> {
        let application = &row.application.0;
        let consents = application.consents.iter();
        let signed = |id| (id, self.papers.signed(Paper::Consent(id), 0));
        Recheck {
            asked,
            application: self.papers.signed(Paper::Application(place, row.signed), 0),
            consents: consents.map(|consent| signed(consent.id)).collect(),
            registrations: vec![registration(place)],
        }
    }

    pub(super) fn asked(&self, owners: Owners) -> Asked {
        wish(&holders(owners, self.scope.owners)).asked()
    }

    fn asked_of(&self, application: &Application) -> Asked {
        let parties = application.consents.iter();
        Asked {
            owners: application.owners.clone(),
            parties: parties.map(|consent| consent.party.clone()).collect(),
        }
    }

    /// Whether each signature that counts would count if it were checked now.
    pub(super) fn is_sound(&self, world: &World, application: &Application) -> bool {
        let mut consents = application.consents.iter();
        consents.all(|consent| {
            let certificate = world.certificates[asking(consent.id).who];
            match (certificate, self.scope.revocation) {
                (Certificate::Good, _) | (Certificate::Revoked, Revocation::Stands) => true,
                (Certificate::Revoked, Revocation::Undoes) | (Certificate::Backdated, _) => false,
            }
        })
    }
}

impl Moments {
    pub(super) fn at(&self, time: usize) -> DateTime<Utc> {
        start() + self.0[time]
    }

    pub(super) fn all(&self) -> Vec<DateTime<Utc>> {
        (0..self.0.len()).map(|time| self.at(time)).collect()
    }
}
