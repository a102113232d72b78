//! For those who run the service: whether all goes on, and which message the portal
//! did not take.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::applications::Nothing;
use super::health::clock;
use super::sessions::EndedView;
use super::{answer, page};
use crate::domain::audit::Checkpoint;
use crate::eds::Iin;
use crate::flow::administering::{Backlog, Delivery, Health, LastTurn, List, Standing, Wanted};
use crate::flow::{House, Reply, Watch};
use crate::web::auth::Person;
use crate::web::command::{Body, Command};
use crate::web::problem::Problem;

/// Whether all goes on.
#[derive(Serialize, ToSchema)]
pub struct HealthView {
    /// The moment at which it was so.
    #[schema(example = "2026-11-01T12:00:00Z")]
    pub(in crate::web) at: DateTime<Utc>,
    /// The version of the service.
    #[schema(example = "0.1.0")]
    pub(in crate::web) service_version: &'static str,
    /// The version of the database server.
    #[schema(example = "15.20 (Debian 15.20-0+deb12u1)")]
    pub(in crate::web) database_version: String,
    /// Signatures that wait for their evidence.
    pub(in crate::web) signatures: QueueView,
    /// Messages that wait to be delivered to the portal.
    pub(in crate::web) deliveries: QueueView,
    /// Messages that were given up.
    #[schema(example = 0)]
    pub(in crate::web) deliveries_parked: i64,
    /// The revocation lists that were fetched.
    pub(in crate::web) revocation_lists: Vec<ListView>,
    /// The latest checkpoint of the audit log; absent before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::web) checkpoint: Option<SealView>,
    /// Records of the audit log that are in no checkpoint yet.
    pub(in crate::web) unsealed: QueueView,
    /// The jobs that run in the process which answers.
    pub(in crate::web) jobs: Vec<JobView>,
    /// How its clock stands: `ok`, `in_doubt` or `unread`.
    #[schema(example = "ok")]
    pub(in crate::web) clock: &'static str,
}

/// A job of the worker.
#[derive(Serialize, ToSchema)]
pub struct JobView {
    /// What it does.
    #[schema(example = "lapse")]
    pub(in crate::web) job: &'static str,
    /// How many seconds ago it came round.
    #[schema(example = 4)]
    pub(in crate::web) seconds: u64,
    /// Whether that is longer ago than it may be.
    #[schema(example = false)]
    pub(in crate::web) late: bool,
}

/// Things that wait.
#[derive(Serialize, ToSchema)]
pub struct QueueView {
    /// How many.
    #[schema(example = 3)]
    pub(in crate::web) waiting: i64,
    /// Since when the oldest waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-11-01T11:58:20Z")]
    pub(in crate::web) oldest: Option<DateTime<Utc>>,
}

/// A revocation list.
#[derive(Serialize, ToSchema)]
#[schema(as = RevocationListView)]
pub struct ListView {
    /// SHA-256 of the authority's certificate in hexadecimal.
    #[schema(example = "32c7d233a42703a327f3025543a05b930e3f39a786c68dfa196baa86d5618524")]
    pub(in crate::web) authority: String,
    /// `full` or `delta`.
    #[schema(example = "full")]
    pub(in crate::web) kind: String,
    /// When it was issued.
    #[schema(example = "2026-11-01T11:00:00Z")]
    pub(in crate::web) issued_at: DateTime<Utc>,
    /// How long ago that is, in seconds.
    #[schema(example = 3600)]
    pub(in crate::web) age_seconds: i64,
    /// When its server last said that there is none newer.
    #[schema(example = "2026-11-01T11:55:00Z")]
    pub(in crate::web) checked_at: DateTime<Utc>,
}

/// A checkpoint of the audit log.
#[derive(Serialize, ToSchema)]
pub struct SealView {
    /// From 1 without a gap.
    #[schema(example = 7)]
    pub(in crate::web) number: u64,
    /// How many records are sealed.
    #[schema(example = 4093)]
    pub(in crate::web) size: u64,
    /// When it was made.
    #[schema(example = "2026-11-01T11:59:30Z")]
    pub(in crate::web) at: DateTime<Utc>,
}

/// Which messages to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeliveriesRequest {
    /// Only those that are `waiting`, `parked` or `delivered`.
    #[serde(default)]
    #[param(example = "parked")]
    state: Option<String>,
    /// `next` of the page before.
    #[serde(default)]
    cursor: Option<Uuid>,
    /// 1 to 100; 20 when absent.
    #[serde(default)]
    #[param(example = 20)]
    limit: Option<i64>,
}

/// A message to the portal, without what it says.
#[derive(Serialize, ToSchema)]
pub struct DeliveryView {
    /// Its identifier: the `webhook-id` of each attempt.
    #[schema(example = "0198f0a2-7c1e-7000-8000-000000000001")]
    pub(in crate::web) id: Uuid,
    /// The application it tells of.
    #[schema(example = "0198f0a2-7c1e-7000-8000-000000000002")]
    pub(in crate::web) application: Uuid,
    /// The number of the event among those of the application.
    #[schema(example = 4)]
    pub(in crate::web) event: i64,
    /// The `type` of the message.
    #[schema(example = "application.registered")]
    pub(in crate::web) kind: String,
    /// `waiting`, `parked` or `delivered`.
    #[schema(example = "parked")]
    pub(in crate::web) state: &'static str,
    /// When it was written.
    #[schema(example = "2026-11-01T12:00:00Z")]
    pub(in crate::web) created_at: DateTime<Utc>,
    /// How often delivery was tried; from 0 again after it was let go.
    #[schema(example = 12)]
    pub(in crate::web) attempts: i32,
    /// `delivered`, or why the last attempt failed; absent before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "status 503")]
    pub(in crate::web) last_outcome: Option<String>,
    /// When it is tried next, while it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::web) next_attempt_at: Option<DateTime<Utc>>,
    /// The number of the earlier event whose message must be taken first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 3)]
    pub(in crate::web) behind: Option<i64>,
    /// When the portal took it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::web) delivered_at: Option<DateTime<Utc>>,
    /// When it was given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-11-04T13:00:00Z")]
    pub(in crate::web) parked_at: Option<DateTime<Utc>>,
}

/// A page of messages, newest first.
#[derive(Serialize, ToSchema)]
pub struct DeliveriesView {
    /// The messages.
    items: Vec<DeliveryView>,
    /// The cursor of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Uuid>,
}

/// Whose sessions are to end.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndSessionsRequest {
    /// Individual identification number.
    #[schema(example = "920614499917")]
    iin: String,
}

/// Whether all goes on, to those who run the service.
#[utoipa::path(tag = "administration", context_path = "/api/v1",
    responses((status = 200, body = HealthView), (status = 401, body = Problem), (status = 403, body = Problem)))]
#[get("/administration/health")]
pub async fn health(house: Data<House>, person: Person) -> Result<HttpResponse, Problem> {
    let found = house.health(&person.0).await?;
    Ok(HttpResponse::Ok().json(HealthView::new(found, &house.watch)))
}

/// Messages to the portal, to those who run the service.
#[utoipa::path(tag = "administration", context_path = "/api/v1", params(DeliveriesRequest),
    responses((status = 200, body = DeliveriesView), (status = 400, body = Problem),
        (status = 401, body = Problem), (status = 403, body = Problem)))]
#[get("/administration/deliveries")]
pub async fn deliveries(
    house: Data<House>,
    person: Person,
    request: Query<DeliveriesRequest>,
) -> Result<HttpResponse, Problem> {
    let states = "state must be waiting, parked or delivered";
    let wanted = Wanted {
        standing: page::word(request.state.as_deref(), states)?,
        before: request.cursor,
        limit: page::limit(request.limit)?,
    };
    let (found, next) = house.deliveries(&person.0, &wanted).await?;
    let items = found.iter().map(DeliveryView::from).collect();
    Ok(HttpResponse::Ok().json(DeliveriesView { items, next }))
}

/// Lets a message go that was given up: it is sent at once, and after it those of its
/// application that it held back.
#[utoipa::path(tag = "administration", context_path = "/api/v1", request_body = Nothing,
    params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = DeliveryView), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem, description = "it was not given up")))]
#[post("/administration/deliveries/{id}/retry")]
pub async fn retry(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
    command: Command<Nothing>,
) -> Result<HttpResponse, Problem> {
    let wording = |delivery: &Delivery| Reply {
        status: 200,
        body: serde_json::to_string(&DeliveryView::from(delivery)).unwrap_or_default(),
    };
    let once = command.once(&wording);
    Ok(answer(house.retry_delivery(&person.0, &once, *id).await?))
}

/// Ends every session of a person whose key or device is in wrong hands.
#[utoipa::path(tag = "administration", context_path = "/api/v1", request_body = EndSessionsRequest,
    responses((status = 200, body = EndedView), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 403, body = Problem)))]
#[post("/administration/sessions/end")]
pub async fn end_sessions(
    house: Data<House>,
    person: Person,
    Body(request): Body<EndSessionsRequest>,
) -> Result<HttpResponse, Problem> {
    let iin = Iin::parse(&request.iin);
    let iin = iin.map_err(|_| Problem::malformed("iin is no IIN"))?;
    let ended = house.end_sessions_of(&person.0, &iin).await?;
    Ok(HttpResponse::Ok().json(EndedView { ended }))
}

impl HealthView {
    pub(in crate::web) fn new(found: Health, watch: &Watch) -> Self {
        let lists = found.lists.iter();
        Self {
            at: found.at,
            service_version: House::VERSION,
            database_version: found.database,
            signatures: found.signatures.into(),
            deliveries: found.messages.into(),
            deliveries_parked: found.parked,
            revocation_lists: lists.map(|list| ListView::new(list, found.at)).collect(),
            checkpoint: found.checkpoint.as_ref().map(SealView::from),
            unsealed: found.unsealed.into(),
            jobs: found.jobs.iter().map(JobView::from).collect(),
            clock: clock(watch),
        }
    }
}

impl HealthView {
    /// The names of the jobs that stand still.
    pub(in crate::web) fn late(&self) -> String {
        let late = self.jobs.iter().filter(|it| it.late).map(|it| it.job);
        late.collect::<Vec<_>>().join(", ")
    }
}

impl From<&LastTurn> for JobView {
    fn from(turn: &LastTurn) -> Self {
        Self {
            job: turn.job.into(),
            seconds: turn.ago.as_secs(),
            late: turn.is_late,
        }
    }
}

impl From<Backlog> for QueueView {
    fn from(queue: Backlog) -> Self {
        Self {
            waiting: queue.waiting,
            oldest: queue.oldest,
        }
    }
}

impl ListView {
    fn new(list: &List, now: DateTime<Utc>) -> Self {
        Self {
            authority: list.place.authority.to_string(),
            kind: list.place.kind.to_string(),
            issued_at: list.this_update,
            age_seconds: (now - list.this_update).num_seconds(),
            checked_at: list.checked_at,
        }
    }
}

impl From<&Checkpoint> for SealView {
    fn from(checkpoint: &Checkpoint) -> Self {
        Self {
            number: checkpoint.number,
            size: checkpoint.size,
            at: checkpoint.at,
        }
    }
}

impl From<&Delivery> for DeliveryView {
    fn from(delivery: &Delivery) -> Self {
        let last_outcome = match delivery.standing {
            Standing::Delivered => Some("delivered".to_owned()),
            Standing::Waiting | Standing::Parked => delivery.last_error.clone(),
        };
        let waits = delivery.standing == Standing::Waiting;
        Self {
            id: delivery.id,
            application: delivery.application.uuid(),
            event: delivery.sequence,
            kind: delivery.kind.clone(),
            state: delivery.standing.into(),
            created_at: delivery.created_at,
            attempts: delivery.attempts,
            last_outcome,
            next_attempt_at: waits.then_some(delivery.next_attempt_at),
            behind: delivery.behind,
            delivered_at: delivery.delivered_at,
            parked_at: delivery.parked_at,
        }
    }
}
