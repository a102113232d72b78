//! The portal's side: takes messages over HTTP and answers as the test wants.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use kelisim::remote::http::Limits;
use kelisim::remote::webhook::{Endpoint, PlainHttp, Webhook};
use secrecy::SecretString;
use uuid::Uuid;

pub(crate) struct Portal {
    pub(crate) webhook: Webhook,
    desk: Desk,
    arrivals: Mutex<Receiver<()>>,
}

#[derive(Clone)]
pub(crate) struct Desk {
    taken: Arc<Mutex<Vec<Taken>>>,
    failing: Arc<Mutex<Option<Uuid>>>,
    answer: Arc<dyn Fn(usize) -> Answer + Send + Sync>,
    arrivals: Sender<()>,
}

#[derive(Clone)]
pub(crate) struct Taken {
    pub(crate) id: String,
    timestamp: String,
    signature: String,
    pub(crate) body: Bytes,
}

#[derive(Clone, Copy)]
pub(crate) enum Answer {
    Status(u16),
    Hang,
}

pub(crate) const OK: Answer = Answer::Status(200);

impl Portal {
    /// `answer` is asked with the number of messages taken before.
    pub(crate) fn open(answer: impl Fn(usize) -> Answer + Send + Sync + 'static) -> Self {
        let (arrivals, seen) = channel();
        let desk = Desk {
            taken: Arc::default(),
            failing: Arc::default(),
            answer: Arc::new(answer),
            arrivals,
        };
        Self {
            webhook: webhook(&listen(desk.clone())),
            desk,
            arrivals: Mutex::new(seen),
        }
    }

    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.desk.taken.lock().unwrap().clone()
    }

    pub(crate) fn fail_for(&self, application: Uuid) {
        *self.desk.failing.lock().unwrap() = Some(application);
    }

    pub(crate) fn wait(&self) {
        let arrivals = self.arrivals.lock().unwrap();
        arrivals
            .recv_timeout(Duration::from_secs(20))
            .expect("a message");
    }

    pub(crate) fn sequences(&self, application: Uuid) -> Vec<i64> {
        let mut all: HashMap<String, Vec<i64>> = HashMap::new();
        for taken in self.taken() {
            let body = taken.json();
            let of = body["application"].as_str().unwrap().to_owned();
            let sequence = body["version"].as_i64().unwrap();
            all.entry(of).or_default().push(sequence);
        }
        all.remove(&application.to_string()).unwrap_or_default()
    }
}

impl Taken {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn headers(&self) -> reqwest::header::HeaderMap {
        let mut headers = reqwest::header::HeaderMap::new();
        headers.insert("webhook-id", self.id.parse().unwrap());
        headers.insert("webhook-timestamp", self.timestamp.parse().unwrap());
        headers.insert("webhook-signature", self.signature.parse().unwrap());
        headers
    }
}

/// Opens a port on this machine and says where; it closes with the process.
fn listen(desk: Desk) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let app = move || {
            App::new()
                .app_data(Data::new(desk.clone()))
                .default_service(actix_web::web::to(take))
        };
        let server = HttpServer::new(app).workers(1).disable_signals();
        actix_web::rt::System::new().block_on(server.listen(listener).unwrap().run())
    });
    format!("http://{address}/callbacks?canary=query")
}

async fn take(request: HttpRequest, body: Bytes, desk: Data<Desk>) -> HttpResponse {
    let header = |name| {
        let value = request.headers().get(name).expect(name);
        value.to_str().unwrap().to_owned()
    };
    let taken = Taken {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
        body,
    };
    let application = taken.json()["application"].as_str().map(str::to_owned);
    let failing = desk.failing.lock().unwrap().map(|id| id.to_string());
    let before = {
        let mut all = desk.taken.lock().unwrap();
        all.push(taken);
        all.len() - 1
    };
    let _ = desk.arrivals.send(());
    let answer = if failing.is_some() && failing == application {
        Answer::Status(500)
    } else {
        (desk.answer)(before)
    };
    match answer {
        Answer::Status(status) => HttpResponse::build(StatusCode::from_u16(status).unwrap())
            .insert_header(("location", "/elsewhere"))
            .finish(),
        Answer::Hang => std::future::pending().await,
    }
}

pub(crate) fn webhook(url: &str) -> Webhook {
    let endpoint = Endpoint::new(url, &SecretString::from(SECRET), PlainHttp::Loopback).unwrap();
    let limits = Limits {
        connect: Duration::from_secs(1),
        total: Duration::from_secs(1),
    };
    Webhook::new(endpoint, limits).unwrap()
}

pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
pub(crate) const OTHER_SECRET: &str = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
