//! Binds an address and serves until told to stop.

use std::net::{SocketAddr, TcpListener};

use actix_web::dev::Server;
use actix_web::http::header;
use actix_web::middleware::{Compress, DefaultHeaders, from_fn};
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use metrics_exporter_prometheus::PrometheusHandle;

use super::limits::{self, Limits};
use super::{observe, office, routes};
use crate::flow::House;

/// What stands between the network and the house.
#[derive(Clone)]
pub struct Front {
    /// How often one address may ask.
    pub limits: Limits,
    /// Where figures are gathered.
    pub metrics: PrometheusHandle,
    /// Threads that serve.
    pub workers: usize,
}

/// Serves on `listener`. Each thread opens a house of its own by `open`, so that
/// connections to the database stay with the thread that uses them.
///
/// # Errors
/// The operating system's when the listener cannot be used.
pub fn serve<O>(
    listener: TcpListener,
    front: &Front,
    open: O,
) -> std::io::Result<(Server, SocketAddr)>
where
    O: Fn() -> House + Clone + Send + 'static,
{
    let address = listener.local_addr()?;
    let workers = front.workers;
    let front = front.clone();
    let server = HttpServer::new(move || {
        let house = open();
        let hardening = hardening(&house.settings.origin);
        App::new()
            .app_data(Data::new(house))
            .app_data(Data::new(front.limits.clone()))
            .app_data(Data::new(front.metrics.clone()))
            .configure(routes::routes)
            .wrap(from_fn(limits::limit))
            .wrap(from_fn(office::dress))
            .wrap(Compress::default())
            .wrap(hardening)
            .wrap(from_fn(observe::observe))
    })
    .workers(workers)
    .shutdown_timeout(10)
    .disable_signals()
    .listen(listener)?
    .run();
    Ok((server, address))
}

/// What every answer says to browsers. A page says more, and the description of the
/// API, which styles itself, less.
fn hardening(origin: &str) -> DefaultHeaders {
    let headers = DefaultHeaders::new()
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((header::CACHE_CONTROL, "no-store"))
        .add((header::REFERRER_POLICY, "no-referrer"))
        .add((header::X_FRAME_OPTIONS, "DENY"))
        .add((header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"))
        .add((header::CONTENT_SECURITY_POLICY, CONTENT));
    // Over plain HTTP a browser would not heed it (RFC 6797 section 8.1).
    match origin.starts_with("https://") {
        true => headers.add((header::STRICT_TRANSPORT_SECURITY, LASTING)),
        false => headers,
    }
}

/// Nothing of an answer that is no page runs, shows or loads anything.
const CONTENT: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; \
    form-action 'none'; sandbox";

/// Two years, for every host below ours too (RFC 6797 section 6.1).
const LASTING: &str = "max-age=63072000; includeSubDomains";
