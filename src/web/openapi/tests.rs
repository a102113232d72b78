//! Each call is described with examples that could be sent and answered.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::*;
use crate::domain::paper::{Agreement, Paper, Request};
use crate::eds::Digest;

/// The description as it is served.
fn api() -> Value {
    serde_json::to_value(Api::openapi()).unwrap()
}

/// Every call: its name, and how it is described.
fn calls(api: &Value) -> impl Iterator<Item = (String, &Value)> {
    let paths = api["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(move |(method, call)| (format!("{method} {path}"), call))
    })
}

/// The example of a schema: its own, or what those of its members come to.
fn example(api: &Value, schema: &Value) -> Result<Value, String> {
    if let Some(own) = given(schema) {
        return Ok(own.clone());
    }
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        let known = &api["components"]["schemas"][name];
        return example(api, known).map_err(|member| format!("{name}.{member}"));
    }
    if let Some(properties) = schema["properties"].as_object() {
        return composed(api, schema, properties);
    }
    if let Some(items) = schema.get("items") {
        return Ok(Value::from(vec![example(api, items)?]));
    }
    for ways in ["oneOf", "anyOf"] {
        if let Some(ways) = schema[ways].as_array() {
            let some = ways.iter().find(|way| way["type"] != "null").unwrap();
            return example(api, some);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let mut all = Map::new();
        for part in parts {
            let part = example(api, part)?;
            all.extend(part.as_object().unwrap().clone());
        }
        return Ok(all.into());
    }
    Err(format!(" has none: {schema}"))
}

/// Of an object without one of its own.
fn composed(api: &Value, schema: &Value, properties: &Map<String, Value>) -> Result<Value, String> {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let mut all = Map::new();
    for (name, property) in properties {
        match example(api, property) {
            Ok(value) => drop(all.insert(name.clone(), value)),
            Err(member) if required.contains(&Value::from(name.as_str())) => {
                return Err(format!("{name}{member}"));
            }
            Err(_) => {}
        }
    }
    Ok(all.into())
}

fn given(schema: &Value) -> Option<&Value> {
    let one = schema.get("example");
    one.or_else(|| schema["examples"].as_array()?.first())
}

/// What is sent and answered as JSON or as a form, each with where.
fn bodies(api: &Value) -> Vec<(String, &Value)> {
    let mut all = Vec::new();
    for (name, call) in calls(api) {
        let answers = call["responses"].as_object().unwrap().iter();
        let good = answers.filter(|(status, _)| status.starts_with('2'));
        let good = good.map(|(status, answer)| (status.as_str(), answer));
        for (what, body) in std::iter::once(("request", &call["requestBody"])).chain(good) {
            let kinds = body["content"].as_object().into_iter().flatten();
            for (kind, content) in kinds {
                if matches!(kind.as_str(), "application/json" | "multipart/form-data") {
                    all.push((format!("{name} {what}"), content));
                }
            }
        }
    }
    all
}

#[test]
fn each_body_that_is_sent_or_answered_has_an_example() {
    let api = api();
    let bodies = bodies(&api);
    assert!(bodies.len() > 70, "{}", bodies.len());
    let missing: BTreeSet<_> = bodies
        .iter()
        .filter(|(_, content)| given(content).is_none())
        .filter_map(|(name, content)| {
            let why = example(&api, &content["schema"]).err()?;
            Some(format!("{name}: {why}"))
        })
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn each_parameter_has_an_example() {
    let api = api();
    let mut seen = 0;
    let mut missing = BTreeSet::new();
    for (name, call) in calls(&api) {
        for parameter in call["parameters"].as_array().into_iter().flatten() {
            seen += 1;
            if given(parameter).is_none() && example(&api, &parameter["schema"]).is_err() {
                missing.insert(format!("{name}: {}", parameter["name"]));
            }
        }
    }
    assert!(seen > 90, "{seen}");
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Each example under the name of its member, wherever it stands.
fn members(api: &Value) -> Vec<(String, &Value, &Value)> {
    let schemas = api["components"]["schemas"].as_object().unwrap();
    let mut all = Vec::new();
    for (schema, known) in schemas {
        for (name, property) in known["properties"].as_object().into_iter().flatten() {
            if let Some(value) = given(property) {
                all.push((format!("{schema}.{name}"), property, value));
            }
        }
    }
    for (call, description) in calls(api) {
        for parameter in description["parameters"].as_array().into_iter().flatten() {
            if let Some(value) = given(parameter) {
                let name = format!("{call} {}", parameter["name"]);
                all.push((name, &parameter["schema"], value));
            }
        }
    }
    all
}

fn is_a(schema: &Value, kind: &str) -> bool {
    let said = &schema["type"];
    said == kind
        || said
            .as_array()
            .is_some_and(|all| all.contains(&kind.into()))
}

/// The example has the type that is said, and the format.
fn fits(schema: &Value, value: &Value) -> bool {
    let Some(text) = value.as_str() else {
        return match value {
            Value::Number(_) => is_a(schema, "integer") || is_a(schema, "number"),
            Value::Bool(_) => is_a(schema, "boolean"),
            Value::Array(_) => is_a(schema, "array"),
            Value::Object(_) | Value::Null | Value::String(_) => true,
        };
    };
    let formed = match schema["format"].as_str() {
        Some("uuid") => text.parse::<uuid::Uuid>().is_ok(),
        Some("date") => text.parse::<chrono::NaiveDate>().is_ok(),
        Some("date-time") => text.parse::<chrono::DateTime<chrono::Utc>>().is_ok(),
        Some(_) | None => true,
    };
    formed && (is_a(schema, "string") || schema.get("$ref").is_some())
}

#[test]
fn each_example_could_be_sent() {
    let api = api();
    let members = members(&api);
    assert!(members.len() > 200, "{}", members.len());
    let mut wrong = Vec::new();
    for (name, schema, value) in members {
        let number = value
            .as_str()
            .filter(|text| text.len() == 12 && !text.contains('*'));
        let own = match name.rsplit(['.', ' ']).next().unwrap() {
            "iin" | "resident_iin" => {
                number.is_none_or(|text| crate::eds::Iin::parse(text).is_ok())
            }
            "bin" => number.is_some_and(|text| crate::eds::Bin::parse(text).is_ok()),
            "rka" => value
                .as_str()
                .is_some_and(|text| crate::domain::Rka::parse(text).is_ok()),
            _ => true,
        };
        if !(own && fits(schema, value)) {
            wrong.push(format!("{name}: {value}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_documents_are_such_as_people_sign() {
    let api = api();
    let example = |path: &str, method: &str| {
        let call = &api["paths"][path][method];
        call["responses"]["200"]["content"]["application/json"]["example"].clone()
    };
    let document = |path: &str| example(&format!("/api/v1/{path}/document"), "get");
    let application: Paper<Request> =
        serde_json::from_value(document("applications/{id}")).unwrap();
    assert_eq!(application.purpose, "kelisim/application/v1");
    let consent = document("applications/{id}/consents/{consent}");
    let consent: Paper<Agreement> = serde_json::from_value(consent).unwrap();
    assert!(consent.matter.request.is_the_same_as(&application.matter));
    assert_eq!(
        document("registrations/{id}/leaving")["purpose"],
        "kelisim/leaving/v1"
    );
    assert_eq!(
        document("registrations/{id}/removal")["purpose"],
        "kelisim/removal/v1"
    );
    let report = example("/api/v1/signatures/validate", "post");
    assert_eq!(report["indication"], "TOTAL-PASSED");
    let certificate = example("/api/v1/certificates/inspect", "post");
    assert_eq!(report["signatures"][0]["signer"], certificate);
}

#[test]
fn the_certificate_is_the_one_that_is_shown() {
    let request = api()["components"]["schemas"]["InspectionRequest"].clone();
    let certificate = request["properties"]["certificate"]["example"].clone();
    let octets = STANDARD.decode(certificate.as_str().unwrap()).unwrap();
    let shown: Value = serde_json::from_str(include_str!("examples/certificate.json")).unwrap();
    assert_eq!(
        Digest::of(&octets).to_string(),
        shown["sha256"].as_str().unwrap()
    );
}
