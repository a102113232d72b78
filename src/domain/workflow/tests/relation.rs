//! The whole relation of states and acts, tried out and written down: what stands
//! in `docs/workflow.md` is what the machine does.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use chrono::{DateTime, TimeDelta, Utc};
use strum::VariantArray;

use super::people::{
    CENTRE, CHILD, CLERK, OWNERS, RESIDENT, Wish, bin, employee, owner, owners, person,
};
use super::stage::{Outcome, Stage};
use crate::domain::{Actor, Capacity, Ending, Purpose, Standing, State};

/// Something that somebody tries, by whom it is, and when it has a chance.
struct Attempt {
    name: &'static str,
    by: &'static str,
    when: When,
    tries: fn(&mut Stage) -> Outcome,
}

impl Attempt {
    fn is_about_a_consent(&self) -> bool {
        self.by == "party" || self.name.ends_with(" consent")
    }
}

/// When an act has a chance.
enum When {
    AtOnce,
    AfterTheDeadline,
    AfterTheLastDay,
    AtTheReminder,
    AfterTheRemovalsDeadline,
    AfterTheSearch,
}

fn applicant() -> Actor {
    person(RESIDENT)
}

fn application() -> Purpose {
    Purpose::Application
}

/// What the first party is asked, or the one who is to confirm a removal.
fn question(stage: &Stage) -> (Purpose, Actor) {
    if stage.application.state == State::Registered {
        let confirmation = Purpose::Consent(stage.confirmation(0));
        return (confirmation, person(OWNERS[1]));
    }
    (Purpose::Consent(stage.id(0)), stage.party(0))
}

/// All acts. Those that are about a consent come in one kind for the registration
/// and for its end.
fn attempts() -> Vec<Attempt> {
    use When::{
        AfterTheDeadline, AfterTheLastDay, AfterTheRemovalsDeadline, AfterTheSearch, AtOnce,
        AtTheReminder,
    };
    let attempt = |name, by, when, tries| Attempt {
        name,
        by,
        when,
        tries,
    };
    vec![
        attempt("attest", "operator", AtOnce, |s| {
            s.attest(&employee(CLERK, CENTRE))
        }),
        attempt("sign", "applicant", AtOnce, |s| s.sign(&applicant())),
        attempt("receive", "applicant", AtOnce, |s| {
            s.receive(application(), &applicant())
        }),
        attempt("settle", "service", AtOnce, |s| {
            s.settle(application(), &applicant())
        }),
        attempt("discard", "service", AtOnce, |s| s.discard(application())),
        attempt("edit", "applicant", AtOnce, |s| {
            let wish = s.wish.clone();
            s.edit(&applicant(), wish)
        }),
        attempt("withdraw", "applicant", AtOnce, |s| {
            s.withdraw(&applicant())
        }),
        attempt("consent", "party", AtOnce, |s| {
            let (purpose, party) = question(s);
            let document = s.document(purpose, &party);
            s.presenting(purpose, &party, &party, &document)
        }),
        attempt("receive consent", "party", AtOnce, |s| {
            let (purpose, party) = question(s);
            s.receive(purpose, &party)
        }),
        attempt("settle consent", "service", AtOnce, |s| {
            let (purpose, party) = question(s);
            s.settle(purpose, &party)
        }),
        attempt("discard consent", "service", AtOnce, |s| {
            let (purpose, _) = question(s);
            s.discard(purpose)
        }),
        attempt("decline", "party", AtOnce, |s| {
            let (purpose, party) = question(s);
            s.refused_by(purpose, &party)
        }),
        attempt("take back", "party", AtOnce, |s| {
            s.take_back(0, &s.party(0))
        }),
        attempt("ask anew", "service", AtOnce, |s| {
            s.ask_anew(&[owner(OWNERS[2])])
        }),
        attempt("ask anew nobody", "service", AtOnce, |s| {
            s.ask_anew(&[owner(RESIDENT)])
        }),
        attempt("remind", "service", AtTheReminder, Stage::remind),
        attempt("lapse", "service", AfterTheDeadline, Stage::lapse),
        attempt("register", "service", AtOnce, Stage::register),
        attempt("refuse", "service", AtOnce, Stage::refuse),
        attempt("leave", "resident", AtOnce, |s| s.leave(&applicant())),
        attempt("remove", "owner", AtOnce, |s| {
            s.remove(OWNERS[0], &OWNERS[1..2])
        }),
        attempt("remove alone", "owner", AtOnce, |s| {
            s.remove(OWNERS[0], &[])
        }),
        attempt("withdraw removal", "owner", AtOnce, |s| {
            s.withdraw_removal(&person(OWNERS[0]))
        }),
        attempt(
            "drop removal",
            "service",
            AfterTheRemovalsDeadline,
            Stage::drop_removal,
        ),
        attempt("void removal", "service", AtOnce, |s| {
            s.void_removal(&OWNERS[2..3])
        }),
        attempt("lapse at last", "service", AfterTheSearch, Stage::lapse),
        attempt(
            "drop removal at last",
            "service",
            AfterTheSearch,
            Stage::drop_removal,
        ),
        attempt("expire", "service", AfterTheLastDay, Stage::expire),
        attempt("replace", "service", AtOnce, |s| s.replace(0)),
        attempt("annul", "state register", AtOnce, |s| s.annul(0)),
        attempt("discontinue", "service", AtOnce, |s| {
            s.discontinue(Standing::Ended(Ending::Left, s.now))
        }),
    ]
}

/// An application in every state, and in each way in which a state can be.
fn in_every_state() -> Vec<(&'static str, Stage)> {
    let draft = |count: usize| Stage::new(Wish::of(owners(&OWNERS[..count])));
    let after = |mut stage: Stage, act: fn(&mut Stage) -> Outcome| {
        act(&mut stage).unwrap();
        stage
    };
    let received = |stage: &mut Stage| {
        let (purpose, party) = question(stage);
        stage.receive(purpose, &party)
    };
    let sole = || Stage::new(Wish::of(owners(&[RESIDENT])));
    let signature = |stage: &mut Stage| stage.receive(application(), &applicant());
    let removal = |stage: &mut Stage| stage.remove(OWNERS[0], &OWNERS[1..2]);
    let demanded = after(Stage::registered(2), removal);
    let of_two = |stage: &mut Stage| stage.remove(OWNERS[0], &OWNERS[1..]);
    let lapsed = |stage: &mut Stage| stage.wait_hours(73).lapse();
    vec![
        ("draft", draft(1)),
        ("draft, of a sole owner", sole()),
        ("draft, at a service centre", at_the_centre()),
        ("pending_evidence", after(draft(1), signature)),
        (
            "pending_evidence, of a sole owner",
            after(sole(), signature),
        ),
        ("awaiting_consent, of the last", Stage::signed(1)),
        ("awaiting_consent, of several", Stage::signed(2)),
        (
            "awaiting_consent, one given",
            after(Stage::signed(2), |s| s.consent_of(0)),
        ),
        (
            "awaiting_consent, one of two pending",
            after(Stage::signed(2), received),
        ),
        (
            "awaiting_consent, one pending",
            after(Stage::signed(1), received),
        ),
        ("consented", Stage::agreed(1)),
        ("registered", Stage::registered(1)),
        ("registered, two of a family", family()),
        ("registered, continuing another", Stage::continuing()),
        (
            "registered, its end demanded of two",
            after(Stage::registered(3), of_two),
        ),
        ("registered, its end demanded", demanded.clone()),
        (
            "registered, one of two confirmations pending",
            after(after(Stage::registered(3), of_two), received),
        ),
        (
            "registered, a confirmation pending",
            after(demanded, received),
        ),
        ("ended", after(Stage::registered(1), |s| s.annul(0))),
        (
            "declined",
            after(Stage::signed(1), |s| s.decline(0, &s.party(0))),
        ),
        ("withdrawn", after(draft(1), |s| s.withdraw(&applicant()))),
        ("lapsed", after(draft(1), lapsed)),
        ("refused", after(Stage::agreed(1), Stage::refuse)),
    ]
}

/// A draft by an operator who has not said yet what was seen.
fn at_the_centre() -> Stage {
    let by = Capacity::Operator(bin(CENTRE));
    Stage::new(Wish::of(owners(&OWNERS[..1])).by(CLERK, by))
}

/// A registration for two, for whom the applicant speaks.
fn family() -> Stage {
    let mut stage = Stage::new(Wish::of(owners(&[RESIDENT])).for_others(&[CHILD]));
    stage.sign(&applicant()).unwrap();
    stage.register().unwrap();
    stage
}

/// The end of the search for evidence and of the time for an answer.
fn waits_until(stage: &Stage) -> Option<DateTime<Utc>> {
    let (application, rules) = (&stage.application, &stage.rules);
    let registration = application.registrations.first();
    let removal = registration.and_then(|one| one.removal.as_ref());
    match removal {
        Some(removal) => removal.waits_until(rules).max(Some(removal.deadline)),
        None => application
            .waits_until(rules)
            .map(|until| until.max(application.deadline)),
    }
}

fn at_its_time(stage: &mut Stage, when: &When) {
    let application = &stage.application;
    let second = TimeDelta::seconds(1);
    let registration = application.registrations.first();
    let removal = registration.and_then(|one| one.removal.as_ref());
    let then = match when {
        When::AtOnce => None,
        When::AfterTheDeadline => Some(application.deadline + second),
        When::AfterTheSearch => waits_until(stage).map(|until| until + second),
        When::AfterTheLastDay => application.term.over_at(),
        When::AtTheReminder => application.remind_at,
        When::AfterTheRemovalsDeadline => removal.map(|one| one.deadline + second),
    };
    stage.now = then.unwrap_or(application.changed_at);
}

/// One line of the relation.
struct Line {
    from: &'static str,
    act: &'static str,
    to: &'static str,
    by: &'static str,
}

/// Everything that is possible, in the order in which it is tried.
fn relation() -> Vec<Line> {
    let mut lines = Vec::new();
    for (from, stage) in in_every_state() {
        for attempt in attempts() {
            let mut stage = stage.clone();
            at_its_time(&mut stage, &attempt.when);
            let unasked = stage.application.consents.is_empty();
            if unasked && attempt.is_about_a_consent() {
                continue;
            }
            if let Ok(to) = (attempt.tries)(&mut stage) {
                lines.push(Line {
                    from,
                    act: attempt.name,
                    to: to.into(),
                    by: attempt.by,
                });
            }
        }
    }
    lines
}

fn state(from: &'static str) -> &'static str {
    from.split(',').next().unwrap()
}

#[test]
fn the_whole_relation_of_states_and_acts_is_this_table() {
    let mut table = String::new();
    for line in relation() {
        writeln!(table, "{} --{}--> {}", line.from, line.act, line.to).unwrap();
    }
    insta::assert_snapshot!(table);
}

#[test]
fn every_state_is_tried_and_a_final_one_is_never_left() {
    let tried: BTreeSet<&str> = in_every_state()
        .iter()
        .map(|(from, _)| state(from))
        .collect();
    let all = State::VARIANTS
        .iter()
        .map(|one| -> &'static str { one.into() });
    assert_eq!(tried, all.collect());
    for (from, stage) in in_every_state() {
        let found: &str = stage.application.state.into();
        assert_eq!(found, state(from));
        let left = relation().iter().any(|line| line.from == from);
        assert_eq!(left, !stage.application.state.is_final(), "{from}");
    }
    let pending = |stage: &Stage| {
        let consents = &stage.application.consents;
        consents.iter().any(|one| one.answer.is_pending())
    };
    assert!(in_every_state().iter().any(|(_, stage)| pending(stage)));
}

/// From where one act leads, and by whom it is.
struct Way {
    from: usize,
    act: &'static str,
    by: &'static str,
    to: BTreeSet<usize>,
}

/// The relation with all ways in which a state can be taken together.
fn ways() -> Vec<Way> {
    let mut ways: Vec<Way> = Vec::new();
    for line in relation() {
        let (from, to) = (place(state(line.from)), place(line.to));
        let mut known = ways.iter_mut();
        match known.find(|way| way.from == from && way.act == line.act) {
            Some(way) => drop(way.to.insert(to)),
            None => ways.push(Way {
                from,
                act: line.act,
                by: line.by,
                to: [to].into(),
            }),
        }
    }
    let acts: Vec<_> = attempts().iter().map(|one| one.name).collect();
    ways.sort_by_key(|way| (way.from, acts.iter().position(|act| *act == way.act)));
    ways
}

fn place(name: &str) -> usize {
    let mut all = State::VARIANTS.iter();
    all.position(|one| name == <&str>::from(one)).unwrap()
}

fn name(place: usize) -> &'static str {
    State::VARIANTS[place].into()
}

/// The table and the diagram for the documentation.
fn page() -> String {
    let mut page = "| from | act | by | to |\n|---|---|---|---|\n".to_owned();
    let mut arrows: BTreeMap<(usize, usize), Vec<&str>> = BTreeMap::new();
    for Way { from, act, by, to } in ways() {
        let all: Vec<_> = to.iter().map(|to| name(*to)).collect();
        let to_all = all.join(", ");
        writeln!(page, "| {} | {act} | {by} | {to_all} |", name(from)).unwrap();
        for to in to {
            arrows.entry((from, to)).or_default().push(act);
        }
    }
    page.push_str("\n```mermaid\nstateDiagram-v2\n    [*] --> draft\n");
    for ((from, to), acts) in arrows {
        let acts = acts.join(", ");
        writeln!(page, "    {} --> {}: {acts}", name(from), name(to)).unwrap();
    }
    for last in State::VARIANTS.iter().filter(|one| one.is_final()) {
        writeln!(page, "    {} --> [*]", <&str>::from(last)).unwrap();
    }
    page.push_str("```\n");
    page
}

const FROM: &str = "<!-- from here: generated from the code -->\n";
const TO: &str = "<!-- to here -->\n";

/// To renew it: `KELISIM_RENEW_DOCS=1 cargo test --no-default-features --lib documentation`.
#[test]
fn the_documentation_shows_what_the_code_does() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/workflow.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (before, rest) = text.split_once(FROM).unwrap();
    let (present, after) = rest.split_once(TO).unwrap();
    let page = page();
    if std::env::var_os("KELISIM_RENEW_DOCS").is_some() {
        std::fs::write(path, format!("{before}{FROM}{page}{TO}{after}")).unwrap();
    } else {
        assert_eq!(present, page, "set KELISIM_RENEW_DOCS=1 to renew it");
    }
}
