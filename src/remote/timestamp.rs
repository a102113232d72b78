//! Asks time-stamp authorities for tokens (RFC 3161 over HTTP).

#[cfg(test)]
mod tests;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use ring::rand::SecureRandom;

use super::http::{Exchange, Http, Limits, NoClient};
pub use super::server::Unanswered;
use super::server::{Kind, Patience, Server, turns};
use super::sources::{Sources, Stamper};
use crate::eds::timestamp::{self, Request, TimeStamp};
use crate::eds::{Fault, Moment, Policy, Revocation, StampWanted, Trust};

/// Everybody who may stamp, in the order of preference.
#[derive(Clone)]
pub struct Authorities(Arc<Desk>);

/// A token that was verified.
#[derive(Clone, Debug)]
pub struct Stamped {
    /// The token, as it goes into the signature.
    pub token: Vec<u8>,
    /// What it says.
    pub stamp: TimeStamp,
}

struct Desk {
    http: Http,
    random: Arc<dyn SecureRandom + Send + Sync>,
    authorities: Vec<Authority>,
}

struct Authority {
    server: Server,
    terms: Stamper,
}

impl AsRef<Server> for Authority {
    fn as_ref(&self) -> &Server {
        &self.server
    }
}

impl Authorities {
    /// Prepares to ask those who stand in `sources`.
    ///
    /// # Errors
    /// [`NoClient`] when TLS is needed and the machine trusts nobody.
    pub fn new(
        sources: &Sources,
        limits: Limits,
        patience: Patience,
        random: Arc<dyn SecureRandom + Send + Sync>,
    ) -> Result<Self, NoClient> {
        let authorities = sources.stampers.iter().map(|terms| Authority {
            server: Server::new(terms.url.clone(), patience),
            terms: terms.clone(),
        });
        Ok(Self(Arc::new(Desk {
            http: Http::new(limits, sources.answering())?,
            random,
            authorities: authorities.collect(),
        })))
    }

    /// A token over what is wanted that holds under `policy`, but for one thing:
    /// the status of the authority's certificate may be unknown so far. Whoever
    /// lays the token beside its signature learns from
    /// [`wants`](crate::eds::wants()) about whom to ask.
    ///
    /// # Errors
    /// [`Unanswered`] says why there is none, within two tries.
    pub async fn stamp(
        &self,
        wanted: &StampWanted,
        trust: &Trust,
        policy: &Policy,
        now: DateTime<Utc>,
    ) -> Result<Stamped, Unanswered> {
        let policy = policy.clone().with(|rules| {
            rules.revocation = match rules.revocation {
                Revocation::Required | Revocation::Leaf => Revocation::IfPresent,
                lenient @ (Revocation::IfPresent | Revocation::Ignored) => lenient,
            };
        });
        let in_order = self.0.for_family(wanted);
        let mut trouble = match in_order.as_slice() {
            [] => Unanswered::NoAddress,
            [_, ..] => Unanswered::Resting,
        };
        for authority in turns(&in_order) {
            let request = self.0.request(authority, wanted)?;
            let verify = |response: &[u8]| {
                let stamped = verified(&request, response, trust, &policy, now)?;
                Ok((stamped, "granted"))
            };
            let asked = authority
                .server
                .ask(&self.0.http, &TIME_STAMP, request.der(), verify);
            match asked.await {
                Ok(stamped) => return Ok(stamped),
                Err(found) => trouble = found,
            }
        }
        Err(trouble)
    }
}

impl Desk {
    /// Those that stamp by the digest of the signature's family first: another's
    /// stamp is better than none.
    fn for_family(&self, wanted: &StampWanted) -> Vec<&Authority> {
        let fits = |authority: &&Authority| authority.terms.digest == wanted.digest;
        let (fitting, others): (Vec<_>, Vec<_>) = self.authorities.iter().partition(fits);
        fitting.into_iter().chain(others).collect()
    }

    fn request(&self, authority: &Authority, wanted: &StampWanted) -> Result<Request, Unanswered> {
        let mut nonce = [0; 16];
        let filled = self.random.fill(&mut nonce);
        filled.map_err(|_| Unanswered::NoRandomness)?;
        let Stamper { digest, policy, .. } = authority.terms;
        Request::new(&wanted.value, digest, policy, &nonce).map_err(Unanswered::Unusable)
    }
}

fn verified(
    request: &Request,
    response: &[u8],
    trust: &Trust,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Result<Stamped, Fault> {
    let stamp = timestamp::verify_response(request, response, trust, policy, Moment::at(now))?;
    // The nonce proves that it was made just now; a clock that says otherwise is wrong.
    let skew = TimeDelta::seconds(policy.rules().clock_skew_seconds.into());
    if now - stamp.time() > skew {
        return Err(Fault::TimeStamp("of the past"));
    }
    let token = timestamp::token(response)?.to_vec();
    Ok(Stamped { token, stamp })
}

const TIME_STAMP: Kind = Kind {
    exchange: Exchange {
        asks: "application/timestamp-query",
        accepts: &["application/timestamp-reply"],
        largest: 64 * 1024,
    },
    counter: "kelisim_timestamp_requests_total",
    histogram: "kelisim_timestamp_request_seconds",
};
