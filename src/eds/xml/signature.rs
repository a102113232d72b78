//! The `ds:Signature` element, read strictly: these children in this order and
//! nothing else (XML Signature sections 4.1 to 4.5).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use roxmltree::Node;

use super::canonical::Canonicalization;
use super::document::Source;
use super::method::{self, Arrangement};
use crate::eds::{Fault, Oid};

const XMLDSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
/// More people than ever sign one document; each costs a look over all of it.
const MAX_SIGNATURES: usize = 8;

/// What the element says; nothing of it is checked yet but its form.
#[derive(Debug)]
pub(super) struct Signature<'s, 'a> {
    pub(super) element: Node<'s, 'a>,
    pub(super) signed_info: Node<'s, 'a>,
    pub(super) canonicalization: Canonicalization,
    pub(super) algorithm: Oid,
    pub(super) reference: Reference<'s>,
    pub(super) value: Vec<u8>,
    pub(super) certificate: Vec<u8>,
}

/// What is signed, how it is written down, and its digest.
#[derive(Debug)]
pub(super) struct Reference<'s> {
    pub(super) target: Target<'s>,
    pub(super) without_signature: bool,
    pub(super) canonicalization: Canonicalization,
    pub(super) digest_algorithm: Oid,
    pub(super) digest: Vec<u8>,
}

/// What a URI refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target<'s> {
    /// The document: an empty URI.
    Document,
    /// The element with this identifier.
    Identified(&'s str),
}

impl<'s, 'a> Signature<'s, 'a> {
    /// The one signature of a document.
    pub(super) fn only(source: &'s Source<'a>) -> Result<Self, Fault> {
        let mut all = elements_of(source);
        let element = all.next().ok_or(Fault::NoSignature)?;
        if all.next().is_some() {
            return Err(Fault::SeveralSignatures);
        }
        Self::read(source, element)
    }

    /// The one signature of a document, or several, in their order: then each is a
    /// child of the root element and covers the document. What is anything else next
    /// to a signature could hide what nobody signed, so it refuses all of them.
    pub(super) fn all(source: &'s Source<'a>) -> Result<Vec<Self>, Fault> {
        let elements: Vec<_> = elements_of(source).take(MAX_SIGNATURES + 1).collect();
        if let [] | [_] = elements.as_slice() {
            return Self::only(source).map(|only| vec![only]);
        }
        if elements.len() > MAX_SIGNATURES {
            return Err(Fault::TooLarge("number of xml signatures"));
        }
        let enveloped = |node: &Node<'_, '_>| node.parent() == Some(source.root());
        if !elements.iter().all(enveloped) {
            return Err(Fault::SeveralSignatures);
        }
        let read = |element| Self::read(source, element);
        let all: Vec<_> = elements.into_iter().map(read).collect::<Result<_, _>>()?;
        match all.iter().all(|one| one.reference.is_enveloping()) {
            true => Ok(all),
            false => Err(Fault::SeveralSignatures),
        }
    }

    fn read(source: &Source<'a>, element: Node<'s, 'a>) -> Result<Self, Fault> {
        let mut below = element.descendants().skip(1);
        if below.any(|node| source.declares(node) || node.is_comment()) {
            return Err(Fault::Malformed("namespace or comment in an xml signature"));
        }
        allow_attributes(element, &["Id"])?;
        let [signed_info, value, key_info] = children(element)?;
        let signed_info = expect(signed_info, "SignedInfo", &["Id"])?;
        let (canonicalization, algorithm, arrangement, reference) = read_signed_info(signed_info)?;
        let value = base64(expect(value, "SignatureValue", &["Id"])?)?;
        let value = match arrangement {
            Arrangement::Same => value,
            // What is no pair of numbers fits no key, as shows when it is checked.
            Arrangement::Halves => method::ecdsa_value(&value).unwrap_or_default(),
        };
        let certificate = read_certificate(expect(key_info, "KeyInfo", &["Id"])?)?;
        Ok(Self {
            element,
            signed_info,
            canonicalization,
            algorithm,
            reference,
            value,
            certificate,
        })
    }
}

impl Reference<'_> {
    /// Whether it means the document without the signature.
    fn is_enveloping(&self) -> bool {
        self.target == Target::Document && self.without_signature
    }
}

fn elements_of<'s, 'a>(source: &'s Source<'a>) -> impl Iterator<Item = Node<'s, 'a>> {
    let all = source.root().descendants();
    all.filter(|node| is(*node, "Signature"))
}

fn read_signed_info<'s>(
    signed_info: Node<'s, '_>,
) -> Result<(Canonicalization, Oid, Arrangement, Reference<'s>), Fault> {
    let mut elements = elements(signed_info)?.into_iter();
    let mut next = || {
        elements
            .next()
            .ok_or(Fault::Malformed("children of an xml signature"))
    };
    let canonicalization = expect(next()?, "CanonicalizationMethod", &["Algorithm"])?;
    let signature = expect(next()?, "SignatureMethod", &["Algorithm"])?;
    let canonicalization = method::canonicalization(algorithm(canonicalization)?)?;
    // An HMAC brings its length along; whatever it is, it is no signature.
    let (oid, arrangement) =
        method::signature(signature.attribute("Algorithm").unwrap_or_default())?;
    let _: [Node<'_, '_>; 0] = children(signature)?;
    let reference = elements.next().ok_or(Fault::ContentMissing)?;
    if elements.next().is_some() {
        return Err(Fault::Malformed("several references"));
    }
    // A Type would make the reference one to a Manifest or to an Object.
    let reference = read_reference(expect(reference, "Reference", &["Id", "URI"])?)?;
    Ok((canonicalization, oid, arrangement, reference))
}

fn read_reference<'s>(reference: Node<'s, '_>) -> Result<Reference<'s>, Fault> {
    let target = match reference.attribute("URI") {
        Some("") => Target::Document,
        Some(uri) => Target::Identified(identifier(uri)?),
        None => return Err(Fault::ContentMissing),
    };
    let [transforms, digest_method, digest] = children(reference)?;
    let transforms = children_of_any_number(expect(transforms, "Transforms", &[])?)?;
    let (without_signature, canonicalization) = match transforms.as_slice() {
        [ENVELOPED] => (true, Canonicalization::Inclusive),
        [ENVELOPED, canonicalization] => (true, method::canonicalization(canonicalization)?),
        [canonicalization] => (false, method::canonicalization(canonicalization)?),
        _ => return Err(Fault::Malformed("canonicalization or transform of xml")),
    };
    let digest_method = expect(digest_method, "DigestMethod", &["Algorithm"])?;
    Ok(Reference {
        target,
        without_signature,
        canonicalization,
        digest_algorithm: method::digest(algorithm(digest_method)?)?,
        digest: base64(expect(digest, "DigestValue", &[])?)?,
    })
}

/// The URIs of the transforms, none of which may have parameters.
fn children_of_any_number<'s>(transforms: Node<'s, '_>) -> Result<Vec<&'s str>, Fault> {
    let transforms = elements(transforms)?;
    let uri = |node| algorithm(expect(node, "Transform", &["Algorithm"])?);
    transforms.into_iter().map(uri).collect()
}

/// `#name`; nothing is fetched, and no pointer language is spoken.
fn identifier(uri: &str) -> Result<&str, Fault> {
    let name = uri.strip_prefix('#').ok_or(Fault::ContentMissing)?;
    if name.is_empty() || name.contains(['(', ')', '#', '/', '%']) {
        return Err(Fault::Malformed("reference of an xml signature"));
    }
    Ok(name)
}

/// One X509Data with one X509Certificate: a key or a second certificate beside it
/// would leave open which one signed.
fn read_certificate(key_info: Node<'_, '_>) -> Result<Vec<u8>, Fault> {
    let ambiguous = Fault::NoSigningCertificate("key info of an xml signature");
    let [data] = children(key_info).map_err(|_| ambiguous)?;
    let data = expect(data, "X509Data", &[]).map_err(|_| ambiguous)?;
    let [certificate] = children(data).map_err(|_| ambiguous)?;
    let certificate = expect(certificate, "X509Certificate", &[]).map_err(|_| ambiguous)?;
    base64(certificate)
}

fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.has_tag_name((XMLDSIG, name))
}

fn expect<'s, 'a>(
    node: Node<'s, 'a>,
    name: &str,
    attributes: &[&str],
) -> Result<Node<'s, 'a>, Fault> {
    if !is(node, name) {
        return Err(Fault::Malformed("children of an xml signature"));
    }
    allow_attributes(node, attributes)?;
    Ok(node)
}

fn allow_attributes(node: Node<'_, '_>, allowed: &[&str]) -> Result<(), Fault> {
    let strange = node
        .attributes()
        .any(|attribute| attribute.namespace().is_some() || !allowed.contains(&attribute.name()));
    if strange {
        Err(Fault::Malformed("attributes of an xml signature"))
    } else {
        Ok(())
    }
}

/// The Algorithm of an element without parameters.
fn algorithm<'s>(node: Node<'s, '_>) -> Result<&'s str, Fault> {
    let _: [Node<'_, '_>; 0] = children(node)?;
    node.attribute("Algorithm")
        .ok_or(Fault::Malformed("attributes of an xml signature"))
}

/// Exactly so many child elements.
fn children<'s, 'a, const N: usize>(node: Node<'s, 'a>) -> Result<[Node<'s, 'a>; N], Fault> {
    elements(node)?
        .try_into()
        .map_err(|_| Fault::Malformed("children of an xml signature"))
}

/// The child elements, with nothing but white space between them.
fn elements<'s, 'a>(node: Node<'s, 'a>) -> Result<Vec<Node<'s, 'a>>, Fault> {
    let mut elements = Vec::new();
    for child in node.children() {
        if child.is_element() {
            elements.push(child);
        } else if !is_blank(child.text().unwrap_or_default()) {
            return Err(Fault::Malformed("text in an xml signature"));
        }
    }
    Ok(elements)
}

fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|letter| matches!(letter, ' ' | '\t' | '\r' | '\n'))
}

/// The octets of an element that holds base64 and nothing else.
fn base64(node: Node<'_, '_>) -> Result<Vec<u8>, Fault> {
    if node.children().any(|child| !child.is_text()) {
        return Err(Fault::Malformed("base64 in an xml signature"));
    }
    let text: String = node.children().filter_map(|child| child.text()).collect();
    let text: String = text.split([' ', '\t', '\r', '\n']).collect();
    BASE64_STANDARD
        .decode(text)
        .map_err(|_| Fault::Malformed("base64 in an xml signature"))
}
