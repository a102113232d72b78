//! Enveloped XML signatures as the national client makes them (XML Signature Syntax
//! and Processing, second edition): one signature over the document or over one
//! identified element of it, with the signer's certificate inside; or several at the
//! end of the document, each over all that stood there when it was added.
//!
//! The document is parsed once, and what was digested is handed out as octets, so
//! nobody searches the document again for what was signed: moving the signed element
//! about and putting another in its place gains nothing. Two transforms exist, the
//! one that leaves the signature out and canonicalization; references point into the
//! document; entities, inclusions, stylesheets and pointers do not exist.
//!
//! The value of the signature is not checked here: that takes the certificate's key
//! and the algorithm table.

mod canonical;
mod document;
mod method;
mod signature;
#[cfg(test)]
mod tests;

use roxmltree::{Node, NodeId};

use self::document::Source;
use self::signature::{Signature, Target};
use super::{Fault, Oid};

/// How much of the document a signature has to cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// The root element with all its contents.
    Document,
    /// Any one element.
    Element,
}

/// A signed element whose digest is right. Only [`SignedElement::read`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedElement {
    content: Vec<u8>,
    signed_info: Vec<u8>,
    algorithm: Oid,
    digest_algorithm: Oid,
    signature: Vec<u8>,
    certificate: Vec<u8>,
}

impl SignedElement {
    /// Reads a document with one signature and compares the digest of what it covers.
    ///
    /// # Errors
    /// [`Fault::Malformed`] and [`Fault::TooLarge`] for what is not read,
    /// [`Fault::NoSignature`], [`Fault::SeveralSignatures`],
    /// [`Fault::ContentMissing`] when the reference leads nowhere,
    /// [`Fault::AlgorithmNotAllowed`], [`Fault::NoSigningCertificate`] unless there
    /// is exactly one certificate, and [`Fault::DigestMismatch`].
    pub fn read(document: &[u8], coverage: Coverage) -> Result<Self, Fault> {
        let source = Source::parse(document)?;
        let signature = Signature::only(&source)?;
        let own = [signature.element.id()];
        let mut room = Room(MAX_CONTENT);
        let content = room.take(|| signed_content(&source, &signature, coverage, &own))?;
        demand_digest(&signature, &content)?;
        Ok(Self::of(&source, signature, content))
    }

    /// Reads a document whose root element may hold several signatures, each over the
    /// document with the signatures before it and without those after it. One answer
    /// for each, the last signature first, or one for the document, with a fault as
    /// those of [`SignedElement::read`], when it cannot be read so.
    pub fn read_each(document: &[u8]) -> Vec<Result<Self, Fault>> {
        let source = match Source::parse(document) {
            Ok(source) => source,
            Err(fault) => return vec![Err(fault)],
        };
        match Signature::all(&source) {
            Ok(signatures) => read_last_first(&source, signatures),
            Err(fault) => vec![Err(fault)],
        }
    }

    fn of(source: &Source<'_>, signature: Signature<'_, '_>, content: Vec<u8>) -> Self {
        let (apex, canonicalization) = (signature.signed_info, signature.canonicalization);
        Self {
            content,
            signed_info: canonical::octets(source, apex, &[], canonicalization),
            algorithm: signature.algorithm,
            digest_algorithm: signature.reference.digest_algorithm,
            signature: signature.value,
            certificate: signature.certificate,
        }
    }

    /// The canonical octets of the signed element, without signatures: what was
    /// digested, but for earlier signatures, and all that is signed.
    pub fn content(&self) -> &[u8] {
        &self.content
    }

    /// The canonical octets of SignedInfo, which the signature value is over.
    pub fn signed_info(&self) -> &[u8] {
        &self.signed_info
    }

    /// The signature algorithm, as CMS would name it.
    pub fn algorithm(&self) -> Oid {
        self.algorithm
    }

    /// The digest algorithm of the content, as CMS would name it.
    pub fn digest_algorithm(&self) -> Oid {
        self.digest_algorithm
    }

    /// The signature value, arranged as in CMS.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The certificate of the signer, in what claims to be DER.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }
}

/// Escapes can make the canonical form six times as long as the document. With
/// GOST 34.311-95 this much takes about 30 ms to digest; it is what all signatures of
/// a document together may cover.
const MAX_CONTENT: usize = 1 << 20;

/// The certificates in the signatures of a document, as far as they can be read.
pub fn certificates(document: &[u8]) -> Vec<Vec<u8>> {
    let Ok(source) = Source::parse(document) else {
        return Vec::new();
    };
    let signatures = Signature::all(&source).unwrap_or_default();
    signatures
        .into_iter()
        .map(|signature| signature.certificate)
        .collect()
}

fn read_last_first(
    source: &Source<'_>,
    mut signatures: Vec<Signature<'_, '_>>,
) -> Vec<Result<SignedElement, Fault>> {
    let all: Vec<_> = signatures.iter().map(|one| one.element.id()).collect();
    let mut answers = Vec::with_capacity(all.len());
    let mut room = Room(MAX_CONTENT);
    while let Some(signature) = signatures.pop() {
        let removed = all.get(signatures.len()..).unwrap_or_default();
        let digested =
            room.take(|| signed_content(source, &signature, Coverage::Document, removed));
        answers.push(digested.and_then(|digested| {
            demand_digest(&signature, &digested)?;
            let form = signature.reference.canonicalization;
            let content = match removed == all {
                true => digested,
                false => canonical::octets(source, source.root(), &all, form),
            };
            Ok(SignedElement::of(source, signature, content))
        }));
    }
    answers
}

/// How many canonical octets may still be digested.
struct Room(usize);

impl Room {
    /// What does not fit leaves none: whatever comes next is not even written.
    fn take(&mut self, write: impl FnOnce() -> Result<Vec<u8>, Fault>) -> Result<Vec<u8>, Fault> {
        let too_large = Fault::TooLarge("canonical xml");
        if self.0 == 0 {
            return Err(too_large);
        }
        let written = write()?;
        let rest = self.0.checked_sub(written.len());
        self.0 = rest.unwrap_or_default();
        rest.map(|_| written).ok_or(too_large)
    }
}

/// The canonical octets of what the reference covers, without what was `removed`: the
/// signature itself, and what was added after it.
fn signed_content(
    source: &Source<'_>,
    signature: &Signature<'_, '_>,
    coverage: Coverage,
    removed: &[NodeId],
) -> Result<Vec<u8>, Fault> {
    let reference = &signature.reference;
    let covered = match reference.target {
        Target::Document => source.root(),
        Target::Identified(name) => source.identified(name).ok_or(Fault::ContentMissing)?,
    };
    if coverage == Coverage::Document && covered != source.root() {
        return Err(Fault::Malformed(
            "xml signature does not cover the document",
        ));
    }
    if is_within(covered, signature.element) {
        return Err(Fault::Malformed("xml signature covers itself only"));
    }
    if is_within(signature.element, covered) && !reference.without_signature {
        return Err(Fault::Malformed("xml signature covers itself"));
    }
    let form = reference.canonicalization;
    Ok(canonical::octets(source, covered, removed, form))
}

fn demand_digest(signature: &Signature<'_, '_>, content: &[u8]) -> Result<(), Fault> {
    let reference = &signature.reference;
    match method::digested(reference.digest_algorithm, content)? == reference.digest {
        true => Ok(()),
        false => Err(Fault::DigestMismatch),
    }
}

/// Whether the node is the other or lies inside it.
fn is_within(node: Node<'_, '_>, other: Node<'_, '_>) -> bool {
    node.ancestors().any(|ancestor| ancestor == other)
}
