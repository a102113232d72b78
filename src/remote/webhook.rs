//! Tells the portal: one signed message, one attempt (Standard Webhooks 1.0).

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use ring::hmac;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::http::{self, Failure, Limits, NoClient};

/// Where the portal takes messages, and the secret that we sign them with.
#[derive(Clone)]
pub struct Endpoint {
    url: Url,
    seal: Seal,
}

/// A secret that two share who send each other messages (Standard Webhooks,
/// signature scheme). It does not print.
#[derive(Clone)]
pub struct Seal(hmac::Key);

/// The secret is not `whsec_` and base64 of 24 to 64 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not whsec_ and the base64 of 24 to 64 bytes")]
pub struct NotASecret;

/// A message as it came.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// The header `webhook-id`: the same in each attempt.
    pub id: &'a str,
    /// The header `webhook-timestamp`: seconds since 1970.
    pub timestamp: &'a str,
    /// The header `webhook-signature`: one or several, with blanks between.
    pub signature: &'a str,
    /// The octets of the body.
    pub body: &'a [u8],
}

/// Why a message does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAuthentic {
    /// No signature of it is by this secret.
    #[error("the message is not signed with the shared secret")]
    Signature,
    /// It was sent at another time than now.
    #[error("the message was not sent within the last five minutes")]
    Stale,
}

/// Which endpoints may be spoken to without TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlainHttp {
    /// Those on this machine.
    Loopback,
    /// Any: the operator answers for the network in between.
    Anywhere,
}

/// An endpoint that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEndpoint {
    /// Not an absolute `http` or `https` URL.
    #[error("the callback URL is not an http or https URL")]
    Unreadable,
    /// The message would cross a network in the clear.
    #[error("the callback URL is plain http to another machine")]
    Plain,
    /// Not `whsec_` and base64 of 24 to 64 bytes (Standard Webhooks, signature scheme).
    #[error("the callback secret is not whsec_ and the base64 of 24 to 64 bytes")]
    Secret,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The portal has the message: it answered 2xx.
    Delivered,
    /// The portal wants no more messages: it answered 410.
    Gone,
    /// To be tried again.
    Retry(Failure),
}

/// Speaks to one endpoint.
#[derive(Clone)]
pub struct Webhook {
    client: Client,
    endpoint: Endpoint,
}

impl Endpoint {
    /// Reads where to and with which secret.
    ///
    /// # Errors
    /// [`BadEndpoint`] says what is wrong, without repeating the values.
    pub fn new(url: &str, secret: &SecretString, plain: PlainHttp) -> Result<Self, BadEndpoint> {
        let url = Url::parse(url).map_err(|_| BadEndpoint::Unreadable)?;
        match url.scheme() {
            "https" => {}
            "http" if plain == PlainHttp::Anywhere || is_loopback(&url) => {}
            "http" => return Err(BadEndpoint::Plain),
            _ => return Err(BadEndpoint::Unreadable),
        }
        let seal = Seal::new(secret).map_err(|_| BadEndpoint::Secret)?;
        Ok(Self { url, seal })
    }

    /// What is shared with whoever listens there.
    pub fn seal(&self) -> &Seal {
        &self.seal
    }
}

impl Seal {
    /// Reads a secret.
    ///
    /// # Errors
    /// [`NotASecret`] unless it is `whsec_` and the base64 of 24 to 64 bytes.
    pub fn new(secret: &SecretString) -> Result<Self, NotASecret> {
        let key = signing_key(secret.expose_secret());
        key.map(Self).ok_or(NotASecret)
    }

    /// What stands for a number in messages: whoever shares the secret can tell which
    /// of the numbers that they know it is, and nobody else can tell anything. It is the
    /// HMAC-SHA-256 of `addressee:` and the number, in base64url without padding; what
    /// is signed begins otherwise.
    pub fn pseudonym(&self, number: &str) -> String {
        let tag = hmac::sign(&self.0, format!("addressee:{number}").as_bytes());
        URL_SAFE_NO_PAD.encode(tag)
    }

    /// The value of `webhook-signature` (Standard Webhooks, signature scheme).
    fn sign(&self, id: Uuid, timestamp: i64, body: &str) -> String {
        let signed = format!("{id}.{timestamp}.{body}");
        let tag = hmac::sign(&self.0, signed.as_bytes());
        format!("v1,{}", STANDARD.encode(tag))
    }

    /// Whether a message is by somebody who has the secret, and of now.
    ///
    /// # Errors
    /// [`NotAuthentic`] with the reason; the signature comes first.
    pub fn verify(&self, delivery: Delivery<'_>, now: DateTime<Utc>) -> Result<(), NotAuthentic> {
        let head = format!("{}.{}.", delivery.id, delivery.timestamp);
        let signed = [head.as_bytes(), delivery.body].concat();
        let mut tags = delivery.signature.split(' ').filter_map(|one| {
            let tag = one.strip_prefix("v1,")?;
            STANDARD.decode(tag).ok()
        });
        if !tags.any(|tag| hmac::verify(&self.0, &signed, &tag).is_ok()) {
            return Err(NotAuthentic::Signature);
        }
        let sent = delivery.timestamp.parse().ok();
        let sent = sent.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let age = now - sent.ok_or(NotAuthentic::Stale)?;
        let fresh = age.abs() <= TOLERANCE;
        fresh.then_some(()).ok_or(NotAuthentic::Stale)
    }
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(..)")
    }
}

impl Webhook {
    /// Prepares to speak to `endpoint`: no proxies, no redirects, limits on
    /// everything.
    ///
    /// # Errors
    /// [`NoClient`] when TLS is needed and the machine trusts nobody.
    pub fn new(endpoint: Endpoint, limits: Limits) -> Result<Self, NoClient> {
        let client = http::client(limits, [&endpoint.url])?;
        Ok(Self { client, endpoint })
    }

    /// Sends a message once. `id` is the same in each attempt, so that the
    /// portal can tell repetitions; `now` lets it refuse old ones.
    pub async fn send(&self, id: Uuid, body: &str, now: DateTime<Utc>) -> Outcome {
        let timestamp = now.timestamp();
        let request = self
            .client
            .post(self.endpoint.url.clone())
            .header("content-type", "application/json")
            .header("webhook-id", id.to_string())
            .header("webhook-timestamp", timestamp)
            .header(
                "webhook-signature",
                self.endpoint.seal.sign(id, timestamp, body),
            )
            .body(body.to_owned());
        match request.send().await {
            Ok(response) => answered(response).await,
            Err(error) => Outcome::Retry(Failure::of(&error)),
        }
    }
}

/// Sends a request once; what was sent is there when the answer is 2xx.
///
/// # Errors
/// [`Failure`] when it is not certain.
pub(super) async fn deliver(request: RequestBuilder) -> Result<(), Failure> {
    match request.send().await {
        Ok(response) => match answered(response).await {
            Outcome::Delivered => Ok(()),
            Outcome::Gone => Err(Failure::Status(StatusCode::GONE.as_u16())),
            Outcome::Retry(failure) => Err(failure),
        },
        Err(error) => Err(Failure::of(&error)),
    }
}

/// What the status says counts; the body is read only to leave the connection
/// usable, and only so far.
async fn answered(mut response: Response) -> Outcome {
    let status = response.status();
    let mut left = BODY_LIMIT;
    while let Ok(Some(chunk)) = response.chunk().await {
        left = left.saturating_sub(chunk.len());
        if left == 0 {
            break;
        }
    }
    match status {
        StatusCode::GONE => Outcome::Gone,
        taken if taken.is_success() => Outcome::Delivered,
        other => Outcome::Retry(Failure::Status(other.as_u16())),
    }
}

pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let address = address.parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn signing_key(secret: &str) -> Option<hmac::Key> {
    let bytes = STANDARD.decode(secret.strip_prefix("whsec_")?).ok()?;
    SECRET_LENGTH
        .contains(&bytes.len())
        .then(|| hmac::Key::new(hmac::HMAC_SHA256, &bytes))
}

/// How far a message may be from now (Standard Webhooks, verifying the timestamp).
const TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// How much of an answer is read.
const BODY_LIMIT: usize = 64 * 1024;

/// Standard Webhooks, signature scheme: "between 24 bytes (192 bits) and 64 bytes (512 bits)".
const SECRET_LENGTH: std::ops::RangeInclusive<usize> = 24..=64;

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's reference libraries.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    #[track_caller]
    fn check(url: &str, secret: &str, plain: PlainHttp, expected: Option<BadEndpoint>) {
        let endpoint = Endpoint::new(url, &SecretString::from(secret), plain);
        assert_eq!(endpoint.err(), expected, "{url} {secret}");
    }

    #[test]
    fn plain_http_reaches_only_this_machine() {
        use PlainHttp::{Anywhere, Loopback};
        check("http://127.0.0.1:9000/", SECRET, Loopback, None);
        check("http://[::1]:9000/", SECRET, Loopback, None);
        check("http://localhost/hook", SECRET, Loopback, None);
        check("https://portal.example/", SECRET, Loopback, None);
        check("http://portal.example/", SECRET, Anywhere, None);
        let plain = Some(BadEndpoint::Plain);
        check("http://portal.example/", SECRET, Loopback, plain);
        check("http://10.0.0.1/", SECRET, Loopback, plain);
        check("http://127.0.0.1.portal.example/", SECRET, Loopback, plain);
    }

    #[test]
    fn what_is_no_http_url_is_refused() {
        for url in ["", "portal.example", "ftp://portal.example/", "/hook"] {
            let expected = Some(BadEndpoint::Unreadable);
            check(url, SECRET, PlainHttp::Anywhere, expected);
        }
    }

    #[test]
    fn a_secret_has_its_prefix_and_between_24_and_64_bytes() {
        let secret = |length| format!("whsec_{}", STANDARD.encode(vec![7; length]));
        let url = "https://portal.example/";
        for good in [24, 64] {
            check(url, &secret(good), PlainHttp::Loopback, None);
        }
        let bare = SECRET.trim_start_matches("whsec_").to_owned();
        for bad in [secret(23), secret(65), bare, "whsec_*".to_owned()] {
            check(url, &bad, PlainHttp::Loopback, Some(BadEndpoint::Secret));
        }
    }

    /// Test vector of the reference libraries (standard-webhooks, `libraries/`).
    #[test]
    fn the_signature_is_the_one_of_the_reference_vector() {
        let key = signing_key(SECRET).unwrap();
        let signed = "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}";
        let tag = STANDARD.encode(hmac::sign(&key, signed.as_bytes()));
        assert_eq!(tag, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn the_signature_covers_identifier_time_and_body() {
        let url = "https://portal.example/";
        let endpoint = Endpoint::new(url, &SecretString::from(SECRET), PlainHttp::Loopback);
        let endpoint = endpoint.ok().unwrap().seal;
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let signature = endpoint.sign(one, 5, "{}");
        assert!(signature.starts_with("v1,"));
        assert_ne!(signature, endpoint.sign(other, 5, "{}"));
        assert_ne!(signature, endpoint.sign(one, 6, "{}"));
        assert_ne!(signature, endpoint.sign(one, 5, "{ }"));
    }

    /// The example of the reference libraries, and what differs from it.
    #[test]
    fn a_message_counts_with_its_signature_and_within_five_minutes() {
        let seal = Seal::new(&SecretString::from(SECRET)).unwrap();
        let good = Delivery {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp: "1614265330",
            signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            body: br#"{"test": 2432232314}"#,
        };
        let verify = |delivery, seconds: i64| {
            let now = DateTime::from_timestamp(1_614_265_330 + seconds, 0).unwrap();
            seal.verify(delivery, now)
        };
        for seconds in [-300, 0, 300] {
            assert_eq!(verify(good, seconds), Ok(()));
        }
        for seconds in [-301, 301] {
            assert_eq!(verify(good, seconds), Err(NotAuthentic::Stale));
        }
        let several = format!("v1a,AAAA v1,AAAA {}", good.signature);
        let several = Delivery {
            signature: &several,
            ..good
        };
        assert_eq!(verify(several, 0), Ok(()));
        let signature = &good.signature[3..];
        for other in [
            Delivery { id: "msg", ..good },
            Delivery {
                timestamp: "1614265331",
                ..good
            },
            Delivery {
                timestamp: "x",
                ..good
            },
            Delivery {
                signature: "",
                ..good
            },
            Delivery { signature, ..good },
            Delivery {
                body: b"{}",
                ..good
            },
        ] {
            assert_eq!(verify(other, 0), Err(NotAuthentic::Signature), "{other:?}");
        }
    }
}
