//! One application: where it stands, what happened, and what one can do now.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use askama::Template;
use uuid::Uuid;

use super::page::Page;
use super::visitor::Member;
use crate::domain::{Answer, Application, ApplicationId, Consent, Language, Purpose, State};
use crate::flow::{Error, House, Seen, Session};
use crate::render::words::Words;
use crate::web::api::views::ApplicationView;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "application.html")]
struct ApplicationPage {
    page: Page,
    say: Words,
    view: ApplicationView,
    can: Can,
}

/// What a person can do with an application now.
struct Can {
    /// Sign it as the applicant.
    sign: bool,
    /// Write it anew.
    edit: bool,
    /// Take it back.
    withdraw: bool,
    /// Attach papers to it and attest, at a service centre.
    attest: bool,
    /// Answer under these consents.
    answer: Vec<Uuid>,
    /// Take these consents back.
    take_back: Vec<Uuid>,
}

impl Can {
    async fn of(house: &House, session: &Session, seen: &Seen) -> Result<Self, Error> {
        let application = &seen.application;
        let actor = session.actor();
        let applies = application.applicant.signatory().admits(&actor);
        let mut answer = Vec::new();
        for consent in application.all_consents() {
            let purpose = Purpose::Consent(consent.id);
            let is_asked = application.signatory_for(purpose, &actor).is_some();
            if is_asked && house.may_sign(session, application, purpose).await? {
                answer.push(consent.id.uuid());
            }
        }
        let given = application.consents_of(&actor).filter(|one| gave(one));
        let take_back = given.map(|consent| consent.id.uuid());
        Ok(Self {
            sign: applies
                && house
                    .may_sign(session, application, Purpose::Application)
                    .await?,
            edit: applies && is_written(application.state),
            withdraw: applies && application.state.is_open(),
            attest: applies && wants_papers(application),
            answer,
            take_back: match is_agreeing(application.state) {
                true => take_back.collect(),
                false => Vec::new(),
            },
        })
    }
}

fn gave(consent: &Consent) -> bool {
    matches!(consent.answer, Answer::Given(_))
}

/// Whether what is asked for can still be written anew.
fn is_written(state: State) -> bool {
    state == State::Draft || is_agreeing(state)
}

/// Whether the parties are at it.
fn is_agreeing(state: State) -> bool {
    matches!(state, State::AwaitingConsent | State::Consented)
}

fn wants_papers(application: &Application) -> bool {
    application.applicant.is_operator()
        && application.wants_attestation()
        && application.state == State::Draft
}

/// One application.
#[get("/applications/{id}")]
pub(super) async fn show(
    house: Data<House>,
    member: Member,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let seen = house
        .see(&member.session, ApplicationId::new(path.1))
        .await?;
    let can = Can::of(&house, &member.session, &seen).await?;
    let page = member.page(&house).await?;
    Ok(page.clone().show(&ApplicationPage {
        say: member.visitor.say,
        view: ApplicationView::full(&seen, &member.session.actor()),
        can,
        page,
    }))
}
