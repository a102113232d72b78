//! One registration: that it stands, its papers, and how it can end or go on.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use askama::Template;
use chrono::NaiveDate;
use uuid::Uuid;

use super::dressing::Told;
use super::page::Page;
use super::visitor::Member;
use crate::domain::{Language, Purpose, Registration, RegistrationId, today};
use crate::flow::{Error, House};
use crate::render::words::Words;
use crate::web::api::views::RegistrationView;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "registration.html")]
struct RegistrationPage {
    page: Page,
    say: Words,
    view: RegistrationView,
    can_leave: bool,
    can_remove: bool,
    referred: Option<String>,
    can_withdraw_removal: bool,
    extension: Extension,
}

/// Whether the person may ask that the registration goes on.
enum Extension {
    /// It is not theirs to ask for.
    No,
    /// From this day on.
    From(NaiveDate),
    /// At once.
    Now,
}

/// One registration.
#[get("/registrations/{id}")]
pub(super) async fn show(
    house: Data<House>,
    member: Member,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (id, session) = (RegistrationId::new(path.1), &member.session);
    let (application, registration) = house.registration(session, id).await?;
    let leaving = house.may_sign(session, &application, Purpose::Leaving(id));
    let can_leave = leaving.await?;
    let removal = house.hindrance(session, &application, Purpose::Removal(id));
    let removal = removal.await?;
    let withdrawal = house.may_withdraw_removal(session, &application, id);
    let can_withdraw_removal = withdrawal.await?;
    let speaks = house.speaks_for(session, &registration.resident).await?;
    let heard = house.heard_of(&registration).await?;
    let actor = session.actor();
    let view = RegistrationView::new(&application, &registration, (&actor, house.now()));
    let page = member.page(&house).await?;
    Ok(page.clone().show(&RegistrationPage {
        say: member.visitor.say,
        view: view.heard(heard.as_ref()),
        can_leave,
        can_remove: removal.is_none(),
        referred: removal.and_then(|error| referred(member.visitor.say, error)),
        can_withdraw_removal,
        extension: Extension::of(&registration, speaks, today(house.now())),
        page,
    }))
}

/// What an owner is told who cannot demand the end here, for there are owners who cannot
/// answer.
fn referred(say: Words, error: Error) -> Option<String> {
    matches!(error, Error::OwnerNotCapable(_)).then(|| Told::new(say, &error.into()).advice)
}

impl Extension {
    fn of(registration: &Registration, speaks: bool, today: NaiveDate) -> Self {
        if !speaks || !registration.is_active() {
            return Self::No;
        }
        match registration.term.extendable_from() {
            Some(day) if day > today => Self::From(day),
            Some(_) => Self::Now,
            None => Self::No,
        }
    }

    fn is_possible(&self) -> bool {
        matches!(self, Self::Now)
    }
}
