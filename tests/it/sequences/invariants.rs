//! What must hold in every database that the service has written, each check under
//! the number of its invariant.
//!
//! All of it is asked of the rows themselves, by other means than the service's own
//! rules: counts of rows that must not be there.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kelisim::domain::{ApplicationId, DocumentId};
use kelisim::eds::{self, Content, Moment};
use kelisim::flow::House;
use kelisim::flow::audit::inspect::inspect_chain;
use kelisim::store::{Connection, documents, signatures};
use serde_json::Value;
use uuid::Uuid;

/// An invariant that does not hold: its number, and how it shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Broken {
    pub(crate) number: &'static str,
    pub(crate) what: String,
}

/// The number of an invariant, what it says, and a query for the rows against it.
struct Rule {
    number: &'static str,
    says: &'static str,
    rows: &'static str,
}

const fn rule(number: &'static str, says: &'static str, rows: &'static str) -> Rule {
    Rule { number, says, rows }
}

const RULES: &[Rule] = &[
    rule(
        "I1",
        "one registration for each resident of an application, and none without one",
        "SELECT FROM applications a WHERE (SELECT count(*) FROM registrations r WHERE r.application_id = a.id)
            <> CASE WHEN a.state IN ('registered', 'ended')
               THEN (SELECT count(*) FROM residents p WHERE p.application_id = a.id) ELSE 0 END",
    ),
    rule(
        "I1",
        "one active registration of a kind for a person on a day",
        "SELECT FROM registrations a JOIN registrations b ON a.id < b.id AND a.resident_iin = b.resident_iin
            AND a.kind = b.kind AND a.ended_at IS NULL AND b.ended_at IS NULL
            AND daterange(a.starts_on, a.ends_on, '[]') && daterange(b.starts_on, b.ends_on, '[]')",
    ),
    rule(
        "I2",
        "whoever is registered has exactly one consent of each owner beside themselves",
        "SELECT FROM applications a, unnest(a.owners) AS owner
            WHERE a.state IN ('consented', 'registered', 'ended') AND owner <> 'iin:' || a.applicant_iin
            AND (SELECT count(*) FROM consents c WHERE c.application_id = a.id AND c.round = a.round
                 AND c.removal IS NULL AND c.answer = 'given'
                 AND owner IN ('iin:' || c.party_iin, 'bin:' || c.party_bin)) <> 1",
    ),
    rule(
        "I2",
        "no party of an agreed application has not consented",
        "SELECT FROM applications a JOIN consents c ON c.application_id = a.id AND c.round = a.round
            AND c.removal IS NULL
            WHERE a.state IN ('consented', 'registered', 'ended') AND c.answer <> 'given'",
    ),
    rule(
        "I3",
        "nobody is asked as an owner who was not one",
        "SELECT FROM applications a JOIN consents c ON c.application_id = a.id AND c.round = a.round
            AND c.removal IS NULL AND c.party = 'owner'
            WHERE NOT coalesce('iin:' || c.party_iin, 'bin:' || c.party_bin) = ANY (a.owners)",
    ),
    rule(
        "I3",
        "nobody is asked twice",
        "SELECT FROM consents GROUP BY application_id, round, removal, party_iin, party_bin HAVING count(*) > 1",
    ),
    rule(
        "I3",
        "each consent is signed by its party or the party's delegate",
        "SELECT FROM consents c JOIN signatures s ON s.consent_id = c.id
            WHERE c.answer IN ('given', 'taken_back')
            AND NOT (coalesce(s.signer_bin = c.party_bin, false)
                 OR (s.signer_bin IS NULL AND coalesce(s.signer_iin IN (c.party_iin, c.delegate_iin), false)))",
    ),
    rule(
        "I4",
        "what was signed is the document, byte for byte",
        "SELECT FROM signatures s JOIN documents d ON d.id = s.document_id
            WHERE encode(sha256(d.bytes), 'hex') IS DISTINCT FROM s.report ->> 'message_digest'",
    ),
    rule(
        "I4",
        "each consent that counts is to the present edition",
        "SELECT FROM applications a JOIN consents c ON c.application_id = a.id AND c.round = a.round
            AND c.removal IS NULL AND c.answer = 'given'
            JOIN signatures s ON s.consent_id = c.id JOIN documents d ON d.id = s.document_id
            WHERE a.state IN ('awaiting_consent', 'consented', 'registered', 'ended')
            AND (s.edition <> a.edition OR d.edition <> a.edition)",
    ),
    rule(
        "I4",
        "whoever asks has signed the present edition",
        "SELECT FROM applications a WHERE a.state IN ('awaiting_consent', 'consented', 'registered', 'ended')
            AND (SELECT count(*) FROM signatures s JOIN documents d ON d.id = s.document_id
                 WHERE s.application_id = a.id AND s.purpose = 'application' AND s.edition = a.edition
                 AND d.edition = a.edition AND s.signer_iin = a.applicant_iin) <> 1",
    ),
    rule(
        "I5",
        "each consent that counts has its signature",
        "SELECT FROM consents c WHERE (SELECT count(*) FROM signatures s WHERE s.consent_id = c.id) <> 1
            AND (c.answer = 'given' OR c.answer = 'taken_back' AND NOT EXISTS (
                SELECT FROM received_signatures w WHERE w.consent_id = c.id))",
    ),
    rule(
        "I5",
        "each signature has certificate, chain, status, time-stamp, policy and a verdict that it passed",
        "SELECT FROM signatures s WHERE NOT coalesce(octet_length(s.certificate) > 0
            AND octet_length(s.augmented) > octet_length(s.cms)
            AND s.report ->> 'indication' = 'TOTAL-PASSED' AND s.report ->> 'policy' <> ''
            AND s.report ->> 'policy_hash' <> '' AND jsonb_array_length(s.report -> 'certificates') >= 2
            AND jsonb_array_length(s.report -> 'revocation') >= 1
            AND jsonb_array_length(s.report -> 'time_stamps') >= 1, false)",
    ),
    rule(
        "I5",
        "the database itself keeps out signatures without evidence",
        "SELECT FROM unnest(ARRAY['signatures_passed', 'signatures_with_policy', 'signatures_with_path',
            'signatures_time_stamped', 'signatures_with_revocation_data']) AS name
            WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conname = name AND contype = 'c')",
    ),
    rule(
        "I5",
        "each consent that was signed is given, or taken back",
        "SELECT FROM consents c JOIN signatures s ON s.consent_id = c.id
            WHERE c.answer NOT IN ('given', 'taken_back')",
    ),
    rule(
        "I6",
        "no signature is older than its document or younger than what follows from it",
        "SELECT FROM signatures s JOIN documents d ON d.id = s.document_id
            LEFT JOIN consents c ON c.id = s.consent_id
            WHERE s.signed_at < date_trunc('second', d.issued_at)
            OR s.purpose IN ('application', 'consent') AND c.removal IS NULL AND EXISTS (
                SELECT FROM registrations r WHERE r.application_id = s.application_id
                AND s.signed_at > r.registered_at + interval '1 minute')",
    ),
    rule(
        "I6",
        "what tells that a certificate was good is not older than the signature",
        "SELECT FROM signatures s WHERE NOT EXISTS (
            SELECT FROM jsonb_array_elements(s.report -> 'revocation') AS told
            WHERE told ->> 'certificate' = encode(sha256(s.certificate), 'hex')
            AND (told ->> 'issued_at')::timestamptz >= date_trunc('second', s.signed_at))",
    ),
    rule(
        "I7",
        "a nonce belongs to one document",
        "SELECT FROM documents GROUP BY nonce HAVING count(*) > 1",
    ),
    rule(
        "I7",
        "a consent is signed once",
        "SELECT FROM signatures WHERE consent_id IS NOT NULL GROUP BY consent_id HAVING count(*) > 1",
    ),
    rule(
        "I7",
        "a consent counts once for each time that it was given",
        "SELECT FROM applications a WHERE (SELECT count(*) FROM events e
                WHERE e.application_id = a.id AND e.kind = 'consent_given')
            <> (SELECT count(*) FROM signatures s JOIN consents c ON c.id = s.consent_id
                WHERE s.application_id = a.id AND c.removal IS NULL)",
    ),
    rule(
        "I8",
        "nothing happens after an end",
        "SELECT FROM events e WHERE e.state IN ('declined', 'withdrawn', 'lapsed', 'refused', 'ended')
            AND EXISTS (SELECT FROM events n WHERE n.application_id = e.application_id AND n.version > e.version)",
    ),
    rule(
        "I8",
        "a registration that has ended stays ended, and ended once",
        "SELECT FROM registrations r WHERE (SELECT count(*) FROM events e WHERE e.application_id = r.application_id
                AND (e.registration_id = r.id AND e.kind IN ('left', 'removed', 'replaced', 'annulled', 'discontinued')
                     OR e.kind = 'expired' AND r.ending = 'expired'))
            <> (r.ended_at IS NOT NULL)::integer",
    ),
    rule(
        "I8",
        "whatever has expired stands no more",
        "SELECT FROM registrations r JOIN events e ON e.application_id = r.application_id
            WHERE e.kind = 'expired' AND r.ended_at IS NULL",
    ),
    rule(
        "I9",
        "each step is one version, one event, one record",
        "SELECT FROM applications a WHERE a.version <> (SELECT count(*) FROM events e WHERE e.application_id = a.id)
            OR a.version <> (SELECT max(version) FROM events e WHERE e.application_id = a.id)
            OR a.version <> (SELECT count(version) FROM audit_records r WHERE r.application_id = a.id)
            OR a.version > (SELECT count(*) FROM outbox o WHERE o.application_id = a.id)",
    ),
    rule(
        "I9",
        "an application stands where its last step led",
        "SELECT FROM applications a JOIN events e ON e.application_id = a.id AND e.version = a.version
            WHERE e.state <> a.state OR e.at <> a.changed_at",
    ),
    rule(
        "I10",
        "the messages of an application are numbered from one without a gap",
        "SELECT FROM outbox GROUP BY application_id
            HAVING min(sequence) <> 1 OR max(sequence) <> count(*) OR count(DISTINCT sequence) <> count(*)",
    ),
    rule(
        "I11",
        "what waits for evidence does not count, and waits for something",
        "SELECT FROM consents c LEFT JOIN received_signatures w ON w.consent_id = c.id AND w.settled_at IS NULL
            JOIN applications a ON a.id = c.application_id
            WHERE c.answer = 'pending_evidence' AND a.state = 'awaiting_consent' AND c.round = a.round
            AND (w.id IS NULL OR EXISTS (SELECT FROM signatures s WHERE s.consent_id = c.id))",
    ),
    rule(
        "I11",
        "an applicant's signature that waits for evidence asks nobody",
        "SELECT FROM applications a WHERE a.state = 'pending_evidence' AND NOT EXISTS (
            SELECT FROM received_signatures w WHERE w.application_id = a.id AND w.consent_id IS NULL
            AND w.settled_at IS NULL)",
    ),
    rule(
        "I12",
        "nothing was registered by a signature that was void when it was made",
        "SELECT FROM revoked v JOIN signatures s ON s.certificate = v.certificate
            LEFT JOIN registrations r ON r.application_id = s.application_id
            LEFT JOIN applications a ON a.id = s.application_id
            WHERE v.since <= s.signed_at AND (s.received_at > v.known_at
                OR s.edition = a.edition AND r.registered_at > v.known_at + interval '6 minutes'
                AND s.purpose IN ('application', 'consent')
                AND (s.consent_id IS NULL OR s.consent_id IN (SELECT c.id FROM consents c
                     WHERE c.application_id = a.id AND c.round = a.round AND c.removal IS NULL)))",
    ),
    rule(
        "I13",
        "the days of a registration are those that were asked for and signed",
        "SELECT FROM registrations r JOIN applications a ON a.id = r.application_id
            JOIN documents d ON d.application_id = a.id AND d.edition = a.edition
                 AND d.purpose IN ('application', 'consent')
            JOIN signatures s ON s.document_id = d.id LEFT JOIN consents c ON c.id = d.consent_id
            WHERE c.removal IS NULL AND ((convert_from(d.bytes, 'UTF8')::jsonb ->> 'ends_on')::date IS DISTINCT FROM r.ends_on
            OR (convert_from(d.bytes, 'UTF8')::jsonb ->> 'starts_on')::date IS DISTINCT FROM r.starts_on)",
    ),
    rule(
        "I13",
        "a registration expires at the end of its last day, and ends before in every other way",
        "SELECT FROM registrations r, LATERAL (
            SELECT (r.ends_on + 1)::timestamp AT TIME ZONE 'UTC' - interval '5 hours' AS over) AS day
            WHERE r.ending = 'expired' AND r.ended_at IS DISTINCT FROM over
            OR r.ending <> 'expired' AND (r.ended_at >= over OR r.ended_at < r.registered_at)
            OR r.registered_at >= over",
    ),
    rule(
        "I16",
        "what is the applicant's is done by the applicant",
        "SELECT FROM events e JOIN applications a ON a.id = e.application_id
            WHERE (e.kind IN ('drafted', 'edited', 'withdrawn')
                   OR e.kind = 'signed' AND e.actor <> 'service')
            AND NOT (e.actor = 'person' AND e.actor_iin = a.applicant_iin)",
    ),
    rule(
        "I16",
        "what is a party's is done by a party",
        "SELECT FROM events e JOIN applications a ON a.id = e.application_id
            WHERE e.kind IN ('consent_given', 'consent_declined', 'consent_taken_back', 'removal_confirmed',
                             'signature_received')
            AND e.actor <> 'service'
            AND NOT (e.kind = 'signature_received' AND e.actor_iin = a.applicant_iin)
            AND NOT EXISTS (SELECT FROM consents c WHERE c.application_id = a.id
                AND (e.actor = 'person' AND e.actor_iin IN (c.party_iin, c.delegate_iin)
                     OR e.actor = 'signs' AND e.actor_bin = c.party_bin))",
    ),
    rule(
        "I16",
        "what is the service's is done by the service",
        "SELECT FROM events e WHERE e.actor <> 'service' AND e.kind IN ('signature_refused', 'owners_changed',
            'reminded', 'lapsed', 'registered', 'refused', 'expired', 'replaced', 'discontinued')",
    ),
    rule(
        "I16",
        "nobody but the state register annuls",
        "SELECT FROM events e WHERE (e.kind = 'annulled') <> (e.actor = 'register')",
    ),
    rule(
        "I20",
        "what continues a registration begins on the day after it, at the same address, for the same person",
        "SELECT FROM registrations r JOIN applications a ON a.id = r.application_id
            JOIN registrations former ON former.id = a.extends
            WHERE r.starts_on <> former.ends_on + 1 OR r.rka <> former.rka
            OR r.resident_iin <> former.resident_iin",
    ),
    rule(
        "I16",
        "an end is demanded by an owner of that day, or by their power of attorney",
        "SELECT FROM events e JOIN applications a ON a.id = e.application_id
            WHERE e.kind = 'removal_demanded'
            AND NOT coalesce('bin:' || e.actor_bin = ANY (owners_at(a.rka, e.at)), e.actor_bin IS NULL
                AND acts_for(e.actor_iin, owners_at(a.rka, e.at), e.at), false)",
    ),
    rule(
        "I16",
        "whoever leaves is the resident, or who speaks for them",
        "SELECT FROM events e
            JOIN registrations r ON r.id = e.registration_id
            WHERE e.kind = 'left' AND e.actor_iin IS DISTINCT FROM r.resident_iin
            AND NOT EXISTS (SELECT FROM person_representatives p
                WHERE p.person_iin = r.resident_iin AND p.representative_iin = e.actor_iin)",
    ),
    rule(
        "I19",
        "whoever leaves or is removed is so by a signed act of its own",
        "SELECT FROM registrations r WHERE r.ending IN ('left', 'removed') AND NOT EXISTS (
            SELECT FROM signatures s JOIN documents d ON d.id = s.document_id WHERE d.registration_id = r.id
            AND s.purpose = CASE r.ending WHEN 'left' THEN 'leaving' ELSE 'removal' END)",
    ),
    rule(
        "I19",
        "whoever ends a registration as an owner is one that day, and all of them agree",
        "SELECT FROM registrations r, LATERAL (
            SELECT s.document_id AS id, s.received_at AS at, s.signer_iin, s.signer_bin,
                coalesce('bin:' || (paper.by ->> 'bin'), 'iin:' || (paper.by ->> 'iin')) AS by
                FROM signatures s JOIN documents d ON d.id = s.document_id,
                LATERAL (SELECT convert_from(d.bytes, 'UTF8')::jsonb -> 'by' AS by) AS paper
                WHERE d.registration_id = r.id AND s.purpose = 'removal'
                ORDER BY s.received_at DESC LIMIT 1) AS demand
            WHERE r.ending = 'removed' AND (ARRAY(
                SELECT demand.by UNION SELECT coalesce('iin:' || c.party_iin, 'bin:' || c.party_bin)
                FROM consents c WHERE c.removal = demand.id AND c.answer = 'given' ORDER BY 1)
            IS DISTINCT FROM ARRAY(SELECT unnest(owners_at(r.rka, r.ended_at)) ORDER BY 1)
            OR NOT coalesce('bin:' || demand.signer_bin = demand.by,
                acts_for(demand.signer_iin, ARRAY[demand.by], demand.at)
                AND acts_for(demand.signer_iin, ARRAY[demand.by], r.ended_at), false))",
    ),
    rule(
        "I19",
        "the consents of whoever was registered are kept with their signatures",
        "SELECT FROM registrations r JOIN applications a ON a.id = r.application_id
            JOIN consents c ON c.application_id = a.id AND c.round = a.round AND c.removal IS NULL
            WHERE NOT EXISTS (SELECT FROM signatures s WHERE s.consent_id = c.id)",
    ),
    rule(
        "I20",
        "whoever is registered is so by the owners of that day",
        "SELECT FROM registrations r JOIN applications a ON a.id = r.application_id
            WHERE ARRAY(SELECT unnest(a.owners) ORDER BY 1)
            IS DISTINCT FROM ARRAY(SELECT unnest(owners_at(r.rka, r.registered_at)) ORDER BY 1)",
    ),
    rule(
        "L4",
        "the time for an answer is what its question gave, and nothing puts it off",
        "SELECT FROM applications a WHERE a.state IN ('draft', 'pending_evidence', 'awaiting_consent')
            AND a.deadline IS DISTINCT FROM interval '72 hours' + (
                SELECT max(e.at) FROM events e WHERE e.application_id = a.id
                AND e.kind IN ('drafted', 'edited', 'signed', 'owners_changed'))",
    ),
    rule(
        "L4",
        "the time for a confirmation is what the demand gave",
        "SELECT FROM registrations r WHERE r.removal IS NOT NULL
            AND r.removal_deadline IS DISTINCT FROM interval '72 hours' + (
                SELECT max(e.at) FROM events e WHERE e.registration_id = r.id
                AND e.kind = 'removal_demanded')",
    ),
    rule(
        "L4",
        "whatever counts came in time",
        "SELECT FROM signatures s JOIN documents d ON d.id = s.document_id WHERE s.received_at > d.expires_at",
    ),
    rule(
        "I24",
        "no history goes back in time",
        "SELECT FROM events e JOIN events n ON n.application_id = e.application_id AND n.version = e.version + 1
            WHERE n.at < e.at",
    ),
];

/// Beside the service's own tables: who owned what when, who acts for whom, and what was
/// revoked when.
pub(crate) const BESIDE: &str = "
    CREATE TABLE owned (rka text NOT NULL, owners text[] NOT NULL, since timestamptz NOT NULL);
    INSERT INTO owned SELECT rka, array_agg(coalesce('iin:' || owner_iin, 'bin:' || owner_bin)), '-infinity'
        FROM dwelling_owners GROUP BY rka;
    CREATE FUNCTION owners_at(text, timestamptz) RETURNS text[] LANGUAGE sql STABLE AS $$
        SELECT owners FROM owned WHERE rka = $1 AND since <= $2 ORDER BY since DESC LIMIT 1 $$;
    CREATE TABLE empowered (holds boolean NOT NULL, since timestamptz NOT NULL);
    CREATE FUNCTION acts_for(text, text[], timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT 'iin:' || $1 = ANY ($2) OR EXISTS (
            SELECT FROM powers_of_attorney p, LATERAL (
                SELECT ($3 AT TIME ZONE 'UTC' + interval '5 hours')::date AS day) AS that
            WHERE p.delegate_iin = $1 AND 'deregister' = ANY (p.scope)
            AND coalesce('iin:' || p.principal_iin, 'bin:' || p.principal_bin) = ANY ($2)
            AND that.day BETWEEN p.valid_from AND p.valid_until
            AND coalesce((SELECT holds FROM empowered WHERE since <= $3 ORDER BY since DESC LIMIT 1), true)) $$;
    CREATE TABLE revoked (certificate bytea NOT NULL, since timestamptz NOT NULL, known_at timestamptz NOT NULL);
";

/// Everything in the database that is against an invariant, the lowest number of
/// rows first.
pub(crate) async fn broken(connection: &mut Connection) -> BTreeSet<Broken> {
    let mut found = against_rules(connection).await;
    found.extend(folds(connection).await);
    found.extend(chains(connection).await);
    found
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

async fn against_rules(connection: &mut Connection) -> BTreeSet<Broken> {
    let counts = RULES.iter().enumerate();
    let counts = counts.map(|(place, rule)| {
        format!(
            "SELECT {place}::bigint AS place, count(*) AS rows FROM ({}) AS against",
            rule.rows
        )
    });
    let all = counts.collect::<Vec<_>>().join(" UNION ALL ");
    let query = format!("SELECT place, rows FROM ({all}) AS counted WHERE rows > 0");
    let counts: Vec<Count> = diesel::sql_query(query).load(connection).await.unwrap();
    let broken = counts.into_iter().map(|count| {
        let rule = &RULES[usize::try_from(count.place).unwrap()];
        Broken {
            number: rule.number,
            what: format!("{}: {} rows against it", rule.says, count.rows),
        }
    });
    broken.collect()
}

#[derive(QueryableByName)]
struct Standing {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Array<Text>)]
    bodies: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    registrations: Vec<String>,
}

/// I10: whoever hears all messages once and in order knows how everything stands.
async fn folds(connection: &mut Connection) -> Vec<Broken> {
    let query = "SELECT id, version, state,
        ARRAY(SELECT body FROM outbox o WHERE o.application_id = a.id ORDER BY sequence) AS bodies,
        ARRAY(SELECT r.id || ' ' || coalesce(r.ending, 'active') FROM registrations r
              WHERE r.application_id = a.id ORDER BY 1) AS registrations
        FROM applications a";
    let all: Vec<Standing> = diesel::sql_query(query).load(connection).await.unwrap();
    let differs = all.into_iter().filter(|one| {
        let heard = Heard::of(&one.bodies);
        heard.last != (one.version, one.state.clone()) || heard.standing() != one.registrations
    });
    let broken = differs.map(|one| Broken {
        number: "I10",
        what: format!("the messages of {} tell of something else", one.id),
    });
    broken.collect()
}

/// What the portal makes of the messages.
#[derive(Default)]
struct Heard {
    last: (i64, String),
    registrations: BTreeMap<String, String>,
}

impl Heard {
    fn of(bodies: &[String]) -> Heard {
        let mut heard = Heard::default();
        for body in bodies {
            let message: Value = serde_json::from_str(body).unwrap();
            heard.take(&message["data"]);
        }
        heard
    }

    fn take(&mut self, told: &Value) {
        let state = told["state"].as_str().unwrap();
        self.last = (told["version"].as_i64().unwrap(), state.to_owned());
        for id in told["registrations"].as_array().into_iter().flatten() {
            let id = id.as_str().unwrap().to_owned();
            self.registrations.insert(id, "active".to_owned());
        }
        let Some(ending) = told["ending"].as_str() else {
            return;
        };
        match told["registration"].as_str() {
            Some(id) => {
                self.registrations.insert(id.to_owned(), ending.to_owned());
            }
            // All that still stand have the same last day.
            None => {
                let standing = self.registrations.values_mut();
                standing
                    .filter(|standing| *standing == "active")
                    .for_each(|standing| ending.clone_into(standing));
            }
        }
    }

    fn standing(&self) -> Vec<String> {
        let all = self.registrations.iter();
        all.map(|(id, standing)| format!("{id} {standing}"))
            .collect()
    }
}

/// I17: each record follows from the one before, and tells what was done.
async fn chains(connection: &mut Connection) -> Vec<Broken> {
    let mut broken = Vec::new();
    for application in applications(connection).await {
        let inspected = inspect_chain(connection, application).await.unwrap();
        if let Some(finding) = inspected.finding {
            broken.push(Broken {
                number: "I17",
                what: format!("{finding:?}"),
            });
        }
    }
    broken
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

async fn applications(connection: &mut Connection) -> Vec<ApplicationId> {
    let all: Vec<Id> = diesel::sql_query("SELECT id FROM applications ORDER BY id")
        .load(connection)
        .await
        .unwrap();
    all.into_iter()
        .map(|one| ApplicationId::new(one.id))
        .collect()
}

/// I18: each stored signature, judged again at its time by what it carries and the
/// anchors alone, has the verdict that was stored.
pub(crate) async fn judged_otherwise(house: &House, connection: &mut Connection) -> Vec<Broken> {
    let trust = house.trust.current().anchors_only();
    let mut broken = Vec::new();
    for application in applications(connection).await {
        for stored in signatures::of(connection, application).await.unwrap() {
            let document = documents::find(connection, DocumentId::new(stored.document.uuid()));
            let document = document.await.unwrap().unwrap();
            let policy = house.settings.policy_of(&document);
            let (content, moment) = (Content::Detached(&document.bytes), moment(&stored.report));
            let again = eds::verify(&stored.augmented, content, &trust, policy, moment);
            let report = again.map(|proof| serde_json::to_value(proof.report()).unwrap());
            if report.as_ref().ok() != Some(&stored.report) {
                broken.push(Broken {
                    number: "I18",
                    what: format!("{} is judged otherwise: {report:?}", document.id),
                });
            }
        }
    }
    broken
}

/// The instants on which a stored verdict stands.
fn moment(report: &Value) -> Moment {
    let at =
        |member: &str| -> Option<DateTime<Utc>> { report["moment"][member].as_str()?.parse().ok() };
    Moment {
        issued: at("issued"),
        received: at("received").unwrap(),
        now: at("now").unwrap(),
    }
}

/// An effect, for which there is a row: the application, its version and state.
#[derive(Clone, Debug)]
pub(crate) struct Acknowledged {
    pub(crate) application: Uuid,
    pub(crate) version: i64,
    pub(crate) state: String,
}

/// I15: whatever was acknowledged happened, and is still known.
pub(crate) async fn lost(
    connection: &mut Connection,
    acknowledged: &[Acknowledged],
) -> Vec<Broken> {
    let mut broken = Vec::new();
    for one in acknowledged {
        let known: Count = diesel::sql_query(
            "SELECT 0::bigint AS place, count(*) AS rows FROM events
                WHERE application_id = $1 AND version = $2 AND state = $3",
        )
        .bind::<SqlUuid, _>(one.application)
        .bind::<BigInt, _>(one.version)
        .bind::<Text, _>(&one.state)
        .get_result(connection)
        .await
        .unwrap();
        if known.rows != 1 {
            broken.push(Broken {
                number: "I15",
                what: format!("{one:?} was acknowledged"),
            });
        }
    }
    broken
}

/// I13: nothing stands whose last day is over, once the service has looked.
pub(crate) async fn outlived(connection: &mut Connection, now: DateTime<Utc>) -> Vec<Broken> {
    let over: Count = diesel::sql_query(
        "SELECT 0::bigint AS place, count(*) AS rows FROM registrations WHERE ended_at IS NULL
            AND (ends_on + 1)::timestamp AT TIME ZONE 'UTC' - interval '5 hours' <= $1",
    )
    .bind::<Timestamptz, _>(now)
    .get_result(connection)
    .await
    .unwrap();
    let broken = (over.rows > 0).then(|| Broken {
        number: "I13",
        what: format!("{} stand whose last day is over", over.rows),
    });
    broken.into_iter().collect()
}

/// One number that a query gives.
pub(crate) async fn count(connection: &mut Connection, query: &str) -> i64 {
    let query = format!("SELECT 0::bigint AS place, ({query}) AS rows");
    let count: Count = diesel::sql_query(query)
        .get_result(connection)
        .await
        .unwrap();
    count.rows
}
