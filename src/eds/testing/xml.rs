//! Documents with enveloped XML signatures. They are canonical as they are written,
//! so that making them takes no canonicalization.

use base64::{Engine, prelude::BASE64_STANDARD};

use super::key::Key;
use crate::eds::{Digest, gost};

const XMLDSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const NATIONAL: &str = "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:";
const MORE: &str = "http://www.w3.org/2001/04/xmldsig-more#";

/// The canonical `document` with a signature over all of it, those that it has
/// included, at the end of its root element.
#[track_caller]
pub(crate) fn signed(document: &str, key: &Key, certificate: &[u8]) -> String {
    let end = document.rfind("</").expect("an end tag");
    let signature = signature(document, key, certificate);
    format!("{}{signature}{}", &document[..end], &document[end..])
}

/// A signature over the canonical octets `content`.
fn signature(content: &str, key: &Key, certificate: &[u8]) -> String {
    let digest = BASE64_STANDARD.encode(Digest::of(content.as_bytes()).as_bytes());
    let signed_info = |declaration: &str| {
        format!(
            "<ds:SignedInfo{declaration}><ds:CanonicalizationMethod \
             Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod>\
             <ds:SignatureMethod Algorithm=\"{}\"></ds:SignatureMethod><ds:Reference URI=\"\">\
             <ds:Transforms><ds:Transform Algorithm=\"{XMLDSIG}enveloped-signature\">\
             </ds:Transform></ds:Transforms><ds:DigestMethod \
             Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>\
             <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>",
            method(key)
        )
    };
    let declaration = format!(" xmlns:ds=\"{XMLDSIG}\"");
    let value = BASE64_STANDARD.encode(value(key, signed_info(&declaration).as_bytes()));
    let certificate = BASE64_STANDARD.encode(certificate);
    format!(
        "<ds:Signature{declaration}>{}<ds:SignatureValue>{value}</ds:SignatureValue>\
         <ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate>\
         </ds:X509Data></ds:KeyInfo></ds:Signature>",
        signed_info("")
    )
}

/// The SignatureMethod.
#[track_caller]
fn method(key: &Key) -> String {
    match key {
        Key::P256(_) => format!("{MORE}ecdsa-sha256"),
        Key::P384(_) => format!("{MORE}ecdsa-sha384"),
        Key::Rsa(_) => format!("{MORE}rsa-sha256"),
        Key::Gost(key) => match key.public_key().algorithm() {
            gost::Algorithm::Gost2015With512 => {
                format!("{NATIONAL}gostr34102015-gostr34112015-512")
            }
            gost::Algorithm::Gost2015With256 => {
                format!("{NATIONAL}gostr34102015-gostr34112015-256")
            }
            gost::Algorithm::Gost2004 => format!("{MORE}gost34310-gost34311"),
        },
        Key::Ed25519(_) | Key::RsaPss(_) => panic!("XML has no name for it here"),
    }
}

fn value(key: &Key, message: &[u8]) -> Vec<u8> {
    let value = key.sign(message);
    match key {
        Key::P256(_) => halves(&value, 32),
        Key::P384(_) => halves(&value, 48),
        Key::Ed25519(_) | Key::Rsa(_) | Key::RsaPss(_) | Key::Gost(_) => value,
    }
}

/// r‖s of so many octets each from an ECDSA-Sig-Value.
fn halves(der: &[u8], length: usize) -> Vec<u8> {
    let r_length = usize::from(der[3]);
    let (r, s) = (&der[4..4 + r_length], &der[6 + r_length..]);
    let padded = |number: &[u8]| {
        let mut octets = [vec![0; length], number.to_vec()].concat();
        octets.split_off(octets.len() - length)
    };
    [padded(r), padded(s)].concat()
}
