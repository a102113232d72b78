//! Saying no: a party declines or takes a consent back, the applicant takes the
//! application back, an owner a demand. Each is asked once more before it is done.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use strum::VariantArray;
use uuid::Uuid;

use super::filled::{Filled, Nothing};
use super::page::Page;
use super::visitor::Member;
use crate::domain::{ApplicationId, ConsentId, DeclineReason, Language, Purpose, RegistrationId};
use crate::flow::House;
use crate::render::words::Words;
use crate::web::api::views::ApplicationView;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "answering.html")]
struct AnsweringPage {
    page: Page,
    say: Words,
    view: ApplicationView,
    back: String,
    title: String,
    explained: String,
    button: String,
    reasons: Vec<&'static str>,
    form: String,
    key: Uuid,
}

/// Why somebody says no.
#[derive(Deserialize)]
struct Reasoned {
    reason: DeclineReason,
}

/// What a person is asked once more.
enum Question {
    Withdraw,
    Decline,
    TakeBack,
    WithdrawRemoval,
}

/// Whether the applicant means to take the application back.
#[get("/applications/{id}/withdraw")]
pub(super) async fn withdrawal(
    house: Data<House>,
    member: Member,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    ask_about(&house, &member, path.1, Question::Withdraw).await
}

/// The applicant takes the application back.
#[post("/applications/{id}/withdraw")]
pub(super) async fn withdraw(
    house: Data<House>,
    filled: Filled<Nothing>,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let id = ApplicationId::new(path.1);
    filled
        .take_effect(200, async |session, once| {
            house.withdraw(session, once, id).await
        })
        .await?;
    Ok(after(&filled.member, path.1, "withdrawn"))
}

/// Whether, and why, a party means to say no.
#[get("/applications/{id}/consents/{consent}/decline")]
pub(super) async fn refusal(
    house: Data<House>,
    member: Member,
    path: Path<(Language, Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    ask_about(&house, &member, path.1, Question::Decline).await
}

/// A party says no.
#[post("/applications/{id}/consents/{consent}/decline")]
pub(super) async fn decline(
    house: Data<House>,
    filled: Filled<Reasoned>,
    path: Path<(Language, Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (id, consent) = (ApplicationId::new(path.1), ConsentId::new(path.2));
    let reason = filled.fields.reason;
    filled
        .take_effect(200, async |session, once| {
            house.decline(session, once, id, consent, reason).await
        })
        .await?;
    Ok(after(&filled.member, path.1, "declined"))
}

/// Whether a party means to take a consent back.
#[get("/applications/{id}/consents/{consent}/take-back")]
pub(super) async fn reversal(
    house: Data<House>,
    member: Member,
    path: Path<(Language, Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    ask_about(&house, &member, path.1, Question::TakeBack).await
}

/// A party takes a consent back.
#[post("/applications/{id}/consents/{consent}/take-back")]
pub(super) async fn take_back(
    house: Data<House>,
    filled: Filled<Nothing>,
    path: Path<(Language, Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (id, consent) = (ApplicationId::new(path.1), ConsentId::new(path.2));
    filled
        .take_effect(200, async |session, once| {
            house.take_back(session, once, id, consent).await
        })
        .await?;
    Ok(after(&filled.member, path.1, "taken-back"))
}

/// Whether an owner means to take back the demand to end a registration.
#[get("/registrations/{id}/removal/withdraw")]
pub(super) async fn removal_withdrawal(
    house: Data<House>,
    member: Member,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let purpose = Purpose::Removal(RegistrationId::new(path.1));
    let application = house.application_with(purpose).await?;
    let back = format!("/registrations/{}", path.1);
    ask(
        &house,
        &member,
        (application, back),
        Question::WithdrawRemoval,
    )
    .await
}

/// An owner takes back the demand to end a registration.
#[post("/registrations/{id}/removal/withdraw")]
pub(super) async fn withdraw_removal(
    house: Data<House>,
    filled: Filled<Nothing>,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let id = RegistrationId::new(path.1);
    filled
        .take_effect(200, async |session, once| {
            house.withdraw_removal(session, once, id).await
        })
        .await?;
    let back = format!("/registrations/{}?done=removal-withdrawn", path.1);
    Ok(filled.member.visitor.to(&back))
}

async fn ask_about(
    house: &House,
    member: &Member,
    id: Uuid,
    question: Question,
) -> Result<HttpResponse, Problem> {
    let back = format!("/applications/{id}");
    ask(house, member, (ApplicationId::new(id), back), question).await
}

async fn ask(
    house: &House,
    member: &Member,
    (id, back): (ApplicationId, String),
    question: Question,
) -> Result<HttpResponse, Problem> {
    let seen = house.see(&member.session, id).await?;
    let (page, say) = (member.page(house).await?, member.visitor.say);
    let (title, explained, button) = question.words(say);
    Ok(page.clone().show(&AnsweringPage {
        page,
        say,
        view: ApplicationView::full(&seen, &member.session.actor()),
        back,
        title,
        explained,
        button,
        reasons: match question {
            Question::Decline => DeclineReason::VARIANTS.iter().map(Into::into).collect(),
            Question::Withdraw | Question::TakeBack | Question::WithdrawRemoval => Vec::new(),
        },
        form: member.form_token(),
        key: house.uuid(house.now())?,
    }))
}

impl Question {
    fn words(&self, say: Words) -> (String, String, String) {
        match self {
            Self::Withdraw => (
                say.withdraw_title(),
                say.withdraw_text(),
                say.withdraw_button(),
            ),
            Self::Decline => (
                say.decline_title(),
                say.decline_text(),
                say.decline_button(),
            ),
            Self::TakeBack => (
                say.take_back_title(),
                say.take_back_text(),
                say.take_back_button(),
            ),
            Self::WithdrawRemoval => (
                say.withdraw_removal_title(),
                say.withdraw_removal_text(),
                say.withdraw_removal_button(),
            ),
        }
    }
}

fn after(member: &Member, id: Uuid, done: &str) -> HttpResponse {
    member
        .visitor
        .to(&format!("/applications/{id}?done={done}"))
}
