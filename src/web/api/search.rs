//! Lists of applications, what is looked for in them, and how many there are.

use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::page;
use super::views::ApplicationView;
use crate::domain::{ApplicationId, State};
use crate::flow::House;
use crate::flow::see::{Filter, Page, Role};
use crate::web::auth::Person;
use crate::web::problem::Problem;

/// Which applications to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListRequest {
    /// `resident` (when absent) for your own applications, `owner` for those put to
    /// you, `asked` for those in which your answer is still awaited (a consent, or the
    /// confirmation of an end), `operator` for those lodged at the service centre for
    /// which you work.
    #[serde(default)]
    #[param(example = "owner")]
    role: Option<String>,
    /// Only those in this state.
    #[serde(default)]
    #[param(example = "awaiting_consent")]
    state: Option<String>,
    /// Only those of this kind: `temporary` or `permanent`.
    #[serde(default)]
    #[param(example = "temporary")]
    kind: Option<String>,
    /// Only those at this address: sixteen digits.
    #[serde(default)]
    #[param(example = "0201900167046043")]
    rka: Option<String>,
    /// Only those with all these words in the name of a resident or in the address,
    /// in any of the three languages, in large or small letters; 100 characters at
    /// most.
    #[serde(default)]
    #[param(example = "Абая 5")]
    text: Option<String>,
    /// Only those for some day from this one on.
    #[serde(default)]
    #[param(example = "2026-11-01")]
    from: Option<NaiveDate>,
    /// Only those for some day up to this one.
    #[serde(default)]
    #[param(example = "2026-11-30")]
    until: Option<NaiveDate>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<Uuid>,
    /// 1 to 100; 20 when absent.
    #[serde(default)]
    #[param(example = 20)]
    limit: Option<i64>,
}

/// Which applications to count.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CountsRequest {
    /// `resident` (when absent), `owner`, `asked` or `operator`, as in the list.
    #[serde(default)]
    #[param(example = "owner")]
    role: Option<String>,
    /// Only those of this kind: `temporary` or `permanent`.
    #[serde(default)]
    #[param(example = "temporary")]
    kind: Option<String>,
    /// Only those at this address: sixteen digits.
    #[serde(default)]
    #[param(example = "0201900167046043")]
    rka: Option<String>,
    /// Only those with all these words, as in the list.
    #[serde(default)]
    #[param(example = "Абая 5")]
    text: Option<String>,
    /// Only those for some day from this one on.
    #[serde(default)]
    #[param(example = "2026-11-01")]
    from: Option<NaiveDate>,
    /// Only those for some day up to this one.
    #[serde(default)]
    #[param(example = "2026-11-30")]
    until: Option<NaiveDate>,
}

/// A page of applications, newest first.
#[derive(Serialize, ToSchema)]
pub struct ListView {
    /// The applications.
    items: Vec<ApplicationView>,
    /// The cursor of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Uuid>,
}

/// How many applications there are in each state.
#[derive(Default, Serialize, ToSchema)]
pub struct CountsView {
    /// In any state.
    #[schema(example = 7)]
    total: i64,
    draft: i64,
    pending_evidence: i64,
    #[schema(example = 2)]
    awaiting_consent: i64,
    consented: i64,
    #[schema(example = 5)]
    registered: i64,
    ended: i64,
    declined: i64,
    withdrawn: i64,
    lapsed: i64,
    refused: i64,
}

/// Your applications, those put to you, or those of your service centre, newest
/// first.
#[utoipa::path(tag = "applications", context_path = "/api/v1", params(ListRequest),
    responses((status = 200, body = ListView), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/applications")]
pub async fn list(
    house: Data<House>,
    person: Person,
    request: Query<ListRequest>,
) -> Result<HttpResponse, Problem> {
    let page = Page::try_from(&request.0)?;
    let (found, next) = house.list(&person.0, &page).await?;
    let viewer = person.0.actor();
    let items = ApplicationView::all(&found, &viewer, house.now());
    let next = next.map(ApplicationId::uuid);
    Ok(HttpResponse::Ok().json(ListView { items, next }))
}

/// How many of those that are looked for there are in each state.
#[utoipa::path(tag = "applications", context_path = "/api/v1", params(CountsRequest),
    responses((status = 200, body = CountsView), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/applications/counts")]
pub async fn counts(
    house: Data<House>,
    person: Person,
    request: Query<CountsRequest>,
) -> Result<HttpResponse, Problem> {
    let role = role(request.role.as_deref())?;
    let filter = Filter::try_from(&request.0)?;
    let counted = house.counts(&person.0, role, &filter).await?;
    Ok(HttpResponse::Ok().json(CountsView::from(counted)))
}

fn role(text: Option<&str>) -> Result<Role, Problem> {
    match text {
        None | Some("resident") => Ok(Role::Resident),
        Some("owner") => Ok(Role::Owner),
        Some("asked") => Ok(Role::Asked),
        Some("operator") => Ok(Role::Operator),
        Some(_) => Err(Problem::malformed(
            "role must be resident, owner, asked or operator",
        )),
    }
}

impl TryFrom<&ListRequest> for Page {
    type Error = Problem;

    fn try_from(request: &ListRequest) -> Result<Self, Problem> {
        let rka = request.rka.as_deref();
        let filter = Filter {
            state: page::word(request.state.as_deref(), "there is no such state")?,
            kind: page::kind(request.kind.as_deref())?,
            rka: rka.map(page::address_code).transpose()?,
            text: page::text(request.text.as_deref())?,
            from: request.from,
            until: request.until,
        };
        Ok(Self {
            role: role(request.role.as_deref())?,
            filter,
            before: request.cursor.map(ApplicationId::new),
            limit: page::limit(request.limit)?,
        })
    }
}

impl TryFrom<&CountsRequest> for Filter {
    type Error = Problem;

    fn try_from(request: &CountsRequest) -> Result<Self, Problem> {
        let rka = request.rka.as_deref();
        Ok(Self {
            state: None,
            kind: page::kind(request.kind.as_deref())?,
            rka: rka.map(page::address_code).transpose()?,
            text: page::text(request.text.as_deref())?,
            from: request.from,
            until: request.until,
        })
    }
}

impl From<Vec<(State, i64)>> for CountsView {
    fn from(counted: Vec<(State, i64)>) -> Self {
        let mut view = Self::default();
        for (state, count) in counted {
            view.total += count;
            *view.of(state) = count;
        }
        view
    }
}

impl CountsView {
    fn of(&mut self, state: State) -> &mut i64 {
        match state {
            State::Draft => &mut self.draft,
            State::PendingEvidence => &mut self.pending_evidence,
            State::AwaitingConsent => &mut self.awaiting_consent,
            State::Consented => &mut self.consented,
            State::Registered => &mut self.registered,
            State::Ended => &mut self.ended,
            State::Declined => &mut self.declined,
            State::Withdrawn => &mut self.withdrawn,
            State::Lapsed => &mut self.lapsed,
            State::Refused => &mut self.refused,
        }
    }
}
