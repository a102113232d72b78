//! A person reads what they are to sign, signs it, and hands the signature in.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use uuid::Uuid;

use super::filled::{Enclosed, Enclosing, Filled, Signed};
use super::page::Page;
use super::visitor::Member;
use crate::domain::{ApplicationId, ConsentId, Document, Language, Purpose, RegistrationId};
use crate::eds::Digest;
use crate::flow::House;
use crate::render::words::Words;
use crate::web::api::views::ApplicationView;
use crate::web::problem::Problem;

/// A document to sign, as a page shows it.
pub(super) struct Paper {
    /// Its identifier.
    pub(super) id: Uuid,
    /// What the person declares, out of the very octets that are signed.
    pub(super) statement: String,
    /// In which language.
    pub(super) language: &'static str,
    /// The octets in base64.
    pub(super) content: String,
    /// The octets, which are text.
    pub(super) text: String,
    /// Their SHA-256 in hexadecimal.
    pub(super) sha256: String,
}

/// The one field of a document that is written for its reader.
#[derive(Deserialize)]
struct Statement {
    statement: String,
}

#[derive(Template)]
#[template(path = "signing.html")]
struct SigningPage {
    page: Page,
    say: Words,
    paper: Paper,
    title: String,
    explained: String,
    back: String,
    form: String,
    key: Uuid,
}

impl Paper {
    /// The document as a page shows it.
    pub(super) fn of(document: &Document) -> Self {
        let statement = serde_json::from_slice::<Statement>(&document.bytes);
        Self {
            id: document.id.uuid(),
            statement: statement.map(|one| one.statement).unwrap_or_default(),
            language: document.language.code(),
            content: STANDARD.encode(&document.bytes),
            text: String::from_utf8_lossy(&document.bytes).into_owned(),
            sha256: Digest::of(&document.bytes).to_string(),
        }
    }
}

/// The application, for the applicant to sign.
#[get("/applications/{id}/sign")]
pub(super) async fn read_application(
    house: Data<House>,
    member: Member,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let id = ApplicationId::new(path.1);
    show(&house, &member, id, Purpose::Application).await
}

/// Takes the applicant's signature.
#[post("/applications/{id}/sign")]
pub(super) async fn sign_application(
    house: Data<House>,
    filled: Filled<Enclosed<Signed>>,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let id = ApplicationId::new(path.1);
    take(&house, &filled, id, Purpose::Application).await
}

/// A consent, for the party who is asked to sign.
#[get("/applications/{id}/consents/{consent}/sign")]
pub(super) async fn read_consent(
    house: Data<House>,
    member: Member,
    path: Path<(Language, Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (id, consent) = (ApplicationId::new(path.1), ConsentId::new(path.2));
    show(&house, &member, id, Purpose::Consent(consent)).await
}

/// Takes a party's signature.
#[post("/applications/{id}/consents/{consent}/sign")]
pub(super) async fn sign_consent(
    house: Data<House>,
    filled: Filled<Enclosed<Signed>>,
    path: Path<(Language, Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (id, consent) = (ApplicationId::new(path.1), ConsentId::new(path.2));
    take(&house, &filled, id, Purpose::Consent(consent)).await
}

/// What the resident signs to end a registration.
#[get("/registrations/{id}/leave")]
pub(super) async fn read_leaving(
    house: Data<House>,
    member: Member,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let purpose = Purpose::Leaving(RegistrationId::new(path.1));
    let id = house.application_with(purpose).await?;
    show(&house, &member, id, purpose).await
}

/// Takes the resident's signature that ends a registration.
#[post("/registrations/{id}/leave")]
pub(super) async fn sign_leaving(
    house: Data<House>,
    filled: Filled<Enclosed<Signed>>,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let purpose = Purpose::Leaving(RegistrationId::new(path.1));
    let id = house.application_with(purpose).await?;
    take(&house, &filled, id, purpose).await
}

/// What an owner signs to end a registration.
#[get("/registrations/{id}/remove")]
pub(super) async fn read_removal(
    house: Data<House>,
    member: Member,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let purpose = Purpose::Removal(RegistrationId::new(path.1));
    let id = house.application_with(purpose).await?;
    show(&house, &member, id, purpose).await
}

/// Takes an owner's signature that ends a registration.
#[post("/registrations/{id}/remove")]
pub(super) async fn sign_removal(
    house: Data<House>,
    filled: Filled<Enclosed<Signed>>,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let purpose = Purpose::Removal(RegistrationId::new(path.1));
    let id = house.application_with(purpose).await?;
    take(&house, &filled, id, purpose).await
}

async fn show(
    house: &House,
    member: &Member,
    id: ApplicationId,
    purpose: Purpose,
) -> Result<HttpResponse, Problem> {
    // An application is declared once, in the language in which it was written.
    let document = match purpose {
        Purpose::Application => house.document(&member.session, id).await?,
        Purpose::Consent(_) | Purpose::Leaving(_) | Purpose::Removal(_) | Purpose::Login => {
            let language = Some(member.visitor.language());
            house
                .document_for(&member.session, id, purpose, language)
                .await?
        }
    };
    let (page, say) = (member.page(house).await?, member.visitor.say);
    let (title, explained) = words(say, purpose);
    Ok(page.clone().show(&SigningPage {
        say,
        paper: Paper::of(&document),
        title,
        explained,
        back: page.to(&back(id, purpose)),
        form: member.form_token(),
        key: house.uuid(house.now())?,
        page,
    }))
}

async fn take(
    house: &House,
    filled: &Filled<Enclosed<Signed>>,
    id: ApplicationId,
    purpose: Purpose,
) -> Result<HttpResponse, Problem> {
    let session = &filled.member.session;
    let actor = session.actor();
    let wording = |seen: &_| ApplicationView::reply_to_signature(seen, &actor, purpose);
    let once = filled.once(&wording);
    let cms = filled.fields.0.matter()?;
    let seen = filled.fields.0.seen();
    let reply = house.sign(session, &once, id, purpose, &cms).await;
    let reply = reply.map_err(|error| Problem {
        seen,
        ..Problem::from(error)
    })?;
    let done = match reply.status {
        202 => "pending",
        _ => "signed",
    };
    let (back, seen) = (back(id, purpose), seen.unwrap_or_default());
    let to = format!("{back}?done={done}&seen={seen}");
    Ok(filled.member.visitor.to(&to))
}

fn words(say: Words, purpose: Purpose) -> (String, String) {
    match purpose {
        Purpose::Application | Purpose::Login => {
            (say.sign_application_title(), say.sign_application_text())
        }
        Purpose::Consent(_) => (say.sign_consent_title(), say.sign_consent_text()),
        Purpose::Leaving(_) => (say.sign_leaving_title(), say.sign_leaving_text()),
        Purpose::Removal(_) => (say.sign_removal_title(), say.sign_removal_text()),
    }
}

fn back(id: ApplicationId, purpose: Purpose) -> String {
    match purpose {
        Purpose::Leaving(registration) | Purpose::Removal(registration) => {
            format!("/registrations/{}", registration.uuid())
        }
        Purpose::Application | Purpose::Consent(_) | Purpose::Login => {
            format!("/applications/{}", id.uuid())
        }
    }
}
