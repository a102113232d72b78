//! Holds what was kept of the evidence against the digests in the records.

use std::collections::BTreeSet;

use serde::Deserialize;
use uuid::Uuid;

use super::{Fault, Finding, Place, Record};
use crate::eds::Digest;

/// What other tables keep of one application.
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

/// Compares what is kept of one application with its records: feed it each.
///
/// What is not there any more is not missed; what is there must be what a record
/// tells of.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    kept: Kept,
    /// What the records told of so far.
    told: Told,
}

#[derive(Clone, Debug, Default)]
struct Told {
    documents: BTreeSet<Uuid>,
    signatures: BTreeSet<(Uuid, Claim)>,
    received: BTreeSet<Claim>,
    registrations: BTreeSet<Uuid>,
}

/// The digest of a signature as it was received, and the consent that it gives.
type Claim = (Option<Uuid>, Digest);

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
    consent: Option<Uuid>,
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

impl Comparison {
    /// Of what is kept with no record yet.
    pub fn of(kept: Kept) -> Self {
        let told = Told::default();
        Self { kept, told }
    }

    /// What is kept is what the next record tells of.
    ///
    /// # Errors
    /// The [`Finding`] that names the first that is not.
    pub fn next(&mut self, record: &Record) -> Result<(), Finding> {
        let place = Place::Record(record.application, record.sequence);
        let claims: Claims =
            serde_json::from_str(&record.body).map_err(|_| place.has(Fault::OtherStep))?;
        if let Some(place) = self.kept.differing(&claims) {
            return Err(place.has(Fault::OtherEvidence(record.sequence)));
        }
        self.told.add(&claims);
        Ok(())
    }

    /// There are no more records: all that is kept was told of.
    ///
    /// # Errors
    /// The [`Finding`] that names the first that was not.
    pub fn end(&self) -> Result<(), Finding> {
        let (kept, told) = (&self.kept, &self.told);
        kept.signatures_are_told(&told.signatures)?;
        let mut documents = kept.documents.iter();
        let mut received = kept.received.iter();
        let mut registrations = kept.registrations.iter();
        let document = documents
            .find(|one| !told.documents.contains(&one.id))
            .map(|one| Place::Document(one.id));
        let receipt = received
            .find(|one| !told.received.contains(&(one.consent, one.signature)))
            .map(|one| Place::Received(one.id));
        let registration = registrations
            .find(|id| !told.registrations.contains(id))
            .map(|id| Place::Registration(*id));
        match document.or(receipt).or(registration) {
            Some(place) => Err(place.has(Fault::Unrecorded)),
            None => Ok(()),
        }
    }
}

impl Told {
    fn add(&mut self, claims: &Claims) {
        let signed = claims.signatures.iter();
        let waiting = claims.waiting.iter();
        let written = claims.documents.iter();
        self.documents.extend(written.map(|one| one.id));
        self.signatures
            .extend(signed.map(|one| (one.id, (one.consent, one.signature))));
        self.received
            .extend(waiting.map(|one| (one.consent, one.signature)));
        self.registrations.extend(&claims.registrations);
    }
}

impl Kept {
    fn signatures_are_told(&self, told: &BTreeSet<(Uuid, Claim)>) -> Result<(), Finding> {
        for kept in &self.signatures {
            let place = Place::Signature(kept.document);
            if !told.contains(&(kept.document, (kept.consent, kept.signature))) {
                return Err(place.has(Fault::Unrecorded));
            }
        }
        Ok(())
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
