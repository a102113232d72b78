//! A person at work in the personal office, over HTTP and with a real key.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kelisim::pki::{Infrastructure, Packaging, Person, sign};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::service::Service;

pub(crate) const ONE_OWNER: &str = "0201999000000011";
pub(crate) const OWNED_WITH_GOST: &str = "0201999000000066";
pub(crate) const OWNED_WITH_ECDSA: &str = "0201999000000073";
pub(crate) const TWO_OWNERS: &str = "0201999000000028";
pub(crate) const OWNED_TOGETHER: &str = "0201999000000059";
pub(crate) const DORMITORY: &str = "0201999000000080";
pub(crate) const STATE_FLAT: &str = "0201999000000097";
pub(crate) const OWNED_BY_A_CHILD: &str = "0201999000000103";
pub(crate) const OWNED_WITH_AN_ORGANISATION: &str = "0201999000000110";

/// A person who has signed in, or a stranger.
pub(crate) struct Office {
    pub(crate) person: &'static Person,
    pki: &'static Infrastructure,
    client: reqwest::Client,
    url: String,
    token: Option<String>,
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) bytes: Vec<u8>,
}

impl Office {
    /// Signs in with the person's certificate.
    pub(crate) async fn enter(service: &Service, slug: &str) -> Office {
        let mut office = Office::outside(service, slug);
        let challenge = office.post("/api/v1/auth/challenges", json!({})).await;
        let content = STANDARD.decode(challenge.text("content")).unwrap();
        let signature = office.sign(service, &content);
        let session = office
            .post(
                "/api/v1/auth/sessions",
                json!({"challenge": challenge.body["id"], "signature": signature}),
            )
            .await;
        assert_eq!(session.status, 201, "{:?}", session.body);
        office.token = Some(session.text("token").to_owned());
        office
    }

    /// Has not signed in.
    pub(crate) fn outside(service: &Service, slug: &str) -> Office {
        let _ = rustls::crypto::ring::default_provider().install_default();
        Office {
            person: service.pki.person(slug).unwrap(),
            pki: service.pki,
            client: client(),
            url: service.url.clone(),
            token: None,
        }
    }

    /// The same session, but with another person's key in hand.
    pub(crate) fn with_key_of(&self, slug: &str) -> Office {
        Office {
            person: self.pki.person(slug).unwrap(),
            pki: self.pki,
            client: self.client.clone(),
            url: self.url.clone(),
            token: self.token.clone(),
        }
    }

    /// The same session at another service over the same database.
    pub(crate) fn moved_to(&self, service: &Service) -> Office {
        Office {
            person: self.person,
            pki: self.pki,
            client: self.client.clone(),
            url: service.url.clone(),
            token: self.token.clone(),
        }
    }

    /// The same at another address.
    pub(crate) fn moved(self, url: String) -> Office {
        Office { url, ..self }
    }

    /// A detached signature over the bytes, in base64.
    pub(crate) fn sign(&self, service: &Service, content: &[u8]) -> String {
        self.packed(service, content, Packaging::Detached)
    }

    /// The same with the content inside.
    pub(crate) fn sign_attached(&self, service: &Service, content: &[u8]) -> String {
        self.packed(service, content, Packaging::Attached)
    }

    fn packed(&self, service: &Service, content: &[u8], packaging: Packaging) -> String {
        let (certificate, key) = (&self.person.certificate, &self.person.key);
        let cms = sign(content, certificate, key, service.now(), packaging);
        STANDARD.encode(cms.unwrap())
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let request = self.client.get(format!("{}{path}", self.url));
        self.send(request).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        let request = self.client.delete(format!("{}{path}", self.url));
        self.send(request).await
    }

    /// Posts under a key of its own.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.post_again(path, body, &Uuid::now_v7().to_string())
            .await
    }

    /// Posts under this key.
    pub(crate) async fn post_again(&self, path: &str, body: Value, key: &str) -> Answer {
        let request = self
            .client
            .post(format!("{}{path}", self.url))
            .header("Idempotency-Key", key)
            .json(&body);
        self.send(request).await
    }

    /// Sends any request as this person.
    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let request = match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let bytes = response.bytes().await.unwrap().to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer {
            status,
            body,
            bytes,
        }
    }

    /// A request to build upon.
    pub(crate) fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    pub(crate) fn token(&self) -> &str {
        self.token.as_deref().unwrap()
    }

    /// Drafts an application for three months from today.
    pub(crate) async fn draft(&self, rka: &str) -> Answer {
        let drafted = self.post("/api/v1/applications", proposal(rka)).await;
        assert_eq!(drafted.status, 201, "{:?}", drafted.body);
        drafted
    }

    /// Asks for a draft of this application; it may be refused.
    pub(crate) async fn asks(&self, body: Value) -> Answer {
        self.post("/api/v1/applications", body).await
    }

    /// Drafts this application and signs it.
    pub(crate) async fn applies(&self, service: &Service, body: Value) -> Answer {
        let drafted = self.asks(body).await;
        assert_eq!(drafted.status, 201, "{:?}", drafted.body);
        let signed = self.sign_draft(service, &drafted).await;
        assert_eq!(signed.status, 200, "{:?}", signed.body);
        signed
    }

    /// Writes an application anew.
    pub(crate) async fn rewrites(&self, application: &str, body: Value) -> Answer {
        let path = format!("/api/v1/applications/{application}");
        let request = self.request(reqwest::Method::PUT, &path);
        let request = request.header("Idempotency-Key", Uuid::now_v7().to_string());
        self.send(request.json(&body)).await
    }

    /// Takes an application back.
    pub(crate) async fn withdraws(&self, application: &str) -> Answer {
        let path = format!("/api/v1/applications/{application}/withdraw");
        self.post(&path, json!({})).await
    }

    /// An application as this person sees it.
    pub(crate) async fn sees(&self, application: &str) -> Answer {
        self.get(&format!("/api/v1/applications/{application}"))
            .await
    }

    /// A registration as this person sees it.
    pub(crate) async fn sees_registration(&self, registration: &str) -> Answer {
        self.get(&format!("/api/v1/registrations/{registration}"))
            .await
    }

    /// Drafts an application and signs it.
    pub(crate) async fn apply(&self, service: &Service, rka: &str) -> Answer {
        let drafted = self.draft(rka).await;
        let signed = self.sign_draft(service, &drafted).await;
        assert_eq!(signed.status, 200, "{:?}", signed.body);
        signed
    }

    /// Signs an application that was drafted.
    pub(crate) async fn sign_draft(&self, service: &Service, drafted: &Answer) -> Answer {
        let content = STANDARD
            .decode(drafted.body["to_sign"]["content"].as_str().unwrap())
            .unwrap();
        let signature = self.sign(service, &content);
        let path = format!("/api/v1/applications/{}/signature", drafted.id());
        self.post(&path, json!({"signature": signature})).await
    }

    /// The consent for which this person is asked in an application.
    pub(crate) async fn consent_path(&self, application: &str) -> String {
        let seen = self
            .get(&format!("/api/v1/applications/{application}"))
            .await;
        assert_eq!(seen.status, 200, "{:?}", seen.body);
        let consent = seen.body["consents"][0]["id"].as_str().unwrap();
        format!("/api/v1/applications/{application}/consents/{consent}")
    }

    /// The signed consent, ready to be sent: path and body.
    pub(crate) async fn signed_consent(
        &self,
        service: &Service,
        application: &str,
    ) -> (String, Value) {
        let path = self.consent_path(application).await;
        let document = self.get(&format!("{path}/document")).await;
        assert_eq!(document.status, 200, "{:?}", document.body);
        let signature = self.sign(service, &document.bytes);
        (format!("{path}/signature"), json!({"signature": signature}))
    }

    /// Signs what is issued at this path, and sends it there.
    pub(crate) async fn signs(&self, service: &Service, path: &str) -> Answer {
        let document = self.get(&format!("{path}/document")).await;
        if document.status != 200 {
            return document;
        }
        let signature = self.sign(service, &document.bytes);
        let path = format!("{path}/signature");
        self.post(&path, json!({"signature": signature})).await
    }

    /// Ends a registration as the person who is registered.
    pub(crate) async fn leaves(&self, service: &Service, registration: &str) -> Answer {
        let path = format!("/api/v1/registrations/{registration}/leaving");
        self.signs(service, &path).await
    }

    /// Ends a registration as an owner, or demands it.
    pub(crate) async fn removes(&self, service: &Service, registration: &str) -> Answer {
        let path = format!("/api/v1/registrations/{registration}/removal");
        self.signs(service, &path).await
    }

    /// The path of the confirmation for which this person is asked.
    pub(crate) async fn confirmation_path(&self, registration: &str) -> String {
        let seen = self.sees_registration(registration).await;
        assert_eq!(seen.status, 200, "{:?}", seen.body);
        let consent = seen.body["removal"]["consents"][0]["id"].as_str();
        let consent = consent.unwrap_or_else(|| panic!("not asked: {:?}", seen.body));
        let application = seen.text("application");
        format!("/api/v1/applications/{application}/consents/{consent}")
    }

    /// Confirms as a co-owner that a registration is to end.
    pub(crate) async fn confirms(&self, service: &Service, registration: &str) -> Answer {
        let path = self.confirmation_path(registration).await;
        self.signs(service, &path).await
    }

    /// Says no to what this person is asked in an application.
    pub(crate) async fn declines(&self, application: &str, reason: &str) -> Answer {
        let path = self.consent_path(application).await;
        let path = format!("{path}/decline");
        self.post(&path, json!({"reason": reason})).await
    }

    /// The person's number.
    pub(crate) fn iin(&self) -> &'static str {
        &self.person.character.identity.iin
    }

    /// Consents.
    pub(crate) async fn consent(&self, service: &Service, application: &str) -> Answer {
        let (path, body) = self.signed_consent(service, application).await;
        self.post(&path, body).await
    }
}

/// One that gives up a quiet connection before the service does.
fn client() -> reqwest::Client {
    let quiet = std::time::Duration::from_secs(1);
    let client = reqwest::Client::builder().no_proxy();
    client.pool_idle_timeout(quiet).build().unwrap()
}

/// Three months from the first day of the tests.
pub(crate) fn proposal(rka: &str) -> Value {
    json!({
        "rka": rka,
        "starts_on": "2026-11-01",
        "months": 3,
        "arrived_on": "2026-10-30",
        "language": "ru",
    })
}

/// The same for these people.
pub(crate) fn proposal_for(rka: &str, residents: &[&str]) -> Value {
    let mut body = proposal(rka);
    body["residents"] = json!(residents);
    body
}

/// A permanent registration from the first day of the tests.
pub(crate) fn permanent(rka: &str) -> Value {
    json!({
        "rka": rka,
        "kind": "permanent",
        "starts_on": "2026-11-01",
        "arrived_on": "2026-10-30",
        "language": "kk",
    })
}

impl Answer {
    #[track_caller]
    pub(crate) fn text(&self, member: &str) -> &str {
        self.body[member]
            .as_str()
            .unwrap_or_else(|| panic!("no {member} in {:?}", self.body))
    }

    #[track_caller]
    pub(crate) fn id(&self) -> &str {
        self.text("id")
    }

    #[track_caller]
    pub(crate) fn state(&self) -> &str {
        self.text("state")
    }

    /// The identifier of the only registration.
    #[track_caller]
    pub(crate) fn registration(&self) -> &str {
        assert_eq!(self.state(), "registered", "{:?}", self.body);
        self.text("registration")
    }

    /// The kinds of the events in the history.
    #[track_caller]
    pub(crate) fn history(&self) -> Vec<&str> {
        let events = self.body["history"].as_array().unwrap();
        events
            .iter()
            .map(|event| event["kind"].as_str().unwrap())
            .collect()
    }

    /// Asserts that it is this problem with this code.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, kind: &str, code: Option<&str>) {
        let expected = json!([status, format!("urn:kelisim:problem:{kind}"), code]);
        let found = json!([self.status, self.body["type"], self.body["code"]]);
        assert_eq!(found, expected, "{:?}", self.body);
    }
}
