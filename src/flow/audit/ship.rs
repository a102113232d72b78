//! Sends checkpoints to another place, in order and at least once, so that a
//! database that is rewritten or restored from an old copy is found out.

use chrono::TimeDelta;

use crate::domain::audit::Sealed;
use crate::flow::{Error, House};
use crate::remote::shipment::{Destination, Shipped};
use crate::store::audit::{checkpoints, shipments};

impl House {
    /// Sends what is not there yet, and says how many. One worker at a time sends
    /// to one destination; what fails is tried again when its claim runs out.
    ///
    /// # Errors
    /// [`Error::Store`] when the database fails.
    pub async fn ship(&self, destination: &Destination) -> Result<usize, Error> {
        let (name, now) = (destination.name(), self.now());
        let mut connection = self.pool.take().await?;
        let claimed = shipments::claim(&mut connection, name, now, now + CLAIM).await?;
        drop(connection);
        let Some(mut number) = claimed else {
            return Ok(0);
        };
        let mut sent = 0;
        while let Some(next) = self.next_to_ship(number).await? {
            if !self.send(destination, &next).await? {
                return Ok(sent);
            }
            number = next.number;
            sent += 1;
        }
        let mut connection = self.pool.take().await?;
        shipments::release(&mut connection, name, self.now()).await?;
        Ok(sent)
    }

    async fn next_to_ship(&self, number: u64) -> Result<Option<Sealed>, Error> {
        let mut connection = self.pool.take().await?;
        Ok(checkpoints::after(&mut connection, number).await?)
    }

    /// Sends one; false when it did not arrive.
    async fn send(&self, destination: &Destination, sealed: &Sealed) -> Result<bool, Error> {
        let copy = Shipped {
            number: sealed.number,
            note: sealed.note.clone(),
        };
        if let Err(reason) = destination.send(&copy).await {
            metrics::counter!("kelisim_audit_shipments_total", "outcome" => "failed").increment(1);
            tracing::warn!(checkpoint = sealed.number, %reason, "checkpoint did not arrive");
            return Ok(false);
        }
        metrics::counter!("kelisim_audit_shipments_total", "outcome" => "arrived").increment(1);
        let (name, now) = (destination.name(), self.now());
        let mut connection = self.pool.take().await?;
        shipments::arrived(&mut connection, name, sealed.number, now, now + CLAIM).await?;
        Ok(true)
    }
}

/// For how long a claim holds: longer than an attempt may take.
const CLAIM: TimeDelta = TimeDelta::seconds(30);
