//! Every order in which things can happen, tried out: the machine itself, and
//! around it a service that may crash at any step, a database that keeps what was
//! saved and nothing else, people whose requests are repeated, reordered and
//! delayed, registers and authorities that change their minds.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use stateright::{Checker, Model as _, Property};

use super::tests::people::start;
use crate::domain::{Application, ApplicationId, Holder, Rules};
use faults::Fault;
use people::{Asking, Command, Papers, following, holders, proposal, registration, wish};
use service::Work;
use world::{Broken, Certificate, Held, Owners, Row, World};

mod database;
mod faults;
mod noticed;
mod people;
mod properties;
mod resting;
mod runs;
mod service;
mod settling;
mod world;

/// What may happen, and how often.
#[derive(Clone, Copy, Debug)]
struct Scope {
    owners: usize,
    /// Applications of one resident for the same days.
    applications: usize,
    /// How often the applicant writes it anew.
    edits: i32,
    /// People say no, take back and withdraw.
    declines: bool,
    /// Signatures come whose evidence is late.
    late: bool,
    /// An owner sells.
    sells: bool,
    /// Certificates are revoked.
    revokes: bool,
    /// Registrations are ended by people, and annulled by the state register.
    ends: bool,
    /// The second application continues the registration to which the first leads.
    extends: bool,
    /// Deciding and saving are two steps, with others and crashes between them.
    apart: bool,
    /// The portal is told.
    tells: bool,
    /// What a later revocation does to a consent that was received before.
    revocation: Revocation,
    fault: Option<Fault>,
}

/// The application that leads to a registration which another continues.
const CONTINUED: usize = 0;

/// The one that continues it.
const CONTINUING: usize = 1;

/// Decision 0006, and the other way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Revocation {
    Stands,
    Undoes,
}

/// How long after the start each moment is; time moves from one to the next. The
/// last lies after everything and is only looked at, never reached.
struct Moments(Vec<TimeDelta>);

struct Model {
    scope: Scope,
    commands: Vec<Command>,
    papers: Papers,
    /// The owners of the dwelling before and after it is sold.
    registers: [BTreeSet<Holder>; 2],
    rules: Rules,
    moments: Moments,
}

/// What happens next.
#[derive(Clone, Debug, PartialEq)]
enum Happening {
    /// It is loaded, decided and saved before anything else happens.
    Done(Work),
    /// It is loaded and decided.
    Begun(Work),
    /// What was decided is saved.
    Saved,
    /// It is lost: the process ended, or the connection did.
    Crashed,
    /// The row was saved, the rest was not; only a fault makes this possible.
    HalfSaved,
    TimePassed,
    Sold,
    /// The state register does not take a registration.
    Annulled(usize),
    Revoked(usize, Certificate),
    /// A message reaches the portal.
    Sent(usize),
    /// The service notes that it did.
    Noted(usize),
}

impl Moments {
    /// Before and after the time for an answer, and long after.
    fn of(rules: &Rules) -> Self {
        let (hour, over) = (TimeDelta::hours(1), TimeDelta::days(100));
        let late = rules.answer_window + hour;
        Self(vec![TimeDelta::zero(), late, over, over * 10])
    }
}

impl Model {
    fn new(scope: Scope) -> Self {
        let commands = commands(&scope);
        assert!(commands.len() <= 64, "{} requests", commands.len());
        let registers = [Owners::First, Owners::Sold].map(|owners| {
            let holders = holders(owners, scope.owners);
            holders.into_iter().map(people::holder).collect()
        });
        // Where evidence is late, the search for it ends after the time for an answer.
        let mut rules = Rules::default();
        if scope.late {
            rules.answer_window = rules.evidence_window - TimeDelta::hours(4);
        }
        let moments = Moments::of(&rules);
        Self {
            scope,
            commands,
            papers: Papers::new(moments.all()),
            registers,
            rules,
            moments,
        }
    }

    fn draft(&self, place: usize) -> Row {
        let wish = wish(&holders(Owners::First, self.scope.owners));
        let id = ApplicationId::new(uuid::Uuid::from_u128(u128::try_from(place).unwrap()));
        let mut proposal = proposal(&wish, place, 1);
        if self.scope.extends && place == CONTINUING {
            proposal.extends = Some(registration(CONTINUED));
            proposal.term = following(&proposal.term);
        }
        Row::new(Application::draft(id, proposal, &self.rules, start()))
    }

    fn works(&self) -> impl Iterator<Item = Work> {
        let answers = self.commands.iter().map(|command| Work::Answer(*command));
        answers.chain((0..self.scope.applications).flat_map(Work::by_the_clock))
    }

    fn begin(&self, world: &mut World, held: Held) {
        match (self.scope.fault, held.command) {
            (Some(Fault::AnswersFirst), Some(command)) => self.acknowledge(world, command),
            (Some(Fault::TellsFirst), _) => world.rows[held.place].taken += 1,
            _ => {}
        }
        world.held = Some(held);
    }

    fn send(&self, world: &mut World, place: usize) {
        let row = &mut world.rows[place];
        let next = row.delivered + 1;
        let sent = match self.scope.fault {
            Some(Fault::SkipsMessages) => row.outbox,
            _ => next,
        };
        if sent > row.taken + 1 {
            world.broken.note(10);
        }
        row.taken = row.taken.max(sent);
    }

    fn outside(&self, world: &World, happenings: &mut Vec<Happening>) {
        let scope = &self.scope;
        if world.time + 2 < self.moments.0.len() {
            happenings.push(Happening::TimePassed);
        }
        if scope.sells && world.owners == Owners::First {
            happenings.push(Happening::Sold);
        }
        // One that others continue is enough, where there is such a one.
        let annulled =
            (0..scope.applications).filter(|place| !scope.extends || *place == CONTINUED);
        let annulled = annulled.filter(|place| scope.ends && self.annul(world, *place).is_some());
        happenings.extend(annulled.map(Happening::Annulled));
        // One owner's certificate is as good as another's.
        if scope.revokes && world.certificates[0] == Certificate::Good {
            let revoked = [Certificate::Revoked, Certificate::Backdated];
            happenings.extend(revoked.map(|how| Happening::Revoked(0, how)));
        }
        for (place, row) in world.rows.iter().enumerate().filter(|_| scope.tells) {
            if row.delivered < row.outbox {
                happenings.push(Happening::Sent(place));
            }
            if row.delivered < row.taken {
                happenings.push(Happening::Noted(place));
            }
        }
    }
}

impl stateright::Model for Model {
    type State = World;
    type Action = Happening;

    fn init_states(&self) -> Vec<World> {
        vec![World {
            rows: (0..self.scope.applications)
                .map(|n| self.draft(n))
                .collect(),
            answered: 0,
            owners: Owners::First,
            certificates: [Certificate::Good; 4],
            time: 0,
            held: None,
            broken: Broken::default(),
        }]
    }

    fn actions(&self, world: &World, happenings: &mut Vec<Happening>) {
        let possible = self
            .works()
            .filter(|work| self.decide(world, *work).is_some());
        let possible: Vec<_> = possible.collect();
        if world.held.is_some() {
            happenings.extend([Happening::Saved, Happening::Crashed]);
            if self.scope.fault == Some(Fault::SavesInPieces) {
                happenings.push(Happening::HalfSaved);
            }
        } else if self.scope.apart {
            happenings.extend(possible.iter().map(|work| Happening::Begun(*work)));
        }
        happenings.extend(possible.into_iter().map(Happening::Done));
        self.outside(world, happenings);
    }

    fn next_state(&self, world: &World, happening: Happening) -> Option<World> {
        let mut next = world.clone();
        match happening {
            Happening::Done(work) => {
                let held = self.decide(world, work)?;
                self.commit(&mut next, held);
            }
            Happening::Begun(work) => {
                let held = self.decide(world, work)?;
                self.begin(&mut next, held);
            }
            Happening::Saved => {
                let held = next.held.take()?;
                self.commit(&mut next, held);
            }
            Happening::Crashed => next.held = None,
            Happening::HalfSaved => {
                let held = next.held.take()?;
                let row = &mut next.rows[held.place];
                row.application = held.next;
                row.signed = held.signed.unwrap_or(row.signed);
            }
            Happening::TimePassed => next.time += 1,
            Happening::Sold => next.owners = Owners::Sold,
            Happening::Annulled(place) => {
                let held = self.annul(world, place)?;
                self.commit(&mut next, held);
            }
            Happening::Revoked(who, how) => next.certificates[who] = how,
            Happening::Sent(place) => self.send(&mut next, place),
            Happening::Noted(place) => next.rows[place].delivered += 1,
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties::all(&self.scope)
    }
}

/// What people may ask for.
fn commands(scope: &Scope) -> Vec<Command> {
    let mut all = Vec::new();
    for place in 0..scope.applications {
        for edition in 1..=scope.edits + 1 {
            all.push(Command::Sign(place, edition));
            all.extend(scope.late.then_some(Command::SignLate(place, edition)));
            all.extend((edition <= scope.edits).then_some(Command::Edit(place, edition)));
        }
        for round in 1..=scope.edits + 1 + i32::from(scope.sells) {
            for who in everybody(scope) {
                answers(&mut all, scope, place, Asking { round, who });
            }
        }
        all.extend(scope.declines.then_some(Command::Withdraw(place)));
        if scope.ends {
            endings(&mut all, scope, place);
        }
    }
    all
}

fn everybody(scope: &Scope) -> impl Iterator<Item = usize> {
    let newcomer = scope.sells.then_some(3);
    (0..scope.owners).chain(newcomer)
}

fn answers(all: &mut Vec<Command>, scope: &Scope, place: usize, asking: Asking) {
    let newcomer = asking.who == 3;
    if newcomer && asking.round == 1 {
        return;
    }
    all.push(Command::Consent(place, asking));
    if scope.late && !newcomer {
        all.push(Command::ConsentLate(place, asking));
    }
    if scope.declines && !newcomer {
        all.extend([
            Command::Decline(place, asking),
            Command::TakeBack(place, asking),
        ]);
    }
}

/// The first and the last owner demand; the others confirm or object.
fn endings(all: &mut Vec<Command>, scope: &Scope, place: usize) {
    all.push(Command::Leave(place));
    for by in [0, scope.owners - 1] {
        all.push(Command::Remove(place, by));
        all.extend((!scope.late).then_some(Command::Retract(place, by)));
        for who in everybody(scope).filter(|who| *who != by) {
            all.push(Command::Confirm(place, by, who));
            all.push(Command::Object(place, by, who));
            all.extend(scope.late.then_some(Command::ConfirmLate(place, by, who)));
        }
    }
}
