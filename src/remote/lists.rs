//! Fetches revocation lists, from the addresses that the operator gave and no
//! others: what a certificate says about where its list lies is never asked.

use std::fmt;
use std::time::Duration;

use reqwest::header::{
    ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use reqwest::redirect::{Action, Attempt, Policy};
use reqwest::{Client, Response, StatusCode, Url};

use super::webhook::Reason;
use crate::eds::Digest;

/// Where the lists of one authority are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListSource {
    /// The SHA-256 of the authority's certificate, one of the trust's.
    pub authority: Digest,
    /// The complete list; the next address is asked when one does not serve.
    pub full: Vec<Url>,
    /// The delta.
    pub delta: Vec<Url>,
}

/// How long one list may take and how large it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For making the connection.
    pub connect: Duration,
    /// Without a single octet.
    pub silence: Duration,
    /// In all.
    pub total: Duration,
    /// Octets of the list.
    pub size: usize,
}

/// By what a server recognises the list that we have (RFC 9110 section 8.8).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// The answer's ETag.
    pub etag: Option<String>,
    /// The answer's Last-Modified.
    pub last_modified: Option<String>,
}

/// What the server has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// The list that we have.
    Unchanged,
    /// Another one, as it claims: nothing has been looked at.
    List {
        /// The body of the answer.
        der: Vec<u8>,
        /// By what to ask the next time.
        validators: Validators,
    },
}

/// Why there is no list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFetched {
    /// No answer, or not a good one.
    #[error("{0}")]
    Unanswered(Reason),
    /// The list is larger than any that is read.
    #[error("too large")]
    TooLarge,
}

/// The client could not be set up: the machine has no certificates to trust.
#[derive(Debug, thiserror::Error)]
#[error("the client for revocation lists cannot be set up")]
pub struct NoClient(#[from] reqwest::Error);

/// Fetches lists.
#[derive(Clone)]
pub struct Fetcher {
    client: Client,
    limits: Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            silence: Duration::from_secs(20),
            total: Duration::from_secs(300),
            size: 128 * 1024 * 1024,
        }
    }
}

impl Fetcher {
    /// Prepares to ask these sources: no proxies, redirects only within a host,
    /// limits on everything.
    ///
    /// # Errors
    /// [`NoClient`] when TLS is needed and the machine trusts nobody.
    pub fn new(sources: &[ListSource], limits: Limits) -> Result<Self, NoClient> {
        // Fails when one was chosen already, which is as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut client = Client::builder()
            .no_proxy()
            .redirect(Policy::custom(within_a_host))
            .connect_timeout(limits.connect)
            .read_timeout(limits.silence)
            .timeout(limits.total);
        let all = |source: &ListSource| [source.full.clone(), source.delta.clone()].concat();
        if sources.iter().flat_map(all).all(|url| url.scheme() == "http") {
            // Lists are signed: who fetches them in the clear needs to trust nobody.
            client = client.tls_certs_only([]);
        }
        let client = client.build()?;
        Ok(Self { client, limits })
    }

    /// Asks for the list at `url`, unless it is still the one that is known.
    ///
    /// # Errors
    /// [`NotFetched`] says why there is none.
    pub async fn fetch(&self, url: &Url, known: &Validators) -> Result<Fetched, NotFetched> {
        let mut request = self.client.get(url.clone());
        for (name, value) in [
            (IF_NONE_MATCH, &known.etag),
            (IF_MODIFIED_SINCE, &known.last_modified),
        ] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let response = request.send().await.map_err(NotFetched::of)?;
        match response.status() {
            StatusCode::OK => self.body(response).await,
            StatusCode::NOT_MODIFIED if *known != Validators::default() => Ok(Fetched::Unchanged),
            other => Err(NotFetched::Unanswered(Reason::Status(other.as_u16()))),
        }
    }

    async fn body(&self, mut response: Response) -> Result<Fetched, NotFetched> {
        let announced = response.content_length().unwrap_or_default();
        let announced = usize::try_from(announced).unwrap_or(usize::MAX);
        if announced > self.limits.size {
            return Err(NotFetched::TooLarge);
        }
        let validators = Validators {
            etag: text(response.headers(), ETAG),
            last_modified: text(response.headers(), LAST_MODIFIED),
        };
        let mut der = Vec::with_capacity(announced);
        while let Some(chunk) = response.chunk().await.map_err(NotFetched::of)? {
            if chunk.len() > self.limits.size.saturating_sub(der.len()) {
                return Err(NotFetched::TooLarge);
            }
            der.extend_from_slice(&chunk);
        }
        Ok(Fetched::List { der, validators })
    }
}

impl NotFetched {
    fn of(error: reqwest::Error) -> Self {
        Self::Unanswered(Reason::of(&error))
    }

    /// In a word, for those who count.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Unanswered(Reason::Status(_)) => "status",
            Self::Unanswered(Reason::Timeout) => "timeout",
            Self::Unanswered(Reason::ConnectionRefused) => "connection_refused",
            Self::Unanswered(Reason::NoConnection) => "no_connection",
            Self::Unanswered(Reason::NoAnswer) => "no_answer",
            Self::TooLarge => "too_large",
        }
    }
}

impl fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Fetcher").field(&self.limits).finish()
    }
}

/// The operator named a host; whoever answers there may not name another one.
fn within_a_host(attempt: Attempt<'_>) -> Action {
    let same = |from: &Url| from.origin() == attempt.url().origin();
    let previous = attempt.previous();
    if previous.len() <= REDIRECTS && previous.last().is_some_and(same) {
        attempt.follow()
    } else {
        attempt.stop()
    }
}

/// A validator, as far as it is text of a sane length.
fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    (value.len() <= VALIDATOR).then(|| value.to_owned())
}

/// How often an answer may say that the list lies elsewhere.
const REDIRECTS: usize = 3;

/// The longest validator that is kept.
const VALIDATOR: usize = 256;
