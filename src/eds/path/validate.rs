//! One path, from the anchor down, by RFC 5280 section 6.1.

use super::{
    Inputs,
    constraints::Constraints,
    policies::{AnyPolicy, Policies},
};
use crate::eds::{Fault, budget::Budget, certificate::Certificate, extension::KeyUsage};

/// Judges `path`, leaf first and anchor last, whose signatures hold and whose
/// names chain. The leaf's own validity is judged elsewhere, because it hangs
/// on the time of signing.
///
/// The anchor is a certificate that the operator chose; its path length and
/// name constraints bind (RFC 5937), its policies and key usage do not.
pub(super) fn validate(
    path: &[&Certificate],
    inputs: Inputs<'_>,
    budget: &mut Budget,
) -> Result<(), Fault> {
    let Some((anchor, rest)) = path.split_last() else {
        return Err(Fault::NoPath);
    };
    let Some((leaf, issuers)) = rest.split_first() else {
        return Err(Fault::NoPath);
    };
    let length = u32::try_from(rest.len()).map_err(|_| Fault::BudgetSpent)?;
    let mut state = State {
        policies: Policies::new(inputs.rules, length),
        constraints: Constraints::default(),
        allowed: remaining(anchor, length),
    };
    state.constraints.add(anchor)?;
    in_time(anchor, inputs)?;
    understood(anchor)?;
    for issuer in issuers.iter().rev() {
        may_stand_between(issuer, inputs)?;
        state.pass(issuer, length, budget)?;
    }

    state.constraints.check(leaf, budget)?;
    let mut policies = state.policies;
    policies.take(leaf.extensions(), AnyPolicy::AsCounted)?;
    understood(leaf)?;
    consistent(leaf)?;
    policies.conclude(leaf.extensions(), inputs.rules)
}

/// What the certificates so far say about those below them (section 6.1.2).
struct State<'a> {
    policies: Policies,
    constraints: Constraints<'a>,
    /// How many intermediate certificates may follow.
    allowed: u32,
}

impl<'a> State<'a> {
    /// An intermediate certificate of a path of so many (sections 6.1.3 and 6.1.4).
    fn pass(
        &mut self,
        issuer: &'a Certificate,
        length: u32,
        budget: &mut Budget,
    ) -> Result<(), Fault> {
        let self_issued = issuer.is_self_issued();
        if !self_issued {
            self.constraints.check(issuer, budget)?;
        }
        let any = if self_issued {
            AnyPolicy::AsSelfIssued
        } else {
            AnyPolicy::AsCounted
        };
        self.policies.take(issuer.extensions(), any)?;
        self.policies.prepare(issuer.extensions(), self_issued)?;
        self.constraints.add(issuer)?;
        if !self_issued {
            let less = self.allowed.checked_sub(1);
            self.allowed = less.ok_or(Fault::PathInvalid("path too long"))?;
        }
        self.allowed = self.allowed.min(remaining(issuer, length));
        Ok(())
    }
}

/// How many intermediate certificates may follow.
fn remaining(issuer: &Certificate, length: u32) -> u32 {
    issuer
        .extensions()
        .basic_constraints
        .and_then(|constraints| constraints.path_length)
        .unwrap_or(length)
}

fn in_time(issuer: &Certificate, inputs: Inputs<'_>) -> Result<(), Fault> {
    if inputs.at < issuer.not_before() {
        return Err(Fault::PathInvalid("issuer not valid yet"));
    }
    if inputs.at > issuer.not_after() {
        Err(Fault::OutOfBounds)
    } else {
        Ok(())
    }
}

/// What an intermediate certificate must be on any path: valid in time, an
/// authority that may sign certificates, named, understood (section 6.1.3 (a),
/// 6.1.4 (k), (n), (o)).
pub(super) fn may_stand_between(issuer: &Certificate, inputs: Inputs<'_>) -> Result<(), Fault> {
    in_time(issuer, inputs)?;
    let extensions = issuer.extensions();
    if !extensions.is_authority() {
        return Err(Fault::PathInvalid("issuer is no authority"));
    }
    if extensions
        .key_usage
        .is_some_and(|usage| !usage.allows(KeyUsage::KEY_CERT_SIGN))
    {
        return Err(Fault::PathInvalid("issuer may not sign certificates"));
    }
    understood(issuer)
}

/// No critical extension is unknown, and nobody issued in no name (section 4.1.2.4).
fn understood(certificate: &Certificate) -> Result<(), Fault> {
    if certificate.extensions().unknown_critical {
        return Err(Fault::PathInvalid("unknown critical extension"));
    }
    match certificate.issuer().is_empty() {
        true => Err(Fault::PathInvalid("issuer without a name")),
        false => Ok(()),
    }
}

/// A leaf that says it signs certificates must be an authority (section 4.2.1.3).
fn consistent(leaf: &Certificate) -> Result<(), Fault> {
    let extensions = leaf.extensions();
    let signs = extensions
        .key_usage
        .is_some_and(|usage| usage.allows(KeyUsage::KEY_CERT_SIGN));
    match signs && !extensions.is_authority() {
        true => Err(Fault::PathInvalid(
            "signs certificates without being an authority",
        )),
        false => Ok(()),
    }
}
