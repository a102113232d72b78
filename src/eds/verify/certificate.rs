//! Whether a certificate may count: path, purpose, person, validity, revocation.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::message::Received;
use crate::eds::{
    Check, Fault, Freshness, Moment, Policy, Purpose, Remark, Revocation, Rules, Signer,
    SignerKind, StatusEvidence, Subject, Trust,
    budget::Budget,
    certificate::Certificate,
    crl::{self, Entry, Reason, Status},
    enclosed::{self, Pile},
    extension::KeyUsage,
    judgement::Question,
    ledger::Ledger,
    ocsp,
    path::{Path, Search, find},
    revocation::{self, Finding},
};

/// Everything that concerns the certificate and not the signature, anew or as it
/// was found the last time.
pub(super) fn judge(
    certificate: &Certificate,
    received: &Received<'_>,
    trust: &Trust,
    policy: &Policy,
    ledger: &mut Ledger,
    budget: &mut Budget,
) -> Result<Arc<Signer>, Fault> {
    let question = Question {
        certificate,
        received,
        trust,
        policy,
        moment: ledger.moment(),
    };
    if let Some(judgement) = question.recalled(budget) {
        let steps = [
            Check::Path,
            Check::Purpose,
            Check::Identity,
            Check::Validity,
        ];
        steps.into_iter().for_each(|step| ledger.begin(step));
        if policy.rules().revocation != Revocation::Ignored {
            ledger.begin(Check::Revocation);
        }
        ledger.recalls(&judgement.grounds);
        return Ok(Arc::clone(&judgement.signer));
    }
    let (before, remarks) = (budget.clone(), ledger.remarks());
    let signer = Arc::new(judge_anew(&question, ledger, budget)?);
    if ledger.remarks() == remarks {
        question.keep(&signer, ledger, &before, budget);
    }
    Ok(signer)
}

fn judge_anew(
    question: &Question<'_>,
    ledger: &mut Ledger,
    budget: &mut Budget,
) -> Result<Signer, Fault> {
    let Question {
        certificate,
        received,
        trust,
        policy,
        moment,
    } = *question;
    ledger.begin(Check::Path);
    let search = Search::new(trust, &received.certificates, policy, moment.received);
    let path = find(certificate, &search, budget)?;
    ledger.follows(&path);

    ledger.begin(Check::Purpose);
    demand_purpose(certificate, policy)?;

    ledger.begin(Check::Identity);
    let signer = demand_identity(certificate, policy)?;

    ledger.begin(Check::Validity);
    demand_validity(certificate, moment)?;

    if policy.rules().revocation != Revocation::Ignored {
        ledger.begin(Check::Revocation);
        demand_unrevoked(&path, trust, received, &search, ledger, budget)?;
    }
    Ok(signer)
}

fn demand_purpose(certificate: &Certificate, policy: &Policy) -> Result<(), Fault> {
    let extensions = certificate.extensions();
    let allows = |bit| extensions.key_usage.is_none_or(|usage| usage.allows(bit));
    let named = |bit| extensions.key_usage.is_some_and(|usage| usage.allows(bit));
    let fits = match policy.rules().purpose {
        Purpose::Document => named(KeyUsage::NON_REPUDIATION),
        Purpose::Login => named(KeyUsage::DIGITAL_SIGNATURE),
        Purpose::Signature => {
            allows(KeyUsage::NON_REPUDIATION) || allows(KeyUsage::DIGITAL_SIGNATURE)
        }
        Purpose::Unspecified => true,
    };
    if !fits {
        return Err(Fault::Purpose("key usage"));
    }
    if extensions.is_authority()
        && matches!(policy.rules().purpose, Purpose::Document | Purpose::Login)
    {
        return Err(Fault::Purpose("an authority's certificate"));
    }
    let accepted = &policy.rules().extended_key_usage;
    let purposes = extensions.extended_key_usage.as_deref();
    if !accepted.is_empty()
        && purposes.is_some_and(|named| !named.iter().any(|purpose| accepted.contains(purpose)))
    {
        return Err(Fault::Purpose("extended key usage"));
    }
    let accepted = &policy.rules().certificate_policies;
    let policies = extensions.policies.as_deref().unwrap_or_default();
    if !accepted.is_empty() && !policies.iter().any(|policy| accepted.contains(policy)) {
        return Err(Fault::Purpose("certificate policy"));
    }
    Ok(())
}

fn demand_identity(certificate: &Certificate, policy: &Policy) -> Result<Signer, Fault> {
    let rules = policy.rules();
    let signer = Signer::read(certificate, rules.check_digit);
    let signer = match rules.subject {
        Subject::Any => signer.unwrap_or_else(|_| Signer::nobody(certificate)),
        Subject::NaturalPerson | Subject::Organisation | Subject::AnyPerson => {
            let signer = signer?;
            demand_person(&signer, rules.subject)?;
            signer
        }
        Subject::Identified => {
            let signer = signer?;
            if signer.iin().is_none() && signer.bin().is_none() {
                return Err(Fault::IdentityAmbiguous("neither IIN nor BIN"));
            }
            signer
        }
    };
    let accepted = &rules.roles;
    if !accepted.is_empty() && !signer.roles().iter().any(|role| accepted.contains(role)) {
        return Err(Fault::Purpose("role"));
    }
    Ok(signer)
}

/// The signer is a person, and acts for whom the policy wants.
fn demand_person(signer: &Signer, subject: Subject) -> Result<(), Fault> {
    match (subject, signer.kind()) {
        (Subject::NaturalPerson, SignerKind::Organisation) => {
            return Err(Fault::Purpose("not a natural person"));
        }
        (Subject::Organisation, SignerKind::Person) => {
            return Err(Fault::Purpose("not of an organisation"));
        }
        (Subject::Organisation, SignerKind::Organisation) if signer.bin().is_none() => {
            return Err(Fault::IdentityAmbiguous("no BIN"));
        }
        (
            Subject::NaturalPerson
            | Subject::Organisation
            | Subject::AnyPerson
            | Subject::Identified
            | Subject::Any,
            SignerKind::Person | SignerKind::Organisation,
        ) => {}
    }
    match signer.iin() {
        Some(_) => Ok(()),
        None => Err(Fault::IdentityAmbiguous("no IIN")),
    }
}

/// The signature was made between the issue of the document and its receipt;
/// the certificate must have been valid for all of that time.
fn demand_validity(certificate: &Certificate, moment: Moment) -> Result<(), Fault> {
    if moment.received < certificate.not_before() {
        return Err(Fault::NotYetValid);
    }
    if moment.received <= certificate.not_after() {
        return Ok(());
    }
    match moment.issued {
        Some(issued) if issued > certificate.not_after() => Err(Fault::Expired),
        Some(_) | None => Err(Fault::OutOfBounds),
    }
}

fn demand_unrevoked(
    path: &Path<'_>,
    trust: &Trust,
    received: &Received<'_>,
    search: &Search<'_>,
    ledger: &mut Ledger,
    budget: &mut Budget,
) -> Result<(), Fault> {
    let [leaf, .., anchor] = path.certificates.as_slice() else {
        return Err(Fault::NoPath);
    };
    let policy = search.policy;
    let sources = [Some(&received.evidence), None];
    let lists = crl::Judge {
        crls: enclosed::lists(&trust.crls, sources),
        search: *search,
        anchor,
        now: ledger.moment().now,
        oldest: TimeDelta::seconds(policy.rules().oldest_list_seconds.into()),
        since: None,
    };
    let standing = Standing {
        lists,
        responses: enclosed::responses(&trust.responses, sources),
        rules: policy.rules(),
        leaf,
    };
    revocation::along(path, |certificate, issuer| {
        standing.of(certificate, issuer, ledger, budget)
    })
}

/// Judges the links of a path to a signer's certificate.
struct Standing<'a> {
    lists: crl::Judge<'a>,
    responses: Pile<'a, ocsp::Response>,
    rules: &'a Rules,
    leaf: &'a Certificate,
}

impl<'a> Standing<'a> {
    /// Why the status of `certificate` cannot be told, where it must be.
    fn of(
        &self,
        certificate: &'a Certificate,
        issuer: &'a Certificate,
        ledger: &mut Ledger,
        budget: &mut Budget,
    ) -> Result<Option<Fault>, Fault> {
        // RFC 6960 section 4.2.2.2.1 and RFC 9608 mean these for other kinds of certificates.
        if certificate.extensions().waives_revocation {
            return Err(Fault::PathInvalid("revocation is waived"));
        }
        let moment = ledger.moment();
        let is_leaf = certificate == self.leaf;
        let (found, since) = match is_leaf {
            true => self.of_signer(certificate, issuer, moment, budget)?,
            false => (self.told(None, certificate, issuer, budget)?, None),
        };
        let demanded = match self.rules.revocation {
            Revocation::Required => true,
            Revocation::Leaf => is_leaf,
            Revocation::IfPresent | Revocation::Ignored => false,
        };
        let asked = is_leaf && self.rules.evidence != StatusEvidence::Lists;
        if demanded && found.is_wanting(asked) {
            ledger.wants.status(certificate, issuer, since);
        }
        ledger.rests_on(found.evidence);
        match found.status {
            Status::Good => {}
            Status::Revoked(entry) if is_leaf => judge_revoked(entry, moment, ledger)?,
            Status::Revoked(_) => return Err(Fault::IssuerRevoked),
            Status::Unknown(fault) if demanded => return Ok(Some(fault)),
            Status::Unknown(_) => ledger.remark(Remark::RevocationUnknown),
        }
        Ok(None)
    }

    /// The status of the signer's certificate, and since when it must have been
    /// said: what revokes counts whenever it was said, what clears may not.
    fn of_signer(
        &self,
        certificate: &'a Certificate,
        issuer: &'a Certificate,
        moment: Moment,
        budget: &mut Budget,
    ) -> Result<(Finding, Option<DateTime<Utc>>), Fault> {
        let since = match self.rules.freshness {
            Freshness::AfterSigning => Some(moment.received),
            Freshness::ByAge => None,
        };
        let mut found = self.told(None, certificate, issuer, budget)?;
        if found.status == Status::Good && since.is_some() {
            found = self.told(since, certificate, issuer, budget)?;
        }
        if self.rules.evidence == StatusEvidence::Responder
            && let (Status::Good, Status::Unknown(_)) = (found.status, found.answered)
        {
            found.status = found.answered;
        }
        Ok((found, since))
    }

    fn told(
        &self,
        since: Option<DateTime<Utc>>,
        certificate: &'a Certificate,
        issuer: &'a Certificate,
        budget: &mut Budget,
    ) -> Result<Finding, Fault> {
        let lists = crl::Judge {
            since,
            ..self.lists
        };
        revocation::status(lists, self.responses, certificate, issuer, budget)
    }
}

/// A revocation counts from its date on; whether the signature is older is
/// known only when it was in our hands before.
fn judge_revoked(entry: Entry, moment: Moment, ledger: &mut Ledger) -> Result<(), Fault> {
    if entry.revoked_at > moment.received {
        ledger.remark(Remark::RevokedAfterwards);
        return Ok(());
    }
    match (entry.reason, moment.issued) {
        (Reason::Suspended, _) => Err(Fault::Suspended),
        (_, Some(issued)) if entry.revoked_at < issued => Err(Fault::Revoked),
        (_, _) => Err(Fault::RevokedWithoutProof),
    }
}
