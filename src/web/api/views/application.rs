//! An application as its people see it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    AddressView, AttachmentView, ConsentView, DocumentView, DutyView, RegistrationView,
    ResidentView,
};
use crate::domain::{Actor, Answer, Application, Capacity, Event, Purpose, RegistrationId};
use crate::flow::{Reply, Seen};
use crate::web::api::waiting::WaitingView;

/// An application as one of its people sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ApplicationView {
    /// Its identifier.
    pub id: Uuid,
    /// Number of steps made.
    #[schema(example = 2)]
    pub version: i64,
    /// `draft`, `pending_evidence`, `awaiting_consent`, `consented`, `registered`, `ended`,
    /// `declined`, `withdrawn`, `lapsed` or `refused`.
    #[schema(example = "awaiting_consent")]
    pub state: &'static str,
    /// As whom you see it: `resident`, `administration`, `operator`, or `owner` when
    /// you are asked or own the dwelling.
    #[schema(example = "resident")]
    pub role: &'static str,
    /// `portal` or `service_centre`.
    #[schema(example = "portal")]
    pub channel: &'static str,
    /// `temporary` or `permanent`.
    #[schema(example = "temporary")]
    pub kind: &'static str,
    /// How often what is asked for was written.
    #[schema(example = 1)]
    pub edition: i32,
    /// How often the parties were asked.
    #[schema(example = 1)]
    pub round: i32,
    /// Name of the person who asks.
    pub applicant_name: String,
    /// Who is to be registered.
    pub residents: Vec<ResidentView>,
    /// Registration code of the address.
    #[schema(example = "0201900167046043")]
    pub rka: String,
    /// The address.
    pub address: AddressView,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day; absent when there is no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<NaiveDate>,
    /// Length in months; absent when there is no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 3)]
    pub months: Option<u32>,
    /// Day of arrival.
    pub arrived_on: NaiveDate,
    /// The registration that goes on by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extends: Option<Uuid>,
    /// The duty to register within ten days of arrival; absent for an extension,
    /// which is no arrival.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duty: Option<DutyView>,
    /// Until when the next answer is awaited; absent when nothing is awaited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<DateTime<Utc>>,
    /// Why the service refused: `owners_changed`, `signature_void`,
    /// `already_registered`, `nothing_to_extend`, `crowded`, `over`, `owner_dead`,
    /// `owner_not_capable`, `resident_dead`, `resident_too_young`,
    /// `resident_not_capable`, `person_unknown`, `not_in_lease`, `not_a_lodging`,
    /// `not_a_centre`, `conflict_of_interest`, `power_void`, `representative_void` or
    /// `self_consent`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grounds: Option<&'static str>,
    /// How many parties are asked and what they said.
    pub answers: AnswersView,
    /// To the applicant all consents, to a party only their own.
    pub consents: Vec<ConsentView>,
    /// Signatures of yours that were received and wait for their evidence; to the
    /// applicant, the others' as well. Absent in lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<WaitingView>,
    /// The registration to which it led, when it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<Uuid>,
    /// The registrations to which it led: one for each resident.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub registrations: Vec<RegistrationView>,
    /// What happened, oldest first. Absent in lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<EventView>,
    /// What is attached, to the service centre and the residents. Absent in lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentView>,
    /// What the applicant is to sign, while that is awaited. Absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_sign: Option<DocumentView>,
}

/// Counts of the parties' answers.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct AnswersView {
    /// Parties who are asked.
    pub asked: usize,
    /// Parties whose consent waits for its evidence.
    pub pending: usize,
    /// Parties who consented.
    pub given: usize,
    /// Parties who said no, at once or after a yes.
    pub declined: usize,
}

/// One line of the history.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EventView {
    /// The version that it led to.
    pub version: i64,
    /// What happened, such as `signed` or `consent_given`.
    #[schema(example = "signed")]
    pub kind: &'static str,
    /// The state that it led to.
    pub state: &'static str,
    /// `resident` for the applicant, `owner` for others, `service` or `register`.
    pub actor: &'static str,
    /// The registration that it was about, when it was about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<Uuid>,
    /// When.
    pub at: DateTime<Utc>,
}

impl ApplicationView {
    /// Applications as this person sees them in a list.
    pub fn all(found: &[Application], viewer: &Actor, now: DateTime<Utc>) -> Vec<Self> {
        let found = found.iter();
        found.map(|one| Self::brief(one, viewer, now)).collect()
    }

    /// The application as `viewer` may see it in a list.
    pub fn brief(application: &Application, viewer: &Actor, now: DateTime<Utc>) -> Self {
        let applies = application.applicant.signatory().admits(viewer);
        let all = application.consents.iter().filter(|_| applies);
        let own = application.consents_of(viewer).filter(|_| !applies);
        let led = application.registrations.iter();
        let only = match application.registrations.as_slice() {
            [one] => Some(one.id),
            [] | [_, ..] => None,
        };
        Self {
            id: application.id.uuid(),
            version: application.version,
            state: application.state.into(),
            role: role(application, viewer),
            channel: channel(application),
            kind: application.kind().into(),
            edition: application.edition,
            round: application.round,
            applicant_name: application.applicant.name.clone(),
            residents: application.residents.iter().map(Into::into).collect(),
            rka: application.rka.as_str().to_owned(),
            address: AddressView::from(&application.address),
            starts_on: application.term.from(),
            ends_on: application.term.until(),
            months: application.term.months(),
            arrived_on: application.arrived,
            extends: application.extends.map(RegistrationId::uuid),
            duty: DutyView::of(application, now),
            deadline: application.state.is_open().then_some(application.deadline),
            grounds: application.grounds.map(Into::into),
            answers: AnswersView::from(application),
            consents: all.chain(own).map(ConsentView::from).collect(),
            waiting: Vec::new(),
            registration: only.map(RegistrationId::uuid),
            registrations: led
                .map(|one| RegistrationView::new(application, one, (viewer, now)))
                .collect(),
            history: Vec::new(),
            attachments: Vec::new(),
            to_sign: None,
        }
    }

    /// The application as `viewer` may see it alone, with its history.
    pub fn full(seen: &Seen, viewer: &Actor) -> Self {
        let application = &seen.application;
        let applies = application.applicant.signatory().admits(viewer);
        let to_sign = seen.to_sign.as_ref().filter(|_| applies);
        let papers = seen.attachments.iter();
        let papers = papers.filter(|_| application.shows_papers_to(viewer));
        let history = seen.history.iter();
        let waiting = seen.waiting.iter().filter(|waiting| {
            applies || application.signatory_for(waiting.purpose, viewer).is_some()
        });
        Self {
            history: history
                .map(|event| EventView::new(event, application))
                .collect(),
            attachments: papers.map(AttachmentView::from).collect(),
            to_sign: to_sign.map(DocumentView::from),
            waiting: waiting.map(WaitingView::from).collect(),
            ..Self::brief(application, viewer, seen.at)
        }
    }

    /// The answer that shows it.
    pub fn reply(seen: &Seen, viewer: &Actor, status: u16) -> Reply {
        let view = Self::full(seen, viewer);
        Reply {
            status,
            body: serde_json::to_string(&view).unwrap_or_default(),
        }
    }

    /// The answer to a signature: done, or accepted and still to be decided
    /// (RFC 9110 section 15.3.3).
    pub fn reply_to_signature(seen: &Seen, viewer: &Actor, purpose: Purpose) -> Reply {
        let status = match seen.application.is_pending(purpose) {
            true => 202,
            false => 200,
        };
        Self::reply(seen, viewer, status)
    }
}

impl From<&Application> for AnswersView {
    fn from(application: &Application) -> Self {
        let count = |wanted: fn(&Answer) -> bool| {
            let answers = application.consents.iter().map(|consent| &consent.answer);
            answers.filter(|answer| wanted(answer)).count()
        };
        Self {
            asked: application.consents.len(),
            pending: count(Answer::is_pending),
            given: count(Answer::is_given),
            declined: count(|answer| matches!(answer, Answer::Declined(..) | Answer::TakenBack(_))),
        }
    }
}

impl EventView {
    fn new(event: &Event, application: &Application) -> Self {
        let actor = match event.actor.iin() {
            Some(iin) if *iin == application.applicant.iin => "resident",
            Some(_) => "owner",
            None if event.actor == Actor::Register => "register",
            None => "service",
        };
        Self {
            version: event.version,
            kind: event.kind.into(),
            state: event.state.into(),
            actor,
            registration: event.registration.map(RegistrationId::uuid),
            at: event.at,
        }
    }
}

/// By which way an application came.
pub(super) fn channel(application: &Application) -> &'static str {
    match application.applicant.capacity {
        Capacity::Oneself | Capacity::Administration(_) => "portal",
        Capacity::Operator(_) => "service_centre",
    }
}

fn role(application: &Application, viewer: &Actor) -> &'static str {
    let applies = application.applicant.signatory().admits(viewer);
    let moves_in = matches!(viewer, Actor::Person(iin) if application.resident(iin).is_some());
    match application.applicant.capacity {
        Capacity::Administration(_) if applies => "administration",
        Capacity::Operator(_) if application.is_lodged_beside(viewer) => "operator",
        Capacity::Oneself if applies => "resident",
        Capacity::Oneself | Capacity::Administration(_) | Capacity::Operator(_) if moves_in => {
            "resident"
        }
        Capacity::Oneself | Capacity::Administration(_) | Capacity::Operator(_) => "owner",
    }
}
