//! Dwellings, and who is registered in them.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::page;
use super::registrations::{
    RegistrationsRequest, RegistrationsView, StandingsRequest, StandingsView,
};
use super::views::AddressView;
use crate::domain::Actor;
use crate::flow::House;
use crate::flow::office::{Filter, Inhabited, Page};
use crate::web::auth::Person;
use crate::web::problem::Problem;

/// Which dwellings to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DwellingsRequest {
    /// Only those with all these words in the address, in any of the three languages,
    /// or in its code; 100 characters at most.
    #[serde(default)]
    #[param(example = "Абая 5")]
    text: Option<String>,
    /// `next` of the page before.
    #[serde(default)]
    #[param(example = "0201900167046043")]
    cursor: Option<String>,
    /// 1 to 100; 20 when absent.
    #[serde(default)]
    #[param(example = 20)]
    limit: Option<i64>,
}

/// A dwelling as an owner sees it, or who acts for one.
#[derive(Serialize, ToSchema)]
pub struct DwellingView {
    /// Registration code of the address.
    #[schema(example = "0201900167046043")]
    pub(in crate::web) rka: String,
    /// The address.
    pub(in crate::web) address: AddressView,
    /// `home`, or `lodging` for a dormitory, hotel, care home or the like.
    #[schema(example = "home")]
    pub(in crate::web) used_as: &'static str,
    /// Useful area in whole square metres, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 54)]
    pub(in crate::web) area: Option<u32>,
    /// How many own it.
    #[schema(example = 2)]
    pub(in crate::web) owners: usize,
    /// Whether you own it, or the organisation for which you sign does; otherwise you may
    /// take people off the register for an owner, by a power of attorney.
    #[schema(example = true)]
    pub(in crate::web) owned: bool,
    /// How many people are registered there today.
    #[schema(example = 3)]
    pub(in crate::web) registered: i64,
}

/// A page of dwellings, by their address codes.
#[derive(Serialize, ToSchema)]
pub struct DwellingsView {
    /// The dwellings.
    items: Vec<DwellingView>,
    /// The cursor of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The dwellings that you, or the organisation for which you sign, own by the
/// register of today, and those from which you may take people off the register for an
/// owner, by a power of attorney.
#[utoipa::path(tag = "dwellings", context_path = "/api/v1", params(DwellingsRequest),
    responses((status = 200, body = DwellingsView), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/dwellings")]
pub async fn list(
    house: Data<House>,
    person: Person,
    request: Query<DwellingsRequest>,
) -> Result<HttpResponse, Problem> {
    let after = request.cursor.as_deref().map(page::address_code);
    let (after, limit) = (after.transpose()?, page::limit(request.limit)?);
    let text = page::text(request.text.as_deref())?.unwrap_or_default();
    let page = (after.as_ref(), limit);
    let (found, next) = house.dwellings(&person.0, &text, page).await?;
    Ok(HttpResponse::Ok().json(DwellingsView {
        items: DwellingView::all(&found, &person.0.actor()),
        next: next.map(|rka| rka.as_str().to_owned()),
    }))
}

/// Who is registered there and was before, newest first: to an owner of today and to who
/// may take people off the register for one everybody, to a former one those to whose
/// registration they agreed.
#[utoipa::path(tag = "dwellings", context_path = "/api/v1",
    params(("rka" = String, Path, example = "0201900167046043"), RegistrationsRequest),
    responses((status = 200, body = RegistrationsView), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/dwellings/{rka}/registrations")]
pub async fn registrations(
    house: Data<House>,
    person: Person,
    rka: Path<String>,
    request: Query<RegistrationsRequest>,
) -> Result<HttpResponse, Problem> {
    let rka = page::address_code(&rka)?;
    let page = Page::try_from(&request.0)?;
    let found = house.registered_at(&person.0, &rka, &page).await?;
    Ok(HttpResponse::Ok().json(RegistrationsView::new(
        &found,
        (&person.0.actor(), house.now()),
    )))
}

/// How many of those that are looked for there are, to whomever the list is shown.
#[utoipa::path(tag = "dwellings", context_path = "/api/v1",
    params(("rka" = String, Path, example = "0201900167046043"), StandingsRequest),
    responses((status = 200, body = StandingsView), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/dwellings/{rka}/registrations/counts")]
pub async fn counts(
    house: Data<House>,
    person: Person,
    rka: Path<String>,
    request: Query<StandingsRequest>,
) -> Result<HttpResponse, Problem> {
    let rka = page::address_code(&rka)?;
    let filter = Filter::try_from(&request.0)?;
    let counted = house.counts_at(&person.0, &rka, &filter).await?;
    Ok(HttpResponse::Ok().json(StandingsView::from(counted)))
}

impl DwellingView {
    /// Dwellings as this person sees them.
    pub(in crate::web) fn all(found: &[Inhabited], viewer: &Actor) -> Vec<Self> {
        found.iter().map(|one| Self::new(one, viewer)).collect()
    }

    fn new((dwelling, registered): &Inhabited, viewer: &Actor) -> Self {
        Self {
            owned: viewer.is_one_of(&dwelling.owners),
            rka: dwelling.rka.as_str().to_owned(),
            address: AddressView::from(&dwelling.address),
            used_as: dwelling.used_as.into(),
            area: dwelling.area,
            owners: dwelling.owners.len(),
            registered: *registered,
        }
    }
}
