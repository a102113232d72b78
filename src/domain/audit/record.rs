//! One decision, and the hash that binds it to the one before.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;
use strum::{EnumString, IntoStaticStr};
use uuid::Uuid;

use crate::domain::ApplicationId;
use crate::eds::Digest;

/// A decision as the audit log keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The application it was about.
    pub application: ApplicationId,
    /// Its place among the records of the application, from 1 without a gap.
    pub sequence: i64,
    /// The version that the application reached by it; none when it was no step.
    pub version: Option<i64>,
    /// The refusal that it was, if it was one.
    pub refusal: Option<Uuid>,
    /// What was decided, in a word.
    pub kind: String,
    /// As whom somebody acted: an [`Author`] in a word.
    pub actor: String,
    /// The [`commitment`] to the person who acted; none for the service itself.
    pub person: Option<Digest>,
    /// What was decided and on which evidence: canonical JSON (RFC 8785).
    pub body: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The hash of the record before, or the [`beginning`].
    pub previous: Digest,
}

/// As whom somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Author {
    /// The person who applied.
    Resident,
    /// A person who is asked, or who ends what was registered.
    Owner,
    /// The service itself, when a time has come.
    Service,
    /// The state register to which registrations are handed over.
    Register,
}

impl Record {
    /// The record without its link, as canonical JSON (RFC 8785): members in
    /// order, no white space.
    ///
    /// The body is put in as it is; it is an object in canonical form when it is
    /// written. No two different records read alike, whatever their texts hold:
    /// what stands around the body has no unescaped quotation mark inside.
    pub fn canonical(&self) -> String {
        let text = |text: &str| Value::from(text).to_string();
        let number = |number: Option<i64>| optional(number.map(|number| number.to_string()));
        format!(
            r#"{{"actor":{},"application":"{}","at":"{}","body":{},"kind":{},"person":{},"refusal":{},"sequence":{},"version":{}}}"#,
            text(&self.actor),
            self.application,
            self.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            self.body,
            text(&self.kind),
            optional(self.person.map(|person| format!("\"{person}\""))),
            optional(self.refusal.map(|refusal| format!("\"{refusal}\""))),
            self.sequence,
            number(self.version),
        )
    }

    /// The hash of the record: SHA-256 over the tag, the hash of the record
    /// before, and the record itself.
    pub fn hash(&self) -> Digest {
        let canonical = self.canonical();
        Digest::of(&[TAG, self.previous.as_bytes(), canonical.as_bytes()].concat())
    }
}

/// What stands in place of the hash of a record before the first.
pub fn beginning() -> Digest {
    Digest::from([0; 32])
}

/// Stands for a person without naming them: SHA-256 over a tag, the salt and the
/// individual identification number. Whoever has salt and number can open it; when the salt is erased
/// nobody can, and the record still holds.
pub fn commitment(salt: &[u8], person: &str) -> Digest {
    Digest::of(&[PERSON_TAG, salt, person.as_bytes()].concat())
}

fn optional(text: Option<String>) -> String {
    text.unwrap_or_else(|| "null".to_owned())
}

/// Keeps these hashes apart from all others.
const TAG: &[u8] = b"kelisim audit record v1\n";

/// Keeps commitments apart from all other hashes.
const PERSON_TAG: &[u8] = b"kelisim audit person v1\n";

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        Record {
            application: ApplicationId::new(Uuid::from_u128(1)),
            sequence: 2,
            version: Some(2),
            refusal: None,
            kind: "signed".to_owned(),
            actor: "resident".to_owned(),
            person: None,
            body: r#"{"state":"awaiting_consent"}"#.to_owned(),
            at: "2026-11-01T12:00:00.000001Z".parse().unwrap(),
            previous: beginning(),
        }
    }

    #[test]
    fn a_record_has_one_form() {
        insta::assert_snapshot!(record().canonical(), @r#"{"actor":"resident","application":"00000000-0000-0000-0000-000000000001","at":"2026-11-01T12:00:00.000001Z","body":{"state":"awaiting_consent"},"kind":"signed","person":null,"refusal":null,"sequence":2,"version":2}"#);
        // As any other program computes it: SHA-256 of the tag, 32 zeros and the line above.
        insta::assert_snapshot!(record().hash(), @"545403f7db7e68a108764856f6e69e95448955d7c0d1abc961b1a0d9b797ba05");
    }

    /// Every member changes the hash, and so does moving text from one to another.
    #[test]
    fn every_member_counts() {
        let changes: [fn(&mut Record); 10] = [
            |record| record.application = ApplicationId::new(Uuid::from_u128(2)),
            |record| record.sequence = 3,
            |record| record.version = None,
            |record| record.refusal = Some(Uuid::from_u128(3)),
            |record| record.kind = "withdrawn".to_owned(),
            |record| record.actor = "owner".to_owned(),
            |record| record.person = Some(Digest::of(b"")),
            |record| record.body = "{}".to_owned(),
            |record| record.at += chrono::TimeDelta::microseconds(1),
            |record| record.previous = Digest::of(b""),
        ];
        let mut hashes = vec![record().hash()];
        for change in changes {
            let mut changed = record();
            change(&mut changed);
            hashes.push(changed.hash());
        }
        hashes.sort_by_key(|hash| *hash.as_bytes());
        hashes.dedup();
        assert_eq!(hashes.len(), changes.len() + 1);
    }

    #[test]
    fn a_text_cannot_pass_for_the_members_around_it() {
        let mut sly = record();
        sly.body = r#"{},"kind":"drafted"#.to_owned();
        sly.kind = r#"x","person":null"#.to_owned();
        assert!(sly.canonical().contains(r#""kind":"x\",\"person\":null""#));
        assert_ne!(sly.hash(), record().hash());
    }

    #[test]
    fn a_commitment_needs_salt_and_number() {
        let one = commitment(b"salt", "920614499917");
        assert_ne!(one, commitment(b"other", "920614499917"));
        assert_ne!(one, commitment(b"salt", "920614499918"));
    }
}
