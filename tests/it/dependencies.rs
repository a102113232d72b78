//! Every direct dependency has its reason in `docs/dependencies.md`.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

#[test]
fn each_dependency_is_explained_and_nothing_else_is() {
    let mut used = dependencies("Cargo.toml");
    used.extend(dependencies("xtask/Cargo.toml"));
    used.extend(packages("frontend/package.json"));
    for known in ["ring", "insta", "pkijs", "esbuild"] {
        assert!(used.contains(known), "{used:?}");
    }
    assert_eq!(used, explained());
}

fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut listed = false;
    let mut names = BTreeSet::new();
    for line in read(manifest).lines() {
        if line.starts_with('[') {
            listed = line.ends_with("dependencies]");
        } else if let (true, Some((name, _))) = (listed, line.split_once(" = ")) {
            names.insert(name.to_owned());
        }
    }
    names
}

fn packages(manifest: &str) -> BTreeSet<String> {
    let manifest: Value = serde_json::from_str(&read(manifest)).unwrap();
    let named = |kind: &str| manifest[kind].as_object().unwrap().keys();
    named("dependencies")
        .chain(named("devDependencies"))
        .cloned()
        .collect()
}

fn explained() -> BTreeSet<String> {
    let page = read("docs/dependencies.md");
    let rows = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    rows.map(|(name, _)| name.to_owned()).collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}
