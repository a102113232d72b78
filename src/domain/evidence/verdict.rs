//! The verdict on a package: what holds, and exactly what does not.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::weighing::Exhibits;
use super::{ATTACHMENTS, Finding, POLICY, SUMMARY, Summary};
use crate::domain::Ending;
use crate::eds::asic::{Package, Seal, Seals};
use crate::eds::{Fault, Indication, Policy, Report, TimeStamps, Trust};

/// One signed document and what was found out about it.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    /// The file that was signed.
    pub document: String,
    /// The number of the power of attorney by which a delegate signed it. Whether
    /// there is such a paper only the notaries' register knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub power_of_attorney: Option<String>,
    /// The verdict on the signature.
    pub report: Report,
}

/// On whose word beside the applicant's a registration rests. Who they had to be
/// the register said at the time, and it is not in the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// On the signed consents of those who hold a right to the dwelling.
    Consents,
    /// On nobody's: the applicant alone holds a right to it, by the register.
    Sole,
    /// On that of a service centre, whose operator attests that the consents were
    /// shown there.
    Attested,
}

/// The verdict on a package. The same octets, anchors, rules and time always
/// give the same.
#[derive(Debug, Clone, Serialize)]
pub struct PackageReport {
    /// The main status: passed only when nothing was found.
    pub indication: Indication,
    /// Everything that was found wrong.
    pub findings: Vec<Finding>,
    /// The registration that it claims to prove.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<String>,
    /// When it says the registration was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registered_at: Option<DateTime<Utc>>,
    /// On whose word it rests; information, never a finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// How and when it says the registration ended, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<(Ending, DateTime<Utc>)>,
    /// The scanned papers that the package is handed out without; their digests,
    /// by which they are named, are those that were signed and listed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<String>,
    /// The stamps over the package, the newest first.
    pub seals: Seals,
    /// Each signed document, the application first.
    pub parts: Vec<Part>,
    /// As of when it was judged.
    pub now: DateTime<Utc>,
}

/// Judges a package with nothing but `trust`, whose anchors alone are needed, as
/// of `now`, be it ten years later. The rules in the package are those of its
/// maker and only have to be there; `policy` is what counts.
#[must_use]
pub fn verify(octets: &[u8], trust: &Trust, policy: &Policy, now: DateTime<Utc>) -> PackageReport {
    let mut report = PackageReport {
        indication: Indication::Indeterminate,
        findings: Vec::new(),
        registration: None,
        registered_at: None,
        basis: None,
        ended: None,
        withheld: Vec::new(),
        seals: Seals::default(),
        parts: Vec::new(),
        now,
    };
    if let Err(finding) = report.judge(octets, trust, policy) {
        report.findings.push(finding);
    }
    report.indication = report.concluded();
    report
}

impl PackageReport {
    fn judge(&mut self, octets: &[u8], trust: &Trust, policy: &Policy) -> Result<(), Finding> {
        let package = Package::read(octets)?;
        demand_rules(&package)?;
        self.seals = package.seals_but(Some(ATTACHMENTS), trust, policy, self.now)?;
        let withheld = package.withheld()?;
        self.weigh_seals(policy);
        let summary: Summary = package
            .file(SUMMARY)
            .and_then(|octets| serde_json::from_slice(octets).ok())
            .ok_or_else(|| Finding::Absent(SUMMARY.to_owned()))?;
        self.registration = Some(summary.registration.clone());
        self.registered_at = Some(summary.registered_at);
        let exhibits = Exhibits {
            package: &package,
            trust,
            policy,
            known: self.seals.proven.unwrap_or(self.now),
            withheld,
        };
        self.weigh(&exhibits, &summary)
    }

    /// A stamp that does not hold is told, even where another one does.
    fn weigh_seals(&mut self, policy: &Policy) {
        let stamped = |seal: &&Seal| seal.reason != Some(Fault::TimeStamp("absent"));
        let failed = self.seals.seals.iter().filter(stamped);
        let failed = failed.filter(|seal| seal.stamp.is_none());
        let found: Vec<_> = failed
            .map(|seal| Finding::Stamp(seal.manifest.clone()))
            .collect();
        self.findings.extend(found);
        let waived = policy.rules().time_stamps.demand == TimeStamps::Ignored;
        self.demand(waived || self.seals.proven.is_some(), || Finding::Unsealed);
    }

    pub(super) fn demand(&mut self, holds: bool, finding: impl FnOnce() -> Finding) {
        if !holds {
            self.findings.push(finding());
        }
    }

    /// What can never be mended has failed; the rest may only not be provable.
    fn concluded(&self) -> Indication {
        let lasting = |finding: &Finding| match finding {
            Finding::Signature(file) => self.parts.iter().any(|part| {
                part.document == *file && part.report.indication == Indication::TotalFailed
            }),
            Finding::Unsealed | Finding::Stamp(_) => false,
            Finding::Broken(_)
            | Finding::Absent(_)
            | Finding::Purpose(_)
            | Finding::Matter(_)
            | Finding::Signer(_)
            | Finding::Time(_)
            | Finding::Consent(_)
            | Finding::Parties
            | Finding::Surplus(_) => true,
        };
        match self.findings.as_slice() {
            [] => Indication::TotalPassed,
            findings if findings.iter().any(lasting) => Indication::TotalFailed,
            [_, ..] => Indication::Indeterminate,
        }
    }
}

/// The rules in the package can be read.
fn demand_rules(package: &Package) -> Result<(), Finding> {
    package
        .file(POLICY)
        .and_then(|octets| std::str::from_utf8(octets).ok())
        .and_then(|text| Policy::from_toml(text).ok())
        .map(|_| ())
        .ok_or_else(|| Finding::Absent(POLICY.to_owned()))
}
