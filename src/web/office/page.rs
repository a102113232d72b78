//! What every page has: its language, its menu, and the headers with which it goes
//! out.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::assets;
use crate::domain::Language;
use crate::flow::Settings;
use crate::render::words::Words;
use crate::web::api::views::AddressView;
use crate::web::api::waiting::WordsView;

/// Where the signing tools of the national authority listen: NCALayer, and KAZTOKEN
/// at a port of its own, which is asked over HTTP.
const TOOLS: &str = "wss://127.0.0.1:13579 wss://localhost:13579 https://127.0.0.1:24680";

/// So many of a list stand on a page.
pub(super) const SHOWN: i64 = 20;

/// What every page has.
#[derive(Clone)]
pub(super) struct Page {
    say: Words,
    nonce: String,
    key_files: bool,
    path: String,
    /// The menu of the person who has signed in.
    pub(super) menu: Option<Menu>,
}

/// What stands above every page of a person who has signed in.
#[derive(Clone)]
pub(super) struct Menu {
    /// The name in the certificate.
    pub(super) name: String,
    /// How many notices are unread.
    pub(super) unread: i64,
    /// What the forms of the session carry.
    pub(super) form: String,
    /// Whether there is a service centre's desk.
    pub(super) operator: bool,
    /// Whether the person runs the service.
    pub(super) administrator: bool,
}

impl Page {
    /// A page in these words, under a nonce of its own (CSP level 3 section 6.7);
    /// `path` is its address below the language.
    pub(super) fn new(say: Words, nonce: [u8; 16], settings: &Settings, path: &str) -> Self {
        Self {
            say,
            nonce: STANDARD.encode(nonce),
            key_files: settings.key_files_in_browser,
            path: path.to_owned(),
            menu: None,
        }
    }

    /// The page with a menu.
    pub(super) fn with(self, menu: Menu) -> Self {
        Self {
            menu: Some(menu),
            ..self
        }
    }

    /// The code of its language (BCP 47).
    pub(super) fn code(&self) -> &'static str {
        self.say.language().code()
    }

    /// Whether keys may be opened in the browser: in development.
    pub(super) fn takes_key_files(&self) -> bool {
        self.key_files
    }

    /// The nonce of its script.
    pub(super) fn nonce(&self) -> &str {
        &self.nonce
    }

    /// The address of another page in the same language.
    pub(super) fn to(&self, path: &str) -> String {
        format!("/{}{path}", self.code())
    }

    /// Every language: its code, its own name, and the address of this page in it.
    pub(super) fn languages(&self) -> Vec<(&'static str, &'static str, String)> {
        let known = Language::ALL.iter().map(|language| {
            let name = match language {
                Language::Kk => "Қазақша",
                Language::Ru => "Русский",
                Language::En => "English",
            };
            let code = language.code();
            (code, name, format!("/{code}{}", self.path))
        });
        known.collect()
    }

    /// Whether this page is the one at this address, or one below it.
    pub(super) fn is_at(&self, path: &str) -> bool {
        let own = self.path.split('?').next().unwrap_or_default();
        own == path || own.starts_with(&format!("{path}/"))
    }

    /// The address of this page.
    pub(super) fn own(&self) -> String {
        self.to(&self.path)
    }

    /// The address of this page, whatever is asked of it.
    pub(super) fn here(&self) -> String {
        self.to(self.path.split('?').next().unwrap_or_default())
    }

    /// What the page is to say was done.
    pub(super) fn done(&self) -> Option<String> {
        self.say.named("done", self.parameter("done")?)
    }

    /// In which form a signature came, in words.
    pub(super) fn seen(&self) -> Option<String> {
        self.say.named("seen", self.parameter("seen")?)
    }

    fn parameter(&self, wanted: &str) -> Option<&str> {
        let query = self.path.split_once('?')?.1;
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(name, _)| *name == wanted)
            .map(|(_, value)| value)
    }

    /// The address of a file that the page needs.
    pub(super) fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// An address in the words of the page.
    pub(super) fn place<'a>(&self, address: &'a AddressView) -> &'a str {
        match self.say.language() {
            Language::Kk => &address.kk,
            Language::Ru => &address.ru,
            Language::En => &address.en,
        }
    }

    /// What is said in three languages, in that of the page.
    pub(super) fn words_of(&self, words: &WordsView) -> &'static str {
        match self.say.language() {
            Language::Kk => words.kk,
            Language::Ru => words.ru,
            Language::En => words.en,
        }
    }

    /// The page with its headers.
    pub(super) fn answer(&self, status: StatusCode, template: &impl Template) -> HttpResponse {
        let Ok(text) = template.render() else {
            tracing::error!("a page cannot be written");
            return HttpResponse::InternalServerError().finish();
        };
        let mut response = HttpResponse::build(status)
            .content_type("text/html; charset=utf-8")
            .insert_header((header::REFERRER_POLICY, "same-origin"))
            .insert_header((header::CONTENT_LANGUAGE, self.code()))
            .insert_header((header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"))
            .insert_header((PERMISSIONS, "camera=(), geolocation=(), microphone=()"))
            .body(text);
        let headers = response.headers_mut();
        if let Ok(policy) = HeaderValue::from_str(&self.content_security_policy()) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }

    /// The page, all being well.
    pub(super) fn show(&self, template: &impl Template) -> HttpResponse {
        self.answer(StatusCode::OK, template)
    }

    /// Nothing runs but our own script, nothing is fetched but from us, and only
    /// the tools on the person's own machine are spoken to (CSP level 3).
    fn content_security_policy(&self) -> String {
        let nonce = &self.nonce;
        format!(
            "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; \
             img-src 'self' data:; font-src 'self'; connect-src 'self' {TOOLS}; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
    }
}

/// What the page may ask of the device (W3C Permissions Policy).
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
