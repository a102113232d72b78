//! What the registers say of a person: registrations, dwellings, powers of attorney.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::number;
use crate::domain::register::PowerOfAttorney;
use crate::domain::{Actor, Application, Language, Registration, VerificationCode};
use crate::eds::{Bin, Iin};
use crate::flow::export::Export;
use crate::flow::office::Inhabited;
use crate::web::api::views::RegistrationView;

/// A registration of yours.
#[derive(Serialize, ToSchema)]
pub(super) struct RegistrationLine {
    pub(super) id: Uuid,
    pub(super) application: Uuid,
    pub(super) kind: &'static str,
    pub(super) rka: String,
    pub(super) address: String,
    pub(super) starts_on: NaiveDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ends_on: Option<NaiveDate>,
    pub(super) registered_at: DateTime<Utc>,
    pub(super) channel: &'static str,
    pub(super) standing: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ended_at: Option<DateTime<Utc>>,
    /// The code on its certificates, once one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) verification_code: Option<String>,
}

/// A dwelling that you own by the register of today.
#[derive(Serialize, ToSchema)]
pub(super) struct DwellingLine {
    pub(super) rka: String,
    pub(super) address: String,
    /// `home`, or `lodging` for a dormitory, hotel, care home or the like.
    #[schema(example = "home")]
    pub(super) used_as: &'static str,
    /// Useful area in whole square metres, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 54)]
    pub(super) area: Option<u32>,
    /// How many own it, you among them.
    #[schema(example = 2)]
    pub(super) owners: usize,
    /// How many people are registered there today.
    #[schema(example = 3)]
    pub(super) registered: i64,
}

/// A power of attorney that you gave, or that was given to you.
#[derive(Serialize, ToSchema)]
pub(super) struct PowerLine {
    /// Its number.
    #[schema(example = "ҮЛГІ-17/2026")]
    pub(super) number: String,
    /// Who gave it: yours stands whole, those of others are masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "900101300007")]
    pub(super) principal_iin: Option<String>,
    /// The organisation that gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "200140000004")]
    pub(super) principal_bin: Option<String>,
    /// Who acts by it.
    #[schema(example = "9206********")]
    pub(super) delegate_iin: String,
    /// The notary who certified it.
    #[schema(example = "ҮЛГІ НОТАРИУСЫ")]
    pub(super) notary: String,
    /// What it allows: `register`, `deregister`.
    #[schema(example = json!(["register"]))]
    pub(super) scope: Vec<&'static str>,
    /// The first day on which it holds.
    #[schema(example = "2026-01-01")]
    pub(super) valid_from: NaiveDate,
    /// The last one.
    #[schema(example = "2026-12-31")]
    pub(super) valid_until: NaiveDate,
    /// The day from which it no longer holds because it was taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-11-20")]
    pub(super) revoked_on: Option<NaiveDate>,
}

impl RegistrationLine {
    pub(super) fn new(
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
            channel: view.channel,
            standing: view.standing,
            ended_at: view.ended_at,
            verification_code: code.map(VerificationCode::to_string),
        }
    }
}

impl DwellingLine {
    pub(super) fn new((dwelling, registered): &Inhabited, language: Language) -> Self {
        Self {
            rka: dwelling.rka.as_str().to_owned(),
            address: dwelling.address.in_language(language).to_owned(),
            used_as: dwelling.used_as.into(),
            area: dwelling.area,
            owners: dwelling.owners.len(),
            registered: *registered,
        }
    }
}

impl PowerLine {
    pub(super) fn new(power: &PowerOfAttorney, own: &Iin) -> Self {
        let principal = &power.principal;
        let organisation = principal.organisation();
        Self {
            number: power.number.as_str().to_owned(),
            principal_iin: principal.person().map(|iin| number(iin, own)),
            principal_bin: organisation.map(|bin: &Bin| bin.as_str().to_owned()),
            delegate_iin: number(&power.delegate, own),
            notary: power.notary.clone(),
            scope: power.scope.iter().map(Into::into).collect(),
            valid_from: *power.valid.start(),
            valid_until: *power.valid.end(),
            revoked_on: power.revoked_on,
        }
    }
}
