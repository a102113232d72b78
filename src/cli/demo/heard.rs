//! What the portal was told.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::Failure;
use super::portal::{Arrival, Portal};
use super::screen::Screen;

/// The portal was told of every step, in order, in messages that are signed.
pub(super) async fn hear(
    screen: &mut Screen,
    portal: &Portal,
    application: &str,
    history: &[String],
) -> Result<(), Failure> {
    let begun = Instant::now();
    let mut arrivals = portal.arrivals(application);
    while arrivals.len() < history.len() && begun.elapsed() < PATIENCE {
        sleep(GLANCE).await;
        arrivals = portal.arrivals(application);
    }
    screen.step("The portal", "was told of every step", begun.elapsed());
    for arrival in &arrivals {
        show(screen, arrival);
    }
    match fault(&arrivals, history) {
        Some(fault) => Err(Failure::Callbacks(fault.to_owned())),
        None => {
            screen.good("verdict", "all there, in order, every signature good");
            Ok(())
        }
    }
}

/// Shows every callback that arrives from now on, until it is dropped.
pub(super) async fn keep_hearing(screen: &Screen, portal: &Portal) {
    let mut shown = portal.all().len();
    loop {
        for arrival in portal.all().iter().skip(shown) {
            show(screen, arrival);
            shown += 1;
        }
        sleep(GLANCE).await;
    }
}

fn show(screen: &Screen, arrival: &Arrival) {
    let Arrival { event, genuine, .. } = arrival;
    let signature = if *genuine {
        "signature good"
    } else {
        "SIGNATURE WRONG"
    };
    let (kind, state) = (&event.kind, &event.data.state);
    let name = format!("callback {}", event.data.version);
    screen.fact(&name, &format!("{kind}, {state}, {signature}"));
}

/// What is wrong with the callbacks, if something is.
fn fault(arrivals: &[Arrival], history: &[String]) -> Option<&'static str> {
    let told: Vec<&String> = arrivals.iter().map(|one| &one.event.data.state).collect();
    let in_order = (1..)
        .zip(arrivals)
        .all(|(place, one)| one.event.data.version == place);
    if arrivals.len() < history.len() {
        Some("some did not arrive")
    } else if !arrivals.iter().all(|one| one.genuine) {
        Some("a signature is wrong")
    } else if !in_order {
        Some("they came out of order")
    } else if !history.iter().eq(told) {
        Some("they tell another story than the history of the application")
    } else {
        None
    }
}

/// How long callbacks may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often we look whether they did.
const GLANCE: Duration = Duration::from_millis(20);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::demo::portal::{Event, Told};

    fn arrival(version: u64, state: &str) -> Arrival {
        let data = Told {
            version,
            state: state.to_owned(),
            ..Told::default()
        };
        let kind = String::new();
        Arrival {
            id: version.to_string(),
            genuine: true,
            event: Event { kind, data },
        }
    }

    #[track_caller]
    fn check(arrivals: &[Arrival], expected: Option<&str>) {
        let history = ["draft".to_owned(), "withdrawn".to_owned()];
        assert_eq!(fault(arrivals, &history), expected);
    }

    #[test]
    fn every_step_once_and_in_order_is_well() {
        check(&[arrival(1, "draft"), arrival(2, "withdrawn")], None);
    }

    #[test]
    fn what_is_missing_disordered_untrue_or_forged_is_noticed() {
        let (one, two) = (arrival(1, "draft"), arrival(2, "withdrawn"));
        check(std::slice::from_ref(&one), Some("some did not arrive"));
        check(&[two.clone(), one.clone()], Some("they came out of order"));
        let other = "they tell another story than the history of the application";
        check(&[one.clone(), arrival(2, "lapsed")], Some(other));
        let genuine = false;
        check(
            &[one, Arrival { genuine, ..two }],
            Some("a signature is wrong"),
        );
    }
}
