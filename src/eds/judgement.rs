//! How a certificate was judged, and for how long that stays so.
//!
//! A judgement asks only how the instants of a [`Moment`] lie to the instants
//! written in certificates, lists and policy: before, at, or after. Between two
//! neighbouring ones of these boundaries it cannot change, as long as everything
//! else is the same: the certificate, the trust and the policy, by which it is
//! found in the memory, and the certificates received along with it, which stand
//! in it. At a boundary nothing is kept.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    CertificateSummary, Digest, Evidence, Freshness, Limit, Moment, Policy, Signer, Trust,
    budget::{Bill, Budget},
    certificate::Certificate,
    ledger::Ledger,
    memory::Memory,
    verify::message::Received,
};

/// A certificate that may count: nothing speaks against it, and no remark is
/// to be made.
#[derive(Debug)]
pub(super) struct Judgement {
    pub(super) signer: Arc<Signer>,
    pub(super) grounds: Grounds,
    terms: Terms,
    bill: Bill,
}

/// What a judgement rests on, as the report shows it.
#[derive(Debug, Clone)]
pub(super) struct Grounds {
    /// The path, the certificate itself first.
    pub(super) certificates: Vec<Arc<CertificateSummary>>,
    pub(super) revocation: Vec<Evidence>,
}

/// What is judged, and all that it hangs on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    pub(super) certificate: &'a Certificate,
    pub(super) received: &'a Received<'a>,
    pub(super) trust: &'a Trust,
    pub(super) policy: &'a Policy,
    pub(super) moment: Moment,
}

impl Question<'_> {
    /// The answer of the last time, if it is still the answer. It costs what it
    /// cost then; where the budget would not last, the question is asked anew and
    /// ends as it would have ended.
    pub(super) fn recalled(&self, budget: &mut Budget) -> Option<Arc<Judgement>> {
        let memory = self.memory()?;
        let judgement = memory.judgement(self.certificate, *self.policy.hash())?;
        (judgement.terms.hold(self) && budget.pay(&judgement.bill)).then_some(judgement)
    }

    /// What came along with one signature decides about no other.
    fn memory(&self) -> Option<&Memory> {
        let memory = self.trust.memory_of_judgements();
        memory.filter(|_| self.received.evidence.is_empty())
    }

    /// Keeps the answer, which has cost what `budget` has less than `before`.
    pub(super) fn keep(
        &self,
        signer: &Arc<Signer>,
        ledger: &Ledger,
        before: &Budget,
        budget: &Budget,
    ) {
        let Some(memory) = self.memory() else {
            return;
        };
        let (Some(terms), Some(bill)) = (Terms::of(self), budget.bill_since(before)) else {
            return;
        };
        let judgement = Judgement {
            signer: Arc::clone(signer),
            grounds: ledger.grounds(),
            terms,
            bill,
        };
        memory.judged(self.certificate, *self.policy.hash(), judgement);
    }

    /// Every instant at which the answer may become another.
    fn boundaries(&self) -> Vec<DateTime<Utc>> {
        let Trust {
            anchors,
            intermediates,
            crls,
            ..
        } = self.trust;
        let rules = self.policy.rules();
        let oldest = TimeDelta::seconds(rules.oldest_list_seconds.into());
        let received = self.received.certificates.iter().chain([self.certificate]);
        let certificates = anchors.iter().chain(intermediates).chain(received);
        let limits = rules.signatures.values().chain(rules.digests.values());
        let mut boundaries = Vec::with_capacity(32);
        boundaries.extend(certificates.flat_map(|one| [one.not_before(), one.not_after()]));
        boundaries.extend(crls.iter().flat_map(|list| list.turns(oldest)).flatten());
        boundaries.extend(limits.filter_map(|limit| match limit {
            Limit::None => None,
            Limit::Until(end) => Some(*end),
        }));
        boundaries
    }
}

/// Under which terms a judgement holds.
#[derive(Debug)]
struct Terms {
    received: Vec<Digest>,
    issued: Option<Stretch>,
    received_at: Stretch,
    now: Stretch,
}

impl Terms {
    /// Nothing when an instant is itself a boundary, or when the policy compares
    /// instants with each other.
    fn of(question: &Question<'_>) -> Option<Self> {
        if question.policy.rules().freshness == Freshness::AfterSigning {
            return None;
        }
        let boundaries = question.boundaries();
        let around = |instant| Stretch::around(instant, &boundaries);
        let Moment {
            issued,
            received,
            now,
        } = question.moment;
        Some(Self {
            received: digests(&question.received.certificates).collect(),
            issued: match issued {
                Some(issued) => Some(around(issued)?),
                None => None,
            },
            received_at: around(received)?,
            now: around(now)?,
        })
    }

    fn hold(&self, question: &Question<'_>) -> bool {
        let Moment {
            issued,
            received,
            now,
        } = question.moment;
        let issued = match (&self.issued, issued) {
            (Some(stretch), Some(issued)) => stretch.contains(issued),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        issued
            && self.received_at.contains(received)
            && self.now.contains(now)
            && digests(&question.received.certificates).eq(self.received.iter().copied())
    }
}

fn digests(certificates: &[Certificate]) -> impl Iterator<Item = Digest> {
    certificates.iter().map(|certificate| *certificate.sha256())
}

/// The time between two neighbouring boundaries, without them.
#[derive(Debug)]
struct Stretch {
    after: Option<DateTime<Utc>>,
    before: Option<DateTime<Utc>>,
}

impl Stretch {
    fn around(instant: DateTime<Utc>, boundaries: &[DateTime<Utc>]) -> Option<Self> {
        let earlier = boundaries.iter().filter(|&&boundary| boundary < instant);
        let later = boundaries.iter().filter(|&&boundary| boundary > instant);
        (!boundaries.contains(&instant)).then(|| Self {
            after: earlier.max().copied(),
            before: later.min().copied(),
        })
    }

    fn contains(&self, instant: DateTime<Utc>) -> bool {
        self.after.is_none_or(|after| after < instant)
            && self.before.is_none_or(|before| instant < before)
    }
}
