//! Who looks at a page: anybody, or a person who has signed in.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;

use super::page::{Menu, Page};
use crate::domain::{Actor, Language};
use crate::flow::{Error, House, Session};
use crate::render::words::Words;
use crate::web::auth;
use crate::web::problem::Problem;

/// For which purpose the token of a session is used once more: whoever sends a form
/// must know what only our own pages could have told (synchronizer token).
const FORMS: &[u8] = b"kelisim forms v1";

/// Somebody who looks at a page in a language.
#[derive(Clone)]
pub(super) struct Visitor {
    /// The words of the language.
    pub(super) say: Words,
    house: Data<House>,
    path: String,
}

/// A person who has signed in and looks at a page.
#[derive(Clone)]
pub(super) struct Member {
    /// The person as somebody who looks.
    pub(super) visitor: Visitor,
    /// The session.
    pub(super) session: Session,
    token: String,
}

/// The language that the address names.
pub(super) fn language(request: &HttpRequest) -> Option<Language> {
    let first = request.path().split('/').nth(1)?;
    Language::parse(first).ok()
}

/// The way to another page of ours.
pub(super) fn to(location: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, location))
        .finish()
}

impl Visitor {
    /// Whoever makes this request.
    ///
    /// # Errors
    /// A problem when the address names no language.
    pub(super) fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let language = language(request).ok_or_else(Problem::not_found)?;
        let house = request.app_data::<Data<House>>();
        let house = house.ok_or_else(|| Problem::from(Error::CutOff))?.clone();
        let root = format!("/{}", language.code());
        let uri = request.uri().to_string();
        Ok(Self {
            say: Words::of(language),
            house,
            path: uri.strip_prefix(&root).unwrap_or_default().to_owned(),
        })
    }

    /// What every page has, for somebody who has not signed in.
    ///
    /// # Errors
    /// A problem when the system gives no randomness.
    pub(super) fn page(&self) -> Result<Page, Problem> {
        let nonce = self.house.random_bytes::<16>().map_err(Problem::from)?;
        let settings = &self.house.settings;
        Ok(Page::new(self.say, nonce, settings, &self.path))
    }

    /// The same, with the menu of the person if this is one who has signed in.
    ///
    /// # Errors
    /// A problem when the database fails.
    pub(super) async fn page_for(&self, member: Option<&Member>) -> Result<Page, Problem> {
        match member {
            Some(member) => member.page(&self.house).await,
            None => self.page(),
        }
    }

    /// The language in which pages are read.
    pub(super) fn language(&self) -> Language {
        self.say.language()
    }

    /// The way to another page in the same language.
    pub(super) fn to(&self, path: &str) -> HttpResponse {
        to(&format!("/{}{path}", self.language().code()))
    }
}

impl Member {
    /// What every page has, with the menu of the person.
    ///
    /// # Errors
    /// A problem when the database fails.
    pub(super) async fn page(&self, house: &House) -> Result<Page, Problem> {
        let page = self.visitor.page()?;
        let settings = &house.settings;
        let operator = match self.session.actor() {
            Actor::Member(member) => settings.centres.contains(&member.bin),
            Actor::Person(_) | Actor::Clock | Actor::Register => false,
        };
        Ok(page.with(Menu {
            name: self.session.name.clone(),
            unread: house.unread(&self.session).await?,
            form: self.form_token(),
            operator,
            administrator: house.is_administrator(&self.session),
        }))
    }

    /// What the forms of this session carry.
    pub(super) fn form_token(&self) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.key(), FORMS))
    }

    /// Whether a form carries what the forms of this session do.
    ///
    /// # Errors
    /// A problem when it does not.
    pub(super) fn confirm(&self, form_token: &str) -> Result<(), Problem> {
        let given = URL_SAFE_NO_PAD.decode(form_token);
        let right = given.is_ok_and(|tag| hmac::verify(&self.key(), FORMS, &tag).is_ok());
        right.then_some(()).ok_or_else(auth::other_origin)
    }

    fn key(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, self.token.as_bytes())
    }
}

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Self::of(request))
    }
}

impl FromRequest for Member {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let visitor = Visitor::of(&request)?;
            auth::same_origin(&request, &visitor.house.settings.origin)?;
            let token = auth::cookie(&request).ok_or(Error::NotSignedIn)?;
            let session = visitor.house.session(&token).await?;
            Ok(Self {
                visitor,
                session,
                token,
            })
        })
    }
}
