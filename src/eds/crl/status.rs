//! What the lists at hand say about one certificate (RFC 5280 section 6.3).

use std::{cmp::Reverse, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Crl, Entry, Reason, Reasons, coverage::points};
use crate::eds::{
    Fault,
    budget::Budget,
    certificate::Certificate,
    enclosed::Pile,
    path::{Search, find},
};

/// How many signers of lists may stand behind each other.
const DEPTH: usize = 3;

/// What is known about one certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Status {
    /// Usable lists cover every reason, and none names it.
    Good,
    /// A usable list names it.
    Revoked(Entry),
    /// No usable list covers it, for this reason.
    Unknown(Fault),
}

/// A status and the lists it rests on.
#[derive(Debug, Clone)]
pub(in super::super) struct Finding<'a> {
    pub(in super::super) status: Status,
    pub(in super::super) lists: Vec<&'a Crl>,
}

/// What a list says about one certificate, and the delta that spoke for it.
struct Word<'a> {
    entry: Option<Entry>,
    delta: Option<&'a Crl>,
}

/// Judges certificates by lists as of one instant.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Judge<'a> {
    pub(in super::super) crls: Pile<'a, Arc<Crl>>,
    /// Where signers of lists are looked for.
    pub(in super::super) search: Search<'a>,
    pub(in super::super) anchor: &'a Certificate,
    pub(in super::super) now: DateTime<Utc>,
    /// How old a list may be, whatever it promises.
    pub(in super::super) oldest: TimeDelta,
    /// What was said before this instant does not count.
    pub(in super::super) since: Option<DateTime<Utc>>,
}

impl Crl {
    /// The instants around which [`Judge`] may think differently about this list,
    /// which must not be older than `oldest`.
    pub(in super::super) fn turns(&self, oldest: TimeDelta) -> [Option<DateTime<Utc>>; 3] {
        let too_old = self.head.this_update.checked_add_signed(oldest);
        [Some(self.head.this_update), self.head.next_update, too_old]
    }
}

impl<'a> Judge<'a> {
    /// The status of `certificate`, which `issuer` issued on a path that holds.
    pub(in super::super) fn status(
        &self,
        certificate: &'a Certificate,
        issuer: &'a Certificate,
        budget: &mut Budget,
    ) -> Result<Finding<'a>, Fault> {
        self.status_beside(&[], certificate, issuer, budget)
    }

    /// The same while the status of `pending` is being judged: a list signed by
    /// one of them may speak about it, or a key that signs nothing but lists
    /// could never be judged.
    fn status_beside(
        &self,
        pending: &[&'a Certificate],
        certificate: &'a Certificate,
        issuer: &'a Certificate,
        budget: &mut Budget,
    ) -> Result<Finding<'a>, Fault> {
        let mut known = Reasons::NONE;
        let mut trouble = Fault::NoRevocationData;
        let mut lists = Vec::with_capacity(1);
        for (crl, reasons) in self.covering(certificate, budget)? {
            if !reasons.adds_to(known) {
                continue;
            }
            match self.entry(crl, pending, certificate, issuer, budget) {
                Ok(word) => {
                    lists.push(crl);
                    lists.extend(word.delta);
                    if let Some(entry) = word.entry {
                        let status = Status::Revoked(entry);
                        return Ok(Finding { status, lists });
                    }
                    known = known.or(reasons);
                }
                Err(Fault::BudgetSpent) => return Err(Fault::BudgetSpent),
                Err(fault) => trouble = fault,
            }
        }
        let status = match Reasons::ALL.adds_to(known) {
            true => Status::Unknown(trouble),
            false => Status::Good,
        };
        Ok(Finding { status, lists })
    }

    /// The complete lists that speak about the certificate, each with the reasons it
    /// covers; the newest first: it overrules what an older one said.
    fn covering(
        &self,
        certificate: &Certificate,
        budget: &mut Budget,
    ) -> Result<Vec<(&'a Crl, Reasons)>, Fault> {
        let points = points(certificate)?;
        let mut covering = Vec::new();
        let complete = |crl: &&Crl| crl.extensions().base_number.is_none();
        for crl in self.crls.iter().map(Arc::as_ref).filter(complete) {
            budget.comparison()?;
            let reasons = crl.covers(certificate, &points)?;
            if reasons.adds_to(Reasons::NONE) {
                covering.push((crl, reasons));
            }
        }
        covering.sort_by_key(|(crl, _)| Reverse(crl.head.this_update));
        Ok(covering)
    }

    /// What `crl`, brought up to date by a delta, says; an error if it cannot be used.
    fn entry(
        &self,
        crl: &'a Crl,
        pending: &[&'a Certificate],
        certificate: &'a Certificate,
        issuer: &'a Certificate,
        budget: &mut Budget,
    ) -> Result<Word<'a>, Fault> {
        self.usable(crl, pending, issuer, budget)?;
        let base = crl.entry(certificate.issuer(), certificate.serial());
        if base.is_some_and(|entry| entry.reason == Reason::Restored) {
            return Err(Fault::RevocationUnusable("removal in a complete list"));
        }
        let all = self.crls.iter().map(Arc::as_ref);
        let mut deltas: Vec<&Crl> = all.filter(|delta| delta.updates(crl)).collect();
        deltas.sort_by_key(|delta| Reverse(delta.head.this_update));
        for delta in deltas {
            match self.usable(delta, pending, issuer, budget) {
                Ok(()) => {
                    let entry = match delta.entry(certificate.issuer(), certificate.serial()) {
                        Some(Entry {
                            reason: Reason::Restored,
                            ..
                        }) => None,
                        Some(entry) => Some(entry),
                        None => base,
                    };
                    let delta = Some(delta);
                    return Ok(Word { entry, delta });
                }
                Err(Fault::BudgetSpent) => return Err(Fault::BudgetSpent),
                Err(_) => {}
            }
        }
        Ok(Word {
            entry: base,
            delta: None,
        })
    }

    fn usable(
        &self,
        crl: &'a Crl,
        pending: &[&'a Certificate],
        issuer: &'a Certificate,
        budget: &mut Budget,
    ) -> Result<(), Fault> {
        crl.demand_current(self.now)?;
        if self.now - crl.head.this_update > self.oldest {
            return Err(Fault::RevocationUnusable("out of date"));
        }
        self.not_before(crl.head.this_update)?;
        self.signed(crl, pending, issuer, budget)
    }

    /// Whether something said at `time` counts. List and answers tell whole seconds.
    pub(in super::super) fn not_before(&self, time: DateTime<Utc>) -> Result<(), Fault> {
        match self.since {
            Some(since) if time.timestamp() < since.timestamp() => {
                Err(Fault::NotFresh("issued before the signature"))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Whether the list was signed by somebody who may: the issuer of the
    /// certificate in question, or another certificate under the list's issuer
    /// name with a path of its own to the same anchor (section 6.3.3 (f)).
    fn signed(
        &self,
        crl: &'a Crl,
        pending: &[&'a Certificate],
        issuer: &'a Certificate,
        budget: &mut Budget,
    ) -> Result<(), Fault> {
        let Search {
            anchors,
            known,
            received,
            ..
        } = self.search;
        let mut fault = Fault::RevocationUnusable("no signer");
        let others = known
            .iter()
            .chain(received)
            .chain(anchors)
            .filter(|other| *other != issuer);
        for signer in std::iter::once(issuer).chain(others) {
            budget.comparison()?;
            if !signer.subject().matches(crl.issuer()) {
                continue;
            }
            match self.signed_by(crl, signer, budget) {
                Ok(())
                    if signer == issuer || signer == self.anchor || pending.contains(&signer) =>
                {
                    return Ok(());
                }
                Ok(()) => match self.trusted(signer, pending, budget) {
                    Ok(()) => return Ok(()),
                    Err(found) => fault = found,
                },
                Err(Fault::BudgetSpent) => return Err(Fault::BudgetSpent),
                Err(found) => fault = found,
            }
        }
        Err(fault)
    }

    fn signed_by(
        &self,
        crl: &'a Crl,
        signer: &Certificate,
        budget: &mut Budget,
    ) -> Result<(), Fault> {
        let (key, scheme) = crl.key_of(signer, self.search.policy, self.search.inputs.at)?;
        let (list, by) = (crl.sha256(), *signer.sha256());
        let memory = self.search.memory;
        let check = || {
            if memory.is_some_and(|memory| memory.knows(list, by)) {
                return Ok(true);
            }
            let holds = crl.demand_signed_with(&key, scheme).is_ok();
            if holds {
                memory.inspect(|memory| memory.keep(list, by));
            }
            Ok(holds)
        };
        match budget.once((list, by), self.charged(crl), check)? {
            true => Ok(()),
            false => Err(Fault::RevocationUnusable("signature does not verify")),
        }
    }

    /// What is paid for by its length: lists of the caller are as long as they
    /// are, but whoever sends one along has it digested.
    fn charged(&self, crl: &'a Crl) -> &'a [u8] {
        match self.crls.came_along(crl) {
            true => crl.part(&crl.head.tbs),
            false => &[],
        }
    }

    /// Whether a signer of lists that is not the certificate's issuer has a
    /// path of its own to the same anchor and is not revoked itself.
    fn trusted(
        &self,
        signer: &'a Certificate,
        pending: &[&'a Certificate],
        budget: &mut Budget,
    ) -> Result<(), Fault> {
        if pending.len() == DEPTH || self.now < signer.not_before() || self.now > signer.not_after()
        {
            return Err(Fault::RevocationUnusable("signer of the list"));
        }
        let path = find(signer, &self.search, budget)?;
        if path.certificates.last() != Some(&self.anchor) {
            return Err(Fault::RevocationUnusable("signer under another anchor"));
        }
        let pending: Vec<_> = pending.iter().copied().chain([signer]).collect();
        for (certificate, issuer) in path.links() {
            match self
                .status_beside(&pending, certificate, issuer, budget)?
                .status
            {
                Status::Good => {}
                Status::Revoked(_) => return Err(Fault::RevocationUnusable("signer revoked")),
                Status::Unknown(fault) => return Err(fault),
            }
        }
        Ok(())
    }
}
