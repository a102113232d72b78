//! The audit log: what was decided, and the proof that it stands as it was.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::ApplicationId;
use crate::flow::House;
use crate::flow::audit::see::{Proof, Shown, Stamped};
use crate::web::auth::Person;
use crate::web::problem::Problem;

/// A decision. Its hash is the SHA-256 of the line `kelisim audit record v1`, the
/// octets of `previous_hash` and the octets of `canonical`.
#[derive(Serialize, ToSchema)]
pub struct RecordView {
    /// Place among the records of the application.
    #[schema(example = 2)]
    sequence: i64,
    /// The version of the application to which it led; absent when it was no step.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
    /// What was decided, such as `signed` or `signature_refused`.
    #[schema(example = "signed")]
    kind: String,
    /// `resident`, `owner`, `service` or `register`.
    #[schema(example = "resident")]
    actor: String,
    /// When.
    at: DateTime<Utc>,
    /// The particulars: states, codes, and digests of documents, signatures,
    /// certificates and reports. What the others answered, and their signatures,
    /// are left out for everybody but the applicant until the registration is
    /// written; so are the confirmations of a demand to end one.
    #[schema(value_type = Object)]
    body: Value,
    /// The record as it is hashed: canonical JSON (RFC 8785). The person who acted
    /// is in it as a salted digest only. Absent when something is left out: the
    /// hash still links the records and is proven to be in the tree.
    #[serde(skip_serializing_if = "Option::is_none")]
    canonical: Option<String>,
    /// The hash of the record before, in hexadecimal; zeros in the first.
    previous_hash: String,
    /// The hash of the record, in hexadecimal.
    hash: String,
}

/// The records of an application, oldest first.
#[derive(Serialize, ToSchema)]
pub struct RecordsView {
    /// The records that you may see; signatures of other owners that were refused
    /// are left out.
    records: Vec<RecordView>,
}

/// A checkpoint of the whole log.
#[derive(Serialize, ToSchema)]
pub struct CheckpointView {
    /// From 1 without a gap.
    #[schema(example = 7)]
    number: u64,
    /// How many records are in the tree.
    #[schema(example = 4093)]
    size: u64,
    /// The signed note (C2SP `tlog-checkpoint`), byte for byte.
    note: String,
    /// The time-stamp token (RFC 3161) over the text of the note in base64, once
    /// there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    time_stamp: Option<String>,
}

/// The proof that a record is in the tree of a checkpoint (RFC 9162 section 2.1.3).
#[derive(Serialize, ToSchema)]
pub struct ProofView {
    /// The record. The leaf holds the octets of its hash.
    record: RecordView,
    /// Which leaf it is, from 0.
    leaf_index: u64,
    /// The audit path from the leaf up, each hash in hexadecimal.
    path: Vec<String>,
    /// The checkpoint to whose root it leads.
    checkpoint: CheckpointView,
}

/// Two sizes of the tree.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ConsistencyRequest {
    /// The smaller one, from 1.
    #[param(example = 4000)]
    from: u64,
    /// The larger one, at most that of the latest checkpoint.
    #[param(example = 4093)]
    to: u64,
}

/// The proof that the tree only grew (RFC 9162 section 2.1.4).
#[derive(Serialize, ToSchema)]
pub struct ConsistencyView {
    /// The smaller size.
    #[schema(example = 4000)]
    from: u64,
    /// The larger size.
    to: u64,
    /// The hashes in hexadecimal.
    path: Vec<String>,
}

/// The audit log of an application, to those whom it concerns.
#[utoipa::path(tag = "audit", context_path = "/api/v1", params(("id" = Uuid, Path)),
    responses((status = 200, body = RecordsView), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[get("/applications/{id}/audit")]
pub async fn records(
    house: Data<House>,
    person: Person,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let shown = house.audit(&person.0, ApplicationId::new(*id)).await?;
    let records = shown.iter().map(RecordView::from).collect();
    Ok(HttpResponse::Ok().json(RecordsView { records }))
}

/// The proof that a record is in the tree of the latest checkpoint.
#[utoipa::path(tag = "audit", context_path = "/api/v1",
    params(("id" = Uuid, Path), ("sequence" = i64, Path)),
    responses((status = 200, body = ProofView), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
#[get("/applications/{id}/audit/{sequence}/proof")]
pub async fn prove(
    house: Data<House>,
    person: Person,
    path: Path<(Uuid, i64)>,
) -> Result<HttpResponse, Problem> {
    let (id, sequence) = path.into_inner();
    let id = ApplicationId::new(id);
    let found = house.audit_proof(&person.0, id, sequence).await?;
    Ok(HttpResponse::Ok().json(ProofView::from(&found)))
}

/// The latest checkpoint, to everybody.
#[utoipa::path(tag = "audit", context_path = "/api/v1", security(()),
    responses((status = 200, body = CheckpointView), (status = 404, body = Problem)))]
#[get("/audit/checkpoints/latest")]
pub async fn latest(house: Data<House>) -> Result<HttpResponse, Problem> {
    let latest = house.latest_checkpoint().await?;
    Ok(HttpResponse::Ok().json(CheckpointView::from(&latest)))
}

/// The proof that the log only grew between two sizes, to everybody.
#[utoipa::path(tag = "audit", context_path = "/api/v1", security(()), params(ConsistencyRequest),
    responses((status = 200, body = ConsistencyView), (status = 400, body = Problem), (status = 404, body = Problem)))]
#[get("/audit/consistency")]
pub async fn consistency(
    house: Data<House>,
    request: Query<ConsistencyRequest>,
) -> Result<HttpResponse, Problem> {
    let ConsistencyRequest { from, to } = request.0;
    if from == 0 || from > to {
        return Err(Problem::malformed("from must be at least 1 and at most to"));
    }
    let path = house.audit_consistency(from, to).await?;
    let path = path.iter().map(ToString::to_string).collect();
    Ok(HttpResponse::Ok().json(ConsistencyView { from, to, path }))
}

impl From<&Shown> for RecordView {
    fn from(shown: &Shown) -> Self {
        let record = &shown.record;
        Self {
            sequence: record.sequence,
            version: record.version,
            kind: record.kind.clone(),
            actor: record.actor.clone(),
            at: record.at,
            body: shown.body.clone(),
            canonical: shown.canonical.clone(),
            previous_hash: record.previous.to_string(),
            hash: shown.hash.to_string(),
        }
    }
}

impl From<&Stamped> for CheckpointView {
    fn from(stamped: &Stamped) -> Self {
        let token = stamped.time_stamp.as_ref();
        Self {
            number: stamped.sealed.number,
            size: stamped.sealed.size,
            note: stamped.sealed.note.clone(),
            time_stamp: token.map(|token| STANDARD.encode(token)),
        }
    }
}

impl From<&Proof> for ProofView {
    fn from(proof: &Proof) -> Self {
        Self {
            record: RecordView::from(&proof.shown),
            leaf_index: proof.index,
            path: proof.path.iter().map(ToString::to_string).collect(),
            checkpoint: CheckpointView::from(&proof.checkpoint),
        }
    }
}
