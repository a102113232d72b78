//! The guided form: first the address, then who, since when and for how long; then
//! there is something to sign.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::address::{self, Search};
use super::dressing::Told;
use super::filled::Filled;
use super::page::Page;
use super::visitor::Member;
use crate::domain::{
    Application, ApplicationId, Capacity, Kind, Language, MONTHS, Registration, RegistrationId,
    Rka, Stage, Term, Uninvited, today,
};
use crate::eds::Iin;
use crate::flow::draft::Request;
use crate::flow::{Error, House, Reply};
use crate::render::words::Words;
use crate::web::api::applications::DraftRequest;
use crate::web::problem::Problem;

/// The fields of the form, as they are typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    rka: String,
    kind: String,
    starts_on: String,
    months: String,
    arrived_on: String,
    standpoint: String,
    residents: String,
    extends: String,
    invitation: String,
}

/// What the form is to begin with.
#[derive(Deserialize)]
pub(super) struct Beginning {
    #[serde(default)]
    q: String,
    #[serde(default)]
    rka: String,
    #[serde(default)]
    standpoint: String,
    #[serde(default)]
    extends: Option<Uuid>,
    #[serde(default)]
    code: Option<String>,
}

#[derive(Template)]
#[template(path = "address.html")]
struct AddressPage {
    page: Page,
    say: Words,
    search: Search,
    standpoint: String,
}

#[derive(Template)]
#[template(path = "applying.html")]
struct ApplyingPage<'a> {
    page: Page,
    say: Words,
    fields: Fields,
    place: String,
    months: std::ops::RangeInclusive<u32>,
    today: NaiveDate,
    action: String,
    form: String,
    key: Uuid,
    told: Option<Told<'a>>,
}

/// The new application's identifier, out of the answer that was stored.
#[derive(Deserialize)]
struct Drafted {
    id: Uuid,
}

/// The form, or the search for the address with which it begins.
#[get("/applications/new")]
pub(super) async fn show(
    house: Data<House>,
    member: Member,
    beginning: Query<Beginning>,
) -> Result<HttpResponse, Problem> {
    let fields = Fields::beginning(&house, &member, &beginning).await?;
    if !fields.rka.is_empty() {
        return form(&house, &member, fields, "/applications", None).await;
    }
    let language = member.visitor.language();
    let search = address::search(&house, &beginning.q, language).await?;
    let page = member.page(&house).await?;
    Ok(page.clone().show(&AddressPage {
        page,
        say: member.visitor.say,
        search,
        standpoint: beginning.standpoint.clone(),
    }))
}

/// Drafts the application.
#[post("/applications")]
pub(super) async fn draft(
    house: Data<House>,
    filled: Filled<Fields>,
) -> Result<HttpResponse, Problem> {
    let member = &filled.member;
    let drafted = match filled.fields.request(member.visitor.language()) {
        Ok(request) => {
            filled
                .take_effect(201, async |session, once| {
                    house.draft(session, once, request).await
                })
                .await
        }
        Err(problem) => return again(&house, &filled, "/applications", &problem).await,
    };
    match drafted {
        Ok(reply) => to_sign(member, &reply),
        Err(error) => again(&house, &filled, "/applications", &error.into()).await,
    }
}

/// The form with what was asked for before.
#[get("/applications/{id}/edit")]
pub(super) async fn rewrite(
    house: Data<House>,
    member: Member,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let id = ApplicationId::new(path.1);
    let seen = house.see(&member.session, id).await?;
    if !seen
        .application
        .applicant
        .signatory()
        .admits(&member.session.actor())
    {
        return Err(Problem::not_found());
    }
    let fields = Fields::of(&seen.application);
    let action = format!("/applications/{}/edit", path.1);
    form(&house, &member, fields, &action, None).await
}

/// Writes the application anew.
#[post("/applications/{id}/edit")]
pub(super) async fn edit(
    house: Data<House>,
    filled: Filled<Fields>,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let member = &filled.member;
    let action = format!("/applications/{}/edit", path.1);
    let id = ApplicationId::new(path.1);
    let edited = match filled.fields.request(member.visitor.language()) {
        Ok(request) => {
            filled
                .take_effect(200, async |session, once| {
                    house.edit(session, once, id, request).await
                })
                .await
        }
        Err(problem) => return again(&house, &filled, &action, &problem).await,
    };
    match edited {
        Ok(reply) => to_sign(member, &reply),
        Err(error @ (Error::NotFound | Error::Store(_))) => Err(error.into()),
        Err(error) => again(&house, &filled, &action, &error.into()).await,
    }
}

/// The form once more, with what was typed and what is wrong with it.
async fn again(
    house: &House,
    filled: &Filled<Fields>,
    action: &str,
    problem: &Problem,
) -> Result<HttpResponse, Problem> {
    let fields = filled.fields.clone();
    form(house, &filled.member, fields, action, Some(problem)).await
}

async fn form(
    house: &House,
    member: &Member,
    fields: Fields,
    action: &str,
    problem: Option<&Problem>,
) -> Result<HttpResponse, Problem> {
    let say = member.visitor.say;
    let place = match Rka::parse(&fields.rka) {
        Ok(rka) => house.address(&rka).await.ok(),
        Err(_) => None,
    };
    let place = place.map(|place| place.in_language(say.language()).to_owned());
    let page = member.page(house).await?;
    let status = problem.map_or(StatusCode::OK, |problem| problem.status);
    Ok(page.clone().answer(
        status,
        &ApplyingPage {
            say,
            fields,
            place: place.unwrap_or_default(),
            months: MONTHS,
            today: today(house.now()),
            action: page.to(action),
            form: member.form_token(),
            key: house.uuid(house.now())?,
            told: problem.map(|problem| Told::new(say, problem)),
            page,
        },
    ))
}

/// On to the signature, or to the papers that an operator attaches first.
fn to_sign(member: &Member, reply: &Reply) -> Result<HttpResponse, Problem> {
    let drafted = serde_json::from_str::<Drafted>(&reply.body);
    let Drafted { id } = drafted.map_err(|_| Problem::from(Error::CutOff))?;
    Ok(member
        .visitor
        .to(&format!("/applications/{id}?done=drafted")))
}

impl Fields {
    async fn beginning(
        house: &House,
        member: &Member,
        beginning: &Beginning,
    ) -> Result<Self, Problem> {
        if let Some(id) = beginning.extends {
            let id = RegistrationId::new(id);
            let (application, registration) = house.registration(&member.session, id).await?;
            return Ok(Self::continuing(
                &registration,
                &application,
                &member.session.iin,
            ));
        }
        if let Some(code) = &beginning.code {
            let invitation = house.redeem(&member.session, code).await?;
            if invitation.stage != Stage::Open {
                return Err(Error::Invitation(Uninvited::Over(invitation.stage)).into());
            }
            return Ok(Self {
                invitation: invitation.id.uuid().to_string(),
                rka: invitation.rka.as_str().to_owned(),
                ..Self::for_days(&invitation.term)
            });
        }
        Ok(Self {
            rka: beginning.rka.trim().to_owned(),
            standpoint: beginning.standpoint.clone(),
            kind: "temporary".to_owned(),
            starts_on: today(house.now()).to_string(),
            ..Self::default()
        })
    }

    /// Each registration goes on by itself, whoever applied for it and with whom.
    fn continuing(registration: &Registration, application: &Application, own: &Iin) -> Self {
        let next = registration.term.until().and_then(|last| last.succ_opt());
        let ward = Some(&registration.resident).filter(|resident| *resident != own);
        Self {
            rka: registration.rka.as_str().to_owned(),
            arrived_on: application.arrived.to_string(),
            standpoint: "oneself".to_owned(),
            residents: ward.map(|iin| iin.as_str().to_owned()).unwrap_or_default(),
            extends: registration.id.uuid().to_string(),
            starts_on: next.map(|day| day.to_string()).unwrap_or_default(),
            ..Self::for_days(&registration.term)
        }
    }

    fn of(application: &Application) -> Self {
        let standpoint = match application.applicant.capacity {
            Capacity::Oneself => "oneself",
            Capacity::Administration(_) => "administration",
            Capacity::Operator(_) => "operator",
        };
        let residents = application.residents.iter().map(|one| one.iin.as_str());
        let residents: Vec<&str> = residents.collect();
        let alone = residents == [application.applicant.iin.as_str()];
        Self {
            rka: application.rka.as_str().to_owned(),
            arrived_on: application.arrived.to_string(),
            standpoint: standpoint.to_owned(),
            residents: if alone {
                String::new()
            } else {
                residents.join("\n")
            },
            extends: application
                .extends
                .map(|id| id.uuid().to_string())
                .unwrap_or_default(),
            ..Self::for_days(&application.term)
        }
    }

    fn for_days(term: &Term) -> Self {
        let kind: &'static str = term.kind().into();
        Self {
            kind: kind.to_owned(),
            starts_on: term.from().to_string(),
            months: term
                .months()
                .map(|months| months.to_string())
                .unwrap_or_default(),
            ..Self::default()
        }
    }

    /// What is asked for.
    fn request(&self, language: Language) -> Result<Request, Problem> {
        let kind = self.kind.parse().unwrap_or(Kind::Temporary);
        let months = match kind {
            Kind::Permanent => None,
            Kind::Temporary => Some(number(&self.months)?),
        };
        let residents = self.residents.split(|one: char| !one.is_alphanumeric());
        let residents = residents.filter(|one| !one.is_empty()).map(str::to_owned);
        let standpoint = Some(&self.standpoint).filter(|one| !one.is_empty());
        let request = DraftRequest {
            standpoint: standpoint.cloned(),
            residents: residents.collect(),
            rka: self.rka.trim().to_owned(),
            kind: Some(kind),
            starts_on: day(&self.starts_on)?,
            months,
            arrived_on: day(&self.arrived_on)?,
            language,
            extends: identifier(&self.extends)?,
            invitation: identifier(&self.invitation)?,
        };
        Request::try_from(&request)
    }
}

fn number(text: &str) -> Result<u32, Problem> {
    let number = text.parse();
    number.map_err(|_| Problem::malformed("the number of months is missing or wrong"))
}

fn day(text: &str) -> Result<NaiveDate, Problem> {
    let day = text.parse();
    day.map_err(|_| Problem::malformed("a date is missing or wrong"))
}

fn identifier(text: &str) -> Result<Option<Uuid>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    let id = Uuid::parse_str(text).map(Some);
    id.map_err(|_| Problem::malformed("an identifier is wrong"))
}
