//! Whether a certificate may count: path, purpose, person, validity, revocation.

use chrono::TimeDelta;

use crate::eds::{
    Check, Fault, Freshness, Moment, Policy, Purpose, Remark, Revocation, Signer, SignerKind,
    Subject, Trust,
    budget::Budget,
    certificate::Certificate,
    crl::{self, Entry, Reason, Status},
    extension::KeyUsage,
    ledger::Ledger,
    path::{Path, Search, find},
    revocation,
};

/// Everything that concerns the certificate and not the signature.
pub(super) fn judge(
    certificate: &Certificate,
    received: &[Certificate],
    trust: &Trust,
    policy: &Policy,
    ledger: &mut Ledger,
    budget: &mut Budget,
) -> Result<Signer, Fault> {
    ledger.begin(Check::Path);
    let moment = ledger.moment();
    let search = Search::new(trust, received, policy, moment.received);
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
        demand_unrevoked(&path, trust, &search, policy, ledger, budget)?;
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
    let signer = Signer::read(certificate, policy.rules().check_digit);
    match policy.rules().subject {
        Subject::Any => Ok(signer.unwrap_or_else(|_| Signer::nobody(certificate))),
        Subject::NaturalPerson => {
            let signer = signer?;
            match (signer.kind(), signer.iin()) {
                (SignerKind::Organisation, _) => Err(Fault::Purpose("not a natural person")),
                (SignerKind::Person, None) => Err(Fault::IdentityAmbiguous("no IIN")),
                (SignerKind::Person, Some(_)) => Ok(signer),
            }
        }
        Subject::Identified => {
            let signer = signer?;
            match (signer.iin(), signer.bin()) {
                (None, None) => Err(Fault::IdentityAmbiguous("neither IIN nor BIN")),
                (_, _) => Ok(signer),
            }
        }
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
    search: &Search<'_>,
    policy: &Policy,
    ledger: &mut Ledger,
    budget: &mut Budget,
) -> Result<(), Fault> {
    let [leaf, .., anchor] = path.certificates.as_slice() else {
        return Err(Fault::NoPath);
    };
    let moment = ledger.moment();
    let lists = crl::Judge {
        crls: &trust.crls,
        search: *search,
        anchor,
        now: moment.now,
        oldest: TimeDelta::seconds(policy.rules().oldest_list_seconds.into()),
        since: None,
    };
    for (certificate, issuer) in path.links() {
        // RFC 6960 section 4.2.2.2.1 and RFC 9608 mean these for other kinds of certificates.
        if certificate.extensions().waives_revocation {
            return Err(Fault::PathInvalid("revocation is waived"));
        }
        let is_leaf = certificate == *leaf;
        let mut found = revocation::status(lists, &trust.responses, certificate, issuer, budget)?;
        if is_leaf
            && found.status == Status::Good
            && policy.rules().freshness == Freshness::AfterSigning
        {
            let later = crl::Judge {
                since: Some(moment.received),
                ..lists
            };
            found = revocation::status(later, &trust.responses, certificate, issuer, budget)?;
        }
        ledger.rests_on(found.evidence);
        match (found.status, policy.rules().revocation) {
            (Status::Good, _) => {}
            (Status::Revoked(entry), _) if is_leaf => judge_revoked(entry, moment, ledger)?,
            (Status::Revoked(_), _) => return Err(Fault::IssuerRevoked),
            (Status::Unknown(fault), Revocation::Required) => return Err(fault),
            (Status::Unknown(fault), Revocation::Leaf) if is_leaf => return Err(fault),
            (
                Status::Unknown(_),
                Revocation::Leaf | Revocation::IfPresent | Revocation::Ignored,
            ) => {
                ledger.remark(Remark::RevocationUnknown);
            }
        }
    }
    Ok(())
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
