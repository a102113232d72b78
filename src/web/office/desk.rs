//! The desk of a public service centre: applications for people who are present,
//! their papers, and what the operator attests.

use std::collections::HashMap;

use actix_multipart::form::MultipartForm;
use actix_multipart::form::bytes::Bytes as File;
use actix_multipart::form::text::Text;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use strum::VariantArray;
use uuid::Uuid;

use super::applications::counted;
use super::filled::{Enclosed, Enclosing, Filled, Nothing};
use super::page::{Page, SHOWN};
use super::search::{Search, Sought};
use super::visitor::Member;
use crate::domain::attachment::{AttachmentId, PaperKind};
use crate::domain::law::Relationship;
use crate::domain::{ApplicationId, IdentityKind, Language};
use crate::flow::attesting::Testimony;
use crate::flow::see::{self, Role};
use crate::flow::{House, Once};
use crate::render::words::Words;
use crate::web::api::attachments::{AttachmentForm, digest};
use crate::web::api::views::{ApplicationView, AttachmentView};
use crate::web::problem::Problem;

mod form;
pub(super) mod reports;

use form::{Person, attestation};
use reports::Reported;

/// So many reported answers stand on the desk; the rest is one click away.
const LATEST: i64 = 5;

#[derive(Template)]
#[template(path = "desk/list.html")]
struct DeskPage {
    page: Page,
    say: Words,
    found: Vec<ApplicationView>,
    search: Search,
    next: Option<Uuid>,
    reports: Vec<Reported>,
}

#[derive(Template)]
#[template(path = "desk/papers.html")]
struct PapersPage {
    page: Page,
    say: Words,
    view: ApplicationView,
    papers: Vec<&'static str>,
    identities: Vec<&'static str>,
    relationships: Vec<&'static str>,
    residents: Vec<Person>,
    holders: Vec<Person>,
    form: String,
    key: Uuid,
}

/// A scanned paper, with what every form carries.
#[derive(MultipartForm)]
pub(super) struct Scanned {
    form: Text<String>,
    key: Text<String>,
    kind: Text<String>,
    file: File,
}

/// The applications of the service centre, and what was reported to it.
#[get("/desk")]
pub(super) async fn list(
    house: Data<House>,
    member: Member,
    sought: Query<Sought>,
) -> Result<HttpResponse, Problem> {
    let (session, say) = (&member.session, member.visitor.say);
    let viewer = (&session.actor(), house.now());
    let wanted = see::Page {
        role: Role::Operator,
        filter: sought.applications()?,
        before: sought.before()?,
        limit: SHOWN,
    };
    let (reports, _) = house.reports(session, (None, None, LATEST)).await?;
    let (found, next) = house.list(session, &wanted).await?;
    let states = house
        .counts(session, Role::Operator, &wanted.filter)
        .await?;
    let states = counted(&states, wanted.filter.state);
    let search = Search::new(sought.into_inner()).words(say.search_text());
    let page = member.page(&house).await?;
    Ok(page.clone().show(&DeskPage {
        page,
        say,
        search: search.one_of("state", say.search_state(), states).code(say),
        found: ApplicationView::all(&found, viewer.0, viewer.1),
        next: next.map(ApplicationId::uuid),
        reports: Reported::all(&reports, viewer),
    }))
}

/// The papers of an application, and the form in which it is attested what was
/// seen.
#[get("/desk/{id}")]
pub(super) async fn papers(
    house: Data<House>,
    member: Member,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (id, session) = (ApplicationId::new(path.1), &member.session);
    let seen = house.see(session, id).await?;
    let needed = house.to_attest(session, id).await?;
    let page = member.page(&house).await?;
    let residents = seen.application.residents.iter();
    Ok(page.clone().show(&PapersPage {
        say: member.visitor.say,
        view: ApplicationView::full(&seen, &session.actor()),
        papers: PaperKind::VARIANTS.iter().map(Into::into).collect(),
        identities: IdentityKind::VARIANTS.iter().map(Into::into).collect(),
        relationships: Relationship::VARIANTS.iter().map(Into::into).collect(),
        residents: residents
            .map(|one| Person::resident(one, &needed.wards))
            .collect(),
        holders: { needed.holders.iter() }
            .filter_map(|party| Person::holder(party, &needed.wards))
            .collect(),
        form: member.form_token(),
        key: house.uuid(house.now())?,
        page,
    }))
}

/// Attaches a scanned paper.
#[post("/papers")]
pub(super) async fn attach(
    house: Data<House>,
    filled: Filled<Enclosed<Scanned>>,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let key = filled.fields.0.key().to_owned();
    let Filled { member, fields, .. } = filled;
    let scan = AttachmentForm::from(fields.0).read()?;
    let once = Once {
        key: &key,
        request: digest(path.1, &scan),
        wording: &AttachmentView::reply,
    };
    let id = ApplicationId::new(path.1);
    house.attach(&member.session, &once, id, scan).await?;
    Ok(member
        .visitor
        .to(&format!("/desk/{}?done=attached", path.1)))
}

/// Takes a paper away.
#[post("/papers/{paper}/remove")]
pub(super) async fn detach(
    house: Data<House>,
    filled: Filled<Nothing>,
    path: Path<(Language, Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let named = (ApplicationId::new(path.1), AttachmentId::new(path.2));
    filled
        .take_effect(200, async |session, once| {
            house.detach(session, once, named).await
        })
        .await?;
    let back = format!("/desk/{}?done=detached", path.1);
    Ok(filled.member.visitor.to(&back))
}

/// Attests what was seen and checked.
#[post("/attestation")]
pub(super) async fn attest(
    house: Data<House>,
    filled: Filled<HashMap<String, String>>,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let testimony = Testimony::try_from(&attestation(&filled.fields)?)?;
    let id = ApplicationId::new(path.1);
    filled
        .take_effect(200, async |session, once| {
            house.attest(session, once, id, testimony).await
        })
        .await?;
    let back = format!("/applications/{}?done=attested", path.1);
    Ok(filled.member.visitor.to(&back))
}

impl Enclosing for Scanned {
    fn form(&self) -> &str {
        &self.form
    }

    fn key(&self) -> &str {
        &self.key
    }

    fn matter(&self) -> Result<Vec<u8>, Problem> {
        Ok(self.file.data.to_vec())
    }
}

impl From<Scanned> for AttachmentForm {
    fn from(scanned: Scanned) -> Self {
        let name = scanned.file.file_name.clone().unwrap_or_default();
        Self {
            kind: scanned.kind,
            name: Text(name),
            file: scanned.file,
        }
    }
}
