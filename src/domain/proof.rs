//! What a signature must prove before it moves the workflow.

use chrono::{DateTime, Utc};

use super::{Document, Purpose};
use crate::eds::{Digest, Iin, Verified};

/// A signature that holds, together with the document it was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// The document that the service issued.
    pub document: &'a Document,
    /// The proof; only [`crate::eds::verify`] makes one.
    pub proof: &'a Verified,
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
}

impl Signed<'_> {
    /// Checks that `person` signed exactly this document, for `purpose`, in its time.
    ///
    /// # Errors
    /// [`Unproven`] with the first thing that is not so.
    pub fn proves(
        &self,
        person: &Iin,
        purpose: Purpose,
        now: DateTime<Utc>,
    ) -> Result<(), Unproven> {
        if *self.proof.content_digest() != Digest::of(&self.document.bytes) {
            return Err(Unproven::OtherDocument);
        }
        if self.document.purpose != purpose {
            return Err(Unproven::WrongPurpose);
        }
        if self.proof.signer().iin() != Some(person) {
            return Err(Unproven::OtherPerson);
        }
        if now > self.document.expires_at {
            return Err(Unproven::Expired);
        }
        Ok(())
    }
}
