//! Asks responders whether certificates are revoked (RFC 6960 over HTTP).
//!
//! Whoever needs an answer asks here; one request is under way for each
//! certificate, however many ask, and an answer is used again for as long as the
//! policy lets it count. Nothing comes out that was not verified.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use reqwest::Url;
use ring::rand::SecureRandom;
use tokio::sync::watch;

use super::cache::Cache;
use super::http::{Exchange, Http, Limits, NoClient};
pub use super::server::Unanswered;
use super::server::{Kind, Patience, Server, turns};
use super::sources::{AllowedHosts, Sources};
use crate::eds::ocsp::{self, Answer, Request, Response, Verdict};
use crate::eds::{Digest, Policy, StatusWanted, Trust};

/// Everybody who may be asked.
#[derive(Clone)]
pub struct Responders(Arc<Desk>);

/// An answer that was verified.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The response, to be laid beside the trust and to be kept.
    pub response: Arc<Response>,
    /// What it says.
    pub answer: Answer,
}

struct Desk {
    http: Http,
    random: Arc<dyn SecureRandom + Send + Sync>,
    patience: Patience,
    written: BTreeMap<Digest, Vec<Arc<Server>>>,
    allowed: AllowedHosts,
    /// Servers that certificates named and that are allow-listed.
    named: Mutex<Cache<Url, Arc<Server>>>,
    kept: Mutex<Cache<Key, Arc<Response>>>,
    flights: Mutex<HashMap<Key, Flight>>,
}

/// The SHA-256 of the issuer's certificate and of the certificate itself, in which
/// the serial number is.
type Key = (Digest, Digest);

type Landing = watch::Receiver<Option<Result<Arc<Response>, Unanswered>>>;

/// A request that is under way.
struct Flight {
    asked_at: DateTime<Utc>,
    landing: Landing,
}

/// What is asked, owned by the one who goes and asks.
struct Errand {
    wanted: StatusWanted,
    trust: Arc<Trust>,
    policy: Policy,
    now: DateTime<Utc>,
}

impl Responders {
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
        let servers = |urls: &[Url]| -> Vec<_> {
            let servers = urls.iter().map(|url| Server::new(url.clone(), patience));
            servers.map(Arc::new).collect()
        };
        let written = sources.authorities.iter();
        Ok(Self(Arc::new(Desk {
            http: Http::new(limits, sources.answering())?,
            random,
            patience,
            written: written
                .map(|(of, places)| (*of, servers(&places.ocsp)))
                .collect(),
            allowed: sources.allowed.clone(),
            named: Mutex::new(Cache::new(NAMED)),
            kept: Mutex::new(Cache::new(KEPT)),
            flights: Mutex::default(),
        })))
    }

    /// The status of a certificate, by an answer that counts under `policy` as of
    /// `now` and was given no earlier than is wanted.
    ///
    /// # Errors
    /// [`Unanswered`] says why there is none, within two tries.
    pub async fn ask(
        &self,
        wanted: &StatusWanted,
        trust: &Arc<Trust>,
        policy: &Policy,
        now: DateTime<Utc>,
    ) -> Result<Answered, Unanswered> {
        let question = Request::about(wanted, None).map_err(Unanswered::Unusable)?;
        let holds = |response: Arc<Response>| {
            let answer = ocsp::verify_again(&question, &response, trust, policy, now);
            answer.map(|answer| Answered { response, answer })
        };
        let key = key(wanted);
        let kept = locked(&self.0.kept).get(key);
        if let Some(Ok(answered)) = kept.map(holds) {
            metrics::counter!("kelisim_ocsp_reused_total").increment(1);
            return Ok(answered);
        }
        let mut landing = self.join(key, wanted, trust, policy, now);
        let landed = landing.wait_for(Option::is_some).await;
        let landed = landed.map_or(None, |landed| landed.clone());
        holds(landed.unwrap_or(Err(Unanswered::CutOff))?).map_err(Unanswered::Unusable)
    }

    /// The request about this certificate that is under way and not too early to
    /// be answered in time, or a new one. It goes on when whoever asked goes away.
    fn join(
        &self,
        key: Key,
        wanted: &StatusWanted,
        trust: &Arc<Trust>,
        policy: &Policy,
        now: DateTime<Utc>,
    ) -> Landing {
        let mut flights = locked(&self.0.flights);
        if let Some(flight) = flights.get(&key)
            && flight.serves(wanted.since)
        {
            return flight.landing.clone();
        }
        let (land, landing) = watch::channel(None);
        let flight = Flight {
            asked_at: now,
            landing: landing.clone(),
        };
        flights.insert(key, flight);
        let errand = Errand {
            wanted: wanted.clone(),
            trust: Arc::clone(trust),
            policy: policy.clone(),
            now,
        };
        let (desk, own) = (Arc::clone(&self.0), landing.clone());
        tokio::spawn(async move {
            let answer = desk.run(key, &errand).await;
            desk.forget(key, &own);
            land.send_replace(Some(answer));
        });
        landing
    }
}

impl Flight {
    /// Answers tell whole seconds, so whoever asks in the same second shares.
    fn serves(&self, since: Option<DateTime<Utc>>) -> bool {
        let in_time = since.is_none_or(|since| since.timestamp() <= self.asked_at.timestamp());
        in_time && self.landing.has_changed().is_ok()
    }
}

impl Desk {
    async fn run(&self, key: Key, errand: &Errand) -> Result<Arc<Response>, Unanswered> {
        let question = Request::about(&errand.wanted, None).map_err(Unanswered::Unusable)?;
        let servers = self.servers(key, &question);
        let mut trouble = match servers.as_slice() {
            [] => Unanswered::NoAddress,
            [_, ..] => Unanswered::Resting,
        };
        for server in turns(&servers) {
            match self.ask(server, errand).await {
                Ok((response, answer)) => {
                    let response = Arc::new(response);
                    // What may be lifted tomorrow is asked anew.
                    if let Verdict::Good | Verdict::Revoked { .. } = answer.verdict {
                        locked(&self.kept).put(key, Arc::clone(&response));
                    }
                    return Ok(response);
                }
                Err(found) => trouble = found,
            }
        }
        Err(trouble)
    }

    async fn ask(
        &self,
        server: &Server,
        errand: &Errand,
    ) -> Result<(Response, Answer), Unanswered> {
        // RFC 9654 section 2.1.
        let mut nonce = [0; 32];
        let filled = self.random.fill(&mut nonce);
        filled.map_err(|_| Unanswered::NoRandomness)?;
        let request = Request::about(&errand.wanted, Some(&nonce)).map_err(Unanswered::Unusable)?;
        let verify = |der: &[u8]| {
            let Errand {
                trust, policy, now, ..
            } = errand;
            let verified = ocsp::verify(&request, der, trust, policy, *now)?;
            let outcome = in_a_word(verified.1.verdict);
            Ok((verified, outcome))
        };
        server.ask(&self.http, &OCSP, request.der(), verify).await
    }

    /// Who is written down for the issuer; only where nobody is, whom the
    /// certificate names, if he is allow-listed.
    fn servers(&self, (issuer, _): Key, question: &Request) -> Vec<Arc<Server>> {
        if let Some(written) = self.written.get(&issuer)
            && !written.is_empty()
        {
            return written.clone();
        }
        let named = question.named_responders();
        let allowed = named.iter().filter_map(|named| self.allowed.admit(named));
        allowed.map(|url| self.named(url)).collect()
    }

    fn named(&self, url: Url) -> Arc<Server> {
        let mut named = locked(&self.named);
        if let Some(server) = named.get(url.clone()) {
            return server;
        }
        let server = Arc::new(Server::new(url.clone(), self.patience));
        named.put(url, Arc::clone(&server));
        server
    }

    fn forget(&self, key: Key, own: &Landing) {
        let mut flights = locked(&self.flights);
        if flights
            .get(&key)
            .is_some_and(|flight| flight.landing.same_channel(own))
        {
            flights.remove(&key);
        }
    }
}

fn key(wanted: &StatusWanted) -> Key {
    (Digest::of(&wanted.issuer), Digest::of(&wanted.certificate))
}

fn in_a_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Good => "good",
        Verdict::Revoked { .. } => "revoked",
        Verdict::Suspended { .. } => "suspended",
        Verdict::NeverIssued => "never-issued",
        Verdict::Unknown => "unknown",
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

const OCSP: Kind = Kind {
    exchange: Exchange {
        asks: "application/ocsp-request",
        accepts: &["application/ocsp-response"],
        largest: 64 * 1024,
    },
    counter: "kelisim_ocsp_requests_total",
    histogram: "kelisim_ocsp_request_seconds",
};

/// How many answers are kept: at about three KiB each, twelve MiB.
const KEPT: usize = 4096;

/// Of how many addresses that certificates name it is known whether they answer.
const NAMED: usize = 256;
