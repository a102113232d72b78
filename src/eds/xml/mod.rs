//! Enveloped XML signatures as the national client makes them (XML Signature Syntax
//! and Processing, second edition): one signature over the document or over one
//! identified element of it, with the signer's certificate inside.
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

use roxmltree::Node;

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
        let content = signed_content(&source, &signature, coverage)?;
        let reference = &signature.reference;
        if method::digested(reference.digest_algorithm, &content)? != reference.digest {
            return Err(Fault::DigestMismatch);
        }
        let (apex, canonicalization) = (signature.signed_info, signature.canonicalization);
        let signed_info = canonical::octets(&source, apex, None, canonicalization);
        Ok(Self {
            content,
            signed_info,
            algorithm: signature.algorithm,
            digest_algorithm: reference.digest_algorithm,
            signature: signature.value,
            certificate: signature.certificate,
        })
    }

    /// The canonical octets of the signed element, without the signature: what was
    /// digested, and all that is signed.
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
/// GOST 34.311-95 this much takes about 30 ms to digest.
const MAX_CONTENT: usize = 1 << 20;

/// The canonical octets of what the reference covers.
fn signed_content(
    source: &Source<'_>,
    signature: &Signature<'_, '_>,
    coverage: Coverage,
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
    let omitted = reference
        .without_signature
        .then_some(signature.element.id());
    let content = canonical::octets(source, covered, omitted, reference.canonicalization);
    if content.len() > MAX_CONTENT {
        return Err(Fault::TooLarge("canonical xml"));
    }
    Ok(content)
}

/// Whether the node is the other or lies inside it.
fn is_within(node: Node<'_, '_>, other: Node<'_, '_>) -> bool {
    node.ancestors().any(|ancestor| ancestor == other)
}
