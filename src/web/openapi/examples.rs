//! One example for each word of the API: a word means the same wherever it stands,
//! so its example stands once. Where a member or parameter has one of its own in
//! the code, that counts.
//!
//! The people are those of the development PKI, whom nobody is.

use serde_json::{Value, json};
use utoipa::Modify;
use utoipa::openapi::path::{Operation, Parameter, PathItem};
use utoipa::openapi::{OpenApi, RefOr, Schema};

/// Gives each member and parameter an example that has none.
pub(super) struct Examples;

impl Modify for Examples {
    fn modify(&self, api: &mut OpenApi) {
        let components = api.components.get_or_insert_default();
        for (name, schema) in &mut components.schemas {
            if let RefOr::T(schema) = schema {
                illustrate(name, schema);
            }
        }
        let calls = api.paths.paths.values_mut().flat_map(operations);
        for parameter in calls.flat_map(|call| call.parameters.iter_mut().flatten()) {
            show(parameter);
        }
        for (path, answer) in ANSWERS {
            if let Some(path) = api.paths.paths.get_mut(path) {
                operations(path).for_each(|call| answers(call, answer));
            }
        }
    }
}

/// Answers that are no structure of the API: documents as they are signed, a report
/// and a certificate as the verifier tells them.
const ANSWERS: [(&str, &str); 6] = [
    (
        "/api/v1/applications/{id}/document",
        include_str!("examples/application.json"),
    ),
    (
        "/api/v1/applications/{id}/consents/{consent}/document",
        include_str!("examples/consent.json"),
    ),
    (
        "/api/v1/registrations/{id}/leaving/document",
        include_str!("examples/leaving.json"),
    ),
    (
        "/api/v1/registrations/{id}/removal/document",
        include_str!("examples/removal.json"),
    ),
    (
        "/api/v1/signatures/validate",
        include_str!("examples/validation.json"),
    ),
    (
        "/api/v1/certificates/inspect",
        include_str!("examples/certificate.json"),
    ),
];

fn answers(call: &mut Operation, example: &str) {
    let Some(RefOr::T(answer)) = call.responses.responses.get_mut("200") else {
        return;
    };
    for content in answer.content.values_mut() {
        if let RefOr::T(content) = content {
            content.example = serde_json::from_str(example).ok();
        }
    }
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let reading = path.get.iter_mut();
    let writing = path.post.iter_mut().chain(path.put.iter_mut());
    reading.chain(writing).chain(path.delete.iter_mut())
}

/// Goes through the members, in the parts of which a schema is put together too.
fn illustrate(name: &str, schema: &mut Schema) {
    if let Schema::AllOf(parts) = schema {
        for part in &mut parts.items {
            if let RefOr::T(part) = part {
                illustrate(name, part);
            }
        }
    } else if let Schema::Object(object) = schema {
        for (member, property) in &mut object.properties {
            if let RefOr::T(property) = property {
                fill(property, of(name, member));
            }
        }
    }
}

/// What refers to another schema has the examples of that one's members.
fn fill(property: &mut Schema, value: Option<Value>) {
    if let Schema::Object(object) = property
        && object.example.is_none()
        && object.examples.is_empty()
    {
        object.example = value;
    } else if let Schema::Array(list) = property
        && list.example.is_none()
        && list.examples.is_empty()
    {
        list.example = value;
    }
}

fn show(parameter: &mut RefOr<Parameter>) {
    let RefOr::T(parameter) = parameter else {
        return;
    };
    let value = of("", &parameter.name);
    if let Some(RefOr::T(schema)) = &mut parameter.schema {
        fill(schema, value);
    } else if let Some(value) = value {
        parameter.schema = Some(RefOr::T(text(value)));
    }
}

/// A text that may be one of a few words.
fn text(example: Value) -> Schema {
    let text = utoipa::openapi::ObjectBuilder::new();
    let text = text.schema_type(utoipa::openapi::Type::String);
    text.examples([example]).build().into()
}

/// An example of a member of this schema, or of a parameter of this name.
fn of(schema: &str, member: &str) -> Option<Value> {
    own(schema, member)
        .or_else(|| name(member))
        .or_else(|| moment(member))
        .or_else(|| word(member))
        .or_else(|| number(member))
        .or_else(|| proof(member))
}

/// Where a word of the trade stands for something narrower.
fn own(schema: &str, member: &str) -> Option<Value> {
    let value = match (schema, member) {
        ("AddressView", "kk") => json!("Алматы облысы, Үлгі ауылы, Үлгі көшесі, 1-үй"),
        ("AddressView", "ru") => json!("Алматинская область, село Үлгі, улица Үлгі, дом 1"),
        ("AddressView", "en") => json!("1 Ulgi street, Ulgi, Almaty region"),
        ("WordsView", "kk") => json!("Сертификаттың күйі туралы мәлімет әлі түскен жоқ."),
        ("WordsView", "ru") => json!("Сведения о состоянии сертификата ещё не поступили."),
        ("WordsView", "en") => json!("The evidence about the certificate has not come yet."),
        ("ValidationRequest", "content") => json!("0JrQtdC70ZbRgdC10LzRltC9"),
        ("RecordView", "body") => json!({"edition": 1, "round": 1, "state": "awaiting_consent"}),
        ("EventView" | "EventLine", "state") => json!("awaiting_consent"),
        ("EventLine", "kind") => json!("signed"),
        ("Problem", "status") => json!(422),
        ("Problem", "type") => json!("urn:kelisim:problem:signature"),
        ("Problem", "reason") => json!("the digest of the content is another"),
        ("ConsentLine", "iin") | ("IdentityRequest", "iin") => json!("920614499917"),
        (_, _) => return None,
    };
    Some(value)
}

/// Whatever is named by an identifier or a code.
fn name(member: &str) -> Option<Value> {
    let value = match member {
        "id" => json!("0198f0a2-7c1e-7000-8000-000000000001"),
        "application" => json!("0198f0a2-7c1e-7000-8000-000000000002"),
        "consent" => json!("0198f0a2-7c1e-7000-8000-000000000003"),
        "registration" => json!("0198f0a2-7c1e-7000-8000-000000000004"),
        "attachment" => json!("0198f0a2-7c1e-7000-8000-000000000005"),
        "invitation" => json!("0198f0a2-7c1e-7000-8000-000000000006"),
        "extends" => json!("0198f0a2-7c1e-7000-8000-000000000007"),
        "challenge" => json!("0198f0a2-7c1e-7000-8000-000000000008"),
        "incident" => json!("0198f0a2-7c1e-7000-8000-000000000009"),
        "cursor" | "next" => json!("0198f0a2-7c1e-7000-8000-00000000000a"),
        "webhook-id" => json!("0198f0a2-7c1e-7000-8000-00000000000b"),
        "Idempotency-Key" => json!("0198f0a2-7c1e-7000-8000-00000000000c"),
        "webhook-timestamp" => json!("1793534400"),
        "webhook-signature" => json!("v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="),
        "token" => json!("3q2-7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs"),
        "rka" => json!("0201900167046043"),
        "bin" => json!("200140000004"),
        "power_of_attorney" => json!("ҮЛГІ-17/2026"),
        "verification_code" => json!("MPJT-B9D5-MPJT-B9D5-MPJT-B9D5-MPJT"),
        "name" | "resident_name" | "applicant_name" => json!("ҚОНАҚБАЕВА ӘСЕЛ ҮЛГІҚЫЗЫ"),
        _ => return None,
    };
    Some(value)
}

/// Days and times, of one story.
fn moment(member: &str) -> Option<Value> {
    let value = match member {
        "arrived_on" => json!("2026-10-30"),
        "starts_on" | "as_of" | "from" => json!("2026-11-01"),
        "due_on" => json!("2026-11-09"),
        "ends_on" | "until" => json!("2027-02-01"),
        "created_at" | "issued_at" | "added_at" | "time" => json!("2026-11-01T12:00:00Z"),
        "at" | "changed_at" | "received_at" | "answered_at" | "refused_at" => {
            json!("2026-11-01T12:04:05Z")
        }
        "registered_at" | "delivered_at" => json!("2026-11-01T12:04:07Z"),
        "seen_at" | "read_at" | "exported_at" => json!("2026-11-01T12:10:00Z"),
        "signed_in_at" => json!("2026-11-01T11:58:00Z"),
        "next_attempt_at" => json!("2026-11-01T12:04:35Z"),
        "give_up_at" => json!("2026-11-01T14:04:05Z"),
        "expires_at" | "expiry_date" => json!("2026-11-01T19:58:00Z"),
        "deadline" => json!("2026-11-04T12:00:00Z"),
        "ended_at" => json!("2027-02-01T19:00:00Z"),
        _ => return None,
    };
    Some(value)
}

/// One of a few words, or a text for people.
fn word(member: &str) -> Option<Value> {
    let value = match member {
        "state" => json!("registered"),
        "kind" => json!("temporary"),
        "channel" => json!("portal"),
        "actor" => json!("resident"),
        "party" => json!("owner"),
        "answer" => json!("given"),
        "standing" => json!("active"),
        "language" => json!("ru"),
        "database" | "worker" | "clock" => json!("ok"),
        "grounds" => json!("owners_changed"),
        "reason" => json!("not_agreed"),
        "topic" => json!("registered"),
        "code" => json!("CONSENT/WRONG_SIGNER"),
        "title" => json!("the signature does not count"),
        "detail" => json!("the signature is over other octets than the document's"),
        "text" => json!("Регистрация оформлена."),
        "address" => json!("Алматинская область, село Үлгі, улица Үлгі, дом 1"),
        _ => return None,
    };
    Some(value)
}

/// How many, and whether.
fn number(member: &str) -> Option<Value> {
    let value = match member {
        "sequence" | "version" | "asked" => json!(2),
        "attempts" | "round" | "given" | "pending" => json!(1),
        "draft" | "ended" | "left" | "removed" | "replaced" | "withdrawn" | "lapsed" => json!(1),
        "declined" | "refused" | "annulled" | "discontinued" | "pending_evidence" | "consented" => {
            json!(0)
        }
        "leaf_index" => json!(1207),
        "to" => json!(4093),
        "retry_after" => json!(60),
        "ready" => json!(true),
        "reveal" | "delegated" => json!(false),
        _ => return None,
    };
    Some(value)
}

/// What is signed, and by what it is proven; the time-stamp is cut off behind its
/// first octets.
fn proof(member: &str) -> Option<Value> {
    let value = match member {
        "signature" => {
            json!("MIIKzgYJKoZIhvcNAQcCoIIKvzCCCrsCAQExDTALBglghkgBZQMEAgEwCwYJKoZIhvcNAQcB")
        }
        "certificate" => json!(include_str!("examples/certificate.txt")),
        "time_stamp" => json!("MIIHPgYJKoZIhvcNAQcCoIIHLzCCBysCAQMxDTALBglghkgBZQMEAgE="),
        "file" => json!("JVBERi0xLjcK"),
        "content" => json!(
            "eyJhZGRyZXNzIjoi0q7Qu9Cz0ZYg0LrTqdGI0LXRgdGWLCAxLdKv0LkiLCJhcHBsaWNhdGlvbiI6IjAxOThmMGEyLTdjMWUtNzAwMC04MDAwLTAwMDAwMDAwMDAwMiJ9"
        ),
        "sha256" => json!("258efdf39bd1fd46d1a37b1c20c27aec35f35ca7a551be475db21389bacd6b6f"),
        "canonical" => json!(
            "{\"actor\":\"resident\",\"application\":\"0198f0a2-7c1e-7000-8000-000000000002\",\"at\":\"2026-11-01T12:00:00.000001Z\",\"body\":{\"edition\":1,\"round\":1,\"state\":\"awaiting_consent\"},\"kind\":\"signed\",\"person\":null,\"refusal\":null,\"sequence\":2,\"version\":2}"
        ),
        "previous_hash" => {
            json!("6db7d803e74f1ffa7d8f5adc0bf95b3e15bf4c8373fffadf546227cc6c6742cb")
        }
        "hash" => json!("fd7e4e3bc307942aecbaf92c537cd101a85a598b3ba173f5711ff01696b8d30e"),
        "path" => json!(["7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"]),
        "note" => json!(
            "kelisim.example/audit\n4093\nSBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=\n\n— kelisim.example/audit LXEWQiwe5oNyIVsc4GRCa1zb1O8lgazg3Tsh+ivifzZIJyQug/aLaL4D9bPiS+XRtDFfmKCpbRlxP7OhncRV+2rcNDE=\n"
        ),
        _ => return None,
    };
    Some(value)
}
