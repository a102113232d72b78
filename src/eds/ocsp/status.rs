//! What the responses at hand say about one certificate
//! (RFC 6960 sections 3.2 and 4.2.2).

use chrono::TimeDelta;

use super::{Answer, Response, Verdict, request::Target, response::Single};
use crate::eds::{
    Fault, Nocheck, Oid, Revocation,
    budget::Budget,
    certificate::Certificate,
    crl::{self, Entry, Status},
    enclosed::Pile,
    extension::KeyUsage,
    path::{Search, find},
};

/// id-kp-OCSPSigning (section 4.2.2.2).
const OCSP_SIGNING: Oid = Oid::new("1.3.6.1.5.5.7.3.9");

/// Judges certificates by responses as of one instant.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Judge<'a> {
    pub(in super::super) responses: Pile<'a, Response>,
    /// Tells the time and the policy, and the status of responders.
    pub(in super::super) lists: crl::Judge<'a>,
}

/// An answer that counts, or why there is none.
type Usable<'a> = Result<(Answer, &'a Response), Fault>;

/// A status and the response it rests on.
type Finding<'a> = (Status, Option<(Answer, &'a Response)>);

impl<'a> Judge<'a> {
    /// The status of `certificate`, which `issuer` issued; `None` when no
    /// response speaks about it.
    pub(in super::super) fn status(
        &self,
        certificate: &'a Certificate,
        issuer: &'a Certificate,
        budget: &mut Budget,
    ) -> Result<Option<Finding<'a>>, Fault> {
        let answered = self.answer(certificate, issuer, budget)?;
        Ok(answered.map(|answered| match answered {
            Ok((answer, response)) => (answer.verdict.status(), Some((answer, response))),
            Err(fault) => (Status::Unknown(fault), None),
        }))
    }

    /// What the responses say: a revocation before all else, then the newest.
    pub(super) fn answer(
        &self,
        certificate: &'a Certificate,
        issuer: &'a Certificate,
        budget: &mut Budget,
    ) -> Result<Option<Usable<'a>>, Fault> {
        let target = Target::new(certificate, issuer)?;
        let mut best: Option<Usable> = None;
        for response in self.responses.iter() {
            budget.comparison()?;
            let mut about = response.about(&target);
            let found = match (about.next(), about.next()) {
                (None, _) => continue,
                (Some(single), None) => self
                    .usable(response, single, issuer, budget)
                    .map(|answer| (answer, response)),
                (Some(_), Some(_)) => Err(Fault::RevocationUnusable("two answers in one")),
            };
            best = Some(match (best, found) {
                (_, Err(Fault::BudgetSpent)) => return Err(Fault::BudgetSpent),
                (Some(known), found) => weightier(known, found),
                (None, found) => found,
            });
        }
        Ok(best)
    }

    fn usable(
        &self,
        response: &'a Response,
        single: &Single,
        issuer: &'a Certificate,
        budget: &mut Budget,
    ) -> Result<Answer, Fault> {
        if response.unknown_critical || single.unknown_critical {
            return Err(Fault::RevocationUnusable("unknown critical extension"));
        }
        self.signed(response, issuer, budget)?;
        self.fresh(response, single)?;
        Ok(Answer {
            verdict: single.verdict,
            produced_at: response.produced_at,
            this_update: single.this_update,
            next_update: single.next_update,
        })
    }

    /// Section 4.2.2.1, and an age that no promise of the responder extends: an
    /// answer of yesterday says nothing about a revocation of today.
    fn fresh(&self, response: &Response, single: &Single) -> Result<(), Fault> {
        let rules = self.lists.search.policy.rules();
        let now = self.lists.now;
        let skew = TimeDelta::seconds(rules.clock_skew_seconds.into());
        let oldest = TimeDelta::seconds(rules.oldest_response_seconds.into());
        if single.this_update - now > skew || response.produced_at - now > skew {
            return Err(Fault::NotFresh("issued in the future"));
        }
        if single
            .next_update
            .is_some_and(|next| next < single.this_update)
        {
            return Err(Fault::RevocationUnusable("ends before it begins"));
        }
        if single.next_update.is_some_and(|next| now > next) || now - single.this_update > oldest {
            return Err(Fault::NotFresh("out of date"));
        }
        self.lists.not_before(single.this_update)
    }

    /// Whether somebody signed who may (section 4.2.2.2): the issuer itself, or
    /// the holder of a certificate that this issuer issued for the purpose.
    fn signed(
        &self,
        response: &'a Response,
        issuer: &'a Certificate,
        budget: &mut Budget,
    ) -> Result<(), Fault> {
        if response.is_by(issuer) {
            return self.signed_by(response, issuer, budget);
        }
        let Search {
            known, received, ..
        } = self.lists.search;
        let others = response.certificates.iter().chain(known).chain(received);
        let mut fault = Fault::RevocationUnusable("no responder");
        for responder in others {
            budget.comparison()?;
            if !response.is_by(responder) {
                continue;
            }
            match self
                .appointed(responder, issuer, budget)
                .and_then(|()| self.signed_by(response, responder, budget))
            {
                Ok(()) => return Ok(()),
                Err(Fault::BudgetSpent) => return Err(Fault::BudgetSpent),
                Err(found) => fault = found,
            }
        }
        Err(fault)
    }

    /// Whether `issuer` itself appointed the holder of `responder`: a path of
    /// exactly these two that holds, and the purpose in the certificate.
    fn appointed(
        &self,
        responder: &'a Certificate,
        issuer: &'a Certificate,
        budget: &mut Budget,
    ) -> Result<(), Fault> {
        let extensions = responder.extensions();
        let purposes = extensions.extended_key_usage.as_deref().unwrap_or_default();
        let signs = |bit| extensions.key_usage.is_none_or(|usage| usage.allows(bit));
        if !purposes.contains(&OCSP_SIGNING)
            || !(signs(KeyUsage::DIGITAL_SIGNATURE) || signs(KeyUsage::NON_REPUDIATION))
        {
            return Err(Fault::RevocationUnusable("responder not entitled"));
        }
        let alone = Search {
            anchors: std::slice::from_ref(issuer),
            known: &[],
            received: &[],
            ..self.lists.search
        };
        match find(responder, &alone, budget) {
            Ok(_) => {}
            Err(Fault::NoPath) => {
                return Err(Fault::RevocationUnusable("responder of another authority"));
            }
            Err(fault) => return Err(fault),
        }
        if self.lists.now < responder.not_before() || self.lists.now > responder.not_after() {
            return Err(Fault::ResponderOutOfBounds);
        }
        self.unrevoked(responder, issuer, budget)
    }

    /// Section 4.2.2.2.1: with nocheck the authority vouches for the responder
    /// as long as its certificate lives; otherwise a list must.
    fn unrevoked(
        &self,
        responder: &'a Certificate,
        issuer: &'a Certificate,
        budget: &mut Budget,
    ) -> Result<(), Fault> {
        let rules = self.lists.search.policy.rules();
        match (responder.extensions().nocheck, rules.nocheck) {
            (Some(Nocheck::Null), _) | (Some(Nocheck::NullOrEmpty), Nocheck::NullOrEmpty) => {
                return Ok(());
            }
            (None, _) | (Some(Nocheck::NullOrEmpty), Nocheck::Null) => {}
        }
        match self.lists.status(responder, issuer, budget)?.status {
            Status::Good => Ok(()),
            Status::Revoked(_) => Err(Fault::RevocationUnusable("responder revoked")),
            Status::Unknown(fault) if rules.revocation == Revocation::Required => Err(fault),
            Status::Unknown(_) => Ok(()),
        }
    }

    fn signed_by(
        &self,
        response: &Response,
        signer: &Certificate,
        budget: &mut Budget,
    ) -> Result<(), Fault> {
        let scheme = response.signature_algorithm()?.scheme(None)?;
        let key = signer.public_key()?;
        self.lists
            .search
            .policy
            .allows(scheme, &key, self.lists.now)?;
        budget.signature_over(response.tbs())?;
        key.verify(scheme, response.tbs(), response.signature())
            .map_err(|_| Fault::RevocationUnusable("signature does not verify"))
    }
}

impl Verdict {
    fn status(self) -> Status {
        let revoked = |revoked_at, reason| Status::Revoked(Entry { revoked_at, reason });
        match self {
            Self::Good => Status::Good,
            Self::Revoked { since, .. } => revoked(since, crl::Reason::Final),
            Self::Suspended { since } => revoked(since, crl::Reason::Suspended),
            Self::NeverIssued => Status::Unknown(Fault::NeverIssued),
            Self::Unknown => Status::Unknown(Fault::StatusUnknown),
        }
    }
}

/// Of two answers the one that decides: a final revocation, then the newer,
/// then any answer rather than none.
fn weightier<'a>(one: Usable<'a>, other: Usable<'a>) -> Usable<'a> {
    match (one, other) {
        (Ok(one), Ok(other)) => {
            let rank = |(answer, _): &(Answer, _)| {
                let is_final = matches!(answer.verdict, Verdict::Revoked { .. });
                (is_final, answer.this_update)
            };
            Ok(if rank(&one) >= rank(&other) {
                one
            } else {
                other
            })
        }
        (Ok(one), Err(_)) => Ok(one),
        (Err(_), other) => other,
    }
}
