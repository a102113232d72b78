//! A server that answers questions with signed evidence: where it is, whether it
//! is worth asking, what is counted.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::Url;
use tokio::time::Instant;

use super::http::{Exchange, Failure, Http};
use crate::eds::{Fault, Indication, SubIndication};

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// Nobody is known who could be asked.
    #[error("nobody is known who could be asked")]
    NoAddress,
    /// Those who could be asked did not answer lately; they are left in peace
    /// for a moment.
    #[error("those who could be asked did not answer lately")]
    Resting,
    /// No answer came.
    #[error("no answer: {0}")]
    Unreachable(Failure),
    /// An answer came and is none.
    #[error("the answer is none: {0}")]
    Unusable(Fault),
    /// The system gives no random numbers.
    #[error("no random numbers")]
    NoRandomness,
    /// The program stopped in between.
    #[error("cut off")]
    CutOff,
}

impl Unanswered {
    /// What the verdict on a signature is that needs the answer.
    #[must_use]
    pub fn verdict(&self) -> (Indication, SubIndication) {
        match self {
            Self::Unusable(fault) => fault.verdict(),
            Self::NoAddress
            | Self::Resting
            | Self::Unreachable(_)
            | Self::NoRandomness
            | Self::CutOff => (Indication::Indeterminate, SubIndication::TryLater),
        }
    }
}

/// When a server that does not answer is left in peace, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// After so many failures in a row.
    pub failures: u32,
    /// Then it is asked once in each such time, until it answers.
    pub rest: Duration,
}

impl Default for Patience {
    /// A server that comes back is found within the rest: well under a minute.
    fn default() -> Self {
        Self {
            failures: 3,
            rest: Duration::from_secs(20),
        }
    }
}

/// One address of which questions are asked.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) url: Url,
    breaker: Breaker,
}

impl AsRef<Server> for Server {
    fn as_ref(&self) -> &Server {
        self
    }
}

/// How questions of one kind are asked and counted.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) exchange: Exchange,
    pub(super) counter: &'static str,
    pub(super) histogram: &'static str,
}

impl Server {
    pub(super) fn new(url: Url, patience: Patience) -> Self {
        let breaker = Breaker::new(patience);
        Self { url, breaker }
    }

    /// Asks once. `verify` tells what is in the answer, and in a word what it
    /// says; nothing is returned that it did not let pass.
    pub(super) async fn ask<T>(
        &self,
        http: &Http,
        kind: &Kind,
        question: &[u8],
        verify: impl FnOnce(&[u8]) -> Result<(T, &'static str), Fault>,
    ) -> Result<T, Unanswered> {
        let started = Instant::now();
        let answer = http.post(&self.url, question.to_vec(), kind.exchange).await;
        metrics::histogram!(kind.histogram).record(started.elapsed().as_secs_f64());
        let verified = match answer {
            Ok(answer) => verify(&answer).map_err(Unanswered::Unusable),
            Err(failure) => Err(Unanswered::Unreachable(failure)),
        };
        self.breaker.learn(verified.as_ref().err(), Instant::now());
        let outcome = match &verified {
            Ok((_, outcome)) => outcome,
            Err(trouble) => {
                tracing::warn!(address = %self.url, %trouble, "no evidence");
                trouble.in_a_word()
            }
        };
        metrics::counter!(kind.counter, "outcome" => outcome).increment(1);
        verified.map(|(value, _)| value)
    }
}

/// Whom to ask in turn: two tries in all, each of the next server that does not rest.
pub(super) fn turns<S: AsRef<Server>>(servers: &[S]) -> impl Iterator<Item = &S> {
    let rounds = servers.iter().cycle().take(servers.len() * TRIES);
    let awake = rounds.filter(|server| server.as_ref().breaker.admits(Instant::now()));
    awake.take(TRIES)
}

impl Unanswered {
    fn in_a_word(&self) -> &'static str {
        match self {
            Self::Unreachable(failure) => failure.into(),
            Self::Unusable(Fault::StatusUnknown) => "unknown",
            Self::Unusable(Fault::NoAnswer(_)) => "no-answer",
            Self::Unusable(Fault::NotFresh(_)) => "not-fresh",
            Self::Unusable(Fault::Malformed(_)) => "malformed",
            Self::Unusable(_) => "unusable",
            Self::NoAddress | Self::Resting | Self::NoRandomness | Self::CutOff => "not-asked",
        }
    }

    /// Whether the server is to blame, whatever it was asked. Who signs chooses
    /// the question, and must not be able to silence a server for the others.
    fn is_failure(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Unusable(Fault::Malformed(_)) => true,
            Self::Unusable(_)
            | Self::NoAddress
            | Self::Resting
            | Self::NoRandomness
            | Self::CutOff => false,
        }
    }
}

/// Keeps from waiting for a server that does not answer.
#[derive(Debug)]
struct Breaker {
    patience: Patience,
    state: Mutex<State>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// Everybody may ask.
    Closed { failures: u32 },
    /// Nobody may ask until then; the next one is a probe.
    Open { until: Instant },
}

impl Breaker {
    fn new(patience: Patience) -> Self {
        Self {
            patience,
            state: Mutex::new(State::Closed { failures: 0 }),
        }
    }

    /// Whether the server may be asked now. Of those who come after its rest
    /// one is let through, the others wait for another rest or for his success.
    fn admits(&self, now: Instant) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match *state {
            State::Closed { .. } => true,
            State::Open { until } if now < until => false,
            State::Open { .. } => {
                let until = now + self.patience.rest;
                *state = State::Open { until };
                true
            }
        }
    }

    fn learn(&self, trouble: Option<&Unanswered>, now: Instant) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let failures = match (*state, trouble) {
            (_, None) => 0,
            (_, Some(trouble)) if !trouble.is_failure() => 0,
            (State::Closed { failures }, Some(_)) => failures + 1,
            (State::Open { .. }, Some(_)) => self.patience.failures,
        };
        *state = if failures < self.patience.failures {
            State::Closed { failures }
        } else {
            let until = now + self.patience.rest;
            State::Open { until }
        };
    }
}

/// How often one question is asked.
const TRIES: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    const FAILED: Option<&Unanswered> = Some(&Unanswered::Unreachable(Failure::Timeout));
    const REFUSED: Option<&Unanswered> = Some(&Unanswered::Unusable(Fault::StatusUnknown));

    const REST: Duration = Duration::from_secs(20);

    /// A breaker after three failures, and when the last of them was.
    fn open() -> (Breaker, Instant) {
        let (breaker, now) = (Breaker::new(Patience::default()), Instant::now());
        (0..3).for_each(|_| breaker.learn(FAILED, now));
        (breaker, now)
    }

    #[test]
    fn it_opens_after_failures_in_a_row_only() {
        let (breaker, now) = (Breaker::new(Patience::default()), Instant::now());
        for trouble in [
            FAILED, FAILED, None, FAILED, FAILED, REFUSED, FAILED, FAILED,
        ] {
            breaker.learn(trouble, now);
            assert!(breaker.admits(now));
        }
        breaker.learn(FAILED, now);
        assert!(!breaker.admits(now));
    }

    #[test]
    fn after_its_rest_one_probe_is_let_through_and_closes_it() {
        let (breaker, now) = open();
        assert!(!breaker.admits(now + REST - Duration::from_millis(1)));
        assert!(breaker.admits(now + REST));
        assert!(!breaker.admits(now + REST));
        breaker.learn(None, now + REST);
        assert!(breaker.admits(now + REST));
        breaker.learn(FAILED, now + REST);
        assert!(breaker.admits(now + REST));
    }

    #[test]
    fn a_probe_that_fails_or_is_never_heard_of_again_costs_another_rest() {
        let (breaker, now) = open();
        assert!(breaker.admits(now + REST));
        breaker.learn(FAILED, now + REST);
        assert!(!breaker.admits(now + REST));
        assert!(breaker.admits(now + REST * 2));
        assert!(!breaker.admits(now + REST * 2));
        assert!(breaker.admits(now + REST * 3));
    }

    #[test]
    fn a_server_that_comes_back_is_found_within_a_minute() {
        assert!(Patience::default().rest * 2 < Duration::from_secs(60));
    }

    #[test]
    fn two_tries_go_to_two_servers_or_twice_to_the_only_one() {
        let server = |port| {
            let url = format!("http://127.0.0.1:{port}/").parse().unwrap();
            Server::new(url, Patience::default())
        };
        let asked = |servers: &[Server]| -> Vec<_> {
            turns(servers).map(|one| one.url.port().unwrap()).collect()
        };
        assert_eq!(asked(&[]), [0_u16; 0]);
        assert_eq!(asked(&[server(1)]), [1, 1]);
        assert_eq!(asked(&[server(1), server(2), server(3)]), [1, 2]);
        let servers = [server(1), server(2), server(3)];
        (0..3).for_each(|_| servers[0].breaker.learn(FAILED, Instant::now()));
        assert_eq!(asked(&servers), [2, 3]);
    }
}
