//! What the doors of the server lead to.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use strum::IntoEnumIterator;

use super::door::{Order, Orders, State};
use super::http::{Answer, Kind, Request};
use super::records::Records;
use super::{Clock, EachService, order};
use crate::pki::{Behaviour, Error, Family, Service};

/// What all doors share.
pub(super) struct House {
    records: Mutex<Records>,
    clock: Clock,
    behaviours: Mutex<EachService<Behaviour>>,
    requests: EachService<AtomicU64>,
    orders: EachService<Orders>,
}

impl fmt::Debug for House {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("House")
            .field("behaviours", &self.behaviours)
            .field("requests", &self.requests)
            .finish_non_exhaustive()
    }
}

impl House {
    pub(super) fn new(records: Records, clock: Clock, orders: EachService<Orders>) -> House {
        let honest = Behaviour::Honest;
        House {
            records: Mutex::new(records),
            clock,
            behaviours: Mutex::new(EachService {
                ocsp: honest,
                time_stamps: honest,
                lists: honest,
            }),
            requests: EachService::default(),
            orders,
        }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    pub(super) fn records(&self) -> MutexGuard<'_, Records> {
        // A record is changed in one assignment, so that a panic leaves it whole.
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn behaviour(&self, service: Service) -> Behaviour {
        *self.behaviours().get(service)
    }

    fn behaviours(&self) -> MutexGuard<'_, EachService<Behaviour>> {
        let behaviours = self.behaviours.lock();
        behaviours.unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes how a service behaves, and tells when its door is as it must be.
    pub(super) fn behave(
        &self,
        service: Service,
        behaviour: Behaviour,
    ) -> Result<Option<mpsc::Receiver<()>>, Error> {
        if !behaviour.suits(service) {
            return Err(Error::Unsuitable);
        }
        let mut behaviours = self.behaviours();
        *behaviours.get_mut(service) = behaviour;
        let (done, wait) = mpsc::channel();
        let state = match behaviour == Behaviour::Refused {
            true => State::Closed,
            false => State::Open,
        };
        let sent = self.orders.get(service).send(Order { state, done });
        Ok(sent.is_ok().then_some(wait))
    }

    pub(super) fn count(&self, service: Service) {
        self.requests.get(service).fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn requests(&self, service: Service) -> u64 {
        self.requests.get(service).load(Ordering::Relaxed)
    }

    /// The answer of a service.
    pub(super) fn serve(&self, service: Service, request: &Request) -> Answer {
        let behaviour = self.behaviour(service);
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "all others are wrong in what they say, not in how it travels"
        )]
        match behaviour {
            Behaviour::Status(code) => return Answer::status(code),
            Behaviour::Html => return Answer::page(),
            Behaviour::Huge => return Answer::huge(service),
            _ => {}
        }
        let answered = match service {
            Service::Ocsp => self.status(request, behaviour),
            Service::TimeStamps => self.time_stamp(request, behaviour),
            Service::Lists => self.list(request, behaviour),
        };
        answered.unwrap_or_else(|fault| Answer::fault(&fault))
    }

    /// RFC 6960 appendix A.1: the request is the body of a POST, or in base64
    /// the rest of the path.
    fn status(&self, request: &Request, behaviour: Behaviour) -> Result<Answer, Error> {
        let question = match (request.method.as_str(), request.rest("/ocsp/")) {
            ("POST", _) => request.body.clone(),
            ("GET", Some(rest)) => base64_of_path(rest).unwrap_or_default(),
            (_, _) => return Ok(Answer::status(405)),
        };
        let answer = self.records().status(&question, behaviour, self.now())?;
        Ok(Answer::found(Kind::of(Service::Ocsp), answer))
    }

    fn time_stamp(&self, request: &Request, behaviour: Behaviour) -> Result<Answer, Error> {
        let family = request.rest("/tsp/");
        let named = Family::iter().find(|known| Some(known.slug()) == family);
        if request.method != "POST" || family.is_some() != named.is_some() {
            return Ok(Answer::status(404));
        }
        let records = self.records();
        let answer = records.time_stamp(&request.body, named, behaviour, self.now())?;
        Ok(Answer::found(Kind::of(Service::TimeStamps), answer))
    }

    fn list(&self, request: &Request, behaviour: Behaviour) -> Result<Answer, Error> {
        let now = self.now();
        let list = request
            .rest("/crl/")
            .and_then(|rest| rest.strip_suffix(".crl"));
        let certificate = request
            .rest("/cert/")
            .and_then(|rest| rest.strip_suffix(".cer"));
        let mut records = self.records();
        let found = match (list, certificate) {
            (Some(slug), _) => (
                Kind::of(Service::Lists),
                records.list(slug, behaviour, now)?,
            ),
            (None, Some(slug)) => (Kind::Certificate, records.certificate(slug)),
            (None, None) => (Kind::Text, None),
        };
        Ok(match found {
            (kind, Some(content)) => Answer::found(kind, content),
            (_, None) => Answer::status(404),
        })
    }

    /// `PUT /behaviour/{service}` by somebody who breaks a running server by hand.
    pub(super) fn control(&self, request: &Request) -> Answer {
        let service = request.rest("/behaviour/");
        let (Some(service), "PUT") = (service, request.method.as_str()) else {
            return Answer::status(404);
        };
        let text = String::from_utf8_lossy(&request.body);
        let told = order(service, &text).map_err(|fault| fault.to_string());
        let done = told.and_then(|(service, behaviour)| {
            let done = self.behave(service, behaviour);
            done.map_err(|fault| fault.to_string())
        });
        match done {
            Ok(_) => Answer::text(200, "done\n"),
            Err(fault) => Answer::text(400, &format!("{fault}\n")),
        }
    }
}

/// Base64 in a path: its three other letters may be written with a per cent sign.
fn base64_of_path(path: &str) -> Option<Vec<u8>> {
    let plain = [("%2B", "+"), ("%2F", "/"), ("%3D", "=")];
    let text = plain
        .into_iter()
        .fold(path.to_owned(), |text, (coded, letter)| {
            text.replace(coded, letter)
                .replace(&coded.to_lowercase(), letter)
        });
    STANDARD.decode(text).ok()
}
