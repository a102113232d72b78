//! Whether the service lives, and whether it can do its work.

use std::time::Instant;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;
use utoipa::ToSchema;

use crate::flow::watch::Standing;
use crate::flow::{House, Watch};

/// What the service needs, part by part.
#[derive(Serialize, ToSchema)]
pub struct ReadyView {
    /// Whether it can do its work: the database answers, and the worker goes on.
    ready: bool,
    /// `ok` or `unreachable`.
    database: &'static str,
    /// `ok`, or `stands_still` when a job of this process has not come round for long.
    worker: &'static str,
    /// `ok`; `in_doubt` when the database says a time that is minutes away from the
    /// one before; `unread` when it has not said it for minutes. People are served
    /// meanwhile, but nothing lapses or ends because of the time.
    clock: &'static str,
}

/// The process lives.
#[utoipa::path(tag = "operations", security(()), responses((status = 204)))]
#[get("/health/live")]
pub async fn live() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// The service can do its work.
#[utoipa::path(tag = "operations", security(()),
    responses((status = 200, body = ReadyView), (status = 503, body = ReadyView)))]
#[get("/health/ready")]
pub async fn ready(house: Data<House>) -> HttpResponse {
    let database = house.is_ready().await;
    let worker = !house.watch.stands_still(Instant::now());
    let ready = database && worker;
    let status = match ready {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    HttpResponse::build(status).json(ReadyView {
        ready,
        database: if database { "ok" } else { "unreachable" },
        worker: if worker { "ok" } else { "stands_still" },
        clock: clock(&house.watch),
    })
}

/// How the clock stands, in a word.
pub(in crate::web) fn clock(watch: &Watch) -> &'static str {
    match watch.standing() {
        Standing::Agrees => "ok",
        Standing::Differs(_) => "in_doubt",
        Standing::Unread => "unread",
    }
}

/// Figures for Prometheus.
#[utoipa::path(tag = "operations", security(()), responses((status = 200, content_type = "text/plain")))]
#[get("/metrics")]
pub async fn metrics(handle: Data<PrometheusHandle>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(handle.render())
}
