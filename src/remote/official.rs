//! The official certificates of the national authority: addresses and
//! fingerprints, as they stand in `certs/official.json`.

use serde::Deserialize;

use super::trust::Kind;

const TABLE: &str = include_str!("../../certs/official.json");

/// One official certificate.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Official {
    /// The name of its file, without the ending.
    pub name: String,
    /// Anchor or issuer.
    pub part: Part,
    /// The algorithm of its key.
    pub key: String,
    /// Where the authority publishes it.
    pub address: String,
    /// The SHA-256 of its DER, in lower-case hexadecimal.
    pub sha256: String,
    /// Whether the fingerprint was seen in sources that do not depend on each
    /// other; otherwise the operator has to confirm it.
    pub confirmed: bool,
}

/// What a certificate is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Trust starts from it.
    Anchor,
    /// It stands between an anchor and people's certificates.
    Issuer,
}

impl Part {
    /// The folder of a trust directory where it belongs.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::Anchor => Kind::Anchor,
            Self::Issuer => Kind::Issuer,
        }
    }
}

/// All of them.
///
/// # Errors
/// The table is part of the program; a test reads it, so it fails for nobody else.
pub fn officials() -> Result<Vec<Official>, serde_json::Error> {
    serde_json::from_str(TABLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        let all = officials().unwrap();
        assert!(
            all.iter()
                .any(|one| one.part == Part::Anchor && one.confirmed)
        );
        for one in &all {
            assert_eq!(one.sha256.len(), 64, "{}", one.name);
            assert!(one.address.ends_with(&format!("/{}.cer", one.name)));
        }
    }

    #[test]
    fn the_readme_shows_the_same_fingerprints() {
        let readme = include_str!("../../certs/README.md");
        for one in officials().unwrap() {
            assert!(readme.contains(&one.sha256), "{}", one.name);
        }
    }
}
