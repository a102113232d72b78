//! The audit log over HTTP: who may see what, and proofs that anybody can check.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kelisim::domain::audit::{Checkpoint, beginning, is_consistent, is_included, leaf};
use kelisim::eds::Digest;
use serde_json::{Value, json};

use super::log::Log;
use crate::office::{Answer, Office, TWO_OWNERS};

/// Hexadecimal, as the API writes hashes.
fn digest(text: &Value) -> Digest {
    let octets: Vec<u8> = text
        .as_str()
        .unwrap()
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    Digest::from(<[u8; 32]>::try_from(octets).unwrap())
}

fn path_of(answer: &Answer) -> Vec<Digest> {
    let path = answer.body["path"].as_array().unwrap();
    path.iter().map(digest).collect()
}

/// The hash of a record, computed as its description says.
fn hash_of(record: &Value) -> Digest {
    let canonical = record["canonical"].as_str().unwrap();
    let previous = digest(&record["previous_hash"]);
    let tag = b"kelisim audit record v1\n".as_slice();
    Digest::of(&[tag, previous.as_bytes(), canonical.as_bytes()].concat())
}

#[tokio::test]
async fn the_records_of_an_application_chain_up_and_tell_what_was_decided_on_which_evidence() {
    let log = Log::open().await;
    let id = log.register().await;
    let shown = log
        .owner
        .get(&format!("/api/v1/applications/{id}/audit"))
        .await;
    let records = shown.body["records"].as_array().unwrap();
    let mut previous = beginning();
    for record in records {
        assert_eq!(digest(&record["previous_hash"]), previous);
        previous = hash_of(record);
        assert_eq!(digest(&record["hash"]), previous);
        let canonical: Value = serde_json::from_str(record["canonical"].as_str().unwrap()).unwrap();
        assert_eq!(canonical["body"], record["body"]);
        assert_eq!(canonical["application"], json!(id.to_string()));
    }
    let told: Vec<_> = records
        .iter()
        .map(|record| json!([record["kind"], record["actor"], record["body"]["state"]]))
        .collect();
    assert_eq!(
        told,
        [
            json!(["drafted", "resident", "draft"]),
            json!(["signed", "resident", "awaiting_consent"]),
            json!(["consent_given", "owner", "consented"]),
            json!(["registered", "service", "registered"]),
        ]
    );
    let path = format!("/api/v1/applications/{id}/document");
    let document = Digest::of(&log.resident.get(&path).await.bytes).to_string();
    let drafted = records[0]["body"]["documents"][0]["id"].clone();
    assert_eq!(
        records[0]["body"]["documents"],
        json!([{"id": drafted, "digest": document}])
    );
    let signatures = records[3]["body"]["signatures"].as_array().unwrap();
    assert_eq!(signatures.len(), 2);
    assert_eq!(signatures[0]["document"], json!(document));
    for signature in signatures {
        assert_eq!(signature["indication"], "TOTAL-PASSED");
        for digest in ["signature", "certificate", "report", "policy_hash"] {
            assert_eq!(signature[digest].as_str().unwrap().len(), 64, "{digest}");
        }
    }
    for slug in ["resident-1", "owner-1"] {
        let iin = &crate::material::person(slug).character.identity.iin;
        assert!(!shown.body.to_string().contains(iin.as_str()));
    }
}

#[tokio::test]
async fn only_those_whom_it_concerns_see_the_log_of_an_application() {
    let log = Log::open().await;
    let id = log.register().await;
    log.seal(100).await;
    let draft = log.resident.draft(TWO_OWNERS).await;
    let stranger = Office::enter(&log.service, "owner-2").await;
    let outside = Office::outside(&log.service, "owner-2");
    for what in ["audit", "audit/1/proof"] {
        let path = format!("/api/v1/applications/{id}/{what}");
        for (office, status) in [
            (&log.resident, 200),
            (&log.owner, 200),
            (&stranger, 404),
            (&outside, 401),
        ] {
            assert_eq!(office.get(&path).await.status, status, "{path}");
        }
        // Owners hear of an application when the resident has signed it.
        let path = format!("/api/v1/applications/{}/{what}", draft.id());
        assert_eq!(stranger.get(&path).await.status, 404, "{path}");
    }
    let nothing = format!("/api/v1/applications/{id}/audit/99/proof");
    log.resident
        .get(&nothing)
        .await
        .refused(404, "not-found", None);
}

#[tokio::test]
async fn an_owner_does_not_see_which_signatures_of_another_were_refused() {
    let log = Log::open().await;
    let first = Office::enter(&log.service, "owner-2").await;
    let second = Office::enter(&log.service, "owner-3").await;
    let applied = log.resident.apply(&log.service, TWO_OWNERS).await;
    let (path, _) = first.signed_consent(&log.service, applied.id()).await;
    let refused = first.post(&path, json!({"signature": "AAAA"})).await;
    assert_eq!(refused.status, 422);
    let path = format!("/api/v1/applications/{}/audit", applied.id());
    let seen = async |office: &Office| {
        let records = office.get(&path).await.body["records"].clone();
        let records = records.as_array().unwrap().clone();
        records
            .iter()
            .filter(|one| one["kind"] == "signature_refused")
            .count()
    };
    assert_eq!(seen(&log.resident).await, 1);
    assert_eq!(seen(&first).await, 1);
    assert_eq!(seen(&second).await, 0);
    let proof = format!("{path}/3/proof");
    second.get(&proof).await.refused(404, "not-found", None);
    first.get(&proof).await.refused(409, "not-sealed", None);
}

/// What one of two owners answers, as the other, the first itself and the resident
/// read it in the log.
async fn told_of(answer: &str) -> [Vec<Value>; 3] {
    let log = Log::open().await;
    let first = Office::enter(&log.service, "owner-2").await;
    let second = Office::enter(&log.service, "owner-3").await;
    let applied = log.resident.apply(&log.service, TWO_OWNERS).await;
    let said = match answer {
        "consent" => first.consent(&log.service, applied.id()).await,
        _ => first.declines(applied.id(), "unknown_person").await,
    };
    assert_eq!(said.status, 200, "{:?}", said.body);
    log.seal(100).await;
    let path = format!("/api/v1/applications/{}/audit", applied.id());
    let read = async |office: &Office| {
        let records = office.get(&path).await.body["records"].clone();
        let proof = office.get(&format!("{path}/3/proof")).await;
        assert_eq!(proof.body["record"], records[2], "{:?}", proof.body);
        let index = proof.body["leaf_index"].as_u64().unwrap();
        let note = proof.body["checkpoint"]["note"].as_str().unwrap();
        let checkpoint = Checkpoint::open(note, &[log.public()]).unwrap();
        let leaf = leaf(digest(&records[2]["hash"]).as_bytes());
        let (size, root) = (checkpoint.size, &checkpoint.root);
        assert!(is_included(&leaf, index, size, &path_of(&proof), root));
        records.as_array().unwrap().clone()
    };
    [
        read(&second).await,
        read(&first).await,
        read(&log.resident).await,
    ]
}

#[tokio::test]
async fn an_owner_is_not_told_what_another_answered_before_all_are_in() {
    for answer in ["consent", "decline"] {
        let [other, own, resident] = told_of(answer).await;
        assert_eq!(own.len(), 3);
        assert_eq!(resident[2]["body"]["consent"], own[2]["body"]["consent"]);
        for (seen, whole) in other.iter().zip(&resident) {
            for link in [
                "sequence",
                "version",
                "previous_hash",
                "hash",
                "at",
                "actor",
            ] {
                assert_eq!(seen[link], whole[link], "{link}");
            }
        }
        // What is about the application alone stays, and the whole line goes.
        assert_eq!(other[..2], resident[..2]);
        let blank = &other[2];
        assert_eq!(blank.get("canonical"), None);
        let members: Vec<_> = blank["body"].as_object().unwrap().keys().collect();
        match answer {
            "consent" => {
                assert_eq!(members, ["edition", "round", "signatures", "state"]);
                let signatures = &blank["body"]["signatures"];
                assert_eq!(*signatures, resident[1]["body"]["signatures"]);
                let whole = resident[2]["body"]["signatures"].as_array().unwrap();
                assert_eq!(whole.len(), 2);
            }
            _ => assert_eq!(members, ["edition", "round", "state"]),
        }
        let text = Value::from(other.clone()).to_string();
        let consent = resident[2]["body"]["consent"].as_str().unwrap();
        assert!(!text.contains(consent), "{text}");
        assert!(!text.contains("unknown_person"), "{text}");
        // Who answered reads it, and so does the resident.
        assert_eq!(hash_of(&own[2]), digest(&own[2]["hash"]));
        assert_eq!(own[2], resident[2]);
    }
}

#[tokio::test]
async fn once_all_are_in_everybody_concerned_reads_all_of_it() {
    let log = Log::open().await;
    let applied = log.resident.apply(&log.service, TWO_OWNERS).await;
    for slug in ["owner-2", "owner-3"] {
        let owner = Office::enter(&log.service, slug).await;
        owner.consent(&log.service, applied.id()).await;
    }
    let path = format!("/api/v1/applications/{}/audit", applied.id());
    let whole = log.resident.get(&path).await.body;
    assert_eq!(whole["records"].as_array().unwrap().len(), 5);
    for slug in ["owner-2", "owner-3"] {
        let owner = Office::enter(&log.service, slug).await;
        assert_eq!(owner.get(&path).await.body, whole, "{slug}");
    }
}

#[tokio::test]
async fn every_record_is_proven_to_be_in_the_tree() {
    let log = Log::of(600).await;
    let applied = log.register().await;
    let path = format!("/api/v1/applications/{applied}/audit");
    let waits = log.owner.get(&format!("{path}/1/proof")).await;
    waits.refused(409, "not-sealed", None);
    assert_eq!(waits.body["retry_after"], 60);
    while log
        .service
        .count("SELECT count(*) FROM audit_waiting")
        .await
        > 0
    {
        log.seal(100).await;
    }
    for sequence in 1..=4 {
        let proof = log.owner.get(&format!("{path}/{sequence}/proof")).await;
        let note = proof.body["checkpoint"]["note"].as_str().unwrap();
        let checkpoint = Checkpoint::open(note, &[log.public()]).unwrap();
        let hash = hash_of(&proof.body["record"]);
        let index = proof.body["leaf_index"].as_u64().unwrap();
        let (leaf, path) = (leaf(hash.as_bytes()), path_of(&proof));
        let (size, root) = (checkpoint.size, &checkpoint.root);
        assert!(is_included(&leaf, index, size, &path, root), "{sequence}");
        assert!(!is_included(&leaf, index + 1, size, &path, root));
    }
}

#[tokio::test]
async fn anybody_can_check_that_the_log_only_grew() {
    let log = Log::of(600).await;
    let outside = Office::outside(&log.service, "owner-2");
    let latest = async || {
        let latest = outside.get("/api/v1/audit/checkpoints/latest").await;
        let note = latest.text("note").to_owned();
        let checkpoint = Checkpoint::open(&note, &[log.public()]).unwrap();
        assert_eq!(latest.body["size"], json!(checkpoint.size));
        assert_eq!(latest.body["number"], json!(checkpoint.number));
        checkpoint
    };
    let old = latest().await;
    log.seal(100).await;
    let new = latest().await;
    assert!(new.size > old.size);
    let query = format!("from={}&to={}", old.size, new.size);
    let proof = outside
        .get(&format!("/api/v1/audit/consistency?{query}"))
        .await;
    let (before, after) = ((old.size, &old.root), (new.size, &new.root));
    assert!(is_consistent(before, after, &path_of(&proof)));
    for (query, status) in [
        ("from=0&to=5".to_owned(), 400),
        ("from=7&to=5".to_owned(), 400),
        ("from=7".to_owned(), 400),
        (format!("from=1&to={}", new.size + 1), 404),
    ] {
        let answer = outside
            .get(&format!("/api/v1/audit/consistency?{query}"))
            .await;
        assert_eq!(answer.status, status, "{query}");
    }
}

#[tokio::test]
async fn before_the_first_checkpoint_there_is_none_to_show() {
    let log = Log::open().await;
    let latest = log.owner.get("/api/v1/audit/checkpoints/latest").await;
    latest.refused(404, "not-found", None);
    let none = log.owner.get("/api/v1/audit/consistency?from=1&to=1").await;
    none.refused(404, "not-found", None);
    log.register().await;
    log.seal(100).await;
    let latest = log.owner.get("/api/v1/audit/checkpoints/latest").await;
    assert_eq!(latest.body["time_stamp"], Value::Null);
    log.service
        .house
        .stamp_checkpoints(1, async |_| Ok::<_, kelisim::flow::Error>(vec![1, 2, 3]))
        .await
        .unwrap();
    let latest = log.owner.get("/api/v1/audit/checkpoints/latest").await;
    assert_eq!(latest.text("time_stamp"), STANDARD.encode([1, 2, 3]));
}
