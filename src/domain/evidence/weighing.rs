//! Each signed document of a package, weighed: whether it is what it has to be,
//! and signed by whom it names itself.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::de::DeserializeOwned;

use super::summary::{Line, Summary};
use super::{
    APPLICATION, ATTACHMENTS, Basis, Finding, PackageReport, Part, attachment_of, consent_of,
    document_of, signature_of,
};
use crate::domain::paper::{self, Agreement, Answer, Issued, Number, Paper, Request};
use crate::domain::{Applicant, Capacity, Party, Signatory};
use crate::eds::asic::Package;
use crate::eds::{Content, Digest, Policy, Report, Subject, Trust, Verified, verify_past};

/// What the exhibits of a package are judged by.
pub(super) struct Exhibits<'a> {
    pub(super) package: &'a Package,
    pub(super) trust: &'a Trust,
    pub(super) policy: &'a Policy,
    /// Since when all of it is known to exist.
    pub(super) known: DateTime<Utc>,
    /// The files that are listed and not there, with the digests in the list.
    pub(super) withheld: BTreeMap<String, Digest>,
}

/// What was asked for and who answered, by the signed documents.
pub(super) struct Case<'a> {
    pub(super) summary: &'a Summary,
    pub(super) request: Request,
    pub(super) applicant: Applicant,
    pub(super) parties: BTreeSet<Party>,
    /// Of the octets that the applicant signed.
    digest: Digest,
}

/// Whose signature a document needs.
pub(super) struct Wanted<'a> {
    pub(super) signer: Signatory,
    /// Who that is by the list.
    pub(super) listed: Option<&'a Number>,
    pub(super) power_of_attorney: Option<&'a str>,
}

impl PackageReport {
    /// Weighs the application, the consents to it, and what ended the registration.
    pub(super) fn weigh(
        &mut self,
        exhibits: &Exhibits<'_>,
        summary: &Summary,
    ) -> Result<(), Finding> {
        let mut case = self.weigh_application(exhibits, summary)?;
        for line in &summary.consents {
            let party = self.weigh_consent(exhibits, line, &case)?;
            let once = case.parties.insert(party);
            self.demand(once, || Finding::Parties);
        }
        self.basis = Some(case.basis());
        if let Some(end) = &summary.ended {
            self.weigh_end(exhibits, end, &case)?;
        }
        let papers = self.weigh_attachments(exhibits, &case.request);
        self.demand_nothing_else(exhibits, summary, &papers);
        Ok(())
    }

    fn weigh_application<'a>(
        &mut self,
        exhibits: &Exhibits<'_>,
        summary: &'a Summary,
    ) -> Result<Case<'a>, Finding> {
        let paper: Paper<Request> = exhibits.read(APPLICATION)?;
        let applicant = paper.matter.applicant.applicant();
        let applicant = applicant.ok_or_else(|| absent(APPLICATION))?;
        let wanted = Wanted {
            signer: applicant.signatory(),
            listed: Some(&summary.signer),
            power_of_attorney: None,
        };
        self.weigh_signature(exhibits, APPLICATION, &paper.issued, &wanted)?;
        self.demand_purpose(APPLICATION, &paper.purpose, paper::APPLICATION);
        let request = paper.matter;
        let mut named = request.residents.iter();
        let named = named.any(|resident| resident.iin == summary.resident_iin);
        self.demand_matter(
            APPLICATION,
            named && request.application == summary.application,
        );
        Ok(Case {
            summary,
            request,
            applicant,
            parties: BTreeSet::new(),
            digest: exhibits.digest(APPLICATION),
        })
    }

    /// A party must have seen the very octets that the applicant signed.
    fn weigh_consent(
        &mut self,
        exhibits: &Exhibits<'_>,
        line: &Line,
        case: &Case<'_>,
    ) -> Result<Party, Finding> {
        let name = consent_of(&line.consent);
        let paper: Paper<Agreement> = exhibits.read(&name)?;
        let agreement = &paper.matter;
        let answer = (&agreement.answer, &paper.issued);
        let party = self.weigh_answer(exhibits, &name, answer, (line, case))?;
        self.demand_purpose(&name, &paper.purpose, paper::CONSENT);
        self.demand_matter(&name, agreement.request.is_the_same_as(&case.request));
        let meant = agreement.application_sha256 == case.digest.to_string();
        self.demand(meant, || Finding::Consent(document_of(&name)));
        Ok(party)
    }

    /// Whoever answers is the party that was asked, or signs in its place.
    pub(super) fn weigh_answer(
        &mut self,
        exhibits: &Exhibits<'_>,
        name: &str,
        (answer, issued): (&Answer, &Issued),
        (line, case): (&Line, &Case<'_>),
    ) -> Result<Party, Finding> {
        let first = &case.applicant.iin;
        let party = answer.party.party(first).ok_or_else(|| absent(name))?;
        let delegate = answer.delegate.as_ref();
        let wanted = Wanted {
            signer: answer.signatory(first).ok_or_else(|| absent(name))?,
            listed: Some(&line.signer),
            power_of_attorney: delegate.map(|delegate| delegate.power_of_attorney.as_str()),
        };
        self.weigh_signature(exhibits, name, issued, &wanted)?;
        let own = answer.party == line.party && answer.consent == line.consent;
        self.demand_matter(name, own);
        Ok(party)
    }

    /// The signature over a document holds, and is by whom it has to be.
    pub(super) fn weigh_signature(
        &mut self,
        exhibits: &Exhibits<'_>,
        name: &str,
        issued: &Issued,
        wanted: &Wanted<'_>,
    ) -> Result<(), Finding> {
        let file = document_of(name);
        let policy = policy_for(exhibits.policy, &wanted.signer);
        let verdict = exhibits.verdict(name, issued, &policy)?;
        let holds = verdict.is_ok();
        let report = match verdict {
            Ok(verified) => {
                let signer = Number::from(&wanted.signer);
                let own = wanted.signer.is(verified.signer()) && wanted.listed == Some(&signer);
                self.demand(own, || Finding::Signer(file.clone()));
                let timely = is_timely(&verified, issued, exhibits.policy);
                self.demand(timely, || Finding::Time(file.clone()));
                verified.report().clone()
            }
            Err(report) => *report,
        };
        self.demand(holds, || Finding::Signature(file.clone()));
        self.parts.push(Part {
            document: file,
            power_of_attorney: wanted.power_of_attorney.map(str::to_owned),
            report,
        });
        Ok(())
    }

    /// Every paper that the operator names is there, to the octet, or is listed
    /// with the very digest that the operator signed.
    fn weigh_attachments(
        &mut self,
        exhibits: &Exhibits<'_>,
        request: &Request,
    ) -> BTreeSet<String> {
        let attested = request.attestations.iter();
        let scanned = attested.flat_map(|attestation| &attestation.attachments);
        let named = scanned.map(|one| (attachment_of(one.media_type, &one.sha256), one.sha256));
        let named: BTreeMap<_, _> = named.collect();
        for (name, sha256) in &named {
            let there = exhibits.package.file(name).map(Digest::of);
            let withheld = exhibits.withheld.get(name);
            match there.as_ref().or(withheld) {
                Some(digest) => self.demand(digest == sha256, || Finding::Matter(name.clone())),
                None => self.findings.push(Finding::Absent(name.clone())),
            }
            self.withheld.extend(withheld.map(|_| name.clone()));
        }
        named.into_keys().collect()
    }

    pub(super) fn demand_purpose(&mut self, name: &str, purpose: &str, wanted: &str) {
        self.demand(purpose == wanted, || Finding::Purpose(document_of(name)));
    }

    pub(super) fn demand_matter(&mut self, name: &str, same: bool) {
        self.demand(same, || Finding::Matter(document_of(name)));
    }

    fn demand_nothing_else(
        &mut self,
        exhibits: &Exhibits<'_>,
        summary: &Summary,
        papers: &BTreeSet<String>,
    ) {
        let signed = |file: &&str| {
            let mut places = ["documents/", "signatures/", ATTACHMENTS].into_iter();
            places.any(|place| file.starts_with(place))
        };
        let names = summary.names();
        let belongs = |file: &str| {
            let mut names = names.iter();
            papers.contains(file)
                || names.any(|name| file == document_of(name) || file == signature_of(name))
        };
        let listed = exhibits.withheld.keys().map(String::as_str);
        let mut files = exhibits.package.names().chain(listed).filter(signed);
        let surplus = files.find(|file| !belongs(file));
        if let Some(file) = surplus {
            self.findings.push(Finding::Surplus(file.to_owned()));
        }
    }
}

impl Case<'_> {
    /// An adult of the family has a say about nothing but moving in.
    fn basis(&self) -> Basis {
        let holds_a_right = |party: &Party| match party {
            Party::Owner(_) | Party::Tenant(_) => true,
            Party::Resident(_) | Party::Colleague(..) => false,
        };
        match self.applicant.capacity {
            Capacity::Operator(_) => Basis::Attested,
            Capacity::Oneself | Capacity::Administration(_)
                if self.parties.iter().any(holds_a_right) =>
            {
                Basis::Consents
            }
            Capacity::Oneself | Capacity::Administration(_) => Basis::Sole,
        }
    }
}

impl Exhibits<'_> {
    /// What stands in a document.
    pub(super) fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Paper<T>, Finding> {
        let document = self.file(document_of(name))?;
        serde_json::from_slice(document).map_err(|_| absent(name))
    }

    /// The digest of a document's octets.
    pub(super) fn digest(&self, name: &str) -> Digest {
        let document = self.package.file(&document_of(name));
        Digest::of(document.unwrap_or_default())
    }

    fn verdict(
        &self,
        name: &str,
        issued: &Issued,
        policy: &Policy,
    ) -> Result<Result<Verified, Box<Report>>, Finding> {
        let document = self.file(document_of(name))?;
        let signature = self.file(signature_of(name))?;
        Ok(verify_past(
            signature,
            Content::Detached(document),
            self.trust,
            policy,
            (Some(issued.issued_at), self.known),
        ))
    }

    fn file(&self, name: String) -> Result<&[u8], Finding> {
        self.package.file(&name).ok_or(Finding::Absent(name))
    }
}

/// The rules for a person's signature hold for whoever speaks for an organisation
/// too, but that the certificate names it; whether it lets that person speak for
/// it, [`Signatory::is`] says.
#[must_use]
pub fn policy_for<'a>(policy: &'a Policy, signatory: &Signatory) -> Cow<'a, Policy> {
    let for_people = policy.rules().subject == Subject::NaturalPerson;
    match signatory {
        Signatory::Organisation(_) | Signatory::Operator(..) | Signatory::Colleague(..)
            if for_people =>
        {
            Cow::Owned(policy.clone().with(|rules| {
                rules.id.push_str("-for-organisation");
                rules.subject = Subject::Organisation;
            }))
        }
        Signatory::Person(_)
        | Signatory::Organisation(_)
        | Signatory::Operator(..)
        | Signatory::Colleague(..) => Cow::Borrowed(policy),
    }
}

/// Without a stamp of its own nobody knows when a signature was made.
fn is_timely(verified: &Verified, issued: &Issued, policy: &Policy) -> bool {
    let at = verified.signed_at();
    // Authorities stamp whole seconds, by clocks of their own.
    let skew = TimeDelta::seconds(policy.rules().clock_skew_seconds.into());
    let timely = at + skew >= issued.issued_at && at <= issued.expires_at + skew;
    timely || verified.report().time_stamps.is_empty()
}

pub(super) fn absent(name: &str) -> Finding {
    Finding::Absent(document_of(name))
}
