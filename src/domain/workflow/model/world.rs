//! One moment of the model: what the database holds, what the registers and the
//! authorities say, and what a worker or a handler has decided but not yet saved.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::domain::{Answer, Application, EventKind, Registration, Standing, State};

use super::people::Command;

/// Everything that tells one moment from another.
#[derive(Clone, Debug, PartialEq, Hash)]
pub(super) struct World {
    /// The applications as they are stored.
    pub(super) rows: Vec<Row>,
    /// The idempotency keys whose answers are stored; a bit for each command.
    pub(super) answered: u64,
    /// Who owns the dwelling, by the register.
    pub(super) owners: Owners,
    /// What the authority says of each owner's certificate.
    pub(super) certificates: [Certificate; 4],
    /// How many of the moments have come.
    pub(super) time: usize,
    /// What was decided and is not yet saved; a crash loses it.
    pub(super) held: Option<Held>,
    /// What was broken on the way here.
    pub(super) broken: Broken,
}

/// An application in the database, and what is stored with it.
#[derive(Clone, Debug, PartialEq, Hash)]
pub(super) struct Row {
    pub(super) application: Stored,
    /// How many lines its history has.
    pub(super) events: i64,
    /// How many messages about it were written for the portal.
    pub(super) outbox: i64,
    /// Up to which of them the service knows that they were taken.
    pub(super) delivered: i64,
    /// Up to which of them the portal took them.
    pub(super) taken: i64,
    /// Which edition the applicant's stored signature is over.
    pub(super) signed: i32,
    /// Which consents have ever counted; a bit for each.
    pub(super) valid: u64,
    /// Who owned the dwelling when the registration was decided.
    pub(super) basis: Option<Owners>,
    /// How many rows of consents there are; only a fault looks at it.
    pub(super) consents: i32,
}

/// An application, shared between the moments in which it is the same.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stored(pub(super) Arc<Application>);

/// A decision on its way to the database.
#[derive(Clone, Debug, PartialEq, Hash)]
pub(super) struct Held {
    pub(super) place: usize,
    /// The version on which it was decided.
    pub(super) base: i64,
    /// Whose request it answers, where it answers one.
    pub(super) command: Option<Command>,
    pub(super) next: Stored,
    pub(super) kind: EventKind,
    /// Who owned the dwelling at that moment.
    pub(super) owners: Owners,
    /// Whether each signature that it rests on still held at that moment.
    pub(super) sound: bool,
    /// Which edition the applicant's signature is over, if it is one.
    pub(super) signed: Option<i32>,
}

/// Who owns the dwelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Owners {
    /// Those who did at first.
    First,
    /// The last of them sold to somebody else.
    Sold,
}

/// What the authority says of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Certificate {
    Good,
    /// Revoked as of today: what was received before may stand.
    Revoked,
    /// Revoked as of a day before anything was signed.
    Backdated,
}

/// The invariants that no single moment shows: each was broken by a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub(super) struct Broken(u32);

impl Broken {
    pub(super) fn note(&mut self, invariant: u32) {
        self.0 |= 1 << invariant;
    }

    pub(super) fn holds(self, invariant: u32) -> bool {
        self.0 & (1 << invariant) == 0
    }
}

impl Row {
    pub(super) fn new(application: Application) -> Self {
        Self {
            application: Stored(Arc::new(application)),
            events: 1,
            outbox: 1,
            delivered: 0,
            taken: 0,
            signed: 0,
            valid: 0,
            basis: None,
            consents: 0,
        }
    }

    pub(super) fn state(&self) -> State {
        self.application.0.state
    }

    pub(super) fn registration(&self) -> Option<&Registration> {
        self.application.0.registrations.first()
    }
}

/// Whatever can differ; the rest was written with the draft.
impl Hash for Stored {
    fn hash<H: Hasher>(&self, to: &mut H) {
        let Application {
            version,
            state,
            edition,
            round,
            owners,
            consents,
            registrations,
            deadline,
            asked_at,
            reminders,
            remind_at,
            grounds,
            changed_at,
            ..
        } = &*self.0;
        (version, state, edition, round, owners).hash(to);
        (
            deadline, asked_at, reminders, remind_at, grounds, changed_at,
        )
            .hash(to);
        for consent in consents {
            (consent.id, answer(consent.answer)).hash(to);
        }
        for registration in registrations {
            let standing = match registration.standing {
                Standing::Active => None,
                Standing::Ended(how, at) => Some((how, at)),
            };
            (standing, registration.registered_at).hash(to);
            for removal in registration.removal.iter() {
                (&removal.by, removal.deadline).hash(to);
                for consent in &removal.consents {
                    (consent.id, answer(consent.answer)).hash(to);
                }
            }
        }
    }
}

fn answer(answer: Answer) -> impl Hash {
    match answer {
        Answer::Awaited => (0, None, None),
        Answer::Pending(at) => (1, Some(at), None),
        Answer::Given(at) => (2, Some(at), None),
        Answer::Declined(at, reason) => (3, Some(at), Some(reason)),
        Answer::TakenBack(at) => (4, Some(at), None),
    }
}
