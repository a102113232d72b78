//! Whatever people, faults, time and the service's own work do in whatever order,
//! no invariant breaks: random sequences of commands against the real service.
//!
//! `KELISIM_SEQUENCES` says how many, `KELISIM_SEED` which; the same seed draws the
//! same sequences. `KELISIM_SEQUENCE` plays the one of this number alone.

mod command;
pub(crate) mod invariants;
mod lane;
mod planted;
mod stage;
mod working;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use diesel_async::RunQueryDsl;
use kelisim::domain::EventKind;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use strum::VariantArray;
use tokio::runtime::Builder;

use command::{Command, sequence};
use invariants::Broken;
use lane::Lane;
use stage::Stage;

/// How many sequences the test command plays.
const SEQUENCES: usize = 500;

/// The seed of the test command.
const SEED: u64 = 11;

/// How many run side by side: people wait for the service, and it for them.
const LANES: usize = 3;

/// How often a sequence that breaks something is tried with less in it.
const TRIES: usize = 80;

/// What happened in all of them, by the kind of the event.
type Seen = BTreeMap<String, i64>;

#[test]
fn no_sequence_of_commands_breaks_an_invariant() {
    let sequences = asked_for("KELISIM_SEQUENCES").unwrap_or(SEQUENCES);
    let seed = asked_for("KELISIM_SEED").unwrap_or(SEED);
    let only = asked_for("KELISIM_SEQUENCE");
    let sequences = only.map_or(sequences, |only: usize| only + 1);
    let (begun, next) = (Instant::now(), AtomicUsize::new(only.unwrap_or(0)));
    let mut seen = Seen::new();
    thread::scope(|scope| {
        let lane = || run_lane(&next, sequences, seed);
        let lanes: Vec<_> = (0..LANES).map(|_| scope.spawn(lane)).collect();
        for lane in lanes {
            for (kind, times) in lane.join().unwrap() {
                *seen.entry(kind).or_default() += times;
            }
        }
    });
    println!(
        "{sequences} sequences of seed {seed} in {:?}: {seen:?}",
        begun.elapsed()
    );
    if sequences >= SEQUENCES && only.is_none() {
        let kinds = EventKind::VARIANTS.iter();
        let rare = |kind: &EventKind| RARE.contains(kind) && sequences < MANY;
        for kind in kinds.filter(|kind| !ELSEWHERE.contains(kind) && !rare(kind)) {
            let kind: &str = kind.into();
            assert!(seen.contains_key(kind), "it never came to {kind}: {seen:?}");
        }
    }
}

/// What no sequence comes to: there is no service centre in them.
const ELSEWHERE: [EventKind; 1] = [EventKind::Attested];

/// What only many sequences come to: one of three owners confirms, and another does
/// not; a demand is taken back.
const RARE: [EventKind; 2] = [EventKind::RemovalConfirmed, EventKind::RemovalWithdrawn];

/// So many.
const MANY: usize = 5_000;

/// Each lane has a thread of its own, for trees of values do not change threads.
fn run_lane(next: &AtomicUsize, sequences: usize, seed: u64) -> Seen {
    let mut runtime = Builder::new_current_thread();
    let runtime = runtime.enable_all().build().unwrap();
    runtime.block_on(play_on(next, sequences, seed))
}

async fn play_on(next: &AtomicUsize, sequences: usize, seed: u64) -> Seen {
    let (mut lane, mut seen) = (Lane::open().await, Seen::new());
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= sequences {
            return seen;
        }
        let mut tree = drawn(seed, number);
        let broken = played(&mut lane, number, &tree.current()).await;
        if !broken.is_empty() {
            let (commands, broken) = shortest(&mut lane, number, &mut tree, broken).await;
            panic!(
                "KELISIM_SEED={seed} KELISIM_SEQUENCE={number} breaks {broken:#?}\nby {commands:#?}"
            );
        }
        happened(&mut lane, &mut seen).await;
    }
}

/// The sequence of this number.
fn drawn(seed: u64, number: usize) -> impl ValueTree<Value = Vec<Command>> + use<> {
    let number = u64::try_from(number).unwrap();
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&number.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    sequence().new_tree(&mut runner).unwrap()
}

/// Plays a sequence to its end, and says what it breaks.
async fn played(lane: &mut Lane, number: usize, commands: &[Command]) -> BTreeSet<Broken> {
    let begun = lane.begin().await;
    let mut stage = Stage::new(&mut lane.connection, begun);
    for command in commands {
        stage.play(command).await;
        // All of it is looked at after each step of some, and at the end of each.
        if number.is_multiple_of(10) {
            stage.check().await;
        }
    }
    stage.look_back().await;
    stage.rest().await;
    stage.check().await;
    if number % 10 == 5 {
        stage.judge_again().await;
    }
    stage.remind().await;
    stage.outlive().await;
    let Stage {
        service, broken, ..
    } = stage;
    service.end().await;
    broken
}

/// The shortest that was found to break something too.
async fn shortest(
    lane: &mut Lane,
    number: usize,
    tree: &mut impl ValueTree<Value = Vec<Command>>,
    mut broken: BTreeSet<Broken>,
) -> (Vec<Command>, BTreeSet<Broken>) {
    let mut least = tree.current();
    let mut smaller = tree.simplify();
    for _ in 0..TRIES {
        if !smaller {
            break;
        }
        let commands = tree.current();
        let found = played(lane, number, &commands).await;
        smaller = match found.is_empty() {
            true => tree.complicate(),
            false => {
                (least, broken) = (commands, found);
                tree.simplify()
            }
        };
    }
    (least, broken)
}

async fn happened(lane: &mut Lane, seen: &mut Seen) {
    #[derive(QueryableByName)]
    struct Kind {
        #[diesel(sql_type = Text)]
        kind: String,
        #[diesel(sql_type = BigInt)]
        times: i64,
    }
    let query = "SELECT kind, count(*) AS times FROM events GROUP BY kind";
    let kinds: Vec<Kind> = diesel::sql_query(query)
        .load(&mut lane.connection)
        .await
        .unwrap();
    for Kind { kind, times } in kinds {
        *seen.entry(kind).or_default() += times;
    }
}

/// A number that whoever runs the tests may choose.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the tests chooses in the environment"
)]
pub(crate) fn asked_for<N: std::str::FromStr>(name: &str) -> Option<N> {
    let told = std::env::var(name).ok()?;
    let number = told.parse();
    Some(number.unwrap_or_else(|_| panic!("{name} is to be a number, not {told}")))
}
