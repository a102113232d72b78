//! Holds the evidence that is kept against the records that tell of it.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use uuid::Uuid;

use super::inspect::Stop;
use crate::domain::audit::{Comparison, Entry, Finding, Kept, KeptSignature};
use crate::eds::Digest;
use crate::flow::Error;
use crate::render::document::canonical;
use crate::store::Connection;
use crate::store::audit::evidence;

/// The comparison, page after page of records, which are ordered by application.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// The application whose records may go on, on the next page.
    open: Option<(Uuid, Comparison)>,
    /// The first that is kept of an application without records.
    left: Option<Finding>,
}

impl Compared {
    /// Compares all that is kept of the applications `within` a range with their
    /// records, a page of them: ranges follow one another without a gap, and share
    /// the application that goes on.
    pub(super) async fn page(
        &mut self,
        connection: &mut Connection,
        within: &RangeInclusive<Uuid>,
        page: &[Entry],
    ) -> Result<(), Stop> {
        let mut all = kept(connection, within).await.map_err(Stop::Failed)?;
        if let Some((application, _)) = &self.open {
            all.remove(application);
        }
        for entry in page {
            self.turn_to(entry.record.application.uuid(), &mut all)?;
            if let Some((_, comparison)) = &mut self.open {
                comparison.next(&entry.record)?;
            }
        }
        let mut left = all.into_values().map(Comparison::of);
        let left = left.find_map(|comparison| comparison.end().err());
        self.left = self.left.or(left);
        Ok(())
    }

    /// There are no more records.
    pub(super) fn end(&self) -> Result<(), Finding> {
        let open = self.open.as_ref();
        open.map_or(Ok(()), |(_, comparison)| comparison.end())?;
        self.left.map_or(Ok(()), Err)
    }

    fn turn_to(
        &mut self,
        application: Uuid,
        all: &mut BTreeMap<Uuid, Kept>,
    ) -> Result<(), Finding> {
        match &self.open {
            Some((open, _)) if *open == application => return Ok(()),
            Some((_, comparison)) => comparison.end()?,
            None => {}
        }
        let kept = all.remove(&application).unwrap_or_default();
        self.open = Some((application, Comparison::of(kept)));
        Ok(())
    }
}

async fn kept(
    connection: &mut Connection,
    within: &RangeInclusive<Uuid>,
) -> Result<BTreeMap<Uuid, Kept>, Error> {
    let mut all = evidence::kept(connection, within).await?;
    for one in evidence::standing(connection, within).await? {
        let signature = KeptSignature {
            consent: one.consent,
            document: one.document,
            content: one.content,
            signature: one.signature,
            certificate: one.certificate,
            report: Digest::of(canonical(&one.report)?.as_bytes()),
        };
        let kept = all.entry(one.application).or_default();
        kept.signatures.push(signature);
    }
    Ok(all)
}
