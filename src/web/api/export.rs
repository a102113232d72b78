//! Everything that is kept about you, as a file.

use actix_web::http::header::{
    CacheControl, CacheDirective, ContentDisposition, DispositionParam, DispositionType,
};
use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::page;
use crate::domain::Language;
use crate::eds::Iin;
use crate::flow::export::Export;
use crate::flow::{Error, House};
use crate::web::auth::Person;
use crate::web::problem::Problem;

mod asked;
mod centre;
mod done;
mod held;
mod lines;

use asked::{ApplicationLine, ConsentLine, InvitationLine};
use centre::{AttestedLine, PaperLine};
use done::{EventLine, NoticeLine, RefusalLine, SessionLine};
use held::{DwellingLine, PowerLine, RegistrationLine};

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
    /// What was attested about you at service centres.
    attested: Vec<AttestedLine>,
    /// Papers that were scanned there for applications by which you are to be
    /// registered.
    papers: Vec<PaperLine>,
    /// Your registrations.
    registrations: Vec<RegistrationLine>,
    /// What you own by the register of today.
    dwellings: Vec<DwellingLine>,
    /// Powers of attorney that you gave, and that were given to you.
    powers_of_attorney: Vec<PowerLine>,
    /// Invitations that you wrote, and that are to you.
    invitations: Vec<InvitationLine>,
    /// Signatures that you offered and that were refused.
    refusals: Vec<RefusalLine>,
    /// What you did.
    events: Vec<EventLine>,
    /// What you were told.
    notices: Vec<NoticeLine>,
    /// When you signed in.
    sessions: Vec<SessionLine>,
}

/// Everything that is kept about you: applications, consents, invitations,
/// registrations, dwellings, powers of attorney, what was attested at service centres,
/// what you did and tried, what you were told, and when you signed in. Only with a
/// certificate of your own, not with an organisation's.
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
            attested: { export.applications.iter() }
                .flat_map(|one| AttestedLine::all(one, own))
                .collect(),
            papers: export.papers.iter().map(Into::into).collect(),
            registrations: registrations
                .map(|one| RegistrationLine::new(one, export, (language, now)))
                .collect(),
            dwellings: { export.dwellings.iter() }
                .map(|one| DwellingLine::new(one, language))
                .collect(),
            powers_of_attorney: { export.powers.iter() }
                .map(|one| PowerLine::new(one, own))
                .collect(),
            invitations: { export.invitations.iter() }
                .map(|one| InvitationLine::new(one, own, language))
                .collect(),
            refusals: export.refusals.iter().map(Into::into).collect(),
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
