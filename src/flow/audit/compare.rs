//! Holds the evidence that is kept against the records that tell of it.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::inspect::Stop;
use crate::domain::audit::{Entry, Kept, KeptSignature};
use crate::eds::Digest;
use crate::flow::Error;
use crate::render::document::canonical;
use crate::store::Connection;
use crate::store::audit::evidence;

/// Compares what is kept of the applications on a page of records, which are
/// ordered by application.
pub(super) async fn compare(connection: &mut Connection, page: &[Entry]) -> Result<(), Stop> {
    let application = |entry: &Entry| entry.record.application.uuid();
    let Some((first, last)) = page.first().zip(page.last()) else {
        return Ok(());
    };
    let within = application(first)..=application(last);
    let mut all = evidence::kept(connection, &within).await?;
    for one in evidence::standing(connection, &within).await? {
        add(&mut all, &one).map_err(Stop::Failed)?;
    }
    for entry in page {
        if let Some(kept) = all.get(&application(entry)) {
            kept.agrees(&entry.record)?;
        }
    }
    Ok(())
}

fn add(all: &mut BTreeMap<Uuid, Kept>, one: &evidence::Standing) -> Result<(), Error> {
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
    Ok(())
}
