//! Answers that were reported to the service centres.

use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::{Actor, Application, ConsentId, DeclineReason};
use crate::flow::House;
use crate::flow::office::Report;
use crate::render::words::Words;
use crate::web::api::views::ApplicationView;
use crate::web::office::page::{Page, SHOWN};
use crate::web::office::search::{Search, Sought};
use crate::web::office::visitor::Member;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "desk/reports.html")]
struct ReportsPage {
    page: Page,
    say: Words,
    search: Search,
    found: Vec<Reported>,
    next: Option<Uuid>,
}

/// An answer that was reported.
pub(super) struct Reported {
    /// The application that was answered.
    pub(super) application: ApplicationView,
    /// What was answered.
    pub(super) reason: &'static str,
    /// When.
    pub(super) at: DateTime<Utc>,
}

/// A page of answers that were reported.
#[get("/desk/reports")]
pub(in crate::web::office) async fn list(
    house: Data<House>,
    member: Member,
    sought: Query<Sought>,
) -> Result<HttpResponse, Problem> {
    let (session, say) = (&member.session, member.visitor.say);
    let wanted = (sought.reason()?, sought.before()?, SHOWN);
    let (found, next) = house.reports(session, wanted).await?;
    let reasons = [DeclineReason::UnknownPerson, DeclineReason::NotMyDwelling];
    let reasons = reasons.map(|reason| (reason.into(), None)).into();
    let search = Search::new(sought.into_inner());
    let page = member.page(&house).await?;
    Ok(page.clone().show(&ReportsPage {
        page,
        say,
        search: search.one_of("reason", say.search_answer(), reasons),
        found: Reported::all(&found, (&session.actor(), house.now())),
        next: next.map(ConsentId::uuid),
    }))
}

impl Reported {
    /// Reported answers as this person sees them.
    pub(super) fn all(
        found: &[(Application, Report)],
        (viewer, now): (&Actor, DateTime<Utc>),
    ) -> Vec<Self> {
        let found = found.iter();
        found
            .map(|(application, report)| Self {
                application: ApplicationView::brief(application, viewer, now),
                reason: report.reason.into(),
                at: report.at,
            })
            .collect()
    }
}
