//! The evidence of one registration: what was signed, the signatures with all
//! that proves them, the reports of the time, the rules, and a list of it all.
//!
//! Somebody who trusts nobody but the anchors reads a package with
//! [`verify`](verify()): everything is judged anew from what is in it, and
//! whether the consents are those that the application needed is looked up in
//! the signed documents themselves.
//!
//! | file | what |
//! |---|---|
//! | `registration.json` | who applied and who had to consent |
//! | `documents/application.json`, `documents/consent-ID.json` | the octets that were signed |
//! | `signatures/application.p7s`, `signatures/consent-ID.p7s` | the signatures (CAdES-LT) |
//! | `reports/application.json`, `reports/consent-ID.json` | what was found when they were received |
//! | `policy.toml` | the rules by which they were judged |
//! | `records/audit.json` | the audit records of the application up to the packing, each with the octets that are hashed, its hash and the one before |

mod history;
mod paper;
#[cfg(test)]
mod tests;
mod verdict;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ApplicationId, ConsentId, RegistrationId};
use crate::eds::{
    Iin,
    asic::{Broken, Package},
};

pub use history::history;
pub use verdict::{Finding, PackageReport, Part, verify};

/// The name of the list of who had to sign.
const SUMMARY: &str = "registration.json";
/// The name of the rules.
const POLICY: &str = "policy.toml";

/// One signed document with its signature.
#[derive(Debug, Clone)]
pub struct Exhibit {
    /// Who had to sign it.
    pub signer: Iin,
    /// The octets that were signed.
    pub document: Vec<u8>,
    /// The detached signature with its evidence (CAdES-LT).
    pub signature: Vec<u8>,
    /// The validation report of its receipt, in JSON.
    pub report: Vec<u8>,
}

/// Everything that proves one registration.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The registration.
    pub registration: RegistrationId,
    /// When it was made.
    pub registered_at: DateTime<Utc>,
    /// The application that led to it.
    pub application: ApplicationId,
    /// What the resident signed.
    pub resident: Exhibit,
    /// What each owner signed.
    pub consents: Vec<(ConsentId, Exhibit)>,
    /// The rules, in TOML.
    pub policy: String,
    /// Further files, such as records of what happened.
    pub records: Vec<(String, Vec<u8>)>,
}

/// Who had to sign: the file [`SUMMARY`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Summary {
    registration: String,
    registered_at: DateTime<Utc>,
    application: String,
    resident_iin: String,
    consents: Vec<SummaryOfConsent>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SummaryOfConsent {
    consent: String,
    owner_iin: String,
}

impl Evidence {
    /// Packs it all. The same evidence always gives the same octets.
    ///
    /// # Errors
    /// [`Broken`] when a limit is passed or a record may not be named as it is.
    pub fn pack(self) -> Result<Package, Broken> {
        let summary = Summary {
            registration: self.registration.to_string(),
            registered_at: self.registered_at,
            application: self.application.to_string(),
            resident_iin: self.resident.signer.as_str().to_owned(),
            consents: self.consents.iter().map(SummaryOfConsent::of).collect(),
        };
        // A structure of texts and times always has a JSON form.
        let summary = serde_json::to_vec_pretty(&summary).unwrap_or_default();
        let mut files = vec![
            (SUMMARY.to_owned(), summary),
            (POLICY.to_owned(), self.policy.into_bytes()),
        ];
        files.extend(self.resident.files("application"));
        for (id, exhibit) in self.consents {
            files.extend(exhibit.files(&format!("consent-{id}")));
        }
        files.extend(self.records);
        Package::new(files)
    }
}

impl SummaryOfConsent {
    fn of((id, exhibit): &(ConsentId, Exhibit)) -> Self {
        Self {
            consent: id.to_string(),
            owner_iin: exhibit.signer.as_str().to_owned(),
        }
    }
}

impl Exhibit {
    fn files(self, name: &str) -> [(String, Vec<u8>); 3] {
        [
            (document_of(name), self.document),
            (signature_of(name), self.signature),
            (format!("reports/{name}.json"), self.report),
        ]
    }
}

fn document_of(name: &str) -> String {
    format!("documents/{name}.json")
}

fn signature_of(name: &str) -> String {
    format!("signatures/{name}.p7s")
}
