//! Whatever is tried, by whomever, in whatever order, what must hold holds.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::people::{
    CENTRE, CHILD, CLERK, HOSTEL, OWNERS, RESIDENT, SPOUSE, STRANGER, Wish, bin, employee, head,
    organisation, owner, owners, person,
};
use super::stage::{Outcome, Stage, one_of};
use crate::domain::{
    Actor, Answer, Application, Capacity, Consent, ConsentId, Ending, EventKind, Purpose, Refused,
    Registration, Rules, Standing, State,
};

/// Something that somebody tries.
#[derive(Clone, Debug)]
enum Try {
    Sign(Who),
    Receive(Question, Who),
    /// The evidence about what was acknowledged has come, and it counts.
    Settle(Question, Who),
    /// It does not.
    Discard(Question),
    Consent(Question, Who),
    Decline(Question, Who),
    TakeBack(usize, Who),
    Edit(usize, Who),
    Withdraw(Who),
    AskAnew(usize),
    Remind,
    Lapse,
    Register,
    Refuse,
    Leave(Who),
    Remove(usize, usize),
    DropRemoval,
    Expire,
    Replace(usize),
    Annul(usize),
    Wait(i64),
}

/// Who tries it.
#[derive(Clone, Copy, Debug)]
enum Who {
    /// Whoever may.
    Right,
    /// Anybody.
    Any(usize),
}

/// What it is about.
#[derive(Clone, Copy, Debug)]
enum Question {
    Application,
    Consent(usize),
    Confirmation(usize),
}

/// Everybody who could come by.
fn anybody(place: usize) -> Actor {
    let people = [
        RESIDENT, OWNERS[0], OWNERS[1], OWNERS[2], SPOUSE, CHILD, STRANGER,
    ];
    match place {
        0..7 => person(people[place]),
        7 => head(CLERK, HOSTEL),
        8 => employee(CLERK, CENTRE),
        9 => employee(STRANGER, CENTRE),
        _ => employee(STRANGER, HOSTEL),
    }
}

/// What may be asked for, in the beginning or by an edit.
fn wishes(place: usize) -> Wish {
    let plain = Wish::of(owners(&OWNERS[..2]));
    match place {
        0 => plain,
        1 => plain.with(&[SPOUSE]).for_others(&[CHILD]),
        2 => plain.for_good(),
        3 => Wish::of([organisation(HOSTEL), owner(OWNERS[0])]),
        4 => Wish::of([organisation(CENTRE)]).let_by_the_state_to(OWNERS[0]),
        5 => Wish::of([organisation(HOSTEL)])
            .by(CLERK, Capacity::Administration(bin(HOSTEL)))
            .with(&[SPOUSE]),
        6 => plain
            .by(CLERK, Capacity::Operator(bin(CENTRE)))
            .looked_over(),
        _ => Wish::of(owners(&[RESIDENT])),
    }
}

impl Stage {
    fn attempt(&mut self, what: &Try) -> Outcome {
        match what {
            Try::Sign(who) => self.by(*who, Purpose::Application, Stage::presented),
            Try::Consent(about, who) => self.by(*who, self.purpose(*about), Stage::presented),
            Try::Receive(about, who) => self.by(*who, self.purpose(*about), Stage::receive),
            Try::Settle(about, who) => self.by(*who, self.purpose(*about), Stage::settle),
            Try::Discard(about) => self.discard(self.purpose(*about)),
            Try::Decline(about, who) => self.by(*who, self.purpose(*about), Stage::refused_by),
            Try::TakeBack(place, who) => {
                let purpose = Purpose::Consent(self.id(*place));
                self.by(*who, purpose, |stage, purpose, actor| {
                    let id = purpose.consent().unwrap();
                    stage.act(actor, crate::domain::Act::TakeBack(id))
                })
            }
            Try::Edit(wish, who) => {
                let actor = self.one(*who, Purpose::Application);
                self.edit(&actor, wishes(*wish))
            }
            Try::Withdraw(who) => self.withdraw(&self.one(*who, Purpose::Application)),
            Try::AskAnew(place) => {
                let sets = [&OWNERS[1..], &OWNERS[..1], &[RESIDENT], &[]];
                let holders: Vec<_> = sets[*place].iter().map(|one| owner(one)).collect();
                self.ask_anew(&holders)
            }
            Try::Remind => self.remind(),
            Try::Lapse => self.lapse(),
            Try::Register => self.register(),
            Try::Refuse => self.refuse(),
            Try::Leave(who) => {
                let purpose = Purpose::Leaving(self.registration());
                self.by(*who, purpose, Stage::presented)
            }
            Try::Remove(by, count) => {
                let others = OWNERS.iter().filter(|one| **one != OWNERS[*by]);
                let others: Vec<_> = others.take(*count).copied().collect();
                self.remove(OWNERS[*by], &others)
            }
            Try::DropRemoval => self.drop_removal(),
            Try::Expire => self.expire(),
            Try::Replace(place) => self.replace(*place),
            Try::Annul(place) => self.annul(*place),
            Try::Wait(hours) => {
                self.wait_hours(*hours);
                Ok(self.application.state)
            }
        }
    }
}

impl Stage {
    /// Does it as whoever may, or as somebody.
    fn by(
        &mut self,
        who: Who,
        purpose: Purpose,
        does: fn(&mut Self, Purpose, &Actor) -> Outcome,
    ) -> Outcome {
        let actor = self.one(who, purpose);
        does(self, purpose, &actor)
    }

    fn one(&self, who: Who, purpose: Purpose) -> Actor {
        let first = self.signatories(purpose).into_iter().next();
        match who {
            Who::Right => first.as_ref().map_or(anybody(0), one_of),
            Who::Any(place) => anybody(place),
        }
    }

    fn purpose(&self, about: Question) -> Purpose {
        match about {
            Question::Application => Purpose::Application,
            Question::Consent(place) => Purpose::Consent(self.id(place)),
            Question::Confirmation(place) => Purpose::Consent(self.confirmation(place)),
        }
    }

    fn presented(&mut self, purpose: Purpose, actor: &Actor) -> Outcome {
        let document = self.document(purpose, actor);
        self.presenting(purpose, actor, actor, &document)
    }
}

fn anything() -> impl Strategy<Value = Try> {
    let who = || prop_oneof![6 => Just(Who::Right), 1 => (0..11_usize).prop_map(Who::Any)];
    let about = || {
        prop_oneof![
            1 => Just(Question::Application),
            6 => (0..2_usize).prop_map(Question::Consent),
            1 => (2..4_usize).prop_map(Question::Consent),
            3 => (0..2_usize).prop_map(Question::Confirmation),
        ]
    };
    prop_oneof![
        12 => who().prop_map(Try::Sign),
        6 => (about(), who()).prop_map(|(about, who)| Try::Receive(about, who)),
        8 => (about(), who()).prop_map(|(about, who)| Try::Settle(about, who)),
        3 => about().prop_map(Try::Discard),
        40 => (about(), who()).prop_map(|(about, who)| Try::Consent(about, who)),
        1 => (about(), who()).prop_map(|(about, who)| Try::Decline(about, who)),
        1 => (0..3_usize, who()).prop_map(|(place, who)| Try::TakeBack(place, who)),
        1 => (0..8_usize, who()).prop_map(|(wish, who)| Try::Edit(wish, who)),
        1 => (0..11_usize).prop_map(|who| Try::Withdraw(Who::Any(who))),
        1 => (0..4_usize).prop_map(Try::AskAnew),
        3 => Just(Try::Remind),
        1 => Just(Try::Lapse),
        16 => Just(Try::Register),
        1 => Just(Try::Refuse),
        1 => who().prop_map(Try::Leave),
        12 => (0..3_usize, 0..3_usize).prop_map(|(by, others)| Try::Remove(by, others)),
        3 => Just(Try::DropRemoval),
        3 => Just(Try::Expire),
        1 => (0..3_usize).prop_map(Try::Replace),
        1 => (0..3_usize).prop_map(Try::Annul),
        4 => (-1..20_i64).prop_map(Try::Wait),
        1 => prop::sample::select(vec![73, 500, 2_400]).prop_map(Try::Wait),
    ]
}

/// All consents, those to a removal too.
fn consents(application: &Application) -> impl Iterator<Item = &Consent> {
    let removals = application.registrations.iter();
    let removals = removals.filter_map(|one| one.removal.as_ref());
    let asked = removals.flat_map(|removal| &removal.consents);
    application.consents.iter().chain(asked)
}

/// What must hold between one moment and the next.
fn follows(before: &Stage, after: &Stage, outcome: &Outcome) -> Result<(), TestCaseError> {
    let (old, new) = (&before.application, &after.application);
    if after.events.len() == before.events.len() {
        prop_assert_eq!(old, new);
        return Ok(());
    }
    let event = after.events.last().unwrap();
    prop_assert_eq!(*outcome, Ok(new.state));
    // I9: one version, one event; I8: an end is an end; I24: no step back in time.
    prop_assert_eq!(new.version, old.version + 1);
    prop_assert_eq!((event.version, event.state), (new.version, new.state));
    prop_assert!(!old.state.is_final());
    prop_assert!(new.changed_at >= old.changed_at);
    prop_assert_eq!(event.at, new.changed_at);
    // I4: only an edit begins an edition, and it leaves no answer.
    prop_assert_eq!(new.edition > old.edition, event.kind == EventKind::Edited);
    if new.round > old.round {
        prop_assert!(new.consents.iter().all(|one| one.answer == Answer::Awaited));
        prop_assert!(new.consents.iter().all(|one| old.consent(one.id).is_none()));
    }
    deadlines_stay(old, new, event.kind)?;
    answers_stay(old, new, event.kind)?;
    ends_stay(old, new)
}

/// Nobody is given more time but by a new question, or all by the last answer; and
/// no time is over while something waits that came in it.
fn deadlines_stay(
    old: &Application,
    new: &Application,
    kind: EventKind,
) -> Result<(), TestCaseError> {
    let asked = [
        EventKind::Signed,
        EventKind::Edited,
        EventKind::OwnersChanged,
    ];
    let anew = asked.contains(&kind) || new.state == State::Consented;
    prop_assert!(anew || old.deadline == new.deadline, "{:?}", kind);
    let waited = old.waits_until(&Rules::default());
    prop_assert!(kind != EventKind::Lapsed || waited < Some(new.changed_at));
    let removals = |of: &Application| -> Vec<_> {
        let removals = of.registrations.iter();
        removals.filter_map(|one| one.removal.clone()).collect()
    };
    for before in removals(old) {
        let after = removals(new);
        let after = after.iter().find(|one| one.document == before.document);
        prop_assert!(after.is_none_or(|one| one.deadline == before.deadline));
    }
    Ok(())
}

/// An answer, once given, stays; what only waits for evidence may not. I11:
/// nothing but a proof makes one count.
fn answers_stay(
    old: &Application,
    new: &Application,
    kind: EventKind,
) -> Result<(), TestCaseError> {
    let proven = [
        EventKind::ConsentGiven,
        EventKind::RemovalConfirmed,
        EventKind::Removed,
    ];
    for consent in consents(old) {
        let Some(now) = answer(new, consent.id) else {
            continue;
        };
        let back = kind == EventKind::ConsentTakenBack;
        prop_assert!(back || consent.answer.is_open() || consent.answer == now);
        let counts = consent.answer.is_given() == now.is_given();
        prop_assert!(counts || back || proven.contains(&kind), "{:?}", kind);
    }
    Ok(())
}

fn answer(application: &Application, id: ConsentId) -> Option<Answer> {
    let mut all = consents(application);
    all.find(|one| one.id == id).map(|one| one.answer)
}

/// I8, I13, I19: what has ended stays so and keeps what led to it.
fn ends_stay(old: &Application, new: &Application) -> Result<(), TestCaseError> {
    for (before, after) in old.registrations.iter().zip(&new.registrations) {
        prop_assert!(before.is_active() || before == after);
        prop_assert_eq!(&old.consents, &new.consents);
    }
    prop_assert!(
        old.registrations.is_empty() || old.registrations.len() == new.registrations.len()
    );
    Ok(())
}

/// What must hold at every moment.
fn holds(stage: &Stage) -> Result<(), TestCaseError> {
    let application = &stage.application;
    let parties: std::collections::BTreeSet<_> =
        application.consents.iter().map(|one| &one.party).collect();
    // I3: nobody is counted twice. L1: what is agreed does not wait.
    prop_assert_eq!(parties.len(), application.consents.len());
    let agreed = application.is_agreed();
    prop_assert!(application.state != State::AwaitingConsent || !agreed);
    // I2: agreed and registered mean one consent of each party.
    let counted = application.state == State::Consented || !application.registrations.is_empty();
    prop_assert!(!counted || agreed);
    let active = application
        .registrations
        .iter()
        .any(Registration::is_active);
    prop_assert_eq!(application.state == State::Registered, active);
    // Reminders are capped.
    let most = stage
        .rules
        .answer_reminders
        .len()
        .max(stage.rules.ending_reminders.len());
    prop_assert!(usize::try_from(application.reminders).unwrap() <= most);
    for registration in &application.registrations {
        on_time(registration)?;
    }
    Ok(())
}

/// I13: nothing is registered when it is over, or ended in another way then.
fn on_time(registration: &Registration) -> Result<(), TestCaseError> {
    let begun = registration.registered_at;
    let Some(over) = registration.term.over_at() else {
        return Ok(());
    };
    prop_assert!(begun < over);
    match registration.standing {
        Standing::Active => {}
        Standing::Ended(Ending::Expired, at) => prop_assert_eq!(at, over),
        Standing::Ended(_, at) => {
            prop_assert!(begun <= at && at < over);
            prop_assert!(registration.removal.is_none());
        }
    }
    Ok(())
}

/// L5: left alone until everything is over, it comes to an end; a permanent
/// registration by the resident's word.
fn comes_to_an_end(mut stage: Stage) -> Result<(), TestCaseError> {
    if stage.application.state.is_open() {
        let last = stage.application.deadline.max(stage.application.changed_at);
        stage.now = last + TimeDelta::seconds(1);
        // Whether what waits is decided or not, it is not waited for without end.
        let until = stage.application.waits_until(&Rules::default());
        if let Some(until) = until.filter(|until| *until >= stage.now) {
            prop_assert_eq!(stage.lapse(), Err(Refused::TooEarly));
            let mut settled = stage.clone();
            for purpose in settled.waiting() {
                prop_assert!(settled.discard(purpose).is_ok());
            }
            prop_assert_eq!(settled.lapse(), Ok(State::Lapsed));
            stage.now = until + TimeDelta::seconds(1);
        }
        prop_assert_eq!(stage.lapse(), Ok(State::Lapsed));
    }
    if stage.application.state == State::Registered {
        let over = stage.application.term.over_at();
        stage.now = over.unwrap_or(stage.now).max(stage.application.changed_at);
        match over {
            Some(_) => prop_assert_eq!(stage.expire(), Ok(State::Ended)),
            None => prop_assert!(may_leave(&stage)),
        }
    }
    Ok(())
}

fn may_leave(stage: &Stage) -> bool {
    let mut active = stage.application.registrations.iter();
    let active = active.find(|one| one.is_active()).unwrap();
    let purpose = Purpose::Leaving(active.id);
    let mut leaving = stage.clone();
    leaving.by(Who::Right, purpose, Stage::presented).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_is_tried_the_invariants_hold(
        wish in 0..8_usize,
        tries in prop::collection::vec(anything(), 20..80),
    ) {
        let mut stage = Stage::new(wishes(wish));
        for what in &tries {
            let before = stage.clone();
            let outcome = stage.attempt(what);
            follows(&before, &stage, &outcome)?;
            holds(&stage)?;
        }
        comes_to_an_end(stage)?;
    }
}
