//! The search for issuers (RFC 4158), within a budget.

use chrono::{DateTime, Utc};

use super::{
    Inputs, Path,
    validate::{may_stand_between, validate},
};
use crate::eds::{Fault, Policy, Trust, budget::Budget, certificate::Certificate, memory::Memory};

/// Where issuers are looked for, and what a path must satisfy.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Search<'a> {
    pub(in super::super) anchors: &'a [Certificate],
    pub(in super::super) known: &'a [Certificate],
    pub(in super::super) received: &'a [Certificate],
    pub(in super::super) inputs: Inputs<'a>,
    /// Says which algorithms and keys may sign certificates.
    pub(in super::super) policy: &'a Policy,
    pub(in super::super) memory: Option<&'a Memory>,
}

impl<'a> Search<'a> {
    /// Among what `trust` holds and what was `received`, under `policy`, at one instant.
    pub(in super::super) fn new(
        trust: &'a Trust,
        received: &'a [Certificate],
        policy: &'a Policy,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            anchors: &trust.anchors,
            known: &trust.intermediates,
            received,
            inputs: policy.inputs(at),
            policy,
            memory: trust.memory.as_ref(),
        }
    }
}

/// Finds a path from `leaf` to an anchor that holds.
///
/// Of several faults the one of the path that came furthest is told: of a path
/// that reached an anchor rather than that there is none.
pub(in super::super) fn find<'a>(
    leaf: &'a Certificate,
    search: &Search<'a>,
    budget: &mut Budget,
) -> Result<Path<'a>, Fault> {
    if search.anchors.contains(leaf) {
        return Err(Fault::Purpose("the certificate is itself a trust anchor"));
    }
    let mut certificates = vec![leaf];
    extend(&mut certificates, search, budget)?;
    Ok(Path { certificates })
}

/// Goes on from the last certificate of `path`; on success the path is
/// complete, otherwise as it was.
fn extend<'a>(
    path: &mut Vec<&'a Certificate>,
    search: &Search<'a>,
    budget: &mut Budget,
) -> Result<(), Fault> {
    let Some(&child) = path.last() else {
        return Err(Fault::NoPath);
    };
    let anchors = named(child, search.anchors, budget)?;
    let mut fault = match end(path, child, &anchors, search, budget) {
        Ok(()) => return Ok(()),
        Err(spent @ Fault::BudgetSpent) => return Err(spent),
        Err(fault) => fault,
    };
    let others = others(child, &anchors, search, budget)?;
    if path.len() > search.inputs.rules.longest {
        return Err(if others.is_empty() {
            fault
        } else {
            worse(fault, Fault::PathInvalid("path too long"))
        });
    }
    for issuer in others {
        if path.iter().any(|earlier| same_entity(earlier, issuer)) {
            continue;
        }
        path.push(issuer);
        // What is wrong with an issuer by itself ends the search here; the rest hangs on the path.
        let outcome = issued(child, issuer, search, budget)
            .and_then(|()| may_stand_between(issuer, search.inputs))
            .and_then(|()| extend(path, search, budget));
        match outcome {
            Ok(()) => return Ok(()),
            Err(spent @ Fault::BudgetSpent) => return Err(spent),
            Err(found) => fault = worse(fault, found),
        }
        path.pop();
    }
    Err(fault)
}

/// Ends the path, whose last certificate is `child`, with one of the `anchors`.
fn end<'a>(
    path: &mut Vec<&'a Certificate>,
    child: &'a Certificate,
    anchors: &[&'a Certificate],
    search: &Search<'a>,
    budget: &mut Budget,
) -> Result<(), Fault> {
    let mut fault = Fault::NoPath;
    for &issuer in anchors {
        path.push(issuer);
        match issued(child, issuer, search, budget)
            .and_then(|()| validate(path, search.inputs, budget))
        {
            Ok(()) => return Ok(()),
            Err(spent @ Fault::BudgetSpent) => return Err(spent),
            Err(found) => fault = worse(fault, found),
        }
        path.pop();
    }
    Err(fault)
}

/// The certificates beside the `anchors` that bear the issuer's name.
fn others<'a>(
    child: &Certificate,
    anchors: &[&Certificate],
    search: &Search<'a>,
    budget: &mut Budget,
) -> Result<Vec<&'a Certificate>, Fault> {
    let mut others = named(child, search.known.iter().chain(search.received), budget)?;
    others.retain(|other| !anchors.contains(other));
    Ok(others)
}

/// The certificates that bear the issuer's name; those whose key identifier is
/// the one the child names come first.
fn named<'a>(
    child: &Certificate,
    among: impl IntoIterator<Item = &'a Certificate>,
    budget: &mut Budget,
) -> Result<Vec<&'a Certificate>, Fault> {
    let mut found: Vec<&Certificate> = Vec::new();
    for candidate in among {
        budget.comparison()?;
        if candidate.subject().matches(child.issuer()) && !found.contains(&candidate) {
            found.push(candidate);
        }
    }
    let wanted = child.authority_key_identifier();
    found.sort_by_key(
        |candidate| match (wanted, candidate.subject_key_identifier()) {
            (Some(wanted), Some(own)) if wanted == own => 0,
            (Some(_), Some(_)) => 2,
            (_, _) => 1,
        },
    );
    Ok(found)
}

/// The same name with the same key: going on from it would go in circles.
fn same_entity(one: &Certificate, other: &Certificate) -> bool {
    one == other || (one.key() == other.key() && one.subject().matches(other.subject()))
}

/// Whether `issuer`'s key signed `child`, with an algorithm that is allowed.
fn issued(
    child: &Certificate,
    issuer: &Certificate,
    search: &Search<'_>,
    budget: &mut Budget,
) -> Result<(), Fault> {
    let scheme = child.signature_algorithm()?.scheme(None)?;
    let key = issuer.public_key().map_err(of_issuer)?;
    search.policy.allows(scheme, &key, search.inputs.at)?;
    let (signed, signer) = (*child.sha256(), *issuer.sha256());
    // A signature known from before costs its share too: the memory changes no verdict.
    let holds = budget.once((signed, signer), child.tbs(), || {
        if search
            .memory
            .is_some_and(|memory| memory.knows(signed, signer))
        {
            return Ok(true);
        }
        match key.verify(scheme, child.tbs(), child.signature()) {
            Ok(()) => {
                search.memory.inspect(|memory| memory.keep(signed, signer));
                Ok(true)
            }
            Err(Fault::SignatureMismatch) => Ok(false),
            Err(fault) => Err(fault),
        }
    })?;
    if holds { Ok(()) } else { Err(Fault::NoPath) }
}

/// What is malformed in an issuer's certificate says nothing about the form of
/// the signature.
fn of_issuer(fault: Fault) -> Fault {
    if let Fault::Malformed(_) = fault {
        Fault::PathInvalid("key of an issuer")
    } else {
        fault
    }
}

/// Whichever says more.
fn worse(known: Fault, found: Fault) -> Fault {
    if found == Fault::NoPath { known } else { found }
}
