//! A browser without script, as far as forms and cookies go.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{HeaderMap, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder};

use crate::office::Office;
use crate::service::{ORIGIN, Service};

/// What stands between the parts of a form with files.
const BOUNDARY: &str = "kelisim-test-boundary";

/// Somebody with a browser and a key.
pub(super) struct Browser<'a> {
    pub(super) service: &'a Service,
    pub(super) office: Office,
    client: Client,
    cookie: Option<String>,
}

/// A page, or the way to another.
pub(super) struct Shown {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl<'a> Browser<'a> {
    pub(super) fn new(service: &'a Service, slug: &str) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self {
            service,
            office: Office::outside(service, slug),
            client,
            cookie: None,
        }
    }

    /// Signs in by the form of the first page.
    pub(super) async fn signed_in(service: &'a Service, slug: &str) -> Self {
        let mut browser = Self::new(service, slug);
        let page = browser.get("/en").await;
        let answer = browser.signs_in(&page, "").await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let cookie = answer.headers[SET_COOKIE].to_str().unwrap();
        browser.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        browser
    }

    pub(super) async fn signs_in(&self, page: &Shown, next: &str) -> Shown {
        let signature = self.office.sign(self.service, &page.content());
        let fields = [
            ("challenge", page.field("challenge")),
            ("next", next.to_owned()),
            ("signature", signature),
        ];
        self.send(self.form("/en/sign-in", &fields)).await
    }

    pub(super) async fn get(&self, path: &str) -> Shown {
        self.send(self.request(Method::GET, path)).await
    }

    /// Sends a form without files, from one of our own pages.
    pub(super) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Shown {
        self.send(self.posting(path, fields)).await
    }

    pub(super) fn posting(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect();
        self.request(Method::POST, path)
            .header("Origin", ORIGIN)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body.join("&"))
    }

    /// Reads the document on this page, signs it and hands the signature in.
    pub(super) async fn sign_at(&self, path: &str) -> Shown {
        let page = self.get(path).await;
        assert_eq!(page.status, 200, "{}", page.text);
        self.hand_in(path, &page, &page.content()).await
    }

    pub(super) async fn hand_in(&self, path: &str, page: &Shown, content: &[u8]) -> Shown {
        let fields = [
            ("form", page.field("form")),
            ("key", page.last_field("key")),
            ("signature", self.office.sign(self.service, content)),
        ];
        self.send(self.form(path, &fields)).await
    }

    /// A form with parts.
    pub(super) fn form(&self, path: &str, fields: &[(&str, String)]) -> RequestBuilder {
        self.form_with_files(path, fields, &[])
    }

    /// Attaches a scanned paper on this page.
    pub(super) async fn attach(&self, desk: &str, page: &Shown, scan: &[u8]) -> Shown {
        let fields = [
            ("form", page.field("form")),
            ("key", "attach-once".to_owned()),
            ("kind", "other".to_owned()),
        ];
        let files = [("file", "scan.pdf", scan)];
        self.hand_over(&format!("{desk}/papers"), &fields, &files)
            .await
    }

    /// Sends a form with files.
    pub(super) async fn hand_over(
        &self,
        path: &str,
        fields: &[(&str, String)],
        files: &[(&str, &str, &[u8])],
    ) -> Shown {
        self.send(self.form_with_files(path, fields, files)).await
    }

    fn form_with_files(
        &self,
        path: &str,
        fields: &[(&str, String)],
        files: &[(&str, &str, &[u8])],
    ) -> RequestBuilder {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ).into_bytes());
        }
        for (name, file, octets) in files {
            body.extend(format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
                 Content-Type: application/pdf\r\n\r\n"
            ).into_bytes());
            body.extend_from_slice(octets);
            body.extend_from_slice(b"\r\n");
        }
        body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
        self.request(Method::POST, path)
            .header("Origin", ORIGIN)
            .header(
                "Content-Type",
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .body(body)
    }

    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.service.url);
        let request = self.client.request(method, url);
        match &self.cookie {
            Some(cookie) => request.header("Cookie", cookie),
            None => request,
        }
    }

    pub(super) async fn send(&self, request: RequestBuilder) -> Shown {
        let answer = request.send().await.unwrap();
        Shown {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            text: answer.text().await.unwrap(),
        }
    }
}

impl Shown {
    /// Where it leads.
    pub(super) fn leads_to(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.text);
        self.headers[LOCATION].to_str().unwrap()
    }

    /// The document that the page asks to sign.
    pub(super) fn content(&self) -> Vec<u8> {
        STANDARD
            .decode(self.between("data-content=\"", "\""))
            .unwrap()
    }

    /// The value of a hidden field.
    pub(super) fn field(&self, name: &str) -> String {
        self.between(&format!("name=\"{name}\" value=\""), "\"")
    }

    /// What stands in a field of several lines.
    pub(super) fn area(&self, name: &str) -> String {
        let tag = self.between(&format!("name=\"{name}\""), "</textarea>");
        tag.split_once('>').unwrap().1.to_owned()
    }

    /// The same, where the menu has such a field too.
    pub(super) fn last_field(&self, name: &str) -> String {
        let begin = format!("name=\"{name}\" value=\"");
        let rest = self.text.rsplit(&begin).next().unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    /// The addresses to which the page links below this one.
    pub(super) fn link(&self, ending: &str) -> String {
        let links = self.text.split("href=\"").skip(1);
        let mut links = links.map(|rest| rest.split('"').next().unwrap());
        let found = links.find(|link| link.ends_with(ending));
        found
            .unwrap_or_else(|| panic!("no {ending}: {}", self.text))
            .to_owned()
    }

    fn between(&self, begin: &str, end: &str) -> String {
        let rest = self.text.split(begin).nth(1);
        let rest = rest.unwrap_or_else(|| panic!("no {begin}: {}", self.text));
        rest.split(end).next().unwrap().to_owned()
    }
}

fn escaped(text: &str) -> String {
    text.bytes().map(|octet| format!("%{octet:02X}")).collect()
}
