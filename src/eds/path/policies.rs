//! Certificate policies along a path (RFC 5280 sections 6.1.2 to 6.1.5).
//!
//! The tree of the RFC grows exponentially for hostile input (RFC 9618). What
//! is asked of it in the end is only which policies of the anchor's domain the
//! leaf's policies descend from; so this keeps, for each policy expected next,
//! just that set of origins, and is never larger than the certificates.

use std::collections::{BTreeMap, BTreeSet};

use crate::eds::{Fault, Oid, PathRules, extension::Extensions, oid::extension::ANY_POLICY};

/// The state of policy processing after some certificates.
#[derive(Debug, Clone)]
pub(super) struct Policies {
    /// Policies that the next certificate may assert, with the policies of the
    /// anchor's domain they descend from.
    expected: BTreeMap<Oid, BTreeSet<Oid>>,
    /// Whether a node for anyPolicy still stands.
    any: bool,
    explicit: u32,
    mapping: u32,
    inhibit_any: u32,
}

impl Policies {
    /// Section 6.1.2 for a path of `length` certificates below the anchor.
    pub(super) fn new(rules: &PathRules, length: u32) -> Self {
        let counter = |now: bool| if now { 0 } else { length + 1 };
        Self {
            expected: BTreeMap::new(),
            any: true,
            explicit: counter(rules.require_explicit_policy),
            mapping: counter(rules.inhibit_policy_mapping),
            inhibit_any: counter(rules.inhibit_any_policy),
        }
    }

    /// Section 6.1.3 (d) to (f).
    pub(super) fn take(
        &mut self,
        extensions: &Extensions,
        any_is_allowed: AnyPolicy,
    ) -> Result<(), Fault> {
        match &extensions.policies {
            Some(asserted) => self.intersect(asserted, any_is_allowed),
            None => self.clear(),
        }
        if self.explicit == 0 && self.is_empty() {
            Err(NO_POLICY)
        } else {
            Ok(())
        }
    }

    fn intersect(&mut self, asserted: &[Oid], any_is_allowed: AnyPolicy) {
        let mut next = BTreeMap::new();
        for policy in asserted.iter().filter(|&&policy| policy != ANY_POLICY) {
            match self.expected.remove(policy) {
                Some(origins) => _ = next.insert(*policy, origins),
                None if self.any => _ = next.insert(*policy, BTreeSet::from([*policy])),
                None => {}
            }
        }
        let counts = self.inhibit_any > 0 || any_is_allowed == AnyPolicy::AsSelfIssued;
        if asserted.contains(&ANY_POLICY) && counts {
            next.append(&mut self.expected);
        } else {
            self.any = false;
        }
        self.expected = next;
    }

    fn clear(&mut self) {
        self.expected.clear();
        self.any = false;
    }

    fn is_empty(&self) -> bool {
        self.expected.is_empty() && !self.any
    }

    /// Section 6.1.4 (a), (b), (h) to (j): before the next certificate.
    pub(super) fn prepare(
        &mut self,
        extensions: &Extensions,
        self_issued: bool,
    ) -> Result<(), Fault> {
        self.map(&extensions.policy_mappings)?;
        if !self_issued {
            for counter in [&mut self.explicit, &mut self.mapping, &mut self.inhibit_any] {
                *counter = counter.saturating_sub(1);
            }
        }
        let constraints = extensions.policy_constraints;
        lower(&mut self.explicit, constraints.require_explicit);
        lower(&mut self.mapping, constraints.inhibit_mapping);
        lower(&mut self.inhibit_any, extensions.inhibit_any_policy);
        Ok(())
    }

    fn map(&mut self, mappings: &[(Oid, Oid)]) -> Result<(), Fault> {
        if mappings
            .iter()
            .any(|(from, to)| *from == ANY_POLICY || *to == ANY_POLICY)
        {
            return Err(Fault::PathInvalid("policy mapping from or to any policy"));
        }
        let mut mapped: BTreeMap<Oid, BTreeSet<Oid>> = BTreeMap::new();
        if self.mapping > 0 {
            for (from, to) in mappings {
                let own = self.any.then(|| BTreeSet::from([*from]));
                let origins = self.expected.get(from).cloned().or(own);
                mapped
                    .entry(*to)
                    .or_default()
                    .extend(origins.into_iter().flatten());
            }
        }
        for (from, _) in mappings {
            self.expected.remove(from);
        }
        for (to, origins) in mapped
            .into_iter()
            .filter(|(_, origins)| !origins.is_empty())
        {
            self.expected.entry(to).or_default().extend(origins);
        }
        Ok(())
    }

    /// Section 6.1.5 (a), (b), (g): after the last certificate.
    pub(super) fn conclude(mut self, leaf: &Extensions, rules: &PathRules) -> Result<(), Fault> {
        self.explicit = self.explicit.saturating_sub(1);
        if leaf.policy_constraints.require_explicit == Some(0) {
            self.explicit = 0;
        }
        let acceptable =
            |origins: &BTreeSet<Oid>| rules.policies.iter().any(|policy| origins.contains(policy));
        let accepts_any = rules.policies.is_empty() || rules.policies.contains(&ANY_POLICY);
        let holds = match accepts_any {
            true => !self.is_empty(),
            false => self.any || self.expected.values().any(acceptable),
        };
        if holds || self.explicit > 0 {
            Ok(())
        } else {
            Err(NO_POLICY)
        }
    }
}

/// Whether an inhibited anyPolicy counts all the same (section 6.1.3 (d)(2)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AnyPolicy {
    /// The certificate is self-issued and not the last.
    AsSelfIssued,
    /// The counter decides.
    AsCounted,
}

const NO_POLICY: Fault = Fault::PathInvalid("no acceptable certificate policy");

fn lower(counter: &mut u32, limit: Option<u32>) {
    *counter = limit.map_or(*counter, |limit| limit.min(*counter));
}
