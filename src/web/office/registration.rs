//! One registration: that it stands, its papers, and how it can end or go on.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use askama::Template;
use chrono::NaiveDate;
use uuid::Uuid;

use super::page::Page;
use super::visitor::Member;
use crate::domain::{Actor, Language, Purpose, Registration, RegistrationId, today};
use crate::flow::House;
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
    let removal = house.may_sign(session, &application, Purpose::Removal(id));
    let can_remove = removal.await?;
    let heard = house.heard_of(&registration).await?;
    let actor = session.actor();
    let view = RegistrationView::new(&application, &registration, (&actor, house.now()));
    let page = member.page(&house).await?;
    Ok(page.clone().show(&RegistrationPage {
        say: member.visitor.say,
        view: view.heard(heard.as_ref()),
        can_leave,
        can_remove,
        extension: Extension::of(&registration, &actor, today(house.now())),
        page,
    }))
}

impl Extension {
    fn of(registration: &Registration, actor: &Actor, today: NaiveDate) -> Self {
        let own = matches!(actor, Actor::Person(iin) if *iin == registration.resident);
        if !own || !registration.is_active() {
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
