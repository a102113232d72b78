//! The one HTTP client: limits on everything, no proxies, no redirects, and no
//! address that the operator did not write down.

use std::error::Error as _;
use std::fmt;
use std::io::ErrorKind;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, StatusCode, Url};

/// How long a request may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For making the connection.
    pub connect: Duration,
    /// In all, to the last octet of the answer.
    pub total: Duration,
}

impl Limits {
    /// For telling the portal something.
    pub const CALLBACKS: Self = Self {
        connect: Duration::from_secs(3),
        total: Duration::from_secs(10),
    };

    /// For asking somebody while a person waits.
    pub const EVIDENCE: Self = Self {
        connect: Duration::from_secs(2),
        total: Duration::from_secs(3),
    };

    /// For fetching a revocation list of up to a hundred megabytes, for which
    /// nobody waits.
    pub const LISTS: Self = Self {
        connect: Duration::from_secs(5),
        total: Duration::from_secs(300),
    };
}

/// Why a request failed, in a word: never what was sent or answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Failure {
    /// The server answered with this status.
    Status(u16),
    /// It did not answer in time.
    Timeout,
    /// Nobody listens there.
    ConnectionRefused,
    /// No connection, or none that is secure, could be made.
    NoConnection,
    /// The connection broke before there was an answer.
    NoAnswer,
    /// The answer is of another kind than was asked for.
    OtherKind,
    /// The answer is larger than any right one.
    TooLarge,
}

/// The client could not be set up: the machine has no certificates to trust.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client cannot be set up")]
pub struct NoClient(#[from] reqwest::Error);

/// What is asked and what may come back.
#[derive(Clone, Copy, Debug)]
pub struct Exchange {
    /// The media type of the question; of a GET there is none.
    pub asks: &'static str,
    /// The media types of which the answer may be.
    pub accepts: &'static [&'static str],
    /// How many octets the answer may have; what is more is not read.
    pub largest: usize,
}

/// Fetches evidence. What comes back is signed by somebody else than the
/// server, so plain http will do.
#[derive(Clone, Debug)]
pub struct Http(Client);

impl Http {
    /// A client with these limits for these addresses.
    ///
    /// # Errors
    /// [`NoClient`] when TLS is needed and the machine trusts nobody.
    pub fn new<'a>(
        limits: Limits,
        addresses: impl IntoIterator<Item = &'a Url>,
    ) -> Result<Self, NoClient> {
        client(limits, addresses).map(Self)
    }

    /// Sends a question and takes the answer.
    ///
    /// # Errors
    /// The [`Failure`], in a word.
    pub async fn post(
        &self,
        address: &Url,
        question: Vec<u8>,
        exchange: Exchange,
    ) -> Result<Vec<u8>, Failure> {
        let request = self.0.post(address.clone());
        let request = request.header(CONTENT_TYPE, exchange.asks).body(question);
        answer(request, exchange).await
    }

    /// Fetches what lies at an address.
    ///
    /// # Errors
    /// The [`Failure`], in a word.
    pub async fn get(&self, address: &Url, exchange: Exchange) -> Result<Vec<u8>, Failure> {
        answer(self.0.get(address.clone()), exchange).await
    }
}

/// A client with these limits; one that speaks plain http only needs no
/// certificates to trust.
pub(super) fn client<'a>(
    limits: Limits,
    addresses: impl IntoIterator<Item = &'a Url>,
) -> Result<Client, NoClient> {
    let mut client = Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .connect_timeout(limits.connect)
        .pool_idle_timeout(IDLE)
        .timeout(limits.total);
    // Fails when one was chosen already, which is as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    if addresses.into_iter().all(|url| url.scheme() == "http") {
        client = client.tls_certs_only([]);
    }
    Ok(client.build()?)
}

/// Servers close idle connections after five seconds and more; who asks on one
/// that is just being closed has wasted a try.
const IDLE: Duration = Duration::from_secs(4);

async fn answer(request: RequestBuilder, exchange: Exchange) -> Result<Vec<u8>, Failure> {
    let sent = request.send().await;
    let mut response = sent.map_err(|error| Failure::of(&error))?;
    if response.status() != StatusCode::OK {
        return Err(Failure::Status(response.status().as_u16()));
    }
    if !is_one_of(response.headers(), exchange.accepts) {
        return Err(Failure::OtherKind);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| Failure::of(&error))?
    {
        if body.len() + chunk.len() > exchange.largest {
            return Err(Failure::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn is_one_of(headers: &HeaderMap, accepted: &[&str]) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
    kind.is_some_and(|kind| accepted.iter().any(|one| one.eq_ignore_ascii_case(kind)))
}

impl Failure {
    pub(super) fn of(error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::Timeout
        } else if is_refused(error) {
            Self::ConnectionRefused
        } else if error.is_connect() {
            Self::NoConnection
        } else {
            Self::NoAnswer
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "status {status}"),
            Self::Timeout => f.write_str("timeout"),
            Self::ConnectionRefused => f.write_str("connection refused"),
            Self::NoConnection => f.write_str("no connection"),
            Self::NoAnswer => f.write_str("no answer"),
            Self::OtherKind => f.write_str("an answer of another kind"),
            Self::TooLarge => f.write_str("too large an answer"),
        }
    }
}

fn is_refused(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(one) = cause {
        let io = one.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| io.kind() == ErrorKind::ConnectionRefused) {
            return true;
        }
        cause = one.source();
    }
    false
}
