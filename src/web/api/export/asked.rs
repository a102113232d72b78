//! Applications, what was asked in them, and by what they began.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::number;
use crate::domain::{
    Actor, Application, ApplicationId, Consent, Holder, Invitation, Language, Party,
};
use crate::eds::Iin;
use crate::web::api::views::{ApplicationView, ConsentView};

/// An application.
#[derive(Serialize, ToSchema)]
pub(super) struct ApplicationLine {
    pub(super) id: Uuid,
    pub(super) state: &'static str,
    pub(super) kind: &'static str,
    pub(super) channel: &'static str,
    /// Who asks.
    pub(super) applicant: PersonLine,
    /// Who is to be registered.
    pub(super) residents: Vec<PersonLine>,
    pub(super) rka: String,
    pub(super) address: String,
    pub(super) starts_on: NaiveDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ends_on: Option<NaiveDate>,
    pub(super) arrived_on: NaiveDate,
    /// How often what is asked for was written.
    #[schema(example = 1)]
    pub(super) edition: i32,
    /// Until when the next answer is awaited; absent when nothing is awaited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deadline: Option<DateTime<Utc>>,
    /// Why the service refused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) grounds: Option<&'static str>,
    /// The registration that goes on by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) extends: Option<Uuid>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) changed_at: DateTime<Utc>,
}

/// A person.
#[derive(Serialize, ToSchema)]
pub(super) struct PersonLine {
    pub(super) name: String,
    /// Yours stands whole, those of others are masked.
    #[schema(example = "9001********")]
    pub(super) iin: String,
}

/// What was asked of you.
#[derive(Serialize, ToSchema)]
pub(super) struct ConsentLine {
    pub(super) id: Uuid,
    pub(super) application: Uuid,
    /// In which round of it.
    pub(super) round: i32,
    /// As what: `owner`, `tenant` or `resident`.
    pub(super) party: &'static str,
    /// Whose consent it is: yours, or that of somebody for whom you may answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) iin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bin: Option<String>,
    pub(super) answer: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) answered_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<&'static str>,
}

/// An invitation that you wrote, or that is to you.
#[derive(Serialize, ToSchema)]
pub(super) struct InvitationLine {
    pub(super) id: Uuid,
    /// `open`, `used`, `cancelled` or `expired`.
    #[schema(example = "open")]
    pub(super) stage: &'static str,
    /// Who invites: yours stands whole, those of others are masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "9001********")]
    pub(super) by_iin: Option<String>,
    /// The organisation that invites.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) by_bin: Option<String>,
    /// Who is invited.
    #[schema(example = "920614499917")]
    pub(super) resident_iin: String,
    pub(super) rka: String,
    pub(super) address: String,
    pub(super) kind: &'static str,
    pub(super) starts_on: NaiveDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ends_on: Option<NaiveDate>,
    /// What came of it, when it is to you.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) application: Option<Uuid>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ended_at: Option<DateTime<Utc>>,
}

impl ApplicationLine {
    pub(super) fn new(
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
            edition: view.edition,
            deadline: view.deadline,
            grounds: view.grounds,
            extends: view.extends,
            created_at: application.created_at,
            changed_at: application.changed_at,
        }
    }
}

impl ConsentLine {
    pub(super) fn new(
        (application, round, consent): &(ApplicationId, i32, Consent),
        own: &Iin,
    ) -> Self {
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

impl InvitationLine {
    pub(super) fn new(invitation: &Invitation, own: &Iin, language: Language) -> Self {
        let application = invitation.application;
        let application = application.filter(|_| invitation.resident == *own);
        let organisation = invitation.by.organisation();
        Self {
            id: invitation.id.uuid(),
            stage: invitation.stage.into(),
            by_iin: invitation.by.person().map(|iin| number(iin, own)),
            by_bin: organisation.map(|bin| bin.as_str().to_owned()),
            resident_iin: number(&invitation.resident, own),
            rka: invitation.rka.as_str().to_owned(),
            address: invitation.address.in_language(language).to_owned(),
            kind: invitation.term.kind().into(),
            starts_on: invitation.term.from(),
            ends_on: invitation.term.until(),
            application: application.map(ApplicationId::uuid),
            created_at: invitation.created_at,
            expires_at: invitation.expires_at,
            ended_at: invitation.ended_at,
        }
    }
}
