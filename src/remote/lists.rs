//! Fetches revocation lists, from the addresses that the operator gave and no
//! others: what a certificate says about where its list lies is never asked.

use reqwest::header::{
    ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use reqwest::{Client, Response, StatusCode, Url};

use super::http::{Failure, Limits, NoClient, client};
use super::sources::Sources;
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

/// Fetches lists.
#[derive(Clone, Debug)]
pub struct Fetcher {
    client: Client,
    largest: usize,
}

/// More octets than any list has that is read.
pub const LARGEST: usize = 128 * 1024 * 1024;

impl ListSource {
    /// Where lists are, as the operator wrote it down.
    #[must_use]
    pub fn all(sources: &Sources) -> Vec<Self> {
        let source = |(authority, places): (&Digest, &super::sources::Places)| Self {
            authority: *authority,
            full: places.crl.clone(),
            delta: places.delta_crl.clone(),
        };
        sources.authorities.iter().map(source).collect()
    }
}

impl Fetcher {
    /// Prepares to ask these sources for lists of up to `largest` octets.
    ///
    /// # Errors
    /// [`NoClient`] when TLS is needed and the machine trusts nobody.
    pub fn new(sources: &[ListSource], limits: Limits, largest: usize) -> Result<Self, NoClient> {
        let places = |source: &'_ ListSource| [source.full.clone(), source.delta.clone()].concat();
        let addresses: Vec<Url> = sources.iter().flat_map(places).collect();
        let client = client(limits, &addresses)?;
        Ok(Self { client, largest })
    }

    /// Asks for the list at `url`, unless it is still the one that is known.
    ///
    /// # Errors
    /// The [`Failure`], in a word.
    pub async fn fetch(&self, url: &Url, known: &Validators) -> Result<Fetched, Failure> {
        let mut request = self.client.get(url.clone());
        for (name, value) in [
            (IF_NONE_MATCH, &known.etag),
            (IF_MODIFIED_SINCE, &known.last_modified),
        ] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let response = request.send().await.map_err(|error| Failure::of(&error))?;
        match response.status() {
            StatusCode::OK => self.body(response).await,
            StatusCode::NOT_MODIFIED if *known != Validators::default() => Ok(Fetched::Unchanged),
            other => Err(Failure::Status(other.as_u16())),
        }
    }

    async fn body(&self, mut response: Response) -> Result<Fetched, Failure> {
        let announced = response.content_length().unwrap_or_default();
        let announced = usize::try_from(announced).unwrap_or(usize::MAX);
        if announced > self.largest {
            return Err(Failure::TooLarge);
        }
        let validators = Validators {
            etag: text(response.headers(), ETAG),
            last_modified: text(response.headers(), LAST_MODIFIED),
        };
        let mut der = Vec::with_capacity(announced);
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| Failure::of(&error))?
        {
            if chunk.len() > self.largest.saturating_sub(der.len()) {
                return Err(Failure::TooLarge);
            }
            der.extend_from_slice(&chunk);
        }
        Ok(Fetched::List { der, validators })
    }
}

/// A validator, as far as it is text of a sane length.
fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    (value.len() <= VALIDATOR).then(|| value.to_owned())
}

/// The longest validator that is kept.
const VALIDATOR: usize = 256;
