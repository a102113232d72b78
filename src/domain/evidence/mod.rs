//! The evidence of one registration: what was signed, the signatures with all
//! that proves them, the reports of the time, the rules, and a list of it all.
//!
//! Somebody who trusts nobody but the anchors reads a package with
//! [`verify`](verify()): everything is judged anew from what is in it, and who
//! had to sign what, and about what, is looked up in the signed documents
//! themselves.
//!
//! | file | what |
//! |---|---|
//! | `registration.json` | who is registered, who applied, who had to consent, and how it ended |
//! | `documents/application.json`, `documents/consent-ID.json` | the octets that were signed |
//! | `documents/leaving.json` | what was signed to end it, where the resident did |
//! | `documents/removal.json`, `documents/confirmation-ID.json` | the same, where the owners did |
//! | `signatures/application.p7s`, `signatures/consent-ID.p7s`, … | the signatures (CAdES-LT) |
//! | `reports/application.json`, `reports/consent-ID.json`, … | what was found when they were received |
//! | `policy.toml` | the rules by which they were judged |
//! | `attachments/SHA256.pdf`, … | what was scanned at a service centre, by the digests in `documents/application.json`; withheld from whoever may not see it ([`without_papers`]) |
//! | `records/audit.json` | the audit records of the application up to the packing, each with the octets that are hashed, its hash and the one before |

mod ends;
mod finding;
mod history;
mod summary;
#[cfg(test)]
mod tests;
mod verdict;
mod weighing;

use chrono::{DateTime, Utc};

use super::attachment::MediaType;
use super::{ApplicationId, ConsentId, Ending, Party, RegistrationId, Signatory};
use crate::eds::{
    Digest, Iin,
    asic::{Broken, Package},
};
use summary::{SUMMARY, Summary};

pub use finding::Finding;
pub use history::history;
pub use verdict::{Basis, PackageReport, Part, verify};
pub use weighing::policy_for;

/// The name of the rules.
const POLICY: &str = "policy.toml";
/// Where the scanned papers are.
const ATTACHMENTS: &str = "attachments/";
/// By what name the files of the application go.
const APPLICATION: &str = "application";
/// By what name those of a resident's leaving go.
const LEAVING: &str = "leaving";
/// By what name those of an owner's demand go.
const REMOVAL: &str = "removal";

/// One signed document with its signature.
#[derive(Debug, Clone)]
pub struct Exhibit {
    /// Who had to sign it.
    pub signer: Signatory,
    /// The octets that were signed.
    pub document: Vec<u8>,
    /// The detached signature with its evidence (CAdES-LT).
    pub signature: Vec<u8>,
    /// The validation report of its receipt, in JSON.
    pub report: Vec<u8>,
}

/// A party's consent.
#[derive(Debug, Clone)]
pub struct Given {
    /// Its identifier.
    pub consent: ConsentId,
    /// Who was asked.
    pub party: Party,
    /// What the party signed, or the delegate in the party's place.
    pub exhibit: Exhibit,
}

/// How a registration came to its end.
#[derive(Debug, Clone)]
pub struct Ended {
    /// How.
    pub how: Ending,
    /// When.
    pub at: DateTime<Utc>,
    /// What was signed to end it: by whoever speaks for the resident, or by the
    /// owner who demanded it. Nothing is signed where it ends by itself.
    pub act: Option<Exhibit>,
    /// What the other owners signed who confirmed the demand.
    pub confirmations: Vec<Given>,
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
    /// Who is registered by it.
    pub resident: Iin,
    /// What the applicant signed: the application as it was last written.
    pub applied: Exhibit,
    /// What each party signed who was asked in the last round.
    pub consents: Vec<Given>,
    /// How it ended, once it has.
    pub ended: Option<Ended>,
    /// The rules, in TOML.
    pub policy: String,
    /// Further files, such as records of what happened.
    pub records: Vec<(String, Vec<u8>)>,
}

impl Evidence {
    /// Packs it all. The same evidence always gives the same octets.
    ///
    /// # Errors
    /// [`Broken`] when a limit is passed or a record may not be named as it is.
    pub fn pack(self) -> Result<Package, Broken> {
        // A structure of texts and times always has a JSON form.
        let summary = serde_json::to_vec_pretty(&Summary::from(&self)).unwrap_or_default();
        let mut files = vec![
            (SUMMARY.to_owned(), summary),
            (POLICY.to_owned(), self.policy.into_bytes()),
        ];
        files.extend(self.applied.files(APPLICATION));
        for given in self.consents {
            files.extend(given.exhibit.files(&consent_of(given.consent)));
        }
        files.extend(self.ended.into_iter().flat_map(Ended::files));
        files.extend(self.records);
        Package::new(files)
    }
}

impl Ended {
    fn files(self) -> Vec<(String, Vec<u8>)> {
        let act = act_of(self.how).zip(self.act);
        let act = act.map(|(name, exhibit)| exhibit.files(name));
        let mut files: Vec<_> = act.into_iter().flatten().collect();
        for given in self.confirmations {
            files.extend(given.exhibit.files(&confirmation_of(given.consent)));
        }
        files
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

/// By what name the act goes that ends a registration, where one is signed.
fn act_of(how: Ending) -> Option<&'static str> {
    match how {
        Ending::Left => Some(LEAVING),
        Ending::Removed => Some(REMOVAL),
        Ending::Expired | Ending::Replaced | Ending::Annulled | Ending::Discontinued => None,
    }
}

/// A paper that was scanned at a service centre, as a file for
/// [`Evidence::records`].
#[must_use]
pub fn scanned(media_type: MediaType, octets: Vec<u8>) -> (String, Vec<u8>) {
    (attachment_of(media_type, &Digest::of(&octets)), octets)
}

/// The package for whoever may not see what was scanned: identity documents, and
/// what else is nobody's but the residents' and the service centre's. The digests
/// stand in what the operator signed and in the list under the stamps, so that
/// [`verify`](verify()) passes it all the same and tells what is withheld.
#[must_use]
pub fn without_papers(package: &Package) -> Package {
    package.without(ATTACHMENTS)
}

fn attachment_of(media_type: MediaType, sha256: &Digest) -> String {
    format!("{ATTACHMENTS}{sha256}.{}", media_type.ending())
}

fn consent_of(id: impl std::fmt::Display) -> String {
    format!("consent-{id}")
}

fn confirmation_of(id: impl std::fmt::Display) -> String {
    format!("confirmation-{id}")
}

fn document_of(name: &str) -> String {
    format!("documents/{name}.json")
}

fn signature_of(name: &str) -> String {
    format!("signatures/{name}.p7s")
}
