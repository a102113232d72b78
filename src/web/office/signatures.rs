//! How a person's own signatures were judged: in words, with the report beside it.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::page::Page;
use super::visitor::Member;
use crate::domain::{ApplicationId, Language};
use crate::flow::House;
use crate::render::words::Words;
use crate::web::problem::Problem;

/// What a page shows of a validation report (ETSI EN 319 102-1 section 5.1.3).
#[derive(Deserialize)]
struct Summary {
    indication: String,
    policy: String,
    signed_at: DateTime<Utc>,
    checks: Vec<Check>,
    #[serde(default)]
    time_stamps: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Check {
    check: String,
    outcome: String,
}

/// A signature and what was found of it.
struct Judged {
    purpose: &'static str,
    document: Uuid,
    received_at: DateTime<Utc>,
    summary: Option<Summary>,
    report: String,
}

#[derive(Template)]
#[template(path = "signatures.html")]
struct SignaturesPage {
    page: Page,
    say: Words,
    application: Uuid,
    found: Vec<Judged>,
}

/// The person's signatures under an application and what came of it.
#[get("/applications/{id}/signatures")]
pub(super) async fn show(
    house: Data<House>,
    member: Member,
    path: Path<(Language, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let id = ApplicationId::new(path.1);
    let found = house.own_signatures(&member.session, id).await?;
    let page = member.page(&house).await?;
    let found = found.into_iter().map(|(purpose, stored)| Judged {
        purpose: purpose.into(),
        document: stored.document.uuid(),
        received_at: stored.received_at,
        report: serde_json::to_string_pretty(&stored.report).unwrap_or_default(),
        summary: serde_json::from_value(stored.report).ok(),
    });
    Ok(page.clone().show(&SignaturesPage {
        say: member.visitor.say,
        application: path.1,
        found: found.collect(),
        page,
    }))
}
