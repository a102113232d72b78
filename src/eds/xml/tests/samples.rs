//! Signatures made by others: the national client and xmlsec.

use std::fs;

use ring::signature::{self, UnparsedPublicKey};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::*;
use crate::eds::Oid;
use crate::eds::gost::PublicKey;
use crate::eds::testing::national::folder;

const ITEM: &str = "<x:item a=\"&#xD;\" x:z=\"1\">Қала &amp; \"ауыл\" &gt; &#xD;\n\
    &lt;raw&gt; &amp; more</x:item>";

fn with_ring(signed: &SignedElement) {
    let certificate = X509Certificate::from_der(signed.certificate()).unwrap().1;
    let algorithm: &dyn signature::VerificationAlgorithm =
        if signed.algorithm() == Oid::new("1.2.840.113549.1.1.11") {
            &signature::RSA_PKCS1_2048_8192_SHA256
        } else {
            assert_eq!(signed.algorithm(), Oid::new("1.2.840.10045.4.3.2"));
            &signature::ECDSA_P256_SHA256_ASN1
        };
    let key = UnparsedPublicKey::new(algorithm, &certificate.public_key().subject_public_key.data);
    key.verify(signed.signed_info(), signed.signature())
        .unwrap();
}

#[track_caller]
fn holds(document: &str, coverage: Coverage, expected: &str) {
    let signed = SignedElement::read(document.as_bytes(), coverage).unwrap();
    with_ring(&signed);
    assert_eq!(str::from_utf8(signed.content()), Ok(expected));
    let tampered = document.replace("ауыл", "аула");
    let verdict = SignedElement::read(tampered.as_bytes(), coverage);
    assert_eq!(verdict, Err(Fault::DigestMismatch));
}

fn whole() -> String {
    format!(
        "<order xmlns=\"urn:example:order\" xmlns:x=\"urn:example:extra\" Id=\"order-1\" \
         a=\"1&#x9;&quot;&lt;\" xml:lang=\"kk\" x:b=\"2\">{ITEM}<empty></empty></order>"
    )
}

#[test]
fn a_document_signed_by_xmlsec_holds() {
    holds(include_str!("whole-rsa.xml"), Coverage::Document, &whole());
    holds(
        include_str!("identified-root-rsa.xml"),
        Coverage::Document,
        &whole(),
    );
}

#[test]
fn an_element_signed_by_xmlsec_is_all_that_is_returned() {
    let document = include_str!("part-ecdsa.xml");
    let expected = ITEM.replace(
        "<x:item",
        "<x:item xmlns:x=\"urn:example:extra\" Id=\"part-1\"",
    );
    holds(document, Coverage::Element, &expected);
    let verdict = SignedElement::read(document.as_bytes(), Coverage::Document);
    let reason = "xml signature does not cover the document";
    assert_eq!(verdict, Err(Fault::Malformed(reason)));
}

#[test]
fn what_is_not_signed_may_change_without_effect() {
    let document = include_str!("part-ecdsa.xml");
    let changed = document.replace("<empty/>", "<empty>other</empty>");
    assert_ne!(document, changed);
    assert_eq!(
        SignedElement::read(changed.as_bytes(), Coverage::Element),
        SignedElement::read(document.as_bytes(), Coverage::Element)
    );
}

#[test]
fn a_document_signed_by_the_national_client_holds() {
    let Some(folder) = folder() else { return };
    let sample = "eds/xml/ncalayer-rs_test_gost512.xml_simple.xml";
    let document = fs::read(folder.join(sample)).unwrap();
    let signed = SignedElement::read(&document, Coverage::Document).unwrap();
    let expected = "<root><a>1</a><b attr=\"x\">текст</b></root>";
    assert_eq!(str::from_utf8(signed.content()), Ok(expected));

    let certificate = X509Certificate::from_der(signed.certificate()).unwrap().1;
    let [0x04, 0x81, 0x80, octets @ ..] = &*certificate.public_key().subject_public_key.data else {
        panic!("no octet string of 128 octets")
    };
    assert_eq!(
        Algorithm::of_signature(&signed.algorithm()),
        Some(Algorithm::Gost2015With512)
    );
    let public = PublicKey::parse(Algorithm::Gost2015With512, octets).unwrap();
    assert_eq!(
        public.verify(signed.signed_info(), signed.signature()),
        Ok(())
    );

    let tampered = String::from_utf8(document)
        .unwrap()
        .replace("<a>1</a>", "<a>2</a>");
    let verdict = SignedElement::read(tampered.as_bytes(), Coverage::Document);
    assert_eq!(verdict, Err(Fault::DigestMismatch));
}
