//! One of the two people: a key, a certificate, and an ordinary HTTP client.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Client, Method};
use serde_json::Value;
use uuid::Uuid;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use super::Failure;
use super::answer::Exchange;
use crate::cli::clock;
use crate::eds::Iin;
use crate::pki::{Packaging, Signatory, sign};

/// Somebody who plays.
pub(super) struct Party<'a> {
    role: &'static str,
    signatory: Signatory,
    client: Client,
    service: &'a str,
    token: Option<String>,
}

/// Whether a signature is left as it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hand {
    /// It is.
    Steady,
    /// One bit of the signature value is turned over.
    Shaking,
}

/// A client for services on this machine.
///
/// # Errors
/// [`Failure::NoAnswer`] when it cannot be set up.
pub(super) fn client() -> Result<Client, Failure> {
    // Fails when one was chosen already, which is as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().no_proxy().tls_certs_only([]);
    Ok(client.timeout(Duration::from_secs(30)).build()?)
}

impl<'a> Party<'a> {
    /// Somebody who has not signed in.
    ///
    /// # Errors
    /// [`Failure::NoAnswer`] when there can be no client.
    pub(super) fn new(
        role: &'static str,
        signatory: Signatory,
        service: &'a str,
    ) -> Result<Self, Failure> {
        Ok(Self {
            role,
            signatory,
            client: client()?,
            service,
            token: None,
        })
    }

    /// Who this is in the play.
    pub(super) fn role(&self) -> &'static str {
        self.role
    }

    /// Individual identification number.
    pub(super) fn iin(&self) -> &str {
        &self.signatory.entry.identity.iin
    }

    /// From now on every request shows this token.
    pub(super) fn keep(&mut self, token: &str) {
        self.token = Some(token.to_owned());
    }

    /// Asks for something.
    ///
    /// # Errors
    /// [`Failure::NoAnswer`].
    pub(super) async fn get(&self, path: &str) -> Result<Exchange, Failure> {
        self.exchange(Method::GET, path, None).await
    }

    /// Sends something, under a new idempotency key.
    ///
    /// # Errors
    /// [`Failure::NoAnswer`].
    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Exchange, Failure> {
        self.exchange(Method::POST, path, Some(body)).await
    }

    /// A signature over `content`, as it travels.
    ///
    /// # Errors
    /// [`Failure::Keys`] when the key refuses.
    pub(super) fn signature(&self, content: &[u8], hand: Hand) -> Result<String, Failure> {
        let Signatory {
            certificate, key, ..
        } = &self.signatory;
        let mut cms = sign(content, certificate, key, clock::now(), Packaging::Detached)?;
        // The signature value stands last in our containers.
        if let (Hand::Shaking, Some(last)) = (hand, cms.last_mut()) {
            *last ^= 1;
        }
        Ok(STANDARD.encode(cms))
    }

    /// The subject of the certificate, its number masked.
    pub(super) fn subject(&self) -> String {
        let read = X509Certificate::from_der(&self.signatory.certificate);
        let subject = read.map(|(_, read)| read.subject().to_string());
        self.masked(&subject.unwrap_or_default())
    }

    /// The same text with this person's number masked.
    pub(super) fn masked(&self, text: &str) -> String {
        masked(text, self.iin())
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Exchange, Failure> {
        let begun = Instant::now();
        let url = format!("{}/api/v1{path}", self.service);
        let mut request = self.client.request(method.clone(), url);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            let key = Uuid::now_v7().to_string();
            request = request.json(body).header("idempotency-key", key);
        }
        let answer = request.send().await?;
        let status = answer.status();
        let media_type = answer.headers().get("content-type");
        let media_type = media_type.and_then(|value| value.to_str().ok());
        Ok(Exchange {
            request: format!("{method} /api/v1{}", without_ids(path)),
            status,
            media_type: media_type.unwrap_or_default().to_owned(),
            bytes: answer.bytes().await?.to_vec(),
            took: begun.elapsed(),
        })
    }
}

/// The text with a person's number shown as far as everybody may see it.
pub(super) fn masked(text: &str, iin: &str) -> String {
    match Iin::parse(iin) {
        Ok(number) => text.replace(iin, &number.masked()),
        Err(_) => text.to_owned(),
    }
}

/// The route, for eyes: identifiers as they are in the description of the API.
fn without_ids(path: &str) -> String {
    let parts = path.split('/');
    let shown = parts.map(|part| match Uuid::parse_str(part) {
        Ok(_) => "{id}",
        Err(_) => part,
    });
    shown.collect::<Vec<_>>().join("/")
}
