//! Everything that is kept about you, as a file.

use std::fmt::Display;

use actix_web::http::header::{
    CacheControl, CacheDirective, ContentDisposition, DispositionParam, DispositionType,
};
use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::notices::about;
use super::page;
use super::views::{ApplicationView, ConsentView, RegistrationView};
use crate::domain::{
    Actor, Application, ApplicationId, Consent, Event, Holder, Language, Party, Registration,
    RegistrationId, VerificationCode,
};
use crate::eds::{Bin, Iin};
use crate::flow::export::Export;
use crate::flow::{Error, House, Kept, Past};
use crate::render::{notice, table};
use crate::web::auth::Person;
use crate::web::problem::Problem;

mod lines;

/// In which form.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportRequest {
    /// `json` (when absent) or `csv` (RFC 4180).
    #[serde(default)]
    #[param(example = "csv")]
    format: Option<String>,
    /// In which language addresses and notices are: `kk` (when absent), `ru` or `en`.
    #[serde(default)]
    #[param(example = "ru")]
    language: Option<String>,
}

/// Everything that is kept about you. Your own number stands whole, those of other
/// people are masked.
#[derive(Serialize, ToSchema)]
pub struct ExportView {
    /// Your individual identification number.
    #[schema(example = "900101300007")]
    iin: String,
    /// Your name by the certificate with which you signed in.
    name: String,
    /// The moment of which it is.
    exported_at: DateTime<Utc>,
    /// Applications that you made, by which you are to be registered, or that are
    /// put to you, oldest first.
    applications: Vec<ApplicationLine>,
    /// What was asked of you, and what you said.
    consents: Vec<ConsentLine>,
    /// Your registrations.
    registrations: Vec<RegistrationLine>,
    /// What you did.
    events: Vec<EventLine>,
    /// What you were told.
    notices: Vec<NoticeLine>,
    /// When you signed in.
    sessions: Vec<SessionLine>,
}

/// An application.
#[derive(Serialize, ToSchema)]
pub struct ApplicationLine {
    id: Uuid,
    state: &'static str,
    kind: &'static str,
    channel: &'static str,
    /// Who asks.
    applicant: PersonLine,
    /// Who is to be registered.
    residents: Vec<PersonLine>,
    rka: String,
    address: String,
    starts_on: NaiveDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_on: Option<NaiveDate>,
    arrived_on: NaiveDate,
    created_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
}

/// A person.
#[derive(Serialize, ToSchema)]
pub struct PersonLine {
    name: String,
    /// Yours stands whole, those of others are masked.
    #[schema(example = "9001********")]
    iin: String,
}

/// What was asked of you.
#[derive(Serialize, ToSchema)]
pub struct ConsentLine {
    id: Uuid,
    application: Uuid,
    /// In which round of it.
    round: i32,
    /// As what: `owner`, `tenant` or `resident`.
    party: &'static str,
    /// Whose consent it is: yours, or that of somebody for whom you may answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    iin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bin: Option<String>,
    answer: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

/// A registration of yours.
#[derive(Serialize, ToSchema)]
pub struct RegistrationLine {
    id: Uuid,
    application: Uuid,
    kind: &'static str,
    rka: String,
    address: String,
    starts_on: NaiveDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_on: Option<NaiveDate>,
    registered_at: DateTime<Utc>,
    standing: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<DateTime<Utc>>,
    /// The code on its certificates, once one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    verification_code: Option<String>,
}

/// Something that you did.
#[derive(Serialize, ToSchema)]
pub struct EventLine {
    application: Uuid,
    version: i64,
    kind: &'static str,
    state: &'static str,
    /// The organisation for which you did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    bin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registration: Option<Uuid>,
    at: DateTime<Utc>,
}

/// Something that you were told.
#[derive(Serialize, ToSchema)]
pub struct NoticeLine {
    id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    application: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invitation: Option<Uuid>,
    topic: &'static str,
    text: String,
    created_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    read_at: Option<DateTime<Utc>>,
}

/// A time when you were signed in.
#[derive(Serialize, ToSchema)]
pub struct SessionLine {
    id: Uuid,
    /// The organisation with whose certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    bin: Option<String>,
    created_at: DateTime<Utc>,
    seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<DateTime<Utc>>,
}

/// Everything that is kept about you: applications, consents, registrations, what
/// you did, what you were told, and when you signed in. Only with a certificate of
/// your own, not with an organisation's.
#[utoipa::path(tag = "auth", context_path = "/api/v1", params(ExportRequest),
    responses(
        (status = 200, description = "a file", content((ExportView = "application/json"), (String = "text/csv"))),
        (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem)))]
#[get("/me/export")]
pub async fn download(
    house: Data<House>,
    person: Person,
    request: Query<ExportRequest>,
) -> Result<HttpResponse, Problem> {
    let language = page::language(request.language.as_deref())?;
    let (kind, name) = match request.format.as_deref() {
        None | Some("json") => ("application/json", "kelisim.json"),
        Some("csv") => ("text/csv; charset=utf-8; header=present", "kelisim.csv"),
        Some(_) => return Err(Problem::malformed("format must be json or csv")),
    };
    let export = house.export(&person.0).await?;
    let view = ExportView::new(&export, house.now(), language);
    let body = match request.format.as_deref() {
        Some("csv") => lines::csv(&view).map_err(|_| Error::CutOff)?,
        _ => serde_json::to_vec(&view).map_err(|_| Error::CutOff)?,
    };
    Ok(HttpResponse::Ok()
        .content_type(kind)
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(name.to_owned())],
        })
        .insert_header(CacheControl(vec![CacheDirective::NoStore]))
        .body(body))
}

impl ExportView {
    fn new(export: &Export, now: DateTime<Utc>, language: Language) -> Self {
        let own = &export.iin;
        let (applications, consents) = (export.applications.iter(), export.consents.iter());
        let registrations = export.registrations.iter();
        Self {
            iin: own.as_str().to_owned(),
            name: export.name.clone(),
            exported_at: now,
            applications: applications
                .map(|one| ApplicationLine::new(one, own, (language, now)))
                .collect(),
            consents: consents.map(|one| ConsentLine::new(one, own)).collect(),
            registrations: registrations
                .map(|one| RegistrationLine::new(one, export, (language, now)))
                .collect(),
            events: export.events.iter().map(Into::into).collect(),
            notices: { export.notices.iter() }
                .map(|one| NoticeLine::new(one, language))
                .collect(),
            sessions: export.sessions.iter().map(Into::into).collect(),
        }
    }
}

/// Whole when it is one's own, masked when it is another's.
fn number(iin: &Iin, own: &Iin) -> String {
    match iin == own {
        true => iin.as_str().to_owned(),
        false => iin.masked(),
    }
}

impl ApplicationLine {
    fn new(
        application: &Application,
        own: &Iin,
        (language, now): (Language, DateTime<Utc>),
    ) -> Self {
        let view = ApplicationView::brief(application, &Actor::Person(own.clone()), now);
        let person = |name: &str, iin: &Iin| PersonLine {
            name: name.to_owned(),
            iin: number(iin, own),
        };
        let applicant = &application.applicant;
        let residents = application.residents.iter();
        Self {
            id: view.id,
            state: view.state,
            kind: view.kind,
            channel: view.channel,
            applicant: person(&applicant.name, &applicant.iin),
            residents: residents.map(|one| person(&one.name, &one.iin)).collect(),
            rka: view.rka,
            address: application.address.in_language(language).to_owned(),
            starts_on: view.starts_on,
            ends_on: view.ends_on,
            arrived_on: view.arrived_on,
            created_at: application.created_at,
            changed_at: application.changed_at,
        }
    }
}

impl ConsentLine {
    fn new((application, round, consent): &(ApplicationId, i32, Consent), own: &Iin) -> Self {
        let view = ConsentView::from(consent);
        let organisation = match &consent.party {
            Party::Owner(Holder::Organisation(bin)) | Party::Colleague(bin, _) => Some(bin),
            Party::Owner(Holder::Person(_)) | Party::Tenant(_) | Party::Resident(_) => None,
        };
        Self {
            id: view.id,
            application: application.uuid(),
            round: *round,
            party: view.party,
            iin: consent.party.person().map(|iin| number(iin, own)),
            bin: organisation.map(|bin| bin.as_str().to_owned()),
            answer: view.answer,
            answered_at: view.answered_at,
            reason: view.reason,
        }
    }
}

impl RegistrationLine {
    fn new(
        (application, registration): &(Application, Registration),
        export: &Export,
        (language, now): (Language, DateTime<Utc>),
    ) -> Self {
        let viewer = Actor::Person(export.iin.clone());
        let code = export.codes.get(&registration.id);
        let view = RegistrationView::new(application, registration, (&viewer, now));
        Self {
            id: view.id,
            application: view.application,
            kind: view.kind,
            rka: view.rka,
            address: registration.address.in_language(language).to_owned(),
            starts_on: view.starts_on,
            ends_on: view.ends_on,
            registered_at: view.registered_at,
            standing: view.standing,
            ended_at: view.ended_at,
            verification_code: code.map(VerificationCode::to_string),
        }
    }
}

impl From<&(ApplicationId, Event)> for EventLine {
    fn from((application, event): &(ApplicationId, Event)) -> Self {
        let organisation = match &event.actor {
            Actor::Member(member) => Some(&member.bin),
            Actor::Person(_) | Actor::Clock | Actor::Register => None,
        };
        Self {
            application: application.uuid(),
            version: event.version,
            kind: event.kind.into(),
            state: event.state.into(),
            bin: organisation.map(|bin: &Bin| bin.as_str().to_owned()),
            registration: event.registration.map(RegistrationId::uuid),
            at: event.at,
        }
    }
}

impl NoticeLine {
    fn new(kept: &Kept, language: Language) -> Self {
        let (application, invitation) = about(kept);
        Self {
            id: kept.id,
            application,
            invitation,
            topic: kept.topic.into(),
            text: notice::text(kept.topic, (&kept.facts, kept.created_at), language),
            created_at: kept.created_at,
            read_at: kept.read_at,
        }
    }
}

impl From<&Past> for SessionLine {
    fn from(past: &Past) -> Self {
        let session = &past.session;
        let organisation = session.organisation.as_ref();
        Self {
            id: session.id,
            bin: organisation.map(|(bin, _)| bin.as_str().to_owned()),
            created_at: session.created_at,
            seen_at: session.seen_at,
            expires_at: session.expires_at,
            ended_at: past.ended_at,
        }
    }
}

/// A moment as it stands in a table.
fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A cell that may be empty.
fn cell(value: Option<impl Display>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
