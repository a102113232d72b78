//! Holds what was kept of the evidence against the digests in the records.

use serde::Deserialize;
use uuid::Uuid;

use super::{Fault, Finding, Place, Record};
use crate::eds::Digest;

/// What other tables keep of one application. What is not there any more is not
/// missed: only what is there must be what it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// The documents that the applicant was asked to sign.
    pub documents: Vec<KeptDocument>,
    /// The signatures that count.
    pub signatures: Vec<KeptSignature>,
    /// The signatures that were acknowledged before their evidence was there.
    pub received: Vec<KeptReceipt>,
    /// The registrations that it led to.
    pub registrations: Vec<Uuid>,
}

/// A document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptDocument {
    /// Its identifier.
    pub id: Uuid,
    /// The digest of its octets.
    pub digest: Digest,
}

/// A signature, by the digests of what belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptSignature {
    /// The consent that it gives, when it gives one.
    pub consent: Option<Uuid>,
    /// The document that was signed.
    pub document: Uuid,
    /// Of that document's octets, if it is there.
    pub content: Option<Digest>,
    /// Of the signature as it was received.
    pub signature: Digest,
    /// Of the signing certificate.
    pub certificate: Digest,
    /// Of the validation report in canonical form.
    pub report: Digest,
}

/// A signature that was acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptReceipt {
    /// Its identifier.
    pub id: Uuid,
    /// The consent that it would give; none when it is the applicant's.
    pub consent: Option<Uuid>,
    /// The digest of it as it was received.
    pub signature: Digest,
}

/// The digests in the body of a record.
#[derive(Deserialize)]
struct Claims {
    #[serde(default)]
    documents: Vec<Written>,
    #[serde(default)]
    signatures: Vec<Signed>,
    #[serde(default)]
    waiting: Vec<Awaited>,
    #[serde(default)]
    registrations: Vec<Uuid>,
}

#[derive(Deserialize)]
struct Written {
    id: Uuid,
    digest: Digest,
}

#[derive(Deserialize)]
struct Signed {
    id: Uuid,
    document: Digest,
    signature: Digest,
    certificate: Digest,
    report: Digest,
}

#[derive(Deserialize)]
struct Awaited {
    consent: Option<Uuid>,
    signature: Digest,
}

impl Kept {
    /// What is kept is what the record tells of.
    ///
    /// # Errors
    /// The [`Finding`] that names the first that is not.
    pub fn agrees(&self, record: &Record) -> Result<(), Finding> {
        let place = Place::Record(record.application, record.sequence);
        let claims: Claims =
            serde_json::from_str(&record.body).map_err(|_| place.has(Fault::OtherStep))?;
        match self.differing(&claims) {
            Some(place) => Err(place.has(Fault::OtherEvidence(record.sequence))),
            None => Ok(()),
        }
    }

    fn differing(&self, claims: &Claims) -> Option<Place> {
        let (mut signed, mut waiting) = (claims.signatures.iter(), claims.waiting.iter());
        let mut written = claims.documents.iter();
        written
            .find_map(|told| self.other_document(told))
            .or_else(|| signed.find_map(|told| self.other_signature(told)))
            .or_else(|| waiting.find_map(|told| self.other_receipt(told)))
            .or_else(|| self.other_registration(&claims.registrations))
    }

    fn other_document(&self, told: &Written) -> Option<Place> {
        let kept = self.documents.iter().find(|kept| kept.id == told.id)?;
        (kept.digest != told.digest).then_some(Place::Document(kept.id))
    }

    /// All registrations are told of at once.
    fn other_registration(&self, told: &[Uuid]) -> Option<Place> {
        let mut kept = self.registrations.iter().filter(|_| !told.is_empty());
        kept.find(|id| !told.contains(id))
            .map(|id| Place::Registration(*id))
    }

    fn other_signature(&self, told: &Signed) -> Option<Place> {
        let mut kept = self.signatures.iter();
        let kept = kept.find(|kept| kept.document == told.id)?;
        let document = kept.document;
        let compared = [
            (
                kept.content.unwrap_or(told.document) == told.document,
                Place::Document(document),
            ),
            (kept.signature == told.signature, Place::Signature(document)),
            (
                kept.certificate == told.certificate,
                Place::Certificate(document),
            ),
            (kept.report == told.report, Place::Report(document)),
        ];
        let mut compared = compared.into_iter();
        compared.find(|(same, _)| !same).map(|(_, place)| place)
    }

    /// One that was refused may have been followed by another.
    fn other_receipt(&self, told: &Awaited) -> Option<Place> {
        let kept = self.received.iter();
        let mut kept = kept.filter(|kept| kept.consent == told.consent);
        let known = kept.clone().any(|kept| kept.signature == told.signature);
        kept.next()
            .filter(|_| !known)
            .map(|kept| Place::Received(kept.id))
    }
}
