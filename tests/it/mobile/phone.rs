//! A phone with eGov mobile on it: scans a code, makes the three calls, signs with a
//! real key.

use reqwest::{Method, Url};
use serde_json::{Value, json};

use crate::office::{Answer, Office};
use crate::service::{ORIGIN, Service};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

pub(super) struct Phone {
    office: Office,
    /// The address in the code, on the service.
    path: String,
}

impl Phone {
    /// Opens the link that stands beside the code, with this person's key.
    pub(super) fn called(service: &Service, slug: &str, begun: &Answer) -> Phone {
        assert_eq!(begun.status, 201, "{:?}", begun.body);
        let link = Url::parse(begun.text("link")).unwrap();
        let (_, address) = link.query_pairs().find(|(name, _)| name == "link").unwrap();
        Phone {
            office: Office::outside(service, slug),
            path: on_service(&address),
        }
    }

    /// The same phone at another address.
    pub(super) fn at(mut self, path: &str) -> Phone {
        path.clone_into(&mut self.path);
        self
    }

    /// The last part of the address.
    pub(super) fn token(&self) -> &str {
        self.path.rsplit_once('/').unwrap().1
    }

    /// The first call: what it is about.
    pub(super) async fn asks(&self) -> Answer {
        self.office.get(&self.path).await
    }

    /// The second call: what is to be signed.
    pub(super) async fn reads(&self) -> Answer {
        self.office.get(&format!("{}/documents", self.path)).await
    }

    /// The bytes in the answer to the second call, signed; in base64.
    pub(super) fn signature(&self, service: &Service, read: &Answer) -> String {
        assert_eq!(read.status, 200, "{:?}", read.body);
        assert_eq!(read.body["signMethod"], "CMS_SIGN_ONLY");
        let file = &read.body["documentsToSign"][0]["document"]["file"];
        let bytes = STANDARD.decode(file["data"].as_str().unwrap()).unwrap();
        self.office.sign(service, &bytes)
    }

    /// The third call: the same with a signature.
    pub(super) async fn sends(&self, read: &Answer, signature: &str) -> Answer {
        let mut body = read.body.clone();
        body["documentsToSign"][0]["document"]["file"]["data"] = json!(signature);
        self.puts(&body).await
    }

    pub(super) async fn puts(&self, body: &Value) -> Answer {
        let path = format!("{}/documents", self.path);
        let request = self.office.request(Method::PUT, &path);
        self.office.send(request.json(body)).await
    }

    /// All three calls, each at the address that the one before gave.
    pub(super) async fn signs(&self, service: &Service) -> Answer {
        let told = self.asks().await;
        assert_eq!(told.status, 200, "{:?}", told.body);
        let uri = told.body["document"]["uri"].as_str().unwrap();
        let read = self.office.get(&on_service(uri)).await;
        let signature = self.signature(service, &read);
        self.sends(&read, &signature).await
    }
}

/// The page beside it.
pub(super) struct Page {
    pub(super) office: Office,
    pub(super) begun: Answer,
}

impl Page {
    /// Asks for a code.
    pub(super) async fn begins(office: Office, document: &str) -> Page {
        let begun = begin(&office, document).await;
        assert_eq!(begun.status, 201, "{:?}", begun.body);
        Page { office, begun }
    }

    /// Looks whether the phone has signed.
    pub(super) async fn collects(&self) -> Answer {
        self.office.get(self.begun.text("collect")).await
    }

    /// The signature that the phone gave.
    pub(super) async fn signature(&self) -> String {
        let collected = self.collects().await;
        assert_eq!(collected.status, 200, "{:?}", collected.body);
        collected.text("signature").to_owned()
    }
}

pub(super) async fn begin(office: &Office, document: &str) -> Answer {
    let body = json!({"document": document, "language": "ru"});
    office.post("/api/v1/mobile-signings", body).await
}

/// The identifier of the document that is issued at this path.
pub(super) async fn issued(office: &Office, path: &str) -> String {
    let request = office.request(Method::GET, path);
    let response = request.bearer_auth(office.token()).send().await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    let id = response.headers().get("document-id").unwrap();
    id.to_str().unwrap().to_owned()
}

fn on_service(address: &str) -> String {
    address.strip_prefix(ORIGIN).unwrap().to_owned()
}
