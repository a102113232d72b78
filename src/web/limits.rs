//! How often one address may ask.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::problem::Problem;

/// How often one address may ask anything, and how often by the code of a
/// certificate.
#[derive(Clone)]
pub struct Limits {
    requests: Limit,
    verifications: Limit,
}

/// Requests that one address may make: so many in a while, and so many at once.
#[derive(Clone)]
struct Limit(Option<Arc<DefaultKeyedRateLimiter<IpAddr>>>);

impl Limits {
    /// `per_second` requests a second, and `burst` at once.
    pub fn new(per_second: NonZeroU32, burst: NonZeroU32) -> Self {
        let quota = Quota::per_second(per_second).allow_burst(burst);
        Self {
            requests: Limit::of(quota),
            verifications: Limit(None),
        }
    }

    /// No limit: for load tests, or behind a gateway that limits.
    pub fn none() -> Self {
        Self {
            requests: Limit(None),
            verifications: Limit(None),
        }
    }

    /// Of the requests, at most `per_minute` a minute by the code of a certificate,
    /// and as many at once. A code cannot be guessed; this keeps anybody from
    /// looking through many that were found.
    #[must_use]
    pub fn with_verifications(self, per_minute: NonZeroU32) -> Self {
        Self {
            verifications: Limit::of(Quota::per_minute(per_minute)),
            ..self
        }
    }
}

impl Limit {
    fn of(quota: Quota) -> Self {
        Self(Some(Arc::new(RateLimiter::keyed(quota))))
    }

    /// Seconds to wait, if the address asks too often.
    fn exceeded_by(&self, address: IpAddr) -> Option<u64> {
        let limiter = self.0.as_ref()?;
        let until = limiter.check_key(&address).err()?;
        // Addresses that have been quiet are forgotten when somebody is refused,
        // so that the table does not grow for ever.
        limiter.retain_recent();
        Some(
            until
                .wait_time_from(DefaultClock::default().now())
                .as_secs()
                + 1,
        )
    }
}

/// Refuses an address that asks too often.
pub(super) async fn limit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    within(|limits| &limits.requests, request, next).await
}

/// Refuses an address that asks too often by the code of a certificate; for every
/// call and page that takes one.
pub(super) async fn limit_verifications(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    within(|limits| &limits.verifications, request, next).await
}

async fn within(
    which: impl Fn(&Limits) -> &Limit,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let wait = request
        .app_data::<Data<Limits>>()
        .zip(request.peer_addr())
        .and_then(|(limits, address)| which(limits).exceeded_by(address.ip()));
    match wait {
        Some(seconds) => {
            // With the problem itself, out of which a page can be made.
            let response = HttpResponse::from_error(Problem::too_many(seconds));
            let (request, _) = request.into_parts();
            Ok(ServiceResponse::new(request, response).map_into_right_body())
        }
        None => Ok(next.call(request).await?.map_into_left_body()),
    }
}
