//! What can happen, as values: a sequence of them is drawn by chance and, when it
//! breaks something, cut down to what is needed for it.

use chrono::TimeDelta;
use kelisim::pki::{Behaviour, Reason, Refusal, Service as Served};
use proptest::prelude::*;
use proptest::sample::select;

/// One of the things that people, the world and the service do. Numbers choose
/// among what there is at the time.
#[derive(Clone, Debug)]
pub(super) enum Command {
    /// Somebody asks for a registration.
    Draft(Matter, u32),
    /// Somebody asks for a registration and signs it at once.
    Apply(Matter, u32),
    /// And everybody consents at once.
    Move(Matter, u32),
    /// The applicant signs what stands in the application, or stood there first.
    Sign(usize, Paper),
    /// Somebody signs a consent: the one they are asked for or another's, as it is
    /// or as it was when they first read it.
    Consent(usize, Who, Paper),
    /// Everybody who is asked signs at the same moment.
    Together(usize),
    /// Somebody says no.
    Decline(usize, Who, &'static str),
    /// Somebody takes a consent back.
    TakeBack(usize, Who),
    /// The applicant takes the application back.
    Withdraw(usize),
    /// The applicant asks for something else.
    Edit(usize, Matter, u32),
    /// Whoever is registered asks for so many months more, when it is about to end,
    /// and everybody consents.
    Extend(usize, u32),
    /// The state register does not take a registration.
    Annul(usize),
    /// Somebody ends a registration as the one who is registered.
    Leave(usize, Who),
    /// Somebody demands its end as an owner.
    Remove(usize, Who),
    /// Somebody takes such a demand back.
    Retract(usize, Who),
    /// Somebody confirms such a demand, or says no to it.
    Confirm(usize, Who, Say),
    /// A request is sent again, byte for byte, under its key.
    Repeat(usize),
    /// A request is sent under the key of another.
    Rekey(usize),
    /// A dwelling gets other owners.
    Sell(&'static str, &'static [&'static str]),
    /// The power of attorney of an owner is revoked, or holds again.
    Empower(bool),
    /// A certificate is revoked, as of so many minutes ago.
    Revoke(&'static str, i64, Reason),
    /// A server of the authority behaves so from now on.
    Behave(Served, Behaviour),
    /// Time passes.
    Pass(TimeDelta),
    /// The service does some of its work.
    Work(Job, Times),
}

/// What is asked for, and by whom.
#[derive(Clone, Copy, Debug)]
pub(super) enum Matter {
    /// At a dwelling with one owner.
    OneOwner,
    /// At one with two.
    TwoOwners,
    /// At one that a person and an organisation own.
    WithOrganisation,
    /// At one that the applicant owns with somebody else.
    OwnShare,
    /// For good.
    Permanent,
    /// For a family of three.
    Family,
}

/// Which person.
#[derive(Clone, Copy, Debug)]
pub(super) enum Who {
    /// One of those who are asked, or of those who own the dwelling or owned it.
    Concerned(usize),
    /// Anybody.
    Anybody(usize),
}

/// Which document.
#[derive(Clone, Copy, Debug)]
pub(super) enum Paper {
    /// The one that is there now.
    Present,
    /// The one that the person was given first.
    First,
}

/// What is said to a demand.
#[derive(Clone, Copy, Debug)]
pub(super) enum Say {
    Yes,
    No,
}

/// The service's own work.
#[derive(Clone, Copy, Debug)]
pub(super) enum Job {
    Settle,
    Register,
    Lapse,
    Expire,
    Drop,
    Discontinue,
    Remind,
}

/// How often it is done.
#[derive(Clone, Copy, Debug)]
pub(super) enum Times {
    Once,
    /// By two servers at the same moment.
    AtOnce,
}

/// The most commands in a sequence.
pub(super) const LONGEST: usize = 60;

/// A sequence: most are short, for many short lives find more than few long ones.
pub(super) fn sequence() -> impl Strategy<Value = Vec<Command>> {
    prop_oneof![
        6 => prop::collection::vec(command(), 4..=16),
        3 => prop::collection::vec(command(), 17..=30),
        1 => prop::collection::vec(command(), 31..=LONGEST),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        30 => by_people(),
        3 => (0..99usize).prop_map(Command::Repeat),
        2 => (0..99usize).prop_map(Command::Rekey),
        8 => by_the_world(),
        6 => (job(), times()).prop_map(|(job, times)| Command::Work(job, times)),
    ]
}

fn by_people() -> impl Strategy<Value = Command> {
    prop_oneof![
        7 => asking(),
        20 => answering(),
        10 => ending(),
    ]
}

fn asking() -> impl Strategy<Value = Command> {
    let matter = || (matter(), 1..=12u32);
    prop_oneof![
        2 => matter().prop_map(|(matter, months)| Command::Draft(matter, months)),
        3 => matter().prop_map(|(matter, months)| Command::Apply(matter, months)),
        2 => matter().prop_map(|(matter, months)| Command::Move(matter, months)),
        1 => (0..9usize, matter())
            .prop_map(|(which, (matter, months))| Command::Edit(which, matter, months)),
    ]
}

fn answering() -> impl Strategy<Value = Command> {
    prop_oneof![
        3 => (0..9usize, paper()).prop_map(|(which, paper)| Command::Sign(which, paper)),
        8 => (0..9usize, who(), paper())
            .prop_map(|(which, who, paper)| Command::Consent(which, who, paper)),
        4 => (0..9usize).prop_map(Command::Together),
        1 => (0..9usize, who(), reason())
            .prop_map(|(which, who, why)| Command::Decline(which, who, why)),
        6 => (0..9usize, who()).prop_map(|(which, who)| Command::TakeBack(which, who)),
        1 => (0..9usize).prop_map(Command::Withdraw),
    ]
}

fn ending() -> impl Strategy<Value = Command> {
    prop_oneof![
        4 => (0..9usize, 1..=6u32).prop_map(|(which, months)| Command::Extend(which, months)),
        1 => (0..9usize).prop_map(Command::Annul),
        2 => (0..9usize, who()).prop_map(|(which, who)| Command::Leave(which, who)),
        4 => (0..9usize, who()).prop_map(|(which, who)| Command::Remove(which, who)),
        1 => (0..9usize, who()).prop_map(|(which, who)| Command::Retract(which, who)),
        4 => (0..9usize, who(), select(vec![Say::Yes, Say::Yes, Say::No]))
            .prop_map(|(which, who, say)| Command::Confirm(which, who, say)),
    ]
}

fn by_the_world() -> impl Strategy<Value = Command> {
    prop_oneof![
        6 => (select(&DWELLINGS[..]), select(&BUYERS[..]))
            .prop_map(|(rka, owners)| Command::Sell(rka, owners)),
        1 => (select(&SIGNERS[..]), select(vec![0, 5, 2000]), select(&REASONS[..]))
            .prop_map(|(who, ago, reason)| Command::Revoke(who, ago, reason)),
        2 => any::<bool>().prop_map(Command::Empower),
        2 => select(&MOODS[..]).prop_map(|(served, mood)| Command::Behave(served, mood)),
        2 => honest(),
        6 => time().prop_map(Command::Pass),
    ]
}

fn honest() -> impl Strategy<Value = Command> {
    select(vec![Served::Ocsp, Served::TimeStamps])
        .prop_map(|served| Command::Behave(served, Behaviour::Honest))
}

fn matter() -> impl Strategy<Value = Matter> {
    select(vec![
        Matter::OneOwner,
        Matter::TwoOwners,
        Matter::TwoOwners,
        Matter::WithOrganisation,
        Matter::OwnShare,
        Matter::Permanent,
        Matter::Permanent,
        Matter::Family,
    ])
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![
        5 => (0..4usize).prop_map(Who::Concerned),
        1 => (0..9usize).prop_map(Who::Anybody),
    ]
}

fn paper() -> impl Strategy<Value = Paper> {
    prop_oneof![6 => Just(Paper::Present), 1 => Just(Paper::First)]
}

fn reason() -> impl Strategy<Value = &'static str> {
    select(vec!["not_agreed", "unknown_person", "not_my_dwelling"])
}

/// Minutes to months.
fn time() -> impl Strategy<Value = TimeDelta> {
    prop_oneof![
        5 => (1..=90i64).prop_map(TimeDelta::minutes),
        3 => (2..=50i64).prop_map(TimeDelta::hours),
        1 => (4..=100i64).prop_map(TimeDelta::days),
    ]
}

fn job() -> impl Strategy<Value = Job> {
    prop_oneof![
        3 => Just(Job::Settle),
        2 => Just(Job::Register),
        1 => Just(Job::Lapse),
        1 => Just(Job::Expire),
        1 => Just(Job::Drop),
        1 => Just(Job::Discontinue),
        4 => Just(Job::Remind),
    ]
}

fn times() -> impl Strategy<Value = Times> {
    select(vec![Times::Once, Times::AtOnce])
}

const DWELLINGS: [&str; 3] = [
    crate::office::ONE_OWNER,
    crate::office::TWO_OWNERS,
    crate::office::OWNED_TOGETHER,
];

/// To whom a dwelling may be sold; the last one belongs to nobody any more.
const BUYERS: [&[&str]; 7] = [
    &["owner-1"],
    &["owner-1", "owner-3"],
    &["owner-3"],
    &["owner-2", "owner-3"],
    &["owner-1", "owner-2", "owner-3"],
    &["resident-2", "owner-3"],
    &[],
];

/// Everybody who signs anything.
pub(super) const SIGNERS: [&str; 9] = [
    "resident-2",
    "resident-ecdsa",
    "guardian",
    "owner-1",
    "owner-2",
    "owner-3",
    "owner-ecdsa",
    "organisation",
    "delegate",
];

const REASONS: [Reason; 2] = [Reason::KeyCompromise, Reason::CessationOfOperation];

/// Faults that are quick to notice.
const MOODS: [(Served, Behaviour); 7] = [
    (Served::Ocsp, Behaviour::Status(503)),
    (Served::Ocsp, Behaviour::Refused),
    (Served::Ocsp, Behaviour::Refusal(Refusal::TryLater)),
    (Served::Ocsp, Behaviour::Unknown),
    (Served::Ocsp, Behaviour::WrongNonce),
    (Served::TimeStamps, Behaviour::Status(503)),
    (Served::TimeStamps, Behaviour::WrongImprint),
];
