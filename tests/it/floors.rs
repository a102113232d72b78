//! The house has floors: a room imports rooms of lower floors only.
//!
//! Rooms that stand on one floor do not see each other. The picture is in
//! `docs/architecture.md`; changing it means changing [`FLOORS`] with it.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The rooms, top floor first.
const FLOORS: [&[&str]; 8] = [
    &["main"],
    &["cli"],
    &["config"],
    &["web", "worker"],
    &["flow"],
    &["store", "remote", "render", "pki"],
    &["domain"],
    &["eds"],
];

#[test]
fn rooms_import_lower_floors_only() {
    let wrong = faults(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(
        wrong.is_empty(),
        "imports against the floors:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn an_upward_import_is_found() {
    assert_eq!(imports("use crate::flow::sign;", "domain"), ["flow"]);
    assert!(!allowed("domain", "flow"));
}

#[test]
fn a_sideways_import_is_found() {
    assert!(!allowed("store", "remote"));
    assert!(!allowed("web", "worker"));
}

#[test]
fn a_room_without_a_floor_is_found() {
    assert!(!allowed("attic", "eds"));
    assert!(!allowed("cli", "attic"));
}

#[test]
fn a_downward_import_is_allowed() {
    assert!(allowed("flow", "eds"));
    assert!(allowed("store", "domain"));
    assert!(allowed("eds", "eds"));
}

#[test]
fn every_way_to_write_an_import_is_read() {
    let grouped = "use crate::{\n    eds::{self, Report},\n    store, web::api,\n};";
    assert_eq!(imports(grouped, "flow"), ["eds", "store", "web"]);
    assert_eq!(
        imports("let report = crate::web::answer();", "eds"),
        ["web"]
    );
    assert_eq!(
        imports("pub(crate) fn see() {} // use crate::web;", "eds"),
        [""; 0]
    );
    assert_eq!(imports("kelisim::run();", "main"), ["run"]);
    assert_eq!(imports("use kelisim::cli;", "main"), ["cli"]);
}

#[track_caller]
fn faults(src: &Path) -> Vec<String> {
    let files = sources(src);
    assert!(!files.is_empty(), "no sources in {}", src.display());
    files.iter().flat_map(|file| faults_of(src, file)).collect()
}

fn faults_of(src: &Path, file: &Path) -> Vec<String> {
    let inside = file.strip_prefix(src).unwrap();
    let room = inside
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_str()
        .unwrap();
    let room = room.trim_end_matches(".rs");
    // `lib.rs` is the table of contents: it declares the rooms and imports none.
    let text = fs::read_to_string(file).unwrap();
    let wrong = imports(&text, room)
        .into_iter()
        .filter(|other| room != "lib" && !allowed(room, other));
    wrong
        .map(|other| format!("  src/{}: `{room}` imports `{other}`", inside.display()))
        .collect()
}

/// Whether a room may import another: from a floor strictly below, or itself.
fn allowed(room: &str, other: &str) -> bool {
    let floor = |name| FLOORS.iter().position(|rooms| rooms.contains(&name));
    match (floor(room), floor(other)) {
        (Some(here), Some(there)) => room == other || here < there,
        (Some(_) | None, None) | (None, Some(_)) => false,
    }
}

/// The rooms that a source text names by `crate::`, or `main` by `kelisim::`.
fn imports(text: &str, room: &str) -> Vec<String> {
    let root = if room == "main" {
        "kelisim::"
    } else {
        "crate::"
    };
    let code: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split("//").next())
        .collect();
    let code = code.join("\n");
    code.split(root).skip(1).flat_map(first_names).collect()
}

/// `eds::verify(..)` names `eds`; `{eds::{self, Report}, store}` names `eds` and `store`.
fn first_names(after: &str) -> Vec<String> {
    let Some(group) = after.trim_start().strip_prefix('{') else {
        return vec![word(after)];
    };
    let (mut names, mut depth, mut fresh) = (Vec::new(), 0, true);
    for (at, sign) in group.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            letter if fresh && !letter.is_whitespace() => {
                names.push(word(&group[at..]));
                fresh = false;
            }
            _ => {}
        }
    }
    names
}

fn word(text: &str) -> String {
    text.chars()
        .take_while(|sign| sign.is_alphanumeric() || *sign == '_')
        .collect()
}

/// All files of Rust below a folder.
pub(crate) fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}
