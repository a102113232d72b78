//! What an XML signature promises, and what is refused. Rows are those of the list of
//! negative cases.

mod canonical;
mod samples;
mod wrapping;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::document::Source;
use super::signature::Signature;
use super::{Coverage, SignedElement, canonical as c14n, method, signed_content};
use crate::eds::gost::signing::SigningKey;
use crate::eds::gost::{Algorithm, oid};
use crate::eds::{Fault, Indication, SubIndication};

const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// A document with a signature in the national form, its parts open to change.
#[derive(Clone)]
struct Draft {
    /// The document, `{signature}` standing for the signature.
    document: String,
    uri: &'static str,
    transforms: Vec<&'static str>,
    signature_method: String,
    canonicalization: &'static str,
    key_info: String,
}

fn draft(document: &str) -> Draft {
    Draft {
        document: document.to_owned(),
        uri: r#" URI="""#,
        transforms: vec![
            "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
            INCLUSIVE,
        ],
        signature_method: concat!(
            "<ds:SignatureMethod Algorithm=\"urn:ietf:params:xml:ns:pkigovkz:xmlsec:",
            "algorithms:gostr34102015-gostr34112015-512\"/>"
        )
        .to_owned(),
        canonicalization: INCLUSIVE,
        key_info: "<ds:X509Data><ds:X509Certificate>MAA=</ds:X509Certificate></ds:X509Data>"
            .to_owned(),
    }
}

impl Draft {
    fn written(&self, digest: &str, value: &str) -> String {
        let transform = |uri: &&str| format!("<ds:Transform Algorithm=\"{uri}\"/>\n");
        let transforms: String = self.transforms.iter().map(transform).collect();
        let signature = format!(
            "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\n<ds:SignedInfo>\n\
             <ds:CanonicalizationMethod Algorithm=\"{}\"/>\n{}\n<ds:Reference{}>\n\
             <ds:Transforms>{transforms}</ds:Transforms>\n<ds:DigestMethod Algorithm=\"\
             urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:gostr34112015-512\"/>\n\
             <ds:DigestValue>{digest}</ds:DigestValue>\n</ds:Reference>\n</ds:SignedInfo>\n\
             <ds:SignatureValue>\n{value}&#13;\n</ds:SignatureValue>\n\
             <ds:KeyInfo>{}</ds:KeyInfo>\n</ds:Signature>",
            self.canonicalization, self.signature_method, self.uri, self.key_info
        );
        self.document.replace("{signature}", &signature)
    }

    /// The document with digest and signature, as far as its form lets them be made.
    fn signed(&self) -> String {
        let digest = made(&self.written("AA==", "AA=="), |source, signature| {
            let content = signed_content(
                source,
                signature,
                Coverage::Element,
                &[signature.element.id()],
            )
            .ok()?;
            method::digested(oid::STREEBOG_512, &content).ok()
        });
        let value = made(&self.written(&digest, "AA=="), |source, signature| {
            let apex = signature.signed_info;
            let octets = c14n::octets(source, apex, &[], signature.canonicalization);
            key().sign(&octets).ok()
        });
        self.written(&digest, &value)
    }
}

fn made(
    document: &str,
    make: impl Fn(&Source<'_>, &Signature<'_, '_>) -> Option<Vec<u8>>,
) -> String {
    let octets = Source::parse(document.as_bytes())
        .ok()
        .and_then(|source| make(&source, &Signature::only(&source).ok()?));
    BASE64_STANDARD.encode(octets.unwrap_or_default())
}

fn key() -> SigningKey {
    SigningKey::new(Algorithm::Gost2015With512, &[0x21; 64]).unwrap()
}

/// Reads the document and checks the signature with the test key.
fn content(document: &str, coverage: Coverage) -> Result<String, Fault> {
    let signed = SignedElement::read(document.as_bytes(), coverage)?;
    assert_eq!(signed.algorithm(), oid::GOST_2015_512_SIGNATURE);
    let public = key();
    let verdict = public
        .public_key()
        .verify(signed.signed_info(), signed.signature());
    verdict.map_err(|_| Fault::SignatureMismatch)?;
    Ok(String::from_utf8(signed.content().to_vec()).unwrap())
}

#[track_caller]
fn accepted(draft: &Draft, coverage: Coverage, expected: &str) {
    assert_eq!(content(&draft.signed(), coverage), Ok(expected.to_owned()));
}

#[track_caller]
fn refused(document: &str, coverage: Coverage, fault: Fault, verdict: (Indication, SubIndication)) {
    assert_eq!(content(document, coverage), Err(fault));
    assert_eq!(fault.verdict(), verdict);
}

const FORMAT: (Indication, SubIndication) = (Indication::TotalFailed, SubIndication::FormatFailure);

/// Refused as malformed for the reason given.
#[track_caller]
fn malformed(document: &str, reason: &'static str) {
    refused(
        document,
        Coverage::Element,
        Fault::Malformed(reason),
        FORMAT,
    );
}
