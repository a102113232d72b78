//! What a signature must prove before it moves the workflow.

use chrono::{DateTime, Utc};

use super::{Document, Purpose, Signatory};
use crate::eds::{Digest, Received, Signer, Verified};

/// A signature that holds, together with the document it was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// The document that the service issued.
    pub document: &'a Document,
    /// The proof; only [`crate::eds::verify`] makes one.
    pub proof: &'a Verified,
}

/// A signature that was acknowledged before its evidence is there, together with
/// the document it was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Receipt<'a> {
    /// The document that the service issued.
    pub document: &'a Document,
    /// What holds of the signature so far; only [`crate::eds::receive`] makes one.
    pub received: &'a Received,
}

/// The signature is good, but does not prove what is asked here.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Unproven {
    /// The signed bytes are not those of the document.
    #[error("the signature is over another document")]
    OtherDocument,
    /// The document was issued for something else.
    #[error("the document was issued for another purpose")]
    WrongPurpose,
    /// The certificate's subject is not the person who is asked.
    #[error("the certificate belongs to another person")]
    OtherPerson,
    /// The document's time is over.
    #[error("the document has expired")]
    Expired,
    /// The document was signed before, and has had its effect.
    #[error("the document has served its purpose")]
    Spent,
}

impl Signed<'_> {
    /// Checks that one of `signatories` signed exactly this document, which was
    /// made for them, for `purpose`, in its time.
    ///
    /// # Errors
    /// [`Unproven`] with the first thing that is not so.
    pub fn proves(&self, signatories: &[Signatory], purpose: Purpose) -> Result<(), Unproven> {
        let proof = self.proof;
        let over = over(self.document, proof.content_digest(), purpose);
        over.and_then(|()| by(self.document, signatories, proof.signer()))
            .and_then(|()| in_time(self.document, proof.received_at()))
    }
}

impl Receipt<'_> {
    /// Checks what [`Signed::proves`] does, as far as it can be told on receipt.
    ///
    /// # Errors
    /// [`Unproven`] with the first thing that is not so.
    pub fn promises(&self, signatories: &[Signatory], purpose: Purpose) -> Result<(), Unproven> {
        let received = self.received;
        let over = over(self.document, received.content_digest(), purpose);
        over.and_then(|()| by(self.document, signatories, received.signer()))
            .and_then(|()| in_time(self.document, received.received_at()))
    }
}

fn over(document: &Document, digest: &Digest, purpose: Purpose) -> Result<(), Unproven> {
    if *digest != Digest::of(&document.bytes) {
        return Err(Unproven::OtherDocument);
    }
    let same = document.purpose == purpose;
    same.then_some(()).ok_or(Unproven::WrongPurpose)
}

fn by(document: &Document, signatories: &[Signatory], signer: &Signer) -> Result<(), Unproven> {
    let addressee = document.signatory.as_ref();
    let asked = addressee.filter(|one| signatories.contains(one));
    let same = asked.is_some_and(|one| one.is(signer));
    same.then_some(()).ok_or(Unproven::OtherPerson)
}

/// What counts is when the signature was in our hands, not when it was judged.
fn in_time(document: &Document, received: DateTime<Utc>) -> Result<(), Unproven> {
    let in_time = received <= document.expires_at;
    in_time.then_some(()).ok_or(Unproven::Expired)
}
