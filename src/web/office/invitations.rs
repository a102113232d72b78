//! An owner invites somebody to apply, and looks after the invitations.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use secrecy::ExposeSecret;
use serde::Deserialize;
use uuid::Uuid;

use super::dressing::Told;
use super::filled::{Filled, Nothing};
use super::page::{Page, SHOWN};
use super::search::{Search, Sought};
use super::start;
use super::visitor::{Member, to};
use crate::domain::{Invitation, InvitationId, Kind, Language, MONTHS, today};
use crate::flow::House;
use crate::flow::inviting::{self, Offer};
use crate::render::qr;
use crate::render::words::Words;
use crate::web::api::invitations::{InvitationRequest, InvitationView};
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "invitations.html")]
struct InvitationsPage {
    page: Page,
    say: Words,
    to_me: Option<Side>,
    by_me: Option<Side>,
    form: String,
    key: Uuid,
}

/// The invitations of one side, where they are shown.
struct Side {
    search: Search,
    found: Vec<InvitationView>,
    next: Option<Uuid>,
}

#[derive(Template)]
#[template(path = "inviting.html")]
struct InvitingPage<'a> {
    page: Page,
    say: Words,
    fields: Fields,
    months: std::ops::RangeInclusive<u32>,
    form: String,
    key: Uuid,
    told: Option<Told<'a>>,
}

#[derive(Template)]
#[template(path = "invited.html")]
struct InvitedPage {
    page: Page,
    say: Words,
    link: String,
    /// The link as an image for a phone's camera; none where it is too long for one.
    qr: Option<String>,
    invitation: InvitationView,
}

/// The fields of the form, as they are typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    rka: String,
    resident: String,
    kind: String,
    starts_on: String,
    months: String,
}

/// The way from an invitation's link to the form, in the language of the browser.
pub(super) async fn open(request: HttpRequest, code: Path<String>) -> HttpResponse {
    let language = start::preferred(&request);
    let plain = code
        .chars()
        .all(|one| one.is_ascii_alphanumeric() || "-_".contains(one));
    match plain {
        true => to(&format!(
            "/{}/applications/new?code={code}",
            language.code()
        )),
        false => to(&format!("/{}", language.code())),
    }
}

/// Invitations to the person, and those that the person wrote; both, unless one side
/// is asked for.
#[get("/invitations")]
pub(super) async fn list(
    house: Data<House>,
    member: Member,
    sought: Query<Sought>,
) -> Result<HttpResponse, Problem> {
    if !matches!(sought.role.as_str(), "" | "resident" | "owner") {
        return Err(Problem::malformed("role must be resident or owner"));
    }
    let received = ("resident", inviting::Side::Resident);
    let sent = ("owner", inviting::Side::Owner);
    let page = member.page(&house).await?;
    Ok(page.clone().show(&InvitationsPage {
        say: member.visitor.say,
        to_me: side(&house, &member, &sought, received).await?,
        by_me: side(&house, &member, &sought, sent).await?,
        form: member.form_token(),
        key: house.uuid(house.now())?,
        page,
    }))
}

/// The invitations of this side; nothing when another is asked for.
async fn side(
    house: &House,
    member: &Member,
    sought: &Sought,
    (name, side): (&str, inviting::Side),
) -> Result<Option<Side>, Problem> {
    if !sought.role.is_empty() && sought.role != name {
        return Ok(None);
    }
    let page = (sought.before()?, SHOWN);
    let (found, next) = house.invitations(&member.session, side, page).await?;
    let viewer = member.session.actor();
    let found = found.iter();
    Ok(Some(Side {
        search: Search::new(Sought::default().seen_as(name)),
        found: found.map(|one| InvitationView::new(one, &viewer)).collect(),
        next: next.map(InvitationId::uuid),
    }))
}

/// The form in which an owner invites.
#[get("/invitations/new")]
pub(super) async fn form(
    house: Data<House>,
    member: Member,
    fields: Query<Fields>,
) -> Result<HttpResponse, Problem> {
    let fields = Fields {
        starts_on: today(house.now()).to_string(),
        ..fields.into_inner()
    };
    filled_in(&house, &member, fields, None).await
}

/// Writes the invitation. Its link is shown this once.
#[post("/invitations/new")]
pub(super) async fn invite(
    house: Data<House>,
    filled: Filled<Fields>,
) -> Result<HttpResponse, Problem> {
    let member = &filled.member;
    let viewer = member.session.actor();
    let wording = |invitation: &Invitation| InvitationView::reply(invitation, &viewer, 201);
    let once = filled.once(&wording);
    let invited = match filled.fields.offer() {
        Ok(offer) => house
            .invite(&member.session, &once, offer)
            .await
            .map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    let invited = match invited {
        Ok(invited) => invited,
        Err(problem) => {
            return filled_in(&house, member, filled.fields.clone(), Some(&problem)).await;
        }
    };
    let Some((invitation, code)) = &invited.fresh else {
        return Ok(member.visitor.to("/invitations?done=invited"));
    };
    let page = member.page(&house).await?;
    let code = code.expose_secret();
    let link = format!("{}/invitations/{code}", house.settings.origin);
    Ok(page.clone().show(&InvitedPage {
        page,
        say: member.visitor.say,
        // The link was told already: what has no code beside it can still be read.
        qr: qr::address(&link).ok(),
        link,
        invitation: InvitationView::new(invitation, &viewer),
    }))
}

/// Takes an invitation back.
#[post("/invitations/{id}/cancel")]
pub(super) async fn cancel(
    house: Data<House>,
    filled: Filled<Nothing>,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let session = &filled.member.session;
    let viewer = session.actor();
    let wording = |invitation: &Invitation| InvitationView::reply(invitation, &viewer, 200);
    let once = filled.once(&wording);
    let id = InvitationId::new(path.1);
    house.cancel_invitation(session, &once, id).await?;
    Ok(filled.member.visitor.to("/invitations?done=cancelled"))
}

/// Says no to an invitation.
#[post("/invitations/{id}/decline")]
pub(super) async fn decline(
    house: Data<House>,
    filled: Filled<Nothing>,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let session = &filled.member.session;
    let viewer = session.actor();
    let wording = |invitation: &Invitation| InvitationView::reply(invitation, &viewer, 200);
    let once = filled.once(&wording);
    let id = InvitationId::new(path.1);
    house.decline_invitation(session, &once, id).await?;
    Ok(filled.member.visitor.to("/invitations?done=declined"))
}

async fn filled_in(
    house: &House,
    member: &Member,
    fields: Fields,
    problem: Option<&Problem>,
) -> Result<HttpResponse, Problem> {
    let (page, say) = (member.page(house).await?, member.visitor.say);
    let status = problem.map_or(StatusCode::OK, |problem| problem.status);
    Ok(page.clone().answer(
        status,
        &InvitingPage {
            page,
            say,
            fields,
            months: MONTHS,
            form: member.form_token(),
            key: house.uuid(house.now())?,
            told: problem.map(|problem| Told::new(say, problem)),
        },
    ))
}

impl Fields {
    fn offer(&self) -> Result<Offer, Problem> {
        let kind = self.kind.parse().unwrap_or(Kind::Temporary);
        let starts_on = self.starts_on.parse();
        let months = match kind {
            Kind::Permanent => None,
            Kind::Temporary => self.months.parse().ok(),
        };
        Offer::try_from(&InvitationRequest {
            rka: self.rka.trim().to_owned(),
            resident: self.resident.trim().to_owned(),
            kind: Some(kind),
            starts_on: starts_on.map_err(|_| Problem::malformed("the first day is wrong"))?,
            months,
        })
    }
}
