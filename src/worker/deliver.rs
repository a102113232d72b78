//! Tells the portal what is in the outbox: at least once, and in order for each
//! application.
//!
//! A message is claimed by postponing it, so no transaction and no lock is open
//! while the portal is spoken to. A worker that dies in between leaves a message
//! that is due again when its claim runs out; the portal then gets it twice,
//! with the same identifier.
//!
//! Only the first undelivered message of an application can be claimed. One that
//! was parked therefore holds back the later ones of its application, and of no
//! other, until somebody looks.

use chrono::TimeDelta;
use tokio::task::JoinSet;

use crate::flow::{Error, House};
use crate::remote::webhook::{Outcome, Webhook};
use crate::store::outbox::{self, Attempt, Message};

/// Deliveries under way, each on a task of its own.
#[derive(Debug, Default)]
pub struct Deliveries(JoinSet<Result<Ended, Error>>);

/// How one delivery ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The portal has the message.
    Delivered,
    /// It will be tried again.
    Failed,
    /// It was given up until somebody looks.
    Parked,
}

/// How the deliveries of one turn ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Messages that the portal has.
    pub delivered: usize,
    /// Messages that will be tried again.
    pub failed: usize,
    /// Messages that were given up.
    pub parked: usize,
}

/// Delivers everything that is due, and what becomes due by that.
///
/// # Errors
/// [`Error::Store`] when the database fails; what was under way is then due
/// again when its claim runs out.
pub async fn run_once(house: &House, webhook: &Webhook) -> Result<Tally, Error> {
    let mut deliveries = Deliveries::default();
    let mut tally = Tally::default();
    loop {
        deliveries.start_due(house, webhook).await?;
        match deliveries.next().await {
            Some(ended) => tally.add(ended?),
            None => return Ok(tally),
        }
    }
}

/// Counts what waits, for those who watch the service, and says how much it is.
///
/// # Errors
/// [`Error::Store`] when the database fails.
pub async fn count(house: &House) -> Result<usize, Error> {
    let mut connection = house.pool.take().await?;
    let undelivered = outbox::backlog(&mut connection).await?;
    let waiting = u32::try_from(undelivered.backlog.waiting).unwrap_or(u32::MAX);
    let parked = u32::try_from(undelivered.parked).unwrap_or(u32::MAX);
    metrics::gauge!("kelisim_outbox_waiting").set(waiting);
    metrics::gauge!("kelisim_outbox_parked").set(parked);
    Ok(usize::try_from(waiting).unwrap_or(usize::MAX))
}

impl Deliveries {
    /// Starts to deliver what is due, as far as there is room.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn start_due(&mut self, house: &House, webhook: &Webhook) -> Result<(), Error> {
        while self.0.len() < AT_ONCE {
            let Some(message) = claim(house).await? else {
                break;
            };
            let (house, webhook) = (house.clone(), webhook.clone());
            self.0
                .spawn(async move { deliver(&house, &webhook, &message).await });
        }
        Ok(())
    }

    /// Waits until one of them ends; `None` when none is under way.
    pub async fn next(&mut self) -> Option<Result<Ended, Error>> {
        let ended = self.0.join_next().await?;
        Some(ended.unwrap_or(Err(Error::CutOff)))
    }
}

impl Tally {
    fn add(&mut self, ended: Ended) {
        match ended {
            Ended::Delivered => self.delivered += 1,
            Ended::Failed => self.failed += 1,
            Ended::Parked => self.parked += 1,
        }
    }
}

async fn claim(house: &House) -> Result<Option<Message>, Error> {
    let mut connection = house.pool.take().await?;
    let now = house.now();
    Ok(outbox::claim(&mut connection, now, now + CLAIM).await?)
}

async fn deliver(house: &House, webhook: &Webhook, message: &Message) -> Result<Ended, Error> {
    let outcome = webhook.send(message.id, &message.body, house.now()).await;
    let attempt = consequence(house, message, outcome)?;
    let ended = Ended::from(&attempt);
    note(message, &attempt);
    let mut connection = house.pool.take().await?;
    outbox::settle(&mut connection, message, attempt, house.now()).await?;
    Ok(ended)
}

fn consequence(house: &House, message: &Message, outcome: Outcome) -> Result<Attempt, Error> {
    let reason = match outcome {
        Outcome::Delivered => return Ok(Attempt::Delivered),
        Outcome::Gone => return Ok(Attempt::Parked("gone".to_owned())),
        Outcome::Retry(reason) => reason.to_string(),
    };
    let [chance] = house.random_bytes::<1>()?;
    Ok(match pause(message.attempts, chance) {
        Some(pause) => Attempt::Retry(house.now() + pause, reason),
        None => Attempt::Parked(reason),
    })
}

/// How long to wait after so many attempts, or `None` when it is enough. Up to a
/// quarter is added by chance, so that what failed together is not tried again
/// together.
fn pause(attempts: i32, chance: u8) -> Option<TimeDelta> {
    let made = usize::try_from(attempts).unwrap_or(usize::MAX);
    let seconds: i64 = *PAUSES.get(made.saturating_sub(1))?;
    let extra = seconds * 1000 * i64::from(chance) / (4 * 256);
    Some(TimeDelta::seconds(seconds) + TimeDelta::milliseconds(extra))
}

impl From<&Attempt> for Ended {
    fn from(attempt: &Attempt) -> Self {
        match attempt {
            Attempt::Delivered => Self::Delivered,
            Attempt::Retry(..) => Self::Failed,
            Attempt::Parked(_) => Self::Parked,
        }
    }
}

fn note(message: &Message, attempt: &Attempt) {
    let (id, attempts) = (message.id, message.attempts);
    let outcome = match attempt {
        Attempt::Delivered => {
            tracing::debug!(message = %id, attempts, "callback delivered");
            "delivered"
        }
        Attempt::Retry(at, reason) => {
            tracing::warn!(message = %id, attempts, reason, again_at = %at, "callback failed");
            "failed"
        }
        Attempt::Parked(reason) => {
            tracing::error!(message = %id, attempts, reason, "callback parked");
            "parked"
        }
    };
    metrics::counter!("kelisim_callbacks_total", "outcome" => outcome).increment(1);
}

/// How many messages are under way at once; each is of another application.
const AT_ONCE: usize = 8;

/// For how long a claim holds: longer than an attempt may take, so that no
/// other worker starts before it has ended.
const CLAIM: TimeDelta = TimeDelta::seconds(30);

/// Seconds to wait after the first attempt, the second, and so on: about three
/// days in all.
const PAUSES: [i64; 11] = [
    5, 30, 120, 600, 3600, 14_400, 43_200, 43_200, 43_200, 43_200, 43_200,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::http::Limits;

    #[test]
    fn pauses_grow_and_end_after_about_three_days() {
        let pauses: Vec<_> = (1..).map_while(|made| pause(made, 128)).collect();
        assert!(pauses.is_sorted());
        assert_eq!(pauses.first().unwrap().num_seconds(), 5);
        let total: TimeDelta = pauses.iter().sum();
        assert_eq!(total.num_hours(), 73);
    }

    #[test]
    fn chance_adds_up_to_a_quarter() {
        assert_eq!(pause(2, 0).unwrap().num_milliseconds(), 30_000);
        assert_eq!(pause(2, 255).unwrap().num_milliseconds(), 37_470);
    }

    #[test]
    fn a_claim_outlives_the_attempt() {
        let attempt = TimeDelta::from_std(Limits::CALLBACKS.total).unwrap();
        assert!(CLAIM > attempt * 2);
    }
}
