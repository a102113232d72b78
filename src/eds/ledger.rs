//! The report while it is being written.

use chrono::{DateTime, Utc};

use super::{
    Check, Checked, Evidence, Fault, Indication, Moment, Outcome, Policy, Remark, Report, Wants,
    certificate::Certificate, cms::Attributes, digest::hexadecimal, judgement::Grounds, path::Path,
    timestamp::TimeStamp,
};

/// Notes each step as it begins; a step has passed once the next one begins.
pub(super) struct Ledger {
    report: Report,
    current: Option<Check>,
    /// What was missed on the way.
    pub(super) wants: Wants,
}

impl Ledger {
    pub(super) fn new(policy: &Policy, moment: Moment) -> Self {
        let skipped = |check| Checked {
            check,
            outcome: Outcome::Skipped,
        };
        let report = Report {
            indication: Indication::Indeterminate,
            sub_indication: None,
            reason: None,
            checks: Check::ALL.map(skipped).to_vec(),
            remarks: Vec::new(),
            certificates: Vec::new(),
            revocation: Vec::new(),
            moment,
            signed_at: moment.received,
            time_stamps: Vec::new(),
            claimed_signing_time: None,
            message_digest: None,
            policy: policy.id().to_owned(),
            policy_hash: *policy.hash(),
        };
        Self {
            report,
            current: None,
            wants: Wants::default(),
        }
    }

    /// The instants the judgement stands on: what a time-stamp proves stands in
    /// for the receipt.
    pub(super) fn moment(&self) -> Moment {
        Moment {
            received: self.report.signed_at,
            ..self.report.moment
        }
    }

    /// Notes what the time-stamps prove.
    pub(super) fn existed(&mut self, signed_at: DateTime<Utc>, time_stamps: Vec<TimeStamp>) {
        self.report.signed_at = signed_at;
        self.report.time_stamps = time_stamps;
    }

    /// The steps so far hold; this one comes next.
    pub(super) fn begin(&mut self, check: Check) {
        self.end(Outcome::Passed);
        self.current = Some(check);
    }

    fn end(&mut self, outcome: Outcome) {
        let current = self.current.take();
        for checked in self
            .report
            .checks
            .iter_mut()
            .filter(|checked| Some(checked.check) == current)
        {
            checked.outcome = outcome;
        }
    }

    /// Notes what the signature says about itself.
    pub(super) fn claims(&mut self, attributes: Option<&Attributes<'_>>) {
        let Some(attributes) = attributes else { return };
        self.report.claimed_signing_time = attributes.signing_time;
        self.report.message_digest = attributes.message_digest.map(hexadecimal);
    }

    /// Notes the signing certificate.
    pub(super) fn uses(&mut self, certificate: &Certificate) {
        self.report.certificates = vec![certificate.summary()];
    }

    /// Notes the path, whose first certificate was noted before.
    pub(super) fn follows(&mut self, path: &Path<'_>) {
        let issuers = path.certificates.iter().skip(1);
        self.report
            .certificates
            .extend(issuers.map(|certificate| certificate.summary()));
    }

    /// What the judgement of the signing certificate rests on.
    pub(super) fn grounds(&self) -> Grounds {
        Grounds {
            certificates: self.report.certificates.clone(),
            revocation: self.report.revocation.clone(),
        }
    }

    /// Notes what an earlier judgement of the signing certificate rests on.
    pub(super) fn recalls(&mut self, grounds: &Grounds) {
        self.report.certificates.clone_from(&grounds.certificates);
        self.report.revocation.clone_from(&grounds.revocation);
    }

    /// How many remarks there are so far.
    pub(super) fn remarks(&self) -> usize {
        self.report.remarks.len()
    }

    /// Notes the revocation data that a status rests on.
    pub(super) fn rests_on(&mut self, evidence: Vec<Evidence>) {
        self.report.revocation.extend(evidence);
    }

    pub(super) fn remark(&mut self, remark: Remark) {
        if !self.report.remarks.contains(&remark) {
            self.report.remarks.push(remark);
        }
    }

    /// The report when every step holds.
    pub(super) fn passed(mut self) -> Report {
        self.end(Outcome::Passed);
        self.report.indication = Indication::TotalPassed;
        self.report
    }

    /// The report when the current step does not hold.
    pub(super) fn failed(mut self, fault: Fault) -> Report {
        self.end(Outcome::Failed);
        let (indication, sub_indication) = fault.verdict();
        self.report.indication = indication;
        self.report.sub_indication = Some(sub_indication);
        self.report.reason = Some(fault);
        self.report
    }
}
