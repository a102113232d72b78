//! Reads the whole log, page by page, with what other tables say beside it.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Bool, Bytea, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, QueryableByName};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{checkpoints, digest, leaves, natural, stored};
use crate::domain::ApplicationId;
use crate::domain::audit::{
    Beside, Entry, Fault, Finding, Leaf, Place, Record, Refusal, Sealed, Standing, Subtree, Told,
};
use crate::eds::Digest;
use crate::store::schema::{audit_checkpoints, audit_leaves, audit_nodes};
use crate::store::{Connection, Error};

/// Lets the transaction see the database as it is at its first query, and change
/// nothing.
///
/// # Errors
/// [`Error::Statement`] when the transaction has begun to read.
pub async fn freeze(connection: &mut Connection) -> Result<(), Error> {
    diesel::sql_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .execute(connection)
        .await?;
    Ok(())
}

/// Where a page begins: behind this application and sequence.
pub type Position = (Uuid, i64);

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    application_id: Uuid,
    #[diesel(sql_type = BigInt)]
    sequence: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    version: Option<i64>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    refusal_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    actor: String,
    #[diesel(sql_type = Nullable<Bytea>)]
    person: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Bytea>)]
    salt: Option<Vec<u8>>,
    #[diesel(sql_type = Text)]
    body: String,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
    #[diesel(sql_type = Bytea)]
    previous_hash: Vec<u8>,
    #[diesel(sql_type = Bytea)]
    hash: Vec<u8>,
    #[diesel(sql_type = Nullable<BigInt>)]
    standing: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    applicant_iin: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    told_kind: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    told_state: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    told_iin: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    told_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    code: Option<String>,
    #[diesel(sql_type = Nullable<Bytea>)]
    signature: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Text>)]
    refused_iin: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    refused_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Bytea>)]
    leaf: Option<Vec<u8>>,
    #[diesel(sql_type = Bool)]
    waits: bool,
}

/// The records behind `after`, of one application or of all, in order.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn entries(
    connection: &mut Connection,
    within: Option<ApplicationId>,
    after: Position,
    limit: i64,
) -> Result<Vec<Entry>, Error> {
    let rows: Vec<Row> = diesel::sql_query(ENTRIES)
        .bind::<SqlUuid, _>(after.0)
        .bind::<BigInt, _>(after.1)
        .bind::<Nullable<SqlUuid>, _>(within.map(ApplicationId::uuid))
        .bind::<BigInt, _>(limit)
        .load(connection)
        .await?;
    Ok(rows.into_iter().map(Row::read).collect())
}

/// What no walk over the records can see: steps, refusals, applications and
/// leaves of which no record tells. The first of them.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn unrecorded(
    connection: &mut Connection,
    within: Option<ApplicationId>,
) -> Result<Option<Finding>, Error> {
    #[derive(QueryableByName)]
    struct Left {
        #[diesel(sql_type = Text)]
        what: String,
        #[diesel(sql_type = Nullable<SqlUuid>)]
        id: Option<Uuid>,
        #[diesel(sql_type = BigInt)]
        number: i64,
    }
    let left: Option<Left> = diesel::sql_query(UNRECORDED)
        .bind::<Nullable<SqlUuid>, _>(within.map(ApplicationId::uuid))
        .get_result(connection)
        .await
        .optional()?;
    left.map(|left| {
        let id = left.id.unwrap_or_default();
        let (place, fault) = match left.what.as_str() {
            "application" => {
                let place = Place::Record(ApplicationId::new(id), 1);
                (place, Fault::Missing)
            }
            "step" => {
                let place = Place::Step(ApplicationId::new(id), left.number);
                (place, Fault::Unrecorded)
            }
            "refusal" => (Place::Refusal(id), Fault::Unrecorded),
            _ => {
                let place = Place::Leaf(natural(left.number, "leaf index")?);
                (place, Fault::Unrecorded)
            }
        };
        Ok(Finding { place, fault })
    })
    .transpose()
}

/// How many records there are, of one application or of all.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn count(
    connection: &mut Connection,
    within: Option<ApplicationId>,
) -> Result<u64, Error> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let count: Count = diesel::sql_query(
        "SELECT count(*) FROM audit_records WHERE $1 IS NULL OR application_id = $1",
    )
    .bind::<Nullable<SqlUuid>, _>(within.map(ApplicationId::uuid))
    .get_result(connection)
    .await?;
    natural(count.count, "count")
}

/// Leaves from an index on, up to before another.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn leaves(
    connection: &mut Connection,
    from: u64,
    to: u64,
    limit: i64,
) -> Result<Vec<Leaf>, Error> {
    let rows: Vec<(i64, Vec<u8>)> = audit_leaves::table
        .filter(audit_leaves::leaf_index.ge(stored(from)))
        .filter(audit_leaves::leaf_index.lt(stored(to)))
        .order(audit_leaves::leaf_index)
        .limit(limit)
        .select((audit_leaves::leaf_index, audit_leaves::hash))
        .load(connection)
        .await?;
    rows.into_iter()
        .map(|(index, hash)| {
            let index = natural(index, "leaf index")?;
            let hash = digest(&hash);
            Ok(Leaf { index, hash })
        })
        .collect()
}

/// How many leaves there are.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn leaf_count(connection: &mut Connection) -> Result<u64, Error> {
    let count: i64 = audit_leaves::table.count().get_result(connection).await?;
    natural(count, "count")
}

/// The nodes that were completed while the tree grew from one size to another.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn nodes(
    connection: &mut Connection,
    from: u64,
    to: u64,
) -> Result<Vec<(Subtree, Digest)>, Error> {
    let rows: Vec<(i64, i16, Vec<u8>)> = audit_nodes::table
        .filter(audit_nodes::completed_at.gt(stored(from)))
        .filter(audit_nodes::completed_at.le(stored(to)))
        .order((audit_nodes::completed_at, audit_nodes::level))
        .load(connection)
        .await?;
    rows.iter().map(leaves::read_node).collect()
}

/// Checkpoints behind a number, in order.
///
/// # Errors
/// [`Error::Statement`] when the database fails.
pub async fn checkpoints(
    connection: &mut Connection,
    after: u64,
    limit: i64,
) -> Result<Vec<Sealed>, Error> {
    let rows: Vec<checkpoints::Row> = audit_checkpoints::table
        .filter(audit_checkpoints::number.gt(stored(after)))
        .order(audit_checkpoints::number)
        .limit(limit)
        .select(checkpoints::ROW)
        .load(connection)
        .await?;
    rows.into_iter().map(checkpoints::read).collect()
}

impl Row {
    fn read(self) -> Entry {
        let standing = self.standing.zip(self.applicant_iin);
        let told = match (self.told_kind, self.told_state, self.told_at) {
            (Some(kind), Some(state), Some(at)) => Some(Told {
                kind,
                state,
                person: self.told_iin,
                at,
            }),
            _ => None,
        };
        let refusal = match (self.code, self.signature, self.refused_at) {
            (Some(code), Some(signature), Some(at)) => Some(Refusal {
                code,
                signature: digest(&signature),
                person: self.refused_iin,
                at,
            }),
            _ => None,
        };
        Entry {
            hash: digest(&self.hash),
            beside: Beside {
                salt: self.salt,
                standing: standing.map(|(version, applicant)| Standing { version, applicant }),
                told,
                refusal,
                leaf: self.leaf.as_deref().map(digest),
                waits: self.waits,
            },
            record: Record {
                application: ApplicationId::new(self.application_id),
                sequence: self.sequence,
                version: self.version,
                refusal: self.refusal_id,
                kind: self.kind,
                actor: self.actor,
                person: self.person.as_deref().map(digest),
                body: self.body,
                at: self.at,
                previous: digest(&self.previous_hash),
            },
        }
    }
}

const ENTRIES: &str = "
    SELECT r.*, a.version AS standing, a.applicant_iin,
           e.kind AS told_kind, e.state AS told_state, e.actor_iin AS told_iin, e.at AS told_at,
           f.code, f.signature_sha256 AS signature, f.refused_at,
           f.person_iin AS refused_iin,
           l.hash AS leaf, w.sequence IS NOT NULL AS waits
    FROM (SELECT * FROM audit_records
          WHERE (application_id, sequence) > ($1, $2) AND ($3 IS NULL OR application_id = $3)
          ORDER BY application_id, sequence LIMIT $4) r
    LEFT JOIN applications a ON a.id = r.application_id
    LEFT JOIN events e ON e.application_id = r.application_id AND e.version = r.version
    LEFT JOIN refusals f ON f.id = r.refusal_id AND f.application_id = r.application_id
    LEFT JOIN audit_leaves l ON l.application_id = r.application_id AND l.sequence = r.sequence
    LEFT JOIN audit_waiting w ON w.application_id = r.application_id AND w.sequence = r.sequence
    ORDER BY r.application_id, r.sequence";

const UNRECORDED: &str = "
    (SELECT 'application' AS what, a.id, 0::bigint AS number FROM applications a
     WHERE ($1 IS NULL OR a.id = $1)
       AND NOT EXISTS (SELECT FROM audit_records r WHERE r.application_id = a.id)
     ORDER BY a.id LIMIT 1)
    UNION ALL
    (SELECT 'step', e.application_id, e.version FROM events e
     WHERE ($1 IS NULL OR e.application_id = $1) AND NOT EXISTS (
         SELECT FROM audit_records r
         WHERE r.application_id = e.application_id AND r.version = e.version)
     ORDER BY e.application_id, e.version LIMIT 1)
    UNION ALL
    (SELECT 'refusal', f.id, 0 FROM refusals f
     WHERE ($1 IS NULL OR f.application_id = $1)
       AND NOT EXISTS (SELECT FROM audit_records r WHERE r.refusal_id = f.id)
     ORDER BY f.id LIMIT 1)
    UNION ALL
    (SELECT 'leaf', NULL::uuid, l.leaf_index FROM audit_leaves l
     WHERE ($1 IS NULL OR l.application_id = $1) AND NOT EXISTS (
         SELECT FROM audit_records r
         WHERE r.application_id = l.application_id AND r.sequence = l.sequence)
     ORDER BY l.leaf_index LIMIT 1)
    LIMIT 1";
