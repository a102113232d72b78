//! Whether a certificate may stamp: its purpose, its path, its revocation,
//! all as of the stamped time (RFC 3161 sections 2.3 and 4).

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::Judge;
use crate::eds::{
    CertificateSummary, Fault, Oid, Revocation, Wants,
    budget::Budget,
    certificate::Certificate,
    crl::{self, Status},
    enclosed,
    extension::KeyUsage,
    path::{Path, Search, find},
    revocation,
    verify::message::Received,
};

/// id-kp-timeStamping.
const TIME_STAMPING: Oid = Oid::new("1.3.6.1.5.5.7.3.8");

impl Judge<'_> {
    /// The path of an authority that may have stamped at `time`.
    pub(super) fn authority(
        &self,
        certificate: &Certificate,
        received: &Received<'_>,
        time: DateTime<Utc>,
        wants: &mut Wants,
        budget: &mut Budget,
    ) -> Result<Vec<Arc<CertificateSummary>>, Fault> {
        demand_purpose(certificate)?;
        let search = Search::new(self.trust, &received.certificates, self.policy, time);
        let path = find(certificate, &search, budget)?;
        if time < certificate.not_before() || time > certificate.not_after() {
            return Err(Fault::TimeStamp("made outside the authority's time"));
        }
        if self.policy.rules().revocation != Revocation::Ignored {
            self.demand_unrevoked(&path, received, &search, wants, budget)?;
        }
        let summaries = path.certificates.iter().map(|one| one.summary());
        Ok(summaries.collect())
    }

    /// A revoked authority proves nothing, whenever it was revoked: a stolen
    /// key stamps any time its thief likes.
    fn demand_unrevoked(
        &self,
        path: &Path<'_>,
        received: &Received<'_>,
        search: &Search<'_>,
        wants: &mut Wants,
        budget: &mut Budget,
    ) -> Result<(), Fault> {
        let rules = self.policy.rules();
        let outer = self.around.map(|outer| &outer.evidence);
        let sources = [outer, Some(&received.evidence)];
        let responses = enclosed::responses(&self.trust.responses, sources);
        let anchor = path.certificates.last().ok_or(Fault::NoPath)?;
        let lists = crl::Judge {
            crls: enclosed::lists(&self.trust.crls, sources),
            search: *search,
            anchor,
            now: self.moment.now,
            oldest: TimeDelta::seconds(rules.oldest_list_seconds.into()),
            since: None,
        };
        revocation::along(path, |certificate, issuer| {
            let found = revocation::status(lists, responses, certificate, issuer, budget)?;
            match found.status {
                Status::Revoked(_) => Err(Fault::TimeStamp("authority revoked")),
                Status::Unknown(fault) if rules.revocation == Revocation::Required => {
                    wants.status(certificate, issuer, None);
                    Ok(Some(fault))
                }
                Status::Good | Status::Unknown(_) => Ok(None),
            }
        })
    }
}

/// Section 2.3: the extended key usage is critical and names this one purpose.
fn demand_purpose(certificate: &Certificate) -> Result<(), Fault> {
    let extensions = certificate.extensions();
    let purposes = extensions.extended_key_usage.as_deref();
    if purposes != Some(&[TIME_STAMPING]) || !extensions.extended_key_usage_is_critical {
        return Err(Fault::Purpose("not for time-stamping alone"));
    }
    let signs = |bit| extensions.key_usage.is_none_or(|usage| usage.allows(bit));
    if !signs(KeyUsage::DIGITAL_SIGNATURE) && !signs(KeyUsage::NON_REPUDIATION) {
        return Err(Fault::Purpose("key usage"));
    }
    Ok(())
}
