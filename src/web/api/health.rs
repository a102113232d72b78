//! Whether the service lives, and whether it can do its work.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;
use utoipa::ToSchema;

use crate::flow::House;

/// What the service needs, part by part.
#[derive(Serialize, ToSchema)]
pub struct ReadyView {
    /// Whether everything is there.
    ready: bool,
    /// `ok` or `unreachable`.
    database: &'static str,
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
    let ready = house.is_ready().await;
    let (status, database) = if ready {
        (StatusCode::OK, "ok")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "unreachable")
    };
    HttpResponse::build(status).json(ReadyView { ready, database })
}

/// Figures for Prometheus.
#[utoipa::path(tag = "operations", security(()), responses((status = 200, content_type = "text/plain")))]
#[get("/metrics")]
pub async fn metrics(handle: Data<PrometheusHandle>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(handle.render())
}
