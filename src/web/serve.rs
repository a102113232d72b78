//! Binds an address and serves until told to stop.

use std::net::{SocketAddr, TcpListener};

use actix_web::dev::Server;
use actix_web::middleware::{Compress, DefaultHeaders, from_fn};
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use metrics_exporter_prometheus::PrometheusHandle;

use super::limits::{self, Limits};
use super::{observe, routes};
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
        App::new()
            .app_data(Data::new(open()))
            .app_data(Data::new(front.limits.clone()))
            .app_data(Data::new(front.metrics.clone()))
            .configure(routes::routes)
            .wrap(Compress::default())
            .wrap(from_fn(limits::limit))
            .wrap(hardening())
            .wrap(from_fn(observe::observe))
    })
    .workers(workers)
    .shutdown_timeout(10)
    .disable_signals()
    .listen(listener)?
    .run();
    Ok((server, address))
}

fn hardening() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("X-Content-Type-Options", "nosniff"))
        .add(("Cache-Control", "no-store"))
        .add(("Referrer-Policy", "no-referrer"))
        .add(("X-Frame-Options", "DENY"))
        .add(("Cross-Origin-Resource-Policy", "same-origin"))
        .add((
            "Content-Security-Policy",
            "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
             frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        ))
}
