//! No route escapes the table: what the sources serve is compared with it, so that a
//! new one fails here until it is said whom it is for.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::json;

use super::table::{CALLS, FOR_ALL, PAGES, Right};
use crate::floors::sources;
use crate::office::Office;
use crate::service::Service;

/// Method and path.
type Route = (String, String);

#[test]
fn every_route_that_the_sources_serve_is_in_the_table() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
    let (mut calls, mut pages, mut others) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for file in sources(&folder) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(
            !text.contains("web::resource("),
            "{file:?}: say it by an attribute"
        );
        let room = file.file_stem().unwrap().to_str().unwrap();
        let page = file.strip_prefix(&folder).unwrap().starts_with("office");
        for (method, path, handler) in attributes(&text) {
            let path = format!("{}{path}", scope(page, room, &handler));
            let path = path
                .replace("{rka}", "{id}")
                .replace("{paper}", "{attachment}");
            let new = match (room, page) {
                ("assets", _) => others.insert((method, path)),
                (_, true) => pages.insert((method, path)),
                (_, false) => calls.insert((method, path)),
            };
            assert!(new, "{file:?}: {handler} is served twice");
        }
        others.extend(plain(&text));
    }
    let named = |rows: &[(&str, &str, Right)]| -> BTreeSet<Route> {
        let rows = rows.iter();
        rows.map(|(method, path, _)| ((*method).into(), (*path).into()))
            .collect()
    };
    assert_eq!(calls, named(CALLS));
    assert_eq!(pages, named(PAGES));
    let for_all = FOR_ALL.iter();
    let for_all = for_all.map(|(method, path)| ((*method).into(), (*path).into()));
    assert_eq!(others, for_all.collect());
}

#[tokio::test]
async fn every_call_is_described_and_said_to_be_open_or_not() {
    let service = Service::start().await;
    let office = Office::outside(&service, "resident-1");
    let api = office.get("/api/openapi.json").await;
    let mut described = BTreeSet::new();
    for (path, calls) in api.body["paths"].as_object().unwrap() {
        for (method, call) in calls.as_object().unwrap() {
            let open = call["security"].as_array();
            let open = open.is_some_and(|ways| ways.contains(&json!({})));
            // The code of an address stands for a dwelling as an identifier does.
            let path = path.replace("{rka}", "{id}");
            described.insert((method.clone(), path, open));
        }
    }
    let classified = CALLS.iter().map(|(method, path, right)| {
        let open = matches!(right, Right::Everybody | Right::Bear);
        ((*method).to_owned(), (*path).to_owned(), open)
    });
    assert_eq!(described, classified.collect());
}

/// Method, path and name of each handler: `#[get("/path")]` and the function below.
fn attributes(text: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for method in ["get", "post", "put", "delete", "patch", "head", "route"] {
        for rest in text.split(&format!("\n#[{method}(\"")).skip(1) {
            let (path, rest) = rest.split_once('"').unwrap();
            let (_, rest) = rest.split_once("fn ").unwrap();
            let name = rest.split('(').next().unwrap();
            found.push((method.to_owned(), path.to_owned(), name.to_owned()));
        }
    }
    found
}

/// Below which path a handler is served.
fn scope(page: bool, room: &str, handler: &str) -> &'static str {
    match (page, room, handler) {
        (false, "health", "live" | "ready" | "metrics") => "",
        (false, "attachments", "attach" | "list" | "see" | "detach") => {
            "/api/v1/applications/{id}/attachments"
        }
        (false, "validation", "validate") => "/api/v1/signatures",
        (false, "validation", "inspect") => "/api/v1/certificates",
        (false, ..) => "/api/v1",
        (true, "desk", "attach" | "detach" | "attest") => "/desk/{id}",
        (true, "validating", _) => "/validate",
        (true, ..) => "",
    }
}

/// Method and path of each `.route("/path", web::get()…)`.
fn plain(text: &str) -> Vec<Route> {
    let routes = text.split(".route(").skip(1);
    let routes = routes.map(|rest| {
        let (path, rest) = rest.split_once(',').unwrap();
        let (_, rest) = rest.split_once("web::").unwrap();
        let method = rest.split('(').next().unwrap();
        (method.to_owned(), path.trim().trim_matches('"').to_owned())
    });
    routes.collect()
}
