//! The state register answers about registrations that were handed over to it.

use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::RegistrationId;
use crate::domain::register::Outcome;
use crate::flow::House;
use crate::flow::answered::Verdict;
use crate::remote::webhook::Delivery;
use crate::store::answered::Answered;
use crate::web::command::parse;
use crate::web::problem::Problem;

/// Most characters of a reason.
const REASON: usize = 500;

/// Most characters of a message's identifier.
const IDENTIFIER: usize = 255;

/// What the register says about a registration.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "registration": "01938f6e-0000-7000-8000-000000000001", "outcome": "rejected",
    "reason": "no such address"}))]
pub struct AnswerRequest {
    /// The registration.
    registration: Uuid,
    /// `accepted` or `rejected`.
    #[schema(value_type = String, example = "accepted")]
    outcome: Outcome,
    /// Why, in at most 500 characters.
    #[serde(default)]
    reason: Option<String>,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
pub struct AnsweredView {
    /// The registration.
    registration: Uuid,
    /// `accepted` or `rejected`.
    #[schema(example = "rejected")]
    outcome: &'static str,
    /// Whether the registration was annulled by it; one that had ended before was not.
    #[schema(example = false)]
    annulled: bool,
    /// When the message came first.
    received_at: DateTime<Utc>,
}

/// Takes the register's answer, signed by the Standard Webhooks. A rejection
/// annuls the registration. Repeated under the same `webhook-id`, it has no
/// further effect and gets the same answer.
#[utoipa::path(tag = "state register", context_path = "/api/v1", request_body = AnswerRequest,
    params(("webhook-id" = String, Header, description = "the same in each attempt"),
        ("webhook-timestamp" = i64, Header, description = "seconds since 1970, at most five minutes from now"),
        ("webhook-signature" = String, Header, description = "v1, and the HMAC-SHA-256 of `id.timestamp.body` in base64")),
    security(()),
    responses((status = 200, body = AnsweredView), (status = 400, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "no such registration, or no secret is shared"),
        (status = 422, body = Problem)))]
#[post("/state-register/answers")]
pub async fn answer(
    house: Data<House>,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let header = |name| request.headers().get(name)?.to_str().ok();
    let delivery = Delivery {
        id: header("webhook-id").unwrap_or_default(),
        timestamp: header("webhook-timestamp").unwrap_or_default(),
        signature: header("webhook-signature").unwrap_or_default(),
        body: &body,
    };
    // Nothing is read of what is not the register's.
    house.is_by_the_register(delivery)?;
    let verdict = Verdict::try_from(parse::<AnswerRequest>(&body)?)?;
    if !(1..=IDENTIFIER).contains(&delivery.id.len()) {
        return Err(Problem::malformed("webhook-id has 1 to 255 characters"));
    }
    let answered = house.hear_register(delivery, &verdict).await;
    Ok(HttpResponse::Ok().json(AnsweredView::from(&answered?)))
}

impl TryFrom<AnswerRequest> for Verdict {
    type Error = Problem;

    fn try_from(request: AnswerRequest) -> Result<Self, Problem> {
        let readable = |reason: &String| {
            let short = (1..=REASON).contains(&reason.chars().count());
            short && !reason.chars().any(char::is_control)
        };
        if request
            .reason
            .as_ref()
            .is_some_and(|reason| !readable(reason))
        {
            return Err(Problem::malformed(
                "reason has 1 to 500 characters without controls",
            ));
        }
        Ok(Self {
            registration: RegistrationId::new(request.registration),
            outcome: request.outcome,
            reason: request.reason,
        })
    }
}

impl From<&Answered> for AnsweredView {
    fn from(answered: &Answered) -> Self {
        Self {
            registration: answered.registration.uuid(),
            outcome: answered.outcome.into(),
            annulled: answered.annulled,
            received_at: answered.received_at,
        }
    }
}
