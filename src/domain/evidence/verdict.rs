//! The verdict on a package: what holds, and exactly what does not.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::{
    POLICY, SUMMARY, Summary, document_of,
    paper::{APPLICATION, CONSENT, Paper},
    signature_of,
};
use crate::eds::{
    Content, Digest, Indication, Policy, Report, TimeStamps, Trust,
    asic::{Broken, Package, Seals},
    verify_past,
};

/// Something that speaks against a package. None names a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case", tag = "fault", content = "where")]
pub enum Finding {
    /// The package is not whole.
    #[error("{0}")]
    Broken(#[serde(serialize_with = "text")] Broken),
    /// A file that every package has is absent or cannot be read.
    #[error("absent or unreadable: {0}")]
    Absent(String),
    /// No stamp over the package holds, so nobody but its maker says that it is
    /// whole, and the rules do not waive stamps.
    #[error("no time-stamp over the package holds")]
    Unsealed,
    /// A stamp over the package proves nothing.
    #[error("the time-stamp over {0} does not hold")]
    Stamp(String),
    /// A signature does not hold.
    #[error("the signature on {0} does not hold")]
    Signature(String),
    /// A document says that it is for something else.
    #[error("{0} is for another purpose")]
    Purpose(String),
    /// A document speaks about another application, person, dwelling or time.
    #[error("{0} is about something else")]
    Matter(String),
    /// Somebody else signed than had to.
    #[error("{0} was signed by somebody else")]
    Signer(String),
    /// A document was signed outside its time.
    #[error("{0} was signed before it was issued or after it had expired")]
    Time(String),
    /// A consent is to other octets than the resident signed.
    #[error("{0} consents to another application")]
    Consent(String),
    /// No owner consented, or one twice.
    #[error("not exactly one consent of each owner")]
    Owners,
    /// A signature or document is in the package that nobody had to give.
    #[error("more than belongs to the registration: {0}")]
    Surplus(String),
}

/// One signed document and what was found out about it.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    /// The file that was signed.
    pub document: String,
    /// The verdict on the signature.
    pub report: Report,
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
        self.seals = package.seals(trust, policy, self.now)?;
        self.weigh_seals(policy);
        let summary: Summary = package
            .file(SUMMARY)
            .and_then(|octets| serde_json::from_slice(octets).ok())
            .ok_or_else(|| Finding::Absent(SUMMARY.to_owned()))?;
        self.registration = Some(summary.registration.clone());
        self.registered_at = Some(summary.registered_at);

        let known = self.seals.proven.unwrap_or(self.now);
        let exhibits = Exhibits {
            package: &package,
            trust,
            policy,
            known,
        };
        let application = self.demand_application(&exhibits, &summary)?;
        let mut owners = BTreeSet::new();
        let mut names = BTreeSet::from(["application".to_owned()]);
        for consent in &summary.consents {
            let name = format!("consent-{}", consent.consent);
            let paper = self.demand_signed(&exhibits, &name, &consent.owner_iin)?;
            self.demand_consent(&name, &paper, &application);
            let own = paper.owner_iin.as_deref() == Some(&consent.owner_iin);
            let same = paper.consent.as_deref() == Some(&consent.consent);
            self.demand(own && same, || Finding::Matter(document_of(&name)));
            self.demand(owners.insert(&consent.owner_iin), || Finding::Owners);
            self.demand(names.insert(name), || Finding::Owners);
        }
        self.demand(!owners.is_empty(), || Finding::Owners);
        self.demand_nothing_else(&package, &names);
        Ok(())
    }

    /// A stamp that does not hold is told, even where another one does.
    fn weigh_seals(&mut self, policy: &Policy) {
        let stamped = |seal: &&crate::eds::asic::Seal| {
            seal.reason != Some(crate::eds::Fault::TimeStamp("absent"))
        };
        let failed = self.seals.seals.iter().filter(stamped);
        let failed = failed.filter(|seal| seal.stamp.is_none());
        let found: Vec<_> = failed
            .map(|seal| Finding::Stamp(seal.manifest.clone()))
            .collect();
        self.findings.extend(found);
        let waived = policy.rules().time_stamps.demand == TimeStamps::Ignored;
        self.demand(waived || self.seals.proven.is_some(), || Finding::Unsealed);
    }

    fn demand_application(
        &mut self,
        exhibits: &Exhibits<'_>,
        summary: &Summary,
    ) -> Result<(Paper, Digest), Finding> {
        const NAME: &str = "application";
        let paper = self.demand_signed(exhibits, NAME, &summary.resident_iin)?;
        self.demand(paper.purpose == APPLICATION, || {
            Finding::Purpose(document_of(NAME))
        });
        let same =
            paper.application == summary.application && paper.resident_iin == summary.resident_iin;
        self.demand(same, || Finding::Matter(document_of(NAME)));
        let document = exhibits.package.file(&document_of(NAME));
        Ok((paper, Digest::of(document.unwrap_or_default())))
    }

    /// The owner must have seen the very octets that the resident signed.
    fn demand_consent(
        &mut self,
        name: &str,
        paper: &Paper,
        (application, digest): &(Paper, Digest),
    ) {
        let file = || document_of(name);
        self.demand(paper.purpose == CONSENT, || Finding::Purpose(file()));
        self.demand(paper.is_about_the_same_as(application), || {
            Finding::Matter(file())
        });
        let meant = paper.application_sha256.as_deref() == Some(&digest.to_string());
        self.demand(meant, || Finding::Consent(file()));
    }

    /// The document, whose signature must hold and be by `signer`.
    fn demand_signed(
        &mut self,
        exhibits: &Exhibits<'_>,
        name: &str,
        signer: &str,
    ) -> Result<Paper, Finding> {
        let (file, signature) = (document_of(name), signature_of(name));
        let absent = |file: &String| Finding::Absent(file.clone());
        let document = exhibits.package.file(&file).ok_or_else(|| absent(&file))?;
        let signature = exhibits
            .package
            .file(&signature)
            .ok_or_else(|| absent(&signature))?;
        let paper = Paper::read(document).ok_or_else(|| absent(&file))?;
        let verdict = verify_past(
            signature,
            Content::Detached(document),
            exhibits.trust,
            exhibits.policy,
            (Some(paper.issued_at), exhibits.known),
        );
        let (holds, report) = match verdict {
            Ok(verified) => {
                let by = verified.signer().iin().map(|iin| iin.as_str().to_owned());
                self.demand(by.as_deref() == Some(signer), || {
                    Finding::Signer(file.clone())
                });
                let at = verified.signed_at();
                // Authorities stamp whole seconds, by clocks of their own.
                let skew = exhibits.policy.rules().clock_skew_seconds;
                let skew = TimeDelta::seconds(skew.into());
                let timely = at + skew >= paper.issued_at && at <= paper.expires_at + skew;
                let proven = !verified.report().time_stamps.is_empty();
                self.demand(timely || !proven, || Finding::Time(file.clone()));
                (true, verified.report().clone())
            }
            Err(report) => (false, *report),
        };
        self.demand(holds, || Finding::Signature(file.clone()));
        self.parts.push(Part {
            document: file,
            report,
        });
        Ok(paper)
    }

    fn demand_nothing_else(&mut self, package: &Package, names: &BTreeSet<String>) {
        let signed =
            |file: &&str| file.starts_with("documents/") || file.starts_with("signatures/");
        let belongs = |file: &str| {
            names
                .iter()
                .any(|name| file == document_of(name) || file == signature_of(name))
        };
        let surplus = package.names().filter(signed).find(|file| !belongs(file));
        if let Some(file) = surplus {
            self.findings.push(Finding::Surplus(file.to_owned()));
        }
    }

    fn demand(&mut self, holds: bool, finding: impl FnOnce() -> Finding) {
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
            | Finding::Owners
            | Finding::Surplus(_) => true,
        };
        match self.findings.as_slice() {
            [] => Indication::TotalPassed,
            findings if findings.iter().any(lasting) => Indication::TotalFailed,
            [_, ..] => Indication::Indeterminate,
        }
    }
}

/// What the exhibits of a package are judged by.
struct Exhibits<'a> {
    package: &'a Package,
    trust: &'a Trust,
    policy: &'a Policy,
    /// Since when all of it is known to exist.
    known: DateTime<Utc>,
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

impl From<Broken> for Finding {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

fn text<S: serde::Serializer>(broken: &Broken, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(broken)
}
