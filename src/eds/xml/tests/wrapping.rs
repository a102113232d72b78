//! Rows 101 to 110: signatures moved about, hidden, ambiguous or empty.

use proptest::prelude::*;

use super::*;

const NO_CONTENT: (Indication, SubIndication) =
    (Indication::Indeterminate, SubIndication::SignedDataNotFound);
const NO_CERTIFICATE: (Indication, SubIndication) = (
    Indication::Indeterminate,
    SubIndication::NoSigningCertificateFound,
);
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

fn consent() -> Draft {
    draft("<consent Id=\"c\"><to>dwelling</to>{signature}</consent>")
}

/// A part signed by reference, the signature beside it.
fn part() -> Draft {
    Draft {
        uri: " URI=\"#c\"",
        canonicalization: EXCLUSIVE,
        transforms: vec![ENVELOPED, EXCLUSIVE],
        ..draft("<r><consent Id=\"c\"><to>dwelling</to></consent>{signature}</r>")
    }
}

#[test]
fn the_form_of_the_national_client_is_accepted() {
    let expected = "<consent Id=\"c\"><to>dwelling</to></consent>";
    accepted(&consent(), Coverage::Document, expected);
    accepted(&part(), Coverage::Element, expected);
    let by_name = Draft {
        uri: " URI=\"#c\"",
        ..consent()
    };
    accepted(&by_name, Coverage::Document, expected);
    let with_comments = Draft {
        transforms: vec![
            ENVELOPED,
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
        ],
        ..consent()
    };
    accepted(&with_comments, Coverage::Document, expected);
}

#[test]
fn row_7_changed_content_fails_by_its_digest() {
    let changed = consent().signed().replace("dwelling", "palace");
    let verdict = (Indication::TotalFailed, SubIndication::HashFailure);
    refused(&changed, Coverage::Document, Fault::DigestMismatch, verdict);
}

#[test]
fn row_8_changed_signed_info_fails_by_its_signature() {
    let changed =
        consent()
            .signed()
            .replacen("<ds:Reference URI", "<ds:Reference  Id=\"x\" URI", 1);
    let verdict = (Indication::TotalFailed, SubIndication::SigCryptoFailure);
    refused(
        &changed,
        Coverage::Document,
        Fault::SignatureMismatch,
        verdict,
    );
}

/// The signed element is kept somewhere, and another takes its place.
#[test]
fn row_101_wrapping_yields_only_what_was_signed() {
    let signed = part().signed();
    let original = "<consent Id=\"c\"><to>dwelling</to></consent>";
    let evil = "<consent Id=\"e\"><to>palace</to></consent>";
    let (body, signature) = signed.split_once("<ds:Signature").unwrap();
    assert_eq!(body, format!("<r>{original}"));
    let signature = format!("<ds:Signature{}", signature.replace("</r>", ""));

    let wrappings = [
        // The original beside the forgery, before and after it, or deeper.
        format!("<r>{evil}{original}{signature}</r>"),
        format!("<r>{evil}{signature}<old>{original}</old></r>"),
        format!("<r><consent Id=\"e\"><to>palace</to>{original}</consent>{signature}</r>"),
        format!("<r><consent Id=\"e\"><to>palace</to>{original}{signature}</consent></r>"),
    ];
    for wrapping in wrappings {
        assert_eq!(
            content(&wrapping, Coverage::Element),
            Ok(original.to_owned())
        );
        let reason = "xml signature does not cover the document";
        refused(
            &wrapping,
            Coverage::Document,
            Fault::Malformed(reason),
            FORMAT,
        );
    }

    // The original inside the signature, as an object or in its key info.
    let object = format!("<ds:Object>{original}</ds:Object></ds:Signature>");
    let hidden = signature.replace("</ds:Signature>", &object);
    malformed(
        &format!("<r>{evil}{hidden}</r>"),
        "children of an xml signature",
    );
    // Both with the same identifier.
    let twin = evil.replace("\"e\"", "\"c\"");
    for twins in [
        format!("{original}{twin}"),
        format!("{twin}<old>{original}</old>"),
    ] {
        malformed(
            &format!("<r>{twins}{signature}</r>"),
            "identifier given twice",
        );
    }
}

#[test]
fn row_102_two_identifiers_or_two_signatures_are_refused() {
    let signed = consent().signed();
    for attribute in ["Id", "ID", "id", "xml:id"] {
        let twin = signed.replace("<to>", &format!("<to {attribute}=\"c\">"));
        malformed(&twin, "identifier given twice");
    }
    let (before, signature) = signed.split_once("<ds:Signature").unwrap();
    let signature = format!("<ds:Signature{}", signature.replace("</consent>", ""));
    let two = format!("{before}{signature}{signature}</consent>");
    refused(&two, Coverage::Document, Fault::SeveralSignatures, FORMAT);
    let none = (Indication::TotalFailed, SubIndication::NoSignatureFound);
    refused("<consent/>", Coverage::Document, Fault::NoSignature, none);
}

#[test]
fn row_104_doctypes_entities_and_inclusions_are_refused() {
    let signed = consent().signed();
    let with = |before: &str| format!("{before}{signed}");
    let doctype = "document type declaration";
    malformed(&with("<!DOCTYPE consent>"), doctype);
    malformed(
        &with("<!DOCTYPE consent [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"),
        doctype,
    );
    malformed(
        &with("<!DOCTYPE c [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;&a;\"><!ENTITY c \"&b;&b;\">]>"),
        doctype,
    );
    malformed(&signed.replace("dwelling", "&undeclared;"), "xml");
    malformed(
        &with("<?xml-stylesheet href=\"a.xsl\"?>"),
        "processing instruction",
    );
    malformed(
        &signed.replace("dwelling", "<?php ?>dwelling"),
        "processing instruction",
    );
    let inclusion = "<i:include xmlns:i=\"http://www.w3.org/2001/XInclude\" href=\"a\"/>";
    malformed(&signed.replace("dwelling", inclusion), "inclusion");
}

#[test]
fn row_105_other_transforms_and_canonicalizations_are_refused() {
    let reason = "canonicalization or transform of xml";
    for transforms in [
        vec!["http://www.w3.org/TR/1999/REC-xslt-19991116"],
        vec![ENVELOPED, "http://www.w3.org/TR/1999/REC-xpath-19991116"],
        vec![ENVELOPED, "http://www.w3.org/2002/06/xmldsig-filter2"],
        vec![ENVELOPED, "http://www.w3.org/2000/09/xmldsig#base64"],
        vec![ENVELOPED, EXCLUSIVE, EXCLUSIVE],
        vec![EXCLUSIVE, ENVELOPED],
        vec![],
    ] {
        malformed(
            &Draft {
                transforms,
                ..consent()
            }
            .signed(),
            reason,
        );
    }
    malformed(
        &Draft {
            canonicalization: "urn:none",
            ..consent()
        }
        .signed(),
        reason,
    );
    let uri = " URI=\"#xpointer(/)\"";
    malformed(
        &Draft { uri, ..consent() }.signed(),
        "reference of an xml signature",
    );
    let parameter = Draft {
        transforms: vec![ENVELOPED, EXCLUSIVE],
        ..consent()
    }
    .signed()
    .replace(
        &format!("{EXCLUSIVE}\"/>\n"),
        &format!("{EXCLUSIVE}\"><p/></ds:Transform>\n"),
    );
    malformed(&parameter, "children of an xml signature");
}

#[test]
fn row_106_references_that_lead_nowhere_or_several_ways_are_refused() {
    for uri in [
        "",
        " URI=\"http://example.org/c\"",
        " URI=\"c.xml\"",
        " URI=\"#other\"",
    ] {
        let document = Draft { uri, ..consent() }.signed();
        refused(
            &document,
            Coverage::Element,
            Fault::ContentMissing,
            NO_CONTENT,
        );
    }
    let signed = consent().signed();
    let start = signed.find("<ds:Reference").unwrap();
    let end = signed.find("</ds:SignedInfo>").unwrap();
    let reference = &signed[start..end];
    let doubled = signed.replacen(reference, &reference.repeat(2), 1);
    malformed(&doubled, "several references");
    let none = signed.replacen(reference, "", 1);
    refused(&none, Coverage::Element, Fault::ContentMissing, NO_CONTENT);
    let manifest = " URI=\"\" Type=\"http://www.w3.org/2000/09/xmldsig#Manifest\"";
    malformed(
        &Draft {
            uri: manifest,
            ..consent()
        }
        .signed(),
        "attributes of an xml signature",
    );
}

#[test]
fn row_107_authentication_codes_are_no_signatures() {
    let code = (
        Fault::AuthenticationCode,
        SubIndication::CryptoConstraintsFailure,
    );
    let unknown = (
        Fault::AlgorithmNotAllowed("signature method of xml"),
        SubIndication::CryptoConstraintsFailureNoPoe,
    );
    for (method, (fault, sub_indication)) in [
        (
            "<ds:SignatureMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#hmac-sha1\"/>",
            code,
        ),
        (
            "<ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#hmac-sha256\">\
             <ds:HMACOutputLength>1</ds:HMACOutputLength></ds:SignatureMethod>",
            code,
        ),
        (
            "<ds:SignatureMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#rsa-sha1\"/>",
            unknown,
        ),
        ("<ds:SignatureMethod Algorithm=\"\"/>", unknown),
    ] {
        let document = Draft {
            signature_method: method.to_owned(),
            ..consent()
        }
        .signed();
        let verdict = (Indication::Indeterminate, sub_indication);
        refused(&document, Coverage::Document, fault, verdict);
    }
    let truncated = consent().signature_method.replace(
        "/>",
        "><ds:HMACOutputLength>1</ds:HMACOutputLength></ds:SignatureMethod>",
    );
    let document = Draft {
        signature_method: truncated,
        ..consent()
    }
    .signed();
    malformed(&document, "children of an xml signature");
}

#[test]
fn row_108_keys_beside_the_certificate_are_refused() {
    let one = consent().key_info;
    let certificate = "<ds:X509Certificate>MAA=</ds:X509Certificate>";
    let fault = Fault::NoSigningCertificate("key info of an xml signature");
    for key_info in [
        String::new(),
        "<ds:KeyName>key</ds:KeyName>".to_owned(),
        "<ds:KeyValue><ds:RSAKeyValue/></ds:KeyValue>".to_owned(),
        format!("{one}<ds:KeyValue/>"),
        format!("<ds:RetrievalMethod URI=\"#c\"/>{one}"),
        one.repeat(2),
        format!("<ds:X509Data>{certificate}{certificate}</ds:X509Data>"),
        format!(
            "<ds:X509Data><ds:X509SubjectName>a</ds:X509SubjectName>{certificate}</ds:X509Data>"
        ),
        "<ds:X509Data/>".to_owned(),
    ] {
        let document = Draft {
            key_info,
            ..consent()
        }
        .signed();
        refused(&document, Coverage::Document, fault, NO_CERTIFICATE);
    }
}

#[test]
fn row_109_namespaces_with_two_meanings_are_refused() {
    let redefined = "namespace redefined";
    for body in [
        "<p:a xmlns:p=\"urn:1\"><p:b xmlns:p=\"urn:2\"/>{signature}</p:a>",
        "<a xmlns=\"urn:1\"><b xmlns=\"urn:2\"/>{signature}</a>",
        "<a xmlns=\"urn:1\"><b xmlns=\"\"/>{signature}</a>",
        "<a xmlns:ds=\"urn:1\">{signature}</a>",
    ] {
        malformed(&draft(body).signed(), redefined);
    }
    malformed(
        &draft("<a xmlns:p=\"relative\">{signature}</a>").signed(),
        "relative namespace",
    );
    malformed(
        &draft("<a xmlns:p=\"\">{signature}</a>").signed(),
        "relative namespace",
    );
    malformed(&draft("<a b=\"1\" b=\"2\">{signature}</a>").signed(), "xml");
    let signed = consent().signed();
    malformed(
        &signed.replace("<ds:SignedInfo>", "<ds:SignedInfo xmlns:x=\"urn:x\">"),
        "namespace or comment in an xml signature",
    );
    malformed(
        &signed.replace("<ds:DigestValue>", "<ds:DigestValue><!-- -->"),
        "namespace or comment in an xml signature",
    );
    malformed(
        &signed.replace("<ds:SignedInfo>", "<ds:SignedInfo ds:Id=\"x\">"),
        "attributes of an xml signature",
    );
    malformed(
        &signed.replace("<ds:SignedInfo>\n", "<ds:SignedInfo>text"),
        "text in an xml signature",
    );
}

#[test]
fn row_110_nothing_signed_is_no_signature() {
    malformed(
        &draft("{signature}").signed(),
        "xml signature covers itself only",
    );
    let inside = Draft {
        uri: " URI=\"#k\"",
        ..consent()
    };
    let signed = inside
        .signed()
        .replace("<ds:SignatureValue", "<ds:SignatureValue Id=\"k\"");
    malformed(&signed, "xml signature covers itself only");
    let whole = Draft {
        transforms: vec![INCLUSIVE],
        ..consent()
    };
    malformed(&whole.signed(), "xml signature covers itself");
}

#[test]
fn what_costs_too_much_is_refused_before_it_is_read() {
    let too_large = |document: &str, what| {
        refused(document, Coverage::Document, Fault::TooLarge(what), FORMAT);
    };
    too_large(&format!("<a>{}</a>", " ".repeat(512 << 10)), "xml document");
    too_large(
        &format!("{}{}", "<a>".repeat(65), "</a>".repeat(65)),
        "depth of xml elements",
    );
    too_large(&format!("<a>{}</a>", "<b/>".repeat(50_000)), "xml nodes");
    let attributes: String = (0..33).map(|at| format!(" a{at}='>'")).collect();
    too_large(&format!("<a{attributes}/>"), "attributes");
    let declarations: String = (0..33)
        .map(|at| format!("<b xmlns:a{at}='urn:a'/>"))
        .collect();
    too_large(&format!("<a>{declarations}</a>"), "namespace declarations");
    let escapes = format!("<a>{}{{signature}}</a>", ">".repeat(500 << 10));
    too_large(&draft(&escapes).signed(), "canonical xml");
    let far_too_deep = "<a>".repeat(300_000);
    assert!(content(&far_too_deep, Coverage::Document).is_err());
}

#[test]
fn text_that_is_no_utf_8_or_says_so_is_refused() {
    let verdict = SignedElement::read(b"<a>\xFF</a>", Coverage::Document);
    assert_eq!(verdict, Err(Fault::Malformed("xml is not utf-8")));
    let declared = |encoding| format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>");
    let signed = consent().signed();
    malformed(&format!("{}{signed}", declared("UTF-16")), "xml encoding");
    malformed(
        &format!("{}{signed}", declared("windows-1251")),
        "xml encoding",
    );
    assert!(
        content(
            &format!("{}{signed}", declared("UTF-8")),
            Coverage::Document
        )
        .is_ok()
    );
    malformed(&signed.replace("dwelling", "dwel\u{0}ling"), "xml");
    malformed(&signed[..signed.len() - 1], "xml");
    malformed("", "xml");
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(400)
    })]

    /// Whatever is done to a document: it is refused, or what comes out is what went in.
    #[test]
    fn a_changed_document_is_refused_or_says_the_same(
        places in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..5, any::<u8>()), 1..4),
    ) {
        let mut document = part().signed().into_bytes();
        for (place, change, octet) in places {
            let at = place.index(document.len());
            let other = usize::from(octet) % document.len();
            match change {
                0 => document[at] = octet,
                1 => document[at] ^= 1 << (octet % 8),
                2 => drop(document.remove(at)),
                3 => document.swap(at, other),
                _ => document.splice(at..at, *b"<a>").for_each(drop),
            }
        }
        if let Ok(signed) = SignedElement::read(&document, Coverage::Element) {
            let public = key();
            let verdict = public.public_key().verify(signed.signed_info(), signed.signature());
            if verdict.is_ok() {
                prop_assert_eq!(signed.content(), b"<consent Id=\"c\"><to>dwelling</to></consent>");
            }
        }
    }
}
