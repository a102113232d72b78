//! The portal's side: takes callbacks, and believes only those that are signed.

use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use actix_web::web::{Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use secrecy::SecretString;
use serde::Deserialize;

use super::Failure;
use crate::cli::clock;

/// A callback receiver on this machine.
pub(super) struct Portal {
    url: String,
    secret: SecretString,
    desk: Desk,
}

/// A callback that arrived.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    /// Its identifier: the same when it comes again.
    pub(super) id: String,
    /// Whether its signature is good and its time is now.
    pub(super) genuine: bool,
    /// What it says.
    pub(super) event: Event,
}

/// The body of a callback.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Event {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) data: Told,
}

/// What a callback tells of an application.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Told {
    pub(super) application: String,
    pub(super) version: u64,
    pub(super) state: String,
}

#[derive(Clone)]
struct Desk {
    key: hmac::Key,
    arrivals: Arc<Mutex<Vec<Arrival>>>,
}

impl Portal {
    /// Starts to listen, with a secret drawn anew.
    ///
    /// # Errors
    /// [`Failure::System`] when there is no port or no randomness.
    pub(super) fn open() -> Result<Self, Failure> {
        let mut secret = [0; 32];
        SystemRandom::new()
            .fill(&mut secret)
            .map_err(|_| Failure::Keys(crate::pki::Error::NoRandomness))?;
        let desk = Desk {
            key: hmac::Key::new(hmac::HMAC_SHA256, &secret),
            arrivals: Arc::default(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").map_err(Failure::System)?;
        let address = listener.local_addr().map_err(Failure::System)?;
        let own = desk.clone();
        thread::spawn(move || actix_web::rt::System::new().block_on(listen(listener, own)));
        Ok(Self {
            url: format!("http://{address}/callbacks"),
            secret: SecretString::from(format!("whsec_{}", STANDARD.encode(secret))),
            desk,
        })
    }

    /// Where callbacks are taken.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// The secret that the service shares with us.
    pub(super) fn secret(&self) -> &SecretString {
        &self.secret
    }

    /// Everything that arrived so far.
    pub(super) fn all(&self) -> Vec<Arrival> {
        let arrivals = self.desk.arrivals.lock();
        arrivals.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What arrived about this application so far, repetitions left out.
    pub(super) fn arrivals(&self, application: &str) -> Vec<Arrival> {
        let mut kept: Vec<Arrival> = Vec::new();
        for arrival in self.all() {
            let known = kept.iter().any(|one| one.id == arrival.id);
            if arrival.event.data.application == application && !known {
                kept.push(arrival);
            }
        }
        kept
    }
}

impl Desk {
    /// Standard Webhooks, "Verifying signatures": the tag over identifier, time
    /// and body, and a time that is not long ago.
    fn is_genuine(&self, request: &HttpRequest, body: &[u8]) -> Option<()> {
        let header = |name| request.headers().get(name)?.to_str().ok();
        let (id, timestamp) = (header("webhook-id")?, header("webhook-timestamp")?);
        let signed = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat();
        let age = clock::now().timestamp() - timestamp.parse::<i64>().ok()?;
        let tags = header("webhook-signature")?.split(' ');
        let mut tags = tags.filter_map(|tag| STANDARD.decode(tag.strip_prefix("v1,")?).ok());
        let good = tags.any(|tag| hmac::verify(&self.key, &signed, &tag).is_ok());
        (good && age.abs() <= TOLERANCE).then_some(())
    }
}

async fn listen(listener: TcpListener, desk: Desk) -> std::io::Result<()> {
    let app = move || {
        App::new()
            .app_data(Data::new(desk.clone()))
            .route("/callbacks", actix_web::web::post().to(take))
    };
    let server = HttpServer::new(app).workers(1).disable_signals();
    server.listen(listener)?.run().await
}

async fn take(request: HttpRequest, body: Bytes, desk: Data<Desk>) -> HttpResponse {
    let genuine = desk.is_genuine(&request, &body).is_some();
    let id = request.headers().get("webhook-id");
    let id = id.and_then(|id| id.to_str().ok()).unwrap_or_default();
    let arrival = Arrival {
        id: id.to_owned(),
        genuine,
        event: serde_json::from_slice(&body).unwrap_or_default(),
    };
    let mut arrivals = desk.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
    arrivals.push(arrival);
    if genuine {
        HttpResponse::NoContent().finish()
    } else {
        HttpResponse::Unauthorized().finish()
    }
}

/// Seconds by which the time of a message may differ from ours.
const TOLERANCE: i64 = 300;
